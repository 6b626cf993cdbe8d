"""What has to be spelled out of calls and walks before anything is known of a program: one step at a time, in both modes."""
from __future__ import annotations

from collections.abc import Mapping

from s2sad import core
from s2sad.expose.iteration import with_iteration
from s2sad.expose.spread import spread
from s2sad.expose.writes import library_writes
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names


def spelled_out(function: core.Function, facts: Mapping[core.Stmt, Env], semantics: Semantics, names: Names) -> core.Function:
    """The function with arguments one by one, walks over objects as calls, and the writes of library functions as assignments."""
    new = with_iteration(function, facts, semantics)
    if new is function:
        new = spread(function, facts, semantics, names)
    return library_writes(function, facts, semantics, names) if new is function else new
