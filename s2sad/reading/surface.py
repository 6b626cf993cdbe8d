"""What Python has and core Python has not: nodes that exist between `convert` and the rewrite that lowers them."""
from __future__ import annotations

from dataclasses import dataclass, field

from s2sad import core


@dataclass(frozen=True, slots=True)
class Walrus(core.Expr):
    """`(target := value)`; evaluating the value binds the variables `also` anew."""

    target: core.Name
    value: core.Expr
    also: frozenset[str] = frozenset()
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class Chain(core.Stmt):
    """`targets[0] = targets[1] = ... = value`."""

    targets: tuple[core.Expr, ...]
    value: core.Expr
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class YieldFrom(core.Stmt):
    """`yield from items` as a statement."""

    items: core.Expr
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class LoopElse(core.Stmt):
    """A `for` or `while` with its `else`."""

    loop: core.For | core.While
    orelse: core.Block
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


# Patterns of `match`


@dataclass(frozen=True, slots=True)
class Pattern(core.Expr):
    """What a `case` asks of its subject."""


@dataclass(frozen=True, slots=True)
class Capture(Pattern):
    """`pattern as name`; both may be missing: `_` captures nothing, and matches all."""

    pattern: core.Expr | None
    name: str
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Same(Pattern):
    """A value: the subject is the same by `op`, `==` or `is`."""

    op: str
    value: core.Expr
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Items(Pattern):
    """`[first, *rest, last]`, where a `Rest` may be one of the patterns."""

    patterns: tuple[core.Expr, ...]
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Rest(Pattern):
    """`*name`, with no name for `*_`."""

    name: str
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Entries(Pattern):
    """`{key: pattern, **rest}`, with no `rest` where it is not asked for."""

    keys: tuple[core.Expr, ...]
    patterns: tuple[core.Expr, ...]
    rest: str
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Instance(Pattern):
    """`cls(pattern, name=pattern)`."""

    cls: core.Expr
    patterns: tuple[core.Expr, ...]
    names: tuple[str, ...]
    named: tuple[core.Expr, ...]
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class AnyOf(Pattern):
    """`pattern | pattern`."""

    patterns: tuple[core.Expr, ...]
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class Case(core.Stmt):
    """`case pattern if guard: body`."""

    pattern: core.Expr
    guard: core.Expr | None
    body: core.Block


@dataclass(frozen=True, eq=False, slots=True)
class Match(core.Stmt):
    """`match subject:` and its cases."""

    subject: core.Expr
    cases: tuple[Case, ...]
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)
