"""The reverse sweep of reverse mode: the statements of the primal from the last to the first, each replaced by what undoes it.

Undoing a statement restores what it overwrote and hands the adjoint of what it made to what it read (Griewank & Walther, *Evaluating
Derivatives*, chapters 3, 4 and 6).  A variable has an adjoint exactly where it is active: its last use begins it, earlier ones add to
it, and the statement that made the variable consumes it.
"""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from s2sad import core
from s2sad.analysis.plan import Plan
from s2sad.analysis.prepare import is_spread, phases, targets_of, with_tape
from s2sad.core import root
from s2sad.errors import refuse
from s2sad.facts import Fact, Number, RangeFact, Sequence, join
from s2sad.facts import Mapping as MappingFact
from s2sad.facts.layers import Draft
from s2sad.flow.layout import COMPOUND, NONE, appended, atomic_writes, binds, handled, removed
from s2sad.infer.expressions import bindings
from s2sad.meaning.adjoint import Contribution, Term, adjoint_of
from s2sad.meaning.contexts import governs
from s2sad.meaning.forms import ABSENT, adjoint_fact, call, with_result
from s2sad.quote import quote, quote_expr
from s2sad.sweeps.accumulate import Adjoints
from s2sad.sweeps.forward import key_of, may_be_missing, overwritten_path
from s2sad.sweeps.stores import in_order, reversed_store
from s2sad.sweeps.uncertain import either, is_uncertain_item, rewritten


def placed(new: core.Stmt, stmt: core.Stmt) -> core.Stmt:
    """A statement with the place of the one that it was written for."""
    at: core.Place | None = getattr(stmt, "at", None)
    return replace(new, at=at) if getattr(new, "at", at) is None else new  # type: ignore[call-arg]


HANDED_ON = {"shadow_of": "handed_on", "shadows_of": "items_handed_on"}
"""For shadows of what may be numbers, the functions that tell what goes to those from there."""


