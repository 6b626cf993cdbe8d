"""Adjoints and tangents of `np.pad` where new entries are statistics of old ones: axis after axis, on either side, as NumPy pads."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sad.runtime.statistics import weights_of_quantile


def weights_of_statistic(rows: Any, mode: str) -> Any:
    """The derivative of a statistic over the first axis with respect to each entry; equal parts to equal extremes.

    >>> weights_of_statistic(np.array([3.0, 1.0, 3.0]), "maximum")
    array([0.5, 0. , 0.5])
    """
    if mode == "median":
        return weights_of_quantile(rows, 0.5, 0)
    if mode == "mean":
        return np.full_like(rows, 1 / len(rows))
    chosen = rows == (np.max if mode == "maximum" else np.min)(rows, axis=0)
    return (chosen / np.sum(chosen, axis=0)).astype(rows.dtype)


def sides_of_pad(a: Any, pad_width: Any, mode: str, stat_length: Any = None) -> Iterator[tuple[int, int, int, Any, Any]]:
    """For each axis, how much is put before and after how many entries, and the weights of the entries in what is put there."""
    widths = np.broadcast_to(pad_width, (np.ndim(a), 2))
    lengths = np.broadcast_to(np.max(np.shape(a)) if stat_length is None else stat_length, (np.ndim(a), 2))
    for axis in range(np.ndim(a)):
        before, after = (int(width) for width in widths[axis])
        rows = np.moveaxis(a, axis, 0)
        first, last = (min(int(length), len(rows)) for length in lengths[axis])
        weights_before, weights_after = np.zeros_like(rows), np.zeros_like(rows)
        if before:
            weights_before[:first] = weights_of_statistic(rows[:first], mode)
        if after:
            weights_after[len(rows) - last:] = weights_of_statistic(rows[len(rows) - last:], mode)
        yield before, after, len(rows), weights_before, weights_after
        beside = [(before, after) if k == axis else (0, 0) for k in range(np.ndim(a))]
        options = {} if stat_length is None else {"stat_length": lengths}
        a = np.pad(a, beside, mode, **options)  # type: ignore[call-overload]


def adjoint_of_statistic_pad(g: Any, a: Any, pad_width: Any, mode: str, stat_length: Any = None) -> Any:
    """The adjoint of `a` in `np.pad(a, pad_width, mode, stat_length=stat_length)`.

    >>> adjoint_of_statistic_pad(np.ones(4), np.array([1.0, 3.0]), 1, "maximum")
    array([1., 3.])
    """
    sides = list(sides_of_pad(np.asarray(a), pad_width, mode, stat_length))
    for axis in reversed(range(len(sides))):
        before, _, n, weights_before, weights_after = sides[axis]
        rows = np.moveaxis(g, axis, 0)
        inner = rows[before:before + n] + weights_before * np.sum(rows[:before], axis=0) + weights_after * np.sum(rows[before + n:], axis=0)
        g = np.moveaxis(inner, 0, axis)
    return g


def tangent_of_statistic_pad(a_dot: Any, a: Any, pad_width: Any, mode: str, stat_length: Any = None) -> Any:
    """The tangent of `np.pad(a, pad_width, mode, stat_length=stat_length)`.

    >>> tangent_of_statistic_pad(np.array([1.0, 2.0]), np.array([1.0, 3.0]), 1, "maximum")
    array([2., 1., 2., 2.])
    """
    for axis, (before, after, _, weights_before, weights_after) in enumerate(sides_of_pad(np.asarray(a), pad_width, mode, stat_length)):
        rows = np.moveaxis(a_dot, axis, 0)
        first = np.sum(weights_before * rows, axis=0, keepdims=True)
        last = np.sum(weights_after * rows, axis=0, keepdims=True)
        a_dot = np.moveaxis(np.concatenate([np.repeat(first, before, 0), rows, np.repeat(last, after, 0)]), 0, axis)
    return a_dot
