"""No jump leaves a `with` or a `try`: a flag remembers it, and the jump follows.

    >>> from s2sad.lower.show import show
    >>> show('''
    ... for x in xs:
    ...     with f(x) as y:
    ...         if y > 0:
    ...             break
    ...     g(x)
    ... ''')
    for x in xs:
        stopped = False
        with f(x) as y:
            if y > 0:
                stopped = True
        if stopped:
            break
        else:
            g(x)
    >>> show('''
    ... try:
    ...     return int(text)
    ... except ValueError:
    ...     return 3
    ... ''')
    try:
        result = int(text)
    except ValueError:
        result = 3
    return result
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from s2sad import core
from s2sad.lower.flow import Flow, flag, negation, within
from s2sad.lower.jumps import FLAGS, marked
from s2sad.lower.returns import Returns
from s2sad.names import Names


def without_leaving(block: core.Block, names: Names) -> core.Block:
    out: list[core.Stmt] = []
    for stmt in block:
        stmt = within(stmt, lambda inner: without_leaving(inner, names))
        if isinstance(stmt, core.With) and stmt.target is not None and not isinstance(stmt.target, core.Name):
            value = core.Name(names.fresh("value"))
            stmt = replace(stmt, target=value, body=(core.Assign(stmt.target, value, at=stmt.at), *stmt.body))
        out += _contained(stmt, names) if isinstance(stmt, (core.With, core.Try)) else [stmt]
    return tuple(out)


def _contained(stmt: core.With | core.Try, names: Names) -> list[core.Stmt]:
    flow = Flow()
    jumps = flow.jumps(stmt)
    before: list[core.Stmt] = []
    after: list[core.Stmt] = []
    if core.Return in jumps:
        returns = Returns(names, names.fresh("result"))
        assert returns.result is not None
        back = core.Return(core.Name(returns.result), at=stmt.at)
        if jumps == {core.Return} and _always_returns(stmt, flow):
            stmt = _changed(stmt, lambda part: returns.tail(part, mark=False, known=False))
            after.append(back)
        else:
            before.append(flag(returns.returned, False, stmt.at))
            stmt = _changed(stmt, lambda part: returns.tail(part, mark=True, known=True), returns.returned)
            after.append(core.If(core.Name(returns.returned), (back,), at=stmt.at))
    marks = {kind: names.fresh(FLAGS[kind]) for kind in FLAGS if kind in jumps}
    if marks:
        stmt = _changed(stmt, lambda part: marked(part, marks, names), *marks.values())
        before += [flag(name, False, stmt.at) for name in marks.values()]
        after += [core.If(core.Name(name), (kind(at=stmt.at),), at=stmt.at) for kind, name in marks.items()]
    return [*before, stmt, *after]


def _always_returns(stmt: core.With | core.Try, flow: Flow) -> bool:
    if isinstance(stmt, core.With):
        return flow.ends(stmt.body)
    return not (stmt.orelse and flow.jumps(stmt.body)) and flow.ends(stmt)


def _changed(stmt: core.With | core.Try, change: Callable[[core.Block], core.Block], *flags: str) -> core.With | core.Try:
    """The statement with its blocks changed; `else` of a `try` does not run where the body has set a flag."""
    new = within(stmt, change)
    if isinstance(new, core.Try) and new.orelse and Flow().jumps(stmt.body):
        tests = tuple(negation(core.Name(name)) for name in flags)
        new = replace(new, orelse=(core.If(tests[0] if len(tests) == 1 else core.BoolOp("and", tests), new.orelse, at=stmt.at),))
    assert isinstance(new, (core.With, core.Try))
    return new
