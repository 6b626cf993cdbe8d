"""The control-flow graph of a function body.

A node is a statement: a simple one, or the head of a compound one (the test of `if` and `while`, the step of `for` that binds the next item).
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from s2sad import core


@dataclass
class Graph:
    """`nodes` stand in the order of the text; `exits` are those after which the function returns or raises."""

    body: core.Block
    nodes: list[core.Stmt] = field(default_factory=list)
    entry: list[core.Stmt] = field(default_factory=list)
    exits: list[core.Stmt] = field(default_factory=list)
    _successors: dict[core.Stmt, list[core.Stmt]] = field(default_factory=dict)
    _predecessors: dict[core.Stmt, list[core.Stmt]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.exits += self._block(self.body, [], [])

    def successors(self, node: core.Stmt) -> Sequence[core.Stmt]:
        return self._successors[node]

    def predecessors(self, node: core.Stmt) -> Sequence[core.Stmt]:
        return self._predecessors[node]

    def _add(self, node: core.Stmt, sources: list[core.Stmt]) -> None:
        if not self.nodes:
            self.entry.append(node)
        self.nodes.append(node)
        self._successors[node] = []
        self._predecessors[node] = []
        self._connect(sources, node)

    def _connect(self, sources: list[core.Stmt], node: core.Stmt) -> None:
        for source in sources:
            if node not in self._successors[source]:
                self._successors[source].append(node)
                self._predecessors[node].append(source)

    def _block(self, block: core.Block, sources: list[core.Stmt], loops: list[tuple[core.Stmt, list[core.Stmt]]]) -> list[core.Stmt]:
        """Adds a block that is entered from `sources`; returns the nodes from which control leaves it at its end."""
        for stmt in block:
            if self.nodes and not sources:
                self._unreachable(stmt)
            self._add(stmt, sources)
            if isinstance(stmt, core.If):
                ends = self._block(stmt.body, [stmt], loops) + self._block(stmt.orelse, [stmt], loops)
                sources = list(dict.fromkeys(ends))
            elif isinstance(stmt, (core.While, core.For)):
                breaks: list[core.Stmt] = []
                self._connect(self._block(stmt.body, [stmt], [*loops, (stmt, breaks)]), stmt)
                endless = isinstance(stmt, core.While) and stmt.test == core.Const(True)
                sources = breaks if endless else [stmt, *breaks]
            elif isinstance(stmt, core.Break):
                loops[-1][1].append(stmt)
                sources = []
            elif isinstance(stmt, core.Continue):
                self._connect([stmt], loops[-1][0])
                sources = []
            elif isinstance(stmt, (core.Return, core.Raise)):
                self.exits.append(stmt)
                sources = []
            else:
                sources = [stmt]
        return sources

    def _unreachable(self, stmt: core.Stmt) -> None:
        """Statements that nothing reaches are nodes too, without predecessors."""
