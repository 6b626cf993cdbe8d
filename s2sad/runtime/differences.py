"""Adjoints of running products, differences, integrals and interpolation along an axis."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from s2sad.runtime.structure import sum_to_shape


def adjoint_of_cumprod(g: Any, a: Any, axis: int | None = None) -> Any:
    """The adjoint of `a` in `np.cumprod(a, axis)`, zeros included: `before[i] * s[i]` with `s[i] = g[i] + a[i + 1] * s[i + 1]`.

    >>> adjoint_of_cumprod(np.ones(3), np.array([2.0, 0.0, 3.0]))
    array([1., 8., 0.])
    """
    if np.size(a) == 0:
        return np.zeros_like(a)
    along = 0 if axis is None else axis
    factors, seeds = np.moveaxis(np.ravel(a) if axis is None else a, along, 0), np.moveaxis(g, along, 0)
    sums = [seeds[-1]]
    for i in range(len(factors) - 1, 0, -1):
        sums.append(seeds[i - 1] + factors[i] * sums[-1])
    before = np.concatenate([np.ones_like(factors[:1]), np.cumprod(factors[:-1], axis=0)])
    adjoint = np.moveaxis(before * np.stack(sums[::-1]), 0, along)
    return np.reshape(adjoint, np.shape(a))


def tangent_of_cumprod(a_dot: Any, y: Any, a: Any, axis: int | None = None) -> Any:
    """The tangent of `y = np.cumprod(a, axis)`: `y_dot[i] = y_dot[i - 1] * a[i] + y[i - 1] * a_dot[i]`.

    >>> tangent_of_cumprod(np.ones(3), np.array([2.0, 0.0, 0.0]), np.array([2.0, 0.0, 3.0]))
    array([1., 2., 6.])
    """
    if np.size(a) == 0:
        return np.zeros_like(y)
    along = 0 if axis is None else axis
    factors, dots = (np.moveaxis(np.ravel(x) if axis is None else x, along, 0) for x in (a, a_dot))
    products = np.moveaxis(y, along, 0)
    tangents = [dots[0]]
    for i in range(1, len(factors)):
        tangents.append(tangents[-1] * factors[i] + products[i - 1] * dots[i])
    return np.moveaxis(np.stack(tangents), 0, along)


def adjoint_of_diff(g: Any, n: int = 1, axis: int = -1) -> Any:
    """The adjoint of `a` in `np.diff(a, n, axis)`: differences of `g` between zeros, with the sign of `(-1)**n`.

    >>> adjoint_of_diff(np.array([1.0, 5.0]))
    array([-1., -4.,  5.])
    """
    widths = [(n, n) if i == axis % g.ndim else (0, 0) for i in range(g.ndim)]
    return (-1)**n * np.diff(np.pad(g, widths), n, axis)


def adjoint_of_diff_between(g: Any, a: Any, prepend: Any, append: Any, n: int = 1, axis: int = -1) -> Any:
    """The adjoints `(prepend, a, append)` in `np.diff(a, n, axis, prepend, append)`; None for an end that is not given.

    >>> adjoint_of_diff_between(np.array([1.0, 5.0]), np.zeros(2), 0.0, None)
    (array([-1.]), array([-4.,  5.]), None)
    """
    whole = adjoint_of_diff(g, n, axis)
    first = 0 if prepend is None else 1 if np.ndim(prepend) == 0 else np.shape(prepend)[axis]
    before, middle, after = np.split(whole, [first, first + np.shape(a)[axis]], axis)
    return None if prepend is None else before, middle, None if append is None else after


def gradient_weights(n: int, spacing: Any, edge_order: int = 1) -> Any:
    """The weights of `np.gradient` of `n` values, as the rows `(place, weight)` of three places for each result.

    >>> gradient_weights(3, 1.0)[1]
    array([[-1. ,  1. ,  0. ],
           [-0.5,  0. ,  0.5],
           [ 0. , -1. ,  1. ]])
    """
    first = np.clip(np.arange(n) - 1, 0, max(n - 3, 0))
    places = first[:, None] + np.arange(min(n, 3))
    # Each result depends on three neighbours at most, so that three combs tell all weights.
    combs = np.array([np.gradient((np.arange(n) % 3 == k).astype(float), spacing, edge_order=edge_order)  # type: ignore[call-overload]
                      for k in range(3)])
    return places, combs[places % 3, np.arange(n)[:, None]]


def adjoint_of_gradient(g: Any, f: Any, spacings: Sequence[Any] = (), axis: Any = None, edge_order: int = 1) -> Any:
    """The adjoint of `f` in `np.gradient(f, *spacings, axis=axis, edge_order=edge_order)`.

    >>> adjoint_of_gradient(np.array([1.0, 0.0, 0.0]), np.zeros(3))
    array([-1.,  1.,  0.])
    """
    f = np.asarray(f)
    axes = tuple(range(f.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    steps = list(spacings) if len(spacings) == len(axes) else [spacings[0] if spacings else 1.0] * len(axes)
    adjoint = np.zeros(f.shape)
    for along, spacing, part in zip(axes, steps, g if isinstance(g, (tuple, list)) else (g,)):
        if part is not None:
            places, weights = gradient_weights(f.shape[along], spacing, edge_order)
            rows = np.moveaxis(adjoint, along, 0)
            np.add.at(rows, places, np.expand_dims(np.moveaxis(part, along, 0), 1) * np.expand_dims(weights, tuple(range(2, f.ndim + 1))))
    return adjoint.astype(f.dtype) if f.dtype.kind == "f" else adjoint


def adjoint_of_spacing(g: Any, y: Any, h: Any, i: int | None = None) -> Any:
    """The adjoint of the spacing `h` in `y = np.gradient(f, h)`, or of the spacing `h` of result `i` of several.

    Raises ValueError for coordinates instead of a spacing.

    >>> adjoint_of_spacing(np.ones(2), np.array([4.0, 4.0]), 2.0)
    np.float64(-4.0)
    """
    if np.ndim(h):
        raise ValueError("np.gradient has no derivative here with respect to coordinates; give a spacing, or keep the coordinates constant")
    if not isinstance(y, (tuple, list)):
        return -np.sum(g * y) / h
    pairs = zip(g, y) if i is None else [(g[i], y[i])]
    return -sum(np.sum(bar * part) for bar, part in pairs if bar is not None) / h


def tangent_of_gradient(y: Any, spacings: Sequence[Any], spacings_dot: Sequence[Any]) -> Any:
    """The tangent of `y = np.gradient(f, *spacings)` where the spacings move, numbers all of them.

    >>> tangent_of_gradient(np.array([4.0, 4.0]), (2.0,), (1.0,))
    array([-2., -2.])
    """
    if not isinstance(y, (tuple, list)):
        return -y * (spacings_dot[0] / spacings[0])
    return tuple(-part * (h_dot / h) for part, h, h_dot in zip(y, list(spacings) * len(y), list(spacings_dot) * len(y)))


def trapezoid_weights(f: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """The weights of `np.trapezoid(f, x, dx, axis)`, as they broadcast with `f`.

    >>> trapezoid_weights(np.zeros(3), dx=2.0)
    array([1., 2., 1.])
    """
    n, ndim = np.shape(f)[axis], np.ndim(f)
    if x is None:
        steps = np.moveaxis(np.reshape(dx * np.ones(n - 1), (n - 1,) + (1,) * (ndim - 1)), 0, axis)
    elif np.ndim(x) == 1:
        steps = np.moveaxis(np.reshape(np.diff(x), (n - 1,) + (1,) * (ndim - 1)), 0, axis)
    else:
        steps = np.diff(x, axis=axis)
    at = axis % ndim - ndim
    ends = [[(1, 0) if i == at % steps.ndim else (0, 0) for i in range(steps.ndim)],
            [(0, 1) if i == at % steps.ndim else (0, 0) for i in range(steps.ndim)]]
    return (np.pad(steps, ends[0]) + np.pad(steps, ends[1])) / 2


def adjoint_of_trapezoid(g: Any, f: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """The adjoint of `f` in `np.trapezoid(f, x, dx, axis)`.

    >>> adjoint_of_trapezoid(1.0, np.zeros(3), dx=2.0)
    array([1., 2., 1.])
    """
    return np.expand_dims(g, axis) * trapezoid_weights(f, x, dx, axis).astype(np.result_type(g))


def adjoint_of_trapezoid_points(g: Any, f: Any, x: Any, axis: int = -1) -> Any:
    """The adjoint of `x` in `np.trapezoid(f, x, axis=axis)`.

    >>> adjoint_of_trapezoid_points(1.0, np.array([1.0, 2.0, 4.0]), np.zeros(3))
    array([-1.5, -1.5,  3. ])
    """
    values = np.moveaxis(np.expand_dims(g, axis) * np.asarray(f), axis, -1)
    whole = adjoint_of_diff((values[..., 1:] + values[..., :-1]) / 2)
    return sum_to_shape(whole if np.ndim(x) == 1 else np.moveaxis(whole, -1, axis), np.shape(x))


# Interpolation


def place_in_table(x: Any, xp: Any) -> Any:
    """For each of `x`, the interval `i` of the table `xp` that it lies in and how far along it is, from 0 to 1; nan outside.

    >>> place_in_table(np.array([2.5, -1.0]), np.array([0.0, 1.0, 3.0]))
    (array([1, 0]), array([0.75,  nan]))
    """
    i = np.clip(np.searchsorted(xp, x, "right") - 1, 0, len(xp) - 2)
    t = (x - xp[i]) / (xp[i + 1] - xp[i])
    return i, np.where((t < 0) | (t > 1), np.nan, t)


def adjoint_of_interp(g: Any, x: Any, xp: Any, fp: Any) -> Any:
    """The adjoint of `x` in `np.interp(x, xp, fp)`: the slope of the piece, 0 outside of the table.

    >>> adjoint_of_interp(1.0, 0.5, np.array([0.0, 2.0]), np.array([1.0, 5.0]))
    np.float64(2.0)
    """
    xp, fp = np.asarray(xp), np.asarray(fp)
    i, t = place_in_table(x, xp)
    return np.where(np.isnan(t), 0.0, g * (fp[i + 1] - fp[i]) / (xp[i + 1] - xp[i]))[()]


def adjoint_of_interp_values(g: Any, x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
    """The adjoint of `fp` in `np.interp(x, xp, fp, left, right)`; without `left` and `right`, the ends of the table go on.

    >>> adjoint_of_interp_values(np.ones(2), np.array([0.5, 9.0]), np.array([0.0, 2.0]), np.array([1.0, 5.0]))
    array([0.75, 1.25])
    """
    i, t = place_in_table(x, np.asarray(xp))
    inside = np.where(np.isnan(t), 0.0, g)
    t = np.where(np.isnan(t), 0.0, t)
    low = np.bincount(np.ravel(i), np.ravel(inside * (1 - t)), len(fp)) + np.bincount(np.ravel(i + 1), np.ravel(inside * t), len(fp))
    ends = np.zeros(len(fp))
    ends[0] += np.sum(g * (x < xp[0])) if left is None else 0.0
    ends[-1] += np.sum(g * (x > xp[-1])) if right is None else 0.0
    return low + ends


def adjoint_of_interp_points(g: Any, x: Any, xp: Any, fp: Any) -> Any:
    """The adjoint of `xp` in `np.interp(x, xp, fp)`.

    >>> adjoint_of_interp_points(1.0, 0.5, np.array([0.0, 2.0]), np.array([1.0, 5.0]))
    array([-1.5, -0.5])
    """
    xp, fp = np.asarray(xp), np.asarray(fp)
    i, t = place_in_table(x, xp)
    slope = np.where(np.isnan(t), 0.0, g * (fp[i + 1] - fp[i]) / (xp[i + 1] - xp[i]))
    t = np.where(np.isnan(t), 0.0, t)
    return -np.bincount(np.ravel(i), np.ravel(slope * (1 - t)), len(xp)) - np.bincount(np.ravel(i + 1), np.ravel(slope * t), len(xp))


def tangent_of_interp_points(xp_dot: Any, x: Any, xp: Any, fp: Any) -> Any:
    """The tangent of `np.interp(x, xp, fp)` for a moving `xp`.

    >>> tangent_of_interp_points(np.array([1.0, 0.0]), 0.5, np.array([0.0, 2.0]), np.array([1.0, 5.0]))
    np.float64(-1.5)
    """
    xp, fp, xp_dot = np.asarray(xp), np.asarray(fp), np.asarray(xp_dot)
    i, t = place_in_table(x, xp)
    slope = (fp[i + 1] - fp[i]) / (xp[i + 1] - xp[i])
    return np.where(np.isnan(t), 0.0, -slope * ((1 - t) * xp_dot[i] + t * xp_dot[i + 1]))[()]


def adjoint_of_ediff1d(g: Any, ary: Any, to_begin: Any = None) -> Any:
    """The adjoint of `ary` in `np.ediff1d(ary, to_begin=to_begin)`, more entries at the end or not.

    >>> adjoint_of_ediff1d(np.array([9.0, 1.0, 5.0]), np.zeros(3), 0.0)
    array([-1., -4.,  5.])
    """
    start = 0 if to_begin is None else np.size(to_begin)
    return np.reshape(-np.diff(np.pad(g[start:start + np.size(ary) - 1], 1)), np.shape(ary))
