"""Calls: the user's functions with every kind of parameter, recursion, functions as values, partials, methods, several results."""
import functools
import math
import operator
from functools import partial

import numpy as np

from . import _left, _right, case, normal
from ._left import update
from ._right import update as other_update


def spring_force(q, k):
    return -k * q - 0.1 * q ** 3


@case(0.3, 0.1, 2.0, 0.01, 20)
def swing(q, v, k, dt, steps):
    for i in range(steps):
        v = v + dt * spring_force(q, k)
        q = q + dt * v
    return q


def affine(x, scale=2.0, *, shift=1.0, power=1):
    return (scale * x + shift) ** power


@case(0.7, 1.5)
def defaults_and_keywords(x, y):
    return affine(x) + affine(y, x) * affine(x, shift=y) + affine(scale=y, x=x, power=2) - affine(*(x, y), **{"shift": x, "power": 3})


@case(0.7)
@case(0.7, 1.5)
@case(0.7, call={"shift": 0.3}, wrt=("x", "shift"))
@case(0.7, call={"scale": 0.3, "power": 2}, wrt=("scale", "x"))
@case(call={"x": 1.1}, wrt="x")
def itself_with_defaults(x, scale=2.0, *, shift=1.0, power=1):
    return (scale * x + shift) ** power * math.sin(x)


def total_of(*values, weight=1.0):
    total = 0.0
    for v in values:
        total += weight * v ** 2
    return total


@case(0.7, 1.5)
def variadic_callee(x, y):
    items = (x * y, y)
    return total_of(x, y) + total_of() + total_of(x, weight=y) + total_of(x, *items, y, weight=x)


def options(x, **settings):
    return x * settings["gain"] + settings.get("bias", 0.0) + len(settings)


@case(0.7, 1.5)
def keyword_dictionary_callee(x, y):
    return options(x, gain=y) * options(y, gain=x * x, bias=y)


@case(0.7, 1.5, 2.0, wrt=0)
@case(0.7, wrt=0)
def variadic_itself(x, *rest):
    for i, r in enumerate(rest):
        x = x * r + i
    return x * x


@case(0.7, call={"a": 2.0, "b": 3.0}, wrt=0)
def keyword_dictionary_itself(x, **others):
    return x ** 2 * others["a"] + x * others["b"] * len(others)


def positional_only(a, b, /, c, *, d):
    return a * b ** 2 + c * d


@case(0.7, 1.5)
def positional_only_callee(x, y):
    return positional_only(x, y, c=x, d=y) - positional_only(y, x, 2.0, d=1)


def polar(x, y):
    r = math.hypot(x, y)
    return r, math.atan2(y, x)


@case(0.7, 1.5)
def several_results(x, y):
    r, phi = polar(x, y)
    both = polar(phi, r)
    _, angle = polar(x * x, y)
    return r * phi + both[0] * both[1] + angle


def factorial_like(x, n):
    if n == 0:
        return 1.0
    return (x + n) * factorial_like(x, n - 1)


@case(0.7, 5)
@case(0.7, 0)
def recursion(x, n):
    return factorial_like(x, n) + x


@case(1.3, 6)
def recursion_of_itself(x, n):
    if n <= 1:
        return x
    return x * recursion_of_itself(x, n - 1) + n


def fibonacci_like(x, n):
    return x * (n + 1) if n < 2 else fibonacci_like(x, n - 1) * 0.5 + fibonacci_like(x * 1.1, n - 2)


@case(1.3)
def double_recursion(x):
    return fibonacci_like(x, 6) * x


def even_part(x, n):
    return x if n == 0 else odd_part(x * 1.5, n - 1)


def odd_part(x, n):
    if n == 0:
        return x * x
    y = math.sin(x)
    return even_part(x + y, n - 1)


@case(0.4, 4)
@case(0.4, 5)
def mutual_recursion(x, n):
    return even_part(x, n) * odd_part(x, n)


def tree_sum(tree, x):
    if isinstance(tree, tuple):
        left, right = tree
        return tree_sum(left, x) * 0.5 + tree_sum(right, x * x)
    return tree * x


@case(((1, 2), (3, (4, 5))), 1.2, wrt=1)
def recursion_over_a_structure(tree, x):
    return tree_sum(tree, x)


def apply_twice(f, x):
    return f(f(x))


def square_plus(x):
    return x * x + 0.5


@case(0.7)
def function_as_argument(x):
    return apply_twice(square_plus, x) + apply_twice(math.sin, x) + apply_twice(lambda t: t * x, 2.0) + apply_twice(np.cos, x)


@case(math.sin, 0.7)
@case(square_plus, 0.7)
def function_argument_of_itself(f, x):
    return f(x) * f(2 * x)


@case(0.7)
def choice_of_functions(x):
    f = math.sin if x > 0 else math.cos
    table = {"square": square_plus, "sine": math.sin}
    total = f(x)
    for g in (math.exp, square_plus, math.tanh):
        total = total * g(x)
    return total + table["square"](x)


