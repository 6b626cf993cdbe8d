"""One target to an assignment, a name to what is written into, one value to a `yield`, one name to an import.

    >>> from s2sad.lower.show import show
    >>> show("a = b = f(x)")
    a = f(x)
    b = a
    >>> show("u[i] = v[i] = g(x)")
    value = g(x)
    u[i] = value
    v[i] = value
    >>> show("u.ravel()[i] = v")
    whole = u.ravel()
    whole[i] = v
    >>> show("yield from xs")
    for item in xs:
        yield item
    >>> show("import os.path")
    import os.path as os_path
    import os
"""
from __future__ import annotations

from dataclasses import replace

from s2sad import core
from s2sad.lower.flow import within
from s2sad.names import Names
from s2sad.surface import Chain, YieldFrom


def single_targets(block: core.Block, names: Names) -> core.Block:
    out: list[core.Stmt] = []
    for stmt in block:
        if isinstance(stmt, Chain):
            out += _unchained(stmt, names)
        elif isinstance(stmt, core.Import) and not stmt.attr and stmt.name == stmt.module and "." in stmt.name:
            out += _imported(stmt, names)
        elif isinstance(stmt, YieldFrom):
            item = core.Name(names.fresh("item"))
            out.append(core.For(item, stmt.items, (core.Yield(item, at=stmt.at),), at=stmt.at))
        elif isinstance(stmt, (core.Assign, core.AugAssign)):
            out += _named(stmt, names)
        else:
            out.append(within(stmt, lambda inner: single_targets(inner, names)))
    return tuple(out)


def _unchained(chain: Chain, names: Names) -> list[core.Stmt]:
    """The value is evaluated once, and assigned from left to right."""
    first, *others = chain.targets
    if isinstance(chain.value, core.Const):
        return [part for target in chain.targets for part in _named(core.Assign(target, chain.value, at=chain.at), names)]
    if isinstance(first, core.Name) and all(first.id not in core.bound_names(target) for target in others):
        return [core.Assign(first, chain.value, at=chain.at), *(core.Assign(target, first, at=chain.at) for target in others)]
    value = core.Name(names.fresh("value"))
    parts = (_named(core.Assign(target, value, at=chain.at), names) for target in chain.targets)
    return [core.Assign(value, chain.value, at=chain.at), *(stmt for part in parts for stmt in part)]


def _named(stmt: core.Assign | core.AugAssign, names: Names) -> list[core.Stmt]:
    """What a write into the value of a call changes has a name; the right-hand side of `=` is evaluated before it."""
    if not isinstance(stmt.target, (core.Subscript, core.Attribute)):
        return [stmt]
    paths = [stmt.target]
    while isinstance(inner := paths[-1].value, (core.Subscript, core.Attribute)):
        paths.append(inner)
    base, value = paths[-1].value, stmt.value
    if isinstance(base, core.Name):
        return [stmt]
    out: list[core.Stmt] = []
    if isinstance(stmt, core.Assign) and not isinstance(value, (core.Name, core.Const)):
        value = core.Name(names.fresh("value"))
        out.append(core.Assign(value, stmt.value, at=stmt.at))
    target: core.Expr = core.Name(names.fresh("whole"))
    out.append(core.Assign(target, base, at=stmt.at))
    for path in reversed(paths):
        target = replace(path, value=target)
    return [*out, replace(stmt, target=target, value=value)]


def _imported(stmt: core.Import, names: Names) -> list[core.Stmt]:
    """`import a.b` imports `a.b` and binds `a`."""
    package = stmt.module.partition(".")[0]
    return [core.Import(names.fresh(stmt.module.replace(".", "_")), stmt.module, at=stmt.at), core.Import(package, package, at=stmt.at)]
