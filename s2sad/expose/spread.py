"""Writes out the arguments that calls of functions with rules take from sequences and dicts.

    y = np.hypot(*pair)                 ->      y = np.hypot(pair[0], pair[1])
    y = fun(*args[1:], **options)       ->      y = fun(args[1], args[2], axis=options["axis"])

That needs their lengths and keys, which facts tell.  A sequence that is computed gets a name before the call, and
what a generator yields is unpacked before it.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import BuiltinFunctionType

from s2sad import core, rules
from s2sad.expose.inner import deriving
from s2sad.expose.models import models_of
from s2sad.facts import FunctionFact
from s2sad.flow.evaluation import calls_of, parted, replaced
from s2sad.meaning.callees import UnboundCallError, user_call
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.reading.read import UNRESOLVED


def spread(function: core.Function, facts: Mapping[core.Stmt, Env], semantics: Semantics, names: Names) -> core.Function:
    """The function with the arguments of one call of each statement written out; the very same where there is nothing to write out."""
    def block(stmts: core.Block) -> core.Block:
        new = tuple(out for stmt in stmts for out in statement(stmt))
        return stmts if len(new) == len(stmts) and all(a is b for a, b in zip(new, stmts)) else new

    def statement(stmt: core.Stmt) -> list[core.Stmt]:
        if isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt)) and stmt in facts:
            for call in calls_of(stmt.value):
                computed = next((arg.value for arg in call.args if isinstance(arg, core.Starred) and is_computed(arg.value)), None)
                if (walked := walked_in(call, facts[stmt], semantics)) is not None:
                    return unpacked(stmt, *walked)
                if takes_apart(call, facts[stmt], semantics) and computed is not None:
                    before, value = parted(stmt.value, computed, names, stmt.at)
                    name = core.Name(names.fresh("args"))
                    return [*before, core.Assign(name, computed, at=stmt.at), replace(stmt, value=replaced(value, computed, name))]
                if (written := written_out(call, facts[stmt], semantics)) is not None:
                    return [replace(stmt, value=replaced(stmt.value, call, written))]
        return [core.with_blocks(stmt, block)]

    def unpacked(stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt, starred: core.Starred, count: int) -> list[core.Stmt]:
        before, value = parted(stmt.value, starred, names, stmt.at)
        args = core.Tuple(tuple(core.Name(names.fresh("arg")) for _ in range(count)))
        new = replaced(value, starred, replace(starred, value=args))
        return [*before, core.Assign(args, starred.value, at=stmt.at), replace(stmt, value=new)]

    body = block(function.body)
    return function if body is function.body else replace(function, body=body)


def walked_in(call: core.Call, env: Env, semantics: Semantics) -> tuple[core.Starred, int] | None:
    """The first argument that a call takes from a generator, and how many items that has."""
    if isinstance(semantics.callee(call.func), BuiltinFunctionType) and not takes_apart(call, env, semantics):
        return None
    for arg in call.args:
        if isinstance(arg, core.Starred) and (count := yielded_by(arg.value, env, semantics)) is not None:
            return arg, count
    return None


def yielded_by(value: core.Expr, env: Env, semantics: Semantics) -> int | None:
    """How many items a generator yields that does so in every run alike; None for all else."""
    if not isinstance(value, core.Call):
        return None
    inside = semantics.fact(value.func, env)
    code = inside.value if isinstance(inside, FunctionFact) else None
    if not isinstance(code, core.Function):
        try:
            called = user_call(value, env, semantics.local, semantics.source)
        except UnboundCallError:
            return None
        code = called.program if called is not None else None
    if code is None or not code.is_generator or any(isinstance(node, core.Return) for node in code.body[:-1]):
        return None
    count = sum(isinstance(node, core.Yield) for node in core.walk(code.body))
    return count if count == sum(isinstance(stmt, core.Yield) for stmt in code.body) else None


def is_computed(value: core.Expr) -> bool:
    return not isinstance(value, (core.Tuple, core.List)) and any(isinstance(node, core.Call) for node in core.walk(value))


def takes_apart(call: core.Call, env: Env, semantics: Semantics) -> bool:
    """Whether a call takes arguments from a sequence or dict, and runs what is only known with its arguments one by one."""
    if not any(isinstance(arg, core.Starred) for arg in call.args) and None not in dict(call.keywords):
        return False
    function = semantics.function(call.func, env)
    if function is UNRESOLVED:
        return isinstance(call.func, core.Attribute) and rules.find_method(call.func.attr) is not None
    return bool(deriving(function)) or rules.find(function) is not None and not models_of(function)


def written_out(call: core.Call, env: Env, semantics: Semantics) -> core.Call | None:
    """The call with its arguments one by one; None where it has them so, or where facts do not tell them."""
    if not takes_apart(call, env, semantics):
        return None
    args, keywords = semantics.one_by_one(call.args, call.keywords, env)
    return None if args is call.args else replace(call, args=tuple(args), keywords=tuple(keywords))
