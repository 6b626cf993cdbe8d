"""What the passes look at: one version of the program, with the facts, the values and the memory of its variables."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from s2sad import core
from s2sad.facts import Fact, Number, RangeFact, Sequence
from s2sad.layout import Layout
from s2sad.semantics import Env, Semantics
from s2sad.tidy.memory import Memory
from s2sad.tidy.values import Values

Facts = dict[core.Stmt, Env]


@dataclass(frozen=True)
class View:
    """`own` are the user's own names, `said` the adjoints of these too; `boundary` begins the reverse sweep.

    `facts` hold for the variables before each statement; a pass that puts a statement in the place of another notes its facts with `again`.
    """

    function: core.Function
    facts: Facts
    semantics: Semantics
    own: frozenset[str]
    said: frozenset[str]
    boundary: core.Stmt | None

    @cached_property
    def layout(self) -> Layout:
        return Layout(self.function.body)

    @cached_property
    def values(self) -> Values:
        return Values(self.function, self.layout)

    @cached_property
    def memory(self) -> Memory:
        return Memory(self.values, self.layout, self.facts, self.semantics)

    def again(self, old: core.Stmt, new: core.Stmt) -> core.Stmt:
        """`new`, which stands in the place of `old`."""
        if new is not old:
            self.facts[new] = self.facts[old]
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

    def is_list(self, expr: core.Expr, stmt: core.Stmt) -> bool:
        fact = self.fact(expr, stmt)
        return isinstance(fact, Sequence) and fact.kind == "list"

    def is_of_list(self, method: core.Expr, stmt: core.Stmt) -> bool:
        """Whether an expression is the method of a list that pushes or pops."""
        return isinstance(method, core.Attribute) and method.attr in ("append", "pop") and self.is_list(method.value, stmt)

    def never_fails(self, expr: core.Expr, stmt: core.Stmt) -> bool:
        """Whether an expression pushes on a list, or is the method that does."""
        if isinstance(expr, core.Call):
            return isinstance(expr.func, core.Attribute) and expr.func.attr == "append" and self.is_list(expr.func.value, stmt)
        return self.is_of_list(expr, stmt)

    def unpacks(self, stmt: core.Assign) -> bool:
        """Whether a value is known to have as many items as its targets."""
        assert isinstance(stmt.target, core.Tuple)
        if isinstance(stmt.value, core.Tuple) and len(stmt.value.elts) == len(stmt.target.elts):
            return True
        fact = self.fact(stmt.value, stmt)
        flat = not any(isinstance(elt, (core.Tuple, core.Starred)) for elt in stmt.target.elts)
        return flat and isinstance(fact, Sequence) and fact.items is not None and len(fact.items) == len(stmt.target.elts)

    def iterates(self, stmt: core.For) -> bool:
        """Whether a loop is known to run over what it is given."""
        fact = self.fact(stmt.iter, stmt)
        known = isinstance(fact, (RangeFact, Sequence)) or isinstance(fact, Number) and bool(fact.shape)
        return known and isinstance(stmt.target, core.Name)

