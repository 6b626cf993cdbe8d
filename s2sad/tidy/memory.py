"""Which values may share memory, and which statements change it: classes of values, joined wherever a reference is copied.

    v = u[1:]         v and u share memory
    w = u + v         w has its own
    v[0] = 1.0        changes what u and v share
"""
from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping

from s2sad import core, runtime
from s2sad.activity import pairwise
from s2sad.alias import changed_by, is_immutable, shared_names
from s2sad.core import root
from s2sad.facts import Number
from s2sad.layout import NONE, Layout
from s2sad.scope import UNRESOLVED
from s2sad.semantics import Env, Semantics
from s2sad.tidy.values import Value, Values, heads

MAY_GIVE = {"zeros": (), "copied": (), "unbroadcast": (0,), "sum_to_shape": (0,), "closed": (0,), "add": (0, 1)}
"""The arguments whose memory the results of functions of the runtime may share; of others all."""


def helper(call: core.Call, semantics: Semantics) -> str:
    """The name of the function of the runtime that a call runs."""
    func = call.func
    if not isinstance(func, core.Name) or func.id not in runtime.__all__ or func.id in semantics.local:
        return ""
    found = semantics.callee(func)
    return func.id if found is UNRESOLVED or found is getattr(runtime, func.id) else ""


def shared(expr: core.Expr, env: Env, semantics: Semantics) -> frozenset[str]:
    """The variables whose memory the value of `expr` may share, or hold."""
    if isinstance(expr, core.Call) and (name := helper(expr, semantics)) in MAY_GIVE:
        return NONE.union(*(shared(expr.args[i], env, semantics) for i in MAY_GIVE[name] if i < len(expr.args)))
    if isinstance(expr, (core.Tuple, core.List)):
        return NONE.union(*(shared(elt, env, semantics) for elt in expr.elts))
    return shared_names(expr, env, semantics)


