"""Adjoints of contractions and other products of arrays, such as `np.einsum`, `np.tensordot`, `np.kron` and convolutions."""
from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from s2sad.runtime.structure import sum_to_shape


def spelled_subscripts(subscripts: str, ndims: Sequence[int]) -> tuple[list[str], str]:
    """The labels of the operands and of the result of `np.einsum`, with letters for an ellipsis.

    >>> spelled_subscripts("...i,i", [3, 1])
    (['YZi', 'i'], 'YZ')
    """
    left, arrow, result = subscripts.replace(" ", "").partition("->")
    terms = left.split(",")
    free = [c for c in string.ascii_letters if c not in subscripts][::-1]
    longest = max(n - len(t.replace("...", "")) if "..." in t else 0 for t, n in zip(terms, ndims))
    letters = "".join(free[:longest])[::-1]
    spelled = [t.replace("...", letters[len(letters) - (n - len(t.replace("...", ""))):] if n > len(t.replace("...", "")) else "")
               for t, n in zip(terms, ndims)]
    if not arrow:
        counts = left.replace("...", "")
        result = "..." * ("..." in left) + "".join(c for c in sorted(set(counts) - {","}) if counts.count(c) == 1)
    return spelled, result.replace("...", letters)


def letters_of_axes(axes: Sequence[Any], result: Any = None) -> str:
    """The subscripts of `np.einsum` for operands whose axes are numbered.

    >>> letters_of_axes([(0, 1), (..., 1)], (..., 0))
    'ab,...b->...a'
    """
    operands = ",".join(map(_lettered, axes))
    return operands if result is None else f"{operands}->{_lettered(result)}"


def _lettered(axes: Any) -> str:
    return "".join("..." if axis is ... else string.ascii_letters[axis] for axis in axes)


def adjoint_of_einsum(g: Any, i: int, subscripts: str, *operands: Any) -> Any:
    """The adjoint of operand `i` in `np.einsum(subscripts, *operands)`.

    >>> adjoint_of_einsum(2.0, 0, "ii", np.zeros((2, 2)))
    array([[2., 0.],
           [0., 2.]])
    """
    terms, result = spelled_subscripts(subscripts, [np.ndim(a) for a in operands])
    own = "".join(dict.fromkeys(terms[i]))
    others = [(t, a) for k, (t, a) in enumerate(zip(terms, operands)) if k != i]
    missing = [c for c in own if c not in result and not any(c in t for t, _ in others)]
    sizes = dict(zip(terms[i], np.shape(operands[i])))
    dtype = np.result_type(g)
    parts = [(result, g), *others, *((c, np.ones(sizes[c], dtype)) for c in missing)]
    bar = np.einsum(",".join(t for t, _ in parts) + "->" + own, *(a for _, a in parts))
    if own == terms[i]:
        return sum_to_shape(bar, np.shape(operands[i]))
    whole = np.zeros(np.shape(operands[i]), bar.dtype)
    np.einsum(terms[i] + "->" + own, whole)[...] = sum_to_shape(bar, tuple(sizes[c] for c in own))
    return whole


def _axes_of_tensordot(a: Any, b: Any, axes: Any) -> tuple[list[int], list[int]]:
    if np.ndim(axes) == 0:
        return list(range(np.ndim(a) - axes, np.ndim(a))), list(range(axes))
    left, right = ([axis] if np.ndim(axis) == 0 else list(axis) for axis in axes)
    return [i % np.ndim(a) for i in left], [i % np.ndim(b) for i in right]


