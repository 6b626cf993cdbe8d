"""The rows by which products and sums are simplified, and the table that finds those for an operation."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

from s2sad import core
from s2sad.quote import quote_expr
from s2sad.tidy.constants import literal

Match = dict[str, core.Expr]
LITERALS = "CD"


@dataclass(frozen=True)
class Row:
    """`before` becomes `after`, where X and Y are any expressions, C and D literals that are not negative.

    `inexact` is an operand that must be known to be a float or complex number, `scalar` one that must be known to be no array.
    """

    before: str
    after: str
    inexact: str = ""
    scalar: str = ""


ROWS: list[Row] = []


def rewrite(before: str, after: str, inexact: str = "", scalar: str = "") -> None:
    ROWS.append(Row(before, after, inexact, scalar))


rewrite("-(-X)", "X")
rewrite("-(X - Y)", "Y - X")
rewrite("X + -Y", "X - Y")
rewrite("-X + Y", "Y - X")
rewrite("X - -Y", "X + Y")
rewrite("-C - D", "-(C + D)")
rewrite("-X * Y", "-(X * Y)")
rewrite("X * -Y", "-(X * Y)")
rewrite("-X / Y", "-(X / Y)")
rewrite("X / -Y", "-(X / Y)")
rewrite("-X @ Y", "-(X @ Y)")
rewrite("X @ -Y", "-(X @ Y)")

rewrite("X + 0", "X")
rewrite("0 + X", "X")
rewrite("X - 0", "X")
rewrite("0 - X", "-X")
rewrite("X + 0.0", "X", inexact="X")
rewrite("0.0 + X", "X", inexact="X")
rewrite("X - 0.0", "X", inexact="X")
rewrite("0.0 - X", "-X", inexact="X")
rewrite("1 * X", "X")
rewrite("1.0 * X", "X", inexact="X")
rewrite("X / 1", "X", inexact="X")
rewrite("X / 1.0", "X", inexact="X")
rewrite("X ** 1", "X")
rewrite("X ** 1.0", "X", inexact="X")
rewrite("X ** 0", "1.0", inexact="X", scalar="X")

rewrite("X * (1 / Y)", "X / Y")
rewrite("1 / X * Y", "Y / X")


def tag_of(expr: core.Expr) -> str:
    """What the table is indexed by."""
    if isinstance(expr, core.BinOp):
        return expr.op
    if isinstance(expr, core.UnaryOp):
        return "neg" if expr.op == "-" else ""
    return "C" if literal(expr) is not None else ""


@dataclass(frozen=True)
class Rule:
    row: Row
    before: core.Expr
    after: core.Expr


@cache
def rules_by_tags() -> dict[tuple[str, ...], list[Rule]]:
    """The rows by the tags of an operation and its operands."""
    tags = ("C", "neg", "", *(op for op in core_operators()))
    table: dict[tuple[str, ...], list[Rule]] = {}
    for row in ROWS:
        before = quote_expr(row.before)
        operands = tuple(core.children(before))
        choices = [tags if isinstance(e, core.Name) and e.id not in LITERALS else ("C",) if isinstance(e, core.Name) else (tag_of(e),)
                   for e in operands]
        for chosen in product(*choices):
            table.setdefault((tag_of(before), *chosen), []).append(Rule(row, before, quote_expr(row.after)))
    return table


def core_operators() -> tuple[str, ...]:
    return ("+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^")


def matches(pattern: core.Expr, expr: core.Expr, found: Match) -> bool:
    if isinstance(pattern, core.Name):
        if pattern.id in LITERALS and literal(expr) is None:
            return False
        return found.setdefault(pattern.id, expr) == expr
    if isinstance(pattern, core.BinOp):
        return (isinstance(expr, core.BinOp) and pattern.op == expr.op and matches(pattern.left, expr.left, found)
                and matches(pattern.right, expr.right, found))
    if isinstance(pattern, core.UnaryOp):
        return isinstance(expr, core.UnaryOp) and pattern.op == expr.op and matches(pattern.operand, expr.operand, found)
    return pattern == expr