@dataclass
class ReverseSweep:
    """Writes the reverse sweep of a plan; `adjoints` are those that exist where the writing stands, `seed` is the adjoint of the result.

    `measured` gathers the variables whose shape a zero is made of where a branch need not have bound them; `walking` are the lists of
    whose adjoints the items are being gathered.
    """

    plan: Plan
    adjoints: Adjoints
    seed: core.Expr
    extra: dict[str, Fact] = field(default_factory=dict)
    measured: set[str] = field(default_factory=set)
    walking: set[str] = field(default_factory=set)

    def block(self, block: core.Block) -> list[core.Stmt]:
        return [placed(new, stmt) for stmt in reversed(block) for new in self.statement(stmt)]

    def statement(self, stmt: core.Stmt) -> list[core.Stmt]:
        out = self.regain(stmt)
        if stmt not in self.plan.live:
            for name, whole in atomic_writes(stmt):
                if whole and not isinstance(stmt, core.For):
                    self.adjoints.facts.pop(name, None)
            return out + self.restore(stmt)
        if isinstance(stmt, core.Assign):
            return out + self.assign(stmt, stmt.target, stmt.value)
        if isinstance(stmt, core.AugAssign):
            return out + self.assign(stmt, stmt.target, core.BinOp(stmt.op, stmt.target, stmt.value))
        if isinstance(stmt, core.Return):
            found = self.contribution(stmt, stmt.value, self.seed)
            return out + self.emit(found, self.env(stmt), frozenset(), None)
        if (appending := appended(stmt)) is not None:
            return out + self.append(stmt, appending)
        if (item := removed(stmt)) is not None:
            return out + self.restore(stmt) + self.put_in(item)
        if isinstance(stmt, core.If):
            return out + self.branch(stmt) + self.restore(stmt)
        if isinstance(stmt, core.With):
            return out + self.context(stmt) + self.restore(stmt)
        if isinstance(stmt, core.Try):
            assert stmt.failed is not None
            body = self.undone(stmt, negated(stmt.failed), (stmt.body, ())) if handled(stmt) else self.block(stmt.body)
            return out + body + self.restore(stmt)
        assert isinstance(stmt, (core.For, core.While)), stmt
        return out + self.loop(stmt) + self.restore(stmt)

    # What was saved comes back.

    def regain(self, stmt: core.Stmt) -> list[core.Stmt]:
        out: list[core.Stmt] = []
        for kept in reversed(self.plan.regained.get(stmt, ())):
            if kept.again is None:
                out += quote("NAME = STACK.pop()", NAME=kept.name, STACK=self.plan.stack(stmt, kept.name))
            else:
                out.append(core.Assign(core.Name(kept.name), kept.again))
        return out

    def restore(self, stmt: core.Stmt) -> list[core.Stmt]:
        out: list[core.Stmt] = []
        for name in reversed(self.plan.overwritten.get(stmt, ())):
            if (appending := appended(stmt)) is not None:
                if name == root(appending.func):
                    out.append(popped(appending))
                continue
            path = overwritten_path(stmt, name, self.plan)
            old: core.Expr = core.Name(self.plan.olds[stmt, name]) if stmt not in self.plan.looped else core.Call(
                core.Attribute(core.Name(self.plan.stack(stmt, self.plan.saved(stmt, name))), "pop"))
            out.append(self.put_back(stmt, path, old))
        return out

    def put_back(self, stmt: core.Stmt, path: core.Expr, old: core.Expr) -> core.Stmt:
        """`path = old`, by way of a function where there need not have been anything, or where an item has been taken out."""
        semantics = self.plan.semantics
        if removed(stmt) is not None:
            assert isinstance(path, core.Subscript)
            holder = removed(stmt).value  # type: ignore[union-attr]
            if isinstance(semantics.fact(holder, self.plan.facts[stmt]), MappingFact):
                if root(path) in self.plan.memory.shadows.values():     # what the other entries have gathered since is theirs
                    old = core.Dict((None, None), (old, path.value))
                return core.ExprStmt(call("refill", path.value, old))
            return insertion(path.value, path.index, old)
        if may_be_missing(path, self.plan.facts[stmt], semantics) or self.mirrors_missing(stmt, path):
            function = "put_back" if isinstance(path, core.Subscript) else "put_back_attribute"
            return core.ExprStmt(call(function, path.value, key_of(path), old))  # type: ignore[attr-defined]
        uncertain = is_uncertain_item(stmt, semantics, self.plan.facts[stmt])
        if uncertain and path == core.Subscript(stmt.target, core.Const(...)):      # type: ignore[attr-defined]
            return rewritten(path.value, old)
        return core.Assign(path, old)

    def mirrors_missing(self, stmt: core.Stmt, path: core.Expr) -> bool:
        """Whether a path of a shadow mirrors one that need not have been there."""
        if not isinstance(stmt, core.Assign) or path is not getattr(stmt.shadow, "target", None):
            return False
        return may_be_missing(stmt.target, self.plan.facts[stmt], self.plan.semantics)

    # Assignments

    def env(self, stmt: core.Stmt) -> Draft:
        return Draft(self.adjoints.env(self.plan.facts[stmt]), {**self.outer, **self.extra})

    @cached_property
    def outer(self) -> dict[str, Fact]:
        """The facts of what the function finds outside and changes in place."""
        plan = self.plan
        names = (name for name in plan.layout.writers if not plan.layout.binders[name] and name not in plan.semantics.bound)
        return {name: plan.semantics.fact(core.Name(name), {}) for name in names}

    def contribution(self, stmt: core.Stmt, value: core.Expr, g: core.Expr, stored: bool = False, added: bool = False) -> Contribution:
        """What the value of a statement contributes; no variable holds it where it is `added` to what a target held."""
        plan, env = self.plan, self.env(stmt)
        shadows: dict[str, Fact] = {}
        in_place = isinstance(stmt, core.AugAssign) and isinstance(stmt.target, core.Name) and self.adjoints.is_shadowed(stmt.target.id)
        if isinstance(stmt, (core.Assign, core.AugAssign)) and not in_place:
            # The adjoint of a variable has the very shape of the value that the variable has here.
            parts = dict(bindings(stmt.target, plan.semantics.fact(value, env)))
            env.update({self.adjoints.bar(name).id: adjoint_fact(fact) for name, fact in parts.items() if self.adjoints.exists(name)})
            shadows = {self.adjoints.bar(name).id: adjoint_fact(fact) for name, fact in parts.items() if self.adjoints.is_shadowed(name)}
        stored = stored or isinstance(stmt, (core.Assign, core.AugAssign)) and is_spread(stmt.target, value, plan.semantics, env)
        found = adjoint_of(value, g, plan.semantics, env, plan.activity.varied[stmt], plan.names.fresh,
                           not added and not isinstance(stmt, core.Return), stored)
        if found.wanted:
            raise refuse("cannot tell what the reverse of this reads", stmt.at, plan.semantics.source,  # type: ignore[attr-defined]
                         "give the values in it names of their own")
        return replace(found, facts={**shadows, **found.facts}) if shadows else found

    def assign(self, stmt: core.Assign | core.AugAssign, target: core.Expr, value: core.Expr) -> list[core.Stmt]:
        """`target = value`: value's paths receive, target's adjoint is consumed, and what target held before is restored."""
        adjoints = self.adjoints
        if isinstance(target, (core.Subscript, core.Attribute)) or isinstance(stmt, core.AugAssign) and adjoints.is_shadowed(target.id):  # type: ignore[attr-defined]
            stored = reversed_store(self, stmt, target, value)
            uncertain = is_uncertain_item(stmt, self.plan.semantics, self.plan.facts[stmt])
            return [either(new, self.adjoints.path(target), target) for new in stored] if uncertain else stored
        g = self.take(target)
        own = frozenset(core.bound_names(target))
        if g == ABSENT or isinstance(stmt, core.Assign) and stmt.shadow is not None and stmt not in self.plan.memory.births:
            return self.restore(stmt)
        out: list[core.Stmt] = []
        env = self.env(stmt)
        def held_apart(name: core.Expr, bar: core.Expr) -> core.Expr:
            """A shadow under another name, where restoring what the statement overwrote puts an older one in its place."""
            if not isinstance(name, core.Name) or not isinstance(bar, core.Name) or not adjoints.is_shadowed(name.id):
                return bar
            if bar.id not in self.plan.overwritten.get(stmt, ()):
                return bar
            held = core.Name(self.plan.names.fresh("t_bar"))
            out.append(core.Assign(held, bar))
            self.extra[held.id] = self.bound_fact(stmt, name.id, value)
            return held

        if isinstance(target, core.Tuple) and isinstance(g, core.Tuple):
            g = core.Tuple(tuple(map(held_apart, target.elts, g.elts)))
        else:
            g = held_apart(target, g)
        if isinstance(stmt, core.Assign) and stmt.shadow is not None and stmt not in self.plan.memory.maybe:
            g = self.born(g, stmt.shadow.value)  # type: ignore[attr-defined]
        found = self.contribution(stmt, value, with_tape(g, target, value, self.plan.semantics))
        env = self.env(stmt)
        released = {adjoints.bar(name).id for name in own if name in adjoints.owned or self.ends(name, stmt)}
        for name in own:
            adjoints.facts.pop(name, None)
        adjoints.released = {bar for bar in released if sum(bar in core.reads(term.value) for term in found.terms) == 1}
        shadowed = any(adjoints.is_shadowed(name) for name in own)
        early, late = in_order(self, found, targets_of(stmt), target, env) if shadowed else self.phases_of(found, stmt)
        first, last = self.emit(early, env, own, target), self.emit(late, env, own, target)
        if stmt in self.plan.memory.maybe:
            last = self.unless_shared(g, found, last)
        adjoints.released = set()
        return [*out, *first, *self.restore(stmt), *last]

    def ends(self, name: str, stmt: core.Stmt) -> bool:
        """Whether a variable has a shadow that is memory of its own, and was made with what the statement made."""
        memory = self.plan.memory
        if not self.adjoints.is_shadowed(name) or stmt not in memory.births - memory.maybe or not isinstance(stmt, core.Assign):
            return False
        alone = stmt.target == core.Name(name) and memory.shadows[name] not in self.plan.overwritten.get(stmt, ())
        return alone and isinstance(self.bound_fact(stmt, name, stmt.value), Number)

    def unless_shared(self, g: core.Expr, found: Contribution, block: list[core.Stmt]) -> list[core.Stmt]:
        """What a value that may be a view hands on where it is none: the shadow of a view is part of the shadow that it would go to."""
        bases = sorted({root(term.target) or "" for term in found.terms} & set(self.plan.memory.shadows))
        put = [quote_expr("not mirrors(A, B)", A=g, B=self.adjoints.bar(base)) for base in bases]
        if not put or not block:
            return block
        return [core.If(put[0] if len(put) == 1 else core.BoolOp("and", tuple(put)), tuple(block))]

    def born(self, g: core.Expr, shadow: core.Expr) -> core.Expr:
        """The adjoint of a value that is new memory, without the parts that are memory of others."""
        names = frozenset(self.plan.memory.shadows.values())
        if isinstance(shadow, (core.List, core.Tuple)):
            return core.Tuple(tuple(self.born(core.Subscript(g, core.Const(i)), part) for i, part in enumerate(shadow.elts)))
        if isinstance(shadow, core.Dict):
            pairs = [(key, part) for key, part in zip(shadow.keys, shadow.values) if key is not None]
            return core.Dict(tuple(key for key, _ in pairs), tuple(self.born(core.Subscript(g, key), part) for key, part in pairs))
        if isinstance(shadow, core.Call) and shadow.func == core.Name("namespace"):
            return core.Tuple(tuple(self.born(core.Attribute(g, name), part) for name, part in shadow.keywords if name is not None))
        if isinstance(shadow, core.Call) and isinstance(shadow.func, core.Name) and shadow.func.id in HANDED_ON:
            holders = [core.Name(name) for name in sorted(core.reads(shadow) & names)]
            return call(HANDED_ON[shadow.func.id], g, holders[0] if len(holders) == 1 else core.Tuple(tuple(holders)))
        return ABSENT if isinstance(shadow, (core.Name, core.Subscript, core.Attribute)) and core.reads(shadow) & names else g

    def phases_of(self, found: Contribution, stmt: core.Assign | core.AugAssign) -> tuple[Contribution, Contribution]:
        split = phases(found, targets_of(stmt))
        assert split is not None
        return split

    def bound_fact(self, stmt: core.Stmt, name: str, value: core.Expr) -> Fact:
        """The fact of the adjoint of a variable that a statement binds."""
        assert isinstance(stmt, (core.Assign, core.AugAssign))
        parts = dict(bindings(stmt.target, self.plan.semantics.fact(value, self.plan.facts[stmt])))
        return adjoint_fact(parts.get(name))

    def append(self, stmt: core.Stmt, appending: core.Call) -> list[core.Stmt]:
        """`items.append(value)`: the last item of the adjoint goes to the value."""
        name = root(appending.func)
        assert name is not None and isinstance(appending.func, core.Attribute)
        if not self.adjoints.exists(name):
            return self.restore(stmt)
        env = self.env(stmt)
        out = [*self.adjoints.full(name, env), *(self.adjoints.own(name, env) if self.adjoints.is_lent(name) else ())]
        taken = popped(replace(appending, func=replace(appending.func, value=self.adjoints.path(appending.func.value))))
        shadow = stmt.shadow if isinstance(stmt, core.ExprStmt) else None
        if shadow is not None and stmt not in self.plan.memory.births:
            return [*out, taken, *self.restore(stmt)]
        value = appending.args[-1]
        g = core.Name(self.plan.names.fresh("t_bar"))
        env[g.id] = adjoint_fact(self.plan.semantics.fact(value, env))
        born = g if shadow is None else self.born(g, shadow.value.args[-1])  # type: ignore[attr-defined]
        found = adjoint_of(value, born, self.plan.semantics, env, self.plan.activity.varied[stmt], self.plan.names.fresh)
        return [*out, core.Assign(g, taken.value), *self.restore(stmt), *self.emit(found, env, frozenset(), None)]

    def put_in(self, item: core.Subscript) -> list[core.Stmt]:
        """`del items[i]`: the item is there again, with an adjoint of zero; its shadow is restored with it."""
        name = root(item)
        assert name is not None
        if name not in self.adjoints.facts:
            return []
        return [insertion(self.adjoints.path(item.value), item.index, call("zeros", item))]

    def take(self, target: core.Expr) -> core.Expr:
        """The adjoint of what an assignment binds: a name, or a display for several, ABSENT for what is inactive."""
        if isinstance(target, core.Name):
            return self.adjoints.bar(target.id) if self.adjoints.exists(target.id) else ABSENT
        if isinstance(target, core.Tuple):
            parts = tuple(self.take(elt) for elt in target.elts)
            return core.Tuple(parts) if any(part != ABSENT for part in parts) else ABSENT
        return ABSENT

    def emit(self, found: Contribution, env: Draft, own: frozenset[str], target: core.Expr | None) -> list[core.Stmt]:
        """The statements of a contribution; what goes to the variables just consumed comes last and side by side."""
        put = (lambda e: e) if target is None else (lambda e: with_result(e, target))
        out: list[core.Stmt] = []
        env.update(found.facts)
        for made, value in found.temporaries:
            out.append(self.adjoints.make(made, put(value), env))
        terms = [Term(term.target, put(term.value)) for term in found.terms]
        own = own - set(self.plan.memory.shadows)
        out += self.adjoints.add([term for term in terms if root(term.target) not in own], env)
        mine = [term for term in terms if root(term.target) in own]
        if any(not isinstance(term.target, core.Name) for term in mine):
            held, mine = self.apart(mine, env)
            out += held
        return out + self.adjoints.exchange(mine, env)

    def apart(self, terms: list[Term], env: Draft) -> tuple[list[core.Stmt], list[Term]]:
        """Terms whose values do not read the adjoints that they begin anew: those are held under other names."""
        bars = {self.adjoints.bar(root(term.target) or "").id for term in terms}
        read = sorted(bars & frozenset().union(*(core.reads(term.value) for term in terms)))
        put: dict[str, core.Expr] = {bar: core.Name(self.plan.names.fresh("t_bar")) for bar in read}
        env.update({held.id: env[bar] for bar, held in put.items() if bar in env})  # type: ignore[attr-defined]
        out: list[core.Stmt] = [self.adjoints.make(held, core.Name(bar), env) for bar, held in put.items()]
        return out, [Term(term.target, core.substitute(term.value, put)) for term in terms]

    # Control flow

    def context(self, stmt: core.With) -> list[core.Stmt]:
        """What governs arithmetic governs that of the body's reverse as well."""
        body = tuple(self.block(stmt.body))
        for name in core.bound_names(stmt.target) if stmt.target is not None else ():
            self.adjoints.facts.pop(name, None)
        return [core.With(stmt.context, None, body)] if body and governs(stmt, self.plan.semantics) else list(body)

    def branch(self, stmt: core.If) -> list[core.Stmt]:
        return self.undone(stmt, stmt.test, (stmt.body, stmt.orelse))

    def undone(self, stmt: core.If | core.Try, test: core.Expr, branches: tuple[core.Block, core.Block]) -> list[core.Stmt]:
        """Only the branch that ran is undone; an adjoint that one branch alone begins is zero in the other."""
        entry = self.adjoints
        ends: list[Adjoints] = []
        bodies: list[list[core.Stmt]] = []
        for branch in branches:
            self.adjoints = entry.copy()
            bodies.append(self.block(branch))
            ends.append(self.adjoints)
        wanted = self.plan.activity.before[stmt]
        env = self.plan.facts[stmt]
        out: list[core.Stmt] = []
        names = [name for end in ends for name in end.facts if name in wanted]
        for name in dict.fromkeys(names):
            for branch, body, end in zip(branches, bodies, ends):
                if name not in end.facts:
                    written = any(name in self.plan.layout.writes(inner) for inner in branch)
                    fresh = name not in entry.facts and not written and not assigns(body, self.adjoints.bar(name).id)
                    zero = end.zero(name, env)
                    self.measured |= {name} & core.reads(zero[0])
                    (out if fresh else body).extend(zero)
            have = [end.facts[name] for end in ends]
            if have[0] != have[1]:
                for body, end in zip(bodies, ends):
                    body.extend(end.full(name, env))
        joined = {name: join(ends[0].facts[name], ends[1].facts[name]) for name in dict.fromkeys(names)}
        self.adjoints = entry.with_facts(joined, ends[0].owned & ends[1].owned)
        first, second = tuple(bodies[0]), tuple(bodies[1])
        if first or second:
            out.append(core.If(test, first, second) if first else core.If(negated(test), second))
        return out

    def loop(self, stmt: core.For | core.While) -> list[core.Stmt]:
        """The iterations that ran are undone from the last to the first.

        An adjoint that lives from one iteration to the next exists before the loop and at both ends of its body.
        """
        plan, env = self.plan, self.plan.facts[stmt]
        walked = self.walked(stmt)
        self.walking.add(walked)
        carried = [*self.adjoints.facts, *sorted(self.carried(stmt) - set(self.adjoints.facts) - self.walking)]
        out: list[core.Stmt] = [*quote("BAR = []", BAR=self.adjoints.bar(walked))] if walked else []
        for name in carried:
            out += self.adjoints.full(name, env)
            if name in self.adjoints.owned:
                continue
            if any(isinstance(node, core.Subscript) and root(node) == name for node in core.walk(stmt.body)):
                out += self.adjoints.own(name, env)
        owned = {name for name in carried if name in self.adjoints.owned}
        body = self.block(stmt.body)
        if walked:
            assert isinstance(stmt, core.For)
            body += self.gathered(stmt, walked, set(carried))
        for name in carried:
            full = self.adjoints.full(name, env)
            if not any(binds(inner, name) for inner in stmt.body):
                self.measured |= {name} & NONE.union(*map(core.reads, full))
            body += full
            if name in owned:
                body += self.adjoints.own(name, env)
        self.adjoints.owned &= owned
        self.adjoints.facts = {name: fact for name, fact in self.adjoints.facts.items() if name in carried}
        drive = plan.drives.get(stmt)
        block = tuple(body)
        if drive is None:
            assert isinstance(stmt, core.For)
            out.append(core.For(stmt.target, backwards(stmt.iter, plan.semantics.fact(stmt.iter, env)), block))
        elif drive.stack:
            out.append(core.While(core.Name(drive.stack), block))
        else:
            count: core.Expr = core.Name(drive.count)
            if drive.counts:
                count = core.Call(core.Attribute(core.Name(drive.counts), "pop"))
            out.append(core.For(core.Name("_"), core.Call(core.Name("range"), (count,)), block))
        self.walking.discard(walked)
        if walked:
            out += quote("BAR.reverse()", BAR=self.adjoints.bar(walked))
            self.adjoints.facts[walked] = adjoint_fact(env[walked])
            self.adjoints.owned.add(walked)
        wanted = plan.activity.before[stmt]
        self.adjoints.facts = {name: fact for name, fact in self.adjoints.facts.items() if name in wanted}
        return out

    def walked(self, stmt: core.For | core.While) -> str:
        """The list whose items a loop visits one by one, if the list of their adjoints is made by its reverse."""
        if stmt not in self.plan.walks or not isinstance(stmt, core.For) or not isinstance(stmt.iter, core.Name):
            return ""
        return stmt.iter.id if stmt.iter.id in self.plan.activity.before[stmt] else ""

    def gathered(self, stmt: core.For, items: str, others: set[str]) -> list[core.Stmt]:
        """`items_bar.append((W_bar, b_bar))` at the end of the reverse of a round."""
        adjoints, env = self.adjoints, self.plan.facts[stmt.body[0]]
        names = list(core.bound_names(stmt.target))
        out: list[core.Stmt] = []
        straight = not any(isinstance(inner, COMPOUND) for inner in stmt.body)
        for name in names:
            out += adjoints.full(name, env)
            if name not in adjoints.owned and not (straight and adjoints.is_alone(name, others.union(names) - {name})):
                out += adjoints.own(name, env)

        def bars(target: core.Expr, fact: Fact) -> core.Expr:
            if not isinstance(target, core.Tuple):
                assert isinstance(target, core.Name)
                return adjoints.bar(target.id)
            assert isinstance(fact, Sequence) and fact.items is not None
            parts = tuple(map(bars, target.elts, fact.items))
            return core.Tuple(parts) if fact.kind == "tuple" else core.List(parts)

        known = self.plan.semantics.fact(stmt.iter, env)
        assert isinstance(known, Sequence)
        return [*out, *quote("BAR.append(ITEM)", BAR=adjoints.bar(items), ITEM=bars(stmt.target, known.each))]

    def carried(self, stmt: core.For | core.While) -> frozenset[str]:
        """The names whose adjoints pass from one iteration to another, or out of the loop by a `break`."""
        after = self.plan.activity.after
        return self.plan.activity.before[stmt].union(*(after[jump] for jump in self.plan.layout.breaks(stmt)))


