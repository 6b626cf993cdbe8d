"""The reverse of a write into a part of an array or a container, or into a whole array in place.

    u[i] = a * v        ->      t_bar = u_bar[i];  u_bar[i] = 0.0;  u[i] = u_old;  v_bar += a * t_bar
    u[1:] += a * v      ->      v_bar += a * u_bar[1:]

The adjoint of the part is handed to what the right-hand side read, and ends; what the part held before is restored.  Right-hand sides may
read what shares memory with the part (`u[1:] = u[:-1]`): its adjoint is then held apart before anything is added to it.
"""
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from s2sad import core
from s2sad.analysis.alias import is_object_part, replaces_item, shared_names
from s2sad.analysis.prepare import is_spread, phases
from s2sad.core import root
from s2sad.facts import Number, Unknown
from s2sad.facts.layers import Draft
from s2sad.infer.objects import as_value
from s2sad.meaning.adjoint import Contribution, Term
from s2sad.meaning.forms import RESULT, adjoint_fact, call, with_result
from s2sad.quote import quote
from s2sad.rules.guards import NotKnown, literal
from s2sad.sweeps.accumulate import minus
from s2sad.sweeps.forward import copied, key_of, may_be_missing

if TYPE_CHECKING:
    from s2sad.sweeps.reverse import ReverseSweep

Write = core.Assign | core.AugAssign


def reversed_store(sweep: ReverseSweep, stmt: Write, target: core.Expr, value: core.Expr) -> list[core.Stmt]:
    """The reverse of `target = value`, where the target is a subscript, an attribute, or the name of an array that changes in place."""
    adjoints, plan = sweep.adjoints, sweep.plan
    name = root(target)
    if name is None or not adjoints.exists(name) or not plan.memory.kin(name) & (plan.activity.after[stmt] | plan.activity.cleared[stmt]):
        return sweep.restore(stmt)
    if isinstance(stmt, core.Assign) and stmt.shadow is not None and stmt not in plan.memory.births:
        return sweep.restore(stmt)
    env = sweep.env(stmt)
    out: list[core.Stmt] = [*adjoints.full(name, env), *adjoints.own(name, env)]
    env = sweep.env(stmt)
    if is_object_part(stmt, target, plan.semantics, plan.facts[stmt]):
        target = core.Subscript(target, core.Const(...))
    part = adjoints.path(target)
    added = isinstance(stmt, core.AugAssign) and stmt.op in "+-"
    source = stmt.value if added else value
    kin = plan.memory.kin(name)

    spread = added and is_spread(core.Subscript(target, core.Const(...)), source, plan.semantics, env)

    def contribution(g: core.Expr) -> Contribution:
        known = plan.semantics.fact(g, env)
        if isinstance(known, Unknown):
            # What was known when the forward sweep was prepared: the adjoint of a part is like the part, or like the value stored there.
            like = target if spread or is_spread(target, source, plan.semantics, env) else value
            sweep.extra[PART.id] = adjoint_fact(plan.semantics.fact(like, env))
            known_part = handed(PART)
            return expanded(with_part(known_part, g), sweep, known_part, env)
        return handed(g)

    def handed(g: core.Expr) -> Contribution:
        return sweep.contribution(stmt, source, minus(g) if added and stmt.op == "-" else g, spread, added)  # type: ignore[union-attr]

    found = contribution(part)
    mine = [term for term in found.terms if root(term.target) in kin]
    elsewhere = [term for term in mine if term.target != target and not is_apart(term.target, target)]
    changed = {adjoints.bar(other).id for other in kin}
    for made, e in found.temporaries:
        if shared_names(e, env, plan.semantics) & changed:
            changed.update(core.bound_names(made))
    reads = [e for e in (*(e for _, e in found.temporaries), *(t.value for t in found.terms)) if core.reads(e) & changed]
    born = isinstance(stmt, core.Assign) and stmt.shadow is not None
    repeated = isinstance(part, core.Subscript) and adjoints.repeats(target, env)
    if (mine and added and len(reads) > 1) or (elsewhere and not added and reads) or repeated or born:
        held = plan.names.fresh("t_bar")
        if repeated:
            assert isinstance(part, core.Subscript)
            out.append(core.Assign(core.Name(held), call("last_written", part.value, as_value(part.index))))
        elif born:
            out.append(core.Assign(core.Name(held), part))
        else:
            out += hold(sweep, held, part, target, env)
        sweep.extra[held] = env[held] = plan.semantics.fact(part, env)
        g: core.Expr = core.Name(held)
        found = contribution(sweep.born(g, stmt.shadow.value) if born else g)  # type: ignore[union-attr]
    early, late = in_order(sweep, found, kin, target, env)
    before = adjoints_added(sweep, early, target, env, kin)
    mine = [term for term in late.terms if root(term.target) in kin]
    env.update(late.facts)
    after = [adjoints.make(made, e, env) for made, e in late.temporaries]
    after += adjoints.add([term for term in late.terms if root(term.target) not in kin], env)
    # A shadow that was made with the value is gone; the one that is there again is that of the old value, with what it had.
    again = [term.value for term in mine if term.target == target and not born]
    beside = [] if born else [term for term in mine if is_apart(term.target, target)]
    after += adjoints.add(beside, env)
    after += [] if born else cleared(sweep, stmt, part, again, added, env, target)
    after += adjoints.add([term for term in mine if (term.target != target or born) and term not in beside], env)
    return out + before + sweep.restore(stmt) + after


