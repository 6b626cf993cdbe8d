"""`try` where something active is inside: handlers that only note what happened, and are followed by what they do.

    try:                        ->      failed = False
        v = d[k]                        try:
    except KeyError:                        v = d[k]
        v = 0.0                         except KeyError:
    else:                                   failed = True
        v = v * v                       if failed:
                                            v = 0.0
                                        else:
                                            v = v * v

An exception of the body undoes nothing of what the body did before it.  The reverse sweep undoes all of the body or nothing, so that
what an interrupted body changes must be of no more use: `check_attempts` refuses the rest.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from s2sad import core
from s2sad.analysis.activity import Activity
from s2sad.analysis.alias import is_immutable
from s2sad.analysis.plan import Plan
from s2sad.errors import refuse
from s2sad.facts import UNKNOWN
from s2sad.flow.layout import COMPOUND, NEVER, Layout, appended, atomic_writes, handled
from s2sad.infer.changes import changes_of
from s2sad.infer.effects import may_write
from s2sad.lower.flow import within
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.quote import quote, quote_expr, renewed

HELP = "test for the condition beforehand with `if`, or move what is differentiated out of the `try`"


def opened(stmt: core.Try, names: Names) -> list[core.Stmt]:
    """The statement with nothing active in its handlers."""
    if stmt.final:
        inner: core.Block = (replace(stmt, final=()),) if stmt.handlers else stmt.body
        again = core.Handler(core.Name("BaseException"), "", (*renewed(stmt.final), core.Raise(at=stmt.at)), at=stmt.at)
        return [core.Try(inner, (again,), failed=NEVER, at=stmt.at), *stmt.final]
    if not stmt.handlers:
        return [*stmt.body, *stmt.orelse]
    first = stmt.handlers[0]
    if len(stmt.handlers) == 1 and not first.name and not any(_reraised(first.body)):
        failed: core.Expr = core.Name(names.fresh("failed"))
        before = quote("FAILED = False", FAILED=failed)
        handler = replace(first, body=quote("FAILED = True", FAILED=failed))
        response = first.body
    else:
        error = core.Name(names.fresh("error"))
        failed = quote_expr("ERROR is not None", ERROR=error)
        before = quote("ERROR = None", ERROR=error)
        caught = names.fresh("caught")
        handler = core.Handler(_any_of(stmt.handlers), caught, quote("ERROR = CAUGHT", ERROR=error, CAUGHT=caught), at=first.at)
        response = _responses(stmt.handlers, error)
    attempt = core.Try(stmt.body, (handler,), failed=failed, at=stmt.at)
    return [*before, attempt, core.If(failed, response, stmt.orelse, at=stmt.at)]


def _any_of(handlers: tuple[core.Handler, ...]) -> core.Expr:
    kinds: list[core.Expr] = []
    for handler in handlers:
        kind = handler.exception or core.Name("BaseException")
        kinds += kind.elts if isinstance(kind, core.Tuple) else [kind]
    return kinds[0] if len(kinds) == 1 else core.Tuple(tuple(kinds))


def _responses(handlers: tuple[core.Handler, ...], error: core.Name) -> core.Block:
    """The handlers' blocks, each for its kind of exception."""
    handler, *others = handlers
    body = tuple(_raising(stmt, error) for stmt in handler.body)
    if handler.name:
        body = (core.Assign(core.Name(handler.name), error, at=handler.at), *body)
    if not others:
        return body
    assert handler.exception is not None
    test = quote_expr("isinstance(ERROR, KIND)", ERROR=error, KIND=handler.exception)
    return (core.If(test, body, _responses(tuple(others), error), at=handler.at),)


def _reraised(block: core.Block) -> Iterator[bool]:
    """True for each `raise` that raises what the handler caught."""
    for stmt in block:
        if isinstance(stmt, core.Raise):
            yield stmt.exception is None
        elif not isinstance(stmt, core.Try):
            for inner in core.blocks(stmt):
                yield from _reraised(inner)


def _raising(stmt: core.Stmt, error: core.Name) -> core.Stmt:
    if isinstance(stmt, core.Raise) and stmt.exception is None:
        return replace(stmt, exception=error)
    return stmt if isinstance(stmt, core.Try) else within(stmt, lambda block: tuple(_raising(inner, error) for inner in block))


def check_attempts(
    layout: Layout, live: frozenset[core.Stmt], activity: Activity, facts: Mapping[core.Stmt, Env], semantics: Semantics,
) -> None:
    """Refuses bodies that may be left by an exception after they have changed what is active."""
    for attempt in layout.statements:
        if not isinstance(attempt, core.Try) or attempt not in live or not handled(attempt):
            continue
        after = next(s for s in layout.statements if isinstance(s, core.If) and s.test == attempt.failed)
        used = activity.before[after.body[0]]
        for stmt in layout.inside(attempt):
            if stmt not in live or isinstance(stmt, COMPOUND):
                continue
            lasting = _changes_in_place(stmt, facts[stmt], semantics)
            if stmt is attempt.body[-1]:
                lasting = any(may_write(call, facts[stmt], semantics.scope) for call in changes_of(stmt)) and appended(stmt) is None
            written = {name for name, _ in atomic_writes(stmt)}
            if lasting or stmt is not attempt.body[-1] and written & used:
                raise refuse("cannot differentiate through a `try` whose body may raise after it has changed what is differentiated",
                             stmt.at, semantics.source, HELP)  # type: ignore[attr-defined]


def _changes_in_place(stmt: core.Stmt, env: Env, semantics: Semantics) -> bool:
    if isinstance(stmt, core.AugAssign) and isinstance(stmt.target, core.Name) and not is_immutable(env.get(stmt.target.id, UNKNOWN)):
        return True
    return not all(whole for _, whole in atomic_writes(stmt)) or any(may_write(call, env, semantics.scope) for call in changes_of(stmt))


def check_stacks(plan: Plan) -> None:
    """Refuses bodies that would leave stacks unequal, as a body in a loop does that saves values before it raises."""
    for attempt in plan.live & plan.looped:
        if isinstance(attempt, core.Try) and handled(attempt):
            for stmt in plan.layout.inside(attempt):
                drive = plan.drives.get(stmt)
                pushes = plan.overwritten.get(stmt) or plan.kept.get(stmt) or plan.started.get(stmt) or drive and drive.counts
                if attempt.handlers[0].body[0] is not stmt and pushes:
                    raise refuse("cannot differentiate through a `try` in a loop whose body has to save values before it may raise",
                                 stmt.at, plan.semantics.source, HELP)  # type: ignore[attr-defined]
