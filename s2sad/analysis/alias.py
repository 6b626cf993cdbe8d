"""Which variables may share memory, and which objects change in place.

The reverse sweep restores variables one by one.  That is right as long as no change in place reaches a variable under another name while
its value still counts: such a program is refused here.  What is saved of an object that changes later is saved as a copy.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass

from s2sad import core
from s2sad.core import root
from s2sad.errors import DifferentiationError
from s2sad.facts import ChoiceFact, Fact, FunctionFact, Mapping, Number, ObjectFact, Sequence, Text, Unknown
from s2sad.facts.layers import Draft
from s2sad.flow.graph import Graph
from s2sad.flow.layout import NONE, Layout, appended, pairwise
from s2sad.flow.solve import solve
from s2sad.infer.changes import own_expressions
from s2sad.infer.effects import CHANGING, WRITING, may_change
from s2sad.infer.environment import ever
from s2sad.infer.expressions import bindings, element
from s2sad.meaning.callees import UserCall, is_defined_here, own_calls, values_captured
from s2sad.meaning.semantics import Env, Semantics

Pairs = frozenset[tuple[str, str]]
Bindings = tuple[tuple[str, frozenset[str], bool], ...]
WAY_OUT = "make a copy first (`y = x.copy()`), or return a new array"


REPEATING = ("np.broadcast_to", "np.broadcast_arrays", "np.meshgrid", "np.lib.stride_tricks.sliding_window_view")
"""The functions whose views hold one entry in several places."""


def is_immutable(fact: Fact) -> bool:
    """Whether no change in place can reach a value: a number, a text, a function."""
    if isinstance(fact, Number):
        return fact.is_bare
    if isinstance(fact, Sequence):
        return fact.kind == "tuple" and all(map(is_immutable, (fact.each,) if fact.items is None else fact.items))
    return fact.discrete and not isinstance(fact, (Mapping, ObjectFact)) or isinstance(fact, (Text, FunctionFact, ChoiceFact))


def shared_names(expr: core.Expr, env: Env, semantics: Semantics) -> frozenset[str]:
    """The variables whose memory the value of `expr` may share, or hold."""
    if isinstance(expr, (core.Const, core.Compare, core.FString)):
        return NONE
    fact = semantics.fact(expr, env)
    if is_immutable(fact) or isinstance(expr, core.Call) and semantics.counts(expr, env):
        return NONE
    if isinstance(expr, core.Name):
        return frozenset((expr.id,))
    if isinstance(expr, core.Subscript):
        return NONE if copies(expr, env, semantics) else shared_names(expr.value, env, semantics)
    if isinstance(expr, (core.BinOp, core.UnaryOp)) and isinstance(fact, Number):
        return NONE
    if isinstance(expr, core.BinOp) and isinstance(fact, (Sequence, Mapping)):
        return shared_names(expr.left, env, semantics) | shared_names(expr.right, env, semantics)
    if isinstance(expr, core.Lambda):
        return frozenset(expr.function.free)
    if isinstance(expr, core.IfExp):
        return shared_names(expr.body, env, semantics) | shared_names(expr.orelse, env, semantics)
    if isinstance(expr, core.Comprehension):
        return _held_by_items(expr, env, semantics)
    if isinstance(expr, core.Call) and is_defined_here(inside := semantics.fact(expr.func, env)):
        given = (*expr.args, *(value for _, value in expr.keywords))
        return values_captured(inside, env).union(*(shared_names(arg, env, semantics) for arg in given))
    applied = semantics.application(expr, env)
    if applied is not None:
        facts = {param: semantics.fact(arg, env) for param, arg in applied.bound.items()}
        shares = applied.rule.shares(applied.bound, facts)
        return NONE.union(*(shared_names(applied.bound[param], env, semantics) for param in shares))
    if is_forward(expr, semantics):
        return NONE.union(*(shared_names(arg, env, semantics) for arg in expr.args))  # type: ignore[attr-defined]
    if isinstance(expr, core.Call) and (called := users_calls(expr, env, semantics)):
        from s2sad.analysis.called import holds_together, returned_by
        together = (f"{TOGETHER}{one.source.name}" for one in called if holds_together(one, env, semantics))
        return frozenset(together).union(*(passed_through(one, returned_by, env, semantics) for one in called))
    return NONE.union(*(shared_names(child, env, semantics) for child in core.children(expr) if isinstance(child, core.Expr)))


def _held_by_items(expr: core.Comprehension, env: Env, semantics: Semantics) -> frozenset[str]:
    """The variables whose memory the items of a comprehension may share, or hold."""
    inside = Draft(env)
    reached: dict[str, frozenset[str]] = {}
    for generator in expr.generators:
        held = _without(shared_names(generator.iter, inside, semantics), reached)
        for name, fact in bindings(generator.target, element(semantics.fact(generator.iter, inside))):
            inside[name] = fact
            reached[name] = held
    return _without(NONE.union(*(shared_names(part, inside, semantics) for part in expr.elements)), reached)


def _without(names: frozenset[str], reached: Table[str, frozenset[str]]) -> frozenset[str]:
    """Some names, with those that variables of a comprehension reach in their places."""
    return (names - reached.keys()).union(*(reached[name] for name in names & reached.keys()))


def walked_names(loop: core.For, env: Env, semantics: Semantics) -> frozenset[str]:
    """The variables whose memory what a loop binds may share; a key of a dict shares none, since it cannot change."""
    return NONE if isinstance(semantics.fact(loop.iter, env), Mapping) else shared_names(loop.iter, env, semantics)


def is_forward(expr: core.Expr, semantics: Semantics) -> bool:
    """Whether an expression calls a forward function, which gives the tape of the call beside its result."""
    return isinstance(expr, core.Call) and isinstance(expr.func, core.Name) and expr.func.id in semantics.forwards


def users_calls(call: core.Call, env: Env, semantics: Semantics) -> list[UserCall]:
    """The functions with a source that a call may run; none where it is not known which parameter gets what, nor for forward functions."""
    if isinstance(call.func, core.Name) and (call.func.id in semantics.forwards or call.func.id in semantics.watched):
        return []
    try:
        called = semantics.user_call(call, env)
    except DifferentiationError:
        return []
    return [called] if called is not None else own_calls(call, env, semantics.source) or []


def copies(expr: core.Subscript, env: Env, semantics: Semantics) -> bool:
    """Whether a subscript takes copies: of an array, with arrays among the indices."""
    if not isinstance(semantics.fact(expr.value, env), Number):
        return False
    indices = expr.index.elts if isinstance(expr.index, core.Tuple) else (expr.index,)
    facts = (semantics.fact(index, env) for index in indices if not isinstance(index, core.Slice))
    return any(isinstance(fact, Number) and (fact.shape or fact.kind == "b") or isinstance(fact, Sequence) for fact in facts)


def is_object_part(stmt: core.Stmt, target: core.Expr, semantics: Semantics, env: Env) -> bool:
    """Whether a statement changes, in place, an object that a container holds: an array, by `items[0] += v`."""
    if not isinstance(stmt, core.AugAssign) or not isinstance(target, (core.Subscript, core.Attribute)):
        return False
    part = semantics.fact(target, env)
    number = isinstance(part, Number) and part.shape == () and part.box != "array"
    return not is_array_place(target, env, semantics) and not is_immutable(part) and not number


def is_array_place(path: core.Subscript | core.Attribute, env: Env, semantics: Semantics) -> bool:
    """Whether a path is a part of an array, and no item of a container: by what is known, or because it is a slice along several axes."""
    holder = semantics.fact(path.value, env)
    parts = path.index.elts if isinstance(path, core.Subscript) and isinstance(path.index, core.Tuple) else ()
    sliced = any(isinstance(part, core.Slice) for part in parts)
    return isinstance(holder, Number) or isinstance(holder, Unknown) and sliced


def replaces_item(stmt: core.Stmt, semantics: Semantics, env: Env) -> bool:
    """Whether a statement stores another object where a container holds one that is no number: the adjoint of the old one has its shape."""
    target = stmt.target if isinstance(stmt, core.Assign) else None
    if not isinstance(target, (core.Subscript, core.Attribute)) or isinstance(semantics.fact(target.value, env), Number):
        return False
    return not is_immutable(semantics.fact(target, env))


@dataclass(frozen=True)
class Change:
    """A statement changes the object of a variable in place; `holder`: only which items a container has, not the items themselves."""

    stmt: core.Stmt
    name: str
    at: core.Place | None
    holder: bool
    by_call: bool = False


def changes(layout: Layout, facts: Table[core.Stmt, Env], semantics: Semantics) -> Iterator[Change]:
    """Every change in place of an object that a variable holds."""
    for stmt in layout.statements:
        env = facts.get(stmt)
        if env is None:
            continue
        if isinstance(stmt, (core.Assign, core.AugAssign)):
            for target in _stored(stmt.target):
                name = root(target)
                rebinds = isinstance(target, core.Name) and (isinstance(stmt, core.Assign) or is_immutable(semantics.fact(target, env)))
                if name is not None and not rebinds:
                    held = target if isinstance(target, core.Name) or is_object_part(stmt, target, semantics, env) else _holder(target)
                    yield Change(stmt, name, stmt.at, is_holder(semantics.fact(held, env)))
        for target in stmt.targets if isinstance(stmt, core.Delete) else ():
            name = root(target)
            if name is not None and not isinstance(target, core.Name):
                yield Change(stmt, name, stmt.at, is_holder(semantics.fact(_holder(target), env)))  # type: ignore[attr-defined]
        for expr in own_expressions(stmt):
            for node in core.evaluated(expr):
                if isinstance(node, core.Call):
                    holder = isinstance(node.func, core.Attribute) and is_holder(semantics.fact(node.func.value, env))
                    changed = sorted(name for name in changed_by(node, env, semantics) if not name.startswith(TOGETHER))
                    yield from (Change(stmt, name, node.at, holder, appended(stmt) is not node) for name in changed)


def is_holder(fact: Fact) -> bool:
    return isinstance(fact, (Sequence, Mapping))


def _stored(target: core.Expr) -> Iterator[core.Expr]:
    if isinstance(target, core.Tuple):
        for elt in target.elts:
            yield from _stored(elt)
    else:
        yield target.value if isinstance(target, core.Starred) else target


def changed_by(call: core.Call, env: Env, semantics: Semantics) -> frozenset[str]:
    """The variables whose objects a call may change."""
    into = NONE.union(*(shared_names(value, env, semantics) for name, value in call.keywords if name == "out"))
    if into and semantics.user_call(call, env) is None:
        return into
    applied = semantics.application(call, env)
    if applied is not None:
        return NONE.union(*(shared_names(applied.bound[param], env, semantics) for param in applied.rule.written if param in applied.bound))
    if isinstance(call.func, core.Attribute) and call.func.attr in CHANGING | WRITING and root(call.func) is not None:
        if semantics.user_call(call, env) is None:      # a method of the user's may be called like one of lists
            return shared_names(call.func.value, env, semantics)
    if not may_change(call, env, semantics.scope):
        return NONE
    from s2sad.analysis.called import written_by
    called = semantics.user_call(call, env)
    if called is not None:
        return passed_through(called, written_by, env, semantics)
    if (possible := own_calls(call, env, semantics.source)) is not None:
        return NONE.union(*(passed_through(one, written_by, env, semantics) for one in possible))
    receiver = [call.func.value if isinstance(call.func, core.Attribute) else call.func]
    args = [*receiver, *call.args, *(value for _, value in call.keywords)]
    captured = (values_captured(fact, env) for fact in (semantics.fact(arg, env) for arg in args) if is_defined_here(fact))
    args += map(core.Name, sorted(NONE.union(*captured)))
    return NONE.union(*(shared_names(arg, env, semantics) for arg in args))


def passed_through(called: UserCall, which: Callable[[UserCall, Table[str, Fact]], frozenset[str]], env: Env,
                   semantics: Semantics) -> frozenset[str]:
    """The variables whose memory goes to those parameters of a user's function that it writes into, or returns, as `which` says."""
    facts = {param: semantics.fact(arg, env) for param, arg in called.bound.items()}
    params = [param for param in which(called, facts) if param in called.bound]
    return NONE.union(*(shared_names(called.bound[param], env, semantics) for param in params))


