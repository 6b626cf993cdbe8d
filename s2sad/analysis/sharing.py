"""Which names share memory that changes while another of them counts: `shared_classes`."""
from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Table

from s2sad import core
from s2sad.analysis.alias import (
    CALLERS,
    TOGETHER,
    Aliases,
    all_bindings,
    is_immutable,
    reachable,
    shared_names,
)
from s2sad.analysis.called import is_entangled
from s2sad.core import root
from s2sad.facts import UNKNOWN, Number
from s2sad.flow.layout import NONE, Layout, appended, pairwise
from s2sad.infer.changes import own_expressions
from s2sad.infer.environment import ever
from s2sad.meaning.semantics import Env, Semantics


def shared_classes(found: Aliases, layout: Layout, alive: Table[core.Stmt, frozenset[str]], facts: Table[core.Stmt, Env],
                   semantics: Semantics) -> dict[str, frozenset[str]]:
    """For each variable of memory that changes while another name of it counts, all variables that may share the memory.

    A name counts where it is live, and where an adjoint may read what it held: where the text reads it otherwise than to move the
    reference.
    """
    if not found.changes:
        return {}
    read = read_names(layout) | results_read(layout, facts, semantics)
    seeds: set[str] = set()
    for change in found.changes:
        env = facts[change.stmt]
        for other in found.partners(change.name, change.stmt):
            fact = env.get(other, UNKNOWN)
            if other.endswith(CALLERS) or is_immutable(fact) or change.holder and isinstance(fact, Number):
                continue
            if other in alive.get(change.stmt, NONE) or other in read:
                seeds.update((change.name, other))
    seeds.update(holding_itself(found, layout, facts, semantics))
    classes: dict[str, frozenset[str]] = {}
    if not seeds:
        return classes
    bindings = all_bindings(layout, facts, semantics)
    known = (semantics.local | layout.writers.keys()) - values_only(facts)
    for seed in sorted(seeds):
        if seed not in classes:
            kin = frozenset(name for name in reachable({seed}, bindings) if name in known)
            classes.update(dict.fromkeys(kin, kin))
    return classes


def holding_itself(found: Aliases, layout: Layout, facts: Table[core.Stmt, Env], semantics: Semantics) -> Iterator[str]:
    """The containers in which one object may stand in two places, as after `boxes["b"] = boxes["a"]`."""
    for stmt in layout.statements:
        env = facts.get(stmt)
        if env is None:
            continue
        target = stmt.target if isinstance(stmt, core.Assign) else call.func if (call := appended(stmt)) is not None else None
        if target is not None and root(target) in found.changing and any(
                semantics.held_twice(node, env) for expr in own_expressions(stmt) for node in core.calls(expr)):
            yield root(target) or ""
        if isinstance(stmt, core.Assign) and root(stmt.target) in found.changing and is_entangled(
                stmt.value, env, found.before.get(stmt, frozenset()), semantics, made_here=True):
            yield root(stmt.target) or ""
        if (call := appended(stmt)) is not None:
            name, value = root(call.func), call.args[-1]
        elif isinstance(stmt, core.Assign) and isinstance(stmt.target, (core.Subscript, core.Attribute)):
            name, value = root(stmt.target), stmt.value
            if isinstance(semantics.fact(stmt.target.value, env), Number):
                continue
        elif isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Name) and isinstance(stmt.value, core.Call):
            if stmt.target.id in found.changing and any(name.startswith(TOGETHER) for name in shared_names(stmt.value, env, semantics)):
                yield stmt.target.id
            continue
        else:
            continue
        if name is not None and not is_immutable(semantics.fact(value, env)):
            held = found.partners(name, stmt) | {name}
            if held & shared_names(value, env, semantics) and name in found.changing:
                yield name


def values_only(facts: Table[core.Stmt, Env]) -> frozenset[str]:
    """The variables that hold nothing but numbers, texts and such, of which no change in place can be seen."""
    seen: set[str] = set()
    mutable: set[str] = set()
    for name, fact in ever(facts):
        (seen if is_immutable(fact) else mutable).add(name)
    return frozenset(seen - mutable)


def read_names(layout: Layout) -> frozenset[str]:
    """The names whose values some statement reads, otherwise than to move a reference or to write into it."""
    found: set[str] = set()
    for stmt in layout.statements:
        for part in own_expressions(stmt):
            moved = isinstance(stmt, core.Assign) and (isinstance(part, core.Name) or part is stmt.value and pairwise(stmt.target, part)
                                                       and all(isinstance(elt, core.Name) for elt in part.elts))  # type: ignore[attr-defined]
            if moved:
                continue
            if isinstance(stmt, core.Assign) and part is stmt.target:
                name = root(part)
                found |= core.reads(part) - ({name} if name else set()) - frozenset(core.bound_names(part))
                continue
            found |= core.reads(part)
    return frozenset(found)


def results_read(layout: Layout, facts: Table[core.Stmt, Env], semantics: Semantics) -> frozenset[str]:
    """The names of results that the adjoint of their own operation may read, as that of `y = np.exp(x)` reads `y`."""
    found: set[str] = set()
    for stmt in layout.statements:
        if isinstance(stmt, core.Assign) and (name := root(stmt.target)) is not None and stmt in facts:
            applied = semantics.application(stmt.value, facts[stmt])
            if applied is not None:
                known = {param: semantics.fact(arg, facts[stmt]) for param, arg in applied.bound.items()}
                if any("y" in core.reads(text) for text in applied.rule.adjoint_texts(applied.bound, known).values()):
                    found.add(name)
    return frozenset(found)
