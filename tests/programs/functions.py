"""Functions as values, calls of every form, and the control flow around them."""
import functools
import math
import operator
from functools import partial

import numpy as np

from . import case, normal

LOG = []


def several(x, y):
    return x * y, x + y, {"ratio": x / y, "name": "r"}


@case(0.7, 1.5)
def results_partly_used(x, y):
    p, _, extra = several(x, y)
    q, r = several(y, x)[:2]
    return p * extra["ratio"] + r * q


@case(0.7, 1.5)
def result_ignored(x, y):
    several(x, y)
    z = several(x, 2.0)[0]
    several(z, y)
    return z * z


def product(a, b):
    return a * math.sin(b)


@case(0.7, 1.5)
def same_callee_other_activity(x, y):
    return product(x, 2.0) + product(2.0, y) + product(x, y) + product(3.0, 4.0)


@case(0.7, 1.5, wrt=0)
def same_callee_other_activity_of_one(x, y):
    return product(x, y) + product(y, x) + product(y, y)


def ackermann_like(x, m, n):
    if m == 0:
        return x * (n + 1)
    if n == 0:
        return ackermann_like(x, m - 1, 1) + x
    inner = ackermann_like(x * 0.9, m, n - 1)
    return ackermann_like(inner, m - 1, n) * 0.5


@case(0.7, 2, 2, wrt=0)
def recursion_with_branches(x, m, n):
    return ackermann_like(x, m, n)


