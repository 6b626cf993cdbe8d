"""The values that the variables of a program take: static single assignment, without renaming.

    x = 1.0               x: first value
    for i in steps:       x: merged from the first and the second value; i: bound by the loop
        x = x * a         x: second value, made from the merged one

Two mentions of a variable that have the same `Value` see the same object, so that what reads only such variables may be moved from one to
the other.  `replay` walks a block again with the values that the variables have there.
"""
from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from s2sad import core
from s2sad.flow.layout import NONE, Layout
from s2sad.flow.liveness import captured, head_binds
from s2sad.tidy.summary import Summary

Env = dict[str, "Value"]
NOTHING: dict[str, object] = {}


@dataclass(eq=False, slots=True)
class Value:
    """One value of a variable: bound by `stmt`, or merged from `sources` where paths meet at `stmt`; of a parameter, and of what is not
    bound yet, `stmt` is None.

    `users` are the statements that read it, once for each mention; `inner` tells that a nested function or a comprehension does.
    """

    name: str
    number: int
    stmt: core.Stmt | None = None
    merged: bool = False
    bound: bool = True
    inner: bool = False
    sources: list[Value] = field(default_factory=list)
    users: list[core.Stmt] = field(default_factory=list)
    into: list[Value] = field(default_factory=list)
    same: Value | None = None


