"""Tidying of generated functions: `tidy(function, knowledge, adjoints)` returns the same values with less code.

Each pass is a module, whose docstring shows what it does; `copies`, `fold`, `inplace` touch only variables that s2sad made.
"""
from __future__ import annotations

from s2sad import core
from s2sad.tidy.dead import without_dead
from s2sad.tidy.knowledge import Knowledge

__all__ = ["Knowledge", "tidy"]


def tidy(function: core.Function, knowledge: Knowledge) -> core.Function:
    return without_dead(function, knowledge)
