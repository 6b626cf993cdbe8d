"""Adjoints of the linear filters of `scipy.ndimage`: a filter is a correlation of the array that was padded as its mode says."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.runtime.entries import adjoint_of_pad

MODES = {"reflect": "symmetric", "grid-mirror": "symmetric", "mirror": "reflect", "nearest": "edge", "wrap": "wrap", "grid-wrap": "wrap",
         "constant": "constant", "grid-constant": "constant"}


def widths_of_filter(weights: Any, flips: bool) -> list[tuple[int, int]]:
    """How far a filter reaches beyond an array, before and after it along each axis.

    >>> widths_of_filter(np.ones(4), False), widths_of_filter(np.ones(4), True)
    ([(2, 1)], [(1, 2)])
    """
    halves = [(n // 2, n - 1 - n // 2) for n in np.shape(weights)]
    return [(after, before) for before, after in halves] if flips else halves


def adjoint_of_filter(g: Any, a: Any, weights: Any, mode: str = "reflect", flips: bool = False) -> Any:
    """The adjoint of `a` in `scipy.ndimage.correlate(a, weights, mode=mode)`, or in `convolve` where `flips`.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> adjoint_of_filter(np.ones(3), np.zeros(3), np.array([1.0, 0.0, 0.0]))
    array([2., 1., 0.])
    """
    import scipy.signal

    weights = np.asarray(weights)
    inner = scipy.signal.convolve(g, np.conj(np.flip(weights) if flips else weights), "full", method="direct")
    return adjoint_of_pad(inner, a, widths_of_filter(weights, flips), MODES[mode])


def adjoint_of_filter_weights(g: Any, a: Any, weights: Any, mode: str = "reflect", flips: bool = False) -> Any:
    """The adjoint of `weights` in `scipy.ndimage.correlate(a, weights, mode=mode)`, or in `convolve` where `flips`.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> adjoint_of_filter_weights(np.ones(3), np.array([1.0, 2.0, 3.0]), np.zeros(3))
    array([4., 6., 8.])
    """
    import scipy.signal

    padded: Any = np.pad(a, widths_of_filter(weights, flips), MODES[mode])  # type: ignore[call-overload]
    found = scipy.signal.correlate(padded, g, "valid", method="direct")
    return np.flip(found) if flips else found


def adjoint_by_rows(g: Any, rows: Any, axis: int) -> Any:
    """The adjoint of what is linear along an axis and makes `rows[i]` of the unit vector `i`; one number for each where it sums up.

    >>> adjoint_by_rows(np.array([1.0, 2.0]), np.array([[1.0, 0.0], [3.0, 1.0]]), 0)
    array([1., 5.])
    """
    if rows.dtype.kind == "f":
        rows = rows.astype(np.result_type(g))
    if rows.ndim == 1:
        return np.moveaxis(np.multiply.outer(g, rows), -1, axis)
    return np.moveaxis(np.tensordot(g, rows, (axis, 1)), -1, axis)


def filter_along(weights: Any, axis: int, ndim: int) -> Any:
    """Weights along one axis, as weights of as many axes as the array has.

    >>> filter_along([1.0, 2.0], 0, 2).shape
    (2, 1)
    """
    return np.moveaxis(np.reshape(weights, (-1,) + (1,) * (ndim - 1)), 0, axis)


def uniform_weights(size: Any, ndim: int) -> Any:
    """The weights of a mean over neighbours.

    >>> uniform_weights(2, 2)
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    sizes = tuple(int(n) for n in np.broadcast_to(size, ndim))
    return np.full(sizes, 1.0 / np.prod(sizes))


def adjoint_along_axes(g: Any, rows: Any) -> Any:
    """The adjoint of what is linear along each axis in turn, and makes `rows[k][i]` of the unit vector `i` along axis `k`.

    >>> adjoint_along_axes(np.ones((2, 1)), [np.eye(2), np.array([[3.0], [4.0]])])
    array([[3., 4.],
           [3., 4.]])
    """
    for axis, one in enumerate(rows):
        g = adjoint_by_rows(g, one, axis)
    return g


def rows_of_gaussian(shape: Any, sigma: Any, order: Any = 0, mode: Any = "reflect", truncate: float = 4.0) -> Any:
    """What `scipy.ndimage.gaussian_filter` makes of the unit vectors along each axis; an axis with no deviation stays as it is.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> [rows.shape for rows in rows_of_gaussian((2, 3), 1.0)]
    [(2, 2), (3, 3)]
    """
    from scipy.ndimage import gaussian_filter1d

    given = zip(shape, *(np.broadcast_to(option, len(shape)) for option in (sigma, order, mode)))
    return [gaussian_filter1d(np.eye(n), width, -1, int(k), mode=str(edge), truncate=truncate) if width > 1e-15 else np.eye(n)
            for n, width, k, edge in given]


def rows_of_spline(function: Any, shape: Any, option: Any, order: int = 3, mode: str = "constant", prefilter: bool = True) -> Any:
    """What `scipy.ndimage.shift` or `zoom` makes of the unit vectors along each axis.

    >>> import pytest; scipy = pytest.importorskip("scipy.ndimage")
    >>> rows_of_spline(scipy.shift, (3,), 1, 1)[0]
    array([[0., 1., 0.],
           [0., 0., 1.],
           [0., 0., 0.]])
    """
    return [np.stack([function(unit, value, order=order, mode=mode, prefilter=prefilter) for unit in np.eye(n)])
            for n, value in zip(shape, np.broadcast_to(option, len(shape)))]


def adjoint_of_map_coordinates(g: Any, a: Any, coordinates: Any, order: int = 3, mode: str = "constant", prefilter: bool = True) -> Any:
    """The adjoint of `a` in `scipy.ndimage.map_coordinates(a, coordinates)`, whose splines are products of splines along each axis.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> adjoint_of_map_coordinates(np.array([2.0]), np.zeros(3), np.array([[0.5]]), 1)
    array([1., 1., 0.])
    """
    from scipy.ndimage import map_coordinates

    whole = np.ravel(g)
    for n, places in zip(np.shape(a), np.reshape(coordinates, (np.ndim(a), -1))):
        rows = [map_coordinates(unit, places[None], order=order, mode=mode, prefilter=prefilter) for unit in np.eye(n)]
        whole = whole[..., None] * np.stack(rows, -1).astype(whole.dtype).reshape(len(places), *(1,) * (whole.ndim - 1), n)
    return np.sum(whole, axis=0)


def edge_weights(smooth: Any, axis: int, ndim: int) -> Any:
    """The weights of a filter that differentiates along one axis and smooths along the others.

    >>> edge_weights([1.0, 2.0, 1.0], -1, 2)
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]])
    """
    whole: Any = np.ones(())
    for k in range(ndim):
        whole = np.multiply.outer(whole, [-1.0, 0.0, 1.0] if k == axis % ndim else smooth)
    return whole


def laplace_weights(ndim: int) -> Any:
    """The weights of the sum of second differences along the axes.

    >>> laplace_weights(1)
    array([ 1., -2.,  1.])
    """
    whole = np.zeros((3,) * ndim)
    for k in range(ndim):
        whole[tuple(slice(None) if j == k else 1 for j in range(ndim))] += [1.0, -2.0, 1.0]
    return whole
