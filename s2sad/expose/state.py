"""What a pass of `expose` knows, and what it asks of expressions: whether they are active, and whether what hides in them counts."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from s2sad import core
from s2sad.analysis.alias import changed_by, changes, shared_names
from s2sad.analysis.analyse import Analysis
from s2sad.analysis.outside import reaches
from s2sad.errors import DifferentiationError, refuse
from s2sad.expose.functions import captures_others
from s2sad.expose.inner import derived_call
from s2sad.facts import FunctionFact
from s2sad.infer.changes import own_expressions
from s2sad.meaning.callees import defined_inside, is_defined_here
from s2sad.meaning.semantics import Semantics
from s2sad.names import Names

CALLED = (core.Name, core.Lambda, core.Subscript, core.Attribute)


@dataclass
class Exposing:
    """One pass over a function; `changed` tells whether it opened anything.

    `early`: the pass before the others, for the defaults of functions, whose facts the calls are opened by.  `refusal` is raised
    where a whole pass could open nothing: other openings may have made it unnecessary.
    """

    analysis: Analysis
    semantics: Semantics
    names: Names
    early: bool
    changed: bool = False
    refusal: DifferentiationError | None = None

    def is_active(self, expr: core.Expr, stmt: core.Stmt) -> bool:
        """Whether an expression depends on what is differentiated, or is memory that is shared with what changes in place."""
        classes = self.analysis.memory.classes
        if classes and shared_names(expr, self.analysis.facts[stmt], self.semantics) & classes.keys():
            return True
        return bool(self.semantics.dependencies(expr, self.analysis.facts[stmt]) & self.analysis.activity.varied[stmt])

    def counts(self, expr: core.Expr, stmt: core.Stmt) -> bool:
        """Whether what hides in an expression has to be seen: it is active, or a call in it changes what is read by what is."""
        if self.is_active(expr, stmt):
            return True
        hides = any(isinstance(node, (core.IfExp, core.BoolOp, core.Comprehension)) for node in core.evaluated(expr))
        return self.changes_what_is_read(expr, stmt, hides)

    def changes_what_is_read(self, expr: core.Expr, stmt: core.Stmt, wholly: bool = True) -> bool:
        """Whether a call in an expression, if not `wholly` one of a function defined inside, changes what active statements read."""
        env = self.analysis.facts[stmt]
        calls = [node for node in core.evaluated(expr) if isinstance(node, core.Call)]
        varied = self.analysis.activity.varied[stmt]
        if wholly and any(reaches(call, env, self.semantics, varied, varied - self.analysis.bound) for call in calls):
            return True
        return any(changed_by(call, env, self.semantics) & self.read for call in calls
                   if wholly or is_defined_here(self.semantics.fact(call.func, env)))

    @cached_property
    def read(self) -> frozenset[str]:
        """The variables that statements read which a derivative passes through, and those that share memory."""
        analysis = self.analysis
        found = {name for stmt in analysis.live for part in own_expressions(stmt) for name in core.reads(part)}
        return frozenset(found).union(analysis.memory.classes, *analysis.activity.before.values(), *analysis.activity.after.values())

    @cached_property
    def changes_anything(self) -> bool:
        """Whether anything changes in place."""
        return any(True for _ in changes(self.analysis.layout, self.analysis.facts, self.semantics))

    def is_shared(self, target: core.Expr) -> bool:
        """Whether any of the targets is, or is a part of, memory that several names share."""
        if isinstance(target, core.Tuple):
            return any(map(self.is_shared, target.elts))
        name = core.root(target.value if isinstance(target, core.Starred) else target)
        return name in self.analysis.memory.classes

    def local_function(self, call: core.Call, stmt: core.Stmt) -> core.Function | None:
        """The function defined inside this one that a call runs."""
        fact = self.semantics.fact(call.func, self.analysis.facts[stmt]) if isinstance(call.func, CALLED) else None
        if not isinstance(fact, FunctionFact) or not isinstance(fact.value, core.Function):
            return None
        if fact.captured is not None:
            self.refusal = refuse("cannot differentiate through the call of a function that another function made", call.at,
                                  self.semantics.source, "define the function where it is called, or pass what it captures as arguments")
            return None
        if defined_inside(call.func, self.analysis.facts[stmt], self.semantics.source) is not None:
            return None
        if not isinstance(call.func, core.Lambda) and any(computed(param) for param in fact.value.params):
            raise refuse("cannot tell what the defaults of this function were where it was made", call.at, self.semantics.source,
                         "give the function a name where it is made, or pass the values as arguments")
        if captures_others(fact.value, self.semantics):
            raise refuse("cannot differentiate through a function that captures a variable of a comprehension", call.at,
                         self.semantics.source, "make the functions in a loop, or keep the values instead of functions")
        return fact.value

    def derived(self, call: core.Call, stmt: core.Stmt) -> tuple[core.Function, core.Call] | None:
        """The derivative of a function defined inside that a call runs, with the call of it."""
        return derived_call(call, self.analysis.facts[stmt], self.semantics)


def computed(param: core.Param) -> bool:
    """Whether a default is more than a constant, and no variable that was made for it."""
    return param.default is not None and not isinstance(param.default, core.Const) and not (
        isinstance(param.default, core.Name) and param.default.id.startswith(f"{param.name}_default"))
