"""From a live function to its derivative as text and as a live function: `generate(function, request, facts)`.

Everything around the driver stands here: the front end, once per function, and the linking and loading of what comes out.
"""
from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

from s2sad import core
from s2sad.errors import DifferentiationError
from s2sad.lower import lower
from s2sad.reading.check import check as check_syntax
from s2sad.reading.parse import parse
from s2sad.reading.read import Source, read
from s2sad.request import Generated, Program, Request, realize
from s2sad.verify import verify

if TYPE_CHECKING:
    from s2sad.facts import Fact


def front(source: Source) -> core.Function:
    """The function in core Python; raises DifferentiationError for what the language fence excludes."""
    return verify(lower(check_syntax(parse(source), source), source), "lower")


@lru_cache(maxsize=256)
def _live_front(function: FunctionType, code: CodeType) -> tuple[Source, core.Function]:
    source = read(function)
    return source, front(source)


def check(function: FunctionType) -> None:
    """Raises DifferentiationError where the syntax of the function decides that it cannot be differentiated."""
    _live_front(function, function.__code__)


@contextmanager
def without_collector() -> Iterator[None]:
    """Runs without the collector of cycles: the trees of a program are many objects and no garbage, looked through again and again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@without_collector()
def generate(function: FunctionType, request: Request, facts: Mapping[str, Fact] | None) -> Generated:
    """The derivative for parameters of these facts; {} where nothing is known, None where annotations and uses are to tell."""
    from s2sad.driver import derive
    from s2sad.link.linkage import link, without_annotations
    from s2sad.link.load import Home, home_of
    from s2sad.link.watch import watch
    from s2sad.lower.stars import with_items_apart

    source, code = _live_front(function, function.__code__)
    code, facts, request = (code, None, request) if facts is None else with_items_apart(code, facts, request)
    library = derive(source, code, _parameters(source, code, request, facts), request)
    functions = without_annotations(library.functions)
    linked = link(functions, library.sources, front)
    homes = {}
    for made in functions:
        origin = library.sources[made.name].function
        home = home_of(origin if isinstance(origin, FunctionType) else function)
        homes[made.name] = home if made is functions[-1] else Home(home.globals, home.cells)
    assumed = watch((function, *functions_of((facts or {}).values())), _program_or_none)
    return realize(Program(tuple(linked.functions), linked.imports, homes, linked.helpers, source.path, source.first_line, source.name,
                           assumed.holds, library.facts))


def sizes_outside(function: FunctionType) -> frozenset[int]:
    """The sizes of the arrays that a function, and those that it calls, find outside of their arguments."""
    from s2sad.link.watch import watch

    return watch((function,), _program_or_none).sizes()


def functions_of(facts: Iterable[Fact]) -> list[FunctionType]:
    """The functions that arguments are or hold."""
    from s2sad.facts import FunctionFact, Mapping, ObjectFact, Sequence
    from s2sad.link.watch import functions_in

    found: list[FunctionType] = []
    for fact in facts:
        if isinstance(fact, FunctionFact):
            found += functions_in(fact.value)
        elif isinstance(fact, Sequence):
            found += functions_of(fact.items or ())
        elif isinstance(fact, Mapping):
            found += functions_of(item for _, item in fact.items or ())
        elif isinstance(fact, ObjectFact):
            found += functions_of(item for _, item in fact.fields)
    return found


def _parameters(source: Source, code: core.Function, request: Request, facts: Mapping[str, Fact] | None) -> dict[str, Fact]:
    from s2sad.facts import UNKNOWN
    from s2sad.infer.use import parameter_facts

    if facts is None:
        return parameter_facts(code, source.scope, None, result_scalar=request.mode in ("grad", "value_and_grad"))
    return {p.name: facts.get(p.name, UNKNOWN) for p in code.params}


def _program_or_none(function: FunctionType) -> core.Function | None:
    from s2sad.rules import find

    if find(function) is not None:
        return None
    try:
        return _live_front(function, function.__code__)[1]
    except DifferentiationError:
        return None
