"""Rebuilding of blocks: `rewritten(block, change)` with each statement replaced by what `change` makes of it."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from s2sad import core

Change = Callable[[core.Stmt, core.Stmt], core.Block]
IDLE = (core.Pass, core.Comment)


def rewritten(block: core.Block, change: Change) -> core.Block:
    """`change` gets each statement as it was, and as it is with its own blocks rewritten."""
    out: list[core.Stmt] = []
    same = True
    for stmt in block:
        new = with_blocks(stmt, lambda inner: rewritten(inner, change))
        result = change(stmt, new)
        same = same and len(result) == 1 and result[0] is stmt
        out += result
    return block if same else tuple(out)


def with_blocks(stmt: core.Stmt, change: Callable[[core.Block], core.Block]) -> core.Stmt:
    """A compound statement with its blocks changed; the very same one where nothing changed."""
    if isinstance(stmt, core.If):
        body, orelse = change(stmt.body), change(stmt.orelse)
        return stmt if body is stmt.body and orelse is stmt.orelse else replace(stmt, body=body, orelse=orelse)
    if isinstance(stmt, (core.While, core.For)):
        body = change(stmt.body)
        return stmt if body is stmt.body else replace(stmt, body=body)
    return stmt


def with_expressions(stmt: core.Stmt, change: Callable[[core.Expr], core.Expr]) -> core.Stmt:
    """A statement with the expressions of its head changed, targets included; its blocks stay."""
    def part(node: Any) -> Any:
        return change(node) if isinstance(node, core.Expr) else node

    new: core.Stmt = core.rebuild(stmt, part)
    return new


def statements(block: core.Block) -> list[core.Stmt]:
    """All statements of a block, those inside others too, in the order of the text."""
    found: list[core.Stmt] = []
    for stmt in block:
        found.append(stmt)
        if isinstance(stmt, core.If):
            found += statements(stmt.body)
            found += statements(stmt.orelse)
        elif isinstance(stmt, (core.While, core.For)):
            found += statements(stmt.body)
    return found


def is_empty(block: core.Block) -> bool:
    return all(isinstance(stmt, IDLE) for stmt in block)
