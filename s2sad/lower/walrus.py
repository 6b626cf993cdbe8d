"""Assignment expressions as assignments, at the point where they are evaluated.

    >>> from s2sad.lower.show import show
    >>> show("r = f(x) + (y := g(x)) * y")
    value = f(x)
    y = g(x)
    r = value + y * y
    >>> show("while (step := f(x)) > tol: x -= step")
    while True:
        step = f(x)
        if not step > tol:
            break
        else:
            x -= step

What is evaluated on a condition stays on it.

    >>> show("if x > 0 and (y := f(x)) > 1: x = y")
    test = x > 0
    if test:
        y = f(x)
        test = y > 1
    if test:
        x = y
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from s2sad import core
from s2sad.lower.flow import negation, place, within
from s2sad.names import Names
from s2sad.reading.surface import Walrus


def without_walrus(block: core.Block, names: Names) -> core.Block:
    out: list[core.Stmt] = []
    for stmt in block:
        stmt = within(stmt, lambda inner: without_walrus(inner, names))
        if _has_walrus(_head(stmt)):
            hoist = _Hoist(names)
            hoist.statement(stmt)
            out += hoist.out
        else:
            out.append(stmt)
    return tuple(out)


def _head(stmt: core.Stmt) -> list[core.Expr]:
    """The expressions that a statement evaluates itself, without the statements and functions inside it."""
    return [part for part in core.children(stmt) if isinstance(part, core.Expr)]


def _has_walrus(part: core.Expr | Sequence[core.Expr]) -> bool:
    if isinstance(part, core.Expr):
        return any(isinstance(node, Walrus) for node in core.walk(part))
    return any(map(_has_walrus, part))


def _assigned(parts: Sequence[core.Expr]) -> frozenset[str]:
    found = [node for part in parts for node in core.walk(part) if isinstance(node, Walrus)]
    return frozenset(node.target.id for node in found).union(*(node.also for node in found))


def _calls(parts: Sequence[core.Expr]) -> bool:
    return any(isinstance(node, core.Call) for part in parts for node in core.walk(part))


class _Hoist:
    """Collects in `out` what has to run before an expression, so that the expression itself needs no assignment."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.out: list[core.Stmt] = []

    # Statements

    def statement(self, stmt: core.Stmt) -> None:
        if isinstance(stmt, core.While):
            test = self.expr(stmt.test)
            leave = core.If(negation(test), (core.Break(at=stmt.at),), at=stmt.at)
            self.out = [core.While(core.Const(True), (*self.out, leave, *stmt.body), at=stmt.at)]
        elif isinstance(stmt, core.Assign) and _has_walrus(stmt.target):
            value = self.kept(self.expr(stmt.value), [stmt.target])
            self.out.append(replace(stmt, target=self.expr(stmt.target), value=value))
        elif isinstance(stmt, core.AugAssign):
            self.augmented(stmt)
        elif isinstance(stmt, core.Assert) and stmt.message is not None and _has_walrus(stmt.message):
            failed = negation(self.expr(stmt.test))
            message = _Hoist(self.names)
            report = core.Assert(core.Const(False), message.expr(stmt.message), at=stmt.at)
            self.out.append(core.If(failed, (*message.out, report), at=stmt.at))
        elif isinstance(stmt, core.ExprStmt):
            value = self.expr(stmt.value)
            self.out += [] if isinstance(value, core.Name) else [replace(stmt, value=value)]
        elif isinstance(stmt, core.Assign):
            self.out.append(replace(stmt, value=self.expr(stmt.value)))
        elif isinstance(stmt, core.For):
            self.out.append(replace(stmt, iter=self.expr(stmt.iter)))
        else:
            head = iter(self.operands(_head(stmt)))
            self.out.append(core.rebuild(stmt, lambda part: next(head) if isinstance(part, core.Expr) else part))

    def augmented(self, stmt: core.AugAssign) -> None:
        """`target op= value` reads its target before the value, and stores after it."""
        target, value = stmt.target, stmt.value
        if not isinstance(target, core.Name):
            base = [*core.children(target), value]
            *parts, value = self.operands(base)
            new = iter(parts)
            target = core.rebuild(target, lambda part: next(new))
        else:
            if target.id not in _assigned([value]) and not _has_walrus(target):
                self.out.append(replace(stmt, value=self.expr(value)))
                return
            old = self.temporary(target)
            self.out += [core.AugAssign(old, stmt.op, self.expr(value), at=stmt.at), core.Assign(target, old, at=stmt.at)]
            return
        self.out.append(replace(stmt, target=target, value=value))

    # Expressions

    def expr(self, e: core.Expr) -> core.Expr:
        """An expression of the same value, to be evaluated after `out`."""
        if not _has_walrus(e):
            return e
        if isinstance(e, Walrus):
            self.out.append(core.Assign(e.target, self.expr(e.value), at=e.at))
            return e.target
        if isinstance(e, core.BoolOp) and _has_walrus(e.values[1:]):
            return self.conditional(e)
        if isinstance(e, core.IfExp) and _has_walrus((e.body, e.orelse)):
            return self.choice(e)
        if isinstance(e, core.Compare) and _has_walrus(e.operands[2:]):
            return self.comparison(e)
        if isinstance(e, core.IfExp):
            return replace(e, test=self.expr(e.test))
        if isinstance(e, core.Dict):
            return self.dictionary(e)
        callee = e.func if isinstance(e, core.Call) else None
        if isinstance(callee, core.Attribute):
            value, *others = self.operands([callee.value, *list(core.children(e))[1:]])
            new = iter([replace(callee, value=value), *others])
        else:
            new = iter(self.operands(list(core.children(e))))
        return core.rebuild(e, lambda part: next(new))  # type: ignore[no-any-return]

    def operands(self, parts: Sequence[core.Expr]) -> list[core.Expr]:
        """Expressions evaluated one after the other."""
        last = max((i for i, part in enumerate(parts) if _has_walrus(part)), default=-1)
        return [self.kept(self.expr(part), parts[i + 1 : last + 1]) for i, part in enumerate(parts)]

    def kept(self, e: core.Expr, later: Sequence[core.Expr]) -> core.Expr:
        """`e`, as it was before the assignments of `later` ran."""
        if not later or isinstance(e, core.Const):
            return e
        if isinstance(e, core.Slice) or isinstance(e, core.Tuple) and any(isinstance(elt, core.Slice) for elt in e.elts):
            return core.rebuild(e, lambda part: self.kept(part, later))  # type: ignore[no-any-return]
        changed, calls = core.reads(e) & _assigned(later), _calls(later)
        if not changed and (isinstance(e, core.Name) or not calls and not _calls([e])):
            return e
        if isinstance(e, core.Starred):
            return replace(e, value=self.temporary(core.List((e,), at=e.at)))
        if isinstance(e, core.Formatted):
            return core.Formatted(self.temporary(core.FString((e,), at=e.at)), at=e.at)
        return self.temporary(e)

    def temporary(self, value: core.Expr, name: str = "value") -> core.Name:
        temporary = core.Name(self.names.fresh(name))
        self.out.append(core.Assign(temporary, value, at=place(value)))
        return temporary

    def sub(self, target: core.Name, value: core.Expr) -> core.Block:
        inner = _Hoist(self.names)
        done = inner.expr(value)
        return (*inner.out, core.Assign(target, done, at=place(value)))

    def conditional(self, e: core.BoolOp) -> core.Expr:
        first = next(i for i, value in enumerate(e.values) if i > 0 and _has_walrus(value))
        known, rest = _joined(e, e.values[:first]), _joined(e, e.values[first:])
        result = self.temporary(self.expr(known), "test")
        self.out.append(core.If(result if e.op == "and" else negation(result), self.sub(result, rest), at=e.at))
        return result

    def choice(self, e: core.IfExp) -> core.Expr:
        test = self.expr(e.test)
        result = core.Name(self.names.fresh("value"))
        self.out.append(core.If(test, self.sub(result, e.body), self.sub(result, e.orelse), at=e.at))
        return result

    def comparison(self, e: core.Compare) -> core.Expr:
        left, middle = self.operands(e.operands[:2])
        if not isinstance(middle, core.Const) and not (isinstance(middle, core.Name) and middle.id not in _assigned(e.operands[2:])):
            left = self.kept(left, [middle])
            middle = self.temporary(middle)
        result = self.temporary(core.Compare(e.ops[:1], (left, middle), at=e.at), "test")
        rest = core.Compare(e.ops[1:], (middle, *e.operands[2:]), at=e.at)
        self.out.append(core.If(result, self.sub(result, rest), at=e.at))
        return result

    def dictionary(self, e: core.Dict) -> core.Expr:
        """Keys and values are evaluated in turn."""
        parts = [part for pair in zip(e.keys, e.values) for part in pair if part is not None]
        new = iter(self.operands(parts))
        pairs: list[Any] = [(None if key is None else next(new), next(new)) for key in e.keys]
        return replace(e, keys=tuple(key for key, _ in pairs), values=tuple(value for _, value in pairs))


def _joined(e: core.BoolOp, values: tuple[core.Expr, ...]) -> core.Expr:
    return values[0] if len(values) == 1 else core.BoolOp(e.op, values, at=e.at)
