"""Whether a call may change lists, dicts or objects that it is given: `may_change(call, env, scope)`."""
from __future__ import annotations

import types
from collections.abc import Mapping as Env
from typing import TYPE_CHECKING

import numpy as np

from s2sad import core
from s2sad.derivatives.checkpoint import Checkpoint
from s2sad.expose.inner import deriving
from s2sad.expose.models import models_of
from s2sad.facts import ChoiceFact, Fact, FunctionFact, Mapping, Number, ObjectFact, Sequence, Text
from s2sad.flow.layout import atomic_writes
from s2sad.infer import builtin
from s2sad.infer.calls import arguments
from s2sad.infer.expressions import fact_of
from s2sad.infer.functions import EVERYTHING, is_library, program, touched_by
from s2sad.infer.known import KnownFunction
from s2sad.infer.makers import maker
from s2sad.infer.objects import invocation
from s2sad.reading.read import StaticFunction
from s2sad.reading.scope import UNRESOLVED
from s2sad.rules import find, find_method

if TYPE_CHECKING:
    from s2sad.reading.scope import Scope

WRITING = frozenset(("fill", "sort", "put", "partition", "itemset", "resize", "byteswap", "setfield"))
"""The methods of arrays that write into them."""

CHANGING = frozenset(
    (
        "append",
        "add",
        "extend",
        "insert",
        "setdefault",
        "update",
        "pop",
        "remove",
        "clear",
        "sort",
        "reverse",
        "popitem",
        "discard",
        "resize",
        "setflags",
        "__setitem__",
        "__delitem__",
        "__iadd__",
        "__imul__",
    )
)
CHANGERS = (setattr, delattr, np.random.shuffle)
"""The functions without a rule that change what they are given, among those of Python and NumPy, which do not otherwise."""

_READING = frozenset(
    (
        "copy",
        "index",
        "count",
        "keys",
        "values",
        "items",
        "get",
        "format",
        "join",
        "startswith",
        "endswith",
        "normal",
        "uniform",
        "standard_normal",
        "random",
        "integers",
        "choice",
    )
)


def may_change(call: core.Call, env: Env[str, Fact], scope: Scope) -> bool:
    """Whether the callee, or a function that it is given, may change the containers and objects that it is given or reads."""
    given = (*call.args, *(value for _, value in call.keywords))
    if any(_function_may(arg.function, scope, (), known=env) for arg in given if isinstance(arg, core.Lambda)):
        return True
    for fact in (fact_of(arg, env, scope) for arg in given if isinstance(arg, core.Name)):
        for one in fact.functions if isinstance(fact, ChoiceFact) else (fact,):
            if isinstance(one, FunctionFact) and isinstance(one.value, core.Function) and _function_may(one.value, scope, (), known=env):
                return True
    func = call.func
    found = invocation(call, lambda e: fact_of(e, env, scope))
    if found is not None:
        return _object_may(found.function, scope, ())
    if isinstance(func, core.Name) and func.id in env or not isinstance(func, (core.Name, core.Attribute)):
        fact = fact_of(func, env, scope)
        if isinstance(fact, ChoiceFact):
            return any(_object_may(one.value, scope, ()) for one in fact.functions)
        return not isinstance(fact, FunctionFact) or _object_may(fact.value, scope, ())
    resolved = scope.resolve(func, env)
    if resolved is not UNRESOLVED:
        return _object_may(resolved, scope, ())
    if isinstance(func, core.Name):
        # Functions of the runtime, in derivative programs.
        return False
    receiver = fact_of(func.value, env, scope)
    if isinstance(receiver, (Number, Text, Sequence, Mapping)):
        return False
    if isinstance(receiver, ObjectFact):
        method = getattr(receiver.cls, func.attr, None)
        return func.attr not in _READING and _object_may(method, scope, ())
    return func.attr not in _READING


def may_touch(call: core.Expr, env: Env[str, Fact], scope: Scope) -> bool:
    """Whether what a call or an operator runs may change lists, dicts or objects, as far as the facts of its arguments tell."""
    return bool(touched(call, env, scope))


def touched(call: core.Expr, env: Env[str, Fact], scope: Scope) -> frozenset[str]:
    """What a call or an operator runs may change of lists, dicts and objects: as in `Frame`."""
    if isinstance(call, core.Call) and not may_change(call, env, scope):
        return frozenset()
    run = invocation(call, lambda e: fact_of(e, env, scope))
    if not isinstance(call, core.Call):
        call = core.Call(core.Const(None), () if run is None else run.args)
    callee = scope.resolve(call.func, env) if run is None else run.function
    if callee is UNRESOLVED and isinstance(call.func, core.Name):
        known = fact_of(call.func, env, scope)
        callee = known.value if isinstance(known, FunctionFact) else UNRESOLVED
    if not isinstance(callee, (types.FunctionType, StaticFunction, core.Function, type)) or isinstance(callee, type) and run is None:
        return EVERYTHING
    if deriving(callee):        # what it calls is what it is given
        return EVERYTHING
    args, keywords = arguments(call if run is None else core.Call(call.func, run.args, run.keywords), env, scope)
    if args is None:
        return EVERYTHING
    if isinstance(callee, type):
        args = [FunctionFact(callee), *args]
    return touched_by(FunctionFact(callee), args, keywords, env, scope)


