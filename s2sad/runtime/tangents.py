"""Tangents that do not fit one line: those of functions that order entries or choose among them."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from s2sad.runtime.entries import STATISTICS, options_of_pad
from s2sad.runtime.paddings import tangent_of_statistic_pad


def place_of_max(items: Sequence[Any]) -> int:
    """The index of the item that `max(items)` returns: the first of the largest.

    >>> place_of_max([2.0, 3.0, 3.0])
    1
    """
    return max(range(len(items)), key=items.__getitem__)


def place_of_min(items: Sequence[Any]) -> int:
    """The index of the item that `min(items)` returns: the first of the smallest.

    >>> place_of_min((2.0, 3.0, 2.0))
    0
    """
    return min(range(len(items)), key=items.__getitem__)


def tangent_of_partition(a_dot: Any, y: Any, a: Any, axis: int | None = -1) -> Any:
    """The tangent of `y = np.partition(a, kth, axis)`: both hold the same entries, which sorting brings together.

    >>> tangent_of_partition(np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.9, 0.7]), np.array([0.9, 0.7, 0.5]))
    array([3., 1., 2.])
    """
    along = -1 if axis is None else axis
    in_order = np.take_along_axis(np.asarray(a_dot), np.argsort(a, axis), axis)
    return np.take_along_axis(in_order, np.argsort(np.argsort(y, along), along), along)


def tangent_of_unique(a_dot: Any, y: Any, a: Any) -> Any:
    """The tangent of `y = np.unique(a)`, or of what it returns with indices and counts: of equal entries the first counts.

    >>> tangent_of_unique(np.array([1.0, 2.0, 4.0]), np.array([0.3, 0.5]), np.array([0.5, 0.3, 0.5]))
    array([2., 1.])
    """
    values = np.ravel(a_dot)[np.unique(a, return_index=True)[1]]
    return (values, *(np.zeros(np.shape(other)) for other in y[1:])) if isinstance(y, tuple) else values


def tangent_of_pad(a_dot: Any, a: Any, pad_width: Any, mode: str = "constant", reflect_type: str = "even", stat_length: Any = None) -> Any:
    """The tangent of `np.pad(a, pad_width, mode)`.

    >>> tangent_of_pad(np.ones(2), np.zeros(2), 1, "edge")
    array([1., 1., 1., 1.])
    """
    if mode in STATISTICS:
        return tangent_of_statistic_pad(a_dot, a, pad_width, mode, stat_length)
    return np.pad(a_dot, pad_width, **options_of_pad(mode, reflect_type))
