"""What a random program knows of its variables while it is written: their types, so that nearly every program runs."""
from __future__ import annotations

import random
from dataclasses import dataclass, field

Shape = tuple[int, ...]


@dataclass(frozen=True)
class ListOf:
    """A list that holds at least one item at any time."""

    each: Shape


@dataclass(frozen=True)
class DictOf:
    """A dict of the keys "a" and "b"."""

    each: Shape


@dataclass(frozen=True)
class TupleOf:
    items: tuple[Shape, ...]


@dataclass(frozen=True)
class ObjectOf:
    """An object of a class of the module: what its attributes hold, and the methods that it has; while a method is written it sees no methods."""

    name: str
    fields: tuple[tuple[str, Shape], ...]
    methods: tuple[Helper, ...] = ()


@dataclass(frozen=True)
class Places:
    """An array of `length` ints that may index an axis of length `below`."""

    length: int
    below: int


@dataclass(frozen=True)
class Mask:
    """An array of bools."""

    shape: Shape


@dataclass(frozen=True)
class FunctionOf:
    """A function or lambda of one float made here, which gives one value."""

    returns: Shape


@dataclass(frozen=True)
class Index:
    """An int from 0 to `below - 1`."""

    below: int


Type = Shape | ListOf | DictOf | TupleOf | ObjectOf | Places | Mask | FunctionOf | Index
FLOAT: Shape = ()
INDENT = "    "
SHAPES: tuple[Shape, ...] = ((3,), (4,), (3, 4), (4, 3), (2,), (3, 3), (12,), (2, 3))
NAMES: dict[str, str] = {"array": "uvwabc", "float": "rtqe", "list": "ps", "dict": "dg", "tuple": "zh", "object": "MO", "places": "JK", "mask": "PQ", "function": "FG"}


@dataclass(frozen=True)
class Helper:
    """A function of the module: its parameters, what it returns (None: nothing, it writes), and whether that is a view of its first argument."""

    name: str
    params: tuple[Type, ...]
    returns: Type | None
    writes: bool
    yields: Shape | None = None


@dataclass
class Scope:
    """The variables that may be read here; `fixed` are those that a loop runs over, which must not change length."""

    random: random.Random
    types: dict[str, Type] = field(default_factory=dict)
    fixed: set[str] = field(default_factory=set)
    helpers: list[Helper] = field(default_factory=list)
    classes: list[ObjectOf] = field(default_factory=list)
    looping: bool = False
    returning: bool = False
    made: int = 0

    def inner(self, looping: bool | None = None) -> Scope:
        looping = self.looping if looping is None else looping
        return Scope(self.random, dict(self.types), set(self.fixed), self.helpers, self.classes, looping, self.returning, self.made)

    def of(self, wanted: Type) -> list[str]:
        return [name for name, type_ in self.types.items() if type_ == wanted]

    def kind(self, kind: type) -> list[str]:
        return [name for name, type_ in self.types.items() if isinstance(type_, kind)]

    def arrays(self, rank: int | None = None) -> list[str]:
        return [n for n, t in self.types.items() if isinstance(t, tuple) and t and (rank is None or len(t) == rank)]

    def fresh(self, kind: str) -> str:
        """A name for a new variable: often a short one, with a number where all are taken."""
        free = [name for name in NAMES[kind] if name not in self.types]
        if free:
            return self.random.choice(free)
        self.made += 1
        return f"{NAMES[kind][0]}{self.made}_{len(self.types)}"
