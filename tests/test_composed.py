"""Derivatives taken inside functions that are differentiated: every kind, with closures over what varies, in both modes."""
from __future__ import annotations

import math

import numpy as np
import pytest

import s2sad
from s2sad import grad, jvp, value_and_grad, vjp


def wave(x):
    return x ** 3 * math.sin(x)


def norm2(v):
    return np.sum(v ** 2 * np.sin(v))


def vec(v):
    return v ** 2 * v[0]


def two(a, b):
    return a * b ** 2


def vjp_named(x):
    value, pull = s2sad.vjp(wave, x)
    return value * pull(2.0)[0]


def vjp_unpack(x):
    value, pull = vjp(wave, x)
    g, = pull(1.0)
    return g * value


def vjp_closure(x):
    value, pull = vjp(lambda y: x * y ** 2, 2.0 * x)
    g, = pull(1.0)
    return g + value


def vjp_twice(x):
    value, pull = vjp(wave, x)
    return pull(1.0)[0] * pull(x)[0]


def vjp_two_args(x):
    value, pull = vjp(two, x, 2 * x)
    a, b = pull(1.0)
    return a * b + value


def vjp_vector(v):
    value, pull = vjp(vec, v)
    g, = pull(v * 2)
    return np.sum(g * value)


def vjp_vector_loop(v):
    value, pull = vjp(vec, v)
    total = 0.0
    for i in range(len(value)):
        e = np.zeros(len(value))
        e[i] = 1.0
        total = total + np.sum(pull(e)[0] ** 2)
    return total


def vjp_local_def(x):

    def inner(y):
        return x * y ** 3
    value, pull = s2sad.vjp(inner, x)
    return pull(x)[0]


def pull_sub(x):
    value, pull = vjp(two, x, 3.0)
    return pull(1.0)[0] * x


def vjp_unused_nonnumber(x):

    def f(y, name, k):
        return y ** k if name == "p" else y
    value, pull = vjp(f, x, "p", 3)
    return pull(1.0)[0]


def vjp_direct(x):
    return vjp(wave, x)[1](1.0)[0] * x


def vjp_tuple_index(x):
    out = vjp(wave, x)
    return out[0] * out[1](1.0)[0]


def jvp_named(x):
    value, tangent = jvp(wave, (x,), (x,))
    return value * tangent


def jvp_list(x):
    value, tangent = jvp(two, [x, 2.0], [1.0, x])
    return tangent


def jvp_vars(x):
    primals = (x, 2.0)
    tangents = (1.0, 0.5)
    value, tangent = jvp(two, primals, tangents)
    return tangent * value


def jvp_vector(v):
    value, tangent = jvp(vec, (v,), (v * 3,))
    return np.sum(tangent)


def jvp_closure(x):
    return jvp(lambda y: x * y * y, (x,), (1.0,))[1]


def hess_closure(x):
    H = s2sad.hessian(lambda v: x * np.sum(v ** 3))(np.array([x, 2.0]))
    return np.sum(H)


def hess_scalar(x):
    return s2sad.hessian(wave)(x)


def jac(v):
    J = s2sad.jacobian(vec)(v)
    return np.sum(J ** 2)


def jac_closure(x):
    J = s2sad.jacobian(lambda v: x * v ** 2)(np.array([x, 1.0]))
    return np.sum(J)


def jac_fwd(v):
    return np.sum(s2sad.jacobian(vec, mode="forward")(v) ** 2)


def jac_rev(v):
    return np.sum(s2sad.jacobian(vec, mode="reverse")(v) ** 2)


def hvp_in(v):
    return np.sum(s2sad.hvp(norm2)(v, v ** 2))


def hvp_closure(x):
    return np.sum(s2sad.hvp(lambda v: x * np.sum(v ** 3))(np.array([x, 1.0]), np.array([1.0, x])))


def elementwise(v):
    return np.sum(s2sad.elementwise_grad(lambda t: t ** 3)(v) * v)


def elementwise_named(v):
    return np.sum(s2sad.elementwise_grad(np.sin)(v) * v)


def grad_wrt_names(x):
    return grad(two, wrt="b")(x, 3 * x)


def grad_tuple(x):
    a, b = grad(two, wrt=(0, 1))(x, 3 * x)
    return a * b


def grad_aux(x):
    g, aux = grad(lambda y: (y ** 2 * x, y + 1), has_aux=True)(x)
    return g * aux


def vag_aux(x):
    (value, aux), g = value_and_grad(lambda y: (y ** 2 * x, y + 1), has_aux=True)(x)
    return g * aux + value


def grad_kw(x):

    def f(y, scale=1.0):
        return y ** 2 * scale
    return grad(f)(x, scale=x)


