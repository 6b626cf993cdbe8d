"""Programs in core Python as text.

`emit(functions, imports)` returns a `Text`: the text itself, its tree, and for each of its lines the place in the user's file
that the line was written for.
"""
from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from .. import core
from .tree import block_tree, function_tree
from .verify import mapped_lines
from .wrap import WIDTH

__all__ = ["Text", "emit", "emit_expression"]


@dataclass(frozen=True)
class Text:
    """Generated text: `line_map` gives for a line of `text` the place in the user's file, for lines that come from there."""

    text: str
    line_map: dict[int, core.Place]
    tree: ast.Module = field(repr=False, compare=False)


def emit(functions: Sequence[core.Function], imports: Sequence[core.Import] = (), doc: str = "") -> Text:
    """The functions as the text of a module, its docstring and the imports before them.

    >>> double = core.Function("double", (core.Param("x"),), (core.Return(core.BinOp("*", core.Const(2), core.Name("x"))),))
    >>> print(emit([double]).text, end="")
    def double(x):
        return 2 * x
    """
    from .printer import print_tree

    body: list[ast.stmt] = [ast.Expr(value=ast.Constant(value=doc))] if doc else []
    body += together(block_tree(tuple(imports))) if imports else []
    tree = ast.Module(body=[*body, *map(function_tree, functions)], type_ignores=[])
    text = print_tree(tree)
    parsed = ast.parse(text)
    return Text(text, mapped_lines(tree, parsed, text), parsed)


def together(imports: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Imports from one module as one statement, as far as they fit a line."""
    out: list[ast.stmt] = []
    for stmt in imports:
        last = out[-1] if out else None
        if isinstance(stmt, ast.ImportFrom) and isinstance(last, ast.ImportFrom) and (stmt.module, stmt.level) == (last.module, last.level):
            both = ast.ImportFrom(module=stmt.module, names=[*last.names, *stmt.names], level=stmt.level)
            if len(ast.unparse(both)) <= WIDTH:
                out[-1] = both
                continue
        out.append(stmt)
    return out


def emit_expression(expression: core.Expr) -> str:
    """The expression as one line of text.

    >>> emit_expression(core.BinOp("**", core.Const(-1), core.Name("n")))
    '(-1) ** n'
    """
    from .printer import print_expression
    from .tree import expression_tree

    return print_expression(expression_tree(expression))
