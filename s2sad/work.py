"""The stages for one function: from core Python and the facts of its parameters to both sweeps in one function."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from s2sad import core
from s2sad.analysis.analyse import Analysis, Facts, analyse, make_plan, prepare
from s2sad.analysis.ends import marked
from s2sad.analysis.mirror import Mirror, zero_of
from s2sad.analysis.plan import Plan
from s2sad.expose.attempts import check_attempts
from s2sad.expose.calls import spelled_out
from s2sad.expose.modelled import without_markers
from s2sad.expose.passes import expose
from s2sad.facts import UNKNOWN, Fact
from s2sad.flow.graph import Graph
from s2sad.flow.layout import atomic_writes
from s2sad.flow.liveness import liveness
from s2sad.infer import infer
from s2sad.meaning.forms import adjoint_fact
from s2sad.meaning.semantics import Pairs, Semantics
from s2sad.names import Names, names_in
from s2sad.quote import quote
from s2sad.reading.read import Source
from s2sad.sweeps.accumulate import Adjoints
from s2sad.sweeps.forward import ForwardSweep, copied, once, unbound
from s2sad.sweeps.reverse import ReverseSweep
from s2sad.tidy.effects import helper
from s2sad.tidy.passes import tidy
from s2sad.tidy.unasked import checks, doubtful
from s2sad.verify import verify


def marks(analysis: Analysis, semantics: Semantics, names: Names) -> core.Function:
    return marked(analysis)


FORWARD = "forward sweep"
REVERSE = "reverse sweep"


@dataclass
class Work:
    """The stages for one function."""

    function: core.Function
    semantics: Semantics
    names: Names

    @classmethod
    def on(cls, function: core.Function, source: Source, pairs: Pairs) -> Work:
        return cls(function, Semantics.of(function, source, pairs), Names.of(function))

    def plan(self, facts_of_params: Mapping[str, Fact], independent: frozenset[str]) -> Plan:
        """Infers, exposes and prepares until nothing is left to be named, then decides."""
        semantics = self.semantics
        function, facts = self.inferred(self.function, facts_of_params)
        analysis = analyse(function, facts, semantics, independent)
        for stage in (expose, prepare, marks):
            while (changed := stage(analysis, semantics, self.names)) is not analysis.function:
                changed, facts = self.inferred(verify(changed, stage.__name__), facts_of_params)
                analysis = analyse(changed, facts, semantics, independent)
        memory = analysis.memory
        if memory.classes:
            check_attempts(analysis.layout, analysis.live, analysis.activity, analysis.facts, semantics)
            mirror, params = self.mirror(analysis)
            function = replace(analysis.function, body=mirror.block(analysis.function.body))
            verify(function, "mirror", given=params)
            memory = replace(memory, shadows=mirror.shadows, births=frozenset(mirror.births), maybe=frozenset(mirror.maybe))
            facts = infer(function, {**facts_of_params, **params}, semantics.scope)
            analysis = analyse(function, facts, semantics, independent, memory)
        return make_plan(analysis, semantics, self.names)

    def inferred(self, function: core.Function, facts_of_params: Mapping[str, Fact]) -> tuple[core.Function, Facts]:
        """The function, with what its calls do of themselves spelled out, and its facts.

        A loop does not stand first: what holds before it is what holds before each of its rounds.
        """
        while True:
            if isinstance(function.body[0], (core.For, core.While)):
                function = replace(function, body=(core.Pass(), *function.body))
            facts = infer(function, facts_of_params, self.semantics.scope)
            plain = spelled_out(function, facts, self.semantics, self.names)
            if plain is function:
                return function, facts
            function = plain

    def mirror(self, analysis: Analysis) -> tuple[Mirror, dict[str, Fact]]:
        """The shadows of shared memory that is active anywhere, and the facts of those of parameters."""
        active = frozenset().union(*analysis.activity.before.values(), *analysis.activity.after.values())
        classes = analysis.memory.classes
        shadows = {name: self.names.bar(name) for name in sorted(classes) if classes[name] & active}
        start = analysis.facts[analysis.function.body[0]]
        params = {shadows[p.name]: adjoint_fact(start.get(p.name)) for p in analysis.function.params if p.name in shadows}
        return Mirror(self.semantics, analysis.facts, self.names, shadows), params

    def entry(self, plan: Plan) -> list[core.Stmt]:
        """Copies of the arguments that the function changes in place, so that the caller's stay as they are."""
        env = plan.facts[plan.function.body[0]]
        out: list[core.Stmt] = []
        for param in plan.function.params:
            name, fact = core.Name(param.name), env.get(param.name, UNKNOWN)
            if param.name in plan.written_params:
                out.append(core.Assign(name, copied(name, fact)))
            if param.name in plan.memory.shadows:
                out.append(core.Assign(core.Name(plan.memory.shadows[param.name]), zero_of(name, fact)))
        return out

    def joint(self, plan: Plan, wrt: Sequence[str], seed: core.Expr, seeds: Sequence[str] = (),
              seed_facts: Mapping[str, Fact] | None = None,
              value: bool = False) -> core.Function:
        """Forward and reverse sweep in one function, which returns the adjoints of `wrt`, after the value if that is asked."""
        body = plan.function.body
        last = body[-1]
        assert isinstance(last, core.Return)
        result: core.Expr = last.value
        made: list[core.Stmt] = []
        if value and (not isinstance(result, (core.Name, core.Const)) or isinstance(result, core.Name) and result.id in restored(plan)):
            kept = core.Name(self.names.fresh("value"))
            made.append(core.Assign(kept, result, at=last.at))
            result = kept
        elif not value:
            made += checks(plan.function, plan.facts[last], plan.semantics)
        sweep = ReverseSweep(plan, Adjoints(plan, given=dict(seed_facts or {})), seed)
        reverse = sweep.block(body)
        env = plan.facts[body[0]]
        for name in wrt:
            reverse += sweep.adjoints.full(name, env)
        loose = () if value else doubtful(last.value, plan.facts[last], plan.semantics)
        plan = replace(plan, unset=tuple(dict.fromkeys((*plan.unset, *sorted(sweep.measured & plan.unsure), *loose))))
        forward = [*self.entry(plan), *once((*ForwardSweep(plan).block(body[:-1]), *unbound(last, plan))), *made]
        forward = [*(bound for name in plan.unset for bound in quote("NAME = None", NAME=name)), *forward]
        bars = tuple(core.Name(plan.names.bar(name)) for name in wrt)
        bar: core.Expr = bars[0] if len(bars) == 1 else core.Tuple(bars)
        returned = core.Return(core.Tuple((result, bar)) if value else bar)
        params = (*plan.function.params, *(core.Param(name) for name in seeds))
        whole = replace(plan.function, params=params, body=(core.Comment(FORWARD), *forward, core.Comment(REVERSE), *reverse, returned))
        return verify(without_markers(whole, plan.semantics), "reverse", REVERSE, names_in(plan.function))

    def tidied(self, whole: core.Function, plan: Plan, facts: Mapping[core.Stmt, Mapping[str, Fact]],
               terse: bool = False) -> core.Function:
        """A function with both sweeps as a person would write it; `facts` are those before its statements, `terse` as in `View`."""
        own = names_in(self.function)
        variables = own & plan.layout.writers.keys() | {param.name for param in self.function.params}
        said = own.union(plan.names.bar(name) for name in sorted(variables))
        written = {name for stmt in core.walk(whole.body) if isinstance(stmt, core.Stmt) for name, _ in atomic_writes(stmt)}
        local = frozenset(name for name in own if helper(core.Call(core.Name(name)), plan.semantics) != name) | written
        tidied = tidy(whole, facts, replace(plan.semantics, local=local | plan.semantics.local), own, said, REVERSE, terse)
        return verify(tidied, "tidy", REVERSE, own | names_in(plan.function))


def restored(plan: Plan) -> set[str]:
    """The variables that the reverse sweep sets back."""
    overwritten = {name for names in plan.overwritten.values() for name in names}
    regained = {kept.name for kepts in plan.regained.values() for kept in kepts}
    loops = [loop for loop in plan.layout.loops if loop in plan.live and isinstance(loop, core.For)]
    return overwritten | regained | {name for loop in loops for name in core.bound_names(loop.target)}


def split(whole: core.Function) -> tuple[core.Block, core.Block]:
    """The forward and the reverse sweep of a function that holds both."""
    at = next(i for i, stmt in enumerate(whole.body) if isinstance(stmt, core.Comment) and stmt.text == REVERSE)
    return tuple(s for s in whole.body[:at] if not isinstance(s, core.Comment)), whole.body[at + 1:]


def needed_at(reverse: core.Block, forward: core.Block, params: Sequence[str]) -> set[str]:
    """The variables of the function that the reverse sweep reads."""
    made = {name for stmt in core.walk(forward) if isinstance(stmt, core.Stmt) for name, whole in atomic_writes(stmt) if whole}
    return set(liveness(Graph(reverse)).before[reverse[0]]) & (made | set(params))
