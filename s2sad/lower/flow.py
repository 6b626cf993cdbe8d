"""Questions about control flow that several rewrites ask: does a statement let the next one run, where may it jump to?"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from s2sad import core
from s2sad.reading.surface import LoopElse

Kinds = frozenset[type[core.Stmt]]
_NONE: Kinds = frozenset()
_RETURN: Kinds = frozenset((core.Return,))


class Flow:
    """Answers about the statements of one function, each found once."""

    def __init__(self) -> None:
        self._jumps: dict[core.Stmt, Kinds] = {}
        self._ends: dict[core.Stmt, bool] = {}

    def jumps(self, part: core.Stmt | core.Block) -> Kinds:
        """Which of Break, Continue and Return stand inside; those that only leave or repeat a loop inside do not count."""
        if isinstance(part, tuple):
            return _NONE.union(*map(self.jumps, part))
        if part not in self._jumps:
            if isinstance(part, (core.Break, core.Continue, core.Return)):
                found: Kinds = frozenset((type(part),))
            elif isinstance(part, core.If):
                found = self.jumps(part.body) | self.jumps(part.orelse)
            elif isinstance(part, (core.While, core.For)):
                found = self.jumps(part.body) & _RETURN
            elif isinstance(part, (core.With, core.Try)):
                found = _NONE.union(*map(self.jumps, core.blocks(part)))
            else:
                found = _NONE
            self._jumps[part] = found
        return self._jumps[part]

    def ends(self, part: core.Stmt | core.Block) -> bool:
        """Whether what follows never runs."""
        if isinstance(part, tuple):
            return any(map(self.ends, part))
        if part not in self._ends:
            if isinstance(part, core.If):
                ends = self.ends(part.body) and self.ends(part.orelse)
            elif isinstance(part, core.Try):
                ends = self.ends(part.final) or self.ends((*part.body, *part.orelse)) and all(self.ends(h.body) for h in part.handlers)
            else:
                ends = isinstance(part, (core.Break, core.Continue, core.Return, core.Raise)) or self.endless(part)
            self._ends[part] = ends
        return self._ends[part]

    def endless(self, stmt: core.Stmt) -> bool:
        """Whether it is a `while True` that nothing but a return or an exception leaves."""
        return (isinstance(stmt, core.While) and isinstance(stmt.test, core.Const) and bool(stmt.test.value)
                and core.Break not in self.jumps(stmt.body))


def never_returns(function: core.Function) -> bool:
    """Whether all that a call may end in is an exception."""
    return not function.is_generator and not isinstance(function.body[-1], core.Return) and Flow().ends(function.body)


def branch(test: core.Expr, body: Iterable[core.Stmt], orelse: Iterable[core.Stmt], at: core.Place | None) -> core.If:
    """`if test: body else: orelse`; where the body is empty, the test is turned round."""
    body, orelse = tuple(body), tuple(orelse)
    if body:
        return core.If(test, body, orelse, at=at)
    return core.If(negation(test), orelse, at=at) if orelse else core.If(test, (core.Pass(at=at),), at=at)


def negation(test: core.Expr) -> core.Expr:
    return test.operand if isinstance(test, core.UnaryOp) and test.op == "not" else core.UnaryOp("not", test, at=place(test))


def within(stmt: core.Stmt, change: Callable[[core.Block], core.Block]) -> core.Stmt:
    """The statement with `change` applied to the blocks inside it."""
    if isinstance(stmt, core.If):
        return replace(stmt, body=change(stmt.body), orelse=change(stmt.orelse))
    if isinstance(stmt, (core.While, core.For, core.With)):
        return replace(stmt, body=change(stmt.body))
    if isinstance(stmt, core.Try):
        handlers = tuple(replace(handler, body=change(handler.body)) for handler in stmt.handlers)
        return replace(stmt, body=change(stmt.body), handlers=handlers, orelse=change(stmt.orelse), final=change(stmt.final))
    if isinstance(stmt, LoopElse):
        loop = within(stmt.loop, change)
        assert isinstance(loop, (core.While, core.For))
        return replace(stmt, loop=loop, orelse=change(stmt.orelse))
    return stmt


def flag(name: str, value: bool, at: core.Place | None) -> core.Stmt:
    return core.Assign(core.Name(name), core.Const(value), at=at)


def place(node: Any) -> core.Place | None:
    at: core.Place | None = node.at
    return at
