"""Constants, copies and temporaries that are read once, put where they are read; then each expression in its simplest form.

    total_bar = 1.0                             x_bar = x_bar + np.exp(x)
    t_bar = total_bar * x            ->         b_bar = t
    x_bar = x_bar + np.exp(x)
    c_bar = t
    b_bar = c_bar

The statements of the forward sweep stay as the user wrote them, but for variables that the transformation made.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from s2sad import core
from s2sad.analysis.alias import is_immutable
from s2sad.facts import UNKNOWN, Fact
from s2sad.facts.layers import Draft
from s2sad.meaning.semantics import Env as FactEnv
from s2sad.tidy.rewrite import Rewriter
from s2sad.tidy.simplify import Simplifier
from s2sad.tidy.summary import shared
from s2sad.tidy.unasked import raising_parts
from s2sad.tidy.values import Env, Value
from s2sad.tidy.view import View

LINE = 96
"""No fold makes a line longer than this."""
RESULT = 72
"""What is returned is given a name where the line would be longer than this."""
PATHS = (core.Name, core.Subscript, core.Attribute)
OPERATIONS = 9
"""No fold makes an expression of more operations than this."""


@dataclass(frozen=True)
class Held:
    """The expression that a variable was given, by the statement `new` in the place of `stmt`, and the values that it reads."""

    stmt: core.Stmt
    new: core.Stmt
    expr: core.Expr
    operands: Env
    forward: bool


def folded(view: View) -> core.Function:
    """The function with what is read once, constants and copies in the place of their variables."""
    return Folding(view).function()


class Folding:
    """One walk over a function in the order of the text."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.held: dict[Value, Held] = {}
        self.gone: set[core.Stmt] = set()
        self.changed = False

    def function(self) -> core.Function:
        view = self.view
        body = self.block(view.function.body, dict(view.values.entry))
        return replace(view.function, body=self.without_gone(body)) if self.changed else view.function

    def without_gone(self, block: core.Block) -> core.Block:
        left = tuple(self.view.again(stmt, core.with_blocks(stmt, self.without_gone)) for stmt in block if stmt not in self.gone)
        return block if left == block else left

    def block(self, block: core.Block, env: Env) -> core.Block:
        out = []
        for stmt in block:
            out.append(self.statement(stmt, env))
            self.view.values.leave(stmt, env)
        return tuple(out)

    def statement(self, stmt: core.Stmt, env: Env) -> core.Stmt:
        view = self.view
        if isinstance(stmt, (core.Comment, core.Try)):
            return stmt
        inside = view.values.enter(stmt, env) if isinstance(stmt, (core.For, core.While, core.With)) else env
        here = inside if isinstance(stmt, core.While) else env
        puts, overrides = self.replacements(stmt, here)
        facts: FactEnv = view.facts[stmt]
        if overrides:
            facts = Draft(facts, {name: view.facts[held.stmt].get(name, UNKNOWN) for name, held in overrides.items()})
        new = self.rewritten(stmt, puts, facts)
        new = core.with_blocks(new, lambda block: self.block(block, dict(inside)))
        if new is not stmt:
            self.changed = True
            view.facts[new] = facts
        view.settled.add(new)
        if isinstance(new, core.Assign) and isinstance(new.target, core.Name):
            before = self.held.get(env[new.target.id]) if new.target.id in env else None
            if before is not None and is_constant(new.value) and before.expr == new.value:
                self.gone.add(new)
                self.changed = True
                return new
            self.hold(stmt, new, here, {name: held.operands[name] for name, held in overrides.items()})
        return new

    # What is put where

    def replacements(self, stmt: core.Stmt, env: Env) -> tuple[dict[str, core.Expr], dict[str, Held]]:
        """The expressions to put in the place of variables, and those variables that thereby keep the value before."""
        puts: dict[str, core.Expr] = {}
        overrides: dict[str, Held] = {}
        taken: list[tuple[str, Held]] = []
        for name, value in self.view.values.reads[stmt].items():
            held = self.held.get(value)
            if held is None:
                continue
            if is_constant(held.expr):
                if not value.inner and self.takes_constant(stmt, name, held):
                    puts[name] = held.expr
            elif isinstance(held.expr, core.Name) and env.get(held.expr.id) is held.operands.get(held.expr.id):
                updated = isinstance(stmt, core.AugAssign) and stmt.target == core.Name(name) or self.keeps_name(stmt, name, held)
                if not value.inner and not updated and not self.hides(stmt, held):
                    puts[name] = held.expr
            elif self.fits(stmt, name, value, held, env):
                taken.append((name, held))
        line = RESULT if isinstance(stmt, core.Return) else LINE
        room = line - 4 * len(self.view.layout.around[stmt]) - sum(width(part) for part in parts(stmt)) if taken else 0
        operations = sum(weight(part) for part in parts(stmt)) if taken else 0
        for name, held in taken:
            room -= width(held.expr)
            operations += weight(held.expr)
            if room < 0 or operations > OPERATIONS:
                break
            puts[name] = held.expr
            self.gone.add(held.new)
            self.changed = True
            if name in core.reads(held.expr):
                overrides[name] = held
        return puts, overrides

    def keeps_name(self, stmt: core.Stmt, name: str, held: Held) -> bool:
        """Whether a statement stores in what a variable holds after the variable it is copied from gets another value."""
        target = stmt.target if isinstance(stmt, (core.Assign, core.AugAssign)) else None
        if not isinstance(target, (core.Subscript, core.Attribute)) or core.root(target) != name or not isinstance(held.expr, core.Name):
            return False
        start = self.view.layout.start
        return any(start[held.stmt] < start[writer] for writer in self.view.layout.binders.get(held.expr.id, ()))

    def takes_constant(self, stmt: core.Stmt, name: str, held: Held) -> bool:
        """A sum that begins with a constant in another block goes on from its variable."""
        if isinstance(stmt, core.AugAssign):
            return stmt.target != core.Name(name)
        update = isinstance(stmt, core.Assign) and stmt.target == core.Name(name)
        around = self.view.layout.around
        return not update or held.expr in (core.Const(0.0), core.Const(0)) or around[held.stmt] == around[stmt]

    def fits(self, stmt: core.Stmt, name: str, value: Value, held: Held, env: Env) -> bool:
        """Whether the expression of a variable read once has the same value where it is read."""
        view = self.view
        if len(value.users) != 1 or value.into or value.inner or isinstance(stmt, (core.While, core.With)):
            return False
        if isinstance(stmt, core.Return) and not view.terse:
            return False
        if isinstance(stmt, (core.Assign, core.AugAssign)) and not reads_in_value(stmt, name):
            return False
        layout = view.layout
        if view.scopes(stmt) != view.scopes(held.stmt) or view.is_guarded(held.stmt):
            return False
        after, before = layout.start[held.stmt], layout.start[stmt]
        if held.forward and view.summary(held.stmt).raising:
            if any(s not in self.gone for s in layout.statements[after + 1:before]) or not view.is_forward(stmt):
                return False
        if self.hides(stmt, held):
            return False
        own_calls = bool(view.summary(stmt).impure)
        for operand in core.reads(held.expr):
            there = held.operands.get(operand)
            if operand != name and env.get(operand) is not there:
                return False
            if there is not None and not is_immutable(view.facts[held.stmt].get(operand, UNKNOWN)):
                if not view.memory.is_steady(there, after, before + own_calls):
                    return False
        return True

    def hides(self, stmt: core.Stmt, held: Held) -> bool:
        """Whether an expression that may stand for the check of what raises in the primal would be evaluated in one branch alone."""
        view = self.view
        if view.layout.around[held.stmt] == view.layout.around[stmt]:
            return False
        if any(not view.values.is_sure(value) for value in view.values.reads[held.stmt].values()):
            return True
        return any(raising_parts(held.expr, view.facts[held.stmt], view.semantics))

    def hold(self, stmt: core.Stmt, new: core.Assign, env: Env, before: Env) -> None:
        """Notes what a variable holds, where it may stand in the place of the variable; `before` are values that variables had before."""
        view = self.view
        assert isinstance(new.target, core.Name)
        name, forward = new.target.id, view.is_forward(stmt)
        if name in view.values.captured or name in view.own and (forward or not isinstance(new.value, core.Name)):
            return
        if view.summary(new).impure or not view.summary(new).is_plain:
            return
        found = {operand: before.get(operand) or env.get(operand) for operand in core.reads(new.value)}
        operands = {operand: value for operand, value in found.items() if value is not None}
        self.held[view.values.bound[stmt][name]] = Held(stmt, new, new.value, operands, forward)

    # Statements with other expressions

    def rewritten(self, stmt: core.Stmt, puts: dict[str, core.Expr], facts: FactEnv) -> core.Stmt:
        forward = self.view.is_forward(stmt)
        if (forward or stmt in self.view.settled) and not puts:
            return stmt

        def put(expr: core.Expr) -> core.Expr:
            new = core.substitute(expr, puts) if puts else expr
            return new if forward else self.simplest(new, stmt, facts)

        if isinstance(stmt, core.Assign):
            value = put(stmt.value)
            if not self.may_stand(stmt, value, facts):
                value = core.substitute(stmt.value, puts)
            target = within(stmt.target, puts)
            return replace(stmt, target=target, value=value) if (target, value) != (stmt.target, stmt.value) else stmt
        if isinstance(stmt, core.AugAssign):
            target, value = within(stmt.target, puts), put(stmt.value)
            return replace(stmt, target=target, value=value) if (target, value) != (stmt.target, stmt.value) else stmt
        if isinstance(stmt, (core.If, core.While)):
            test = core.substitute(stmt.test, puts)
            return replace(stmt, test=test) if test != stmt.test else stmt
        if isinstance(stmt, core.For):
            over = core.substitute(stmt.iter, puts)
            return replace(stmt, iter=over) if over != stmt.iter else stmt
        if isinstance(stmt, core.With):
            context = core.substitute(stmt.context, puts)
            return replace(stmt, context=context) if context != stmt.context else stmt
        if isinstance(stmt, (core.Return, core.ExprStmt)):
            value = core.substitute(stmt.value, puts) if isinstance(stmt, core.Return) else put(stmt.value)
            return replace(stmt, value=value) if value != stmt.value else stmt
        return core.rebuild(stmt, lambda part: core.substitute(part, puts) if isinstance(part, core.Expr) else part) if puts else stmt

    def simplest(self, expr: core.Expr, stmt: core.Stmt, facts: FactEnv) -> core.Expr:
        def fact_of(e: core.Expr) -> Fact:
            return self.view.semantics.fact(e, facts)

        if isinstance(expr, (core.Name, core.Const)):
            return expr
        return Simplifier(fact_of).simplify(Rewriter(fact_of, self.view.semantics).rewrite(expr))

    def may_stand(self, stmt: core.Assign, value: core.Expr, facts: FactEnv) -> bool:
        """Whether a simpler value may replace one that was a new array: not where what it may share memory with is changed."""
        view = self.view
        if value is stmt.value or not isinstance(value, PATHS) or isinstance(stmt.value, PATHS) or not isinstance(stmt.target, core.Name):
            return True
        if is_immutable(view.semantics.fact(value, facts)):
            return True
        if view.memory.writers(view.values.bound[stmt][stmt.target.id]):
            return False
        names = shared(value, facts, view.semantics)
        return not any(view.memory.writers(other) for name in sorted(names) if (other := self.value_of(stmt, name)) is not None)

    def value_of(self, stmt: core.Stmt, name: str) -> Value | None:
        found = self.view.values.reads[stmt].get(name)
        if found is not None:
            return found
        return self.view.values.first.get(name)


