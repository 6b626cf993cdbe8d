"""Functions of which nothing is known but the fact of their result: those that the transformation itself puts into a program."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from s2sad import core
from s2sad.facts import Fact
from s2sad.reading.scope import Scope


@dataclass(frozen=True, eq=False)
class KnownFunction:
    """A function whose result has the fact `result`, whatever its arguments; `changes` if it may change these."""

    result: Fact
    changes: bool = True


@dataclass(frozen=True, eq=False)
class ScopeWith(Scope):
    """A scope with further functions; `added` may grow."""

    inner: Scope
    added: dict[str, object]

    def lookup(self, name: str) -> object:
        return self.added[name] if name in self.added else self.inner.lookup(name)

    def captured(self) -> Mapping[str, object]:
        return self.inner.captured()

    def resolve(self, expr: core.Expr, local: Collection[str] = frozenset()) -> object:
        if isinstance(expr, core.Name) and expr.id in self.added:
            return self.added[expr.id]
        return super().resolve(expr, local)
