"""Adjoints and tangents of the operands of `np.einsum`, one by one, with subscripts worked out where they are written out."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from s2sad import core
from s2sad.facts import UNKNOWN, Dim, Fact, Number, Text
from s2sad.quote import quote_expr
from s2sad.rules.guards import NotKnown, literal
from s2sad.rules.numbers import Bound, Facts, promoted
from s2sad.rules.shapes import array_named, made
from s2sad.runtime.products import letters_of_axes, spelled_subscripts

EINSUM = quote_expr("np.einsum")
ADJOINT = core.Name("adjoint_of_einsum")
ZERO = core.Const(0.0)


def spelled(paths: Sequence[str], bound: Bound, facts: Facts) -> tuple[core.Expr, list[str]]:
    """The subscripts and the paths of the operands, those of `np.einsum("ab->a", a)` for `np.einsum(a, [0, 1], [0])` too."""
    heads = list(dict.fromkeys(".".join(path.split(".")[:2]) for path in paths))
    first = facts.get(heads[0])
    if not isinstance(first, Number) and not (heads[1:] and f"{heads[1]}.0" in paths and not isinstance(first, Text)):
        known = first.value if isinstance(first, Text) else None
        return core.Name(heads[0]) if known is None else core.Const(known), heads[1:]
    axes, result = heads[1:len(heads) // 2 * 2:2], heads[-1] if len(heads) % 2 else None
    try:
        numbers = [_numbers(head, paths, bound) for head in axes]
        subscripts: core.Expr = core.Const(letters_of_axes(numbers, _numbers(result, paths, bound) if result else None))
    except NotKnown:
        given = (core.Tuple(tuple(_whole(head, paths) for head in axes)), *([_whole(result, paths)] if result else []))
        subscripts = core.Call(core.Name("letters_of_axes"), given)
    return subscripts, heads[:len(heads) // 2 * 2:2]


def _numbers(head: str, paths: Sequence[str], bound: Bound) -> list[object]:
    """The axes of an operand as they are written; raises NotKnown where they are not."""
    values = literal(bound[head]) if head in paths else [literal(bound[path]) for path in paths if path.startswith(head + ".")]
    if not isinstance(values, (tuple, list)) or any(v is not ... and (not isinstance(v, int) or not 0 <= v < 52) for v in values):
        raise NotKnown
    return list(values)


def einsum_parts(paths: Sequence[str], bound: Bound, facts: Facts) -> Mapping[str, core.Expr]:
    """`np.einsum("ik,jk->ij", g, b)` for `a` in `np.einsum("ij,jk->ik", a, b)`."""
    try:
        subscripts, operands = spelled(paths, bound, facts)
    except NotKnown:
        return {}
    texts = {}
    for i, path in enumerate(operands):
        if path in bound:
            texts[path] = _direct(i, subscripts, operands, paths) or core.Call(ADJOINT, (
                core.Name("g"), core.Const(i), subscripts, *(_whole(operand, paths) for operand in operands)))
    return texts


def contracts_several(bound: Bound, facts: Facts) -> bool:
    """Whether `np.einsum` is given more than one operand, so that its result is new: the diagonal or transpose of one is a view."""
    try:
        return len(spelled([path for path in bound if path.startswith("operands.")], bound, facts)[1]) > 1
    except NotKnown:
        return False


def _whole(head: str, paths: Sequence[str]) -> core.Expr:
    """An operand, written out again where it was a display."""
    return core.Name(head) if head in paths else core.List(tuple(core.Name(path) for path in paths if path.startswith(head + ".")))


def _direct(i: int, subscripts: core.Expr, operands: Sequence[str], paths: Sequence[str]) -> core.Expr | None:
    if not isinstance(subscripts, core.Const) or "." in subscripts.value:
        return None
    terms, result = spelled_subscripts(subscripts.value, [0] * len(operands))
    own, others = terms[i], [term for k, term in enumerate(terms) if k != i]
    if len(set(own)) < len(own) or not set(own) <= set(result).union(*map(set, others)):
        return None
    text = ",".join(result if k == i else term for k, term in enumerate(terms)) + "->" + own
    return core.Call(EINSUM, (core.Const(text), *(core.Name("g") if k == i else _whole(path, paths) for k, path in enumerate(operands))))


def einsum_tangents(paths: Sequence[str], bound: Bound, facts: Facts) -> Mapping[str, core.Expr]:
    """The same sum of products with the tangent of one operand in its place."""
    try:
        subscripts, operands = spelled(paths, bound, facts)
    except NotKnown:
        return {}
    def moving(path: str) -> core.Expr:
        arrays = (core.Name(f"{other}_dot") if other == path else _whole(other, paths) for other in operands)
        return core.Call(EINSUM, (subscripts, *arrays))

    return {path: moving(path) for path in operands if path in bound}


def adjoints_of_contraction(paths: Sequence[str], bound: Bound, facts: Facts) -> Mapping[str, core.Expr]:
    """Those of `t` and of the other operands in `adjoint_of_einsum(t, i, subscripts, *operands)`: the sum of products is linear in each."""
    place = _place(paths, bound)
    given = [core.Name("g") if k == place else core.Name(path) for k, path in enumerate(paths)]
    found = {path: ZERO if k == place else quoted("t", k, given) for k, path in enumerate(paths)}
    return {"t": core.Call(EINSUM, (core.Name("subscripts"), *given)), **found} if place is not None else {}


def tangents_of_contraction(paths: Sequence[str], bound: Bound, facts: Facts) -> Mapping[str, core.Expr]:
    """The same adjoint of the tangent of `t`, and with the tangent of one operand in its place."""
    place = _place(paths, bound)
    given = list(map(core.Name, paths))
    if place is None:
        return {}
    moving = {path: [core.Name(f"{other}_dot" if other == path else other) for other in paths] for path in paths}
    found = {path: ZERO if k == place else quoted("t", place, moving[path]) for k, path in enumerate(paths)}
    return {"t": quoted("t_dot", place, given), **found}


def _place(paths: Sequence[str], bound: Bound) -> int | None:
    """Of which operand it is the adjoint, None where this, or one of the operands, is not known."""
    place = bound["i"].value if isinstance(bound["i"], core.Const) else None
    return place if isinstance(place, int) and all(path.count(".") == 1 for path in paths) else None


def quoted(t: str, place: int, operands: Sequence[core.Expr]) -> core.Expr:
    return core.Call(ADJOINT, (core.Name(t), core.Const(place), core.Name("subscripts"), *operands))


def contraction(facts: Facts, bound: Bound) -> Fact:
    """The fact of `np.einsum(...)`: sizes by their labels."""
    paths = [path for path in bound if path.startswith("operands.")]
    try:
        subscripts, operands = spelled(paths, bound, facts)
    except (NotKnown, IndexError):
        return UNKNOWN
    arrays = [array_named(path, facts) for path in operands]
    known = [array for array in arrays if array is not None]
    if len(known) < len(arrays) or not known:
        return UNKNOWN
    kind, dtype, mixed = promoted(tuple((a.kind, a.dtype, False, a.mixed) for a in known))
    if not isinstance(subscripts, core.Const) or "." in subscripts.value:
        return Number(kind, dtype, None, "any", mixed=mixed)
    terms, result = spelled_subscripts(subscripts.value, [0] * len(operands))
    sizes: dict[str, Dim] = {}
    for label, size in _labelled(terms, known):
        if label not in sizes or sizes[label] == 1:
            sizes[label] = size
    return made(tuple(sizes[c] for c in result) if set(result) <= set(sizes) else None, kind, dtype, mixed)


def _labelled(terms: Sequence[str], arrays: Sequence[Number]) -> Iterator[tuple[str, Dim]]:
    for term, array in zip(terms, arrays):
        if array.shape is not None and len(array.shape) == len(term):
            yield from zip(term, array.shape)


