"""Where the lists, dicts and objects inside facts were made: `births(fact)`, and `with_births(fact, change)`.

A container is told apart from others by the statements that may have made it, so that a change of one is known to leave most others alone.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from s2sad.facts.fact import BORN_HERE, Fact, FunctionFact, Mapping, ObjectFact, Sequence


def with_births(fact: Fact, change: Callable[[frozenset[int] | None], frozenset[int] | None]) -> Fact:
    """`fact` with the births of the lists, dicts and objects in it changed; the very same where nothing changed."""
    if isinstance(fact, Sequence):
        born = change(fact.born) if fact.kind in ("list", "set") else None
        items = fact.items if fact.items is None else tuple(with_births(item, change) for item in fact.items)
        item = fact.item if fact.item is None else with_births(fact.item, change)
        if born == fact.born and item is fact.item and (items is None or all(x is y for x, y in zip(items, fact.items or ()))):
            return fact
        return replace(fact, items=items, item=item, born=born)
    if isinstance(fact, Mapping):
        pairs = None if fact.items is None else tuple((key, with_births(item, change)) for key, item in fact.items)
        return replace(fact, items=pairs, item=fact.item and with_births(fact.item, change), born=change(fact.born))
    if isinstance(fact, ObjectFact):
        fields = tuple((name, with_births(item, change)) for name, item in fact.fields)
        return replace(fact, fields=fields, born=None if fact.discrete else change(fact.born))
    if isinstance(fact, FunctionFact) and fact.captured:
        return FunctionFact(fact.value, tuple((name, with_births(item, change)) for name, item in fact.captured))
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
