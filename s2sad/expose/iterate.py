"""Loops over items as loops over their indices: how many steps an iterable has, and which item the step `i` binds."""
from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from s2sad import core
from s2sad.expose.generators import generates, is_finite_call
from s2sad.facts import Fact, Number, RangeFact, Text, Unknown
from s2sad.facts import Mapping as MappingFact
from s2sad.facts import Sequence as SequenceFact
from s2sad.meaning.semantics import Semantics

Item = Callable[[core.Expr], core.Expr]


@dataclass(frozen=True)
class Items:
    """The items with indices 0 to `length - 1`, which `item` gives; the loop runs over `steps`, last to first if `backwards`."""

    steps: core.Expr
    length: core.Expr
    item: Item
    backwards: bool = False

    @property
    def forwards(self) -> Items:
        """The same items in the same order, the indices counted in the order of the loop."""
        if not self.backwards:
            return self
        last = core.BinOp("-", self.length, core.Const(1))
        return Items(core.Call(core.Name("range"), (self.length,)), self.length, lambda i: self.item(core.BinOp("-", last, i)))

    def counter(self, target: core.Expr) -> core.Name | None:
        """The user's own name for the step, where there is one, as in `for i, x in enumerate(xs)`."""
        probe = core.Name("#")
        item = self.item(probe)
        if isinstance(item, core.Tuple) and isinstance(target, core.Tuple):
            return next((t for t, e in zip(target.elts, item.elts) if e == probe and isinstance(t, core.Name)), None)
        return target if item == probe and isinstance(target, core.Name) else None

    def bound(self, target: core.Expr, index: core.Expr, at: core.Place | None) -> list[core.Stmt]:
        """The statements that bind the loop's target at a step."""
        return list(_bindings(target, self.item(index), at))


def _bindings(target: core.Expr, item: core.Expr, at: core.Place | None) -> list[core.Stmt]:
    if target == item:
        return []
    if isinstance(target, core.Tuple) and isinstance(item, core.Tuple) and len(target.elts) == len(item.elts):
        return [stmt for t, e in zip(target.elts, item.elts) for stmt in _bindings(t, e, at)]
    return [core.Assign(target, item, at=at)]


def _numbered(inner: Items, start: core.Expr) -> Items:
    def item(i: core.Expr) -> core.Expr:
        number = i if start == core.Const(0) else core.BinOp("+", i, start)
        return core.Tuple((number, inner.item(i)))
    return Items(inner.steps, inner.length, item)


def items_of(iterable: core.Expr, env: Mapping[str, Fact], semantics: Semantics, name_for: Callable[[core.Expr], core.Expr],
             inside: bool = False) -> Items | None:
    """The items of an iterable, None where they have no indices; `name_for` puts an expression into a variable before the loop.

    The steps over a mapping are its keys, but for a mapping `inside` another iterable.
    """
    if isinstance(iterable, core.Call):
        function = semantics.callee(iterable.func)
        args, keywords = iterable.args, dict(iterable.keywords)
        if function is enumerate and args:
            found = items_of(args[0], env, semantics, name_for, True)
            start = args[1] if len(args) > 1 else keywords.get("start", core.Const(0))
            return found and _numbered(found.forwards, start)
        if function is zip and len(args) == 1 and isinstance(args[0], core.Starred) and not keywords:
            return _columns(args[0].value, env, semantics, name_for)
        if function is zip and args and keywords.keys() <= {"strict"}:
            without_end = [_without_end(arg, env, semantics, name_for) for arg in args]
            zipped = _zipped([found or items_of(arg, env, semantics, name_for, True) for found, arg in zip(without_end, args)])
            strict = keywords.get("strict", core.Const(False)) != core.Const(False)
            return _measured(zipped, iterable, name_for) if zipped is not None and strict else zipped
        if function is reversed and len(args) == 1:
            inner = items_of(args[0], env, semantics, name_for, True)
            if inner is None or inner.backwards:
                return inner and replace(inner.forwards, backwards=False)
            return Items(core.Call(core.Name("reversed"), (inner.steps,)), inner.length, inner.item, True)
        if function is range:
            return _ranged(args)
        if isinstance(iterable.func, core.Attribute) and not args and isinstance(semantics.fact(iterable.func.value, env), MappingFact):
            mapping = name_for(iterable.func.value)
            return _of_keys(mapping, name_for, iterable.func.attr) if inside else _of_mapping(mapping, iterable.func.attr)
    fact = semantics.fact(iterable, env)
    if isinstance(fact, MappingFact):
        return _of_keys(name_for(iterable), name_for, "keys") if inside else None
    iterates = isinstance(fact, SequenceFact) and fact.kind == "iterator" or generates(iterable, env, semantics)
    made = semantics.user_call(iterable, env) if isinstance(iterable, core.Call) and iterates else None
    if made is not None and not made.program.is_generator:
        return None     # an iterator that a function made elsewhere
    if isinstance(iterable, core.Call) and iterates and is_finite_call(iterable, env, semantics):
        iterable = core.Call(core.Name("list"), (iterable,), at=iterable.at)
        fact = SequenceFact("list")
    if isinstance(fact, (Number, Unknown)) or isinstance(fact, SequenceFact) and fact.kind in ("list", "tuple"):
        items = name_for(iterable)
        length = core.Call(core.Name("len"), (items,))
        return Items(core.Call(core.Name("range"), (length,)), length, lambda i: core.Subscript(items, i))
    return None


