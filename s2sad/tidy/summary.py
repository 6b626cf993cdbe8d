"""What one statement does by itself: the variables that it reads, the memory that it shares and changes, its effects.

A summary depends on the statement and its facts alone, so that it holds in every version of the program in which the statement stands.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import is_

from s2sad import core
from s2sad.analysis.alias import changed_by, is_immutable, shared_names
from s2sad.core import root
from s2sad.facts import Number, RangeFact, Sequence, Text
from s2sad.flow.layout import COMPOUND, NONE, pairwise
from s2sad.meaning.forms import is_smaller
from s2sad.meaning.semantics import Env, Semantics
from s2sad.tidy.effects import WRITING, call_is_pure, helper, is_computing, may_raise, raising

MAY_GIVE = {"zeros": (), "copied": (), "unbroadcast": (0,), "sum_to_shape": (0,), "closed": (0,), "add": (0, 1),
            "accumulated": (0, 1), "part_added": (0,), "entry": (0,), "attribute": (0,)}
"""The arguments whose memory the results of functions of the runtime may share; of others all."""


KINDS = "biufc"
"""The kinds of numbers: an array takes, in place, those of its own kind and before."""

STORE = core.Name("#store")
"""Stands for what stores a value in a place: no expression evaluates it again."""


@dataclass(frozen=True)
class Sharing:
    """The value of `name` after the statement, or the object that it holds (`holder`), may share memory with `names`."""

    name: str
    names: frozenset[str]
    holder: bool


@dataclass(frozen=True)
class Summary:
    """One statement, compound ones without their blocks."""

    stmt: core.Stmt
    env: Env
    semantics: Semantics

    @cached_property
    def heads(self) -> tuple[core.Expr, ...]:
        """The expressions that the statement evaluates, those inside its targets too, but no name that it binds."""
        return heads(self.stmt)

    @cached_property
    def mentions(self) -> list[tuple[str, bool]]:
        """The names that it reads, once for each mention, in the order of the text; whether from inside a nested scope."""
        found: list[tuple[str, bool]] = []
        for expr in self.heads:
            _mentions(expr, found)
        return found

    @cached_property
    def calls(self) -> tuple[core.Call, ...]:
        return tuple(call for expr in self.heads for call in core.calls(expr))

    @cached_property
    def impure(self) -> tuple[core.Call, ...]:
        """The calls that may do more than give a value."""
        return tuple(call for call in self.calls if not call_is_pure(call, self.env, self.semantics))

    @cached_property
    def raising(self) -> tuple[core.Expr, ...]:
        """The operations that may raise, reading a variable that is not bound aside."""
        stmt = self.stmt
        found = [node for expr in self.heads for node in raising(expr, self.env, self.semantics) if not self.pushes(node)]
        if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Tuple) and not self._unpacks(stmt.target, stmt.value):
            found.append(stmt.value)
        if isinstance(stmt, core.For) and not self._iterates(stmt):
            found.append(stmt.iter)
        if isinstance(stmt, core.Assign):
            pairs = [(target, stmt.value if target is stmt.target else core.Const(None)) for target in stored(stmt.target)]
            found += [core.Call(STORE, pair) for pair in pairs if self._store_may_raise(*pair)]
        elif isinstance(stmt, core.AugAssign):
            operation = core.BinOp(stmt.op, stmt.target, stmt.value)
            found += [operation] if may_raise(operation, self.env, self.semantics) else []
            found += [core.Call(STORE, (stmt.target, stmt.value))] if self._store_may_raise(stmt.target, stmt.value) else []
        return tuple(found)

    def _store_may_raise(self, target: core.Expr, value: core.Expr) -> bool:
        """Whether a part may not take a value, by its shape or its type, or a whole array what is added to it."""
        part, given = self.semantics.fact(target, self.env), self.semantics.fact(value, self.env)
        holder = self.semantics.fact(target.value, self.env) if isinstance(target, (core.Subscript, core.Attribute)) else part
        if isinstance(holder, Sequence) and holder.kind == "tuple" and holder is not part or isinstance(holder, Text):
            return True
        if isinstance(part, Number) and part.box != "array" and isinstance(self.stmt, core.AugAssign) and holder is part:
            return False
        if not isinstance(holder, Number) or holder.box != "array":
            return False
        if not isinstance(part, Number) or not isinstance(given, Number) or part.shape is None or given.shape is None:
            return True
        if not isinstance(self.stmt, core.AugAssign):
            return not is_smaller(given, part)
        result = self.semantics.fact(core.BinOp(self.stmt.op, target, value), self.env)
        takes = KINDS[:KINDS.find(part.kind) + 1]
        return not (isinstance(result, Number) and result.kind in takes and is_smaller(given, part))

    @cached_property
    def is_plain(self) -> bool:
        """Whether it assigns the value of operations alone, no display of new objects among them."""
        return isinstance(self.stmt, core.Assign) and is_plain(self.stmt.value)

    def is_of_list(self, method: core.Expr) -> bool:
        """Whether an expression is the method of a list that pushes or pops."""
        if not isinstance(method, core.Attribute) or method.attr not in ("append", "pop"):
            return False
        fact = self.semantics.fact(method.value, self.env)
        return isinstance(fact, Sequence) and fact.kind == "list"

    def pushes(self, expr: core.Expr) -> bool:
        """Whether an expression pushes on a list, or is the method that does."""
        if isinstance(expr, core.Call):
            return isinstance(expr.func, core.Attribute) and expr.func.attr == "append" and self.is_of_list(expr.func)
        return self.is_of_list(expr)

    def _unpacks(self, target: core.Tuple, value: core.Expr) -> bool:
        """Whether a value is known to have as many items as its targets."""
        if isinstance(value, core.Tuple) and len(value.elts) == len(target.elts):
            return True
        fact = self.semantics.fact(value, self.env)
        flat = not any(isinstance(elt, (core.Tuple, core.Starred)) for elt in target.elts)
        return flat and isinstance(fact, Sequence) and fact.items is not None and len(fact.items) == len(target.elts)

    def _iterates(self, stmt: core.For) -> bool:
        """Whether a loop is known to run over what it is given."""
        fact = self.semantics.fact(stmt.iter, self.env)
        known = isinstance(fact, (RangeFact, Sequence)) or isinstance(fact, Number) and bool(fact.shape)
        return known and isinstance(stmt.target, core.Name)

    # Memory

    @cached_property
    def sharing(self) -> tuple[Sharing, ...]:
        return tuple(self._sharing())

    def _sharing(self) -> Iterator[Sharing]:
        stmt, env, semantics = self.stmt, self.env, self.semantics
        for writing in self.impure:
            if writing.args and helper(writing, semantics):
                held = NONE.union(*(shared(arg, env, semantics) for arg in writing.args))
                yield from (Sharing(name, held, True) for name in sorted(shared(writing.args[0], env, semantics)))
        if isinstance(stmt, core.Assign):
            for name, source in assigned(stmt.target, stmt.value):
                yield Sharing(name, shared(source, env, semantics), False)
            for target in stored(stmt.target):
                if not isinstance(semantics.fact(target.value, env), Number):
                    yield Sharing(root(target) or "", shared(stmt.value, env, semantics), True)
        elif isinstance(stmt, core.AugAssign):
            fact = semantics.fact(stmt.target, env)
            if isinstance(stmt.target, core.Name):
                same = NONE if is_immutable(fact) else frozenset((stmt.target.id,))
                yield Sharing(stmt.target.id, same if isinstance(fact, Number) else same | shared(stmt.value, env, semantics), False)
            elif not isinstance(fact, Number):
                yield Sharing(root(stmt.target) or "", shared(stmt.value, env, semantics), True)
        elif isinstance(stmt, core.For):
            names = shared(stmt.iter, env, semantics)
            yield from (Sharing(name, names, False) for name in core.bound_names(stmt.target))
        elif isinstance(stmt, core.ExprStmt):
            # `items.append(x)`: the container holds what it is given.
            call = stmt.value
            if isinstance(call, core.Call) and isinstance(call.func, core.Attribute) and (holder := root(call.func)) is not None:
                for arg in (*call.args, *(value for _, value in call.keywords)):
                    yield Sharing(holder, shared(arg, env, semantics), True)

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The variables whose memory it changes."""
        return tuple(name for name in dict.fromkeys(self._written()) if name is not None)

    def _written(self) -> Iterator[str | None]:
        stmt, env, semantics = self.stmt, self.env, self.semantics
        if isinstance(stmt, core.Assign):
            yield from map(root, stored(stmt.target))
        elif isinstance(stmt, core.AugAssign):
            if not isinstance(stmt.target, core.Name) or not is_immutable(semantics.fact(stmt.target, env)):
                yield root(stmt.target)
        elif isinstance(stmt, core.Delete):
            yield from map(root, stmt.targets)
        for call in self.calls:
            name = helper(call, semantics)
            if not name:
                yield from sorted(changed_by(call, env, semantics))
            elif not is_computing(name):
                for arg in call.args[:1] if name in WRITING else call.args:
                    yield from sorted(shared(arg, env, semantics))


