"""Functions of which nothing is known but the fact of their result: those that the transformation itself puts into a program."""
from __future__ import annotations

from dataclasses import dataclass

from s2sad.facts import Fact


@dataclass(frozen=True, eq=False)
class KnownFunction:
    """A function whose result has the fact `result`, whatever its arguments; `changes` if it may change these."""

    result: Fact
    changes: bool = True
