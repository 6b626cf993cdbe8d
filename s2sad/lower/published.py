"""Globals that a function writes, as variables of its own that are published wherever they change.

    >>> from s2sad.lower.show import show
    >>> show('''
    ... global count
    ... count += 1
    ... y = x * count
    ... ''')
    count = globals()["count"]
    count += 1
    globals()["count"] = count
    y = x * count
"""
from __future__ import annotations

from dataclasses import replace

from s2sad import core
from s2sad.errors import refuse
from s2sad.flow.graph import Graph
from s2sad.flow.layout import atomic_writes
from s2sad.flow.liveness import liveness
from s2sad.lower.flow import within
from s2sad.quote import quote
from s2sad.reading.read import Source


def published(function: core.Function, source: Source | None) -> core.Function:
    """The lowered function without globals of its own."""
    for node in core.walk(function.body):
        if isinstance(node, core.Function) and node.globals:
            raise refuse(f"cannot differentiate through `global` in `{node.name}`, a function inside another", node.at, source,
                         "define it at the top level of the module")
    names = frozenset(function.globals)
    if not names or not function.body:
        return replace(function, globals=())

    def block(stmts: core.Block) -> core.Block:
        out: list[core.Stmt] = []
        for stmt in stmts:
            if isinstance(stmt, core.Delete) and any(isinstance(target, core.Name) and target.id in names for target in stmt.targets):
                raise refuse("cannot differentiate through `del` of a global", stmt.at, source, "set it to None")
            written = [name for name, _ in atomic_writes(stmt) if name in names]
            inner = within(stmt, block)
            if isinstance(inner, (core.For, core.With)):
                out.append(replace(inner, body=(*_stores(written), *inner.body)))
            else:
                out += [inner, *_stores(written)]
        return tuple(out)

    body = block(function.body)
    read = liveness(Graph(body)).before[body[0]] & names
    first = tuple(stmt for name in sorted(read) for stmt in quote("NAME = globals()[KEY]", NAME=name, KEY=core.Const(name)))
    return replace(function, body=(*first, *body), globals=())


def _stores(names: list[str]) -> core.Block:
    return tuple(stmt for name in names for stmt in quote("globals()[KEY] = NAME", NAME=name, KEY=core.Const(name)))
