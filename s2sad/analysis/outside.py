"""What functions of the user's do with objects that they find outside of themselves: in globals, in variables that they capture."""
from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import repeat
from types import BuiltinFunctionType, FunctionType, ModuleType, NoneType

import numpy as np

from s2sad import core
from s2sad.analysis.alias import (
    CALLERS,
    TOGETHER,
    Aliases,
    Change,
    aliases,
    all_bindings,
    changed_by,
    pairs_before,
    shared_names,
    users_calls,
    with_partners,
)
from s2sad.analysis.called import Key, looked_into
from s2sad.analysis.published import check_published, reached, stores
from s2sad.derivatives.attributes import attributes
from s2sad.errors import refuse
from s2sad.facts import UNKNOWN, ChoiceFact, Fact, FunctionFact, Mapping, Number, RangeFact, Sequence, Unknown, join_all
from s2sad.flow.graph import Graph
from s2sad.flow.layout import NONE, Layout, atomic_writes, bound_in
from s2sad.infer import functions
from s2sad.infer.changes import own_expressions
from s2sad.infer.effects import CHANGING, WRITING, may_be_changing, may_change
from s2sad.infer.expressions import element
from s2sad.infer.functions import program
from s2sad.infer.objects import class_of, vars_of
from s2sad.meaning.callees import UserCall, facts_inside, is_function, values_captured
from s2sad.meaning.forms import spelled
from s2sad.meaning.semantics import Env, Semantics
from s2sad.reading.read import UNRESOLVED, StaticFunction, read
from s2sad.reading.scope import Scope, StaticScope
from s2sad.rules import find

CONSTANT = (int, float, complex, str, bytes, NoneType, frozenset, range, np.generic, np.ufunc, FunctionType, BuiltinFunctionType)
WALKED = (Sequence, Mapping, RangeFact, Number)
LIBRARIES = frozenset(sys.stdlib_module_names).union(functions.LIBRARIES, ("s2sad",))
HELP = "pass it as an argument"


@dataclass(frozen=True, eq=False)
class Object:
    """An object that is found outside; in a file that is read and not run, the names that its definition speaks of stand for it."""

    value: object = None
    names: frozenset[str] = NONE

    def overlaps(self, other: Object) -> bool:
        """Whether a change of one may be seen in the other."""
        return bool(self.names & other.names or self.parts.keys() & other.parts.keys()) or any(
            np.may_share_memory(a, b) for a in self.arrays for b in other.arrays)

    @cached_property
    def parts(self) -> dict[int, object]:
        """The object and all that it holds which can change."""
        found: dict[int, object] = {}
        waiting = [self.value]
        while waiting:
            one = waiting.pop()
            if isinstance(one, (*CONSTANT, ModuleType)) or id(one) in found:
                continue
            if not isinstance(one, tuple):
                found[id(one)] = one
            if isinstance(one, (list, tuple, set)):
                waiting += one
            elif isinstance(one, dict):
                waiting += one.values()
            elif not isinstance(one, type):
                waiting += (attributes(one) or {}).values()
        return found

    @property
    def arrays(self) -> list[np.ndarray]:
        return [one for one in self.parts.values() if isinstance(one, np.ndarray)]


@dataclass(frozen=True)
class Outside:
    """What a call finds outside: the objects that it names, and those that it may change in place by more than whole numbers and texts.

    `bound` are the globals that it binds to such, `given` the objects that its result, or an object that it changes, may hold or share.
    """

    named: tuple[Object, ...] = ()
    changed: tuple[Object, ...] = ()
    bound: frozenset[str] = NONE
    given: tuple[Object, ...] = ()

    def __or__(self, other: Outside) -> Outside:
        return Outside(self.named + other.named, self.changed + other.changed, self.bound | other.bound, self.given + other.given)


_known: dict[Key, Outside] = {}
_unfinished: set[Key] = set()


