"""What `np.r_` and `np.c_` join, as concatenations.

    np.r_[x, 1.0, 2:5]          ->      np.concatenate((x, np.atleast_1d(1.0), np.arange(2, 5)))
    np.c_[x, M]                 ->      np.concatenate((x[:, None], M), axis=-1)
"""
from __future__ import annotations

import numpy as np

from s2sad import core
from s2sad.analysis.analyse import Analysis
from s2sad.expose.values import with_values
from s2sad.facts import Fact, Number
from s2sad.flow.evaluation import replaced
from s2sad.meaning.semantics import Env, Semantics
from s2sad.quote import quote_expr


def with_concatenations(analysis: Analysis, semantics: Semantics) -> core.Function:
    """The function with one active use of `np.r_` or `np.c_` in each statement as a concatenation; the very same where there is none."""
    def change(value: core.Expr, stmt: core.Stmt) -> core.Expr | None:
        env = analysis.facts[stmt]
        for node in core.evaluated(value):
            if isinstance(node, core.Subscript) and semantics.dependencies(node, env) & analysis.activity.varied[stmt]:
                joined = concatenation(node, env, semantics)
                if joined is not None:
                    return replaced(value, node, joined)
        return None

    return with_values(analysis, change)


def concatenation(node: core.Subscript, env: Env, semantics: Semantics) -> core.Expr | None:
    """The concatenation that `np.r_[...]` or `np.c_[...]` stands for; None where it is neither, or gives directions in a text."""
    joiner = semantics.callee(node.value)
    if joiner is not np.r_ and joiner is not np.c_:
        return None
    parts = node.index.elts if isinstance(node.index, core.Tuple) else (node.index,)
    facts = [semantics.fact(part, env) for part in parts]
    if not all(isinstance(part, core.Slice) or isinstance(fact, Number) and fact.shape is not None for part, fact in zip(parts, facts)):
        return None
    if any(is_python(fact) for fact in facts) and any(is_single(fact) for fact in facts):
        return None     # Python numbers take the type of the arrays beside them
    one = _row if joiner is np.r_ else _column
    items = core.Tuple(tuple(one(part, fact, node.value) for part, fact in zip(parts, facts)))
    keywords = () if joiner is np.r_ else (("axis", core.Const(-1)),)
    return core.Call(quote_expr("np.concatenate"), (items,), keywords, at=node.at)


def is_python(fact: Fact) -> bool:
    return isinstance(fact, Number) and fact.box in ("python", "any")


def is_single(fact: Fact) -> bool:
    return isinstance(fact, Number) and fact.box != "python" and fact.dtype not in ("float64", "complex128")


def _row(part: core.Expr, fact: Fact, joiner: core.Expr) -> core.Expr:
    if isinstance(part, core.Slice):
        return _steps(part, joiner)
    return core.Call(quote_expr("np.atleast_1d"), (part,)) if getattr(fact, "shape", ()) == () else part


def _steps(part: core.Slice, joiner: core.Expr) -> core.Expr:
    """`np.arange(2, 5)` for `2:5`; a step such as `5j` counts points, which `np.r_` itself knows best."""
    whole = [core.Const(0) if part.lower is None else part.lower, part.upper, *([] if part.step is None else [part.step])]
    if all(isinstance(end, core.Const) and isinstance(end.value, int) for end in whole):
        return core.Call(quote_expr("np.arange"), tuple(whole))     # type: ignore[arg-type]
    return core.Subscript(joiner, part)


def _column(part: core.Expr, fact: Fact, joiner: core.Expr) -> core.Expr:
    if isinstance(part, core.Slice):
        return core.Subscript(joiner, part)
    assert isinstance(fact, Number) and fact.shape is not None
    if len(fact.shape) == 0:
        return core.Call(quote_expr("np.reshape"), (part, core.Tuple((core.Const(1), core.Const(1)))))
    return core.Subscript(part, core.Tuple((core.Slice(None, None, None), core.Const(None)))) if len(fact.shape) == 1 else part
