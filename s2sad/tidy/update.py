"""Sums that go on, written as such: `x_bar = x_bar + e` is `x_bar += e`.

Of a number it is the same.  An array is added to in place only where the variable owns its memory: where it was made by an operation, and
no other variable that is still read may share it.
"""
from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from s2sad import core
from s2sad.analysis.alias import is_immutable
from s2sad.facts import Fact, Number
from s2sad.flow.graph import Graph
from s2sad.flow.liveness import Liveness, liveness
from s2sad.tidy.fold import LINE, width
from s2sad.tidy.simplify import negate_inside, simplify
from s2sad.tidy.values import Value
from s2sad.tidy.view import View

COMMUTATIVE = ("+", "*")
UPDATES = ("+", "-", "*", "/")


def with_updates(view: View) -> core.Function:
    """The function with augmented assignments in the reverse sweep."""
    return Updating(view).function()


class Updating:
    def __init__(self, view: View) -> None:
        self.view = view
        self.numbers: dict[Value, bool] = {}

    @cached_property
    def sharing(self) -> dict[int, set[str]]:
        """The names whose values may share memory, by class."""
        found: dict[int, set[str]] = {}
        for value in self.view.values.all:
            if value.same is None:
                found.setdefault(self.view.memory.key(value), set()).add(value.name)
        return found

    @cached_property
    def alive(self) -> Liveness:
        return liveness(Graph(self.view.function.body))

    def function(self) -> core.Function:
        body = self.block(self.view.function.body)
        return replace(self.view.function, body=body) if body != self.view.function.body else self.view.function

    def block(self, block: core.Block) -> core.Block:
        new: list[core.Stmt] = []
        before: core.Stmt | None = None
        for stmt in block:
            if before is not None and (joined := self.joined(before, stmt, new[-1])) is not None:
                new[-1] = self.view.again(stmt, joined)
            else:
                new.append(self.statement(stmt))
            before = stmt
        return block if tuple(new) == block else tuple(new)

    def joined(self, first: core.Stmt, second: core.Stmt, written: core.Stmt) -> core.Assign | None:
        """`x[i] = a` and `x[i] += b` as `x[i] = a + b`, where `b` reads nothing of `x`; `written` stands in the place of the first."""
        view = self.view
        if not (isinstance(first, core.Assign) and isinstance(second, core.AugAssign) and isinstance(written, core.Assign)):
            return None
        target = second.target
        if first.target != target or not isinstance(target, core.Subscript) or second.op not in "+-" or view.is_forward(second):
            return None
        holder = view.fact(target.value, second)
        if not isinstance(holder, Number) or holder.box != "array" or view.summary(first).impure or view.summary(second).impure:
            return None
        read = view.values.reads[second]
        mine = view.memory.key(read[core.root(target) or ""])
        for name in core.reads(second.value):
            if not is_immutable(view.fact(core.Name(name), second)) and (name not in read or view.memory.key(read[name]) == mine):
                return None
        start = core.Const(0) if written.value == core.Const(0.0) else written.value
        value = simplify(core.BinOp(second.op, start, second.value), lambda e: view.fact(e, second))
        return replace(written, value=negate_inside(value)) if width(target) + width(value) <= LINE else None

    def statement(self, stmt: core.Stmt) -> core.Stmt:
        if core.blocks(stmt):
            return self.view.again(stmt, core.with_blocks(stmt, self.block))
        if isinstance(stmt, core.Return) and isinstance(stmt.value, core.Tuple):
            elts = tuple(map(negate_inside, stmt.value.elts))
            return stmt if elts == stmt.value.elts else self.view.again(stmt, replace(stmt, value=core.Tuple(elts)))
        if self.view.is_forward(stmt) or not isinstance(stmt, (core.Assign, core.AugAssign)):
            return stmt
        if isinstance(stmt, core.Assign) and (new := self.update(stmt)) is not None:
            return self.view.again(stmt, new)
        if isinstance(stmt, core.AugAssign) and stmt.op in "+-" and isinstance(stmt.value, core.UnaryOp) and stmt.value.op == "-":
            return self.view.again(stmt, replace(stmt, op="-" if stmt.op == "+" else "+", value=stmt.value.operand))
        value = negate_inside(stmt.value)
        return stmt if value is stmt.value else self.view.again(stmt, replace(stmt, value=value))

    def update(self, stmt: core.Assign) -> core.AugAssign | None:
        target, value = stmt.target, stmt.value
        if isinstance(target, core.Tuple) or not isinstance(value, core.BinOp):
            return None
        split = taken_off(value, target)
        if split is None:
            return None
        op, rest = split
        old, new = self.view.fact(target, stmt), self.view.fact(rest, stmt)
        if isinstance(target, core.Name) and isinstance(new, Number) and self.is_number_there(target, stmt):
            return core.AugAssign(target, op, rest, at=stmt.at)
        if isinstance(target, core.Subscript):
            numbers = all(isinstance(fact, Number) and fact.shape == () for fact in (old, new))
            holder = self.view.fact(target.value, stmt)
            stays = (numbers or agree_in_place(old, new, op)) and isinstance(holder, Number) and holder.box == "array"
            return core.AugAssign(target, op, rest, at=stmt.at) if stays else None
        if not agree_in_place(old, new, op) or not isinstance(target, core.Name) or not self.owns(stmt, target.id):
            return None
        return core.AugAssign(target, op, rest, at=stmt.at)

    def is_number_there(self, variable: core.Name, stmt: core.Stmt) -> bool:
        """Whether the value of a variable is a number; where all that was supposed on the way holds, it is known from then on."""
        assumed: set[Value] = set()
        found = self.is_number(variable, stmt, assumed)
        value = self.view.values.reads[stmt].get(variable.id)
        if found:
            self.numbers.update(dict.fromkeys(assumed, True))
        elif value is not None:
            self.numbers[value] = False
        return found

    def is_number(self, expr: core.Expr, stmt: core.Stmt, assumed: set[Value]) -> bool:
        """Whether a value is a number, and no array of any kind; of the variables in `assumed` it is supposed."""
        fact = self.view.fact(expr, stmt)
        if isinstance(fact, Number) and is_immutable(fact):
            return True
        if isinstance(expr, core.BinOp):
            return self.is_number(expr.left, stmt, assumed) and self.is_number(expr.right, stmt, assumed)
        if isinstance(expr, core.UnaryOp):
            return self.is_number(expr.operand, stmt, assumed)
        value = self.view.values.reads[stmt].get(expr.id) if isinstance(expr, core.Name) else None
        return value is not None and self.holds_number(value, assumed)

    def holds_number(self, value: Value, assumed: set[Value]) -> bool:
        if value in assumed or value in self.numbers:
            return self.numbers.get(value, True)
        assumed.add(value)
        if value.merged:
            return value.bound and all(self.holds_number(source, assumed) for source in value.sources)
        stmt = value.stmt
        if isinstance(stmt, core.AugAssign):
            return self.is_number(core.BinOp(stmt.op, stmt.target, stmt.value), stmt, assumed)
        return isinstance(stmt, core.Assign) and stmt.target == core.Name(value.name) and self.is_number(stmt.value, stmt, assumed)

    def owns(self, stmt: core.Stmt, name: str) -> bool:
        """Whether no other variable that is still read may share the memory of a variable."""
        value = self.view.values.reads[stmt].get(name)
        if value is None or self.view.memory.is_outside(value) or name in self.view.values.captured:
            return False
        others = self.sharing[self.view.memory.key(value)] - {name}
        return not others & self.alive.after[stmt]