def reaches(call: core.Call, env: Env, semantics: Semantics, varied: frozenset[str], outer: frozenset[str]) -> UserCall | None:
    """The call of a function of the user's that changes what it finds outside, or that finds what varies here; None for any other.

    `outer` are those of the variables `varied` that the function at hand does not bind.
    """
    if semantics.application(call, env) is not None or not users_calls(call, env, semantics) or not may_reach(call, env, semantics, outer):
        return None
    for called, facts in runs(call, env, semantics):
        check_globals(called, facts, call, env, semantics, varied)
        if does_reach(called, facts, semantics, outer) and not called.program.is_generator:    # which runs as it is walked
            return called
    return None


def may_reach(call: core.Call, env: Env, semantics: Semantics, outer: frozenset[str]) -> bool:
    """Whether a call has to be looked into: something that it runs may change something, or something from outside varies here."""
    if outer or may_change(call, env, semantics.scope):
        return True
    if any(is_function(semantics.fact(arg, env)) for arg in (*call.args, *(value for _, value in call.keywords))):
        return True
    return any(stores_somewhere(called) for called in users_calls(call, env, semantics) if package_of(called) not in LIBRARIES)


def stores_somewhere(called: UserCall) -> bool:
    """Whether a function, or one that it names, as those are that a library runs, may store in parts of something."""
    if isinstance(called.function, (FunctionType, StaticFunction)):
        return _stores_by_name(called.function)
    return _stores(called.program, called.source.scope)


@lru_cache(maxsize=4096)
def _stores_by_name(function: FunctionType | StaticFunction) -> bool:
    found = program(function)
    return found is not None and _stores(*found)


def _stores(code: core.Function, scope: Scope) -> bool:
    for one in (code, *reached(code, scope)):
        for node in core.walk(one.body):
            if isinstance(node, core.Stmt) and any(not whole for _, whole in atomic_writes(node)):
                return True
            if isinstance(node, core.Call) and _may_write(node, scope):
                return True
    return False


def _may_write(call: core.Call, scope: Scope) -> bool:
    found = scope.resolve(call.func)
    if found is UNRESOLVED:
        return isinstance(call.func, core.Attribute) and may_be_changing(call.func.attr)
    rule = find(found)
    unruled = rule is None and (getattr(found, "__module__", None) or "").partition(".")[0] == "numpy"
    return "out" in dict(call.keywords) or unruled or rule is not None and bool(rule.written)


def does_reach(called: UserCall, facts: Table[str, Fact], semantics: Semantics, outer: frozenset[str]) -> bool:
    found = outside_of(called, facts)
    here = [one for name in sorted(outer) if (one := object_of(core.Name(name), semantics, NONE)) is not None]
    return bool(found.changed) or any(a.overlaps(b) for a in here for b in found.named)


def check_globals(called: UserCall, facts: Table[str, Fact], call: core.Call, env: Env, semantics: Semantics,
                  varied: frozenset[str]) -> None:
    """Refuses to call what binds a global to something that varies."""
    bound = outside_of(called, facts).bound
    if bound and any(semantics.dependencies(arg, env) & varied for arg in called.bound.values()):
        raise refuse(f"cannot differentiate through the global `{min(bound)}`, which a function that is called writes", call.at,
                     semantics.source, "pass the variable as an argument, and return its new value")


def outside_of(called: UserCall, facts: Table[str, Fact]) -> Outside:
    """What a call of a user's function does outside, itself and by the functions that it calls."""
    inside = facts_inside(called, facts, generally=True)
    key = (called.function, tuple(inside.items()))
    if key in _known or key in _unfinished:
        return _known.get(key, Outside())
    _unfinished.add(key)
    try:
        program, found, semantics = looked_into(called, inside)
        own = bound_in(program)
        values = {name: stmt.value for stmt, name in stores(program) if not semantics.fact(stmt.value, found[stmt]).discrete}
        known = aliases(program, Graph(program.body), Layout(program.body), found, semantics)
        changed = NONE.union(*({name} | others for name, others in changed_names(known, found, semantics))) - own

        def outer(names: frozenset[str], constant: tuple[type, ...]) -> tuple[Object, ...]:
            objects = (object_of(core.Name(name), semantics, own, constant) for name in sorted(names - own))
            return tuple(one for one in objects if one is not None)

        result = Outside(tuple(one for _, one in named_in(program, semantics, own)), outer(changed, (NoneType,)), frozenset(values),
                         outer(names_given(program, found, semantics), (*CONSTANT, type, ModuleType)))
        for stmt, env in found.items():
            for call in calls_in(stmt):
                for callee, given in runs(call, env, semantics):
                    result |= outside_of(callee, given)
        _known[key] = result
        return result
    finally:
        _unfinished.discard(key)


