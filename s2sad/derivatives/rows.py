"""Jacobians as programs: what is differentiated where a program calls a Jacobian, or asks for the derivative of one."""
from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from s2sad.api import vjp

Function = Callable[..., Any]


@lru_cache(maxsize=256)
def by_rows(f: Function) -> Function:
    """The Jacobian of `f`, a function of one number or array to one, from one pullback for each entry of the result.

    >>> by_rows(lambda x: x ** 2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """
    def jacobian(x: Any) -> Any:
        value = f(x)
        size = np.size(value)
        rows = np.zeros((size, *np.shape(x)))
        for k in range(size):
            seed = np.reshape(np.arange(size) == k, np.shape(value)) * 1.0
            rows[k] = vjp(f, x)[1](seed)[0]
        return np.reshape(rows, np.shape(value) + np.shape(x))

    return jacobian


@lru_cache(maxsize=256)
def by_rows_of_one(f: Function, position: int) -> Function:
    """The Jacobian of `f` with respect to one of its arguments."""
    def jacobian(*args: Any) -> Any:
        value = f(*args)
        size = np.size(value)
        rows = np.zeros((size, *np.shape(args[position])))
        for k in range(size):
            seed = np.reshape(np.arange(size) == k, np.shape(value)) * 1.0
            rows[k] = vjp(f, *args)[1](seed)[position]
        return np.reshape(rows, np.shape(value) + np.shape(args[position]))

    return jacobian
