"""Calls of a `functools.partial` from outside that holds a function which has a rule, as calls of that function.

    smooth = partial(gaussian_filter, sigma=2.0)        y = smooth(x)   ->      y = gaussian_filter(x, sigma=2.0)

What a partial holds does not change; what has no literal is read where it is held: `smooth.keywords["weights"]`.
"""
from __future__ import annotations

import functools
from dataclasses import replace

from s2sad import core
from s2sad.expose.functions import path_to
from s2sad.expose.models import models_of
from s2sad.facts import FunctionFact
from s2sad.flow.evaluation import calls_of, replaced
from s2sad.meaning.callees import given_by_partial
from s2sad.meaning.semantics import Env, Semantics
from s2sad.rules import find

PLAIN = frozenset((int, str, bool, type(None)))


def without_partials(stmt: core.Stmt, env: Env, code: core.Function, semantics: Semantics) -> list[core.Stmt] | None:
    """The statement with its first such call in other terms; None where there is none."""
    if not isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt)):
        return None
    for call in calls_of(stmt.value):
        held = semantics.function(call.func, env)
        if isinstance(held, functools.partial) and (find(held.func) is not None or models_of(held.func)):
            return [replace(stmt, value=replaced(stmt.value, call, of_what_is_held(held, call, code, semantics)))]
    return None


def of_what_is_held(held: functools.partial[object], call: core.Call, code: core.Function, semantics: Semantics) -> core.Call:
    """The call of the function that a partial holds; keywords of the call count before those that are held."""
    first, keywords = given_by_partial(held, call.func)
    args = [literal(value) or path for value, path in zip(held.args, first)]
    given = {name for name, _ in call.keywords}
    kept = [(name, literal(held.keywords[str(name)]) or path) for name, path in keywords if name not in given]
    func = path_to(FunctionFact(held.func), code, semantics) or core.Attribute(call.func, "func")
    return replace(call, func=func, args=(*args, *call.args), keywords=(*call.keywords, *kept))


def literal(value: object) -> core.Expr | None:
    """A value as it is written; None for what is no plain constant, or a tuple of such."""
    if isinstance(value, tuple) and type(value) is tuple:
        parts = [literal(item) for item in value]
        return None if None in parts else core.Tuple(tuple(part for part in parts if part is not None))
    return core.Const(value) if type(value) in PLAIN else None