@dataclass(frozen=True)
class Aliases:
    """The pairs of variables that may share memory before each statement, and the variables whose objects may change in place.

    `inside` are the changes of containers that were made in the function.
    """

    before: Table[core.Stmt, Pairs]
    changing: frozenset[str]
    changes: tuple[Change, ...]
    inside: tuple[Change, ...] = ()

    def partners(self, name: str, stmt: core.Stmt) -> frozenset[str]:
        pairs = self.before.get(stmt, frozenset())
        return frozenset(b if a == name else a for a, b in pairs if name in (a, b))


    @property
    def outdated(self) -> frozenset[str]:
        """The variables that hold what changes in place under another name while they hold it."""
        return NONE.union(*(self.partners(change.name, change.stmt) for change in self.changes))

    @property
    def written_params(self) -> frozenset[str]:
        """The parameters whose arguments a change in place may reach."""
        partners = (other for change in self.changes if change not in self.inside for other in self.partners(change.name, change.stmt))
        return frozenset(other[:-1] for other in partners if other.endswith(CALLERS))


CALLERS = "@"
"""`x@` stands for the caller's own reference to the argument `x`."""
TOGETHER = "@"
"""`@f` stands for memory that parts of one result of `f` share with each other."""


def aliases(function: core.Function, graph: Graph, layout: Layout, facts: Table[core.Stmt, Env], semantics: Semantics) -> Aliases:
    """May-alias analysis; nothing is computed where nothing changes in place."""
    found = tuple(changes(layout, facts, semantics))
    if not found:
        return Aliases({}, NONE, ())
    bindings = all_bindings(layout, facts, semantics)
    before = pairs_before(function, graph, bindings)
    arrays = reachable({change.name for change in found if not change.holder}, bindings)
    numbers = {name for name, fact in ever(facts) if isinstance(fact, Number)}
    holders = reachable({change.name for change in found if change.holder}, bindings) - numbers
    inside = tuple(change for change in found if is_inside(change, function, layout, semantics))
    return Aliases(before, arrays | holders, found, inside)


