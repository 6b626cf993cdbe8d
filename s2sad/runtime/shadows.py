"""Shadows: adjoints that mirror the memory of the primal, and what can be told of them only when the program runs."""
from __future__ import annotations

import types
from collections.abc import Collection
from typing import Any

import numpy as np

from s2sad.errors import DifferentiationError
from s2sad.runtime.structure import named_like, zeros


def shadow_of(a: Any) -> Any:
    """The shadow of what holds the value that has the shadow `a`: the same memory, or, of a number, a zero of its own.

    >>> a = np.zeros(2)
    >>> shadow_of(a) is a, shadow_of(3.0)
    (True, 0.0)
    """
    return zeros(a) if isinstance(a, (int, float, complex, np.number)) else a


def shadows_of(items: Any) -> Any:
    """The shadow of a new list of some items, which have the shadows `items`."""
    return named_like(items, [shadow_of(item) for item in items])


def handed_on(g: Any, whole: Any) -> Any:
    """What goes from the shadow `g` of what holds a value to that of the value, which is part of `whole`: nothing where both are one.

    >>> a = np.zeros(2)
    >>> handed_on(3.0, [a, 0.0]), handed_on(a, [a, 0.0]), handed_on(np.ones(2), [a, 0.0])
    (3.0, array([0., 0.]), array([1., 1.]))
    """
    if not mirrors(g, whole):
        return g
    return np.zeros_like(g) if isinstance(g, np.ndarray) else None


def items_handed_on(g: Any, whole: Any) -> Any:
    """What goes from the shadow of a new list to those of its items, which are parts of `whole`."""
    return named_like(g, [handed_on(item, whole) for item in g])


def mirrors(part: Any, whole: Any) -> bool:
    """Whether a shadow is part of another one: a view of an array in it, or an object that it holds.

    >>> a = np.zeros((2, 3))
    >>> mirrors(a.ravel(), a), mirrors(a.T.ravel(), a), mirrors(0.0, a), mirrors(a[0], {"a": a}), mirrors(a[0].copy(), [a])
    (True, False, False, True, False)
    >>> mirrors([0.0, 0.0], a[0]), mirrors(list(a), a)
    (False, True)
    """
    part, whole = (x.base if isinstance(x, np.flatiter) else x for x in (part, whole))
    if isinstance(part, np.ndarray):
        if isinstance(whole, np.ndarray):
            return np.may_share_memory(part, whole)
        return any(mirrors(part, inner) for inner in parts_of(whole))
    if isinstance(part, HOLDERS):
        if holds(whole, part):
            return True
        found = [mirrors(inner, whole) for inner in parts_of(part)]
        if any(found) and not all(found):
            raise DifferentiationError("cannot differentiate this: a new list holds numbers beside parts of arrays that change in place; "
                                       "copy the parts, or keep the numbers in a list of their own")
        return any(found)
    return False


HOLDERS = (list, tuple, dict, types.SimpleNamespace)


def parts_of(whole: Any) -> Collection[Any]:
    """What a list, a dict or a namespace holds."""
    if not isinstance(whole, HOLDERS):
        return ()
    return whole.values() if isinstance(whole, dict) else vars(whole).values() if isinstance(whole, types.SimpleNamespace) else whole


def holds(whole: Any, part: Any) -> bool:
    """Whether a holder is another one or is held by it."""
    return whole is part or any(holds(inner, part) for inner in parts_of(whole))


def writable(a: Any) -> Any:
    """The array, where it is a view of one that can be written, for writing.

    >>> a = np.zeros((2, 2))
    >>> d = writable(np.diagonal(a)); d += 1.0; a
    array([[1., 0.],
           [0., 1.]])
    """
    if isinstance(a, np.ndarray) and a.base is not None:
        a.flags.writeable = True
    return a


def namespace(**fields: Any) -> types.SimpleNamespace:
    """The shadow of an object, from those of its attributes."""
    return types.SimpleNamespace(**fields)
