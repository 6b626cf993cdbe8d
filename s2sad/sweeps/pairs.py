"""The pairs of a text: for each of the user's functions that a derivative calls, one function that runs it and one that reverses it."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from s2sad import core
from s2sad.analysis.outside import check_outside
from s2sad.analysis.plan import Plan
from s2sad.derivatives.checkpoint import Checkpoint
from s2sad.errors import refuse
from s2sad.expose.returning import Returning
from s2sad.expose.watching import Watched
from s2sad.facts import FLOAT, UNKNOWN, Fact, Number, join, tuple_of
from s2sad.facts import Sequence as SequenceFact
from s2sad.flow.layout import atomic_writes, binds, bound_anew
from s2sad.infer import infer
from s2sad.infer.changes import own_expressions
from s2sad.meaning.callees import UserCall, facts_inside
from s2sad.meaning.forms import ABSENT, adjoint_fact
from s2sad.meaning.semantics import Pair
from s2sad.names import MARK, Names, names_in
from s2sad.reading.read import Source
from s2sad.sweeps.forward import copied
from s2sad.tidy.effects import WRITING
from s2sad.work import Work, needed_at, split

Key = tuple[object, tuple[tuple[str, Fact], ...], frozenset[str], tuple[bool, ...]]


@dataclass
class Library:
    """The functions of one generated text: the derivative asked for, and the pairs of the functions that it calls.

    `sources` are those of the user's functions that each was made from, `facts` what is known of parameters.
    """

    functions: list[core.Function] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    facts: dict[str, Mapping[str, Fact]] = field(default_factory=dict)
    _pairs: dict[Key, Pair] = field(default_factory=dict)
    _unfinished: dict[Key, Pair] = field(default_factory=dict)
    _recursive: set[Key] = field(default_factory=set)
    _names: Names = field(default_factory=Names)

    def add(self, function: core.Function, source: Source, facts: Mapping[str, Fact] | None = None) -> None:
        self.functions.append(function)
        self.facts[function.name] = facts or {}
        self.sources[function.name] = source

    def name(self, wish: str) -> str:
        """A name for a function of the text, marked."""
        return self._names.fresh(wish) + MARK

    def named(self) -> Library:
        """The same functions with their names for good, which no variable in the text has."""
        names = Names(name for function in self.functions for name in names_in(function) if not name.endswith(MARK))
        names.reserve(*(name for source in self.sources.values() for name in source.scope.captured()))
        given = {function.name: names.fresh(function.name.removesuffix(MARK)) for function in self.functions}

        def renamed(node: Any) -> Any:
            if isinstance(node, core.Name):
                return replace(node, id=given[node.id]) if node.id in given else node
            return core.rebuild(node, renamed)

        return Library([replace(renamed(function), name=given[function.name]) for function in self.functions],
                       {given[name]: source for name, source in self.sources.items()},
                       {given[name]: facts for name, facts in self.facts.items()})

    def pair(
        self, called: UserCall, facts: Mapping[str, Fact], active: frozenset[str], results: tuple[bool, ...], taped: bool = False,
    ) -> Pair:
        """The pair of a callee, made at the first call with these facts; `taped`: with a forward function of its own in any case."""
        if isinstance(called.function, Watched):
            return self.passed_through(called, called.function)
        facts = facts_inside(called, facts)
        key = (called.function, tuple(facts.items()), active, results)
        if key in self._pairs:
            return self._pairs[key]
        if key not in self._unfinished and any(other[0] == called.function for other in self._unfinished):
            facts = facts_inside(called, facts, generally=True)
            key = (called.function, tuple(facts.items()), active, results)
        if key in self._unfinished:
            self._recursive.add(key)
            return self._unfinished[key]
        order = tuple(param.name for param in called.program.params if param.name in active)
        forward, reverse = (self.name(f"{stem(called.source)}_{suffix}") for suffix in ("forward", "reverse"))
        with_tape = Pair(forward, reverse, (), order, results)
        self._unfinished[key] = with_tape
        taped = taped or isinstance(called.function, Returning)
        pair = PairMaker(self, called, dict(facts), with_tape).make(lambda: taped or key in self._recursive)
        del self._unfinished[key]
        self._pairs[key] = pair
        return pair

    def passed_through(self, called: UserCall, watched: Watched) -> Pair:
        """The pair of a call that stands for `with adjoint_of(...)`: its reverse is the body."""
        key = (watched, (), frozenset[str](), ())
        if key not in self._pairs:
            name = self.name(f"adjoint_of_{watched.variable}")
            self.add(watched.reverse(name), called.source)
            self._pairs[key] = Pair("", name, watched.others, (watched.variable,), (True,))
        return self._pairs[key]


def stem(source: Source) -> str:
    """What the functions of a pair are called after: `Vector.__add__` gives `Vector_add`."""
    special = source.name.startswith("__") and source.name.endswith("__")
    return f"{source.owner}_{source.name.strip('_')}" if special and source.owner else source.name


@dataclass
class PairMaker:
    """Makes the forward and the reverse function of one callee."""

    library: Library
    called: UserCall
    facts: dict[str, Fact]
    taped: Pair

    def make(self, needs_tape: Callable[[], bool]) -> Pair:
        called, taped = self.called, self.taped
        work = Work.on(called.program, called.source, self.library.pair)
        plan = work.plan(self.facts, frozenset(taped.active))
        check_outside(plan.function, plan.facts, plan.activity.varied, plan.semantics, called=True)
        seeds = tuple(plan.names.fresh("out_bar") for flag in taped.results if flag)
        facts = {**self.facts, **{name: of_seed(fact) for name, fact in self.seed_facts(plan, seeds).items()}}
        whole = self.joint(work, plan, seeds)
        if isinstance(called.function, Checkpoint):
            self.check_repeatable(plan)
            return self.recomputing(whole, seeds, facts)
        forward, reverse = split(whole)
        params = tuple(param.name for param in called.program.params)
        needed = needed_at(reverse, forward, params) - set(seeds)
        changed = {name for stmt in core.walk(forward) if isinstance(stmt, core.Stmt) for name, _ in atomic_writes(stmt)}
        if not needs_tape() and not needed & changed:
            inputs = tuple(name for name in params if name in needed)
            self.define(taped.reverse, (*inputs, *seeds), reverse, facts)
            return replace(taped, forward="", needed=inputs)
        whole = self.joint(work, plan, seeds, value=True)
        forward, reverse = split(whole)
        needed = needed_at(reverse, forward, params) - set(seeds)
        result = reverse[-1]
        assert isinstance(result, core.Return) and isinstance(result.value, core.Tuple)
        value, bars = result.value.elts
        needed -= core.reads(value) - needed_at((*reverse[:-1], core.Return(bars)), forward, params)
        tape = tuple(sorted(needed, key=lambda name: (params.index(name) if name in params else len(params), name)))
        saved = core.Tuple(tuple(core.Name(name) for name in tape))
        own = set_back(reverse) & core.reads(value)         # the caller has the result itself, and may read it later
        kept = core.Tuple(tuple(copied(name, plan.facts_of(name.id)) if name.id in own else name for name in map(core.Name, tape)))
        bound = bound_anew(forward)
        loose = [name for name in tape if name in bound and name not in params and not any(binds(stmt, name) for stmt in forward)]
        forward = (*(core.Assign(core.Name(name), nothing(plan.facts_of(name))) for name in loose), *forward)
        body = (*forward, core.Return(core.Tuple((value, kept))))
        given = tuple(core.Param(param.name, annotation=param.annotation) for param in called.program.params)
        self.library.add(replace(called.program, name=taped.forward, params=given, body=body), called.source, facts)
        unpack = (core.Assign(saved, core.Name("tape")),) if tape else ()
        held = {"tape": tuple_of(*(on_tape(plan.facts_of(name), name in loose) for name in tape))}
        self.define(taped.reverse, ("tape", *seeds), (*unpack, *reverse[:-1], core.Return(bars)), {**facts, **held})
        return taped

    def joint(self, work: Work, plan: Plan, seeds: Sequence[str], value: bool = False) -> core.Function:
        given = self.seed_facts(plan, seeds)
        whole = work.joint(plan, self.taped.active, self.seed(self.taped, seeds), seeds, given, value)
        return work.tidied(whole, plan, infer(whole, {**self.facts, **given}, plan.semantics.scope), terse=True)

    def check_repeatable(self, plan: Plan) -> None:
        """Refuses to run again what draws random numbers or prints."""
        for stmt in plan.layout.statements:
            for call in (node for expr in own_expressions(stmt) for node in core.walk(expr) if isinstance(node, core.Call)):
                applied = plan.semantics.application(call, plan.facts[stmt])
                if applied is not None and not applied.rule.pure:
                    raise refuse("a function in `checkpoint` is run twice, and this call may do something else the second time", call.at,
                                 self.called.source, "draw or print outside of it, and pass what was drawn as an argument")

    def recomputing(self, whole: core.Function, seeds: Sequence[str], facts: Mapping[str, Fact]) -> Pair:
        """A reverse function that runs both sweeps: nothing but the arguments is kept for it."""
        params = tuple(param.name for param in self.called.program.params)
        self.define(self.taped.reverse, (*params, *seeds), whole.body, facts)
        return replace(self.taped, forward="", needed=params)

    def define(self, name: str, params: Sequence[str], body: core.Block, facts: Mapping[str, Fact]) -> None:
        function = core.Function(name, tuple(core.Param(param) for param in params), body, self.called.program.free)
        self.library.add(function, self.called.source, facts)

    def seed(self, taped: Pair, seeds: Sequence[str]) -> core.Expr:
        rest = iter(seeds)
        parts = tuple(core.Name(next(rest)) if flag else ABSENT for flag in taped.results)
        return parts[0] if len(parts) == 1 else core.Tuple(parts)

    def seed_facts(self, plan: Plan, seeds: Sequence[str]) -> dict[str, Fact]:
        result = getattr(plan.facts, "result", None)
        if len(self.taped.results) == 1:
            return {seeds[0]: adjoint_fact(result)}
        items = result.items if isinstance(result, SequenceFact) and result.items is not None else (None,) * len(self.taped.results)
        return {name: adjoint_fact(fact) for name, fact in zip(seeds, (f for f, flag in zip(items, self.taped.results) if flag))}


def set_back(reverse: core.Block) -> set[str]:
    """The variables whose objects a reverse sweep changes in place."""
    found: set[str] = set()
    for stmt in core.walk(reverse):
        if isinstance(stmt, core.Stmt):
            found.update(name for name, whole in atomic_writes(stmt) if not whole)
        call = stmt.value if isinstance(stmt, core.ExprStmt) else None
        if isinstance(call, core.Call) and isinstance(call.func, core.Name) and call.func.id in WRITING:
            found.add(core.root(call.args[0]) or "")
    return found


def nothing(fact: Fact) -> core.Expr:
    """What a variable holds on a tape where it has no value: zero for a number, so that derivatives of the tape are numbers too."""
    return core.Const(0.0) if is_scalar(fact) else core.Const(None)


def of_seed(fact: Fact) -> Fact:
    """The fact of a seed in every call: of a structure, which may come as a list or as a tuple, what real numbers and arrays are in it."""
    if isinstance(fact, SequenceFact) and fact.items is not None:
        return SequenceFact("list", tuple(map(of_seed, fact.items)), None, fact.length)
    return fact if isinstance(fact, Number) and fact.kind in "fc" else UNKNOWN


def on_tape(fact: Fact, loose: bool) -> Fact:
    """The fact of a variable on a tape, which holds what stands for nothing too, if it is `loose`."""
    return fact if not loose else join(fact, FLOAT) if is_scalar(fact) else UNKNOWN


def is_scalar(fact: Fact) -> bool:
    return isinstance(fact, Number) and fact.shape == () and fact.box in ("python", "scalar") and fact.kind in "fi"
