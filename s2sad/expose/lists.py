"""Lists of known length that stay inside the function, as a variable for each item.

    new = list(args)                    new_0 = args[0]
    new[1] = x                  ->      new_1 = args[1]
    y = fun(*new)                       new_1 = x
                                        y = fun(new_0, new_1)

A list may be made more than once, at the top level; all that is done with it must name an item, or take all of them.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad import core
from s2sad.analysis.analyse import Analysis
from s2sad.facts import Number, Sequence
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names


def with_lists_apart(analysis: Analysis, semantics: Semantics, names: Names) -> core.Function:
    """The function with one list that changes and holds what is differentiated taken apart; the very same where there is none."""
    changed = {core.root(stmt.target) for stmt in analysis.layout.statements
               if isinstance(stmt, (core.Assign, core.AugAssign)) and isinstance(stmt.target, core.Subscript)}
    for stmt in analysis.function.body:
        if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Name) and stmt.target.id in changed and stmt in analysis.facts:
            varied = semantics.dependencies(stmt.value, analysis.facts[stmt]) & analysis.activity.varied[stmt]
            if varied and (count := length(stmt.value, analysis.facts[stmt], semantics)) is not None:
                body = Items(analysis, semantics, names, stmt.target.id, count).body()
                if body is not None:
                    return replace(analysis.function, body=body)
    return analysis.function


def length(value: core.Expr, env: Env, semantics: Semantics) -> int | None:
    """How many items the list has that an expression makes; None where that is not known, or where it makes none."""
    if isinstance(value, (core.List, core.Tuple)):
        return None if any(isinstance(elt, core.Starred) for elt in value.elts) else len(value.elts)
    if not isinstance(value, core.Call) or semantics.callee(value.func) not in (list, tuple) or len(value.args) != 1 or value.keywords:
        return None
    fact = semantics.fact(value.args[0], env)
    return len(fact.items) if isinstance(fact, Sequence) and fact.items is not None and isinstance(value.args[0], core.Name) else None


class UnknownUseError(Exception):
    """The list is used as a whole, or by a place that is not known."""


class Items:
    """The rewriting of one function for one list."""

    def __init__(self, analysis: Analysis, semantics: Semantics, names: Names, name: str, count: int) -> None:
        self.facts = analysis.facts
        self.function = analysis.function
        self.semantics = semantics
        self.name = name
        self.names = names
        self.count = count
        self.items: tuple[core.Expr, ...] = ()
        self.is_tuple = False

    def body(self) -> core.Block | None:
        """The body without the list; None where not all uses of it are known."""
        try:
            return tuple(new for stmt in self.function.body for new in self.statement(stmt, True))
        except UnknownUseError:
            return None

    def statement(self, stmt: core.Stmt, top: bool) -> list[core.Stmt]:
        if isinstance(stmt, core.Assign) and stmt.target == core.Name(self.name):
            if not top or stmt not in self.facts or length(stmt.value, self.facts[stmt], self.semantics) != self.count:
                raise UnknownUseError
            return self.made(stmt)
        if not self.items:
            return [stmt]
        target = getattr(stmt, "target", None)
        targets = stmt.targets if isinstance(stmt, core.Delete) else () if target is None else (target,)
        if any(self.name in core.bound_names(place) for place in targets) or stmt not in self.facts and self.mentions(stmt):
            raise UnknownUseError
        if any(self.mentions(target) for target in targets) and (self.is_tuple or isinstance(stmt, core.Delete)):
            raise UnknownUseError
        env = self.facts.get(stmt, {})
        new = core.rebuild(stmt, lambda child: self.expr(child, env) if isinstance(child, core.Expr) else child)
        new = core.with_blocks(new, lambda block: tuple(out for inner in block for out in self.statement(inner, False)))
        if self.mentions(new):
            raise UnknownUseError
        return [new]

    def mentions(self, node: Any) -> bool:
        return any(isinstance(part, core.Name) and part.id == self.name for part in core.walk(node))

    def made(self, stmt: core.Assign) -> list[core.Stmt]:
        """`new = [a, b]` as `new_0 = a; new_1 = b`."""
        env, value = self.facts[stmt], stmt.value
        if isinstance(value, core.Call):
            whole = value.args[0]
            known = self.items and whole == core.Name(self.name)
            elts = self.items if known else tuple(core.Subscript(whole, core.Const(i)) for i in range(self.count))
        else:
            elts = value.elts  # type: ignore[attr-defined]
        elts = tuple(self.expr(elt, env) for elt in elts) if self.items else elts
        fresh = tuple(core.Name(self.names.fresh(f"{self.name}_{i}")) for i in range(self.count))
        self.items = fresh
        self.is_tuple = isinstance(value, core.Tuple) or isinstance(value, core.Call) and self.semantics.callee(value.func) is tuple
        return [core.Assign(item, elt, at=stmt.at) for item, elt in zip(fresh, elts)]

    def expr(self, node: core.Expr, env: Env) -> core.Expr:
        whole = core.Name(self.name)
        if isinstance(node, core.Subscript) and node.value == whole:
            return self.part(node.index, env)
        if isinstance(node, core.Call) and node.args == (whole,) and not node.keywords:
            callee = self.semantics.callee(node.func)
            if callee in (list, tuple):
                return (core.List if callee is list else core.Tuple)(self.items)
            if callee is len:
                return core.Const(self.count)
        if isinstance(node, core.Call) and core.Starred(whole) in node.args:
            node = replace(node, args=self.spread(node.args))
        if isinstance(node, (core.List, core.Tuple)) and core.Starred(whole) in node.elts:
            node = replace(node, elts=self.spread(node.elts))
        changed: core.Expr = core.rebuild(node, lambda child: self.expr(child, env) if isinstance(child, core.Expr) else child)
        return changed

    def spread(self, elts: tuple[core.Expr, ...]) -> tuple[core.Expr, ...]:
        return tuple(new for elt in elts for new in (self.items if elt == core.Starred(core.Name(self.name)) else (elt,)))

    def part(self, index: core.Expr, env: Env) -> core.Expr:
        """The variable of the item at a place that is known."""
        fact = self.semantics.fact(index, env)
        place = index.value if isinstance(index, core.Const) else fact.value if isinstance(fact, Number) else None
        if not isinstance(place, int) or not -self.count <= place < self.count:
            raise UnknownUseError
        return self.items[place]
