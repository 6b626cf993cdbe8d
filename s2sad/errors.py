"""The one way to refuse: a DifferentiationError that shows the place in the user's file, the reason and a way out.

    model.py:12:5: cannot differentiate through `yield`
        12 |     yield x * 2
           |     ^^^^^^^^^^^
    help: return a list instead, or give the generator's caller a rule (see "Custom rules")
"""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from s2sad.core import Place
    from s2sad.reading.read import Source

_LINES_SHOWN = 3


class DifferentiationError(SyntaxError):
    """What s2sad refuses to differentiate; `str()` is the whole message.

    `filename` is absolute, `lineno` and `offset` count from 1, `text` is the line, `help` the way out.  Where no place is known,
    `lineno` and `offset` are None.
    """

    help: str = ""
    excerpt: str = ""

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.filename, self.lineno, self.offset) if part is not None)
        head = f"{where}: {self.msg}" if where else self.msg
        return "\n".join(part for part in (head, self.excerpt, self.help and f"help: {self.help}") if part)


def refuse(reason: str, at: Place | None, source: Source | None, help: str, path: str = "") -> DifferentiationError:
    """The error to raise where the program `source` cannot be differentiated because of what stands at `at`.

    `path` is that of a file where there is no program.
    """
    lines = source.lines if source else ()
    if source is None:
        error = DifferentiationError(reason, (path, 1, 1, None)) if path else DifferentiationError(reason)
    elif at is None or not 1 <= at.line <= len(lines):
        error = DifferentiationError(reason, (source.path, source.first_line or None, None, None))
    else:
        end = at.end_column if at.end_line == at.line else len(lines[at.line - 1])
        error = DifferentiationError(reason, (source.path, at.line, at.column + 1, lines[at.line - 1], at.line, end + 1))
        error.excerpt = _excerpt(at, lines)
    error.help = help
    if help:
        error.add_note(f"help: {help}")
    return error


def _excerpt(at: Place, lines: tuple[str, ...]) -> str:
    last = min(at.end_line, len(lines), at.line + _LINES_SHOWN - 1)
    width = max(len(str(last)), 2) + 4
    out = []
    for number in range(at.line, last + 1):
        line = lines[number - 1]
        indent = len(line) - len(line.lstrip())
        start = at.column if number == at.line else indent
        end = at.end_column if number == at.end_line else len(line.rstrip())
        pad = "".join("\t" if c == "\t" else " " for c in line[:start])
        out.append(f"{number:>{width}} | {line}".rstrip())
        if line.strip():
            out.append(f"{'':>{width}} | {pad}{'^' * max(end - start, 1)}")
    if last < at.end_line:
        out.append(f"{'...':>{width}} |")
    return "\n".join(out)
