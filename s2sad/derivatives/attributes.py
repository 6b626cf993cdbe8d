"""The attributes that an object of a user's class holds: `attributes(x)`."""
from __future__ import annotations

import enum
import functools
import types
from typing import Any

import numpy as np

_NO_OBJECTS = (type, types.ModuleType, types.FunctionType, types.MethodType, types.BuiltinFunctionType, functools.partial,
               np.ndarray, np.generic, np.ufunc, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, enum.Enum,
               BaseException)


def attributes(x: Any) -> dict[str, Any] | None:
    """The attributes of an instance by name, those in slots included; None for numbers, arrays, containers and functions.

    >>> class Body:
    ...     def __init__(self):
    ...         self.mass = 2.0
    >>> attributes(Body()), attributes(2.0)
    ({'mass': 2.0}, None)
    """
    cls = type(x)
    if isinstance(x, _NO_OBJECTS) or cls.__module__ == "builtins" or cls.__module__.partition(".")[0] == "numpy":
        return None
    if cls is not types.SimpleNamespace and any("__getattribute__" in vars(base) for base in cls.__mro__[:-1]):
        return None
    slots = slots_of(cls)
    if slots:
        found = {name: getattr(x, name) for name in slots if hasattr(x, name)}
        return found | getattr(x, "__dict__", {})
    return getattr(x, "__dict__", None)


def slots_of(cls: type) -> tuple[str, ...]:
    """The attributes that a class and its bases keep in slots."""
    return tuple(name for base in reversed(cls.__mro__) for name, member in vars(base).items()
                 if isinstance(member, types.MemberDescriptorType) and name != "__dict__")
