"""Checks facts against runs: `check(function, arguments)` runs a function and gives every value that its facts do not cover.

The variables are recorded before every line.  Symbols of arguments are bound from the arguments; one that is born at a statement may take any
value, the same everywhere in one recorded state.
"""
from __future__ import annotations

import ast
import inspect
import sys
import textwrap
import types
from typing import Any

import numpy as np

from s2sad import core
from s2sad.facts import (
    Dim,
    Fact,
    FunctionFact,
    Mapping,
    ModuleFact,
    NoneFact,
    Number,
    ObjectFact,
    RangeFact,
    Sequence,
    SliceFact,
    Symbol,
    Text,
    Undefined,
    Unknown,
)
from s2sad.facts.fact import ANY

KINDS = {bool: "b", int: "i", float: "f", complex: "c"}
ORDER = "bifc?"


class Mismatch(Exception):
    """A value that a fact does not cover."""


class Binding:
    """The values of symbols, as found while a state is compared with its facts."""

    def __init__(self, fixed: dict[Symbol, int]) -> None:
        self.fixed = fixed
        self.values: dict[Symbol, int] = {}
        self.open: list[tuple[Dim, int, str]] = []

    def value(self, symbol: Symbol) -> int | None:
        found = self.fixed.get(symbol, self.values.get(symbol))
        if found is None and symbol.inner is not None:
            inner = self.size(symbol.inner)
            return None if inner is None else max(inner, 0)
        if found is None and symbol.factors:
            found = 1
            for factor in symbol.factors:
                value = self.value(factor)
                if value is None:
                    return None
                found *= value
        return found

    def size(self, d: Dim) -> int | None:
        total = d.const
        for symbol, c in d.terms:
            value = self.value(symbol)
            if value is None:
                return None
            total += c * value
        return total

    def require(self, d: Dim, actual: int, where: str) -> None:
        if d != ANY:
            self.open.append((d, actual, where))

    def solve(self) -> None:
        while self.open:
            rest = []
            for d, actual, where in self.open:
                size = self.size(d)
                if size is not None:
                    if size != actual:
                        raise Mismatch(f"{where}: {d!r} is {size}, not {actual}")
                    continue
                unknown = [(s, c) for s, c in d.terms if self.value(s) is None]
                if len(unknown) > 1 or unknown[0][0].inner is not None or unknown[0][0].factors:
                    rest.append((d, actual, where))
                    continue
                symbol, c = unknown[0]
                known = d.const + sum(k * (self.value(s) or 0) for s, k in d.terms if s is not symbol)
                if (actual - known) % c:
                    raise Mismatch(f"{where}: {d!r} cannot be {actual}")
                value = (actual - known) // c
                if symbol.least is not None and value < symbol.least:
                    raise Mismatch(f"{where}: {symbol.name} = {value} is less than {symbol.least}")
                (self.values if symbol.born else self.fixed)[symbol] = value
            if len(rest) == len(self.open):
                return
            self.open = rest


def compare(fact: Fact, value: Any, where: str, binding: Binding) -> None:
    """Raises Mismatch unless `fact` holds of `value`."""
    if isinstance(fact, (Unknown,)):
        return
    if isinstance(fact, Number):
        return number(fact, value, where, binding)
    checks = {Text: (str, bytes), NoneFact: (type(None),), RangeFact: (range,), ModuleFact: (types.ModuleType,), SliceFact: (slice,), Mapping: (dict,)}
    wanted = checks.get(type(fact))
    if wanted is not None and not isinstance(value, wanted):
        raise Mismatch(f"{where}: {fact} is {type(value).__name__}")
    if isinstance(fact, Text) and fact.value is not None and value != fact.value:
        raise Mismatch(f"{where}: {fact} is {value!r}")
    if isinstance(fact, RangeFact):
        for d, actual in ((fact.start, value.start), (fact.stop, value.stop), (fact.step, value.step)):
            if d is not None:
                binding.require(d, actual, where)
    if isinstance(fact, FunctionFact) and not callable(value):
        raise Mismatch(f"{where}: {fact} is no function")
    if isinstance(fact, Undefined):
        raise Mismatch(f"{where}: not reached, but {value!r}")
    if isinstance(fact, ObjectFact):
        if type(value) is not fact.cls:
            raise Mismatch(f"{where}: {fact} is a {type(value).__name__}")
        for name, field in fact.fields:
            compare(field, getattr(value, name), f"{where}.{name}", binding)
    if isinstance(fact, Mapping):
        if fact.items is not None and list(value) != [key for key, _ in fact.items]:
            raise Mismatch(f"{where}: keys {list(value)}")
        for key, item in value.items():
            compare(dict(fact.items)[key] if fact.items is not None else fact.item or Unknown(), item, f"{where}[{key!r}]", Binding({}) if fact.items is None else
                    binding)
    if isinstance(fact, Sequence):
        sequence(fact, value, where, binding)


