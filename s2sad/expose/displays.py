"""Comprehensions whose items are known one by one, as the displays that they make.

    fun(*[x if j == 1 else a for j, a in enumerate(args)])      ->      fun(*[args[0], x])
    np.array([f(x) for f in functions])                         ->      np.array([functions[0](x), functions[1](x)])

So it is where a call needs its arguments one by one, or where the items are functions and each call is another.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeGuard

from s2sad import core
from s2sad.analysis.analyse import Analysis
from s2sad.expose.iterate import items_of
from s2sad.expose.unroll import ROUNDS, losing
from s2sad.expose.values import with_values
from s2sad.facts import Number
from s2sad.facts import Sequence as SequenceFact
from s2sad.flow.evaluation import replaced
from s2sad.meaning.semantics import Env, Semantics


def with_displays(analysis: Analysis, semantics: Semantics) -> core.Function:
    """The function with one active comprehension of each statement written out; the very same where there is none that has to be."""
    def change(value: core.Expr, stmt: core.Stmt) -> core.Expr | None:
        env = analysis.facts[stmt]
        for made in needed(value, env, semantics):
            active = semantics.dependencies(made, env) & analysis.activity.varied[stmt]
            if active and (display := written_out(made, env, semantics)) is not None:
                return spliced(replaced(value, made, display))
        return None

    return with_values(analysis, change)


def needed(value: core.Expr, env: Env, semantics: Semantics) -> Iterator[core.Comprehension]:
    """The comprehensions in an expression whose items have to be known one by one."""
    for node in core.evaluated(value):
        if isinstance(node, core.Call):
            yield from (arg.value for arg in node.args if isinstance(arg, core.Starred) and isinstance(arg.value, core.Comprehension))
        if isinstance(node, core.Comprehension) and node.kind in ("list", "generator") and len(node.generators) == 1:
            fact = semantics.fact(node.generators[0].iter, env)
            if isinstance(fact, SequenceFact) and fact.kind in ("list", "tuple") and fact.items and losing(fact.items):
                yield node


def written_out(made: core.Comprehension, env: Env, semantics: Semantics) -> core.List | None:
    """The display that a comprehension over known items makes; None where they are not known one by one."""
    if made.kind not in ("list", "generator") or len(made.generators) != 1 or made.generators[0].tests:
        return None
    source, elts = made.generators[0], []
    for item in items_known(source.iter, env, semantics) or ():
        values = dict(_matched(source.target, item))
        if set(values) != set(core.bound_names(source.target)):
            return None
        elts.append(decided(core.substitute(made.elements[0], values), env, semantics))
    return core.List(tuple(elts)) if elts else None


def items_known(iterable: core.Expr, env: Env, semantics: Semantics) -> list[core.Expr] | None:
    """The items that an iterable gives, where it is known how many; None where it is not, or where they are computed."""
    computed: list[core.Expr] = []

    def named(expr: core.Expr) -> core.Expr:
        computed.extend(() if isinstance(expr, (core.Name, core.Tuple, core.List)) else (expr,))
        return expr

    items = items_of(iterable, env, semantics, named)
    if items is None or computed or items.backwards:
        return None
    shortest = items.length
    lengths = [length_of(part, env, semantics) for part in (shortest.args if is_min(shortest) else (shortest,))]
    known = [length for length in lengths if length is not None]
    if len(known) < len(lengths) or not 0 < min(known) <= ROUNDS:
        return None
    return [item_of(items.item(core.Const(i))) for i in range(min(known))]


def is_min(expr: core.Expr) -> TypeGuard[core.Call]:
    return isinstance(expr, core.Call) and expr.func == core.Name("min")


def length_of(expr: core.Expr, env: Env, semantics: Semantics) -> int | None:
    fact = semantics.fact(expr, env)
    return fact.size.known if isinstance(fact, Number) and fact.size is not None else None


def item_of(expr: core.Expr) -> core.Expr:
    """An expression with the items of displays in the place of `(a, b)[0]`."""
    new = core.rebuild(expr, lambda child: item_of(child) if isinstance(child, core.Expr) else child)
    if isinstance(new, core.Subscript) and isinstance(new.value, (core.Tuple, core.List)) and isinstance(new.index, core.Const):
        return new.value.elts[new.index.value]      # type: ignore[no-any-return]
    return new      # type: ignore[no-any-return]


def spliced(expr: core.Expr) -> core.Expr:
    """The expression with `f(*[a, b])` as `f(a, b)`."""
    changed: core.Expr = core.rebuild(expr, lambda child: spliced(child) if isinstance(child, core.Expr) else child)
    if not isinstance(changed, core.Call) or not any(isinstance(arg, core.Starred) for arg in changed.args):
        return changed

    def parts(arg: core.Expr) -> tuple[core.Expr, ...]:
        return arg.value.elts if isinstance(arg, core.Starred) and isinstance(arg.value, core.List) else (arg,)

    return replace(changed, args=tuple(elt for arg in changed.args for elt in parts(arg)))


def _matched(target: core.Expr, item: core.Expr) -> Iterator[tuple[str, core.Expr]]:
    """The names of a target with the parts of an item that they stand for."""
    if isinstance(target, core.Name):
        yield target.id, item
    elif isinstance(target, core.Tuple) and isinstance(item, core.Tuple) and len(target.elts) == len(item.elts):
        for t, e in zip(target.elts, item.elts):
            yield from _matched(t, e)
    elif isinstance(target, core.Tuple):
        for i, t in enumerate(target.elts):
            yield from _matched(t, core.Subscript(item, core.Const(i)))


def decided(expr: core.Expr, env: Env, semantics: Semantics) -> core.Expr:
    """An expression without the conditions that compare numbers which are known."""
    def known(part: core.Expr) -> Any:
        fact = semantics.fact(part, env)
        return part.value if isinstance(part, core.Const) else fact.value if isinstance(fact, Number) else None

    if isinstance(expr, core.IfExp) and isinstance(expr.test, core.Compare) and expr.test.ops in (("==",), ("!=",)):
        left, right = map(known, expr.test.operands)
        if isinstance(left, int) and isinstance(right, int):
            return decided(expr.body if (left == right) == (expr.test.ops == ("==",)) else expr.orelse, env, semantics)
    changed: core.Expr = core.rebuild(expr, lambda child: decided(child, env, semantics) if isinstance(child, core.Expr) else child)
    return changed
