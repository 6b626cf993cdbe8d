"""Contexts that are made of what is differentiated, as what they run around the body of their `with`.

    with Scaled(x) as s:        ->      context = Scaled(x)
        y = s.k * x                     s = context.__enter__()
                                        try:
                                            y = s.k * x
                                        finally:
                                            context.__exit__(None, None, None)

An `__exit__` that reads the exception gets it in a handler.  A generator that `contextlib.contextmanager` made a context of is written
out around the body, as in a loop over it.  All this is right of contexts that let every exception pass.
"""
from __future__ import annotations

import contextlib
from types import FunctionType

from s2sad import core
from s2sad.errors import refuse
from s2sad.expose.generators import known_here, loop_over
from s2sad.facts import ObjectFact
from s2sad.flow.layout import NEVER, atomic_writes
from s2sad.infer.functions import program
from s2sad.infer.objects import vars_of
from s2sad.meaning.callees import UnboundCallError, UserCall, bind, default_values, expanded, named
from s2sad.meaning.contexts import callee
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.reading.read import read

HELPER = contextlib.contextmanager(lambda: iter(())).__code__
"""The code of every function that `contextlib.contextmanager` returns."""


def around_body(stmt: core.With, env: Env, semantics: Semantics, names: Names, forward: bool = False) -> list[core.Stmt]:
    """The statements of a `with` whose context lets exceptions pass."""
    made = callee(stmt.context, semantics)
    if isinstance(made, FunctionType) and made.__code__ is HELPER:
        called = generator_of(made, stmt.context, env, semantics)  # type: ignore[arg-type]
        if called is not None and yields_once(called.program):
            target = stmt.target or core.Name(names.fresh("value"))
            loop = core.For(target, stmt.context, stmt.body, at=stmt.at)
            return loop_over(loop, known_here(called, stmt.context, semantics), names, semantics)  # type: ignore[arg-type]
    elif isinstance(fact := semantics.fact(stmt.context, env), ObjectFact):
        if all(isinstance(vars_of(fact.cls, name), FunctionType) for name in ("__enter__", "__exit__")):
            asks = reads_exception(vars_of(fact.cls, "__exit__"))
            if asks and forward:
                raise refuse("cannot differentiate forward through a context whose `__exit__` reads the exception",
                             stmt.context.at,  # type: ignore[attr-defined]
                             semantics.source, "differentiate in reverse mode, or let `__exit__` read the object alone")
            return of_object(stmt, names, asks)
    raise refuse("cannot differentiate through a context that is made of what is differentiated", stmt.context.at,  # type: ignore[attr-defined]
                 semantics.source, "make the context of values that do not depend on it")


def reads_exception(leave: object) -> bool:
    """Whether an `__exit__` reads more than the object."""
    known = program(leave) if isinstance(leave, FunctionType) else None
    if known is None:
        return True
    given = {param.name for param in known[0].params[1:]}
    return any(isinstance(node, core.Name) and node.id in given for node in core.walk(known[0].body))


def of_object(stmt: core.With, names: Names, asks: bool) -> list[core.Stmt]:
    """The statements of a `with` of an object whose class has its methods in Python; `asks` if its `__exit__` reads the exception."""
    at = stmt.at
    out: list[core.Stmt] = []
    context = stmt.context
    bound = {name for node in core.walk(stmt) if isinstance(node, core.Stmt) for name, whole in atomic_writes(node) if whole}
    if not isinstance(context, core.Name) or context.id in bound:
        context = core.Name(names.fresh("context"))
        out.append(core.Assign(context, stmt.context, at=at))

    def left(*given: core.Expr) -> core.Stmt:
        return core.ExprStmt(core.Call(core.Attribute(context, "__exit__"), given, at=at), at=at)

    enter = core.Call(core.Attribute(context, "__enter__"), (), at=at)
    out.append(core.ExprStmt(enter, at=at) if stmt.target is None else core.Assign(stmt.target, enter, at=at))
    plainly = left(*(core.Const(None),) * 3)
    if not asks:
        return [*out, core.Try(stmt.body, (), final=(plainly,), at=at)]
    error = core.Name(names.fresh("error"))
    kind = core.Call(core.Name("type"), (error,))
    passing = (left(kind, error, core.Attribute(error, "__traceback__")), core.Raise(at=at))
    handler = core.Handler(core.Name("BaseException"), error.id, passing, at=at)
    return [*out, core.Try(stmt.body, (handler,), failed=NEVER, at=at), plainly]


def generator_of(made: FunctionType, call: core.Call, env: Env, semantics: Semantics) -> UserCall | None:
    """The call of the generator function that a function of `contextlib.contextmanager` wraps."""
    function = getattr(made, "__wrapped__", None)
    known = program(function) if isinstance(function, FunctionType) else None
    if known is None:
        return None
    args, keywords = expanded(list(call.args), env, semantics.source), named(list(call.keywords), env, semantics.source)
    try:
        bound = bind(known[0], args, keywords, default_values(function, known[0]))
    except UnboundCallError:
        return None
    return UserCall(function, known[0], read(function), bound)


def yields_once(code: core.Function) -> bool:
    """Whether a generator yields once in every run, as far as nothing raises."""
    def certain(block: core.Block) -> int:
        return sum(isinstance(stmt, core.Yield) or isinstance(stmt, core.Try) and certain(stmt.body) for stmt in block)

    return certain(code.body) == 1 == sum(isinstance(node, core.Yield) for node in core.walk(code.body))
