"""The facts of calls: by the callee's rule, by what is known of Python's own functions, or by the source of the user's function.

    call(expr, env, scope) -> Fact        number_attribute(value, expr) -> Fact
"""
from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Mapping as Env
from typing import TYPE_CHECKING, Any

from s2sad import core, runtime
from s2sad.derivatives.checkpoint import Checkpoint
from s2sad.expose.inner import deriving, fact_of_deriving
from s2sad.facts import (
    BOOL,
    FLOAT,
    INT,
    NONE,
    TEXT,
    UNDEFINED,
    UNKNOWN,
    ChoiceFact,
    Dim,
    Fact,
    FunctionFact,
    Mapping,
    ModuleFact,
    Number,
    ObjectFact,
    Sequence,
    Text,
    as_item,
    dim,
    fresh,
    integer,
    join_all,
    renewed,
    tuple_of,
    with_sizes,
)
from s2sad.facts.gradients import gradient_of
from s2sad.infer import builtin
from s2sad.infer.arithmetic import binary
from s2sad.infer.expressions import attribute, fact_of, of_object
from s2sad.infer.functions import bind, is_library, result_of
from s2sad.infer.known import KnownFunction
from s2sad.infer.makers import Maker, maker
from s2sad.infer.objects import Invocation, invocation
from s2sad.reading.read import StaticFunction
from s2sad.reading.scope import UNRESOLVED
from s2sad.rules import BindError, Rule, find, find_attribute, find_method

if TYPE_CHECKING:
    from s2sad.reading.scope import Scope

_NUMBERS = {"size": INT, "ndim": INT, "itemsize": INT, "nbytes": INT}


def number_attribute(value: Number, expr: core.Attribute) -> Fact:
    """The fact of an attribute of a number or array."""
    name = expr.attr
    if value.box == "python" and name in ("T", "shape", "ndim", "size", "dtype"):
        return UNKNOWN
    if name == "shape":
        return Sequence("tuple", None, INT, None) if value.shape is None else tuple_of(*map(integer, value.shape))
    if name == "T" and value.shape is not None:
        return Number(value.kind, value.dtype, value.shape[::-1], value.box, None, None, value.mixed)
    if name == "ndim" and value.shape is not None:
        return integer(len(value.shape))
    rule = find_attribute(name)
    if rule is None:
        return UNKNOWN
    receiver = rule.params[0].name
    return rule.result_fact({receiver: value}, {receiver: expr.value})


def call(expr: core.Call, env: Env[str, Fact], scope: Scope) -> Fact:
    """The fact of what a call returns."""
    func = expr.func
    if (run := invocation(expr, lambda e: fact_of(e, env, scope))) is not None:
        return of_invocation(run, env, scope)
    if isinstance(func, core.Attribute):
        if func.attr == "__new__":
            owner = fact_of(func.value, env, scope)
            return ObjectFact(owner.value) if isinstance(owner, FunctionFact) and isinstance(owner.value, type) else UNKNOWN
        base: core.Expr = func.value
        while isinstance(base, core.Attribute):
            base = base.value
        found = scope.resolve(func, env) if isinstance(base, core.Name) and base.id not in env else UNRESOLVED
        if found is not UNRESOLVED:
            return _of_object(found, expr, env, scope)
        return _method(fact_of(func.value, env, scope), func, expr, env, scope)
    if isinstance(func, core.Name) and func.id not in env:
        found = scope.resolve(func, env)
        return _of_runtime(func.id, expr, env, scope) if found is UNRESOLVED else _of_object(found, expr, env, scope)
    if isinstance(func, core.Call) and scope.resolve(func.func, env) is functools.wraps and len(expr.args) == 1:
        return fact_of(expr.args[0], env, scope)
    callee = fact_of(func, env, scope)
    if callee is UNDEFINED:
        return UNDEFINED
    if isinstance(callee, ChoiceFact):
        return join_all(_of_function(one, expr, env, scope) for one in callee.functions)
    return _of_function(callee, expr, env, scope) if isinstance(callee, FunctionFact) else UNKNOWN


