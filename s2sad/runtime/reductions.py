"""Adjoints of reductions, for axes that the text does not tell or mathematics that does not fit one line."""
from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from s2sad.runtime.structure import add, zeros


def _counted(a: Any, axis: Any) -> int:
    shape = np.shape(a)
    axes = range(len(shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    count = 1
    for i in axes:
        count *= shape[i]
    return count


def unreduced(g: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The adjoint `g` of a reduction of `a` over `axis`, repeated along the axes that the reduction removed.

    >>> unreduced(np.array([1.0, 2.0]), np.zeros((2, 3)), axis=1)
    array([[1., 1., 1.],
           [2., 2., 2.]])
    """
    if axis is not None and not keepdims:
        g = np.expand_dims(g, axis)
    return np.array(np.broadcast_to(g, np.shape(a)))


def adjoint_of_mean(g: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The adjoint of `a` in `np.mean(a, axis, keepdims=keepdims)`.

    >>> adjoint_of_mean(1.0, np.zeros(4))
    array([0.25, 0.25, 0.25, 0.25])
    """
    return unreduced(g, a, axis, keepdims) / _counted(a, axis)


def adjoint_of_prod(g: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The adjoint of `a` in `np.prod(a, axis, keepdims=keepdims)`: each entry times the product of the others, zeros included.

    >>> adjoint_of_prod(1.0, np.array([2.0, 0.0, 3.0]))
    array([0., 6., 0.])
    """
    a = np.asarray(a)
    axes = tuple(range(a.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(i % a.ndim for i in axes)
    kept = tuple(i for i in range(a.ndim) if i not in axes)
    rows = np.transpose(a, kept + axes)
    flat = np.reshape(rows, rows.shape[:len(kept)] + (math.prod(rows.shape[len(kept):]),))
    first = np.ones_like(flat[..., :1])
    before = np.concatenate([first, np.cumprod(flat[..., :-1], axis=-1)], axis=-1)
    after = np.concatenate([first, np.cumprod(flat[..., :0:-1], axis=-1)], axis=-1)
    others = np.reshape(before * after[..., ::-1], rows.shape)
    return unreduced(g, a, axis, keepdims) * np.transpose(others, np.argsort(kept + axes))


def adjoint_of_extremum(g: Any, y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The adjoint of `a` in `y = np.max(a, axis, keepdims=keepdims)`, or `np.min`: `g` goes to the largest entries, in equal parts.

    >>> adjoint_of_extremum(1.0, 3.0, np.array([3.0, 1.0, 3.0]))
    array([0.5, 0. , 0.5])
    """
    chosen = np.asarray(a) == unreduced(y, a, axis, keepdims)
    ties = np.sum(chosen, axis=axis, keepdims=True, dtype=np.result_type(g) if np.asarray(g).dtype.kind in "fc" else None)
    return unreduced(g, a, axis, keepdims) * chosen / ties


def adjoint_of_extremum_among(g: Any, y: Any, a: Any, axis: Any = None, keepdims: bool = False, where: Any = True) -> Any:
    """The adjoint of `a` in `y = np.max(a, axis, keepdims=keepdims, initial=..., where=where)`: nothing where the initial value is larger.

    >>> adjoint_of_extremum_among(1.0, 2.0, np.array([3.0, 1.0, 2.0]), where=np.array([False, True, True]))
    array([0., 0., 1.])
    """
    chosen = (np.asarray(a) == unreduced(y, a, axis, keepdims)) & where
    ties = np.maximum(np.sum(chosen, axis=axis, keepdims=True), 1).astype(np.result_type(g))
    return unreduced(g, a, axis, keepdims) * chosen / ties


def is_bound(y: Any, a: Any, axis: Any = None, keepdims: bool = False, where: Any = True) -> Any:
    """1 where `y = np.max(a, axis, keepdims=keepdims, initial=..., where=where)` is the initial value and no entry, else 0.

    >>> is_bound(np.array([3.0, 2.0]), np.array([[3.0, 1.0], [1.0, 0.0]]), 1)
    array([0., 1.])
    """
    chosen = (np.asarray(a) == unreduced(y, a, axis, keepdims)) & where
    return np.where(np.any(chosen, axis=axis, keepdims=keepdims), 0.0, np.ones_like(y))


def adjoint_of_bound(g: Any, y: Any, a: Any, axis: Any = None, keepdims: bool = False, where: Any = True) -> Any:
    """The adjoint of `initial` in `y = np.max(a, axis, keepdims=keepdims, initial=initial, where=where)`.

    >>> adjoint_of_bound(np.array([5.0, 7.0]), np.array([3.0, 2.0]), np.array([[3.0, 1.0], [1.0, 0.0]]), 1)
    np.float64(7.0)
    """
    return np.sum(g * is_bound(y, a, axis, keepdims, where))


def adjoint_of_cumsum(g: Any, a: Any, axis: int | None = None) -> Any:
    """The adjoint of `a` in `np.cumsum(a, axis)`: sums from the other end.

    >>> adjoint_of_cumsum(np.ones(3), np.zeros(3))
    array([3., 2., 1.])
    """
    if axis is None:
        return np.reshape(np.cumsum(g[::-1])[::-1], np.shape(a))
    return np.flip(np.cumsum(np.flip(g, axis), axis), axis)


def adjoint_of_var(g: Any, a: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False, where: Any = True) -> Any:
    """The adjoint of `a` in `np.var(a, axis, ddof=ddof, keepdims=keepdims, where=where)`.

    >>> adjoint_of_var(1.0, np.array([1.0, 3.0]))
    array([-1.,  1.])
    """
    a = np.asarray(a)
    if where is True:
        return unreduced(g, a, axis, keepdims) * (2 * (a - np.mean(a, axis=axis, keepdims=True)) / (_counted(a, axis) - ddof))
    count = np.sum(np.broadcast_to(where, a.shape), axis=axis, keepdims=True).astype(np.real(a).dtype)
    apart = a - np.mean(a, axis=axis, keepdims=True, where=where)
    return np.where(where, unreduced(g, a, axis, keepdims) * (2 * apart / (count - ddof)), 0.0)


def adjoint_of_std(g: Any, y: Any, a: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False, where: Any = True) -> Any:
    """The adjoint of `a` in `y = np.std(a, axis, ddof=ddof, keepdims=keepdims, where=where)`; zero where all entries are equal.

    >>> adjoint_of_std(1.0, 1.0, np.array([1.0, 3.0]))
    array([-0.5,  0.5])
    """
    return adjoint_of_var(np.where(y, g / np.where(y, 2 * y, 1), 0.0), a, axis, ddof, keepdims, where)


def adjoints_of_sum(g: Any, items: Any) -> Any:
    """The adjoint of the sequence in `sum(items)`.

    >>> adjoints_of_sum(1.0, [2.0, 3.0])
    [1.0, 1.0]
    """
    return unreduced(g, items, 0) if isinstance(items, np.ndarray) else [g for _ in items]


def adjoints_of_repetition(g: Any, items: Any) -> Any:
    """The adjoint of the list or tuple in `items * n`: the sum over its repetitions.

    >>> adjoints_of_repetition([1.0, 2.0, 3.0, 4.0], [0.0, 0.0])
    [4.0, 6.0]
    """
    period = len(items)
    adjoints = zeros(items)
    for start in range(0, len(g), period or 1):
        adjoints = add(adjoints, g[start:start + period])
    return adjoints


def adjoints_of_max(g: Any, items: Sequence[Any]) -> Any:
    """The adjoint of the sequence in `max(items)`: the first of the largest items gets `g`, as Python returns that one.

    >>> adjoints_of_max(1.0, [2.0, 3.0, 3.0])
    [0.0, 1.0, 0.0]
    """
    return _only(g, max(range(len(items)), key=items.__getitem__), items)


def adjoints_of_min(g: Any, items: Sequence[Any]) -> Any:
    """The adjoint of the sequence in `min(items)`: the first of the smallest items gets `g`.

    >>> adjoints_of_min(1.0, (2.0, 3.0, 2.0))
    [1.0, 0.0, 0.0]
    """
    return _only(g, min(range(len(items)), key=items.__getitem__), items)


def _only(g: Any, chosen: int, items: Any) -> Any:
    if isinstance(items, np.ndarray):
        adjoint = np.zeros_like(items)
        adjoint[chosen] = g
        return adjoint
    return [g if i == chosen else 0.0 for i in range(len(items))]


def adjoints_of_prod(g: Any, items: Sequence[Any], start: Any = 1) -> Any:
    """The adjoint of the sequence in `math.prod(items, start=start)`: each item times the product of the others.

    >>> adjoints_of_prod(1.0, [2.0, 0.0, 3.0])
    [0.0, 6.0, 0.0]
    """
    adjoints, before = [], g * start
    for x in items:
        adjoints.append(before)
        before = before * x
    after: Any = 1
    for i in reversed(range(len(items))):
        adjoints[i] = adjoints[i] * after
        after = after * items[i]
    return np.array(adjoints) if isinstance(items, np.ndarray) else adjoints


def outer_left(a: Any, b: Any) -> Any:
    """`a` with a new axis for each axis of `b`, as `np.add.outer(a, b)` takes it.

    >>> outer_left(np.zeros(2), np.zeros(3)).shape
    (2, 1)
    """
    return np.reshape(a, np.shape(a) + (1,) * np.ndim(b))


def summed_for_left(terms: Any, y: Any, a: Any) -> Any:
    """The adjoint of `a` in `y = np.add.outer(a, b)` and the like, from what each entry of `y` contributes.

    >>> summed_for_left(1.0, np.zeros((2, 3)), np.zeros(2))
    array([3., 3.])
    """
    return np.sum(terms * np.ones_like(y), axis=tuple(range(np.ndim(a), np.ndim(y))))


def summed_for_right(terms: Any, y: Any, a: Any) -> Any:
    """The adjoint of `b` in `y = np.add.outer(a, b)` and the like.

    >>> summed_for_right(1.0, np.zeros((2, 3)), np.zeros(2))
    array([2., 2., 2.])
    """
    return np.sum(terms * np.ones_like(y), axis=tuple(range(np.ndim(a))))


def adjoint_of_pair(g: Any, first: Any, second: Any) -> Any:
    """The adjoint of the argument of a function with two results, whose derivatives are `first` and `second`.

    >>> adjoint_of_pair((None, 2.0), 5.0, 3.0)
    6.0
    """
    return add(None if g[0] is None else g[0] * first, None if g[1] is None else g[1] * second)


def adjoint_of_reduceat(g: Any, a: Any, indices: Any, axis: int = 0) -> Any:
    """The adjoint of `a` in `np.add.reduceat(a, indices, axis)`: an index that is not less than the next picks one entry.

    >>> adjoint_of_reduceat(np.array([1.0, 2.0]), np.zeros(4), [0, 3])
    array([1., 1., 1., 2.])
    """
    ends = [*indices[1:], np.shape(a)[axis]]
    whole = np.zeros(np.shape(a), np.result_type(g))
    for part, seed, start, end in zip(range(len(ends)), np.moveaxis(g, axis, 0), indices, ends):
        np.moveaxis(whole, axis, 0)[start:end if end > start or part == len(ends) - 1 else start + 1] += seed
    return whole


def place_of_running_extremum(y: Any, a: Any, axis: int = 0) -> Any:
    """Where each entry of `y = np.maximum.accumulate(a, axis)` came from, along the axis.

    >>> place_of_running_extremum(np.array([1.0, 3.0, 3.0]), np.array([1.0, 3.0, 2.0]))
    array([0, 1, 1])
    """
    n = np.shape(a)[axis]
    places = np.arange(n).reshape([n if i == axis % np.ndim(a) else 1 for i in range(np.ndim(a))])
    changed = np.diff(y, axis=axis, prepend=np.take(y, [0], axis)) != 0
    return np.maximum.accumulate(np.where(changed, places, 0), axis)


def adjoint_of_running_extremum(g: Any, y: Any, a: Any, axis: int = 0) -> Any:
    """The adjoint of `a` in `y = np.maximum.accumulate(a, axis)`, or of the minimum.

    >>> adjoint_of_running_extremum(np.ones(3), np.array([1.0, 3.0, 3.0]), np.array([1.0, 3.0, 2.0]))
    array([1., 2., 0.])
    """
    places = np.take_along_axis(np.arange(np.size(a)).reshape(np.shape(a)), place_of_running_extremum(y, a, axis), axis)
    return np.bincount(np.ravel(places), np.ravel(g), np.size(a)).reshape(np.shape(a)).astype(np.result_type(g))


def tangent_of_running_extremum(a_dot: Any, y: Any, a: Any, axis: int = 0) -> Any:
    """The tangent of `y = np.maximum.accumulate(a, axis)`, or of the minimum.

    >>> tangent_of_running_extremum(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 3.0]), np.array([1.0, 3.0, 2.0]))
    array([1., 2., 2.])
    """
    return np.take_along_axis(np.asarray(a_dot), place_of_running_extremum(y, a, axis), axis)
