"""The ways in which programs pass functions and arguments on: `*args`, `**kwargs`, partials, captured lists, derivatives inside."""
from __future__ import annotations

import functools

import numpy as np
import pytest

import s2sad

A = np.array([[0.3, -1.2, 0.8], [1.1, 0.4, -0.6]])
B = np.array([[0.7, 1.3, -0.5]])
W = np.array([[1.0, -0.5, 0.25], [0.3, 0.8, -1.1]])


def scaled(x, y):
    return np.sin(x) * y


FUNCTIONS = [scaled, np.hypot, np.arctan2]


def check(f, *args, order=1):
    s2sad.check_grads(f, args)
    if order == 2:
        def back(*a):
            return s2sad.vjp(f, *a)[1](W)[0]

        s2sad.check_grads(back, args)


def all_of(fun, keywords):
    return lambda *a: fun(*a, **keywords)


def by_slices(fun, args, i):
    return lambda x: fun(*args[:i], x, *args[i + 1:])


def by_list(fun, args, i):
    def moved(x):
        new = list(args)
        new[i] = x
        return fun(*new)
    return moved


def with_changes(args, changes):
    out = list(args)
    for i, value in changes:
        out[i] = value
    return tuple(out)


def by_changes(fun, args, i):
    def moved(x):
        return fun(*with_changes(args, [(i, x)]))
    return moved


@pytest.mark.parametrize("fun", FUNCTIONS)
def test_all_arguments_are_passed_on(fun):
    check(all_of(fun, {}), A, B, order=2)


@pytest.mark.parametrize("fun", [np.hypot, np.arctan2])
@pytest.mark.parametrize("way", [by_slices, by_list, by_changes])
@pytest.mark.parametrize("i", [0, 1])
def test_one_argument_is_put_among_captured_ones(fun, way, i):
    check(way(fun, (A, B), i), (A, B)[i])


@pytest.mark.parametrize("keywords", [{}, {"axis": 0}, {"axis": 1, "keepdims": True}])
@pytest.mark.parametrize("fun", [np.sum, np.var, np.max])
def test_keywords_are_passed_on(fun, keywords):
    check(all_of(fun, keywords), A)
    check(functools.partial(fun, **keywords), A)
    seed = np.ones_like(fun(A, **keywords))
    expected = s2sad.vjp(all_of(fun, keywords), A)[1](seed)[0]
    assert np.allclose(s2sad.elementwise_grad(fun)(A, **keywords), expected)


def test_a_captured_dict_that_has_other_keys_is_seen():
    options = {"axis": 0}
    f = all_of(np.sum, options)
    g = lambda x: np.sum(f(x) ** 2)
    before = s2sad.grad(g)(A)
    options["keepdims"] = True
    options["axis"] = 1
    assert not np.allclose(before, s2sad.grad(g)(A))
    assert np.allclose(s2sad.grad(g)(A), 2 * np.sum(A, axis=1, keepdims=True) * np.ones_like(A))


def test_a_captured_position_that_changes_is_seen():
    place = 0

    def f(x):
        new = [2.0, 5.0]
        new[place] = x
        return np.multiply(*new)

    first = s2sad.grad(f)(3.0)
    place = 1
    assert (first, s2sad.grad(f)(3.0)) == (5.0, 2.0)


def test_captured_memory_that_is_written_varies():
    held = np.zeros(2)

    def f(x):
        held[0] = x * x
        return held[0] * 3.0

    assert s2sad.jvp(f, (2.0,), (1.0,))[1] == s2sad.grad(f)(2.0) == 12.0


def test_arguments_that_are_computed_are_computed_once():
    calls = []

    def pair(x):
        calls.append(None)
        return x, x * x

    assert np.isclose(s2sad.grad(lambda x: np.hypot(*pair(x)))(2.0), (2.0 + 2 * 8.0) / np.hypot(2.0, 4.0))
    assert len(calls) == 1


def test_pullbacks_are_differentiated():
    def back(x, w):
        return s2sad.vjp(scaled, x, B)[1](w)[0]

    def inside(x, w):
        def local(z):
            return np.cos(z) * B
        return s2sad.vjp(local, x)[1](w)[0]

    for f in (back, inside):
        s2sad.check_grads(f, (A, W))


def test_the_position_of_a_derivative_inside_may_be_captured():
    def make(i):
        return lambda x, y: np.sum(s2sad.grad(lambda a, b: np.sum(scaled(a, b)), wrt=i)(x, y) * W)
    for i in (0, 1):
        s2sad.check_grads(make(i), (A, np.ones((2, 3))))


