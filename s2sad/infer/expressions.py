"""The fact of an expression: `fact_of(expr, env, scope)`, from the facts of the variables in `env`.

Facts are found from the leaves up, nothing is evaluated; what is not understood is Unknown.
"""
from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Env
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from s2sad import core
from s2sad.derivatives.attributes import attributes
from s2sad.facts import (
    COMPLEX,
    FLOAT,
    INT,
    NONE,
    TEXT,
    UNDEFINED,
    UNKNOWN,
    Fact,
    FunctionFact,
    Mapping,
    ModuleFact,
    Number,
    ObjectFact,
    RangeFact,
    Sequence,
    SliceFact,
    Text,
    as_item,
    dim,
    fresh,
    integer,
    join,
    join_all,
    renewed,
    signature_of,
    with_sizes,
)
from s2sad.facts.dims import ELSEWHERE
from s2sad.facts.layers import Draft
from s2sad.facts.signature import lasting_fact
from s2sad.infer.arithmetic import binary, compare, unary
from s2sad.infer.deciding import decided
from s2sad.infer.environment import mentions
from s2sad.infer.indexing import ELLIPSIS, FULL, subscript
from s2sad.infer.objects import invocation, vars_of
from s2sad.reading.read import StaticFunction
from s2sad.reading.scope import UNRESOLVED

if TYPE_CHECKING:
    from s2sad.reading.scope import Scope

TRUE = Number("b", None, (), "python", True)
FALSE = Number("b", None, (), "python", False)
ELEMENTS = {n: integer(n) for n in range(-8, 65)}


def fact_of(expr: core.Expr, env: Env[str, Fact], scope: Scope) -> Fact:
    """The fact of `expr` where the variables have the facts `env`; other names are looked up in `scope`."""
    cls = expr.__class__
    find = _BY_NODE.get(cls)
    if find is None:
        return UNKNOWN
    remembered = scope.facts
    if remembered is None or cls is core.Name or cls is core.Const:
        return find(expr, env, scope)
    found = remembered.get(expr, env)
    if found is None:
        found = find(expr, env, scope)
        if not mentions(found, ELSEWHERE):
            remembered.put(expr, env, found)
    return found


def _name(expr: core.Name, env: Env[str, Fact], scope: Scope) -> Fact:
    found = env.get(expr.id)
    if found is not None:
        return found
    value = scope.resolve(expr, env)
    return lasting_fact(value) if isinstance(value, (np.ndarray, tuple)) else of_object(value)


def of_object(value: object) -> Fact:
    """The fact of what a global or dotted name refers to.  The numbers of globals are read live, so that only their kind and rank count."""
    if value is UNRESOLVED:
        return UNKNOWN
    if (callable(value) or isinstance(value, StaticFunction)) and attributes(value) is None:
        return FunctionFact(value)
    if isinstance(value, types.ModuleType):
        return ModuleFact(value)
    if value is None:
        return NONE
    if value is Ellipsis:
        return ELLIPSIS
    fact = with_sizes(signature_of(value)[0], lambda d, path: None if path.endswith("#") else fresh())
    if isinstance(fact, Sequence) and fact.kind == "list":
        return Sequence("list", None, fact.each if fact.items else UNKNOWN, None, fact.born)
    if isinstance(fact, Mapping):
        return Mapping(None, fact.each if fact.items else UNKNOWN, UNKNOWN, fact.born)
    return fact


def _const(expr: core.Const, env: Env[str, Fact], scope: Scope) -> Fact:
    value = expr.value
    cls = type(value)
    if cls is float:
        return FLOAT
    if cls is int:
        return ELEMENTS.get(value) or integer(value)
    if cls is bool:
        return TRUE if value else FALSE
    if cls is str:
        return Text(value)
    if value is None:
        return NONE
    if cls is complex:
        return COMPLEX
    return ELLIPSIS if value is Ellipsis else TEXT


def _binop(expr: core.BinOp, env: Env[str, Fact], scope: Scope) -> Fact:
    left, right = fact_of(expr.left, env, scope), fact_of(expr.right, env, scope)
    if type(left) is ObjectFact or type(right) is ObjectFact:
        return _run(expr, env, scope)
    return binary(expr.op, left, right)


def _unary(expr: core.UnaryOp, env: Env[str, Fact], scope: Scope) -> Fact:
    operand = fact_of(expr.operand, env, scope)
    return unary(expr.op, operand) if type(operand) is not ObjectFact or expr.op == "not" else _run(expr, env, scope)


def _run(expr: core.Expr, env: Env[str, Fact], scope: Scope) -> Fact:
    """The fact of an operation that runs a function of the user's because of the class of an operand."""
    from s2sad.infer.calls import of_invocation
    found = invocation(expr, lambda e: fact_of(e, env, scope))
    return UNKNOWN if found is None else of_invocation(found, env, scope)