def backwards(iterable: core.Expr, fact: Fact) -> core.Expr:
    """What runs over the items from the last to the first: `reversed(range(n))`, `reversed(list(zip(a, b)))`."""
    if isinstance(iterable, core.Call) and iterable.func == core.Name("reversed") and isinstance(fact, (RangeFact, Sequence)):
        return iterable.args[0]
    if not (isinstance(fact, (RangeFact, Number)) or isinstance(fact, Sequence) and fact.kind in ("list", "tuple")):
        iterable = core.Call(core.Name("list"), (iterable,))
    return core.Call(core.Name("reversed"), (iterable,))


def insertion(items: core.Expr, index: core.Expr, value: core.Expr) -> core.ExprStmt:
    """What undoes `del items[index]`."""
    if index in (core.Const(-1), core.UnaryOp("-", core.Const(1))):
        return core.ExprStmt(core.Call(core.Attribute(items, "append"), (value,)))
    return core.ExprStmt(call("put_in", items, index, value))


def popped(appending: core.Call) -> core.ExprStmt:
    """`items.pop()`, which undoes `items.append(value)`; `items.pop(i)` where it was put in at `i`."""
    assert isinstance(appending.func, core.Attribute)
    return core.ExprStmt(core.Call(replace(appending.func, attr="pop"), appending.args[:-1]))


def negated(test: core.Expr) -> core.Expr:
    if isinstance(test, core.UnaryOp) and test.op == "not":
        return test.operand
    return core.UnaryOp("not", test)


def assigns(body: list[core.Stmt], name: str) -> bool:
    """Whether a block of the reverse sweep binds a name."""
    return any(name in core.bound_names(node.target) for node in core.walk(tuple(body)) if isinstance(node, (core.Assign, core.AugAssign)))
