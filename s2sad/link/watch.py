"""What a generated text assumes of the user's globals and captured variables, and whether it still holds.

Values are read live, so a number may change freely.  What the text was generated for is which function or module a name refers to,
and of what kind and shape a value is.
"""
from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from s2sad import core
from s2sad.derivatives.calls import call_key
from s2sad.link.linkage import free_names
from s2sad.meaning.captures import choosers
from s2sad.reading.getters import GETTERS

MISSING = object()
FIXED = (FunctionType, BuiltinFunctionType, ModuleType, type, np.ufunc, type(np.sum), *GETTERS)
Program = Callable[[FunctionType], core.Function | None]


@dataclass(frozen=True)
class Watch:
    """`same` are names that must refer to the same object still, `alike` names whose value must have the same key as then."""

    same: tuple[tuple[Mapping[str, Any], str, Any], ...]
    alike: tuple[tuple[Mapping[str, Any], str, Any], ...]
    captured: tuple[tuple[CellType, Any, bool], ...]

    def holds(self) -> bool:
        for namespace, name, value in self.same:
            if namespace.get(name, MISSING) is not value:
                return False
        for namespace, name, key in self.alike:
            if call_key((namespace.get(name, MISSING),)) != key:
                return False
        for cell, expected, fixed in self.captured:
            value = _contents(cell)
            if value is not expected if fixed else call_key((value,)) != expected:
                return False
        return True


    def sizes(self) -> frozenset[int]:
        """The sizes of the arrays among the values."""
        keys = [*(key for _, _, key in self.alike), *(key for _, key, fixed in self.captured if not fixed)]
        return frozenset(size for key in keys for size in sizes_in(key))


def sizes_in(key: Any) -> Iterator[int]:
    """The sizes in a key of a call."""
    if isinstance(key, tuple) and len(key) == 2 and isinstance(key[0], np.dtype):
        yield from key[1]
    elif isinstance(key, tuple):
        for part in key:
            yield from sizes_in(part)


def watch(functions: Iterable[FunctionType], program: Program) -> Watch:
    """What is assumed of the names that `functions` read, and of those that the functions read which these may call.

    `program` gives a function of the user's as core Python, None for what is not the user's.
    """
    same: dict[tuple[int, str], tuple[Mapping[str, Any], str, Any]] = {}
    alike: dict[tuple[int, str], tuple[Mapping[str, Any], str, Any]] = {}
    captured: dict[int, tuple[CellType, Any, bool]] = {}
    seen: dict[FunctionType, None] = {}
    pending = list(functions)
    while pending:
        current = pending.pop()
        code = program(current) if current not in seen else None
        seen[current] = None
        if code is None:
            continue
        cells = dict(zip(current.__code__.co_freevars, current.__closure__ or ()))
        for name in free_names(code):
            cell, namespace = cells.get(name), current.__globals__
            value = _contents(cell) if cell is not None else namespace.get(name, MISSING)
            fixed = isinstance(value, FIXED) or value is MISSING or hasattr(type(value), "_is_s2sad_derivative") or has_rule(value)
            fixed = fixed or cell is not None and type(value) is int and name in choosers(code)
            fixed = fixed or None in call_key((value,))     # such as a partial: only itself is sure to be like it
            if cell is not None:
                captured[id(cell)] = (cell, value if fixed else call_key((value,)), fixed)
            elif fixed:
                if value is not MISSING or not hasattr(builtins, name) or value is namespace:
                    same[id(namespace), name] = (namespace, name, value)
            else:
                alike[id(namespace), name] = (namespace, name, call_key((value,)))
            pending += functions_in(value)
    return Watch(tuple(same.values()), tuple(alike.values()), tuple(captured.values()))


def functions_in(value: Any, depth: int = 4) -> list[FunctionType]:
    """The functions that a value is or holds."""
    if isinstance(value, FunctionType):
        return [value]
    if isinstance(value, partial):
        return functions_in((value.func, *value.args, *value.keywords.values()), depth)
    if isinstance(value, MethodType):
        return functions_in(value.__func__)
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) and depth else ()
    return [function for item in items for function in functions_in(item, depth - 1)]


def has_rule(value: Any) -> bool:
    """Whether a value is a function that has a rule, of a C library perhaps."""
    from s2sad.rules import find

    return callable(value) and find(value) is not None


def _contents(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:      # not bound yet
        return MISSING