def _columns(rows: core.Expr, env: Mapping[str, Fact], semantics: Semantics, name_for: Callable[[core.Expr], core.Expr]) -> Items | None:
    """The items of `zip(*rows)`: what stands first in each row, then second; None where rows may be iterators."""
    fact = semantics.fact(rows, env)
    each = fact.each if isinstance(fact, SequenceFact) else None
    if not (isinstance(fact, Number) or isinstance(each, Number) or isinstance(each, SequenceFact) and each.kind in ("list", "tuple")):
        return None
    held, row = name_for(rows), core.Name("row")
    if isinstance(fact, SequenceFact) and fact.count is not None and fact.count <= FEW:
        return _zipped([items_of(core.Subscript(held, core.Const(k)), env, semantics, lambda e: e) for k in range(fact.count)])
    lengths = core.Comprehension("list", (core.Call(core.Name("len"), (row,)),), (core.Generator(row, held),))
    length = core.Call(core.Name("min"), (lengths,), (("default", core.Const(0)),))

    def item(i: core.Expr) -> core.Expr:
        return core.Call(core.Name("tuple"), (core.Comprehension("generator", (core.Subscript(row, i),), (core.Generator(row, held),)),))

    return Items(core.Call(core.Name("range"), (length,)), length, item)


FEW = 8
"""Of so many rows each is written out."""


def _zipped(parts: list[Items | Item | None]) -> Items | None:
    """The items of several iterables side by side; of one without end, its item at each place is given."""
    known = [part.forwards.item if isinstance(part, Items) else part for part in parts if part is not None]
    lengths = [part.length for part in parts if isinstance(part, Items)]
    if len(known) != len(parts) or not lengths:
        return None
    shortest = lengths[0] if all(length == lengths[0] for length in lengths) else core.Call(core.Name("min"), tuple(lengths))
    return Items(core.Call(core.Name("range"), (shortest,)), shortest, lambda i: core.Tuple(tuple(item(i) for item in known)))


def _without_end(iterable: core.Expr, env: Mapping[str, Fact], semantics: Semantics,
                 name_for: Callable[[core.Expr], core.Expr]) -> Item | None:
    """The item at each place of `cycle(xs)`, `repeat(x)` or `count(start)`, None for all else."""
    function = semantics.callee(iterable.func) if isinstance(iterable, core.Call) and not iterable.keywords else None
    args = iterable.args if isinstance(iterable, core.Call) else ()
    if any(isinstance(arg, core.Starred) for arg in args):
        return None
    if function is itertools.repeat and len(args) == 1:
        value = args[0] if isinstance(args[0], core.Const) else name_for(args[0])
        return lambda i: value
    if function is itertools.count and len(args) <= 1 and all(isinstance(arg, core.Const) and type(arg.value) is int for arg in args):
        return lambda i: core.BinOp("+", i, args[0]) if args else i
    fact = semantics.fact(args[0], env) if function is itertools.cycle and args else None
    if isinstance(fact, SequenceFact) and fact.kind in ("list", "tuple") and fact.count:
        items = name_for(args[0])
        length = core.Const(fact.count) if isinstance(fact.count, int) else core.Call(core.Name("len"), (items,))
        return lambda i: core.Subscript(items, core.BinOp("%", i, length))
    return None


def _measured(items: Items, zipped: core.Call, name_for: Callable[[core.Expr], core.Expr]) -> Items:
    """The items of `zip(a, b, strict=True)`, which raises where one is longer."""
    if isinstance(items.length, core.Call) and items.length.func == core.Name("len"):
        return items
    length = name_for(core.Call(core.Name("len"), (core.Call(core.Name("list"), (zipped,)),)))
    return Items(core.Call(core.Name("range"), (length,)), length, items.item)


def _ranged(args: tuple[core.Expr, ...]) -> Items | None:
    whole = core.Call(core.Name("range"), args)
    if len(args) == 1:
        return Items(whole, args[0], lambda i: i)
    return Items(core.Call(core.Name("range"), (core.Call(core.Name("len"), (whole,)),)), core.Call(core.Name("len"), (whole,)),
                 lambda i: core.Subscript(whole, i))


def _of_keys(mapping: core.Expr, name_for: Callable[[core.Expr], core.Expr], view: str) -> Items | None:
    """The items of a mapping by the numbers of its keys."""
    keys = name_for(core.Call(core.Name("list"), (mapping,)))
    found = _of_mapping(mapping, view)
    return found and Items(core.Call(core.Name("range"), (found.length,)), found.length, lambda i: found.item(core.Subscript(keys, i)))


def _of_mapping(mapping: core.Expr, view: str) -> Items | None:
    length = core.Call(core.Name("len"), (mapping,))
    if view == "items":
        return Items(mapping, length, lambda key: core.Tuple((key, core.Subscript(mapping, key))))
    if view == "values":
        return Items(mapping, length, lambda key: core.Subscript(mapping, key))
    return Items(mapping, length, lambda key: key) if view == "keys" else None


def is_repeatable(iterable: core.Expr, env: Mapping[str, Fact], semantics: Semantics) -> bool:
    """Whether to run over an iterable once more gives the same items, as it does not of a generator or of another iterator."""
    if isinstance(iterable, core.Call):
        if any(semantics.callee(iterable.func) is one for one in (zip, enumerate, reversed)):
            return all(is_repeatable(arg, env, semantics) for arg in iterable.args if not isinstance(arg, core.Starred)) and not any(
                isinstance(arg, core.Starred) for arg in iterable.args)
        if isinstance(iterable.func, core.Attribute) and isinstance(semantics.fact(iterable.func.value, env), MappingFact):
            return iterable.func.attr in ("items", "values", "keys")
    fact = semantics.fact(iterable, env)
    if isinstance(fact, SequenceFact):
        return fact.kind in ("list", "tuple", "set")
    return isinstance(fact, (Number, RangeFact, MappingFact, Text))
