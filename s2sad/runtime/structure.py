"""Adjoints shaped like their primals, whatever these are: numbers, arrays, or lists, tuples, dicts and dataclasses of them."""
from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np


def unbroadcast(t: Any, x: Any) -> Any:
    """`t` as an adjoint of `x`: summed over the axes along which `x` was broadcast, expanded where it is smaller, typed like `x`.

    The result is a Python number where `x` is one, real where `x` is real, and has the dtype of `x` where that is inexact.

    >>> unbroadcast(np.ones((2, 3)), 5.0)
    6.0
    >>> unbroadcast(np.ones((2, 3)), np.zeros((2, 1)))
    array([[3.],
           [3.]])
    >>> unbroadcast(1.0, np.zeros(2, np.float32))
    array([1., 1.], dtype=float32)
    """
    if type(t) is np.ndarray and type(x) is np.ndarray and t.shape == x.shape and t.dtype == x.dtype:
        return t
    if isinstance(x, (list, tuple)):
        parts = t if isinstance(t, (list, tuple)) else sum_to_shape(t, np.shape(x))
        return _rebuilt(x, [unbroadcast(part, item) for part, item in zip(parts, x, strict=True)])
    if type(x) is complex:
        return complex(np.sum(t))
    if isinstance(x, (bool, int, float)) and not isinstance(x, np.generic):
        return float(t.real if type(t) is complex else np.sum(np.real(t)) if isinstance(t, (np.ndarray, np.generic)) else t)
    summed = sum_to_shape(t, np.shape(x))
    dtype = np.asarray(x).dtype
    if dtype.kind != "c" and summed.dtype.kind == "c":
        summed = np.real(summed)
    if dtype.kind in "fc" and summed.dtype != dtype:
        summed = summed.astype(dtype)
    return summed[()] if isinstance(x, np.generic) else summed


def sum_to_shape(t: Any, shape: tuple[int, ...]) -> Any:
    """`t` summed over what broadcasting added to `shape`, and repeated along what it lacks.

    >>> sum_to_shape(np.ones((4, 3)), (3,))
    array([4., 4., 4.])
    """
    t = np.asarray(t)
    if t.ndim > len(shape):
        t = np.sum(t, axis=tuple(range(t.ndim - len(shape))))
    stretched = tuple(i for i, n in enumerate(t.shape, len(shape) - t.ndim) if shape[i] == 1 != n)
    if stretched:
        t = np.sum(t, axis=tuple(i - len(shape) + t.ndim for i in stretched), keepdims=True)
    return t if t.shape == shape else np.array(np.broadcast_to(t, shape))


def zeros(x: Any) -> Any:
    """The zero adjoint of `x`, of the same structure; None for what has no derivative, such as a text.

    >>> zeros({"w": np.ones(2), "b": (1, 2j)})
    {'w': array([0., 0.]), 'b': (0.0, 0j)}
    """
    if isinstance(x, np.ndarray):
        return np.zeros_like(x) if x.dtype.kind in "fcO" else np.zeros(x.shape)
    if isinstance(x, np.generic):
        return type(x)(0) if isinstance(x, np.inexact) else np.float64(0.0)
    if isinstance(x, (bool, int, float)):
        return 0.0
    if isinstance(x, complex):
        return 0j
    if isinstance(x, (list, tuple)):
        return _rebuilt(x, [zeros(item) for item in x])
    if isinstance(x, dict):
        return {key: zeros(value) for key, value in x.items()}
    if dataclasses.is_dataclass(x) and not isinstance(x, type):
        return dataclasses.replace(x, **{f.name: zeros(getattr(x, f.name)) for f in dataclasses.fields(x) if f.init})
    return None


def add(a: Any, b: Any) -> Any:
    """The sum of two adjoints of one value, structure by structure.

    >>> add([1.0, (2.0, None)], [0.5, (1.0, None)])
    [1.5, (3.0, None)]
    """
    if a is None or b is None:
        return b if a is None else a
    if isinstance(a, (list, tuple)):
        return _rebuilt(a, [add(x, y) for x, y in zip(a, b, strict=True)])
    if isinstance(a, dict):
        return {key: add(value, b[key]) for key, value in a.items()}
    if dataclasses.is_dataclass(a) and not isinstance(a, type):
        fields = (f.name for f in dataclasses.fields(a) if f.init)
        return dataclasses.replace(a, **{name: add(getattr(a, name), getattr(b, name)) for name in fields})
    return a + b


def _rebuilt(like: Any, items: list[Any]) -> Any:
    if isinstance(like, list):
        return items
    return type(like)(*items) if hasattr(like, "_fields") else tuple(items)
