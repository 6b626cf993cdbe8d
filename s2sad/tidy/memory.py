"""Which values may share memory, and which statements change it: classes of values, joined wherever a reference is copied.

    v = u[1:]         v and u share memory
    w = u + v         w has its own
    v[0] = 1.0        changes what u and v share
"""
from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable

from s2sad import core
from s2sad.flow.layout import Layout
from s2sad.tidy.summary import Summary
from s2sad.tidy.values import Value, Values


class Memory:
    """The classes of the values of a function; what a caller can see belongs to the class `outside`."""

    def __init__(self, values: Values, layout: Layout, summary: Callable[[core.Stmt], Summary]) -> None:
        self.values = values
        self._parent = list(range(len(values.all) + 1))
        self._outside = len(values.all)
        self._writes: dict[int, list[core.Stmt]] = {}
        for value in values.entry.values():
            self._join(value.number, self._outside)
        for value in values.all:
            for source in value.sources:
                self._join(value.number, source.number)
        writes: list[tuple[core.Stmt, Value]] = []
        for stmt in layout.statements:
            self._bind(stmt, summary(stmt))
            read = values.reads.get(stmt, {})
            writes += ((stmt, read[name]) for name in summary(stmt).written if name in read)
        for stmt, value in writes:
            found = self._writes.setdefault(self._class(value.number), [])
            if not found or found[-1] is not stmt:
                found.append(stmt)
        self._starts = {number: [layout.start[stmt] for stmt in stmts] for number, stmts in self._writes.items()}

    def _class(self, number: int) -> int:
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def _join(self, a: int, b: int) -> None:
        a, b = self._class(a), self._class(b)
        if a != b:
            self._parent[max(a, b)] = min(a, b)

    def _share(self, number: int, names: Iterable[str], stmt: core.Stmt) -> None:
        read = self.values.reads[stmt]
        for name in sorted(names):
            other = read.get(name)
            self._join(number, self._outside if other is None else other.number)

    def _bind(self, stmt: core.Stmt, summary: Summary) -> None:
        bound, read = self.values.bound.get(stmt, {}), self.values.reads.get(stmt, {})
        for found in summary.sharing:
            value = (read if found.holder else bound).get(found.name)
            self._share(self._outside if value is None else value.number, found.names, stmt)
        if bound and not isinstance(stmt, (core.Assign, core.AugAssign, core.For)):
            for value in bound.values():
                self._join(value.number, self._outside)

    # Asking

    def is_outside(self, value: Value) -> bool:
        """Whether the memory of a value may be known to the caller."""
        return self._class(value.number) == self._class(self._outside)

    def key(self, value: Value) -> int:
        """The same for all values that may share memory."""
        return self._class(value.number)

    def writers(self, value: Value) -> list[core.Stmt]:
        """The statements that change the memory of a value, in the order of the text."""
        return self._writes.get(self._class(value.number), [])

    def is_steady(self, value: Value, after: int, before: int) -> bool:
        """Whether no statement between two positions of the text, both excluded, changes the memory of a value."""
        starts = self._starts.get(self._class(value.number))
        return starts is None or bisect_right(starts, after) == bisect_left(starts, before)