def runs(call: core.Call, env: Env, semantics: Semantics) -> Iterator[tuple[UserCall, Table[str, Fact]]]:
    """The functions of the user's that a call may run, with what is known of their parameters: the callee, or what a library is given."""
    if own := users_calls(call, env, semantics):
        own = [called for called in own if package_of(called) not in LIBRARIES]
        yield from ((called, {param: semantics.fact(arg, env) for param, arg in called.bound.items()}) for called in own)
        return
    if isinstance(call.func, core.Lambda):
        known = [semantics.fact(arg, env) for arg in call.args] if not any(isinstance(arg, core.Starred) for arg in call.args) else []
        yield from _run(FunctionFact(call.func.function), known, env, semantics)
    given = [semantics.fact(arg, env) for arg in (*call.args, *(value for _, value in call.keywords))]
    item = join_all(element(fact) if isinstance(fact, WALKED) else fact for fact in given if not is_function(fact))
    for fact in given:
        for one in fact.functions if isinstance(fact, ChoiceFact) else (fact,):
            if isinstance(one, FunctionFact):
                yield from _run(one, repeat(item), env, semantics)


def _run(function: FunctionFact, args: Iterable[Fact], env: Env, semantics: Semantics) -> Iterator[tuple[UserCall, Table[str, Fact]]]:
    """A call of a function with arguments of these facts, as far as they are known."""
    if isinstance(function.value, core.Function):
        captured = sorted(values_captured(function, env) & env.keys())
        code = replace(function.value, params=(*function.value.params, *map(core.Param, captured)), free=())
        own = {param.name: fact for param, fact in zip(function.value.params, args) if param.kind in ("plain", "positional")}
        known = {param.name: own.get(param.name, UNKNOWN) for param in code.params} | {name: env.get(name, UNKNOWN) for name in captured}
        yield UserCall(function.value, code, semantics.source, {name: core.Name(name) for name in captured}), known
    elif isinstance(function.value, FunctionType) and (found := program(function.value)) is not None:
        own = {param.name: fact for param, fact in zip(found[0].params, args) if param.kind in ("plain", "positional")}
        yield UserCall(function.value, found[0], read(function.value), {}), {p.name: own.get(p.name, UNKNOWN) for p in found[0].params}


def changed_names(known: Aliases, facts: Table[core.Stmt, Env], semantics: Semantics) -> Iterator[tuple[str, frozenset[str]]]:
    """The variables in whose objects a function may change what has a derivative, each with other names of their memory."""
    for change in known.changes:
        if _stores_numbers(change, facts, semantics):
            others = known.partners(change.name, change.stmt) if change not in known.inside else NONE
            yield change.name, frozenset(name for name in others if not name.endswith(CALLERS) and not name.startswith(TOGETHER))


def names_given(function: core.Function, facts: Table[core.Stmt, Env], semantics: Semantics) -> frozenset[str]:
    """The variables whose memory the result of a function may share, or what it stores."""
    pairs = pairs_before(function, Graph(function.body), all_bindings(Layout(function.body), facts, semantics))
    found: set[str] = set()
    for stmt, env in facts.items():
        if isinstance(stmt, core.Return) or isinstance(stmt, core.Assign) and isinstance(stmt.target, (core.Subscript, core.Attribute)):
            found |= with_partners(shared_names(stmt.value, env, semantics), pairs[stmt])
    return frozenset(found)


def given_out(call: core.Call, env: Env, semantics: Semantics) -> Iterator[tuple[UserCall, Table[str, Fact]]]:
    """The functions of the user's that a call runs, `__init__` of a class among them."""
    cls = semantics.callee(call.func)
    maker = vars_of(cls, "__init__") if isinstance(cls, type) else None
    if isinstance(cls, type) and isinstance(maker, FunctionType) and (code := program(maker)) is not None:
        yield UserCall(maker, code[0], replace(read(maker), name=cls.__name__), {}), {param.name: UNKNOWN for param in code[0].params}
    elif users_calls(call, env, semantics):
        yield from runs(call, env, semantics)


