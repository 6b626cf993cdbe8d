"""Core Python: the program representation that every stage reads and writes.

Expressions are frozen trees with structural equality, so that rewriting is construction and comparison is `==`.  Statements
are frozen too but compare by identity: the same text at two places is two statements, and analyses key their results by them.
Derivative programs are core Python again, which is what makes derivatives of derivatives a second run of the same pipeline.

Compared with the language of the user, in core Python a `return` is the last statement of its function, `break` and `continue`
are the last statement of their block and nothing follows the `if` they end, and an assignment has one target.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any, NamedTuple


class Place(NamedTuple):
    """Where something stands in the user's file: lines count from 1, columns from 0, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


_NODES: set[type] = set()
"""The classes of nodes, those of other modules too."""


class _Node:
    """What is found of a node once and for all: its parts, the names that it reads, the calls in it."""

    __slots__ = ("_calls", "_children", "_reads")
    _calls: tuple[Call, ...]
    _children: tuple[Any, ...]
    _reads: frozenset[str]

    def __init_subclass__(cls) -> None:
        _NODES.add(cls)


@dataclass(frozen=True, slots=True)
class Expr(_Node):
    """An expression; `at` is its place in the user's file, and no part of its identity."""


def _place() -> Any:
    return field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Name(Expr):
    id: str
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Const(Expr):
    """A literal: None, bool, int, float, complex, str, bytes or Ellipsis.  `1`, `1.0` and `True` are three constants."""

    value: Any
    at: Place | None = _place()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Const) and type(self.value) is type(other.value) and repr(self.value) == repr(other.value)

    def __hash__(self) -> int:
        return hash((type(self.value), repr(self.value)))


@dataclass(frozen=True, slots=True)
class BinOp(Expr):
    """`left op right`, with `op` as Python spells it: `+ - * / // % ** @ << >> & | ^`."""

    op: str
    left: Expr
    right: Expr
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class UnaryOp(Expr):
    """`op operand`, with `op` one of `- + ~ not`."""

    op: str
    operand: Expr
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Compare(Expr):
    """`operands[0] ops[0] operands[1] ops[1] ...`, chained as in Python."""

    ops: tuple[str, ...]
    operands: tuple[Expr, ...]
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class BoolOp(Expr):
    """`values[0] op values[1] ...`, with `op` one of `and or`."""

    op: str
    values: tuple[Expr, ...]
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class IfExp(Expr):
    test: Expr
    body: Expr
    orelse: Expr
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """`func(*args, **keywords)`; `args` may hold `Starred`, and the keyword `None` stands for `**value`."""

    func: Expr
    args: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str | None, Expr], ...] = ()
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Attribute(Expr):
    value: Expr
    attr: str
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Subscript(Expr):
    value: Expr
    index: Expr
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Slice(Expr):
    lower: Expr | None = None
    upper: Expr | None = None
    step: Expr | None = None
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Tuple(Expr):
    elts: tuple[Expr, ...]
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class List(Expr):
    elts: tuple[Expr, ...]
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Set(Expr):
    elts: tuple[Expr, ...]
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Dict(Expr):
    """`{key: value, ...}`; the key `None` stands for `**value`."""

    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Starred(Expr):
    value: Expr
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class FString(Expr):
    """An f-string: `parts` are string constants and `Formatted` values."""

    parts: tuple[Expr, ...]
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Formatted(Expr):
    """`{value!conversion:spec}` inside an f-string."""

    value: Expr
    conversion: str = ""
    spec: Expr | None = None
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Generator(_Node):
    """One `for target in iter if test if test` of a comprehension."""

    target: Expr
    iter: Expr
    tests: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Comprehension(Expr):
    """`kind` is `list`, `set`, `dict` (then `elements` is key and value) or `generator`.  Its targets are its own names."""

    kind: str
    elements: tuple[Expr, ...]
    generators: tuple[Generator, ...]
    at: Place | None = _place()


@dataclass(frozen=True, slots=True)
class Lambda(Expr):
    """A nested function as a value.  Its body is core Python, its free names are the enclosing function's variables, read live."""

    function: Function
    at: Place | None = _place()


# Statements


@dataclass(frozen=True, eq=False, slots=True)
class Stmt(_Node):
    """A statement.  Equality and hash are identity."""


