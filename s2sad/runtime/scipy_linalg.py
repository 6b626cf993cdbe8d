"""Adjoints of functions of `scipy.linalg` and `scipy.signal`: programs that call them have SciPy."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from s2sad.runtime.factors import adjoint_of_cholesky, tangent_of_cholesky
from s2sad.runtime.linalg import mH


def frechet_derivative(f: Callable[[Any], Any], a: Any, direction: Any) -> Any:
    """The derivative of a matrix function along a direction, read off `f` of a block matrix (Higham 2008, section 3.2).

    >>> frechet_derivative(lambda m: m @ m, np.array([[3.0]]), np.array([[1.0]]))
    array([[6.]])
    """
    n = len(a)
    return f(np.block([[a, direction], [np.zeros_like(a), a]]))[:n, n:]


def triangle_of(m: Any, lower: bool, unit_diagonal: bool = False) -> Any:
    """The triangle that `scipy.linalg.solve_triangular` reads.

    >>> triangle_of(np.ones((2, 2)), True, True)
    array([[0., 0.],
           [1., 0.]])
    """
    return np.tril(m, -1 if unit_diagonal else 0) if lower else np.triu(m, 1 if unit_diagonal else 0)


def adjoint_of_solve_banded(g: Any, l_and_u: Any, ab: Any) -> Any:
    """The adjoint of `b` in `scipy.linalg.solve_banded(l_and_u, ab, b)`: the system of the transposed matrix.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> adjoint_of_solve_banded(np.array([1.0, 1.0]), (1, 0), np.array([[1.0, 2.0], [3.0, 0.0]]))
    array([-0.5,  0.5])
    """
    import scipy.linalg

    lower, upper = l_and_u
    n = ab.shape[-1]
    bands = np.zeros_like(ab)
    for k in range(-upper, lower + 1):
        bands[lower - k, max(k, 0):n + min(k, 0)] = ab[upper + k, max(-k, 0):n - max(k, 0)]
    return scipy.linalg.solve_banded((upper, lower), bands, g)


def bands_of_outer(l_and_u: Any, left: Any, right: Any) -> Any:
    """The bands of the outer product of two vectors, or of `left @ right.T`, in the order of `scipy.linalg.solve_banded`.

    >>> bands_of_outer((0, 1), np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    array([[0., 4.],
           [3., 8.]])
    """
    lower, upper = l_and_u
    n = left.shape[0]
    bands = np.zeros((lower + upper + 1, n), np.result_type(left, right))
    for k in range(-upper, lower + 1):
        rows, columns = left[max(k, 0):n + min(k, 0)], right[max(-k, 0):n - max(k, 0)]
        bands[upper + k, max(-k, 0):n - max(k, 0)] = np.sum(np.reshape(rows * columns, (len(rows), -1)), 1)
    return bands


def product_with_bands(l_and_u: Any, bands: Any, x: Any) -> Any:
    """The product of a matrix, given by its bands, with a vector or with the columns of `x`.

    >>> product_with_bands((0, 1), np.array([[0.0, 4.0], [3.0, 8.0]]), np.array([1.0, 1.0]))
    array([7., 8.])
    """
    lower, upper = l_and_u
    n = x.shape[0]
    y = np.zeros(x.shape, np.result_type(bands, x))
    for k in range(-upper, lower + 1):
        band = bands[upper + k, max(-k, 0):n - max(k, 0)]
        y[max(k, 0):n + min(k, 0)] += np.reshape(band, (len(band),) + (1,) * (x.ndim - 1)) * x[max(-k, 0):n - max(k, 0)]
    return y


def adjoint_of_solve_triangular(g: Any, a: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False) -> Any:
    """The adjoint of the real `b` in `scipy.linalg.solve_triangular(a, b, trans, lower, unit_diagonal)`.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> adjoint_of_solve_triangular(np.array([2.0]), np.array([[4.0]]))
    array([0.5])
    """
    import scipy.linalg

    return scipy.linalg.solve_triangular(a, g, trans=0 if trans in (1, 2, "T", "C") else 1, lower=lower, unit_diagonal=unit_diagonal)


def adjoint_of_triangle(b_bar: Any, y: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False) -> Any:
    """The adjoint of `a` in `y = scipy.linalg.solve_triangular(a, b, trans, lower, unit_diagonal)`, from that of `b`.

    >>> adjoint_of_triangle(np.array([0.5]), np.array([3.0]))
    array([[-1.5]])
    """
    left, right = (b_bar[:, None], y[:, None]) if y.ndim == 1 else (b_bar, y)
    whole = -left @ right.T if trans in (0, "N") else -right @ left.T
    return triangle_of(whole, lower, unit_diagonal)


def tangent_of_solve_triangular(a_dot: Any, y: Any, a: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False) -> Any:
    """The tangent of `y = scipy.linalg.solve_triangular(a, b, trans, lower, unit_diagonal)` for a moving `a`.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> tangent_of_solve_triangular(np.array([[1.0]]), np.array([3.0]), np.array([[4.0]]))
    array([-0.75])
    """
    import scipy.linalg

    moved = triangle_of(a_dot, lower, unit_diagonal)
    change = (moved if trans in (0, "N") else moved.T) @ y
    return -scipy.linalg.solve_triangular(a, change, trans=trans, lower=lower, unit_diagonal=unit_diagonal)


def adjoint_of_cho_solve(g: Any, y: Any, c_and_lower: Any) -> Any:
    """The adjoint of the factor in `y = scipy.linalg.cho_solve((c, lower), b)`.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> adjoint_of_cho_solve(np.array([1.0]), np.array([3.0]), (np.array([[2.0]]), True))
    array([[-3.]])
    """
    import scipy.linalg

    c, lower = c_and_lower
    b_bar = scipy.linalg.cho_solve(c_and_lower, g)
    left, right = (b_bar[:, None], y[:, None]) if y.ndim == 1 else (b_bar, y)
    both = -left @ right.T - right @ left.T
    factor = triangle_of(c, lower)
    return triangle_of(both @ factor if lower else factor @ both, lower)


def tangent_of_cho_solve(c_dot: Any, y: Any, c_and_lower: Any) -> Any:
    """The tangent of `y = scipy.linalg.cho_solve((c, lower), b)` for a moving factor.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> tangent_of_cho_solve(np.array([[1.0]]), np.array([3.0]), (np.array([[2.0]]), True))
    array([-3.])
    """
    import scipy.linalg

    c, lower = c_and_lower
    factor, moved = triangle_of(c, lower), triangle_of(c_dot, lower)
    a_dot = moved @ factor.T + factor @ moved.T if lower else moved.T @ factor + factor.T @ moved
    return -scipy.linalg.cho_solve(c_and_lower, a_dot @ y)


def keeps_other_triangle() -> bool:
    """Whether `cho_factor` leaves the triangle that it does not use as it was; from SciPy 1.18 on it is zero."""
    import scipy
    return tuple(int(part) for part in scipy.__version__.split(".")[:2]) < (1, 18)


def adjoint_of_cho_factor(g: Any, y: Any) -> Any:
    """The adjoint of the real `a` in `y = scipy.linalg.cho_factor(a, lower)`, whose other triangle may still be that of `a`.

    >>> adjoint_of_cho_factor((np.array([[1.0]]), None), (np.array([[2.0]]), True))
    array([[0.25]])
    """
    c, lower = y
    seen = adjoint_of_cholesky(triangle_of(g[0], lower), triangle_of(c, lower), not lower)
    return seen + triangle_of(g[0], not lower, True) if keeps_other_triangle() else seen


def tangent_of_cho_factor(a_dot: Any, y: Any) -> tuple[Any, float]:
    """The tangent of `y = scipy.linalg.cho_factor(a, lower)`.

    >>> tangent_of_cho_factor(np.array([[1.0]]), (np.array([[2.0]]), True))
    (array([[0.25]]), 0.0)
    """
    c, lower = y
    seen = tangent_of_cholesky(a_dot, triangle_of(c, lower), not lower)
    return seen + triangle_of(a_dot, not lower, True) if keeps_other_triangle() else seen, 0.0


def adjoint_of_lu(g: Any, y: Any) -> Any:
    """The adjoint of the square `a` in `p, l, u = scipy.linalg.lu(a)` (de Hoog, Anderssen & Lukas 2011).

    >>> adjoint_of_lu((None, None, np.array([[2.0]])), (np.eye(1), np.eye(1), np.array([[3.0]])))
    array([[2.]])
    """
    p, low, up = y
    inner = np.zeros_like(low)
    if g[1] is not None:
        inner = inner + np.tril(low.T @ g[1], -1)
    if g[2] is not None:
        inner = inner + np.triu(g[2] @ up.T)
    return p @ np.linalg.solve(low.T, inner) @ np.linalg.inv(up).T


def tangent_of_lu(a_dot: Any, y: Any) -> Any:
    """The tangent of `p, l, u = scipy.linalg.lu(a)`, of a square `a`.

    >>> tangent_of_lu(np.array([[2.0]]), (np.eye(1), np.eye(1), np.array([[3.0]])))[2]
    array([[2.]])
    """
    p, low, up = y
    inner = np.linalg.solve(low, p.T @ a_dot) @ np.linalg.inv(up)
    return np.zeros_like(p), low @ np.tril(inner, -1), np.triu(inner) @ up


def part_of_block_diag(g: Any, i: int, blocks: Sequence[Any]) -> Any:
    """The adjoint of block `i` in `scipy.linalg.block_diag(*blocks)`.

    >>> part_of_block_diag(np.array([[1.0, 0.0], [0.0, 2.0]]), 1, [np.eye(1), np.eye(1)])
    array([[2.]])
    """
    shapes = [np.atleast_2d(block).shape for block in blocks]
    row, column = (sum(shape[k] for shape in shapes[:i]) for k in (0, 1))
    return np.reshape(g[row:row + shapes[i][0], column:column + shapes[i][1]], np.shape(blocks[i]))


def adjoint_of_toeplitz(g: Any, c: Any, r: Any = None) -> tuple[Any, Any]:
    """The adjoints of the real `c` and `r` in `scipy.linalg.toeplitz(c, r)`; without `r`, that of `c` alone counts.

    >>> adjoint_of_toeplitz(np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros(2))[0]
    array([5., 5.])
    """
    places = np.subtract.outer(np.arange(g.shape[0]), np.arange(g.shape[1]))
    below, above = np.maximum(places, 0), np.maximum(-places, 0)
    column = np.bincount(below.ravel(), np.where(places >= 0, g, 0.0).ravel(), np.size(c))
    row = np.bincount(above.ravel(), np.where(places < 0, g, 0.0).ravel(), g.shape[1])
    return (column + row if r is None else column), row


def adjoint_of_signal_convolve(g: Any, a: Any, v: Any, mode: str = "full") -> Any:
    """The adjoint of `a` in `scipy.signal.convolve(a, v, mode)`, in any number of dimensions; `a` comes first in its call.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> adjoint_of_signal_convolve(np.array([1.0, 0.0, 0.0]), np.zeros(2), np.array([2.0, 3.0]))
    array([2., 0.])
    """
    return _correlated(g, a, v, mode, np.shape(a))


def adjoint_of_signal_convolve_right(g: Any, a: Any, v: Any, mode: str = "full") -> Any:
    """The adjoint of `v` in `scipy.signal.convolve(a, v, mode)`.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> adjoint_of_signal_convolve_right(np.array([1.0, 0.0, 0.0]), np.array([2.0, 3.0]), np.zeros(2))
    array([2., 0.])
    """
    return _correlated(g, v, a, mode, np.shape(a))


def _correlated(g: Any, a: Any, v: Any, mode: str, first: tuple[int, ...]) -> Any:
    import scipy.signal

    widths = []
    for m, n, size, length in zip(np.shape(a), np.shape(v), np.shape(g), first):
        full = m + n - 1
        start = 0 if mode == "full" else min(m, n) - 1 if mode == "valid" else (full - length) // 2
        widths.append((start, full - start - size))
    return scipy.signal.correlate(np.pad(g, widths), np.conj(v), "valid", method="direct")


def adjoint_of_lfilter(g: Any, b: Any, a: Any) -> Any:
    """The adjoint of the signal in `scipy.signal.lfilter(b, a, x)`: the filter run backwards.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> adjoint_of_lfilter(np.array([0.0, 1.0]), [1.0, 2.0], [1.0])
    array([2., 1.])
    """
    import scipy.signal

    return np.flip(scipy.signal.lfilter(b, a, np.flip(g, -1)), -1)


def adjoint_of_logm(g: Any, a: Any) -> Any:
    """The adjoint of `a` in `scipy.linalg.logm(a)`.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> adjoint_of_logm(np.array([[1.0]]), np.array([[4.0]]))
    array([[0.25]])
    """
    import scipy.linalg

    bar = frechet_derivative(scipy.linalg.logm, mH(a), g)
    return bar if np.iscomplexobj(a) else np.real(bar)