def _of_function(callee: FunctionFact, expr: core.Call, env: Env[str, Fact], scope: Scope) -> Fact:
    if isinstance(callee.value, core.Function):
        args, keywords = arguments(expr, env, scope)
        return UNKNOWN if args is None else result_of(callee, args, keywords, env, scope)
    return _of_object(callee.value, expr, env, scope)


def arguments(expr: core.Call, env: Env[str, Fact], scope: Scope) -> tuple[list[Fact] | None, dict[str, Fact]]:
    """The facts of the arguments one by one; None where they are not known so."""
    args: list[Fact] = []
    for arg in expr.args:
        if isinstance(arg, core.Starred):
            inner = fact_of(arg.value, env, scope)
            if not isinstance(inner, Sequence) or inner.count is None:
                return None, {}
            args.extend(inner.items if inner.items is not None else [renewed(inner.each) for _ in range(inner.count)])
        else:
            args.append(fact_of(arg, env, scope))
    keywords: dict[str, Fact] = {}
    for name, value in expr.keywords:
        fact = fact_of(value, env, scope)
        if name is not None:
            keywords[name] = fact
        elif isinstance(fact, Mapping) and fact.items is not None:
            keywords.update((str(key), item) for key, item in fact.items)
        else:
            return None, {}
    return args, keywords


def _of_object(function: object, expr: core.Call, env: Env[str, Fact], scope: Scope) -> Fact:
    if isinstance(function, KnownFunction):
        return made_anew(function.result)
    if isinstance(function, Checkpoint):
        function = function.primal
    if hasattr(type(function), "_is_s2sad_whole"):
        function = function.program     # type: ignore[attr-defined]
    if hasattr(type(function), "_is_s2sad_derivative"):
        return _of_derivative(function, expr, env, scope)
    if name := deriving(function):
        return fact_of_deriving(name, fact_of(expr.args[0], env, scope) if expr.args else None, expr, lambda e: fact_of(e, env, scope))
    special = builtin.find(function)
    if special is not None:
        args, keywords = arguments(expr, env, scope)
        if args is None:
            return UNKNOWN
        if UNDEFINED in args:
            return UNDEFINED
        result = special(args, keywords)
        if result is not None:
            return result
    rule = find(function)
    if rule is not None:
        return _by_rule(rule, expr.args, expr, env, scope)
    if isinstance(function, (types.FunctionType, types.MethodType, StaticFunction, functools.partial)):
        args, keywords = arguments(expr, env, scope)
        if args is None:
            return UNKNOWN
        if isinstance(function, functools.partial):
            args = [*map(of_object, function.args), *args]
            keywords = {**{name: of_object(value) for name, value in function.keywords.items()}, **keywords}
            function = function.func
        if isinstance(function, types.MethodType):
            args = [of_object(function.__self__), *args]
            function = function.__func__
        return result_of(FunctionFact(function), args, keywords, env, scope)
    if isinstance(function, type):
        args, keywords = arguments(expr, env, scope)
        return UNKNOWN if args is None else _instance(function, args, keywords, env, scope)
    return UNKNOWN


def _of_derivative(derivative: Any, expr: core.Call, env: Env[str, Fact], scope: Scope) -> Fact:
    """What a gradient is; what is called under the name of its primal may be the primal, as in a recursion."""
    args, keywords = arguments(expr, env, scope)
    request, target = derivative.request, derivative._target
    decorated = isinstance(expr.func, core.Name) and expr.func.id == getattr(derivative.primal, "__name__", None)
    if args is None or decorated or request.mode not in ("grad", "value_and_grad") or target.args or target.keywords:
        return UNKNOWN
    if UNDEFINED in args:
        return UNDEFINED
    try:
        given = target.own.bind(*args, **keywords).arguments
    except TypeError:
        return UNKNOWN
    parts = [gradient_of(given[one.name]) if one.item is None and isinstance(given.get(one.name), Fact) else UNKNOWN
             for one in request.wrt]
    gradient = parts[0] if request.single else tuple_of(*parts)
    if request.mode == "value_and_grad":
        return tuple_of(UNKNOWN, gradient)
    return tuple_of(gradient, UNKNOWN) if request.has_aux else gradient


