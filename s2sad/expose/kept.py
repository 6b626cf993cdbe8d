"""Functions that loops and comprehensions make and keep, made one after the other, so that each is known by itself.

    fs = [lambda v, k=k: v * k for k in ks]     ->      k_2 = ks[0]
                                                        made = lambda v, k=k_2: v * k
                                                        k_2 = ks[1]
                                                        made_2 = lambda v, k=k_2: v * k
                                                        fs = [made, made_2]
    for k in (1.0, x):                          ->      k = 1.0
        fs.append(lambda v, k=k: v * k)                 fs.append(lambda v, k=k: v * k)
                                                        k = x
                                                        fs.append(lambda v, k=k: v * k)
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad import core
from s2sad.expose.functions import LONGEST
from s2sad.expose.inline import renamed
from s2sad.expose.iterate import items_of
from s2sad.expose.unroll import jumps
from s2sad.facts import Sequence
from s2sad.flow.evaluation import naming, parted, parts_of, replaced
from s2sad.flow.layout import Layout
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.quote import renewed

KEEPING = ("append", "insert", "extend", "setdefault", "appendleft", "update")
"""The methods of containers that keep what they are given."""


def rounds_of(walked: core.Expr, env: Env, semantics: Semantics) -> int | None:
    """Of how many items a loop is sure to be, if they are few."""
    if isinstance(walked, core.Call) and semantics.callee(walked.func) is range and not walked.keywords:
        ends = [arg.value if isinstance(arg, core.Const) else None for arg in walked.args]
        count = len(range(*ends)) if ends and all(type(end) is int for end in ends) else None  # type: ignore[arg-type]
    else:
        fact = semantics.fact(walked, env)
        count = fact.count if isinstance(fact, Sequence) and fact.kind in ("list", "tuple", "iterator") else None
    return count if isinstance(count, int) and count <= LONGEST else None


def one_by_one(stmt: core.Stmt, env: Env, layout: Layout, semantics: Semantics, names: Names) -> list[core.Stmt] | None:
    """The statement with the first comprehension that makes functions before it, step by step; None where there is none."""
    if isinstance(stmt, core.For) and isinstance(stmt.iter, core.Comprehension) and any(map(makes, stmt.iter.elements)):
        held = core.Name(names.fresh("functions"))
        return [core.Assign(held, stmt.iter, at=stmt.at), replace(stmt, iter=held)]
    if not isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt)):
        return None
    made = (node for node in parts_of(stmt.value, core.Comprehension) if any(map(makes, node.elements)))
    found = next((node for node in made if node.kind in ("list", "dict") and len(node.generators) == 1), None)
    if found is None or found.generators[0].tests:
        return None
    (generator,) = found.generators
    own = frozenset(core.bound_names(generator.target))
    rounds = rounds_of(generator.iter, env, semantics)
    late = any(isinstance(node, core.Function) and own & mentioned(node) for element in found.elements for node in core.walk(element))
    inside = any(isinstance(outer, (core.For, core.While)) for outer in layout.around[stmt])
    if rounds is None or late and inside:
        return None
    out, value = parted(stmt.value, found, names, stmt.at)
    items = items_of(generator.iter, env, semantics, naming(out, names, stmt.at))
    if items is None or items.backwards:
        return None
    renaming: dict[str, core.Expr] = {name: core.Name(names.fresh(name)) for name in sorted(own)}
    captured = tuple(name.id for name in renaming.values() if isinstance(name, core.Name))
    parts: list[tuple[core.Expr, ...]] = []
    for i in range(rounds):
        out += items.bound(renamed(generator.target, renaming), core.Const(i), stmt.at)
        part: tuple[core.Expr, ...] = ()
        for element in found.elements:
            name = core.Name(names.fresh("made"))
            out.append(core.Assign(name, capturing(renamed(element, renaming), captured), at=stmt.at))
            part += (name,)
        parts.append(part)
    new: core.Expr = core.List(tuple(part[0] for part in parts), at=found.at)
    if found.kind == "dict":
        new = core.Dict(tuple(part[0] for part in parts), tuple(part[1] for part in parts), at=found.at)
    return [*out, replace(stmt, value=replaced(value, found, new))]


def mentioned(function: core.Function) -> frozenset[str]:
    """The names in the body of a function that are none of its parameters."""
    names = {node.id for stmt in function.body for node in core.walk(stmt) if isinstance(node, core.Name)}
    return frozenset(names) - {param.name for param in function.params}


def makes(element: core.Expr) -> bool:
    """Whether an expression is, or holds, a function that is written out in it."""
    if isinstance(element, (core.Tuple, core.List)):
        return any(map(makes, element.elts))
    return isinstance(element, core.Lambda) or isinstance(element, core.Call) and any(isinstance(arg, core.Lambda) for arg in element.args)


def capturing(node: Any, names: tuple[str, ...]) -> Any:
    """An expression whose functions know of variables that were those of a comprehension."""
    new = core.rebuild(node, lambda part: capturing(part, names))
    if not isinstance(new, core.Function):
        return new
    read = mentioned(new)
    return replace(new, free=tuple(dict.fromkeys((*new.free, *(name for name in names if name in read)))))


# Loops


def apart(stmt: core.For, env: Env, semantics: Semantics) -> list[core.Stmt] | None:
    """The rounds of a loop that makes functions which are kept, one after the other; None for all other loops."""
    rounds = rounds_of(stmt.iter, env, semantics) if keeps_functions(stmt.body) and not jumps(stmt.body) else None
    items = items_of(stmt.iter, env, semantics, lambda e: e) if rounds is not None else None
    if rounds is None or items is None or items.backwards:
        return None
    return [new for i in range(rounds) for new in (*items.bound(stmt.target, core.Const(i), stmt.at), *renewed(stmt.body))]


def keeps_functions(block: core.Block) -> bool:
    """Whether a block makes functions and puts them where they outlast a round of the loop around it."""
    nodes = [node for stmt in block for node in core.walk(stmt)]
    made = {node.name for node in nodes if isinstance(node, core.Define)}
    made |= {node.target.id for node in nodes if isinstance(node, core.Assign) and isinstance(node.target, core.Name)
             and isinstance(node.value, core.Lambda)}

    def is_made(expr: core.Expr) -> bool:
        if isinstance(expr, (core.Tuple, core.List)):
            return any(map(is_made, expr.elts))
        return isinstance(expr, core.Lambda) or isinstance(expr, core.Name) and expr.id in made

    for node in nodes:
        if isinstance(node, core.Assign) and isinstance(node.target, (core.Subscript, core.Attribute)) and is_made(node.value):
            return True
        if isinstance(node, core.AugAssign) and is_made(node.value):
            return True
        called = node.func if isinstance(node, core.Call) and any(map(is_made, node.args)) else None
        if isinstance(called, core.Attribute) and called.attr in KEEPING:
            return True
    return False
