"""Adjoints and tangents of covariances and correlations."""
from __future__ import annotations

from typing import Any

import numpy as np


def variables_in_rows(m: Any, rowvar: bool = True) -> Any:
    """The variables of `np.cov(m, rowvar=rowvar)`, one to a row.

    >>> variables_in_rows(np.zeros((2, 3)), False).shape
    (3, 2)
    """
    return np.atleast_2d(m) if rowvar or np.ndim(m) < 2 else np.transpose(m)


def joined_variables(m: Any, more: Any, rowvar: bool = True) -> Any:
    """The variables of `np.cov(m, more, rowvar)`, one to a row.

    >>> joined_variables(np.zeros(3), np.zeros((2, 3))).shape
    (3, 3)
    """
    return np.concatenate([variables_in_rows(m, rowvar), variables_in_rows(more, rowvar)])


def part_of_variables(bar: Any, i: int, m: Any, more: Any, rowvar: bool = True) -> Any:
    """The adjoint of `m`, or of `more`, from that of `joined_variables(m, more, rowvar)`.

    >>> part_of_variables(np.arange(6.0).reshape(2, 3), 1, np.zeros(3), np.zeros(3))
    array([3., 4., 5.])
    """
    count = len(variables_in_rows(m, rowvar))
    rows, of = (bar[count:], more) if i else (bar[:count], m)
    return np.reshape(rows if rowvar or np.ndim(of) < 2 else np.transpose(rows), np.shape(of))


def weights_of_observations(rows: Any, bias: bool = False, ddof: int | None = None, fweights: Any = None, aweights: Any = None) -> Any:
    """The weight of each observation in `np.cov`, and what the weighted sum is divided by.

    >>> weights_of_observations(np.zeros((1, 3)), fweights=[1, 2, 1])
    (array([1., 2., 1.]), np.float64(3.0))
    """
    weights = np.ones(rows.shape[1], np.real(rows).dtype)
    for given in (fweights, aweights):
        weights = weights if given is None else (weights * given).astype(weights.dtype)
    less = (0 if bias else 1) if ddof is None else ddof
    if aweights is not None and less:
        less = less * np.sum(weights * aweights) / np.sum(weights)
    return weights, np.sum(weights) - less


def apart_from_mean(rows: Any, weights: Any) -> Any:
    """The distances of observations from the weighted mean of each variable.

    >>> apart_from_mean(np.array([[1.0, 3.0]]), np.array([1.0, 1.0]))
    array([[-1.,  1.]])
    """
    return rows - np.sum(rows * weights, axis=1, keepdims=True) / np.sum(weights)


def adjoint_of_cov(g: Any, m: Any, rowvar: bool = True, bias: bool = False, ddof: int | None = None, fweights: Any = None,
                   aweights: Any = None) -> Any:
    """The adjoint of `m` in `np.cov(m, None, rowvar, bias, ddof, fweights, aweights)`.

    >>> adjoint_of_cov(1.0, np.array([1.0, 3.0]))
    array([-2.,  2.])
    """
    rows = variables_in_rows(m, rowvar)
    weights, count = weights_of_observations(rows, bias, ddof, fweights, aweights)
    apart = apart_from_mean(rows, weights) * (weights / count)
    g = np.reshape(g, (len(rows), len(rows)))
    bar = (np.conj(g) + g.T) @ apart if g.dtype.kind != "c" else (g + np.conj(g.T)) @ apart
    return np.reshape(bar if rowvar or np.ndim(m) < 2 else bar.T, np.shape(m))


def adjoint_of_corrcoef(g: Any, x: Any, rowvar: bool = True) -> Any:
    """The adjoint of `x` in `np.corrcoef(x, rowvar=rowvar)`.

    >>> adjoint_of_corrcoef(np.ones((2, 2)), np.array([[1.0, 3.0, 2.0], [2.0, 1.0, 5.0]])).shape
    (2, 3)
    """
    if np.ndim(g) == 0:
        return np.zeros_like(x)
    c = np.atleast_2d(np.cov(x, rowvar=rowvar))
    d = np.sqrt(np.diag(c))
    scale = np.outer(d, d)
    diagonal = np.sum((g + g.T) * c / scale, axis=1) / (2 * d**2)
    return adjoint_of_cov(g / scale - np.diag(diagonal), x, rowvar)


def tangent_of_cov(m_dot: Any, m: Any, rowvar: bool = True, bias: bool = False, ddof: int | None = None, fweights: Any = None,
                   aweights: Any = None) -> Any:
    """The tangent of `np.cov(m, None, rowvar, bias, ddof, fweights, aweights)`.

    >>> tangent_of_cov(np.array([0.0, 1.0]), np.array([1.0, 3.0]))
    array(2.)
    """
    rows, dots = variables_in_rows(m, rowvar), variables_in_rows(m_dot, rowvar)
    weights, count = weights_of_observations(rows, bias, ddof, fweights, aweights)
    half = (apart_from_mean(rows, weights) * (weights / count)) @ np.conj(apart_from_mean(dots, weights).T)
    return np.squeeze(half + np.conj(half.T))


def tangent_of_corrcoef(x_dot: Any, x: Any, rowvar: bool = True) -> Any:
    """The tangent of `np.corrcoef(x, rowvar=rowvar)`.

    >>> tangent_of_corrcoef(np.zeros((2, 3)), np.array([[1.0, 3.0, 2.0], [2.0, 1.0, 5.0]])).shape
    (2, 2)
    """
    c, c_dot = np.cov(x, rowvar=rowvar), tangent_of_cov(x_dot, x, rowvar)
    if np.ndim(c) == 0:
        return np.float64(0.0)
    d = np.diag(c)
    drift = np.diag(c_dot) / (2 * d)
    return c_dot / np.sqrt(np.outer(d, d)) - c / np.sqrt(np.outer(d, d)) * (drift[:, None] + drift)
