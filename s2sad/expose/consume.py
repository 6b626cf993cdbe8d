"""What builds and measures structures, as comprehensions and displays: they have derivatives.

    list(zip(a, b))         ->      [item for item in zip(a, b)]
    dict(zip(names, xs))    ->      {key: value for key, value in zip(names, xs)}
    list(xs)                ->      xs[:]
    (*pair, z)              ->      (pair[0], pair[1], z)
    d.get("k", z)           ->      d["k"] if "k" in d else z
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from s2sad import core
from s2sad.expose.generators import called_by
from s2sad.facts import Fact
from s2sad.facts import Mapping as MappingFact
from s2sad.facts import Sequence as SequenceFact
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names

FEW = 16
"""Sequences of more items than this are not written out."""

CONSUMERS = (sum, min, max, list, tuple, dict, sorted, any, all)


def is_short(fact: SequenceFact) -> bool:
    """Whether it is known how many items there are, and few enough to write them out."""
    return fact.items is not None or fact.count is not None and fact.count <= FEW


def parts(path: core.Expr, fact: SequenceFact) -> tuple[core.Expr, ...]:
    """The items of a sequence one by one."""
    return tuple(core.Subscript(path, core.Const(i)) for i in range(fact.count or 0))


@dataclass
class Consumption:
    """The rewriting of one call; `named` puts a value into a variable where it is used more than once."""

    semantics: Semantics
    env: Env
    names: Names
    named: Callable[[core.Expr], core.Expr]

    def fact(self, expr: core.Expr) -> Fact:
        return self.semantics.fact(expr, self.env)

    def rewritten(self, expr: core.Expr) -> core.Expr | None:
        """Another expression for the same value, None where there is none to be preferred."""
        if isinstance(expr, (core.Tuple, core.List)) and any(isinstance(elt, core.Starred) for elt in expr.elts):
            return self.display(expr)
        if isinstance(expr, core.Dict) and None in expr.keys:
            return self.merged(expr)
        if not isinstance(expr, core.Call):
            return None
        if isinstance(expr.func, core.Attribute) and expr.func.attr == "get" and len(expr.args) in (1, 2) and not expr.keywords:
            return self.looked_up(expr, expr.func.value)
        function = self.semantics.function(expr.func, self.env)
        if not any(function is one for one in CONSUMERS):
            return None
        if function is zip:
            return None
        if function is dict:
            return self.dictionary(expr)
        if not expr.args or isinstance(expr.args[0], core.Starred):
            return None
        items = expr.args[0]
        if function is list:
            return self.as_list(items, expr)
        if function is tuple:
            return self.as_tuple(items, expr)
        if isinstance(items, core.Comprehension) or len(expr.args) > 1 and function in (min, max):
            return None
        if self.is_iterator(items):
            return replace(expr, args=(self.each(items, "generator", expr), *expr.args[1:]))
        return None

    def is_iterator(self, items: core.Expr) -> bool:
        """Whether to loop over the items is all that can be done with them."""
        if not isinstance(items, core.Call):
            return False
        fact = self.fact(items)
        if isinstance(fact, SequenceFact):
            return fact.kind == "iterator"
        return called_by(items, self.env, self.semantics) is not None

    def each(self, items: core.Expr, kind: str, like: core.Call) -> core.Comprehension:
        item = core.Name(self.names.fresh("item"))
        return core.Comprehension(kind, (item,), (core.Generator(item, items),), at=like.at)

    def as_list(self, items: core.Expr, call: core.Call) -> core.Expr | None:
        fact = self.fact(items)
        if isinstance(items, core.Comprehension) and items.kind in ("generator", "list"):
            return replace(items, kind="list")
        if isinstance(items, (core.List, core.Tuple)):
            return core.List(items.elts, at=call.at)
        if isinstance(fact, SequenceFact) and fact.kind == "list":
            return core.Subscript(items, core.Slice(), at=call.at)
        if isinstance(fact, SequenceFact) and fact.kind == "tuple" and is_short(fact) and core.root(items) is not None:
            return core.List(parts(items, fact), at=call.at)
        return self.each(items, "list", call)

    def as_tuple(self, items: core.Expr, call: core.Call) -> core.Expr | None:
        fact = self.fact(items)
        if isinstance(items, (core.List, core.Tuple)):
            return core.Tuple(items.elts, at=call.at)
        if isinstance(fact, SequenceFact) and fact.kind == "tuple" and fact.cls is None:
            return items
        if isinstance(fact, SequenceFact) and fact.kind == "list" and is_short(fact) and core.root(items) is not None:
            return core.Tuple(parts(items, fact), at=call.at)
        if not isinstance(items, core.Comprehension):
            return replace(call, args=(self.each(items, "generator", call),))
        return None

    def dictionary(self, call: core.Call) -> core.Expr | None:
        given = tuple((None if name is None else core.Const(name), value) for name, value in call.keywords)
        if not call.args:
            return core.Dict(tuple(k for k, _ in given), tuple(v for _, v in given), at=call.at)
        items = call.args[0]
        if given:
            return core.Dict((None, *(k for k, _ in given)), (replace(call, keywords=()), *(v for _, v in given)), at=call.at)
        if isinstance(items, core.Dict):
            return items
        if isinstance(self.fact(items), MappingFact):
            key, items = core.Name(self.names.fresh("key")), self.named(items)
            return core.Comprehension("dict", (key, core.Subscript(items, key)), (core.Generator(key, items),), at=call.at)
        key, value = core.Name(self.names.fresh("key")), core.Name(self.names.fresh("value"))
        if isinstance(items, core.Comprehension) and isinstance(items.elements[0], core.Tuple) and len(items.elements[0].elts) == 2:
            return replace(items, kind="dict", elements=items.elements[0].elts)
        return core.Comprehension("dict", (key, value), (core.Generator(core.Tuple((key, value)), items),), at=call.at)

    def looked_up(self, call: core.Call, items: core.Expr) -> core.Expr | None:
        """`d.get(key, other)` as `d[key] if key in d else other`; only what facts leave open of it."""
        fact, key = self.fact(items), call.args[0]
        if not isinstance(fact, MappingFact):
            return None
        other = call.args[1] if len(call.args) > 1 else core.Const(None)
        items, key, other = (e if isinstance(e, (core.Name, core.Const)) else self.named(e) for e in (items, key, other))
        if isinstance(key, core.Const) and fact.items is not None:
            return core.Subscript(items, key, at=call.at) if key.value in dict(fact.items) else other
        return core.IfExp(core.Compare(("in",), (key, items)), core.Subscript(items, key, at=call.at), other, at=call.at)

    def display(self, expr: core.Tuple | core.List) -> core.Expr | None:
        """The display with stars written out, None where it is not known how many items they stand for."""
        out: list[core.Expr] = []
        for elt in expr.elts:
            if not isinstance(elt, core.Starred):
                out.append(elt)
                continue
            if isinstance(elt.value, (core.Tuple, core.List)):
                out += elt.value.elts
                continue
            fact = self.fact(elt.value)
            if not isinstance(fact, SequenceFact) or not is_short(fact) or fact.kind not in ("list", "tuple"):
                return None
            out += parts(elt.value if core.root(elt.value) is not None else self.named(elt.value), fact)
        return replace(expr, elts=tuple(out))

    def merged(self, expr: core.Dict) -> core.Expr | None:
        """`{**d, key: value}` with the keys of `d` written out, None where they are not known."""
        entries: dict[object, tuple[core.Expr, core.Expr]] = {}
        for key, value in zip(expr.keys, expr.values):
            if key is not None:
                if not isinstance(key, core.Const):
                    return None
                entries[key.value] = key, value
                continue
            fact = self.fact(value)
            if isinstance(value, core.Dict) and all(isinstance(k, core.Const) for k in value.keys):
                entries.update((k.value, (k, v)) for k, v in zip(value.keys, value.values) if isinstance(k, core.Const))
                continue
            if not isinstance(fact, MappingFact) or fact.items is None:
                return None
            path = value if core.root(value) is not None else self.named(value)
            entries.update((k, (core.Const(k), core.Subscript(path, core.Const(k)))) for k, _ in fact.items)
        return core.Dict(tuple(k for k, _ in entries.values()), tuple(v for _, v in entries.values()), at=expr.at)

