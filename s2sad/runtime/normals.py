"""Adjoints and tangents of the log-density and the entropy of normal distributions of several variables.

With `d = x - mean` and the precision `P = cov^-1`, the log-density is `-(d @ P @ d + log det(2 pi cov)) / 2`; its derivative in `x` is
`-P @ d`, that in `cov` half of `P @ d @ d.T @ P - P`.  SciPy reads the lower triangle of `cov`, and so does the derivative.
"""
from __future__ import annotations

from typing import Any

import numpy as np


def covariance(cov: Any, k: int) -> Any:
    """The covariance of `k` variables: of one number for all, of one for each, or of a matrix, of which the lower triangle is read.

    >>> covariance(2.0, 2)
    array([[2., 0.],
           [0., 2.]])
    """
    if np.ndim(cov) < 2:
        return np.diag(cov * np.ones(k))
    return np.tril(cov) + np.tril(cov, -1).T


def adjoint_of_covariance(g: Any, cov: Any) -> Any:
    """The adjoint of `cov` in `covariance(cov, k)`.

    >>> adjoint_of_covariance(np.ones((2, 2)), np.ones((2, 2)))
    array([[1., 0.],
           [2., 1.]])
    """
    if np.ndim(cov) < 2:
        return np.diag(g) if np.size(cov) > 1 else np.reshape(np.trace(g), np.shape(cov))
    return np.tril(g) + np.tril(g.T, -1)


def variables(mean: Any, cov: Any) -> int:
    """How many variables a normal distribution has.

    >>> variables(None, np.eye(3)), variables(0.0, 1.0)
    (3, 1)
    """
    return int(np.size(mean)) if mean is not None else int(np.shape(cov)[0]) if np.ndim(cov) else 1


def points(x: Any, k: int) -> Any:
    """The points of `k` coordinates that an argument of a density holds, along its last axis.

    >>> points(np.zeros(3), 3).shape, points(np.zeros(3), 1).shape
    ((1, 3), (3, 1))
    """
    if np.ndim(x) < 2:
        return np.reshape(x, (-1, k))
    return x


def scores(x: Any, mean: Any, cov: Any) -> Any:
    """`P @ (x - mean)` of each point.

    >>> scores(np.array([1.0, 3.0]), np.array([1.0, 1.0]), 4.0)
    array([[0. , 0.5]])
    """
    k = variables(mean, cov)
    apart = points(x, k) - (0.0 if mean is None else mean)
    return apart @ np.linalg.pinv(covariance(cov, k))


def adjoint_of_normal_point(g: Any, x: Any, mean: Any = None, cov: Any = 1.0) -> Any:
    """The adjoint of `x` in `scipy.stats.multivariate_normal.logpdf(x, mean, cov)`.

    >>> adjoint_of_normal_point(1.0, np.array([1.0, 3.0]), np.array([1.0, 1.0]), 4.0)
    array([-0. , -0.5])
    """
    found = scores(x, mean, cov)
    return np.reshape(-(np.reshape(g, found.shape[:-1] + (1,)) * found), np.shape(x))


def tangent_of_normal_point(x_dot: Any, x: Any, mean: Any = None, cov: Any = 1.0) -> Any:
    """The tangent of `scipy.stats.multivariate_normal.logpdf(x, mean, cov)` for a moving `x`, one for each point.

    >>> tangent_of_normal_point(np.array([2.0, 2.0]), np.array([1.0, 3.0]), np.array([1.0, 1.0]), 4.0)
    array([-1.])
    """
    return -np.sum(scores(x, mean, cov) * points(x_dot, variables(mean, cov)), axis=-1)


def adjoint_of_normal_mean(g: Any, x: Any, mean: Any, cov: Any = 1.0) -> Any:
    """The adjoint of `mean` in `scipy.stats.multivariate_normal.logpdf(x, mean, cov)`.

    >>> adjoint_of_normal_mean(1.0, np.array([1.0, 3.0]), np.array([1.0, 1.0]), 4.0)
    array([0. , 0.5])
    """
    found = scores(x, mean, cov)
    each = np.reshape(g, found.shape[:-1] + (1,)) * found
    return np.reshape(np.sum(np.reshape(each, (-1, found.shape[-1])), axis=0), np.shape(mean))


def adjoint_of_normal_covariance(g: Any, x: Any, mean: Any, cov: Any) -> Any:
    """The adjoint of `cov` in `scipy.stats.multivariate_normal.logpdf(x, mean, cov)`.

    >>> float(adjoint_of_normal_covariance(1.0, 5.0, 1.0, 4.0))
    0.375
    """
    k = variables(mean, cov)
    found = np.reshape(scores(x, mean, cov), (-1, k))
    weighted = np.reshape(g, (-1, 1)) * found
    return adjoint_of_covariance(0.5 * (weighted.T @ found - np.sum(g) * np.linalg.pinv(covariance(cov, k))), cov)


def tangent_of_normal_covariance(cov_dot: Any, x: Any, mean: Any, cov: Any) -> Any:
    """The tangent of `scipy.stats.multivariate_normal.logpdf(x, mean, cov)` for a moving `cov`, one for each point.

    >>> tangent_of_normal_covariance(1.0, 5.0, 1.0, 4.0)
    array([0.375])
    """
    k = variables(mean, cov)
    found, moving = scores(x, mean, cov), covariance(cov_dot, k)
    return 0.5 * (np.sum((found @ moving) * found, axis=-1) - np.sum(np.linalg.pinv(covariance(cov, k)) * moving))
