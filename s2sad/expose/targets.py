"""Assignments to several targets, one by one where the parts have to be seen."""
from __future__ import annotations

from dataclasses import replace

from s2sad import core
from s2sad.expose.state import Exposing
from s2sad.facts import UNKNOWN, Fact
from s2sad.facts import Sequence as SequenceFact
from s2sad.flow.layout import pairwise
from s2sad.meaning.forms import is_zero_there, takes_copy


class Targets(Exposing):
    """The targets of the assignments of one pass."""

    def taken_apart(self, stmt: core.Assign) -> list[core.Stmt] | None:
        """`x[i], x[j] = x[j], x[i]` and unpacking of values without a name, by way of names."""
        target, value, at = stmt.target, stmt.value, stmt.at
        if not isinstance(target, core.Tuple):
            return None
        if (columns := self.columns(target, value, at)) is not None:
            return columns
        if pairwise(target, value):
            assert isinstance(value, (core.Tuple, core.List))
            kept = not self.is_shared(target) or all(isinstance(elt, core.Name) for elt in value.elts)
            if all(isinstance(elt, core.Name) for elt in target.elts) and kept:
                return None
            temporaries = [core.Name(self.names.fresh("t")) for _ in value.elts]
            evaluated = (core.Assign(t, e, at=at) for t, e in zip(temporaries, value.elts))
            return [*evaluated, *(core.Assign(e, t, at=at) for e, t in zip(target.elts, temporaries))]
        plain = all(map(is_plain, target.elts)) and not self.is_shared(target)
        env = self.analysis.facts[stmt]
        copied = isinstance(value, core.Subscript) and takes_copy(value, lambda e: self.semantics.fact(e, env))
        if isinstance(value, (core.Name, core.Subscript, core.Attribute)) and not copied:
            if plain:
                return None
            return self.item_by_item(target, value, stmt)
        if (isinstance(value, core.Call) and plain and not self.leaves_out(stmt) and self.semantics.application(value, env) is None
                and self.local_function(value, stmt) is None and self.derived(value, stmt) is None):
            return None
        name = core.Name(self.names.fresh("t"))
        return [core.Assign(name, value, at=at), replace(stmt, value=name)]

    def leaves_out(self, stmt: core.Assign) -> bool:
        """Whether a call returns structures of which some parts have adjoints, and others, that are no numbers, have none."""
        active = self.analysis.activity.after[stmt]

        def lacks(target: core.Expr, fact: Fact) -> bool:
            if isinstance(target, core.Tuple):
                return any(lacks(elt, item) for elt, item in zip(target.elts, items_of_result(fact, len(target.elts))))
            return not active & core.reads(target) and not is_zero_there(fact) and not fact.discrete

        assert isinstance(stmt.target, core.Tuple)
        facts = items_of_result(self.semantics.fact(stmt.value, self.analysis.facts[stmt]), len(stmt.target.elts))
        parts = ((part, fact) for part, fact in zip(stmt.target.elts, facts) if isinstance(part, core.Tuple))
        return any(bool(active & core.reads(part)) and lacks(part, fact) for part, fact in parts)

    def columns(self, target: core.Tuple, value: core.Expr, at: core.Place | None) -> list[core.Stmt] | None:
        """`a, b = zip(*pairs)` as a tuple of the first of each pair and one of the second."""
        if not isinstance(value, core.Call) or self.semantics.callee(value.func) is not zip or len(value.args) != 1 or value.keywords:
            return None
        rows = value.args[0]
        if not isinstance(rows, core.Starred) or any(isinstance(elt, core.Starred) for elt in target.elts):
            return None
        held, row = core.Name(self.names.fresh("rows")), core.Name(self.names.fresh("row"))
        out: list[core.Stmt] = [core.Assign(held, core.Call(core.Name("list"), (rows.value,)), at=at)]
        for i, elt in enumerate(target.elts):
            column = core.Comprehension("generator", (core.Subscript(row, core.Const(i)),), (core.Generator(row, held),), at=value.at)
            out.append(core.Assign(elt, core.Call(core.Name("tuple"), (column,), at=value.at), at=at))
        return out

    def item_by_item(self, target: core.Tuple, value: core.Expr, stmt: core.Assign) -> list[core.Stmt]:
        fact = self.semantics.fact(value, self.analysis.facts[stmt])
        at = stmt.at
        star = next((i for i, elt in enumerate(target.elts) if isinstance(elt, core.Starred)), None)
        out: list[core.Stmt] = []
        behind = len(target.elts) - 1 - (star if star is not None else 0)
        for i, elt in enumerate(target.elts):
            if isinstance(elt, core.Starred):
                if isinstance(fact, SequenceFact) and fact.items is not None:
                    rest: core.Expr = core.List(tuple(core.Subscript(value, core.Const(k)) for k in range(i, len(fact.items) - behind)))
                else:
                    end = core.UnaryOp("-", core.Const(behind)) if behind else None
                    rest = core.Call(core.Name("list"), (core.Subscript(value, core.Slice(core.Const(i) if i else None, end)),))
                out.append(core.Assign(elt.value, rest, at=at))
            else:
                index: core.Expr = core.Const(i) if star is None or i < star else core.UnaryOp("-", core.Const(len(target.elts) - i))
                out.append(core.Assign(elt, core.Subscript(value, index), at=at))
        return out


def is_plain(target: core.Expr) -> bool:
    """Whether a target binds names by position alone."""
    return isinstance(target, core.Name) or isinstance(target, core.Tuple) and all(map(is_plain, target.elts))


def items_of_result(fact: Fact, count: int) -> tuple[Fact, ...]:
    return fact.items if isinstance(fact, SequenceFact) and fact.items is not None and len(fact.items) == count else (UNKNOWN,) * count
