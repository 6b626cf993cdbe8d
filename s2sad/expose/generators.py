"""Loops over generators, with the generator written out around the loop's body.

    def squares(values):            ->      for v in xs:
        for v in values:                        s = v * v
            yield v * v                         total = total + s
    for s in squares(xs):
        total = total + s

The body runs where the generator yields, as it does in Python; a `break` of the loop ends the generator.
"""
from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from s2sad import core
from s2sad.errors import refuse
from s2sad.expose.inline import entered, renamed
from s2sad.expose.models import FROM_ITERABLE, fits, models_of
from s2sad.expose.writers import foreign_names
from s2sad.facts import Fact, FunctionFact, Number, Unknown
from s2sad.facts import Sequence as SequenceFact
from s2sad.infer.functions import program
from s2sad.lower.attempts import without_leaving
from s2sad.lower.flow import within
from s2sad.lower.jumps import jumps_last
from s2sad.lower.returns import Returns
from s2sad.meaning.callees import UnboundCallError, UserCall, bind, default_values, expanded, named, user_call
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.quote import quote, quote_expr, renewed
from s2sad.reading.read import read

FEW = 16
"""Loops over so many items of several kinds are written out."""


@dataclass(frozen=True)
class Called:
    """A function to be written out, and the argument of each of its parameters."""

    function: core.Function
    bound: Mapping[str, core.Expr]


def called_by(call: core.Expr, env: Env, semantics: Semantics) -> Called | None:
    """The generator function, or the model of a function of Python's, that a call runs."""
    if not isinstance(call, core.Call):
        return None
    function = function_of(call.func, env, semantics)
    start = [*call.args[1:], *dict(call.keywords).values()]
    if function is sum and start and isinstance(semantics.fact(start[0], env), Number):
        # The builtin adds floats more exactly than a loop, from Python 3.12 on.
        return None
    models = models_of(function)
    if models and semantics.is_discrete(call, env) and not isinstance(semantics.fact(call, env), FunctionFact):
        return None
    if models:
        return _modelled(call, models, env, semantics)
    fact = semantics.fact(call.func, env) if isinstance(call.func, core.Name) else None
    if isinstance(fact, FunctionFact) and isinstance(fact.value, core.Function):
        function = fact.value
        if not function.is_generator:
            return None
        defaults = {param.name: param.default for param in function.params if param.default is not None}
        try:
            args, keywords = expanded(list(call.args), env, semantics.source), named(list(call.keywords), env, semantics.source)
            return Called(function, bind(function, args, keywords, defaults))
        except UnboundCallError:
            return None
    try:
        called = user_call(call, env, semantics.local, semantics.source)
    except UnboundCallError:
        return None
    if called is None or not called.program.is_generator:
        return None
    return known_here(called, call, semantics)


def known_here(called: UserCall, call: core.Call, semantics: Semantics) -> Called:
    """A generator function of the user's to be written out, whose names mean the same where it is called."""
    if (name := min(foreign_names(called, semantics), default=None)) is not None:
        raise refuse(f"cannot differentiate through the generator `{called.source.name}`, whose name `{name}` may mean another thing here",
                     call.at, semantics.source, "define it in the module that uses it")
    return Called(called.program, called.bound)


def function_of(func: core.Expr, env: Env, semantics: Semantics) -> object:
    """What a call runs; `itertools.chain.from_iterable` is another object each time that it is read."""
    if isinstance(func, core.Attribute) and func.attr == "from_iterable" and semantics.function(func.value, env) is itertools.chain:
        return FROM_ITERABLE
    return semantics.function(func, env)


def _modelled(call: core.Call, models: list[Any], env: Env, semantics: Semantics) -> Called | None:
    for model in models:
        found = program(model)
        assert found is not None, model
        code, source = found[0], read(model)
        try:
            args, keywords = expanded(list(call.args), env, semantics.source), named(list(call.keywords), env, semantics.source)
            bound = bind(code, args, keywords, default_values(model, code))
        except UnboundCallError:
            continue
        if not fits(model, bound):
            continue
        if not foreign_names(UserCall(model, code, source, bound), semantics):
            return Called(code, bound)
    return None


def is_finite(function: core.Function) -> bool:
    """Whether a generator is sure to end, as far as its loops tell."""
    return not any(isinstance(node, core.While) for node in core.walk(function.body))


def loop_over(loop: core.For, called: Called, names: Names, semantics: Semantics) -> list[core.Stmt]:
    """The statements of a loop over a generator."""
    function, at = called.function, loop.at
    if any(isinstance(node, core.Name) and node.id == function.name for node in core.walk(function.body)):
        raise refuse(f"cannot differentiate through `{function.name}`, a generator that calls itself", loop.iter.at, semantics.source,  # type: ignore[attr-defined]
                     "write it as a function that returns a list")
    start, renaming = entered(function, called.bound, names, semantics, at)
    bodies = [loop.body]

    def put(stmt: core.Stmt) -> core.Block:
        if isinstance(stmt, core.Yield):
            body = bodies.pop() if bodies else renewed(loop.body)
            return core.Assign(loop.target, placed(stmt.value, at), at=at), *ending(body)
        return (placed_head(within(stmt, lambda block: tuple(new for inner in block for new in put(inner))), at),)

    block: core.Block = tuple(new for stmt in function.body if not isinstance(stmt, core.Return) for new in put(renamed(stmt, renaming)))
    if leaves(loop.body):
        block = jumps_last(Returns(names, None).tail(without_leaving(block, names), mark=False, known=False), names)
    return [*start, *block]


def leaves(block: core.Block) -> bool:
    """Whether a `break` in the body of a loop leaves it."""
    return any(isinstance(stmt, core.Break) or isinstance(stmt, core.If) and (leaves(stmt.body) or leaves(stmt.orelse)) for stmt in block)


