"""Which variables have tangents where.

A variable has a tangent where it varies and the result depends on it, and where such a place may be reached before it is bound again: in

    r = 1
    while n > 0:
        r = r * x

`r` varies inside the loop, so that it has a tangent, 0.0, from its first binding on.  What may be changed in place is mirrored as a whole: if one of
the variables that may share an object varies anywhere, all of them have tangents everywhere, which share memory as they do.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from s2sad import core
from s2sad.analysis.activity import Activity, Move, moves
from s2sad.analysis.alias import TOGETHER
from s2sad.facts import Number
from s2sad.flow.graph import Graph
from s2sad.flow.layout import NONE, Layout, atomic_writes
from s2sad.flow.solve import solve
from s2sad.infer.changes import own_expressions
from s2sad.meaning.semantics import Env, Semantics
from s2sad.tangent.changes import calls_of, changed_names, groups, returned_together

Facts = Mapping[core.Stmt, Env]


@dataclass(frozen=True)
class Tangents:
    """`varied` are the names that vary before a statement, `before` and `after` those that have tangents before and after it.

    `mirrored` are the names whose objects change in place and whose tangents change with them.
    """

    varied: Mapping[core.Stmt, frozenset[str]]
    before: Mapping[core.Stmt, frozenset[str]]
    after: Mapping[core.Stmt, frozenset[str]]
    mirrored: frozenset[str]

    def as_activity(self) -> Activity:
        return Activity(self.varied, self.before, self.after, self.after)


def tangents(function: core.Function, facts: Facts, semantics: Semantics, independent: frozenset[str], written: frozenset[str] = NONE) -> Tangents:
    """The tangents of a function whose parameters `independent` have some; `written` are those that its caller sees changed."""
    graph, layout = Graph(function.body), Layout(function.body)
    table = {stmt: (*moves(stmt, facts[stmt], semantics), *_written(stmt, facts[stmt], semantics)) for stmt in graph.nodes if stmt in facts}
    groups = _groups(layout, facts, semantics)
    union = frozenset.union
    mirrored = returned_together(layout, facts, semantics)
    while True:
        def forward(stmt: core.Stmt, varied: frozenset[str], mirrored: frozenset[str] = mirrored) -> frozenset[str]:
            changes = table.get(stmt, ())
            reached = {move.target for move in changes if move.sources & varied}
            killed = {move.target for move in changes if not move.weak} - reached
            return (varied - killed) | reached | mirrored

        varied = solve(graph, "forward", independent | mirrored, forward, union)
        ever = independent.union(*varied.after.values())
        found = NONE.union(*(group for group in groups if group & ever))
        if found <= mirrored:
            break
        mirrored |= found

    def backward(stmt: core.Stmt, useful: frozenset[str]) -> frozenset[str]:
        if isinstance(stmt, core.Return):
            return useful | semantics.dependencies(stmt.value, facts[stmt])
        if isinstance(stmt, core.ExprStmt) and isinstance(stmt.value, core.Call) and semantics.application(stmt.value, facts[stmt]) is None:
            useful |= semantics.dependencies(stmt.value, facts[stmt])       # the function that runs is given the tangents
        changes = table.get(stmt, ())
        sources = NONE.union(*(move.sources for move in changes if move.target in useful or move.target in mirrored))
        killed = {move.target for move in changes if not move.weak}
        return (useful - killed) | sources

    useful = solve(graph, "backward", written, backward, union)
    active = {s: (varied.before[s] & useful.before[s]) | mirrored for s in table}

    def needed(stmt: core.Stmt, after: frozenset[str]) -> frozenset[str]:
        bound = frozenset(name for name, whole in atomic_writes(stmt) if whole and not isinstance(stmt, core.For))
        return (after - bound) | active.get(stmt, NONE)

    wanted = solve(graph, "backward", mirrored & written, needed, union)
    return Tangents({s: varied.before[s] for s in table}, {s: wanted.before[s] | mirrored for s in table},
                    {s: wanted.after[s] | mirrored for s in table}, mirrored)


def _written(stmt: core.Stmt, env: Env, semantics: Semantics) -> Iterator[Move]:
    """What calls write into their arguments."""
    for call in calls_of(stmt):
        names = changed_names(call, env, semantics)
        if names:
            parts = [*call.args, *(value for _, value in call.keywords)]
            if isinstance(call.func, core.Attribute):
                parts.append(call.func.value)
            sources = NONE.union(*(semantics.dependencies(part, env) for part in parts))
            if any(isinstance(node, core.Comprehension) for part in own_expressions(stmt) for node in core.walk(part)):
                sources = sources.union(*map(core.reads, own_expressions(stmt)))
            yield from (Move(name, sources, weak=True) for name in sorted(names) if not name.startswith(TOGETHER))


def _groups(layout: Layout, facts: Facts, semantics: Semantics) -> list[frozenset[str]]:
    """The variables whose tangents are mirrored together.  Where only the items of containers change, arrays and numbers are none of them."""
    found = groups(layout, facts, semantics)
    if not found:
        return []
    numbers = {name for env in facts.values() for name in env} - {
        name for env in facts.values() for name, fact in env.items() if not isinstance(fact, Number)}
    return [group if arrays else group - numbers for group, arrays in found]
