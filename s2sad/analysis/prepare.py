"""Names the values that the reverse sweep will read, so that the forward sweep has them to give.

    z = np.tanh(W @ x) * c      ->      t = np.tanh(W @ x)
                                        z = t * c

Where an adjoint reads the value of an inner operation, the operation becomes a statement of its own.  So does the test of a branch that
cannot be decided again afterwards, and what a loop runs over where its text cannot be evaluated again.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from s2sad import core
from s2sad.analysis.activity import Activity
from s2sad.analysis.alias import REPEATING, shared_names
from s2sad.core import root
from s2sad.expose.iterate import is_repeatable
from s2sad.facts import Fact, Number, Unknown
from s2sad.facts.layers import Draft
from s2sad.flow.layout import Layout, appended
from s2sad.infer.expressions import bindings
from s2sad.meaning.adjoint import Contribution, adjoint_of
from s2sad.meaning.callees import is_function
from s2sad.meaning.forms import ABSENT, RESULT, adjoint_fact
from s2sad.meaning.semantics import Semantics
from s2sad.names import Names


@dataclass
class Preparation:
    """One pass over a function; `changed` tells whether it named anything."""

    semantics: Semantics
    facts: Mapping[core.Stmt, Mapping[str, Fact]]
    activity: Activity
    names: Names
    layout: Layout
    live: frozenset[core.Stmt]
    shared: Mapping[str, frozenset[str]] = field(default_factory=dict)
    by_calls: frozenset[str] = frozenset()      # what calls change in place, which no reverse undoes
    own: set[int] = field(default_factory=set)      # the nodes that are copied
    changed: bool = False

    def function(self, function: core.Function) -> core.Function:
        return replace(function, body=self.block(function.body))

    def block(self, block: core.Block) -> core.Block:
        return tuple(new for stmt in block for new in self.statement(stmt))

    def statement(self, stmt: core.Stmt) -> list[core.Stmt]:
        if stmt not in self.live:
            return [stmt]
        if isinstance(stmt, core.If):
            return self.branch(stmt)
        if isinstance(stmt, (core.While, core.With, core.Try)):
            return [replace(stmt, body=self.block(stmt.body))]
        if isinstance(stmt, core.For):
            return self.loop(stmt)
        if isinstance(stmt, (core.Assign, core.AugAssign, core.Return)) or appended(stmt) is not None:
            return self.named(stmt, Draft(self.facts[stmt]), self.activity.varied[stmt], self.activity.after.get(stmt))
        return [stmt]

    def branch(self, stmt: core.If) -> list[core.Stmt]:
        written = self.layout.writes(stmt)
        written |= frozenset().union(*(self.shared.get(name, ()) for name in written))      # the other names of what changes in place
        written |= self.by_calls
        new = replace(stmt, body=self.block(stmt.body), orelse=self.block(stmt.orelse))
        if is_decidable(stmt.test) and not core.reads(stmt.test) & written:
            return [new]
        self.changed = True
        flag, value, known = core.Name(self.names.fresh("chosen")), stmt.test, self.semantics.callee(core.Name("bool")) is bool
        if known and isinstance(value, core.BoolOp) and not self.semantics.is_discrete(value, self.facts[stmt]):
            value = core.Call(core.Name("bool"), (value,), at=stmt.at)      # of `items and ...` no more than whether it holds
        return [core.Assign(flag, value, at=stmt.at), replace(new, test=flag)]

    def loop(self, stmt: core.For) -> list[core.Stmt]:
        written = self.layout.writes(stmt) | frozenset(core.bound_names(stmt.target))
        new = replace(stmt, body=self.block(stmt.body))
        if self.layout.breaks(stmt) or not is_repeatable(stmt.iter, self.facts[stmt], self.semantics):
            return [new]
        if is_decidable(stmt.iter) and not self.measured(stmt) & written:
            return [new]
        self.changed = True
        over = core.Name(self.names.fresh("steps"))
        if isinstance(stmt.iter, core.Call) and stmt.iter.func == core.Name("reversed"):
            return [core.Assign(over, stmt.iter.args[0], at=stmt.at), replace(new, iter=replace(stmt.iter, args=(over,)))]
        return [core.Assign(over, stmt.iter, at=stmt.at), replace(new, iter=over)]

    def measured(self, stmt: core.For) -> frozenset[str]:
        """The names that what a loop runs over reads; of arrays that are only measured, those that the loop binds anew."""
        env = self.facts[stmt]
        return core.reads(stmt.iter) - (measured_only(stmt.iter, env) - self.layout.binds(stmt))

    def named(self, stmt: core.Stmt, env: Draft, varied: frozenset[str], after: frozenset[str] | None) -> list[core.Stmt]:
        """The statement with names for what its reverse reads; `after` are the names active after it, None for all."""
        taped = self.taped(stmt, env, varied, after)
        if taped is not None:
            self.changed = True
            return [taped]
        found = dry(stmt, self.semantics, env, varied, after)
        wanted = list(found.wanted.values())
        if isinstance(stmt, core.AugAssign) and any(all(part is not w for part in core.walk(stmt.value)) for w in wanted):
            stmt = self.assignment(stmt)
            wanted = list(dry(stmt, self.semantics, env, varied, after).wanted.values())
        if not wanted and not clashes(found, stmt):
            return [stmt]
        self.changed = True
        if not wanted and isinstance(stmt, (core.Assign, core.AugAssign)):
            stmt = self.assignment(stmt) if isinstance(stmt, core.AugAssign) else stmt
            wanted = [stmt.value]
        assert isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt))
        taking = Extraction(self, wanted, env, varied, stmt.at)
        value = taking.rest(stmt.value)
        return [*taking.out, *self.named(replace(stmt, value=value), env, taking.varied, after)]

    def is_repeated(self, node: core.Expr, env: Draft) -> bool:
        """Whether a value is a view that holds entries of what changes in place in several places: its adjoint has to be a new array."""
        applied = self.semantics.application(node, env)
        fact = self.semantics.fact(node, env)
        repeated = applied is not None and applied.rule.name in REPEATING and isinstance(fact, Number) and fact.shape is not None
        return repeated and id(node) not in self.own and bool(shared_names(node, env, self.semantics) & self.shared.keys())

    def assignment(self, stmt: core.AugAssign) -> core.Assign:
        """`y += v` as `y = y + v`; into memory that has other names too, as `y[...] = y + v`."""
        shared = isinstance(stmt.target, core.Name) and stmt.target.id in self.shared
        target = core.Subscript(stmt.target, core.Const(...)) if shared else stmt.target
        return core.Assign(target, core.BinOp(stmt.op, stmt.target, stmt.value), at=stmt.at)

    def taped(self, stmt: core.Stmt, env: Draft, varied: frozenset[str], after: frozenset[str] | None) -> core.Assign | None:
        """`y = f(x)` as `y, y_tape = f_forward(x)`, where the reverse of `f` needs values that only a run of `f` has."""
        if not isinstance(stmt, core.Assign) or isinstance(stmt.target, (core.Subscript, core.Attribute)):
            return None
        call = stmt.value
        if isinstance(call, core.Call) and isinstance(call.func, core.Name) and call.func.id in self.semantics.forwards:
            return None
        if self.semantics.application(call, env) is not None or self.semantics.record(call, env) is not None:
            return None
        called = self.semantics.user_call(call, env)
        if called is None:
            return None
        facts = {param: self.semantics.fact(arg, env) for param, arg in called.bound.items()}
        active = frozenset(param for param, arg in called.bound.items()
                           if self.semantics.dependencies(arg, env) & varied and not is_function(facts[param]))
        parts = stmt.target.elts if isinstance(stmt.target, core.Tuple) else (stmt.target,)
        results = tuple(after is None or any(name in after for name in core.bound_names(part)) for part in parts)
        if not any(results):
            return None
        pair = self.semantics.pairs(called, facts, active, results)
        if not pair.forward:
            return None
        self.semantics.replaced(called, pair, call, env)
        first = next(iter(core.bound_names(stmt.target)))
        tape = core.Name(self.names.fresh(f"{first}_tape"))
        forward = core.Call(core.Name(pair.forward), tuple(called.bound.values()), at=stmt.at)
        return core.Assign(core.Tuple((stmt.target, tape)), forward, at=stmt.at)


@dataclass
class Extraction:
    """Takes the expressions `wanted` out of a larger one into statements of their own, which `out` gathers."""

    preparation: Preparation
    wanted: list[core.Expr]
    env: Draft
    varied: frozenset[str]
    at: core.Place | None
    out: list[core.Stmt] = field(default_factory=list)

    def rest(self, node: core.Expr) -> core.Expr:
        """The expression with names in the place of what is taken out."""
        new: core.Expr = core.rebuild(node, self.rest) if not isinstance(node, (core.Comprehension, core.Lambda)) else node
        if not any(node is w for w in self.wanted):
            return new
        semantics, env = self.preparation.semantics, self.env
        name = self.preparation.names.fresh("t")
        fact = semantics.fact(node, env)
        if self.preparation.is_repeated(node, env):
            self.preparation.own.add(id(node))
            new = core.Call(core.Attribute(new, "copy"), ())
        assign = core.Assign(core.Name(name), new, at=self.at)
        if semantics.dependencies(node, env) & self.varied:
            self.out += self.preparation.named(assign, env, self.varied, frozenset((name,)))
            self.varied |= {name}
        else:
            self.out.append(assign)
        env[name] = fact
        return core.Name(name)


def measured_only(expr: core.Expr, env: Mapping[str, Fact]) -> frozenset[str]:
    """The arrays of which an expression reads the shape alone: no change in place touches that."""
    measured: list[core.Expr] = []
    for node in core.walk(expr):
        if isinstance(node, core.Call) and node.func == core.Name("len") and len(node.args) == 1:
            measured.append(node.args[0])
        elif isinstance(node, core.Attribute) and node.attr in ("shape", "ndim", "size"):
            measured.append(node.value)
    names = [node for node in core.walk(expr) if isinstance(node, core.Name)]
    arrays = {name.id for name in names if isinstance(env.get(name.id), Number)}
    return frozenset(arrays - {name.id for name in names if not any(name is m for m in measured)})


MEASURES = ("len", "range", "abs", "isinstance", "reversed", "enumerate", "zip", "int", "float", "min", "max")


def is_decidable(test: core.Expr) -> bool:
    """Whether a test or a range may be evaluated again: it calls nothing but what measures."""
    calls = [node.func for node in core.walk(test) if isinstance(node, core.Call)]
    scopes = any(isinstance(node, (core.Comprehension, core.Lambda)) for node in core.walk(test))
    return not scopes and all(isinstance(func, core.Name) and func.id in MEASURES for func in calls)


def stand_in(target: core.Expr, after: frozenset[str] | None) -> core.Expr:
    """Stands for the adjoint of what an assignment binds, while there is none; `after` are the names active after it, None for all."""
    if isinstance(target, core.Name):
        return core.Name(f"#{target.id}") if after is None or target.id in after else ABSENT
    if isinstance(target, core.Tuple):
        return core.Tuple(tuple(stand_in(elt, after) for elt in target.elts))
    return core.Name("#")


def dry(stmt: core.Stmt, semantics: Semantics, env: Draft, varied: frozenset[str],
        after: frozenset[str] | None) -> Contribution:
    """The contribution of a statement before any adjoint exists: it tells what of the primal will be read.

    Later passes ask again for statements that have not changed.
    """
    names, known = semantics.dried.setdefault(stmt, (sorted(core.reads(stmt)), []))
    facts = [env.get(name) for name in names]
    active = varied.intersection(names)
    target = getattr(stmt, "target", None)
    wanted = None if after is None or target is None else after.intersection(core.bound_names(target))
    found: Contribution
    for facts_then, active_then, wanted_then, found in known:
        if active_then == active and wanted_then == wanted and facts_then == facts:
            return found
    new = _dry(stmt, semantics, env, varied, after)
    if not any(is_function(fact) for fact in facts if fact is not None):
        known.append((facts, active, wanted, new))
    return new


def _dry(stmt: core.Stmt, semantics: Semantics, env: Draft, varied: frozenset[str],
         after: frozenset[str] | None) -> Contribution:
    counter = iter(range(1 << 30))

    def fresh(base: str) -> str:
        return f"#t{next(counter)}"

    call = appended(stmt)
    if isinstance(stmt, core.Return) or call is not None:
        given = call.args[-1] if call is not None else stmt.value  # type: ignore[attr-defined]
        env["#"] = adjoint_fact(semantics.fact(given, env))
        return adjoint_of(given, core.Name("#"), semantics, env, varied, fresh)
    assert isinstance(stmt, (core.Assign, core.AugAssign))
    value = core.BinOp(stmt.op, stmt.target, stmt.value) if isinstance(stmt, core.AugAssign) else stmt.value
    fact = semantics.fact(value, env)
    env["#"] = adjoint_fact(fact)
    env.update({f"#{name}": adjoint_fact(part) for name, part in bindings(stmt.target, fact)})
    g = stand_in(stmt.target, after)
    stored = is_spread(stmt.target, value, semantics, env)
    if stored:
        env["#"] = adjoint_fact(semantics.fact(stmt.target, env))
    found = adjoint_of(value, with_tape(g, stmt.target, value, semantics), semantics, env, varied, fresh, True, stored)
    whole = core.Subscript(stmt.target, core.Const(...))
    if found.wanted or not isinstance(stmt, core.AugAssign) or stmt.op not in "+-" or not is_spread(whole, stmt.value, semantics, env):
        return found
    # What is added spreads over the part, though the sum does not.
    env["#"] = adjoint_fact(semantics.fact(stmt.target, env))
    return adjoint_of(stmt.value, core.Name("#"), semantics, env, varied, fresh, True, True)


def is_spread(target: core.Expr, value: core.Expr, semantics: Semantics, env: Mapping[str, Fact]) -> bool:
    """Whether an assignment stores into an array a value that may be broadcast to the part."""
    if not isinstance(target, (core.Subscript, core.Attribute)) or not isinstance(semantics.fact(target.value, env), (Number, Unknown)):
        return False
    part, stored = semantics.fact(target, env), semantics.fact(value, env)
    return not (isinstance(part, Number) and isinstance(stored, Number) and part.shape is not None and part.shape == stored.shape)


def with_tape(g: core.Expr, target: core.Expr, value: core.Expr, semantics: Semantics) -> core.Expr:
    """The adjoint of `y, tape = f_forward(x)`: that of `y`, and the tape itself."""
    if isinstance(value, core.Call) and isinstance(value.func, core.Name) and value.func.id in semantics.forwards:
        assert isinstance(g, core.Tuple) and isinstance(target, core.Tuple)
        return core.Tuple((g.elts[0], target.elts[1]))
    return g


def phases(found: Contribution, overwritten: frozenset[str]) -> tuple[Contribution, Contribution] | None:
    """What reads the new value of the variable assigned, and what reads the restored ones; None where one expression reads both."""
    def early(e: core.Expr) -> bool:
        return RESULT.id in core.reads(e)

    last = max((i for i, (_, e) in enumerate(found.temporaries) if early(e)), default=-1) + 1
    before = Contribution(found.temporaries[:last], tuple(t for t in found.terms if early(t.value)), {}, found.facts)
    behind = Contribution(found.temporaries[last:], tuple(t for t in found.terms if not early(t.value)), {}, found.facts)
    if not before.temporaries and not before.terms:
        return before, behind
    made = {name for target, _ in behind.temporaries for name in core.bound_names(target)}
    for e in (*(e for _, e in before.temporaries), *(t.value for t in before.terms)):
        if core.reads(e) & (overwritten | made):
            return None
    return before, behind


def clashes(found: Contribution, stmt: core.Stmt) -> bool:
    if not isinstance(stmt, (core.Assign, core.AugAssign)) or isinstance(stmt.target, (core.Subscript, core.Attribute)):
        return False
    return phases(found, targets_of(stmt)) is None


def targets_of(stmt: core.Assign | core.AugAssign) -> frozenset[str]:
    names = frozenset(core.bound_names(stmt.target))
    name = root(stmt.target)
    return names | {name} if name is not None else names
