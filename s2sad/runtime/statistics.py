"""Adjoints of statistics: quantiles, weighted averages, covariances, and reductions that skip nan."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.runtime.reductions import adjoint_of_cumsum, adjoint_of_prod, unreduced
from s2sad.runtime.structure import sum_to_shape


def weights_of_quantile(a: Any, q: Any, axis: Any = None, method: str = "linear", weights: Any = None) -> Any:
    """The weight of each entry of `a` in each of its quantiles `q`, shaped `q.shape + a.shape`; nans have none.

    A quantile is `s[i] + t * (s[i + 1] - s[i])` of the sorted entries `s`.  The same quantile of the ranks 0, 1, 2, ... is `i + t`
    for every method, and the entry of rank `r` then has the weight `max(0, 1 - |r - (i + t)|)`.  `weights` say how often entries count.

    >>> weights_of_quantile(np.array([5.0, 1.0, 3.0]), 0.25)
    array([0. , 0.5, 0.5])
    """
    a = np.asarray(a)
    axes = tuple(range(a.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    last = tuple(range(-len(axes), 0))
    rows = np.moveaxis(a, axes, last)
    flat = np.reshape(rows, (*rows.shape[:rows.ndim - len(axes)], -1)) if axes else np.reshape(rows, (1,))
    order = np.reshape(np.argsort(np.argsort(flat, axis=-1), axis=-1), rows.shape)
    ranks = np.where(np.isnan(a), np.nan, np.moveaxis(order, last, axes))
    options = {} if weights is None else {"weights": spread_weights(weights, a, axis) * np.ones_like(a)}
    found = np.nanquantile(ranks, q, axis=axes, method=method, keepdims=True, **options)  # type: ignore[call-overload]
    parts = np.maximum(0, 1 - np.abs(np.where(np.isnan(a), np.inf, ranks) - found))
    return parts.astype(a.dtype) if a.dtype.kind == "f" else parts


def adjoint_of_quantile(g: Any, a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False,
                        weights: Any = None) -> Any:
    """The adjoint of `a` in `np.quantile(a, q, axis, method=method, keepdims=keepdims)`.

    >>> adjoint_of_quantile(1.0, np.array([5.0, 1.0, 3.0]), 0.25)
    array([0. , 0.5, 0.5])
    """
    parts = weights_of_quantile(a, q, axis, method, weights)
    many = np.ndim(q)
    g = np.reshape(g, np.shape(np.sum(parts, axis=_from_the_end(axis, np.ndim(a)), keepdims=True)))
    return np.sum(parts * g, axis=tuple(range(many)))


def tangent_of_quantile(a_dot: Any, a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False,
                        weights: Any = None) -> Any:
    """The tangent of `np.quantile(a, q, axis, method=method, keepdims=keepdims)`.

    >>> tangent_of_quantile(np.array([1.0, 2.0, 4.0]), np.array([5.0, 1.0, 3.0]), 0.25)
    np.float64(3.0)
    """
    return np.sum(weights_of_quantile(a, q, axis, method, weights) * a_dot, axis=_from_the_end(axis, np.ndim(a)), keepdims=keepdims)


def slope_of_quantile(a: Any, q: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The derivative of `np.quantile(a, q, axis, keepdims=keepdims)` with respect to `q`, between the two entries that it interpolates.

    >>> slope_of_quantile(np.array([5.0, 1.0, 2.0]), 0.25)
    np.float64(2.0)
    """
    n = np.size(a) // max(np.size(np.min(a, axis=axis)), 1)
    below = np.clip(np.floor(np.asarray(q) * (n - 1)), 0, max(n - 2, 0)) / max(n - 1, 1)
    above = below + 1 / max(n - 1, 1)
    upper = np.quantile(a, np.minimum(above, 1), axis=axis, method="nearest", keepdims=keepdims)
    return (n - 1) * (upper - np.quantile(a, below, axis=axis, method="nearest", keepdims=keepdims))


