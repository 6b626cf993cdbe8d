"""What adjoints are written of: zeros, sums and items of them, and how light an expression is that is written again."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

from s2sad import core
from s2sad.facts import UNKNOWN, Fact, Number, ObjectFact, Sequence, Shape, Unknown
from s2sad.quote import quote_expr
from s2sad.tidy.simplify import simplify

RESULT = core.Name("@")
"""Stands for the variable that an assignment binds, in texts that read its new value."""

ABSENT = core.Const(None)
"""Stands for the adjoint of an inactive part of a display."""

LIGHT = 3
"""So many operations on scalars are written again in the reverse sweep rather than saved."""


def is_real(fact: Fact) -> bool:
    """Whether a value is known to be a real number, or an array of such."""
    return isinstance(fact, Number) and fact.kind in "bif"


def summed_over(e: core.Expr, have: Shape, want: Shape) -> core.Expr | None:
    """The sum of an adjoint over the axes along which an operand of the shape `want` was repeated; None where that is not plain to see."""
    function = quote_expr("np.sum")
    if want == ():
        return core.Call(function, (e,))
    added = len(have) - len(want)
    if added < 0 or any(h != w and w != 1 for h, w in zip(have[added:], want)):
        return None
    axes = [*range(added), *(i for i, (h, w) in enumerate(zip(have[added:], want)) if h != w)]
    if not axes or 0 < added < len(axes):
        return None
    over = core.Const(axes[0]) if len(axes) == 1 else core.Tuple(tuple(map(core.Const, axes)))
    return core.Call(function, (e,), (("axis", over), *(() if added else (("keepdims", core.Const(True)),))))


def without_axes(g: core.Expr, axes: tuple[int, ...], node: core.Subscript) -> core.Expr:
    """An adjoint of the shape of `node` without the axes that it adds."""
    parts = node.index.elts if isinstance(node.index, core.Tuple) else (node.index,)
    index = [core.Const(0) if i in axes else part for i, part in enumerate(parts)]
    while len(index) > 1 and index[-1] == core.Slice():
        del index[-1]
    return simplify(core.Subscript(g, index[0] if len(index) == 1 else core.Tuple(tuple(index))))


def filled(g: core.Expr, fact: Fact) -> core.Expr:
    """The adjoint of a part of a result, zero for each number in it that has none."""
    if not isinstance(g, core.Tuple) or not isinstance(fact, Sequence) or fact.items is None:
        return g
    return core.Tuple(tuple(core.Const(0.0) if part == ABSENT and is_zero_there(item) else filled(part, item)
                            for part, item in zip(g.elts, fact.items)))


def is_zero_there(fact: Fact) -> bool:
    """Whether what has this fact is a real number, whose adjoint is 0.0 where there is none."""
    return isinstance(fact, Number) and fact.shape == () and fact.box in ("python", "scalar") and fact.kind == "f"


def takes_copy(path: core.Subscript, fact: Callable[[core.Expr], Fact]) -> bool:
    """Whether a subscript makes a new object: a slice of a list, an array indexed with arrays."""
    parts = path.index.elts if isinstance(path.index, core.Tuple) else (path.index,)
    if not isinstance(fact(path.value), Number):
        return any(isinstance(part, core.Slice) for part in parts)
    facts = (fact(part) for part in parts if not isinstance(part, core.Slice))
    return any(isinstance(f, (Sequence, Unknown)) or isinstance(f, Number) and (f.shape != () or f.kind == "b") for f in facts)


def item(g: core.Expr, key: core.Expr) -> core.Expr:
    """`g[key]`, read off a display where `g` is one."""
    if isinstance(g, (core.Tuple, core.List)) and isinstance(key, core.Const):
        part: core.Expr = g.elts[key.value]
        return part
    if isinstance(g, core.Dict) and key in g.keys:
        return g.values[g.keys.index(key)]
    return core.Subscript(g, key)


def is_full(g: core.Expr) -> bool:
    """Whether an adjoint is what a function of the runtime gives, which has the shape of the operand."""
    return isinstance(g, core.Call) and isinstance(g.func, core.Name)


def with_result(expr: core.Expr, target: core.Expr) -> core.Expr:
    """An expression with the variables of an assignment for RESULT, the parts of several by their own names."""
    changed = core.substitute(expr, {RESULT.id: target})
    return with_items_read_off(changed) if changed is not expr and isinstance(target, core.Tuple) else changed


def with_items_read_off(node: core.Expr) -> core.Expr:
    """An expression with the item itself for each item of a display."""
    new = core.rebuild(node, lambda child: with_items_read_off(child) if isinstance(child, core.Expr) else child)
    return item(new.value, new.index) if isinstance(new, core.Subscript) and isinstance(new.value, core.Tuple) else new


def is_atomic(g: core.Expr) -> bool:
    """Whether `g` may be written several times: a name or a constant, with a sign or without."""
    return isinstance(g, (core.Name, core.Const)) or isinstance(g, core.UnaryOp) and is_atomic(g.operand)


def count(expr: core.Expr, name: str) -> int:
    return sum(isinstance(node, core.Name) and node.id == name for node in core.walk(expr))


def is_light(node: core.Expr, fact: Callable[[core.Expr], Fact]) -> bool:
    """Whether `node` is written out again where its value is needed: an element, a view, a little arithmetic on scalars."""
    if isinstance(node, (core.Name, core.Const)):
        return True
    operations = weight(node)
    if operations is None:
        return False
    if operations == 0:
        return True
    known = fact(node)
    return isinstance(known, Number) and known.shape in ((), None) and operations <= LIGHT


def adjoint_fact(fact: Fact | None) -> Fact:
    """The fact of a full adjoint of a variable."""
    if isinstance(fact, Number):
        return replace(fact, kind=fact.kind if fact.kind in "fc?" else "f", value=None, size=None)
    if isinstance(fact, ObjectFact) and not fact.discrete:
        return ObjectFact(SimpleNamespace, tuple((name, adjoint_fact(item)) for name, item in fact.fields), fact.open)
    return UNKNOWN if fact is None else fact


def weight(node: core.Expr) -> int | None:
    """The number of operations in an expression, those that find an element or a slice aside; None where it is more than arithmetic."""
    if isinstance(node, (core.IfExp, core.BoolOp, core.Comprehension, core.Lambda, core.List, core.Dict, core.Set)):
        return None
    if isinstance(node, core.Call) and not (isinstance(node.func, core.Name) and node.func.id in ("len", "float", "int")):
        return None
    parts = [weight(child) for child in core.children(node) if isinstance(child, core.Expr)]
    if None in parts:
        return None
    if isinstance(node, core.Subscript):
        return parts[0]
    return sum(part or 0 for part in parts) + isinstance(node, (core.BinOp, core.UnaryOp))


def is_smaller(have: Number, want: Number) -> bool:
    """Whether a value with the shape of `have` broadcasts to that of `want` without reaching beyond it."""
    assert have.shape is not None and want.shape is not None
    tail = want.shape[len(want.shape) - len(have.shape):]
    return len(have.shape) <= len(want.shape) and all(h == 1 or h == w for h, w in zip(have.shape, tail))


def expand(e: core.Expr, have: Number, like: core.Expr) -> core.Expr:
    if have.shape == () and e == core.Const(1.0):
        return core.Call(quote_expr("np.ones_like"), (like,))
    if have.shape == ():
        return core.Call(quote_expr("np.full_like"), (like, e))
    return call("unbroadcast", e, like)


def call(function: str, *args: core.Expr) -> core.Expr:
    """A call of a function of the runtime."""
    return core.Call(core.Name(function), args)


def spelled(path: core.Expr) -> str:
    if isinstance(path, core.Name):
        return path.id
    if isinstance(path, core.Attribute):
        return f"{spelled(path.value)}.{path.attr}"
    return "this function"
