"""The numbers and arrays in a structure, and structures of what is computed for each: lists, tuples, dicts and dataclasses, nested."""
from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


def is_leaf(x: Any) -> bool:
    return isinstance(x, (int, float, complex, np.ndarray, np.generic))


def leaves(x: Any) -> list[Any]:
    """The numbers and arrays in `x`, in order; what is neither is left out.

    >>> leaves({"w": (1.0, [2.0]), "name": "a"})
    [1.0, 2.0]
    """
    if is_leaf(x):
        return [x]
    return [leaf for part in _parts(x) for leaf in leaves(part)]


def _parts(x: Any) -> list[Any]:
    if isinstance(x, (list, tuple)):
        return list(x)
    if isinstance(x, dict):
        return list(x.values())
    if dataclasses.is_dataclass(x) and not isinstance(x, type):
        return [getattr(x, f.name) for f in dataclasses.fields(x)]
    return []


def mapped(function: Callable[[Any], Any], x: Any) -> Any:
    """The structure of `x` with `function` applied to each leaf, in order.

    >>> mapped(lambda leaf: leaf + 1, (1.0, {"a": 2.0}))
    (2.0, {'a': 3.0})
    """
    if is_leaf(x):
        return function(x)
    if isinstance(x, (list, tuple)):
        items = [mapped(function, item) for item in x]
        return items if isinstance(x, list) else type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    if isinstance(x, dict):
        return {key: mapped(function, value) for key, value in x.items()}
    if dataclasses.is_dataclass(x) and not isinstance(x, type):
        new = copy.copy(x)
        for f in dataclasses.fields(x):
            object.__setattr__(new, f.name, mapped(function, getattr(x, f.name)))
        return new
    return x


def rebuilt(x: Any, values: Iterator[Any]) -> Any:
    """The structure of `x` with the next of `values` for each leaf."""
    return mapped(lambda leaf: next(values), x)


def zero_leaf(leaf: Any) -> Any:
    """Zero of the shape and the inexact type of a leaf."""
    if isinstance(leaf, np.ndarray):
        return np.zeros_like(leaf, dtype=leaf.dtype if leaf.dtype.kind in "fc" else float)
    if isinstance(leaf, np.inexact):
        return type(leaf)(0)
    return 0j if isinstance(leaf, complex) else 0.0


def size(x: Any) -> int:
    """The number of numbers in a structure."""
    return sum(np.size(leaf) for leaf in leaves(x))


def units(x: Any) -> Iterator[Any]:
    """The unit vectors of the space in which `x` lives: for each number in it the structure of zeros with a one there.

    >>> list(units((1.0, 2.0)))
    [(1.0, 0.0), (0.0, 1.0)]
    """
    found = leaves(x)
    for i, leaf in enumerate(found):
        for k in range(np.size(leaf)):
            yield rebuilt(x, (unit(other, k) if j == i else zero_leaf(other) for j, other in enumerate(found)))


def unit(leaf: Any, k: int) -> Any:
    """The `k`-th unit vector of the shape of a leaf."""
    zero = zero_leaf(leaf)
    if not isinstance(leaf, np.ndarray):
        return zero + 1
    zero.flat[k] = 1
    return zero


def inner(a: Any, b: Any) -> float:
    """The real inner product of two structures: the sum of `conj(a) * b` over all numbers, its real part.

    >>> inner((1.0, np.array([2.0, 3.0])), (10.0, np.array([1.0, 1.0])))
    15.0
    """
    return float(sum(np.sum(np.real(np.conj(p) * q)) for p, q in zip(leaves(a), leaves(b))))


def moved(x: Any, step: float, direction: Any) -> Any:
    """`x + step * direction`, leaf by leaf; ints become floats."""
    others = iter(leaves(direction))
    return mapped(lambda leaf: leaf + type_of(leaf)(step) * next(others), x)


def type_of(leaf: Any) -> Callable[[float], Any]:
    """The type in which steps of a leaf are taken: single precision stays so."""
    dtype = getattr(leaf, "dtype", None)
    return dtype.type if dtype is not None and dtype.kind == "f" else float


def drawn(x: Any, rng: np.random.Generator) -> Any:
    """A random direction of the structure and the types of `x`."""
    def draw(leaf: Any) -> Any:
        value = rng.standard_normal(np.shape(leaf)) + (1j * rng.standard_normal(np.shape(leaf)) if np.iscomplexobj(leaf) else 0)
        if isinstance(leaf, np.ndarray):
            return np.asarray(value, leaf.dtype if leaf.dtype.kind in "fc" else float)
        if isinstance(leaf, np.inexact):
            return type(leaf)(value)
        return complex(value) if isinstance(leaf, complex) else float(value)

    return mapped(draw, x)
