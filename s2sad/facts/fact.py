"""Facts: what is known of the value of an expression at run time; `join` is the strongest fact that holds for either of two values.

A fact never says more than holds for every run with equal signature: kinds are upper bounds (a `Number` of kind `f` may hold an int),
None and `?` are "not known".  A Python float may be complex after `**` of a negative base, which facts leave out.  Facts are frozen and
hashable; equal facts are interchangeable.
"""
from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from s2sad.facts.dims import ELSEWHERE, Dim, Shape, Symbol, dim, fresh

KINDS = "bifc?"
DEPTH = 5
"""Containers in containers are told apart to this depth; what is deeper is Unknown."""

CHOICES = 8
"""A value that may be one of more functions than this is Unknown."""


@dataclass(frozen=True, slots=True)
class Fact:
    """`discrete`: the value is known to hold no real number that could vary."""

    discrete: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Unknown(Fact):
    """Anything."""

    discrete: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Number(Fact):
    """A number or an array of numbers.

    `kind` is the highest of b, i, f, c that it may have, or `?`.  `dtype` is NumPy's name for it, None for Python numbers and where
    unknown. `shape` is None where the rank is unknown.  `box` is `python` (exactly bool, int, float or complex), `scalar` (of NumPy),
    `array`, or `any`. `value` is that of a known Python int or bool, `size` the Python int in terms of dimensions; of an array of bools,
    `size` counts the true ones, as long as nothing is written into it.  `mixed`: the kind at run time may be a lower one; `bare`: it is no
    array, though the box is not known.
    """

    kind: str
    dtype: str | None = None
    shape: Shape | None = None
    box: str = "any"
    value: int | None = None
    size: Dim | None = None
    mixed: bool = False
    bare: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether it is a number by itself, which nothing changes in place."""
        return self.bare or self.box in ("python", "scalar")

    @property
    def discrete(self) -> bool:  # type: ignore[override]
        return self.kind == "i" or self.kind == "b"

    @property
    def ndim(self) -> int | None:
        return None if self.shape is None else len(self.shape)


@dataclass(frozen=True, slots=True)
class Sequence(Fact):
    """A tuple, list, set, or iterator (of `zip`, a generator): `items` where they are known one by one, else `item` holds for each.

    `born` are the statements that may have made it, None for one that no variable holds yet; only values of common birth may be the same
    object.  `cls` is the class of a named tuple, whose `items` are then known.
    """

    kind: str
    items: tuple[Fact, ...] | None = None
    item: Fact | None = None
    length: Dim | None = None
    born: frozenset[int] | None = None
    cls: type | None = None

    @property
    def discrete(self) -> bool:  # type: ignore[override]
        if self.items is not None:
            return all(item.discrete for item in self.items)
        return self.item is not None and self.item.discrete

    @property
    def each(self) -> Fact:
        """What holds for every item; Undefined of an empty sequence."""
        if self.items is None:
            return self.item or UNKNOWN
        return join_all(as_item(item) for item in self.items)

    @property
    def count(self) -> int | None:
        """How many items there are, None where that is not known."""
        return len(self.items) if self.items is not None else self.length.known if self.length is not None else None


@dataclass(frozen=True, slots=True)
class Mapping(Fact):
    """A dict: `items` by key where its keys are known constants in known order, else `item` holds for every value and `key` for
    every key.
    """

    items: tuple[tuple[Any, Fact], ...] | None = None
    item: Fact | None = None
    key: Fact | None = None
    born: frozenset[int] | None = None

    @property
    def discrete(self) -> bool:  # type: ignore[override]
        if self.items is not None:
            return all(item.discrete for _, item in self.items)
        return self.item is not None and self.item.discrete

    @property
    def every_key(self) -> Fact:
        """What holds for every key, as far as these are all texts or all ints; Undefined of an empty dict."""
        if self.items is None:
            return self.key or UNKNOWN
        kinds = {type(key) for key, _ in self.items}
        if not kinds:
            return UNDEFINED
        return TEXT if kinds == {str} else INT if kinds == {int} else UNKNOWN

    @property
    def each(self) -> Fact:
        """What holds for every value."""
        return (self.item or UNKNOWN) if self.items is None else join_all(as_item(item) for _, item in self.items)


@dataclass(frozen=True, slots=True)
class Text(Fact):
    """A str, or bytes; `value` where it is known."""

    value: str | None = None


@dataclass(frozen=True, slots=True)
class NoneFact(Fact):
    """None."""


@dataclass(frozen=True, slots=True)
class RangeFact(Fact):
    """A `range`; the sizes are None where they are not known."""

    start: Dim | None = None
    stop: Dim | None = None
    step: Dim | None = None


@dataclass(frozen=True, slots=True)
class SliceFact(Fact):
    """A `slice` object, or one written in a subscript."""

    start: Fact
    stop: Fact
    step: Fact


@dataclass(frozen=True, slots=True)
class FunctionFact(Fact):
    """A callable: a Python object, a `StaticFunction`, or a `core.Function` defined in the function at hand.

    `captured` are the facts of the free variables of a `core.Function` that left the function which defines it; inside that function it
    is None, and they are those of the moment of the call.
    """

    value: Any
    captured: tuple[tuple[str, Fact], ...] | None = None

    @property
    def discrete(self) -> bool:  # type: ignore[override]
        return self.captured is not None and all(fact.discrete for _, fact in self.captured)


@dataclass(frozen=True, slots=True)
class ChoiceFact(Fact):
    """One of several functions: Python objects, or functions defined in the function at hand."""

    functions: tuple[FunctionFact, ...]
    discrete: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class ModuleFact(Fact):
    value: Any


@dataclass(frozen=True, slots=True)
class ObjectFact(Fact):
    """An instance of exactly `cls`; `fields` are the attributes known, `open` if it may have others, `born` as of a list."""

    cls: type
    fields: tuple[tuple[str, Fact], ...] = ()
    open: bool = False
    born: frozenset[int] | None = None

    @property
    def discrete(self) -> bool:  # type: ignore[override]
        return self.cls in DISCRETE_CLASSES or issubclass(self.cls, enum.Enum)


@dataclass(frozen=True, slots=True)
class Undefined(Fact):
    """No value yet: the join with any fact is that fact."""


DISCRETE_CLASSES: set[type] = set()
"""Classes whose instances hold no numbers that could vary, such as dtypes and random generators."""

UNKNOWN = Unknown()
UNDEFINED = Undefined()
NONE = NoneFact()
TEXT = Text()
BOOL = Number("b", None, (), "python")
INT = Number("i", None, (), "python")
FLOAT = Number("f", None, (), "python")
COMPLEX = Number("c", None, (), "python")
NUMBER = Number("?", None, (), "any")
FLOAT64 = Number("f", "float64", (), "scalar")
INT64 = Number("i", "int64", (), "scalar")
BOOL_SCALAR = Number("b", "bool", (), "scalar")
PYTHON = {"b": BOOL, "i": INT, "f": FLOAT, "c": COMPLEX, "?": Number("?", None, (), "python")}


def integer(size: Dim | int) -> Number:
    """The fact of a Python int that equals `size`."""
    if isinstance(size, int):
        return Number("i", None, (), "python", size, dim(size))
    return Number("i", None, (), "python", size.known, size)


def tuple_of(*items: Fact) -> Sequence:
    return Sequence("tuple", items, None, dim(len(items)))


def list_of(item: Fact, length: Dim | None = None) -> Sequence:
    """A list whose items all have the fact `item`."""
    return Sequence("list", None, as_item(item), length)


def higher(a: str, b: str) -> str:
    """The higher of two kinds."""
    return a if KINDS.index(a) >= KINDS.index(b) else b


BORN_HERE = frozenset((ELSEWHERE,))
"""The birth of a container that no variable holds yet, beside others that it may be."""

# Joins.  `name` makes the size for an axis whose sizes differ, from the path to it.

Namer = Callable[[str, Dim, Dim], Dim | None]


def anonymous(path: str, a: Dim, b: Dim) -> Dim:
    return fresh(None if path.endswith("#") else 0)


def join(a: Fact, b: Fact, name: Namer = anonymous, path: str = "", depth: int = 0) -> Fact:
    """The strongest fact that holds for any value for which `a` or `b` holds."""
    if a is b or a == b or b is UNDEFINED:
        return a
    if a is UNDEFINED:
        return b
    if isinstance(a, (FunctionFact, ChoiceFact)) and isinstance(b, (FunctionFact, ChoiceFact)):
        return _join_functions(a, b)
    if depth > DEPTH or type(a) is not type(b):
        return UNKNOWN
    if isinstance(a, Number):
        assert isinstance(b, Number)
        return _join_numbers(a, b, name, path)
    if isinstance(a, Sequence):
        assert isinstance(b, Sequence)
        return _join_sequences(a, b, name, path, depth)
    if isinstance(a, Mapping):
        assert isinstance(b, Mapping)
        return _join_mappings(a, b, name, path, depth)
    if isinstance(a, Text):
        return TEXT
    if isinstance(a, RangeFact):
        assert isinstance(b, RangeFact)
        return RangeFact(*(x if x == y else None for x, y in ((a.start, b.start), (a.stop, b.stop), (a.step, b.step))))
    if isinstance(a, ObjectFact) and isinstance(b, ObjectFact) and a.cls is b.cls:
        return _join_objects(a, b, name, path, depth)
    return UNKNOWN


def _join_functions(a: FunctionFact | ChoiceFact, b: FunctionFact | ChoiceFact) -> Fact:
    ours, theirs = (f.functions if isinstance(f, ChoiceFact) else (f,) for f in (a, b))
    either = tuple(dict.fromkeys((*ours, *theirs)))
    if len(either) > CHOICES or any(f.captured is not None for f in either):
        return UNKNOWN
    return a if len(either) == len(ours) else ChoiceFact(either)


def _join_objects(a: ObjectFact, b: ObjectFact, name: Namer, path: str, depth: int) -> Fact:
    """An attribute that only one of two closed objects has, the other lacks: reading it there is an error of the program's own."""
    ours, theirs = dict(a.fields), dict(b.fields)
    known = [f for f in {**ours, **theirs} if not (a.open and f not in ours or b.open and f not in theirs)]
    joined = ((f, join(ours.get(f, UNDEFINED), theirs.get(f, UNDEFINED), name, f"{path}.{f}", depth + 1)) for f in known)
    return ObjectFact(a.cls, tuple(joined), a.open or b.open, _joined_births(a.born, b.born))


