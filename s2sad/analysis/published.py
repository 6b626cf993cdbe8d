"""Globals that a function writes: what others could read of them is not followed.

A function that writes a global has it as a variable of its own (see `lower.published`), and stores it wherever it changes.  That is
right as long as no other function that runs meanwhile writes it too, or reads what is differentiated out of it.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import FunctionType

from s2sad import core
from s2sad.errors import refuse
from s2sad.infer.functions import program
from s2sad.meaning.semantics import Env, Semantics
from s2sad.reading.read import StaticFunction
from s2sad.reading.scope import Scope

HELP = "pass the variable as an argument, and return its new value"


def stores(function: core.Function) -> Iterator[tuple[core.Assign, str]]:
    """The statements that store a global, and which."""
    for node in core.walk(function.body):
        if isinstance(node, core.Assign) and isinstance(node.target, core.Subscript) and _is_globals(node.target.value):
            assert isinstance(node.target.index, core.Const)
            yield node, node.target.index.value


def check_published(function: core.Function, facts: Mapping[core.Stmt, Env], varied: Mapping[core.Stmt, frozenset[str]],
                    semantics: Semantics, called: bool) -> None:
    """Refuses globals that are written with what is differentiated and may be read again; `called`: by a function that another calls."""
    written = dict((name, stmt) for stmt, name in stores(function))
    if not written:
        return
    for stmt, name in stores(function):
        if called and semantics.dependencies(stmt.value, facts[stmt]) & varied.get(stmt, frozenset()):
            raise refuse(f"cannot differentiate through the global `{name}`, which a function that is called writes", stmt.at,
                         semantics.source, HELP)
    for other in reached(function, semantics.source.scope):
        touched = {node.id for node in core.walk(other.body) if isinstance(node, core.Name)} | {name for _, name in stores(other)}
        for name in sorted(touched & written.keys()):
            raise refuse(f"cannot differentiate through the global `{name}`, which `{other.name}` reads or writes as well",
                         written[name].at, semantics.source, HELP)


def reached(function: core.Function, scope: Scope) -> Iterator[core.Function]:
    """The functions of the user's that a function may run, found by their names."""
    seen: list[object] = []
    waiting = [(function, scope)]
    while waiting:
        code, scope = waiting.pop()
        for node in core.walk(code.body):
            if not isinstance(node, (core.Name, core.Attribute)):
                continue
            found = scope.resolve(node)
            if not isinstance(found, (FunctionType, StaticFunction)) or any(found is one for one in seen):
                continue
            seen.append(found)
            inner = program(found)
            if inner is not None:
                yield inner[0]
                waiting.append(inner)


def _is_globals(expr: core.Expr) -> bool:
    return isinstance(expr, core.Call) and expr.func == core.Name("globals") and not expr.args
