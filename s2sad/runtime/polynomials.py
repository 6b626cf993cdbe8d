"""Adjoints of polynomials as NumPy holds them: coefficients from the highest power down."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.runtime.linalg import adjoint_of_lstsq_left, mH, tangent_of_pinv
from s2sad.runtime.structure import sum_to_shape


def adjoint_of_vander(g: Any, x: Any, increasing: bool = False) -> Any:
    """The adjoint of `x` in `np.vander(x, N, increasing)`.

    >>> adjoint_of_vander(np.ones((1, 3)), np.array([3.0]))
    array([7.])
    """
    powers = np.arange(np.shape(g)[-1])
    powers = powers if increasing else powers[::-1]
    x = np.asarray(x)[..., None]
    return np.sum(g * powers * x ** np.maximum(powers - 1, 0), axis=-1).astype(np.result_type(x, g))


def tangent_of_vander(x_dot: Any, x: Any, n: int | None = None, increasing: bool = False) -> Any:
    """The tangent of `np.vander(x, n, increasing)`.

    >>> tangent_of_vander(np.array([1.0]), np.array([3.0]), 3)
    array([[6., 1., 0.]])
    """
    powers = np.arange(len(x) if n is None else n)
    powers = powers if increasing else powers[::-1]
    return np.asarray(x_dot)[..., None] * powers * np.asarray(x)[..., None] ** np.maximum(powers - 1, 0)


def adjoint_of_polyval(g: Any, p: Any, x: Any) -> Any:
    """The adjoint of `p` in `np.polyval(p, x)`.

    >>> adjoint_of_polyval(np.array([1.0, 1.0]), np.zeros(3), np.array([2.0, 3.0]))
    array([13.,  5.,  2.])
    """
    return np.sum(np.vander(np.ravel(x), len(p)) * np.reshape(g, (-1, 1)), axis=0)


def ends_of_sum(g: Any, p: Any) -> Any:
    """The adjoint of one term of `np.polyadd`: the lowest powers.

    >>> ends_of_sum(np.array([1.0, 2.0, 3.0]), np.zeros(2))
    array([2., 3.])
    """
    return g[len(g) - np.size(p):]


def adjoint_of_polyder(g: Any, p: Any, m: int = 1) -> Any:
    """The adjoint of `p` in `np.polyder(p, m)`.

    >>> adjoint_of_polyder(np.array([1.0, 1.0]), np.zeros(3))
    array([2., 1., 0.])
    """
    for _ in range(m):
        g = np.append(np.arange(len(g), 0, -1) * g, 0.0)
    return np.zeros(len(p)) if len(g) != len(p) else g


def adjoint_of_polyint(g: Any, p: Any, m: int = 1) -> Any:
    """The adjoint of `p` in `np.polyint(p, m)`.

    >>> adjoint_of_polyint(np.array([1.0, 1.0, 1.0]), np.zeros(2))
    array([0.5, 1. ])
    """
    for _ in range(m):
        g = g[:-1] / np.arange(len(g) - 1, 0, -1)
    return g


def adjoint_of_roots(g: Any, y: Any, p: Any) -> Any:
    """The adjoint of the real or complex `p` in `y = np.roots(p)`, where the roots are apart: a root moves by `-p_dot(y) / p'(y)`.

    >>> adjoint_of_roots(np.array([1.0, 0.0]), np.array([3.0, 1.0]), np.array([1.0, -4.0, 3.0]))
    array([-4.5, -1.5, -0.5])
    """
    moves = -np.vander(y, len(p)) / np.polyval(np.polyder(p), y)[:, None]
    bar = np.sum(g[:, None] * np.conj(moves), axis=0)
    return bar if np.iscomplexobj(p) else np.real(bar)


def tangent_of_roots(p_dot: Any, y: Any, p: Any) -> Any:
    """The tangent of `y = np.roots(p)`.

    >>> tangent_of_roots(np.array([0.0, 0.0, 1.0]), np.array([3.0, 1.0]), np.array([1.0, -4.0, 3.0]))
    array([-0.5,  0.5])
    """
    return -np.polyval(p_dot, y) / np.polyval(np.polyder(p), y)


def adjoint_of_poly(g: Any, zeros: Any) -> Any:
    """The adjoint of the roots in `np.poly(zeros)`.

    >>> adjoint_of_poly(np.array([0.0, 0.0, 1.0]), np.array([3.0, 5.0]))
    array([5., 3.])
    """
    return np.array([-np.sum(g[1:] * np.poly(np.delete(zeros, i))) for i in range(len(zeros))])


def tangent_of_poly(zeros_dot: Any, zeros: Any) -> Any:
    """The tangent of `np.poly(zeros)`.

    >>> tangent_of_poly(np.array([1.0, 0.0]), np.array([3.0, 5.0]))
    array([ 0., -1.,  5.])
    """
    moves = [-np.append(0.0, np.poly(np.delete(zeros, i))) * zeros_dot[i] for i in range(len(zeros))]
    return np.sum(np.array(moves), axis=0)


def adjoint_of_polyfit_values(g: Any, x: Any, deg: int) -> Any:
    """The adjoint of the values in `np.polyfit(x, values, deg)`.

    >>> adjoint_of_polyfit_values(np.array([1.0]), np.array([0.0, 1.0]), 0)
    array([0.5, 0.5])
    """
    return mH(np.linalg.pinv(np.vander(x, deg + 1))) @ g


def adjoint_of_polyfit_points(g: Any, y: Any, x: Any, values: Any, deg: int) -> Any:
    """The adjoint of the points `x` in `y = np.polyfit(x, values, deg)`.

    >>> adjoint_of_polyfit_points(np.array([1.0, 0.0]), np.array([2.0, 0.0]), np.array([0.0, 1.0]), np.array([0.0, 2.0]), 1)
    array([ 2., -2.])
    """
    a = np.vander(x, deg + 1)
    return adjoint_of_vander(adjoint_of_lstsq_left((g, None, None, None), (y, np.zeros(0), 0, None), a, values), x)


def tangent_of_polyfit_points(x_dot: Any, x: Any, values: Any, deg: int) -> Any:
    """The tangent of `np.polyfit(x, values, deg)` for moving points.

    >>> tangent_of_polyfit_points(np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([0.0, 2.0]), 1)[0].round(12)
    np.float64(-2.0)
    """
    a = np.vander(x, deg + 1)
    return tangent_of_pinv(tangent_of_vander(x_dot, x, deg + 1), np.linalg.pinv(a), a) @ values


def adjoint_of_trim_zeros(g: Any, filt: Any, trim: str = "fb") -> Any:
    """The adjoint of `filt` in `np.trim_zeros(filt, trim)`.

    >>> adjoint_of_trim_zeros(np.array([5.0]), np.array([0.0, 2.0, 0.0]))
    array([0., 5., 0.])
    """
    kept = np.flatnonzero(filt)
    first = kept[0] if "f" in trim.lower() and len(kept) else 0
    return np.pad(g, (first, len(filt) - first - len(g)))


def bessel_i1(x: Any) -> Any:
    """The modified Bessel function of order 1, the derivative of `np.i0`: the mean of `sinh(x c) c` over `c = cos(t)` (trapezoidal rule).

    >>> bessel_i1(2.0).round(12)
    np.float64(1.590636854637)
    """
    x = np.asarray(x)
    c = np.cos((np.arange(64) + 0.5) * (np.pi / 128)).astype(np.result_type(x, np.float32))
    return np.mean(np.sinh(x[..., None] * c) * c, axis=-1)


def ramp(y: Any, num: int, endpoint: bool = True) -> Any:
    """From 0 to 1 along the first axis of `y`, as `np.linspace` goes.

    >>> ramp(np.zeros((3, 1)), 3)
    array([[0. ],
           [0.5],
           [1. ]])
    """
    return np.reshape(np.linspace(0.0, 1.0, num, endpoint), (num,) + (1,) * (np.ndim(y) - 1))


def adjoint_of_ramp(g: Any, weights: Any, end: Any) -> Any:
    """The adjoint of an end of a ramp, where each entry follows it with its own weight.

    >>> adjoint_of_ramp(np.array([1.0, 1.0]), np.array([1.0, 0.5]), 3.0)
    array(1.5)
    """
    return sum_to_shape(np.sum(g * weights, axis=0), np.shape(end))


def tangent_of_trim_zeros(filt_dot: Any, filt: Any, trim: str = "fb") -> Any:
    """The tangent of `np.trim_zeros(filt, trim)`.

    >>> tangent_of_trim_zeros(np.array([1.0, 2.0, 3.0]), np.array([0.0, 2.0, 0.0]))
    array([2.])
    """
    kept = np.flatnonzero(filt)
    first = kept[0] if "f" in trim.lower() and len(kept) else 0
    last = kept[-1] + 1 if "b" in trim.lower() and len(kept) else len(filt)
    return filt_dot[first:last] if len(kept) else filt_dot[:0]