def is_apart(a: core.Expr, b: core.Expr) -> bool:
    """Whether two parts of one array or container have nothing in common, as `p[0]` and `p[1]`."""
    if not isinstance(a, core.Subscript) or not isinstance(b, core.Subscript) or a.value != b.value:
        return False
    one, other = (index.elts if isinstance(index, core.Tuple) else (index,) for index in (a.index, b.index))
    return any(differ(i, j) for i, j in zip(one, other)) and not any(i == core.Const(...) for i in (*one, *other))


def differ(i: core.Expr, j: core.Expr) -> bool:
    """Whether two indices are written out, different, and counted from one end."""
    try:
        one, other = literal(i), literal(j)
    except NotKnown:
        return False
    return type(one) is int and type(other) is int and one != other and (one < 0) == (other < 0)


PART = core.Name("#part")
"""Stands for the adjoint of a part of which the facts of its container say nothing."""


def expanded(found: Contribution, sweep: ReverseSweep, known: Contribution, env: Draft) -> Contribution:
    """`found` with what is smaller than the variable it goes to in the shape of that, as the facts of `known` tell."""
    facts = Draft(env, {PART.id: sweep.extra[PART.id], **known.facts})
    terms = []
    for term, like in zip(found.terms, known.terms):
        have, want = sweep.plan.semantics.fact(like.value, facts), sweep.plan.semantics.fact(term.target, env)
        smaller = isinstance(have, Number) and isinstance(want, Number) and have.shape != want.shape
        terms.append(Term(term.target, call("unbroadcast", term.value, term.target)) if smaller and term.value != like.value else term)
    return replace(found, terms=tuple(terms))


def with_part(found: Contribution, part: core.Expr) -> Contribution:
    put = {PART.id: part}
    temporaries = tuple((made, core.substitute(e, put)) for made, e in found.temporaries)
    terms = tuple(Term(term.target, core.substitute(term.value, put)) for term in found.terms)
    return replace(found, temporaries=temporaries, terms=terms)


def hold(sweep: ReverseSweep, name: str, part: core.Expr, target: core.Expr, env: Draft) -> core.Block:
    fact = sweep.plan.semantics.fact(target, env)
    scalar = isinstance(fact, Number) and fact.shape == () and fact.box in ("python", "scalar")
    if isinstance(fact, Number) and fact.box == "array":
        return quote("NAME = PART.copy()", NAME=name, PART=part)
    return quote("NAME = PART" if scalar else "NAME = copied(PART)", NAME=name, PART=part)


