"""Facts of results of functions that reduce, join, move and make arrays: their shapes, as far as the shapes of the arguments tell.

Each public function is the `result` of rules, or makes one: it takes the facts and the texts of the arguments.
"""
from __future__ import annotations

from dataclasses import replace
from functools import reduce

import numpy as np

from s2sad import core
from s2sad.facts import (
    UNKNOWN,
    Dim,
    Fact,
    FunctionFact,
    Number,
    Sequence,
    Shape,
    Text,
    clamp,
    dim,
    fresh,
    product,
)
from s2sad.rules.guards import NotKnown, value_of
from s2sad.rules.numbers import Bound, Facts, Result, as_array, box_of, elementwise, kind_of, promoted

DEFAULT = core.Const(None)


def array_named(name: str, facts: Facts) -> Number | None:
    """The fact of an argument as NumPy takes it, written out or not."""
    if name in facts:
        return as_array(facts[name])
    parts = [path for path in facts if path.startswith(name + ".")]
    return as_array(_nested(name, parts, facts)) if parts else None


def _nested(name: str, paths: list[str], facts: Facts) -> Fact:
    if paths == [name]:
        return facts[name]
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(name + "." + path[len(name) + 1:].partition(".")[0], []).append(path)
    return Sequence("list", tuple(_nested(head, group, facts) for head, group in groups.items()), None, dim(len(groups)))


def sized(fact: Fact | None, expr: core.Expr | None = None) -> Dim | None:
    """The size that an integer argument stands for."""
    if isinstance(fact, Number):
        if fact.size is not None:
            return fact.size
        if fact.value is not None:
            return dim(fact.value)
    if isinstance(expr, core.Const) and type(expr.value) is int and expr.value >= 0:
        return dim(expr.value)
    return None


def shape_named(name: str, facts: Facts, bound: Bound) -> Shape | None:
    """The shape that an argument such as `(m, n)` or `n` spells."""
    fact, expr = facts.get(name), bound.get(name)
    if isinstance(fact, Number) and fact.box != "array":
        return (clamp(sized(fact, expr) or fresh()),)
    if isinstance(fact, Sequence) and fact.items is not None:
        texts = expr.elts if isinstance(expr, (core.Tuple, core.List)) else (None,) * len(fact.items)
        return tuple(clamp(sized(item, text) or fresh()) for item, text in zip(fact.items, texts))
    return None


def dtype_named(facts: Facts, bound: Bound, default: str | None) -> str | None:
    """The dtype that the argument `dtype` asks for, None where it is not known."""
    expr, fact = bound.get("dtype", DEFAULT), facts.get("dtype")
    if expr == DEFAULT:
        return default
    if isinstance(fact, Text) and fact.value is not None or isinstance(fact, FunctionFact) and isinstance(fact.value, type):
        try:
            return np.dtype(fact.value).name
        except TypeError:
            return None
    return None


def made(shape: Shape | None, kind: str, dtype: str | None, mixed: bool = False, box: str | None = None) -> Number:
    """An array, or a NumPy scalar where it has no axes."""
    return Number(kind, dtype, shape, box or box_of(shape, ("scalar",)), mixed=mixed and dtype is None)


def like(name: str) -> Result:
    """The same as an argument, as an array."""
    def result(facts: Facts, bound: Bound) -> Fact:
        number = array_named(name, facts)
        return facts.get(name, UNKNOWN) if number is None else replace(number, value=None, size=None, bare=False)
    return result


# Reductions


def axes_of(name: str, rank: int, facts: Facts, bound: Bound) -> tuple[int, ...] | None:
    """The axes that an argument names, counted from 0; None where they are not known."""
    try:
        axis = value_of(name, bound, facts)
    except NotKnown:
        return None
    if axis is None:
        return tuple(range(rank))
    axes = axis if isinstance(axis, tuple) else (axis,)
    if not all(isinstance(i, int) and -rank <= i < rank for i in axes):
        return None
    return tuple(i % rank for i in axes)


def reduced(array: Number, facts: Facts, bound: Bound) -> Shape | None:
    """The shape that `axis` and `keepdims` leave."""
    try:
        keepdims = bool(value_of("keepdims", bound, facts)) if "keepdims" in bound else False
    except NotKnown:
        return None
    if bound.get("axis") == DEFAULT and not keepdims:
        return ()
    if array.shape is None:
        return None
    axes = axes_of("axis", len(array.shape), facts, bound)
    if axes is None:
        if keepdims or not isinstance(axis := facts.get("axis"), Number) or axis.box == "array":
            return None
        return tuple(fresh() for _ in array.shape[1:])
    if keepdims:
        return tuple(dim(1) if i in axes else d for i, d in enumerate(array.shape))
    return tuple(d for i, d in enumerate(array.shape) if i not in axes)


