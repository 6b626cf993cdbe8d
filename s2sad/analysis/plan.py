"""The plan of a derivative: all that the sweeps need to know, decided before a line of them is written."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from s2sad import core
from s2sad.analysis.activity import Activity
from s2sad.analysis.memory import PLAIN, Memory
from s2sad.facts import Fact, join_all
from s2sad.flow.layout import Layout
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names


@dataclass(frozen=True)
class Kept:
    """A value that one iteration made: pushed on the stack of `name` where it is final, popped where the reverse sweep first reads it.

    Where `again` is given, that expression is evaluated once more instead, and nothing is pushed.
    """

    name: str
    again: core.Expr | None = None


@dataclass(frozen=True)
class Drive:
    """How the reverse sweep repeats a loop that cannot run its range backwards: while `stack` is not empty, or `count` times.

    Inside another loop, the counts of its runs are themselves on the stack `counts`.
    """

    stack: str = ""
    count: str = ""
    counts: str = ""


@dataclass(frozen=True)
class Plan:
    """What is active, what is saved, and how control flow is inverted.

    - `live`: the statements whose reverse is not empty; `looped`: those inside loops, whose saved values need stacks;
    - `overwritten`: the variables whose old values are saved before a statement and restored in the reverse of it, in `olds` outside loops;
    - `kept`, `started`, `regained`: what is pushed after a statement, at the start of each iteration, and what is had again before the
      reverse of a statement;
    - `stacks`: those that begin before each outermost loop, by variable;
    - `drives`: the loops that cannot run their range backwards;
    - `unset`: variables that may be saved before they are bound; `unsure`: those that need not be bound at the end;
    - `changing`: variables whose objects may change in place, so that what is saved of them is a copy;
    - `outdated`: variables that hold what changes in place under another name while they hold it;
    - `written_params`: parameters whose arguments the function changes in place;
    - `memory`: the variables that are references to memory that changes under other names too;
    - `walks`: the loops whose reverse makes the list of the adjoints of what they run over.
    """

    function: core.Function
    semantics: Semantics
    facts: Mapping[core.Stmt, Env]
    activity: Activity
    layout: Layout
    names: Names
    live: frozenset[core.Stmt]
    looped: frozenset[core.Stmt]
    overwritten: Mapping[core.Stmt, Sequence[str]]
    olds: Mapping[tuple[core.Stmt, str], str]
    kept: Mapping[core.Stmt, Sequence[Kept]]
    started: Mapping[core.Stmt, Sequence[Kept]]
    regained: Mapping[core.Stmt, Sequence[Kept]]
    stacks: Mapping[core.Stmt, Mapping[str, str]]
    drives: Mapping[core.Stmt, Drive]
    unset: Sequence[str]
    unsure: frozenset[str]
    changing: frozenset[str]
    outdated: frozenset[str]
    written_params: frozenset[str]
    memory: Memory = PLAIN
    walks: frozenset[core.Stmt] = frozenset()

    def stack(self, stmt: core.Stmt, name: str) -> str:
        """The stack that holds the values of a variable around a statement inside a loop; `*x` is what the memory of `x` held."""
        return self.stacks[self.layout.loops_around(stmt)[0]][name]

    def saved(self, stmt: core.Stmt, name: str) -> str:
        """What stands for the value of `name` that a statement overwrites: the variable, or what its memory holds."""
        bound = name in self.layout.binds(stmt) and not isinstance(stmt, core.AugAssign)
        return name if bound or not self.memory.is_reference(name) else f"*{name}"

    def facts_of(self, name: str) -> Fact:
        """What holds of a variable wherever it has a value."""
        return join_all(env[name] for env in self.facts.values() if name in env)
