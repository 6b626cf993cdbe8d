"""The tangent of a single call, evaluated by definition."""
from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from evaluate import evaluate

from s2sad import core
from s2sad.facts import signature_of
from s2sad.meaning.forms import RESULT
from s2sad.meaning.semantics import Semantics
from s2sad.names import Names
from s2sad.reading.read import UNRESOLVED, Source
from s2sad.reading.scope import Scope
from s2sad.tangent.expression import Walk


class NamesScope(Scope):
    def __init__(self, names: Mapping[str, Any]) -> None:
        self.names = names

    def lookup(self, name: str) -> object:
        return self.names.get(name, UNRESOLVED)


def tangent(expr: core.Expr, names: Mapping[str, Any], values: Mapping[str, Any], directions: Mapping[str, Any], y: Any, known: bool) -> Any:
    """The tangent of `expr`, whose value is `y`, where the variables `directions` vary so; `known`: with the facts of all variables."""
    function = core.Function("f", tuple(core.Param(name) for name in values), (core.Return(expr),))
    node = ast.parse("def f(): pass").body[0]
    semantics = Semantics.of(function, Source("<test>", "", "f", "f", 1, NamesScope(names), node))  # type: ignore[arg-type]
    env = dict(zip(values, signature_of(*values.values()))) if known else {}
    made = Names(values)
    walk = Walk(semantics, dict(env), frozenset(directions), frozenset(), made, expr)
    found = walk.exactly(expr)
    assert not walk.wanted, walk.wanted
    inside = {**names, **values, RESULT.id: y, **{made.dot(name): value for name, value in directions.items()}}
    for target, value in walk.temporaries:
        assert isinstance(target, core.Name)
        inside[target.id] = evaluate(value, inside)
    return evaluate(found, inside)
