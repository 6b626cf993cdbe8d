"""Writes out the arguments that calls of functions with rules take from sequences and dicts.

    y = np.hypot(*pair)                 ->      y = np.hypot(pair[0], pair[1])
    y = fun(*args[1:], **options)       ->      y = fun(args[1], args[2], axis=options["axis"])

That needs their lengths and keys, which facts tell.  A sequence that is computed gets a name before the call.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from s2sad import core, rules
from s2sad.expose.inner import deriving
from s2sad.expose.models import models_of
from s2sad.flow.evaluation import calls_of, parted, replaced
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
                if takes_apart(call, facts[stmt], semantics) and computed is not None:
                    before, value = parted(stmt.value, computed, names, stmt.at)
                    name = core.Name(names.fresh("args"))
                    return [*before, core.Assign(name, computed, at=stmt.at), replace(stmt, value=replaced(value, computed, name))]
                if (written := written_out(call, facts[stmt], semantics)) is not None:
                    return [replace(stmt, value=replaced(stmt.value, call, written))]
        return [core.with_blocks(stmt, block)]

    body = block(function.body)
    return function if body is function.body else replace(function, body=body)


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