def pairs_before(function: core.Function, graph: Graph, bindings: Table[core.Stmt, Bindings]) -> Table[core.Stmt, Pairs]:
    """The pairs of variables that may share memory before each statement."""
    def transfer(stmt: core.Stmt, pairs: Pairs) -> Pairs:
        new = bindings.get(stmt, ())
        if not new:
            return pairs
        bound = {target for target, _, whole in new if whole}
        out = {pair for pair in pairs if pair[0] not in bound and pair[1] not in bound}
        sets = [(target, with_partners(names, pairs)) for target, names, _ in new]
        kept = [(target, {n for n in names if n not in bound}) for target, names in sets]
        out |= {_pair(target, n) for target, names in kept for n in names if n != target}
        for i, (target, names) in enumerate(sets):
            for other, others in sets[i + 1:]:
                if names & others and target != other:
                    out.add(_pair(target, other))
        return frozenset(out)

    entry = frozenset((param.name, param.name + CALLERS) for param in function.params)
    return solve(graph, "forward", entry, transfer, frozenset.union).before


def with_partners(names: frozenset[str], pairs: Pairs) -> frozenset[str]:
    """Some variables, and those that are paired with one of them."""
    return names | {b if a in names else a for a, b in pairs if (a in names) != (b in names)}


def is_inside(change: Change, function: core.Function, layout: Layout, semantics: Semantics) -> bool:
    """Whether a change is one of the items of a container that the function itself made, by a display or by `list(x)`."""
    stmt, name = change.stmt, core.Name(change.name)
    if isinstance(stmt, core.Assign):
        plain = isinstance(stmt.target, core.Subscript) and stmt.target.value == name
    else:
        calls = [call.func for call in core.calls(stmt.value)] if isinstance(stmt, core.ExprStmt) else []
        plain = len(calls) == 1 and isinstance(calls[0], core.Attribute) and calls[0].value == name
    writers = [w for w in layout.writers.get(change.name, ()) if not (isinstance(w, core.Assign) and isinstance(w.target, core.Subscript))]
    if not change.holder or not plain or not writers or not all(isinstance(w, core.Assign) and w.target == name for w in writers):
        return False
    first = next((s for s in function.body if any(isinstance(node, core.Name) and node.id == change.name for node in core.walk(s))), None)
    return first in writers and all(_makes_container(w.value, semantics) for w in writers)  # type: ignore[attr-defined]


