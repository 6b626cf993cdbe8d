"""The way of a function to its derivative, stage by stage."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from s2sad import core
from s2sad.accumulate import Adjoints
from s2sad.analyse import analyse, make_plan, prepare
from s2sad.facts import Fact
from s2sad.forward import ForwardSweep
from s2sad.infer import infer
from s2sad.names import Names
from s2sad.plan import Plan
from s2sad.reverse import ReverseSweep
from s2sad.semantics import Semantics


def reverse_plan(function: core.Function, params: Mapping[str, Fact], semantics: Semantics, independent: frozenset[str], names: Names) -> Plan:
    while True:
        facts = infer(function, params, semantics.source.scope)
        analysis = analyse(function, facts, semantics, independent)
        prepared = prepare(analysis, semantics, names)
        if prepared is function:
            return make_plan(analysis, semantics, names)
        function = prepared


def gradient(plan: Plan, wrt: Sequence[str]) -> core.Function:
    """The function that returns the gradient with respect to `wrt`."""
    forward = ForwardSweep(plan).block(plan.function.body[:-1])
    sweep = ReverseSweep(plan, Adjoints(plan), core.Const(1.0))
    reverse = tuple(sweep.block(plan.function.body))
    env = plan.facts[plan.function.body[0]]
    ends = [new for name in wrt if name not in sweep.adjoints.facts for new in sweep.adjoints.zero(name, env)]
    bars = [sweep.adjoints.bar(name) for name in wrt]
    result = core.Return(bars[0] if len(bars) == 1 else core.Tuple(tuple(bars)))
    body = (core.Comment("forward sweep"), *forward, core.Comment("reverse sweep"), *reverse, *ends, result)
    return replace(plan.function, name=f"{plan.function.name}_grad", body=body)
