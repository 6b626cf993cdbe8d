"""What Python has and core Python has not: nodes that exist between `convert` and the rewrite that lowers them."""
from __future__ import annotations

from dataclasses import dataclass, field

from s2sad import core


@dataclass(frozen=True, slots=True)
class Walrus(core.Expr):
    """`(target := value)`."""

    target: core.Name
    value: core.Expr
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class Chain(core.Stmt):
    """`targets[0] = targets[1] = ... = value`."""

    targets: tuple[core.Expr, ...]
    value: core.Expr
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class LoopElse(core.Stmt):
    """A `for` or `while` with its `else`."""

    loop: core.For | core.While
    orelse: core.Block
    at: core.Place | None = field(default=None, compare=False, repr=False, kw_only=True)
