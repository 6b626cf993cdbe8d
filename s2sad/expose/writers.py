"""Calls of functions of the user's that write into what they are given, written out where they stand.

    scale(v, c)             ->      v *= c

The body of the function takes the place of its call: what it writes into, and under which names, is then seen like every other write.
"""
from __future__ import annotations

import builtins
import collections
import inspect
import sys
from types import BuiltinFunctionType, FunctionType, ModuleType

import numpy as np

from s2sad import core, runtime
from s2sad.analysis.alias import shared_names
from s2sad.analysis.called import written_by
from s2sad.analysis.outside import package_of
from s2sad.errors import refuse
from s2sad.expose.inline import spliced
from s2sad.expose.returning import Returning
from s2sad.infer.functions import program
from s2sad.meaning.callees import UserCall
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.reading.read import UNRESOLVED, StaticFunction

WRITES = "writes into its arguments"
REACHES = "changes or reads objects from outside of it"


def writer(call: core.Call, env: Env, semantics: Semantics, holds: bool) -> UserCall | None:
    """The call of a function of the user's that writes into what it is given, or, with `holds`, returns memory that it is given."""
    if semantics.is_pair(call) or semantics.application(call, env) is not None:
        return None
    if semantics.record(call, env) is not None:
        return None
    called = semantics.user_call(call, env)
    if called is None or package_of(called) in sys.stdlib_module_names:
        return None
    facts = {param: semantics.fact(arg, env) for param, arg in called.bound.items()}
    written = [called.bound[param] for param in written_by(called, facts) if param in called.bound]
    if any(shared_names(arg, env, semantics) or core.root(arg) is None for arg in written) or holds:
        return called
    return None


def written_out(call: core.Call, called: UserCall, semantics: Semantics, names: Names, what: str = WRITES,
                help: str = "return new arrays instead of writing into arguments, or write it as a loop",
                ) -> tuple[list[core.Stmt], core.Expr]:
    """The statements that a call stands for, and its value after them; `what` it does is why it has to be written out."""
    if recurs(called):
        reason = f"cannot differentiate through `{called.source.name}`, which {what} and calls itself"
        raise refuse(reason, call.at, semantics.source, help)
    foreign = foreign_names(called, semantics)
    for name in sorted(core.reads(called.program.body) & set(runtime.__all__) - foreign):
        if called.source.scope.lookup(name) is (helper := getattr(runtime, name)) and name not in semantics.bound:
            semantics.scope.added.setdefault(name, helper)
    if not foreign:
        return spliced(called, call, names, {})
    module = module_of(called, foreign)
    if module is None:
        reason = (f"cannot differentiate through `{called.source.name}`, which {what} and reads `{min(foreign)}`"
                  " from around it")
        raise refuse(reason, call.at, semantics.source, "pass what it reads as arguments")
    alias = names.fresh(module.rpartition(".")[2])
    read = {name: core.Attribute(core.Name(alias), name) for name in foreign}
    body, result = spliced(called, call, names, read)
    return [core.Import(alias, module, at=call.at), *body], result


def recurs(called: UserCall) -> bool:
    """Whether a function may reach a call of itself."""
    if isinstance(called.function, (core.Function, Returning)):     # others defined inside are not reached by calls of their own
        return True
    seen: set[object] = set()
    waiting: list[tuple[core.Function, object]] = [(called.program, called.source)]
    while waiting:
        code, source = waiting.pop()
        local = frozenset(p.name for p in code.params)
        for node in core.walk(code.body):
            if not isinstance(node, core.Call):
                continue
            found = source.scope.resolve(node.func, local)  # type: ignore[attr-defined]
            found = getattr(found, "__func__", found)
            if found is called.function:
                return True
            if found is UNRESOLVED and isinstance(node.func, core.Attribute) and called.source.owner:
                named = node.func.attr == called.source.name    # a method of that name, of this object or another, or that of a list
                if named and (isinstance(node.func.value, core.Name) or not any(hasattr(one, node.func.attr) for one in CONTAINERS)):
                    return True
                found = sibling(called.function, node.func.attr)
            if isinstance(found, (FunctionType, StaticFunction)) and found not in seen:
                seen.add(found)
                other = program(found)
                if other is not None:
                    waiting.append((other[0], _Scoped(other[1])))
    return False


CONTAINERS = (list, dict, set, str, np.ndarray, collections.deque)


def sibling(function: object, name: str) -> object:
    """The function that the class of a method has under a name; None where it has none, or the class is not found."""
    owner: object = sys.modules.get(getattr(function, "__module__", None) or "")
    for part in getattr(function, "__qualname__", "").split(".")[:-1]:
        owner = vars(owner).get(part) if isinstance(owner, (ModuleType, type)) else None
    return inspect.getattr_static(owner, name, None) if isinstance(owner, type) else None


LASTING = (ModuleType, FunctionType, BuiltinFunctionType, type, StaticFunction)
"""What a module binds once: numbers of globals are read live."""


class _Scoped:
    """A source of which only the scope is known."""

    def __init__(self, scope: object) -> None:
        self.scope = scope


def foreign_names(called: UserCall, semantics: Semantics) -> frozenset[str]:
    """The names that the function reads from its own module and that mean something else, or nothing, where it is called."""
    code = called.program
    local = frozenset(p.name for p in code.params) | {name for node in core.walk(code.body) for name in _bound(node)}
    found: set[str] = set()
    around = _globals(semantics.source.function)
    same_module = around is not None and _globals(called.source.function) is around
    for node in core.walk(code.body):
        if not isinstance(node, core.Name) or node.id in local:
            continue
        there = called.source.scope.resolve(node, local)
        here = semantics.source.scope.resolve(node, semantics.bound)
        if node.id in runtime.__all__ and there is getattr(runtime, node.id) and here is UNRESOLVED and node.id not in semantics.bound:
            continue    # every text gets it
        lasting = same_module or there is UNRESOLVED or isinstance(there, LASTING) or hasattr(builtins, node.id)
        if node.id in code.free or node.id in semantics.bound or there is not here or not lasting:
            found.add(node.id)
    return frozenset(found)


def module_of(called: UserCall, names: frozenset[str]) -> str | None:
    """The module in which the function finds these names; None where it finds one of them elsewhere."""
    module = getattr(called.source.function, "__module__", None)
    known = vars(sys.modules[module]) if module in sys.modules else {}
    inside = known is _globals(called.source.function) and all(name in known for name in names) and not names & set(called.program.free)
    return module if inside else None


def _globals(function: object) -> object:
    return getattr(function, "__globals__", None)


def _bound(node: object) -> list[str]:
    if isinstance(node, (core.Assign, core.AugAssign, core.For, core.Generator)):
        return list(core.bound_names(node.target))
    if isinstance(node, (core.Define, core.Import)):
        return [node.name]
    if isinstance(node, core.Function):
        return [param.name for param in node.params]
    return []


