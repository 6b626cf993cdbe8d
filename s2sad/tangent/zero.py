"""The tangents of what does not vary, in plain Python and NumPy where facts allow it."""
from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import replace

from s2sad import core
from s2sad.facts import UNKNOWN, Fact, Mapping, Number, ObjectFact, Sequence
from s2sad.meaning.callees import is_function
from s2sad.meaning.forms import call
from s2sad.quote import quote_expr

ZERO = core.Const(0.0)


def is_scalar(fact: Fact) -> bool:
    """Whether a value is a number that nothing changes in place."""
    return isinstance(fact, Number) and fact.shape == () and fact.box in ("python", "scalar")


def zero_of(value: core.Expr, fact: Callable[[core.Expr], Fact], named: core.Expr | None = None) -> core.Expr:
    """The zero tangent of `value`; `named`, if there is one, is a variable that holds the value."""
    known = fact(value)
    if is_function(known) or known.discrete and not isinstance(known, (Number, Sequence, Mapping)):
        return core.Const(None)
    if is_scalar(known):
        return core.Const(0j) if isinstance(known, Number) and known.kind == "c" else ZERO
    if isinstance(value, (core.Tuple, core.List)) and not any(isinstance(elt, core.Starred) for elt in value.elts):
        return replace(value, elts=tuple(zero_of(elt, fact) for elt in value.elts))
    if isinstance(value, core.Dict) and None not in value.keys:
        return replace(value, values=tuple(zero_of(elt, fact) for elt in value.values))
    if isinstance(known, ObjectFact) and isinstance(value, core.Call) and isinstance(value.func, core.Attribute) and value.func.attr == "__new__":
        return core.Call(core.Name("namespace"))
    if isinstance(known, Number) and known.kind in "fc" and known.box == "array":
        return _made(value) or core.Call(quote_expr("np.zeros_like"), (named or value,))
    return call("zero_tangent", named or value)


def _made(value: core.Expr) -> core.Expr | None:
    """`np.zeros(n)` of `np.empty(n)`, and of itself."""
    if isinstance(value, core.Call) and isinstance(value.func, core.Attribute) and value.func.value == core.Name("np"):
        name = {"zeros": "zeros", "empty": "zeros", "zeros_like": "zeros_like", "empty_like": "zeros_like", "ones": "zeros",
                "ones_like": "zeros_like"}.get(value.func.attr)
        if name and all(isinstance(part, (core.Name, core.Const, core.Attribute, core.Tuple, core.Subscript, core.BinOp, core.Expr)) for part in value.args):
            return replace(value, func=core.Attribute(core.Name("np"), name))
    return None


def tangent_fact(fact: Fact | None) -> Fact:
    """The fact of the tangent of a value."""
    if isinstance(fact, Number):
        return replace(fact, kind=fact.kind if fact.kind in "fc?" else "f", dtype=fact.dtype if fact.kind in "fc" else None, value=None, size=None)
    if isinstance(fact, Sequence):
        if fact.items is not None:
            return replace(fact, items=tuple(map(tangent_fact, fact.items)))
        return replace(fact, item=tangent_fact(fact.item))
    if isinstance(fact, Mapping):
        if fact.items is not None:
            return replace(fact, items=tuple((key, tangent_fact(item)) for key, item in fact.items))
        return replace(fact, item=tangent_fact(fact.item))
    if isinstance(fact, ObjectFact) and not fact.discrete:
        return ObjectFact(types.SimpleNamespace, tuple((name, tangent_fact(item)) for name, item in fact.fields), fact.open, fact.born)
    return UNKNOWN
