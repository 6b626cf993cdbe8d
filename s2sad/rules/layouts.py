"""Facts of results of functions that rearrange the entries of an array, and of those that make arrays from sizes."""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from s2sad import core
from s2sad.facts import (
    INT,
    UNKNOWN,
    Dim,
    Fact,
    Number,
    Sequence,
    Shape,
    clamp,
    dim,
    fresh,
    integer,
    lowest,
    product,
    quotient,
    tuple_of,
)
from s2sad.rules.guards import NotKnown, value_of
from s2sad.rules.numbers import Bound, Facts, Result, as_array, elementwise, kind_of, part_of, promoted
from s2sad.rules.shapes import DEFAULT, array_named, axes_of, dtype_named, made, shape_named, sized


def _moved(array: Number, shape: Shape | None) -> Number:
    return Number(array.kind, array.dtype, shape, "array" if shape is not None else "any", mixed=array.mixed)


def _minus_one(fact: Fact, expr: core.Expr | None) -> bool:
    return isinstance(fact, Number) and fact.value == -1 or expr in (core.UnaryOp("-", core.Const(1)), core.Const(-1))


def reshaped(facts: Facts, bound: Bound) -> Fact:
    """`np.reshape(a, shape)` and `a.reshape(...)`: a size of -1 is what is left over."""
    array = array_named("a", facts)
    if array is None:
        return UNKNOWN
    fact, expr = facts.get("shape"), bound.get("shape")
    if isinstance(fact, Sequence) and fact.items is not None and len(fact.items) == 1 and isinstance(fact.items[0], Sequence):
        fact, expr = fact.items[0], expr.elts[0] if isinstance(expr, core.Tuple) else None
    if isinstance(fact, Number):
        fact, expr = tuple_of(fact), None if expr is None else core.Tuple((expr,))
    if not isinstance(fact, Sequence) or fact.items is None:
        return _moved(array, None)
    texts = expr.elts if isinstance(expr, (core.Tuple, core.List)) and len(expr.elts) == len(fact.items) else (None,) * len(fact.items)
    free = [_minus_one(item, text) for item, text in zip(fact.items, texts)]
    sizes = [None if left else sized(item, text) for item, text, left in zip(fact.items, texts, free)]
    # What may be negative may be -1.
    sizes = [None if size is not None and (lowest(size) is None or lowest(size) < 0) else size for size in sizes]  # type: ignore[operator]
    known = [size for size in sizes if size is not None]
    rest: Dim | None = None
    if sum(free) == 1 and len(known) == len(sizes) - 1 and array.shape is not None:
        rest = quotient(product(array.shape), product(known))
    return _moved(array, tuple((rest if left else size) or fresh() for size, left in zip(sizes, free)))


def flattened(facts: Facts, bound: Bound) -> Fact:
    array = array_named("a", facts)
    return UNKNOWN if array is None else _moved(array, (fresh() if array.shape is None else product(array.shape),))


def flat(facts: Facts, bound: Bound) -> Fact:
    """`a.flat`: indexed and written like the flattened array, but no array."""
    fact = flattened(facts, bound)
    return replace(fact, box="any") if isinstance(fact, Number) else fact


def squeezed(facts: Facts, bound: Bound) -> Fact:
    """`np.squeeze(a, axis)`; without an axis, every size that may be 1 must be known to be."""
    array = array_named("a", facts)
    if array is None:
        return UNKNOWN
    if array.shape is None:
        return _moved(array, None)
    if bound.get("axis") == DEFAULT:
        if any(d.terms and d - 1 != 0 for d in array.shape):
            return _moved(array, None)
        return _moved(array, tuple(d for d in array.shape if d != 1))
    axes = axes_of("axis", len(array.shape), facts, bound)
    return _moved(array, None if axes is None else tuple(d for i, d in enumerate(array.shape) if i not in axes))


