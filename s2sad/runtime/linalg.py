"""Adjoints and tangents of systems of equations, inverses and powers of matrices, for stacks of matrices too.

The source is Giles 2008, *Collected matrix derivative results for forward and reverse mode algorithmic differentiation*.
"""
from __future__ import annotations

from typing import Any

import numpy as np


def mT(a: Any) -> Any:
    """The transposed matrices.

    >>> mT(np.zeros((2, 3))).shape
    (3, 2)
    """
    return np.swapaxes(a, -1, -2)


def mH(a: Any) -> Any:
    """The conjugate transposed matrices.

    >>> mH(np.array([[1j, 2.0]]))
    array([[0.-1.j],
           [2.-0.j]])
    """
    return np.conj(np.swapaxes(a, -1, -2))


# Systems of equations, inverses, determinants


def adjoint_of_solve_right(g: Any, a: Any, b: Any) -> Any:
    """The adjoint of `b` in `np.linalg.solve(a, b)`.

    >>> adjoint_of_solve_right(np.array([2.0]), np.array([[4.0]]), np.zeros(1))
    array([0.5])
    """
    vector = np.ndim(b) == 1
    bar = np.linalg.solve(mT(a), g[..., None] if vector else g)
    bar = bar[..., 0] if vector else bar
    return np.sum(bar, axis=tuple(range(bar.ndim - np.ndim(b)))) if bar.ndim > np.ndim(b) else bar


def adjoint_of_solve_left(g: Any, y: Any, a: Any, b: Any) -> Any:
    """The adjoint of `a` in `y = np.linalg.solve(a, b)`.

    >>> adjoint_of_solve_left(np.array([2.0]), np.array([3.0]), np.array([[4.0]]), np.zeros(1))
    array([[-1.5]])
    """
    vector = np.ndim(b) == 1
    bar = -np.linalg.solve(mT(a), g[..., None] if vector else g) @ mT(y[..., None] if vector else y)
    return np.sum(bar, axis=tuple(range(bar.ndim - np.ndim(a)))) if bar.ndim > np.ndim(a) else bar


def tangent_of_solve(a_dot: Any, y: Any, a: Any, b: Any) -> Any:
    """The tangent of `y = np.linalg.solve(a, b)` for a moving `a`.

    >>> tangent_of_solve(np.array([[1.0]]), np.array([3.0]), np.array([[4.0]]), np.zeros(1))
    array([-0.75])
    """
    if np.ndim(b) == 1:
        return -np.linalg.solve(a, a_dot @ y[..., None])[..., 0]
    return -np.linalg.solve(a, a_dot @ y)


def cofactors(a: Any) -> Any:
    """The matrices of cofactors, of singular matrices too: the derivative of `np.linalg.det`.

    >>> cofactors(np.array([[1.0, 2.0], [2.0, 4.0]])).round(12)
    array([[ 4., -2.],
           [-2.,  1.]])
    """
    u, s, vh = np.linalg.svd(a)
    others = np.stack([np.prod(np.delete(s, i, -1), axis=-1) for i in range(s.shape[-1])], -1)
    sign = np.linalg.det(u) * np.linalg.det(vh)
    return np.conj(np.conj(sign)[..., None, None] * ((u * others[..., None, :]) @ vh))


def adjoint_of_det(g: Any, y: Any, a: Any) -> Any:
    """The adjoint of `a` in `y = np.linalg.det(a)`.

    >>> adjoint_of_det(1.0, 8.0, np.diag([2.0, 4.0]))
    array([[4., 0.],
           [0., 2.]])
    """
    if np.all(y):
        return np.asarray(g * y)[..., None, None] * mT(np.linalg.inv(a))
    return np.asarray(g)[..., None, None] * cofactors(a)


