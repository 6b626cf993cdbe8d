"""The one fixed-point solver: a lattice (`start` and `join`), a direction and a transfer function make an analysis."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from s2sad import core
from s2sad.graph import Graph

V = TypeVar("V")


@dataclass(frozen=True)
class Solution(Generic[V]):
    """The values before and after each node, in the order of execution whatever the direction."""

    before: Mapping[core.Stmt, V]
    after: Mapping[core.Stmt, V]


def solve(graph: Graph, direction: Literal["forward", "backward"], boundary: V, transfer: Callable[[core.Stmt, V], V],
          join: Callable[[V, V], V]) -> Solution[V]:
    """The least solution of the equations of an analysis.

    `boundary` holds at the entry, or at the exits.  Nodes that control does not reach from there get the transfer of `boundary`.
    """
    forward = direction == "forward"
    order = graph.nodes if forward else graph.nodes[::-1]
    sources = graph.predecessors if forward else graph.successors
    targets = graph.successors if forward else graph.predecessors
    ends = set(graph.entry if forward else graph.exits)
    into: dict[core.Stmt, V] = {}
    out: dict[core.Stmt, V] = {}
    waiting = set(order)
    while waiting:
        for node in order:
            if node not in waiting:
                continue
            waiting.discard(node)
            known = [out[source] for source in sources(node) if source in out]
            if node in ends or not known:
                known.append(boundary)
            value = known[0]
            for other in known[1:]:
                value = join(value, other)
            new = transfer(node, value)
            into[node] = value
            if node not in out or out[node] != new:
                out[node] = new
                waiting.update(targets(node))
    return Solution(into, out) if forward else Solution(out, into)
