"""Assignments that run code of the user's because of the class of what they change, as the calls that they are.

    t.kelvin = v            ->      type(t).kelvin.fset(t, v)
    m[0, 1] = v             ->      m.__setitem__((0, 1), v)
    a += b                  ->      a = a.__iadd__(b)           where the class of `a` has one, else     a = a + b
"""
from __future__ import annotations

import types
from collections.abc import Callable

from s2sad import core
from s2sad.errors import refuse
from s2sad.facts import Fact
from s2sad.infer.objects import BINARY, as_value, class_of, vars_of
from s2sad.names import Names
from s2sad.reading.read import Source

Change = core.Assign | core.AugAssign


def as_call(stmt: Change, fact: Callable[[core.Expr], Fact], names: Names, source: Source) -> list[core.Stmt] | None:
    """What an assignment stands for, None where it only stores a value."""
    if isinstance(stmt, core.AugAssign):
        return _augmented(stmt, fact, source)
    target, value = stmt.target, stmt.value
    if not isinstance(target, (core.Attribute, core.Subscript)) or (cls := class_of(fact(target.value))) is None:
        return None
    before: list[core.Stmt] = []
    call: core.Expr | None = None
    if any(isinstance(node, core.Call) for node in core.walk(value)):
        held = core.Name(names.fresh("t"))
        before.append(core.Assign(held, value, at=stmt.at))
        value = held
    if isinstance(target, core.Subscript):
        if isinstance(vars_of(cls, "__setitem__"), types.FunctionType):
            call = core.Call(core.Attribute(target.value, "__setitem__"), (as_value(target.index), value), at=stmt.at)
    elif isinstance(vars_of(cls, target.attr), property):
        setter = core.Attribute(core.Attribute(core.Call(core.Name("type"), (target.value,)), target.attr), "fset")
        call = core.Call(setter, (target.value, value), at=stmt.at)
    return None if call is None else [*before, core.ExprStmt(call, at=stmt.at)]


def _augmented(stmt: core.AugAssign, fact: Callable[[core.Expr], Fact], source: Source) -> list[core.Stmt] | None:
    target = stmt.target
    plain: list[core.Stmt] = [core.Assign(target, core.BinOp(stmt.op, target, stmt.value, at=stmt.at), at=stmt.at)]
    if (cls := class_of(fact(target))) is not None:
        method = f"__i{BINARY[stmt.op]}__"
        if isinstance(vars_of(cls, method), types.FunctionType):
            return [core.Assign(target, core.Call(core.Attribute(target, method), (stmt.value,), at=stmt.at), at=stmt.at)]
        return plain
    if isinstance(target, core.Name) or as_call(core.Assign(target, stmt.value), fact, Names(), source) is None:
        return None
    if any(isinstance(node, core.Call) for node in core.walk(target)):
        raise refuse("cannot evaluate the target of this assignment twice", stmt.at, source, "give the object and the index names first")
    return plain