def named_in(function: core.Function, semantics: Semantics, bound: frozenset[str]) -> Iterator[tuple[core.Expr, Object]]:
    """The objects that a function finds outside by names, or by paths through modules."""
    for path in {node for node in core.walk(function.body) if isinstance(node, (core.Name, core.Attribute))}:
        if (one := object_of(path, semantics, bound)) is not None:
            yield path, one


def object_of(path: core.Expr, semantics: Semantics, bound: frozenset[str], constant: tuple[type, ...] = CONSTANT) -> Object | None:
    """The object that a name or a path through modules finds outside; None where it cannot change."""
    if core.root(path) in bound:
        return None
    found = semantics.source.scope.resolve(path, bound)
    if found is UNRESOLVED:
        scope = semantics.source.scope
        return Object(names=scope.behind(path.id)) if isinstance(path, core.Name) and isinstance(scope, StaticScope) else None
    return None if isinstance(found, constant) else Object(found)


def _stores_numbers(change: Change, facts: Table[core.Stmt, Env], semantics: Semantics) -> bool:
    """Whether a change may store what has a derivative, or take it away."""
    stmt = change.stmt
    if change.by_call or not isinstance(stmt, (core.Assign, core.AugAssign, core.ExprStmt)):
        return True
    values = [stmt.value] if not isinstance(stmt, core.ExprStmt) else [arg for call in core.calls(stmt.value) for arg in call.args]
    return not values or not all(semantics.fact(value, facts[stmt]).discrete for value in values)


def check_outside(function: core.Function, facts: Table[core.Stmt, Env], varied: Table[core.Stmt, frozenset[str]], semantics: Semantics,
                  called: bool, mirrored: bool = False) -> None:
    """Refuses what is done with objects from outside and is not followed.

    `called`: the function at hand is called by another; `mirrored`: in forward mode, where tangents share memory as their primals do.
    """
    check_published(function, facts, varied, semantics, called)
    own = bound_in(function)
    for stmt, env in facts.items():
        check_context(stmt, env, semantics)
        for call in calls_in(stmt):
            check_call(call, env, semantics, varied.get(stmt, NONE), own)
    if called or any(varied.values()):
        check_changes(function, facts, semantics, own, mirrored)


def calls_in(stmt: core.Stmt) -> Iterator[core.Call]:
    """The calls that a statement itself makes."""
    yield from (node for expr in own_expressions(stmt) for node in core.evaluated(expr) if isinstance(node, core.Call))


def check_call(call: core.Call, env: Env, semantics: Semantics, varied: frozenset[str], own: frozenset[str]) -> None:
    """Refuses a call that reaches outside and is not written out, or that may."""
    users, outer = users_calls(call, env, semantics), varied - own
    if isinstance(call.func, core.Name) and call.func.id in changed_by(call, env, semantics) and not users:
        if any(semantics.dependencies(arg, env) & varied for arg in call.args):
            raise refuse(f"cannot tell what `{call.func.id}` runs, which is given what varies", call.at, semantics.source,
                         "call a function that is known where it is called")
    if not users and is_hidden(call, env, semantics) and semantics.dependencies(call.func, env) & varied:
        raise refuse(f"cannot tell what `{spelled(call.func)}` runs, which is given what varies", call.at, semantics.source,
                     "call a function with the object as an argument")
    for callee, known in runs(call, env, semantics) if may_reach(call, env, semantics, outer) else ():
        if not users and not stores_somewhere(callee) and not outer:
            continue
        check_globals(callee, known, call, env, semantics, varied)
        if does_reach(callee, known, semantics, outer):
            raise refuse(f"cannot differentiate through `{callee.source.name}`, which changes or reads objects from outside of it",
                         call.at, semantics.source, "call it in a statement of its own, or pass the objects as arguments")


