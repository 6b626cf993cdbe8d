"""Values that an equation defines, differentiated by the implicit function theorem (Griewank & Walther, *Evaluating Derivatives*, 15.6)."""
from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from s2sad.errors import DifferentiationError


class Partial:
    """A result of which some entries have no derivative here."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        kept = ", ".join(f"`{field.name}`" for field in fields(self))  # type: ignore[arg-type]
        raise DifferentiationError(f"the entry `{name}` of this result has no derivative: {kept} have one, or are no numbers")


@dataclass
class Solved(Partial):
    """What `scipy.optimize.root`, `minimize` and their like return, with the entries that have a derivative or are no numbers."""

    x: Any
    fun: Any
    success: Any
    status: Any
    message: Any


@dataclass
class SolvedEquation(Partial):
    """What `scipy.optimize.root_scalar` returns."""

    root: Any
    converged: Any
    flag: Any


@dataclass
class SolvedTrajectory(Partial):
    """What `scipy.integrate.solve_ivp` returns."""

    t: Any
    y: Any
    success: Any
    status: Any
    message: Any


def held(x: Any) -> Any:
    """`x` itself, held constant in the derivative that is being made; no derivative calls it.

    >>> held(2.0)
    2.0
    """
    return x


def solution(x: Any, residual: Any, slope: Any) -> Any:
    """The solution `x` of an equation whose left-hand side at `x` is `residual`, and its derivative in `x` is `slope`.

    >>> solution(2.0, 0.0, 4.0)
    2.0
    """
    return x


def adjoint_of_solution(g: Any, slope: Any) -> Any:
    """The adjoint of the residual of a system of equations: the system of the transposed Jacobian.

    >>> adjoint_of_solution(np.array([2.0]), np.array([[4.0]]))
    array([-0.5])
    """
    if np.ndim(slope) < 2:
        return -g / slope
    return -np.reshape(np.linalg.solve(slope.T, np.ravel(g)), np.shape(g))


def tangent_of_solution(residual_dot: Any, x: Any, slope: Any) -> Any:
    """The tangent of the solution of a system of equations.

    >>> tangent_of_solution(np.array([2.0]), np.array([1.0]), np.array([[4.0]]))
    array([-0.5])
    """
    if np.ndim(slope) < 2:
        return -residual_dot / slope
    return -np.reshape(np.linalg.solve(slope, np.ravel(residual_dot)), np.shape(x))
