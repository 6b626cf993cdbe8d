"""Loops over the items of a list that nothing else reads: they stay such loops, and their reverse makes the list of the items' adjoints.

    for W, b in layers:                 ->      layers_bar = []
        h = np.tanh(W @ h + b)                  for W, b in reversed(layers):
                                                    ...
                                                    layers_bar.append((W_bar, b_bar))
                                                layers_bar.reverse()

Every item is visited once, so that its adjoint is whole at the end of its round.  All other loops over items run over indices.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from s2sad import core
from s2sad.analysis.memory import Memory
from s2sad.facts import Fact, Sequence
from s2sad.flow.layout import Layout
from s2sad.flow.liveness import Liveness
from s2sad.meaning.semantics import Env, Semantics


def walks(function: core.Function, layout: Layout, alive: Liveness, facts: Mapping[core.Stmt, Env], memory: Memory,
          semantics: Semantics) -> frozenset[core.Stmt]:
    """The loops whose reverse makes the list of the adjoints of what they run over."""
    return frozenset(loop for loop in layout.loops if isinstance(loop, core.For) and loop in facts
                     and is_walk(loop, function, layout, alive, facts, memory, semantics))


def is_walk(loop: core.For, function: core.Function, layout: Layout, alive: Liveness, facts: Mapping[core.Stmt, Env], memory: Memory,
            semantics: Semantics) -> bool:
    if not isinstance(loop.iter, core.Name) or layout.around[loop] or layout.breaks(loop):
        return False
    items, names = loop.iter.id, list(core.bound_names(loop.target))
    fact = semantics.fact(loop.iter, facts[loop])
    if not isinstance(fact, Sequence) or fact.kind != "list" or not fits(loop.target, fact.each) or len(set(names)) != len(names):
        return False
    if any(layout.writers.get(name) != [loop] or memory.is_shared(name) or name in alive.before[loop] for name in names):
        return False
    if memory.is_shared(items) or len(layout.writers.get(items, ())) > (items not in {param.name for param in function.params}):
        return False
    return sum(name == items for name in mentioned(function.body)) == 1


def fits(target: core.Expr, item: Fact) -> bool:
    """Whether the item's adjoint is made of those of the names that it is unpacked into."""
    if isinstance(target, core.Tuple):
        if not isinstance(item, Sequence) or item.kind not in ("tuple", "list") or item.cls is not None or item.items is None:
            return False
        return len(item.items) == len(target.elts) and all(map(fits, target.elts, item.items))
    return isinstance(target, core.Name)


def mentioned(node: object) -> Iterator[str]:
    """The variables that are read anywhere, their length alone aside."""
    if isinstance(node, tuple):
        for part in node:
            yield from mentioned(part)
    elif isinstance(node, core.Name):
        yield node.id
    elif isinstance(node, core.Function):
        yield from node.free
    elif not (isinstance(node, core.Call) and node.func == core.Name("len") and isinstance(node.args[0], core.Name)):
        for child in core.children(node):
            yield from mentioned(child)
