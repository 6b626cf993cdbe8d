"""The user's functions that a call reaches: which function, and which argument each of its parameters gets."""
from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import FunctionType, MethodType, ModuleType

from s2sad import core
from s2sad.facts import Dim, Fact, FunctionFact, Number, ObjectFact, Sequence, with_sizes
from s2sad.facts import Mapping as MappingFact
from s2sad.facts.dims import renamed
from s2sad.facts.fact import ANY
from s2sad.infer import fact_of
from s2sad.infer.functions import Renaming, generalised, program
from s2sad.read import UNRESOLVED, Source, StaticFunction, read
from s2sad.rules import find

Env = Mapping[str, Fact]


@dataclass(frozen=True)
class UserCall:
    """A call of a Python function with its own source; `bound` are the arguments as expressions of the caller, defaults filled in."""

    function: object
    program: core.Function
    source: Source
    bound: Mapping[str, core.Expr]


class UnboundCallError(TypeError):
    """A call whose arguments do not say which parameter gets what, or do not fit."""


def called_object(func: core.Expr, env: Env, local: frozenset[str], source: Source) -> tuple[object, tuple[core.Expr, ...]]:
    """The object that a call runs and the arguments that it holds already, such as the receiver of a method; UNRESOLVED if not known."""
    found = source.scope.resolve(func, local)
    if found is not UNRESOLVED:
        return found, ()
    fact = fact_of(func, env, source.scope) if isinstance(func, (core.Name, core.Attribute, core.Subscript)) else None
    if isinstance(fact, FunctionFact) and not isinstance(fact.value, core.Function):
        return fact.value, ()
    if isinstance(func, core.Attribute):
        owner = source.scope.resolve(func.value, local)
        if owner is not UNRESOLVED and not isinstance(owner, (type, ModuleType)):
            member = vars_of(type(owner), func.attr)
            if isinstance(member, FunctionType) and func.attr not in getattr(owner, "__dict__", {}):
                return member, (func.value,)
        receiver = fact_of(func.value, env, source.scope)
        if isinstance(receiver, ObjectFact):
            member = vars_of(receiver.cls, func.attr)
            if isinstance(member, FunctionType):
                return member, (func.value,)
            if isinstance(member, (staticmethod, classmethod)) and isinstance(member, staticmethod):
                return member.__func__, ()
    return UNRESOLVED, ()


def vars_of(cls: type, name: str) -> object:
    """What a class or its bases define under a name, no descriptor run."""
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)


def user_call(call: core.Call, env: Env, local: frozenset[str], source: Source) -> UserCall | None:
    """The user's function that a call runs, None where it is none; raises UnboundCallError where the arguments do not fit."""
    function, held = called_object(call.func, env, local, source)
    args, keywords = list(held) + list(call.args), list(call.keywords)
    if isinstance(function, functools.partial):
        path = call.func
        first = [core.Subscript(core.Attribute(path, "args"), core.Const(i)) for i in range(len(function.args))]
        args = [*first, *args]
        given = {name for name, _ in keywords}
        keywords += [(name, core.Subscript(core.Attribute(path, "keywords"), core.Const(name))) for name in function.keywords if name not in given]
        function = function.func
    if isinstance(function, MethodType):
        args = [core.Attribute(call.func, "__self__"), *args]
        function = function.__func__
    function = getattr(function, "primal", function) if not isinstance(function, (FunctionType, StaticFunction)) else function
    if not isinstance(function, (FunctionType, StaticFunction)) or find(function) is not None:
        return None
    found = program(function)
    if found is None:
        return None
    code = found[0]
    defaults = default_values(function, code)
    origin = function.source if isinstance(function, StaticFunction) else read(function)
    return UserCall(function, code, origin, bind(code, expanded(args, env, source), named(keywords, env, source), defaults))


def rebound(called: UserCall, call: core.Call) -> UserCall:
    """`called` with the arguments of a call of its forward function, which takes every parameter in order."""
    return replace(called, bound=dict(zip(called.bound, call.args)))