def expanded(facts: Facts, bound: Bound) -> Fact:
    """`np.expand_dims(a, axis)`."""
    array = array_named("a", facts)
    if array is None:
        return UNKNOWN
    try:
        axis = value_of("axis", bound, facts)
    except NotKnown:
        return _moved(array, None)
    new = len(axis) if isinstance(axis, tuple) else 1
    if array.shape is None:
        return _moved(array, None)
    axes = axes_of("axis", len(array.shape) + new, facts, bound)
    if axes is None:
        return _moved(array, None)
    old = iter(array.shape)
    return _moved(array, tuple(dim(1) if i in axes else next(old) for i in range(len(array.shape) + new)))


def transposed(facts: Facts, bound: Bound) -> Fact:
    """`a.T`, `np.transpose(a, axes)`."""
    array = array_named("a", facts)
    if array is None:
        return UNKNOWN
    if array.shape is None:
        return _moved(array, None)
    try:
        axes = value_of("axes", bound, facts) if "axes" in bound else None
    except NotKnown:
        return _moved(array, tuple(fresh() for _ in array.shape))
    if isinstance(axes, tuple) and len(axes) == 1 and (axes[0] is None or isinstance(axes[0], tuple)):
        axes = axes[0]
    if axes is None or axes == ():
        return _moved(array, array.shape[::-1])
    if len(axes) != len(array.shape) or not all(isinstance(i, int) and -len(axes) <= i < len(axes) for i in axes):
        return _moved(array, None)
    return _moved(array, tuple(array.shape[i] for i in axes))


def swapped(facts: Facts, bound: Bound) -> Fact:
    """`np.swapaxes(a, axis1, axis2)`, `a.mT`."""
    array = array_named("a", facts)
    if array is None:
        return UNKNOWN
    if array.shape is None:
        return _moved(array, None)
    shape = list(array.shape)
    try:
        i, j = (value_of("axis1", bound, facts), value_of("axis2", bound, facts)) if "axis1" in bound else (-1, -2)
        shape[i], shape[j] = shape[j], shape[i]
    except (NotKnown, IndexError, TypeError):
        return _moved(array, tuple(fresh() for _ in shape))
    return _moved(array, tuple(shape))


def moved(facts: Facts, bound: Bound) -> Fact:
    """`np.moveaxis(a, source, destination)` for two known axes."""
    array = array_named("a", facts)
    if array is None:
        return UNKNOWN
    if array.shape is None:
        return _moved(array, None)
    source = axes_of("source", len(array.shape), facts, bound)
    destination = axes_of("destination", len(array.shape), facts, bound)
    if source is None or destination is None or len(source) != 1 or len(destination) != 1:
        return _moved(array, tuple(fresh() for _ in array.shape))
    shape = list(array.shape)
    shape.insert(destination[0], shape.pop(source[0]))
    return _moved(array, tuple(shape))


def broadcast_to(facts: Facts, bound: Bound) -> Fact:
    array = array_named("a", facts)
    return UNKNOWN if array is None else _moved(array, shape_named("shape", facts, bound))


def shape_tuple(facts: Facts, bound: Bound) -> Fact:
    """`a.shape`: the sizes as Python ints."""
    array = array_named("a", facts)
    if array is None or array.shape is None:
        return Sequence("tuple", None, INT, None)
    return tuple_of(*(integer(d) for d in array.shape))


def rank(facts: Facts, bound: Bound) -> Fact:
    array = array_named("a", facts)
    return INT if array is None or array.shape is None else integer(len(array.shape))


def size(facts: Facts, bound: Bound) -> Fact:
    """`a.size`, and `np.size(a, axis)` without an axis."""
    array = array_named("a", facts)
    if array is None or array.shape is None or bound.get("axis", DEFAULT) != DEFAULT:
        return INT
    return integer(product(array.shape))


def length(facts: Facts, bound: Bound) -> Fact:
    """`len(x)`."""
    fact = facts.get("x")
    if isinstance(fact, Number) and fact.shape:
        return integer(fact.shape[0])
    return integer(fact.length) if isinstance(fact, Sequence) and fact.length is not None else INT


# Arrays made from sizes