@dataclass(frozen=True)
class Summaries:
    """The summaries of statements in all versions of a program; `facts` hold for the variables before each."""

    facts: Mapping[core.Stmt, Env]
    semantics: Semantics
    known: dict[core.Stmt, Summary] = field(default_factory=dict)

    def __call__(self, stmt: core.Stmt) -> Summary:
        found = self.known.get(stmt)
        if found is None:
            found = self.known[stmt] = Summary(stmt, self.facts.get(stmt, {}), self.semantics)
        return found

    def again(self, old: core.Stmt, new: core.Stmt) -> None:
        """Notes that a compound statement stands in the place of another one with the same expressions."""
        if isinstance(new, COMPOUND) and old in self.known and all(map(is_, heads(old), heads(new))):
            self.known[new] = self.known[old]


def heads(stmt: core.Stmt) -> tuple[core.Expr, ...]:
    if isinstance(stmt, (core.If, core.While)):
        return (stmt.test,)
    if isinstance(stmt, core.For):
        return (stmt.iter,)
    if isinstance(stmt, core.With):
        return (stmt.context, *(() if stmt.target is None else _inside(stmt.target)))
    if isinstance(stmt, core.Try):
        return tuple(handler.exception for handler in stmt.handlers if handler.exception is not None)
    if isinstance(stmt, core.Assign):
        return (stmt.value, *_inside(stmt.target))
    if isinstance(stmt, core.AugAssign):
        return (stmt.target, stmt.value)
    if isinstance(stmt, core.Define):
        return (core.Lambda(stmt.function),)
    return tuple(child for child in core.children(stmt) if isinstance(child, core.Expr))


