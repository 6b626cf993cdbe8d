"""Keys of calls: `call_key(args)` is equal for calls that one generated function serves, and takes well under a microsecond.

The key is finer than the facts of the arguments (it has their sizes, facts have only which sizes are equal), so that a known key
finds its function without computing facts.
"""
from __future__ import annotations

from functools import lru_cache, partial
from operator import attrgetter, itemgetter, methodcaller
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from s2sad.derivatives.attributes import attributes

ATOMS: frozenset[type] = frozenset((float, int, bool, complex, str, bytes, type(None), range, *np.sctypeDict.values()))
BY_IDENTITY = (FunctionType, BuiltinFunctionType, ModuleType, np.ufunc, type, type(np.sum), type(lru_cache(abs)), attrgetter, itemgetter,
               methodcaller)


DEPTH = 8
"""Objects in objects are told apart to this depth; what is deeper, as in a cycle, has no key."""


def call_key(args: tuple[Any, ...], ndarray: type = np.ndarray, atoms: frozenset[type] = ATOMS) -> tuple[Any, ...]:
    """The key of positional arguments; it holds None where an argument may change its facts without changing its type.

    >>> call_key((1.5, 2)) == call_key((3.5, 4)), call_key((1.5, 2)) == call_key((1.5, 2.0))
    (True, False)
    """
    return tuple([
        (a.dtype, a.shape) if (cls := type(a)) is ndarray else cls if cls in atoms else _structure_key(a) for a in args
    ])


def _structure_key(value: Any, depth: int = 0) -> Any:
    cls = type(value)
    if cls in ATOMS:
        return cls
    if cls is np.ndarray:
        return value.dtype, value.shape
    if cls is dict:
        keys = call_key(tuple(value.values()))
        return None if None in keys else (cls, tuple(value), keys)
    if cls is tuple or cls is list or (isinstance(value, tuple) and hasattr(cls, "_fields")):
        keys = call_key(tuple(value))
        return None if None in keys else (cls, keys)
    if isinstance(value, BY_IDENTITY) or hasattr(cls, "_is_s2sad_derivative"):
        return value
    if cls is partial:
        keys = _structure_key((value.func, value.args, value.keywords), depth + 1)
        return None if keys is None else (cls, keys)
    if cls is MethodType:
        keys = _structure_key(value.__self__, depth + 1)
        return None if keys is None else (cls, value.__func__, keys)
    held = attributes(value) if depth < DEPTH else None
    if held is not None:
        keys = tuple(_structure_key(item, depth + 1) for item in held.values())
        return None if None in keys else (cls, tuple(held), keys)
    return None


def integer_part(value: Any, path: str, depth: int = 0) -> str:
    """The cast to write for an integer array in an argument, if there is one: `x.astype(float)`."""
    if isinstance(value, np.ndarray):
        return f"{path}.astype(float)" if value.dtype.kind in "iub" else ""
    items: Any = ()
    if isinstance(value, (tuple, list)):
        items = ((f"{path}[{i}]", item) for i, item in enumerate(value))
    elif isinstance(value, dict):
        items = ((f"{path}[{key!r}]", item) for key, item in value.items())
    elif depth < DEPTH and (held := attributes(value)) is not None:
        items = ((f"{path}.{name}", item) for name, item in held.items())
    for inner, item in items:
        if found := integer_part(item, inner, depth + 1):
            return found
    return ""


def is_differentiable(value: Any) -> bool:
    """Whether an argument is of a kind that has a derivative: a number, an array of numbers, or a structure."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "fciub"
    if isinstance(value, (tuple, list, dict)):
        return True
    return isinstance(value, (int, float, complex)) or hasattr(value, "__array_function__") or bool(attributes(value))
