"""Rewrites the values of simple statements: `with_values(analysis, change)`."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from s2sad import core
from s2sad.analysis.analyse import Analysis

SIMPLE = (core.Assign, core.AugAssign, core.Return, core.ExprStmt)


def with_values(analysis: Analysis, change: Callable[[core.Expr, core.Stmt], core.Expr | None]) -> core.Function:
    """The function with what `change` makes of the value of each statement, where that is not None; the very same without any."""
    function = analysis.function
    found: dict[core.Stmt, core.Stmt] = {}
    for stmt in analysis.layout.statements:
        if isinstance(stmt, SIMPLE) and stmt in analysis.facts and (value := change(stmt.value, stmt)) is not None:
            found[stmt] = replace(stmt, value=value)
    return replace(function, body=core.exchanged(function.body, found)) if found else function
