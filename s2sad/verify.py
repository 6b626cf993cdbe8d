"""The invariants of core Python, checked after every stage where the environment has `S2SAD_VERIFY`, as tests have.

A stage that breaks one is a mistake of s2sad's and not of the user's program, so an InvariantError is no DifferentiationError.
"""
from __future__ import annotations

import os
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from s2sad import core
from s2sad.flow.graph import Graph
from s2sad.flow.liveness import captured, head_binds, head_reads
from s2sad.flow.solve import solve_sets

IS_ON = bool(os.environ.get("S2SAD_VERIFY"))


class InvariantError(AssertionError):
    """What a stage made is no core Python, or does not agree with itself."""


def verify(function: core.Function, stage: str, sweeps: str = "", own: Container[str] = (), given: Iterable[str] = ()) -> core.Function:
    """The function itself.

    `sweeps` is the comment that begins the reverse sweep, where it holds both, and `own` the names of the primal, whose stacks are its
    own affair; `given` will be bound before it.
    """
    if IS_ON:
        for problem in problems(function, sweeps, own, given):
            raise InvariantError(f"after {stage}, in `{function.name}`: {problem}")
    return function


def problems(function: core.Function, sweeps: str = "", own: Container[str] = (), given: Iterable[str] = ()) -> Iterator[str]:
    """What is wrong with a function, in the order in which it is read."""
    yield from misplaced(function.body, last=True, loop=False)
    if max(Counter(statements(function.body)).values(), default=1) > 1:
        yield "one statement stands at two places"
        return
    yield from unbound(function, given)
    if sweeps:
        yield from unmatched(function.body, sweeps, own)


def statements(block: core.Block) -> Iterator[core.Stmt]:
    """The statements of a block, at any depth."""
    for stmt in block:
        yield stmt
        for inner in core.blocks(stmt):
            yield from statements(inner)


def misplaced(block: core.Block, last: bool, loop: bool) -> Iterator[str]:
    """Jumps that do not end their block, and targets that nothing can be assigned to.

    `last`: the end of the block is the end of the function; `loop`: a loop is around it.
    """
    for at, stmt in enumerate(block, 1):
        ends = at == len(block)
        if isinstance(stmt, core.Return) and not (last and ends):
            yield "a `return` is not the last statement"
        if isinstance(stmt, (core.Break, core.Continue)) and not (ends and loop):
            yield "a jump does not end its block"
        whole = isinstance(stmt, (core.Assign, core.For))
        if isinstance(stmt, (core.Assign, core.AugAssign, core.For)) and not is_target(stmt.target, whole):
            yield f"{stmt.target} is assigned to"
        for inner in core.blocks(stmt):
            yield from misplaced(inner, False, loop or isinstance(stmt, (core.For, core.While)))


def is_target(target: core.Expr, whole: bool) -> bool:
    if isinstance(target, (core.Tuple, core.List)):
        return whole and sum(isinstance(elt, core.Starred) for elt in target.elts) <= 1 and all(
            is_target(elt.value if isinstance(elt, core.Starred) else elt, whole) for elt in target.elts)
    return isinstance(target, (core.Name, core.Subscript, core.Attribute))


def unbound(function: core.Function, given: Iterable[str]) -> Iterator[str]:
    """Variables of the function that are read where no path has bound them."""
    graph = Graph(function.body)
    own = {name for node in graph.nodes for name in head_binds(node)}
    params = {param.name for param in function.params}
    outer = {*function.free, *function.nonlocals, *function.globals, *captured(function.body)}
    bound = solve_sets(graph, "forward", head_binds, lambda node: (), params.union(outer, given))
    for node in graph.nodes:
        shadow = getattr(node, "shadow", None)    # runs after its statement
        found = head_reads(node) if shadow is None else head_reads(replace(node, shadow=None)) | head_reads(shadow) - set(head_binds(node))  # type: ignore[call-arg]
        for name in sorted(found & own):
            if not bound.before.has(node, name):
                yield f"`{name}` is read where nothing has bound it: {node}"


def unmatched(body: core.Block, sweeps: str, own: Container[str]) -> Iterator[str]:
    """Stacks that the reverse sweep pops at fewer or more places than the forward sweep pushes."""
    at = next((i for i, stmt in enumerate(body) if isinstance(stmt, core.Comment) and stmt.text == sweeps), None)
    if at is None:
        return
    pushed, popped = (Counter(calls(part, name)) for part, name in ((body[:at], "append"), (body[at:], "pop")))
    made = {stmt.target.id for stmt in body[:at] if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Name) and
            stmt.target.id.endswith("_stack") and isinstance(stmt.value, core.List)}
    for name in sorted(made):
        if name not in own and pushed[name] != popped[name]:
            yield f"`{name}` is pushed at {pushed[name]} places and popped at {popped[name]}"


def calls(block: core.Block, method: str) -> Iterator[str]:
    """The variables whose method of this name is called."""
    for node in core.walk(block):
        if isinstance(node, core.Call) and isinstance(node.func, core.Attribute) and node.func.attr == method:
            if isinstance(node.func.value, core.Name):
                yield node.func.value.id
