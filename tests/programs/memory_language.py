"""The rest of the language: with, match, try, raise, generators, nonlocal and global, isinstance branches, type-changing variables."""
import contextlib
import math

import numpy as np

from . import case, normal


@case(normal(4))
def with_errstate(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = 1 / x
        y[0] = np.log(np.abs(x[1]))
    return np.sum(y * x * x)


@contextlib.contextmanager
def announced(name):
    print("begin", name)
    yield name.upper()
    print("end", name)


@case(0.7)
def with_a_context_of_ones_own(x):
    with announced("work") as name, contextlib.suppress(KeyError):
        y = x * x * len(name)
    return y + x


@case(0.7, "sin")
@case(0.7, "power")
@case(0.7, "nothing")
def match_on_strings(x, name):
    match name:
        case "sin":
            return math.sin(x)
        case "power" | "square":
            return x ** 2
        case _:
            return x


@case(0.7, ("scale", 2.0), wrt=0)
@case(0.7, ("shift", 2.0, 3.0), wrt=0)
@case(0.7, 5, wrt=0)
@case(0.7, {"gain": 3.0}, wrt=0)
def match_on_structures(x, command):
    match command:
        case ("scale", k):
            y = k * x ** 2
        case ("shift", a, b) if a < b:
            y = (x + a) * b
        case {"gain": g}:
            y = g * x
        case int(n):
            y = x ** n
        case _:
            raise ValueError("unknown")
    return y * x


@case(0.7, 0)
@case(0.7, 1)
def match_on_values(x, n):
    match n:
        case 0:
            x = x * x
        case 1 | 2:
            x = math.exp(x)
    return x * 2


@case(0.7)
def try_finally(x):
    y = 1.0
    try:
        y = x * x
    finally:
        y = y + x
    return y * x


@case({"gain": 2.0}, 0.7, wrt=1)
@case({}, 0.7, wrt=1)
def try_except_without_active_changes(options, x):
    try:
        gain = options["gain"]
    except KeyError:
        gain = 1.0
    else:
        gain = gain * 2
    return gain * x ** 2


@case(0.7, "3")
@case(0.7, "three")
def try_except_parses(x, text):
    try:
        n = int(text)
    except ValueError as error:
        n = len(str(error)) % 5
    return x ** n


@case(0.7)
def raise_on_an_untaken_path(x):
    if x > 100:
        raise RuntimeError(f"diverged at {x}")
    y = x * x
    if math.isnan(y):
        raise ValueError("nan")
    return y * x


def countdown(x, n):
    while n > 0:
        yield x * n, n
        x = x * 0.9
        n -= 1


def squares(values):
    for v in values:
        yield v * v


@case(0.7, 4)
def generators_consumed_by_loops(x, n):
    total = 0.0
    for v, k in countdown(x, n):
        total += v ** 2 / k
    for s in squares([x, total]):
        total = total + s
    return total + sum(squares((x, 2.0)))


@case(0.7)
def nonlocal_written(x):
    total = 0.0
    count = 0

    def add(v):
        nonlocal total, count
        total += v * x
        count += 1

    for i in range(4):
        add(x ** i)
    return total * count


COUNTER = 0


@case(0.7)
def global_written(x):
    global COUNTER
    COUNTER = COUNTER + 1
    return x * x


@case(normal(4))
@case(1.5)
@case([0.5, 1.5], wrt=0)
def isinstance_branches(x):
    if isinstance(x, np.ndarray):
        return np.sum(x ** 2)
    elif isinstance(x, (int, float)):
        return x ** 3
    return sum(v * v for v in x)


@case(normal(4))
def type_changes_in_a_loop(x):
    total = 0
    for v in x:
        total = total + v * x
    total = np.sum(total)
    total = [total, total * 2]
    total = {"t": total[0] * total[1]}
    return total["t"]


@case(0.7, None)
def none_until_set(x, best):
    for i in range(5):
        candidate = math.sin(x * (i + 1))
        if best is None or candidate > best:
            best = candidate
    return best * x


@case(normal(5))
def minimum_kept_with_its_index(x):
    best, where = float("inf"), -1
    for i, v in enumerate(x):
        if v * v < best:
            best, where = v * v, i
    return best * x[where]


@case(normal(6))
def while_over_an_iterator_of_slices(x):
    y = x.copy()
    n = len(y)
    while n > 1:
        half = n // 2
        y[:half] = y[:half] * y[n - half:n] + y[:half]
        n = n - half
    return y[0]


@case(normal(3))
def comprehension_over_buffer(x):
    y = x.copy()
    parts = [y[i] * 2 for i in range(3)]
    y[0] = parts[1] * parts[2]
    more = [y[i] ** 2 for i in range(3)]
    return sum(parts) * sum(more)


@case(normal(4))
def lambda_over_buffer(x):
    y = x.copy()
    f = lambda i: y[i] * y[i - 1]
    a = f(1)
    y[1] = a
    b = f(1)
    y[0] = b
    return f(1) * f(2)


@case(0.7)
def default_list_of_constants(x):
    def poly(t, coefficients=[1.0, 2.0, 3.0]):
        result = 0.0
        for c in coefficients:
            result = result * t + c
        return result
    return poly(x) * poly(x * 2, [x, 1.0])


@case(normal(4))
def iterators_by_hand(x):
    iterator = iter(x)
    total = next(iterator)
    for v in iterator:
        total = total * v + 1
    return total


@case(normal(4), normal(4, seed=1))
def star_in_display(a, b):
    items = [*a, 2.0, *b[:2]]
    merged = {**{"x": a[0]}, "y": b[0]}
    return np.sum(np.array(items) ** 2) * merged["x"] + merged["y"]
