"""Functions that write variables of the function around them, written out where they are called.

    >>> from s2sad.lower.show import show
    >>> show('''
    ... total = 0.0
    ... def add(v):
    ...     nonlocal total
    ...     total += v
    ...     return total
    ... y = total + add(x) * 2
    ... ''')
    total = 0.0
    value_2 = total
    v_2 = x
    total += v_2
    value = total
    y = value_2 + value * 2

Their calls become statements of their own first (`called_apart`), so that all that is evaluated before them is as it was; once all else
is lowered, their bodies take the place of these (`without_nonlocals`).
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from s2sad import core
from s2sad.errors import refuse
from s2sad.flow.evaluation import held_place
from s2sad.flow.layout import atomic_writes
from s2sad.lower.flow import within
from s2sad.lower.scopes import bound_in
from s2sad.names import Names
from s2sad.reading.read import Source
from s2sad.reading.surface import Walrus

Writers = Mapping[str, frozenset[str]]
"""The variables that each function defined inside writes, directly or by calling another."""

HELP = "pass the variable as an argument, and return its new value"


def writers_in(function: core.Function, outer: Writers) -> Writers:
    """The functions that write variables of others, those around `function` included."""
    defined = {stmt.name: stmt.function for stmt in _own(function.body) if isinstance(stmt, core.Define)}
    around = {name: written for name, written in outer.items() if name not in bound_in(function)}
    found = {name: _escaping(inner) for name, inner in defined.items()}
    moving = True
    while moving:
        moving = False
        for name, inner in defined.items():
            known = {**around, **found}
            more = found[name].union(*(known[other] for other in _mentioned(inner) & known.keys() if known[other]))
            moving, found[name] = moving or more != found[name], more
    return {**around, **{name: written for name, written in found.items() if written}}


def _own(block: core.Block) -> Iterator[core.Stmt]:
    for stmt in block:
        yield stmt
        for inner in core.blocks(stmt):
            yield from _own(inner)


def _escaping(function: core.Function) -> frozenset[str]:
    inner = (_escaping(stmt.function) - bound_in(function) for stmt in _own(function.body) if isinstance(stmt, core.Define))
    return frozenset(function.nonlocals).union(*inner)


def _mentioned(function: core.Function) -> frozenset[str]:
    return frozenset(node.id for node in core.walk(function.body) if isinstance(node, core.Name)) - bound_in(function)


def called_apart(block: core.Block, writers: Writers, names: Names, source: Source | None) -> core.Block:
    """The block with the calls of `writers` in assignments of their own, or to be hoisted into such."""
    if not writers:
        return block

    def expr(node: Any, whole: bool = False) -> Any:
        if isinstance(node, core.Call) and isinstance(node.func, core.Name) and node.func.id in writers:
            call = replace(node, args=tuple(map(expr, node.args)), keywords=tuple((k, expr(v)) for k, v in node.keywords))
            return call if whole else Walrus(core.Name(names.fresh("value")), call, writers[node.func.id], at=node.at)
        if isinstance(node, core.Name) and node.id in writers:
            raise refuse(f"cannot differentiate through `{node.id}`, which writes variables of the function around it, without calling it",
                         node.at, source, HELP)
        if isinstance(node, (core.Lambda, core.Comprehension)):
            for part in core.walk(node):
                if isinstance(part, core.Name) and part.id in writers:
                    raise refuse(f"cannot differentiate through `{part.id}`, which writes variables of the function around it, in here",
                                 part.at, source, "write a loop")
            return node
        return core.rebuild(node, lambda part: part if isinstance(part, (core.Stmt, core.Handler, core.Function)) else expr(part))

    def loaded(stmt: core.AugAssign) -> core.Block:
        """`x[i] *= f()` as `t = x[i]; t *= f(); x[i] = t`: the place is found and read before the call."""
        written = frozenset().union(*(writers[call.func.id] for call in core.calls(stmt.value) if called_by(call)))  # type: ignore[attr-defined]
        before, place = held_place(stmt.target, names, stmt.at, written)
        old = core.Name(names.fresh("t"))
        change = core.AugAssign(old, stmt.op, stmt.value, at=stmt.at)
        return (*before, core.Assign(old, place, at=stmt.at), change, core.Assign(place, old, at=stmt.at))

    def called_by(call: core.Call) -> bool:
        return isinstance(call.func, core.Name) and call.func.id in writers

    def statements(stmt: core.Stmt) -> core.Block:
        split = isinstance(stmt, core.AugAssign) and any(map(called_by, core.calls(stmt.value)))
        return tuple(map(statement, loaded(stmt) if split else (stmt,)))    # type: ignore[arg-type]

    def statement(stmt: core.Stmt) -> core.Stmt:
        stmt = within(stmt, lambda inner: tuple(new for one in inner for new in statements(one)))
        if isinstance(stmt, core.ExprStmt) or isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Name):
            return replace(stmt, value=expr(stmt.value, True))
        return expr(stmt)  # type: ignore[no-any-return]

    return tuple(new for stmt in block for new in statements(stmt))


def without_nonlocals(function: core.Function, writers: Writers, names: Names, source: Source | None) -> core.Function:
    """The lowered function with its own functions that write variables of others written out."""
    mine = {stmt.name: stmt for stmt in _own(function.body) if isinstance(stmt, core.Define) and stmt.name in writers}
    if not mine:
        return function
    bound = Counter(name for stmt in _own(function.body) for name, whole in atomic_writes(stmt) if whole)
    for name, stmt in mine.items():
        if bound[name] > 1:
            raise refuse(f"cannot tell which `{name}` is called", stmt.at, source, "give what it means here and there two names")
    beyond = frozenset().union(*(writers[name] for name in mine)) - bound_in(function)
    body = _Expansion(mine, names, source).block(function.body, ())
    return replace(function, body=body, nonlocals=tuple(sorted(beyond.union(function.nonlocals))))


class _Expansion:
    def __init__(self, defined: dict[str, core.Define], names: Names, source: Source | None) -> None:
        self.names = names
        self.source = source
        self.functions: dict[str, core.Function] = {}
        self.defaults: dict[str, list[core.Stmt]] = {}
        for name, stmt in defined.items():
            self.functions[name], self.defaults[name] = self.early(stmt)

    def early(self, stmt: core.Define) -> tuple[core.Function, list[core.Stmt]]:
        """The function, with its defaults evaluated where it is defined."""
        before: list[core.Stmt] = []
        params = []
        for param in stmt.function.params:
            if param.default is not None and not isinstance(param.default, core.Const):
                name = core.Name(self.names.fresh(f"{param.name}_default"))
                before.append(core.Assign(name, param.default, at=stmt.at))
                param = replace(param, default=name)
            params.append(param)
        return replace(stmt.function, params=tuple(params)), before

    def block(self, block: core.Block, busy: tuple[str, ...]) -> core.Block:
        out: list[core.Stmt] = []
        for stmt in block:
            call = stmt.value if isinstance(stmt, (core.Assign, core.ExprStmt)) else None
            if isinstance(stmt, core.Define) and stmt.name in self.functions:
                out += self.defaults[stmt.name]
            elif isinstance(call, core.Call) and isinstance(call.func, core.Name) and call.func.id in self.functions:
                out += self.call(stmt, call, call.func.id, busy)
            else:
                out.append(within(stmt, lambda inner: self.block(inner, busy)))
        return tuple(out)

    def call(self, stmt: core.Stmt, call: core.Call, name: str, busy: tuple[str, ...]) -> core.Block:
        from s2sad.expose.inline import entered, renamed
        from s2sad.meaning.callees import UnboundCallError, bind

        if name in busy:
            raise refuse(f"cannot differentiate through `{name}`, which writes variables of the function around it and calls itself",
                         call.at, self.source, HELP)
        function = self.functions[name]
        keywords = {key: value for key, value in call.keywords if key is not None}
        if len(keywords) != len(call.keywords) or any(isinstance(arg, core.Starred) for arg in call.args):
            raise refuse("cannot tell which parameters the arguments go to", call.at, self.source, "write the arguments one by one")
        try:
            bound = bind(function, list(call.args), keywords, {p.name: p.default for p in function.params if p.default is not None})
        except UnboundCallError as error:
            raise refuse(f"the call does not fit `{name}`: {error}", call.at, self.source, "correct the call") from None
        out, renaming = entered(function, bound, self.names, None, call.at)
        result: core.Expr = core.Const(None)
        for inner in function.body:
            new = renamed(inner, renaming)
            if isinstance(new, core.Return):
                result = new.value
            else:
                out.append(new)
        if isinstance(stmt, core.Assign):
            out.append(replace(stmt, value=result))
        elif not isinstance(result, (core.Name, core.Const)):
            out.append(core.ExprStmt(result, at=stmt.at))  # type: ignore[attr-defined]
        return self.block(tuple(out), (*busy, name))