def _join_numbers(a: Number, b: Number, name: Namer, path: str) -> Number:
    shape: Shape | None = None
    if a.shape == b.shape:
        shape = a.shape
    elif a.shape is not None and b.shape is not None and len(a.shape) == len(b.shape):
        shape = tuple(x if x == y else name(f"{path}.{i}", x, y) or fresh() for i, (x, y) in enumerate(zip(a.shape, b.shape)))
    kind = a.kind if a.kind == b.kind else higher(a.kind, b.kind)
    mixed = a.mixed or b.mixed or a.kind != b.kind
    dtype = a.dtype if a.dtype == b.dtype else None
    box = a.box if a.box == b.box else "any"
    counted = kind == "i" and box == "python" or kind == "b" and bool(shape)
    if a.size is not None and b.size is not None and counted:
        size = a.size if a.size == b.size else name(f"{path}#", a.size, b.size)
    else:
        size = None
    value = a.value if a.value == b.value and a.kind == b.kind else None
    return Number(kind, dtype, shape, box, value, size, mixed, box == "any" and a.is_bare and b.is_bare)


def _joined_births(a: frozenset[int] | None, b: frozenset[int] | None) -> frozenset[int] | None:
    return None if a is b is None else (a or BORN_HERE) | (b or BORN_HERE)


