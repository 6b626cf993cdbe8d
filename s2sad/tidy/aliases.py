"""Which variables may share memory where: a forward analysis over pairs of names.

    a = np.zeros(3)      # nothing
    b = a[1:]            # a ~ b
    a, c = c, a          # b ~ c
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from s2sad import core
from s2sad.activity import root
from s2sad.graph import Graph
from s2sad.solve import Solution, solve
from s2sad.tidy.knowledge import NONE, Knowledge, arguments

OUTSIDE = "<outside>"
"""Stands for the caller's memory: the arguments and the global variables."""

Aliases = Mapping[str, frozenset[str]]
"""For each name, the other names that may hold a part of its memory; a name without any is missing."""


def aliases(function: core.Function, graph: Graph, knowledge: Knowledge) -> Solution[Aliases]:
    """The names that may share memory before and after each statement."""
    start: dict[str, frozenset[str]] = {}
    shared = [param.name for param in function.params if knowledge.is_shared(param.name)]
    shared += [name for name in function.free if knowledge.is_shared(name)]
    for name in shared:
        _link(start, name, (OUTSIDE,))
    return solve(graph, "forward", start, lambda stmt, known: after(stmt, known, knowledge), _join)


def after(stmt: core.Stmt, known: Aliases, knowledge: Knowledge) -> Aliases:
    """The aliases after a statement."""
    if isinstance(stmt, core.Assign):
        return _assigned(stmt, known, knowledge)
    if isinstance(stmt, core.For):
        names = [name for name in core.bound_names(stmt.target) if knowledge.is_shared(name)]
        sources = _closure(knowledge.shares(stmt.iter), known, knowledge) if names else NONE
        return _bound(known, {name: sources | (set(names) - {name} if sources else set()) for name in names}, core.bound_names(stmt.target))
    if isinstance(stmt, (core.Define, core.Import)):
        sources = frozenset(stmt.function.free) if isinstance(stmt, core.Define) else NONE
        return _bound(known, {stmt.name: _closure(sources, known, knowledge)}, (stmt.name,))
    if isinstance(stmt, core.AugAssign) and not isinstance(stmt.target, core.Name) or isinstance(stmt, core.AugAssign) and knowledge.is_shared(_id(stmt)):
        return _stored(known, root(stmt.target), knowledge.shares(stmt.value), knowledge)
    if isinstance(stmt, core.ExprStmt) and isinstance(stmt.value, core.Call) and not knowledge.effects(stmt).pure:
        return _passed(known, stmt.value, knowledge)
    return known


def _id(stmt: core.AugAssign) -> str:
    return stmt.target.id if isinstance(stmt.target, core.Name) else ""


def _assigned(stmt: core.Assign, known: Aliases, knowledge: Knowledge) -> Aliases:
    target, value = stmt.target, stmt.value
    if isinstance(target, core.Name):
        new = {target.id: _closure(knowledge.shares(value), known, knowledge)} if knowledge.is_shared(target.id) else {}
        result = _bound(known, new, (target.id,))
    elif isinstance(target, (core.Subscript, core.Attribute)):
        result = _stored(known, root(target), knowledge.shares(value), knowledge, _holds(target, knowledge))
    else:
        names = list(core.bound_names(target))
        parts = value.elts if isinstance(value, (core.Tuple, core.List)) else ()
        targets = target.elts if isinstance(target, (core.Tuple, core.List)) else ()
        if len(parts) == len(targets) == len(names) and not any(isinstance(part, core.Starred) for part in (*parts, *targets)):
            before = {name: knowledge.shares(part) if knowledge.is_shared(name) else NONE for name, part in zip(names, parts)}
            return _exchanged(known, before, knowledge)
        sources = _closure(knowledge.shares(value), known, knowledge)
        result = _bound(known, {name: sources for name in names if knowledge.is_shared(name)}, names)
    return _passed(result, value, knowledge) if isinstance(value, core.Call) and not knowledge.effects(stmt).pure else result


def _holds(target: core.Subscript | core.Attribute, knowledge: Knowledge) -> bool:
    """Whether a store keeps the very object: a list does, an array copies numbers."""
    from s2sad.facts import Number

    return isinstance(target, core.Attribute) or not isinstance(knowledge.fact(target.value), Number)


def _exchanged(known: Aliases, sources: Mapping[str, frozenset[str]], knowledge: Knowledge) -> Aliases:
    """After `a, b = e, f`: what the new values share is asked of the old ones."""
    closures = {name: _closure(values, known, knowledge) for name, values in sources.items()}
    result = {name: others for name, others in known.items()}
    for name in sources:
        for other in result.pop(name, NONE):
            if other in result:
                result[other] = result[other] - {name}
    for name, others in closures.items():
        _link(result, name, (other for other in others if other not in sources))
    names = list(closures)
    for i, a in enumerate(names):
        for b in names[i + 1:]:
            if closures[a] & sources[b] or closures[b] & sources[a]:
                _link(result, a, (b,))
    return {name: others for name, others in result.items() if others}


def _closure(names: Iterable[str], known: Aliases, knowledge: Knowledge) -> frozenset[str]:
    """The names, and what they may share memory with; a global variable is outside."""
    found: set[str] = set()
    for name in names:
        found.add(name if name in knowledge.env else OUTSIDE)
        found |= known.get(name, NONE)
    return frozenset(found)


def _bound(known: Aliases, new: Mapping[str, Iterable[str]], names: Iterable[str]) -> Aliases:
    gone = [name for name in names if name in known]
    links = {name: set(others) - {name} for name, others in new.items()}
    if not gone and not any(links.values()):
        return known
    result = dict(known)
    for name in gone:
        for other in result.pop(name):
            if other in result:
                rest = result[other] - {name}
                if rest:
                    result[other] = rest
                else:
                    del result[other]
    for name, others in links.items():
        _link(result, name, others)
    return result


def _stored(known: Aliases, name: str | None, sources: frozenset[str], knowledge: Knowledge, holds: bool = True) -> Aliases:
    if name is None or not sources or not holds or not knowledge.is_shared(name):
        return known
    result = dict(known)
    for other in {name, *known.get(name, NONE)} - {OUTSIDE}:
        _link(result, other, _closure(sources, known, knowledge) - {other})
    return result


def _passed(known: Aliases, call: core.Call, knowledge: Knowledge) -> Aliases:
    """After an unknown call its arguments may share memory with each other; after `a.append(b)` a holds b."""
    func = call.func
    if isinstance(func, core.Attribute) and func.attr == "append" and len(call.args) == 1:
        return _stored(known, root(func.value), knowledge.shares(call.args[0]), knowledge)
    changed = knowledge.changed(call)
    if not changed or isinstance(func, core.Attribute) and func.attr in ("pop", "at", "reverse", "sort", "clear"):
        return known
    given = changed.union(*(knowledge.shares(arg) for arg in arguments(call)))
    result = dict(known)
    for name in changed:
        _link(result, name, _closure(given, known, knowledge) - {name})
    return result


def _link(result: dict[str, frozenset[str]], name: str, others: Iterable[str]) -> None:
    for other in others:
        if other != name:
            result[name] = result.get(name, NONE) | {other}
            if other != OUTSIDE:
                result[other] = result.get(other, NONE) | {name}


def _join(a: Aliases, b: Aliases) -> Aliases:
    if a is b or a == b:
        return a
    result = dict(a)
    for name, others in b.items():
        result[name] = result.get(name, NONE) | others
    return result