def made_anew(fact: Fact) -> Fact:
    """`fact` as that of another value: the sizes that statements computed are others."""
    names: dict[Dim, Dim] = {}
    return with_sizes(fact, lambda d, path: names.setdefault(d, fresh(None if path.endswith("#") else 0)) if d.born else d)


def _by_rule(
    rule: Rule, args: tuple[core.Expr, ...], expr: core.Call, env: Env[str, Fact], scope: Scope, receiver: Fact | None = None
) -> Fact:
    try:
        bound = rule.bind(args, expr.keywords)
    except BindError:
        return UNKNOWN
    facts: dict[str, Fact] = {}
    for name, value in bound.items():
        fact = receiver if receiver is not None and value is args[0] else fact_of(value, env, scope)
        if fact is UNDEFINED:
            return UNDEFINED
        facts[name] = fact
    return rule.result_fact(facts, bound)


def of_invocation(found: Invocation, env: Env[str, Fact], scope: Scope) -> Fact:
    """The fact of an operation that runs a function of the user's."""
    args, keywords = arguments(core.Call(core.Const(None), found.args, found.keywords), env, scope)
    if args is None:
        return UNKNOWN
    if isinstance(found.function, type):
        return _instance(found.function, args, keywords, env, scope)
    return result_of(FunctionFact(found.function), args, keywords, env, scope)


def _instance(cls: type, args: list[Fact], keywords: dict[str, Fact], env: Env[str, Fact], scope: Scope) -> Fact:
    """What a class makes of arguments: named tuples and dataclasses are known by their fields."""
    if cls is types.SimpleNamespace and not args:
        return ObjectFact(cls, tuple(keywords.items()))
    made = None if is_library(cls) else maker(cls)
    if made is None:
        return UNKNOWN
    if made.function.body:
        return result_of(FunctionFact(cls), [FunctionFact(cls), *args], keywords, env, scope)
    bound = bind(made.function, args, keywords, scope)
    if bound is None or made.fields is None:
        return UNKNOWN
    fields = {name: _default(name, made, env, scope) if bound.get(name, UNKNOWN) is UNKNOWN else bound[name] for name in made.fields}
    if issubclass(cls, tuple):
        return Sequence("tuple", tuple(fields.values()), None, dim(len(fields)), None, cls)
    return ObjectFact(cls, tuple(fields.items()))


def _default(name: str, made: Maker, env: Env[str, Fact], scope: Scope) -> Fact:
    if name in made.factories:
        return _of_object(made.factories[name], core.Call(core.Const(None)), env, scope)
    return of_object(made.defaults[name]) if name in made.defaults else UNKNOWN


_STRINGS: dict[str, Fact] = {
    name: TEXT
    for name in (
        "format",
        "join",
        "upper",
        "lower",
        "strip",
        "lstrip",
        "rstrip",
        "replace",
        "title",
        "capitalize",
        "ljust",
        "rjust",
        "center",
        "zfill",
        "removeprefix",
        "removesuffix",
    )
}
_STRINGS |= {name: BOOL for name in ("startswith", "endswith", "isdigit", "isalpha", "isupper", "islower", "isspace", "isidentifier")}
_STRINGS |= {name: INT for name in ("find", "index", "count", "rfind", "rindex")}
_LIST_CHANGES = frozenset(("append", "extend", "insert", "remove", "clear", "sort", "reverse", "add", "discard", "update"))


def _method(value: Fact, func: core.Attribute, expr: core.Call, env: Env[str, Fact], scope: Scope) -> Fact:
    name = func.attr
    if value is UNDEFINED:
        return UNDEFINED
    if isinstance(value, Number):
        rule = find_method(name)
        return UNKNOWN if rule is None else _by_rule(rule, (func.value, *expr.args), expr, env, scope, value)
    if isinstance(value, Text):
        return _STRINGS.get(name, UNKNOWN)
    if isinstance(value, Sequence) and (value.cls is None or name in ("index", "count")):
        return _of_sequence(value, name, expr)
    if isinstance(value, Sequence) and name == "_replace" and value.items is not None and value.cls is not None:
        fields = dict(zip(value.cls._fields, value.items)) | arguments(expr, env, scope)[1]  # type: ignore[attr-defined]
        return dataclasses.replace(value, items=tuple(fields.values()))
    if isinstance(value, Mapping):
        return _of_mapping(value, name, [fact_of(arg, env, scope) for arg in expr.args if not isinstance(arg, core.Starred)])
    if isinstance(value, ModuleFact):
        return _of_object(getattr(value.value, name, UNRESOLVED), expr, env, scope)
    if isinstance(value, ObjectFact) and value.cls.__module__.startswith("numpy"):
        rule = find_method(name)
        return UNKNOWN if rule is None else _by_rule(rule, (func.value, *expr.args), expr, env, scope, value)
    callee = attribute(value, func, env, scope)
    return (
        _of_object(callee.value, expr, env, scope)
        if isinstance(callee, FunctionFact) and not isinstance(callee.value, core.Function)
        else UNKNOWN
    )