def reduction(facts: Facts, bound: Bound) -> Fact:
    """`np.sum`, `np.max`: of the dtype of the array."""
    array = array_named("a", facts)
    if array is None:
        return UNKNOWN
    shape = reduced(array, facts, bound)
    if bound.get("dtype", DEFAULT) != DEFAULT:
        dtype = dtype_named(facts, bound, None)
        return made(shape, kind_of(dtype), dtype)
    if array.kind == "b" and "dtype" in bound:
        return made(shape, "i", None)
    dtype = array.dtype if array.kind in ("f", "c") or "dtype" not in bound else None
    return made(shape, array.kind, dtype, array.mixed)


def mean(facts: Facts, bound: Bound) -> Fact:
    """`np.mean`: at least float."""
    fact = reduction(facts, bound)
    if not isinstance(fact, Number) or fact.kind not in ("b", "i", "f"):
        return fact
    return made(fact.shape, "f", "float64" if fact.kind != "f" or fact.mixed else fact.dtype)


def spread(facts: Facts, bound: Bound) -> Fact:
    """`np.var`: a real number, of complex numbers too."""
    fact = mean(facts, bound)
    if isinstance(fact, Number) and fact.kind == "c":
        return made(fact.shape, "f", {"complex128": "float64", "complex64": "float32"}.get(fact.dtype or ""))
    return fact


def reduction_to(kind: str) -> Result:
    """A reduction whose result is of this kind: `np.argmax` gives integers."""
    def result(facts: Facts, bound: Bound) -> Fact:
        array = array_named("a", facts)
        shape = None if array is None else reduced(array, facts, bound)
        return made(shape, kind, {"i": None, "b": "bool"}[kind], box=None if kind == "b" or shape else "any")
    return result


def cumulative(facts: Facts, bound: Bound) -> Fact:
    """`np.cumsum`: of the shape of the array, flat where no axis is given."""
    array = array_named("a", facts)
    if array is None:
        return UNKNOWN
    shape = array.shape
    if bound.get("axis") == DEFAULT and shape is not None:
        shape = (product(shape),)
    known = dtype_named(facts, bound, array.dtype if array.kind in ("f", "c") else None)
    return Number(array.kind, known, shape, "array", mixed=array.mixed and known is None)


# Products


def _pair(facts: Facts) -> tuple[Number, Number, str, str | None, bool] | None:
    a, b = as_array(facts.get("a")), as_array(facts.get("b"))
    if a is None or b is None:
        return None
    number = elementwise((replace(a, shape=()), replace(b, shape=())))
    assert number is not None
    return a, b, number.kind, number.dtype, number.mixed


def matmul(facts: Facts, bound: Bound) -> Fact:
    """`a @ b`, by ranks."""
    pair = _pair(facts)
    if pair is None:
        return UNKNOWN
    a, b, kind, dtype, mixed = pair
    if a.shape is None or b.shape is None or not a.shape or not b.shape:
        return made(None, kind, dtype, mixed)
    rows, columns = a.shape[-2:-1], b.shape[-1:] if len(b.shape) > 1 else ()
    batch = elementwise((made(a.shape[:-2], kind, dtype, mixed, "array"), made(b.shape[:-2], kind, dtype, mixed, "array")))
    return made(None if batch is None or batch.shape is None else batch.shape + rows + columns, kind, dtype, mixed)


def dot(facts: Facts, bound: Bound) -> Fact:
    """`np.dot(a, b)`."""
    pair = _pair(facts)
    if pair is None:
        return UNKNOWN
    a, b, kind, dtype, mixed = pair
    if a.shape is None or b.shape is None:
        return made(None, kind, dtype, mixed)
    if not a.shape or not b.shape:
        return made(a.shape or b.shape, kind, dtype, mixed)
    return made(a.shape[:-1] + b.shape[:-2] + (b.shape[-1:] if len(b.shape) > 1 else ()), kind, dtype, mixed)


def outer(facts: Facts, bound: Bound) -> Fact:
    """`np.outer(a, b)`: flat vectors, rows by columns."""
    pair = _pair(facts)
    if pair is None:
        return UNKNOWN
    a, b, kind, dtype, mixed = pair
    return made((product(a.shape) if a.shape is not None else fresh(), product(b.shape) if b.shape is not None else fresh()), kind, dtype,
                mixed)


def inner(facts: Facts, bound: Bound) -> Fact:
    """`np.inner(a, b)`: sums over the last axes."""
    pair = _pair(facts)
    if pair is None:
        return UNKNOWN
    a, b, kind, dtype, mixed = pair
    if a.shape is None or b.shape is None:
        return made(None, kind, dtype, mixed)
    return made(a.shape[:-1] + b.shape[:-1] if a.shape and b.shape else a.shape or b.shape, kind, dtype, mixed)


def scalar_product(facts: Facts, bound: Bound) -> Fact:
    """`np.vdot(a, b)`: a number."""
    pair = _pair(facts)
    return UNKNOWN if pair is None else made((), *pair[2:])