def _compare(expr: core.Compare, env: Env[str, Fact], scope: Scope) -> Fact:
    return compare(expr.ops, tuple(fact_of(operand, env, scope) for operand in expr.operands))


def _boolop(expr: core.BoolOp, env: Env[str, Fact], scope: Scope) -> Fact:
    return _join_of(expr.values, env, scope)


def _ifexp(expr: core.IfExp, env: Env[str, Fact], scope: Scope) -> Fact:
    outcome = decided(expr.test, lambda e: fact_of(e, env, scope))
    if outcome is not None:
        return fact_of(expr.body if outcome else expr.orelse, env, scope)
    return join(fact_of(expr.body, env, scope), fact_of(expr.orelse, env, scope))


def _join_of(values: tuple[core.Expr, ...], env: Env[str, Fact], scope: Scope) -> Fact:
    result = fact_of(values[0], env, scope)
    for value in values[1:]:
        result = join(result, fact_of(value, env, scope))
    return result


def _subscript(expr: core.Subscript, env: Env[str, Fact], scope: Scope) -> Fact:
    if isinstance(expr.value, core.Call) and expr.value.func == core.Name("globals") and isinstance(expr.index, core.Const):
        return of_object(scope.lookup(expr.index.value))
    value = fact_of(expr.value, env, scope)
    return _run(expr, env, scope) if type(value) is ObjectFact else subscript(value, fact_of(expr.index, env, scope))


def _slice(expr: core.Slice, env: Env[str, Fact], scope: Scope) -> Fact:
    lower, upper, step = expr.lower, expr.upper, expr.step
    if lower is None and upper is None and step is None:
        return FULL
    return SliceFact(*(NONE if part is None else fact_of(part, env, scope) for part in (lower, upper, step)))


def display(kind: str, elts: tuple[core.Expr, ...], env: Env[str, Fact], scope: Scope) -> Sequence:
    """The fact of `(a, b)`, `[a, *b]` or `{a, b}`."""
    items: list[Fact] = []
    for elt in elts:
        if isinstance(elt, core.Starred):
            inner = fact_of(elt.value, env, scope)
            if not isinstance(inner, Sequence) or inner.items is None or kind == "set":
                facts = (element(fact_of(e.value, env, scope)) if isinstance(e, core.Starred) else fact_of(e, env, scope) for e in elts)
                return Sequence(kind, None, join_all(as_item(fact) for fact in facts))
            items.extend(inner.items)
        else:
            items.append(fact_of(elt, env, scope))
    if kind == "set":
        return Sequence(kind, None, join_all(as_item(item) for item in items))
    return Sequence(kind, tuple(items), None, dim(len(items)))


def _dict(expr: core.Dict, env: Env[str, Fact], scope: Scope) -> Fact:
    items: dict[Any, Fact] = {}
    exact = True
    values: list[Fact] = []
    for key, value in zip(expr.keys, expr.values):
        fact = fact_of(value, env, scope)
        if key is None:
            if isinstance(fact, Mapping):
                values.append(fact.each)
                exact = exact and fact.items is not None
                items.update(fact.items or ())
            else:
                return Mapping(None, UNKNOWN, UNKNOWN)
            continue
        values.append(as_item(fact))
        at = fact_of(key, env, scope)
        known = at.value if isinstance(at, (Text, Number)) else None
        exact = exact and known is not None
        items[known] = fact
    return Mapping(tuple(items.items())) if exact else Mapping(None, join_all(values), UNKNOWN)


def _attribute(expr: core.Attribute, env: Env[str, Fact], scope: Scope) -> Fact:
    value = expr.value
    base = value
    while isinstance(base, core.Attribute):
        base = base.value
    if isinstance(base, core.Name) and base.id not in env:
        found = scope.resolve(expr, env)
        if found is not UNRESOLVED:
            return of_object(found)
    known = fact_of(value, env, scope)
    if invocation(expr, lambda e: known) is not None:
        return _run(expr, env, scope)
    return attribute(known, expr, env, scope)


def attribute(value: Fact, expr: core.Attribute, env: Env[str, Fact], scope: Scope) -> Fact:
    """The fact of `expr`, an attribute of a value whose fact is known."""
    if isinstance(value, Number):
        from s2sad.infer.calls import number_attribute
        return number_attribute(value, expr)
    if isinstance(value, ObjectFact):
        return _field(value, expr.attr)
    if isinstance(value, Sequence) and value.cls is not None and value.items is not None:
        fields: tuple[str, ...] = value.cls._fields  # type: ignore[attr-defined]
        return value.items[fields.index(expr.attr)] if expr.attr in fields else UNKNOWN
    if isinstance(value, ModuleFact):
        return of_object(getattr(value.value, expr.attr, UNRESOLVED))
    return UNDEFINED if value is UNDEFINED else UNKNOWN


