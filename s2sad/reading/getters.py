"""The callables of `operator` that hold what they do, as the functions that they are: `plainly(value)`.

    step = methodcaller("step", 0.1)        is        def step(item):
                                                          return item.step(0.1)
"""
from __future__ import annotations

import linecache
import math
from functools import lru_cache, partial
from operator import attrgetter, itemgetter, methodcaller
from types import FunctionType
from typing import Any

GETTERS = (attrgetter, itemgetter, methodcaller)


def plainly(value: object) -> object:
    """The function that a getter or a method caller is; any other value, and one that holds more than constants, as it is."""
    if type(value) not in GETTERS:
        return value
    name, text = text_of(value)
    return _function(name, text) if text else value


def text_of(value: Any) -> tuple[str, str]:
    """The name of the function, and what it returns; empty where that cannot be written."""
    made, args = value.__reduce__()
    whole = made if isinstance(made, partial) else partial(made)
    make, args, keywords = whole.func, (*whole.args, *args), whole.keywords
    if make is attrgetter:
        parts = [f"item.{path}" for path in args]
        known = all(part.isidentifier() for path in args for part in path.split("."))
        return str(args[-1]).rpartition(".")[2], (parts[0] if len(parts) == 1 else f"({', '.join(parts)})") if known else ""
    if not all(map(is_constant, (*args, *keywords.values()))) or make is methodcaller and not args[0].isidentifier():
        return "", ""
    if make is itemgetter:
        parts = [f"item[{key!r}]" for key in args]
        return "entry", parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
    method, *rest = args
    given = [*map(repr, rest), *(f"{key}={one!r}" for key, one in keywords.items())]
    return method, f"item.{method}({', '.join(given)})"


def is_constant(value: object) -> bool:
    """Whether `repr` writes a value as it is."""
    if isinstance(value, tuple):
        return type(value) is tuple and all(map(is_constant, value))
    return value is None or type(value) in (bool, int, str) or type(value) is float and math.isfinite(value)


@lru_cache(maxsize=256)
def _function(name: str, value: str) -> FunctionType:
    text = f"def {name}(item):\n    return {value}\n"
    path = f"<s2sad {value}>"
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    found: dict[str, Any] = {"__name__": "operator_callables"}
    exec(compile(text, path, "exec"), found)
    function = found[name]
    assert isinstance(function, FunctionType)
    return function
