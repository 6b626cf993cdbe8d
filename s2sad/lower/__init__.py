"""Python to core Python: the same function with the same names, and each of its evaluations as often and in the same order.

The rewrites are one to a module.  What core Python has no place for - several targets, `else` of a loop, assignment expressions,
returns and jumps in the middle - is gone after them; expressions otherwise stay as the user wrote them.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad import core
from s2sad.errors import refuse
from s2sad.lower.assignments import single_targets
from s2sad.lower.attempts import without_leaving
from s2sad.lower.attributes import assigned_attributes
from s2sad.lower.disguises import without_disguises
from s2sad.lower.flow import within
from s2sad.lower.jumps import jumps_last
from s2sad.lower.loops import without_else
from s2sad.lower.matching import without_match
from s2sad.lower.nonlocals import Writers, called_apart, without_nonlocals, writers_in
from s2sad.lower.published import published
from s2sad.lower.receivers import named_receivers
from s2sad.lower.returns import single_return
from s2sad.lower.scopes import closed
from s2sad.lower.supers import named_super
from s2sad.lower.walrus import without_walrus
from s2sad.names import Names
from s2sad.reading.convert import Converter
from s2sad.reading.read import Source


def lower(tree: Any, source: Source) -> core.Function:
    """The function that `tree`, a `gast.FunctionDef` of `source`, defines."""
    function = named_super(Converter(source.lines, source.owner).definition(tree), source.owner)
    return lower_function(function, source)


def lower_function(function: core.Function, source: Source | None = None) -> core.Function:
    if function.nonlocals:
        raise refuse(f"cannot differentiate through `nonlocal {', '.join(function.nonlocals)}` of a function that is called from outside",
                     function.at, source, "pass the variable as an argument, and return its new value")
    names = Names.of(function)
    return closed(published(_lowered(function, names, source, {}), source), names)


def _lowered(function: core.Function, names: Names, source: Source | None, outer: Writers) -> core.Function:
    writers = writers_in(function, outer)
    body = without_match(function.body, names, source)
    body = single_targets(body, names)
    body = without_else(body, names)
    body = without_leaving(body, names)
    body = called_apart(body, writers, names, source)
    body = without_walrus(body, names)
    body = named_receivers(assigned_attributes(body, source), names)
    body = single_return(body, names)
    body = jumps_last(body, names)
    function = without_disguises(replace(function, body=body), source)
    lowered = replace(function, body=tuple(_inside(stmt, names, source, writers) for stmt in function.body))
    return without_nonlocals(lowered, writers, names, source)


def _inside(stmt: core.Stmt, names: Names, source: Source | None, outer: Writers) -> core.Stmt:
    """The statement with the functions that it defines lowered."""
    if isinstance(stmt, core.Define):
        return replace(stmt, function=_lowered(stmt.function, names, source, outer))
    return within(stmt, lambda block: tuple(_inside(inner, names, source, outer) for inner in block))
