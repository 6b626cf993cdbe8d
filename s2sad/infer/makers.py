"""How a class of the user's makes an object from arguments: as a record of fields, or by a program with the user's own `__init__`.

    Body(q, v)         the fields `position=q, velocity=v, mass=1.0`: dataclasses, named tuples, `__init__` that only stores its arguments
    Disc(r, hole)      def Disc(cls, radius, hole):
                           self = cls.__new__(cls)
                           self.size = radius          # from `super().__init__(radius)`
                           self.hole = hole ** 2
                           return self
"""
from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from s2sad import core
from s2sad.infer.objects import is_super, sets_plainly, vars_of
from s2sad.names import Names

PLAIN = (int, float, complex, bool, str, bytes, type(None))


@dataclass(frozen=True)
class Maker:
    """`function` is the program, or only a list of parameters where `fields` gives each attribute as an expression of them.

    `defaults` are the values of those fields that no argument gave and that no constant expresses, `factories` the functions that make such
    a value; `source` is the user's function that the program was made from, whose names it reads.
    """

    function: core.Function
    fields: Mapping[str, core.Expr] | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    factories: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    source: types.FunctionType | None = None


def maker(cls: type) -> Maker | None:
    """How `cls` makes its instances, None where that is not known."""
    return _maker(cls, vars_of(cls, "__init__"), vars_of(cls, "__post_init__"), vars_of(cls, "__new__"))


@lru_cache(maxsize=512)
def _maker(cls: type, init: object, prepared: object, new: object) -> Maker | None:
    if vars_of(type(cls), "__call__") is not vars_of(type, "__call__"):
        return None
    if issubclass(cls, tuple):
        return _named_tuple(cls, init)
    makes = new is not object.__new__ and vars(object)["__new__"] is not new
    if makes or vars_of(cls, "__setattr__") is not object.__setattr__ and not is_frozen(cls):
        return None
    if issubclass(cls, BaseException) or any(base.__module__ == "builtins" and base is not object for base in cls.__mro__):
        return None
    if isinstance(init, types.FunctionType) and init.__code__.co_filename == "<string>" and dataclasses.is_dataclass(cls):
        return _data_class(cls, init, prepared)
    if init is object.__init__:
        return _made(core.Function(cls.__name__, (core.Param("self"),), ()), None)
    return _by_init(cls, init) if isinstance(init, types.FunctionType) else None


def is_frozen(cls: type) -> bool:
    return bool(getattr(getattr(cls, "__dataclass_params__", None), "frozen", False))


def _named_tuple(cls: type, init: object) -> Maker | None:
    owner = next((base for base in cls.__mro__ if "_fields" in vars(base)), None)
    if owner is None or owner.__bases__ != (tuple,) or init is not object.__init__:
        return None
    if any("__new__" in vars(base) for base in cls.__mro__[:cls.__mro__.index(owner)]):
        return None
    names: tuple[str, ...] = owner._fields  # type: ignore[attr-defined]
    return _record(cls, [(name, "plain", name in owner._field_defaults) for name in names], owner._field_defaults, {})  # type: ignore[attr-defined]


def _data_class(cls: type, init: types.FunctionType, prepared: object) -> Maker | None:
    known = dataclasses.fields(cls)
    given = [f for f in known if f.init]
    if len(given) != len(inspect.signature(init).parameters) - 1:       # there are InitVars
        return None
    defaults = {f.name: f.default for f in known if f.default is not dataclasses.MISSING}
    factories = {f.name: f.default_factory for f in known if f.default_factory is not dataclasses.MISSING}
    params = [(f.name, "keyword" if f.kw_only else "plain", f.name in defaults or f.name in factories) for f in given]
    params.sort(key=lambda p: p[1] == "keyword")
    record = _record(cls, params, defaults, factories)
    late = {f.name for f in known if not f.init}
    if isinstance(prepared, types.FunctionType):
        program = _program(prepared)
        if program is None:
            return None
        if not late and not _touches(program):
            return record
        early = [f.name for f in known if f.name not in late or f.name in defaults or f.name in factories]
        return _prepared(record, program, prepared, early)
    extra = {f.name: core.Const(None) for f in known if not f.init and (f.name in defaults or f.name in factories)}
    return replace(record, fields={**(record.fields or {}), **extra})


