"""Derivatives of derivatives: every order from the text of the one below, in both modes, against closed forms and nested complex steps."""
from __future__ import annotations

import functools
import math
from collections import namedtuple

import numpy as np
import pytest

import s2sad
from s2sad import grad, jvp


def power(x, n):
    r = 1
    while n > 0:
        n -= 1
        r *= x
    return r


def wave(x):
    return x ** 3 * math.sin(x)


def recursive(x, n):
    if n == 0:
        return 1.0
    return x * recursive(x, n - 1) + x


def stencil(a):
    u = np.array([0.0, 1.0, 0.5, -0.3, 0.2])
    for _ in range(3):
        u[1:-1] += a * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u ** 2)


W, B = np.array([[0.3, -0.5, 0.2], [0.1, 0.4, -0.7], [0.6, 0.2, 0.1]]), np.array([0.1, -0.2, 0.3])


def network(x):
    h = np.tanh(W @ np.array([x, x * x, 1.0]) + B)
    h = np.tanh(W @ h + B)
    return np.sum(h * h)


def growing(x):
    items = []
    for i in range(3):
        items.append(x ** i)
    total = 0.0
    while items:
        total = total * x + items.pop() ** 2
    return total


FUNCTIONS = [(power, (1.3, 6)), (recursive, (1.2, 4)), (stencil, (0.21,)), (network, (0.4,)), (growing, (1.1,))]


def nth(f, args, order: int) -> float:
    """The derivative of this order by Cauchy's integral over a circle: spectrally accurate for analytic functions."""
    count, radius = 64, 0.3
    points = radius * np.exp(2j * np.pi * np.arange(count) / count)
    values = np.array([f(args[0] + complex(p), *args[1:]) for p in points])
    return float(np.real(np.mean(values / points ** order))) * math.factorial(order)


def complex_stencil(a):
    u = np.array([0.0, 1.0, 0.5, -0.3, 0.2], complex)
    for _ in range(3):
        u[1:-1] += a * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u ** 2)


REFERENCE = {stencil: complex_stencil}


@pytest.mark.parametrize(("f", "args"), FUNCTIONS, ids=[f.__name__ for f, _ in FUNCTIONS])
def test_reverse_over_reverse(f, args) -> None:
    derivative = f
    for order in range(1, 4):
        derivative = grad(derivative)
        assert derivative(*args) == pytest.approx(nth(REFERENCE.get(f, f), args, order), rel=1e-9)


def test_a_short_function_to_the_fifth_order() -> None:
    x, derivative = 0.7, wave
    expected = [lambda x: 3 * x ** 2 * math.sin(x) + x ** 3 * math.cos(x),
                lambda x: 6 * x * math.sin(x) + 6 * x ** 2 * math.cos(x) - x ** 3 * math.sin(x)]
    for order in range(1, 6):
        derivative = grad(derivative)
        if order <= 2:
            assert derivative(x) == pytest.approx(expected[order - 1](x), rel=1e-12)
    fifth = sum(math.comb(5, k) * (math.perm(3, k) * x ** (3 - k)) * math.sin(x + (5 - k) * math.pi / 2) for k in range(4))
    assert derivative(x) == pytest.approx(fifth, rel=1e-10)


@pytest.mark.parametrize(("f", "args"), FUNCTIONS, ids=[f.__name__ for f, _ in FUNCTIONS])
def test_forward_over_reverse(f, args) -> None:
    none = (None,) * (len(args) - 1)
    first = grad(f)
    value, tangent = jvp(first, args, (1.0, *none))
    assert value == pytest.approx(nth(REFERENCE.get(f, f), args, 1), rel=1e-9)
    assert tangent == pytest.approx(nth(REFERENCE.get(f, f), args, 2), rel=1e-9)
    assert jvp(grad(first), args, (1.0, *none))[1] == pytest.approx(nth(REFERENCE.get(f, f), args, 3), rel=1e-9)


def test_jacobians_and_hessians() -> None:
    x = np.array([2.0, 3.0, 4.0])
    for mode in (None, "forward", "reverse"):
        found = s2sad.jacobian(lambda x: np.array([x[0] * x[1], x[0] + x[2]]), mode=mode)(x)
        assert found.tolist() == [[3.0, 2.0, 0.0], [1.0, 0.0, 1.0]]
    assert s2sad.hessian(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0])).tolist() == [[6.0, 4.0], [4.0, 0.0]]
    blocks = s2sad.hessian(lambda a, b: a ** 3 * b ** 2, wrt=("a", "b"))(2.0, 3.0)
    assert blocks == ((pytest.approx(108.0), pytest.approx(72.0)), (pytest.approx(72.0), pytest.approx(16.0)))
    assert s2sad.hvp(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]), np.array([1.0, 0.0])).tolist() == [6.0, 4.0]


