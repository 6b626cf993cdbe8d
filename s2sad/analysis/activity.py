"""Which variables are active where: varied (they depend on an argument differentiated) and useful (the result depends on them).

Both are may-analyses (Griewank & Walther, *Evaluating Derivatives*, 2nd ed., section 6.2; Hascoët, Naumann & Pascual 2005): a variable
has an adjoint exactly where it is active, so that these sets say which adjoints exist, where they begin and where they are zero.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from s2sad import core
from s2sad.analysis.alias import changed_by
from s2sad.analysis.memory import NONE, PLAIN, Memory
from s2sad.core import root
from s2sad.facts import Mapping as MappingFact
from s2sad.flow.graph import Graph
from s2sad.flow.layout import pairwise
from s2sad.flow.solve import solve
from s2sad.infer.changes import own_expressions
from s2sad.meaning.semantics import Env, Semantics

NONE_WALKED: frozenset[core.Stmt] = frozenset()


@dataclass(frozen=True)
class Move:
    """A statement lets `target` depend on `sources`; a weak move leaves something of the old value in place."""

    target: str
    sources: frozenset[str]
    weak: bool = False


@dataclass(frozen=True)
class Activity:
    """The active names before and after each statement; of a compound statement, before and after its head.

    `varied` are those that vary before a statement, `cleared` those useful after it: an assignment of a constant to one of them
    ends its adjoint.
    """

    varied: Mapping[core.Stmt, frozenset[str]]
    before: Mapping[core.Stmt, frozenset[str]]
    after: Mapping[core.Stmt, frozenset[str]]
    cleared: Mapping[core.Stmt, frozenset[str]]


NO_MOVES: Mapping[core.Stmt, tuple[Move, ...]] = {}


def moves(stmt: core.Stmt, env: Env, semantics: Semantics, walks: frozenset[core.Stmt] = NONE_WALKED) -> Iterator[Move]:
    """How a statement carries dependence from names to names, all read before any is written.

    What a loop in `walks` binds counts in its own round alone.
    """
    if isinstance(stmt, core.Assign):
        yield from _assign(stmt.target, stmt.value, env, semantics)
    elif isinstance(stmt, core.AugAssign):
        name = root(stmt.target)
        sources = semantics.dependencies(core.BinOp(stmt.op, stmt.target, stmt.value), env)
        if name is not None:
            yield Move(name, sources, weak=not isinstance(stmt.target, core.Name))
    elif isinstance(stmt, core.For):
        keys = isinstance(semantics.fact(stmt.iter, env), MappingFact)
        sources = NONE if keys else semantics.dependencies(stmt.iter, env)
        for name in core.bound_names(stmt.target):
            yield Move(name, sources, weak=stmt not in walks)
    elif isinstance(stmt, core.With) and stmt.target is not None:
        sources = semantics.dependencies(stmt.context, env)
        for name in core.bound_names(stmt.target):
            yield Move(name, sources)
    elif isinstance(stmt, core.Define):
        yield Move(stmt.name, frozenset(stmt.function.free))
    elif isinstance(stmt, core.Delete):
        for target in stmt.targets:
            if isinstance(target, core.Name):
                yield Move(target.id, NONE)
    elif isinstance(stmt, core.Import):
        yield Move(stmt.name, NONE)
    yield from _calls(stmt, env, semantics)


def _calls(stmt: core.Stmt, env: Env, semantics: Semantics) -> Iterator[Move]:
    """What the calls in a statement carry into the objects that they change."""
    for call in (call for expr in own_expressions(stmt) for call in core.calls(expr)):
        changed = changed_by(call, env, semantics)
        if changed:
            receiver = (call.func.value,) if isinstance(call.func, core.Attribute) else ()
            given = (*receiver, *call.args, *(value for _, value in call.keywords))
            sources = NONE.union(*(semantics.dependencies(value, env) for value in given))
            yield from (Move(name, sources, weak=True) for name in sorted(changed))


def _assign(target: core.Expr, value: core.Expr, env: Env, semantics: Semantics) -> Iterator[Move]:
    if isinstance(target, core.Name):
        yield Move(target.id, semantics.dependencies(value, env))
    elif isinstance(target, (core.Subscript, core.Attribute)):
        name = root(target)
        if name is not None:
            yield Move(name, semantics.dependencies(value, env), weak=True)
    elif isinstance(target, core.Starred):
        yield from _assign(target.value, value, env, semantics)
    elif isinstance(target, core.Tuple):
        side_by_side = value.elts if isinstance(value, (core.Tuple, core.List)) and pairwise(target, value) else None
        parts = side_by_side or (value,) * len(target.elts)
        for part, source in zip(target.elts, parts):
            yield from _assign(part, source, env, semantics)


def active_names(function: core.Function, graph: Graph, facts: Mapping[core.Stmt, Env], semantics: Semantics,
                 independent: frozenset[str], memory: Memory = PLAIN, walks: frozenset[core.Stmt] = NONE_WALKED,
                 by_calls: Mapping[core.Stmt, tuple[Move, ...]] = NO_MOVES) -> Activity:
    """The activity of every name, where `independent` are the parameters differentiated; `by_calls` is what calls change in place.

    What is written into shared memory is written under all its names.
    """
    def everywhere(move: Move, stmt: core.Stmt) -> Iterator[Move]:
        if not memory.is_shared(move.target) or not (move.weak or isinstance(stmt, core.AugAssign)):
            yield move
        else:
            yield from (Move(name, move.sources, weak=True) for name in sorted(memory.kin(move.target)))

    table = {stmt: tuple(all_moves for move in (*moves(stmt, facts[stmt], semantics, walks), *by_calls.get(stmt, ()))
                         for all_moves in everywhere(move, stmt))
             for stmt in graph.nodes if stmt in facts}

    def forward(stmt: core.Stmt, varied: frozenset[str]) -> frozenset[str]:
        changes = table.get(stmt, ())
        if not changes:
            return varied
        reached = {move.target for move in changes if move.sources & varied}
        killed = {move.target for move in changes if not move.weak} - reached
        return (varied - killed) | reached

    def backward(stmt: core.Stmt, useful: frozenset[str]) -> frozenset[str]:
        if isinstance(stmt, core.Return):
            return useful | semantics.dependencies(stmt.value, facts[stmt])
        changes = table.get(stmt, ())
        if not changes:
            return useful
        sources = NONE.union(*(move.sources for move in changes if move.target in useful))
        killed = {move.target for move in changes if not move.weak}
        return (useful - killed) | sources

    union = frozenset.union
    varied = solve(graph, "forward", independent, forward, union)
    useful = solve(graph, "backward", NONE, backward, union)
    ever = NONE.union(*varied.after.values())

    def whole(names: frozenset[str]) -> frozenset[str]:
        return names.union(*(memory.kin(name) for name in names)) if memory.classes else names

    before = {s: whole(useful.before[s]) for s in table}
    after = {s: whole(useful.after[s]) for s in table}
    return Activity(
        {s: varied.before[s] for s in table},
        {s: varied.before[s] & before[s] for s in table},
        {s: varied.after[s] & after[s] for s in table},
        {s: after[s] & ever for s in table},
    )
