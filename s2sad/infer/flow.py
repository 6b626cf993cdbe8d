"""The facts of the variables before every statement: a forward fixed point over the structured program."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from s2sad import core
from s2sad.facts import (
    INT,
    UNDEFINED,
    UNKNOWN,
    Dim,
    Fact,
    FunctionFact,
    Mapping,
    Number,
    RangeFact,
    Sequence,
    Unknown,
    as_item,
    join,
    lowest,
)
from s2sad.facts.births import births, with_births
from s2sad.facts.dims import ELSEWHERE, Symbol
from s2sad.facts.fact import BORN_HERE, in_item
from s2sad.infer.arithmetic import binary
from s2sad.infer.changes import apply_changes, change_item, havoc, may_be_mask, uncounted, without_items
from s2sad.infer.deciding import decided
from s2sad.infer.environment import Env, Facts, SizeNames
from s2sad.infer.expressions import TRUE, bindings, element, fact_of, of_object
from s2sad.infer.functions import freeze
from s2sad.meaning.captures import captured_facts

if TYPE_CHECKING:
    from s2sad.reading.scope import Scope

PATIENCE = 12
"""After so many rounds of a loop, what still changes is Unknown."""


class Loop:
    """The environments in which a loop is left, and starts again."""

    def __init__(self) -> None:
        self.breaks: list[Env] = []
        self.continues: list[Env] = []


class Flow:
    """One inference of one function: `Flow(scope).run(function, facts)`."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.facts = Facts()
        self.labels: dict[core.Stmt | core.Handler, int] = {}
        self.names = SizeNames()
        self.loops: list[Loop] = []
        self.calls: dict[core.Stmt, tuple[core.Call, ...]] = {}
        self.heads: dict[core.Stmt, tuple[Env, Env | None]] = {}
        self.yielded: Fact = UNDEFINED
        self.captured: frozenset[str] = frozenset()

    def run(self, function: core.Function, params: dict[str, Fact]) -> Facts:
        captured = captured_facts(function, self.scope)
        self.captured = frozenset(captured) - params.keys()
        self.block(function.body, Env({**captured, **params}))
        if function.is_generator:
            self.facts.result = Sequence("iterator", None, self.yielded)
        return self.facts

    def label(self, stmt: core.Stmt | core.Handler) -> int:
        """The first of two numbers of a statement."""
        found = self.labels.get(stmt)
        if found is None:
            found = self.labels[stmt] = 2 * len(self.labels) + 1
        return found

    def fact(self, expr: core.Expr, env: Env) -> Fact:
        return fact_of(expr, env, self.scope)

    # Statements: each takes the environment before it and gives the one after it, None where it is never reached.

    def block(self, block: core.Block, env: Env | None) -> Env | None:
        for i, stmt in enumerate(block):
            if env is None:
                self.unreached(block[i:], self.facts[block[i - 1]])
                return None
            self.facts[stmt] = env
            step = _STEPS.get(type(stmt))
            if step is not None:
                env = step(self, stmt, env)
        return env

    def unreached(self, block: core.Block, env: Env) -> None:
        """Statements that never run have facts nevertheless."""
        for node in core.walk(block):
            if isinstance(node, core.Stmt):
                self.facts.setdefault(node, env)

    def assign(self, stmt: core.Assign, env: Env) -> Env:
        env = self.assign_alone(stmt, env)
        return env if stmt.shadow is None else self.shadow(stmt.shadow, env)

    def shadow(self, stmt: core.Stmt, env: Env) -> Env:
        """A shadow shares no memory with the primal: what is stored into it changes nothing that is known of that."""
        self.facts[stmt] = env
        if isinstance(stmt, core.Assign) and not isinstance(stmt.target, (core.Subscript, core.Attribute)):
            found = self.assign_alone(stmt, env)
            return env.bound({name: found[name] for name in core.bound_names(stmt.target) if name in found})
        names = {name for part in core.walk(stmt) if isinstance(part, core.Expr) and (name := core.root(part)) in env}
        path: Any = getattr(stmt, "target", None) or getattr(getattr(stmt, "value", stmt), "func", core.Const(None))
        changed = core.root(path)
        return env if changed is None or changed not in names else env.with_facts({changed: UNKNOWN})

    def assign_alone(self, stmt: core.Assign, env: Env) -> Env:
        env, changed = apply_changes(self, stmt, env)
        value, target = self.fact(stmt.value, env), stmt.target
        env = changed or env
        if isinstance(target, core.Name):
            return self.store(stmt, env, {target.id: value})
        if isinstance(target, (core.Subscript, core.Attribute)):
            return change_item(self, stmt, target, value, env)
        env = self.store(stmt, env, dict(bindings(target, value)))
        for part, fact in _item_targets(target, value):
            env = change_item(self, stmt, part, fact, env)
        return env

    def aug_assign(self, stmt: core.AugAssign, env: Env) -> Env:
        env, changed = apply_changes(self, stmt, env)
        old, value = self.fact(stmt.target, env), self.fact(stmt.value, env)
        env = changed or env
        new = binary(stmt.op, old, value)
        if isinstance(stmt.target, core.Name):
            if isinstance(old, Number) and old.box == "array" and isinstance(value, Unknown):
                return uncounted(env) if may_be_mask(old) else env
            if isinstance(old, Number) and isinstance(new, Number):
                if old.shape or old.box == "array" and old.shape == ():
                    return uncounted(env) if may_be_mask(old) else env
                if old.box in ("any", "array") and not old.bare:
                    new = replace(new, shape=None, dtype=None, box="any", mixed=True) if old.shape is None else join(old, new)
            elif births(old) or isinstance(old, Unknown):
                env = havoc(env, births(old)) if births(old) else env
                new = UNKNOWN if isinstance(new, Unknown) else self.extended(env, stmt.target.id, new, old)
            return self.store(stmt, env, {stmt.target.id: new})
        return change_item(self, stmt, stmt.target, join(old, new), env)

    def extended(self, env: Env, name: str, new: Fact, old: Fact) -> Fact:
        # `items += more` is the same list as before.
        same = births(old)
        return with_births(new, lambda b: same | (b or BORN_HERE))

    def expression(self, stmt: core.ExprStmt | core.Assert | core.Delete, env: Env) -> Env:
        env, changed = apply_changes(self, stmt, env)
        env = changed or env
        return self.shadow(stmt.shadow, env) if isinstance(stmt, core.ExprStmt) and stmt.shadow is not None else env

    def delete(self, stmt: core.Delete, env: Env) -> Env:
        names = {target.id for target in stmt.targets if isinstance(target, core.Name)}
        for target in stmt.targets:
            if isinstance(target, core.Subscript):
                holder = self.fact(target.value, env)
                mapped = isinstance(holder, Mapping)
                fewer = mapped or isinstance(holder, Sequence) and holder.kind == "list"
                env = without_items(env, births(holder), mapped) if fewer else havoc(env, births(holder))
        return Env({name: fact for name, fact in env.items() if name not in names}, env.partial - names)

    def define(self, stmt: core.Define, env: Env) -> Env:
        return env.bound({stmt.name: FunctionFact(stmt.function)})

    def imports(self, stmt: core.Import, env: Env) -> Env:
        import sys
        module: object = sys.modules.get(stmt.module)
        found = getattr(module, stmt.attr, None) if stmt.attr else module
        return env.bound({stmt.name: UNKNOWN if found is None else of_object(found)})

    def returns(self, stmt: core.Return, env: Env) -> None:
        env, changed = apply_changes(self, stmt, env)
        self.facts.result = freeze(self.fact(stmt.value, env), changed or env)

    def yields(self, stmt: core.Yield, env: Env) -> Env:
        env, changed = apply_changes(self, stmt, env)
        env = changed or env
        item = as_item(freeze(self.fact(stmt.value, env), env))
        self.yielded = join(self.yielded, item, in_item)
        return env

    def raises(self, stmt: core.Raise, env: Env) -> None:
        return None

    def breaks(self, stmt: core.Break, env: Env) -> None:
        self.loops[-1].breaks.append(env)

    def continues(self, stmt: core.Continue, env: Env) -> None:
        self.loops[-1].continues.append(env)

    # Branches and loops

    def branch(self, stmt: core.If, env: Env) -> Env | None:
        env, changed = apply_changes(self, stmt, env)
        known = decided(stmt.test, lambda e: self.fact(e, env))
        env = changed or env
        if known is not None:
            taken, other = (stmt.body, stmt.orelse) if known else (stmt.orelse, stmt.body)
            self.unreached(other, env)
            return self.block(taken, env)
        one, two = self.block(stmt.body, env), self.block(stmt.orelse, env)
        return self.names.meet_if_any(self.label(stmt), [e for e in (one, two) if e is not None])

    def context(self, stmt: core.With, env: Env) -> Env | None:
        """What `as` binds is up to the context."""
        env, changed = apply_changes(self, stmt, env)
        env = changed or env
        if stmt.target is not None:
            env = self.store(stmt, env, dict(bindings(stmt.target, UNKNOWN)))
        return self.block(stmt.body, env)

    def attempt(self, stmt: core.Try, env: Env) -> Env | None:
        """An exception may leave the body before or after any of its statements."""
        ends = [self.block(stmt.body, env)]
        raised = [env, *ends, *self.within(stmt.body)]
        ends = [self.block(stmt.orelse, ends[0]) if stmt.orelse else ends[0]]
        for handler in stmt.handlers:
            start = self.names.meet_if_any(self.label(handler), [e for e in raised if e is not None])
            assert start is not None
            ends.append(self.block(handler.body, start.bound({handler.name: UNKNOWN}) if handler.name else start))
        after = self.names.meet_if_any(self.label(stmt), [e for e in ends if e is not None])
        if not stmt.final:
            return after
        raised += [*ends, *self.within(stmt.orelse), *(e for handler in stmt.handlers for e in self.within(handler.body))]
        start = self.names.meet_if_any(self.label(stmt) + 1, [e for e in raised if e is not None])
        end = self.block(stmt.final, start)
        return None if after is None else end

    def within(self, block: core.Block) -> list[Env]:
        """The environments before all statements of a block."""
        return [self.facts[node] for node in core.walk(block) if isinstance(node, core.Stmt) and node in self.facts]

    def loop(self, stmt: core.While | core.For, env: Env) -> Env | None:
        """The head is where all rounds begin.  A loop entered again starts from what it knew, so that nested loops cost no
        more than their depth.
        """
        label = self.label(stmt)
        earlier = self.heads.get(stmt)
        head = env if earlier is None else self.names.meet(label, [env, earlier[0]])
        if earlier is not None and head == earlier[0]:
            self.facts[stmt] = earlier[0]
            return earlier[1]
        for round_ in range(PATIENCE):
            loop = Loop()
            self.loops.append(loop)
            self.facts[stmt] = head
            end, left = self.round(stmt, env, head)
            self.loops.pop()
            again = self.names.meet(label, [head, *loop.continues, *([] if end is None else [end])])
            if again == head:
                break
            if round_ > PATIENCE - 4:
                again = again.with_facts({name: UNKNOWN for name, fact in again.items() if head.get(name) != fact})
            head = again
        after = self.names.meet_if_any(label + 1, [*([] if left is None else [left]), *loop.breaks])
        self.heads[stmt] = head, after
        return after

    def round(self, stmt: core.While | core.For, entry: Env, head: Env) -> tuple[Env | None, Env | None]:
        """The environments at the end of the body, and where the loop ends at its head."""
        head, changed = apply_changes(self, stmt, head)
        if isinstance(stmt, core.While):
            test = self.fact(stmt.test, head)
            head = changed or head
            return self.block(stmt.body, head), None if test == TRUE else head
        items = self.fact(stmt.iter, entry)
        if births(items):
            items = join(items, self.fact(stmt.iter, head))
        head = changed or head
        one = element(items)
        if isinstance(items, RangeFact):
            one = self.counter(stmt, items)
        inside = self.store(stmt, head, dict(bindings(stmt.target, one)))
        return self.block(stmt.body, inside), head

    def counter(self, stmt: core.For, items: RangeFact) -> Fact:
        """The number of a round, as a size between the ends of its range."""
        least = None
        if items.step is not None and items.step.known is not None:
            if items.step.known > 0 and items.start is not None:
                least = lowest(items.start)
            elif items.step.known < 0 and items.stop is not None:
                low = lowest(items.stop)
                least = None if low is None else low + 1
        name = stmt.target.id if isinstance(stmt.target, core.Name) else "counter"
        return replace(INT, size=Dim(((Symbol(f"{name}#@{self.label(stmt)}", least, frozenset((self.label(stmt), ELSEWHERE))), 1),)))

    def store(self, stmt: core.Stmt, env: Env, facts: dict[str, Fact]) -> Env:
        """`env` after `stmt` bound names."""
        return self.names.store(self.label(stmt), env, facts)


def _item_targets(target: core.Expr, value: Fact) -> Iterator[tuple[core.Expr, Fact]]:
    from s2sad.infer.expressions import unpacked
    if isinstance(target, (core.Tuple, core.List)):
        for elt, fact in zip(target.elts, unpacked(value, target.elts)):
            yield from _item_targets(elt, fact)
    elif isinstance(target, core.Starred):
        yield from _item_targets(target.value, value)
    elif not isinstance(target, core.Name):
        yield target, value


_STEPS: dict[type, Callable[[Flow, Any, Env], Env | None]] = {
    core.Assign: Flow.assign,
    core.AugAssign: Flow.aug_assign,
    core.ExprStmt: Flow.expression,
    core.Assert: Flow.expression,
    core.If: Flow.branch,
    core.While: Flow.loop,
    core.For: Flow.loop,
    core.With: Flow.context,
    core.Try: Flow.attempt,
    core.Return: Flow.returns,
    core.Raise: Flow.raises,
    core.Yield: Flow.yields,
    core.Break: Flow.breaks,
    core.Continue: Flow.continues,
    core.Delete: Flow.delete,
    core.Define: Flow.define,
    core.Import: Flow.imports,
}
