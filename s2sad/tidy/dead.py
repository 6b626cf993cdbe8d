"""Dead code: what no one reads and has no effect goes away, whole loops too.

    total = 0.0                                         ->      x_bar = np.zeros_like(x)
    for i in range(len(x)):                                     for i in reversed(range(len(x))):
        total += x[i] ** 2                                          x_bar[i] += 2 * x[i]
    x_bar = np.zeros_like(x)                                    return x_bar
    for i in reversed(range(len(x))):
        x_bar[i] += 2 * x[i]
    return x_bar

An exception of the primal must come out of its derivative.  So a statement of the forward sweep that may raise stays, unless each of its
operations that may is evaluated again, on the same values, by what stays: above, `x[i]` is.
"""
from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice

from s2sad import core
from s2sad.flow.layout import COMPOUND
from s2sad.tidy.effects import WRITING, helper
from s2sad.tidy.values import Value
from s2sad.tidy.view import View

DIVISIONS = ("/", "//", "%")


def without_dead_code(view: View) -> core.Function:
    """The function without the statements that are not needed."""
    needed = Marking(view).needed()

    def block(stmts: core.Block) -> core.Block:
        return tuple(new for stmt in stmts for new in statement(stmt))

    def statement(stmt: core.Stmt) -> Iterator[core.Stmt]:
        if isinstance(stmt, core.Comment):
            yield stmt
        elif stmt not in needed:
            return
        elif isinstance(stmt, core.If):
            body, orelse = block(stmt.body), block(stmt.orelse)
            if body or orelse:
                new = replace(stmt, body=body, orelse=orelse) if body else core.If(opposite(stmt.test), orelse, at=stmt.at)
                yield view.again(stmt, new)
            else:
                yield view.again(stmt, core.ExprStmt(stmt.test, at=stmt.at))
        elif isinstance(stmt, (core.For, core.While)):
            yield view.again(stmt, replace(stmt, body=block(stmt.body) or (view.again(stmt, core.Pass()),)))
        elif isinstance(stmt, (core.With, core.Try)):
            yield view.again(stmt, core.with_blocks(stmt, lambda part: block(part) or (view.again(stmt, core.Pass()),) if part else ()))
        else:
            yield stmt

    if all(stmt in needed or isinstance(stmt, core.Comment) for stmt in view.layout.statements):
        return view.function
    return replace(view.function, body=block(view.function.body))


def opposite(test: core.Expr) -> core.Expr:
    return test.operand if isinstance(test, core.UnaryOp) and test.op == "not" else core.UnaryOp("not", test)


class Marking:
    """Marks what is needed, from the statements with effects backwards."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.marked: dict[core.Stmt, None] = {}
        self.seen: set[Value] = set()
        self.classes: set[int] = set()
        self.waiting: list[core.Stmt] = []

    def needed(self) -> Collection[core.Stmt]:
        view = self.view
        doubtful: list[tuple[core.Stmt, list[core.Expr]]] = []
        for stmt in view.layout.statements:
            if self.has_effect(stmt):
                self.need(stmt)
            elif view.is_forward(stmt) and (found := self.raised_by(stmt)):
                doubtful.append((stmt, found))
        self.spread()
        if doubtful:
            self.decide(doubtful)
        return self.marked

    def need(self, stmt: core.Stmt) -> None:
        if stmt not in self.marked:
            self.marked[stmt] = None
            self.waiting.append(stmt)

    def spread(self) -> None:
        view = self.view
        while self.waiting:
            stmt = self.waiting.pop()
            for outer in view.layout.around[stmt]:
                self.need(outer)
            if isinstance(stmt, (core.For, core.While)):
                for inner in view.layout.inside(stmt):
                    if isinstance(inner, (core.Break, core.Continue)) and view.layout.loops_around(inner)[-1] is stmt:
                        self.need(inner)
            for value in view.values.reads.get(stmt, {}).values():
                self.need_value(value)

    def need_value(self, value: Value) -> None:
        waiting = [value]
        while waiting:
            value = waiting.pop()
            if value in self.seen:
                continue
            self.seen.add(value)
            if value.stmt is not None:
                self.need(value.stmt)
            if not value.bound or value.name in self.view.values.captured:     # read later than it seems
                for stmt in self.view.layout.writers.get(value.name, ()):
                    self.need(stmt)
            waiting += value.sources
            key = self.view.memory.key(value)
            if key not in self.classes:
                self.classes.add(key)
                for writer in self.view.memory.writers(value):
                    self.need(writer)

    def has_effect(self, stmt: core.Stmt) -> bool:
        """Whether a statement does more than give values to variables and to memory of the function's own."""
        view = self.view
        if isinstance(stmt, (core.Comment, core.Pass, core.Break, core.Continue, core.Define, core.Try)):
            return False
        if not isinstance(stmt, (core.Assign, core.AugAssign, core.ExprStmt, *COMPOUND)) or view.is_guarded(stmt):
            return True
        summary, read = view.summary(stmt), view.values.reads[stmt]
        if any(name not in read or view.memory.is_outside(read[name]) for name in summary.written):
            return True
        return any(not self.is_own(call, stmt) for call in summary.impure)

    def is_own(self, call: core.Call, stmt: core.Stmt) -> bool:
        """Whether all that a call does is to change what is the function's own: `x_stack.append(x)`."""
        if helper(call, self.view.semantics) in WRITING:
            return True
        func = call.func
        if not isinstance(func, core.Attribute) or not isinstance(func.value, core.Name) or not self.view.summary(stmt).is_of_list(func):
            return False
        value = self.view.values.reads[stmt].get(func.value.id)
        return value is not None and not self.view.memory.is_outside(value)

    def raised_by(self, stmt: core.Stmt) -> list[core.Expr]:
        view = self.view
        if isinstance(stmt, (core.Comment, core.Define)) or self.mirrors(stmt):
            return []
        unsure = (core.Name(name) for name, value in view.values.reads[stmt].items() if not view.values.is_sure(value))
        return [*view.summary(stmt).raising, *unsure]

    def mirrors(self, stmt: core.Stmt) -> bool:
        """Whether a statement does to adjoints what the one before it does to the variables, and raises where that does."""
        target = stmt.target if isinstance(stmt, core.Assign) else None
        return isinstance(target, core.Name) and target.id in self.view.said - self.view.own

    def decide(self, doubtful: list[tuple[core.Stmt, list[core.Expr]]]) -> None:
        """Marks the statements with an operation that may raise and is not evaluated again by what is marked."""
        keys = Keys(self.view, {outline(node) for stmt, found in doubtful if stmt not in self.marked for node in found})
        kept: set[object] = set()
        counted = 0
        for stmt, found in doubtful:
            if stmt in self.marked:
                continue
            for other in islice(self.marked, counted, None):
                kept.update(keys.evaluated(other))
            counted = len(self.marked)
            if not all(key in kept for node in found for key in keys.keys(node, stmt)):
                self.need(stmt)
                self.spread()


