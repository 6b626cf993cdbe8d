"""What has to be saved: the values that an adjoint reads and that are overwritten before it reads them.

The reverse sweep restores the state of the forward sweep step by step, so that at the reverse of a statement each *needed* variable holds
the value it had there.  A value is needed from where an adjoint of an earlier statement reads it (to-be-recorded analysis: Hascoët, Naumann
& Pascual, *"To be recorded" analysis in reverse-mode automatic differentiation*, 2005); a statement that overwrites a needed variable
saves it.

A variable that every iteration of a loop makes anew is not overwritten but *kept*: pushed once it is final, or evaluated again where that
is cheap.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from s2sad import core
from s2sad.analysis.alias import is_immutable, shared_names
from s2sad.analysis.memory import PLAIN, Memory
from s2sad.analysis.plan import Kept
from s2sad.facts import UNKNOWN, Number
from s2sad.flow.graph import Graph
from s2sad.flow.layout import COMPOUND, NONE, Layout, atomic_writes, handled
from s2sad.flow.liveness import Liveness
from s2sad.flow.solve import solve
from s2sad.meaning.semantics import Env, Semantics


@dataclass(frozen=True)
class Reads:
    """What the adjoint of a statement reads of the primal: as it was before the statement, and as it is after it.

    Of `references` it needs which memory they are, not what that holds.
    """

    before: frozenset[str] = NONE
    after: frozenset[str] = NONE
    references: frozenset[str] = NONE


@dataclass(frozen=True)
class Record:
    """The variables that each statement saves, those needed after each, those that iterations keep, and where they have them again."""

    overwritten: Mapping[core.Stmt, Sequence[str]]
    needed: Mapping[core.Stmt, frozenset[str]]
    kept: Mapping[core.Stmt, Sequence[Kept]]
    started: Mapping[core.Stmt, Sequence[Kept]]
    regained: Mapping[core.Stmt, Sequence[Kept]]


@dataclass
class Recorder:
    """Decides what is saved; `reads` is what adjoints read, `live` the statements whose reverse is not empty.

    `wanted` are the names whose values at the start of the function are read at the end of the reverse sweep.
    """

    graph: Graph
    layout: Layout
    reads: Mapping[core.Stmt, Reads]
    live: frozenset[core.Stmt]
    liveness: Liveness
    semantics: Semantics
    facts: Mapping[core.Stmt, Env]
    ranged: frozenset[core.Stmt]
    memory: Memory = PLAIN
    wanted: frozenset[str] = NONE
    cut: dict[core.Stmt, frozenset[str]] = field(default_factory=dict)

    def record(self) -> Record:
        local = {loop: self.local_names(loop) for loop in self.layout.loops if loop in self.live}
        for stmt in self.layout.statements:
            if isinstance(stmt, (core.For, core.While)) and stmt in self.live:
                targets = frozenset(core.bound_names(stmt.target)) if isinstance(stmt, core.For) else NONE
                self.cut[stmt] = targets | local[stmt]
            elif isinstance(stmt, COMPOUND) and (stmt not in self.live or handled(stmt)):
                self.cut[stmt] = self.layout.writes(stmt)
        before, after = self.solve()
        overwritten = {stmt: names for stmt in self.layout.statements if (names := self.saved(stmt, before, after))}
        keeper = Keeper(self, local, after)
        keeper.keep()
        return Record(overwritten, after, keeper.kept, keeper.started, keeper.regained)

    def views_arrays(self, path: core.Expr, stmt: core.Stmt) -> bool:
        """Whether a path goes through arrays alone, so that nothing but another binding of a variable makes it another part."""
        names = {bar: name for name, bar in self.memory.shadows.items()}
        primal = core.substitute(path, {bar: core.Name(name) for bar, name in names.items()})
        bases = [node.value for node in core.walk(primal) if isinstance(node, (core.Subscript, core.Attribute))]
        return all(isinstance(self.semantics.fact(base, self.facts[stmt]), Number) for base in bases)

    def restructured(self, loop: core.Stmt) -> frozenset[str]:
        """The variables whose containers an iteration of a loop may change, and their shadows."""
        written = self.layout.writes(loop)
        names = written.union(*(self.memory.kin(name) for name in written))
        return names | self.memory.bars(names)

    def local_names(self, loop: core.Stmt) -> frozenset[str]:
        """The names whose values do not pass from one iteration of a loop to the next, nor out of it."""
        assert isinstance(loop, (core.For, core.While))
        outside = self.liveness.before[loop] | NONE.union(*(self.liveness.after[jump] for jump in self.layout.breaks(loop)))
        inner = NONE.union(*(self.cut_inside(stmt) for stmt in self.layout.inside(loop)))
        own = (name for name in self.layout.writes(loop) if name not in outside and name not in inner)
        return frozenset(name for name in own if self.home(name, loop) is not None)

    def home(self, name: str, loop: core.For | core.While) -> tuple[core.Block, int] | None:
        """Where a variable is final in an iteration; of a reference only bindings count: what is written through it is restored there."""
        reference = self.memory.is_shared(name) or name in self.memory.shadows.values()
        return self.layout.home(name, loop, self.layout.binds if reference else self.layout.writes)

    def cut_inside(self, stmt: core.Stmt) -> frozenset[str]:
        return self.cut.get(stmt, NONE) if isinstance(stmt, (core.For, core.While)) and stmt in self.live else NONE

    def solve(self) -> tuple[Mapping[core.Stmt, frozenset[str]], Mapping[core.Stmt, frozenset[str]]]:
        """The needed names before and after each statement."""

        def transfer(stmt: core.Stmt, needed: frozenset[str]) -> frozenset[str]:
            cut = self.cut.get(stmt)
            if cut is not None:
                needed = needed - cut
            reads = self.reads.get(stmt)
            strong = self.layout.rebinds(stmt)
            if isinstance(stmt, core.AugAssign):
                strong = frozenset(name for name in strong if not self.memory.is_shared(name))
            if strong:
                needed = needed - strong
            if self.memory.classes:     # what is changed through a reference is set back through it
                through = (name for name, whole in atomic_writes(stmt) if not whole and self.memory.is_shared(name))
                needed |= {name for name in through if self.memory.content(name) in needed}
            return needed if reads is None else needed | (reads.before - strong) | reads.after

        solution = solve(self.graph, "forward", self.wanted, transfer, frozenset.union)
        return solution.before, solution.after

    def saved(
        self, stmt: core.Stmt, before: Mapping[core.Stmt, frozenset[str]], after: Mapping[core.Stmt, frozenset[str]],
    ) -> tuple[str, ...]:
        if any(outer not in self.live for outer in self.layout.around[stmt]):
            return ()
        if stmt in self.cut:
            inside = set(self.layout.inside(stmt))
            entering = NONE.union(*(after[p] for p in self.graph.predecessors(stmt) if p not in inside and p in after))
            return tuple(sorted(entering & self.cut[stmt]))
        if isinstance(stmt, (core.If, core.For, core.While)):
            return ()
        needed = before.get(stmt, NONE) | self.reads.get(stmt, Reads()).before
        return tuple(sorted(name for name, whole in dict(atomic_writes(stmt)).items() if self.counts(name, whole, stmt) in needed))

    def counts(self, name: str, whole: bool, stmt: core.Stmt) -> str:
        """What must be needed for a statement to save what it overwrites: of shared memory its content, else the variable."""
        in_place = not whole or isinstance(stmt, core.AugAssign) and not is_immutable(self.facts[stmt].get(name, UNKNOWN))
        return self.memory.content(name) if in_place and self.memory.is_shared(name) else name


@dataclass
class Keeper:
    """Places what iterations keep: pushed after its last definition, and had again before the last statement whose adjoint reads it."""

    recorder: Recorder
    local: Mapping[core.Stmt, frozenset[str]]
    after: Mapping[core.Stmt, frozenset[str]]
    kept: dict[core.Stmt, list[Kept]] = field(default_factory=dict)
    started: dict[core.Stmt, list[Kept]] = field(default_factory=dict)
    regained: dict[core.Stmt, list[Kept]] = field(default_factory=dict)
    read_again: dict[str, list[core.Stmt]] = field(default_factory=dict)

    def keep(self) -> None:
        layout = self.recorder.layout
        for loop in layout.loops:
            if loop not in self.recorder.live:
                continue
            assert isinstance(loop, (core.For, core.While))
            needed = self.needed_at_end(loop)
            targets = frozenset(core.bound_names(loop.target)) if isinstance(loop, core.For) and loop in self.recorder.ranged else NONE
            wanted = (name for name in self.local[loop] | targets if name in needed)
            placed = [(name, *home) for name in wanted if (home := self.recorder.home(name, loop)) is not None]
            for name, block, last in sorted(placed, key=lambda p: (-layout.start[p[1][p[2]]], p[0])):
                self.place(name, block, last, loop)
            if isinstance(loop, core.For) and loop not in self.recorder.ranged:
                for name in core.bound_names(loop.target):
                    if name in needed or name in self.read_again:
                        self.started.setdefault(loop, []).append(Kept(name))
                        self.regained.setdefault(loop.body[-1], []).append(Kept(name))

    def needed_at_end(self, loop: core.Stmt) -> frozenset[str]:
        layout, graph = self.recorder.layout, self.recorder.graph
        inside = set(layout.inside(loop))
        ends = [p for p in graph.predecessors(loop) if p in inside] + list(layout.breaks(loop))
        return NONE.union(*(self.after.get(stmt, NONE) for stmt in ends))

    def place(self, name: str, block: core.Block, last: int, loop: core.Stmt) -> None:
        # What is read before its last change, which was one of a part, is had again for that to be undone.
        at = max((i for i in range(last, len(block)) if self.reads_again(block[i], name)), default=last)
        reader = block[at]
        again = self.again(name, block, last, at, loop)
        if again is None:
            self.kept.setdefault(block[last], []).append(Kept(name))
        else:
            for operand in core.reads(again):
                self.read_again.setdefault(operand, []).append(reader)
        self.regained.setdefault(reader, []).append(Kept(name, again))

    def reads_again(self, stmt: core.Stmt, name: str) -> bool:
        """Whether the reverse of a statement reads a variable, or sets back what was changed through it."""
        recorder = self.recorder
        parts = [stmt, *recorder.layout.inside(stmt)]
        if recorder.memory.is_shared(name) and any((name, False) in atomic_writes(part) for part in parts):
            return True
        if any(part in parts for part in self.read_again.get(name, ())):
            return True
        return any(name in reads.before or name in reads.after for part in parts if (reads := recorder.reads.get(part)) is not None)

    def again(self, name: str, block: core.Block, last: int, reader: int, loop: core.Stmt) -> core.Expr | None:
        """The expression that makes the value once more, where that is cheap and its operands are what they were."""
        recorder, stmt = self.recorder, block[last]
        value = value_of(stmt, name)
        if value is None:
            return None
        reference = recorder.memory.is_shared(name) or name in recorder.memory.shadows.values()
        writers = recorder.layout.binders if reference else recorder.layout.writers
        if [s for s in writers[name] if loop in recorder.layout.around[s]] != [stmt]:
            return None
        operands = core.reads(value)
        if reference:
            if stmt in recorder.memory.births:
                return None
            if recorder.memory.is_shared(name) and not shared_names(value, recorder.facts[stmt], recorder.semantics):
                return None
            between = frozenset(n for s in block[last:reader + 1] for n in recorder.layout.binds(s))
            if not recorder.views_arrays(value, stmt) and operands & recorder.restructured(loop):
                return None
        else:
            between = NONE.union(*(recorder.layout.writes(s) for s in block[last:reader + 1]))
            between = between.union(*(recorder.memory.kin(n) for n in between))
        if not is_cheap(value, recorder.semantics, recorder.facts[stmt]):
            return None
        return value if not operands & between and all(self.is_there(u, block[reader], loop, reference) for u in operands) else None

    def is_there(self, name: str, reader: core.Stmt, loop: core.Stmt, reference: bool) -> bool:
        """Whether a variable has, at the reverse of `reader`, the value that it had there, whatever reads it.

        With `reference`, which memory it refers to is all that counts.
        """
        layout, memory = self.recorder.layout, self.recorder.memory
        content = memory.is_shared(name) and not reference
        if frozenset((name, memory.content(name)) if content else (name,)) <= self.after.get(reader, NONE):
            return True
        around = layout.loops_around(reader)
        if name in self.local[loop] or any(name in self.local.get(outer, NONE) for outer in around):
            return False
        for outer in around:
            if isinstance(outer, core.For) and outer in self.recorder.ranged and name in core.bound_names(outer.target):
                inside = [s for s in layout.writers[name] if outer is s or outer in layout.around[s]]
                return layout.writers[name].count(outer) == len(inside)
        writers = layout.writers if content or not memory.is_shared(name) else layout.binders
        kin = memory.kin(name) if content else (name,)
        return all(layout.start[s] < layout.start[around[0]] for other in kin for s in writers.get(other, ()))


def value_of(stmt: core.Stmt, name: str) -> core.Expr | None:
    """The value to which a statement binds a name, or binds it as a shadow."""
    for part in (stmt, stmt.shadow if isinstance(stmt, core.Assign) else None):
        if isinstance(part, core.Assign) and part.target == core.Name(name):
            return part.value
    return None


def is_cheap(value: core.Expr, semantics: Semantics, env: Env) -> bool:
    """Whether to evaluate an expression again rather than to save its value: elements, views, and little arithmetic."""
    fact = semantics.fact(value, env)
    limit = 6 if isinstance(fact, Number) and fact.shape == () else 3
    operations = 0
    for node in core.walk(value):
        if isinstance(node, core.Call):
            if not (isinstance(node.func, core.Name) and node.func.id in ("len", "abs", "float", "int", "min", "max")):
                return False
            operations += 1
        elif isinstance(node, (core.BinOp, core.UnaryOp)):
            if isinstance(node, core.BinOp) and node.op == "@":
                return False
            operations += 1
        elif isinstance(node, (core.Comprehension, core.Lambda, core.List, core.Dict, core.Set)):
            return False
    return operations <= limit
