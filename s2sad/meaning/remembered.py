"""What was found of expressions, found again while the variables that they read have the facts that they had then.

Stages ask for the same facts time and again: at each round of a loop, of each version of a program, of each part of an expression on the
way up.  An expression is frozen, so that it is known by its identity, and what is found of it depends on the variables that it reads.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from s2sad import core
from s2sad.facts import ChoiceFact, Fact, FunctionFact, ObjectFact, Sequence
from s2sad.facts import Mapping as MappingFact

T = TypeVar("T")
Read = tuple[tuple[str, Fact | None], ...]


class Remembered(Generic[T]):
    """The latest that was found of each expression, with the facts that it was found from."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[core.Expr, Read, T]] = {}

    def get(self, expr: core.Expr, env: Mapping[str, Fact]) -> T | None:
        """What was found of `expr` where the variables had the facts `env`; None where nothing is remembered."""
        found = self._found.get(id(expr))
        if found is None:
            return None
        for name, then in found[1]:
            now = env.get(name)
            if now is not then and now != then:
                return None
        return found[2]

    def put(self, expr: core.Expr, env: Mapping[str, Fact], value: T) -> None:
        """Remembers `value`, unless it depends on more than the facts of what the expression reads: a function reads variables too."""
        read = tuple([(name, env.get(name)) for name in core.reads(expr)])
        for _, fact in read:
            if fact is not None and runs(fact):
                return
        self._found[id(expr)] = expr, read, value


def runs(fact: Fact) -> bool:
    """Whether a value is, or holds, a function that was defined in the function at hand, or may be."""
    if isinstance(fact, FunctionFact):
        return isinstance(fact.value, core.Function)
    if isinstance(fact, ChoiceFact):
        return True
    if isinstance(fact, Sequence):
        return any(map(runs, fact.items)) if fact.items is not None else fact.item is not None and runs(fact.item)
    if isinstance(fact, MappingFact):
        return any(runs(item) for _, item in fact.items) if fact.items is not None else fact.item is not None and runs(fact.item)
    return isinstance(fact, ObjectFact) and any(runs(item) for _, item in fact.fields)
