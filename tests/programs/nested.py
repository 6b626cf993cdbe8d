"""Nested functions, and what they capture, keep, are given and change."""
import functools
import math
from functools import partial

import numpy as np

from . import case, normal


@case(0.7, 1.3)
def captured_is_rebound_between_calls(x, y):
    k = x

    def f(t):
        return k * t

    a = f(y)
    k = y * y
    b = f(x)
    k = 2.0
    return a * b + f(a)


@case(0.7, 1.3)
def captured_is_rebound_in_a_loop(x, y):
    k = x

    def f(t):
        return math.sin(k) * t

    total = 0.0
    for i in range(4):
        total = total + f(y)
        k = k * total + i
    return total


@case(0.7, 4)
def captured_is_rebound_in_a_while_loop(x, n):
    k = x
    f = lambda t: t * k + k
    s = 1.0
    while n > 0:
        s = f(s) * 0.5
        if s > 1.0:
            k = s * x
        n -= 1
    return s + f(k)


def scaler(k):
    def scale(t):
        return k * t
    return scale


@case(0.7, 1.3)
def three_of_one_factory(x, y):
    f, g, h = scaler(x), scaler(y), scaler(x * y)
    return f(g(x)) * h(y) + g(f(h(1.0)))


@case(0.7, 1.3)
def factory_inside(x, y):
    def make(k):
        def f(t):
            return k * t + x
        return f

    f, g = make(x), make(y)
    return f(g(x)) - g(f(y))


@case(0.7, 1.3)
def factory_of_two(x, y):
    def make(k):
        total = k

        def get():
            return total * k

        def put(v):
            nonlocal total
            total = total + v * v

        return get, put

    get, put = make(x)
    other_get, other_put = make(y)
    put(y)
    other_put(x)
    a = get()
    put(a)
    return get() * other_get()


@case(0.7, 3)
def counter_that_returns(x, n):
    count = 0

    def bump(v):
        nonlocal count
        count += 1
        return v ** count

    total = 0.0
    for _ in range(n):
        total += bump(x)
    return total * count


@case(normal(5))
def pop_in_a_nested_function(v):
    stack = [a * a for a in v]

    def take():
        return stack.pop()

    def put(t):
        stack.append(t)

    s = take() * take()
    put(s * 2.0)
    put(take() + take())
    while len(stack) > 1:
        put(take() * take() + 1.0)
    return take() + s


@case(0.7, 1.3)
def pop_of_a_captured_list_in_an_expression(x, y):
    items = [x, y, x * y, 2.0]

    def take():
        return items.pop()

    return take() * 3.0 + take() * take() - take() / 2.0


@case(0.7, 1.3)
def pop_from_front_in_a_nested_function(x, y):
    queue = [x, y]

    def step():
        a = queue.pop(0)
        queue.append(a * queue[0])
        return a

    s = 0.0
    for i in range(4):
        s += step() * (i + 1)
    return s + sum(queue)


@case(0.7, 1.3)
def default_is_taken_when_made(x, y):
    k = x

    def f(t, k=k, *, s=x * y):
        return t * k + s

    k = y * 3.0
    return f(y) + f(x, k) * f(1.0, s=k)


@case(0.7, 1.3)
def default_of_a_default(x, y):
    def outer(a, b=x):
        def inner(c, d=a * b):
            return c * d
        return inner(b) + inner(a, b)

    return outer(y) * outer(x, y)


@case(0.7)
def default_list_is_kept(x):
    def f(t, seen=[]):
        seen.append(t)
        return sum(seen) * t

    return f(x) + f(x * x) + f(2.0, [x])


@case(0.7, 1.3)
def variadic_nested(x, y):
    def f(a, *rest, scale=1.0, **options):
        total = a
        for r in rest:
            total = total * r + scale
        for name in sorted(options):
            total = total + options[name] * len(name)
        return total

    args = (x, y, 3.0)
    options = {"b": x * y, "aa": y}
    return f(*args) + f(x, *args[1:], scale=y, **options) * f(y, b=x)


@case(0.7, 1.3)
def passes_everything_on(x, y):
    def inner(a, b, c=2.0, *, d=3.0):
        return a * b ** c + d

    def outer(*args, **kwargs):
        return inner(*args, **kwargs) * 2.0

    return outer(x, y) + outer(x, y, 3.0) + outer(x, b=y, d=x) + outer(y, x, c=1.5, d=y)


@case(0.7, 1.3)
def partial_with_keywords(x, y):
    def f(a, b, c=1.0, *, d=2.0):
        return a * b + c * d

    g = partial(f, x, d=y)
    h = partial(g, c=x * y)
    return g(y) * h(2.0) + h(x, d=1.0) + partial(h, b=y)()


@case(0.7, 1.3)
def partial_takes_values_when_made(x, y):
    k = x
    f = partial(lambda a, b: a * b + a, k)
    k = y * 2
    return f(y) * k


