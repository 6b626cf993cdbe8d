"""Iterators in variables, as lists of what they give and the number of items given so far.

    it = iter(xs)                       it_items = list(xs)
    first = next(it)            ->      it_count = 0
    for v in it:                        first = it_items[it_count]
        total += v * first              it_count += 1
                                        while it_count < len(it_items):
                                            v = it_items[it_count]
                                            it_count += 1
                                            total += v * first

An iterator that is used once, where it is made, needs no count: it is the list.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad import core
from s2sad.analysis.analyse import Analysis
from s2sad.errors import refuse
from s2sad.expose.generators import called_by, is_finite
from s2sad.facts import Sequence as SequenceFact
from s2sad.meaning.semantics import Semantics
from s2sad.names import Names
from s2sad.quote import quote, quote_expr

HELP = "make a list of it"


def without_iterators(analysis: Analysis, semantics: Semantics, names: Names) -> core.Function:
    """The function with the first active iterator that a variable holds written out; the very same where there is none."""
    for stmt in analysis.layout.statements:
        if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Name) and holds_iterator(stmt, analysis, semantics):
            return Iterator(analysis, semantics, names, stmt, stmt.target.id).function()
    return analysis.function


def holds_iterator(stmt: core.Assign, analysis: Analysis, semantics: Semantics) -> bool:
    """Whether an assignment makes a variable an iterator over what is differentiated."""
    env = analysis.facts[stmt]
    active = semantics.dependencies(stmt.value, env) & analysis.activity.varied[stmt]
    if not isinstance(stmt.value, (core.Call, core.Comprehension)) or not active:
        return False
    if isinstance(stmt.value, core.Comprehension):
        return stmt.value.kind == "generator"
    fact = semantics.fact(stmt.value, env)
    called = called_by(stmt.value, env, semantics)
    return isinstance(fact, SequenceFact) and fact.kind == "iterator" or called is not None and called.function.is_generator


class Iterator:
    """The rewriting of one function for one variable."""

    def __init__(self, analysis: Analysis, semantics: Semantics, names: Names, made: core.Assign, name: str) -> None:
        self.analysis = analysis
        self.semantics = semantics
        self.made = made
        self.name = name
        self.names = names
        self.items = ""
        self.count = ""

    def function(self) -> core.Function:
        layout, env = self.analysis.layout, self.analysis.facts[self.made]
        called = called_by(self.made.value, env, self.semantics)
        if called is not None and not is_finite(called.function):
            raise self.refusal("cannot differentiate through a generator in a variable that may have no end", "loop over its call")
        if layout.writers[self.name] != [self.made]:
            raise self.refusal("cannot differentiate through an iterator in a variable that is bound twice", HELP)
        value: core.Expr = core.Call(core.Name("list"), (source_of(self.made.value, self.semantics),), at=self.made.at)
        uses = [(stmt, used) for stmt in layout.statements for used in self.uses(stmt)]
        if len(uses) == 1 and layout.loops_around(uses[0][0]) == layout.loops_around(self.made) and uses[0][1] != "next":
            new: core.Block = (replace(self.made, value=value),)
            return replace(self.analysis.function, body=self.put(self.analysis.function.body, new))
        if any(used == "other" for _, used in uses):
            raise self.refusal("cannot differentiate through an iterator that is used in several ways", HELP)
        self.items, self.count = self.names.fresh(f"{self.name}_items"), self.names.fresh(f"{self.name}_count")
        new = (core.Assign(core.Name(self.items), value, at=self.made.at), *quote("COUNT = 0", COUNT=self.count))
        return replace(self.analysis.function, body=self.put(self.analysis.function.body, new))

    def refusal(self, reason: str, help: str) -> Exception:
        return refuse(reason, self.made.value.at, self.semantics.source, help)  # type: ignore[attr-defined]

    def uses(self, stmt: core.Stmt) -> list[str]:
        """How a statement itself uses the iterator: `loop`, `next`, or in another way."""
        if isinstance(stmt, core.For) and stmt.iter == core.Name(self.name):
            return ["loop"]
        parts = [part for part in core.children(stmt) if isinstance(part, (core.Expr, core.Function))]
        if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Name):
            parts = [stmt.value]
        nexts = [node for part in parts for node in outside_branches(part) if self.is_next(node)]
        mentions = sum(isinstance(node, core.Name) and node.id == self.name for part in parts for node in core.walk(part))
        simple = isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt))
        return ["next"] * len(nexts) + ["other"] * (mentions - len(nexts)) if simple else ["other"] * mentions

    def is_next(self, node: Any) -> bool:
        called = isinstance(node, core.Call) and self.semantics.callee(node.func) is next and not node.keywords
        return called and bool(node.args) and node.args[0] == core.Name(self.name)

    def put(self, block: core.Block, new: core.Block) -> core.Block:
        out: list[core.Stmt] = []
        for stmt in block:
            if stmt is self.made:
                out += new
            elif not self.items:
                out.append(core.with_blocks(stmt, lambda inner: self.put(inner, new)))
            elif isinstance(stmt, core.Try) and (asked := self.asked(stmt)) is not None:
                step = (*self.step(asked, stmt.at), *self.put(stmt.orelse, new))
                out.append(core.If(self.left(), step, self.put(stmt.handlers[0].body, new), at=stmt.at))
            elif isinstance(stmt, core.For) and stmt.iter == core.Name(self.name):
                body = self.put(stmt.body, new)
                out.append(core.While(self.left(), (*self.step(stmt.target, stmt.at), *body), at=stmt.at))
            else:
                out += self.stepped(core.with_blocks(stmt, lambda inner: self.put(inner, new)))
        return tuple(out)

    def asked(self, stmt: core.Try) -> core.Expr | None:
        """The target of `try: target = next(it)` with a handler for the end, which is a test whether there is another item."""
        only = stmt.body[0] if len(stmt.body) == 1 else None
        if not isinstance(only, core.Assign) or not self.is_next(only.value) or len(only.value.args) != 1:  # type: ignore[attr-defined]
            return None
        if len(stmt.handlers) != 1 or stmt.final or stmt.handlers[0].name or stmt.handlers[0].exception is None:
            return None
        return only.target if self.semantics.callee(stmt.handlers[0].exception) is StopIteration else None

    def left(self) -> core.Expr:
        """Whether there is another item."""
        return quote_expr("COUNT < len(ITEMS)", COUNT=self.count, ITEMS=self.items)

    def step(self, target: core.Expr, at: core.Place | None) -> list[core.Stmt]:
        item = core.Subscript(core.Name(self.items), core.Name(self.count))
        return [core.Assign(target, item, at=at), *quote("COUNT += 1", COUNT=self.count)]

    def stepped(self, stmt: core.Stmt) -> list[core.Stmt]:
        """A statement with its calls of `next` before it, in the order in which they run."""
        if not isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt)):
            return [stmt]
        out: list[core.Stmt] = []
        value = stmt.value
        for call in [node for node in outside_branches(value) if self.is_next(node)]:
            item = core.Name(self.names.fresh("item"))
            if len(call.args) > 1:
                other: core.Block = (core.Assign(item, call.args[1], at=stmt.at),)
                out.append(core.If(self.left(), tuple(self.step(item, stmt.at)), other, at=stmt.at))
            else:
                ended = core.If(core.UnaryOp("not", self.left()), quote("raise StopIteration"), at=stmt.at)
                out += [ended, *self.step(item, stmt.at)]
            value = swapped(value, call, item)
        return [*out, replace(stmt, value=value)] if out else [stmt]


def outside_branches(node: Any) -> Any:
    """The parts of an expression that are always evaluated, once, in the order of their evaluation."""
    if isinstance(node, (core.Lambda, core.Comprehension, core.IfExp, core.BoolOp, core.Function)):
        return
    for child in core.children(node):
        yield from outside_branches(child)
    yield node


def swapped(expr: core.Expr, old: core.Expr, new: core.Expr) -> core.Expr:
    if expr is old:
        return new
    changed: core.Expr = core.rebuild(expr, lambda part: swapped(part, old, new) if isinstance(part, core.Expr) else part)
    return changed


def source_of(value: core.Expr, semantics: Semantics) -> core.Expr:
    """What an iterator runs over: `xs` of `iter(xs)`."""
    if isinstance(value, core.Call) and semantics.callee(value.func) is iter and len(value.args) == 1:
        return value.args[0]
    return value
