"""Corners of the language: generators, iterators, exceptions and containers where order, laziness and sharing of names matter."""
import itertools
import math
from collections import defaultdict, namedtuple
from dataclasses import dataclass
from enum import Enum

import numpy as np

from . import case, normal


def scaled(values, k):
    for v in values:
        k = k * 0.9
        yield v * k


@case([0.7, -0.3, 1.1], 2.0)
def names_of_the_generator_are_its_own(values, k):
    v = k
    total = 0.0
    for k in scaled(values, v):
        total += k * v
    for v in scaled([total, k], 3.0):
        total = total * v + k
    return total + v


def running(values):
    total = 0.0
    for v in values:
        total = total + v
        yield total, v
    yield total * 2, 1.0


@case([0.7, -0.3, 1.1], 1.2)
@case([0.7, -0.3, 1.1], 0.3)
def several_yields_and_break(values, limit):
    product = 1.0
    for total, v in running(values):
        if total > limit:
            product = product * total
            break
        if v < 0:
            continue
        product = product * (v + total)
    else:
        product = product * 5
    return product


@case([0.7, -0.3, 1.1])
def loop_changes_what_the_generator_reads(values):
    values = list(values)
    total = 0.0
    for i, v in enumerate(scaled(values, 1.0)):
        total += v
        if i + 1 < len(values):
            values[i + 1] = values[i + 1] * total
    return total


@case([0.7, 0.3, 1.1])
def next_until_it_ends(values):
    it = iter(values)
    total = 1.0
    while True:
        try:
            v = next(it)
        except StopIteration:
            break
        total = total * v + math.sin(v)
    return total


@case([0.7, 0.3, 1.1, 0.4])
def pairs_from_one_iterator(values):
    it = iter(values)
    total = 0.0
    for a in it:
        b = next(it)
        total += a * b ** 2
    return total


@case(0.7, 4)
def inactive_iterators_drive_loops(x, n):
    for k in filter(lambda i: i % 2, range(n)):
        x = x * k + math.sin(x)
    for k in map(lambda i: i * 0.5, range(1, n)):
        x = x * k
    for i, c in zip(itertools.count(1), "abc"):
        x = x * i + ord(c) * 0.01
    it = iter(range(n))
    next(it)
    for k in it:
        x = x + x ** 2 / (k + 1)
    return x


def evens(n):
    for i in range(n):
        if i % 2 == 0:
            yield i


@case(0.7, 5)
def inactive_generator_of_ones_own(x, n):
    total = 0.0
    for i in evens(n):
        x = x * math.cos(x) + i
        total += x
    return total + sum(evens(n)) * x


class Color(Enum):
    RED = 1
    BLUE = 2


@dataclass
class Point:
    x: float
    y: float


Move = namedtuple("Move", "kind by")


@case(0.7, Color.RED, wrt=0)
@case(0.7, Color.BLUE, wrt=0)
@case(0.7, Point(1.5, 2.5), wrt=0)
@case(0.7, Point(0.0, 2.5), wrt=0)
@case(0.7, Move("up", 2.0), wrt=0)
@case(0.7, range(3), wrt=0)
@case(0.7, (1, (2, 3)), wrt=0)
@case(0.7, "abc", wrt=0)
def match_on_classes_and_values(x, thing):
    match thing:
        case Color.RED:
            y = x ** 2
        case Color():
            y = x ** 3
        case Point(x=0.0, y=b) | Point(b, y=0.0):
            y = b * x
        case Point(a, y=b):
            y = a * x + b * x ** 2
        case Move("up", by=k):
            y = k * x
        case (a, (b, c)):
            y = a * x + b * x * c
        case [0, *more]:
            y = x * len(more)
        case _:
            y = math.sin(x)
    return y * x


@case(normal(4), 3)
@case(normal(4), 7)
def try_around_array_writes(x, i):
    y = x.copy()
    try:
        y[i] = y[0] * y[1]
    except IndexError:
        y[1] = y[0] ** 2
    finally:
        y[2] = y[2] * 2
    return np.sum(y * y)


@case(normal(3), 0.7)
def contexts_around_array_writes(x, a):
    y = np.zeros(3)
    for k in range(3):
        with np.errstate(all="ignore"):
            y[k] = np.exp(a * x[k])
            if k == 1:
                continue
            y[k] *= x[k]
    return np.sum(y ** 2)


@case([0.7, -0.3, 1.1])
def functions_in_structures(x):
    total = 0.0
    for name, f in (("sin", math.sin), ("square", lambda v: v * v)):
        total += f(x[0]) * len(name)
    chain = (math.sin, math.exp, lambda v: v * x[1])
    y = x[2]
    for f in chain:
        y = f(y)
    return total * y


@case([0.7, -0.3, 1.1])
def late_binding_in_closures(x):
    k = x[0]
    scale = lambda v: v * k
    a = scale(x[1])
    k = x[2] * 2
    b = scale(x[1])
    return a * b + scale(x[0])


@case({"a": 0.7, "b": -0.3})
def dictionaries_with_defaults(d):
    groups = defaultdict(float)
    for k, v in d.items():
        groups[k[0]] += v * v
        groups["all"] += v
    return groups["a"] * groups["all"] * len(groups)


@case([0.7, -0.3, 1.1])
def strings_and_keys(x):
    d = {}
    for i, v in enumerate(x):
        d[f"x{i}"] = v * (i + 1)
    keys = [k for k in d if k.endswith(("0", "2"))]
    text = ",".join(f"{d[k]:.3f}" for k in keys)
    return sum(d[k] ** 2 for k in keys) * len(text.split(","))


