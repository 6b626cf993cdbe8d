"""Nested functions, lambdas and what they capture; globals and cells read live; defaults bound early."""
import math

import numpy as np

from . import case, normal


@case(0.7, 1.5)
def nested_function(x, y):
    z = x * y

    def inner(t):
        return t * z + y

    return inner(x) * inner(y)


@case(0.7)
def nested_lambda(x):
    scale = x * 2
    f = lambda t: t * scale + x
    g = lambda t, u=3.0: f(t) * u
    return g(x) + g(1.0, u=x) + (lambda: x * x)()


@case(0.7)
def captured_variable_changes(x):
    y = x

    def f(t):
        return t * y

    a = f(x)
    y = y * y
    b = f(x)
    y = 3.0
    return a + b * f(x)


@case(0.7)
def captured_loop_variable(x):
    total = 0.0
    for i in range(3):
        w = x * (i + 1)
        f = lambda t: t * w + i
        total += f(x)
    return total * f(1.0)


@case(0.7)
def early_bound_default(x):
    w = x * 2
    f = lambda t, w=w: t * w
    w = x * 100
    g = lambda t, w=w: t + w
    w = 0.0
    return f(x) * g(x)


def make_power(n, scale):
    def power(x):
        return scale * x ** n
    return power


square, cube = make_power(2, 1.5), make_power(3, -0.5)
case(0.7, name="closure_of_a_factory_square")(square)
case(0.7, name="closure_of_a_factory_cube")(cube)


@case(0.7)
def two_closures_from_one_factory(x):
    return square(x) * cube(x) + square(cube(x))


@case(0.7, 1.5)
def factory_called_inside(x, y):
    f = make_power(2, y)
    g = make_power(3, x)
    return f(x) * g(y)


def counter_factory():
    total = 0.5

    def add(x):
        return total * x * x

    def set_total(value):
        nonlocal total
        total = value

    return add, set_total


add_live, set_total_live = counter_factory()
case(0.7, name="cell_of_another_closure")(add_live)

GAIN = 2.5
OFFSETS = (0.5, -1.0)
TABLE = {"a": 1.5, "b": 2}
MATRIX = normal(3, 3, seed=7)


def gained(x):
    return GAIN * x


@case(0.7)
def reads_globals(x):
    return gained(x) * GAIN + OFFSETS[0] * x + TABLE["a"] * x ** TABLE["b"]


@case(normal(3))
def reads_a_global_array(x):
    return x @ MATRIX @ x + np.sum(MATRIX * x)


@case(0.7)
def recursion_of_a_nested_function(x):
    def horner(coefficients):
        if len(coefficients) == 1:
            return coefficients[0]
        return coefficients[0] + x * horner(coefficients[1:])
    return horner((1.0, 2.0, 3.0, 4.0))


@case(0.7)
def nested_twice(x):
    def outer(a):
        def inner(b):
            return a * b + x
        return inner(a) * inner(x)
    return outer(x * x) + outer(2.0)


@case(0.7)
def returns_a_function(x):
    def scaled_by(k):
        return lambda t: k * t * x
    double = scaled_by(2.0)
    own = scaled_by(x)
    return double(own(x))


@case(0.7, 4)
def function_that_loops_over_functions(x, n):
    def step(f, t):
        for i in range(n):
            t = t + 0.1 * f(t, i)
        return t
    return step(lambda t, i: math.sin(t) * x, x) + step(lambda t, i: -t / (i + 1), x)


def compose(*functions):
    def composed(x):
        for f in functions:
            x = f(x)
        return x
    return composed


@case(0.7)
def compose_functions(x):
    return compose(math.sin, square, lambda t: t + x)(x)


composed = compose(math.exp, square, math.tanh)
case(0.3, name="composition_as_closure")(composed)

named_lambda = lambda x, y=2.0: x * y + math.sin(x)
case(0.7, 1.5, name="lambda_itself")(named_lambda)
first_lambda, second_lambda = (lambda x: x ** 2), (lambda x: x ** 3)
case(0.7, name="first_lambda_of_a_line")(first_lambda)
case(0.7, name="second_lambda_of_a_line")(second_lambda)


@case(normal(3), 0.5)
def objective_with_residual(p, t):
    a, b, c = p

    def model(t):
        return a * np.exp(-b * t) + c

    def residual(t, y):
        return model(t) - y

    return residual(t, 1.0) ** 2 + residual(2 * t, 0.5) ** 2


@case(0.7)
def simpson(a):
    def integrand(t):
        return math.exp(-a * t * t)

    def integrate(f, low, high, n=10):
        h = (high - low) / n
        total = f(low) + f(high)
        for i in range(1, n):
            total += (4 if i % 2 else 2) * f(low + i * h)
        return total * h / 3

    return integrate(integrand, 0.0, a + 1)


@case(0.4)
def conditional_definition(x):
    if x > 0:
        def f(t):
            return t * x
    else:
        def f(t):
            return -t
    return f(x) * 3


@case(0.7)
def captured_constant_changes(x):
    s = 1.0

    def scaled(v):
        return v * s

    s = 3.0
    return x * scaled(2.0)


@case(0.7, 1)
@case(0.7, 0)
def captured_constant_changes_in_a_branch(x, n):
    s = 1.0
    scaled = lambda v: v * s
    if n:
        s = 3.0
    return x ** 2 * scaled(2.0)


@case(0.7, 4)
def captured_constant_changes_in_a_loop(x, n):
    s = 1
    scaled = lambda v: v * s
    total = 0.0
    for i in range(n):
        total += x ** s * scaled(i)
        s += 1
    return total


@case(3.0)
def captures_the_name_of_a_parameter(x):
    def twice(h):
        inner = lambda x: h(x) + 1
        return inner(2.0)

    return twice(lambda y: x * y * y)


@case(3.0)
def captures_the_name_of_a_variable(x):
    def scaled(h):
        def inner(z):
            x = z + 1
            return h(x) * x
        return inner(2.0)

    return scaled(lambda y: x * y * y)


@case(3.0)
def captures_the_name_in_a_comprehension(x):
    def total(h):
        return sum([h(x) for x in [2.0, 3.0]])

    return total(lambda y: x * y * y)


@case(0.7)
def place_read_before_a_call_that_binds_it(x):
    values, k = np.array([x, x * x, 2.0]), 0
    s = x * 2

    def moved():
        nonlocal values, k, s
        k += 1
        values = values * 2
        s = s * 3
        return x

    values[k] += moved()
    s *= moved()
    return np.sum(values * np.arange(1.0, 4.0)) * s + k
