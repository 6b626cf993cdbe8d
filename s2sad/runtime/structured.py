"""The part of a matrix that `scipy.linalg.solve` reads, by what it is told to assume."""
from __future__ import annotations

from typing import Any

import numpy as np

HALVES = {"sym": False, "symmetric": False, "her": True, "hermitian": True, "pos": True, "positive definite": True}
"""What is taken from one triangle, and whether the other is its conjugate."""


def mask_of_structure(n: int, assume_a: str | None, lower: bool = False) -> Any:
    """Which entries are read.

    >>> mask_of_structure(2, "sym").astype(int)
    array([[1, 1],
           [0, 1]])
    """
    apart = np.arange(n) - np.arange(n)[:, None]
    if assume_a == "diagonal":
        return apart == 0
    if assume_a == "tridiagonal":
        return np.abs(apart) <= 1
    if assume_a == "lower triangular" or assume_a in HALVES and lower:
        return apart <= 0
    if assume_a == "upper triangular" or assume_a in HALVES:
        return apart >= 0
    return np.full((n, n), True)


def structured(a: Any, assume_a: str | None = "gen", lower: bool = False, transposed: bool = False) -> Any:
    """The matrix of the equations that `scipy.linalg.solve(a, b, lower=lower, assume_a=assume_a, transposed=transposed)` solves.

    >>> structured(np.array([[1.0, 2.0], [0.0, 3.0]]), "sym")
    array([[1., 2.],
           [2., 3.]])
    """
    n = np.shape(a)[-1]
    read = np.where(mask_of_structure(n, assume_a, lower), a, 0)
    if assume_a in HALVES:
        other = np.swapaxes(np.conj(read) if HALVES[assume_a] else read, -1, -2)
        read = np.where(np.eye(n, dtype=bool), (read + other) / 2 if HALVES[assume_a] else read, read + other)
    return np.swapaxes(read, -1, -2) if transposed else read


def adjoint_of_structured(g: Any, assume_a: str | None = "gen", lower: bool = False, transposed: bool = False) -> Any:
    """The adjoint of `a` in `structured(a, assume_a, lower, transposed)`.

    >>> adjoint_of_structured(np.ones((2, 2)), "sym")
    array([[1., 2.],
           [0., 1.]])
    """
    n = np.shape(g)[-1]
    if transposed:
        g = np.swapaxes(g, -1, -2)
    if assume_a in HALVES:
        other = np.swapaxes(np.conj(g) if HALVES[assume_a] else g, -1, -2)
        g = np.where(np.eye(n, dtype=bool), (g + other) / 2 if HALVES[assume_a] else g, g + other)
    return np.where(mask_of_structure(n, assume_a, lower), g, 0)
