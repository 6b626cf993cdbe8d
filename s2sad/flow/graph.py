"""The control-flow graph of a function body.

A node is a statement: a simple one, or the head of a compound one (the test of `if` and `while`, the step of `for` that
binds the next item, the context of `with`).
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from s2sad import core


@dataclass
class _Loop:
    """A loop being built: where `continue` goes, and the `break` statements met so far."""

    head: int
    breaks: list[int] = field(default_factory=list)


@dataclass
class Graph:
    """`nodes` stand in the order of the text; `entry` holds the first; `exits` are those after which the function returns or raises.

    `following` and `preceding` are the edges between the numbers that `number` gives to the nodes.  An edge from the head of a loop
    into its body (`enters_body`) is one more iteration, its other edge leaves the loop.  A `while True` that some `break` leaves
    has no other way out.
    """

    body: core.Block
    nodes: list[core.Stmt] = field(default_factory=list)
    entry: list[core.Stmt] = field(default_factory=list)
    exits: list[core.Stmt] = field(default_factory=list)
    number: dict[core.Stmt, int] = field(default_factory=dict)
    following: list[list[int]] = field(default_factory=list)
    preceding: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        exits: list[int] = []
        exits += self._block(self.body, [], [], exits)
        self.exits = [self.nodes[i] for i in dict.fromkeys(exits)]
        self.entry = self.nodes[:1]

    def successors(self, node: core.Stmt) -> Sequence[core.Stmt]:
        return [self.nodes[i] for i in self.following[self.number[node]]]

    def predecessors(self, node: core.Stmt) -> Sequence[core.Stmt]:
        return [self.nodes[i] for i in self.preceding[self.number[node]]]

    def enters_body(self, source: core.Stmt, target: core.Stmt) -> bool:
        """Whether the edge from `source` to `target` is the step of a loop's head into its body."""
        return isinstance(source, (core.For, core.While)) and target is (source.body[0] if source.body else source)

    def _add(self, node: core.Stmt, sources: list[int]) -> int:
        here = len(self.nodes)
        if self.number.setdefault(node, here) != here:
            raise ValueError(f"one statement stands at two places: {node}")
        self.nodes.append(node)
        self.following.append([])
        self.preceding.append([])
        self._connect(sources, here)
        return here

    def _connect(self, sources: list[int], target: int) -> None:
        for source in sources:
            self.following[source].append(target)
            self.preceding[target].append(source)

    def _block(self, block: core.Block, sources: list[int], loops: list[_Loop], exits: list[int]) -> list[int]:
        """Adds a block that is entered from `sources`; returns the nodes from which control leaves it at its end."""
        for stmt in block:
            here = self._add(stmt, sources)
            sources = [here]
            if isinstance(stmt, core.If):
                taken = self._block(stmt.body, [here], loops, exits)
                other = self._block(stmt.orelse, [here], loops, exits)
                sources = taken + other if taken != other else taken
            elif isinstance(stmt, (core.While, core.For)):
                loops.append(_Loop(here))
                self._connect(self._block(stmt.body, [here], loops, exits), here)
                breaks = loops.pop().breaks
                endless = isinstance(stmt, core.While) and stmt.test == core.Const(True)
                sources = breaks if endless and breaks else [here, *breaks]
            elif isinstance(stmt, core.With):
                sources = self._block(stmt.body, [here], loops, exits)
            elif isinstance(stmt, core.Try):
                sources = self._attempt(stmt, here, loops, exits)
            elif isinstance(stmt, core.Break):
                loops[-1].breaks.append(here)
                sources = []
            elif isinstance(stmt, core.Continue):
                self._connect([here], loops[-1].head)
                sources = []
            elif isinstance(stmt, (core.Return, core.Raise)):
                exits.append(here)
                sources = []
        return sources

    def _attempt(self, stmt: core.Try, here: int, loops: list[_Loop], exits: list[int]) -> list[int]:
        """An exception may leave the body before or after any of its statements."""
        ends = self._block(stmt.body, [here], loops, exits)
        raised = list(range(here, len(self.nodes)))
        ends = self._block(stmt.orelse, ends, loops, exits)
        for handler in stmt.handlers:
            ends = ends + self._block(handler.body, raised, loops, exits)
        if not stmt.final:
            return ends
        return self._block(stmt.final, list(range(here, len(self.nodes))), loops, exits)
