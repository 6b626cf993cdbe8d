"""Calls of functions of SciPy that call a function of the user's, written out by the model that the row of the rule names.

    x = brentq(f, 0.0, 1.0, args=(p,))      ->      root = held(brentq(f, 0.0, 1.0, args=(p,)))
                                                    residual = lambda x: f(x, p)
                                                    slope = held(2 * root)
                                                    x = solution(root, residual(root), slope)

`held` and `solution` say how the derivative goes on from here.  Once the sweeps are written both are their first argument, so that a
derivative of the derivative finds the call as the user wrote it, and with it what the result depends on.
"""
from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from s2sad import core, runtime
from s2sad.analysis.alias import changed_by
from s2sad.errors import refuse
from s2sad.expose.generators import placed
from s2sad.expose.inline import renamed
from s2sad.facts import Fact, FunctionFact, Number, Sequence
from s2sad.flow.layout import atomic_writes
from s2sad.infer.functions import program
from s2sad.meaning.semantics import Application, Env, Semantics
from s2sad.names import Names
from s2sad.quote import quote_expr
from s2sad.reading.read import UNRESOLVED

MARKERS = (runtime.held, runtime.solution)


def modelled(call: core.Expr, env: Env, semantics: Semantics) -> Application | None:
    """The row of a call that is written out by a model."""
    applied = semantics.application(call, env) if isinstance(call, core.Call) else None
    return applied if applied is not None and applied.rule.model else None


def written_by_model(call: core.Call, applied: Application, target: core.Name, env: Env, semantics: Semantics,
                     names: Names) -> list[core.Stmt]:
    """The statements of a call, which leave its value in `target`."""
    from s2sad.expose import solvers

    out: list[core.Stmt] = []
    at = call.at

    def variable(wish: str) -> core.Name:
        """A variable whose name means nothing where the call stands."""
        name = names.fresh(wish)
        while semantics.source.scope.lookup(name) is not UNRESOLVED:
            name = names.fresh(wish)
        return core.Name(name)

    def named(arg: core.Expr, wish: str) -> core.Expr:
        if isinstance(arg, (core.Name, core.Const)) or isinstance(arg, core.Attribute) and not core.reads(arg) & semantics.local:
            return arg
        if isinstance(arg, core.Tuple):
            return replace(arg, elts=tuple(named(elt, wish) for elt in arg.elts))
        name = variable(wish)
        out.append(core.Assign(name, arg, at=at))
        return name

    if any(isinstance(arg, core.Starred) for arg in call.args) or any(name is None for name, _ in call.keywords):
        raise refuse(f"the arguments of `{applied.rule.name}` are not known one by one", at, semantics.source, "write them one by one")
    params = {id(arg): param for param, arg in applied.bound.items()}
    given = {id(arg): named(arg, params[id(arg)]) for arg in (*call.args, *(value for _, value in call.keywords))}
    args = tuple(given[id(arg)] for arg in call.args)
    keywords = tuple((name, given[id(value)]) for name, value in call.keywords)
    y = variable(applied.rule.name.rpartition(".")[2])
    facts = {param: semantics.fact(arg, env) for param, arg in applied.bound.items()}
    made = quote_expr(applied.rule.model_for(applied.bound, facts))
    assert isinstance(made, core.Call) and isinstance(made.func, core.Name)
    model = getattr(solvers, made.func.id)
    known = program(model)
    assert known is not None, made.func.id
    code = known[0]
    bound = {param: given.get(id(arg), arg) for param, arg in applied.bound.items()}
    if "args" in bound:
        bound["args"] = as_tuple(bound["args"], env, semantics, at)
    read = (arg.args[0] if isinstance(arg, core.Call) else arg for arg in made.args)
    values = (core.substitute(arg, {**bound, "y": y}) for arg in read)
    renaming = dict(zip((param.name for param in code.params), values, strict=True))
    renaming |= names_known(model, code, semantics, names, call)
    bound_inside = {name for stmt in core.walk(code.body) if isinstance(stmt, core.Stmt) for name, _ in atomic_writes(stmt)}
    renaming |= {name: variable(name) for name in sorted(bound_inside)}
    out.append(core.Assign(y, core.Call(renaming["held"], (replace(call, args=args, keywords=keywords),)), at=at))
    for stmt in code.body:
        new = without_globals(placed(renamed(stmt, renaming), at), semantics)
        out.append(core.Assign(target, new.value, at=at) if isinstance(new, core.Return) else new)
    return out


