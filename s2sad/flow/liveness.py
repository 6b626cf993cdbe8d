"""Which variables are live where: their values may still be read."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from s2sad import core
from s2sad.flow.graph import Graph
from s2sad.flow.solve import SetSolution, solve_sets

Liveness = SetSolution
NONE: frozenset[str] = frozenset()
CONSUMERS = frozenset(("sum", "min", "max", "any", "all", "list", "tuple", "set", "dict", "sorted"))
"""Builtins that run a generator to its end before they return."""


def head_reads(stmt: core.Stmt) -> frozenset[str]:
    """The names that a statement reads itself, not those of the blocks inside it."""
    if isinstance(stmt, (core.If, core.While)):
        return core.reads(stmt.test)
    if isinstance(stmt, core.For):
        return core.reads(stmt.iter)
    if isinstance(stmt, core.With):
        return core.reads(stmt.context) | (NONE if stmt.target is None else _target_reads(stmt.target))
    if isinstance(stmt, core.Try):
        return NONE.union(*(core.reads(handler.exception) for handler in stmt.handlers if handler.exception is not None))
    if isinstance(stmt, core.Assign):
        shadow = NONE if stmt.shadow is None else head_reads(stmt.shadow)
        return core.reads(stmt.value) | _target_reads(stmt.target) | shadow
    if isinstance(stmt, core.AugAssign):
        return core.reads(stmt.value) | core.reads(stmt.target)
    if isinstance(stmt, core.Define):
        return core.reads(core.Lambda(stmt.function))
    if isinstance(stmt, core.Delete):
        return NONE.union(*(_target_reads(target) for target in stmt.targets))
    if isinstance(stmt, core.ExprStmt) and stmt.shadow is not None:
        return core.reads(stmt.value) | head_reads(stmt.shadow)
    return core.reads(stmt)


def _target_reads(target: core.Expr) -> frozenset[str]:
    if isinstance(target, core.Name):
        return NONE
    if isinstance(target, core.Starred):
        return _target_reads(target.value)
    if isinstance(target, (core.Tuple, core.List)):
        return NONE.union(*(_target_reads(elt) for elt in target.elts))
    return core.reads(target)


def head_binds(stmt: core.Stmt) -> Iterator[str]:
    """The names that a statement binds anew, or unbinds, itself; of a `for`, the names of its target."""
    if isinstance(stmt, (core.Assign, core.AugAssign, core.For)):
        yield from core.bound_names(stmt.target)
        if isinstance(stmt, core.Assign) and stmt.shadow is not None:
            yield from head_binds(stmt.shadow)
    elif isinstance(stmt, core.With) and stmt.target is not None:
        yield from core.bound_names(stmt.target)
    elif isinstance(stmt, (core.Define, core.Import)):
        yield stmt.name
    elif isinstance(stmt, core.Delete):
        for target in stmt.targets:
            yield from core.bound_names(target)


def captured(block: core.Block) -> frozenset[str]:
    """The names that nested functions and generators read: whenever they run, not where they are written."""
    found: set[str] = set()
    eager: set[int] = set()
    for node in core.walk(block):
        if isinstance(node, core.Call) and isinstance(node.func, core.Name) and node.func.id in CONSUMERS:
            eager.update(id(arg) for arg in node.args)
        elif isinstance(node, core.Function):
            found.update(node.free)
        elif isinstance(node, core.Comprehension) and node.kind == "generator" and id(node) not in eager:
            found |= core.reads(node)
    return frozenset(found)


def liveness(graph: Graph, at_exit: Iterable[str] = (), shadows: Mapping[str, str] | None = None) -> Liveness:
    """The live names before and after each statement; `at_exit` are those that the caller reads.

    What a nested function reads counts as read all the time; what reads a variable counts as reading its shadow.
    """
    always = captured(graph.body)

    def gen(stmt: core.Stmt) -> Iterable[str]:
        found = head_reads(stmt)
        return found if not shadows else found | {bar for name, bar in shadows.items() if name in found}

    def binds(stmt: core.Stmt) -> Iterable[str]:
        return [name for name in head_binds(stmt) if name not in always]

    return solve_sets(graph, "backward", gen, binds, always.union(at_exit))