@case(0.7, 1.5)
def partials(x, y):
    double = partial(affine, scale=2.0)
    shifted = partial(affine, shift=y)
    force = functools.partial(spring_force, x)
    return double(x) * shifted(y) + force(k=y) + partial(operator.mul, x)(y)


quadratic = partial(affine, power=2, shift=0.3)
case(0.7, wrt="x", name="partial_itself")(quadratic)


@case(0.7)
def operator_module(x):
    return operator.add(x, operator.mul(x, 2.0)) - operator.truediv(1.0, x) + operator.neg(operator.pow(x, 3)) + operator.sub(x, 4)


@case(0.7)
def same_names_in_two_modules(x):
    return _left.update(x) * _right.update(x) + update(x) - other_update(x) + _left.scale(x) * _right.rate


@case(normal(3))
def module_globals(x):
    return np.sum(_left.weights * x) ** 2 + np.sum(_right.weights * x ** 2) * _left.rate


@case(0.7, 1.5)
def calls_in_calls(x, y):
    return affine(affine(affine(x, y), affine(y)), spring_force(x, affine(x)))


@case(0.7)
def call_whose_result_is_dropped(x):
    affine(x)
    math.sin(x)
    polar(x, 1.0)
    return x * affine(x)


def print_and_square(x):
    print("squaring", round(x, 3))
    return x * x


@case(0.7)
def callee_prints_once(x):
    y = print_and_square(x)
    for i in range(2):
        y = y + print_and_square(y)
    return y


def early(x, n):
    for i in range(n):
        x = x * 1.3
        if x > 2:
            return x * x, i
    return x, n


@case(0.7, 3)
@case(1.7, 8)
def callee_with_early_return(x, n):
    y, i = early(x, n)
    z, j = early(y / 3, n)
    return y * z + i * x + j


def overwrites_its_parameter(x, y):
    x = x * y
    y = x + y
    return y * x


@case(0.7, 1.5)
def parameters_are_the_callees_own(x, y):
    z = overwrites_its_parameter(x, y)
    return x * y + z * overwrites_its_parameter(z, x)


def returns_its_argument(x):
    return x


def returns_constant(x):
    return 3.0


def returns_tuple_of_arguments(x, y):
    return y, x


@case(normal(3), normal(3, seed=1))
def trivial_callees(x, y):
    a, b = returns_tuple_of_arguments(x, y)
    c = returns_its_argument(a)
    return np.sum(c * b * b) * returns_constant(x) + np.sum(returns_its_argument(x))


def rosenbrock_term(a, b):
    """One term of Rosenbrock's function."""
    return 100 * (b - a ** 2) ** 2 + (1 - a) ** 2


@case(normal(5))
def rosenbrock(x):
    total = 0.0
    for i in range(len(x) - 1):
        total = total + rosenbrock_term(x[i], x[i + 1])
    return total


def norm(v):
    return np.sqrt(np.sum(v * v))


@case(normal(3), normal(4, 3), 0.5)
def one_callee_many_types(v, m, s):
    return norm(v) * norm(m) + norm(s) + norm(m[0]) + affine(v, s).sum() + np.sum(affine(m, v))


class Oscillator:
    damping = 0.1

    def __init__(self, stiffness):
        self.stiffness = stiffness

    def force(self, q, v):
        return -self.stiffness * q - self.damping * v

    def simulate(self, q, v=0.0, steps=5):
        for _ in range(steps):
            v = v + 0.1 * self.force(q, v)
            q = q + 0.1 * v
        return q * v

    @staticmethod
    def energy_of(k, q):
        return 0.5 * k * q ** 2

    @classmethod
    def damp(cls, v):
        return cls.damping * v

    def __call__(self, q):
        return self.force(q, q * q)


case(0.7, 0.2, name="bound_method")(Oscillator(2.0).simulate)
case(0.7, 2.0, name="static_method")(Oscillator.energy_of)
case(0.7, name="class_method")(Oscillator.damp)
oscillator = Oscillator(3.0)


@case(0.7)
def method_of_a_global(q):
    return oscillator.force(q, 1.0) * oscillator.simulate(q) + oscillator(q) + Oscillator.energy_of(q, 2.0) + Oscillator.damp(q)


@case(0.7)
def method_of_a_module_class(x):
    return _left.Model(2.0).predict(x)


def logged(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        return 2.0 * f(*args, **kwargs)
    return wrapper


@case(0.7)
@logged
def decorated_twice(x):
    return x ** 3


@logged
def decorated_helper(x, y=1.0):
    return x * y


@case(0.7)
def calls_a_decorated_function(x):
    return decorated_helper(x) * decorated_helper(x, y=x)


def two_pairs(x, n):
    return (x * 2, x ** 2 * n), (x ** 3, np.array([x, 1.0]))


@case(1.5)
def parts_of_pairs(x):
    (a, b), (c, d) = two_pairs(x, 3)
    (e, f), (g, h) = two_pairs(x * x, 2)
    return b * h[0]