def without_globals(node: Any, semantics: Semantics) -> Any:
    """Functions capture variables of the one around them: what became a global name is none."""
    new = core.rebuild(node, lambda part: without_globals(part, semantics))
    if not isinstance(new, core.Function):
        return new
    return replace(new, free=tuple(name for name in new.free if semantics.callee(core.Name(name)) is UNRESOLVED))


def passed_on(applied: Application, bound_to: Mapping[str, Fact]) -> frozenset[str]:
    """The parameters that a model has the derivative in, or that have none; `held(x)` stands for neither."""
    made = quote_expr(applied.rule.model_for(applied.bound, bound_to))
    return frozenset(arg.id for arg in made.args if isinstance(arg, core.Name)) | frozenset(applied.rule.inert)  # type: ignore[attr-defined]


def changed_outside(applied: Application, env: Env, semantics: Semantics) -> frozenset[str]:
    """The variables that functions which a call is given change when they are called."""
    found: set[str] = set()
    further = applied.bound.get("args", core.Tuple(()))
    given = further.elts if isinstance(further, core.Tuple) else ()
    for arg in applied.bound.values():
        fact = semantics.fact(arg, env) if isinstance(arg, (core.Name, core.Lambda)) else None
        known = program(fact.value) if isinstance(fact, FunctionFact) and not isinstance(fact.value, core.Function) else None
        code = fact.value if isinstance(fact, FunctionFact) and isinstance(fact.value, core.Function) else known and known[0]
        if code is not None and isinstance(code, core.Function):
            required = sum(param.kind in ("plain", "positional") and param.default is None for param in code.params)
            args = (*(core.Const(0.0) for _ in range(required - len(given))), *given)
            found |= changed_by(core.Call(arg, args), env, semantics)
    return frozenset(found)


def as_tuple(args: core.Expr, env: Env, semantics: Semantics, at: core.Place | None) -> core.Expr:
    """What SciPy takes for the further arguments of a function: a tuple, or one value for a tuple of one."""
    fact = semantics.fact(args, env)
    if isinstance(args, core.Tuple):
        return args
    if isinstance(fact, Sequence) and fact.kind == "tuple" and fact.count is not None:
        return core.Tuple(tuple(core.Subscript(args, core.Const(i)) for i in range(fact.count)))
    if isinstance(fact, Number):
        return core.Tuple((args,))
    raise refuse("it is not known how many arguments `args` holds", at, semantics.source, "write `args=(a, b)`")


def names_known(model: Any, code: core.Function, semantics: Semantics, names: Names, call: core.Call) -> dict[str, core.Expr]:
    """The names that a model reads from its own module, made known where it is written out, and what they are called there."""
    own = vars(sys.modules[model.__module__])
    local = {param.name for node in core.walk(code) if isinstance(node, core.Function) for param in node.params}
    renaming: dict[str, core.Expr] = {}
    for name in sorted({node.id for node in core.walk(code.body) if isinstance(node, core.Name)} & own.keys() - local | {"held"}):
        meant, new = own[name], name
        if name in semantics.local or semantics.source.scope.lookup(name) not in (meant, UNRESOLVED):
            new = names.fresh(name)
        if new != name and meant is np:
            raise refuse("cannot differentiate this call where `np` is not NumPy", call.at, semantics.source, "give that another name")
        semantics.scope.added[new] = meant
        renaming[name] = core.Name(new)
    return renaming


def held_parts(expr: core.Expr, semantics: Semantics) -> Iterator[core.Call]:
    """The calls inside of what is held constant: a derivative among them is written out too."""
    for node in core.evaluated(expr):
        if isinstance(node, core.Call) and semantics.callee(node.func) is runtime.held:
            yield from (part for part in core.evaluated(node.args[0]) if isinstance(part, core.Call))


def without_markers(function: core.Function, semantics: Semantics) -> core.Function:
    """A derivative in which `held(x)` and `solution(x, ...)` are `x`."""
    def change(node: Any) -> Any:
        new = core.rebuild(node, change)
        return new.args[0] if isinstance(new, core.Call) and semantics.callee(new.func) in MARKERS else new

    return change(function)  # type: ignore[no-any-return]