def test_tangents_of_callers_are_not_written():
    def f(x):
        x[0] = x[0] * x[1]
        return np.sum(x)

    direction = np.array([1.0, 2.0, 3.0])

    def along(x):
        return s2sad.jvp(f, (x,), (direction,))[1]

    x = np.array([0.5, 0.7, 0.9])
    assert np.isclose(s2sad.jvp(along, (x,), (np.array([1.0, 0.0, 0.0]),))[1], 2.0)
    assert np.allclose(s2sad.grad(along)(x), [2.0, 1.0, 0.0])
    assert np.array_equal(direction, [1.0, 2.0, 3.0])


def test_gradients_of_nested_dicts_are_differentiated():
    def f(p):
        return p["a"]["b"] ** 2 * p["a"]["c"]

    p = {"a": {"b": 3.0, "c": 4.0}}
    second = s2sad.vjp(s2sad.grad(f), p)[1]({"a": {"b": 1.0, "c": 0.0}})[0]
    assert second == {"a": {"b": 8.0, "c": 6.0}}


def test_distributions_are_differentiated_as_they_are():
    stats = pytest.importorskip("scipy.stats")
    assert np.allclose(s2sad.grad(stats.norm.logpdf, wrt=(0, 1, 2))(0.3, 0.2, 2.0), (-0.025, 0.025, -0.49875))


OPTIONS = {"axis": 0}


def test_a_global_dict_is_passed_on():
    s2sad.check_grads(lambda x: np.sum(np.prod(x, **OPTIONS)), (A,), order=2)


@pytest.mark.parametrize("f", [np.sin, np.prod, functools.partial(np.prod, axis=1), lambda *a: np.tanh(*a), lambda x: (np.sin(x), x**2),
                               lambda x: np.fft.fft(x)])
def test_second_derivatives_of_what_is_no_scalar_are_checked(f):
    s2sad.check_grads(f, (A,), order=2)


@pytest.mark.parametrize("f", [np.abs, lambda x: np.linalg.norm(x, ord=3)])
def test_second_derivatives_of_complex_arguments(f):
    s2sad.check_grads(f, (A[0] + 1j * A[1],), order=2)


@pytest.mark.parametrize("f", [lambda x: np.r_[x, 2 * x] ** 2, lambda x: np.c_[x, x], lambda x: np.r_[x, 2.0, 1:4], lambda x: np.c_[np.outer(x, x), x]])
def test_what_brackets_join_is_a_concatenation(f):
    assert np.array_equal(s2sad.vjp(f, A[0])[0], f(A[0]))
    s2sad.check_grads(f, (A[0],), order=2)


@pytest.mark.parametrize("f", [lambda x: np.r_["0,2", x, x][1, 0], lambda x: np.r_[np.float32(x[0]), 2.0][0] * 2])
def test_what_stands_in_brackets_and_is_no_index_is_refused(f):
    for derivative in (s2sad.grad(f), lambda x: s2sad.jvp(f, (x,), (x,))):
        with pytest.raises(s2sad.DifferentiationError):
            derivative(A[0])


@pytest.mark.parametrize("f", [lambda x: np.mean([x, x * x]), lambda x: np.linalg.norm([x, x * x]), lambda x: np.square([x, x * x]),
                               lambda x: np.sum([[x, 1.0], [x * x, 2.0]], axis=0), lambda x: np.hypot((x, x * x), x)])
def test_lists_stand_for_arrays(f):
    s2sad.check_grads(f, (0.7,), order=2)


outer = lambda x: np.sin(np.outer(x, x)) + np.cos(np.dot(x, x))


def test_jacobians_are_differentiated():
    x = A[0, :2]
    s2sad.check_grads(s2sad.jacobian(outer), (x,))
    s2sad.check_grads(lambda x: np.sum(np.sin(s2sad.jacobian(outer)(x))), (x,))
    assert s2sad.jacobian(s2sad.jacobian(outer))(x).shape == (2, 2, 2, 2)


def test_error_functions_of_complex_arguments():
    special = pytest.importorskip("scipy.special")
    for f in (special.erf, special.erfc, special.dawsn):
        s2sad.check_grads(lambda x, f=f: f(x), (A[0] + 0.3j,))


def test_the_sign_of_complex_numbers_is_refused():
    def f(z):
        return np.sum(np.real((1 + 2j) * np.sign(z)))

    for derivative in (s2sad.grad(f), lambda z: s2sad.jvp(f, (z,), (z,))):
        with pytest.raises(s2sad.DifferentiationError):
            derivative(A[0] + 1j)


def add(a, *others):
    """Has the name of a function that derivatives call, and means something else."""
    return [other for other in zip(*others)]