@case(0.7, 1.3)
def functions_in_a_list(x, y):
    fs = [math.sin, lambda t: t * x, lambda t: t + y, scaler(y)]
    s = x
    for f in fs:
        s = f(s)
    return s + fs[1](y) * fs[-1](x)


@case(0.7, 1.3)
def functions_in_a_dict(x, y):
    ops = {"mul": lambda a, b: a * b, "add": lambda a, b: a + b * x, "pow": math.pow}
    s = y
    for name in ("mul", "add", "pow", "mul"):
        s = ops[name](s, x)
    return s


@case(0.7, 1.3)
def functions_in_a_dict_items(x, y):
    ops = {"sin": math.sin, "sq": lambda a: a * y}
    s = 0.0
    for name, op in ops.items():
        s += op(x) * len(name)
    return s


@case(0.7, 1.3)
def functions_appended_to_a_list(x, y):
    fs = []
    fs.append(lambda t: t * x)
    fs.append(lambda t: t * t + y)
    s = 1.0
    for f in fs:
        s = f(s)
    return s * fs[0](y)


@case(0.7, 1.3)
def function_chosen_by_condition(x, y):
    f = math.sin if x > 0 else math.cos
    g = (lambda t: t * x) if y > 1 else (lambda t: t + y)
    return f(g(x)) * g(f(y))


@case(0.7, 1.3)
def function_rebound(x, y):
    f = lambda t: t * x
    a = f(y)
    g = f
    f = lambda t: g(t) + y
    return a * f(a) * g(x)


@case(0.7, 3)
def recursion_with_captured(x, n):
    def go(k, acc):
        if k == 0:
            return acc
        return go(k - 1, acc * x + k)

    return go(n, x)


@case(0.7, 4)
def mutual_recursion_nested(x, n):
    def even(k, v):
        return v if k == 0 else odd(k - 1, v * x)

    def odd(k, v):
        return v * v if k == 0 else even(k - 1, v + x)

    return even(n, 1.5) + odd(n, x)


@case(0.7)
def recursion_by_lambda(x):
    fact = lambda n: x if n == 0 else n * fact(n - 1) * x
    return fact(4)


@case(0.7)
def recursion_changes_a_nonlocal(x):
    total = 0.0

    def visit(d, v):
        nonlocal total
        total += v * v
        if d > 0:
            visit(d - 1, v * x)
            visit(d - 1, v + x)

    visit(2, x)
    return total


@case(0.7)
def recursion_appends_to_a_captured_list(x):
    out = []

    def visit(d, v):
        if d == 0:
            out.append(v)
            return
        visit(d - 1, v * x)
        visit(d - 1, v + x)

    visit(2, x)
    return sum(t * (i + 1) for i, t in enumerate(out))


@case(normal(6))
def recursive_sum_of_halves(v):
    def go(lo, hi):
        if hi - lo == 1:
            return v[lo] ** 2
        mid = (lo + hi) // 2
        return go(lo, mid) * 0.9 + go(mid, hi)

    return go(0, len(v))


