"""Iterators that are handed to a function which loops over them once, as lists.

    out = with_changes(args, zip(places, x))        ->      out = with_changes(args, [(places[0], x[0]), (places[1], x[1])])

The function must not change its arguments, since a list is made before it runs.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator

from s2sad import core
from s2sad.analysis.analyse import Analysis
from s2sad.analysis.called import written_by
from s2sad.expose.displays import items_known
from s2sad.expose.values import with_values
from s2sad.flow.evaluation import calls_of, replaced
from s2sad.meaning.callees import UserCall
from s2sad.meaning.semantics import Env, Semantics

ITERATORS = (zip, enumerate, reversed)
TAKING = (list, tuple, dict, sum)


def with_lists(analysis: Analysis, semantics: Semantics) -> core.Function:
    """The function with one iterator over what is differentiated that each statement hands on as a list; the very same without any."""
    def change(value: core.Expr, stmt: core.Stmt) -> core.Expr | None:
        env = analysis.facts[stmt]
        for call, arg in handed(value, env, semantics):
            if semantics.dependencies(arg, env) & analysis.activity.varied[stmt]:
                items = items_known(arg, env, semantics)
                made = core.Call(core.Name("list"), (arg,), at=arg.at) if items is None else core.List(tuple(items))  # type: ignore[attr-defined]
                return replaced(value, call, replaced(call, arg, made))
        return None

    return with_values(analysis, change)


def handed(expr: core.Expr, env: Env, semantics: Semantics) -> Iterator[tuple[core.Call, core.Expr]]:
    """The calls of the user's functions in an expression, with each iterator that such a call makes a list's worth of."""
    for call in calls_of(expr):
        made = [arg for arg in call.args if isinstance(arg, core.Call) and semantics.callee(arg.func) in ITERATORS]
        called = semantics.user_call(call, env) if made else None
        if called is None or written_by(called, {param: semantics.fact(arg, env) for param, arg in called.bound.items()}):
            continue
        resolve: Callable[[core.Expr], object] = called.source.scope.resolve
        for param, arg in called.bound.items():
            if any(arg is one for one in made) and is_looped_over(param, called, resolve):
                yield call, arg


def is_looped_over(param: str, called: UserCall, resolve: Callable[[core.Expr], object]) -> bool:
    """Whether a function uses a parameter once, outside of loops, and runs through it there."""
    mentions = sum(isinstance(node, core.Name) and node.id == param for node in core.walk(called.program.body))
    return mentions == 1 and any(_runs_through(stmt, param, resolve) for stmt in _outside_loops(called.program.body))


def _outside_loops(block: core.Block) -> Iterator[core.Stmt]:
    for stmt in block:
        yield stmt
        if not isinstance(stmt, (core.For, core.While)):
            for inner in core.blocks(stmt):
                yield from _outside_loops(inner)


def _runs_through(stmt: core.Stmt, param: str, resolve: Callable[[core.Expr], object]) -> bool:
    whole = core.Name(param)
    if isinstance(stmt, core.For):
        return stmt.iter == whole
    value = getattr(stmt, "value", None)
    for node in core.evaluated(value) if isinstance(value, core.Expr) else ():
        if isinstance(node, core.Comprehension) and node.generators[0].iter == whole:
            return node.kind != "generator"
        if isinstance(node, core.Call) and node.args == (whole,) and resolve(node.func) in TAKING:
            return True
    return False
