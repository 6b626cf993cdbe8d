"""`with adjoint_of(h) as h_bar:` - statements of the user's in the reverse sweep.

    with adjoint_of(h) as h_bar:            ->      def adjoint_of_h(limit, h_bar):
        h_bar = np.clip(h_bar, -limit, limit)           h_bar = np.clip(h_bar, -limit, limit)
                                                        return h_bar

The body becomes a function, and the statement a call that gives `h` back and whose reverse is that function: where the reverse sweep passes
the place of the statement, it hands the adjoint of `h` through it.  The forward sweep, and forward mode, leave the statement out.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from s2sad import core
from s2sad.errors import refuse
from s2sad.flow.layout import atomic_writes
from s2sad.infer.known import KnownFunction
from s2sad.meaning.callees import UserCall
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.runtime import zeros


@contextmanager
def adjoint_of(x: Any) -> Iterator[Any]:
    """Reads or rewrites the adjoint of a variable where the block stands in the reverse sweep.

    The body may print, assert, clip or replace the adjoint, and may read variables of the function.  It is no part of the function's value:
    a call of the function itself runs it on zeros.

    >>> from s2sad import adjoint_of, grad
    >>> def f(x):
    ...     y = x * x
    ...     with adjoint_of(y) as y_bar:
    ...         y_bar = min(y_bar, 1.0)
    ...     return 5.0 * y
    >>> grad(f)(3.0)
    6.0
    """
    yield zeros(x)


@dataclass(frozen=True, eq=False)
class Watched:
    """The body of one `with adjoint_of(variable) as bar`, and the other variables that it reads."""

    variable: str
    bar: str
    body: core.Block
    others: tuple[str, ...]

    def reverse(self, name: str) -> core.Function:
        """The function that the adjoint passes through."""
        copy = core.Assign(core.Name(self.bar), core.Call(core.Name("copied"), (core.Name(self.bar),)))
        start = (copy,) if any(self.changes(node) for node in core.walk(self.body)) else ()
        params = tuple(core.Param(param) for param in (*self.others, self.bar))
        return core.Function(name, params, (*start, *self.body, core.Return(core.Name(self.bar))))

    def changes(self, node: object) -> bool:
        """Whether a statement of the body changes the adjoint in place."""
        if isinstance(node, core.AugAssign):
            return core.root(node.target) == self.bar
        return isinstance(node, core.Assign) and not isinstance(node.target, (core.Name, core.Tuple)) and core.root(node.target) == self.bar


def is_watch(stmt: core.With, semantics: Semantics) -> bool:
    return isinstance(stmt.context, core.Call) and semantics.callee(stmt.context.func) is adjoint_of


def passed_through(stmt: core.With, env: Env, semantics: Semantics, names: Names) -> core.Stmt:
    """The statement as a call whose reverse runs the body."""
    assert isinstance(stmt.context, core.Call)
    if len(stmt.context.args) != 1 or not isinstance(variable := stmt.context.args[0], core.Name) or not isinstance(stmt.target, core.Name):
        raise refuse("cannot tell whose adjoint this is", stmt.context.at, semantics.source,
                     "write `with adjoint_of(x) as x_bar:` with a variable `x`")
    own = {name for node in core.walk(stmt.body) if isinstance(node, core.Stmt) for name, whole in atomic_writes(node) if whole}
    read = {node.id for node in core.walk(stmt.body) if isinstance(node, core.Name)} & (semantics.local | set(env))
    others = tuple(sorted(read - own - {stmt.target.id}))
    watched = Watched(variable.id, stmt.target.id, stmt.body, others)
    name = names.fresh("watched")
    given = tuple(dict.fromkeys((variable.id, *others)))
    program = core.Function(name, tuple(core.Param(param) for param in given), (core.Return(variable),))
    semantics.watched[name] = UserCall(watched, program, semantics.source, {param: core.Name(param) for param in given})
    semantics.scope.added[name] = KnownFunction(semantics.fact(variable, env), False)
    return core.Assign(variable, core.Call(core.Name(name), tuple(map(core.Name, given)), at=stmt.at), at=stmt.at)
