"""Dead code: `without_dead(function, knowledge)` has no statement whose effect nobody can see.

    total = 0.0                              for i in range(len(x)):
    for i in range(len(x)):                      x_bar[i] += 2 * x[i]
        total += x[i] ** 2            ->     return x_bar
    for i in range(len(x)):
        x_bar[i] += 2 * x[i]
    return x_bar

An assignment makes what it reads live only if what it assigns is live, so that variables that feed nothing but themselves are dead too.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from s2sad import core
from s2sad.graph import Graph
from s2sad.liveness import captured
from s2sad.solve import solve
from s2sad.tidy.aliases import OUTSIDE, Aliases, aliases
from s2sad.tidy.blocks import is_empty, rewritten, statements
from s2sad.tidy.knowledge import NONE, Knowledge

Live = frozenset[str]
ROUNDS = 5


def without_dead(function: core.Function, knowledge: Knowledge) -> core.Function:
    for _ in range(ROUNDS):
        body = _round(function, knowledge)
        if body is function.body:
            break
        function = replace(function, body=body)
    return function


def _round(function: core.Function, knowledge: Knowledge) -> core.Block:
    graph = Graph(function.body)
    always = captured(function.body)
    changing = any(knowledge.effects(stmt).changes for stmt in graph.nodes)
    sharing = aliases(function, graph, knowledge).before if changing else {}
    stacks = Stacks(graph.nodes)
    while True:
        needs = Needs(knowledge, sharing, stacks, always)
        live = solve(graph, "backward", always, needs.before, frozenset.union)
        if not stacks.force(lambda stmt: needs.is_needed(stmt, live.after[stmt])):
            break

    def change(old: core.Stmt, new: core.Stmt) -> core.Block:
        if isinstance(new, core.If):
            return _branch(new, knowledge)
        if isinstance(new, (core.For, core.While)):
            if not is_empty(new.body) and not _is_idle(new.body, knowledge):
                return (new,)
            after = [live.before[stmt] for stmt in graph.successors(old) if stmt is not old.body[0]]  # type: ignore[attr-defined]
            bound = set(core.bound_names(new.target)) if isinstance(new, core.For) else set()
            pure = knowledge.is_pure(new.iter if isinstance(new, core.For) else new.test)
            return () if pure and not any(bound & names for names in after) else (new,)
        return (new,) if needs.is_needed(old, live.after[old]) else ()

    return rewritten(function.body, change)


def _branch(stmt: core.If, knowledge: Knowledge) -> core.Block:
    if is_empty(stmt.body) and is_empty(stmt.orelse):
        return () if knowledge.is_pure(stmt.test) else (core.ExprStmt(stmt.test),)
    if is_empty(stmt.body):
        return (replace(stmt, test=negated(stmt.test), body=stmt.orelse, orelse=()),)
    return (replace(stmt, orelse=()),) if stmt.orelse and is_empty(stmt.orelse) else (stmt,)


def negated(test: core.Expr) -> core.Expr:
    return test.operand if isinstance(test, core.UnaryOp) and test.op == "not" else core.UnaryOp("not", test)


def _is_idle(block: core.Block, knowledge: Knowledge) -> bool:
    """Whether nothing comes of running a block of a loop: it only decides how often it runs."""
    for stmt in block:
        if isinstance(stmt, core.If):
            if not (knowledge.is_pure(stmt.test) and _is_idle(stmt.body, knowledge) and _is_idle(stmt.orelse, knowledge)):
                return False
        elif not isinstance(stmt, (core.Pass, core.Comment, core.Break, core.Continue)):
            return False
    return True


class Stacks:
    """Lists that are only made, appended to, popped and tested: what is appended matters only if it is popped."""

    def __init__(self, nodes: list[core.Stmt]) -> None:
        made: set[str] = set()
        self.pushes: dict[core.Stmt, str] = {}
        self.pops: dict[core.Stmt, str] = {}
        self.forced: set[str] = set()
        uses: dict[str, int] = {}
        plain: dict[str, int] = {}
        for stmt in nodes:
            if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Name):
                if isinstance(stmt.value, core.List):
                    made.add(stmt.target.id)
                else:
                    uses[stmt.target.id] = uses.get(stmt.target.id, 0) + 1
                popped = _method(stmt.value, "pop")
                if popped:
                    self.pops[stmt] = popped
            elif isinstance(stmt, core.ExprStmt) and (pushed := _method(stmt.value, "append")):
                self.pushes[stmt] = pushed
            elif isinstance(stmt, core.While) and isinstance(stmt.test, core.Name):
                plain[stmt.test.id] = plain.get(stmt.test.id, 0) + 1
        for stmt, name in (*self.pushes.items(), *self.pops.items()):
            plain[name] = plain.get(name, 0) + 1
        candidates = made & {*self.pushes.values()}
        if candidates:
            for stmt in nodes:
                for name in _occurrences(stmt, candidates):
                    uses[name] = uses.get(name, 0) + 1
        self.names = {name for name in candidates if uses.get(name, 0) == plain.get(name, 0)}
        self.pushes = {stmt: name for stmt, name in self.pushes.items() if name in self.names}
        self.pops = {stmt: name for stmt, name in self.pops.items() if name in self.names}

    def force(self, is_needed: Callable[[core.Stmt], bool]) -> bool:
        """Keeps all pops of a stack of which one is kept; whether that is news."""
        by_name: dict[str, set[bool]] = {}
        for stmt, name in self.pops.items():
            by_name.setdefault(name, set()).add(is_needed(stmt))
        news = {name for name, kept in by_name.items() if len(kept) == 2} - self.forced
        self.forced |= news
        return bool(news)


def _method(expr: core.Expr, name: str) -> str:
    """The variable whose method `name` a call runs: `s` of `s.append(x)`, `s.pop()`."""
    if isinstance(expr, core.Call) and isinstance(expr.func, core.Attribute) and expr.func.attr == name and isinstance(expr.func.value, core.Name):
        if len(expr.args) == (name == "append") and not expr.keywords:
            return expr.func.value.id
    return ""


def _occurrences(stmt: core.Stmt, names: set[str]) -> list[str]:
    """The names that the head of a statement reads, once for each place."""
    blocks = {"If": ("body", "orelse"), "While": ("body",), "For": ("body",)}.get(type(stmt).__name__, ())
    inside = {id(part) for field in blocks for part in getattr(stmt, field)}
    found: list[str] = []
    for part in core.children(stmt):
        if id(part) not in inside:
            skip = isinstance(stmt, core.Assign) and part is stmt.target and isinstance(part, core.Name)
            for node in () if skip else core.walk(part):
                if isinstance(node, core.Name) and node.id in names:
                    found.append(node.id)
                elif isinstance(node, core.Function):
                    found += [name for name in node.free if name in names]
    return found


class Needs:
    """Which statements are needed where given variables are live after them."""

    def __init__(self, knowledge: Knowledge, sharing: Aliases | dict[core.Stmt, Aliases], stacks: Stacks, always: Live) -> None:
        self.knowledge, self.sharing, self.stacks, self.always = knowledge, sharing, stacks, always

    def before(self, stmt: core.Stmt, live: Live) -> Live:
        effects = self.knowledge.effects(stmt)
        if isinstance(stmt, core.For):
            return live | effects.reads
        if isinstance(stmt, core.Delete):
            return live | effects.reads | effects.binds
        if not self.is_needed(stmt, live):
            return live
        return (live - effects.binds | effects.reads | self.always) if effects.binds else live | effects.reads

    def is_needed(self, stmt: core.Stmt, live: Live) -> bool:
        if isinstance(stmt, (core.Assign, core.AugAssign, core.ExprStmt)):
            effects = self.knowledge.effects(stmt)
            if stmt in self.stacks.pushes:
                name = self.stacks.pushes[stmt]
                assert isinstance(stmt, core.ExprStmt) and isinstance(stmt.value, core.Call)
                return name in live or not self.knowledge.is_pure(stmt.value.args[0])
            if stmt in self.stacks.pops:
                return bool(effects.binds & live) or self.stacks.pops[stmt] in self.stacks.forced
            return not effects.pure or bool(effects.binds & live) or any(self.is_seen(stmt, name, live) for name in effects.changes)
        if isinstance(stmt, core.Define):
            return stmt.name in live or not all(self.knowledge.is_pure(param.default) for param in stmt.function.params if param.default)
        if isinstance(stmt, core.Import):
            return True
        return True

    def is_seen(self, stmt: core.Stmt, name: str, live: Live) -> bool:
        """Whether somebody may see that the object of a variable changed."""
        if name in live or name not in self.knowledge.env:
            return True
        others = self.sharing.get(stmt, {}).get(name, NONE)  # type: ignore[union-attr, call-overload]
        return OUTSIDE in others or bool(others & live)