def of_items(x):
    first, second = x
    return np.sum(first * second) + first ** 2


def test_a_function_that_is_not_mentioned_hides_none_of_ours():
    def pulled(*a):
        return s2sad.vjp(of_items, *a)[1](0.7)[0][0]

    s2sad.check_grads(pulled, ((0.3, 1.2),), order=2)


@pytest.mark.parametrize("fun, args, wrt", [(np.expand_dims, (A, 0), 0), (np.sum, (A, 0), 0), (lambda x, y, n: x * y ** n, (1.1, 2.0, 3), (0, 1))],
                         ids=["expand_dims", "sum", "power"])
def test_items_of_stars_are_variables_of_their_own(fun, args, wrt):
    def passed(*a):
        return np.sum(fun(*a) * a[0])

    def sloped(*a):
        return np.sum(s2sad.grad(passed)(*a) ** 2)

    s2sad.check_grads(passed, args, wrt=wrt, order=2)
    s2sad.check_grads(sloped, args, wrt=wrt)


def test_after_many_signatures_complex_numbers_have_texts_of_their_own():
    def product(x, y):
        return x * y

    kinds = [1.5, np.ones(2), np.ones((1, 1)), np.ones((3, 2)), np.float32(2.0), 1]
    for x in kinds:
        for y in kinds:
            s2sad.vjp(product, x, y)
    _, pull = s2sad.vjp(product, 2.0 + 1j, A + 1j)
    assert pull(W + 0j)[0] == pytest.approx(np.sum(W * (A - 1j)))


def test_the_adjoint_of_a_real_factor_is_real():
    a, b = A[0] + 1j, np.ones((2, 3, 4))
    value, pull = s2sad.vjp(np.matmul, a, b)
    assert pull(value)[1].dtype == np.float64
    s2sad.check_grads(np.matmul, (a, b), order=2)
    s2sad.check_grads(np.matmul, (np.ones((2, 2, 3)), np.ones((3, 4)) * 1j), order=2)


def test_only_what_is_asked_for_is_checked():
    special = pytest.importorskip("scipy.special")
    stats = pytest.importorskip("scipy.stats")
    s2sad.check_grads(special.betainc, (1.2, 2.3, 0.4), wrt=2, order=2)
    s2sad.check_grads(stats.norm.pdf, (A[0], 0.4, 0.8), wrt=2, order=2)
    s2sad.check_grads(functools.partial(special.logsumexp, axis=0, keepdims=True), (A,), order=2)
    s2sad.check_grads(np.sum, (A, 0), wrt=0, order=2)
    s2sad.check_grads(lambda x: np.linalg.eigh(x + x.T), (np.diag([1.0, 2.0]) + A[:, :2],), order=2)
    s2sad.check_grads(lambda a: stats.dirichlet.logpdf(np.array([0.2, 0.3, 0.5]), a), (np.array([1.2, 2.0, 3.0]),))


def test_defaults_of_a_function_with_a_rule():
    @s2sad.rule("scaled_power(x, n=2, *, k=1.0)", x="g * n * x ** (n - 1) * k")
    def scaled_power(x, n=2, *, k=1.0):
        return x ** n * k

    assert s2sad.grad(scaled_power)(3.0) == 6.0
    assert s2sad.grad(scaled_power)(3.0, 3, k=2.0) == 54.0


def by_comprehension(fun, args, i):
    return lambda x: fun(*[x if j == i else a for j, a in enumerate(args)])


def by_zip(fun, args, i):
    return lambda x: fun(*with_changes(args, zip((i,), [x])))


def by_symmetry(fun, args, i):
    def turned(x):
        return np.swapaxes(x, -1, -2) if np.ndim(x) > 1 else x

    def halved(x):
        return 0.5 * (x + turned(x))

    def changed(*given, **keywords):
        given = list(given)
        given[i] = halved(given[i])
        return fun(*given, **keywords)

    return lambda x: changed(*args[:i], x, *args[i + 1:])


@pytest.mark.parametrize("i", [0, 1])
@pytest.mark.parametrize("way", [by_comprehension, by_zip, by_symmetry])
def test_arguments_are_put_together(way, i):
    args = (A[:, :2], W[:, :2])
    s2sad.check_grads(way(lambda x, y: np.sin(x) @ y, args, i), (args[i],), order=1 if way is by_zip else 2)


def jacobian_of(functions):
    return lambda x: np.array([f(x) for f in functions])


def test_functions_in_a_list_are_called_one_by_one():
    s2sad.check_grads(jacobian_of([lambda x: np.sum(x ** 3), lambda x: np.prod(np.sin(x))]), (A[0],), order=2)
