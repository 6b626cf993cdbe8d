"""The expressions of core Python."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from s2sad.core.statements import Function


class Place(NamedTuple):
    """Where something stands in the user's file: lines count from 1, columns from 0, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


NODES: set[type] = set()
"""The classes of nodes, those of other modules too."""


class Tree:
    """What is found of a node once and for all: its parts, the names that it reads, the calls in it."""

    __slots__ = ("_calls", "_children", "_reads")
    _calls: tuple[Call, ...]
    _children: tuple[Any, ...]
    _reads: frozenset[str]

    def __init_subclass__(cls) -> None:
        NODES.add(cls)


@dataclass(frozen=True, slots=True)
class Expr(Tree):
    """An expression; `at` is its place in the user's file, and no part of its identity."""


def place() -> Any:
    return field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Name(Expr):
    id: str
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Const(Expr):
    """A literal: None, bool, int, float, complex, str, bytes or Ellipsis.  `1`, `1.0` and `True` are three constants."""

    value: Any
    at: Place | None = place()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Const) and type(self.value) is type(other.value) and repr(self.value) == repr(other.value)

    def __hash__(self) -> int:
        return hash((type(self.value), repr(self.value)))


@dataclass(frozen=True, slots=True)
class BinOp(Expr):
    """`left op right`, with `op` as Python spells it: `+ - * / // % ** @ << >> & | ^`."""

    op: str
    left: Expr
    right: Expr
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class UnaryOp(Expr):
    """`op operand`, with `op` one of `- + ~ not`."""

    op: str
    operand: Expr
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Compare(Expr):
    """`operands[0] ops[0] operands[1] ops[1] ...`, chained as in Python."""

    ops: tuple[str, ...]
    operands: tuple[Expr, ...]
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class BoolOp(Expr):
    """`values[0] op values[1] ...`, with `op` one of `and or`."""

    op: str
    values: tuple[Expr, ...]
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class IfExp(Expr):
    test: Expr
    body: Expr
    orelse: Expr
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """`func(*args, **keywords)`; `args` may hold `Starred`, and the keyword `None` stands for `**value`."""

    func: Expr
    args: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str | None, Expr], ...] = ()
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Attribute(Expr):
    value: Expr
    attr: str
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Subscript(Expr):
    value: Expr
    index: Expr
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Slice(Expr):
    lower: Expr | None = None
    upper: Expr | None = None
    step: Expr | None = None
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Tuple(Expr):
    elts: tuple[Expr, ...]
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class List(Expr):
    elts: tuple[Expr, ...]
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Set(Expr):
    elts: tuple[Expr, ...]
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Dict(Expr):
    """`{key: value, ...}`; the key `None` stands for `**value`."""

    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Starred(Expr):
    value: Expr
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class FString(Expr):
    """An f-string: `parts` are string constants and `Formatted` values."""

    parts: tuple[Expr, ...]
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Formatted(Expr):
    """`{value!conversion:spec}` inside an f-string."""

    value: Expr
    conversion: str = ""
    spec: Expr | None = None
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Generator(Tree):
    """One `for target in iter if test if test` of a comprehension."""

    target: Expr
    iter: Expr
    tests: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Comprehension(Expr):
    """`kind` is `list`, `set`, `dict` (then `elements` is key and value) or `generator`.  Its targets are its own names."""

    kind: str
    elements: tuple[Expr, ...]
    generators: tuple[Generator, ...]
    at: Place | None = place()


@dataclass(frozen=True, slots=True)
class Lambda(Expr):
    """A nested function as a value.  Its body is core Python, its free names are the enclosing function's variables, read live."""

    function: Function
    at: Place | None = place()
