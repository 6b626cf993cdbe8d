"""The adjoints that exist at a point of the reverse sweep, and the statements that begin them and add to them."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from s2sad import core
from s2sad.analysis.alias import shared_names
from s2sad.analysis.plan import Plan
from s2sad.core import root
from s2sad.facts import UNKNOWN, Fact, Number, Sequence, Unknown
from s2sad.facts.layers import Draft
from s2sad.infer.objects import as_value
from s2sad.meaning.adjoint import Term
from s2sad.meaning.forms import adjoint_fact, call, expand, is_smaller
from s2sad.meaning.semantics import Env
from s2sad.quote import quote, quote_expr
from s2sad.sweeps.forward import copied
from s2sad.tidy.simplify import simplify


@dataclass
class Adjoints:
    """`facts` holds the variables that have an adjoint here, and the fact of each adjoint; one that is missing is zero.

    `given` are the facts of the names that hold the adjoints of the results.  `owned` are the variables whose adjoint shares memory
    with nothing else, so that its parts may be changed in place; `released` are adjoints that end where one other may take over their
    memory; `views` tells what temporaries share memory with.  A variable with a shadow always has an adjoint: the shadow.
    """

    plan: Plan
    facts: dict[str, Fact] = field(default_factory=dict)
    given: dict[str, Fact] = field(default_factory=dict)
    owned: set[str] = field(default_factory=set)
    released: set[str] = field(default_factory=set)
    views: dict[str, frozenset[str]] = field(default_factory=dict)
    sources: dict[str, frozenset[str]] = field(default_factory=dict)

    def with_facts(self, facts: dict[str, Fact], owned: set[str] | None = None) -> Adjoints:
        return Adjoints(self.plan, facts, self.given, set(self.owned if owned is None else owned), set(), self.views, self.sources)

    def exists(self, name: str) -> bool:
        """Whether the variable has an adjoint here."""
        return name in self.facts or self.is_shadowed(name)

    def is_shadowed(self, name: str) -> bool:
        return name in self.plan.memory.shadows

    def copy(self) -> Adjoints:
        return self.with_facts(dict(self.facts))

    def bar(self, name: str) -> core.Name:
        return core.Name(self.plan.names.bar(name))

    def env(self, env: Env) -> Draft:
        """The facts of the primal's variables, with those of the adjoints under their own names."""
        return Draft(env, {**self.given, **{self.plan.names.bar(name): fact for name, fact in self.facts.items()}})

    def path(self, target: core.Expr) -> core.Expr:
        """The adjoint of a path: `x[i].w` has `x_bar[i].w`."""
        if isinstance(target, core.Name):
            return self.bar(target.id)
        assert isinstance(target, (core.Subscript, core.Attribute))
        return replace(target, value=self.path(target.value))

    def zero(self, name: str, env: Env) -> core.Block:
        """Begins the adjoint of a variable with zero."""
        fact = env.get(name)
        self.facts[name] = carried_fact(fact)
        self.owned.add(name)
        return quote("BAR = ZERO", BAR=self.bar(name), ZERO=zero_like(core.Name(name), fact))

    def set(self, name: str, value: core.Expr, env: Env) -> core.Block:
        """`name_bar = value`; a copy, where `value` shares memory with an adjoint that lives on."""
        if value == self.bar(name):
            self.facts[name] = self.plan.semantics.fact(value, env)
            if self.holders(name):
                self.owned.discard(name)    # it was handed on meanwhile: `u += old` begins the adjoint of `old` with it
            return ()
        shares = self.shared(value, env) - self.released
        self.released -= core.reads(value)
        if shares == {self.bar(name).id} and name in self.owned:
            shares = frozenset()
        self.facts[name] = self.plan.semantics.fact(value, env)
        if shares and shares & (self.lasting(name) | self.plan.changing):
            value = copied(value, self.facts[name])
            shares = frozenset()
        (self.owned.discard if shares else self.owned.add)(name)
        self.sources[name] = shares
        return (core.Assign(self.bar(name), value),)

    def lasting(self, name: str) -> frozenset[str]:
        """The adjoints that live on when that of `name` is set."""
        return frozenset(self.bar(other).id for other in (*self.facts, *self.plan.memory.shadows) if other != name)

    def shared(self, value: core.Expr, env: Env) -> frozenset[str]:
        """The variables and adjoints whose memory a value may share, by way of temporaries too."""
        names = shared_names(value, env, self.plan.semantics)
        return names.union(*(self.views.get(name, frozenset()) for name in names))

    def make(self, name: core.Expr, value: core.Expr, env: Env) -> core.Stmt:
        """A temporary, and what it shares memory with."""
        shares = self.shared(value, env)
        self.views.update(dict.fromkeys(core.bound_names(name), shares))
        return core.Assign(name, value)

    def own(self, name: str, env: Env) -> core.Block:
        """Makes sure that the adjoint shares memory with nothing, before a part of it is changed."""
        if self.is_shadowed(name):
            return ()
        want, have = env.get(name, UNKNOWN), self.facts.get(name, UNKNOWN)
        if isinstance(want, Number) and want.shape == () and want.box == "array" and not (isinstance(have, Number) and have.box == "array"):
            self.owned.add(name)
            self.facts[name] = replace(adjoint_fact(want), dtype=None)  # type: ignore[call-arg]
            return (core.Assign(self.bar(name), core.Call(quote_expr("np.array"), (self.bar(name),))),)
        if name in self.owned:
            return ()
        self.owned.add(name)
        holders = self.holders(name)
        if len(holders) == 1 and self.sources[holders[0]] == {self.bar(name).id} and not self.sources.get(name):
            self.owned.add(holders[0])
        mine = copied(self.bar(name), have)
        return () if mine == self.bar(name) else (core.Assign(self.bar(name), mine),)

    def holders(self, name: str) -> list[str]:
        """The variables whose adjoints share the memory of that of `name`, without owning it."""
        bar = self.bar(name).id
        return [other for other in self.facts if other != name and other not in self.owned and bar in self.sources.get(other, frozenset())]

    def is_lent(self, name: str) -> bool:
        """Whether the adjoint of a variable may be what others hold too: that of a result, another one, or a temporary."""
        others = {self.bar(other).id for other in self.facts if other != name}
        return bool(self.sources.get(name, frozenset()) & (others | self.given.keys() | self.views.keys()))

    def is_alone(self, name: str, others: Iterable[str]) -> bool:
        """Whether the adjoint of a variable shares memory with temporaries alone, which those of the `others` do not share."""
        mine = self.sources.get(name, frozenset())
        theirs = frozenset().union(*(self.sources.get(other, frozenset()) | {self.bar(other).id} for other in others))
        temporary = all(source in self.views for source in mine)
        return temporary and not mine & theirs and self.bar(name).id not in theirs

    def full(self, name: str, env: Env) -> core.Block:
        """Makes sure that the adjoint exists in the full shape of its variable, so that its parts can be added to."""
        if self.is_shadowed(name):
            return ()
        if name not in self.facts:
            return self.zero(name, env)
        have, want = self.facts[name], env.get(name)
        if not isinstance(have, Number) or have.shape is None:
            self.facts[name] = carried_fact(want)
        if (isinstance(have, Number) and isinstance(want, Number) and have.shape is not None and want.shape is not None
                and have.shape != want.shape):
            self.facts[name] = replace(have, shape=want.shape, box="array")
            if is_smaller(have, want):
                self.owned.add(name)
                return (core.Assign(self.bar(name), expand(self.bar(name), have, core.Name(name))),)
        return ()

    def add(self, terms: Iterable[Term], env: Env) -> list[core.Stmt]:
        """`target_bar += value` for each term, those of one variable in one statement."""
        out: list[core.Stmt] = []
        for name, values in by_name(terms).items():
            total = self.total(values, env, name)
            if self.is_shadowed(name):
                out += self.add_to_shadow(name, total, env)
                continue
            if name in self.facts:
                total = self.sum(self.bar(name), total, name, env)
            out += self.set(name, total, env)
            out += self.full(name, env)
        parts = [term for term in terms if not isinstance(term.target, core.Name)]
        for name in dict.fromkeys(root(term.target) or "" for term in parts):
            if (display := self.item_by_item(name, [term for term in parts if root(term.target) == name], env)) is not None:
                out += self.set(name, display, env)
                parts = [term for term in parts if root(term.target) != name]
        for target, values in by_part(parts).items():
            of_numbers = isinstance(self.plan.semantics.fact(target, env), Number)
            for value in [self.total(values, env)] if of_numbers else values:
                out += self.add_part(Term(target, value), env)
        return out

    def item_by_item(self, name: str, terms: list[Term], env: Env) -> core.Expr | None:
        """The adjoint that begins with these terms as a list, `[a_bar, b_bar]`, where every item that has an adjoint gets one of them."""
        fact = env.get(name)
        if self.exists(name) or not isinstance(fact, Sequence) or fact.items is None or fact.cls is not None:
            return None
        whole = core.Name(name)
        found = {term.target.index.value: term.value for term in terms if isinstance(term.target, core.Subscript)
                 and term.target.value == whole and isinstance(term.target.index, core.Const) and isinstance(term.target.index.value, int)}
        missing = any(i not in found and not item.discrete for i, item in enumerate(fact.items))
        if missing or len(found) < len(terms) or not all(0 <= i < len(fact.items) for i in found):
            return None
        for i, value in found.items():
            have, want = self.plan.semantics.fact(value, env), fact.items[i]
            if isinstance(want, Number) and not (isinstance(have, Number) and want.shape is not None and have.shape == want.shape
                                                 and have.kind == want.kind == "f"):
                return None
        return core.List(tuple(found[i] if i in found else zero_like(core.Subscript(whole, core.Const(i)), item)
                               for i, item in enumerate(fact.items)))

    def add_to_shadow(self, name: str, total: core.Expr, env: Env) -> core.Block:
        """`name_bar += total` in place, seen under every name that the memory has."""
        bar = self.bar(name)
        fact = env.get(name)
        if isinstance(fact, Number) and fact.box == "array":
            if isinstance(total, core.UnaryOp) and total.op == "-":
                return (core.AugAssign(bar, "-", total.operand),)
            return (core.AugAssign(bar, "+", total),)
        return (core.Assign(bar, call("accumulated", bar, total)),)

    def exchange(self, terms: list[Term], env: Env) -> list[core.Stmt]:
        """New adjoints for the variables just consumed, all computed before any is set, as in `a_bar, b_bar = b_bar, a_bar`."""
        held: list[core.Stmt] = []
        consumed = {self.bar(root(term.target) or "").id for term in terms}
        for i, term in enumerate(terms):
            if not isinstance(term.target, core.Name) and core.reads(term.value) & consumed:
                kept = core.Name(self.plan.names.fresh("t_bar"))
                env = Draft(env, {kept.id: self.plan.semantics.fact(term.value, env)})
                held.append(core.Assign(kept, term.value))
                terms[i] = Term(term.target, kept)
        totals = {name: self.total(values, env, name) for name, values in by_name(terms).items()}
        bars = {self.bar(name).id for name in totals}
        out: list[core.Stmt] = []
        if any((core.reads(value) & bars) - {self.bar(name).id} for name, value in totals.items()):
            out.append(core.Assign(core.Tuple(tuple(self.bar(name) for name in totals)), core.Tuple(tuple(totals.values()))))
            self.hand_round(totals, env)
        else:
            for name, value in totals.items():
                out += self.set(name, value, env)
        for name in totals:
            out += self.full(name, env)
        return held + out + self.add([term for term in terms if not isinstance(term.target, core.Name)], env)

    def hand_round(self, totals: dict[str, core.Expr], env: Env) -> None:
        """Notes what adjoints share and own after all of `totals` are assigned at once."""
        owned, sources = set(self.owned), dict(self.sources)
        of_bar = {self.bar(other).id: other for other in (*self.facts, *totals, *sources)}
        for name, value in totals.items():
            shares = self.shared(value, env)
            giver = of_bar.get(value.id) if isinstance(value, core.Name) else None
            alone = sum(value == other for other in totals.values()) == 1
            is_owned = not shares or giver in owned and giver in totals and alone
            (self.owned.add if is_owned else self.owned.discard)(name)
            behind = (sources.get(of_bar.get(share, ""), frozenset()) for share in shares)
            self.sources[name] = frozenset() if is_owned else shares.union(*behind)
        self.facts.update({name: self.plan.semantics.fact(value, env) for name, value in totals.items()})

    def total(self, values: list[core.Expr], env: Env, name: str = "") -> core.Expr:
        total = values[0]
        for value in values[1:]:
            total = self.sum(total, value, name, env)
        return total

    def sum(self, left: core.Expr, right: core.Expr, name: str, env: Env) -> core.Expr:
        """The sum of two adjoints of a variable, item by item where it is a container."""
        if name and not isinstance(env.get(name), Number):
            return call("add", left, right)
        return simplify(core.BinOp("+", left, right), lambda e: self.plan.semantics.fact(e, env))

    def add_part(self, term: Term, env: Env) -> list[core.Stmt]:
        name = root(term.target)
        assert name is not None and isinstance(term.target, (core.Subscript, core.Attribute))
        out = [*self.full(name, env), *self.own(name, env)]
        part = self.path(term.target)
        holder = self.plan.semantics.fact(term.target.value, env)
        open_shape = isinstance(holder, Unknown) or isinstance(holder, Number) and holder.shape is None
        if isinstance(part, core.Subscript) and open_shape and takes_all(part.index):
            out += quote("BAR = part_added(BAR, INDEX, VALUE)", BAR=part.value, INDEX=as_value(part.index), VALUE=term.value)
        elif isinstance(part, core.Subscript) and self.repeats(term.target, env) and isinstance(holder, Unknown):
            out += quote("add_at(BAR, INDEX, VALUE)", BAR=part.value, INDEX=as_value(part.index), VALUE=term.value)
        elif isinstance(part, core.Subscript) and self.repeats(term.target, env):
            bar, index = part.value, as_value(part.index)
            if isinstance(bar, core.Attribute) and bar.attr == "flat":
                bar = bar.value
                index = quote_expr("np.unravel_index(np.arange(BAR.size)[INDEX], BAR.shape)", BAR=bar, INDEX=part.index)
            out += quote("np.add.at(BAR, INDEX, VALUE)", BAR=bar, INDEX=index, VALUE=term.value)
        elif not isinstance(self.plan.semantics.fact(term.target, env), Number):
            function = "accumulated" if self.is_shadowed(name) else "add"
            out.append(core.Assign(part, call(function, part, term.value)))
        else:
            negative = isinstance(term.value, core.UnaryOp) and term.value.op == "-"
            value = term.value.operand if isinstance(term.value, core.UnaryOp) and negative else term.value
            out.append(core.AugAssign(part, "-" if negative else "+", value))
        return out

    def repeats(self, target: core.Expr, env: Env) -> bool:
        """Whether an index may name one element twice, so that `+=` would lose contributions."""
        assert isinstance(target, core.Subscript)
        if not isinstance(self.plan.semantics.fact(target.value, env), (Number, Unknown)):
            return False
        indices = target.index.elts if isinstance(target.index, core.Tuple) else (target.index,)
        return any(may_repeat(self.plan.semantics.fact(index, env)) for index in indices if not isinstance(index, core.Slice))


