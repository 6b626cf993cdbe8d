"""Where the lists, dicts and objects inside facts were made: `births(fact)`, and `with_births(fact, change)`.

A container is told apart from others by the statements that may have made it, so that a change of one is known to leave most others alone.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from s2sad.facts.fact import BORN_HERE, Fact, FunctionFact, Mapping, ObjectFact, Sequence

Births = frozenset[int] | None
KINDS = 4
"""What one statement makes of different kinds has different births, since a list is no dict and no object: these are so many."""


def with_births(fact: Fact, change: Callable[[Births], Births]) -> Fact:
    """`fact` with the births of the lists, dicts and objects in it changed; the very same where nothing changed."""
    return _with_births(fact, lambda born, kind: change(born))


def born_at(fact: Fact, label: int) -> Fact:
    """`fact` with the births of what is new in it, which a statement made that has this label."""
    def given(born: Births, kind: int) -> Births:
        return born if born is not None and not born & BORN_HERE else (born or BORN_HERE) - BORN_HERE | {label * KINDS + kind}

    return _with_births(fact, given)


def _with_births(fact: Fact, change: Callable[[Births, int], Births]) -> Fact:
    if isinstance(fact, Sequence):
        born = change(fact.born, 0) if fact.kind in ("list", "set") else None
        items = fact.items if fact.items is None else tuple(_with_births(item, change) for item in fact.items)
        item = fact.item if fact.item is None else _with_births(fact.item, change)
        if born == fact.born and item is fact.item and (items is None or all(x is y for x, y in zip(items, fact.items or ()))):
            return fact
        return replace(fact, items=items, item=item, born=born)
    if isinstance(fact, Mapping):
        pairs = None if fact.items is None else tuple((key, _with_births(item, change)) for key, item in fact.items)
        return replace(fact, items=pairs, item=fact.item and _with_births(fact.item, change), born=change(fact.born, 1))
    if isinstance(fact, ObjectFact):
        fields = tuple((name, _with_births(item, change)) for name, item in fact.fields)
        return replace(fact, fields=fields, born=None if fact.discrete else change(fact.born, 2))
    if isinstance(fact, FunctionFact) and fact.captured:
        return FunctionFact(fact.value, tuple((name, _with_births(item, change)) for name, item in fact.captured))
    return fact


def births(fact: Fact) -> frozenset[int]:
    """Where the lists, dicts and objects in a value may have been made."""
    found: set[int] = set()

    def note(born: frozenset[int] | None) -> frozenset[int] | None:
        found.update(born or BORN_HERE)
        return born
    if isinstance(fact, (Sequence, Mapping, ObjectFact, FunctionFact)):
        with_births(fact, note)
    return frozenset(found)
