"""What a function that calls itself leaves in the containers that it writes into: `left_by(called, code, facts)`.

Inference takes what a call may change for unknown.  Here the calls of the function in its own text change nothing, and what each run
leaves is what the next may find, until nothing is added: so `out.append(x)` at any depth makes a list of numbers.
"""
from __future__ import annotations

from collections.abc import Mapping

from s2sad import core
from s2sad.facts import UNDEFINED, Fact, Sequence, join
from s2sad.facts.fact import as_item, in_item
from s2sad.infer import fact_of, infer
from s2sad.infer.changes import own_expressions
from s2sad.infer.known import KnownFunction
from s2sad.meaning.callees import UnboundCallError, UserCall, bind, default_values, named, of_callee
from s2sad.reading.scope import ScopeWith

ROUNDS = 8
"""So often what runs leave is looked at again; what still changes then is not known."""


def left_by(
    called: UserCall, code: core.Function, written: tuple[str, ...], has_result: bool, facts: Mapping[str, Fact],
) -> list[Fact] | None:
    """The facts of the result of a function, if it has one, and of what it leaves in `written`, which is what `code` returns.

    None where they are not known.
    """
    own = own_names(called)
    if own is None:
        return None
    given = {name: fact for name, fact in of_callee(facts, generally=True).items() if name not in own}
    result: Fact = UNDEFINED
    for _ in range(ROUNDS):
        scope = ScopeWith(called.source.scope, dict.fromkeys(own, KnownFunction(result, False)))
        found = infer(code, given, scope)
        parts = parts_of(found.result, len(written) + has_result)
        if parts is None:
            return None
        new = dict(given)
        left = dict(zip(written, parts[has_result:]))
        try:
            runs = [left, *(arguments(call, env, called, scope) for call, env in calls_of(own, found))]
        except UnboundCallError:
            return None
        for run in runs:
            for name, fact in of_callee(run, generally=True).items():
                if name in new:
                    new[name] = join(new[name], fact, in_item)
        again = join(result, as_item(parts[0]), in_item) if has_result else result
        if new == given and again == result:
            return parts
        given, result = new, again
    return None


def parts_of(result: Fact, count: int) -> list[Fact] | None:
    """What a function returns, part by part."""
    if count == 1:
        return [result]
    return list(result.items) if isinstance(result, Sequence) and result.items is not None and len(result.items) == count else None


def own_names(called: UserCall) -> list[str] | None:
    """The names by which a function calls itself; None where it may do so in another way."""
    names = {node.id for node in core.walk(called.program.body) if isinstance(node, core.Name)}
    if isinstance(called.function, core.Function):
        return [called.function.name] if called.function.name in names else None
    found = [name for name in sorted(names) if called.source.scope.resolve(core.Name(name)) is called.function]
    return found or None


def calls_of(own: list[str], found: Mapping[core.Stmt, Mapping[str, Fact]]) -> list[tuple[core.Call, Mapping[str, Fact]]]:
    """The calls of the function in its own text, and the facts of the variables there."""
    return [(call, env) for stmt, env in found.items() for part in own_expressions(stmt) for call in core.calls(part)
            if isinstance(call.func, core.Name) and call.func.id in own]


def arguments(call: core.Call, env: Mapping[str, Fact], called: UserCall, scope: ScopeWith) -> dict[str, Fact]:
    """The facts of the parameters in a call of the function in its own text."""
    if any(isinstance(arg, core.Starred) for arg in call.args):
        raise UnboundCallError("the arguments are not known one by one")
    captured = [param.name for param in called.program.params if isinstance(called.function, core.Function) and param.kind == "keyword"]
    defaults = default_values(called.function, called.program) | {name: core.Name(name) for name in captured}
    bound = bind(called.program, list(call.args), named(list(call.keywords), env, called.source), defaults)
    return {name: fact_of(arg, env, scope) for name, arg in bound.items()}
