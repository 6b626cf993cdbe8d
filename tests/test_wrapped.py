"""Functions of the user's around those of s2sad: makers of derivatives with another interface, partials, arguments chosen by position."""
import functools

import numpy as np
import pytest

import s2sad
from s2sad import check_grads, elementwise_grad, grad, hvp, jacobian, jvp, vjp


def plain(f, argnum=0):
    return s2sad.grad(f, argnum)


def by_class(f, argnum=0):
    wrt = argnum if isinstance(argnum, int) else tuple(argnum)
    return s2sad.grad(f, wrt)


def wrt_of(argnum):
    return argnum if isinstance(argnum, int) else tuple(argnum)


def by_function(f, argnum=0):
    return s2sad.grad(f, wrt_of(argnum))


def when_called(f, argnum=0):
    @functools.wraps(f)
    def derivative(*args, **kwargs):
        if kwargs:
            return s2sad.grad(functools.partial(f, **kwargs), argnum)(*args)
        return s2sad.grad(f, argnum)(*args)

    return derivative


def by_pullback(f, argnum=0):
    def derivative(*args, **kwargs):
        value, pull = s2sad.vjp(lambda x: f(*args[:argnum], x, *args[argnum + 1:], **kwargs), args[argnum])
        return pull(1.0)[0]

    return derivative


def by_whole_pullback(f, argnum=0):
    def derivative(*args):
        value, pull = s2sad.vjp(f, *args)
        return pull(1.0)[argnum]

    return derivative


def cube(x):
    return x * x * x


def product(x, y):
    return x * y * y


@pytest.mark.parametrize("maker", [plain, by_class, by_function, when_called, by_pullback, by_whole_pullback])
def test_makers_of_gradients(maker):
    assert grad(lambda x: maker(cube)(x))(2.0) == 12.0
    assert grad(maker(cube))(2.0) == 12.0
    assert maker(maker(cube))(2.0) == 12.0
    assert grad(lambda x: maker(lambda y: x * y * y)(2.0))(3.0) == 4.0
    assert grad(lambda x: maker(product, 1)(x, 3.0))(2.0) == 6.0
    assert jvp(lambda x: maker(cube)(x), (2.0,), (1.0,)) == (12.0, 12.0)


def rows_of(f, argnum=0):
    return s2sad.jacobian(f, argnum)


def rows_when_called(f, argnum=0):
    def derivative(*args):
        return s2sad.jacobian(f, argnum)(*args)

    return derivative


@pytest.mark.parametrize("maker", [rows_of, rows_when_called])
def test_makers_of_jacobians(maker):
    expected = np.zeros((2, 2, 2))
    expected[0, 0, 0], expected[1, 1, 1] = 6.0, 12.0
    x = np.array([1.0, 2.0])
    for derivative in (jacobian(lambda x: maker(cube)(x)), jacobian(lambda x: maker(lambda y: y ** 3)(x)), jacobian(maker(cube))):
        assert np.allclose(derivative(x), expected)


def each_of(f, argnum=0):
    return s2sad.elementwise_grad(f, argnum)


def along(f, argnum=0):
    return s2sad.hvp(f, argnum)


def test_elementwise_derivatives_and_products_compose():
    x = np.array([1.0, 2.0])
    for derivative in (each_of(each_of(cube)), each_of(lambda x: each_of(cube)(x)), elementwise_grad(elementwise_grad(cube))):
        assert np.array_equal(derivative(x), [6.0, 12.0])
    assert np.array_equal(grad(lambda x: np.sum(along(lambda y: np.sum(y ** 3))(x, x)))(x), [12.0, 24.0])
    assert np.array_equal(jacobian(hvp(lambda y: np.sum(y ** 3)))(x, x), np.diag([6.0, 12.0]))


