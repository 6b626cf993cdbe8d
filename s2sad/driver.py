"""The way of a function to its derivative, stage by stage."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from s2sad import core
from s2sad.accumulate import Adjoints
from s2sad.adjoint import ABSENT, adjoint_fact
from s2sad.analyse import analyse, make_plan, prepare
from s2sad.callees import UserCall
from s2sad.expose import expose
from s2sad.facts import Dim, Fact, Number, with_sizes
from s2sad.facts import Sequence as SequenceFact
from s2sad.facts.dims import renamed
from s2sad.facts.fact import ANY
from s2sad.forward import ForwardSweep
from s2sad.graph import Graph
from s2sad.infer import infer
from s2sad.infer.functions import Renaming
from s2sad.infer.functions import _generalised as generalised
from s2sad.infer.known import ScopeWith
from s2sad.layout import atomic_writes, binds
from s2sad.liveness import liveness
from s2sad.names import Names
from s2sad.plan import Plan
from s2sad.quote import quote
from s2sad.read import Source
from s2sad.reverse import ReverseSweep
from s2sad.semantics import Pair, Semantics

FORWARD = "forward sweep"
REVERSE = "reverse sweep"


Key = tuple[object, tuple[tuple[str, Fact], ...], frozenset[str], tuple[bool, ...]]


@dataclass
class Library:
    """The functions of one generated text: the derivative asked for, and the pairs of the functions that it calls.

    `sources` are those of the user's functions that each was made from.
    """

    functions: list[core.Function] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    _pairs: dict[Key, Pair] = field(default_factory=dict)
    _unfinished: dict[Key, Pair] = field(default_factory=dict)
    _recursive: set[Key] = field(default_factory=set)
    _names: Names = field(default_factory=Names)

    def add(self, function: core.Function, source: Source) -> None:
        self.functions.append(function)
        self.sources[function.name] = source

    def pair(self, called: UserCall, facts: Mapping[str, Fact], active: frozenset[str], results: tuple[bool, ...]) -> Pair:
        """The pair of a callee, made at the first call with these facts."""
        facts = of_callee(facts)
        key = (called.function, tuple(facts.items()), active, results)
        if key in self._pairs:
            return self._pairs[key]
        if key not in self._unfinished and any(other[0] is called.function for other in self._unfinished):
            facts = of_callee(facts, generally=True)
            key = (called.function, tuple(facts.items()), active, results)
        if key in self._unfinished:
            self._recursive.add(key)
            return self._unfinished[key]
        order = tuple(param.name for param in called.program.params if param.name in active)
        forward, reverse = (self._names.fresh(f"{called.source.name}_{suffix}") for suffix in ("forward", "reverse"))
        taped = Pair(forward, reverse, (), order, results)
        self._unfinished[key] = taped
        pair = PairMaker(self, called, dict(facts), taped).make(lambda: key in self._recursive)
        del self._unfinished[key]
        self._pairs[key] = pair
        return pair


@dataclass
class PairMaker:
    """Makes the forward and the reverse function of one callee."""

    library: Library
    called: UserCall
    facts: dict[str, Fact]
    taped: Pair

    def make(self, is_recursive: object) -> Pair:
        called, taped = self.called, self.taped
        work = Work.on(called.program, called.source, self.library)
        plan = work.plan(self.facts, frozenset(taped.active))
        seeds = tuple(plan.names.fresh("out_bar") for flag in taped.results if flag)
        whole = work.joint(plan, taped.active, self.seed(taped, seeds), seeds, self.seed_facts(plan, seeds))
        forward, reverse = split(whole)
        params = tuple(param.name for param in called.program.params)
        needed = needed_at(reverse, forward, params) - set(seeds)
        changed = {name for stmt in core.walk(forward) if isinstance(stmt, core.Stmt) for name, _ in atomic_writes(stmt)}
        if not callable(is_recursive) or not is_recursive() and not needed & changed:
            inputs = tuple(name for name in params if name in needed)
            self.define(taped.reverse, (*inputs, *seeds), reverse)
            return replace(taped, forward="", needed=inputs)
        whole = work.joint(plan, taped.active, self.seed(taped, seeds), seeds, self.seed_facts(plan, seeds), value=True)
        forward, reverse = split(whole)
        needed = needed_at(reverse, forward, params) - set(seeds)
        result = reverse[-1]
        assert isinstance(result, core.Return) and isinstance(result.value, core.Tuple)
        value, bars = result.value.elts
        needed -= core.reads(value) - needed_at((*reverse[:-1], core.Return(bars)), forward, params)
        tape = tuple(sorted(needed, key=lambda name: (params.index(name) if name in params else len(params), name)))
        saved = core.Tuple(tuple(core.Name(name) for name in tape))
        loose = [name for name in tape if name not in params and not any(binds(stmt, name) for stmt in forward)]
        forward = (*(core.Assign(core.Name(name), core.Const(None)) for name in loose), *forward)
        self.library.add(replace(called.program, name=taped.forward, body=(*forward, core.Return(core.Tuple((value, saved))))), called.source)
        unpack = (core.Assign(saved, core.Name("tape")),) if tape else ()
        self.define(taped.reverse, ("tape", *seeds), (*unpack, *reverse[:-1], core.Return(bars)))
        return taped

    def define(self, name: str, params: Sequence[str], body: core.Block) -> None:
        function = core.Function(name, tuple(core.Param(param) for param in params), body, self.called.program.free)
        self.library.add(function, self.called.source)

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


@dataclass
class Work:
    """The stages for one function."""

    function: core.Function
    semantics: Semantics
    names: Names

    @classmethod
    def on(cls, function: core.Function, source: Source, library: Library) -> Work:
        local = {param.name for param in function.params} | {name for stmt in core.walk(function.body) if isinstance(stmt, core.Stmt)
                                                           for name, _ in atomic_writes(stmt)}
        return cls(function, Semantics(source, frozenset(local), library.pair, ScopeWith(source.scope, {}), {}), Names.of(function))

    def plan(self, facts_of_params: Mapping[str, Fact], independent: frozenset[str]) -> Plan:
        """Infers, exposes and prepares until nothing is left to be named, then decides."""
        function, semantics = self.function, self.semantics
        facts = infer(function, facts_of_params, semantics.scope)
        analysis = analyse(function, facts, semantics, independent)
        for stage in (expose, prepare):
            while (changed := stage(analysis, semantics, self.names)) is not analysis.function:
                facts = infer(changed, facts_of_params, semantics.scope)
                analysis = analyse(changed, facts, semantics, independent)
        return make_plan(analysis, semantics, self.names)

    def joint(self, plan: Plan, wrt: Sequence[str], seed: core.Expr, seeds: Sequence[str] = (), seed_facts: Mapping[str, Fact] | None = None,
              value: bool = False) -> core.Function:
        """Forward and reverse sweep in one function, which returns the adjoints of `wrt`, after the value if that is asked."""
        body = plan.function.body
        forward = [*unset(plan), *ForwardSweep(plan).block(body[:-1])]
        last = body[-1]
        assert isinstance(last, core.Return)
        result: core.Expr = last.value
        if value and not isinstance(result, (core.Name, core.Const)):
            kept = core.Name(self.names.fresh("value"))
            forward.append(core.Assign(kept, result, at=last.at))
            result = kept
        adjoints = Adjoints(plan, given=dict(seed_facts or {}))
        sweep = ReverseSweep(plan, adjoints, seed)
        reverse = sweep.block(body)
        env = plan.facts[body[0]]
        for name in wrt:
            reverse += sweep.adjoints.full(name, env)
        bars = tuple(core.Name(plan.names.bar(name)) for name in wrt)
        bar: core.Expr = bars[0] if len(bars) == 1 else core.Tuple(bars)
        returned = core.Return(core.Tuple((result, bar)) if value else bar)
        params = (*plan.function.params, *(core.Param(name) for name in seeds))
        whole = replace(plan.function, params=params, body=(core.Comment(FORWARD), *forward, core.Comment(REVERSE), *reverse, returned))
        return tidied(whole, plan)


def of_callee(facts: Mapping[str, Fact], generally: bool = False) -> dict[str, Fact]:
    """The facts of arguments as those of parameters: sizes are named in order of appearance, the values of integers are left out.

    For recursive calls, whose sizes would differ without end, only which sizes are equal is kept.
    """
    renaming = Renaming({}, {})

    def enter(d: Dim, path: str) -> Dim | None:
        return None if path.endswith("#") else d if d == ANY else renamed(d, lambda s: renaming.name(s, Dim(((s, 1),)), s.least))

    return {name: generalised(fact, renaming) if generally else without_values(with_sizes(fact, enter)) for name, fact in facts.items()}


def without_values(fact: Fact) -> Fact:
    if isinstance(fact, Number):
        return replace(fact, value=None, size=None)
    if isinstance(fact, SequenceFact) and fact.items is not None:
        return replace(fact, items=tuple(without_values(item) for item in fact.items))
    return fact


def tidied(function: core.Function, plan: Plan) -> core.Function:
    return function


def unset(plan: Plan) -> core.Block:
    return tuple(stmt for name in plan.unset for stmt in quote("NAME = None", NAME=name))


def split(whole: core.Function) -> tuple[core.Block, core.Block]:
    """The forward and the reverse sweep of a function that holds both."""
    at = next(i for i, stmt in enumerate(whole.body) if isinstance(stmt, core.Comment) and stmt.text == REVERSE)
    return tuple(s for s in whole.body[:at] if not isinstance(s, core.Comment)), whole.body[at + 1:]


def needed_at(reverse: core.Block, forward: core.Block, params: Sequence[str]) -> set[str]:
    """The variables of the function that the reverse sweep reads."""
    made = {name for stmt in core.walk(forward) if isinstance(stmt, core.Stmt) for name, _ in atomic_writes(stmt)}
    return set(liveness(Graph(reverse)).before[reverse[0]]) & (made | set(params))


def gradient(source: Source, function: core.Function, facts: Mapping[str, Fact], wrt: Sequence[str], value: bool = False) -> Library:
    """The text's functions for the gradient of `function` with respect to `wrt`; the derivative itself is the last."""
    library = Library()
    work = Work.on(function, source, library)
    plan = work.plan(facts, frozenset(wrt))
    whole = work.joint(plan, wrt, core.Const(1.0), value=value)
    library.add(replace(whole, name=f"{source.name}_{'value_and_grad' if value else 'grad'}"), source)
    return library
