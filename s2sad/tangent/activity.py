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
from s2sad.activity import Activity, Move, moves
from s2sad.alias import changed_by, changes, shared_names
from s2sad.core import root
from s2sad.facts import Number
from s2sad.graph import Graph
from s2sad.infer.changes import own_expressions
from s2sad.infer.effects import CHANGING
from s2sad.layout import NONE, Layout, atomic_writes
from s2sad.semantics import Env, Semantics
from s2sad.solve import solve

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
    mirrored: frozenset[str] = NONE
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
    for expr in own_expressions(stmt):
        for node in core.walk(expr):
            if isinstance(node, core.Call):
                names = changed_by(node, env, semantics)
                if names:
                    parts = [*node.args, *(value for _, value in node.keywords)]
                    if isinstance(node.func, core.Attribute):
                        parts.append(node.func.value)
                    sources = NONE.union(*(semantics.dependencies(part, env) for part in parts))
                    yield from (Move(name, sources, weak=True) for name in sorted(names))


def _groups(layout: Layout, facts: Facts, semantics: Semantics) -> list[frozenset[str]]:
    """The variables that may share an object which changes in place, group by group."""
    found = list(changes(layout, facts, semantics))
    if not found:
        return []
    numbers = {name for env in facts.values() for name in env} - {
        name for env in facts.values() for name, fact in env.items() if not isinstance(fact, Number)}
    members: dict[str, set[str]] = {}
    for stmt in layout.statements:
        for names in _sharing(stmt, facts.get(stmt, {}), semantics):
            group = set(names).union(*(members[name] for name in names if name in members))
            members.update(dict.fromkeys(group, group))
    groups: dict[frozenset[str], bool] = {}
    for change in found:
        key = frozenset(members.get(change.name, {change.name}))
        groups[key] = groups.get(key, False) or not change.holder
    return [group if arrays else group - numbers for group, arrays in groups.items()]


def _sharing(stmt: core.Stmt, env: Env, semantics: Semantics) -> Iterator[set[str]]:
    """Sets of variables that may share memory after a statement."""
    if isinstance(stmt, (core.Assign, core.AugAssign)):
        names = shared_names(stmt.value, env, semantics)
        for name, _ in atomic_writes(stmt):
            yield {name, *names}
    elif isinstance(stmt, core.For):
        names = shared_names(stmt.iter, env, semantics)
        for name in core.bound_names(stmt.target):
            yield {name, *names}
    elif isinstance(stmt, core.ExprStmt) and isinstance(stmt.value, core.Call) and isinstance(stmt.value.func, core.Attribute):
        holder = root(stmt.value.func)
        if holder is not None and stmt.value.func.attr in CHANGING:
            yield {holder}.union(*(shared_names(arg, env, semantics) for arg in stmt.value.args))
    for expr in own_expressions(stmt):
        for node in core.walk(expr):
            if isinstance(node, core.Call) and (changed := changed_by(node, env, semantics)):
                args = (*node.args, *(value for _, value in node.keywords))
                yield set(changed).union(*(shared_names(arg, env, semantics) for arg in args))
