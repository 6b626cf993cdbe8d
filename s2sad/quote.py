"""Code from text templates: `quote("TARGET_bar += EXPR", ...)` is a core block, `quote_expr("g * (1 - y**2)")` a core expression.

A template is parsed once.  Each name given by keyword stands for an expression, a name, or, as a statement of its own, a block.
"""
from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from s2sad import core
from s2sad.reading.convert import Converter

Hole = core.Expr | core.Block | str


@lru_cache(maxsize=4096)
def _expression(text: str) -> core.Expr:
    return Converter().expr(ast.parse(text.strip(), mode="eval").body)


@lru_cache(maxsize=1024)
def _statements(text: str) -> core.Block:
    return Converter().block(ast.parse(text).body)


def quote_expr(text: str, **holes: core.Expr | str) -> core.Expr:
    """The expression that `text` spells.

    >>> quote_expr("G * 2", G="x_bar")
    BinOp(op='*', left=Name(id='x_bar'), right=Const(value=2))
    """
    expr = _expression(text)
    return core.substitute(expr, {name: _as_expr(hole) for name, hole in holes.items()}) if holes else expr


def quote(text: str, **holes: Hole) -> core.Block:
    """The statements that `text` spells, new ones at every call.

    >>> quote("X_bar += G", X_bar="x_bar", G=quote_expr("2 * x"))
    (AugAssign(target=Name(id='x_bar'), op='+', value=BinOp(op='*', left=Const(value=2), right=Name(id='x'))),)
    """
    return _filled(_statements(text), holes)


def renewed(block: core.Block) -> core.Block:
    """The same statements once more: a statement is itself only, so a block that stands twice must be copied once."""
    return _filled(block, {})


def _as_expr(hole: Hole) -> core.Expr:
    if isinstance(hole, str):
        return core.Name(hole)
    assert isinstance(hole, core.Expr), hole
    return hole


def _filled(block: core.Block, holes: dict[str, Hole]) -> core.Block:
    return Filling({name: hole for name, hole in holes.items() if isinstance(hole, tuple)},
                   {name: _as_expr(hole) for name, hole in holes.items() if not isinstance(hole, tuple)}).block(block)


@dataclass(frozen=True)
class Filling:
    """Makes statements anew, with blocks and expressions in the place of names."""

    blocks: dict[str, core.Block]
    exprs: dict[str, core.Expr]

    def block(self, block: core.Block) -> core.Block:
        out: list[core.Stmt] = []
        for stmt in block:
            name = stmt.value.id if isinstance(stmt, core.ExprStmt) and isinstance(stmt.value, core.Name) else ""
            out += self.blocks[name] if name in self.blocks else (self.statement(stmt),)
        return tuple(out)

    def statement(self, stmt: core.Stmt) -> core.Stmt:
        new: core.Stmt = core.rebuild(stmt, lambda part: part if isinstance(part, (core.Stmt, core.Handler)) else self.part(part))
        new = core.with_blocks(new, self.block)
        return replace(new) if new is stmt else new

    def part(self, node: Any) -> Any:
        if isinstance(node, core.Expr):
            return core.substitute(node, self.exprs)
        if isinstance(node, core.Function):
            return replace(core.rebuild(replace(node, body=()), self.part), body=self.block(node.body))
        return core.rebuild(node, self.part)
