"""What is known of the parameters of generated functions, whatever the facts of their arguments say: `declare(function, facts)`.

A derivative is generated for what its arguments are, so that this holds in every call of the functions of its text.  Where the text is
differentiated again, a recursive function would lose it: the facts of recursive calls are taken generally.
"""
from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import replace
from types import FunctionType
from weakref import WeakKeyDictionary

from s2sad.facts import UNKNOWN, Fact, Mapping, NoneFact, Number, Sequence, Text, Unknown

_KNOWN: WeakKeyDictionary[FunctionType, Table[str, Fact]] = WeakKeyDictionary()


def declare(function: FunctionType, facts: Table[str, Fact]) -> None:
    """Notes the facts of the parameters of a generated function."""
    known = {name: lasting(fact) for name, fact in facts.items()}
    _KNOWN[function] = {name: fact for name, fact in known.items() if not isinstance(fact, Unknown)}


def declared(function: object) -> Table[str, Fact]:
    """What is known of the parameters of a function; nothing of one that is not generated."""
    return _KNOWN.get(function, {}) if isinstance(function, FunctionType) else {}


def lasting(fact: Fact) -> Fact:
    """What of a fact holds in every call: neither sizes nor values of numbers."""
    if isinstance(fact, Number):
        return replace(fact, shape=() if fact.shape == () else None, value=None, size=None)
    if isinstance(fact, Sequence):
        if fact.items is not None:
            return replace(fact, items=tuple(map(lasting, fact.items)), born=None)
        return replace(fact, item=lasting(fact.each), length=None, born=None)
    if isinstance(fact, Mapping):
        if fact.items is not None:
            return replace(fact, items=tuple((key, lasting(item)) for key, item in fact.items), born=None)
        return replace(fact, item=lasting(fact.each), born=None)
    return fact if isinstance(fact, (Text, NoneFact)) else UNKNOWN


def refined(facts: Table[str, Fact], known: Table[str, Fact]) -> dict[str, Fact]:
    """The facts of arguments, and what is known beyond them."""
    return {name: _both(fact, known[name]) if name in known else fact for name, fact in facts.items()}


def _both(fact: Fact, known: Fact) -> Fact:
    """What holds where both do, as far as it is told part by part."""
    if isinstance(fact, Unknown):
        return known
    if not isinstance(fact, Sequence) or not isinstance(known, Sequence) or known.items is None:
        return fact
    if fact.items is None:
        return replace(fact, items=tuple(_both(fact.each, item) for item in known.items), item=None, length=known.length)
    if len(fact.items) != len(known.items):
        return fact
    return replace(fact, items=tuple(map(_both, fact.items, known.items)))