def sequence(fact: Sequence, value: Any, where: str, binding: Binding) -> None:
    if fact.kind == "iterator":
        return
    wanted = {"list": list, "tuple": tuple, "set": (set, frozenset)}[fact.kind]
    if not isinstance(value, wanted):
        raise Mismatch(f"{where}: {fact} is a {type(value).__name__}")
    if fact.length is not None:
        binding.require(fact.length, len(value), f"len({where})")
    if fact.items is not None:
        if len(fact.items) != len(value):
            raise Mismatch(f"{where}: {len(value)} items, not {len(fact.items)}")
        for i, (item, part) in enumerate(zip(fact.items, value)):
            compare(item, part, f"{where}[{i}]", binding)
    else:
        for i, part in enumerate(value):
            compare(fact.item or Unknown(), part, f"{where}[{i}]", binding)


def number(fact: Number, value: Any, where: str, binding: Binding) -> None:
    if isinstance(value, np.ndarray):
        kind, dtype, shape, box = {"u": "i"}.get(value.dtype.kind, value.dtype.kind), value.dtype.name, value.shape, "array"
    elif isinstance(value, np.generic):
        kind, dtype, shape, box = {"u": "i"}.get(value.dtype.kind, value.dtype.kind), value.dtype.name, (), "scalar"
    elif type(value) in KINDS:
        kind, dtype, shape, box = KINDS[type(value)], None, (), "python"
    else:
        raise Mismatch(f"{where}: {fact} is a {type(value).__name__}")
    if ORDER.index(kind) > ORDER.index(fact.kind) or not fact.mixed and fact.kind != "?" and kind != fact.kind:
        raise Mismatch(f"{where}: {fact} is of kind {kind}: {value!r}")
    if fact.dtype is not None and dtype != fact.dtype:
        raise Mismatch(f"{where}: {fact} is of dtype {dtype}")
    if fact.box != "any" and box != fact.box:
        raise Mismatch(f"{where}: {fact} is in box {box}")
    if fact.shape is not None:
        if len(fact.shape) != len(shape):
            raise Mismatch(f"{where}: {fact} has shape {shape}")
        for i, (d, actual) in enumerate(zip(fact.shape, shape)):
            binding.require(d, actual, f"{where}.shape[{i}]")
    if fact.value is not None and (fact.value != value or type(value) is not type(fact.value) and not isinstance(value, bool)):
        raise Mismatch(f"{where}: {fact} is {value!r}")
    if fact.size is not None:
        binding.require(fact.size, np.count_nonzero(value) if shape else value, where)


def snapshot(value: Any, depth: int = 0) -> Any:
    """A copy of the structure of a value; arrays keep their contents, which facts do not speak of."""
    if depth > 8:
        return value
    if type(value) is np.ndarray:
        return value.copy() if value.dtype == bool else np.empty(value.shape, value.dtype)
    if type(value) in (list, tuple):
        return type(value)(snapshot(item, depth + 1) for item in value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(snapshot(item, depth + 1) for item in value))
    if type(value) is dict:
        return {key: snapshot(item, depth + 1) for key, item in value.items()}
    if hasattr(type(value), "__dataclass_fields__"):
        copy = object.__new__(type(value))
        copy.__dict__.update({name: snapshot(item, depth + 1) for name, item in vars(value).items()})
        return copy
    return value


