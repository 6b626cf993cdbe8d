"""The order of the passes."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from s2sad import core
from s2sad.meaning.semantics import Env, Semantics
from s2sad.tidy.dead import without_dead_code
from s2sad.tidy.fold import folded
from s2sad.tidy.rename import renamed
from s2sad.tidy.summary import Summaries
from s2sad.tidy.update import with_updates
from s2sad.tidy.view import View

ROUNDS = 6
"""So many rounds at most; two or three are what a program takes."""

Pass = Callable[[View], core.Function]
REPEATED: tuple[Pass, ...] = (without_dead_code, renamed, folded)
LAST: tuple[Pass, ...] = (with_updates,)


def tidy(function: core.Function, facts: Mapping[core.Stmt, Env], semantics: Semantics, own: frozenset[str], said: frozenset[str],
         boundary: str, terse: bool) -> core.Function:
    """The function in its simplest form.

    `facts` are those before its statements; `own`, `said` and `terse` as in `View`; `boundary` is the comment that begins the
    reverse sweep.
    """
    mark = next((stmt for stmt in function.body if isinstance(stmt, core.Comment) and stmt.text == boundary), None)
    known = dict(facts)
    view = View(function, known, semantics, own, said, mark, terse, Summaries(known, semantics), set())
    unchanged = 0
    for change in REPEATED * ROUNDS:
        before, view = view, after(view, change)
        unchanged = unchanged + 1 if view is before else 0
        if unchanged == len(REPEATED):
            break
    for change in LAST:
        view = after(view, change)
    return view.function


def after(view: View, change: Pass) -> View:
    function = change(view)
    return view if function is view.function else replace(view, function=function)