def power_of(x, n):
    if n == 0:
        return 1.0
    half = power_of(x, n // 2)
    return half * half if n % 2 == 0 else half * half * x


@case(1.1, 7, wrt=0)
@case(1.1, 8, wrt=0)
def fast_power(x, n):
    return power_of(x, n)


def scaled_norm(v, depth):
    if depth == 0:
        return np.sum(v ** 2)
    return scaled_norm(np.sin(v) * depth, depth - 1) + scaled_norm(v[:1], 0)


@case(normal(3), 3, wrt=0)
def recursion_with_arrays(v, depth):
    return scaled_norm(v, depth)


def remembered(x, cache=[]):
    cache.append(len(cache))
    return x * x


@case(0.7)
def default_mutable_argument(x):
    return remembered(x) + remembered(2 * x)


def with_keywords(x, /, y, *, k=2.0, m):
    return x * y ** k + m * x


@case(0.7, 1.5)
def keyword_only(x, y):
    return with_keywords(x, y, m=y) + with_keywords(y, y=x, k=3.0, m=1.0) + with_keywords(x, m=x, y=2.0)


def first_above(v, level):
    for i in range(len(v)):
        if v[i] > level:
            return v[i] * level
        if v[i] < -5.0:
            return level
    return v[0]


@case(np.array([0.1, 0.4, 0.9]), 0.3)
@case(np.array([0.1, 0.4, 0.9]), 2.3)
def early_return_of_a_callee_in_a_loop(v, level):
    total = 0.0
    for j in range(3):
        total += first_above(v * (j + 1), level) * (j + 1)
        if total > 3.0:
            break
    return total


@case(0.7)
def variable_changes_type(x):
    y = 3
    y = y * x
    y = np.array([y, 1.0])
    y = y.sum()
    y = (y, y * x)
    y = {"v": y[0] * y[1]}
    return y["v"]


@case(0.7, 0)
@case(0.7, 3)
def zero_trips(x, n):
    y = x
    for i in range(n):
        y = y * x + i
    while n > 5:
        y = 0.0 * y
        n -= 1
    for v in []:
        y = y + v
    return y * x


@case(0.7, 2)
@case(0.7, 9)
def while_else(x, n):
    i = 0
    y = x
    while i < 5:
        y = y * 1.1 + x
        if i == n:
            y = y * x
            break
        i += 1
    else:
        y = y + x ** 2
    return y


@case(0.7)
def nested_break_and_continue(x):
    total = 0.0
    for i in range(4):
        for j in range(4):
            if j == i:
                continue
            if i * j > 4:
                break
            total += x ** i * j
        else:
            total = total * x
            continue
        total += x
        if total > 100:
            break
    return total


@case(normal(5))
def walrus_in_a_comprehension_test(v):
    kept = [s for e in v if (s := e * e) > 0.05]
    return sum(kept) * s


@case(0.4)
def chained_comparison_calls_once(x):
    seen = []

    def probe(t):
        seen.append(1)
        return t * x
    y = x if 0 < probe(x) < 1 else -x
    return y * len(seen) + probe(2.0)


@case(0.7)
def prints_once(x):
    y = x * x
    LOG.append(f"{y:.3f}")
    print(f"y = {y:.2f}", end="")
    return y * len(LOG[:0]) + y


@case(0.7)
def asserts_with_a_message(x):
    assert x > 0, f"x is {x}"
    assert isinstance(x, float), "no float"
    return math.log(x) * x


@case(0.7)
def deletes(x):
    a = x * x
    b = a * x
    del a
    c = [x, b]
    a = c[0] * 2
    del c
    return a * b


@case(0.7)
def late_binding(x):
    k = 1.0

    def f(t):
        return k * t
    a = f(x)
    k = x
    b = f(2.0)
    k = k * k
    return a + b * f(x)


@case(0.7)
def late_binding_of_lambdas_in_a_loop(x):
    fs = []
    for i in range(3):
        fs.append(lambda t: t * i * x)
    return fs[0](x) + fs[1](2.0) + fs[2](x)


@case(0.7)
def defaults_bound_early_in_a_loop(x):
    total = 0.0
    for i in range(3):
        f = lambda t, i=i, s=x: t * i * s
        total += f(x) + f(1.0, s=2.0)
    return total


@case(0.7, 1.5)
def local_table_of_functions(x, y):
    table = {"a": lambda t: t * y, "b": lambda t: t * t, "c": math.sin}
    return table["a"](x) + table["b"](x) * table["c"](y)


SHAPES = {"square": lambda t: t * t, "cube": lambda t: t ** 3, "sine": math.sin}


def square_of(t):
    return t * t


def cube_of(t):
    return t ** 3


NAMED = {"square": square_of, "cube": cube_of, "sine": math.sin}


@case(0.7, "square", wrt=0)
@case(0.7, "sine", wrt=0)
def global_table_by_name(x, name):
    return NAMED[name](x) * x


@case(0.7, True, wrt=0)
@case(0.7, False, wrt=0)
def choice_by_a_flag(x, flag):
    f = square_of if flag else cube_of
    g = np.sin
    if not flag:
        g = np.cos
    return f(x) * g(x) + f(2.0)


@case(normal(3), True, wrt=0)
@case(normal(3), False, wrt=0)
def choice_of_lambdas(v, flag):
    act = (lambda t: np.tanh(t)) if flag else (lambda t: t * t)
    return np.sum(act(v) * act(2 * v))


@case(0.7, 3, wrt=0)
def choice_in_a_loop(x, n):
    for i in range(n):
        f = math.sin if i % 2 else square_of
        x = f(x) + 0.1
    return x


def layer(v, w, b, act=np.tanh):
    return act(w @ v + b)


@case(normal(3), normal(3, 3, seed=1), normal(3, seed=2))
def layers_with_activations(v, w, b):
    for act in (np.tanh, lambda t: t * t, np.sin):
        v = layer(v, w, b, act=act)
    return np.sum(v)


@case(normal(3), [(normal(2, 3, seed=1), np.tanh), (normal(1, 2, seed=2), np.exp)], wrt=0)
def activations_in_the_parameters(v, layers):
    for w, act in layers:
        v = act(w @ v)
    return v[0]


def rk4(f, y, t, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


@case(normal(2), 1.3)
def integrates_a_closure(y, omega):
    def f(t, y):
        return np.array([y[1], -omega ** 2 * y[0] + math.sin(t)])
    t = 0.0
    for _ in range(5):
        y = rk4(f, y, t, 0.1)
        t += 0.1
    return np.sum(y ** 2)


def newton(f, df, x, steps):
    for _ in range(steps):
        x = x - f(x) / df(x)
    return x


@case(2.0, 1.0)
def newton_of_lambdas(a, start):
    return newton(lambda t: t * t - a, lambda t: 2 * t, start, 6)


@case(0.5)
def adaptive_quadrature(a):
    def f(t):
        return math.exp(-a * t * t)

    def adapt(low, high, depth):
        middle = (low + high) / 2
        if depth == 0:
            return (high - low) * f(middle)
        return adapt(low, middle, depth - 1) + adapt(middle, high, depth - 1)
    return adapt(0.0, 1.0 + a, 3)


@case(1.2, 3, wrt=0)
@case(1.2, 4, wrt=0)
def nested_mutual_recursion(x, n):
    def even(k, y):
        return y if k == 0 else odd(k - 1, y * x)

    def odd(k, y):
        return y * y if k == 0 else even(k - 1, y + x)
    return even(n, x)


def adder(a):
    def add(b):
        def again(c):
            return a * b + c
        return again
    return add


@case(0.7, 1.5)
def curried(x, y):
    return adder(x)(y)(x * y) + adder(2.0)(x)(1.0)


@case(0.7, 1.5)
def curried_by_names(x, y):
    add = adder(x)
    one, two = add(y), add(x)
    return one(x) * two(y)


@case(0.7, 1.5)
def partial_of_a_partial(x, y):
    f = partial(partial(with_keywords, m=y), x)
    return f(2.0) + f(y, k=3.0)


@case(0.7, 1.5)
def partial_of_a_closure(x, y):
    def f(a, b, c=1.0):
        return a * b + c * x
    g = partial(f, y, c=x)
    x = x * 2
    return g(x) + partial(math.pow, x)(2)


@case(0.7)
def reduces(x):
    return functools.reduce(lambda a, b: a * x + b, [1.0, 2.0, 3.0]) + functools.reduce(operator.mul, [x, x, 2.0], 1.0)


@case(normal(4))
def maps_and_filters(v):
    doubled = list(map(lambda t: t * t, v))
    positive = [t for t in filter(lambda t: t > 0.1, doubled)]
    return sum(doubled) * sum(positive)


@case(normal(4))
def sorts_by_a_key(v):
    items = sorted(list(v), key=lambda t: -t)
    return items[0] * items[-1] + max(v, key=lambda t: t * t)


def twice(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        return f(*args, **kwargs) + f(*args, **kwargs) * args[0]
    return wrapper


def scaled(factor):
    def decorate(f):
        def wrapper(x, *rest):
            return factor * f(x, *rest)
        return wrapper
    return decorate


@twice
@scaled(3.0)
def decorated(x, y=2.0):
    return x * x * y


@case(0.7, 1.5)
def calls_decorated_twice(x, y):
    return decorated(x) + decorated(x, y)


@case(0.7)
def decorates_inside(x):
    @twice
    def local(t):
        return t * x
    return local(x * 2)


class Wave:
    count = 2

    def __init__(self, k):
        self.k = k

    def at(self, t):
        return math.sin(self.k * t) * self.count

    def __call__(self, t, scale=1.0):
        return self.at(t) * scale

    @staticmethod
    def unit(t):
        return t * t

    @property
    def double(self):
        return self.k * 2


wave = Wave(1.5)


@case(0.7)
def methods_as_values(x):
    f, g, h = wave.at, wave, Wave.unit
    return f(x) + g(x, scale=x) * h(x) * wave.double


@case(0.7)
def method_as_an_argument(x):
    def apply(f, t):
        return f(t) * t
    return apply(wave.at, x) + apply(wave, x) + apply(math.cos, x)


@case(0.7, 3)
def counts_calls_in_a_list(x, n):
    calls = []

    def f(t):
        calls.append(t)
        return t * x
    y = 1.0
    for _ in range(n):
        y = f(y)
    return y * len(calls)


@case(0.7, 1.5)
def shadowed_names(x, y):
    def f(y):
        x = y * 2
        return x * y
    z = f(x)
    return z + f(y) * x + y


@case(0.7)
def closure_over_a_loop_variable(x):
    total = 0.0
    for k in (1.0, 2.0, 3.0):
        def f(t):
            return t ** k * x
        total += f(x)
    return total + f(2.0)


@case(0.7, -1.0)
def conditional_functions_of_two_forms(x, s):
    if s > 0:
        f = math.exp
    elif s < -2:
        def f(t):
            return t * x
    else:
        f = lambda t: t * t * x
    return f(x) + f(2.0)


@case(0.7, (1.0, 2.0), wrt=0)
def unpacked_calls(x, pair):
    args = (x, *pair)
    options = {"k": x, "m": 2.0}
    return with_keywords(*args[:2], **options) + product(*pair) * x


def variadic(first, *rest, sign=1.0, **options):
    total = first * sign
    for i, r in enumerate(rest):
        total += r * (i + 1)
    for name, value in options.items():
        total += value * len(name)
    return total + options.get("bias", 0.0)


@case(0.7, 1.5)
def variadic_forms(x, y):
    return variadic(x) + variadic(x, y, x * y, sign=y) * variadic(1.0, bias=x) + variadic(x, ab=y, c=x)


@case(normal(4), normal(2, 3, seed=1))
def starred_of_unknown_length(v, m):
    first, *middle, last = v
    head, *rest = m
    total = first * last
    for e in middle:
        total = total * e + first
    for r in rest:
        total += r @ head
    return total


@case([0.5, 1.5, 2.5])
def starred_of_a_list(values):
    *start, end = values
    (a, *b), c = start, end
    return a * c + sum(b) * end
