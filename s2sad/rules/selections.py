"""Facts of results of functions that pick, repeat, order, pad, split and join entries: shapes, as far as they are known."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce

import numpy as np

from s2sad import core
from s2sad.facts import UNKNOWN, Dim, Fact, Number, Sequence, Shape, broadcast, clamp, dim, fresh, product, quotient, tuple_of
from s2sad.rules.guards import NotKnown, value_of
from s2sad.rules.numbers import Bound, Facts, Result, as_array, kind_of, promoted
from s2sad.rules.shapes import DEFAULT, array_named, axes_of, dtype_named, made, mean, sized


def entries(name: str, rank: int | None = None) -> Result:
    """Entries of an argument, in an array of this rank, or of its own where none is given: the sizes are not known."""
    def result(facts: Facts, bound: Bound) -> Fact:
        array = array_named(name, facts)
        if array is None:
            return UNKNOWN
        count = rank if rank is not None else array.ndim
        return _of(array, None if count is None else tuple(fresh() for _ in range(count)))
    return result


def _of(array: Number, shape: Shape | None) -> Number:
    dtype = array.dtype
    return Number(array.kind, dtype, shape, "array" if shape is not None else "any", mixed=array.mixed and dtype is None)


def integers(*names: str) -> Result:
    """Indices in the shape that the arguments of these names broadcast to."""
    def result(facts: Facts, bound: Bound) -> Fact:
        arrays = [array_named(name, facts) for name in names]
        shapes = [None if array is None else array.shape for array in arrays]
        shape = broadcast(*shapes)
        return Number("i", None, shape, "array" if shape else "any")
    return result


def ordered(facts: Facts, bound: Bound) -> Fact:
    """`np.sort(a, axis)`, `np.argsort`: the shape of the array, flat where the axis is None."""
    array = array_named("a", facts)
    if array is None:
        return UNKNOWN
    if bound.get("axis") == DEFAULT:
        return _of(array, (fresh() if array.shape is None else product(array.shape),))
    return _of(array, array.shape)


def order(facts: Facts, bound: Bound) -> Fact:
    """`np.argsort(a, axis)`."""
    fact = ordered(facts, bound)
    return Number("i", None, fact.shape, fact.box) if isinstance(fact, Number) else Number("i")


def taken(facts: Facts, bound: Bound) -> Fact:
    """`np.take(a, indices, axis)`: the shape of the indices in the place of the axis."""
    array, indices = array_named("a", facts), array_named("indices", facts)
    if array is None:
        return UNKNOWN
    if indices is None or indices.shape is None or array.shape is None:
        return made(None, array.kind, array.dtype, array.mixed)
    if bound.get("axis") == DEFAULT:
        return made(indices.shape, array.kind, array.dtype, array.mixed)
    axes = axes_of("axis", len(array.shape), facts, bound)
    shape = None if axes is None or len(axes) != 1 else (*array.shape[:axes[0]], *indices.shape, *array.shape[axes[0] + 1:])
    return made(shape, array.kind, array.dtype, array.mixed)


def taken_along(facts: Facts, bound: Bound) -> Fact:
    """`np.take_along_axis(arr, indices, axis)`: the size of the indices along the axis."""
    array, indices = array_named("arr", facts), array_named("indices", facts)
    if array is None or indices is None:
        return UNKNOWN
    if array.shape is None or indices.shape is None or len(array.shape) != len(indices.shape):
        return _of(array, indices.shape if bound.get("axis") == DEFAULT else None)
    axes = axes_of("axis", len(array.shape), facts, bound)
    if axes is None:
        return _of(array, tuple(fresh() for _ in array.shape))
    both = broadcast(array.shape, indices.shape)
    return _of(array, None if both is None else tuple(indices.shape[i] if i in axes else d for i, d in enumerate(both)))


def along_axis(name: str, size: Callable[[Dim, Facts, Bound], Dim | None]) -> Result:
    """The argument with another size along `axis`, flat before where that is None."""
    def result(facts: Facts, bound: Bound) -> Fact:
        array = array_named(name, facts)
        if array is None:
            return UNKNOWN
        if bound.get("axis") == DEFAULT:
            return _of(array, ((size(product(array.shape), facts, bound) if array.shape is not None else None) or fresh(),))
        if array.shape is None:
            return _of(array, None)
        axes = axes_of("axis", len(array.shape), facts, bound)
        if axes is None:
            return _of(array, tuple(fresh() for _ in array.shape))
        return _of(array, tuple((size(d, facts, bound) or fresh()) if i in axes else d for i, d in enumerate(array.shape)))
    return result


def _times_repeats(n: Dim, facts: Facts, bound: Bound) -> Dim | None:
    repeats = facts.get("repeats")
    times = sized(repeats, bound.get("repeats")) if isinstance(repeats, Number) and repeats.shape == () else None
    return None if times is None else n * times


def _less_order(n: Dim, facts: Facts, bound: Bound) -> Dim | None:
    order = sized(facts.get("n"), bound.get("n"))
    if order is None or any(bound[name] != DEFAULT for name in ("prepend", "append")):
        return None
    return clamp(n - order)


repeated = along_axis("a", _times_repeats)
differences = along_axis("a", _less_order)
compressed = along_axis("a", lambda n, facts, bound: None)
deleted = along_axis("arr", lambda n, facts, bound: None)


def quantiles(facts: Facts, bound: Bound) -> Fact:
    """`np.quantile(a, q, axis)`: the axes of `q`, then those of the array that are left."""
    fact, q = mean(facts, bound), array_named("q", facts)
    if not isinstance(fact, Number) or q is None or fact.shape is None or q.shape is None:
        return UNKNOWN
    shape = q.shape + fact.shape
    weighted = bound.get("weights", DEFAULT) != DEFAULT     # which gives an array without axes where it gives one number
    return made(shape, fact.kind, None, box="any" if weighted and not shape else None)


def between(facts: Facts, bound: Bound) -> Fact:
    """`np.gradient(f, axis=axis)`: an array like `f` for one axis, else several."""
    array = array_named("f", facts)
    if array is None or array.shape is None:
        return UNKNOWN
    try:
        axis = value_of("axis", bound, facts)
    except NotKnown:
        return UNKNOWN
    each = replace(array, kind="f", value=None, size=None, dtype=array.dtype if array.kind == "f" else None, box="array", mixed=False)
    count = len(axis) if isinstance(axis, tuple) else 1 if isinstance(axis, int) else len(array.shape)
    if count == 1 and not isinstance(axis, tuple):
        return each
    return UNKNOWN if isinstance(axis, tuple) and count == 1 else tuple_of(*[each] * count)


def tiled(facts: Facts, bound: Bound) -> Fact:
    """`np.tile(A, reps)`."""
    array, reps = array_named("A", facts), facts.get("reps")
    if array is None or array.shape is None:
        return UNKNOWN if array is None else _of(array, None)
    if isinstance(reps, Number) and reps.shape == ():
        times: list[Dim | None] = [sized(reps, bound.get("reps"))]
    elif isinstance(reps, Sequence) and reps.items is not None:
        times = [sized(item) for item in reps.items]
    else:
        return _of(array, None)
    rank = max(len(times), len(array.shape))
    sizes = (*[dim(1)] * (rank - len(array.shape)), *array.shape)
    factors = (*[dim(1)] * (rank - len(times)), *times)
    return _of(array, tuple(fresh() if k is None else d * k for d, k in zip(sizes, factors)))


def padded(facts: Facts, bound: Bound) -> Fact:
    """`np.pad(array, pad_width)`: the widths added, where they are written out."""
    array = array_named("array", facts)
    if array is None or array.shape is None:
        return UNKNOWN if array is None else _of(array, None)
    try:
        widths = np.broadcast_to(value_of("pad_width", bound, facts), (len(array.shape), 2)).sum(axis=1)
    except (NotKnown, ValueError):
        return _of(array, tuple(fresh() for _ in array.shape))
    return _of(array, tuple(d + int(width) for d, width in zip(array.shape, widths)))


def diagonal_matrix(facts: Facts, bound: Bound) -> Fact:
    """`np.diag(v, k)`: a matrix for a vector, the diagonal of a matrix."""
    array = array_named("v", facts)
    if array is None or array.shape is None:
        return UNKNOWN if array is None else _of(array, None)
    try:
        k = abs(value_of("k", bound, facts))
    except (NotKnown, TypeError):
        return _of(array, tuple(fresh() for _ in range(3 - len(array.shape)))) if len(array.shape) in (1, 2) else UNKNOWN
    if len(array.shape) == 1:
        return _of(array, (array.shape[0] + k,) * 2)
    square = len(array.shape) == 2 and array.shape[0] == array.shape[1] and k == 0
    return _of(array, (array.shape[0] if square else fresh(),))


def diagonal(facts: Facts, bound: Bound) -> Fact:
    """`np.diagonal(a, offset, axis1, axis2)`: the other axes, then the diagonal."""
    array = array_named("a", facts)
    if array is None or array.shape is None:
        return UNKNOWN if array is None else _of(array, None)
    if [bound.get(name) for name in ("offset", "axis1", "axis2")] == [core.Const(0), core.Const(0), core.Const(1)]:
        same = array.shape[0] == array.shape[1]
        return _of(array, (*array.shape[2:], array.shape[0] if same else fresh()))
    return _of(array, tuple(fresh() for _ in array.shape[1:]))


def at_least(rank: int) -> Result:
    """`np.atleast_2d(a)` and the like: new axes of size 1."""
    def result(facts: Facts, bound: Bound) -> Fact:
        array = array_named("a", facts)
        if array is None or array.shape is None:
            return UNKNOWN if array is None else _of(array, None)
        shape, one = array.shape, (dim(1),)
        if rank == 3 and len(shape) in (1, 2):
            return _of(array, one + shape + one if len(shape) == 1 else shape + one)
        return _of(array, one * (rank - len(shape)) + shape)
    return result


# Joins and splits


def members(facts: Facts, name: str = "arrays") -> list[Number] | None:
    """The arrays of a join one by one, None where they are not known."""
    if name in facts:
        fact = facts[name]
        found = [as_array(item) for item in fact.items] if isinstance(fact, Sequence) and fact.items is not None else []
    else:
        heads = dict.fromkeys(".".join(path.split(".")[:2]) for path in facts if path.startswith(name + "."))
        found = [array_named(head, facts) for head in heads]
    known = [array for array in found if array is not None]
    return known if known and len(known) == len(found) else None


def joined_along(axis: int, least: int, lift: Callable[[Shape], Shape]) -> Result:
    """`np.vstack` and its kin: each array gets the shape `lift(shape)`, then they are joined along `axis`, counted from 0."""
    def result(facts: Facts, bound: Bound) -> Fact:
        arrays = members(facts)
        if arrays is None:
            return UNKNOWN
        kind, dtype, mixed = promoted(tuple((a.kind, a.dtype, False, a.mixed) for a in arrays))
        shapes = [lift(a.shape) for a in arrays if a.shape is not None]
        if len(shapes) < len(arrays) or any(len(shape) != len(shapes[0]) for shape in shapes):
            return made(None, kind, dtype, mixed)
        along = min(axis, len(shapes[0]) - 1)
        total = reduce(Dim.__add__, (shape[along] for shape in shapes))
        return made((*shapes[0][:along], total, *shapes[0][along + 1:]), kind, dtype, mixed)
    return result


def _columns(shape: Shape) -> Shape:
    return shape if len(shape) > 1 else (*(shape or (dim(1),)), dim(1))


def _deep(shape: Shape) -> Shape:
    if len(shape) > 2:
        return shape
    return (dim(1), *(shape or (dim(1),)), dim(1)) if len(shape) < 2 else (*shape, dim(1))


ONE = dim(1)
hstacked = joined_along(1, 1, lambda shape: shape or (ONE,))
vstacked = joined_along(0, 2, lambda shape: (ONE,) * (2 - len(shape)) + shape)
column_stacked = joined_along(1, 2, _columns)
dstacked = joined_along(2, 3, _deep)


def appended(facts: Facts, bound: Bound) -> Fact:
    """`np.append(arr, values, axis)`."""
    pair = [array_named(name, facts) for name in ("arr", "values")]
    known = [array for array in pair if array is not None]
    if len(known) < 2:
        return UNKNOWN
    kind, dtype, mixed = promoted(tuple((a.kind, a.dtype, False, a.mixed) for a in known))
    shapes = [array.shape for array in known if array.shape is not None]
    if len(shapes) < 2:
        return made(None if bound.get("axis") != DEFAULT else (fresh(),), kind, dtype, mixed)
    if bound.get("axis") == DEFAULT:
        return made((product(shapes[0]) + product(shapes[1]),), kind, dtype, mixed)
    axes = axes_of("axis", len(shapes[0]), facts, bound)
    if axes is None:
        return made(tuple(fresh() for _ in shapes[0]), kind, dtype, mixed)
    return made(tuple(d + e if i in axes else d for i, (d, e) in enumerate(zip(*shapes))), kind, dtype, mixed)


def parts(default_axis: int | None = None, box: str = "list") -> Result:
    """`np.split(ary, indices_or_sections, axis)`: equal parts where the number of sections is known, else as many as there are."""
    def result(facts: Facts, bound: Bound) -> Fact:
        array = array_named("ary", facts)
        if array is None:
            return UNKNOWN
        each = _of(array, None if array.shape is None else tuple(fresh() for _ in array.shape))
        try:
            count = value_of("indices_or_sections", bound, facts)
        except NotKnown:
            return Sequence(box, None, each, None)
        if isinstance(count, tuple):
            return Sequence(box, (each,) * (len(count) + 1), None, dim(len(count) + 1))
        axis = None if array.shape is None or "axis" not in bound else axes_of("axis", len(array.shape), facts, bound)
        if axis is not None and array.shape is not None:
            size = quotient(array.shape[axis[0]], dim(count))
            each = _of(array, tuple((size or fresh()) if i in axis else d for i, d in enumerate(array.shape)))
        return Sequence(box, (each,) * count, None, dim(count))
    return result


def selected(*names: str) -> Result:
    """The common dtype and the broadcast shape of the arguments of these names and their members."""
    def result(facts: Facts, bound: Bound) -> Fact:
        arrays: list[Number | None] = [a for name in names for a in (members(facts, name) or (array_named(name, facts),))]
        known = [a for a in arrays if a is not None]
        if not known or len(known) < len(arrays):
            return UNKNOWN
        kind, dtype, mixed = promoted(tuple((a.kind, a.dtype, a.box == "python", a.mixed) for a in known))
        return Number(kind, dtype, None, "any", mixed=mixed)
    return result


def grids(facts: Facts, bound: Bound) -> Fact:
    """`np.meshgrid(x, y, indexing=indexing)`: as many arrays, of equal shapes."""
    arrays = members(facts, "xi")
    if arrays is None or any(a.shape is None or len(a.shape) > 1 for a in arrays):
        return UNKNOWN
    sizes = [a.shape[0] if a.shape else dim(1) for a in arrays]
    try:
        indexing, sparse = value_of("indexing", bound, facts), value_of("sparse", bound, facts)
    except NotKnown:
        return UNKNOWN
    order = list(range(len(sizes)))
    if indexing == "xy" and len(sizes) > 1:
        order[:2] = [1, 0]
    shape = tuple(sizes[i] for i in order)
    shapes = [tuple(d if order[j] == i else dim(1) for j, d in enumerate(shape)) if sparse else shape for i in range(len(sizes))]
    made_of = tuple_of(*(_of(a, s) for a, s in zip(arrays, shapes)))
    return made_of if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else replace(made_of, kind="list")


def counted(facts: Facts, bound: Bound) -> Fact:
    """`np.bincount(x, weights)`: of as many entries as the data ask."""
    weighted = bound.get("weights", DEFAULT) != DEFAULT
    return Number("f" if weighted else "i", "float64" if weighted else "int64", (fresh(),), "array")


def triangle(facts: Facts, bound: Bound) -> Fact:
    """`np.tril(m, k)`: the shape of a matrix, a square for a vector."""
    array = array_named("m", facts)
    if array is None or array.shape is None:
        return UNKNOWN if array is None else _of(array, None)
    return _of(array, array.shape * 2 if len(array.shape) == 1 else array.shape)


def with_dtype(facts: Facts, bound: Bound, array: Number, shape: Shape | None) -> Number:
    """An array of this shape, of the dtype that the call asks for or its own."""
    dtype = dtype_named(facts, bound, array.dtype)
    return Number(array.kind if bound.get("dtype", DEFAULT) == DEFAULT else kind_of(dtype), dtype, shape, "array")
