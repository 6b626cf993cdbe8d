"""The check that text says what the tree says.

`mapped_lines(tree, parsed, text)` compares the tree that was printed with the tree that its text parses to, and returns the
place in the user's file for every line whose statement has one.  Python's unparsers have printed wrong programs before.
"""
from __future__ import annotations

import ast
from typing import Any

from .. import core
from .tree import CommentLine

_IGNORED = {"ctx", "type_comment", "type_params", "kind", "type_ignores"}
_FIELDS: dict[type, tuple[str, ...]] = {}


class MisprintError(AssertionError):
    """The printed text does not parse to the tree that it was printed from."""


def mapped_lines(tree: ast.Module, parsed: ast.Module, text: str) -> dict[int, core.Place]:
    """Line numbers of `text` with their places; raises MisprintError if `parsed` differs from `tree` in more than comments."""
    places: dict[int, core.Place] = {}
    if not _same(tree, parsed, places):
        raise MisprintError(f"the printed text differs from the program:\n{text}")
    return dict(sorted(places.items()))


def _same(a: Any, b: Any, places: dict[int, core.Place]) -> bool:
    kind = type(a)
    if kind is not type(b):
        return False
    if kind is list:
        if any(type(item) is CommentLine for item in a):
            a = [item for item in a if type(item) is not CommentLine]
        return len(a) == len(b) and all(_same(x, y, places) for x, y in zip(a, b))
    if kind is ast.JoinedStr:
        return _same(_written(a), _written(b), places)
    fields = _FIELDS.get(kind)
    if fields is None:
        if not isinstance(a, ast.AST):
            return bool(a == b)
        fields = _FIELDS[kind] = tuple(name for name in kind._fields if name not in _IGNORED)
    if isinstance(a, ast.stmt):
        place = getattr(a, "place", None)
        if place is not None:
            assert isinstance(b, ast.stmt)
            _map(a, b, place, places)
    return all(_same(getattr(a, name, None), getattr(b, name, None), places) for name in fields)


def _written(text: ast.JoinedStr) -> list[ast.expr]:
    """The parts of an f-string; Python 3.12.0 and 3.12.1 add empty ones."""
    return [part for part in text.values if not (isinstance(part, ast.Constant) and part.value == "")]


def _map(a: ast.stmt, b: ast.stmt, place: core.Place, places: dict[int, core.Place]) -> None:
    body = getattr(b, "body", None)
    end = b.end_lineno or b.lineno
    if body:
        end = max(b.lineno, body[0].lineno - 1)
    for line in range(b.lineno, end + 1):
        places[line] = place
