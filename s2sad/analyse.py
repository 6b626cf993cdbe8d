"""Analysis: from a function and the facts of its variables to the plan of its derivative."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from s2sad import core
from s2sad.activity import Activity, active_names
from s2sad.alias import aliases, check_changes
from s2sad.attempts import check_attempts, check_stacks
from s2sad.contexts import governs
from s2sad.core import root
from s2sad.facts import Number
from s2sad.graph import Graph
from s2sad.infer.changes import own_expressions
from s2sad.layout import COMPOUND, Layout, appended, atomic_writes
from s2sad.liveness import liveness
from s2sad.names import Names
from s2sad.plan import Drive, Plan
from s2sad.prepare import Preparation, dry, targets_of
from s2sad.record import Reads, Record, Recorder
from s2sad.semantics import NONE, Env, Semantics
from s2sad.solve import solve

Facts = Mapping[core.Stmt, Env]


@dataclass(frozen=True)
class Analysis:
    """What is known of a function before anything is decided."""

    function: core.Function
    graph: Graph
    layout: Layout
    facts: Facts
    activity: Activity
    live: frozenset[core.Stmt]


def analyse(function: core.Function, facts: Facts, semantics: Semantics, independent: frozenset[str]) -> Analysis:
    graph, layout = Graph(function.body), Layout(function.body)
    activity = active_names(function, graph, facts, semantics, independent)
    return Analysis(function, graph, layout, facts, activity, live_statements(layout, activity, facts, semantics))


def live_statements(layout: Layout, activity: Activity, facts: Facts, semantics: Semantics) -> frozenset[core.Stmt]:
    """The statements whose reverse moves an adjoint, or clears one, and the compound statements around them."""
    live: set[core.Stmt] = set()
    for stmt in layout.statements:
        if stmt not in activity.after or isinstance(stmt, COMPOUND):
            continue
        if isinstance(stmt, core.Return):
            moves = bool(semantics.dependencies(stmt.value, facts[stmt]) & activity.varied[stmt])
        else:
            moves = any(name in activity.after[stmt] for name, _ in atomic_writes(stmt))
            moves = moves or any(name in activity.cleared[stmt] for name, whole in atomic_writes(stmt) if whole)
        if moves:
            live.add(stmt)
            live.update(layout.around[stmt])
    return frozenset(live)


def prepare(analysis: Analysis, semantics: Semantics, names: Names) -> core.Function:
    """The function with names for what the reverse sweep reads; the very same where it needs none."""
    preparation = Preparation(semantics, analysis.facts, analysis.activity, names, analysis.layout, analysis.live)
    function = preparation.function(analysis.function)
    return function if preparation.changed else analysis.function


def make_plan(analysis: Analysis, semantics: Semantics, names: Names) -> Plan:
    """Decides what is saved and how loops run backwards."""
    layout, live = analysis.layout, analysis.live
    reads = adjoint_reads(analysis, semantics)
    ranged = frozenset(s for s in layout.loops if isinstance(s, core.For) and not layout.breaks(s))
    alive = liveness(analysis.graph)
    check_attempts(layout, live, analysis.activity, analysis.facts, semantics)
    record = Recorder(analysis.graph, layout, reads, live, alive, semantics, analysis.facts, ranged).record()
    found = aliases(analysis.function, analysis.graph, layout, analysis.facts, semantics)
    needed = {s: record.needed.get(s, NONE) for s in layout.statements}
    active = {s: needed[s] | analysis.activity.after.get(s, NONE) | analysis.activity.before.get(s, NONE) for s in layout.statements}
    check_changes(found, {s: needed[s] | alive.after.get(s, NONE) for s in layout.statements}, semantics, analysis.facts, active)
    looped = frozenset(s for s in layout.statements if layout.loops_around(s))
    stacks = stacks_of(record, layout, names)
    olds = {(stmt, name): names.fresh(f"{name}_old") for stmt, saved in record.overwritten.items() if stmt not in looped for name in saved}
    drives = {loop: drive_of(loop, record, layout, stacks, names) for loop in reversed(layout.loops) if loop in live and loop not in ranged}
    bound = assigned_before(analysis)
    unset = [name for stmt, saved in record.overwritten.items() for name in saved if name not in bound[stmt]]
    plan = Plan(analysis.function, semantics, analysis.facts, analysis.activity, layout, names, live, looped, record.overwritten, olds,
                record.kept, record.started, record.regained, stacks, drives, tuple(dict.fromkeys(unset)), found.changing, found.written_params)
    check_stacks(plan)
    return plan


def adjoint_reads(analysis: Analysis, semantics: Semantics) -> dict[core.Stmt, Reads]:
    """What the adjoint of each statement reads of the primal."""
    reads: dict[core.Stmt, Reads] = {}
    unsteady = unsteady_names(analysis)
    failures = {stmt.failed for stmt in analysis.live if isinstance(stmt, core.Try)}
    for stmt in analysis.layout.statements:
        if stmt not in analysis.live and not (isinstance(stmt, core.If) and stmt.test in failures):
            continue
        if isinstance(stmt, (core.If, core.While)):
            if isinstance(stmt, core.If):
                reads[stmt] = Reads(core.reads(stmt.test))
        elif isinstance(stmt, core.With):
            reads[stmt] = Reads(core.reads(stmt.context) if governs(stmt, semantics) else NONE)
        elif isinstance(stmt, core.For):
            if not analysis.layout.breaks(stmt):
                reads[stmt] = Reads(core.reads(stmt.iter))
        elif isinstance(stmt, (core.Assign, core.AugAssign, core.Return)) or appended(stmt) is not None:
            reads[stmt] = _reads_of(stmt, analysis, semantics, unsteady)
    return reads


def _reads_of(stmt: core.Stmt, analysis: Analysis, semantics: Semantics, unsteady: frozenset[str]) -> Reads:
    found = dry(stmt, semantics, dict(analysis.facts[stmt]), analysis.activity.varied[stmt], analysis.activity.after[stmt])
    target = targets_of(stmt) if isinstance(stmt, (core.Assign, core.AugAssign)) else NONE
    before: set[str] = set()
    uses_result = False
    for e in (*(e for _, e in found.temporaries), *(term.value for term in found.terms)):
        names = core.reads(e)
        uses_result = uses_result or "@" in names
        before.update(name for name in names if name[0] not in "#@")
    for term in found.terms:
        name = root(term.target)
        assert name is not None
        before |= core.reads(term.target) - {name}
        if name in unsteady:
            before.add(name)
    if isinstance(stmt, (core.Assign, core.AugAssign)) and isinstance(stmt.target, (core.Subscript, core.Attribute)):
        name = root(stmt.target)
        before |= core.reads(stmt.target) - {name}
    tape = before & target - mentioned(stmt)
    return Reads(frozenset(before) - tape, target if uses_result else tape)


def mentioned(stmt: core.Stmt) -> frozenset[str]:
    """The names that a statement reads before it writes any."""
    return NONE.union(*(core.reads(part) for part in own_expressions(stmt))) if not isinstance(stmt, core.Assign) else core.reads(stmt.value)


def unsteady_names(analysis: Analysis) -> frozenset[str]:
    """The variables whose values differ in shape from one place to another: their zero adjoints need the very value."""
    shapes: dict[str, object] = {}
    unsteady: set[str] = set()
    for env in analysis.facts.values():
        for name, fact in env.items():
            shape = fact.shape if isinstance(fact, Number) else None
            if shapes.setdefault(name, shape) != shape or shape is None:
                unsteady.add(name)
    return frozenset(unsteady)


def stacks_of(record: Record, layout: Layout, names: Names) -> dict[core.Stmt, dict[str, str]]:
    """The stacks that each outermost loop fills, by variable."""
    stacks: dict[core.Stmt, dict[str, str]] = {}
    for stmt in layout.statements:
        around = layout.loops_around(stmt)
        saved = [*record.overwritten.get(stmt, ()), *(kept.name for kept in record.kept.get(stmt, ()) if kept.again is None)] if around else []
        if stmt in record.started:
            around = around or (stmt,)
            saved += [kept.name for kept in record.started[stmt]]
        for name in saved:
            mine = stacks.setdefault(around[0], {})
            if name not in mine:
                mine[name] = names.fresh(f"{name}_stack")
    return stacks


def drive_of(loop: core.Stmt, record: Record, layout: Layout, stacks: dict[core.Stmt, dict[str, str]], names: Names) -> Drive:
    """A stack that every iteration fills once and nothing else does, else a count."""
    assert isinstance(loop, (core.For, core.While))
    around = layout.loops_around(loop)
    count = names.fresh("count")
    if around:
        counts = names.stack(count)
        stacks.setdefault(around[0], {})[count] = counts
        return Drive(count=count, counts=counts)
    pushed = [kept.name for kept in record.started.get(loop, ())]
    unconditional = list(pushed)
    for stmt in layout.inside(loop):
        here = [*record.overwritten.get(stmt, ()), *(kept.name for kept in record.kept.get(stmt, ()) if kept.again is None)]
        pushed += here
        if any(stmt is s for s in loop.body):
            unconditional += here
    for name in unconditional:
        if pushed.count(name) == 1:
            return Drive(stack=stacks[loop][name])
    return Drive(count=count)


def assigned_before(analysis: Analysis) -> Mapping[core.Stmt, frozenset[str]]:
    """The names that are bound before each statement on every path."""
    params = frozenset(param.name for param in analysis.function.params)

    def transfer(stmt: core.Stmt, bound: frozenset[str]) -> frozenset[str]:
        if isinstance(stmt, core.For):
            return bound
        return bound | frozenset(name for name, whole in atomic_writes(stmt) if whole) if not isinstance(stmt, COMPOUND) else bound

    return solve(analysis.graph, "forward", params, transfer, frozenset.intersection).before
