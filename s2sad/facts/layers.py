"""The facts of variables, of which versions are made by few changes: `Layers`.

What holds before one statement differs from what holds before the next in the variables that are bound between.  A version is a layer of
its own changes over a dict that it shares with others, so that a long function is not copied at every statement.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Self

from s2sad.facts.fact import Fact

THICK = 48
"""A layer of so many changes is merged into what is below it."""

NOTHING: dict[str, Fact] = {}


class Layers(Mapping[str, Fact]):
    """Facts by name: those of a layer of its own, else those below, which are shared and never change."""

    __slots__ = ("_below", "_own")

    def __init__(self, facts: Mapping[str, Fact] = NOTHING) -> None:
        self._below: Mapping[str, Fact]
        self._own: dict[str, Fact]
        if isinstance(facts, Layers):
            self._below, self._own = facts._below, dict(facts._own)
        else:
            self._below, self._own = NOTHING, dict(facts)

    def get(self, name: str, default: Fact | None = None) -> Fact | None:  # type: ignore[override]
        found = self._own.get(name)
        return self._below.get(name, default) if found is None else found

    def __getitem__(self, name: str) -> Fact:
        found = self._own.get(name)
        return self._below[name] if found is None else found

    def __contains__(self, name: object) -> bool:
        return name in self._own or name in self._below

    def __iter__(self) -> Iterator[str]:
        below = self._below
        return chain(below, [name for name in self._own if name not in below])

    def __len__(self) -> int:
        return len(self._below) + sum(name not in self._below for name in self._own)

    def over(self) -> Self:
        """The same facts in a version that may be changed."""
        new = self.__class__.__new__(self.__class__)
        own = self._own
        if len(own) > THICK:
            new._below, new._own = {**self._below, **own}, {}
        else:
            new._below, new._own = self._below, dict(own)
        return new


class Draft(Layers):
    """Facts that are still added to, over others that stay as they are."""

    __slots__ = ()

    def __init__(self, facts: Mapping[str, Fact] = NOTHING, more: Mapping[str, Fact] = NOTHING) -> None:
        super().__init__(facts)
        self._own.update(more)

    def __setitem__(self, name: str, fact: Fact) -> None:
        self._own[name] = fact

    def update(self, facts: Mapping[str, Fact] | Iterable[tuple[str, Fact]]) -> None:
        self._own.update(facts)