def _field(value: ObjectFact, name: str) -> Fact:
    for field, fact in value.fields:
        if field == name:
            return fact
    if name == "__class__":
        return FunctionFact(value.cls)
    inherited = vars_of(value.cls, name)
    if isinstance(inherited, (bool, int, float, str, np.ndarray)) and not value.open and not is_dataclass(value.cls):
        return of_object(inherited)
    return UNKNOWN


def element(value: Fact) -> Fact:
    """The fact of one item in turn, as iteration gives it."""
    if isinstance(value, Number):
        if value.shape is None or not value.shape:
            return Number(value.kind, value.dtype, None, "any", None, None, value.mixed)
        return Number(value.kind, value.dtype, value.shape[1:], "array" if len(value.shape) > 1 else "scalar", None, None, value.mixed)
    if isinstance(value, Sequence):
        return renewed(value.each)
    if isinstance(value, RangeFact):
        return INT
    if isinstance(value, Mapping):
        if value.items:
            return join_all(of_object(key) for key, _ in value.items)
        return renewed(value.key or UNKNOWN)
    return TEXT if isinstance(value, Text) else UNDEFINED if value is UNDEFINED else UNKNOWN


def bindings(target: core.Expr, value: Fact) -> Iterator[tuple[str, Fact]]:
    """The facts of the names that assigning a value to `target` binds."""
    if isinstance(target, core.Name):
        yield target.id, value
    elif isinstance(target, core.Starred):
        yield from bindings(target.value, value)
    elif isinstance(target, (core.Tuple, core.List)):
        for elt, fact in zip(target.elts, unpacked(value, target.elts)):
            yield from bindings(elt, fact)


def unpacked(value: Fact, targets: tuple[core.Expr, ...]) -> list[Fact]:
    """The facts of the parts of a value that is unpacked into `targets`."""
    star = next((i for i, target in enumerate(targets) if isinstance(target, core.Starred)), None)
    items = value.items if isinstance(value, Sequence) else None
    if items is not None and star is None and len(items) == len(targets):
        return list(items)
    if items is not None and star is not None and len(items) >= len(targets) - 1:
        after = len(targets) - star - 1
        middle = items[star:len(items) - after]
        return [*items[:star], Sequence("list", middle, None, dim(len(middle))), *items[len(items) - after:]]
    each = [element(value) for _ in targets]
    if star is not None:
        each[star] = Sequence("list", None, as_item(each[star]))
    return each


def _comprehension(expr: core.Comprehension, env: Env[str, Fact], scope: Scope) -> Fact:
    inner = Draft(env)
    length = None
    for i, generator in enumerate(expr.generators):
        items = fact_of(generator.iter, inner, scope)
        if i == 0 and len(expr.generators) == 1 and not generator.tests and expr.kind in ("list", "generator"):
            length = iterations(items)
        for name, fact in bindings(generator.target, element(items)):
            inner[name] = fact
    facts = [as_item(fact_of(part, inner, scope)) for part in expr.elements]
    if expr.kind == "dict":
        return Mapping(None, facts[1], facts[0])
    return Sequence("iterator" if expr.kind == "generator" else expr.kind, None, facts[0], length)


def iterations(value: Fact) -> Any:
    """How many items iteration gives, as a Dim; None where that is not known."""
    if isinstance(value, Number):
        return value.shape[0] if value.shape else None
    if isinstance(value, Sequence):
        return value.length
    if isinstance(value, RangeFact):
        from s2sad.facts import clamp
        if value.start is not None and value.stop is not None and value.step == 1:
            return clamp(value.stop - value.start)
    return None


def _lambda(expr: core.Lambda, env: Env[str, Fact], scope: Scope) -> Fact:
    return FunctionFact(expr.function)


def _call(expr: core.Call, env: Env[str, Fact], scope: Scope) -> Fact:
    from s2sad.infer.calls import call
    return call(expr, env, scope)


_BY_NODE: dict[type, Callable[[Any, Env[str, Fact], Scope], Fact]] = {
    core.Name: _name,
    core.Const: _const,
    core.BinOp: _binop,
    core.UnaryOp: _unary,
    core.Compare: _compare,
    core.BoolOp: _boolop,
    core.IfExp: _ifexp,
    core.Subscript: _subscript,
    core.Slice: _slice,
    core.Attribute: _attribute,
    core.Call: _call,
    core.Lambda: _lambda,
    core.Dict: _dict,
    core.Comprehension: _comprehension,
    core.Tuple: lambda expr, env, scope: display("tuple", expr.elts, env, scope),
    core.List: lambda expr, env, scope: display("list", expr.elts, env, scope),
    core.Set: lambda expr, env, scope: display("set", expr.elts, env, scope),
    core.FString: lambda expr, env, scope: TEXT,
    core.Starred: lambda expr, env, scope: Sequence("tuple", None, element(fact_of(expr.value, env, scope))),
}