def expanded(args: list[core.Expr], env: Env, source: Source) -> list[core.Expr]:
    """The positional arguments one by one; `*pair` becomes `pair[0], pair[1]` where its length is known."""
    out: list[core.Expr] = []
    for arg in args:
        if not isinstance(arg, core.Starred):
            out.append(arg)
            continue
        if isinstance(arg.value, (core.Tuple, core.List)):
            out += arg.value.elts
            continue
        fact = fact_of(arg.value, env, source.scope)
        if not isinstance(fact, Sequence) or fact.items is None:
            raise UnboundCallError("the number of arguments in `*` is not known")
        out += [core.Subscript(arg.value, core.Const(i)) for i in range(len(fact.items))]
    return out


def named(keywords: list[tuple[str | None, core.Expr]], env: Env, source: Source) -> dict[str, core.Expr]:
    """The keyword arguments one by one; `**options` is taken apart where its keys are known."""
    out: dict[str, core.Expr] = {}
    for name, value in keywords:
        if name is not None:
            out[name] = value
            continue
        if isinstance(value, core.Dict) and all(isinstance(key, core.Const) for key in value.keys):
            out.update({key.value: item for key, item in zip(value.keys, value.values) if isinstance(key, core.Const)})
            continue
        fact = fact_of(value, env, source.scope)
        if not isinstance(fact, MappingFact) or fact.items is None:
            raise UnboundCallError("the keywords in `**` are not known")
        out.update({key: core.Subscript(value, core.Const(key)) for key, _ in fact.items})
    return out


def default_values(function: object, code: core.Function) -> dict[str, core.Expr]:
    """The defaults of the parameters: those that the function was made with, written as constants where they are plain."""
    values: dict[str, core.Expr] = {param.name: param.default for param in code.params if param.default is not None}
    if isinstance(function, FunctionType):
        plain = [param.name for param in code.params if param.kind in ("positional", "plain")]
        bound = dict(zip(reversed(plain), reversed(function.__defaults__ or ()))) | (function.__kwdefaults__ or {})
        values.update({name: core.Const(value) for name, value in bound.items() if type(value) in (int, float, bool, str, type(None))})
    return values


def bind(code: core.Function, args: list[core.Expr], keywords: dict[str, core.Expr], defaults: Mapping[str, core.Expr]) -> dict[str, core.Expr]:
    """The argument of each parameter."""
    bound: dict[str, core.Expr] = {}
    rest, left = list(args), dict(keywords)
    for param in code.params:
        if param.kind == "args":
            bound[param.name] = core.Tuple(tuple(rest))
            rest = []
        elif param.kind == "kwargs":
            bound[param.name] = core.Dict(tuple(core.Const(name) for name in left), tuple(left.values()))
            left = {}
        elif param.kind != "keyword" and rest:
            bound[param.name] = rest.pop(0)
        elif param.kind != "positional" and param.name in left:
            bound[param.name] = left.pop(param.name)
        elif param.name in defaults:
            bound[param.name] = defaults[param.name]
        else:
            raise UnboundCallError(f"the argument `{param.name}` is missing")
    if rest or left:
        raise UnboundCallError("there are too many arguments")
    return bound


def of_callee(facts: Mapping[str, Fact], generally: bool = False) -> dict[str, Fact]:
    """The facts of arguments as those of parameters: sizes are named in order of appearance, the values of integers are left out.

    For recursive calls, whose sizes would differ without end, only which sizes are equal is kept.
    """
    renaming = Renaming({}, {})

    def enter(d: Dim, path: str) -> Dim | None:
        return None if path.endswith("#") else d if d == ANY else renamed(d, lambda s: renaming.name(s, Dim(((s, 1),)), s.least))

    return {name: generalised(fact, renaming) if generally else without_values(with_sizes(fact, enter)) for name, fact in facts.items()}


def without_values(fact: Fact) -> Fact:
    if isinstance(fact, Number):
        return replace(fact, value=None, size=None)
    if isinstance(fact, Sequence) and fact.items is not None:
        return replace(fact, items=tuple(without_values(item) for item in fact.items))
    return fact
