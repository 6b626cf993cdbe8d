"""Lists that are given to functions of arrays, as arrays.

    y = np.square([a, b])               ->      y = np.square(np.array([a, b]))

The adjoints of such functions compute with their arguments, as lists cannot.
"""
from __future__ import annotations

from collections.abc import Iterator

from s2sad import core
from s2sad.analysis.analyse import Analysis
from s2sad.expose.values import with_values
from s2sad.facts import Sequence
from s2sad.flow.evaluation import replaced
from s2sad.meaning.semantics import Env, Semantics
from s2sad.quote import quote_expr

OF_ARRAYS = ("np.linalg.norm",)


def with_arrays(analysis: Analysis, semantics: Semantics) -> core.Function:
    """The function with one list of what varies in each statement, that a function of arrays gets, as an array; the very same without."""
    def change(value: core.Expr, stmt: core.Stmt) -> core.Expr | None:
        env = analysis.facts[stmt]
        for call, arg in listed(value, env, semantics):
            if semantics.dependencies(arg, env) & analysis.activity.varied[stmt]:
                return replaced(value, call, replaced(call, arg, core.Call(quote_expr("np.array"), (arg,))))
        return None

    return with_values(analysis, change)


def listed(expr: core.Expr, env: Env, semantics: Semantics) -> Iterator[tuple[core.Call, core.Expr]]:
    """The calls of functions of arrays in an expression, with each list or tuple that one is given for an array."""
    for call in core.calls(expr):
        applied = semantics.application(call, env)
        if applied is None or not applied.rule.name.startswith("np.") or applied.rule.items:
            continue
        if applied.rule.elementwise or applied.rule.name in OF_ARRAYS:
            given = [applied.bound[name] for name in applied.rule.adjoints if name in applied.bound]
            lists = [arg for arg in given if isinstance(semantics.fact(arg, env), Sequence)]
            yield from ((call, arg) for arg in lists if any(arg is part for part in call.args))