def is_hidden(call: core.Call, env: Env, semantics: Semantics) -> bool:
    """Whether a call is of a method of what is not known, by a name that neither arrays nor lists, dicts and texts have."""
    func = call.func
    if not isinstance(func, core.Attribute) or semantics.callee(func) is not UNRESOLVED or semantics.runs(call, env):
        return False
    named = func.attr in CHANGING or func.attr in WRITING or not may_be_changing(func.attr)
    return not named and isinstance(semantics.fact(func.value, env), Unknown)


def check_changes(function: core.Function, facts: Table[core.Stmt, Env], semantics: Semantics, own: frozenset[str], mirrored: bool) -> None:
    """Refuses changes of objects from outside that may be seen elsewhere, under names that are not followed."""
    known = aliases(function, Graph(function.body), Layout(function.body), facts, semantics)
    pairs = list(changed_names(known, facts, semantics))
    changed = NONE.union(*({name} | others for name, others in pairs))
    for stmt, env in facts.items() if changed else ():
        check_given(stmt, env, semantics, changed)
    named = list(named_in(function, semantics, own))
    modules = {stmt.name for stmt in facts if isinstance(stmt, core.Import)}
    modules.update(path.id for path, one in named if isinstance(path, core.Name) and isinstance(one.value, (type, ModuleType)))
    if changed & modules:
        raise refuse(f"cannot differentiate a change of what `{min(changed & modules)}` holds, a module or a class", function.at,
                     semantics.source, HELP)
    named += [(core.Name(name), Object(value)) for name, value in defaults_of(semantics.source.function) if not isinstance(value, CONSTANT)]
    for path, one in named:
        for other, second in named if core.root(path) in changed else ():
            if path != other and one.overlaps(second):
                raise refuse(f"cannot differentiate changes of `{spelled(path)}`, which `{spelled(other)}` shares memory with", function.at,
                             semantics.source, HELP)
    outer = {path.id for path, _ in named if isinstance(path, core.Name)} - own
    for name, others in pairs if not mirrored else ():
        if others & outer:
            raise refuse(f"cannot differentiate changes of `{min(others & outer)}` from outside under another name, `{name}`", function.at,
                         semantics.source, HELP)


def check_given(stmt: core.Stmt, env: Env, semantics: Semantics, changed: frozenset[str]) -> None:
    """Refuses a call whose result, or what it stores, is an object from outside of the callee, and is `changed`."""
    for call in calls_in(stmt):
        names = shared_names(call, env, semantics).union(core.bound_names(stmt.target) if isinstance(stmt, core.Assign) else ())
        for callee, known in given_out(call, env, semantics) if names & changed else ():
            if outside_of(callee, known).given:
                raise refuse(f"cannot differentiate a change of what `{callee.source.name}` gives, an object from outside of it", call.at,
                             semantics.source, HELP)


def check_context(stmt: core.Stmt, env: Env, semantics: Semantics) -> None:
    """Refuses contexts of the user's that change what they find outside."""
    cls = class_of(semantics.fact(stmt.context, env)) if isinstance(stmt, core.With) else None
    own = cls is not None and cls.__module__.partition(".")[0] not in LIBRARIES
    for method in (vars_of(cls, name) for name in ("__enter__", "__exit__")) if cls is not None and own else ():
        found = program(method) if isinstance(method, FunctionType) else None
        if found is not None and isinstance(method, FunctionType):
            unknown: dict[str, Fact] = {param.name: UNKNOWN for param in found[0].params}
            if _stores_by_name(method) and outside_of(UserCall(method, found[0], read(method), {}), unknown).changed:
                raise refuse(f"cannot differentiate through `{method.__qualname__}`, which changes objects from outside of it",
                             stmt.at, semantics.source, "write what it does before and after the body")   # type: ignore[attr-defined]


def defaults_of(function: object) -> Iterator[tuple[str, object]]:
    """The parameters of a live function that have defaults, with these."""
    if isinstance(function, FunctionType):
        code = function.__code__
        yield from zip(reversed(code.co_varnames[:code.co_argcount]), reversed(function.__defaults__ or ()))
        yield from (function.__kwdefaults__ or {}).items()


def package_of(called: UserCall) -> str:
    return (getattr(called.source.function, "__module__", None) or "").partition(".")[0]
