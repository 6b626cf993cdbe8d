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


def gaussian_weights(sigma: Any, ndim: int) -> Any:
    """The weights of `scipy.ndimage.gaussian_filter`, cut off at four deviations.

    >>> round(float(gaussian_weights(1.0, 1)[4]), 6)
    0.398943
    """
    whole: Any = np.ones(())
    for width in np.broadcast_to(sigma, ndim):
        radius = int(4.0 * width + 0.5)
        one = np.exp(-0.5 * (np.arange(-radius, radius + 1) / width) ** 2) if width > 1e-15 else np.ones(1)
        whole = np.multiply.outer(whole, one / np.sum(one))
    return whole


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