def _makes_container(value: core.Expr, semantics: Semantics) -> bool:
    if isinstance(value, core.Call):
        return semantics.callee(value.func) in (list, dict, set, sorted)
    return isinstance(value, (core.List, core.Dict)) or isinstance(value, core.Comprehension) and value.kind != "generator"


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def all_bindings(layout: Layout, facts: Table[core.Stmt, Env], semantics: Semantics) -> dict[core.Stmt, Bindings]:
    """What each statement lets share memory; a function defined here that nothing reads any more holds nothing."""
    read: set[str] = set()
    for stmt in layout.statements:
        read.update(*([stmt.function.free] if isinstance(stmt, core.Define) else map(core.reads, own_expressions(stmt))))
    gone = {stmt for stmt in layout.statements if isinstance(stmt, core.Define) and stmt.name not in read}
    return {stmt: tuple(_bindings(stmt, facts[stmt], semantics)) for stmt in layout.statements if stmt in facts and stmt not in gone}


def _bindings(stmt: core.Stmt, env: Env, semantics: Semantics) -> Iterator[tuple[str, frozenset[str], bool]]:
    """The variables that a statement lets share memory with others; whether their old sharing ends."""
    if isinstance(stmt, core.Assign):
        yield from _assigned(stmt.target, stmt.value, env, semantics)
    elif isinstance(stmt, core.AugAssign) and not isinstance(semantics.fact(stmt.target, env), Number):
        name = root(stmt.target)
        if name is not None:
            yield name, shared_names(stmt.value, env, semantics), False
    elif isinstance(stmt, core.For):
        shared = walked_names(stmt, env, semantics)
        yield from ((name, shared, False) for name in core.bound_names(stmt.target))
    elif isinstance(stmt, core.With) and stmt.target is not None:
        yield from ((name, core.reads(stmt.context), True) for name in core.bound_names(stmt.target))
    elif isinstance(stmt, core.Define):
        yield stmt.name, frozenset(stmt.function.free), True
    elif isinstance(stmt, core.ExprStmt) and isinstance(stmt.value, core.Call) and isinstance(stmt.value.func, core.Attribute):
        name = root(stmt.value.func)
        if name is not None and stmt.value.func.attr in CHANGING:
            given = (*stmt.value.args, *(value for _, value in stmt.value.keywords))
            yield name, NONE.union(*(shared_names(arg, env, semantics) for arg in given)), False