def may_write(call: core.Call, env: Env[str, Fact], scope: Scope) -> bool:
    """Whether the callee may write into arrays that it is given or reads."""
    func = call.func
    if any(name == "out" for name, _ in call.keywords) or isinstance(func, core.Attribute) and func.attr in WRITING:
        return True
    found = scope.resolve(func, env)
    if (getattr(found, "__module__", None) or "").partition(".")[0] == "numpy" and builtin.find(found) is None:
        rule = find(found)
        return rule is None or bool(rule.written)
    return may_change(call, env, scope)


def _object_may(function: object, scope: Scope, seen: tuple[core.Function, ...]) -> bool:
    if isinstance(function, Checkpoint):
        function = function.primal
    if isinstance(function, core.Function):
        return _function_may(function, scope, seen)
    if isinstance(function, KnownFunction):
        return function.changes
    if any(function is changer for changer in CHANGERS):
        return True
    if builtin.find(function) is not None or models_of(function):
        return False
    rule = find(function)
    if rule is not None:
        return bool(rule.written)
    if isinstance(function, types.MethodType):
        function = function.__func__
    if isinstance(function, (types.FunctionType, StaticFunction)):
        module = getattr(function, "__module__", None) or ""
        if module.partition(".")[0] in ("numpy", "scipy", "math", "s2sad") and not module.startswith("s2sad.runtime."):
            return False
        found = program(function)
        return found is None or _function_may(found[0], found[1], seen)
    if isinstance(function, type):
        return function.__module__ != "builtins" and not is_library(function) and _making_may(function, seen)
    return (getattr(function, "__module__", None) or "").partition(".")[0] not in ("numpy", "scipy", "math", "builtins")


def _making_may(cls: type, seen: tuple[core.Function, ...]) -> bool:
    """Whether making an object may change more than that object."""
    made = maker(cls)
    found = program(cls) if made is not None else None
    if made is None or found is None:
        return made is None or made.fields is None
    first = found[0].body[0]
    assert isinstance(first, core.Assign) and isinstance(first.target, core.Name)
    return made.fields is None and _function_may(found[0], found[1], seen, first.target)


def _function_may(function: core.Function, scope: Scope, seen: tuple[core.Function, ...], own_object: core.Expr | None = None,
                  known: Env[str, Fact] | None = None) -> bool:
    """`own_object`: an object that the function itself made, which it may change as it likes; `known`: facts of what it captures."""
    if any(function is other for other in seen):
        return False
    seen = (*seen, function)
    nodes = list(core.walk(function.body))
    own = {node.name for node in nodes if isinstance(node, core.Define)}
    written = {name for node in nodes if isinstance(node, core.Stmt) for name, _ in atomic_writes(node)}
    local = {param.name for param in function.params} | written | own
    for node in nodes:
        target = node.target if isinstance(node, (core.Assign, core.AugAssign)) else None
        if isinstance(target, core.Attribute) and target.value == own_object is not None:
            continue
        if isinstance(node, core.AugAssign) or isinstance(node, core.Assign) and _writes(node.target):
            return True
        if isinstance(node, core.Delete) and any(not isinstance(target, core.Name) for target in node.targets):
            return True
        called = node.func.id if isinstance(node, core.Call) and isinstance(node.func, core.Name) else ""
        fact = known.get(called) if known and called in function.free and called not in local else None
        if isinstance(fact, FunctionFact):
            inside = isinstance(fact.value, core.Function)
            if _function_may(fact.value, scope, seen, known=known) if inside else _object_may(fact.value, scope, seen):
                return True
        elif isinstance(node, core.Call) and _call_may(node, local, own, scope, seen):
            return True
    return False


def _writes(target: core.Expr) -> bool:
    if isinstance(target, (core.Tuple, core.List)):
        return any(_writes(elt) for elt in target.elts)
    return isinstance(target, (core.Subscript, core.Attribute))


def _call_may(call: core.Call, local: set[str], own: set[str], scope: Scope, seen: tuple[core.Function, ...]) -> bool:
    if isinstance(call.func, core.Lambda):
        return _function_may(call.func.function, scope, seen)
    found = scope.resolve(call.func, local)
    if found is not UNRESOLVED:
        return _object_may(found, scope, seen)
    if isinstance(call.func, core.Attribute):
        return may_be_changing(call.func.attr)
    if (derived := derived_from(call.func, local, scope)) is not None:
        return _call_may(core.Call(derived), local, own, scope, seen)
    return not (isinstance(call.func, core.Name) and call.func.id in own)


def derived_from(func: core.Expr, local: set[str], scope: Scope) -> core.Expr | None:
    """The function of which `grad(f)`, `vjp(f, x)[1]`, or a call of the user's that returns such, is a derivative; None for others."""
    made = func.value if isinstance(func, core.Subscript) else func
    if not isinstance(made, core.Call) or not made.args:
        return None
    maker = scope.resolve(made.func, local)
    known = program(maker) if isinstance(maker, types.FunctionType) and not deriving(maker) else None
    if known is not None:
        code, inside = known
        last = code.body[-1] if code.body else None
        given = derived_from(last.value, set(), inside) if isinstance(last, core.Return) else None
        passed = bool(code.params) and given == core.Name(code.params[0].name)
        return made.args[0] if passed else None
    return made.args[0] if deriving(maker) else None


def may_be_changing(method: str) -> bool:
    """Whether a method of this name, of what is not known, may change its object."""
    return method in CHANGING or method in WRITING or method not in _READING and find_method(method) is None
