"""Whether the guard of a case is proved: `holds(guard, bound, facts)` is a bool.

A guard is a Python condition on the names of a pattern, such as `a.ndim == 2 and axis is None`.  `a.ndim`, `a.shape`, `a.kind`, `a.box`,
`a.dtype`, `a.is_sequence`, `a.is_square` ask the facts of an argument; a bare name stands for the literal value of the argument, or the
constant that its facts carry, and `known(a)` asks whether there is one.
What is not known proves nothing: `not (a.ndim == 2)` does not hold for an argument of unknown rank.
"""
from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from s2sad import core
from s2sad.facts import Fact, NoneFact, Number, Sequence


class NotKnown(Exception):
    """A value that neither the text of the call nor its facts tell."""


COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "in": lambda a, b: a in b, "not in": lambda a, b: a not in b,
}


def literal(expr: core.Expr) -> Any:
    """The value that an expression writes out: `2`, `-1`, `None`, `(0, 1)`.  Raises NotKnown for anything else."""
    if isinstance(expr, core.Const):
        return expr.value
    if isinstance(expr, core.UnaryOp) and expr.op == "-" and isinstance(expr.operand, core.Const) and isinstance(expr.operand.value,
                                                                                                                 (int, float)):
        return -expr.operand.value
    if isinstance(expr, (core.Tuple, core.List)):
        return tuple(literal(elt) for elt in expr.elts)
    raise NotKnown


def value_of(name: str, bound: Mapping[str, core.Expr], facts: Mapping[str, Fact]) -> Any:
    """The value of an argument where its text or its facts tell it.  Raises NotKnown otherwise."""
    try:
        return literal(bound[name])
    except (KeyError, NotKnown):
        fact = facts.get(name)
        value = getattr(fact, "value", None)
        if value is None and not isinstance(fact, NoneFact):
            raise NotKnown from None
        return value


def attribute_of(fact: Fact | None, attr: str) -> Any:
    """`ndim`, `shape`, `kind`, `box` or `dtype` of a fact.  Raises NotKnown where it is not known."""
    if attr == "ndim":
        return len(attribute_of(fact, "shape"))
    if attr == "is_square":
        shape = attribute_of(fact, "shape")
        return len(shape) > 1 and shape[-1] == shape[-2]
    if attr == "is_sequence":
        return isinstance(fact, Sequence)
    value = getattr(fact, attr, None)
    if value is None or value in ("?", "any"):
        raise NotKnown
    return value


def _is_none(expr: core.Expr, bound: Mapping[str, core.Expr], facts: Mapping[str, Fact]) -> bool:
    if isinstance(expr, core.Name) and isinstance(facts.get(expr.id), (Number, Sequence)):
        return False
    return _evaluate(expr, bound, facts) is None


def _evaluate(expr: core.Expr, bound: Mapping[str, core.Expr], facts: Mapping[str, Fact]) -> Any:
    if isinstance(expr, core.Name):
        return value_of(expr.id, bound, facts)
    if isinstance(expr, core.Attribute) and isinstance(expr.value, core.Name):
        return attribute_of(facts.get(expr.value.id), expr.attr)
    if isinstance(expr, core.BoolOp):
        # One operand may decide what an unknown one before it could not.
        decides = expr.op == "or"
        results = [_truth(value, bound, facts) for value in expr.values]
        if decides in results:
            return decides
        if None in results:
            raise NotKnown
        return not decides
    if isinstance(expr, core.UnaryOp) and expr.op == "not":
        return not _evaluate(expr.operand, bound, facts)
    if isinstance(expr, core.Call) and expr.func == core.Name("known"):
        _evaluate(expr.args[0], bound, facts)
        return True
    if isinstance(expr, core.Compare) and expr.operands[1:] == (core.Const(None),):
        return _is_none(expr.operands[0], bound, facts) is (expr.ops[0] == "is")
    if isinstance(expr, core.Compare) and len(expr.ops) == 1:
        left, right = (_evaluate(operand, bound, facts) for operand in expr.operands)
        try:
            return COMPARISONS[expr.ops[0]](left, right)
        except TypeError:
            raise NotKnown from None
    return literal(expr)


def _truth(expr: core.Expr, bound: Mapping[str, core.Expr], facts: Mapping[str, Fact]) -> bool | None:
    try:
        return bool(_evaluate(expr, bound, facts))
    except NotKnown:
        return None


def holds(guard: core.Expr, bound: Mapping[str, core.Expr], facts: Mapping[str, Fact]) -> bool:
    """Whether the guard is known to be true."""
    return _truth(guard, bound, facts) is True
