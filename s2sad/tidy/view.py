"""What the passes look at: one version of the program, with the facts, the values and the memory of its variables."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from s2sad import core
from s2sad.facts import Fact
from s2sad.flow.layout import Layout
from s2sad.meaning.semantics import Env, Semantics
from s2sad.tidy.memory import Memory
from s2sad.tidy.summary import Summaries
from s2sad.tidy.values import Values

Facts = dict[core.Stmt, Env]


@dataclass(frozen=True)
class View:
    """`own` are the user's own names, `said` the adjoints of these too; `boundary` begins the reverse sweep.

    A `terse` function returns its results without naming them.
    `facts` hold for the variables before each statement; a pass that puts a statement in the place of another notes its facts with
    `again`.  `settled` are the statements whose expressions are in their simplest form.
    """

    function: core.Function
    facts: Facts
    semantics: Semantics
    own: frozenset[str]
    said: frozenset[str]
    boundary: core.Stmt | None
    terse: bool
    summary: Summaries
    settled: set[core.Stmt]

    @cached_property
    def layout(self) -> Layout:
        return Layout(self.function.body)

    @cached_property
    def values(self) -> Values:
        return Values(self.function, self.layout, self.summary)

    @cached_property
    def memory(self) -> Memory:
        return Memory(self.values, self.layout, self.summary)

    def again(self, old: core.Stmt, new: core.Stmt) -> core.Stmt:
        """`new`, which stands in the place of `old`."""
        if new is not old:
            self.facts[new] = self.facts[old]
            self.summary.again(old, new)
        return new

    def is_forward(self, stmt: core.Stmt) -> bool:
        return self.boundary is None or self.layout.start[stmt] < self.layout.start[self.boundary]

    def is_guarded(self, stmt: core.Stmt) -> bool:
        """Whether a statement of the forward sweep stands where others may wait for its exceptions."""
        return self.is_forward(stmt) and any(isinstance(outer, (core.Try, core.With)) for outer in self.layout.around[stmt])

    def scopes(self, stmt: core.Stmt) -> tuple[core.Stmt, ...]:
        """The statements around that repeat a statement, or govern how it is evaluated."""
        return tuple(outer for outer in self.layout.around[stmt] if not isinstance(outer, core.If))

    def fact(self, expr: core.Expr, stmt: core.Stmt) -> Fact:
        return self.semantics.fact(expr, self.facts[stmt])
