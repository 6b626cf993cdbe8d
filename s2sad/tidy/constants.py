"""Arithmetic on literals, as a person does it: `0.1 * 3` is `0.3`."""
from __future__ import annotations

import operator
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from s2sad import core

Literal = int | float
LARGEST = 1e100
DIGITS = 15
_CONTEXT = Context(prec=60)
_PLAIN = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_EXACT = {"+": _CONTEXT.add, "-": _CONTEXT.subtract, "*": _CONTEXT.multiply, "/": _CONTEXT.divide}


def literal(expr: core.Expr | None) -> Literal | None:
    """The value of a number that is not negative and not extreme, None for any other expression."""
    if isinstance(expr, core.Const) and type(expr.value) in (int, float):
        value: Literal = expr.value
        if 0 <= value <= LARGEST and (value == 0 or value >= 1 / LARGEST):
            return value
    return None


def signed(value: Literal) -> core.Expr:
    """The expression of a number: a negative one is a minus sign and a literal."""
    return core.UnaryOp("-", core.Const(-value)) if value < 0 else core.Const(value)


def fold(op: str, a: Literal, b: Literal) -> Literal | None:
    """The value of `a op b`, None where it is best left written out.

    >>> fold("*", 0.1, 3), fold("/", 1, 2), fold("/", 1, 3), fold("-", 2, 1)
    (0.3, 0.5, None, 1)
    """
    if type(a) is int and type(b) is int and op in _PLAIN:
        result: int = _PLAIN[op](a, b)
        return result if abs(result) <= LARGEST else None
    if op == "**":
        small = type(a) is int and type(b) is int and a <= 100 and b <= 10
        return a**b if small else None
    if op not in _EXACT:
        return None
    try:
        exact = _EXACT[op](Decimal(repr(a)), Decimal(repr(b)))
    except (DivisionByZero, InvalidOperation, Overflow):
        return None
    value = float(exact)
    if len(exact.normalize(_CONTEXT).as_tuple().digits) > DIGITS:
        if op not in _PLAIN:
            return None
        value = _PLAIN[op](float(a), float(b))
    return value if value == 0 == exact or 1 / LARGEST <= abs(value) <= LARGEST else None