@dataclass(frozen=True, eq=False, slots=True)
class Assign(Stmt):
    """`target = value`; the target is a Name, a Subscript, an Attribute, or a Tuple of targets, of which one may be Starred.

    `shadow` does to shadows what the statement does to the arrays and containers that they mirror, right after it (see `mirror`).
    """

    target: Expr
    value: Expr
    at: Place | None = _place()
    shadow: Stmt | None = field(default=None, kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class AugAssign(Stmt):
    """`target op= value`, with `op` as in BinOp; the target is a Name, a Subscript or an Attribute.

    On a number it rebinds the name; on an array or a list it changes the object in place, which other names see.
    """

    target: Expr
    op: str
    value: Expr
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class ExprStmt(Stmt):
    value: Expr
    at: Place | None = _place()
    shadow: Stmt | None = field(default=None, kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class If(Stmt):
    test: Expr
    body: Block
    orelse: Block = ()
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class While(Stmt):
    test: Expr
    body: Block
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class For(Stmt):
    """`for target in iter: body`; the target is a Name or a nested Tuple of names."""

    target: Expr
    iter: Expr
    body: Block
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class With(Stmt):
    """`with context as target: body`; no jump leaves the body."""

    context: Expr
    target: Expr | None
    body: Block
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class Handler(_Node):
    """`except exception as name: body` of a `try`; without `exception` it takes all."""

    exception: Expr | None
    name: str
    body: Block
    at: Place | None = _place()


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
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class Break(Stmt):
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class Continue(Stmt):
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class Return(Stmt):
    """The last statement of its function; a bare `return` returns `Const(None)`."""

    value: Expr
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class Yield(Stmt):
    """`yield value` as a statement; a function that has one is a generator function, and is written out where its items are used."""

    value: Expr
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class Assert(Stmt):
    test: Expr
    message: Expr | None = None
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class Raise(Stmt):
    exception: Expr | None = None
    cause: Expr | None = None
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class Delete(Stmt):
    targets: tuple[Expr, ...]
    at: Place | None = _place()
    shadow: Stmt | None = field(default=None, kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class Pass(Stmt):
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class Import(Stmt):
    """A local import: `import module as name` (`attr` empty) or `from module import attr as name`."""

    name: str
    module: str
    attr: str = ""
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class Define(Stmt):
    """`def name(...)` inside a function."""

    name: str
    function: Function
    at: Place | None = _place()


@dataclass(frozen=True, eq=False, slots=True)
class Comment(Stmt):
    """A comment line in generated code, such as `# reverse sweep`."""

    text: str


Block = tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Param(_Node):
    """`kind` is `positional` (positional only), `plain`, `keyword` (keyword only), `args` (`*name`) or `kwargs` (`**name`)."""

    name: str
    kind: str = "plain"
    default: Expr | None = None
    annotation: Expr | None = None


@dataclass(frozen=True, slots=True)
class Function(_Node):
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
    at: Place | None = _place()

    @property
    def is_generator(self) -> bool:
        return _yields(self.body)


# Walking and rebuilding.  A node's children are found from its field types once per class, so no visitor lists the classes.

Node = Expr | Stmt | Handler | Generator | Function | Param


@cache
def _child_fields(cls: type) -> tuple[str, ...]:
    plain = {"id", "op", "ops", "attr", "kind", "name", "conversion", "text", "module", "at", "free", "doc", "nonlocals", "globals"}
    return tuple(f.name for f in fields(cls) if f.name not in plain and not (cls is Const and f.name == "value"))


def _gather(value: tuple[Any, ...], out: list[Any]) -> None:
    for item in value:
        if item.__class__ in _NODES:
            out.append(item)
        elif item.__class__ is tuple:
            _gather(item, out)


def children(node: Any) -> tuple[Any, ...]:
    """The direct children of a node, in the order of its fields."""
    try:
        known: tuple[Any, ...] = node._children
    except AttributeError:
        known = _children(node)
        if isinstance(node, _Node):
            object.__setattr__(node, "_children", known)
    return known


def _children(node: Any) -> tuple[Any, ...]:
    out: list[Any] = []
    for name in _child_fields(node.__class__):
        value = getattr(node, name)
        if value.__class__ in _NODES:
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
        new = _rebuild_part(item, change) if item.__class__ is tuple else change(item) if item.__class__ in _NODES else item
        same = same and new is item
        items.append(new)
    return value if same else tuple(items)


def rebuild(node: Any, change: Callable[[Any], Any]) -> Any:
    """The node with `change` applied to each direct child; the very same node where nothing changed."""
    updates = {}
    for name in _child_fields(node.__class__):
        old = getattr(node, name)
        if old.__class__ in _NODES:
            new = change(old)
        elif old.__class__ is tuple:
            new = _rebuild_part(old, change)
        else:
            continue
        if new is not old:
            updates[name] = new
    return replace(node, **updates) if updates else node


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
        if isinstance(node, _Node):
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
        if isinstance(node, _Node):
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
