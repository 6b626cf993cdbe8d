"""One target to an assignment, one value to a `yield`, one name to an import.

    >>> from s2sad.lower.show import show
    >>> show("a = b = f(x)")
    a = f(x)
    b = a
    >>> show("u[i] = v[i] = g(x)")
    value = g(x)
    u[i] = value
    v[i] = value
    >>> show("yield from xs")
    for item in xs:
        yield item
    >>> show("import os.path")
    import os.path as os_path
    import os
"""
from __future__ import annotations

from s2sad import core
from s2sad.lower.flow import within
from s2sad.names import Names
from s2sad.reading.surface import Chain, YieldFrom


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
        else:
            out.append(within(stmt, lambda inner: single_targets(inner, names)))
    return tuple(out)


def _unchained(chain: Chain, names: Names) -> list[core.Stmt]:
    """The value is evaluated once, and assigned from left to right."""
    first, *others = chain.targets
    if isinstance(chain.value, core.Const):
        return [core.Assign(target, chain.value, at=chain.at) for target in chain.targets]
    if isinstance(first, core.Name) and all(first.id not in core.bound_names(target) for target in others):
        return [core.Assign(first, chain.value, at=chain.at), *(core.Assign(target, first, at=chain.at) for target in others)]
    value = core.Name(names.fresh("value"))
    return [core.Assign(value, chain.value, at=chain.at), *(core.Assign(target, value, at=chain.at) for target in chain.targets)]


def _imported(stmt: core.Import, names: Names) -> list[core.Stmt]:
    """`import a.b` imports `a.b` and binds `a`."""
    package = stmt.module.partition(".")[0]
    return [core.Import(names.fresh(stmt.module.replace(".", "_")), stmt.module, at=stmt.at), core.Import(package, package, at=stmt.at)]