def ending(block: core.Block) -> core.Block:
    """The body of a loop where it is no loop's any more: `continue`, with nothing behind it, is nothing, and `break` ends the generator."""
    out: list[core.Stmt] = []
    for stmt in block:
        if isinstance(stmt, core.Break):
            out.append(core.Return(core.Const(None), at=stmt.at))
        elif isinstance(stmt, core.If):
            out.append(replace(stmt, body=ending(stmt.body) or (core.Pass(at=stmt.at),), orelse=ending(stmt.orelse)))
        elif not isinstance(stmt, core.Continue):
            out.append(stmt)
    return tuple(out)


def placed(node: Any, at: core.Place | None) -> Any:
    """A part of another function, placed where that is called."""
    node = core.rebuild(node, lambda part: placed(part, at))
    return replace(node, at=at) if hasattr(node, "at") else node


def placed_head(stmt: core.Stmt, at: core.Place | None) -> core.Stmt:
    """A statement placed, and what stands in the blocks of a compound one left as it is."""
    if not any(isinstance(part, (core.Stmt, core.Handler)) for part in core.children(stmt)):
        return placed(stmt, at)  # type: ignore[no-any-return]
    head = core.rebuild(stmt, lambda part: part if isinstance(part, (core.Stmt, core.Handler)) else placed(part, at))
    return replace(head, at=at)  # type: ignore[no-any-return]


def value_of(called: Called, target: core.Name, names: Names, semantics: Semantics, at: core.Place | None) -> list[core.Stmt]:
    """The statements of a call of a model, which leave its value in `target`."""
    out, renaming = entered(called.function, called.bound, names, semantics, at)
    for stmt in called.function.body:
        new = placed(renamed(stmt, renaming), at)
        out.append(core.Assign(target, new.value, at=at) if isinstance(new, core.Return) else new)
    return out


def each_apart(items: core.Expr, env: Env, semantics: Semantics) -> Called | None:
    """What yields the items of a list or tuple one by one, where each is of another kind, or functions are among them."""
    fact = semantics.fact(items, env)
    if not isinstance(fact, SequenceFact) or fact.items is None or not 0 < len(fact.items) <= FEW:
        return None
    if not any(map(_is_function, fact.items)) and (not isinstance(fact.each, Unknown) or any(isinstance(f, Unknown) for f in fact.items)):
        return None
    if isinstance(items, (core.Tuple, core.List)) and not any(isinstance(elt, core.Starred) for elt in items.elts):
        parts = items.elts
    elif core.root(items) is not None:
        parts = tuple(core.Subscript(items, core.Const(i)) for i in range(len(fact.items)))
    else:
        return None
    return Called(core.Function("items", (), tuple(core.Yield(part) for part in parts)), {})


def _is_function(fact: Fact) -> bool:
    if isinstance(fact, SequenceFact) and fact.items is not None:
        return any(map(_is_function, fact.items))
    return isinstance(fact, FunctionFact)


def counting(loop: core.For, env: Env, semantics: Semantics, names: Names) -> list[core.Stmt] | None:
    """A loop over `enumerate` of a generator, or over `zip` of one that may have no end, as a loop over the generator and a count.

        for i, v in enumerate(g(x)):    ->      count = 0
            s += i * v                          for v in g(x):
                                                    i = count
                                                    count += 1
                                                    s += i * v
    """
    call = loop.iter
    stars = isinstance(call, core.Call) and any(isinstance(arg, core.Starred) for arg in call.args)
    if not isinstance(call, core.Call) or not isinstance(loop.target, core.Tuple) or stars:
        return None
    function, args, targets = semantics.callee(call.func), list(call.args), list(loop.target.elts)
    count = core.Name(names.fresh("count"))
    step = quote("COUNT += 1", COUNT=count)
    if function is enumerate and len(targets) == 2 and generates(args[0], env, semantics):
        start = args[1] if len(args) > 1 else dict(call.keywords).get("start", core.Const(0))
        body = (core.Assign(targets[0], count, at=loop.at), *step, *loop.body)
        return [*quote("COUNT = START", COUNT=count, START=start), core.For(targets[1], args[0], body, at=loop.at)]
    endless = [i for i, arg in enumerate(args) if generates(arg, env, semantics) and not _ends(arg, env, semantics)]
    if function is not zip or call.keywords or len(endless) != 1 or len(targets) != len(args) or len(args) < 2:
        return None
    (at,) = endless
    target, generator = targets.pop(at), args.pop(at)
    held = core.Name(names.fresh("items"))
    rest = args[0] if len(args) == 1 else replace(call, args=tuple(args))
    others = targets[0] if len(args) == 1 else core.Tuple(tuple(targets))
    body = (core.Assign(others, core.Subscript(held, count), at=loop.at), *step, *loop.body)
    ended = quote_expr("COUNT >= len(ITEMS)", COUNT=count, ITEMS=held)
    inside = core.If(ended, (core.Break(at=loop.at),), body, at=loop.at)
    return [core.Assign(held, core.Call(core.Name("list"), (rest,)), at=loop.at), *quote("COUNT = 0", COUNT=count),
            core.For(target, generator, (inside,), at=loop.at)]


def generates(call: core.Expr, env: Env, semantics: Semantics) -> bool:
    called = called_by(call, env, semantics)
    return called is not None and called.function.is_generator


def _ends(call: core.Expr, env: Env, semantics: Semantics) -> bool:
    called = called_by(call, env, semantics)
    return called is not None and is_finite(called.function)


def is_finite_call(call: core.Expr, env: Env, semantics: Semantics) -> bool:
    """Whether an iterator is sure to end; a list of its items may be made."""
    return not generates(call, env, semantics) or _ends(call, env, semantics)