def adjoint_of_slogdet(g: Any, y: Any, a: Any) -> Any:
    """The adjoint of `a` in `y = np.linalg.slogdet(a)`: the sign of a real determinant is constant, that of a complex one turns.

    >>> adjoint_of_slogdet((None, 1.0), (1.0, 2.0), np.diag([2.0, 4.0]))
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    log_bar = np.zeros(np.shape(y[1])) if g[1] is None else np.asarray(g[1])
    if np.iscomplexobj(a) and g[0] is not None:
        log_bar = log_bar + 1j * np.real(np.conj(g[0]) * 1j * y[0])
    return log_bar[..., None, None] * mH(np.linalg.inv(a))


def tangent_of_slogdet(a_dot: Any, y: Any, a: Any) -> Any:
    """The tangent of `y = np.linalg.slogdet(a)`.

    >>> tangent_of_slogdet(np.eye(2), (1.0, 2.0), np.diag([2.0, 4.0]))[1]
    np.float64(0.75)
    """
    turn = np.trace(np.linalg.solve(a, a_dot), axis1=-2, axis2=-1)
    return (1j * y[0] * np.imag(turn), np.real(turn)) if np.iscomplexobj(a) else (0.0 * turn, turn)


def adjoint_of_pinv(g: Any, y: Any, a: Any) -> Any:
    """The adjoint of `a` in `y = np.linalg.pinv(a)`, where the rank does not change (Golub & Pereyra 1973).

    >>> adjoint_of_pinv(np.array([[1.0]]), np.array([[0.5]]), np.array([[2.0]]))
    array([[-0.25]])
    """
    left, right = np.eye(a.shape[-2]) - a @ y, np.eye(a.shape[-1]) - y @ a
    return (-mH(y) @ g @ mH(y) + left @ mH(g) @ y @ mH(y) + mH(y) @ y @ mH(g) @ right).astype(a.dtype)


def tangent_of_pinv(a_dot: Any, y: Any, a: Any) -> Any:
    """The tangent of `y = np.linalg.pinv(a)`, where the rank does not change.

    >>> tangent_of_pinv(np.array([[1.0]]), np.array([[0.5]]), np.array([[2.0]]))
    array([[-0.25]])
    """
    left, right = np.eye(a.shape[-2]) - a @ y, np.eye(a.shape[-1]) - y @ a
    return (-y @ a_dot @ y + y @ mH(y) @ mH(a_dot) @ left + right @ mH(a_dot) @ mH(y) @ y).astype(y.dtype)


def adjoint_of_matrix_power(g: Any, a: Any, n: int) -> Any:
    """The adjoint of `a` in `np.linalg.matrix_power(a, n)`.

    >>> adjoint_of_matrix_power(np.array([[1.0]]), np.array([[3.0]]), 2)
    array([[6.]])
    """
    if n < 0:
        inverse = np.linalg.inv(a)
        return -mT(inverse) @ _adjoint_of_positive_power(g, inverse, -n) @ mT(inverse)
    return _adjoint_of_positive_power(g, a, n)


def _adjoint_of_positive_power(g: Any, a: Any, n: int) -> Any:
    bar = np.zeros_like(a)
    for k in range(n):
        bar = bar + mT(np.linalg.matrix_power(a, k)) @ g @ mT(np.linalg.matrix_power(a, n - 1 - k))
    return bar


def tangent_of_matrix_power(a_dot: Any, a: Any, n: int) -> Any:
    """The tangent of `np.linalg.matrix_power(a, n)`.

    >>> tangent_of_matrix_power(np.array([[1.0]]), np.array([[3.0]]), 2)
    array([[6.]])
    """
    base, base_dot = a, a_dot
    if n < 0:
        base = np.linalg.inv(a)
        base_dot = -base @ a_dot @ base
    dot = np.zeros_like(base)
    for k in range(abs(n)):
        dot = dot + np.linalg.matrix_power(base, k) @ base_dot @ np.linalg.matrix_power(base, abs(n) - 1 - k)
    return dot


def adjoints_of_multi_dot(g: Any, arrays: Any) -> list[Any]:
    """The adjoints of `arrays` in `np.linalg.multi_dot(arrays)`.

    >>> adjoints_of_multi_dot(2.0, [np.zeros(1), np.array([[3.0]]), np.array([5.0])])[0]
    array([30.])
    """
    return [adjoint_of_multi_dot(g, i, arrays) for i in range(len(arrays))]


def adjoint_of_multi_dot(g: Any, i: int, arrays: Any) -> Any:
    """The adjoint of array `i` in `np.linalg.multi_dot(arrays)`.

    >>> adjoint_of_multi_dot(2.0, 0, [np.zeros(1), np.array([[3.0]]), np.array([5.0])])
    array([30.])
    """
    columns = 1 if np.ndim(arrays[-1]) == 1 else np.shape(arrays[-1])[1]
    first = np.reshape(arrays[0], (1, -1)) if np.ndim(arrays[0]) == 1 else arrays[0]
    matrices = [first, *arrays[1:-1], np.reshape(arrays[-1], (-1, columns))]
    bar = np.reshape(g, (first.shape[0], columns))
    for matrix in matrices[:i]:
        bar = mT(matrix) @ bar
    for matrix in matrices[:i:-1]:
        bar = bar @ mT(matrix)
    return np.reshape(bar, np.shape(arrays[i]))


def residue_of_lstsq(a: Any, b: Any, x: Any) -> Any:
    """`b - a @ x`, which `np.linalg.lstsq(a, b)` makes small.

    >>> residue_of_lstsq(np.array([[2.0], [0.0]]), np.array([1.0, 3.0]), np.array([0.5]))
    array([0., 3.])
    """
    return b - a @ x


def adjoint_of_lstsq_left(g: Any, y: Any, a: Any, b: Any) -> Any:
    """The adjoint of `a` in `y = np.linalg.lstsq(a, b)`, where the rank does not change.

    >>> a, b = np.array([[2.0], [0.0]]), np.array([1.0, 3.0])
    >>> adjoint_of_lstsq_left((np.array([1.0]), None, None, None), np.linalg.lstsq(a, b, rcond=None), a, b)
    array([[-0.25],
           [ 0.75]])
    """
    column = np.ndim(b) == 1
    b, x = (b[:, None], y[0][:, None]) if column else (b, y[0])
    bar = np.zeros_like(a)
    if g[0] is not None:
        bar = bar + adjoint_of_pinv((g[0][:, None] if column else g[0]) @ mH(b), np.linalg.pinv(a), a)
    if g[1] is not None and np.size(y[1]):
        bar = bar - 2 * (residue_of_lstsq(a, b, x) * g[1]) @ mH(x)
    if g[3] is not None:
        u, _, vh = np.linalg.svd(a, full_matrices=False)
        bar = bar + (u * g[3]) @ vh
    return bar


def adjoint_of_lstsq_right(g: Any, y: Any, a: Any, b: Any) -> Any:
    """The adjoint of `b` in `y = np.linalg.lstsq(a, b)`.

    >>> a, b = np.array([[2.0], [0.0]]), np.array([1.0, 3.0])
    >>> adjoint_of_lstsq_right((np.array([1.0]), None, None, None), np.linalg.lstsq(a, b, rcond=None), a, b)
    array([0.5, 0. ])
    """
    bar = np.zeros_like(b)
    if g[0] is not None:
        bar = bar + mH(np.linalg.pinv(a)) @ g[0]
    if g[1] is not None and np.size(y[1]):
        bar = bar + 2 * residue_of_lstsq(a, b, y[0]) * g[1]
    return bar


def tangent_of_lstsq(a_dot: Any, b_dot: Any, y: Any, a: Any, b: Any) -> Any:
    """The tangent of `y = np.linalg.lstsq(a, b)`, where the rank does not change.

    >>> a, b = np.array([[2.0], [0.0]]), np.array([1.0, 3.0])
    >>> tangent_of_lstsq(np.zeros((2, 1)), np.array([4.0, 0.0]), np.linalg.lstsq(a, b, rcond=None), a, b)[0]
    array([2.])
    """
    pinv = np.linalg.pinv(a)
    x_dot = tangent_of_pinv(a_dot, pinv, a) @ b + pinv @ b_dot
    residue = residue_of_lstsq(a, b, y[0])
    moved = np.sum(np.real(2 * np.conj(residue) * (b_dot - a_dot @ y[0] - a @ x_dot)), axis=0, keepdims=np.ndim(b) == 1)
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return x_dot, moved if np.size(y[1]) else np.zeros(0), 0.0, np.real(np.einsum("ji,jk,ik->i", np.conj(u), a_dot, np.conj(vh)))


def tensor_as_matrix(a: Any, b: Any, axes: Any = None) -> Any:
    """The matrix of the system that `np.linalg.tensorsolve(a, b, axes)` solves.

    >>> tensor_as_matrix(np.zeros((2, 3, 6)), np.zeros((2, 3))).shape
    (6, 6)
    """
    if axes is not None:
        a = np.moveaxis(a, axes, range(np.ndim(a) - len(axes), np.ndim(a)))
    return np.reshape(a, (np.size(b), np.size(b)))


def adjoint_of_tensorsolve(g: Any, y: Any, a: Any, b: Any, axes: Any = None) -> tuple[Any, Any]:
    """The adjoints of `a` and `b` in `y = np.linalg.tensorsolve(a, b, axes)`.

    >>> adjoint_of_tensorsolve(np.array([2.0]), np.array([3.0]), np.array([[4.0]]), np.zeros(1))
    (array([[-1.5]]), array([0.5]))
    """
    b_bar = np.linalg.solve(tensor_as_matrix(a, b, axes).T, np.ravel(g))
    a_bar = -np.outer(b_bar, y)
    if axes is not None:
        last = range(np.ndim(a) - len(axes), np.ndim(a))
        a_bar = np.moveaxis(np.reshape(a_bar, np.shape(np.moveaxis(a, axes, last))), last, axes)
    return np.reshape(a_bar, np.shape(a)), np.reshape(b_bar, np.shape(b))


def tensor_applied(a: Any, x: Any, axes: Any = None) -> Any:
    """What `np.linalg.tensorsolve(a, b, axes)` makes equal to `b`.

    >>> tensor_applied(np.array([[4.0]]), np.array([3.0]))
    array([12.])
    """
    if axes is not None:
        a = np.moveaxis(a, axes, range(np.ndim(a) - len(axes), np.ndim(a)))
    return np.tensordot(a, x, np.ndim(x))


def adjoint_of_tensorinv(g: Any, y: Any, a: Any, ind: int = 2) -> Any:
    """The adjoint of `a` in `y = np.linalg.tensorinv(a, ind)`.

    >>> adjoint_of_tensorinv(np.array([[1.0]]), np.array([[0.25]]), np.array([[4.0]]), 1)
    array([[-0.0625]])
    """
    n = int(np.prod(np.shape(a)[:ind]))
    inverse = np.reshape(y, (n, n))
    return np.reshape(-inverse.T @ np.reshape(g, (n, n)) @ inverse.T, np.shape(a))
