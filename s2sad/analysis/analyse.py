"""Analysis: from a function and the facts of its variables to the plan of its derivative."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from s2sad import core
from s2sad.analysis.activity import NONE_WALKED, Activity, Move, active_names
from s2sad.analysis.alias import Aliases, aliases, is_immutable, replaces_item
from s2sad.analysis.ends import read_at_ends, unsteady_names
from s2sad.analysis.memory import PLAIN, Memory
from s2sad.analysis.plan import Drive, Plan
from s2sad.analysis.prepare import Preparation, dry, measured_only, targets_of
from s2sad.analysis.record import Reads, Record, Recorder
from s2sad.analysis.sharing import shared_classes
from s2sad.core import root
from s2sad.errors import refuse
from s2sad.expose.attempts import check_attempts, check_stacks
from s2sad.expose.iterate import is_repeatable
from s2sad.expose.resizing import may_resize
from s2sad.expose.walks import walks
from s2sad.facts import UNKNOWN, Number
from s2sad.facts.layers import Draft
from s2sad.flow.graph import Graph
from s2sad.flow.layout import COMPOUND, NONE, Layout, appended, atomic_writes, bound_in, removed
from s2sad.flow.liveness import Liveness, liveness
from s2sad.flow.solve import solve
from s2sad.infer.changes import own_expressions
from s2sad.meaning.contexts import governs
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names

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
    alive: Liveness
    aliases: Aliases
    memory: Memory
    walks: frozenset[core.Stmt] = NONE_WALKED
    independent: frozenset[str] = NONE

    @cached_property
    def bound(self) -> frozenset[str]:
        """The names that the function binds or captures."""
        return bound_in(self.function)


def analyse(function: core.Function, facts: Facts, semantics: Semantics, independent: frozenset[str], shadowed: Memory = PLAIN) -> Analysis:
    """`shadowed` tells of the shadows that the function has already."""
    graph, layout = Graph(function.body), Layout(function.body, shadowed.shadows)
    alive = liveness(graph, shadows=shadowed.shadows)
    found = aliases(function, graph, layout, facts, semantics)
    memory = replace(shadowed, classes=shared_classes(found, layout, alive.after, facts, semantics))
    walked = walks(function, layout, alive, facts, memory, semantics)
    activity = active_names(function, graph, facts, semantics, independent, memory, walked, moved_by_calls(found))
    live = live_statements(layout, activity, facts, semantics, memory, holders_among(independent, function, facts, memory))
    return Analysis(function, graph, layout, facts, activity, live, alive, found, memory, walked, independent)


def moved_by_calls(found: Aliases) -> dict[core.Stmt, tuple[Move, ...]]:
    """What a call changes in place may hold what anything in its statement holds."""
    moved: dict[core.Stmt, tuple[Move, ...]] = {}
    for change in found.changes:
        if change.by_call:
            read = NONE.union(*map(core.reads, own_expressions(change.stmt)))
            moved[change.stmt] = (*moved.get(change.stmt, ()), Move(change.name, read, weak=True))
    return moved


def holders_among(independent: frozenset[str], function: core.Function, facts: Facts, memory: Memory) -> frozenset[str]:
    """The names of containers that are differentiated: what their gradients look like is what they held in the beginning."""
    start = facts[function.body[0]]
    holders = [name for name in independent if not isinstance(start.get(name, UNKNOWN), Number)]
    return NONE.union(*(memory.kin(name) for name in holders))


def restructures(stmt: core.Stmt, holders: frozenset[str], env: Env, semantics: Semantics) -> bool:
    """Whether a statement changes which items one of some containers has."""
    if not holders:
        return False
    if (call := appended(stmt)) is not None:
        return root(call.func) in holders
    if (item := removed(stmt)) is not None:
        return root(item) in holders
    target = stmt.target if isinstance(stmt, core.Assign) else None
    return (isinstance(target, (core.Subscript, core.Attribute)) and root(target) in holders
            and not isinstance(semantics.fact(target.value, env), Number))


def live_statements(layout: Layout, activity: Activity, facts: Facts, semantics: Semantics, memory: Memory,
                    holders: frozenset[str] = NONE) -> frozenset[core.Stmt]:
    """The statements whose reverse moves an adjoint, clears one, or restores shared memory or one of the containers `holders`, and the
    compound statements around them.
    """
    live: set[core.Stmt] = set()
    for stmt in layout.statements:
        if stmt not in activity.after or isinstance(stmt, COMPOUND):
            continue
        if isinstance(stmt, core.Return):
            moves = bool(semantics.dependencies(stmt.value, facts[stmt]) & activity.varied[stmt])
        else:
            moves = any(name in activity.after[stmt] for name, _ in atomic_writes(stmt))
            moves = moves or any(name in activity.cleared[stmt] for name, whole in atomic_writes(stmt) if whole)
            moves = moves or any(memory.is_shared(name) and not whole for name, whole in written(stmt, facts[stmt]))
        if moves or restructures(stmt, holders, facts[stmt], semantics):
            live.add(stmt)
            live.update(layout.around[stmt])
    return frozenset(live)


def written(stmt: core.Stmt, env: Env) -> Iterator[tuple[str, bool]]:
    """The names that a statement writes, each with whether it is bound anew: an array is not, by `x += y`."""
    for name, whole in atomic_writes(stmt):
        yield name, whole and not (isinstance(stmt, core.AugAssign) and not is_immutable(env.get(name, UNKNOWN)))


def prepare(analysis: Analysis, semantics: Semantics, names: Names) -> core.Function:
    """The function with names for what the reverse sweep reads; the very same where it needs none."""
    by_calls = frozenset(change.name for change in analysis.aliases.changes if change.by_call)
    preparation = Preparation(semantics, analysis.facts, analysis.activity, names, analysis.layout, analysis.live, analysis.memory.classes,
                              by_calls)
    function = preparation.function(analysis.function)
    return function if preparation.changed else analysis.function


def make_plan(analysis: Analysis, semantics: Semantics, names: Names) -> Plan:
    """Decides what is saved and how loops run backwards."""
    layout, live = analysis.layout, analysis.live
    reads = adjoint_reads(analysis, semantics)
    ranged = frozenset(s for s in layout.loops if isinstance(s, core.For) and is_ranged(s, analysis, semantics))
    check_attempts(layout, live, analysis.activity, analysis.facts, semantics)
    memory = analysis.memory
    record = Recorder(analysis.graph, layout, reads, live, analysis.alive, semantics, analysis.facts, ranged, memory,
                      wanted_at_start(analysis)).record()
    looped = frozenset(s for s in layout.statements if layout.loops_around(s))
    check_changes(analysis, record, semantics)
    stacks = stacks_of(record, layout, names, memory)
    olds = {(stmt, name): names.fresh(f"{name}_old") for stmt, saved in record.overwritten.items() if stmt not in looped for name in saved}
    drives = {loop: drive_of(loop, record, layout, stacks, names) for loop in reversed(layout.loops) if loop in live and loop not in ranged}
    bound = assigned_before(analysis)
    unset = [name for stmt, saved in record.overwritten.items() for name in saved if name not in bound[stmt]]
    plan = Plan(analysis.function, semantics, analysis.facts, analysis.activity, layout, names, live, looped, record.overwritten, olds,
                record.kept, record.started, record.regained, stacks, drives, tuple(dict.fromkeys(unset)),
                frozenset(layout.writers.keys() - bound[analysis.function.body[-1]]),
                analysis.aliases.changing, analysis.aliases.outdated, analysis.aliases.written_params, memory, analysis.walks)
    check_stacks(plan)
    return plan


def wanted_at_start(analysis: Analysis) -> frozenset[str]:
    """What the adjoints of the parameters need of the state in which the function began: their shadows, and what shapes them."""
    body, memory = analysis.function.body, analysis.memory
    start, active = analysis.facts[body[0]], analysis.activity.before.get(body[0], NONE)
    wanted: set[str] = set()
    for name in analysis.independent:
        fact = start.get(name, UNKNOWN)
        if is_immutable(fact):
            continue
        rebound = bool(analysis.layout.binders.get(name))
        if not isinstance(fact, Number):
            wanted |= memory.with_content((name,))
        elif rebound and name not in active and not memory.is_shared(name):
            wanted.add(name)
        wanted |= memory.bars((name,))
    return frozenset(wanted)


def check_changes(analysis: Analysis, record: Record, semantics: Semantics) -> None:
    """Refuses what changes memory in a way that the reverse sweep cannot undo, where a derivative passes through it."""
    activity, memory = analysis.activity, analysis.memory
    local = frozenset(p.name for p in analysis.function.params) | analysis.layout.writers.keys()
    leaving = before_raise(analysis.layout)
    for change in analysis.aliases.changes:
        stmt = change.stmt
        if stmt in leaving:
            continue
        names = memory.kin(change.name)
        active = bool(names & (activity.before.get(stmt, NONE) | activity.after.get(stmt, NONE)))
        if active and change.name not in local and change.name not in memory.shadows.values():
            reason = f"this changes the global `{change.name}` in place, which a derivative passes through"
            raise refuse(reason, change.at, semantics.source, "pass it as an argument, or make a copy first")
        if change.by_call and (active or names & record.needed.get(stmt, NONE)):
            raise refuse(f"this call changes `{change.name}` in place, which a derivative passes through", change.at, semantics.source,
                         "assign a new value instead of changing the old one")


def before_raise(layout: Layout) -> set[core.Stmt]:
    """The statements of handlers that raise at their ends: no reverse follows them."""
    handlers = [handler for stmt in layout.statements if isinstance(stmt, core.Try) for handler in stmt.handlers]
    return {inner for handler in handlers if isinstance(handler.body[-1], core.Raise) for inner in core.walk(handler.body)}


def is_ranged(loop: core.For, analysis: Analysis, semantics: Semantics) -> bool:
    """Whether a loop runs over all of something that can be run over again, from the last to the first."""
    if analysis.layout.breaks(loop) or not is_repeatable(loop.iter, analysis.facts[loop], semantics):
        return False
    return not may_resize(loop, analysis.layout, analysis.facts, analysis.aliases, semantics)


def adjoint_reads(analysis: Analysis, semantics: Semantics) -> dict[core.Stmt, Reads]:
    """What the adjoint of each statement reads of the primal."""
    reads: dict[core.Stmt, Reads] = {}
    unsteady = unsteady_names(analysis)
    failures = {stmt.failed for stmt in analysis.live if isinstance(stmt, core.Try)}
    leaving = before_raise(analysis.layout)
    for stmt in analysis.layout.statements:
        if stmt in leaving or stmt not in analysis.live and not (isinstance(stmt, core.If) and stmt.test in failures):
            continue
        if isinstance(stmt, (core.If, core.While)):
            if isinstance(stmt, core.If):
                reads[stmt] = Reads(core.reads(stmt.test) | begun_in_branch(stmt, analysis) & unsteady)
        elif isinstance(stmt, core.With):
            reads[stmt] = Reads(core.reads(stmt.context) if governs(stmt, semantics) else NONE)
        elif isinstance(stmt, core.For):
            if is_ranged(stmt, analysis, semantics):
                rebound = {name for name, found in analysis.layout.binders.items() if len(found) > 1}
                reads[stmt] = Reads(core.reads(stmt.iter) - (measured_only(stmt.iter, analysis.facts[stmt]) - rebound))
        elif isinstance(stmt, (core.Assign, core.AugAssign, core.Return)) or appended(stmt) is not None:
            reads[stmt] = _reads_of(stmt, analysis, semantics, unsteady)
        elif (item := removed(stmt)) is not None:
            name = root(item) or ""
            reads[stmt] = Reads(path_reads(item) | {name}, NONE, analysis.memory.bars((name,)))
    reads.update((stmt, Reads(names)) for stmt, names in read_at_ends(analysis).items())
    return with_restoring(reads, analysis)


def begun_in_branch(stmt: core.If, analysis: Analysis) -> frozenset[str]:
    """The variables that one branch binds anew while the other hands an adjoint on: there it is zero, as the old value is shaped."""
    activity, layout = analysis.activity, analysis.layout
    found: set[str] = set()
    for branch in (stmt.body, stmt.orelse):
        for inner in branch:
            found |= activity.before[stmt] & layout.writes(inner) - activity.before[branch[0]]
    return frozenset(found)


def with_restoring(reads: dict[core.Stmt, Reads], analysis: Analysis) -> dict[core.Stmt, Reads]:
    """What is read of shared memory is its content; a write into memory whose content is read anywhere restores it, by way of its path."""
    memory = analysis.memory
    if not memory.classes:
        return reads
    reads = {stmt: Reads(memory.with_content(r.before), memory.with_content(r.after), r.references) for stmt, r in reads.items()}
    content = NONE.union(*(r.before | r.after for r in reads.values()))
    for stmt in analysis.layout.statements:
        for name, whole in written(stmt, analysis.facts.get(stmt, {})):
            if not whole and memory.is_shared(name) and memory.content(name) in content:
                old = reads.get(stmt, Reads())
                path = core.reads(stmt.target) if isinstance(stmt, (core.Assign, core.AugAssign)) else NONE
                reads[stmt] = replace(old, references=old.references | {name} | path)
    return {stmt: Reads(r.before | r.references, r.after) for stmt, r in reads.items()}


def _reads_of(stmt: core.Stmt, analysis: Analysis, semantics: Semantics, unsteady: frozenset[str]) -> Reads:
    memory = analysis.memory
    found = dry(stmt, semantics, Draft(analysis.facts[stmt]), analysis.activity.varied[stmt], analysis.activity.after[stmt])
    target = targets_of(stmt) if isinstance(stmt, (core.Assign, core.AugAssign)) else NONE
    before: set[str] = set()
    references: set[str] = set()
    uses_result = False
    for e in (*(e for _, e in found.temporaries), *(term.value for term in found.terms)):
        names = core.reads(e)
        uses_result = uses_result or "@" in names
        before.update(name for name in names if name[0] not in "#@")
    stored = isinstance(stmt, (core.Assign, core.AugAssign)) and isinstance(stmt.target, (core.Subscript, core.Attribute))
    if (appending := appended(stmt)) is not None:
        references |= memory.bars((root(appending.func) or "",))
        before |= path_reads(appending.func).union(*(core.reads(arg) for arg in appending.args[:-1]))
    for path in (*(term.target for term in found.terms), *((stmt.target,) if stored else ())):  # type: ignore[attr-defined]
        name = root(path)
        assert name is not None
        before |= path_reads(path)
        if name in memory.shadows:
            references.add(memory.shadows[name])
        elif name in unsteady and not (stored and path is stmt.target):  # type: ignore[attr-defined]
            before.add(name)
    if stored and replaces_item(stmt, semantics, analysis.facts[stmt]):
        before.add(root(stmt.target) or "")  # type: ignore[attr-defined]
    after = target if uses_result else NONE
    if isinstance(stmt, core.AugAssign):
        references |= memory.bars(target)
    elif not stored:
        after |= memory.bars(target)
    tape = before & target - mentioned(stmt)
    return Reads(frozenset(before) - tape, after | tape, frozenset(references))


def path_reads(path: core.Expr) -> frozenset[str]:
    """The names that finding a part of a variable reads, the variable itself aside."""
    found: set[str] = set()
    while isinstance(path, (core.Subscript, core.Attribute)):
        if isinstance(path, core.Subscript):
            found |= core.reads(path.index)
        path = path.value
    return frozenset(found)


def mentioned(stmt: core.Stmt) -> frozenset[str]:
    """The names that a statement reads before it writes any."""
    if isinstance(stmt, core.Assign):
        return core.reads(stmt.value)
    return NONE.union(*(core.reads(part) for part in own_expressions(stmt)))


def stacks_of(record: Record, layout: Layout, names: Names, memory: Memory) -> dict[core.Stmt, dict[str, str]]:
    """The stacks that each outermost loop fills, by variable."""
    stacks: dict[core.Stmt, dict[str, str]] = {}
    for stmt in layout.statements:
        around = layout.loops_around(stmt)
        bound = NONE if isinstance(stmt, core.AugAssign) else layout.binds(stmt)
        written = [f"*{name}" if memory.is_reference(name) and name not in bound else name for name in pushed_by(stmt, record)]
        saved = [*written, *(kept.name for kept in record.kept.get(stmt, ()) if kept.again is None)] if around else []
        if stmt in record.started:
            around = around or (stmt,)
            saved += [kept.name for kept in record.started[stmt]]
        for name in saved:
            mine = stacks.setdefault(around[0], {})
            if name not in mine:
                mine[name] = names.fresh(f"{name.removeprefix('*')}_stack")
    return stacks


def pushed_by(stmt: core.Stmt, record: Record) -> Sequence[str]:
    """The variables whose old values a statement pushes: what it appends to a list is taken off again."""
    appending = appended(stmt)
    return [name for name in record.overwritten.get(stmt, ()) if appending is None or name != root(appending.func)]


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
        here = [*(name for name in pushed_by(stmt, record) if name in stacks.get(loop, {})),
                *(kept.name for kept in record.kept.get(stmt, ()) if kept.again is None)]
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
    params |= analysis.memory.bars(params)

    def transfer(stmt: core.Stmt, bound: frozenset[str]) -> frozenset[str]:
        if isinstance(stmt, core.For):
            return bound
        return bound | frozenset(name for name, whole in atomic_writes(stmt) if whole) if not isinstance(stmt, COMPOUND) else bound

    return solve(analysis.graph, "forward", params, transfer, frozenset.intersection).before
