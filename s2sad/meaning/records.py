"""Objects made as records, whose parts are known one by one: `record(expr, env, source)`.

    State(q, v)                        the parts `.q: q`, `.v: v`
    replace(settings, rate=2 * r)      the parts `.rate: 2 * r`, `.momentum: settings.momentum`

The adjoint of a record goes to its parts field by field, as that of a tuple goes item by item.
"""
from __future__ import annotations

import copy
import dataclasses
import types
from collections.abc import Mapping

from s2sad import core
from s2sad.facts import Fact, ObjectFact, Sequence
from s2sad.infer import fact_of
from s2sad.infer.makers import maker
from s2sad.infer.objects import vars_of
from s2sad.meaning.callees import bind, expanded, named, run_by
from s2sad.reading.read import UNRESOLVED, Source

Env = Mapping[str, Fact]
Fields = Mapping[str, core.Expr]


def record(expr: core.Expr, env: Env, local: frozenset[str], source: Source) -> Fields | None:
    """The fields of the object that a call makes, None where it makes no record."""
    if not isinstance(expr, core.Call):
        return None
    if isinstance(expr.func, core.Attribute) and expr.func.attr == "_replace":
        return _with(expr.func.value, named(list(expr.keywords), env, source), env, source)
    found = run_by(expr, env, local, source)
    function = None if found is None else found.function
    if isinstance(function, type):
        return _made(function, expr, env, source)
    if expr.args and (function is dataclasses.replace or (function is copy.copy or function is copy.deepcopy) and not expr.keywords):
        fields = _with(expr.args[0], named(list(expr.keywords), env, source), env, source)
        if function is copy.deepcopy and fields is not None:
            return {name: core.Call(expr.func, (value,), at=expr.at) for name, value in fields.items()}
        return fields
    return None


def placed_twice(call: core.Call, fields: Fields) -> list[core.Expr]:
    """The arguments that are computed, and that a record holds in several places: of `Pair(2 * x)` with `.a: 2 * x`, `.b: 2 * x`."""
    parts = [part for value in fields.values() for part in core.walk(value)]
    given = (*call.args, *(value for _, value in call.keywords))
    return [arg for arg in given if not isinstance(arg, (core.Name, core.Const)) and sum(part is arg for part in parts) > 1]


def _made(cls: type, call: core.Call, env: Env, source: Source) -> Fields | None:
    if cls is types.SimpleNamespace and not call.args:
        return named(list(call.keywords), env, source)
    made = maker(cls)
    if made is None or made.fields is None:
        return None
    first = [call.func] if made.function.body else []
    bound = bind(made.function, expanded([*first, *call.args], env, source), named(list(call.keywords), env, source),
                 {param.name: core.Const(None) for param in made.function.params if param.default is not None})
    return {name: core.substitute(value, bound) for name, value in made.fields.items()}


def _with(original: core.Expr, changed: Fields, env: Env, source: Source) -> Fields | None:
    """The fields of a copy of an object with some of them changed."""
    fact = fact_of(original, env, source.scope)
    if isinstance(fact, Sequence) and fact.cls is not None:
        names: tuple[str, ...] = fact.cls._fields  # type: ignore[attr-defined]
    elif isinstance(fact, ObjectFact) and not fact.open and fact.fields and _copies_plainly(fact.cls, bool(changed)):
        names = tuple(name for name, _ in fact.fields)
    else:
        return None
    return {name: changed.get(name, core.Attribute(original, name)) for name in names}


def _copies_plainly(cls: type, changed: bool) -> bool:
    if changed:
        made = maker(cls)
        return dataclasses.is_dataclass(cls) and made is not None and made.fields is not None
    special = ("__copy__", "__deepcopy__", "__getstate__", "__setstate__", "__reduce__", "__reduce_ex__")
    return all(vars_of(cls, name) in (UNRESOLVED, vars(object).get(name)) for name in special)
