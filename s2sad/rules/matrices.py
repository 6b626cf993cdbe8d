"""Facts of results of matrix functions: shapes of the last two axes, and the named tuples of `np.linalg`."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np

from s2sad import core
from s2sad.facts import UNKNOWN, Fact, Number, Sequence, Shape, dim, fresh, tuple_of
from s2sad.rules.guards import NotKnown, value_of
from s2sad.rules.numbers import Bound, Facts, Result, promoted
from s2sad.rules.shapes import array_named, made, reduced


def at_least_float(array: Number) -> Number:
    """The same array with the dtype that `np.linalg` computes in."""
    dtype = array.dtype if array.kind in ("f", "c") else None
    return replace(array, kind="f" if array.kind in ("b", "i") else array.kind, dtype=dtype, mixed=False, value=None, size=None)


def _real(array: Number) -> Number:
    dtype = {"complex128": "float64", "complex64": "float32"}.get(array.dtype or "", array.dtype)
    return replace(array, kind="f" if array.kind in ("f", "c") else array.kind, dtype=dtype)


def shaped(name: str, shape: Callable[[Shape], Shape | None], real: bool = False) -> Result:
    """An array of floats whose shape follows from that of an argument."""
    def result(facts: Facts, bound: Bound) -> Fact:
        array = array_named(name, facts)
        if array is None:
            return UNKNOWN
        array = _real(at_least_float(array)) if real else at_least_float(array)
        return made(None if array.shape is None else shape(array.shape), array.kind, array.dtype)
    return result


def same_matrix(name: str) -> Result:
    """A matrix of the shape of an argument."""
    return shaped(name, lambda shape: shape)


def some_matrix(name: str) -> Result:
    """A matrix of the rank of an argument."""
    return shaped(name, lambda shape: tuple(fresh() for _ in shape))


def number_of_matrix(name: str, real: bool = False) -> Result:
    """A number for each matrix."""
    return shaped(name, lambda shape: shape[:-2], real)


flipped_matrix = shaped("a", lambda shape: (*shape[:-2], shape[-1], shape[-2]))
real_row = shaped("a", lambda shape: shape[:-1], real=True)
singular_values = shaped("a", lambda shape: (*shape[:-2], fresh()), real=True)


def solution(facts: Facts, bound: Bound) -> Fact:
    """`np.linalg.solve(a, b)`: shaped like `b` where there is one matrix."""
    a, b = array_named("a", facts), array_named("b", facts)
    if a is None or b is None:
        return UNKNOWN
    a, b = at_least_float(a), at_least_float(b)
    kind, dtype, _ = promoted(((a.kind, a.dtype, False, False), (b.kind, b.dtype, False, False)))
    alone = a.shape is not None and len(a.shape) == 2 and b.shape is not None and len(b.shape) in (1, 2)
    return Number(kind, dtype, b.shape if alone else None, "array" if alone else "any")


@cache
def _class(function: str) -> type:
    """The class of the named tuple that a function of `np.linalg` returns."""
    return type(getattr(np.linalg, function)(np.ones((1, 1))))


def _named(function: str, *items: Fact) -> Fact:
    cls = _class(function)
    return Sequence("tuple", items, None, dim(len(items)), None, cls) if hasattr(cls, "_fields") else tuple_of(*items)


def factors(function: str, *parts: Result) -> Result:
    """The named tuple that `np.linalg.eigh` and its kin return."""
    def result(facts: Facts, bound: Bound) -> Fact:
        return _named(function, *(part(facts, bound) for part in parts))
    return result


def spectrum(facts: Facts, bound: Bound) -> Fact:
    """`np.linalg.eigvals(a)`: real or complex, as the values are."""
    array = array_named("a", facts)
    return Number("c", None, None if array is None or array.shape is None else array.shape[:-1], "array", mixed=True)


def spectral_matrix(facts: Facts, bound: Bound) -> Fact:
    array = array_named("a", facts)
    return Number("c", None, None if array is None else array.shape, "array", mixed=True)


def singular(facts: Facts, bound: Bound) -> Fact:
    """`np.linalg.svd(a, full_matrices, compute_uv)`."""
    try:
        vectors = value_of("compute_uv", bound, facts)
    except NotKnown:
        return UNKNOWN
    values = singular_values(facts, bound)
    return _named("svd", some_matrix("a")(facts, bound), values, some_matrix("a")(facts, bound)) if vectors else values


def triangular(facts: Facts, bound: Bound) -> Fact:
    """`np.linalg.qr(a, mode)`."""
    if bound.get("mode") == core.Const("r"):
        return some_matrix("a")(facts, bound)
    return _named("qr", some_matrix("a")(facts, bound), some_matrix("a")(facts, bound))


def normed(facts: Facts, bound: Bound) -> Fact:
    """`np.linalg.norm(x, ord, axis, keepdims)`: real, over all axes where none is given."""
    array = array_named("x", facts)
    if array is None:
        return UNKNOWN
    array = _real(at_least_float(array))
    return made(reduced(array, facts, bound), array.kind, array.dtype)


def _complex(array: Number, shape: Shape | None) -> Number:
    dtype = {"float64": "complex128", "complex128": "complex128", "float32": "complex64", "complex64": "complex64"}.get(array.dtype or "")
    return Number("c", dtype, shape, "array")


def transform(facts: Facts, bound: Bound) -> Fact:
    """`np.fft.fft(a, n)`: complex, of the shape of the argument where no length is given."""
    array = array_named("a", facts)
    length = bound.get("n", bound.get("s"))
    if array is None or array.shape is None:
        return Number("c", None, None, "array")
    return _complex(array, array.shape if length == core.Const(None) else tuple(fresh() for _ in array.shape))


def spectrum_of(facts: Facts, bound: Bound) -> Fact:
    """`np.fft.rfft(a)`: complex, with half of the last axis."""
    array = array_named("a", facts)
    return Number("c", None, None, "array") if array is None else _complex(array, None if array.shape is None else
                                                                           tuple(fresh() for _ in array.shape))
