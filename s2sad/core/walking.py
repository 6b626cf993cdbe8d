"""Walks over programs and rebuilds them; a node's children are found from its fields, once per class: no visitor lists the classes."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any

from s2sad.core.expressions import (
    NODES,
    Attribute,
    Call,
    Comprehension,
    Const,
    Expr,
    Generator,
    Lambda,
    List,
    Name,
    Starred,
    Subscript,
    Tree,
    Tuple,
)
from s2sad.core.statements import Function, Handler, Param, Stmt

Node = Expr | Stmt | Handler | Generator | Function | Param


@cache
def _child_fields(cls: type) -> tuple[str, ...]:
    plain = {"id", "op", "ops", "attr", "kind", "name", "conversion", "text", "module", "at", "free", "doc", "nonlocals", "globals"}
    return tuple(f.name for f in fields(cls) if f.name not in plain and not (cls is Const and f.name == "value"))


def _gather(value: tuple[Any, ...], out: list[Any]) -> None:
    for item in value:
        if item.__class__ in NODES:
            out.append(item)
        elif item.__class__ is tuple:
            _gather(item, out)


def children(node: Any) -> tuple[Any, ...]:
    """The direct children of a node, in the order of its fields."""
    try:
        known: tuple[Any, ...] = node._children
    except AttributeError:
        known = _children(node)
        if isinstance(node, Tree):
            object.__setattr__(node, "_children", known)
    return known


def _children(node: Any) -> tuple[Any, ...]:
    out: list[Any] = []
    for name in _child_fields(node.__class__):
        value = getattr(node, name)
        if value.__class__ in NODES:
            out.append(value)
        elif value.__class__ is tuple:
            _gather(value, out)
    return tuple(out)


def walk(node: Any) -> Iterator[Any]:
    """The node and all below it, depth first, each before its children.  Also takes a block."""
    stack = list(reversed(node)) if isinstance(node, tuple) else [node]
    while stack:
        node = stack.pop()
        if node.__class__ is tuple:
            stack.extend(reversed(node))
            continue
        yield node
        below = children(node)
        if below:
            stack.extend(below[::-1])


def evaluated(expr: Expr) -> Iterator[Any]:
    """The expression and all below it, the bodies of functions excepted, which run when they are called."""
    yield expr
    for child in children(expr):
        if not isinstance(child, Function):
            yield from evaluated(child)


def _rebuild_part(value: tuple[Any, ...], change: Callable[[Any], Any]) -> tuple[Any, ...]:
    same = True
    items = []
    for item in value:
        new = _rebuild_part(item, change) if item.__class__ is tuple else change(item) if item.__class__ in NODES else item
        same = same and new is item
        items.append(new)
    return value if same else tuple(items)


def rebuild(node: Any, change: Callable[[Any], Any]) -> Any:
    """The node with `change` applied to each direct child; the very same node where nothing changed."""
    updates = {}
    for name in _child_fields(node.__class__):
        old = getattr(node, name)
        if old.__class__ in NODES:
            new = change(old)
        elif old.__class__ is tuple:
            new = _rebuild_part(old, change)
        else:
            continue
        if new is not old:
            updates[name] = new
    return replace(node, **updates) if updates else node


def bound_names(target: Expr) -> Iterator[str]:
    """The names that an assignment to `target` binds: `(a, *b), c[0]` binds `a` and `b`."""
    if isinstance(target, Name):
        yield target.id
    elif isinstance(target, (Tuple, List)):
        for elt in target.elts:
            yield from bound_names(elt)
    elif isinstance(target, Starred):
        yield from bound_names(target.value)


def root(path: Expr) -> str | None:
    """The variable in which a path such as `layers[i].weights[0]` starts, None where it starts in no variable."""
    while isinstance(path, (Subscript, Attribute)):
        path = path.value
    return path.id if isinstance(path, Name) else None


def reads(node: Any) -> frozenset[str]:
    """The names that evaluating an expression may read, those of comprehensions and lambdas that are their own excepted."""
    try:
        found: frozenset[str] = node._reads
    except AttributeError:
        found = _reads(node)
        if isinstance(node, Tree):
            object.__setattr__(node, "_reads", found)
    return found


def _reads(node: Any) -> frozenset[str]:
    if isinstance(node, Name):
        return frozenset((node.id,))
    if isinstance(node, Comprehension):
        own = {name for g in node.generators for name in bound_names(g.target)}
        inside = (*node.elements, *(e for g in node.generators for e in (g.iter, *g.tests)))
        return _NOTHING.union(*map(reads, inside)) - own
    if isinstance(node, Lambda):
        return _NOTHING.union(node.function.free, *(reads(p.default) for p in node.function.params if p.default is not None))
    if isinstance(node, tuple):
        return _NOTHING.union(*map(reads, node))
    parts = [found for child in children(node) if (found := reads(child))]
    return parts[0] if len(parts) == 1 else _NOTHING.union(*parts)


_NOTHING: frozenset[str] = frozenset()


def calls(node: Any) -> tuple[Call, ...]:
    """The calls in an expression, outer ones first, without those in the bodies of functions, which run when they are called."""
    try:
        found: tuple[Call, ...] = node._calls
    except AttributeError:
        own = (node,) if isinstance(node, Call) else ()
        found = own + tuple([call for child in children(node) if not isinstance(child, Function) for call in calls(child)])
        if isinstance(node, Tree):
            object.__setattr__(node, "_calls", found)
    return found


def _substitute_in_lambda(expr: Lambda, values: Mapping[str, Expr]) -> Expr:
    function = expr.function
    params = tuple(replace(p, default=substitute(p.default, values)) if p.default is not None else p for p in function.params)
    inside = {name: value for name, value in values.items() if name not in {p.name for p in function.params}}
    body = tuple(rebuild(stmt, lambda part: substitute(part, inside)) for stmt in function.body)
    free = tuple(dict.fromkeys(n for name in function.free for n in sorted(reads(inside.get(name, Name(name))))))
    return replace(expr, function=replace(function, params=params, body=body, free=free))


def substitute(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    """`expr` with each free name that `values` holds replaced; the names that a comprehension binds are left alone."""
    if isinstance(expr, Name):
        return values.get(expr.id, expr)
    if reads(expr).isdisjoint(values):
        return expr
    if isinstance(expr, Comprehension):
        own = {name for g in expr.generators for name in bound_names(g.target)}
        values = {name: value for name, value in values.items() if name not in own}
    if not values:
        return expr
    if isinstance(expr, Lambda):
        return _substitute_in_lambda(expr, values)
    replaced: Expr = rebuild(expr, lambda child: substitute(child, values) if isinstance(child, Expr) else
                             rebuild(child, lambda part: substitute(part, values)))
    return replaced
