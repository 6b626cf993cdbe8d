"""A function in forward mode: `f_jvp(x, n, x_dot)` returns the value of `f(x, n)` and its tangent.

    jvp_of(...)     the whole function, with the tangents of its parameters after the parameters
    Jvps.jvp        the same of a function that it calls, made once for equal facts and equal active parameters
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from s2sad import core
from s2sad.analysis.alias import aliases
from s2sad.analysis.called import written_by
from s2sad.analysis.outside import check_outside
from s2sad.errors import refuse
from s2sad.expose.calls import spelled_out
from s2sad.expose.modelled import without_markers
from s2sad.facts import UNKNOWN, Fact, FunctionFact, Sequence
from s2sad.flow.graph import Graph
from s2sad.flow.layout import NONE, Layout, bound_in
from s2sad.infer import infer
from s2sad.meaning.callees import UserCall, facts_inside
from s2sad.meaning.forms import adjoint_fact
from s2sad.meaning.semantics import Semantics
from s2sad.names import Names
from s2sad.reading.read import Source
from s2sad.sweeps.forward import copied
from s2sad.sweeps.pairs import Library, stem
from s2sad.tangent.activity import Facts, tangents
from s2sad.tangent.changes import groups
from s2sad.tangent.expose import expose
from s2sad.tangent.statement import Statements
from s2sad.tangent.zero import zero_of
from s2sad.verify import verify

Key = tuple[object, tuple[tuple[str, Fact], ...], frozenset[str]]


@dataclass
class Jvps:
    """The forward functions of one generated text."""

    library: Library
    _made: dict[Key, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _unfinished: list[object] = field(default_factory=list)

    def jvp(self, called: UserCall, facts: Mapping[str, Fact], active: frozenset[str]) -> tuple[str, tuple[str, ...]]:
        """The name of the forward function of a callee, and the parameters whose tangents it takes."""
        recursive = called.function in self._unfinished
        inside = facts_inside(called, facts, generally=recursive)
        key = (called.function, tuple(inside.items()), active)
        if key not in self._made:
            order = tuple(param.name for param in called.program.params if param.name in active)
            name = self.library.name(f"{stem(called.source)}_jvp")
            self._made[key] = name, order
            self._unfinished.append(called.function)
            written = written_by(called, facts)
            function = mirrored(called.program, called.source, inside, order, self, written, called=True)
            self._unfinished.pop()
            params = tuple(core.Param(param.name) for param in called.program.params)
            dots = function.params[len(called.program.params):]
            of_dots = {dot.name: adjoint_fact(inside.get(param, UNKNOWN)) for param, dot in zip(order, dots)}
            self.library.add(replace(function, name=name, params=(*params, *dots)), called.source, {**inside, **of_dots})
        return self._made[key]


def changed_outside(function: core.Function, facts: Facts, semantics: Semantics, outside: frozenset[str]) -> frozenset[str]:
    """Those of the variables `outside` whose objects a function may change; a tuple can change only by the arrays in it."""
    env: Mapping[str, Fact] = facts[function.body[0]]
    held = frozenset(name for name in outside if isinstance(fact := semantics.fact(core.Name(name), env), Sequence) and fact.kind == "tuple")
    return NONE.union(*(group & (outside if arrays else outside - held) for group, arrays in groups(Layout(function.body), facts, semantics)))


def changed_params(function: core.Function, facts: Facts, semantics: Semantics) -> frozenset[str]:
    """The parameters whose arguments a function changes in place, as far as it does so by assignments and calls of the user's."""
    return aliases(function, Graph(function.body), Layout(function.body), facts, semantics).written_params


def mirrored(code: core.Function, source: Source, facts: Mapping[str, Fact], active: tuple[str, ...], jvps: Jvps, written: frozenset[str] = NONE,
             called: bool = False) -> core.Function:
    """The function with tangents; those of the parameters `active` are its last parameters.

    `written` are the parameters whose objects the caller sees changed; the tangents of these change with them.  `called` tells that
    another function calls it, which does not see the tangents of what it finds outside; else arguments are copied before they are changed.
    """
    semantics, names = Semantics.of(code, source), Names.of(code)
    independent = frozenset(active)
    function = code
    while True:
        found = infer(function, facts, semantics.scope)
        plain = spelled_out(function, found, semantics, names)
        if plain is not function:
            function = plain
            continue
        known = tangents(function, found, semantics, independent, written)
        opened = expose(function, found, known, semantics, names)
        if opened is function:
            break
        function = verify(opened, "expose")
    check_outside(function, found, known.varied, semantics, called, mirrored=True)
    statements = Statements(semantics, found, known, names, jvps.jvp, frozenset(param.name for param in code.params), called)
    dots = tuple(core.Param(names.dot(name)) for name in active)
    body = statements.block(function.body)
    if not function.body:
        return replace(function, params=(*function.params, *dots))
    first = function.body[0]
    env: Mapping[str, Fact] = found.get(first, {})
    starts: list[core.Stmt] = []
    changed = NONE if called else changed_params(function, found, semantics)
    for param in function.params:
        if param.name in changed:
            both = [param.name, names.dot(param.name)] if param.name in independent else [param.name]
            starts += [core.Assign(core.Name(one), copied(core.Name(one), env.get(param.name, UNKNOWN))) for one in both]
    for param in function.params:
        if param.name in known.before.get(first, NONE) and param.name not in independent and not isinstance(env.get(param.name, UNKNOWN), FunctionFact):
            name = core.Name(param.name)
            starts.append(core.Assign(core.Name(names.dot(param.name)), zero_of(name, lambda e: semantics.fact(e, env))))
    outside = known.before.get(first, NONE) - bound_in(function)
    if called and (shared := changed_outside(function, found, semantics, outside)):
        raise refuse(f"cannot differentiate through `{min(shared)}`, which a function that is called changes from outside of it", function.at,
                     source, "pass it as an argument")
    for outer in sorted(outside):
        starts.append(core.Assign(core.Name(names.dot(outer)), zero_of(core.Name(outer), lambda e: semantics.fact(e, env))))
    whole = replace(function, params=(*function.params, *dots), body=(*starts, *body))
    return verify(without_markers(whole, semantics), "tangents")
