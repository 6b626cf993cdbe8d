"""Names of the user's that hide what a derivative calls.

    from numpy import zeros         def f(p): ...       the derivative of `f` may call its own `zeros`: nothing in `f` says `zeros`
    def g(x):                                           the derivative of `g` cannot say `math.cos`: the variable hides the module
        math = 2.0
        return sin(x) * math

Derivatives call functions of `s2sad.runtime`, `np` and `math` by name.  Where the user's function gives such a name another meaning and the
derivative needs both, it is refused.
"""
from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from s2sad import core, runtime
from s2sad.errors import refuse
from s2sad.link.borrowed import BORROWED, borrowed
from s2sad.names import names_in
from s2sad.reading.read import Source
from s2sad.reading.scope import UNRESOLVED

MODULES = {"np": np, "math": math}
Program = Callable[[Source], core.Function]


def ours(name: str) -> object:
    """What a derivative means by a name that it brings, UNRESOLVED for other names."""
    if name in BORROWED:
        return borrowed(name)
    if name == "scipy":
        return sys.modules.get(name, UNRESOLVED)
    return MODULES.get(name) or (getattr(runtime, name) if name in runtime.__all__ else UNRESOLVED)


def uses(function: core.Function) -> dict[str, set[object]]:
    """How a function uses the names that derivatives bring: the attributes of modules, the calls of functions."""
    found: dict[str, set[object]] = {}
    for node in core.walk(function):
        if isinstance(node, core.Attribute) and isinstance(node.value, core.Name) and node.value.id in MODULES:
            found.setdefault(node.value.id, set()).add(node.attr)
        elif isinstance(node, core.Call) and isinstance(node.func, core.Name) and node.func.id in runtime.__all__:
            found.setdefault(node.func.id, set()).add(node)
    return found


def check_hidden(functions: Sequence[core.Function], sources: Mapping[str, Source], program: Program) -> None:
    """Refuses derivatives that need a name which the user's function gives another meaning; `program` is that function in core Python."""
    for function in functions:
        source, bound = sources[function.name], bound_names(function)
        for name, used in uses(function).items():
            if name not in bound and source.scope.lookup(name) in (ours(name), UNRESOLVED):
                continue
            primal = program(source)
            if name in mentioned(primal) and used - uses(primal).get(name, set()):
                what = f"the module `{MODULES[name].__name__}`" if name in MODULES else f"`s2sad.runtime.{name}`"
                raise refuse(f"`{name}` means something else in `{source.name}`, and its derivative needs {what}",
                             mention(primal, name), source, f"give `{name}` another name there")


def mentioned(function: core.Function) -> frozenset[str]:
    """The names that a function gives a meaning or reads, which its own name is only where it calls itself."""
    return names_in(replace(function, name=""))


def bound_names(function: core.Function) -> set[str]:
    """The parameters and variables of a function."""
    found = {param.name for param in function.params}
    for node in core.walk(function.body):
        if isinstance(node, (core.Assign, core.AugAssign, core.For)):
            found.update(core.bound_names(node.target))
        elif isinstance(node, (core.Define, core.Import)):
            found.add(node.name)
    return found


def mention(function: core.Function, name: str) -> core.Place | None:
    """Where a function first mentions a name."""
    for stmt in core.walk(function.body):
        at: core.Place | None = getattr(stmt, "at", None)
        if isinstance(stmt, core.Stmt) and at is not None and name in core.reads(stmt) | bound_names(core.Function("", (), (stmt,))):
            return at
    return None