def _of_sequence(value: Sequence, name: str, expr: core.Call) -> Fact:
    if name in _LIST_CHANGES:
        return NONE
    if name in ("index", "count"):
        return INT
    if name == "copy":
        return dataclasses.replace(value, born=None)
    if name == "pop":
        if value.items is not None and not expr.args:
            return value.items[-1] if value.items else UNDEFINED
        return renewed(value.each)
    return UNKNOWN


def _of_mapping(value: Mapping, name: str, args: list[Fact]) -> Fact:
    if name in ("clear", "update"):
        return NONE
    if name == "copy":
        return dataclasses.replace(value, born=None)
    if name in ("keys", "values", "items"):
        keys = builtin.element(value)
        if value.items is not None and name != "keys":
            pairs = [tuple_of(of_object(key), item) if name == "items" else item for key, item in value.items]
            return Sequence("iterator", tuple(pairs), None, dim(len(pairs)))
        item = {"keys": keys, "values": value.each, "items": tuple_of(keys, value.each)}[name]
        return Sequence("iterator", None, as_item(item), None)
    if name in ("get", "pop", "setdefault") and len(args) == 2:
        return builtin.joined([builtin.subscript(value, args[0]), args[1]])
    if name == "pop" and len(args) == 1:
        return builtin.subscript(value, args[0])
    return UNKNOWN


def _of_runtime(name: str, expr: core.Call, env: Env[str, Fact], scope: Scope) -> Fact:
    """The fact of a call of a function of `s2sad.runtime`, which derivative programs name without importing it."""
    args = [fact_of(arg, env, scope) for arg in expr.args]
    if UNDEFINED in args:
        return UNDEFINED
    if name == "unbroadcast" and len(args) == 2:
        return _adjoint(args[1], args[0])
    if name == "namespace" and not args:
        fields = tuple((key, fact_of(value, env, scope)) for key, value in expr.keywords if key is not None)
        return ObjectFact(types.SimpleNamespace, fields)
    if name == "divided" and len(args) == 2:
        return binary("/", args[0], args[1])
    if name == "zeros" and len(args) == 1:
        return _adjoint(args[0], FLOAT)
    if name == "add" and len(args) == 2:
        return builtin.joined(args)
    row = find(getattr(runtime, name, None))
    return UNKNOWN if row is None else _by_rule(row, expr.args, expr, env, scope)


def _adjoint(like: Fact, g: Fact) -> Fact:
    """The adjoint of a value: its own structure and shapes, in floating point; lists for tuples, so that their items can be set."""
    if isinstance(like, Number):
        if like.kind in "bi" or like.mixed:
            return FLOAT if like.box == "python" else Number("f", None, like.shape, like.box)
        return dataclasses.replace(like, value=None, size=None)
    if isinstance(like, Sequence) and like.items is not None:
        return Sequence("list", tuple(_adjoint(item, g) for item in like.items), None, like.length)
    if isinstance(like, Sequence) and like.item is not None:
        return Sequence("list", None, _adjoint(like.item, g), like.length)
    if isinstance(like, Mapping) and like.items is not None:
        return Mapping(tuple((key, _adjoint(item, g)) for key, item in like.items))
    if isinstance(like, ObjectFact) and not like.discrete:
        return ObjectFact(types.SimpleNamespace, tuple((name, _adjoint(item, g)) for name, item in like.fields), like.open)
    return UNKNOWN