def test_structured_jacobian() -> None:
    def line(p, x):
        return {"y": p["w"] @ x + p["b"]}

    found = s2sad.jacobian(line)({"w": np.ones((2, 2)), "b": np.zeros(2)}, np.array([1.0, 2.0]))
    assert found["y"]["b"].tolist() == [[1.0, 0.0], [0.0, 1.0]] and found["y"]["w"][1].tolist() == [[0.0, 0.0], [1.0, 2.0]]


slope = grad(wave)


def of_slopes(x):
    return slope(x) ** 2 + slope(2 * x)


def test_derivatives_called_inside() -> None:
    x, h = 0.7, 1e-5
    expected = (of_slopes(x + h) - of_slopes(x - h)) / (2 * h)
    assert grad(of_slopes)(x) == pytest.approx(expected, rel=1e-8)
    assert jvp(of_slopes, (x,), (1.0,))[1] == pytest.approx(expected, rel=1e-8)


def wrong(x):
    return x * s2sad.stop_gradient(x)


def test_check_grads() -> None:
    s2sad.check_grads(wave, (0.7,), order=3)
    s2sad.check_grads(network, (0.4,), order=2)
    with pytest.raises(AssertionError, match=r"forward derivative of `wrong` with respect to argument 0.*by differences"):
        s2sad.check_grads(wrong, (1.5,))


def of_a_gradient(x):
    return grad(wave)(x) * x


def of_a_closure(x):
    inner = lambda y: x * y * y
    return grad(inner)(2.0)


def of_a_named_derivative(x):
    def inner(y):
        return x * y * y * math.sin(y)

    d = grad(inner)
    return d(x) + d(2.0) * x


def of_two_orders(x):
    inner = lambda y: x * y * y * y
    return grad(grad(inner))(x)


def of_value_and_gradient(x):
    value, slope = s2sad.value_and_grad(lambda y: math.exp(x * y))(x)
    return value * slope


def of_a_tangent(x):
    return jvp(wave, (x,), (x,))[1] + jvp(lambda y: x * y * y, (x,), (1.0,))[1]


def in_a_loop(x):
    total = 0.0
    for i in range(3):
        total += grad(lambda y: wave(y) * x)(x + i)
    return total


@pytest.mark.parametrize("f", [of_a_gradient, of_a_closure, of_a_named_derivative, of_two_orders, of_value_and_gradient, of_a_tangent, in_a_loop])
def test_derivatives_of_functions_defined_inside(f) -> None:
    x, h = 0.7, 1e-4
    expected = (8 * (f(x + h / 2) - f(x - h / 2)) - (f(x + h) - f(x - h))) / (6 * h)
    assert grad(f)(x) == pytest.approx(expected, rel=1e-8)
    assert jvp(f, (x,), (1.0,))[1] == pytest.approx(expected, rel=1e-8)




def test_perturbations_are_not_confused() -> None:
    # The classic case: d/dx of x * d/dy (x + y), which is d/dx x = 1.
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0) == 1.0


LOG = []


def logged(x):
    LOG.append(f"{x:.3f}")
    return x ** 3 * len(LOG[:0]) + x ** 3


class Cubed:
    def __init__(self, k):
        self.k = k

    def of(self, x):
        return self.k * x ** 3

    @classmethod
    def one(cls, x):
        return x ** 3

    def __call__(self, x):
        return self.of(x)


def weighted(a, x, *ys, k=2.0):
    return a * x ** 3 * k + sum(y ** 3 for y in ys) * x


@pytest.mark.parametrize(("f", "factor"), [
    (Cubed(2.0).of, 2.0), (Cubed.one, 1.0), (Cubed(3.0), 3.0), (functools.partial(weighted, 2.0, k=3.0), 6.0), (logged, 1.0),
], ids=["method", "class method", "callable object", "partial", "a global that changes"])
def test_derivatives_of_derivatives_of_what_is_bound(f, factor):
    slope = s2sad.grad(f)
    assert s2sad.grad(slope)(0.5) == pytest.approx(3 * factor)
    assert s2sad.grad(s2sad.grad(slope))(0.5) == pytest.approx(6 * factor)
    assert s2sad.vjp(slope, 0.5)[1](2.0) == pytest.approx((6 * factor,))


def test_derivatives_of_derivatives_by_items_of_the_arguments():
    slope = s2sad.grad(functools.partial(weighted, 2.0), wrt=1)
    assert s2sad.grad(slope)(0.5, 0.7) == pytest.approx(3 * 0.7 ** 2)
    assert s2sad.grad(slope, wrt=1)(0.5, 0.7) == pytest.approx(6 * 0.7 * 0.5)


