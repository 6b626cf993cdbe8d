"""Jacobians as programs: what is differentiated where a program calls a Jacobian, or asks for the derivative of one."""
from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from s2sad.api import jvp, vjp

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


@lru_cache(maxsize=256)
def summed(f: Function) -> Function:
    """The sum of the entries of what `f` gives, whose gradient is the elementwise derivative of `f`.

    >>> summed(lambda x: x ** 2)(np.array([1.0, 2.0]))
    np.float64(5.0)
    """
    def total(*args: Any) -> Any:
        return np.sum(f(*args))

    return total


@lru_cache(maxsize=256)
def times(gradient: Function) -> Function:
    """The derivative of a gradient in the direction of a second argument: the Hessian times a vector.

    >>> from s2sad import grad
    >>> times(grad(lambda x: x ** 3))(2.0, 1.0)
    12.0
    """
    def product(x: Any, v: Any) -> Any:
        return jvp(gradient, (x,), (v,))[1]

    return product