def _join_sequences(a: Sequence, b: Sequence, name: Namer, path: str, depth: int) -> Fact:
    if a.kind != b.kind:
        return UNKNOWN
    births = _joined_births(a.born, b.born)
    cls = a.cls if a.cls is b.cls else None
    if a.items is not None and b.items is not None and len(a.items) == len(b.items):
        items = tuple(join(x, y, name, f"{path}.{i}", depth + 1) for i, (x, y) in enumerate(zip(a.items, b.items)))
        return Sequence(a.kind, items, None, a.length, births, cls)
    length = (
        a.length
        if a.length == b.length
        else name(f"{path}.len", a.length, b.length)
        if a.length is not None and b.length is not None
        else None
    )
    return Sequence(a.kind, None, join(a.each, b.each, in_item, path, depth + 1), length, births)


def _join_mappings(a: Mapping, b: Mapping, name: Namer, path: str, depth: int) -> Fact:
    births = _joined_births(a.born, b.born)
    if a.items is not None and b.items is not None and [k for k, _ in a.items] == [k for k, _ in b.items]:
        items = tuple((k, join(x, y, name, f"{path}.{i}", depth + 1)) for i, ((k, x), (_, y)) in enumerate(zip(a.items, b.items)))
        return Mapping(items, None, None, births)
    return Mapping(None, join(a.each, b.each, in_item, path, depth + 1), join(a.every_key, b.every_key), births)