def held_in_a_dict(x):
    d = {}
    d["a"] = np.exp(x)
    d["a"] += 1
    return d["a"].sum()


def put_twice(x):
    np.put(x, [1, 2, 1], x * 2)
    return np.sum(x ** 3)


@pytest.mark.parametrize("f", [held_in_a_dict, put_twice])
def test_what_derivatives_put_back_is_differentiated(f):
    x = np.array([0.3, -0.5, 1.1])
    rows = s2sad.jacobian(s2sad.grad(f), mode="reverse")(x)
    steps = [(s2sad.grad(f)(x + h) - s2sad.grad(f)(x - h)) / 2e-5 for h in 1e-5 * np.eye(3)]
    assert np.allclose(rows, np.array(steps).T, rtol=1e-6, atol=1e-6)


def through_views(a, k):
    b = a.copy()
    u = b
    u[0] += u[k]
    u = u[:-1]
    u *= 1.1
    u[0] *= u[1]
    return b


def test_what_a_tape_holds_under_two_names_has_one_tangent() -> None:
    def f(x):
        return np.sum(through_views(through_views(x, 2), 1) ** 2)

    x, d, h = np.array([1.1, 0.7, -0.4]), np.array([1.0, -0.6, 0.3]), 1e-5
    g = grad(f)
    expected = (8 * (g(x + h * d) - g(x - h * d)) - (g(x + 2 * h * d) - g(x - 2 * h * d))) / (12 * h)
    assert jvp(g, (x,), (d,))[1] == pytest.approx(expected, rel=1e-8)


Pair = namedtuple("Pair", "first second")


def of_a_pair(p):
    q = Pair(p.first * p.second, p.first)
    return q.first ** 2 * q[1] + q.second


def test_derivatives_of_named_tuples_are_derived():
    p = Pair(0.7, 1.5)
    value, pullback = s2sad.vjp(s2sad.grad(of_a_pair), p)
    assert value == pytest.approx((3 * 0.7 ** 2 * 1.5 ** 2 + 1, 2 * 0.7 ** 3 * 1.5))
    (bar,) = pullback(Pair(1.0, 0.0))
    assert isinstance(bar, Pair) and bar == pytest.approx((6 * 0.7 * 1.5 ** 2, 6 * 0.7 ** 2 * 1.5))


def of_chosen_columns(m):
    return np.sum(m[m[:, 0] > 0.35] ** 3) + np.sum(m[:, np.array([True, False, True])] ** 2) + np.sum(m[int(m[0, 1]):, 1] ** 2)


def test_places_of_masks_and_slices_have_names_where_gradients_are_pushed_forward():
    m, d, h = np.arange(12.0).reshape(4, 3) / 10, np.linspace(-1.0, 1.0, 12).reshape(4, 3), 1e-5
    g = grad(of_chosen_columns)
    assert np.allclose(jvp(g, (m,), (d,))[1], (g(m + h * d) - g(m - h * d)) / (2 * h), rtol=1e-6, atol=1e-6)


def in_a_dict(p):
    return p["i"]["j"] * p["i"]["k"] + p["c"]


slopes = grad(in_a_dict)


def over_the_keys(p):
    found = slopes(p)
    return sum(found["i"][key] ** 2 for key in found["i"]) + found["c"]


def over_the_items(p):
    found = slopes(p)
    return sum(v * v for v in found["i"].values()) + found["c"]


@pytest.mark.parametrize("f", [over_the_keys, over_the_items])
def test_gradients_have_the_structure_of_their_arguments(f) -> None:
    p = {"i": {"j": 1.5, "k": 0.7}, "c": 2.0}
    assert grad(f)(p) == {"i": {"j": 3.0, "k": 1.4}, "c": 0.0}


def queue(x, n):
    items = [x, x * x, 1.0]
    for i in range(n):
        items.append(items.pop(0) * items[-1] + i)
    return sum(items)


def test_items_that_are_put_back_have_tangents() -> None:
    h = 1e-5
    expected = (grad(queue)(1.3 + h, 4) - grad(queue)(1.3 - h, 4)) / (2 * h)
    assert jvp(grad(queue), (1.3, 4), (1.0, None))[1] == pytest.approx(expected, rel=1e-8)


def test_check_grads_takes_names() -> None:
    s2sad.check_grads(lambda x, u: x * u ** 2, (2.0, 3.0), wrt=("u",), order=2)
    with pytest.raises(TypeError, match="`wrt` names 'v'"):
        s2sad.check_grads(lambda x, u: x * u ** 2, (2.0, 3.0), wrt="v")
