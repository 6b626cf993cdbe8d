"""Which variables of its enclosing functions each nested function reads.

    >>> from s2sad.lower.show import lowered
    >>> outer = lowered("scale = 2.0\\nreturn sum(map(lambda v: v * scale + offset, x))", "x")
    >>> outer.body[1].value.args[0].args[0].function.free
    ('scale',)

In a comprehension, the first iterable belongs to the scope around it; where it names what the comprehension itself binds, the bound
name is changed: `[x for x in x]` becomes `[x_2 for x_2 in x]`.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from s2sad import core
from s2sad.names import Names

Outer = frozenset[str]


def closed(function: core.Function, names: Names, outer: Outer = frozenset()) -> core.Function:
    """The function with the free names of all functions inside it, and of itself."""
    around = outer | bound_in(function)

    def change(node: Any) -> Any:
        if isinstance(node, (core.Name, core.Const)):
            return node
        if isinstance(node, core.Function):
            return closed(node, names, around)
        node = core.rebuild(node, change)
        return _separated(node, names) if isinstance(node, core.Comprehension) else node

    params = tuple(change(param) for param in function.params)
    body = tuple(change(stmt) for stmt in function.body)
    free = (_reads(body) - bound_in(function)) & outer if outer else ()
    return replace(function, params=params, body=body, free=tuple(sorted(free)))


def _separated(node: core.Comprehension, names: Names) -> core.Comprehension:
    first = node.generators[0]
    own = {name for g in node.generators for name in core.bound_names(g.target)}
    clashing = own & core.reads(first.iter)
    if not clashing:
        return node
    put: dict[str, core.Expr] = {name: core.Name(names.fresh(name)) for name in sorted(clashing)}

    def inside(expr: core.Expr) -> core.Expr:
        return core.substitute(expr, put)

    made = [core.Generator(inside(g.target), inside(g.iter), tuple(map(inside, g.tests))) for g in node.generators]
    return replace(node, elements=tuple(map(inside, node.elements)), generators=(replace(made[0], iter=first.iter), *made[1:]))


def bound_in(function: core.Function) -> frozenset[str]:
    """The names that a function binds: its parameters and its variables."""
    return frozenset(_bound(function.body)).union(param.name for param in function.params).difference(function.nonlocals, function.globals)


def _bound(block: core.Block) -> Iterator[str]:
    for stmt in block:
        if isinstance(stmt, (core.Assign, core.AugAssign)):
            yield from core.bound_names(stmt.target)
        elif isinstance(stmt, core.Delete):
            yield from (name for target in stmt.targets for name in core.bound_names(target))
        elif isinstance(stmt, (core.Import, core.Define)):
            yield stmt.name
        elif isinstance(stmt, core.For):
            yield from core.bound_names(stmt.target)
            yield from _bound(stmt.body)
        else:
            if isinstance(stmt, core.With) and stmt.target is not None:
                yield from core.bound_names(stmt.target)
            elif isinstance(stmt, core.Try):
                yield from (handler.name for handler in stmt.handlers if handler.name)
            for block in core.blocks(stmt):
                yield from _bound(block)


def _reads(node: Any) -> frozenset[str]:
    """Names that occur in a node and mean variables of the scope around it."""
    if isinstance(node, core.Name):
        return frozenset((node.id,))
    if isinstance(node, core.Comprehension):
        own = (name for g in node.generators for name in core.bound_names(g.target))
        return _union(core.children(node)) - frozenset(own)
    if isinstance(node, core.Function):
        return _union(node.params) | _reads(node.body) - bound_in(node)
    return _union(node if isinstance(node, tuple) else core.children(node))


def _union(nodes: Any) -> frozenset[str]:
    return frozenset().union(*map(_reads, nodes))