def grad_of_grad_closure(x):
    f = lambda y: x * y ** 4
    return grad(grad(f))(x) + grad(f)(2.0)


def three_levels(x):
    return grad(lambda y: y * grad(lambda z: x * y * z ** 2)(y))(x)


def grad_in_while(x):
    for _ in range(3):
        x = x - 0.1 * grad(lambda y: y ** 4)(x)
    return x


def newton(x):
    f = lambda y: y ** 3 - x
    y = 1.0
    for _ in range(4):
        y = y - f(y) / grad(f)(y)
    return y


def maml(w):

    def loss(w, s):
        return np.sum((w * s - 1.0) ** 2)
    total = 0.0
    for s in (0.5, 1.5):
        w2 = w - 0.1 * grad(loss)(w, s)
        total = total + loss(w2, s)
    return total


def stored_derivative(x):
    d = {"f": grad(wave)}
    return d["f"](x)


def passed_derivative(x):

    def apply(f, y):
        return f(y) * y
    return apply(grad(wave), x)


def jvp_of_grad(x):
    return jvp(grad(wave), (x,), (1.0,))[1]


def grad_of_jvp(x):
    return grad(lambda y: jvp(wave, (y,), (1.0,))[1])(x)


def vjp_of_vjp(x):

    def inner(y):
        v, p = vjp(wave, y)
        return p(1.0)[0]
    v, p = vjp(inner, x)
    return p(1.0)[0]


def linearize_in(x):
    y, lin = s2sad.linearize(wave, x)
    return y * lin(2.0)


def value_jac(v):
    val, J = s2sad.value_and_jacobian(vec)(v)
    return np.sum(val) * np.sum(J)


OF_VECTORS = [
    vjp_vector, vjp_vector_loop, jvp_vector, jac, jac_fwd, jac_rev, hvp_in, elementwise, elementwise_named, value_jac
]
OF_NUMBERS = [
    vjp_named, vjp_unpack, vjp_closure, vjp_twice, vjp_two_args, vjp_local_def, pull_sub, vjp_unused_nonnumber, vjp_direct,
    vjp_tuple_index, jvp_named, jvp_list, jvp_vars, jvp_closure, hess_closure, hess_scalar, jac_closure, hvp_closure, grad_wrt_names,
    grad_tuple, grad_aux, vag_aux, grad_kw, grad_of_grad_closure, three_levels, grad_in_while, newton, maml, stored_derivative,
    passed_derivative, jvp_of_grad, grad_of_jvp, vjp_of_vjp, linearize_in
]


def along(f, x, d) -> float:
    """The derivative in a direction, by differences with extrapolation."""
    h = 1e-3
    one, two, four = ((f(x + s * d) - f(x - s * d)) / (2 * s) for s in (h, h / 2, h / 4))
    return (64 * four - 20 * two + one) / 45


@pytest.mark.parametrize("f", OF_VECTORS + OF_NUMBERS, ids=lambda f: f.__name__)
def test_first_derivatives(f) -> None:
    x, d = (np.array([0.7, -0.4, 1.1]), np.array([0.3, 1.0, -0.5])) if f in OF_VECTORS else (0.7, 1.0)
    expected = along(f, x, d)
    assert np.sum(grad(f)(x) * d) == pytest.approx(expected, rel=1e-7)
    assert jvp(f, (x,), (d,))[1] == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("f", [f for f in OF_NUMBERS if f is not vag_aux], ids=lambda f: f.__name__)
def test_second_derivatives(f) -> None:
    first = grad(f)
    expected = along(first, 0.7, 1.0)
    assert grad(first)(0.7) == pytest.approx(expected, rel=1e-7)
    assert jvp(first, (0.7,), (1.0,))[1] == pytest.approx(expected, rel=1e-7)


def noisy(x):
    return x * np.random.default_rng().normal()


def pulled_noise(x):
    value, pull = vjp(noisy, x)
    return value * pull(1.0)[0]


def test_what_is_drawn_is_not_drawn_again() -> None:
    with pytest.raises(s2sad.DifferentiationError, match="run twice"):
        grad(pulled_noise)(0.7)


def changed_later(v):
    u = v * 2.0
    value, pull = vjp(vec, u)
    u[0] = 5.0
    return np.sum(pull(value)[0])


def test_a_pullback_is_that_of_the_primals_as_they_were() -> None:
    x, d = np.array([0.7, -0.4, 1.1]), np.array([0.3, 1.0, -0.5])
    assert np.sum(grad(changed_later)(x) * d) == pytest.approx(along(changed_later, x, d), rel=1e-7)
    assert jvp(changed_later, (x,), (d,))[1] == pytest.approx(along(changed_later, x, d), rel=1e-7)
