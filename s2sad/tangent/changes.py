"""What statements change in place, and under which names."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from s2sad import core
from s2sad.analysis.alias import TOGETHER, changed_by, is_holder, is_immutable, is_object_part, shared_names, walked_names
from s2sad.core import root
from s2sad.facts import Number
from s2sad.flow.layout import NONE, Layout, atomic_writes
from s2sad.infer.changes import own_expressions
from s2sad.infer.effects import CHANGING
from s2sad.meaning.semantics import Env, Semantics

Facts = Mapping[core.Stmt, Env]


@dataclass(frozen=True)
class Change:
    """The object of a variable changes in place; `holder`: only which items a container has, not the items themselves."""

    name: str
    holder: bool


def changes_of(stmt: core.Stmt, env: Env, semantics: Semantics) -> Iterator[Change]:
    """Every change in place that a statement itself makes."""
    if isinstance(stmt, (core.Assign, core.AugAssign)):
        for target in targets(stmt.target):
            if isinstance(target, core.Name):
                if isinstance(stmt, core.AugAssign) and not is_immutable(semantics.fact(target, env)):
                    yield Change(target.id, is_holder(semantics.fact(target, env)))
            elif isinstance(target, (core.Subscript, core.Attribute)) and (name := root(target)) is not None:
                yield Change(name, is_holder(semantics.fact(target.value, env)) and not is_object_part(stmt, target, semantics, env))
    if isinstance(stmt, core.Delete):
        for target in stmt.targets:
            if (name := root(target)) is not None and not isinstance(target, core.Name):
                yield Change(name, True)
    for call in calls_of(stmt):
        holder = isinstance(call.func, core.Attribute) and is_holder(semantics.fact(call.func.value, env))
        yield from (Change(name, holder) for name in sorted(changed_names(call, env, semantics)) if not name.startswith(TOGETHER))


def calls_of(stmt: core.Stmt) -> Iterator[core.Call]:
    for expr in own_expressions(stmt):
        yield from (node for node in core.evaluated(expr) if isinstance(node, core.Call))


def targets(target: core.Expr) -> Iterator[core.Expr]:
    if isinstance(target, core.Tuple):
        for elt in target.elts:
            yield from targets(elt)
    else:
        yield target.value if isinstance(target, core.Starred) else target


def changed_names(call: core.Call, env: Env, semantics: Semantics) -> frozenset[str]:
    """The variables whose objects a call may change."""
    return changed_by(call, env, semantics)


def groups(layout: Layout, facts: Facts, semantics: Semantics) -> list[tuple[frozenset[str], bool]]:
    """The variables that may share an object which changes in place, group by group; whether more changes than which items a container has."""
    found = [change for stmt in layout.statements if stmt in facts for change in changes_of(stmt, facts[stmt], semantics)]
    if not found:
        return []
    members = sharers(layout, facts, semantics)
    whole: dict[frozenset[str], bool] = {}
    for change in found:
        key = frozenset(name for name in members.get(change.name, {change.name}) if not name.startswith(TOGETHER))
        whole[key] = whole.get(key, False) or not change.holder
    return list(whole.items())


def sharers(layout: Layout, facts: Facts, semantics: Semantics) -> dict[str, set[str]]:
    """For each variable that may share memory, all that may share it, itself among them."""
    members: dict[str, set[str]] = {}
    for stmt in layout.statements:
        for names in sharing(stmt, facts.get(stmt, {}), semantics):
            group = set(names).union(*(members[name] for name in names if name in members))
            members.update(dict.fromkeys(group, group))
    return members


def returned_together(layout: Layout, facts: Facts, semantics: Semantics) -> frozenset[str]:
    """The variables of memory that a function returns under two names: a caller may change it under one, and see it under the other."""
    last = layout.statements[-1] if layout.statements else None
    if not isinstance(last, core.Return) or not isinstance(last.value, (core.Tuple, core.List, core.Dict)) or last not in facts:
        return NONE
    env = facts[last]
    held = {name for name in core.reads(last.value) if name in env and not is_immutable(env[name])}
    members = sharers(layout, facts, semantics) if len(held) > 1 else {}
    found = NONE.union(*(members[name] for name in held if name in members and len(members[name] & held) > 1))
    return frozenset(name for name in found if any(name in env and not is_immutable(env[name]) for env in facts.values()))


def sharing(stmt: core.Stmt, env: Env, semantics: Semantics) -> Iterator[set[str]]:
    """Sets of variables that may share memory after a statement."""
    if isinstance(stmt, core.Assign) or isinstance(stmt, core.AugAssign) and stmt.op == "+":
        names = shared_names(stmt.value, env, semantics)
        if isinstance(stmt, core.AugAssign) and isinstance(semantics.fact(stmt.target, env), Number):
            names = NONE
        for name, _ in atomic_writes(stmt):
            yield {name, *names}
    elif isinstance(stmt, core.For):
        names = walked_names(stmt, env, semantics)
        for name in core.bound_names(stmt.target):
            yield {name, *names}
    elif isinstance(stmt, core.ExprStmt) and isinstance(stmt.value, core.Call) and isinstance(stmt.value.func, core.Attribute):
        receiver = root(stmt.value.func)
        if receiver is not None and stmt.value.func.attr in CHANGING:
            given = (*stmt.value.args, *(value for _, value in stmt.value.keywords))
            yield {receiver}.union(*(shared_names(arg, env, semantics) for arg in given))
    for call in calls_of(stmt):
        if semantics.application(call, env) is None and (changed := changed_names(call, env, semantics)) and semantics.user_call(call, env) is not None:
            args = (*call.args, *(value for _, value in call.keywords))
            yield set(changed).union(*(shared_names(arg, env, semantics) for arg in args))

