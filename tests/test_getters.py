"""`operator.methodcaller`, `attrgetter` and `itemgetter`: objects in globals, or made where they are called."""
import operator
from functools import partial

import numpy as np
import pytest

from s2sad import DifferentiationError, grad, jvp

LOG = [0.0]


class Meter:
    def __init__(self, x):
        self.x = x
        self.parts = {"scale": 2.0 * x}

    def note(self, weight=1.0):
        LOG[0] = LOG[0] + self.x * weight
        return self.x

    def grow(self, rate, twice=False):
        self.x = self.x * rate * (2.0 if twice else 1.0)
        return self.x


    def scaled(self, y):
        return self.x * y

    def squared(self, y):
        return self.x * y ** 2


def power(n, x):
    return x ** n


def times(n, x):
    return x * n


held = partial(power, 2)
note = operator.methodcaller("note", 2.0)
grow = operator.methodcaller("grow", 1.5, twice=True)
size, scale, second = operator.attrgetter("x"), operator.attrgetter("x", "parts"), operator.itemgetter(1)


def notes(x):
    LOG[0] = 0.0
    meter = Meter(x)
    note(meter)
    return LOG[0] * x


def notes_by_a_caller_made_here(x):
    LOG[0] = 0.0
    operator.methodcaller("note", x)(Meter(x))
    return LOG[0] * x


def grows(x):
    meter = Meter(x)
    grow(meter)
    return grow(meter) * meter.x * size(meter)


def reads(x):
    found, parts = scale(Meter(x))
    return found * parts["scale"] * second([x, x ** 2])


def of_items(x):
    pairs = [(x, 2.0), (x ** 2, 3.0)]
    return sum(map(operator.itemgetter(0), pairs)) * max(pairs, key=second)[0]


@pytest.mark.parametrize("f", [notes, notes_by_a_caller_made_here, grows, reads, of_items])
def test_they_are_functions_like_others(f):
    x, h = 1.3, 1e-6
    expected = (f(x + h) - f(x - h)) / (2 * h)
    assert grad(f)(x) == pytest.approx(expected, rel=1e-7) == jvp(f, (x,), (1.0,))[1]


def test_another_one_under_the_name_is_another_function(monkeypatch):
    def read(pair):
        return second(pair)

    assert grad(read)([2.0, 3.0]) == [0.0, 1.0]
    monkeypatch.setitem(globals(), "second", operator.itemgetter(0))
    assert grad(read)([2.0, 3.0]) == [1.0, 0.0]


def test_so_is_another_partial_or_bound_method(monkeypatch):
    def applied(x):
        return held(x)

    for function, slope in ((partial(power, 2), 6.0), (partial(power, 3), 27.0), (partial(times, 3), 3.0), (Meter(2.0).scaled, 2.0),
                            (Meter(5.0).scaled, 5.0), (Meter(2.0).squared, 12.0)):
        monkeypatch.setitem(globals(), "held", function)
        assert grad(applied)(3.0) == slope


def test_one_that_holds_an_array_is_refused(monkeypatch):
    monkeypatch.setitem(globals(), "grow", operator.methodcaller("grow", np.ones(2)))
    with pytest.raises(DifferentiationError):
        grad(grows)(1.3)
