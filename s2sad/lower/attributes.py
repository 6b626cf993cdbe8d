"""`setattr` of a name that is written out is an assignment.

    setattr(body, "mass", m)        ->      body.mass = m
"""
from __future__ import annotations

from s2sad import core
from s2sad.lower.flow import within
from s2sad.reading.read import Source


def assigned_attributes(block: core.Block, source: Source | None) -> core.Block:
    """The block with such calls as assignments, where `setattr` is Python's own."""
    if source is None or source.scope.lookup("setattr") is not setattr:
        return block
    return tuple(assigned(stmt, source) for stmt in block)


def assigned(stmt: core.Stmt, source: Source) -> core.Stmt:
    call = stmt.value if isinstance(stmt, core.ExprStmt) else None
    if not isinstance(call, core.Call) or call.func != core.Name("setattr") or len(call.args) != 3 or call.keywords:
        return within(stmt, lambda inner: assigned_attributes(inner, source))
    owner, attr, value = call.args
    if not isinstance(attr, core.Const) or not isinstance(attr.value, str) or not attr.value.isidentifier():
        return stmt
    return core.Assign(core.Attribute(owner, attr.value, at=call.at), value, at=stmt.at)     # type: ignore[attr-defined]