def _record(
    cls: type, params: list[tuple[str, str, bool]], defaults: Mapping[str, Any], factories: Mapping[str, Callable[[], Any]],
) -> Maker:
    made = tuple(core.Param(name, kind, core.Name(f"{name}{DEFAULT}") if optional else None) for name, kind, optional in params)
    return Maker(core.Function(cls.__name__, made, ()), {name: core.Name(name) for name, _, _ in params}, defaults, factories)


DEFAULT = "="
"""`x=` stands for the default of the field `x`."""


def _prepared(record: Maker, program: core.Function, prepared: types.FunctionType, stored: list[str]) -> Maker | None:
    """A dataclass whose `__post_init__` computes further attributes."""
    params: list[core.Param] = []
    values: dict[str, core.Expr] = {}
    for param in record.function.params:
        default = None if param.default is None else _written(param.name, record)
        if param.default is not None and default is None:
            return None
        params.append(replace(param, default=default))
        values[param.name] = core.Name(param.name)
    for name in stored:
        if name not in values:
            value = _written(name, record)
            if value is None:
                return None
            values[name] = value
    instance = program.params[0].name
    names = Names.of(program)
    renaming = {p.name: names.fresh(p.name) if p.name in names else p.name for p in params}
    renamed = {n: core.Name(m) for n, m in renaming.items()}
    stores = tuple(core.Assign(core.Attribute(core.Name(instance), name), core.substitute(value, renamed))
                   for name, value in values.items())
    function = replace(program, name=record.function.name, body=(*stores, *program.body),
                       params=(core.Param(instance), *(replace(p, name=renaming[p.name]) for p in params)))
    if any(renaming[n] != n for n in renaming):
        return None
    return _made(function, prepared)


def _written(name: str, record: Maker) -> core.Expr | None:
    """The default of a field as an expression."""
    factory = record.factories.get(name)
    if factory in (list, dict):
        return core.List(()) if factory is list else core.Dict((), ())
    return as_constant(record.defaults[name]) if name in record.defaults else None


def as_constant(value: object) -> core.Expr | None:
    if type(value) in PLAIN:
        return core.Const(value)
    if type(value) is tuple:
        parts = [as_constant(item) for item in value]
        return core.Tuple(tuple(part for part in parts if part is not None)) if None not in parts else None
    return None


def _by_init(cls: type, init: types.FunctionType) -> Maker | None:
    program = _with_bases(cls, init)
    if program is None:
        return None
    made = _made(program, init)
    fields = _stored(program)
    plain = fields is not None and all(sets_plainly(cls, name) for name in fields)
    return replace(made, fields=fields) if made is not None and plain else made


def _with_bases(cls: type, init: types.FunctionType) -> core.Function | None:
    """The program of an `__init__` with those of base classes that it calls written out, where these stand in the same module."""
    program = _program(init)
    owner = next((base for base in cls.__mro__ if vars(base).get("__init__") is init), None)
    if program is None or owner is None:
        return program
    body: list[core.Stmt] = []
    names = Names.of(program)
    for stmt in program.body:
        body += _base_init(cls, owner, init, stmt, names) or [stmt]
    return replace(program, body=tuple(body))


