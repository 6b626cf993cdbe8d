"""The facts of the arguments of a call: `signature({"W": W, "x": x}, varied={"W"})`, equal for all calls that one generated text serves.

Sizes are symbols in order of first appearance, equal sizes the same one; 0 and 1 stay what they are, so that a symbol is at least 2.
Values of numbers do not count; strings, bools and None that choose an algorithm do not either, except None, which has its own fact.
"""
from __future__ import annotations

import dataclasses
import enum
import functools
import types
from collections.abc import Collection
from collections.abc import Mapping as Named
from typing import Any

import numpy as np

from s2sad.derivatives.attributes import attributes
from s2sad.facts.dims import Dim, dim, lasting
from s2sad.facts.fact import (
    BOOL,
    COMPLEX,
    DEPTH,
    DISCRETE_CLASSES,
    FLOAT,
    NONE,
    TEXT,
    UNKNOWN,
    Fact,
    FunctionFact,
    Mapping,
    ModuleFact,
    Number,
    ObjectFact,
    RangeFact,
    Sequence,
    join_all,
    with_sizes,
)

LONG = 16
"""Lists and tuples of more items than this are taken as many of one kind, if they are."""

MIXED = Number("f", None, (), "python", mixed=True)
_CALLABLES = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, np.ufunc, type, functools.partial, type(np.sum))
_KINDS = {"b": "b", "i": "i", "u": "i", "f": "f", "c": "c"}
DISCRETE_CLASSES.update(
    (slice, bytes, types.EllipsisType, np.random.Generator, np.random.RandomState, *{type(np.dtype(c)) for c in "?bhilqBHILQefdgFDG"})
)


@dataclasses.dataclass
class _Sizes:
    """The symbols given so far; sizes that arrays `outside` of the arguments have too are those of `lasting`."""

    outside: Collection[int] = ()
    symbols: dict[int, Dim] = dataclasses.field(default_factory=dict)
    numbers: int = 0
    births: int = 0

    def of(self, size: int) -> Dim:
        if size < 2:
            return dim(size)
        if size not in self.symbols:
            self.symbols[size] = lasting(size) if size in self.outside else dim(f"n{len(self.symbols)}", 2)
        return self.symbols[size]

    def number(self, least: int | None = None) -> Dim:
        self.numbers += 1
        return dim(f"i{self.numbers}", least)

    def birth(self) -> frozenset[int]:
        """Every container argument counts as born in one place: the caller may pass the same twice."""
        return frozenset((0,))


class _Lasting(_Sizes):
    """The sizes of what is found outside of a function."""

    def of(self, size: int) -> Dim:
        return lasting(size)


def _number(value: Any, sizes: _Sizes, varied: bool) -> Fact:
    cls = type(value)
    if cls is float:
        return FLOAT
    if cls is int:
        return MIXED if varied else Number("i", None, (), "python", None, sizes.number())
    if cls is bool:
        return MIXED if varied else BOOL
    if cls is complex:
        return COMPLEX
    kind = _KINDS.get(value.dtype.kind)
    if kind is None:
        return UNKNOWN
    if cls is np.ndarray:
        shape = tuple(sizes.of(n) for n in value.shape)
        return Number(kind, value.dtype.name, shape, "array", None, sizes.number(0) if kind == "b" and shape else None)
    if isinstance(value, np.generic):
        return Number("f", None, (), "scalar", mixed=True) if varied and kind in "bi" else Number(kind, value.dtype.name, (), "scalar")
    return UNKNOWN


def _fact(value: Any, sizes: _Sizes, varied: bool, depth: int = 0) -> Fact:
    cls = type(value)
    if cls in (float, int, bool, complex, np.ndarray) or isinstance(value, np.generic):
        return _number(value, sizes, varied)
    if value is None:
        return NONE
    if cls is str:
        return TEXT
    if depth > DEPTH:
        return UNKNOWN
    if cls in (tuple, list):
        return _sequence(value, sizes, varied, depth)
    if isinstance(value, tuple) and hasattr(cls, "_fields"):
        return Sequence("tuple", tuple(_fact(item, sizes, varied, depth + 1) for item in value), None, dim(len(value)), None, cls)
    if cls is dict:
        items = tuple((k, _fact(item, sizes, varied, depth + 1)) for k, item in value.items())
        if all(isinstance(k, (str, int)) for k in value):
            return Mapping(items, None, None, sizes.birth())
        return Mapping(None, join_all(fact for _, fact in items), UNKNOWN, sizes.birth())
    if cls is range:
        return RangeFact(None, None, None)
    if isinstance(value, types.ModuleType):
        return ModuleFact(value)
    if isinstance(value, _CALLABLES):
        return FunctionFact(value)
    if cls in DISCRETE_CLASSES:
        return ObjectFact(cls)
    if hasattr(cls, "_is_s2sad_derivative"):
        return FunctionFact(value)
    if isinstance(value, enum.Enum):
        return ObjectFact(cls)
    held = attributes(value)
    return UNKNOWN if held is None else ObjectFact(
        cls, tuple((name, _fact(held[name], sizes, varied, depth + 1)) for name in sorted(held)), False, sizes.birth())


def _sequence(value: tuple[Any, ...] | list[Any], sizes: _Sizes, varied: bool, depth: int) -> Fact:
    kind = type(value).__name__
    births = sizes.birth() if kind == "list" else None
    if len(value) > LONG:
        if all(type(item) is float for item in value):
            return Sequence(kind, None, FLOAT, sizes.of(len(value)), births)
        fact = join_all(_fact(item, sizes, varied, depth + 1) for item in value)
        if fact != UNKNOWN:
            return Sequence(kind, None, fact, sizes.of(len(value)), births)
    return Sequence(kind, tuple(_fact(item, sizes, varied, depth + 1) for item in value), None, dim(len(value)), births)


def signature(values: Named[str, Any], varied: Collection[str] = (), outside: Collection[int] = ()) -> dict[str, Fact]:
    """The facts of named arguments; the ints in those that are `varied` (differentiated) count as real numbers.

    `outside` are the sizes of the arrays that the function finds outside of its arguments.
    """
    sizes = _Sizes(outside)
    return {name: _fact(value, sizes, name in varied) for name, value in values.items()}


def lasting_fact(value: Any) -> Fact:
    """The fact of an array, or of a tuple of such, outside of a function: its sizes are what they are, numbers are read anew."""
    return with_sizes(_fact(value, _Lasting(), False), lambda d, path: None if path.endswith("#") else d)


def signature_of(*values: Any) -> tuple[Fact, ...]:
    """The facts of example values."""
    sizes = _Sizes()
    return tuple(_fact(value, sizes, False) for value in values)


def key(facts: Named[str, Fact]) -> tuple[tuple[str, Fact], ...]:
    """A hashable key, equal for calls whose arguments have equal facts."""
    return tuple(facts.items())


def holds_complex(fact: Fact) -> bool:
    """Whether a value holds complex numbers, for which rules have other texts than for numbers of which nothing is known."""
    if isinstance(fact, Number):
        return fact.kind == "c"
    if isinstance(fact, Sequence):
        return any(map(holds_complex, (fact.each,) if fact.items is None else fact.items))
    if isinstance(fact, Mapping):
        return any(map(holds_complex, (fact.each,) if fact.items is None else [item for _, item in fact.items]))
    fields = fact.fields if isinstance(fact, ObjectFact) else fact.captured if isinstance(fact, FunctionFact) else None
    return any(holds_complex(item) for _, item in fields or ())
