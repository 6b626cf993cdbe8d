"""The reverse sweep of reverse mode: the statements of the primal from the last to the first, each replaced by what undoes it.

Undoing a statement restores what it overwrote and hands the adjoint of what it made to what it read (Griewank & Walther, *Evaluating
Derivatives*, chapters 3, 4 and 6).  A variable has an adjoint exactly where it is active: its last use begins it, earlier ones add to
it, and the statement that made the variable consumes it.
"""
from __future__ import annotations

from dataclasses import dataclass

from s2sad import core
from s2sad.accumulate import Adjoints, minus
from s2sad.adjoint import ABSENT, RESULT, Contribution, Term, adjoint_fact, adjoint_of
from s2sad.core import root
from s2sad.facts import Fact, Number, RangeFact, Sequence, join
from s2sad.contexts import governs
from s2sad.forward import overwritten_path
from s2sad.infer.expressions import bindings
from s2sad.layout import appended, atomic_writes, handled
from s2sad.plan import Plan
from s2sad.prepare import phases, targets_of, with_tape
from s2sad.quote import quote


@dataclass
class ReverseSweep:
    """Writes the reverse sweep of a plan; `adjoints` are those that exist where the writing stands, `seed` is the adjoint of the result."""

    plan: Plan
    adjoints: Adjoints
    seed: core.Expr

    def block(self, block: core.Block) -> list[core.Stmt]:
        return [new for stmt in reversed(block) for new in self.statement(stmt)]

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
        if (call := appended(stmt)) is not None:
            return out + self.append(stmt, call) + self.restore(stmt)
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
            if appended(stmt) is not None:
                out += quote("ITEMS.pop()", ITEMS=name)
                continue
            path = overwritten_path(stmt, name)
            if stmt in self.plan.looped:
                out += quote("PATH = STACK.pop()", PATH=path, STACK=self.plan.stack(stmt, name))
            else:
                out += quote("PATH = OLD", PATH=path, OLD=self.plan.olds[stmt, name])
        return out

    # Assignments

    def env(self, stmt: core.Stmt) -> dict[str, Fact]:
        return self.adjoints.env(self.plan.facts[stmt])

    def contribution(self, stmt: core.Stmt, value: core.Expr, g: core.Expr) -> Contribution:
        plan, env = self.plan, self.env(stmt)
        if isinstance(stmt, (core.Assign, core.AugAssign)):
            # The adjoint of a variable has the very shape of the value that the variable has here.
            parts = bindings(stmt.target, plan.semantics.fact(value, env))
            env.update({self.adjoints.bar(name).id: adjoint_fact(fact) for name, fact in parts if name in self.adjoints.facts})
        found = adjoint_of(value, g, plan.semantics, env, plan.activity.varied[stmt], plan.names.fresh,
                           not isinstance(stmt, core.Return))
        assert not found.wanted, (found.wanted, value)
        return found

    def assign(self, stmt: core.Assign | core.AugAssign, target: core.Expr, value: core.Expr) -> list[core.Stmt]:
        """`target = value`: value's paths receive, target's adjoint is consumed, and what target held before is restored."""
        if isinstance(target, (core.Subscript, core.Attribute)):
            return self.store(stmt, target, value)
        g = self.take(target)
        own = frozenset(core.bound_names(target))
        if g == ABSENT:
            return self.restore(stmt)
        found = self.contribution(stmt, value, with_tape(g, target, value, self.plan.semantics))
        env = self.env(stmt)
        for name in own:
            self.adjoints.facts.pop(name, None)
        split = phases(found, targets_of(stmt))
        assert split is not None
        early, late = split
        return self.emit(early, env, own, target) + self.restore(stmt) + self.emit(late, env, own, target)

    def append(self, stmt: core.Stmt, call: core.Call) -> list[core.Stmt]:
        """`items.append(value)`: the last item of the adjoint goes to the value."""
        name = root(call.func)
        assert name is not None
        if name not in self.adjoints.facts:
            return []
        env = self.env(stmt)
        g = core.Name(self.plan.names.fresh("t_bar"))
        env[g.id] = adjoint_fact(self.plan.semantics.fact(call.args[0], env))
        found = adjoint_of(call.args[0], g, self.plan.semantics, env, self.plan.activity.varied[stmt], self.plan.names.fresh)
        return [*quote("G = BAR.pop()", G=g, BAR=self.adjoints.bar(name)), *self.emit(found, env, frozenset(), None)]

    def take(self, target: core.Expr) -> core.Expr:
        """The adjoint of what an assignment binds: a name, or a display for several, ABSENT for what is inactive."""
        if isinstance(target, core.Name):
            return self.adjoints.bar(target.id) if target.id in self.adjoints.facts else ABSENT
        if isinstance(target, core.Tuple):
            parts = tuple(self.take(elt) for elt in target.elts)
            return core.Tuple(parts) if any(part != ABSENT for part in parts) else ABSENT
        return ABSENT

    def emit(self, found: Contribution, env: dict[str, Fact], own: frozenset[str], target: core.Expr | None) -> list[core.Stmt]:
        """The statements of a contribution; what goes to the variables just consumed comes last and side by side."""
        put = {} if target is None else {RESULT.id: target}
        out: list[core.Stmt] = []
        env.update(found.facts)
        for made, value in found.temporaries:
            out.append(core.Assign(made, core.substitute(value, put)))
        terms = [Term(term.target, core.substitute(term.value, put)) for term in found.terms]
        out += self.adjoints.add([term for term in terms if root(term.target) not in own], env)
        return out + self.adjoints.exchange([term for term in terms if root(term.target) in own], env)

    def store(self, stmt: core.Assign | core.AugAssign, target: core.Subscript | core.Attribute, value: core.Expr) -> list[core.Stmt]:
        """`u[i] = value`: the adjoint of the part goes to what the value reads, and is cleared."""
        name = root(target)
        assert name is not None
        if name not in self.adjoints.facts:
            return self.restore(stmt)
        out = list(self.adjoints.full(name, self.env(stmt)))
        part = self.adjoints.path(target)
        added = isinstance(stmt, core.AugAssign) and stmt.op in "+-"
        g: core.Expr = part if not added or stmt.op == "+" else minus(part)  # type: ignore[union-attr]
        source = stmt.value if added else value
        found = self.contribution(stmt, source, g)
        inside = [term for term in found.terms if root(term.target) == name and term.target != target]
        if inside and (len(inside) > 1 or not added) and any(self.reads_bar(e, name) for e in (*(t.value for t in inside), *(e for _, e in found.temporaries))):
            saved = self.plan.names.fresh("t_bar")
            out += self.copied(saved, part, target, stmt)
            found = self.contribution_with(stmt, source, core.Name(saved) if not added or g is part else minus(core.Name(saved)), saved)
        split = phases(found, frozenset((name,)))
        assert split is not None
        env = self.env(stmt)
        before: list[core.Stmt] = []
        after: list[core.Stmt] = []
        for phase, into in zip(split, (before, after)):
            put = {RESULT.id: target}
            env.update(phase.facts)
            for made, e in phase.temporaries:
                into.append(core.Assign(made, core.substitute(e, put)))
            terms = [Term(t.target, core.substitute(t.value, put)) for t in phase.terms]
            into += self.adjoints.add([t for t in terms if root(t.target) != name], env)
            if phase is split[1]:
                mine = [t for t in terms if root(t.target) == name]
                into += self.clear(part, [t.value for t in mine if t.target == target], added, env, target)
                into += self.adjoints.add([t for t in mine if t.target != target], env)
            else:
                assert not any(root(t.target) == name for t in terms)
        return out + before + self.restore(stmt) + after

    def clear(self, part: core.Expr, again: list[core.Expr], added: bool, env: dict[str, Fact], target: core.Expr) -> list[core.Stmt]:
        """The adjoint of the part after its statement is undone: what the old value contributed, or zero."""
        if again:
            total = self.adjoints.total(([part] if added else []) + again, env)
            return [core.Assign(part, total)]
        if added:
            return []
        number = isinstance(self.plan.semantics.fact(target, env), Number)
        return list(quote("PART = 0.0", PART=part) if number else quote("PART = zeros(TARGET)", PART=part, TARGET=target))

    def copied(self, name: str, part: core.Expr, target: core.Expr, stmt: core.Stmt) -> list[core.Stmt]:
        fact = self.plan.semantics.fact(target, self.env(stmt))
        scalar = isinstance(fact, Number) and fact.shape == () and fact.box in ("python", "scalar")
        return list(quote("NAME = PART" if scalar else "NAME = PART.copy()", NAME=name, PART=part))

    def contribution_with(self, stmt: core.Stmt, value: core.Expr, g: core.Expr, name: str) -> Contribution:
        plan, env = self.plan, self.env(stmt)
        target = stmt.target  # type: ignore[attr-defined]
        env[name] = plan.semantics.fact(self.adjoints.path(target), env)
        return adjoint_of(value, g, plan.semantics, env, plan.activity.varied[stmt], plan.names.fresh, True)

    def reads_bar(self, e: core.Expr, name: str) -> bool:
        return self.adjoints.bar(name).id in core.reads(e)

    # Control flow

    def context(self, stmt: core.With) -> list[core.Stmt]:
        """What governs arithmetic governs that of the body's reverse as well."""
        body = tuple(self.block(stmt.body))
        return [core.With(stmt.context, None, body)] if body and governs(stmt, self.plan.semantics) else list(body)

    def branch(self, stmt: core.If) -> list[core.Stmt]:
        return self.undone(stmt, stmt.test, (stmt.body, stmt.orelse))

    def undone(self, stmt: core.If | core.Try, test: core.Expr, branches: tuple[core.Block, core.Block]) -> list[core.Stmt]:
        """Only the branch that ran is undone; an adjoint that one branch alone begins is zero in the other."""
        entry = self.adjoints
        ends: list[Adjoints] = []
        bodies: list[list[core.Stmt]] = []
        for body in branches:
            self.adjoints = entry.copy()
            bodies.append(self.block(body))
            ends.append(self.adjoints)
        wanted = self.plan.activity.before[stmt]
        env = self.plan.facts[stmt]
        out: list[core.Stmt] = []
        names = [name for end in ends for name in end.facts if name in wanted]
        for name in dict.fromkeys(names):
            for body, end in zip(bodies, ends):
                if name not in end.facts:
                    fresh = name not in entry.facts and not assigns(body, self.adjoints.bar(name).id)
                    (out if fresh else body).extend(end.zero(name, env))
            have = [end.facts[name] for end in ends]
            if have[0] != have[1]:
                for body, end in zip(bodies, ends):
                    body.extend(end.full(name, env))
        self.adjoints = entry.with_facts({name: join(ends[0].facts[name], ends[1].facts[name]) for name in dict.fromkeys(names)})
        first, second = tuple(bodies[0]), tuple(bodies[1])
        if first or second:
            out.append(core.If(test, first, second) if first else core.If(negated(test), second))
        return out

    def loop(self, stmt: core.For | core.While) -> list[core.Stmt]:
        """The iterations that ran are undone from the last to the first.

        An adjoint that lives from one iteration to the next exists before the loop and at both ends of its body.
        """
        plan, env = self.plan, self.plan.facts[stmt]
        carried = [*self.adjoints.facts, *sorted(self.carried(stmt) - set(self.adjoints.facts))]
        out: list[core.Stmt] = []
        for name in carried:
            out += self.adjoints.full(name, env)
        body = self.block(stmt.body)
        for name in carried:
            body += self.adjoints.full(name, env)
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
        wanted = plan.activity.before[stmt]
        self.adjoints.facts = {name: fact for name, fact in self.adjoints.facts.items() if name in wanted}
        return out

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


def negated(test: core.Expr) -> core.Expr:
    if isinstance(test, core.UnaryOp) and test.op == "not":
        return test.operand
    return core.UnaryOp("not", test)


def assigns(body: list[core.Stmt], name: str) -> bool:
    """Whether a block of the reverse sweep binds a name."""
    return any(name in core.bound_names(node.target) for node in core.walk(tuple(body)) if isinstance(node, (core.Assign, core.AugAssign)))
