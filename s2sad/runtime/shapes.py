"""Adjoints of functions that move entries: the parts of a joined array, the undone transposition."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from s2sad.runtime.structure import unbroadcast


def split_of_concatenation(g: Any, arrays: Sequence[Any], axis: int | None = 0) -> Any:
    """The adjoints of `arrays` in `np.concatenate(arrays, axis)`, a list or a tuple as `arrays` is.

    >>> split_of_concatenation(np.arange(3.0), [np.zeros(1), np.zeros(2)])
    [array([0.]), array([1., 2.])]
    """
    if isinstance(arrays, np.ndarray):
        return g.reshape(arrays.shape) if axis in (0, None) else np.stack(np.split(g, len(arrays), axis))
    sizes = [np.size(a) if axis is None else np.shape(a)[axis] for a in arrays]
    parts = np.split(g, np.cumsum(sizes)[:-1], axis or 0)
    adjoints = [unbroadcast(part.reshape(np.shape(a)), a) for part, a in zip(parts, arrays)]
    return tuple(adjoints) if isinstance(arrays, tuple) else adjoints


def part_of_concatenation(g: Any, i: int, arrays: Sequence[Any], axis: int | None = 0) -> Any:
    """The adjoint of `arrays[i]` in `np.concatenate(arrays, axis)`.

    >>> part_of_concatenation(np.arange(3.0), 1, [np.zeros(1), np.zeros(2)])
    array([1., 2.])
    """
    return split_of_concatenation(g, arrays, axis)[i]


def unstacked(g: Any, arrays: Sequence[Any], axis: int = 0) -> Any:
    """The adjoints of `arrays` in `np.stack(arrays, axis)`.

    >>> unstacked(np.eye(2), [np.zeros(2), np.zeros(2)], 1)
    [array([1., 0.]), array([0., 1.])]
    """
    parts = np.moveaxis(g, axis, 0)
    if isinstance(arrays, np.ndarray):
        return parts
    adjoints = [unbroadcast(part, a) for part, a in zip(parts, arrays)]
    return tuple(adjoints) if isinstance(arrays, tuple) else adjoints


def unrolled(g: Any, axis: int, start: int = 0) -> Any:
    """The adjoint of `a` in `np.rollaxis(a, axis, start)`.

    >>> unrolled(np.zeros((4, 2, 3)), 2).shape
    (2, 3, 4)
    """
    axis, start = axis % g.ndim, start + g.ndim if start < 0 else start
    return np.moveaxis(g, start - 1 if start > axis else start, axis)


def untransposed(g: Any, axes: Any = None) -> Any:
    """The adjoint of `a` in `np.transpose(a, axes)`.

    >>> untransposed(np.zeros((2, 3, 4)), (1, 2, 0)).shape
    (4, 2, 3)
    """
    axes = tuple(axes.tolist()) if isinstance(axes, np.ndarray) else axes
    if axes is None or axes == () or axes == (None,):
        return np.transpose(g)
    if len(axes) == 1 and isinstance(axes[0], (tuple, list)):
        axes = axes[0]
    return np.transpose(g, np.argsort([axis % g.ndim for axis in axes]))