def adjoint_of_quantile_level(g: Any, a: Any, q: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The adjoint of `q` in `np.quantile(a, q, axis, keepdims=keepdims)`.

    >>> adjoint_of_quantile_level(3.0, np.array([5.0, 1.0, 2.0]), 0.25)
    np.float64(6.0)
    """
    return np.sum(g * slope_of_quantile(a, q, axis, keepdims), axis=tuple(range(np.ndim(q), np.ndim(g))))


def tangent_of_quantile_level(q_dot: Any, a: Any, q: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The tangent of `np.quantile(a, q, axis, keepdims=keepdims)` for a moving `q`.

    >>> tangent_of_quantile_level(1.0, np.array([5.0, 1.0, 2.0]), 0.25)
    np.float64(2.0)
    """
    slope = slope_of_quantile(a, q, axis, keepdims)
    return slope * np.reshape(q_dot, np.shape(q) + (1,) * (np.ndim(slope) - np.ndim(q)))


def _from_the_end(axis: Any, ndim: int) -> tuple[int, ...]:
    axes = range(ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return tuple(i % ndim - ndim for i in axes)


# Weighted averages


def spread_weights(weights: Any, a: Any, axis: Any = None) -> Any:
    """The weights of `np.average(a, axis, weights)`, which may be given for the axis alone, as they broadcast with `a`.

    >>> spread_weights(np.array([1.0, 2.0]), np.zeros((2, 3)), 0)
    array([[1.],
           [2.]])
    """
    if np.shape(weights) == np.shape(a):
        return weights
    axes = axis if isinstance(axis, tuple) else (axis,)
    order = np.argsort([i % np.ndim(a) for i in axes])
    return np.reshape(np.transpose(weights, order), [n if i in {k % np.ndim(a) for k in axes} else 1 for i, n in enumerate(np.shape(a))])


def adjoint_of_average(g: Any, a: Any, axis: Any, weights: Any, keepdims: bool = False) -> Any:
    """The adjoint of `a` in `np.average(a, axis, weights, keepdims=keepdims)`.

    >>> adjoint_of_average(1.0, np.zeros(2), None, np.array([1.0, 3.0]))
    array([0.25, 0.75])
    """
    w = spread_weights(weights, a, axis) * np.ones_like(a)
    return unreduced(g, a, axis, keepdims) * w / np.sum(w, axis=axis, keepdims=True)


def adjoint_of_average_weights(g: Any, y: Any, a: Any, axis: Any, weights: Any, keepdims: bool = False) -> Any:
    """The adjoint of `weights` in `y = np.average(a, axis, weights, keepdims=keepdims)`.

    >>> adjoint_of_average_weights(1.0, 2.5, np.array([1.0, 3.0]), None, np.array([1.0, 3.0]))
    array([-0.375,  0.125])
    """
    w = spread_weights(weights, a, axis)
    total = np.sum(w * np.ones_like(a), axis=axis, keepdims=True)
    whole = unreduced(g, a, axis, keepdims) * (a - unreduced(y, a, axis, keepdims)) / total
    summed = sum_to_shape(whole, np.shape(w))
    if np.shape(w) == np.shape(weights):
        return summed
    axes = axis if isinstance(axis, tuple) else (axis,)
    order = np.argsort([i % np.ndim(a) for i in axes])
    return np.transpose(np.reshape(summed, [np.shape(weights)[i] for i in order]), np.argsort(order))


def tangent_of_average_weights(weights_dot: Any, y: Any, a: Any, axis: Any, weights: Any, keepdims: bool = False) -> Any:
    """The tangent of `y = np.average(a, axis, weights, keepdims=keepdims)` for moving weights.

    >>> tangent_of_average_weights(np.array([1.0, 0.0]), 2.5, np.array([1.0, 3.0]), None, np.array([1.0, 3.0]))
    np.float64(-0.375)
    """
    w, w_dot = spread_weights(weights, a, axis), spread_weights(weights_dot, a, axis)
    total = np.sum(w * np.ones_like(a), axis=axis, keepdims=keepdims)
    return np.sum(w_dot * (a - unreduced(y, a, axis, keepdims)), axis=axis, keepdims=keepdims) / total


# Reductions that skip nan


def adjoint_of_nansum(g: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The adjoint of `a` in `np.nansum(a, axis, keepdims=keepdims)`.

    >>> adjoint_of_nansum(1.0, np.array([2.0, np.nan]))
    array([1., 0.])
    """
    return np.where(np.isnan(a), 0.0, unreduced(g, a, axis, keepdims))


def adjoint_of_nanmean(g: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The adjoint of `a` in `np.nanmean(a, axis, keepdims=keepdims)`.

    >>> adjoint_of_nanmean(1.0, np.array([2.0, np.nan, 4.0]))
    array([0.5, 0. , 0.5])
    """
    count = np.sum(~np.isnan(a), axis=axis, keepdims=True)
    return adjoint_of_nansum(g, a, axis, keepdims) / count.astype(np.result_type(g))


def adjoint_of_nanprod(g: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The adjoint of `a` in `np.nanprod(a, axis, keepdims=keepdims)`.

    >>> adjoint_of_nanprod(1.0, np.array([2.0, np.nan, 4.0]))
    array([4., 0., 2.])
    """
    return np.where(np.isnan(a), 0.0, adjoint_of_prod(g, np.where(np.isnan(a), 1.0, a), axis, keepdims))


def adjoint_of_nancumsum(g: Any, a: Any, axis: Any = None) -> Any:
    """The adjoint of `a` in `np.nancumsum(a, axis)`.

    >>> adjoint_of_nancumsum(np.ones(3), np.array([2.0, np.nan, 4.0]))
    array([3., 0., 1.])
    """
    return np.where(np.isnan(a), 0.0, adjoint_of_cumsum(g, a, axis))


def adjoint_of_nanvar(g: Any, a: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False) -> Any:
    """The adjoint of `a` in `np.nanvar(a, axis, ddof=ddof, keepdims=keepdims)`.

    >>> adjoint_of_nanvar(1.0, np.array([1.0, np.nan, 3.0]))
    array([-1.,  0.,  1.])
    """
    a = np.asarray(a)
    count = np.sum(~np.isnan(a), axis=axis, keepdims=True).astype(a.dtype)
    apart = np.where(np.isnan(a), 0.0, a - np.nanmean(a, axis=axis, keepdims=True))
    return unreduced(g, a, axis, keepdims) * (2 * apart / (count - ddof))


def adjoint_of_nanstd(g: Any, y: Any, a: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False) -> Any:
    """The adjoint of `a` in `y = np.nanstd(a, axis, ddof=ddof, keepdims=keepdims)`; zero where all entries are equal.

    >>> adjoint_of_nanstd(1.0, 1.0, np.array([1.0, np.nan, 3.0]))
    array([-0.5,  0. ,  0.5])
    """
    return adjoint_of_nanvar(np.where(y, g / np.where(y, 2 * y, 1), 0.0), a, axis, ddof, keepdims)


# Histograms


def adjoint_of_histogram_weights(g: Any, y: Any, a: Any, weights: Any) -> Any:
    """The adjoint of `weights` in `y = np.histogram(a, ..., weights=weights)`: what the bin of each value of `a` has.

    >>> y = np.histogram([1.0, 3.0], [0.0, 2.0, 3.0])
    >>> adjoint_of_histogram_weights((np.array([5.0, 7.0]), None), y, np.array([1.0, 3.0]), np.ones(2))
    array([5., 7.])
    """
    if g[0] is None:
        return np.zeros_like(weights)
    edges = y[1]
    bins = np.searchsorted(edges, a, "right") - 1 - (np.asarray(a) == edges[-1])
    inside = (bins >= 0) & (bins < len(edges) - 1)
    return np.where(inside, g[0][np.clip(bins, 0, len(edges) - 2)], 0.0)


def adjoint_of_histogrammed(g: Any, y: Any, a: Any, bins: Any = 10, range: Any = None) -> Any:
    """The adjoint of `a` in `y = np.histogram(a, bins, range)`: counts have none, edges span the values where `range` is None.

    >>> y = np.histogram([1.0, 3.0], 2)
    >>> adjoint_of_histogrammed((None, np.array([1.0, 2.0, 4.0])), y, np.array([1.0, 3.0]), 2)
    array([2., 5.])
    """
    if g[1] is None or np.ndim(bins) or range is not None:
        return np.zeros_like(a)
    along = np.linspace(0.0, 1.0, len(y[1]))
    places = np.arange(np.size(a)).reshape(np.shape(a))
    return np.where(places == np.argmin(a), g[1] @ (1 - along), 0.0) + np.where(places == np.argmax(a), g[1] @ along, 0.0)


def tangent_of_histogrammed(a_dot: Any, y: Any, a: Any, bins: Any = 10, range: Any = None) -> Any:
    """The tangent of `y = np.histogram(a, bins, range)` for moving values.

    >>> tangent_of_histogrammed(np.array([1.0, 2.0]), np.histogram([1.0, 3.0], 2), np.array([1.0, 3.0]), 2)[1]
    array([1. , 1.5, 2. ])
    """
    if np.ndim(bins) or range is not None:
        return np.zeros(len(y[0])), np.zeros(len(y[1]))
    a_dot = np.ravel(a_dot)
    return np.zeros(len(y[0])), np.linspace(a_dot[np.argmin(a)], a_dot[np.argmax(a)], len(y[1]))


# Spreads of lists


def adjoint_of_spread(g: Any, data: Any) -> Any:
    """`g` times the distances from the mean, in a list, or in an array where the data are one.

    >>> adjoint_of_spread(2.0, [1.0, 3.0])
    [-2.0, 2.0]
    """
    middle = sum(data) / len(data)
    apart = [g * (x - middle) for x in data]
    return np.array(apart, data.dtype) if isinstance(data, np.ndarray) else apart


def tangent_of_spread(data_dot: Any, data: Any) -> Any:
    """The sum of the tangents, each times the distance from the mean.

    >>> tangent_of_spread([1.0, 0.0], [1.0, 3.0])
    -1.0
    """
    middle = sum(data) / len(data)
    return float(sum([t * (x - middle) for t, x in zip(data_dot, data)]))
