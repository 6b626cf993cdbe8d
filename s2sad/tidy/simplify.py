"""Adjoint expressions as a person would write them: `simplify(expr)` is an expression with the same value.

    g * (2 * x ** (2 - 1))     ->  2 * g * x
    x_bar + -t * (1 / y)       ->  x_bar - t / y

Signs move outwards, where a sum takes them in; constants are multiplied and move to the front of their product.  What holds for
numbers of every kind needs no fact; what would keep an integer from becoming a float needs the fact of an operand.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from s2sad import core
from s2sad.facts import Fact, Number
from s2sad.tidy.constants import Literal, fold, literal, signed
from s2sad.tidy.rows import Match, Row, matches, rules_by_tags, tag_of

FactOf = Callable[[core.Expr], Fact]
LINEAR = ("np.sum", "np.expand_dims")
"""Functions out of which a sign is taken."""


def simplify(expr: core.Expr, fact_of: FactOf | None = None) -> core.Expr:
    """The expression in its simplest form; the very same one where there is nothing to do.

    The value may differ in rounding, and in the sign of a zero.  Where `expr` made a new array, the result may be one that was there
    before.

    >>> from s2sad.emit import emit_expression
    >>> from s2sad.quote import quote_expr
    >>> emit_expression(simplify(quote_expr("g * (2 * x ** (2 - 1))")))
    '2 * g * x'
    """
    return Simplifier(fact_of).simplify(expr)


def negate_inside(expr: core.Expr) -> core.Expr:
    """`-(a * b)` as it is written: `-a * b`."""
    if isinstance(expr, core.UnaryOp) and expr.op == "-" and _is(expr.operand, "*", "/"):
        return _first_factor(expr.operand, lambda first: core.UnaryOp("-", first))
    return expr


def _first_factor(expr: core.Expr, change: Callable[[core.Expr], core.Expr]) -> core.Expr:
    if isinstance(expr, core.BinOp) and expr.op in ("*", "/"):
        return replace(expr, left=_first_factor(expr.left, change))
    return change(expr)


def _is(expr: core.Expr, *ops: str) -> bool:
    return isinstance(expr, core.BinOp) and expr.op in ops


def _coefficient(expr: core.Expr) -> tuple[Literal | None, core.Expr | None]:
    """The literal in front of a product, and the rest of it: `2 * a / b` is 2 and `a / b`, `2` is 2 and nothing."""
    value = literal(expr)
    if value is not None:
        return value, None
    if isinstance(expr, core.BinOp) and expr.op in ("*", "/"):
        value, rest = _coefficient(expr.left)
        if value is not None:
            if rest is not None:
                return value, replace(expr, left=rest)
            if expr.op == "*":
                return value, expr.right
            return (None, expr) if value == 1 else (value, replace(expr, left=core.Const(1)))
    return None, expr


@dataclass(frozen=True)
class Simplifier:
    """Builds expressions in their simplest form from operands in theirs."""

    fact_of: FactOf | None = None

    def simplify(self, expr: core.Expr) -> core.Expr:
        if isinstance(expr, (core.Name, core.Lambda, core.Comprehension)):
            return expr
        if isinstance(expr, core.Const):
            return signed(expr.value) if type(expr.value) in (int, float) and expr.value < 0 else expr
        if isinstance(expr, core.BinOp):
            return self._operation(expr, self.simplify(expr.left), self.simplify(expr.right))
        if isinstance(expr, core.UnaryOp) and expr.op == "-":
            operand = self.simplify(expr.operand)
            return self._row(expr if operand is expr.operand else core.UnaryOp("-", operand), ("neg", tag_of(operand)))
        simpler: core.Expr = core.rebuild(expr, lambda part: self.simplify(part) if isinstance(part, core.Expr) else part)
        if isinstance(simpler, core.Attribute) and isinstance(simpler.value, core.Attribute) and simpler.attr == simpler.value.attr == "T":
            return simpler.value.value
        if isinstance(simpler, core.Subscript):
            if tag_of(simpler.value) == "neg":
                return self.minus(_without_kept_axes(replace(simpler, value=simpler.value.operand)))  # type: ignore[attr-defined]
            return _without_kept_axes(simpler)
        if isinstance(simpler, core.Call) and spelled(simpler.func) in LINEAR and simpler.args and tag_of(simpler.args[0]) == "neg":
            first: core.UnaryOp = simpler.args[0]  # type: ignore[assignment]
            return self.minus(replace(simpler, args=(first.operand, *simpler.args[1:])))
        return simpler

    def minus(self, operand: core.Expr) -> core.Expr:
        return self._row(core.UnaryOp("-", operand), ("neg", tag_of(operand)))

    def binary(self, op: str, left: core.Expr, right: core.Expr) -> core.Expr:
        return self._operation(core.BinOp(op, left, right), left, right)

    def _operation(self, expr: core.BinOp, left: core.Expr, right: core.Expr) -> core.Expr:
        """`expr` with its operands in their simplest form."""
        op, tags = expr.op, (expr.op, tag_of(left), tag_of(right))
        if tags[1] == tags[2] == "C":
            a, b = literal(left), literal(right)
            assert a is not None and b is not None
            value = fold(op, a, b)
            if value is not None:
                return signed(value)
        if left is not expr.left or right is not expr.right:
            expr = core.BinOp(op, left, right)
        simpler = self._row(expr, tags)
        if simpler is not expr:
            return simpler
        if op == "*":
            return self._product(expr)
        if op == "/":
            return self._quotient(expr)
        if op in ("+", "-"):
            return self._sum(expr)
        return expr

    def _row(self, expr: core.Expr, tags: tuple[str, ...]) -> core.Expr:
        for rule in rules_by_tags().get(tags, ()):
            found: Match = {}
            if matches(rule.before, expr, found) and self._holds(rule.row, found):
                return self._built(rule.after, found)
        return expr

    def _holds(self, row: Row, found: Match) -> bool:
        return (not row.inexact or self._inexact(found[row.inexact])) and (not row.scalar or self._scalar(found[row.scalar]))

    def _inexact(self, expr: core.Expr) -> bool:
        fact = self.fact_of(expr) if self.fact_of else None
        return isinstance(fact, Number) and fact.kind in ("f", "c") and not fact.mixed

    def _scalar(self, expr: core.Expr) -> bool:
        fact = self.fact_of(expr) if self.fact_of else None
        return isinstance(fact, Number) and fact.shape == () and fact.box in ("python", "scalar")

    def _built(self, template: core.Expr, found: Match) -> core.Expr:
        if isinstance(template, core.Name):
            return found[template.id]
        if isinstance(template, core.BinOp):
            return self.binary(template.op, self._built(template.left, found), self._built(template.right, found))
        if isinstance(template, core.UnaryOp):
            return self.minus(self._built(template.operand, found))
        return template

    # Products: one literal, in front.

    def _product(self, expr: core.BinOp) -> core.Expr:
        a, left = _coefficient(expr.left)
        b, right = _coefficient(expr.right)
        if a is None and b is None:
            return expr
        value: Literal | None = b if a is None else a if b is None else fold("*", a, b)
        if value is None or value < 0:
            return expr
        if left is None or right is None:
            rest = right if left is None else left
        elif b is None:
            rest = core.BinOp("*", left, right)
        else:
            rest = self.binary("*", left, right)
        assert rest is not None
        new = self._times(value, rest)
        return expr if new == expr else new

    def _times(self, value: Literal, rest: core.Expr) -> core.Expr:
        """`value * rest`, where a divisor of `rest` is cancelled if it comes out even."""
        divided = self._cancelled(value, rest)
        if divided is not None:
            return divided
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 and self._inexact(rest):
            value = int(value)
        if value == 1 and (type(value) is int):
            return rest
        front = core.Const(value)
        return _first_factor(rest, lambda first: front if first == core.Const(1) else core.BinOp("*", front, first))

    def _cancelled(self, value: Literal, rest: core.Expr) -> core.Expr | None:
        if not isinstance(rest, core.BinOp) or rest.op not in ("*", "/"):
            return None
        if rest.op == "/":
            divisor, other = _coefficient(rest.right)
            if divisor is not None and divisor > 1 and value >= divisor and value % divisor == 0 and self._inexact(rest):
                value = _even(value, divisor)
                kept = rest.left if other is None else replace(rest, right=other)
                return self._times(value, kept)
        inner = self._cancelled(value, rest.left)
        return None if inner is None else replace(rest, left=inner)

    def _quotient(self, expr: core.BinOp) -> core.Expr:
        a, left = _coefficient(expr.left)
        b, right = _coefficient(expr.right)
        if a is None or b is None or b <= 1 or a % b or not self._inexact(expr):
            return expr
        rest = left or core.Const(1)
        if right is not None:
            rest = core.BinOp("/", rest, right)
        return self._times(_even(a, b), rest)

    # Sums

    def _sum(self, expr: core.BinOp) -> core.Expr:
        """`a + a` is `2 * a`, `n - 1 - 1` is `n - 2`."""
        left, right = expr.left, expr.right
        last = literal(right)
        if isinstance(last, int) and isinstance(left, core.BinOp) and left.op in ("+", "-"):
            first = literal(left.right)
            if isinstance(first, int):
                total = (first if left.op == "+" else -first) + (last if expr.op == "+" else -last)
                return self.binary("+", left.left, signed(total))
        if expr.op == "+":
            a, one = _coefficient(left)
            b, other = _coefficient(right)
            if one is not None and other is not None and _same_product(one, other) and _repeatable(one):
                count = fold("+", 1 if a is None else a, 1 if b is None else b)
                if count is not None:
                    return self._times(count, one)
        return self._common_factor(expr)

    def _common_factor(self, expr: core.BinOp) -> core.Expr:
        """`-g * k - 2 * g * m` is `g * (-k - 2 * m)`."""
        negative = tag_of(expr.left) == "neg"
        left = expr.left.operand if isinstance(expr.left, core.UnaryOp) and negative else expr.left
        if not (_is(left, "*", "/") and _is(expr.right, "*", "/")):
            return expr
        (factor, first), (other, second) = self._without_factor(left), self._without_factor(expr.right)
        if factor is None or factor != other or first is None or second is None:
            return expr
        return self.binary("*", factor, self.binary(expr.op, self.minus(first) if negative else first, second))

    def _without_factor(self, product: core.Expr) -> tuple[core.Name | None, core.Expr | None]:
        """The variable that a product begins with, a literal aside, and the product without it."""
        value, rest = _coefficient(product)
        divided: list[core.BinOp] = []
        while isinstance(rest, core.BinOp) and rest.op in ("*", "/"):
            divided.append(rest)
            rest = rest.left
        if isinstance(rest, core.Name) and not divided and value is not None:
            return rest, core.Const(value)
        if not isinstance(rest, core.Name) or not divided or divided[-1].op == "/":
            return None, None
        without: core.Expr = divided.pop().right
        while divided:
            without = core.BinOp(divided[-1].op, without, divided.pop().right)
        return rest, without if value is None else self._times(value, without)


def _without_kept_axes(part: core.Subscript) -> core.Expr:
    """`np.sum(x, axis=1, keepdims=True)[:, 0]` as `np.sum(x, axis=1)`."""
    whole, index = part.value, part.index.elts if isinstance(part.index, core.Tuple) else (part.index,)
    if not isinstance(whole, core.Call) or spelled(whole.func) != "np.sum" or any(e not in (core.Const(0), core.Slice()) for e in index):
        return part
    taken = tuple(core.Const(i) for i, e in enumerate(index) if e == core.Const(0))
    over = taken[0] if len(taken) == 1 else core.Tuple(taken)
    if whole.keywords != (("axis", over), ("keepdims", core.Const(True))):
        return part
    return replace(whole, keywords=(("axis", over),))


def spelled(func: core.Expr) -> str:
    """`np.sum` for the function of NumPy that is written so."""
    return f"{func.value.id}.{func.attr}" if isinstance(func, core.Attribute) and isinstance(func.value, core.Name) else ""


def _even(a: Literal, b: Literal) -> int:
    """`a / b`, which comes out even."""
    return int(a // b)


def _same_product(one: core.Expr, other: core.Expr) -> bool:
    """Whether two expressions are products of the same factors, in any order."""
    if one == other:
        return True
    if not (_is(one, "*") and _is(other, "*")):
        return False
    left = list(_factors(other))
    for factor in _factors(one):
        if factor not in left:
            return False
        left.remove(factor)
    return not left


def _factors(expr: core.Expr) -> Iterator[core.Expr]:
    if isinstance(expr, core.BinOp) and expr.op == "*":
        yield from _factors(expr.left)
        yield from _factors(expr.right)
    else:
        yield expr


def _repeatable(expr: core.Expr) -> bool:
    """Whether evaluating an expression once instead of twice makes no difference, as far as its text tells."""
    if isinstance(expr, core.Call):
        func = expr.func
        named = isinstance(func, core.Attribute) and isinstance(func.value, core.Name) and func.value.id in ("np", "numpy", "math")
        return named and all(_repeatable(child) for child in (*expr.args, *(value for _, value in expr.keywords)))
    return all(_repeatable(child) for child in core.children(expr) if isinstance(child, core.Expr))
