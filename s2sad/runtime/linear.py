"""Adjoints of products of arrays whose ranks the text does not tell, and special functions that NumPy lacks (Giles 2008)."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sad.runtime.structure import sum_to_shape, unbroadcast


def is_sparse(a: Any) -> bool:
    """Whether an operand is a sparse matrix of SciPy.

    >>> is_sparse(np.eye(2))
    False
    """
    return type(a).__module__.startswith("scipy.sparse")


def adjoint_of_matmul_left(g: Any, a: Any, b: Any) -> Any:
    """The adjoint of `a` in `a @ b`, for operands of any ranks.

    >>> adjoint_of_matmul_left(np.ones(2), np.zeros((2, 3)), np.arange(3.0))
    array([[0., 1., 2.],
           [0., 1., 2.]])
    """
    if is_sparse(b):
        return g @ b.T
    if np.ndim(b) == 1:
        return sum_to_shape(np.expand_dims(g, -1) * b, np.shape(a))
    if np.ndim(a) == 1:
        return sum_to_shape(np.squeeze(b @ np.expand_dims(g, -1), -1), np.shape(a))
    return sum_to_shape(g @ np.swapaxes(b, -1, -2), np.shape(a))


def adjoint_of_matmul_right(g: Any, a: Any, b: Any) -> Any:
    """The adjoint of `b` in `a @ b`, for operands of any ranks.

    >>> adjoint_of_matmul_right(2.0, np.arange(3.0), np.zeros(3))
    array([0., 2., 4.])
    """
    if is_sparse(a):
        return a.T @ g
    if np.ndim(a) == 1:
        if np.ndim(b) == 1:
            return a * g
        return sum_to_shape(np.expand_dims(a, -1) * np.expand_dims(g, -2), np.shape(b))
    if np.ndim(b) == 1:
        return sum_to_shape(np.squeeze(np.swapaxes(a, -1, -2) @ np.expand_dims(g, -1), -1), np.shape(b))
    return sum_to_shape(np.swapaxes(a, -1, -2) @ g, np.shape(b))


def adjoint_of_dot_left(g: Any, a: Any, b: Any) -> Any:
    """The adjoint of `a` in `np.dot(a, b)`: a sum over the last axis of `a` and the last but one of `b`, or a product by a number.

    >>> adjoint_of_dot_left(2.0, np.zeros(2), np.array([3.0, 4.0]))
    array([6., 8.])
    """
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return unbroadcast(g * b, a)
    kept = [axis for axis in range(np.ndim(b)) if axis != max(np.ndim(b) - 2, 0)]
    return np.tensordot(g, b, (range(np.ndim(g) - len(kept), np.ndim(g)), kept))


def adjoint_of_dot_right(g: Any, a: Any, b: Any) -> Any:
    """The adjoint of `b` in `np.dot(a, b)`.

    >>> adjoint_of_dot_right(np.ones(2), np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros(2))
    array([4., 6.])
    """
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return unbroadcast(g * a, b)
    leading = range(np.ndim(a) - 1)
    return np.moveaxis(np.tensordot(a, g, (leading, leading)), 0, max(np.ndim(b) - 2, 0))


def adjoint_of_inner_left(g: Any, a: Any, b: Any) -> Any:
    """The adjoint of `a` in `np.inner(a, b)`: a sum over the last axes, a product where either is a number.

    >>> adjoint_of_inner_left(2.0, np.zeros(2), np.array([3.0, 4.0]))
    array([6., 8.])
    """
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return unbroadcast(g * b, a)
    return np.tensordot(g, b, (range(np.ndim(a) - 1, np.ndim(g)), range(np.ndim(b) - 1)))


def adjoint_of_inner_right(g: Any, a: Any, b: Any) -> Any:
    """The adjoint of `b` in `np.inner(a, b)`.

    >>> adjoint_of_inner_right(np.ones(2), np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros(2))
    array([4., 6.])
    """
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return unbroadcast(g * a, b)
    leading = range(np.ndim(a) - 1)
    return np.tensordot(g, a, (leading, leading))


def adjoint_of_trace(g: Any, a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The adjoint of `a` in `np.trace(a, offset, axis1, axis2)`.

    >>> adjoint_of_trace(2.0, np.zeros((2, 2)), 1)
    array([[0., 2.],
           [0., 0.]])
    """
    a = np.asarray(a)
    ones = np.eye(a.shape[axis1], a.shape[axis2], offset, dtype=np.result_type(g))
    return np.moveaxis(np.expand_dims(g, (-2, -1)) * ones, (-2, -1), (axis1, axis2))


def derivative_of_sinc(x: Any) -> Any:
    """The derivative of `np.sinc`, by its series near 0, where the formula cancels.

    >>> derivative_of_sinc(0.5).round(4)
    np.float64(-1.2732)
    """
    t = math.pi * np.asarray(x)
    safe = np.where(abs(t) < 0.1, 1, t)
    series = -t / 3 * (1 - t**2 / 10 * (1 - t**2 / 28 * (1 - t**2 / 54 * (1 - t**2 / 88))))
    return (math.pi * np.where(abs(t) < 0.1, series, (np.cos(safe) - np.sin(safe) / safe) / safe))[()]


def digamma(x: float) -> float:
    """The derivative of `math.lgamma`: reflection, recurrence up to 10, asymptotic series (Abramowitz & Stegun 6.3).

    >>> abs(digamma(1.0) + 0.5772156649015329) < 1e-14
    True
    """
    if x < 0.5:
        return digamma(1 - x) - math.pi / math.tan(math.pi * x)
    below = 0.0
    while x < 10:
        below -= 1 / x
        x += 1
    z = 1 / (x * x)
    tail = z * (1/12 - z * (1/120 - z * (1/252 - z * (1/240 - z * (1/132 - z * (691/32760 - z / 12))))))
    return below + math.log(x) - 0.5 / x - tail
