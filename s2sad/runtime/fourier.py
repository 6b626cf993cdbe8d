"""Adjoints of Fourier transforms: transforms back, with what padding, cropping and the missing half of a spectrum ask for."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def resized(a: Any, sizes: Sequence[int], axes: Sequence[int]) -> Any:
    """`a` cropped or padded with zeros at the end of each axis, as a transform of another length does.

    >>> resized(np.ones(3), [5], [0])
    array([1., 1., 1., 0., 0.])
    """
    for n, axis in zip(sizes, axes):
        have = a.shape[axis]
        if n < have:
            a = np.take(a, np.arange(n), axis)
        elif n > have:
            a = np.pad(a, [(0, n - have if i == axis % a.ndim else 0) for i in range(a.ndim)])
    return a


def axes_of_transform(ndim: int, s: Any, axes: Any) -> tuple[int, ...]:
    """The axes of `np.fft.fftn(a, s, axes)`.

    >>> axes_of_transform(3, None, None)
    (0, 1, 2)
    """
    if axes is not None:
        return tuple(axes)
    return tuple(range(ndim)) if s is None else tuple(range(ndim - len(s), ndim))


def scale_of_adjoint(sizes: Sequence[int], norm: Any, inverse: bool) -> float:
    """The adjoint of a transform is the inverse transform of the same norm, times this.

    >>> scale_of_adjoint([4], None, False)
    4.0
    """
    total = 1.0
    for n in sizes:
        total *= n
    if norm == "ortho":
        return 1.0
    return total if (norm in (None, "backward")) is not inverse else 1 / total


def adjoint_of_fft(g: Any, a: Any, n: int | None = None, axis: int = -1, norm: Any = None) -> Any:
    """The adjoint of `a` in `np.fft.fft(a, n, axis, norm)`.

    >>> adjoint_of_fft(np.array([1.0, 0.0]), np.zeros(2))
    array([1.+0.j, 1.+0.j])
    """
    return adjoint_of_fftn(g, a, None if n is None else (n,), (axis,), norm)


def adjoint_of_ifft(g: Any, a: Any, n: int | None = None, axis: int = -1, norm: Any = None) -> Any:
    """The adjoint of `a` in `np.fft.ifft(a, n, axis, norm)`.

    >>> adjoint_of_ifft(np.array([1.0, 0.0]), np.zeros(2))
    array([0.5+0.j, 0.5+0.j])
    """
    return adjoint_of_ifftn(g, a, None if n is None else (n,), (axis,), norm)


def adjoint_of_fftn(g: Any, a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """The adjoint of `a` in `np.fft.fftn(a, s, axes, norm)`.

    >>> adjoint_of_fftn(np.array([[1.0, 0.0]]), np.zeros((1, 2)))
    array([[1.+0.j, 1.+0.j]])
    """
    over = axes_of_transform(np.ndim(a), s, axes)
    sizes = [np.shape(g)[axis] for axis in over]
    bar = np.fft.ifftn(g, None, over, norm) * scale_of_adjoint(sizes, norm, False)
    return resized(bar, [np.shape(a)[axis] for axis in over], over)


def adjoint_of_ifftn(g: Any, a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """The adjoint of `a` in `np.fft.ifftn(a, s, axes, norm)`.

    >>> adjoint_of_ifftn(np.array([[1.0, 0.0]]), np.zeros((1, 2)))
    array([[0.5+0.j, 0.5+0.j]])
    """
    over = axes_of_transform(np.ndim(a), s, axes)
    sizes = [np.shape(g)[axis] for axis in over]
    bar = np.fft.fftn(g, None, over, norm) * scale_of_adjoint(sizes, norm, True)
    return resized(bar, [np.shape(a)[axis] for axis in over], over)


def adjoint_of_rfft(g: Any, a: Any, n: int | None = None, axis: int = -1, norm: Any = None) -> Any:
    """The adjoint of the real `a` in `np.fft.rfft(a, n, axis, norm)`.

    >>> adjoint_of_rfft(np.array([1.0, 0.0]), np.zeros(2))
    array([1., 1.])
    """
    return adjoint_of_rfftn(g, a, None if n is None else (n,), (axis,), norm)


def adjoint_of_rfftn(g: Any, a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """The adjoint of the real `a` in `np.fft.rfftn(a, s, axes, norm)`: as if the missing half of the spectrum had the adjoint 0.

    >>> adjoint_of_rfftn(np.array([[1.0, 0.0]]), np.zeros((1, 2)))
    array([[1., 1.]])
    """
    over = axes_of_transform(np.ndim(a), s, axes)
    size = np.shape(a)[over[-1]] if s is None else s[-1]
    whole = resized(g, [size], over[-1:])
    return np.real(adjoint_of_fftn(whole, a, s, over, norm))


def adjoint_of_irfft(g: Any, a: Any, n: int | None = None, axis: int = -1, norm: Any = None) -> Any:
    """The adjoint of `a` in `np.fft.irfft(a, n, axis, norm)`.

    >>> adjoint_of_irfft(np.array([1.0, 0.0]), np.zeros(2, complex))
    array([0.5+0.j, 0.5+0.j])
    """
    return adjoint_of_irfftn(g, a, None if n is None else (n,), (axis,), norm)


def adjoint_of_irfftn(g: Any, a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """The adjoint of `a` in `np.fft.irfftn(a, s, axes, norm)`: entries that stand for two of the spectrum count twice.

    >>> adjoint_of_irfftn(np.array([[1.0, 0.0]]), np.zeros((1, 2), complex))
    array([[0.5+0.j, 0.5+0.j]])
    """
    over = axes_of_transform(np.ndim(a), s, axes)
    sizes = [np.shape(g)[axis] for axis in over]
    bar = np.fft.rfftn(g, None, over, norm) * scale_of_adjoint(sizes, norm, True)
    places = np.arange(bar.shape[over[-1]])
    twice = np.where((places == 0) | (2 * places == sizes[-1]), 1.0, 2.0).astype(np.real(bar).dtype)
    last = np.expand_dims(twice, tuple(i for i in range(bar.ndim) if i != over[-1] % bar.ndim))
    return resized(bar * last, [np.shape(a)[axis] for axis in over], over)


def adjoint_of_hfft(g: Any, a: Any, n: int | None = None, axis: int = -1, norm: Any = None) -> Any:
    """The adjoint of `a` in `np.fft.hfft(a, n, axis, norm)`, which is `np.fft.irfft` of the conjugate with the other norm.

    >>> adjoint_of_hfft(np.array([1.0, 0.0]), np.zeros(2, complex))
    array([1.-0.j, 1.-0.j])
    """
    return np.conj(adjoint_of_irfft(g, a, n, axis, OTHER_NORM[norm]))


def adjoint_of_ihfft(g: Any, a: Any, n: int | None = None, axis: int = -1, norm: Any = None) -> Any:
    """The adjoint of the real `a` in `np.fft.ihfft(a, n, axis, norm)`.

    >>> adjoint_of_ihfft(np.array([1.0, 0.0]), np.zeros(2))
    array([0.5, 0.5])
    """
    return adjoint_of_rfft(np.conj(g), a, n, axis, OTHER_NORM[norm])


OTHER_NORM = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}
