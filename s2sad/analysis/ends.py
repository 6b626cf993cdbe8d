"""Marks the ends of loops where adjoints begin with zeros whose shape only the variable itself tells.

    for W in layers:            ->      for W in layers:
        h = W @ h                           h = W @ h
                                        pass

The adjoint of what one iteration passes to the next exists before the reversed loop, also where nothing after the loop reads it:
it is zero there.  The marked place reads the variable, so that it has, in the reverse sweep, the value that it has there.
"""
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from s2sad import core
from s2sad.facts import Dim, Number
from s2sad.facts.dims import NEVER
from s2sad.flow.layout import NONE
from s2sad.infer.environment import ever

if TYPE_CHECKING:
    from s2sad.analysis.analyse import Analysis


def marked(analysis: Analysis) -> core.Function:
    """The function with a `pass` after each such loop; the very same where there is none, or where all are marked."""
    unsteady = unsteady_names(analysis)

    def block(stmts: core.Block) -> core.Block:
        out: list[core.Stmt] = []
        for i, stmt in enumerate(stmts):
            new = core.with_blocks(stmt, block)
            out.append(new)
            follows = stmts[i + 1] if i + 1 < len(stmts) else None
            if not isinstance(follows, core.Pass) and begun_with_zeros(stmt, analysis) & unsteady:
                out.append(core.Pass())
        return stmts if len(out) == len(stmts) and all(a is b for a, b in zip(out, stmts)) else tuple(out)

    body = block(analysis.function.body)
    return analysis.function if body is analysis.function.body else replace(analysis.function, body=body)


def begun_with_zeros(loop: core.Stmt, analysis: Analysis) -> frozenset[str]:
    """The variables whose adjoints are carried by a loop, and zero after it."""
    if not isinstance(loop, (core.For, core.While)) or loop not in analysis.live:
        return NONE
    activity, inside = analysis.activity, {loop, *analysis.layout.inside(loop)}
    leaving = [loop, *analysis.layout.breaks(loop)]
    following = [s for stmt in leaving for s in analysis.graph.successors(stmt) if s not in inside]
    carried = activity.before[loop].union(*(activity.after[jump] for jump in analysis.layout.breaks(loop)))
    return carried - NONE.union(*(activity.before.get(s, NONE) for s in following)) - analysis.memory.classes.keys()


def read_at_ends(analysis: Analysis) -> dict[core.Stmt, frozenset[str]]:
    """What the marked places read."""
    unsteady = unsteady_names(analysis)
    found: dict[core.Stmt, frozenset[str]] = {}

    def visit(stmts: core.Block) -> None:
        for stmt, follows in zip(stmts, (*stmts[1:], None)):
            if isinstance(follows, core.Pass) and (names := begun_with_zeros(stmt, analysis) & unsteady):
                found[follows] = names
            for inner in core.blocks(stmt):
                visit(inner)

    visit(analysis.function.body)
    return found


def unsteady_names(analysis: Analysis) -> frozenset[str]:
    """The variables whose values differ in shape from one place, or one iteration, to another: their zero adjoints need the very value."""
    layout = analysis.layout
    looped = {name for name, found in layout.binders.items() if any(layout.loops_around(stmt) for stmt in found)}
    shapes: dict[str, object] = {}
    unsteady: set[str] = set()
    for name, fact in ever(analysis.facts):
        shape = fact.shape if isinstance(fact, Number) else None
        if shapes.setdefault(name, shape) != shape or shape is None or name in looped and not all(map(is_steady, shape)):
            unsteady.add(name)
    return frozenset(unsteady)


def is_steady(size: Dim) -> bool:
    """Whether a size is the same all through a call."""
    return all(symbol.born == NEVER and all(f.born == NEVER for f in symbol.factors) and (symbol.inner is None or is_steady(symbol.inner))
               for symbol, _ in size.terms)