def _base_init(cls: type, owner: type, init: types.FunctionType, stmt: core.Stmt, names: Names) -> list[core.Stmt] | None:
    """The statements of `super().__init__(...)`, None for any other statement."""
    from s2sad.expose.inline import spliced
    from s2sad.meaning.callees import UnboundCallError, UserCall, bind, default_values
    from s2sad.reading.read import read
    if not isinstance(stmt, core.ExprStmt):
        return None
    call = stmt.value
    if not isinstance(call, core.Call) or not isinstance(call.func, core.Attribute) or call.func.attr != "__init__":
        return None
    if not is_super(call.func.value) or any(isinstance(arg, core.Starred) for arg in call.args) or None in dict(call.keywords):
        return None
    inherited = next(vars(base)["__init__"] for base in cls.__mro__[cls.__mro__.index(owner) + 1:] if "__init__" in vars(base))
    if inherited is object.__init__:
        return [core.Pass(at=stmt.at)]
    if not isinstance(inherited, types.FunctionType) or inherited.__globals__ is not init.__globals__:
        return None
    program = _with_bases(cls, inherited)
    if program is None:
        return None
    instance = call.func.value.args[1]  # type: ignore[attr-defined]
    keywords = {name: value for name, value in call.keywords if name is not None}
    try:
        bound = bind(program, [instance, *call.args], keywords, default_values(inherited, program))
    except UnboundCallError:
        return None
    return spliced(UserCall(inherited, program, read(inherited), bound), call, names)[0]


def _program(function: types.FunctionType) -> core.Function | None:
    from s2sad.infer.functions import program
    found = program(function)
    return None if found is None or found[0].free else found[0]


def _made(init: core.Function, source: types.FunctionType | None) -> Maker | None:
    """The program that makes an object and runs `init` on it."""
    if not init.params or any(isinstance(stmt, core.Return) and stmt.value != core.Const(None) for stmt in init.body):
        return None
    names = Names.of(init)
    cls, instance = core.Name(names.fresh("cls")), core.Name(init.params[0].name)
    new = core.Assign(instance, core.Call(core.Attribute(cls, "__new__"), (cls,)))
    body = tuple(stmt for stmt in init.body if not isinstance(stmt, core.Return))
    return Maker(replace(init, params=(core.Param(cls.id), *init.params[1:]), body=(new, *body, core.Return(instance))), source=source)


def _stored(init: core.Function) -> dict[str, core.Expr] | None:
    """The attributes of an `__init__` that only stores its arguments and what does not depend on them."""
    instance, *params = (param.name for param in init.params)
    fields: dict[str, core.Expr] = {}
    for stmt in init.body:
        if not isinstance(stmt, core.Assign):
            return None
        for target, value in side_by_side(stmt.target, stmt.value):
            if not isinstance(target, core.Attribute) or target.value != core.Name(instance) or target.attr in fields:
                return None
            fields[target.attr] = core.Const(None) if not core.reads(value) & {instance, *params} else value
            if not _is_stored(fields[target.attr], params):
                return None
    return fields


def side_by_side(target: core.Expr, value: core.Expr) -> list[tuple[core.Expr, core.Expr]]:
    """`self.x, self.y = x, y` as two assignments."""
    if isinstance(target, core.Tuple) and isinstance(value, core.Tuple) and len(target.elts) == len(value.elts):
        if not any(isinstance(elt, core.Starred) for elt in (*target.elts, *value.elts)):
            return list(zip(target.elts, value.elts))
    return [(target, value)]


def _is_stored(value: core.Expr, params: list[str]) -> bool:
    if isinstance(value, core.Name):
        return value.id in params
    if isinstance(value, (core.Tuple, core.List)):
        return all(_is_stored(elt, params) for elt in value.elts)
    return isinstance(value, core.Const)


def _touches(program: core.Function) -> bool:
    """Whether a `__post_init__` may do more than check."""
    return any(isinstance(node, (core.Call, core.AugAssign, core.Delete)) and not _checks(node) or isinstance(node, core.Assign)
               and not isinstance(node.target, core.Name) for node in core.walk(program.body))


def _checks(node: core.Stmt | core.Expr) -> bool:
    return isinstance(node, core.Call) and isinstance(node.func, core.Name) and node.func.id in (
        "len", "isinstance", "abs", "float", "int", "ValueError", "TypeError", "RuntimeError", "print", "str", "repr", "all", "any",
        "range")