class Memory:
    """The classes of the values of a function; what a caller can see belongs to the class `outside`."""

    def __init__(self, values: Values, layout: Layout, facts: Mapping[core.Stmt, Env], semantics: Semantics) -> None:
        self.values, self.layout, self.facts, self.semantics = values, layout, facts, semantics
        self._parent = list(range(len(values.all) + 1))
        self._outside = len(values.all)
        self._writes: dict[int, list[core.Stmt]] = {}
        self._names: dict[int, set[str]] = {}
        for value in values.entry.values():
            self._join(value.number, self._outside)
        for value in values.all:
            for source in value.sources:
                self._join(value.number, source.number)
        writes: list[tuple[core.Stmt, Value]] = []
        for stmt in layout.statements:
            env = facts.get(stmt)
            if env is None:
                continue
            self._bind(stmt, env)
            writes += ((stmt, value) for value in self._written(stmt, env))
        for stmt, value in writes:
            found = self._writes.setdefault(self._class(value.number), [])
            if not found or found[-1] is not stmt:
                found.append(stmt)
        self._starts = {number: [layout.start[stmt] for stmt in stmts] for number, stmts in self._writes.items()}

    def _class(self, number: int) -> int:
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def _join(self, a: int, b: int) -> None:
        a, b = self._class(a), self._class(b)
        if a != b:
            self._parent[max(a, b)] = min(a, b)

    def _share(self, value: Value, names: Iterable[str], stmt: core.Stmt) -> None:
        read = self.values.reads[stmt]
        for name in sorted(names):
            other = read.get(name)
            self._join(value.number, self._outside if other is None else other.number)

    def _bind(self, stmt: core.Stmt, env: Env) -> None:
        bound = self.values.bound.get(stmt, {})
        if isinstance(stmt, core.Assign):
            for name, source in assigned(stmt.target, stmt.value):
                if name in bound:
                    self._share(bound[name], shared(source, env, self.semantics), stmt)
            for target in stored(stmt.target):
                if not isinstance(self.semantics.fact(target.value, env), Number):
                    self._hold(target, stmt.value, stmt, env)
        elif isinstance(stmt, core.AugAssign):
            fact = self.semantics.fact(stmt.target, env)
            if isinstance(stmt.target, core.Name):
                if not is_immutable(fact):
                    self._share(bound[stmt.target.id], (stmt.target.id,), stmt)
                if not isinstance(fact, Number):
                    self._share(bound[stmt.target.id], shared(stmt.value, env, self.semantics), stmt)
            elif not isinstance(fact, Number):
                self._hold(stmt.target, stmt.value, stmt, env)
        elif isinstance(stmt, core.For):
            names = shared(stmt.iter, env, self.semantics)
            for value in bound.values():
                self._share(value, names, stmt)
        elif isinstance(stmt, core.ExprStmt):
            # `items.append(x)`: the container holds what it is given.
            call = stmt.value
            path = root(call.func) if isinstance(call, core.Call) and isinstance(call.func, core.Attribute) else None
            holder = self.values.reads[stmt].get(path) if path is not None else None
            if holder is not None:
                assert isinstance(call, core.Call)
                for arg in (*call.args, *(value for _, value in call.keywords)):
                    self._share(holder, shared(arg, env, self.semantics), stmt)
        else:
            for value in bound.values():
                self._join(value.number, self._outside)

    def _hold(self, target: core.Expr, value: core.Expr, stmt: core.Stmt, env: Env) -> None:
        name = root(target)
        holder = self.values.reads[stmt].get(name) if name is not None else None
        names = shared(value, env, self.semantics)
        if holder is not None:
            self._share(holder, names, stmt)
        else:
            for other in sorted(names):
                self._join(self.values.reads[stmt][other].number if other in self.values.reads[stmt] else self._outside, self._outside)

    def _written(self, stmt: core.Stmt, env: Env) -> Iterator[Value]:
        """The values of which a statement changes the memory."""
        read = self.values.reads.get(stmt, {})
        if isinstance(stmt, core.Assign):
            for target in stored(stmt.target):
                name = root(target)
                if name in read:
                    yield read[name]
        elif isinstance(stmt, core.AugAssign):
            if not isinstance(stmt.target, core.Name) or not is_immutable(self.semantics.fact(stmt.target, env)):
                name = root(stmt.target)
                if name in read:
                    yield read[name]
        elif isinstance(stmt, core.Delete):
            yield from (read[name] for name in map(root, stmt.targets) if name in read)
        for expr in heads(stmt):
            for call in calls(expr):
                if not helper(call, self.semantics):
                    yield from (read[name] for name in sorted(changed_by(call, env, self.semantics)) if name in read)

    # Asking

    def is_outside(self, value: Value) -> bool:
        """Whether the memory of a value may be known to the caller."""
        return self._class(value.number) == self._class(self._outside)

    def together(self, a: Value, b: Value) -> bool:
        """Whether two values may share memory."""
        return self._class(a.number) == self._class(b.number)

    def key(self, value: Value) -> int:
        """The same for all values that may share memory."""
        return self._class(value.number)

    def writers(self, value: Value) -> list[core.Stmt]:
        """The statements that change the memory of a value, in the order of the text."""
        return self._writes.get(self._class(value.number), [])

    def is_steady(self, value: Value, after: int, before: int) -> bool:
        """Whether no statement between two positions of the text, both excluded, changes the memory of a value."""
        starts = self._starts.get(self._class(value.number))
        return starts is None or bisect_right(starts, after) == bisect_left(starts, before)


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


def calls(expr: core.Expr) -> Iterator[core.Call]:
    kind = type(expr)
    if kind is core.Name or kind is core.Const:
        return
    if isinstance(expr, core.Call):
        yield expr
    for child in core.children(expr):
        if isinstance(child, core.Expr):
            yield from calls(child)
        elif not isinstance(child, core.Stmt):
            for node in core.walk(child):
                if isinstance(node, core.Call):
                    yield node

