"""Copies of what a derivative hands out, where it may share memory with an argument or with another result.

    return b, a         ->      return b.copy(), a.copy()           (the gradient of `np.sum(a * b)`)

Inside a derivative adjoints may be views of each other and of the primal's variables; what the caller gets is its own.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from s2sad import core, runtime
from s2sad.analysis.alias import is_immutable, shared_names
from s2sad.facts import UNKNOWN, Fact
from s2sad.flow.layout import COMPOUND, NONE, appended, pairwise
from s2sad.infer import infer
from s2sad.meaning.semantics import Env, Semantics
from s2sad.reading.read import UNRESOLVED
from s2sad.sweeps.forward import copied
from s2sad.sweeps.pairs import Library

FRESH = frozenset(("zeros", "copied", "zero_tangent"))
"""Functions of the runtime whose results share no memory; what the others return shares at most that of their first argument."""

OF_ANY = frozenset(("add", "accumulated"))


def apart(function: core.Function, facts: Mapping[str, Fact], semantics: Semantics, library: Library) -> core.Function:
    """The function with copies in the `return` at its end, where results may share memory with arguments or with each other."""
    sharing = Sharing(semantics, library, {other.name: other for other in library.functions})
    known = infer(function, facts, semantics.scope)
    ends = sharing.at_end(function, known)
    last = function.body[-1]
    assert isinstance(last, core.Return)
    taken = {param.name for param in function.params}

    def own(expr: core.Expr) -> core.Expr:
        if isinstance(expr, core.Tuple):
            return core.Tuple(tuple(own(elt) for elt in expr.elts), at=expr.at)
        reached = sharing.reached(expr, known[last], ends)
        if reached & taken:
            return copied(expr, semantics.fact(expr, known[last]))
        taken.update(reached)
        return expr

    return replace(function, body=(*function.body[:-1], core.Return(own(last.value), at=last.at)))


Sources = dict[str, frozenset[str]]
"""For each variable, whose memory it may share: that of parameters, by their names, and that of new objects, `=x`."""


@dataclass
class Sharing:
    """Follows references through functions of one text; `_summaries` are the parameters that the result of each may share memory with."""

    semantics: Semantics
    library: Library
    functions: Mapping[str, core.Function]
    _summaries: dict[str, frozenset[str]] = field(default_factory=dict)

    def at_end(self, function: core.Function, known: Mapping[core.Stmt, Env]) -> Sources:
        sources: Sources = {param.name: frozenset((param.name,)) for param in function.params}
        for stmt in function.body[:-1]:
            self._follow(stmt, sources, known, True)
        return sources

    def _follow(self, stmt: core.Stmt, sources: Sources, known: Mapping[core.Stmt, Env], surely: bool) -> None:
        """Notes what a statement makes its variables share, besides what they did unless it is `surely` run."""
        env = known.get(stmt, {})
        if isinstance(stmt, COMPOUND):
            before: Sources = {}
            while before != sources:
                before = dict(sources)
                if isinstance(stmt, core.For):
                    self._bind(stmt.target, stmt.iter, env, sources, False)
                for inner in (inner for block in core.blocks(stmt) for inner in block):
                    self._follow(inner, sources, known, False)
        elif isinstance(stmt, core.Assign):
            self._bind(stmt.target, stmt.value, env, sources, surely)
        elif (call := appended(stmt)) is not None:
            assert isinstance(call.func, core.Attribute)
            self._bind(call.func, call.args[0], env, sources, False)

    def _bind(self, target: core.Expr, value: core.Expr, env: Env, sources: Sources, surely: bool) -> None:
        for part, expr in _parts(target, value):
            name = core.root(part)
            if name is not None:
                whole = isinstance(part, core.Name)
                reached = self.reached(expr, env, sources) or (frozenset((f"={name}",)) if whole else NONE)
                sources[name] = reached if surely and whole else sources.get(name, NONE) | reached

    def reached(self, expr: core.Expr, env: Env, sources: Sources) -> frozenset[str]:
        if is_immutable(self.semantics.fact(expr, env)):
            return NONE
        if isinstance(expr, core.Subscript):
            return self.reached(expr.value, env, sources)
        if isinstance(expr, core.Call) and isinstance(expr.func, core.Name) and self.semantics.callee(expr.func) is UNRESOLVED:
            return NONE.union(*(self.reached(arg, env, sources) for arg in self._shared_arguments(expr.func.id, expr.args)))
        return NONE.union(*(sources.get(name, NONE) for name in shared_names(expr, env, self.semantics)))

    def _shared_arguments(self, name: str, args: tuple[core.Expr, ...]) -> tuple[core.Expr, ...]:
        """The arguments of a function of the text or of the runtime whose memory its result may share."""
        if name in self.functions:
            held = self._summary(self.functions[name])
            return tuple(arg for param, arg in zip(self.functions[name].params, args) if param.name in held)
        if name in FRESH:
            return ()
        return args[:1] if name in runtime.__all__ and name not in OF_ANY else args

    def _summary(self, function: core.Function) -> frozenset[str]:
        params = frozenset(param.name for param in function.params)
        if function.name not in self._summaries:
            self._summaries[function.name] = params
            last = function.body[-1]
            facts = self.library.facts.get(function.name, {})
            known = infer(function, {param: facts.get(param, UNKNOWN) for param in params}, self.library.sources[function.name].scope)
            if isinstance(last, core.Return):
                self._summaries[function.name] = self.reached(last.value, known[last], self.at_end(function, known)) & params
        return self._summaries[function.name]


def _parts(target: core.Expr, value: core.Expr) -> Iterator[tuple[core.Expr, core.Expr]]:
    """The targets of an assignment one by one, each with the value that it gets or is in."""
    if isinstance(target, core.Tuple):
        several = value.elts if isinstance(value, (core.Tuple, core.List)) and pairwise(target, value) else None
        for part, expr in zip(target.elts, several or (value,) * len(target.elts)):
            yield from _parts(part, expr)
    else:
        yield (target.value if isinstance(target, core.Starred) else target), value
