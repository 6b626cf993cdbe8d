"""`break` and `continue` last: nothing follows them in their block, nor the `if` that they end.

    >>> from s2sad.lower.show import show
    >>> show('''
    ... for x in xs:
    ...     if x < 0:
    ...         continue
    ...     total += x
    ... ''')
    for x in xs:
        if x < 0:
            continue
        else:
            total += x

Where the rest of the loop's body would have to stand twice, a flag remembers the jump.

    >>> show('''
    ... for x in xs:
    ...     if x < 0:
    ...         if x < low:
    ...             continue
    ...         x = -x
    ...     total += x
    ... ''')
    for x in xs:
        skipped = False
        if x < 0:
            if x < low:
                skipped = True
            else:
                x = -x
        if not skipped:
            total += x
"""
from __future__ import annotations

from collections.abc import Mapping

from s2sad import core
from s2sad.lower.flow import Flow, branch, flag, place, within
from s2sad.names import Names
from s2sad.quote import renewed

Marks = Mapping[type[core.Break | core.Continue], str]
_BARE: Marks = {}
FLAGS: Marks = {core.Break: "stopped", core.Continue: "skipped"}


def jumps_last(body: core.Block, names: Names) -> core.Block:
    return _Jumps(names).arrange(body, _BARE)


def marked(block: core.Block, marks: Marks, names: Names) -> core.Block:
    """The block with flags set in place of its jumps, after which nothing of it runs."""
    return _Jumps(names).arrange(block, marks)


class _Jumps:
    """The rewrite of one function; `marks` are the flags that stand for jumps where these may not."""

    def __init__(self, names: Names) -> None:
        self.flow = Flow()
        self.names = names

    def own(self, part: core.Stmt | core.Block) -> frozenset[type[core.Stmt]]:
        return self.flow.jumps(part) - {core.Return}

    def arrange(self, block: core.Block, marks: Marks) -> core.Block:
        out: list[core.Stmt] = []
        for i, stmt in enumerate(block):
            if isinstance(stmt, (core.Break, core.Continue)):
                out.append(flag(marks[type(stmt)], True, stmt.at) if marks else stmt)
                break
            if isinstance(stmt, core.If) and self.own(stmt):
                out += self.branch(stmt, block[i + 1 :], marks)
                break
            out.append(within(stmt, lambda part: self.arrange(part, _BARE)))
            if self.flow.ends(stmt):
                break
        return tuple(out)

    def branch(self, stmt: core.If, rest: core.Block, marks: Marks) -> list[core.Stmt]:
        body, orelse = stmt.body, stmt.orelse
        if self.flow.ends(body):
            orelse = orelse if self.flow.ends(orelse) else orelse + rest
        elif self.flow.ends(orelse):
            body += rest
        elif len(rest) == 1 and isinstance(rest[0], (core.Break, core.Continue)):
            body, orelse = body + rest, orelse + renewed(rest)
        elif rest:
            return self.marked(stmt, rest, marks)
        return [branch(stmt.test, self.arrange(body, marks), self.arrange(orelse, marks), stmt.at)]

    def marked(self, stmt: core.If, rest: core.Block, marks: Marks) -> list[core.Stmt]:
        """`stmt` sets flags in place of its jumps, and what follows asks them."""
        kinds = self.own(stmt)
        inside = marks or {kind: self.names.fresh(FLAGS[kind]) for kind in FLAGS if kind in kinds}
        out: list[core.Stmt] = [] if marks else [flag(name, False, stmt.at) for name in inside.values()]
        out.append(branch(stmt.test, self.arrange(stmt.body, inside), self.arrange(stmt.orelse, inside), stmt.at))
        at = place(rest[0])
        after = self.arrange(rest, marks)
        skipped = inside[core.Continue] if core.Continue in kinds else None
        stopped = inside[core.Break] if core.Break in kinds else None
        if skipped:
            after = (core.If(core.UnaryOp("not", core.Name(skipped)), after, at=at),)
        if stopped:
            leave: core.Block = () if marks else (core.Break(at=stmt.at),)
            after = (branch(core.Name(stopped), leave, after, at),)
        return [*out, *after]
