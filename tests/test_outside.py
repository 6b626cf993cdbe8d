"""What a function finds outside of its arguments: arrays of its module and of its closure, read live, whose shapes texts rely on."""
from __future__ import annotations

import numpy as np
import pytest

import s2sad

DATA = np.arange(12.0).reshape(4, 3)
SHIFT = np.ones(3)
KEPT = {"f": lambda w: np.sum(DATA * w)}


def differences(f, w):
    return np.array([(f(w + h) - f(w - h)) / 2e-6 for h in 1e-6 * np.eye(len(w))])


def fitted(w):
    return np.sum((DATA * w + SHIFT) ** 2)


def least_squares(X, y):
    def loss(w):
        return np.mean((X @ w - y) ** 2)
    return loss


def test_sizes_of_captured_arrays_are_known():
    loss = s2sad.grad(least_squares(np.ones((5, 2)), np.zeros(5)))
    assert np.allclose(loss(np.array([1.0, 2.0])), 6.0)
    assert loss.source.splitlines()[1:] == ["    # forward sweep", "    t = X @ w - y", "    # reverse sweep", "    w_bar = X.T @ (2 / t.size * t)",
                                            "    return w_bar"]


def test_closures_of_one_factory_have_texts_of_their_own():
    first, second = s2sad.grad(least_squares(np.ones((5, 2)), np.zeros(5))), s2sad.grad(least_squares(np.ones((5, 2)), np.zeros((5, 1))))
    w = np.array([1.0, 2.0])
    for d in (first, second):
        assert np.allclose(d(w), differences(d.primal, w), atol=1e-4)


@pytest.mark.parametrize("data, shift, w", [
    (DATA, SHIFT, [1.0, 2.0, 3.0]), (DATA, np.ones((4, 1)), [1.0, 2.0, 3.0]), (DATA, 2.0, [1.0, 2.0, 3.0]), (DATA, SHIFT, [2.0]),
    (np.ones((2, 3)), np.ones(3), [1.0, 2.0, 3.0]), (np.ones(2), np.ones((3, 2)), [3.0, 1.0]), (np.ones(1), np.ones(1), [3.0, 1.0]),
], ids=str)
def test_texts_hold_for_the_shapes_that_globals_have_at_the_call(monkeypatch, data, shift, w):
    gradient = s2sad.grad(fitted)
    gradient(np.array([1.0, 2.0, 3.0]))
    monkeypatch.setitem(globals(), "DATA", data)
    monkeypatch.setitem(globals(), "SHIFT", shift)
    w = np.array(w)
    assert np.allclose(gradient(w), differences(fitted, w), rtol=1e-5)


def through_a_dict(w):
    return KEPT["f"](w) ** 2


def through_an_argument(w, f):
    return f(w) ** 2


@pytest.mark.parametrize("gradient, more", [(s2sad.grad(through_a_dict), ()), (s2sad.grad(through_an_argument), (KEPT["f"],))], ids=["dict", "argument"])
def test_functions_that_are_held_read_globals_live(monkeypatch, gradient, more):
    w = np.array([1.0, 2.0, 3.0])
    gradient(w, *more)
    for data in (np.ones((2, 1)), np.ones(3), np.array([2.0])):
        monkeypatch.setitem(globals(), "DATA", data)
        assert np.allclose(gradient(w, *more), differences(lambda w: gradient.primal(w, *more), w), rtol=1e-5)


def test_variables_that_are_called_like_what_a_derivative_defines():
    def g(x):
        for _ in range(2):
            x = x * np.cos(x)
        return x

    def f(x):
        g_reverse = x * 2
        g_forward = np.exp(g_reverse)
        return g(g(x) * g_reverse) * g_forward

    assert np.isclose(s2sad.grad(f)(0.3), (f(0.3 + 1e-6) - f(0.3 - 1e-6)) / 2e-6, rtol=1e-7)


NOTES = [0.0]


class Meter:
    """Notes outside of itself what is asked of it."""

    def __init__(self, x):
        self.x = x

    def note(self):
        NOTES[0] = NOTES[0] + self.x
        return self.x

    def __lt__(self, other):
        return self.note() < other.x

    def __eq__(self, other):
        return self.note() == other.x

    def __len__(self):
        return int(self.note() * 0.0) + 2

    def __index__(self):
        return int(self.note() * 0.0)

    __hash__ = None


def walked(x):
    for meter in [Meter(x), Meter(x ** 2)]:
        meter.note()
    return NOTES[0] * x


def largest_by_a_lambda(x):
    max([Meter(x), Meter(x ** 2)], key=lambda meter: meter.note())
    return NOTES[0] * x


def sorted_by_a_function(x):
    sorted([Meter(x), Meter(x ** 2)], key=Meter.note)
    return NOTES[0] * x


def compared_by_sorted(x):
    sorted([Meter(x), Meter(x ** 2)])
    return NOTES[0] * x


def compared_by_min(x):
    return min([Meter(x), Meter(x ** 2)]).x * NOTES[0]


def sought(x):
    return [Meter(x), Meter(x ** 2)].index(Meter(x)) + NOTES[0]


def contained(x):
    return (Meter(x) in [Meter(x)]) * NOTES[0]


def counted(x):
    return len(Meter(x)) * NOTES[0]


def an_index(x):
    return [1.0, 2.0][Meter(x)] * NOTES[0]


def true(x):
    while Meter(x) and x < 1.5:
        x = x * 1.2
    return NOTES[0] * x


@pytest.mark.parametrize("f", [walked, largest_by_a_lambda, sorted_by_a_function, compared_by_sorted, compared_by_min, sought, contained,
                               counted, an_index, true])
def test_what_objects_change_outside_is_followed_or_refused(f):
    def fresh(x):
        NOTES[0] = 0.0
        return f(x)

    expected = (fresh(1.3 + 1e-6) - fresh(1.3 - 1e-6)) / 2e-6
    for derivative in s2sad.grad(f), lambda x: s2sad.jvp(f, (x,), (1.0,))[1]:
        NOTES[0] = 0.0
        try:
            found = derivative(1.3)
        except s2sad.DifferentiationError:
            continue
        assert found == pytest.approx(expected, rel=1e-6)
