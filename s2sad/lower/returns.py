"""At most one `return`, and it is the last statement.

    >>> from s2sad.lower.show import show
    >>> show('''
    ... if x > 0:
    ...     return x
    ... y = f(x)
    ... return y * y
    ... ''')
    if x > 0:
        result = x
    else:
        y = f(x)
        result = y * y
    return result

A `return` inside a loop leaves the loop, and what follows is skipped.

    >>> show('''
    ... for x in xs:
    ...     if x > limit:
    ...         return x
    ... print(limit)
    ... return 0
    ... ''')
    returned = False
    for x in xs:
        if x > limit:
            result = x
            returned = True
            break
    if not returned:
        print(limit)
        result = 0
    return result

A function that only ever returns None ends without `return`.
"""
from __future__ import annotations

from dataclasses import replace

from s2sad import core
from s2sad.lower.flow import Flow, branch, flag, place, within
from s2sad.names import Names
from s2sad.quote import renewed


def single_return(body: core.Block, names: Names) -> core.Block:
    returns = _returns(body)
    if not returns or len(returns) == 1 and body[-1] is returns[0]:
        return body
    if not Flow().ends(body):
        returns.append(core.Return(core.Const(None), at=returns[-1].at))
        body = (*body, returns[-1])
    last, values = returns[-1], [stmt.value for stmt in returns]
    alike = all(value == values[0] for value in values)
    if alike and isinstance(values[0], (core.Name, core.Const)):
        lowered = Returns(names, None).tail(body, mark=False, known=False)
        return lowered if values[0] == core.Const(None) else (*lowered, core.Return(values[0], at=last.at))
    result = names.fresh("result")
    return (*Returns(names, result).tail(body, mark=False, known=False), core.Return(core.Name(result), at=last.at))


def _returns(block: core.Block) -> list[core.Return]:
    """The return statements of a block, those of nested functions excepted, in the order of the text."""
    found: list[core.Return] = []
    for stmt in block:
        if isinstance(stmt, core.Return):
            found.append(stmt)
        elif isinstance(stmt, core.If):
            found += _returns(stmt.body) + _returns(stmt.orelse)
        elif isinstance(stmt, (core.While, core.For)):
            found += _returns(stmt.body)
    return found


class Returns:
    """The rewrite of one function.  `result` receives the value; it is None where every return has the same one at hand."""

    def __init__(self, names: Names, result: str | None) -> None:
        self.flow = Flow()
        self.names = names
        self.result = result
        self._returned: str | None = None

    @property
    def returned(self) -> str:
        self._returned = self._returned or self.names.fresh("returned")
        return self._returned

    def tail(self, block: core.Block, mark: bool, known: bool) -> core.Block:
        """The block, after which nothing runs once it has returned.

        `mark`: the flag is set on return, as statements follow that ask it; `known`: the flag has its first value already.
        """
        out: list[core.Stmt] = []
        for i, stmt in enumerate(block):
            rest = block[i + 1 :]
            if core.Return not in self.flow.jumps(stmt):
                out.append(stmt)
                if self.flow.ends(stmt):
                    break
            elif isinstance(stmt, core.If):
                out += self.branch(stmt, rest, mark, known)
                break
            elif isinstance(stmt, (core.While, core.For)):
                out += self.loop(stmt, rest, mark, known)
                break
            else:
                assert isinstance(stmt, core.Return)
                out += self.give(stmt, mark)
                break
        return tuple(out)

    def give(self, stmt: core.Return, mark: bool) -> list[core.Stmt]:
        out: list[core.Stmt] = [] if self.result is None else [core.Assign(core.Name(self.result), stmt.value, at=stmt.at)]
        return [*out, flag(self.returned, True, stmt.at)] if mark else out

    def branch(self, stmt: core.If, rest: core.Block, mark: bool, known: bool) -> list[core.Stmt]:
        body, orelse = stmt.body, stmt.orelse
        if self.flow.ends(body):
            orelse = orelse if self.flow.ends(orelse) else orelse + rest
        elif self.flow.ends(orelse):
            body += rest
        elif len(rest) == 1 and isinstance(rest[0], core.Return) and isinstance(rest[0].value, (core.Name, core.Const)):
            body, orelse = body + rest, orelse + renewed(rest)
        elif rest:
            inside = branch(stmt.test, self.tail(body, True, True), self.tail(orelse, True, True), stmt.at)
            return [*self.begin(known, stmt), inside, *self.otherwise(rest, mark)]
        return [branch(stmt.test, self.tail(body, mark, known), self.tail(orelse, mark, known), stmt.at)]

    def begin(self, known: bool, stmt: core.If | core.While | core.For) -> list[core.Stmt]:
        return [] if known else [flag(self.returned, False, stmt.at)]

    def otherwise(self, rest: core.Block, mark: bool) -> list[core.Stmt]:
        after = self.tail(rest, mark, True)
        return [core.If(core.UnaryOp("not", core.Name(self.returned)), after, at=place(rest[0]))] if after else []

    def loop(self, stmt: core.While | core.For, rest: core.Block, mark: bool, known: bool) -> list[core.Stmt]:
        nested = any(not self.flow.endless(loop) for loop in _inner_loops(stmt.body, self.flow))
        begin = self.begin(known, stmt) if nested else []
        if self.flow.endless(stmt):
            return [*begin, self.left(stmt, mark or nested)]
        last = rest[0] if len(rest) == 1 else None
        if isinstance(last, core.Return):
            if not _inner_loops(stmt.body, self.flow) and all(back.value == last.value for back in _returns(stmt.body)):
                return [Returns(self.names, None).left(stmt, False), *self.give(last, mark)]
            if isinstance(last.value, core.Const):
                first = self.give(last, False)
                return [*begin, *first, self.left(stmt, nested), *([flag(self.returned, True, last.at)] if mark else [])]
        if not rest:
            return [*begin, self.left(stmt, mark or nested)]
        return [*self.begin(known, stmt), self.left(stmt, True), *self.otherwise(rest, mark)]

    def left(self, loop: core.While | core.For, mark: bool) -> core.Stmt:
        """The loop with its returns turned into breaks, of the loops around them too."""

        def inside(block: core.Block) -> core.Block:
            out: list[core.Stmt] = []
            for stmt in block:
                if isinstance(stmt, core.Return):
                    out += [*self.give(stmt, mark), core.Break(at=stmt.at)]
                elif isinstance(stmt, (core.While, core.For)) and core.Return in self.flow.jumps(stmt):
                    leave = core.Break(at=stmt.at)
                    out.append(self.left(stmt, mark))
                    out.append(leave if self.flow.endless(stmt) else core.If(core.Name(self.returned), (leave,), at=stmt.at))
                else:
                    out.append(within(stmt, inside) if isinstance(stmt, core.If) else stmt)
            return tuple(out)

        return replace(loop, body=inside(loop.body))


def _inner_loops(block: core.Block, flow: Flow) -> list[core.Stmt]:
    """The loops inside a block, at any depth, that hold a return."""
    found: list[core.Stmt] = []
    for stmt in block:
        if isinstance(stmt, core.If):
            found += _inner_loops(stmt.body, flow) + _inner_loops(stmt.orelse, flow)
        elif isinstance(stmt, (core.While, core.For)) and core.Return in flow.jumps(stmt):
            found += [stmt, *_inner_loops(stmt.body, flow)]
    return found
