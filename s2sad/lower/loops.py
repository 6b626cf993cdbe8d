"""Loops without `else`.

    >>> from s2sad.lower.show import show
    >>> show('''
    ... for x in xs:
    ...     if x > 0:
    ...         break
    ... else:
    ...     x = 1
    ... ''')
    broken = False
    for x in xs:
        if x > 0:
            broken = True
            break
    if not broken:
        x = 1
"""
from __future__ import annotations

from dataclasses import replace

from s2sad import core
from s2sad.lower.flow import Flow, flag, within
from s2sad.names import Names
from s2sad.reading.surface import LoopElse


def without_else(block: core.Block, names: Names) -> core.Block:
    out: list[core.Stmt] = []
    for stmt in block:
        stmt = within(stmt, lambda inner: without_else(inner, names))
        if not isinstance(stmt, LoopElse):
            out.append(stmt)
        elif core.Break not in Flow().jumps(stmt.loop.body):
            out += [stmt.loop, *stmt.orelse]
        else:
            broken = names.fresh("broken")
            loop = replace(stmt.loop, body=_marked(stmt.loop.body, broken))
            test = core.UnaryOp("not", core.Name(broken))
            out += [flag(broken, False, stmt.at), loop, core.If(test, stmt.orelse, at=stmt.at)]
    return tuple(out)


def _marked(block: core.Block, broken: str) -> core.Block:
    """The block with `broken = True` before each `break` of this loop."""
    out: list[core.Stmt] = []
    for stmt in block:
        if isinstance(stmt, core.Break):
            out.append(flag(broken, True, stmt.at))
        out.append(within(stmt, lambda inner: _marked(inner, broken)) if isinstance(stmt, (core.If, core.With, core.Try)) else stmt)
    return tuple(out)