def within_comprehensions(function: types.FunctionType) -> frozenset[int]:
    """The instructions of comprehensions that Python (from 3.12 on) runs in the frame of the function, where their variables hide those of the function.

    What a comprehension runs over first is evaluated before it, and is none of them.
    """
    if sys.version_info < (3, 12):
        return frozenset()
    lines, first = inspect.getsourcelines(function)
    margin = len(lines[0]) - len(lines[0].lstrip())
    spans: list[tuple[tuple[int, int], ...]] = []
    for node in ast.walk(ast.parse(textwrap.dedent("".join(lines)))):
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp)):
            over = node.generators[0].iter
            spans.append(tuple(place for part in (node, over) for place in (
                (part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0))))
    found = set()
    for i, (line, end_line, column, end_column) in enumerate(function.__code__.co_positions()):
        if None in (line, end_line, column, end_column):
            continue
        at, end = (line - first + 1, column - margin), (end_line - first + 1, end_column - margin)  # type: ignore[operator]
        if any(start <= at and end <= stop and not (over <= at and end <= over_end) for start, stop, over, over_end in spans):
            found.add(2 * i)
    return frozenset(found)


def record(function: types.FunctionType, arguments: tuple[Any, ...]) -> tuple[list[tuple[int, dict[str, Any]]], Any]:
    """The variables before every line of a run, and what it returned (Ellipsis where it raised)."""
    states: list[tuple[int, dict[str, Any]]] = []
    inside = within_comprehensions(function)

    def trace(frame: types.FrameType, event: str, arg: Any) -> Any:
        if frame.f_code is not function.__code__:
            return None
        if event == "line" and frame.f_lasti not in inside:
            states.append((frame.f_lineno, {name: snapshot(value) for name, value in frame.f_locals.items()}))
        return trace
    old = sys.gettrace()
    sys.settrace(trace)
    try:
        result = function(*arguments)
    except (ArithmeticError, ValueError, LookupError, TypeError, AttributeError, UnboundLocalError, np.linalg.LinAlgError):
        result = ...
    finally:
        sys.settrace(old)
    return states, result


def check(function: types.FunctionType, program: core.Function, facts: Any, params: dict[str, Fact], arguments: tuple[Any, ...],
          generated: frozenset[str] = frozenset()) -> tuple[list[str], int]:
    """The mismatches in one run, and how many values were compared."""
    fixed: dict[Symbol, int] = {}
    for name, value in zip(params, arguments):
        binding = Binding(fixed)
        compare(params[name], value, name, binding)
        binding.solve()
    states, result = record(function, arguments)
    at_line: dict[int, list[core.Stmt]] = {}
    for stmt in facts:
        if stmt.at is not None:
            at_line.setdefault(stmt.at.line, []).append(stmt)
    wrong: list[str] = []
    compared = 0
    for line, state in states:
        stmts = at_line.get(line, [])
        if len(stmts) != 1:
            continue
        env = facts[stmts[0]]
        binding = Binding(fixed)
        try:
            for name, value in state.items():
                if name not in env:
                    raise Mismatch(f"{name} has a value")
                compare(env[name], value, name, binding)
                compared += 1
            missing = [name for name in env if name not in state and name not in env.partial and name not in generated]
            if missing:
                raise Mismatch(f"{missing} have no value")
            binding.solve()
        except Mismatch as error:
            wrong.append(f"{function.__name__}:{line}: {error}")
    if result is not ...:
        binding = Binding(fixed)
        try:
            compare(facts.result, result, "result", binding)
            binding.solve()
        except Mismatch as error:
            wrong.append(f"{function.__name__}: {error}")
    return wrong, compared