def _inside(target: core.Expr) -> Iterator[core.Expr]:
    if isinstance(target, (core.Tuple, core.List)):
        for elt in target.elts:
            yield from _inside(elt)
    elif isinstance(target, core.Starred):
        yield from _inside(target.value)
    elif not isinstance(target, core.Name):
        yield target


def _mentions(expr: core.Expr, found: list[tuple[str, bool]]) -> None:
    kind = type(expr)
    if kind is core.Name:
        found.append((expr.id, False))  # type: ignore[attr-defined]
    elif kind is core.BinOp:
        _mentions(expr.left, found)  # type: ignore[attr-defined]
        _mentions(expr.right, found)  # type: ignore[attr-defined]
    elif kind is core.Comprehension or kind is core.Lambda:
        found.extend((name, True) for name in sorted(core.reads(expr)))
    elif kind is not core.Const:
        for child in core.children(expr):
            _mentions(child, found)


def is_plain(expr: core.Expr) -> bool:
    """Whether an expression is made of operations alone, no display of new objects among them."""
    kind = type(expr)
    if kind is core.Name or kind is core.Const:
        return True
    if kind in (core.List, core.Dict, core.Set, core.Comprehension, core.Lambda, core.Starred):
        return False
    return all(is_plain(child) for child in core.children(expr) if isinstance(child, core.Expr))


def shared(expr: core.Expr, env: Env, semantics: Semantics) -> frozenset[str]:
    """The variables whose memory the value of `expr` may share, or hold."""
    if isinstance(expr, core.Call) and (name := helper(expr, semantics)) in MAY_GIVE:
        return NONE.union(*(shared(expr.args[i], env, semantics) for i in MAY_GIVE[name] if i < len(expr.args)))
    if isinstance(expr, (core.Tuple, core.List)):
        return NONE.union(*(shared(elt, env, semantics) for elt in expr.elts))
    return shared_names(expr, env, semantics)


def assigned(target: core.Expr, value: core.Expr) -> Iterator[tuple[str, core.Expr]]:
    """The names that an assignment binds, each with the expression whose value, or a part of it, it gets."""
    if isinstance(target, core.Name):
        yield target.id, value
    elif isinstance(target, core.Tuple):
        parts = value.elts if pairwise(target, value) else (value,) * len(target.elts)  # type: ignore[attr-defined]
        for part, source in zip(target.elts, parts):
            yield from assigned(part, source)
    elif isinstance(target, core.Starred):
        yield from assigned(target.value, value)


def stored(target: core.Expr) -> Iterator[core.Subscript | core.Attribute]:
    """The subscripts and attributes that an assignment stores into."""
    if isinstance(target, core.Tuple):
        for elt in target.elts:
            yield from stored(elt)
    elif isinstance(target, core.Starred):
        yield from stored(target.value)
    elif isinstance(target, (core.Subscript, core.Attribute)):
        yield target
