"""Objects that are walked over, as calls of the generators that their classes define.

    for v in vector: ...    ->      for v in vector.__iter__(): ...
    x, y = vector           ->      x, y = vector.__iter__()
    sum(vector)             ->      sum(vector.__iter__())
"""
from __future__ import annotations

import functools
import itertools
import types
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from s2sad import core
from s2sad.analysis.alias import users_calls
from s2sad.facts import FunctionFact, ObjectFact
from s2sad.facts.layers import Draft
from s2sad.infer.changes import own_expressions
from s2sad.infer.environment import holders
from s2sad.infer.expressions import bindings, element
from s2sad.infer.objects import class_of, vars_of
from s2sad.meaning.semantics import Env, Semantics

WALKING = (list, tuple, set, frozenset, sorted, sum, max, min, any, all, zip, enumerate, map, filter, iter, functools.reduce,
           itertools.chain, itertools.accumulate, itertools.islice, itertools.pairwise, itertools.product)
"""Functions that walk over their arguments."""


def with_iteration(function: core.Function, facts: Mapping[core.Stmt, Env], semantics: Semantics) -> core.Function:
    """The function with the methods that walks over objects run; the very same where there are none."""
    def block(stmts: core.Block) -> core.Block:
        new = tuple(statement(stmt) for stmt in stmts)
        return stmts if all(a is b for a, b in zip(new, stmts)) else new

    def statement(stmt: core.Stmt) -> core.Stmt:
        env = facts.get(stmt)
        if env is not None and (unpacks_call(stmt) or meets_objects(stmt, env, semantics)):
            stmt = Walks(semantics, env).statement(stmt)
        return core.with_blocks(stmt, block)

    body = block(function.body)
    return function if body is function.body else replace(function, body=body)


def unpacks_call(stmt: core.Stmt) -> bool:
    return isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Tuple) and isinstance(stmt.value, core.Call)


def meets_objects(stmt: core.Stmt, env: Env, semantics: Semantics) -> bool:
    """Whether a statement may read or make an object that is walked over by its method."""
    if any(is_walked_by_method(env[name]) for name in holders(env)):
        return True
    parts = own_expressions(stmt)
    outer = [core.Name(name) for part in parts for name in core.reads(part) if name not in env]
    return any(is_walked_by_method(semantics.fact(node, env)) for node in (*outer, *(call for part in parts for call in core.calls(part))))


def is_walked_by_method(fact: object) -> bool:
    """Whether the class of a value is the user's and defines in Python what walking over it gives."""
    return isinstance(fact, ObjectFact) and class_of(fact) is not None and isinstance(vars_of(fact.cls, "__iter__"), types.FunctionType)


Node = TypeVar("Node", core.Expr, core.Stmt)


def again(node: Node, name: str, value: core.Expr | Sequence[core.Expr]) -> Node:
    """A node with a new field; the very same where that is the old one."""
    old = getattr(node, name)
    same = value is old or isinstance(value, tuple) and all(a is b for a, b in zip(value, old))
    return node if same else replace(node, **{name: value})


def iterated_by(method: core.Function) -> core.Expr | None:
    """What an `__iter__` of one line, `return iter(self.items)`, runs over."""
    last = method.body[0] if len(method.body) == 1 else None
    value = last.value if isinstance(last, core.Return) else None
    if not isinstance(value, core.Call) or value.func != core.Name("iter") or len(value.args) != 1:
        return None
    over = value.args[0]
    names = [node for node in core.walk(over) if isinstance(node, core.Name)]
    return over if [name.id for name in names] == [method.params[0].name] and not core.calls(over) else None


class Walks:
    """The walks of one statement, where variables have the facts `env`."""

    def __init__(self, semantics: Semantics, env: Env) -> None:
        self.semantics, self.env = semantics, env

    def statement(self, stmt: core.Stmt) -> core.Stmt:
        if isinstance(stmt, core.For):
            return again(stmt, "iter", self.walked(self.inside(stmt.iter)))
        if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Tuple):
            return again(stmt, "value", self.listed(self.walked(self.inside(stmt.value))))
        if isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt, core.Yield)):
            return again(stmt, "value", self.inside(stmt.value))
        if isinstance(stmt, (core.If, core.While, core.Assert)):
            return again(stmt, "test", self.inside(stmt.test))
        return stmt

    def walked(self, expr: core.Expr) -> core.Expr:
        """What gives the items of a value."""
        asked = isinstance(expr, core.Call) and isinstance(expr.func, core.Attribute) and expr.func.attr == "__iter__"
        if asked or not is_walked_by_method(self.semantics.fact(expr, self.env)):
            return expr
        asking = core.Call(core.Attribute(expr, "__iter__"), (), at=getattr(expr, "at", None))
        called = self.semantics.user_call(asking, self.env)
        over = None if called is None else iterated_by(called.program)
        if called is None or over is None:
            return asking if called is not None and called.program.is_generator else expr
        return core.substitute(over, {called.program.params[0].name: expr})

    def listed(self, expr: core.Expr) -> core.Expr:
        """The items of what a generator function, `map` or `filter` gives, as a list."""
        if not isinstance(expr, core.Call) or self.semantics.callee(core.Name("list")) is not list:
            return expr
        inside = self.semantics.fact(expr.func, self.env)
        lazy = any(called.program.is_generator for called in users_calls(expr, self.env, self.semantics))
        lazy = lazy or self.semantics.callee(expr.func) in (map, filter)
        if isinstance(inside, FunctionFact) and isinstance(inside.value, core.Function):
            lazy = inside.value.is_generator
        return core.Call(core.Name("list"), (expr,), at=expr.at) if lazy else expr

    def inside(self, expr: core.Expr) -> core.Expr:
        """An expression with the walks in it."""
        if isinstance(expr, core.Lambda):
            return expr
        if isinstance(expr, core.Comprehension):
            return self.comprehension(expr)
        new: core.Expr = core.rebuild(expr, lambda part: self.inside(part) if isinstance(part, core.Expr) else part)
        if isinstance(new, core.Starred):
            return again(new, "value", self.walked(new.value))
        if isinstance(new, core.Call) and any(self.semantics.callee(new.func) is function for function in WALKING):
            return again(new, "args", tuple(map(self.walked, new.args)))
        return new

    def comprehension(self, expr: core.Comprehension) -> core.Expr:
        """Each iterable and item is looked at where the variables of the generators before it have their facts."""
        inner = Draft(self.env)
        walks = Walks(self.semantics, inner)
        generators = []
        for generator in expr.generators:
            over = walks.walked(walks.inside(generator.iter))
            for name, fact in bindings(generator.target, element(self.semantics.fact(over, inner))):
                inner[name] = fact
            tests = tuple(map(walks.inside, generator.tests))
            same = over is generator.iter and all(a is b for a, b in zip(tests, generator.tests))
            generators.append(generator if same else replace(generator, iter=over, tests=tests))
        elements = tuple(map(walks.inside, expr.elements))
        kept = all(a is b for a, b in zip((*generators, *elements), (*expr.generators, *expr.elements)))
        return expr if kept else replace(expr, generators=tuple(generators), elements=elements)
