"""Opens what no statement can mirror as it stands: calls inside conditional expressions, comprehensions, functions defined inside, loops over items.

    for x in xs:              ->      for i in range(len(xs)):
        s += x * x                        x = xs[i]
                                          s += x * x

What tangents can follow is left as the user wrote it: conditional expressions of plain operations, unpacking, swaps.
"""
from __future__ import annotations

from dataclasses import dataclass, replace

from s2sad import core
from s2sad.analysis.alias import Aliases, is_immutable
from s2sad.analysis.analyse import Analysis
from s2sad.analysis.memory import PLAIN
from s2sad.expose.contexts import around_body
from s2sad.expose.functions import with_names
from s2sad.expose.passes import Exposure, opened_first
from s2sad.expose.watching import is_watch
from s2sad.flow.evaluation import calls_of, parted, replaced
from s2sad.flow.graph import Graph
from s2sad.flow.layout import NONE, Layout
from s2sad.flow.liveness import liveness
from s2sad.meaning.contexts import is_suppression, passes_exceptions
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.tangent.activity import Facts, Tangents
from s2sad.tangent.changes import targets


def expose(function: core.Function, facts: Facts, tangents: Tangents, semantics: Semantics, names: Names) -> core.Function:
    """The function with one layer of what hides active statements opened; the very same where nothing does."""
    graph, layout = Graph(function.body), Layout(function.body)
    nothing = Aliases({}, NONE, ())
    analysis = Analysis(function, graph, layout, facts, tangents.as_activity(), frozenset(), liveness(graph), nothing, PLAIN)
    for new in opened_first(analysis, semantics, names):
        if new is not function:
            return new
    for early in (True, False):
        exposure = TangentExposure(analysis, semantics, names, early)
        body = exposure.block(function.body)
        if exposure.changed:
            return replace(function, body=body)
        if early and (code := with_names(function, facts, semantics, names)) is not function:
            return code
    if exposure.refusal is not None:
        raise exposure.refusal
    return function


@dataclass
class TangentExposure(Exposure):
    """One pass over a function."""

    def matters(self, stmt: core.Stmt) -> bool:
        inside = (node for node in core.walk(stmt) if isinstance(node, core.Stmt) and node is not stmt)
        return any(self.analysis.activity.before.get(node) or self.analysis.activity.after.get(node) for node in inside)

    def written(self, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt) -> list[core.Stmt] | None:
        return self.writes.held(stmt) or self.writes.reaching(stmt) or self.one_memory(stmt)

    def one_memory(self, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt) -> list[core.Stmt] | None:
        """What an object holds in several fields, by way of a name, so that its tangents are one: `Twice(2 * x)` as `t = 2 * x; Twice(t)`."""
        env = self.analysis.facts[stmt]
        for call in calls_of(stmt.value):
            held = [arg for arg in self.semantics.held_twice(call, env) if not isinstance(arg, (core.Name, core.Const))]
            mutable = [arg for arg in held if not is_immutable(self.semantics.fact(arg, env)) and self.is_active(arg, stmt)]
            if mutable:
                before, value = parted(stmt.value, call, self.names, stmt.at)
                name = core.Name(self.names.fresh("t"))
                made = replaced(call, mutable[0], name)
                return [*before, core.Assign(name, mutable[0], at=stmt.at), replace(stmt, value=replaced(value, call, made))]
        return None

    def context(self, stmt: core.With) -> list[core.Stmt]:
        env = self.analysis.facts[stmt]
        if is_watch(stmt, self.semantics):
            self.changed = True
            return [core.Pass(at=stmt.at)]
        if is_suppression(stmt, self.semantics) and isinstance(stmt.context, core.Call):
            self.changed = True
            ignored = core.Handler(core.Tuple(stmt.context.args), "", (core.Pass(at=stmt.at),), at=stmt.at)
            return [core.Try(stmt.body, (ignored,), at=stmt.at)]
        if self.is_active(stmt.context, stmt) and passes_exceptions(stmt, self.semantics, env):
            self.changed = True
            return around_body(stmt, env, self.semantics, self.names, forward=True)
        return [replace(stmt, body=self.block(stmt.body))]

    def without_names(self, stmt: core.Delete) -> list[core.Stmt] | None:
        """Tangents of variables that are deleted may stay."""
        return None

    def attempt(self, stmt: core.Try) -> list[core.Stmt]:
        handlers = tuple(replace(handler, body=self.block(handler.body)) for handler in stmt.handlers)
        return [replace(stmt, body=self.block(stmt.body), handlers=handlers, orelse=self.block(stmt.orelse), final=self.block(stmt.final))]

    def taken_apart(self, stmt: core.Assign) -> list[core.Stmt] | None:
        """What is unpacked stays so, unless a place among the targets is found by another target: `i, u[i] = j, x`."""
        bound = frozenset(core.bound_names(stmt.target))
        places = [part.index for part in targets(stmt.target) if isinstance(part, core.Subscript)]
        return super().taken_apart(stmt) if bound & NONE.union(*map(core.reads, places)) else None

    def hidden(self, expr: core.Expr, stmt: core.Stmt) -> core.Expr | None:
        found = super().hidden(expr, stmt)
        if isinstance(found, core.IfExp) and not self.must_open(found, stmt):
            rest = core.rebuild(expr, lambda part: part)
            return self.beside(rest, found, stmt)
        return found

    def beside(self, expr: core.Expr, found: core.IfExp, stmt: core.Stmt) -> core.Expr | None:
        """The first part to be opened, a conditional expression aside that may stay."""
        for node in core.evaluated(expr):
            if isinstance(node, (core.BoolOp, core.Comprehension)) and self.is_active(node, stmt):
                return node
            if isinstance(node, core.IfExp) and self.is_active(node, stmt) and self.must_open(node, stmt):
                return node
            if isinstance(node, core.Call) and self.is_active(node, stmt) and (self.local_function(node, stmt) or self.derived(node, stmt)):
                return node
        return None

    def must_open(self, expr: core.IfExp, stmt: core.Stmt) -> bool:
        """Whether a conditional expression holds what needs statements of its own."""
        env: Env = self.analysis.facts[stmt]
        for node in core.evaluated(expr):
            if isinstance(node, (core.BoolOp, core.Comprehension)) and self.is_active(node, stmt):
                return True
            if isinstance(node, core.Call):
                if self.local_function(node, stmt) is not None or self.derived(node, stmt) is not None or not self.semantics.purely(node, env):
                    return True
            elif isinstance(node, core.Expr) and self.is_active(node, stmt) and self.semantics.runs(node, env):
                return True
        return False
