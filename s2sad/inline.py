"""Calls of functions defined inside the function at hand, written out where they stand.

    def term(z):            ->      t = w * x
        return w * z                y = t + 1
    y = term(x) + 1

The names of the function become names of their own; those that it captures are the variables around it, which a call reads live.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad import core
from s2sad.callees import UnboundCallError, UserCall, bind
from s2sad.errors import refuse
from s2sad.layout import atomic_writes
from s2sad.names import Names
from s2sad.semantics import Semantics


def inlined(function: core.Function, call: core.Call, target: core.Name, names: Names, semantics: Semantics) -> list[core.Stmt]:
    """The statements of a call; the result is left in `target`."""
    if any(isinstance(node, core.Name) and node.id == function.name for node in core.walk(function.body)):
        raise refuse(f"cannot differentiate through `{function.name}`, which is defined inside another function and calls itself", call.at,
                     semantics.source, "define it at the top level of its module, with what it captures as parameters")
    defaults = {param.name: param.default for param in function.params if param.default is not None}
    keywords = {name: value for name, value in call.keywords if name is not None}
    if len(keywords) != len(call.keywords) or any(isinstance(arg, core.Starred) for arg in call.args):
        raise refuse("cannot tell which parameters the arguments go to", call.at, semantics.source, "write the arguments one by one")
    try:
        bound = bind(function, list(call.args), keywords, defaults)
    except UnboundCallError as error:
        raise refuse(f"the call does not fit `{function.name}`: {error}", call.at, semantics.source, "correct the call") from None
    written = {name for stmt in core.walk(function.body) if isinstance(stmt, core.Stmt) for name, whole in atomic_writes(stmt)
               if whole and name not in function.free}
    own = dict.fromkeys([*bound, *sorted(written)])
    renaming = {name: names.fresh(name) for name in own}
    out: list[core.Stmt] = [core.Assign(core.Name(renaming[name]), value, at=call.at) for name, value in bound.items()]
    for stmt in function.body:
        new = renamed(stmt, renaming)
        out.append(core.Assign(target, new.value, at=new.at) if isinstance(new, core.Return) else new)
    if not function.body or not isinstance(function.body[-1], core.Return):
        out.append(core.Assign(target, core.Const(None), at=call.at))
    return out


def spliced(called: UserCall, call: core.Call, names: Names) -> tuple[list[core.Stmt], core.Expr]:
    """The statements of a call of a function of the user's, and its value after them.

    A parameter that gets a variable and is never bound anew is that variable.
    """
    code, bound = called.program, called.bound
    written = {name for stmt in core.walk(code.body) if isinstance(stmt, core.Stmt) for name, whole in atomic_writes(stmt) if whole}
    renaming: dict[str, str] = {}
    out: list[core.Stmt] = []
    for param, value in bound.items():
        if isinstance(value, core.Name) and param not in written:
            renaming[param] = value.id
            continue
        renaming[param] = names.fresh(param)
        out.append(core.Assign(core.Name(renaming[param]), value, at=call.at))
    renaming.update({name: names.fresh(name) for name in sorted(written - set(bound))})
    result: core.Expr = core.Const(None)
    for stmt in code.body:
        new = renamed(stmt, renaming)
        if isinstance(new, core.Return):
            result = new.value
        elif not (isinstance(new, core.ExprStmt) and isinstance(new.value, core.Const)):
            out.append(new)
    return out, result


def renamed(node: Any, renaming: dict[str, str]) -> Any:
    """A copy of a statement with variables renamed."""
    if isinstance(node, core.Name):
        return replace(node, id=renaming.get(node.id, node.id))
    if isinstance(node, core.Comprehension):
        inside = {n: m for n, m in renaming.items() if n not in {b for g in node.generators for b in core.bound_names(g.target)}}
        return core.rebuild(node, lambda part: renamed(part, inside))
    if isinstance(node, core.Function):
        written = {n for s in core.walk(node.body) if isinstance(s, core.Stmt) for n, _ in atomic_writes(s)}
        hidden = {param.name for param in node.params} | written
        inside = {n: m for n, m in renaming.items() if n not in hidden}
        new = core.rebuild(node, lambda part: renamed(part, inside))
        return replace(new, free=tuple(renaming.get(name, name) for name in node.free))
    new = core.rebuild(node, lambda part: renamed(part, renaming))
    if isinstance(new, (core.Define, core.Import)):
        new = replace(new, name=renaming.get(new.name, new.name))
    return replace(new) if new is node and isinstance(node, core.Stmt) else new