@case(normal(8))
def recursive_transform(v):
    def fft_like(u):
        n = len(u)
        if n == 1:
            return u
        e, o = fft_like(u[::2]), fft_like(u[1::2])
        k = np.arange(n // 2)
        return np.concatenate([e + np.cos(k) * o, e - np.cos(k) * o])

    return np.sum(fft_like(v) ** 2 * np.arange(8))


def hanoi(n, a, x, moves):
    if n == 0:
        return a
    a = hanoi(n - 1, a * x, x, moves)
    moves.append(a)
    return hanoi(n - 1, a + x, x, moves)


@case(0.7)
def recursion_fills_a_list(x):
    moves = []
    last = hanoi(3, x, x, moves)
    return last + sum(m * m for m in moves)


@case(0.7, 1.3)
def nested_returns_several(x, y):
    def f(a, b):
        return a * b, {"s": a + b, "l": [a, b]}

    p, d = f(x, y)
    q, e = f(p, d["s"])
    return q * e["l"][0] + d["l"][1] * e["s"]


@case(0.7, 1.3)
def nested_function_with_early_returns(x, y):
    def f(a, n):
        for i in range(n):
            if a > 2.0:
                return a * x
            a = a * 1.5 + y
        else:
            a = -a
        return a + i

    return f(x, 1) + f(y, 5) * f(0.1, 2)


@case(0.7, 1.3)
def nested_in_a_branch(x, y):
    if x > y:
        def f(t):
            return t * x
    elif y > 0:
        def f(t, k=x * y):
            return t * y + k
    else:
        f = math.sin
    return f(x) * f(y)


@case(0.7, 3)
def defined_in_a_loop_and_called(x, n):
    s = x
    for i in range(n):
        def f(t, i=i):
            return t * s + i
        s = f(x) * 0.5
    return f(s) + s


@case(0.7)
def lambda_called_where_it_stands(x):
    return (lambda a, b=2.0: a ** b)(x) + (lambda *a: a[0] * a[1])(x, 3.0)


@case(0.7, 1.3)
def key_functions(x, y):
    items = [(x, 3.0), (y, 1.0), (x * y, 2.0)]
    items.sort(key=lambda p: p[1])
    best = max(items, key=lambda p: p[0] * x)
    low = min([x, y, 2.0], key=lambda t: abs(t - 1.2))
    return items[0][0] * best[0] + low * sorted([x, y, x * y], key=lambda t: -t)[1]


@case(normal(5), 0.5)
def map_with_closures(v, x):
    scale = [x, x * x, 2.0]
    ys = list(map(lambda a, s: a * s, v, scale))
    zs = [f(a) for f, a in zip((math.sin, math.cos, scaler(x)), v)]
    return sum(ys) * sum(map(scaler(x), zs)) + functools.reduce(lambda a, b: a * x + b, v, 0.0)


@case(0.7, 1.3)
def closure_reads_a_later_variable(x, y):
    def f(t):
        return t * later

    later = x * y
    a = f(x)
    later += y
    return a + f(y)


@case(np.array([0.5, 1.5, -0.7]), 0.3)
def closure_over_an_array_that_changes(u, k):
    u = u.copy()

    def energy():
        return np.sum(u ** 2)

    def step(dt):
        u[1:-1] += dt * (u[2:] - 2 * u[1:-1] + u[:-2])

    e = energy()
    for _ in range(3):
        step(k)
        e += energy() * u[1]
    return e


@case(np.array([0.5, 1.5, -0.7]), 0.3)
def closure_over_an_array_that_is_rebound(u, k):
    def rhs(w):
        return k * w - u

    for _ in range(3):
        u = u + 0.1 * rhs(u)
    return np.sum(rhs(u) ** 2)


@case(0.7, 1.3)
def memo_in_a_closure(x, y):
    memo = {}

    def f(n):
        if n in memo:
            return memo[n]
        memo[n] = x if n == 0 else y if n == 1 else f(n - 1) * f(n - 2) + 0.1
        return memo[n]

    return f(4)


@case(0.7, 1.3)
def decorator_with_state(x, y):
    def counted(g):
        def wrapper(*args):
            nonlocal calls
            calls += 1
            return g(*args) * calls
        return wrapper

    calls = 0

    @counted
    def f(a, b):
        return a * b + x

    return f(x, y) + f(y, y) * f(x, x)


@case(0.7, 1.3)
def composition(x, y):
    def compose(*fs):
        def run(t):
            for f in reversed(fs):
                t = f(t)
            return t
        return run

    g = compose(math.sin, lambda t: t * y, lambda t: t + x)
    return g(x) * compose(g, g)(y)


@case(0.7, 1.3)
def returns_functions_in_a_tuple(x, y):
    def pair(a):
        return (lambda t: t * a), (lambda t: t + a * a)

    f, g = pair(x)
    p = pair(y)
    return f(g(y)) * p[0](p[1](x))


@case(0.7, 3)
def functions_kept_from_a_loop(x, n):
    fs = []
    for i in range(n):
        fs.append(lambda t, i=i: t * x + i)
    s = 0.5
    for f in fs:
        s = f(s)
    return s


@case(0.7)
def functions_by_comprehension(x):
    fs = [lambda t, i=i: t * x + i for i in range(3)]
    return fs[0](x) * fs[1](x) * fs[2](x)


@case(0.7)
def functions_by_comprehension_late(x):
    fs = [lambda t: t * x + i for i in range(3)]
    return fs[0](x) * fs[1](x) * fs[2](x)


@case(0.7)
def functions_kept_from_a_known_loop(x):
    fs, table = [], {}
    for i, k in enumerate((1.0, x, 3.0)):
        fs.append(lambda t, i=i, k=k: t * k + i * x)

        def named(t, k=k):
            return t * k * x

        table[i] = named
    total = table[1](x) * table[2](2.0)
    for f in fs:
        total = f(total)
    return total + fs[1](x) * table[0](total)


@case(0.7)
def functions_of_a_comprehension_in_a_loop(x):
    total = x
    for f in [lambda t, k=k: t * k + x for k in (1.0, 2.0, x)]:
        total = f(total)
    table = {name: (lambda t, k=k: t * k) for name, k in [("a", x), ("b", 2.0)]}
    for name, f in table.items():
        total += f(total) * len(name)
    for f in table.values():
        total = f(total)
    return total + sum(f(x) for f in [lambda t: t * k for k in (1.0, 2.0, x)])


@case(0.7, 3)
def functions_that_pass_defaults_on(x, n):
    def power(k):
        return lambda t, k=k: t * k * x

    return power(n)(x) + power(x)(2.0)
