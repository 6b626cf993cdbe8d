"""The fact of `x[index]`, from the facts of `x` and of the index: `subscript(fact, index)`.

The index is the fact of what stands in the brackets: a `SliceFact`, a `Number`, None for a new axis, an `ObjectFact` of Ellipsis, or a
tuple of these.
"""
from __future__ import annotations

import types
from collections.abc import Sequence as Items
from typing import Any

from s2sad.facts import (
    INT,
    NONE,
    TEXT,
    UNDEFINED,
    UNKNOWN,
    Dim,
    Fact,
    Mapping,
    NoneFact,
    Number,
    ObjectFact,
    RangeFact,
    Sequence,
    Shape,
    SliceFact,
    Text,
    broadcast,
    dim,
    fresh,
    join_all,
    renewed,
    slice_length,
)
from s2sad.infer.arithmetic import as_array

ELLIPSIS = ObjectFact(types.EllipsisType)
FULL = SliceFact(NONE, NONE, NONE)


def subscript(value: Fact, index: Fact) -> Fact:
    """The fact of `value[index]`."""
    if value is UNDEFINED or index is UNDEFINED:
        return UNDEFINED
    if isinstance(value, Number):
        return _of_array(value, index)
    if isinstance(value, Sequence):
        return _of_sequence(value, index)
    if isinstance(value, Mapping):
        return _of_mapping(value, index)
    if isinstance(value, Text):
        return TEXT
    if isinstance(value, RangeFact):
        return RangeFact() if isinstance(index, SliceFact) else INT
    return UNKNOWN


def constant(fact: Fact) -> Any:
    """The int, bool or str that a fact fixes, None where it fixes none."""
    return fact.value if isinstance(fact, (Number, Text)) else None


def _of_sequence(value: Sequence, index: Fact) -> Fact:
    if isinstance(index, SliceFact):
        if value.items is not None:
            bounds = [None if isinstance(part, NoneFact) else constant(part) for part in (index.start, index.stop, index.step)]
            known = all(
                isinstance(part, NoneFact) or bound is not None for part, bound in zip((index.start, index.stop, index.step), bounds)
            )
            if known and bounds[2] != 0:
                items = value.items[slice(*bounds)]
                return Sequence(value.kind, items, None, dim(len(items)))
        length = None if value.length is None else _sliced(value.length, index)
        return Sequence(value.kind, None, value.each, length)
    if not isinstance(index, Number):
        return UNKNOWN
    if value.items is not None:
        if index.value is not None:
            return value.items[index.value] if -len(value.items) <= index.value < len(value.items) else UNKNOWN
        return renewed(join_all(value.items)) if value.items else UNKNOWN
    return renewed(value.each)


def _of_mapping(value: Mapping, index: Fact) -> Fact:
    key = constant(index)
    if value.items is None:
        return renewed(value.each)
    if key is not None:
        return next((item for k, item in value.items if k == key), UNKNOWN)
    return renewed(value.each) if value.items else UNKNOWN


def bound_of(fact: Fact) -> Dim | int | None:
    """A bound of a slice as a size; raises LookupError where it is not known."""
    if isinstance(fact, NoneFact):
        return None
    if isinstance(fact, Number):
        if fact.value is not None:
            return int(fact.value)
        if fact.size is not None:
            return fact.size
    raise LookupError


def _sliced(n: Dim, index: SliceFact) -> Dim:
    if index is FULL:
        return n
    try:
        return slice_length(n, bound_of(index.start), bound_of(index.stop), bound_of(index.step))
    except LookupError:
        return fresh()


def _parts(index: Fact) -> tuple[Fact, ...] | None:
    if isinstance(index, Sequence) and index.kind == "tuple":
        return index.items
    return (index,)


def _unknown_part(value: Number) -> Number:
    return Number(value.kind, value.dtype, None, "any", None, None, value.mixed)


def _of_array(value: Number, index: Fact) -> Number:
    parts = _parts(index)
    if parts is None or value.shape is None:
        return _unknown_part(value)
    if len(parts) == 1 and isinstance(index, SliceFact):
        if not value.shape:
            return _unknown_part(value)
        return Number(value.kind, value.dtype, (_sliced(value.shape[0], index), *value.shape[1:]), "array", None, None, value.mixed)
    shape = indexed_shape(value.shape, parts)
    if shape is None:
        return _unknown_part(value)
    box = "array" if shape or ELLIPSIS in parts else "scalar"
    return Number(value.kind, value.dtype, shape, box, None, None, value.mixed)


def _axes_taken(part: Fact) -> int | None:
    """How many axes of the array a part of an index stands for, None where it is not known."""
    if isinstance(part, Number):
        # What may be a bool may take any number of axes.
        if part.shape is None or part.mixed or part.kind == "?":
            return None
        return len(part.shape) if part.kind == "b" else 1
    if isinstance(part, SliceFact):
        return 1
    if isinstance(part, NoneFact):
        return 0
    return None


def indexed_shape(shape: Shape, parts: Items[Fact]) -> Shape | None:
    """The shape of `x[parts]`, None where it is not known."""
    arrays = [as_array(part) if isinstance(part, Sequence) else part for part in parts]
    if any(part is None for part in arrays) or arrays.count(ELLIPSIS) > 1:
        return None
    known: list[Fact] = [part for part in arrays if part is not None]
    taken = [_axes_taken(part) for part in known if part != ELLIPSIS]
    if None in taken:
        return None
    rest = len(shape) - sum(n for n in taken if n is not None)
    if rest < 0:
        return None
    if ELLIPSIS in known:
        at = known.index(ELLIPSIS)
        known = [*known[:at], *(FULL,) * rest, *known[at + 1:]]
        gap = at if rest == 0 else None
    else:
        known = [*known, *(FULL,) * rest]
        gap = None
    return _combined(shape, known, gap)


def _combined(shape: Shape, parts: list[Fact], gap: int | None) -> Shape | None:
    """Basic parts give their axes in order; the advanced ones, if any, give one block, in their place if they stand together, else
    in front.
    """
    advanced = any(isinstance(part, Number) and (part.shape or part.kind == "b") for part in parts)
    result: list[Dim] = []
    block: Shape | None = ()
    places: list[int] = []
    where = axis = 0
    for i, part in enumerate(parts):
        if isinstance(part, SliceFact):
            result.append(_sliced(shape[axis], part))
            axis += 1
        elif isinstance(part, NoneFact):
            result.append(dim(1))
        elif isinstance(part, Number):
            if advanced:
                if not places:
                    where = len(result)
                places.append(i)
                block = broadcast(block, ((part.size if part.shape else None) or fresh(),) if part.kind == "b" else part.shape)
            axis += len(part.shape or ()) if part.kind == "b" else 1
    if not advanced:
        return tuple(result)
    if block is None:
        return None
    together = places[-1] - places[0] == len(places) - 1 and not (gap is not None and places[0] < gap <= places[-1])
    at = where if together else 0
    return (*result[:at], *block, *result[at:])
