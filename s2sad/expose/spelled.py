"""Calls that spell out what has a statement of its own, as that statement.

    setattr(model, "w", v)          ->      model.w = v
    operator.setitem(u, 0, v)       ->      u[0] = v
    u.__setitem__(0, v)             ->      u[0] = v
    list.append(items, v)           ->      items.append(v)
    getattr(u, "fill")(v)           ->      u.fill(v)
"""
from __future__ import annotations

import inspect
import operator
import types
from dataclasses import replace

from s2sad import core
from s2sad.expose.implicit import attribute_of
from s2sad.facts import Mapping, Number, Sequence
from s2sad.meaning.semantics import Env, Semantics

STATEMENTS: dict[str, int] = {"setattr": 3, "delattr": 2, "setitem": 3, "delitem": 2}
"""The names of the calls that are statements, and how many arguments they have."""

SPELLED = {setattr: "setattr", delattr: "delattr", operator.setitem: "setitem", operator.delitem: "delitem"}
METHODS = {"__setitem__": "setitem", "__delitem__": "delitem"}
UNBOUND = (types.MethodDescriptorType, types.WrapperDescriptorType)


def as_method(expr: core.Expr, semantics: Semantics) -> core.Expr:
    """The expression with methods that are looked up in a class of Python's or NumPy's, or by `getattr`, called as methods."""
    new: core.Expr = core.rebuild(expr, lambda part: as_method(part, semantics) if isinstance(part, core.Expr) else part)
    if not isinstance(new, core.Call):
        return new
    if semantics.callee(new.func) is getattr:
        return attribute_of(new) or new
    if isinstance(new.func, core.Attribute) and new.args and not isinstance(new.args[0], core.Starred):
        owner = semantics.callee(new.func.value)
        if isinstance(owner, type) and isinstance(inspect.getattr_static(owner, new.func.attr, None), UNBOUND):
            return replace(new, func=core.Attribute(new.args[0], new.func.attr, at=new.func.at), args=new.args[1:])
    return new


def as_statement(call: core.Call, env: Env, semantics: Semantics) -> core.Stmt | None:
    """The statement that a call spells out."""
    args = call.args
    callee = semantics.callee(call.func)
    name = next((name for function, name in SPELLED.items() if callee is function), "")
    if isinstance(call.func, core.Attribute) and call.func.attr in METHODS:
        if not isinstance(semantics.fact(call.func.value, env), (Number, Sequence, Mapping)):
            return None
        name, args = METHODS[call.func.attr], (call.func.value, *args)
    if len(args) != STATEMENTS.get(name) or call.keywords or any(isinstance(arg, core.Starred) for arg in args):
        return None
    place: core.Expr | None = core.Subscript(args[0], args[1], at=call.at)
    if name in ("setattr", "delattr"):
        place = attribute_of(core.Call(core.Name("getattr"), args[:2], at=call.at))
    if place is None:
        return None
    return core.Delete((place,), at=call.at) if len(args) == 2 else core.Assign(place, args[2], at=call.at)