def in_order(
    sweep: ReverseSweep, found: Contribution, overwritten: frozenset[str], target: core.Expr, env: Draft,
) -> tuple[Contribution, Contribution]:
    """What reads the new value of the target, which comes before it is restored, and the rest.

    What comes before only computes, where it goes to what shares memory with the target; where one expression reads both the new value and
    old ones, the new value is held.
    """
    put = {RESULT.id: target}
    split = phases(found, overwritten)
    if split is None:
        held = core.Name(sweep.plan.names.fresh("value"))
        fact = sweep.plan.semantics.fact(target, env)
        scalar = isinstance(fact, Number) and fact.box in ("python", "scalar")
        bound_anew = isinstance(target, core.Name) and not sweep.plan.memory.is_shared(target.id)
        copy = target if bound_anew or scalar else copied(target, fact)
        facts = {**found.facts, held.id: fact}
        put = {RESULT.id: held}
        late = replaced(Contribution(found.temporaries, found.terms, {}, facts), put)
        return Contribution(((held, copy),), (), {}, facts), late
    early, late = (replaced(phase, put) for phase in split)
    temporaries, terms, moved = list(early.temporaries), [], []
    facts = dict(early.facts)
    for term in early.terms:
        if root(term.target) not in overwritten:
            terms.append(term)
            continue
        held = core.Name(sweep.plan.names.fresh("t_bar"))
        facts[held.id] = sweep.plan.semantics.fact(term.value, Draft(env, facts))
        temporaries.append((held, term.value))
        moved.append(Term(term.target, held))
    late = replace(late, terms=(*moved, *late.terms), facts={**late.facts, **facts})
    return Contribution(tuple(temporaries), tuple(terms), {}, facts), late


def replaced(found: Contribution, put: dict[str, core.Expr]) -> Contribution:
    result = put[RESULT.id]
    return Contribution(tuple((made, with_result(e, result)) for made, e in found.temporaries),
                        tuple(Term(term.target, with_result(term.value, result)) for term in found.terms), {}, found.facts)


def adjoints_added(
    sweep: ReverseSweep, early: Contribution, target: core.Expr, env: Draft, kin: frozenset[str],
) -> list[core.Stmt]:
    env.update(early.facts)
    made = [sweep.adjoints.make(name, e, env) for name, e in early.temporaries]
    return made + sweep.adjoints.add(early.terms, env)


def cleared(
    sweep: ReverseSweep, stmt: Write, part: core.Expr, again: list[core.Expr], added: bool, env: Draft, target: core.Expr,
) -> list[core.Stmt]:
    """The adjoint of the part after its statement is undone: what the old value contributed, or zero."""
    whole = isinstance(part, core.Name)
    path = core.Subscript(part, core.Const(...)) if whole else part
    if again:
        total = sweep.adjoints.total(([part] if added else []) + again, env)
        return [core.Assign(path, total)]
    if added or isinstance(stmt, core.Assign) and stmt.shadow is not None:
        return []
    if may_be_missing(target, sweep.plan.facts[stmt], sweep.plan.semantics):
        function, found = ("put_back", "entry") if isinstance(target, core.Subscript) else ("put_back_attribute", "attribute")
        old = call("zeros", call(found, target.value, key_of(target)))  # type: ignore[attr-defined]
        return [core.ExprStmt(call(function, part.value, key_of(part), old))]  # type: ignore[attr-defined]
    number = isinstance(sweep.plan.semantics.fact(target, env), Number) and not replaces_item(stmt, sweep.plan.semantics, env)
    return list(quote("PART = 0.0", PART=path) if number else quote("PART = zeros(TARGET)", PART=path, TARGET=target))
