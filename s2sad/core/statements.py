"""The statements of core Python, and the blocks inside them."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from s2sad.core.expressions import Expr, Place, Tree, place


@dataclass(frozen=True, eq=False, slots=True)
class Stmt(Tree):
    """A statement.  Equality and hash are identity."""


@dataclass(frozen=True, eq=False, slots=True)
class Assign(Stmt):
    """`target = value`; the target is a Name, a Subscript, an Attribute, or a Tuple of targets, of which one may be Starred.

    `shadow` does to shadows what the statement does to the arrays and containers that they mirror, right after it (see `mirror`).
    """

    target: Expr
    value: Expr
    at: Place | None = place()
    shadow: Stmt | None = field(default=None, kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class AugAssign(Stmt):
    """`target op= value`, with `op` as in BinOp; the target is a Name, a Subscript or an Attribute.

    On a number it rebinds the name; on an array or a list it changes the object in place, which other names see.
    """

    target: Expr
    op: str
    value: Expr
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class ExprStmt(Stmt):
    value: Expr
    at: Place | None = place()
    shadow: Stmt | None = field(default=None, kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class If(Stmt):
    test: Expr
    body: Block
    orelse: Block = ()
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class While(Stmt):
    test: Expr
    body: Block
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class For(Stmt):
    """`for target in iter: body`; the target is a Name or a nested Tuple of names."""

    target: Expr
    iter: Expr
    body: Block
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class With(Stmt):
    """`with context as target: body`; no jump leaves the body."""

    context: Expr
    target: Expr | None
    body: Block
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class Handler(Tree):
    """`except exception as name: body` of a `try`; without `exception` it takes all."""

    exception: Expr | None
    name: str
    body: Block
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class Try(Stmt):
    """`try: body; except ...: ...; else: orelse; finally: final`; no jump leaves its blocks.

    `failed` is there where the handlers only note what happened: a test that tells afterwards whether the body was left by an exception.
    """

    body: Block
    handlers: tuple[Handler, ...] = ()
    orelse: Block = ()
    final: Block = ()
    failed: Expr | None = None
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class Break(Stmt):
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class Continue(Stmt):
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class Return(Stmt):
    """The last statement of its function; a bare `return` returns `Const(None)`."""

    value: Expr
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class Yield(Stmt):
    """`yield value` as a statement; a function that has one is a generator function, and is written out where its items are used."""

    value: Expr
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class Assert(Stmt):
    test: Expr
    message: Expr | None = None
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class Raise(Stmt):
    exception: Expr | None = None
    cause: Expr | None = None
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class Delete(Stmt):
    targets: tuple[Expr, ...]
    at: Place | None = place()
    shadow: Stmt | None = field(default=None, kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class Pass(Stmt):
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class Import(Stmt):
    """A local import: `import module as name` (`attr` empty) or `from module import attr as name`."""

    name: str
    module: str
    attr: str = ""
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class Define(Stmt):
    """`def name(...)` inside a function."""

    name: str
    function: Function
    at: Place | None = place()


@dataclass(frozen=True, eq=False, slots=True)
class Comment(Stmt):
    """A comment line in generated code, such as `# reverse sweep`."""

    text: str


Block = tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Param(Tree):
    """`kind` is `positional` (positional only), `plain`, `keyword` (keyword only), `args` (`*name`) or `kwargs` (`**name`)."""

    name: str
    kind: str = "plain"
    default: Expr | None = None
    annotation: Expr | None = None


@dataclass(frozen=True, slots=True)
class Function(Tree):
    """A function in core Python; `free` are the enclosing function's variables that it reads (empty at top level).

    `nonlocals` and `globals` are what it declares so, until it is lowered.
    """

    name: str
    params: tuple[Param, ...]
    body: Block
    free: tuple[str, ...] = ()
    doc: str = ""
    nonlocals: tuple[str, ...] = ()
    globals: tuple[str, ...] = ()
    at: Place | None = place()

    @property
    def is_generator(self) -> bool:
        return _yields(self.body)


def blocks(stmt: Stmt) -> tuple[Block, ...]:
    """The blocks of a compound statement, in the order in which they run."""
    if isinstance(stmt, If):
        return stmt.body, stmt.orelse
    if isinstance(stmt, (For, While, With)):
        return (stmt.body,)
    if isinstance(stmt, Try):
        return stmt.body, stmt.orelse, *(handler.body for handler in stmt.handlers), stmt.final
    return ()


def with_blocks(stmt: Stmt, change: Callable[[Block], Block]) -> Stmt:
    """A compound statement with `change` applied to each of its blocks; the very same where nothing changed."""
    updates: dict[str, Any] = {}
    for name in ("body", "orelse", "final"):
        old = getattr(stmt, name, None)
        if isinstance(old, tuple) and (new := change(old)) != old:
            updates[name] = new
    handlers = getattr(stmt, "handlers", ())
    changed = tuple(replace(h, body=new) if (new := change(h.body)) != h.body else h for h in handlers)
    if any(a is not b for a, b in zip(changed, handlers)):
        updates["handlers"] = changed
    return replace(stmt, **updates) if updates else stmt


def exchanged(block: Block, new: Mapping[Stmt, Stmt]) -> Block:
    """The block with some statements, at any depth, in the place of others."""
    return tuple(new[stmt] if stmt in new else with_blocks(stmt, lambda inner: exchanged(inner, new)) for stmt in block)


def _yields(block: Block) -> bool:
    return any(isinstance(stmt, Yield) or any(map(_yields, blocks(stmt))) for stmt in block)