@case([0.7, -0.3, 1.1, 0.2])
def membership_and_ties(x):
    y = x[:2] + [x[2], x[2]]
    best = max(y)
    where = y.index(best)
    counts = y.count(x[2])
    return best * (where + 1) * counts + min(y) * (0.7 in y) + sorted(set([3, 1, 2]))[0] * x[3]


@case([0.7, -0.3, 1.1, 0.2])
def nested_unpacking_in_loops(x):
    data = [("a", (x[0], [x[1], 2.0])), ("b", (x[2], [x[3], 3.0]))]
    total = 0.0
    for name, (p, [q, k]) in data:
        total += p * q * k * len(name)
    for i, (name, (p, _)) in enumerate(data):
        total += p ** 2 * i
    (_, (first, [*rest])), *_ = data
    return total + first * rest[0]


@case([0.7, -0.3, 1.1, 0.2], 2)
def while_with_lists_as_state(x, n):
    queue = list(x)
    total = 0.0
    while len(queue) > 1:
        a, b, *queue = queue
        queue = [*queue, a * b + 1] if n else queue + [a]
        total += a - b
    return total * queue[0]


@case(0.7)
def assertions_and_raises(x):
    assert x > 0, f"{x} must be positive"
    y = x * x
    if y > 100:
        raise OverflowError("too large")
    elif not isinstance(y, float):
        raise TypeError
    assert isinstance(y, float)
    return y * x


@case(0.7, "3.5", raises=None)
@case(0.7, "x", wrt=0)
def parses_into_a_variable_of_other_type(x, text):
    value = text
    try:
        value = float(value)
    except ValueError:
        value = len(value)
    return x ** 2 * value


def fibonacci(a, b):
    while True:
        yield a
        a, b = b, a + b * 0.5


@case(0.7, 1.1)
def endless_generators_taken_from(a, b):
    total = 0.0
    for i, v in zip(range(5), fibonacci(a, b)):
        total += v * i
    for v in itertools.islice(fibonacci(b, a), 4):
        total = total * 0.5 + v ** 2
    for v in itertools.takewhile(lambda v: v < 3, fibonacci(a, b)):
        total += v
    return total


@case([0.7, -0.3])
def loop_variables_used_again(x):
    total = 0.0
    for v in x:
        total += v * v
    for v in (2.0, 3.0):
        total += v * total
    for k, v in [("a", 2.0), ("bc", 0.5)]:
        total = total * v + len(k) * x[1]
    v = x[0] * 2
    total += v
    for v in range(3):
        total = total * v + x[0]
    return total * v


@case([0.7, -0.3])
def iterable_bound_anew_in_its_loop(x):
    total = 0.0
    for i, v in enumerate(x):
        total += v * v * i
        x = [total, v, 2.0]
    return total * x[1]


@case(normal(5), 3)
def cleared_before_it_is_added_to(x, n):
    u = x.copy()
    for _ in range(n):
        old = np.zeros_like(x)
        old[1:] += u[1:]
        u[1:-1] = 0.0
        u += old
    return np.sum(u * x)


@case(normal(4), normal(4))
def swapped_while_one_is_shared(a, b):
    a, b = a.copy(), b.copy()
    c = np.zeros(4)
    for _ in range(3):
        c[1:] += a[1:]
        a[2] = 0.0
        a += c
        a, b = b, a
        b[0] = a[1] * 0.5
        a += b
    return np.sum(a * b)


@case(normal(3, 3) + 4 * np.eye(3), normal(3))
def quotients_are_added_to_entries(A, b):
    y = np.ones(3)
    for i in range(3):
        y[i] -= b[i] / A[i, i]
        y[0] += np.tanh(b[i])
        y[2] -= np.sqrt(y[1] ** 2 + 1) / A[0, i]
    y[1:] += np.exp(b[1:])
    return np.sum(y ** 2)


@case(normal(3))
def an_item_is_added_to_and_read_by_its_name(x):
    y, z, w = np.zeros(3), np.zeros(3), np.ones(3)
    held = {"y": y, "z": [z]}
    held["y"] += 2 * x
    held["z"][0] -= x ** 2
    for key in ("y",):
        held[key][1:] += 1.0
    parts = [w, [w]]
    parts[1][0] *= x
    return np.sum(y ** 2) + np.sum(z * x) + np.sum(parts[0] ** 2) + np.sum(w)


@case(normal(3))
def rows_in_a_list_are_added_to(x):
    a = np.zeros((2, 3))
    rows = [row for row in a]
    rows[0] += x
    rows[1] -= 2 * x

    def add(items):
        items[0] += x * 3
    add(rows)
    return np.sum(a ** 2)


@case(normal(4))
def lists_that_are_joined_hold_the_same_arrays(x):
    a, b = np.ones(4), np.ones(4)
    items = [a] + [b]
    more = items * 2
    more[2] *= x
    items[1][1:] += x[:3] / x[3]
    return np.sum(a ** 2) + np.sum(b ** 3)


@case(normal(4))
def what_a_nested_function_gives_is_its_default(x):
    a = np.ones(4)

    def held(b=a):
        return b
    held()[1:] *= x[:3]
    held()[0] = x[3]
    return np.sum(a ** 2 * x)


@case(normal(4))
def written_and_read_as_two_arguments(x):
    def scale(v, w):
        v *= w
        v[-1] += w[0]
    y = x.copy()
    scale(y, y)
    return np.sum(y ** 2)


class Meter:
    def __init__(self):
        self.total = 0.0


@case(normal(4))
def attributes_are_set_by_name(x):
    meter = Meter()
    for v in x:
        setattr(meter, "total", meter.total * 0.5 + v ** 2)
    setattr(meter, "last", x[0])
    return meter.total * meter.last