def agree_in_place(old: Fact, new: Fact, op: str) -> bool:
    """Whether `old op new` has the shape and the type of the array `old`."""
    if not (isinstance(old, Number) and isinstance(new, Number) and old.box == "array" and old.shape and new.shape is not None):
        return False
    tail = old.shape[max(0, len(old.shape) - len(new.shape)):]
    if len(new.shape) > len(old.shape) or any(n not in (1, m) for n, m in zip(new.shape, tail)):
        return False
    if old.kind != "f" or old.mixed or old.dtype is None or new.kind not in "bif":
        return False
    return new.dtype == old.dtype or new.box == "python" or old.dtype == "float64"


def taken_off(value: core.BinOp, target: core.Expr) -> tuple[str, core.Expr] | None:
    """The operator and the operand that lead from the old value of `target` to `value`: of `x + a - b`, `+` and `a - b`."""
    if value.op in UPDATES and value.left == target:
        return value.op, value.right
    if value.op in COMMUTATIVE and value.right == target and not isinstance(target, core.Subscript):
        return value.op, value.left
    if value.op == "*" and isinstance(value.left, core.BinOp) and value.left.op == "*" and not core.reads(value.left) & core.reads(target):
        return None
    chain: list[core.BinOp] = []
    first: core.Expr = value
    group = ("+", "-") if value.op in "+-" else ("*", "/")
    while isinstance(first, core.BinOp) and first.op in group:
        chain.append(first)
        first = first.left
    if len(chain) < 2 or first != target or group != ("+", "-"):
        return None
    terms = [(node.op, node.right) for node in reversed(chain)]
    lead = next((i for i, (op, _) in enumerate(terms) if op == "+"), 0)
    op, rest = terms.pop(lead)
    for sign, term in terms:
        rest = core.BinOp("+" if sign == op else "-", rest, term)
    return op, rest