def _assigned(target: core.Expr, value: core.Expr, env: Env, semantics: Semantics) -> Iterator[tuple[str, frozenset[str], bool]]:
    if isinstance(target, core.Name):
        yield target.id, shared_names(value, env, semantics), True
    elif isinstance(target, core.Tuple) and is_forward(value, semantics):
        result, tape = target.elts
        from s2sad.analysis.called import is_written_out, returned_by
        called = semantics.user_call(value, env)
        assert called is not None
        shared = passed_through(called, returned_by, env, semantics)
        if not is_written_out(called):     # what a recursive function gives may be on its tape
            shared |= {TOGETHER + name for name in core.bound_names(tape)}
        yield from ((name, shared, True) for name in core.bound_names(result))
        yield from ((name, shared | shared_names(value, env, semantics), True) for name in core.bound_names(tape))
    elif isinstance(target, core.Tuple):
        parts = value.elts if pairwise(target, value) else (value,) * len(target.elts)  # type: ignore[attr-defined]
        for part, source in zip(target.elts, parts):
            yield from _assigned(part, source, env, semantics)
    elif isinstance(target, core.Starred):
        yield from _assigned(target.value, value, env, semantics)
    elif (name := root(target)) is not None and not isinstance(semantics.fact(_holder(target), env), Number):
        yield name, shared_names(value, env, semantics), False


def _holder(target: core.Expr) -> core.Expr:
    assert isinstance(target, (core.Subscript, core.Attribute))
    return target.value


def reachable(changed: set[str], bindings: Table[core.Stmt, Bindings]) -> frozenset[str]:
    """The variables that may ever share memory with one of `changed`."""
    neighbours: dict[str, set[str]] = {}
    for new in bindings.values():
        for target, names, _ in new:
            for name in names:
                neighbours.setdefault(target, set()).add(name)
                neighbours.setdefault(name, set()).add(target)
    found, waiting = set(changed), list(changed)
    while waiting:
        for name in neighbours.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)