def trace(facts: Facts, bound: Bound) -> Fact:
    """`np.trace(a, offset, axis1, axis2)`: the other axes."""
    array = array_named("a", facts)
    if array is None:
        return UNKNOWN
    if array.shape is None:
        return made(None, array.kind, array.dtype, array.mixed)
    first, second = (axes_of(name, len(array.shape), facts, bound) for name in ("axis1", "axis2"))
    if first is None or second is None:
        return made(tuple(fresh() for _ in array.shape[2:]), array.kind, array.dtype, array.mixed)
    return made(tuple(d for i, d in enumerate(array.shape) if i not in first + second), array.kind, array.dtype, array.mixed)


# Joins


def array_of(facts: Facts, bound: Bound) -> Fact:
    """`np.array(object)`, `np.asarray(a)`, `np.copy(a)`, `a.astype(dtype)`."""
    name = "object" if "dtype" in bound and not any(key == "a" or key.startswith("a.") for key in bound) else "a"
    array = array_named(name, facts)
    if array is None:
        return Number("?")
    dtype = dtype_named(facts, bound, array.dtype)
    if bound.get("dtype", DEFAULT) != DEFAULT:
        return Number(kind_of(dtype), dtype, array.shape, "array")
    return Number(array.kind, dtype, array.shape, "array" if array.shape is not None else "any", mixed=array.mixed and dtype is None)


def _members(facts: Facts) -> list[Number | None]:
    """The arrays that `np.concatenate` and `np.stack` join, one by one; empty where that is not known."""
    if "arrays" in facts:
        fact = facts["arrays"]
        return [as_array(item) for item in fact.items] if isinstance(fact, Sequence) and fact.items is not None else []
    heads = list(dict.fromkeys(".".join(path.split(".")[:2]) for path in facts if path.startswith("arrays.")))
    return [array_named(head, facts) for head in heads]


def _common(members: list[Number | None]) -> tuple[list[Number], str, str | None, bool] | None:
    known = [member for member in members if member is not None]
    if not known or len(known) < len(members):
        return None
    # NumPy makes arrays of lists first, so that their numbers are no longer weak.
    kind, dtype, mixed = promoted(tuple((m.kind, m.dtype, False, m.mixed) for m in known))
    return known, kind, dtype, mixed


def concatenation(facts: Facts, bound: Bound) -> Fact:
    """`np.concatenate(arrays, axis)`: the sum of the sizes along the axis."""
    common = _common(_members(facts))
    if common is None:
        return _of_many(facts, 0)
    known, kind, dtype, mixed = common
    shapes = [member.shape for member in known]
    first = next((shape for shape in shapes if shape is not None), None)
    if bound.get("axis") == DEFAULT:
        total = [product(shape) for shape in shapes if shape is not None]
        return made((reduce(Dim.__add__, total) if len(total) == len(shapes) else fresh(),), kind, dtype, mixed)
    axes = None if first is None else axes_of("axis", len(first), facts, bound)
    if first is None or axes is None:
        return made(None if first is None else tuple(fresh() for _ in first), kind, dtype, mixed)
    axis = axes[0]
    if any(shape is not None and len(shape) != len(first) for shape in shapes):
        return made(None, kind, dtype, mixed)
    lengths = [shape[axis] for shape in shapes if shape is not None]
    total_length = reduce(Dim.__add__, lengths) if len(lengths) == len(shapes) else fresh()
    return made(tuple(total_length if i == axis else d for i, d in enumerate(first)), kind, dtype, mixed)


def stacked(facts: Facts, bound: Bound) -> Fact:
    """`np.stack(arrays, axis)`: a new axis."""
    members = _members(facts)
    common = _common(members)
    if common is None:
        return _of_many(facts, 1)
    known, kind, dtype, mixed = common
    first = next((member.shape for member in known if member.shape is not None), None)
    if first is None:
        return made(None, kind, dtype, mixed)
    axes = axes_of("axis", len(first) + 1, facts, bound)
    if axes is None:
        return made(tuple(fresh() for _ in range(len(first) + 1)), kind, dtype, mixed)
    return made((*first[:axes[0]], dim(len(members)), *first[axes[0]:]), kind, dtype, mixed)


def _of_many(facts: Facts, more: int) -> Fact:
    """A join of arrays of which only the common fact is known: its rank, at most."""
    fact = facts.get("arrays")
    each = as_array(fact.each) if isinstance(fact, Sequence) else as_array(fact)
    if each is None:
        return Number("?")
    if isinstance(fact, Number):
        rank = None if fact.shape is None else len(fact.shape) - 1 + more
    else:
        rank = None if each.shape is None else len(each.shape) + more
    return made(None if rank is None else tuple(fresh() for _ in range(rank)), each.kind, each.dtype, each.mixed)
