"""Adjoints of functions that pick, repeat, order and pad entries: what came from an entry goes back to it."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from s2sad.errors import DifferentiationError
from s2sad.runtime.paddings import adjoint_of_statistic_pad
from s2sad.runtime.structure import unbroadcast, zeros


def positions(a: Any) -> Any:
    """The place of each entry of `a` in the flat array; what a function does to these tells where its entries came from.

    >>> positions(np.zeros((2, 3)))
    array([[0, 1, 2],
           [3, 4, 5]])
    """
    return np.arange(np.size(a)).reshape(np.shape(a))


def scattered(g: Any, places: Any, a: Any) -> Any:
    """The adjoint of `a` where a function returned its entries at `places`, counted in the flat array: each gets the sum of its `g`.

    >>> scattered(np.array([1.0, 2.0, 4.0]), np.array([0, 2, 0]), np.zeros(3))
    array([5., 0., 2.])
    """
    flat = np.zeros(np.size(a), np.result_type(g))
    np.add.at(flat, places, g)
    return unbroadcast(flat.reshape(np.shape(a)), a)


def adjoint_of_sort(g: Any, a: Any, axis: int | None = -1) -> Any:
    """The adjoint of `a` in `np.sort(a, axis)`.

    >>> adjoint_of_sort(np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.9, 0.7]))
    array([1., 3., 2.])
    """
    if axis is None:
        return scattered(g, np.argsort(a, None), a)
    return unbroadcast(np.take_along_axis(g, np.argsort(np.argsort(a, axis), axis), axis), a)


def adjoint_of_partition(g: Any, y: Any, a: Any, axis: int | None = -1) -> Any:
    """The adjoint of `a` in `y = np.partition(a, kth, axis)`: both hold the same entries, which sorting brings together.

    >>> adjoint_of_partition(np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.9, 0.7]), np.array([0.9, 0.7, 0.5]))
    array([2., 3., 1.])
    """
    along = -1 if axis is None else axis
    in_order = np.take_along_axis(g, np.argsort(y, along), along)
    return adjoint_of_sort(in_order, a, axis)


def adjoint_of_take_along_axis(g: Any, a: Any, indices: Any, axis: int | None = -1) -> Any:
    """The adjoint of `a` in `np.take_along_axis(a, indices, axis)`.

    >>> adjoint_of_take_along_axis(np.ones((1, 2)), np.zeros((1, 3)), np.array([[2, 2]]), 1)
    array([[0., 0., 2.]])
    """
    return scattered(g, np.take_along_axis(positions(a), indices, axis), a)


MOVING = ("edge", "wrap", "reflect", "symmetric")
STATISTICS = ("maximum", "minimum", "mean", "median")
"""Modes of `np.pad` that copy entries, and those whose new entries are statistics of the old ones."""


def options_of_pad(mode: str, reflect_type: str = "even") -> dict[str, Any]:
    """The arguments of `np.pad` that say how new entries are copied or drawn; functions of the user's are refused.

    >>> options_of_pad("reflect", "odd")
    {'mode': 'reflect', 'reflect_type': 'odd'}
    """
    if mode in ("constant", "empty"):
        return {"mode": "constant"}
    if mode not in (*MOVING, "linear_ramp"):
        raise DifferentiationError(f"`np.pad` has no derivative here in the mode {mode!r}: join the array and what is beside it with "
                                   "`np.concatenate`")
    options: dict[str, Any] = {"mode": mode}
    if mode in ("reflect", "symmetric"):
        options["reflect_type"] = reflect_type
    return options


def adjoint_of_linear_pad(g: Any, a: Any, pad_width: Any, options: dict[str, Any]) -> Any:
    """The adjoint of `a` in `np.pad(a, pad_width, **options)`, axis by axis, in a mode that is linear in `a`.

    >>> adjoint_of_linear_pad(np.ones(4), np.zeros(2), 1, {"mode": "reflect", "reflect_type": "odd"})
    array([2., 2.])
    """
    widths = np.broadcast_to(pad_width, (np.ndim(a), 2))
    for axis in reversed(range(np.ndim(a))):
        weights = np.pad(np.eye(np.shape(a)[axis], dtype=g.dtype), (tuple(widths[axis]), (0, 0)), **options)
        g = np.moveaxis(np.tensordot(weights.T, g, (1, axis)), 0, axis)
    return unbroadcast(g, a)


def adjoint_of_pad(g: Any, a: Any, pad_width: Any, mode: str = "constant", reflect_type: str = "even", stat_length: Any = None) -> Any:
    """The adjoint of `a` in `np.pad(a, pad_width, mode)`.

    >>> adjoint_of_pad(np.ones(4), np.zeros(2), 1)
    array([1., 1.])
    >>> adjoint_of_pad(np.ones(4), np.zeros(2), 1, "edge")
    array([2., 2.])
    """
    if mode in ("constant", "empty"):
        widths = np.broadcast_to(pad_width, (np.ndim(a), 2))
        return unbroadcast(g[tuple(slice(before, before + n) for (before, _), n in zip(widths, np.shape(a)))], a)
    if mode in STATISTICS:
        return adjoint_of_statistic_pad(g, a, pad_width, mode, stat_length)
    options = options_of_pad(mode, reflect_type)
    if mode == "linear_ramp" or options.get("reflect_type") == "odd":
        return adjoint_of_linear_pad(g, a, pad_width, options)
    return scattered(g, np.pad(positions(a), pad_width, mode), a)  # type: ignore[call-overload]


def adjoint_of_pad_value(g: Any, a: Any, pad_width: Any, value: Any) -> Any:
    """The adjoint of `constant_values` in `np.pad(a, pad_width, constant_values=value)`, for one value or one for each side.

    >>> adjoint_of_pad_value(np.ones(5), np.zeros(2), (1, 2), 0.0)
    3.0
    """
    widths = np.broadcast_to(pad_width, (np.ndim(a), 2))
    values = np.arange(np.size(value)).reshape(np.shape(value))
    sources = np.pad(np.full(np.shape(a), -1), widths, constant_values=values)
    return scattered(g[sources >= 0], sources[sources >= 0], value)


def adjoint_of_insertion(g: Any, a: Any, index: Any, axis: int | None = None) -> Any:
    """The adjoint of `a` in `np.insert(a, index, values, axis)`.

    >>> adjoint_of_insertion(np.array([1.0, 2.0, 3.0]), np.zeros(2), 1)
    array([1., 3.])
    """
    places = np.insert(positions(a), index, -1, axis)
    return scattered(g[places >= 0], places[places >= 0], a)


def adjoint_of_inserted(g: Any, a: Any, index: Any, values: Any, axis: int | None = None) -> Any:
    """The adjoint of `values` in `np.insert(a, index, values, axis)`.

    >>> adjoint_of_inserted(np.array([1.0, 2.0, 3.0]), np.zeros(2), 1, 5.0)
    2.0
    """
    sources = np.insert(np.full(np.shape(a), -1), index, positions(values), axis)
    return scattered(g[sources >= 0], sources[sources >= 0], values)


def adjoint_of_unique(g: Any, a: Any) -> Any:
    """The adjoint of `a` in `np.unique(a)`; of equal entries the first gets `g`.

    >>> adjoint_of_unique(np.array([1.0, 2.0]), np.array([0.5, 0.3, 0.5]))
    array([2., 1., 0.])
    """
    values = g[0] if isinstance(g, tuple) else g
    return zeros(a) if values is None else scattered(values, np.unique(a, return_index=True)[1], a)


def adjoints_of_select(g: Any, conditions: Sequence[Any], choices: Sequence[Any]) -> Any:
    """The adjoints of the choices in `np.select(conditions, choices, default)`: the first whose condition holds gets `g`.

    >>> adjoints_of_select(np.ones(2), [np.array([True, False])], [np.zeros(2)])
    [array([1., 0.])]
    """
    chosen = np.select(conditions, [np.full(np.shape(c), i) for i, c in enumerate(conditions)], -1)
    adjoints = [unbroadcast(np.where(chosen == i, g, np.zeros_like(g)), choice) for i, choice in enumerate(choices)]
    return unbroadcast(np.stack(adjoints), choices) if isinstance(choices, np.ndarray) else adjoints


def adjoint_of_split(g: Sequence[Any], a: Any, split: Callable[..., Any], *arguments: Any) -> Any:
    """The adjoint of `a` in `split(a, *arguments)`, such as `np.split(a, 3, axis)`; a part that nothing reads has the adjoint None.

    >>> adjoint_of_split([np.ones(1), None], np.zeros(2), np.split, 2)
    array([1., 0.])
    """
    whole = np.zeros(np.shape(a), np.result_type(*(part for part in g if part is not None), np.asarray(a).dtype))
    for part, view in zip(g, split(whole, *arguments)):
        if part is not None:
            view += part
    return unbroadcast(whole, a)


def adjoint_of_unstack(g: Sequence[Any], a: Any, axis: int = 0) -> Any:
    """The adjoint of `a` in `np.unstack(a, axis=axis)`.

    >>> adjoint_of_unstack((np.ones(1), None), np.zeros((2, 1)))
    array([[1.],
           [0.]])
    """
    return adjoint_of_split(g, a, lambda whole: np.moveaxis(whole, axis, 0))


def adjoints_of_block(g: Any, blocks: Any) -> Any:
    """The adjoints of the nested lists of arrays in `np.block(blocks)`, in nested lists.

    >>> adjoints_of_block(np.arange(3.0), [np.zeros(2), 0.0])
    [array([0., 1.]), 2.0]
    """
    starts = [0]

    def numbered(part: Any) -> Any:
        if isinstance(part, list):
            return [numbered(inner) for inner in part]
        starts.append(starts[-1] + np.size(part))
        return positions(part) + starts[-2]

    places = np.block(numbered(blocks))
    flat = np.zeros(starts[-1], np.result_type(g))
    np.add.at(flat, places, g)
    parts = iter(np.split(flat, starts[1:-1]))

    def split(part: Any) -> Any:
        return [split(inner) for inner in part] if isinstance(part, list) else unbroadcast(next(parts).reshape(np.shape(part)), part)

    return split(blocks)


def adjoint_of_meshgrid(g: Sequence[Any], i: int, x: Any, indexing: str = "xy") -> Any:
    """The adjoint of the coordinates `x` that are argument `i` of `np.meshgrid`.

    >>> adjoint_of_meshgrid((np.ones((2, 3)), None), 0, np.zeros(3))
    array([2., 2., 2.])
    """
    if g[i] is None:
        return zeros(x)
    own = 1 - i if indexing == "xy" and i < 2 and len(g) > 1 else i
    return unbroadcast(np.sum(g[i], axis=tuple(axis for axis in range(len(g)) if axis != own)).reshape(np.shape(x)), x)


def split_of_rows(g: Any, arrays: Sequence[Any], function: str = "vstack") -> Any:
    """The adjoints of `arrays` in `np.hstack(arrays)`, or in `np.vstack`, `np.column_stack`, `np.dstack`.

    >>> split_of_rows(np.eye(2), [np.zeros(2), np.zeros(2)])
    [array([1., 0.]), array([0., 1.])]
    """
    whole, parts, start = getattr(np, function)(list(map(positions, arrays))), [], 0
    axis = {"vstack": 0, "dstack": 2}.get(function, min(whole.ndim - 1, 1))
    for a in arrays:
        lifted = getattr(np, function)([positions(a)])
        part = np.take(g, range(start, start + lifted.shape[axis]), axis)
        parts.append(scattered(part, lifted, a))
        start += lifted.shape[axis]
    if isinstance(arrays, np.ndarray):
        return np.stack(parts)
    return tuple(parts) if isinstance(arrays, tuple) else parts


def along_axis(a: Any, indices: Any, axis: int | None) -> Any:
    """The places that `np.put_along_axis(a, indices, ...)` writes, as an index.

    >>> a = np.zeros((2, 3))
    >>> a[along_axis(a, np.array([[1], [2]]), 1)] = 5.0
    >>> a
    array([[0., 5., 0.],
           [0., 0., 5.]])
    """
    if axis is None:
        return np.unravel_index(np.ravel(indices), np.shape(a))
    indices = np.asarray(indices)
    axis = axis % indices.ndim
    grid = np.indices(indices.shape, sparse=True)
    return tuple(indices if i == axis else part for i, part in enumerate(grid))
