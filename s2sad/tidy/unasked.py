"""What must be evaluated though no one asks for the value: a derivative raises the exceptions of its function.

    return math.log(x) + a * x        ->        math.log(x)
"""
from __future__ import annotations

from collections.abc import Iterator
from types import FunctionType

from s2sad import core
from s2sad.facts import Unknown
from s2sad.flow.evaluation import evaluated
from s2sad.flow.layout import bound_by
from s2sad.meaning.semantics import Env, Semantics
from s2sad.tidy.effects import call_is_pure, may_raise


def checks(function: core.Function, env: Env, semantics: Semantics) -> core.Block:
    """Statements that evaluate what may raise in the result of a function; `env` are the facts where it returns.

    So do calls that may have effects.  What may raise only because nothing is known of it is left out.
    """
    last = function.body[-1]
    assert isinstance(last, core.Return)
    user = semantics.source.function
    variables: frozenset[str] = frozenset(user.__code__.co_varnames) if isinstance(user, FunctionType) else frozenset()
    read = core.reads(last.value) & semantics.local & variables - {param.name for param in function.params}
    partial: frozenset[str] = getattr(env, "partial", frozenset())
    order = dict.fromkeys(node.id for node in core.walk(last.value) if isinstance(node, core.Name) and node.id in read)
    loose = [name for name in order if name in partial or not bound_by(function.body[:-1], name)]
    found = (*map(core.Name, loose), *raising_parts(last.value, env, semantics))
    return tuple(core.ExprStmt(part, at=last.at) for part in found)


def doubtful(value: core.Expr, env: Env, semantics: Semantics) -> list[str]:
    """The variables that need not be bound where a result is evaluated of which nothing is known: it may raise before they are read."""
    partial: frozenset[str] = getattr(env, "partial", frozenset())
    names = [node for node in evaluated(value) if isinstance(node, core.Name)]
    unknown = any(isinstance(semantics.fact(node, env), Unknown) for node in names)
    return list(dict.fromkeys(node.id for node in names if node.id in partial)) if unknown else []


def raising_parts(expr: core.Expr, env: Env, semantics: Semantics) -> Iterator[core.Expr]:
    """The outermost operations that may raise, from the left."""
    if isinstance(expr, (core.Name, core.Const, core.Lambda, core.Comprehension)):
        return
    operands = [child for child in core.children(expr) if isinstance(child, core.Expr)]
    known = not any(isinstance(semantics.fact(operand, env), Unknown) for operand in operands if not isinstance(operand, core.Slice))
    if known and may_raise(expr, env, semantics) or isinstance(expr, core.Call) and not call_is_pure(expr, env, semantics):
        yield expr
        return
    for operand in operands:
        yield from raising_parts(operand, env, semantics)