def is_constant(expr: core.Expr) -> bool:
    return isinstance(expr, core.Const) and type(expr.value) in (int, float) or (
        isinstance(expr, core.UnaryOp) and expr.op == "-" and isinstance(expr.operand, core.Const))


def parts(stmt: core.Stmt) -> Iterator[core.Expr]:
    if isinstance(stmt, (core.If, core.While)):
        yield stmt.test
    elif isinstance(stmt, core.For):
        yield from (stmt.target, stmt.iter)
    elif isinstance(stmt, core.With):
        yield stmt.context
    else:
        yield from (child for child in core.children(stmt) if isinstance(child, core.Expr))


def reads_in_value(stmt: core.Assign | core.AugAssign, name: str) -> bool:
    """Whether the one mention of a name is in the value of an assignment, or in an index of its target."""
    if name in core.reads(stmt.value):
        return True
    target = stmt.target
    return not isinstance(target, core.Name) and name != core.root(target)


def within(target: core.Expr, puts: dict[str, core.Expr]) -> core.Expr:
    """A target with its indices rewritten, and its variable where another holds the same."""
    if not puts or isinstance(target, core.Name):
        return target
    if isinstance(target, core.Tuple):
        elts = tuple(within(elt, puts) for elt in target.elts)
        return target if elts == target.elts else core.Tuple(elts)
    name = core.root(target)
    return core.substitute(target, {n: e for n, e in puts.items() if n != name or isinstance(e, core.Name)})


def width(expr: core.Expr) -> int:
    """About how many characters an expression takes."""
    kind = type(expr)
    if kind is core.Name:
        return len(expr.id)  # type: ignore[attr-defined]
    if kind is core.Const:
        return len(repr(expr.value))  # type: ignore[attr-defined]
    inner = sum(width(child) for child in core.children(expr) if isinstance(child, core.Expr))
    if isinstance(expr, core.Attribute):
        return inner + 1 + len(expr.attr)
    return inner + (2 if isinstance(expr, (core.Call, core.Subscript, core.UnaryOp)) else 4)


def weight(expr: core.Expr) -> int:
    """The number of operations."""
    own = isinstance(expr, (core.BinOp, core.UnaryOp, core.Call, core.Compare))
    return own + sum(weight(child) for child in core.children(expr) if isinstance(child, core.Expr))