class Values:
    """The values of one function's variables.

    `reads[stmt]` are those that a statement reads itself; `bound[stmt]` those that it binds (of a `for`, on the way into its body),
    `heads[stmt]` those merged at the head of a loop, `ends[stmt]` those of the variables written in a compound statement after it.
    `captured` are the names that nested functions read at times of their own.
    """

    def __init__(self, function: core.Function, layout: Layout, summary: Callable[[core.Stmt], Summary]) -> None:
        self.layout, self.summary = layout, summary
        self.all: list[Value] = []
        self.entry: Env = {}
        self.reads: dict[core.Stmt, Env] = {}
        self.bound: dict[core.Stmt, Env] = {}
        self.heads: dict[core.Stmt, Env] = {}
        self.ends: dict[core.Stmt, Env] = {}
        nested = any(inner for stmt in layout.statements for _, inner in summary(stmt).mentions)
        self.captured = captured(function.body) if nested else NONE
        self._loops: list[tuple[core.Stmt, list[Env]]] = []
        self._written = frozenset(layout.writers)
        for param in function.params:
            self.entry[param.name] = self._new(param.name)
        self._block(function.body, dict(self.entry))
        self._resolve()

    # Building

    def _new(self, name: str, stmt: core.Stmt | None = None, merged: bool = False) -> Value:
        value = Value(name, len(self.all), stmt, merged)
        self.all.append(value)
        return value

    def _block(self, block: core.Block, env: Env | None) -> Env | None:
        for stmt in block:
            env = self._statement(stmt, {} if env is None else env)
        return env

    def _statement(self, stmt: core.Stmt, env: Env) -> Env | None:
        if isinstance(stmt, (core.For, core.While)):
            return self._loop(stmt, env)
        self._read(stmt, env)
        if isinstance(stmt, core.If):
            one, two = self._block(stmt.body, dict(env)), self._block(stmt.orelse, dict(env))
            return self._end(stmt, [e for e in (one, two) if e is not None], env)
        if isinstance(stmt, core.With):
            inside = dict(env)
            self._bind(stmt, inside)
            end = self._block(stmt.body, inside)
            return self._end(stmt, [] if end is None else [end], env)
        if isinstance(stmt, core.Try):
            return self._attempt(stmt, env)
        if isinstance(stmt, core.Break):
            self._loops[-1][1].append(env)
            return None
        if isinstance(stmt, core.Continue):
            self._meet(self.heads[self._loops[-1][0]], env)
            return None
        if isinstance(stmt, core.Raise):
            return None
        self._bind(stmt, env)
        return env

    def _loop(self, stmt: core.For | core.While, env: Env) -> Env | None:
        if isinstance(stmt, core.For):
            self._read(stmt, env)
        head = self.heads[stmt] = {name: self._new(name, stmt, True) for name in sorted(self.layout.writes(stmt))}
        self._meet(head, env)
        env = {**env, **head}
        if isinstance(stmt, core.While):
            self._read(stmt, env)
        self._loops.append((stmt, []))
        inside = dict(env)
        if isinstance(stmt, core.For):
            self._bind(stmt, inside)
        end = self._block(stmt.body, inside)
        if end is not None:
            self._meet(head, end)
        breaks = self._loops.pop()[1]
        endless = isinstance(stmt, core.While) and stmt.test == core.Const(True)
        return self._end(stmt, breaks if endless and breaks else [env, *breaks], env)

    def _attempt(self, stmt: core.Try, env: Env) -> Env | None:
        """An exception may leave a block before or after any of its statements."""
        end = self._block(stmt.body, dict(env))
        raised = self._anywhere(stmt, stmt.body, env)
        ends = [None if end is None else self._block(stmt.orelse, end)]
        for handler in stmt.handlers:
            inside = dict(raised)
            if handler.name:
                inside[handler.name] = self._new(handler.name, stmt)
            ends.append(self._block(handler.body, inside))
        left = [e for e in ends if e is not None]
        if stmt.final:
            final = self._block(stmt.final, self._anywhere(stmt, tuple(s for block in core.blocks(stmt) for s in block), env))
            left = [] if final is None or not left else [final]
        return self._end(stmt, left, env)

    def _anywhere(self, stmt: core.Try, block: core.Block, env: Env) -> Env:
        """What holds after some part of a block has run."""
        inside = {s for part in block for s in (part, *self.layout.inside(part))}
        made = [value for value in self.all if value.stmt in inside]
        found = dict(env)
        for name in sorted({value.name for value in made}):
            found[name] = self._new(name, stmt, True)
            self._source(found[name], env)
            found[name].sources += [value for value in made if value.name == name]
        return found

    def _end(self, stmt: core.Stmt, ends: list[Env], env: Env) -> Env | None:
        """The environment after a compound statement that is left with `ends`."""
        if not ends:
            return None
        after = self.ends[stmt] = {}
        for name in sorted(self.layout.writes(stmt)):
            if all(end.get(name) is ends[0].get(name) for end in ends[1:]):
                value = ends[0].get(name)
                if value is not None:
                    after[name] = value
                continue
            after[name] = self._new(name, stmt, True)
            for end in ends:
                self._source(after[name], end)
        return {**env, **after}

    def _meet(self, head: Env, env: Env) -> None:
        for value in head.values():
            self._source(value, env)

    def _source(self, merged: Value, env: Env) -> None:
        source = env.get(merged.name)
        if source is None:
            merged.bound = False
        else:
            merged.sources.append(source)

    def _read(self, stmt: core.Stmt, env: Env) -> None:
        found = self.reads[stmt] = {}
        for name, inner in self.summary(stmt).mentions:
            value = env.get(name)
            if value is None:
                value = self.entry.get(name)
                if value is None:
                    value = self.entry[name] = self._new(name)
                    value.bound = name not in self._written
            found[name] = value
            value.users.append(stmt)
            value.inner = value.inner or inner

    def _bind(self, stmt: core.Stmt, env: Env) -> None:
        found: Env = {}
        for name in head_binds(stmt):
            found[name] = env[name] = self._new(name, stmt)
        if found:
            self.bound[stmt] = found

    def _resolve(self) -> None:
        """What is merged from one value alone, itself aside, is that value."""
        merged = [value for value in self.all if value.merged]
        for value in merged:
            for source in value.sources:
                source.into.append(value)
        waiting = merged[::-1]
        while waiting:
            value = waiting.pop()
            if value.same is not None or not value.bound:
                continue
            sources = {id(found): found for s in value.sources if (found := self.resolved(s)) is not value}
            if len(sources) == 1:
                (value.same,) = sources.values()
                waiting.extend(value.into)
        for value in merged:
            value.sources = list({id(found): found for s in value.sources if (found := self.resolved(s)) is not value}.values())
        for value in self.all:
            value.into = []
            if value.same is not None:
                final = self.resolved(value)
                final.users += value.users
                final.inner = final.inner or value.inner
        # What is merged and never read does not keep its sources.
        read = [value for value in merged if value.same is None and value.users]
        seen = set(read)
        while read:
            value = read.pop()
            for source in value.sources:
                source.into.append(value)
                if source.merged and source not in seen:
                    seen.add(source)
                    read.append(source)
        for table in (self.reads, self.bound, self.heads, self.ends):
            for env in table.values():
                for name, value in env.items():
                    if value.same is not None:
                        env[name] = self.resolved(value)

    # Asking

    @cached_property
    def first(self) -> Env:
        """The first value of each variable."""
        found: Env = {}
        for value in self.all:
            found.setdefault(value.name, value)
        return found

    @cached_property
    def readers(self) -> dict[str, list[int]]:
        """Where in the text each variable is read."""
        found: dict[str, list[int]] = {}
        for position, stmt in enumerate(self.layout.statements):
            for name in self.reads.get(stmt, NOTHING):
                found.setdefault(name, []).append(position)
        return found

    def reads_between(self, name: str, first: int, last: int) -> bool:
        """Whether a statement from the position `first` to before `last` reads a variable."""
        positions = self.readers.get(name, [])
        return bisect_left(positions, first) < bisect_left(positions, last)

    def resolved(self, value: Value) -> Value:
        while value.same is not None:
            value = value.same
        return value

    def enter(self, stmt: core.Stmt, env: Env) -> Env:
        """The environment inside the body of a loop, or of a `with`."""
        return {**env, **self.heads.get(stmt, {}), **(self.bound.get(stmt, {}) if isinstance(stmt, (core.For, core.With)) else {})}

    def leave(self, stmt: core.Stmt, env: Env) -> None:
        """Updates the environment over a statement."""
        env.update(self.ends.get(stmt, {}) if core.blocks(stmt) else self.bound.get(stmt, {}))

    def is_sure(self, value: Value) -> bool:
        """Whether the variable is bound where it has this value."""
        seen: set[int] = set()
        waiting = [value]
        while waiting:
            value = waiting.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            if not value.bound:
                return False
            waiting += value.sources
        return True
