"""Adjoints and tangents of factorisations: Cholesky, eigenvalues, singular values, QR (Giles 2008; Murray 2016; Walter & Lehmann 2018).

`hermitian_in_half(s)` is where a function reads one triangle of its argument: then so does its derivative.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from s2sad.runtime.linalg import mH


def diagonals(w: Any) -> Any:
    """Diagonal matrices.

    >>> diagonals(np.array([1.0, 2.0]))
    array([[1., 0.],
           [0., 2.]])
    """
    return w[..., None] * np.eye(w.shape[-1], dtype=w.dtype)


def hermitian_in_half(s: Any, upper: bool = False) -> Any:
    """The adjoint of one triangle of a Hermitian matrix whose adjoint as a whole is `s`.

    >>> hermitian_in_half(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[1., 0.],
           [5., 4.]])
    """
    both = s + mH(s)
    half = np.triu(both) if upper else np.tril(both)
    return half - np.eye(s.shape[-1], dtype=s.dtype) * both / 2


def hermitian_of_half(a: Any, upper: bool = False) -> Any:
    """The Hermitian matrix that a function sees which reads one triangle of `a`.

    >>> hermitian_of_half(np.array([[1.0, 7.0], [3.0, 4.0]]))
    array([[1., 3.],
           [3., 4.]])
    """
    half = np.triu(a, 1) if upper else np.tril(a, -1)
    return half + mH(half) + np.eye(a.shape[-1], dtype=a.dtype) * np.real(a)


# Factorisations


def lower_half(m: Any) -> Any:
    """The lower triangle with half of the diagonal, the adjoint of itself (Murray 2016).

    >>> lower_half(np.ones((2, 2)))
    array([[0.5, 0. ],
           [1. , 0.5]])
    """
    return np.tril(m) - np.eye(m.shape[-1], dtype=m.dtype) * m / 2


def adjoint_of_cholesky(g: Any, y: Any, upper: bool = False) -> Any:
    """The adjoint of `a` in `y = np.linalg.cholesky(a)`, which reads the lower triangle of `a` (Murray 2016); the upper where `upper`.

    >>> adjoint_of_cholesky(np.array([[1.0]]), np.array([[2.0]]))
    array([[0.25]])
    """
    low, bar = (mH(y), mH(g)) if upper else (y, g)
    inner = lower_half(mH(low) @ np.tril(bar))
    whole = mH(np.linalg.solve(mH(low), mH(np.linalg.solve(mH(low), inner))))
    return hermitian_in_half(whole, upper)


def tangent_of_cholesky(a_dot: Any, y: Any, upper: bool = False) -> Any:
    """The tangent of `y = np.linalg.cholesky(a)`.

    >>> tangent_of_cholesky(np.array([[1.0]]), np.array([[2.0]]))
    array([[0.25]])
    """
    low = mH(y) if upper else y
    whole = np.linalg.solve(low, mH(np.linalg.solve(low, hermitian_of_half(a_dot, upper))))
    low_dot = low @ lower_half(whole)
    return mH(low_dot) if upper else low_dot


def inverse_gaps(w: Any) -> Any:
    """`1 / (w[j] - w[i])`, 0 for equal ones, whose vectors are not determined.

    >>> inverse_gaps(np.array([1.0, 3.0]))
    array([[ 0. ,  0.5],
           [-0.5,  0. ]])
    """
    gaps = w[..., None, :] - w[..., :, None]
    return np.where(gaps == 0, 0.0, 1 / np.where(gaps == 0, 1.0, gaps)).astype(w.dtype)


def adjoint_of_eigh(g: Any, y: Any, upper: bool = False) -> Any:
    """The adjoint of `a` in `y = np.linalg.eigh(a)`, which reads the lower triangle of `a`, the upper where `upper`.

    >>> adjoint_of_eigh((np.array([2.0]), None), (np.array([3.0]), np.array([[1.0]])))
    array([[2.]])
    """
    w, v = y
    inner = np.zeros_like(v) if g[0] is None else diagonals(g[0]).astype(v.dtype)
    if g[1] is not None:
        inner = inner + inverse_gaps(w) * (mH(v) @ g[1])
    return hermitian_in_half(v @ inner @ mH(v), upper)


def tangent_of_eigh(a_dot: Any, y: Any, upper: bool = False) -> Any:
    """The tangent of `y = np.linalg.eigh(a)`.

    >>> tangent_of_eigh(np.array([[2.0]]), (np.array([3.0]), np.array([[1.0]])))[0]
    array([2.])
    """
    w, v = y
    inner = mH(v) @ hermitian_of_half(a_dot, upper) @ v
    return np.real(np.diagonal(inner, axis1=-2, axis2=-1)), v @ (inverse_gaps(w) * inner)


def adjoint_of_eigvalsh(g: Any, a: Any, upper: bool = False) -> Any:
    """The adjoint of `a` in `np.linalg.eigvalsh(a)`.

    >>> adjoint_of_eigvalsh(np.array([2.0]), np.array([[3.0]]))
    array([[2.]])
    """
    return adjoint_of_eigh((g, None), np.linalg.eigh(a, "U" if upper else "L"), upper)


def tangent_of_eigvalsh(a_dot: Any, a: Any, upper: bool = False) -> Any:
    """The tangent of `np.linalg.eigvalsh(a)`.

    >>> tangent_of_eigvalsh(np.array([[2.0]]), np.array([[3.0]]))
    array([2.])
    """
    return tangent_of_eigh(a_dot, np.linalg.eigh(a, "U" if upper else "L"), upper)[0]


def _largest(v: Any) -> Any:
    """1 at the largest entry of each vector, which LAPACK makes real."""
    return (np.arange(v.shape[-2])[:, None] == np.argmax(np.abs(v), axis=-2)[..., None, :]).astype(v.dtype)


def adjoint_of_eig(g: Any, y: Any, a: Any) -> Any:
    """The adjoint of `a` in `y = np.linalg.eig(a)`, whose vectors are of length 1 with a real largest entry.

    >>> adjoint_of_eig((np.array([2.0]), None), (np.array([3.0]), np.array([[1.0]])), np.array([[3.0]]))
    array([[2.]])
    """
    w, v = y
    inner = np.zeros_like(v) if g[0] is None else diagonals(g[0]).astype(v.dtype)
    if g[1] is not None:
        along = np.sum(np.conj(g[1]) * v, axis=-2, keepdims=True)
        free = g[1] - v * np.real(along)
        if np.iscomplexobj(v):
            real = np.sum(_largest(v) * v, axis=-2, keepdims=True)
            free = free + 1j * _largest(v) * np.imag(along) / real
        inner = inner + np.conj(inverse_gaps(w)) * (mH(v) @ free)
    bar = np.linalg.solve(mH(v), inner @ mH(v))
    return bar if np.iscomplexobj(a) else np.real(bar)


def tangent_of_eig(a_dot: Any, y: Any) -> Any:
    """The tangent of `y = np.linalg.eig(a)`.

    >>> tangent_of_eig(np.array([[2.0]]), (np.array([3.0]), np.array([[1.0]])))[0]
    array([2.])
    """
    w, v = y
    inner = np.linalg.solve(v, a_dot @ v)
    free = v @ (inverse_gaps(w) * inner)
    v_dot = free - v * np.real(np.sum(np.conj(v) * free, axis=-2, keepdims=True))
    if np.iscomplexobj(v):
        chosen = np.sum(_largest(v) * free, axis=-2, keepdims=True) / np.sum(_largest(v) * v, axis=-2, keepdims=True)
        v_dot = v_dot - 1j * v * np.imag(chosen)
    return np.diagonal(inner, axis1=-2, axis2=-1), v_dot


def adjoint_of_eigvals(g: Any, a: Any) -> Any:
    """The adjoint of `a` in `np.linalg.eigvals(a)`.

    >>> adjoint_of_eigvals(np.array([2.0]), np.array([[3.0]]))
    array([[2.]])
    """
    return adjoint_of_eig((g, None), np.linalg.eig(a), a)


def tangent_of_eigvals(a_dot: Any, a: Any) -> Any:
    """The tangent of `np.linalg.eigvals(a)`.

    >>> tangent_of_eigvals(np.array([[2.0]]), np.array([[3.0]])).real
    array([2.])
    """
    return tangent_of_eig(a_dot, np.linalg.eig(a))[0]


def adjoint_of_svd(g: Any, y: Any, a: Any) -> Any:
    """The adjoint of `a` in `y = np.linalg.svd(a)`, full or not (Townsend 2016).

    Raises ValueError for an adjoint of the vectors of the null space, which `a` does not determine.

    >>> adjoint_of_svd((None, np.array([2.0]), None), np.linalg.svd(np.array([[3.0]])), np.array([[3.0]]))
    array([[2.]])
    """
    u, s, vh = y
    k = s.shape[-1]
    u_bar, s_bar, vh_bar = g
    for bar, extra in ((u_bar, u_bar is not None and u_bar[..., :, k:]), (vh_bar, vh_bar is not None and vh_bar[..., k:, :])):
        if bar is not None and np.any(extra):
            raise ValueError("the vectors of the null space have no derivative; call np.linalg.svd with full_matrices=False")
    u, v = u[..., :, :k], mH(vh[..., :k, :])
    gaps = inverse_gaps(s**2)
    inner = np.zeros(u.shape[:-2] + (k, k), u.dtype) if s_bar is None else diagonals(s_bar).astype(u.dtype)
    outside = np.zeros_like(a)
    if u_bar is not None:
        turned = mH(u) @ u_bar[..., :, :k]
        inner = inner + gaps * (turned - mH(turned)) * s[..., None, :]
        outside = outside + (u_bar[..., :, :k] - u @ turned) / s[..., None, :] @ mH(v)
        if np.iscomplexobj(a):
            inner = inner + 1j * np.imag(turned) * np.eye(k) / s[..., None, :]
    if vh_bar is not None:
        v_bar = mH(vh_bar[..., :k, :])
        turned = mH(v) @ v_bar
        inner = inner + s[..., :, None] * (gaps * (turned - mH(turned)))
        outside = outside + (u / s[..., None, :]) @ mH(v_bar - v @ turned)
    return (u @ inner @ mH(v) + outside).astype(a.dtype)


def adjoint_of_svdvals(g: Any, a: Any) -> Any:
    """The adjoint of `a` in `np.linalg.svd(a, compute_uv=False)`.

    >>> adjoint_of_svdvals(np.array([2.0]), np.array([[3.0]]))
    array([[2.]])
    """
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return (u * g[..., None, :]) @ vh


def tangent_of_svdvals(a_dot: Any, a: Any) -> Any:
    """The tangent of `np.linalg.svd(a, compute_uv=False)`.

    >>> tangent_of_svdvals(np.array([[2.0]]), np.array([[3.0]]))
    array([2.])
    """
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return np.real(np.sum(np.conj(u) * (a_dot @ mH(vh)), axis=-2))


def tangent_of_svd(a_dot: Any, y: Any, a: Any) -> Any:
    """The tangent of `y = np.linalg.svd(a)`; the vectors of the null space of a full one are taken as constant.

    >>> tangent_of_svd(np.array([[2.0]]), np.linalg.svd(np.array([[3.0]])), np.array([[3.0]]))[1]
    array([2.])
    """
    full_u, s, full_vh = y
    k = s.shape[-1]
    u, v = full_u[..., :, :k], mH(full_vh[..., :k, :])
    inner = mH(u) @ a_dot @ v
    gaps = inverse_gaps(s**2)
    left = gaps * (inner * s[..., None, :] + s[..., :, None] * mH(inner))
    right = gaps * (s[..., :, None] * inner + mH(inner) * s[..., None, :])
    if np.iscomplexobj(a):
        left = left + 1j * np.imag(inner) * np.eye(k) / s[..., None, :]
    u_dot = u @ left + (a_dot @ v - u @ inner) / s[..., None, :]
    v_dot = v @ right + (mH(a_dot) @ u - v @ mH(inner)) / s[..., None, :]
    u_dot = np.concatenate([u_dot, np.zeros_like(full_u[..., :, k:])], -1)
    vh_dot = np.concatenate([mH(v_dot), np.zeros_like(full_vh[..., k:, :])], -2)
    return u_dot, np.real(np.diagonal(inner, axis1=-2, axis2=-1)), vh_dot


def adjoint_of_qr(g: Any, y: Any, a: Any) -> Any:
    """The adjoint of `a` in `y = np.linalg.qr(a)`, for matrices that are tall or wide, of full rank.

    >>> adjoint_of_qr((None, np.array([[2.0]])), (np.array([[-1.0]]), np.array([[-3.0]])), np.array([[3.0]]))
    array([[-2.]])
    """
    q, r = y
    q_bar = np.zeros_like(q) if g[0] is None else g[0]
    r_bar = np.zeros_like(r) if g[1] is None else np.triu(g[1])
    n = q.shape[-1]
    if r.shape[-1] > n:
        q_bar = q_bar + a[..., :, n:] @ mH(r_bar[..., :, n:])
    square = r[..., :, :n]
    inner = square @ mH(r_bar[..., :, :n]) - mH(q_bar) @ q
    both = np.tril(inner) + mH(np.tril(inner, -1))
    if np.iscomplexobj(a):
        both = both - 1j * np.imag(inner) * np.eye(n)
    bar = mH(np.linalg.solve(square, mH(q_bar + q @ both)))
    return np.concatenate([bar, q @ r_bar[..., :, n:]], -1) if r.shape[-1] > n else bar


def tangent_of_qr(a_dot: Any, y: Any) -> Any:
    """The tangent of `y = np.linalg.qr(a)`.

    >>> tangent_of_qr(np.array([[2.0]]), (np.array([[-1.0]]), np.array([[-3.0]])))[1]
    array([[-2.]])
    """
    q, r = y
    n = q.shape[-1]
    square = r[..., :, :n]
    scaled = mH(np.linalg.solve(mH(square), mH(a_dot[..., :, :n])))
    inner = mH(q) @ scaled
    turn = np.tril(inner, -1) - mH(np.tril(inner, -1))
    if np.iscomplexobj(q):
        turn = turn + 1j * np.imag(inner) * np.eye(n)
    q_dot = q @ turn + scaled - q @ inner
    return q_dot, np.triu(mH(q) @ a_dot - turn @ r)