def by_name(terms: Iterable[Term]) -> dict[str, list[core.Expr]]:
    """The values that go to each variable as a whole."""
    whole: dict[str, list[core.Expr]] = {}
    for term in terms:
        if isinstance(term.target, core.Name):
            whole.setdefault(term.target.id, []).append(term.value)
    return whole


def by_part(terms: Iterable[Term]) -> dict[core.Expr, list[core.Expr]]:
    """The values that go to each part of a variable."""
    parts: dict[core.Expr, list[core.Expr]] = {}
    for term in terms:
        if not isinstance(term.target, core.Name):
            parts.setdefault(term.target, []).append(term.value)
    return parts


def minus(e: core.Expr) -> core.Expr:
    return simplify(core.UnaryOp("-", e))


def takes_all(index: core.Expr) -> bool:
    """Whether this index, `()`, `...` or `None`, may also stand on a number, which has no parts that could be added to."""
    if isinstance(index, core.Tuple):
        return all(map(takes_all, index.elts))
    return isinstance(index, core.Const) and (index.value is None or index.value is Ellipsis)


def may_repeat(index: Fact) -> bool:
    if isinstance(index, Number):
        return not (index.kind == "b" or index.shape == ())
    if isinstance(index, Sequence) and index.items is not None:
        values = [getattr(item, "value", None) for item in index.items]
        return any(v is None or v < 0 for v in values) or len(set(values)) < len(values)
    return isinstance(index, (Sequence, Unknown))


def carried_fact(fact: Fact | None) -> Fact:
    """What holds of an adjoint whatever has been added to it."""
    whole = adjoint_fact(fact)
    if not isinstance(whole, Number):
        return whole
    return replace(whole, dtype=None, box="array" if whole.shape and whole.box == "array" else "any", bare=False)


def zero_like(variable: core.Expr, fact: Fact | None) -> core.Expr:
    """The zero adjoint of a variable, in plain NumPy where the fact allows it."""
    if isinstance(fact, Number) and fact.kind in "fc" and fact.box == "array":
        return core.Call(quote_expr("np.zeros_like"), (variable,))
    if isinstance(fact, Number) and fact.shape == () and (fact.box in ("python", "scalar") and fact.kind != "c" or
                                                         fact.box == "any" and fact.kind == "f"):
        return core.Const(0.0)
    return call("zeros", variable)
