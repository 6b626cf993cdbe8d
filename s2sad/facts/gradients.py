"""The facts of gradients, which have the structure, the shapes and the types of what they are the gradients of."""
from __future__ import annotations

from dataclasses import replace

from s2sad.facts.fact import FLOAT, UNKNOWN, Fact, Mapping, Number, ObjectFact, Sequence


def gradient_of(like: Fact) -> Fact:
    """The fact of a gradient with respect to a value of the fact `like`: with respect to a Python int it is a float."""
    if isinstance(like, Number):
        if like.kind in "bi" or like.mixed:
            return FLOAT if like.box == "python" else UNKNOWN
        return replace(like, value=None, size=None)
    if isinstance(like, Sequence) and like.kind in ("list", "tuple"):
        if like.items is not None:
            return replace(like, items=tuple(map(gradient_of, like.items)), born=None)
        return replace(like, item=gradient_of(like.each), born=None)
    if isinstance(like, Mapping):
        if like.items is not None:
            return Mapping(tuple((key, gradient_of(item)) for key, item in like.items))
        return Mapping(None, gradient_of(like.each), like.key)
    if isinstance(like, ObjectFact) and not like.discrete:
        return ObjectFact(like.cls, tuple((name, gradient_of(item)) for name, item in like.fields), like.open)
    return UNKNOWN
