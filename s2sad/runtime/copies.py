"""Copies of structures in which arrays share memory as they do in the original."""
from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad.derivatives.attributes import attributes
from s2sad.runtime.structure import MISSING


def copied(x: Any) -> Any:
    """A copy of arrays and of the containers that hold them, so that no change of one reaches the other.

    Arrays that are views of each other, or of one array, are so in the copy too.

    >>> stack = [np.zeros(2)]
    >>> copied(stack)[0] is stack[0]
    False
    >>> a, row = copied((stack[0], stack[0][:1]))
    >>> row[0] = 1.0
    >>> a
    array([1., 0.])
    """
    if isinstance(x, (np.ndarray, np.flatiter)):
        return x.copy()
    return copy.deepcopy(x, {id(MISSING): MISSING, **views(x)})


def views(x: Any) -> dict[int, Any]:
    """The copies of what in a structure shares the memory of one array, by the identity of the original."""
    by_owner: dict[int, list[np.ndarray]] = {}
    leaves = list(arrays(x, set()))
    whole_of = {id(a): a for a in (leaf.base if isinstance(leaf, np.flatiter) else leaf for leaf in leaves)}
    for a in (a for a in whole_of.values() if not a.dtype.hasobject):
        by_owner.setdefault(id(owner(a)), []).append(a)
    made: dict[int, Any] = {}
    for group in by_owner.values():
        if len(group) > 1:
            whole = owner(group[0])
            first, end = bounds(whole)
            memory = np.empty(end - first, np.uint8)
            placed(whole, memory, first)[...] = whole
            made.update((id(a), placed(a, memory, first)) for a in group)
    for entries in leaves:
        if isinstance(entries, np.flatiter):
            whole = made.setdefault(id(entries.base), entries.base.copy())
            made[id(entries)] = whole.flat
    return made


def arrays(x: Any, seen: set[int]) -> Iterator[np.ndarray | np.flatiter[Any]]:
    """The arrays that a structure holds, and what runs over all entries of one; `seen` are the containers already looked into."""
    if isinstance(x, (np.ndarray, np.flatiter)):
        yield x
        return
    items = x if isinstance(x, (list, tuple)) else x.values() if isinstance(x, dict) else (attributes(x) or {}).values()
    if not items or id(x) in seen:
        return
    seen.add(id(x))
    for item in items:
        yield from arrays(item, seen)


def owner(a: np.ndarray) -> np.ndarray:
    """The array whose memory an array is a view of: itself, if it is none."""
    while isinstance(a.base, np.ndarray):
        a = a.base
    return a


def bounds(a: np.ndarray) -> tuple[int, int]:
    """The addresses of the first byte of an array and of that after the last one."""
    spans = [(n - 1) * stride for n, stride in zip(a.shape, a.strides)] if a.size else []
    start: int = a.__array_interface__["data"][0]
    return start + sum(s for s in spans if s < 0), start + sum(s for s in spans if s > 0) + a.itemsize


def placed(a: np.ndarray, memory: np.ndarray, first: int) -> np.ndarray:
    """An array like `a` in the copy of the memory that began at the address `first`."""
    offset = a.__array_interface__["data"][0] - first if a.size else 0
    return np.ndarray(a.shape, a.dtype, memory, offset, a.strides)
