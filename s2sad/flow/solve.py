"""The one fixed-point solver: a lattice (`boundary` and `join`), a direction and a transfer function make an analysis.

`solve` takes values of any kind; `solve_sets` is for sets of names, where a transfer function is what a node adds and takes away.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from s2sad import core
from s2sad.flow.graph import Graph

V = TypeVar("V")
Direction = Literal["forward", "backward"]


@dataclass(frozen=True)
class Solution(Generic[V]):
    """The values before and after each node, in the order of execution whatever the direction."""

    before: Mapping[core.Stmt, V]
    after: Mapping[core.Stmt, V]


def solve(graph: Graph, direction: Direction, boundary: V, transfer: Callable[[core.Stmt, V], V], join: Callable[[V, V], V]) -> Solution[V]:
    """The least solution of the equations of an analysis.

    `boundary` holds at the entry, or at the exits.  Nodes that control does not reach from there get the transfer of `boundary`.
    """
    forward = direction == "forward"
    nodes, count = graph.nodes, len(graph.nodes)
    order = range(count) if forward else range(count - 1, -1, -1)
    sources, targets = (graph.preceding, graph.following) if forward else (graph.following, graph.preceding)
    ends = {graph.number[node] for node in (graph.entry if forward else graph.exits)}
    into: dict[int, V] = {}
    out: dict[int, V] = {}
    waiting = [node in ends for node in range(count)]

    def visit(node: int, known: list[V]) -> bool:
        value = known[0]
        for other in known[1:]:
            value = join(value, other)
        into[node] = value
        new = transfer(nodes[node], value)
        if node in out and out[node] == new:
            return False
        out[node] = new
        for target in targets[node]:
            waiting[target] = True
        return True

    def settle() -> None:
        moving = True
        while moving:
            moving = False
            for node in order:
                if waiting[node]:
                    waiting[node] = False
                    known = [out[source] for source in sources[node] if source in out]
                    moving = visit(node, [boundary, *known] if node in ends else known) or moving

    settle()
    for node in order:
        if node not in out:
            visit(node, [boundary])
            settle()
    before, after = {nodes[i]: v for i, v in into.items()}, {nodes[i]: v for i, v in out.items()}
    return Solution(before, after) if forward else Solution(after, before)


class NameSets(Mapping[core.Stmt, frozenset[str]]):
    """Sets of names by statement, held as the bits of integers."""

    def __init__(self, bits: dict[core.Stmt, int], number: Mapping[str, int], names: list[str]) -> None:
        self._bits, self._number, self._names = bits, number, names
        self._sets: dict[int, frozenset[str]] = {}

    def has(self, stmt: core.Stmt, name: str) -> bool:
        """Whether `name` is in the set of `stmt`."""
        at = self._number.get(name)
        return at is not None and bool(self._bits[stmt] >> at & 1)

    def __getitem__(self, stmt: core.Stmt) -> frozenset[str]:
        bits = self._bits[stmt]
        found = self._sets.get(bits)
        if found is None:
            found = self._sets[bits] = frozenset(self._names[at] for at in _ones(bits))
        return found

    def __iter__(self) -> Iterator[core.Stmt]:
        return iter(self._bits)

    def __len__(self) -> int:
        return len(self._bits)


@dataclass(frozen=True)
class SetSolution:
    """The sets of names before and after each node."""

    before: NameSets
    after: NameSets


def _ones(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def solve_sets(graph: Graph, direction: Direction, gen: Callable[[core.Stmt], Iterable[str]], kill: Callable[[core.Stmt], Iterable[str]],
               boundary: Iterable[str] = (), must: bool = False) -> SetSolution:
    """The sets of names that hold along some path, or along all paths (`must`): a node takes its `kill` away, then adds its `gen`.

    Of a `for`, `kill` (and forward `gen`) says what binding the next item does: on the way into its body, not where the loop ends.
    After a `for` means: after its item is bound.
    """
    number: dict[str, int] = {}

    def bits(names: Iterable[str]) -> int:
        found = 0
        for name in names:
            found |= 1 << number.setdefault(name, len(number))
        return found

    start = bits(boundary)
    adds = [bits(gen(node)) for node in graph.nodes]
    keeps = [~bits(kill(node)) for node in graph.nodes]
    into, out = (_forward if direction == "forward" else _backward)(graph, adds, keeps, start, (1 << len(number)) - 1 if must else 0)
    names = list(number)
    before = NameSets(dict(zip(graph.nodes, into)), number, names)
    after = NameSets(dict(zip(graph.nodes, out)), number, names)
    return SetSolution(before, after)


def _forward(graph: Graph, adds: list[int], keeps: list[int], start: int, top: int) -> tuple[list[int], list[int]]:
    """`top` is the full set where paths are intersected, and 0 where they are united."""
    count = len(adds)
    into, out = [top] * count, [top] * count
    loops = [isinstance(node, core.For) for node in graph.nodes]
    waiting = [True] * count
    moving = True
    while moving:
        moving = False
        for node in range(count):
            if not waiting[node]:
                continue
            waiting[node] = False
            value = None if node else start
            for source in graph.preceding[node]:
                known = out[source] if not loops[source] or graph.enters_body(graph.nodes[source], graph.nodes[node]) else into[source]
                value = known if value is None else value & known if top else value | known
            value = start if value is None else value
            new = value & keeps[node] | adds[node]
            if new != out[node] or value != into[node]:
                into[node], out[node], moving = value, new, True
                for target in graph.following[node]:
                    waiting[target] = True
    return into, out


def _backward(graph: Graph, adds: list[int], keeps: list[int], start: int, top: int) -> tuple[list[int], list[int]]:
    count = len(adds)
    into, out = [top] * count, [top] * count
    exits = {graph.number[node] for node in graph.exits}
    loops = [isinstance(node, core.For) for node in graph.nodes]
    waiting = [True] * count
    moving = True
    while moving:
        moving = False
        for node in range(count - 1, -1, -1):
            if not waiting[node]:
                continue
            waiting[node] = False
            known = [into[target] for target in graph.following[node]]
            if node in exits:
                known.append(start)
            if loops[node]:
                inside = [graph.enters_body(graph.nodes[node], graph.nodes[target]) for target in graph.following[node]]
                item = [value for value, enters in zip(known, inside) if enters]
                rest = [value for value, enters in zip(known, inside) if not enters] + known[len(inside):]
                after = _meet(item, top)
                value = _meet([after & keeps[node], *rest], top) | adds[node]
            else:
                after = _meet(known, top)
                value = after & keeps[node] | adds[node]
            if value != into[node] or after != out[node]:
                into[node], out[node], moving = value, after, True
                for source in graph.preceding[node]:
                    waiting[source] = True
    return into, out


def _meet(values: list[int], top: int) -> int:
    result = top
    for value in values:
        result = result & value if top else result | value
    return result
