"""The parts of an expression in the order in which they are evaluated."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from s2sad import core
from s2sad.names import Names

Part = TypeVar("Part", core.Lambda, core.Comprehension)


def evaluated(expr: core.Expr) -> Iterator[core.Expr]:
    """The parts of an expression that are evaluated once with it, inner ones first."""
    if not isinstance(expr, (core.Lambda, core.Comprehension, core.IfExp, core.BoolOp)):
        for child in core.children(expr):
            if isinstance(child, core.Expr):
                yield from evaluated(child)
        yield expr


def parts_of(expr: core.Expr, kind: type[Part]) -> Iterator[Part]:
    """The lambdas, or the comprehensions, that are evaluated once with an expression."""
    if isinstance(expr, kind):
        yield expr
    for node in evaluated(expr):
        yield from (child for child in core.children(node) if isinstance(child, kind))


def calls_of(expr: core.Expr) -> Iterator[core.Call]:
    """The calls in an expression that run whenever it is evaluated, in the order in which they run."""
    if not core.calls(expr):
        return
    if isinstance(expr, (core.Lambda, core.Comprehension, core.IfExp, core.BoolOp)):
        if isinstance(expr, core.IfExp):
            yield from calls_of(expr.test)
        elif isinstance(expr, core.BoolOp):
            yield from calls_of(expr.values[0])
        return
    for child in core.children(expr):
        if isinstance(child, core.Expr):
            yield from calls_of(child)
    if isinstance(expr, core.Call):
        yield expr


def parted(expr: core.Expr, call: core.Expr, names: Names, at: core.Place | None) -> tuple[list[core.Stmt], core.Expr]:
    """`expr` with all that is evaluated before `call`, and may be different after it, in variables: statements, and the rest."""
    out: list[core.Stmt] = []

    def rest(node: core.Expr) -> core.Expr:
        if node is call:
            return node
        inside = [child for child in core.children(node) if isinstance(child, core.Expr)]
        at_call = next((i for i, child in enumerate(inside) if any(part is call for part in core.walk(child))), None)
        if at_call is None:
            return node
        earlier = inside[:at_call]

        def change(child: core.Expr) -> core.Expr:
            method = isinstance(node, core.Call) and child is node.func and core.root(child) is not None
            if any(child is e for e in earlier) and not isinstance(child, (core.Name, core.Const, core.Lambda)) and not method:
                held = core.Name(names.fresh("t"))
                out.append(core.Assign(held, child, at=at))
                return held
            return rest(child) if child is inside[at_call] else child

        return core.rebuild(node, change)  # type: ignore[no-any-return]

    new = rest(expr)
    return out, new


def held_place(place: core.Expr, names: Names, at: core.Place | None,
               moving: frozenset[str] = frozenset()) -> tuple[list[core.Stmt], core.Expr]:
    """A subscript or an attribute with what is computed in it, and the variables `moving`, in variables: statements, and the place."""
    out: list[core.Stmt] = []

    def held(part: core.Expr) -> core.Expr:
        if isinstance(part, core.Const) or isinstance(part, core.Name) and part.id not in moving:
            return part
        if isinstance(part, (core.Slice, core.Tuple)):
            return core.rebuild(part, held)  # type: ignore[no-any-return]
        name = core.Name(names.fresh("t"))
        out.append(core.Assign(name, part, at=at))
        return name

    return out, place if isinstance(place, core.Name) else core.rebuild(place, held)


def naming(out: list[core.Stmt], names: Names, at: core.Place | None) -> Callable[[core.Expr], core.Expr]:
    """What gives the name of a value, after an assignment in `out` where it has none."""
    def name_for(expr: core.Expr) -> core.Expr:
        if isinstance(expr, core.Name):
            return expr
        name = core.Name(names.fresh("items"))
        out.append(core.Assign(name, expr, at=at))
        return name

    return name_for


def replaced(expr: core.Expr, old: core.Expr, new: core.Expr) -> core.Expr:
    """`expr` with the very node `old` replaced."""
    if expr is old:
        return new
    return core.rebuild(expr, lambda child: replaced(child, old, new) if isinstance(child, core.Expr) else child)  # type: ignore[no-any-return]
