"""Where the statements of a function stand: their order, the loops around them, and the names that each of them writes or mentions."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from s2sad import core
from s2sad.core import root

NONE: frozenset[str] = frozenset()
COMPOUND = (core.If, core.For, core.While, core.With, core.Try)
NEVER = core.Const(False)
"""The test of a `try` that goes on only where nothing was raised."""


def atomic_writes(stmt: core.Stmt) -> Iterator[tuple[str, bool]]:
    """The names that a statement itself writes, each with whether it is rebound (not: changed in part or in place)."""
    if isinstance(stmt, core.Assign):
        yield from _targets(stmt.target)
    elif isinstance(stmt, core.AugAssign):
        yield from _targets(stmt.target)
    elif isinstance(stmt, core.For):
        yield from ((name, True) for name in core.bound_names(stmt.target))
    elif isinstance(stmt, core.With):
        if stmt.target is not None:
            yield from _targets(stmt.target)
    elif isinstance(stmt, core.Try):
        yield from ((handler.name, True) for handler in stmt.handlers if handler.name)
    elif isinstance(stmt, (core.Define, core.Import)):
        yield stmt.name, True
    elif isinstance(stmt, core.Delete):
        for target in stmt.targets:
            yield from _targets(target)
    elif (call := appended(stmt)) is not None:
        yield root(call.func) or "", False
    if isinstance(stmt, (core.Assign, core.ExprStmt, core.Delete)) and stmt.shadow is not None:
        yield from atomic_writes(stmt.shadow)


def bound_in(function: core.Function) -> frozenset[str]:
    """The names that a function binds or captures."""
    return bound_anew(function.body).union(function.free, (param.name for param in function.params))


def bound_anew(block: core.Block) -> frozenset[str]:
    """The names that statements bind anew."""
    stmts = (stmt for stmt in core.walk(block) if isinstance(stmt, core.Stmt))
    return frozenset(name for stmt in stmts for name, whole in atomic_writes(stmt) if whole)


def appended(stmt: core.Stmt) -> core.Call | None:
    """The call of a statement `items.append(value)` or `items.insert(i, value)`."""
    call = stmt.value if isinstance(stmt, core.ExprStmt) else None
    if not isinstance(call, core.Call) or not isinstance(call.func, core.Attribute) or root(call.func) is None or call.keywords:
        return None
    return call if len(call.args) == {"append": 1, "insert": 2}.get(call.func.attr) else None


def removed(stmt: core.Stmt) -> core.Subscript | None:
    """The item of a statement `del items[i]`."""
    target = stmt.targets[0] if isinstance(stmt, core.Delete) and len(stmt.targets) == 1 else None
    return target if isinstance(target, core.Subscript) and root(target) is not None else None


def _targets(target: core.Expr) -> Iterator[tuple[str, bool]]:
    if isinstance(target, core.Tuple):
        for elt in target.elts:
            yield from _targets(elt)
    elif isinstance(target, core.Starred):
        yield from _targets(target.value)
    else:
        name = root(target)
        if name is not None:
            yield name, isinstance(target, core.Name)


def mentions(stmt: core.Stmt) -> frozenset[str]:
    """The names that occur in a statement, inside it too."""
    found: set[str] = set()
    for node in core.walk(stmt):
        if isinstance(node, core.Name):
            found.add(node.id)
        elif isinstance(node, (core.Define, core.Import)):
            found.add(node.name)
        elif isinstance(node, core.Lambda):
            found.update(node.function.free)
    return frozenset(found)


@dataclass
class Layout:
    """The structure of one function's body; a statement mentions the shadow of a variable where it mentions the variable."""

    body: core.Block
    shadows: Mapping[str, str] = field(default_factory=dict)
    statements: list[core.Stmt] = field(default_factory=list)
    around: dict[core.Stmt, tuple[core.Stmt, ...]] = field(default_factory=dict)
    start: dict[core.Stmt, int] = field(default_factory=dict)
    end: dict[core.Stmt, int] = field(default_factory=dict)
    _writes: dict[core.Stmt, frozenset[str]] = field(default_factory=dict)
    _mentions: dict[core.Stmt, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._enter(self.body, ())

    def _enter(self, block: core.Block, around: tuple[core.Stmt, ...]) -> None:
        for stmt in block:
            self.start[stmt] = len(self.statements)
            self.statements.append(stmt)
            self.around[stmt] = around
            written = {name for name, _ in atomic_writes(stmt)}
            for inner in core.blocks(stmt):
                self._enter(inner, (*around, stmt))
                written.update(*(self._writes[s] for s in inner))
            self._writes[stmt] = frozenset(written)
            self.end[stmt] = len(self.statements)

    def writes(self, stmt: core.Stmt) -> frozenset[str]:
        """The names that a statement or anything inside it writes."""
        return self._writes[stmt]

    def binds(self, stmt: core.Stmt) -> frozenset[str]:
        """The names that a statement or anything inside it binds anew."""
        return frozenset(name for s in (stmt, *self.inside(stmt)) for name, whole in atomic_writes(s) if whole)

    def rebinds(self, stmt: core.Stmt) -> frozenset[str]:
        """The names that an atomic statement binds anew."""
        if isinstance(stmt, COMPOUND) and not isinstance(stmt, core.With):
            return NONE
        return frozenset(name for name, whole in atomic_writes(stmt) if whole)

    def mentions(self, stmt: core.Stmt) -> frozenset[str]:
        if stmt not in self._mentions:
            found = mentions(stmt)
            self._mentions[stmt] = found | {bar for name, bar in self.shadows.items() if name in found}
        return self._mentions[stmt]

    def inside(self, stmt: core.Stmt) -> list[core.Stmt]:
        """The statements inside a compound one, at any depth."""
        return self.statements[self.start[stmt] + 1:self.end[stmt]]

    def loops_around(self, stmt: core.Stmt) -> tuple[core.Stmt, ...]:
        """The loops around a statement, outermost first."""
        return tuple(s for s in self.around[stmt] if isinstance(s, (core.For, core.While)))

    def breaks(self, loop: core.Stmt) -> list[core.Stmt]:
        """The `break` statements that leave a loop."""
        return [s for s in self.inside(loop) if isinstance(s, core.Break) and self.loops_around(s)[-1] is loop]

    @cached_property
    def loops(self) -> list[core.Stmt]:
        """All loops, inner ones before those around them."""
        return [s for s in reversed(self.statements) if isinstance(s, (core.For, core.While))]

    @cached_property
    def writers(self) -> dict[str, list[core.Stmt]]:
        """The statements that write each name, in the order of the text."""
        found: dict[str, list[core.Stmt]] = {}
        for stmt in self.statements:
            for name, _ in atomic_writes(stmt):
                found.setdefault(name, []).append(stmt)
        return found

    @cached_property
    def binders(self) -> dict[str, list[core.Stmt]]:
        """The statements that bind each name anew."""
        return {name: [s for s in found if (name, True) in tuple(atomic_writes(s))] for name, found in self.writers.items()}

    def leaves(self, stmt: core.Stmt) -> bool:
        """Whether a jump may leave a statement before its end."""
        return any(isinstance(s, (core.Break, core.Continue)) for s in self.inside(stmt))

    def home(
        self, name: str, loop: core.For | core.While, written: Callable[[core.Stmt], frozenset[str]] | None = None,
    ) -> tuple[core.Block, int] | None:
        """The innermost block inside one iteration of `loop` that holds every mention of `name`, and the index of the last writer in it.

        None where the name need not be bound after that statement.
        """
        written = written or self.writes
        if isinstance(loop, core.While) and name in core.reads(loop.test):
            return None
        if isinstance(loop, core.For) and name in core.bound_names(loop.target):
            writing = [i for i, stmt in enumerate(loop.body) if name in self.writes(stmt)]
            return (loop.body, writing[-1]) if writing and not self.leaves(loop.body[writing[-1]]) else None
        block = loop.body
        while True:
            using = [i for i, stmt in enumerate(block) if name in self.mentions(stmt)]
            if len(using) == 1 and isinstance(block[using[0]], core.If):
                branch = block[using[0]]
                assert isinstance(branch, core.If)
                parts = [part for part in (branch.body, branch.orelse) if any(name in self.mentions(s) for s in part)]
                if len(parts) == 1 and name not in core.reads(branch.test):
                    block = parts[0]
                    continue
            break
        last = max(i for i in using if name in written(block[i]))
        return None if self.leaves(block[last]) or not bound_by(block[:last + 1], name) else (block, last)


def binds(stmt: core.Stmt, name: str) -> bool:
    """Whether a statement binds a name whenever it runs to its end."""
    if isinstance(stmt, core.If):
        return any(binds(s, name) for s in stmt.body) and any(binds(s, name) for s in stmt.orelse)
    if isinstance(stmt, core.With) and any(binds(s, name) for s in stmt.body):
        return True
    return not isinstance(stmt, (core.For, core.While, core.Try)) and (name, True) in tuple(atomic_writes(stmt))


def bound_by(block: core.Block, name: str) -> bool:
    """Whether a block binds a name whenever it runs to its end: also a `try` does, if what follows its exceptions does."""
    if any(binds(stmt, name) for stmt in block):
        return True
    attempts = [s for s in block if isinstance(s, core.Try) and handled(s) and bound_by(s.body, name)]
    return any(isinstance(s, core.If) and s.test == attempt.failed and bound_by(s.body, name) for attempt in attempts for s in block)


def handled(stmt: core.Stmt) -> bool:
    """Whether a statement is a `try` after whose exceptions the function goes on."""
    return isinstance(stmt, core.Try) and stmt.failed is not None and stmt.failed != NEVER


def pairwise(target: core.Expr, value: core.Expr) -> bool:
    """Whether an assignment is several side by side, as `a, b = b, a` is."""
    return (isinstance(target, core.Tuple) and isinstance(value, (core.Tuple, core.List)) and len(target.elts) == len(value.elts)
            and not any(isinstance(elt, core.Starred) for elt in (*target.elts, *value.elts)))
