"""What a method or an assignment changes in place has a name, where a call or another operation found it.

    >>> from s2sad.lower.show import show
    >>> show("groups.setdefault(key, []).append(x)")
    receiver = groups.setdefault(key, [])
    receiver.append(x)
    >>> show("find(table, key).weights[i] += x")
    receiver = find(table, key)
    receiver.weights[i] += x
    >>> show("u.ravel()[i] = f(x)")
    value = f(x)
    receiver = u.ravel()
    receiver[i] = value
    >>> show("(u if c else v)[0] += x")
    receiver = u if c else v
    receiver[0] += x
"""
from __future__ import annotations

from dataclasses import replace

from s2sad import core
from s2sad.lower.flow import within
from s2sad.names import Names


def named_receivers(block: core.Block, names: Names) -> core.Block:
    out: list[core.Stmt] = []
    for stmt in block:
        path: core.Expr | None = None
        if isinstance(stmt, core.ExprStmt) and isinstance(stmt.value, core.Call):
            path = stmt.value.func
        elif isinstance(stmt, (core.Assign, core.AugAssign)):
            path = stmt.target
        found = _base_of(path)
        if found is None:
            out.append(within(stmt, lambda inner: named_receivers(inner, names)))
            continue
        if isinstance(stmt, core.Assign) and not isinstance(stmt.value, (core.Name, core.Const)):
            value = core.Name(names.fresh("value"))
            out.append(core.Assign(value, stmt.value, at=stmt.at))
            stmt = replace(stmt, value=value)
        receiver = core.Name(names.fresh("receiver"))
        place = getattr(found, "at", None) or getattr(stmt, "at", None)
        out.append(core.Assign(receiver, found, at=place))
        if isinstance(stmt, (core.Assign, core.AugAssign)):
            out.append(replace(stmt, target=_put(stmt.target, found, receiver)))
        else:
            assert isinstance(stmt, core.ExprStmt) and isinstance(stmt.value, core.Call)
            out.append(replace(stmt, value=replace(stmt.value, func=_put(stmt.value.func, found, receiver))))
    return tuple(out)


def _base_of(path: core.Expr | None) -> core.Expr | None:
    """What is at the root of a path of attributes and subscripts, where it has no name."""
    if not isinstance(path, (core.Attribute, core.Subscript)):
        return None
    while isinstance(path, (core.Attribute, core.Subscript)):
        path = path.value
    if isinstance(path, (core.Name, core.Const)) or isinstance(path, core.Call) and path.func in (core.Name("super"), core.Name("globals")):
        return None
    return path


def _put(path: core.Expr, old: core.Expr, new: core.Expr) -> core.Expr:
    if path is old:
        return new
    assert isinstance(path, (core.Attribute, core.Subscript))
    return replace(path, value=_put(path.value, old, new))
