"""What statements change in place, and under which names."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from s2sad import core
from s2sad.analysis.alias import TOGETHER, is_holder, is_immutable, is_object_part, shared_names
from s2sad.analysis.called import looked_into
from s2sad.core import root
from s2sad.facts import Fact, Number
from s2sad.flow.layout import NONE, Layout, atomic_writes
from s2sad.infer.changes import own_expressions
from s2sad.infer.effects import CHANGING, WRITING, may_change
from s2sad.meaning.callees import UserCall, of_callee, own_calls
from s2sad.meaning.semantics import Env, Semantics
from s2sad.reading.read import UNRESOLVED

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
        yield from (node for node in core.walk(expr) if isinstance(node, core.Call))


def targets(target: core.Expr) -> Iterator[core.Expr]:
    if isinstance(target, core.Tuple):
        for elt in target.elts:
            yield from targets(elt)
    else:
        yield target.value if isinstance(target, core.Starred) else target


def changed_names(call: core.Call, env: Env, semantics: Semantics) -> frozenset[str]:
    """The variables whose objects a call may change."""
    found = NONE.union(*(shared_names(value, env, semantics) for name, value in call.keywords if name == "out"))
    applied = semantics.application(call, env) if not found else None
    if applied is not None:
        return found.union(*(shared_names(applied.bound[p], env, semantics) for p in applied.rule.written if p in applied.bound))
    if isinstance(call.func, core.Attribute):
        owner = semantics.callee(call.func.value)
        if owner is UNRESOLVED and call.func.attr in CHANGING | WRITING:
            return found | shared_names(call.func.value, env, semantics)
    if not may_change(call, env, semantics.scope):
        return found
    called = semantics.user_call(call, env)
    possible = [called] if called is not None else own_calls(call, env, semantics.source)
    if possible is not None:
        for one in possible:
            facts = {param: semantics.fact(arg, env) for param, arg in one.bound.items()}
            found = found.union(*(shared_names(one.bound[p], env, semantics) for p in written_params(one, facts) if p in one.bound))
        return found
    receiver = call.func.value if isinstance(call.func, core.Attribute) else call.func
    args = [receiver, *call.args, *(value for _, value in call.keywords)]
    return found.union(*(shared_names(arg, env, semantics) for arg in args))


_written: dict[object, frozenset[str]] = {}
_looking: set[object] = set()


def written_params(called: UserCall, facts: Mapping[str, Fact]) -> frozenset[str]:
    """The parameters whose objects a function changes in place.

    A recursive function is taken to change nothing at first, and looked at again until nothing is added.
    """
    key = called.function
    if key in _looking:
        return _written.get(key, NONE)
    _looking.add(key)
    _written[key] = NONE
    program, found, semantics = looked_into(called, of_callee(facts, generally=True))
    params = frozenset(param.name for param in program.params)
    layout = Layout(program.body)
    try:
        while True:
            written = NONE.union(*(group for group, _ in groups(layout, found, semantics))) & params
            written = frozenset(p for p in written if not is_immutable(facts.get(p, Number("?"))))
            if written == _written[key]:
                return written
            _written[key] = written
    finally:
        _looking.discard(key)


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
        names = shared_names(stmt.iter, env, semantics)
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