def filled(facts: Facts, bound: Bound) -> Fact:
    """`np.zeros(shape, dtype)`, `np.full(shape, fill_value, dtype)`."""
    shape = shape_named("shape", facts, bound)
    value = as_array(facts.get("fill_value"))
    if bound.get("dtype", DEFAULT) != DEFAULT:
        dtype = dtype_named(facts, bound, None)
        return Number(kind_of(dtype), dtype, shape, "array")
    if "fill_value" not in bound:
        return Number("f", "float64", shape, "array")
    if value is None:
        return Number("?", None, shape, "array")
    return Number(value.kind, value.dtype, shape, "array", mixed=value.mixed)


def filled_like(facts: Facts, bound: Bound) -> Fact:
    """`np.zeros_like(a, dtype, shape=shape)`."""
    array = array_named("a", facts)
    if array is None:
        return Number("?")
    shape = array.shape if bound.get("shape", DEFAULT) == DEFAULT else shape_named("shape", facts, bound)
    if bound.get("dtype", DEFAULT) != DEFAULT:
        dtype = dtype_named(facts, bound, None)
        return Number(kind_of(dtype), dtype, shape, "array")
    dtype = array.dtype if array.box != "python" else None
    return Number(array.kind, dtype, shape, "array", mixed=array.mixed)


def eye(facts: Facts, bound: Bound) -> Fact:
    """`np.eye(N, M, k, dtype)`."""
    rows = clamp(sized(facts.get("N"), bound.get("N")) or fresh())
    columns = rows if bound.get("M", DEFAULT) == DEFAULT else clamp(sized(facts.get("M"), bound["M"]) or fresh())
    dtype = dtype_named(facts, bound, "float64")
    return Number(kind_of(dtype), dtype, (rows, columns), "array")


def arange(facts: Facts, bound: Bound) -> Fact:
    """`np.arange(start, stop, step, dtype)`: its length is known for integers from 0 in steps of 1."""
    numbers = [fact for name, fact in facts.items() if name in ("start", "stop", "step") and bound[name] != DEFAULT]
    known = [fact for fact in numbers if isinstance(fact, Number)]
    kind, _, mixed = promoted(tuple(map(part_of, known))) if len(known) == len(numbers) else ("?", None, False)
    if bound.get("dtype", DEFAULT) != DEFAULT:
        dtype = dtype_named(facts, bound, None)
        kind = kind_of(dtype)
    else:
        dtype = None
    only = bound["stop"] == DEFAULT
    count = sized(facts.get("start" if only else "stop"), bound["start" if only else "stop"]) if bound["step"] == core.Const(1) else None
    begin = dim(0) if only else sized(facts.get("start"), bound["start"])
    if count is None or begin is None:
        return Number(kind, dtype, (fresh(),), "array", mixed=mixed)
    span = count - begin
    return Number(kind, dtype, (clamp(span),), "array", mixed=mixed)


def linspace(facts: Facts, bound: Bound) -> Fact:
    """`np.linspace(start, stop, num)`: a new first axis of `num` entries."""
    ends = [as_array(facts.get(name)) for name in ("start", "stop")]
    count = clamp(sized(facts.get("num"), bound.get("num")) or fresh())
    known = [end for end in ends if end is not None]
    if len(known) < 2 or any(end.shape != () for end in known):
        return Number("?")
    real = all(end.kind in ("b", "i", "f") for end in known)
    return Number("f" if real else "?", "float64" if real and all(end.dtype in (None, "float64") for end in known) else None, (count,),
                  "array")


def drawn(facts: Facts, bound: Bound) -> Fact:
    """A random draw: of shape `size`, else of the shape of its parameters."""
    if bound.get("size", DEFAULT) != DEFAULT:
        return made(shape_named("size", facts, bound), "f", None)
    parameters = elementwise(facts[name] for name in bound if name != "size")
    return Number("f") if parameters is None else made(parameters.shape, "f", None, box="any" if parameters.shape == () else None)


def scalar_of(dtype: str) -> Result:
    """`np.float32(x)`: of this dtype, shaped as its argument."""
    name = np.dtype(dtype).name

    def result(facts: Facts, bound: Bound) -> Fact:
        number = as_array(facts.get("x"))
        return Number(kind_of(name), name) if number is None else made(number.shape, kind_of(name), name)
    return result
