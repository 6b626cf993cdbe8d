"""Operations that facts prove to be simpler ones.

    np.full_like(x, 2.0) * y        ->      2.0 * y             where x and y have one shape and one type
    unbroadcast(t, x)               ->      t                   where they have
    np.zeros_like(x) + y            ->      y
    (x ** 2).size                   ->      x.size
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeGuard

from s2sad import core
from s2sad.facts import FLOAT, Fact, Number
from s2sad.meaning.semantics import Semantics
from s2sad.quote import quote_expr
from s2sad.tidy.effects import helper

ONES, FULL, ZEROS = quote_expr("np.ones_like"), quote_expr("np.full_like"), quote_expr("np.zeros_like")


@dataclass(frozen=True)
class Rewriter:
    """Rewrites expressions by the facts of their parts."""

    fact_of: Callable[[core.Expr], Fact]
    semantics: Semantics

    def rewrite(self, expr: core.Expr) -> core.Expr:
        if isinstance(expr, (core.Name, core.Const, core.Lambda, core.Comprehension)):
            return expr
        expr = core.rebuild(expr, lambda part: self.rewrite(part) if isinstance(part, core.Expr) else part)
        if isinstance(expr, core.BinOp):
            return self.operation(expr)
        if isinstance(expr, core.Call):
            return self.call(expr)
        if isinstance(expr, core.Attribute) and expr.attr in ("size", "shape") and isinstance(expr.value, core.BinOp):
            for part in (expr.value.left, expr.value.right):
                if isinstance(part, core.Name) and self.is_like(part, expr.value):
                    return replace(expr, value=part)
        return expr

    def operation(self, expr: core.BinOp) -> core.Expr:
        for one, other, first in ((expr.left, expr.right, True), (expr.right, expr.left, False)):
            if expr.op == "*" and (scaled := self.scaled(one, other)) is not None:
                return scaled
            if expr.op == "*" and (value := self.uniform(one)) is not None and self.is_filled_by(one, other):
                return core.BinOp("*", value, other)
            if expr.op in ("/", "-") and first and (value := self.uniform(one)) is not None and self.is_filled_by(one, other):
                return core.BinOp(expr.op, value, other)
            if expr.op == "+" and isinstance(one, core.Call) and one.func == ZEROS and self.is_like(one.args[0], other):
                return other
        return expr

    def scaled(self, one: core.Expr, other: core.Expr) -> core.Expr | None:
        """`2 * np.full_like(x, 1.0 / n) * y` as `2 / n * y`."""
        if not isinstance(one, core.BinOp) or one.op != "*" or not isinstance(one.left, core.Const) or isinstance(one.left.value, complex):
            return None
        value = self.uniform(one.right)
        if value is None or not self.is_filled_by(one.right, other):
            return None
        if isinstance(value, core.BinOp) and value.op == "/" and value.left == core.Const(1.0):
            return core.BinOp("*", core.BinOp("/", one.left, value.right), other)
        return core.BinOp("*", core.BinOp("*", one.left, value), other)

    def uniform(self, expr: core.Expr) -> core.Expr | None:
        """The number in every element of an array that is written out: 1.0 for `np.ones_like(x)`."""
        if not isinstance(expr, core.Call) or expr.keywords:
            return None
        if expr.func == ONES and len(expr.args) == 1:
            return core.Const(1.0)
        if expr.func == FULL and len(expr.args) == 2:
            fact = self.fact_of(expr.args[1])
            return expr.args[1] if isinstance(fact, Number) and fact.shape == () and fact.box == "python" and fact.kind in "bif" else None
        return None

    def is_filled_by(self, array: core.Expr, other: core.Expr) -> bool:
        """Whether `array * other` has the shape and the type of `other`."""
        assert isinstance(array, core.Call)
        return self.is_like(array.args[0], other)

    def is_like(self, a: core.Expr, b: core.Expr) -> bool:
        """Whether two arrays have one shape and one inexact type."""
        one, other = self.fact_of(a), self.fact_of(b)
        return is_float_array(one) and is_float_array(other) and one.shape == other.shape and one.dtype == other.dtype

    def call(self, expr: core.Call) -> core.Expr:
        name = helper(expr, self.semantics)
        if name == "unbroadcast" and len(expr.args) == 2 and not expr.keywords:
            have, want = self.fact_of(expr.args[0]), self.fact_of(expr.args[1])
            if have == want and (want == FLOAT or is_float_array(want)):
                return expr.args[0]
        if name == "zeros" and len(expr.args) == 1:
            fact = self.fact_of(expr.args[0])
            if isinstance(fact, Number) and fact.kind in "fc" and fact.box == "array" and not fact.mixed:
                return core.Call(ZEROS, expr.args)
        return expr


def is_float_array(fact: Fact) -> TypeGuard[Number]:
    """Whether a value is known to be an array of one floating-point type and of one rank."""
    if not isinstance(fact, Number) or fact.box != "array" or not fact.shape:
        return False
    return fact.kind == "f" and fact.dtype is not None and not fact.mixed
