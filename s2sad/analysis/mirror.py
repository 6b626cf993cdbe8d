"""Gives every reference to shared memory its shadow: an array, a list or an object in which the adjoints of the memory gather.

    row = A[i]          ->      row = A[i]                  with the shadow     row_bar = A_bar[i]
    b = a.copy()        ->      b = a.copy()                with the shadow     b_bar = np.zeros_like(b)
    items[k] = row      ->      items[k] = row              with the shadow     items_bar[k] = row_bar

Views of the primal are views of the shadow, so that whatever shares memory shares adjoints.  A value that is a new array begins a new
shadow, one that may be new or a view (`a.reshape(-1)`) mirrors what the primal does: while shadows are zero a copy of one is as good as a
new one.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from s2sad import core
from s2sad.analysis.alias import REPEATING, TOGETHER, is_array_place, is_forward, is_immutable, passed_through, shared_names
from s2sad.analysis.called import returned_by
from s2sad.errors import refuse
from s2sad.facts import UNKNOWN, Fact, Number, Sequence, Unknown
from s2sad.flow.layout import appended, removed
from s2sad.meaning.forms import call
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.quote import quote_expr

READ_ONLY = ("np.diagonal", "diagonal", "np.linalg.diagonal", "np.diag")
"""The functions whose views cannot be written, though their shadows can."""

FRESH, VIEW, MAYBE = "fresh", "view", "maybe"


@dataclass
class Mirror:
    """One pass over a function: `shadows` are the names of shadows, `births` and `maybe` fill up with the statements that make memory."""

    semantics: Semantics
    facts: Mapping[core.Stmt, Env]
    names: Names
    shadows: Mapping[str, str]
    births: list[core.Stmt] = field(default_factory=list)
    maybe: list[core.Stmt] = field(default_factory=list)

    def block(self, block: core.Block) -> core.Block:
        return tuple(self.statement(stmt) for stmt in block)

    def statement(self, stmt: core.Stmt) -> core.Stmt:
        if isinstance(stmt, core.Assign):
            return self.assign(stmt)
        if isinstance(stmt, core.AugAssign) and isinstance(stmt.target, core.Name) and stmt.target.id in self.shadows:
            check_in_place(stmt, self.facts[stmt], self.semantics)
        if isinstance(stmt, core.ExprStmt) and (appending := appended(stmt)) is not None and core.root(appending.func) in self.shadows:
            return self.append(stmt, appending)
        if isinstance(stmt, core.Delete) and (item := removed(stmt)) is not None and core.root(item) in self.shadows:
            return replace(stmt, shadow=core.Delete((self.path(item),), at=stmt.at))
        if isinstance(stmt, core.For) and any(name in self.shadows for name in core.bound_names(stmt.target)):
            return self.loop(stmt)
        if isinstance(stmt, core.Try) and all(isinstance(handler.body[-1], core.Raise) for handler in stmt.handlers):
            # No reverse follows a handler.
            return replace(stmt, body=self.block(stmt.body), orelse=self.block(stmt.orelse), final=self.block(stmt.final))
        return core.with_blocks(stmt, self.block)

    def loop(self, stmt: core.For) -> core.For:
        """`for a in items`, where the items are constant, as `for item in items: a = item`, with the shadow `a_bar = zeros(a)`."""
        items = {name: core.Name(self.names.fresh("item")) for name in core.bound_names(stmt.target) if name in self.shadows}
        firsts: list[core.Stmt] = []
        for name, item in items.items():
            shadow = core.Assign(core.Name(self.shadows[name]), call("zeros", core.Name(name)), at=stmt.at)
            first = core.Assign(core.Name(name), item, at=stmt.at, shadow=shadow)
            self.births.append(first)
            firsts.append(first)
        return replace(stmt, target=core.substitute(stmt.target, items), body=(*firsts, *self.block(stmt.body)))

    def append(self, stmt: core.ExprStmt, appending: core.Call) -> core.ExprStmt:
        """`items.append(row)` brings `items_bar.append(row_bar)`."""
        assert isinstance(appending.func, core.Attribute)
        kind, value = self.part(appending.args[-1], self.facts[stmt], appending.args[-1])
        func = replace(appending.func, value=self.path(appending.func.value))
        new = replace(stmt, shadow=core.ExprStmt(core.Call(func, (*appending.args[:-1], value)), at=stmt.at))
        if kind == FRESH:
            self.births.append(new)
        return new

    def part(self, value: core.Expr, env: Env, target: core.Expr) -> tuple[str, core.Expr]:
        """As `mirrored`, for a part of a container; what may be new memory or a number there is told by its shadow."""
        kind, shadow = self.mirrored(value, env, target)
        return (FRESH, call("shadow_of", shadow)) if kind == MAYBE else (kind, shadow)

    def refusal(self, value: core.Expr) -> Exception:
        return refuse("cannot tell whether this is new memory or a view", getattr(value, "at", None), self.semantics.source,
                      "make a copy (`x.copy()`) before changing it in place")

    def assign(self, stmt: core.Assign) -> core.Assign:
        target, env = stmt.target, self.facts[stmt]
        name = core.root(target)
        if isinstance(target, core.Tuple):
            return self.exchange(stmt, target)
        if name is None or name not in self.shadows:
            return stmt
        if isinstance(target, (core.Subscript, core.Attribute)):
            if is_array_place(target, env, self.semantics):
                return stmt
            if isinstance(self.semantics.fact(target.value, env), Unknown):
                raise refuse(f"cannot tell what `{name}` is, which this changes in place", stmt.at, self.semantics.source,
                             "give annotations or example arguments, or make it by a function that `s2sad rules` lists")
        kind, value = (self.mirrored if isinstance(target, core.Name) else self.part)(stmt.value, env, target)
        new = replace(stmt, shadow=core.Assign(self.path(target), value, at=stmt.at))
        if kind != VIEW:
            self.births.append(new)
        if kind == MAYBE:
            self.maybe.append(new)
        return new

    def exchange(self, stmt: core.Assign, target: core.Tuple) -> core.Assign:
        """`a, b = b, a` brings the same exchange of the shadows."""
        bound = [name for name in core.bound_names(target) if name in self.shadows]
        if not bound or self.is_call_of_forward(stmt, target):
            return stmt
        if (made := self.made_by_forward(stmt, target)) is not None:
            new = replace(stmt, shadow=core.Assign(self.path(target.elts[0]), zero_of(target.elts[0], made), at=stmt.at))
            self.births.append(new)
            return new
        if isinstance(stmt.value, (core.Tuple, core.List)) and len(bound) == len(target.elts) == len(stmt.value.elts):
            parts = [self.mirrored(e, self.facts[stmt], t) for t, e in zip(target.elts, stmt.value.elts)]
            if all(kind == VIEW for kind, _ in parts):
                shadow = core.Assign(self.path(target), core.Tuple(tuple(value for _, value in parts)), at=stmt.at)
                return replace(stmt, shadow=shadow)
        raise refuse("cannot follow the memory that this assignment unpacks", stmt.at, self.semantics.source, "assign the parts one by one")

    def is_call_of_forward(self, stmt: core.Assign, target: core.Tuple) -> bool:
        """Whether a call of a forward function gives numbers or new memory, and a tape: what it refers to is restored where it is read."""
        if not is_forward(stmt.value, self.semantics):
            return False
        fact = self.semantics.fact(stmt.value, self.facts[stmt])
        result = fact.items[0] if isinstance(fact, Sequence) and fact.items else UNKNOWN
        return is_number(result) or is_immutable(result) or not any(name in self.shadows for name in core.bound_names(target.elts[0]))

    def made_by_forward(self, stmt: core.Assign, target: core.Tuple) -> Fact | None:
        """The fact of what a call of a forward function gives beside a tape; None where that may be memory that was there."""
        value, env = stmt.value, self.facts[stmt]
        if not isinstance(value, core.Call) or not isinstance(value.func, core.Name) or value.func.id not in self.semantics.forwards:
            return None
        fact, called = self.semantics.fact(value, env), self.semantics.user_call(value, env)
        result = fact.items[0] if isinstance(fact, Sequence) and fact.items else UNKNOWN
        if called is None or not isinstance(target.elts[0], core.Name):
            return None
        return None if passed_through(called, returned_by, env, self.semantics) & self.shadows.keys() else result

    def path(self, expr: core.Expr) -> core.Expr:
        """The shadow of a path."""
        if isinstance(expr, core.Name):
            return core.Name(self.shadows[expr.id])
        if isinstance(expr, core.Tuple):
            return core.Tuple(tuple(self.path(elt) for elt in expr.elts))
        assert isinstance(expr, (core.Subscript, core.Attribute))
        return replace(expr, value=self.path(expr.value))

    def mirrored(self, value: core.Expr, env: Env, target: core.Expr) -> tuple[str, core.Expr]:
        """Whether a value is new memory, and the expression of its shadow, where it is held by `target`."""
        fact = self.semantics.fact(value, env)
        if is_immutable(fact) or is_number(fact):
            return FRESH, zero_of(target, fact)
        if isinstance(value, core.Name) and value.id in self.shadows:
            return MAYBE if is_uncertain(fact) else VIEW, core.Name(self.shadows[value.id])
        if isinstance(fact, Sequence) and makes_sequence(value):
            return self.sequence(value, fact, env, target)
        if (isinstance(value, core.Attribute) and not isinstance(self.semantics.fact(value.value, env), Number)
                or isinstance(value, core.Subscript)):
            if not self.shared(value, env):
                return FRESH, zero_of(target, fact)
            if core.root(value) in self.shadows:
                return MAYBE if is_uncertain(fact) else VIEW, self.path(value)
        if isinstance(value, core.IfExp):
            body, orelse = self.mirrored(value.body, env, target), self.mirrored(value.orelse, env, target)
            kind = body[0] if body[0] == orelse[0] else MAYBE
            return kind, core.IfExp(value.test, body[1], orelse[1])
        if isinstance(value, (core.List, core.Tuple)):
            return self.display(value, env, target)
        if isinstance(value, core.Dict) and None not in value.keys:
            return self.entries(value, env, target)
        if (fields := self.semantics.record(value, env)) is not None:
            parts = {name: self.part(part, env, core.Attribute(target, name)) for name, part in fields.items()}
            if self.semantics.held_twice(value, env):
                raise self.refusal(value)
            return FRESH, core.Call(core.Name("namespace"), (), tuple((name, part) for name, (_, part) in parts.items()))
        if any(name.startswith(TOGETHER) for name in shared_names(value, env, self.semantics)):
            raise self.refusal(value)
        if not self.shared(value, env):
            return FRESH, zero_of(target, fact)
        if self.is_view(value, env):
            replaced = core.substitute(value, {name: core.Name(self.shadows[name]) for name in self.shared(value, env)})
            return MAYBE, call("writable", replaced) if self.named(value, env) & set(READ_ONLY) else replaced
        raise self.refusal(value)

    def shared(self, value: core.Expr, env: Env) -> frozenset[str]:
        """The variables with shadows whose memory a value may share; what is captured and has none is constant."""
        return shared_names(value, env, self.semantics) & self.shadows.keys()

    def is_view(self, value: core.Expr, env: Env) -> bool:
        """Whether a value is what functions with rules give of memory, or a part of that, so that they give the shadow of that too."""
        if self.semantics.application(value, env) is not None:
            return not self.named(value, env) & set(REPEATING)
        return isinstance(value, (core.Subscript, core.Attribute)) and self.is_view(value.value, env)

    def named(self, value: core.Expr, env: Env) -> set[str]:
        """The names of the functions with rules that a value calls."""
        found = (self.semantics.application(call, env) for call in core.calls(value))
        return {applied.rule.name for applied in found if applied is not None}

    def entries(self, value: core.Dict, env: Env, target: core.Expr) -> tuple[str, core.Expr]:
        parts = [self.part(part, env, core.Subscript(target, key)) for key, part in zip(value.keys, value.values) if key is not None]
        return FRESH, core.Dict(value.keys, tuple(part for _, part in parts))

    def sequence(self, value: core.Expr, fact: Sequence, env: Env, target: core.Expr) -> tuple[str, core.Expr]:
        """A new list or tuple of the items of others: `items[1:]`, `a + b`, `list(a)`."""
        items = fact.items if fact.items is not None else (fact.each,)
        repeats = isinstance(value, core.BinOp) and value.op == "*"
        if all(is_immutable(item) for item in items) or not repeats and not self.shared(value, env):
            return FRESH, zero_of(target, fact)
        held = self.rearranged(value, env)
        return (FRESH, call("shadows_of", held)) if any(is_immutable(item) or is_uncertain(item) for item in items) else (VIEW, held)

    def rearranged(self, value: core.Expr, env: Env) -> core.Expr:
        """The shadows of items in the new order that an expression gives them."""
        if isinstance(value, core.BinOp) and value.op == "+":
            return core.BinOp("+", self.rearranged(value.left, env), self.rearranged(value.right, env))
        if isinstance(value, core.BinOp) and value.op == "*":
            return replace(value, left=self.rearranged(value.left, env))
        if isinstance(value, (core.List, core.Tuple)):
            if any(not is_immutable(self.semantics.fact(elt, env)) and not isinstance(elt, core.Name) for elt in value.elts):
                raise self.refusal(value)
            return self.display(value, env, value)[1]
        names = {name for name in core.reads(value) if name in self.shadows}
        return core.substitute(value, {name: core.Name(self.shadows[name]) for name in names})

    def display(self, value: core.List | core.Tuple, env: Env, target: core.Expr) -> tuple[str, core.Expr]:
        parts = [self.part(elt, env, core.Subscript(target, core.Const(i))) for i, elt in enumerate(value.elts)]
        return FRESH, core.List(tuple(part for _, part in parts))


def check_in_place(stmt: core.AugAssign, env: Env, semantics: Semantics) -> None:
    """Refuses `x += y` where `x` need not be an array: whether others see the change is not known."""
    assert isinstance(stmt.target, core.Name)
    name, fact = stmt.target.id, env.get(stmt.target.id)
    if not (isinstance(fact, Number) and fact.box == "array"):
        raise refuse(f"cannot tell whether this changes `{name}` in place", stmt.at, semantics.source,
                     f"write `{name} = {name} {stmt.op} ...`, or give annotations or example arguments")


def is_number(fact: Fact) -> bool:
    """Whether a value is one number, and no array of rank 0."""
    return isinstance(fact, Number) and fact.shape == () and fact.box != "array"


def is_uncertain(fact: Fact) -> bool:
    """Whether a value may be a number as well as something that changes in place."""
    return isinstance(fact, Unknown) or isinstance(fact, Number) and fact.box != "array" and not is_number(fact)


def makes_sequence(value: core.Expr) -> bool:
    """Whether an expression that gives a list or a tuple makes a new one."""
    if isinstance(value, core.Subscript):
        return isinstance(value.index, core.Slice)
    if isinstance(value, core.Call):
        if isinstance(value.func, core.Attribute):
            return value.func.attr == "copy"
        return isinstance(value.func, core.Name) and value.func.id in ("list", "tuple", "sorted")
    return isinstance(value, core.BinOp)


def zero_of(target: core.Expr, fact: Fact) -> core.Expr:
    """A new shadow for what `target` holds."""
    if isinstance(fact, Number) and fact.box == "array" and fact.kind in "fc":
        return core.Call(quote_expr("np.zeros_like"), (target,))
    if isinstance(fact, Number) and fact.shape == () and fact.box in ("python", "scalar") and fact.kind in "f":
        return core.Const(0.0)
    return call("zeros", target)