def test_functions_kept_in_a_list_that_take_derivatives():
    functions = [
        lambda x: np.sum(x ** 3),
        lambda x: by_function(lambda y: np.exp(y) * np.tanh(x[0]))(x[1]),
    ]
    x = np.array([0.3, 0.5])
    expected = [3 * x ** 2, [np.exp(0.5) / np.cosh(0.3) ** 2, np.exp(0.5) * np.tanh(0.3)]]
    assert np.allclose(jacobian(lambda x: np.array([f(x) for f in functions]))(x), expected)


def test_a_pullback_that_a_function_returns():
    def pulled(f, x):
        value, pull = vjp(f, x)
        return (lambda g: pull(g)[0]), value

    check_grads(lambda x, v: pulled(lambda y: y * np.sin(x), x)[0](v), (np.ones(3), np.ones(3)))


def slope_at_two(f):
    return grad(lambda x: f(x))(2.0)


def pulled_at(f, x):
    return vjp(lambda x: f(x), x)[1](1.0)[0]


def test_a_function_that_captures_the_name_of_a_parameter_of_its_caller():
    assert grad(lambda x: slope_at_two(lambda y: x * y * y))(3.0) == 4.0
    assert grad(lambda x: pulled_at(lambda y: x * y * y, 2.0))(3.0) == 4.0


# What partials hold

WEIGHTS = np.array([0.5, 2.0, 1.0])


def held(*args, **kwargs):
    reduce = functools.partial(*args, **kwargs)
    return lambda x: np.sum(reduce(x) ** 2)


@pytest.mark.parametrize("function", [held(np.sum, axis=0), held(np.multiply, WEIGHTS), held(np.average, weights=WEIGHTS),
                                      held(np.power, 2.0), held(lambda a, b, c: a * b * c, WEIGHTS, c=3.0)])
def test_partials_that_a_function_captures(function):
    check_grads(function, (np.array([0.3, 0.7, 1.1]),), order=2)


def test_text_of_a_partial():
    total = functools.partial(np.sum, axis=0)

    def loss(x):
        return total(x) ** 2

    assert "2 * np.sum(x, axis=0)" in grad(loss).source_for(np.ones(3))


def test_a_partial_that_is_bound_anew():
    of = functools.partial(np.power, 2.0)

    def f(x):
        return of(x)

    derivative = grad(f)
    assert derivative(3.0) == 8 * np.log(2)
    of = functools.partial(np.multiply, 5.0)
    assert derivative(3.0) == 5.0
    of = functools.partial(product, 5.0)
    assert derivative(3.0) == 30.0
    of = functools.partial(product, y=5.0)
    assert derivative(3.0) == 25.0


@pytest.mark.parametrize("function, x", [
    (functools.partial(np.moveaxis, source=0, destination=1), np.ones((2, 3))),
    (functools.partial(np.swapaxes, axis1=0, axis2=1), np.ones((2, 3))),
    (functools.partial(np.tile, reps=(2, 2)), np.ones((2, 3))),
    (functools.partial(np.split, indices_or_sections=2), np.ones(4)),
])
def test_partials_of_functions_of_a_library(function, x):
    check_grads(function, (x,))


# Structures of pullbacks

@pytest.mark.parametrize("f, x", [
    (np.concatenate, (np.ones(1), np.ones(3))),
    (np.concatenate, [np.ones(1), np.ones(3)]),
    (lambda x: [v * i for i, v in zip((1, 0), x)][0], (1.0, 2.0)),
    (lambda x: np.real(x), 1 + 2j),
    (lambda x: x ** 2, 3.0),
])
def test_a_pullback_gives_the_structure_and_types_of_the_argument(f, x):
    value, pull = vjp(f, x)
    bar, = pull(value)
    assert type(bar) is type(x)
    if isinstance(x, (tuple, list)):
        assert list(map(type, bar)) == list(map(type, x))


@pytest.mark.parametrize("join", [np.vstack, np.hstack, np.dstack, np.column_stack])
def test_second_derivatives_of_joins_of_a_parameter(join):
    check_grads(join, ((np.ones((2, 3)), np.zeros((2, 3))),), order=2)
    check_grads(join, (np.ones((2, 3)),), order=2)
