"""Loops over lists that become longer or shorter meanwhile: `may_resize(loop, ...)`, and what they stand for.

    for v in queue:                     ->      i = 0
        if len(queue) < 8:                      while i < len(queue):
            queue.append(v * x)                     v = queue[i]
                                                    i += 1
                                                    if len(queue) < 8:
                                                        queue.append(v * x)
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from s2sad import core
from s2sad.analysis.alias import Aliases, changed_by, shared_names
from s2sad.expose.iterate import Items
from s2sad.facts import Fact, Sequence, Unknown
from s2sad.facts.births import births
from s2sad.facts.fact import BORN_HERE
from s2sad.flow.layout import Layout
from s2sad.infer.changes import own_expressions
from s2sad.meaning.semantics import Env, Semantics

RESIZING = frozenset(("append", "extend", "insert", "pop", "remove", "clear"))


def may_resize(loop: core.For, layout: Layout, facts: Mapping[core.Stmt, Env], aliases: Aliases, semantics: Semantics) -> bool:
    """Whether the body of a loop may change the length of a list that the loop runs over."""
    walked = [] if loop not in facts else list(_lists(loop.iter, facts[loop], semantics))
    if not walked:
        return False
    roots = frozenset[str]().union(*(shared_names(items, facts[loop], semantics) for items, _ in walked))
    def is_one(path: core.Expr, found: frozenset[int] | None, stmt: core.Stmt) -> bool:
        """Whether a list that a statement reaches by `path`, of these births (None: not known), may be one that the loop runs over."""
        names = shared_names(path, facts[stmt], semantics)
        related = bool(roots & names.union(*(aliases.partners(name, stmt) for name in names)))
        return any(related if found is None or isinstance(fact, Unknown) else bool(found & _born(fact)) for _, fact in walked)

    for stmt in (inner for inner in layout.inside(loop) if inner in facts):
        for path in _resized(stmt):
            fact = semantics.fact(path, facts[stmt])
            if isinstance(fact, Unknown) and is_one(path, None, stmt) or isinstance(fact, Sequence) and is_one(path, _born(fact), stmt):
                return True
        for call in (node for part in own_expressions(stmt) for node in core.evaluated(part) if isinstance(node, core.Call)):
            for name in map(core.Name, sorted(changed_by(call, facts[stmt], semantics))):
                fact = semantics.fact(name, facts[stmt])
                if is_one(name, None if isinstance(fact, Unknown) else births(fact), stmt):
                    return True
    return False


def _lists(iterable: core.Expr, env: Env, semantics: Semantics) -> Iterator[tuple[core.Expr, Fact]]:
    """What a loop runs over that may be a list which is known elsewhere, with its fact."""
    if isinstance(iterable, core.Call):
        if semantics.callee(iterable.func) in (zip, enumerate, reversed):
            for arg in iterable.args:
                yield from _lists(arg, env, semantics)
    elif isinstance(iterable, (core.Name, core.Attribute, core.Subscript)):
        fact = semantics.fact(iterable, env)
        sliced = isinstance(iterable, core.Subscript) and isinstance(iterable.index, core.Slice)
        if not sliced and (isinstance(fact, Unknown) or isinstance(fact, Sequence) and fact.kind == "list"):
            yield iterable, fact


def _born(fact: Fact) -> frozenset[int]:
    return fact.born or BORN_HERE if isinstance(fact, Sequence) else BORN_HERE


def _resized(stmt: core.Stmt) -> Iterator[core.Expr]:
    """The lists whose length a statement itself may change."""
    if isinstance(stmt, core.Delete):
        yield from (target.value for target in stmt.targets if isinstance(target, core.Subscript))
    if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Subscript) and isinstance(stmt.target.index, core.Slice):
        yield stmt.target.value
    if isinstance(stmt, core.AugAssign):
        yield stmt.target
    for part in own_expressions(stmt):
        for call in core.walk(part):
            if isinstance(call, core.Call) and isinstance(call.func, core.Attribute) and call.func.attr in RESIZING:
                yield call.func.value


def stepwise(loop: core.For, items: Items, index: core.Name) -> list[core.Stmt]:
    """The loop over items whose number is looked at again before each of them."""
    step = core.AugAssign(index, "+", core.Const(1), at=loop.at)
    body = (*items.bound(loop.target, index, loop.at), step, *loop.body)
    return [core.Assign(index, core.Const(0), at=loop.at), core.While(core.Compare(("<",), (index, items.length)), body, at=loop.at)]
