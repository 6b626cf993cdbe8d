"""What may be differentiated, and with respect to what."""
from __future__ import annotations

import functools
import math
import operator

import numpy as np
import pytest

import s2sad
from s2sad import DifferentiationError, grad, value_and_grad


def spread(x, *rest, k=1.0, **options):
    y = x * k
    for r in rest:
        y = y * r
    for name, value in options.items():
        y += value * value
    return y


def affine(x, a=1.0, b=2.0):
    return a * x * x + b


class Spring:
    def __init__(self, k):
        self.k = k

    @grad(wrt="x")
    def force(self, x, y=2.0):
        return self.k * x * x * y

    @value_and_grad(wrt=("x", "y"))
    def both(self, x, y=2.0):
        return self.k * x * x * y

    def cubic(self, x):
        return self.k * x ** 3

    def __call__(self, x):
        return self.k * x ** 3

    @staticmethod
    def free(x):
        return x ** 3

    @classmethod
    def of_class(cls, x):
        return x ** 4


spring = Spring(3.0)


@pytest.mark.parametrize(("wrt", "expected"), [
    ("k", 30.0), ("rest", (40.0, 24.0)), (1, 40.0), ((0, 1, 2), (60.0, 40.0, 24.0)), ("options", {"a": 6.0, "b": 2.0}), ("a", 6.0),
])
def test_items_of_stars_and_keyword_only(wrt, expected):
    assert grad(spread, wrt=wrt)(2.0, 3.0, 5.0, k=4.0, a=3.0, b=1.0) == expected


@pytest.mark.parametrize("wrt", ["zz", 5])
def test_items_that_the_call_does_not_give(wrt):
    with pytest.raises(DifferentiationError, match="this call gives no"):
        grad(spread, wrt=wrt)(2.0, 1.0, k=2.0)


def test_methods():
    assert spring.force(2.0) == 24.0
    assert spring.both(2.0, y=3.0) == (36.0, (36.0, 12.0))
    assert grad(spring.cubic)(2.0) == grad(Spring.cubic, wrt="x")(spring, 2.0) == grad(spring)(2.0) == 36.0
    assert grad(Spring.free)(2.0) == 12.0 and grad(Spring.of_class)(2.0) == 32.0


def test_lambdas_and_partials():
    assert grad(lambda x, y=3.0: x * y * y, wrt=(0, 1))(2.0) == (9.0, 12.0)
    assert grad(functools.partial(affine, a=3.0))(2.0) == 12.0
    assert grad(functools.partial(affine, 3.0))(2.0) == 9.0
    assert grad(functools.partial(affine, a=3.0), wrt=("x", "b"))(2.0) == (12.0, 1.0)
    assert grad(functools.partial(affine, a=3.0), wrt="a")(2.0) == 4.0


def test_functions_of_libraries_that_have_rules():
    assert grad(abs)(-2.0) == -1.0
    assert grad(math.sin)(0.5) == math.cos(0.5) and grad(np.sin)(0.5) == np.cos(0.5)
    assert grad(operator.mul, wrt=(0, 1))(2.0, 3.0) == (3.0, 2.0)
    np.testing.assert_array_equal(grad(np.sum)(np.ones(2)), np.ones(2))
    for found, expected in zip(grad(np.dot, wrt=(0, 1))(np.array([1.0, 2.0]), np.array([3.0, 4.0])), ([3.0, 4.0], [1.0, 2.0])):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(("made", "reason"), [
    (lambda: grad(Spring), "no Python source"), (lambda: grad(sorted), "no Python source"),
    (lambda: grad(affine, wrt="q"), "no parameter `q`"), (lambda: grad(affine, wrt=7), "no parameter at position 7"),
    (lambda: grad(affine, wrt=("x", "x")), "names `x` twice"), (lambda: grad(affine, wrt=()), "wrt is empty"),
    (lambda: grad(np.sort)(np.ones(2)), "the gradient is that of a real number"),
    (lambda: grad(lambda x: (x, x))(2.0), "the gradient is that of a real number"),
    (lambda: grad(affine)("a"), "it is of type str"),
])
def test_what_is_refused(made, reason):
    with pytest.raises(s2sad.DifferentiationError, match=reason):
        made()
