"""A loop over a few objects of different classes as one round after the other.

    for layer in [Dense(W), Relu()]:        ->      items = [Dense(W), Relu()]
        x = layer(x)                                layer = items[0]
                                                    x = layer(x)
                                                    layer = items[1]
                                                    x = layer(x)

What is known of each object says which method a call runs; of all of them together nothing is known.
"""
from __future__ import annotations

from collections.abc import Sequence

from s2sad import core
from s2sad.expose.iterate import items_of
from s2sad.facts import Fact, FunctionFact, ObjectFact, Unknown, as_item, join_all
from s2sad.facts import Sequence as SequenceFact
from s2sad.flow.evaluation import naming
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.quote import renewed

ROUNDS = 16
"""Loops over more items stay loops."""


def round_by_round(stmt: core.For, env: Env, semantics: Semantics, names: Names) -> list[core.Stmt] | None:
    """The rounds of a loop whose items need different code, None for all others."""
    walked = stmt.iter.args if isinstance(stmt.iter, core.Call) and not stmt.iter.keywords else (stmt.iter,)
    facts = [semantics.fact(expr, env) for expr in walked]
    known = [fact.items for fact in facts if isinstance(fact, SequenceFact) and fact.kind in ("list", "tuple") and fact.items is not None]
    if not known or len(known) != len(walked) or len({len(items) for items in known}) != 1:
        return None
    if not 0 < len(known[0]) <= ROUNDS or not any(map(losing, known)) or jumps(stmt.body):
        return None
    out: list[core.Stmt] = []
    items = items_of(stmt.iter, env, semantics, naming(out, names, stmt.at))
    if items is None:
        return None
    places = range(len(known[0]))
    for i in reversed(places) if items.backwards else places:
        out += [*items.bound(stmt.target, core.Const(i), stmt.at), *renewed(stmt.body)]
    return out


def losing(items: Sequence[Fact]) -> bool:
    """Whether what is known of each item is not known of all of them."""
    if all(isinstance(item, SequenceFact) and item.items is not None for item in items):
        parts = [item.items for item in items if isinstance(item, SequenceFact) and item.items is not None]
        return len({len(part) for part in parts}) == 1 and any(losing(part) for part in zip(*parts))
    if any(isinstance(item, Unknown) for item in items) or not any(isinstance(item, (ObjectFact, FunctionFact)) for item in items):
        return False
    return isinstance(join_all(map(as_item, items)), Unknown)


def jumps(block: core.Block) -> bool:
    """Whether a block may leave the loop around it, or its round."""
    return any(isinstance(node, (core.Break, core.Continue)) for stmt in block for node in core.walk(stmt))
