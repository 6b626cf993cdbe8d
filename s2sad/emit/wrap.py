"""Breaking of long lines.

`wrap(line, width)` returns the line broken over as many lines as it needs: after a comma or before an operator, as near to the
outside of the expression as will do, the continuation under what follows the bracket that it stands in.
"""
from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

WIDTH = 100

TOKEN = re.compile(r"""
    (?P<string>[A-Za-z]{0,2}(?:'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))
  | (?P<open>[(\[{]) | (?P<close>[)\]}]) | (?P<comma>,\ )
  | (?P<operator>\ (?:\+|-|\*\*|\*|//|/|%|@|<<|>>|&|\||\^|and|or|if|else|for|==|!=|<=|>=|<|>)\ )
  | (?P<assign>\ (?:\+|-|\*\*|\*|//|/|%|@|<<|>>|&|\||\^)?=\ )
  | (?P<other>\w+|.)
""", re.VERBOSE | re.DOTALL)

# How tightly what stands around a break holds together: commas and keywords most loosely.
TIGHTNESS = {",": 0, "if": 0, "else": 0, "for": 0, "or": 1, "and": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3,
             "|": 4, "^": 4, "&": 4, "<<": 4, ">>": 4, "+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6, "@": 6, "**": 7}
TESTED = re.compile(r" *(?:return|if|elif|while) ")


class Break(NamedTuple):
    """A place where a line may be broken: text goes on at `position`, inside `depth` brackets, of which the innermost has its
    contents start at `start`."""

    depth: int
    tightness: int
    position: int
    start: int


def breaks(line: str) -> list[Break]:
    """All the places where the line may be broken.

    >>> [(b.position, b.depth) for b in breaks("f(a + b, c)")]
    [(4, 1), (9, 1)]
    """
    found = []
    starts = [0]
    for token in TOKEN.finditer(line):
        kind, end = token.lastgroup, token.end()
        if kind == "open":
            starts.append(end)
        elif kind == "close":
            starts.pop()
        elif kind in ("comma", "operator"):
            position = end if kind == "comma" else token.start() + 1
            found.append(Break(len(starts) - 1, TIGHTNESS[token.group().strip()], position, starts[-1]))
    return found


def _right_side(line: str) -> int:
    """Where the expression starts that a statement assigns, returns or tests; -1 if it does none of these."""
    tested = TESTED.match(line)
    if tested is not None:
        return tested.end()
    depth = 0
    for token in TOKEN.finditer(line):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if token.lastgroup == "assign" and depth == 0:
            return token.end()
    return -1


def _parenthesized(line: str) -> str:
    """The line with what it assigns, returns or tests in parentheses if there are places to break it outside all brackets."""
    start = _right_side(line)
    if start < 0 or not any(b.depth == 0 and b.position > start for b in breaks(line)):
        return line
    end = len(line) - line.endswith(":")
    return f"{line[:start]}({line[start:end]}){line[end:]}"


def wrap(line: str, width: int = WIDTH) -> str:
    """The line, broken where it is longer than `width`.

    >>> print(wrap("total = first_term * second_term + third_term", 40))
    total = (first_term * second_term
             + third_term)
    >>> print(wrap("total = combine(first_term, second_term, third_term)", 40))
    total = combine(first_term, second_term,
                    third_term)
    """
    if len(line) <= width:
        return line
    line = _parenthesized(line)
    hanging = len(line) - len(line.lstrip()) + 8
    options = [b for b in breaks(line) if b.depth > 0]
    written: list[str] = []
    starts, shifts = [0], [0]     # where each part written starts in `line`, and how far it was moved to the right
    while len(line) + shifts[-1] > width:
        start, shift = starts[-1], shifts[-1]
        ahead = [b for b in options if b.position > start]
        fitting = [b for b in ahead if b.position + shift <= width + 1]
        if not ahead:
            break
        chosen = min(fitting or ahead[:1], key=lambda b: (b.depth, b.tightness, -b.position))
        written.append(line[start:chosen.position].rstrip())
        column = chosen.start + shifts[bisect_right(starts, chosen.start) - 1]
        column = column if column <= width * 6 // 10 else hanging
        written.append("\n" + " " * column)
        starts.append(chosen.position)
        shifts.append(column - chosen.position)
    written.append(line[starts[-1]:])
    return "".join(written)
