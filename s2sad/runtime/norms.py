"""Adjoints and tangents of norms and condition numbers."""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.runtime.factors import adjoint_of_svdvals
from s2sad.runtime.linalg import mH
from s2sad.runtime.reductions import adjoint_of_extremum, unreduced


def _signs(x: Any) -> Any:
    """`x / |x|`, 0 at 0.

    >>> _signs(np.array([-2.0, 0.0]))
    array([-1.,  0.])
    """
    size = np.abs(x)
    return x / np.where(size, size, 1)


def adjoint_of_vector_norm(g: Any, y: Any, x: Any, ord: Any = 2, axis: Any = None, keepdims: bool = False) -> Any:
    """The adjoint of `x` in `y = np.linalg.vector_norm(x, ord=ord, axis=axis, keepdims=keepdims)`; 0 where all entries are 0.

    >>> adjoint_of_vector_norm(1.0, 5.0, np.array([3.0, -4.0]))
    array([ 0.6, -0.8])
    """
    x = np.asarray(x)
    g_over, y_over = unreduced(g, x, axis, keepdims), unreduced(y, x, axis, keepdims)
    if ord in (np.inf, -np.inf):
        return _signs(x) * adjoint_of_extremum(g, y, np.abs(x), axis, keepdims)
    if ord == 0:
        return np.zeros_like(x)
    if ord == 1:
        return g_over * _signs(x)
    if ord == 2:
        return g_over * x / np.where(y_over, y_over, 1)
    ratio = np.abs(x) / np.where(y_over, y_over, 1)
    return g_over * _signs(x) * np.where(ratio, ratio, 1 if ord < 1 else 0) ** (ord - 1)


def adjoint_of_matrix_norm(g: Any, y: Any, x: Any, ord: Any = "fro", keepdims: bool = False) -> Any:
    """The adjoint of `x` in `y = np.linalg.matrix_norm(x, ord=ord, keepdims=keepdims)`, for the last two axes.

    >>> adjoint_of_matrix_norm(1.0, 4.0, np.diag([3.0, 4.0]), 2).round(12)
    array([[0., 0.],
           [0., 1.]])
    """
    x = np.asarray(x)
    if ord is None or ord == "fro":
        return adjoint_of_vector_norm(g, y, x, 2, (-2, -1), keepdims)
    g, y = (g[..., 0, 0], y[..., 0, 0]) if keepdims else (np.asarray(g), np.asarray(y))
    if ord in (2, -2, "nuc"):
        values = np.linalg.svd(x, compute_uv=False)
        if ord == "nuc":
            return adjoint_of_svdvals(unreduced(g, values, -1), x)
        return adjoint_of_svdvals(adjoint_of_extremum(g, values[..., 0 if ord == 2 else -1], values, -1), x)
    along = -2 if ord in (1, -1) else -1
    sums = np.sum(np.abs(x), axis=along)
    return np.expand_dims(adjoint_of_extremum(g, y, sums, -1), along) * _signs(x)


def adjoint_of_norm(g: Any, y: Any, x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The adjoint of `x` in `y = np.linalg.norm(x, ord, axis, keepdims)`, of vectors or of matrices.

    >>> adjoint_of_norm(1.0, 5.0, np.array([[3.0], [-4.0]]))
    array([[ 0.6],
           [-0.8]])
    """
    x = np.asarray(x)
    if axis is None and (ord is None or x.ndim == 1):
        return adjoint_of_vector_norm(np.sum(g), np.sum(y), x, 2 if ord is None else ord)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if len(axes) == 1:
        return adjoint_of_vector_norm(g, y, x, 2 if ord is None else ord, axes[0], keepdims)
    last = np.moveaxis(x, axes, (-2, -1))
    if keepdims:
        g, y = np.squeeze(g, axes), np.squeeze(y, axes)
    return np.moveaxis(adjoint_of_matrix_norm(g, y, last, ord), (-2, -1), axes)


def _projected(bar: Any, x_dot: Any, axis: Any, keepdims: bool) -> Any:
    """The tangent of a real function of the entries along `axis`, from its adjoint at 1."""
    return np.sum(np.real(np.conj(bar) * x_dot), axis=axis, keepdims=keepdims)


def tangent_of_norm(x_dot: Any, y: Any, x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The tangent of `y = np.linalg.norm(x, ord, axis, keepdims)`.

    >>> tangent_of_norm(np.array([1.0, 0.0]), 5.0, np.array([3.0, -4.0]))
    np.float64(0.6)
    """
    return _projected(adjoint_of_norm(np.ones_like(y), y, x, ord, axis, keepdims), x_dot, axis, keepdims)


def tangent_of_vector_norm(x_dot: Any, y: Any, x: Any, ord: Any = 2, axis: Any = None, keepdims: bool = False) -> Any:
    """The tangent of `y = np.linalg.vector_norm(x, ord=ord, axis=axis, keepdims=keepdims)`.

    >>> tangent_of_vector_norm(np.array([1.0, 0.0]), 5.0, np.array([3.0, -4.0]))
    np.float64(0.6)
    """
    return _projected(adjoint_of_vector_norm(np.ones_like(y), y, x, ord, axis, keepdims), x_dot, axis, keepdims)


def tangent_of_matrix_norm(x_dot: Any, y: Any, x: Any, ord: Any = "fro", keepdims: bool = False) -> Any:
    """The tangent of `y = np.linalg.matrix_norm(x, ord=ord, keepdims=keepdims)`.

    >>> tangent_of_matrix_norm(np.eye(2), 5.0, np.diag([3.0, 4.0]))
    np.float64(1.4)
    """
    return _projected(adjoint_of_matrix_norm(np.ones_like(y), y, x, ord, keepdims), x_dot, (-2, -1), keepdims)


def adjoint_of_cond(g: Any, y: Any, x: Any, p: Any = None) -> Any:
    """The adjoint of `x` in `y = np.linalg.cond(x, p)`.

    >>> adjoint_of_cond(1.0, 2.0, np.diag([4.0, 2.0]))
    array([[ 0.5,  0. ],
           [ 0. , -1. ]])
    """
    if p is None or p in (2, -2):
        s = np.linalg.svd(x, compute_uv=False)
        first, last = (0, -1) if p != -2 else (-1, 0)
        places = np.arange(s.shape[-1])
        g = np.expand_dims(g, -1)
        size, small = s[..., first, None], s[..., last, None]
        return adjoint_of_svdvals(g * (places == places[first]) / small - g * (places == places[last]) * size / small**2, x)
    inverse = np.linalg.inv(x)
    sizes = np.linalg.norm(x, p, (-2, -1)), np.linalg.norm(inverse, p, (-2, -1))
    through = adjoint_of_norm(g * sizes[0], sizes[1], inverse, p, (-2, -1))
    return adjoint_of_norm(g * sizes[1], sizes[0], x, p, (-2, -1)) - mH(inverse) @ through @ mH(inverse)


def tangent_of_cond(x_dot: Any, y: Any, x: Any, p: Any = None) -> Any:
    """The tangent of `y = np.linalg.cond(x, p)`.

    >>> tangent_of_cond(np.eye(2), 2.0, np.diag([4.0, 2.0]))
    np.float64(-0.5)
    """
    return _projected(adjoint_of_cond(np.ones_like(y), y, x, p), x_dot, (-2, -1), False)