def adjoint_of_tensordot_left(g: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    """The adjoint of `a` in `np.tensordot(a, b, axes)`.

    >>> adjoint_of_tensordot_left(1.0, np.zeros((2, 2)), np.eye(2))
    array([[1., 0.],
           [0., 1.]])
    """
    left, right = _axes_of_tensordot(a, b, axes)
    free_a = [i for i in range(np.ndim(a)) if i not in left]
    free_b = [i for i in range(np.ndim(b)) if i not in right]
    bar = np.tensordot(g, b, (list(range(len(free_a), np.ndim(g))), free_b))
    order = free_a + [left[k] for k in np.argsort(right)]
    return np.transpose(bar, np.argsort(order))


def adjoint_of_tensordot_right(g: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    """The adjoint of `b` in `np.tensordot(a, b, axes)`.

    >>> adjoint_of_tensordot_right(1.0, np.eye(2), np.zeros((2, 2)))
    array([[1., 0.],
           [0., 1.]])
    """
    left, right = _axes_of_tensordot(a, b, axes)
    free_a = [i for i in range(np.ndim(a)) if i not in left]
    free_b = [i for i in range(np.ndim(b)) if i not in right]
    bar = np.tensordot(a, g, (free_a, list(range(len(free_a)))))
    order = [right[k] for k in np.argsort(left)] + free_b
    return np.transpose(bar, np.argsort(order))


def _interleaved(g: Any, a: Any, b: Any) -> tuple[Any, Any, Any]:
    """`np.kron(a, b)` as a product of arrays whose axes take turns."""
    ndim = max(np.ndim(a), np.ndim(b))
    m, n = ((1,) * (ndim - np.ndim(x)) + np.shape(x) for x in (a, b))
    return (np.reshape(g, [size for pair in zip(m, n) for size in pair]), np.reshape(a, [s for size in m for s in (size, 1)]),
            np.reshape(b, [s for size in n for s in (1, size)]))


def adjoint_of_kron_left(g: Any, a: Any, b: Any) -> Any:
    """The adjoint of `a` in `np.kron(a, b)`.

    >>> adjoint_of_kron_left(np.array([1.0, 1.0, 0.0, 1.0]), np.zeros(2), np.array([2.0, 3.0]))
    array([5., 3.])
    """
    spread, _, right = _interleaved(g, a, b)
    return np.reshape(np.sum(spread * right, axis=tuple(range(1, spread.ndim, 2))), np.shape(a))


def adjoint_of_kron_right(g: Any, a: Any, b: Any) -> Any:
    """The adjoint of `b` in `np.kron(a, b)`.

    >>> adjoint_of_kron_right(np.array([1.0, 1.0, 0.0, 1.0]), np.array([2.0, 3.0]), np.zeros(2))
    array([2., 5.])
    """
    spread, left, _ = _interleaved(g, a, b)
    return np.reshape(np.sum(spread * left, axis=tuple(range(0, spread.ndim, 2))), np.shape(b))


def _in_space(a: Any, axis: int) -> Any:
    """Vectors along the last axis, those of the plane with a third component 0."""
    moved = np.moveaxis(np.asarray(a), axis, -1)
    return moved if moved.shape[-1] == 3 else np.concatenate([moved, np.zeros_like(moved[..., :1])], -1)


def _seed_of_cross(g: Any, a: Any, b: Any, axes: tuple[int, int, int]) -> Any:
    if np.shape(a)[axes[0]] == 2 == np.shape(b)[axes[1]]:
        return np.stack([np.zeros_like(g), np.zeros_like(g), g], -1)
    return np.moveaxis(np.asarray(g), axes[2], -1)


def adjoint_of_cross_left(g: Any, a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    """The adjoint of `a` in `np.cross(a, b, axisa, axisb, axisc, axis)`: `b × g`.

    >>> adjoint_of_cross_left(np.array([0.0, 0.0, 1.0]), np.zeros(3), np.array([0.0, 1.0, 0.0]))
    array([1., 0., 0.])
    """
    axes = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    bar = np.cross(_in_space(b, axes[1]), _seed_of_cross(g, a, b, axes))[..., :np.shape(a)[axes[0]]]
    return np.moveaxis(sum_to_shape(bar, np.moveaxis(np.asarray(a), axes[0], -1).shape), -1, axes[0])


def adjoint_of_cross_right(g: Any, a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    """The adjoint of `b` in `np.cross(a, b, axisa, axisb, axisc, axis)`: `g × a`.

    >>> adjoint_of_cross_right(np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0]), np.zeros(3))
    array([0., 1., 0.])
    """
    axes = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    bar = np.cross(_seed_of_cross(g, a, b, axes), _in_space(a, axes[0]))[..., :np.shape(b)[axes[1]]]
    return np.moveaxis(sum_to_shape(bar, np.moveaxis(np.asarray(b), axes[1], -1).shape), -1, axes[1])


def _whole_convolution(g: Any, m: int, n: int, mode: str, late: bool = False) -> Any:
    """`g` of a convolution of `m` and `n` entries in its place in the full one; the middle of an odd rest is later where `late`."""
    full = m + n - 1
    if mode == "full":
        return g
    start = min(m, n) - 1 if mode == "valid" else min(m, n) // 2 if late else (min(m, n) - 1) // 2
    return np.pad(g, (start, full - start - len(g)))


def adjoint_of_convolve(g: Any, a: Any, v: Any, mode: str = "full") -> Any:
    """The adjoint of `a` in `np.convolve(a, v, mode)`; that of `v` is the same with the two in each other's place.

    >>> adjoint_of_convolve(np.array([1.0, 0.0, 0.0]), np.zeros(2), np.array([2.0, 3.0]))
    array([2., 0.])
    """
    return np.correlate(_whole_convolution(g, np.size(a), np.size(v), mode), np.conj(v), "valid")


def adjoint_of_correlate_left(g: Any, a: Any, v: Any, mode: str = "valid") -> Any:
    """The adjoint of `a` in `np.correlate(a, v, mode)`.

    >>> adjoint_of_correlate_left(np.array([1.0, 0.0]), np.zeros(3), np.array([2.0, 3.0]))
    array([2., 3., 0.])
    """
    whole = _whole_convolution(g, np.size(a), np.size(v), mode, np.size(a) < np.size(v))
    return np.convolve(whole, v, "valid")


def adjoint_of_correlate_right(g: Any, a: Any, v: Any, mode: str = "valid") -> Any:
    """The adjoint of `v` in `np.correlate(a, v, mode)`.

    >>> adjoint_of_correlate_right(np.array([1.0, 0.0]), np.array([1.0, 2.0, 5.0]), np.zeros(2))
    array([1., 2.])
    """
    whole = _whole_convolution(g, np.size(a), np.size(v), mode, np.size(a) < np.size(v))
    return np.conj(np.correlate(whole, a, "valid")[::-1])
