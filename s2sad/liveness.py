"""Which variables are live where: their values may still be read."""
from __future__ import annotations

from s2sad import core
from s2sad.graph import Graph
from s2sad.layout import atomic_writes
from s2sad.solve import Solution, solve

Liveness = Solution[frozenset[str]]


def head_reads(stmt: core.Stmt) -> frozenset[str]:
    """The names that a statement reads itself, not those of the blocks inside it."""
    if isinstance(stmt, (core.If, core.While)):
        return core.reads(stmt.test)
    if isinstance(stmt, core.For):
        return core.reads(stmt.iter)
    if isinstance(stmt, core.Assign):
        return core.reads(stmt.value) | _target_reads(stmt.target)
    if isinstance(stmt, core.AugAssign):
        return core.reads(stmt.value) | core.reads(stmt.target)
    if isinstance(stmt, core.Define):
        return frozenset(stmt.function.free)
    if isinstance(stmt, core.Delete):
        return frozenset().union(*(_target_reads(target) for target in stmt.targets))
    return core.reads(stmt)


def _target_reads(target: core.Expr) -> frozenset[str]:
    if isinstance(target, core.Name):
        return frozenset()
    if isinstance(target, core.Starred):
        return _target_reads(target.value)
    if isinstance(target, core.Tuple):
        return frozenset().union(*(_target_reads(elt) for elt in target.elts))
    return core.reads(target)


def liveness(graph: Graph, at_exit: frozenset[str] = frozenset()) -> Liveness:
    """The live names before and after each statement; `at_exit` are those that the caller reads."""
    kills = {s: frozenset(n for n, whole in atomic_writes(s) if whole) if not isinstance(s, core.For) else frozenset() for s in graph.nodes}
    gens = {s: head_reads(s) for s in graph.nodes}
    return solve(graph, "backward", at_exit, lambda s, live: (live - kills[s]) | gens[s], frozenset.union)