def join_all(facts: Any) -> Fact:
    """The join of the facts of items; Undefined of none."""
    result: Fact = UNDEFINED
    for fact in facts:
        result = join(result, fact, in_item)
    return result


# Sizes inside facts.

ANY = Dim(((Symbol("?", 0, frozenset((ELSEWHERE,))), 1),))
"""A size in the fact that all items of a container share: it may differ from item to item, so that who takes an item renews it."""


def in_item(path: str, a: Dim = ANY, b: Dim = ANY) -> Dim | None:
    return None if path.endswith("#") else ANY


def as_item(fact: Fact) -> Fact:
    """What `fact` says of values made at different times: sizes that a statement computed are any."""
    return with_sizes(fact, lambda d, path: in_item(path) if d.born else d)


def renewed(fact: Fact) -> Fact:
    """The fact of one item, from what holds for all of them."""
    return with_sizes(fact, lambda d, path: (None if path.endswith("#") else fresh()) if d == ANY else d)


def with_sizes(fact: Fact, change: Callable[[Dim, str], Dim | None], path: str = "") -> Fact:
    """`fact` with each size in it changed; the very same where nothing changed.  `change` is told the path to the size, `#` for
    that of an int.
    """
    if isinstance(fact, Number):
        shape = fact.shape
        if shape:
            new = tuple(change(d, f"{path}.{i}") if d.terms else d for i, d in enumerate(shape))
            if any(x is not y for x, y in zip(new, shape)):
                shape = tuple(d or fresh() for d in new)
        size = fact.size
        if size is not None and size.terms:
            size = change(size, f"{path}#")
        return fact if shape is fact.shape and size is fact.size else replace(fact, shape=shape, size=size)
    if isinstance(fact, Sequence):
        length = fact.length if fact.length is None or not fact.length.terms else change(fact.length, f"{path}.len")
        if fact.items is not None:
            items = tuple(with_sizes(item, change, f"{path}.{i}") for i, item in enumerate(fact.items))
            return fact if all(x is y for x, y in zip(items, fact.items)) else replace(fact, items=items)
        item = None if fact.item is None else with_sizes(fact.item, change, f"{path}.each")
        return fact if item is fact.item and length is fact.length else replace(fact, item=item, length=length)
    if isinstance(fact, Mapping):
        if fact.items is not None:
            pairs = tuple((key, with_sizes(item, change, f"{path}.{i}")) for i, (key, item) in enumerate(fact.items))
            return fact if all(x[1] is y[1] for x, y in zip(pairs, fact.items)) else replace(fact, items=pairs)
        item = None if fact.item is None else with_sizes(fact.item, change, f"{path}.each")
        return fact if item is fact.item else replace(fact, item=item)
    if isinstance(fact, RangeFact):
        ends = tuple(d if d is None or not d.terms else change(d, f"{path}.{i}#") for i, d in enumerate((fact.start, fact.stop, fact.step)))
        return fact if ends == (fact.start, fact.stop, fact.step) else RangeFact(*ends)
    if isinstance(fact, ObjectFact):
        fields = tuple((f, with_sizes(x, change, f"{path}.{f}")) for f, x in fact.fields)
        return fact if all(x[1] is y[1] for x, y in zip(fields, fact.fields)) else replace(fact, fields=fields)
    if isinstance(fact, SliceFact):
        parts = tuple(with_sizes(x, change, f"{path}.{i}") for i, x in enumerate((fact.start, fact.stop, fact.step)))
        return fact if parts == (fact.start, fact.stop, fact.step) else SliceFact(*parts)
    if isinstance(fact, FunctionFact) and fact.captured:
        captured = tuple((n, with_sizes(x, change, f"{path}.{n}")) for n, x in fact.captured)
        return fact if all(x[1] is y[1] for x, y in zip(captured, fact.captured)) else FunctionFact(fact.value, captured)
    return fact