class Keys:
    """Names what is evaluated where: two evaluations with equal keys raise alike."""

    def __init__(self, view: View, outlines: set[object]) -> None:
        self.view, self.outlines = view, outlines
        self.paths: dict[core.Stmt, object] = {}

    def evaluated(self, stmt: core.Stmt) -> Iterator[object]:
        for expr in self.view.summary(stmt).heads:
            for node in always(expr):
                if outline(node) in self.outlines:
                    yield from self.keys(node, stmt)

    def keys(self, node: core.Expr, stmt: core.Stmt) -> Iterator[object]:
        """Division raises where a factor of the divisor is zero."""
        if isinstance(node, core.BinOp) and node.op in DIVISIONS:
            for factor in factors(node.right):
                yield self.path(stmt), "zero", self.expression(factor, stmt)
        else:
            yield self.path(stmt), self.expression(node, stmt)

    def expression(self, node: core.Expr, stmt: core.Stmt) -> core.Expr:
        """The expression with its variables named by their values; what a loop binds by what it runs over, whatever the direction."""
        read = self.view.values.reads[stmt]
        return core.substitute(node, {name: self.variable(value) for name, value in read.items()})

    def variable(self, value: Value) -> core.Expr:
        if isinstance(value.stmt, core.For) and not value.merged and isinstance(value.stmt.target, core.Name):
            return core.Call(core.Name("#item"), (core.Const(repr(self.steps(value.stmt))),))
        return core.Name(f"#{value.number}")

    def steps(self, loop: core.For) -> object:
        over = loop.iter
        if isinstance(over, core.Call) and over.func == core.Name("reversed"):
            over = over.args[0]
        return len(self.view.layout.loops_around(loop)), self.expression(over, loop)

    def path(self, stmt: core.Stmt) -> object:
        around = self.view.layout.around[stmt]
        if not around:
            return ()
        if stmt not in self.paths:
            outer = around[-1]
            if isinstance(outer, core.For) and not self.view.layout.leaves(outer):
                step: object = ("for", repr(self.steps(outer)))
            elif isinstance(outer, core.If):
                test, inside = outer.test, any(stmt is s for s in outer.body)
                while isinstance(test, core.UnaryOp) and test.op == "not":
                    test, inside = test.operand, not inside
                step = ("if", repr(self.expression(test, outer)), inside)
            else:
                step = outer
            self.paths[stmt] = (self.path(outer), step)
        return self.paths[stmt]


def outline(node: core.Expr) -> object:
    """What two evaluations must have in common to raise alike: a cheap test before their keys are compared."""
    if isinstance(node, core.BinOp):
        return "/" if node.op in DIVISIONS else node.op
    if isinstance(node, core.Call):
        return node.func
    return node.value if isinstance(node, core.Subscript) and isinstance(node.value, core.Name) else type(node)


def factors(expr: core.Expr) -> Iterator[core.Expr]:
    """Expressions of which one is zero where `expr` is."""
    if isinstance(expr, core.BinOp) and expr.op == "*":
        yield from factors(expr.left)
        yield from factors(expr.right)
    elif isinstance(expr, core.BinOp) and (expr.op == "/" or expr.op == "**" and isinstance(expr.right, core.Const)):
        yield from factors(expr.left)
    elif isinstance(expr, core.UnaryOp) and expr.op == "-":
        yield from factors(expr.operand)
    elif not (isinstance(expr, core.Const) and expr.value):
        yield expr


def always(expr: core.Expr) -> Iterator[core.Expr]:
    """The parts of an expression that are evaluated whenever it is."""
    yield expr
    if isinstance(expr, (core.Lambda, core.Comprehension)):
        return
    if isinstance(expr, core.BoolOp):
        yield from always(expr.values[0])
    elif isinstance(expr, core.IfExp):
        yield from always(expr.test)
    else:
        for child in core.children(expr):
            if isinstance(child, core.Expr):
                yield from always(child)

