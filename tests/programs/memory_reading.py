"""What is read of lists, tuples, dictionaries and iterables: built, walked, sorted, joined, unpacked."""
import bisect
import functools
import itertools
import math
import operator
import statistics

import numpy as np

from . import case, normal


@case([0.7, -0.3, 1.1])
@case((0.7, -0.3, 1.1))
@case(normal(3))
def lists_and_tuples_of(x):
    a = list(x)
    b = tuple(x)
    c = tuple(v * v for v in x)
    d = list(v + 1 for v in b)
    return a[0] * b[1] + c[2] * d[0] + len(a) * sum(c)


@case([0.7, -0.3, 1.1])
def dictionary_from_pairs(x):
    names = ["a", "b", "c"]
    d = dict(zip(names, x))
    e = dict(first=x[0], second=x[1])
    f = dict(d)
    g = dict(d, a=x[2])
    h = {**d, "b": x[0] * 2}
    i = dict([("k", x[0]), ("l", x[1])])
    return d["a"] * e["second"] + f["c"] * g["a"] + h["b"] * h["c"] + i["k"] * i["l"]


@case([0.7, -0.3, 1.1, 0.2])
@case(normal(4))
def sorting_with_keys(x):
    a = sorted(x)
    b = sorted(x, reverse=True)
    c = sorted(x, key=lambda v: -abs(v))
    d = sorted([(v, i) for i, v in enumerate(x)])
    e = sorted(zip(x, [3, 1, 2, 0]), key=lambda p: p[1])
    total = 0.0
    for i, v in enumerate(a):
        total += v * (i + 1) ** 2
    return total + b[0] * c[0] + d[0][0] * d[1][0] * 3 + e[0][0] * e[1][0] * 7


@case([0.7, -0.3, 1.1, 0.2])
def smallest_and_largest(x):
    a = max(x, key=abs)
    b = min(x, key=lambda v: (v - 0.3) ** 2)
    c = max((v * v for v in x), default=0.0)
    d = min([], default=x[0])
    e = max(x[0], x[1], x[2] * 2)
    f = max([(v, k) for k, v in enumerate(x)])[0]
    i = max(range(len(x)), key=lambda i: x[i])
    return a * b + c * d + e * f + x[i] * 3


@case([0.7, -0.3, 1.1, 0.2])
def sums_with_start(x):
    a = sum(x, 1.0)
    b = sum([v * v for v in x], start=x[0])
    c = sum((v for v in x if v > 0), x[1])
    d = sum([[x[0]], [x[1], x[2]]], [])
    return a * b + c + d[2] * len(d)


@case([0.7, -0.3, 1.1, 0.2])
def reduced(x):
    a = functools.reduce(operator.add, x)
    b = functools.reduce(operator.mul, x, 2.0)
    c = functools.reduce(lambda s, v: s * 0.5 + v * v, x)
    d = functools.reduce(max, x)
    e = functools.reduce(lambda pair, v: (pair[0] + v, pair[1] * v), x, (0.0, 1.0))
    return a * b + c + d + e[0] * e[1]


def cube(v):
    return v ** 3


@case([0.7, -0.3, 1.1], [1.0, 2.0, 3.0])
def mapped(x, y):
    a = list(map(cube, x))
    b = sum(map(lambda p, q: p * q, x, y))
    c = max(map(math.sin, x))
    d = [v for v in map(operator.neg, y)]
    e = tuple(map(float, x))
    return a[0] + b * c + d[1] * e[2]


@case([0.7, -0.3, 1.1, 0.2])
def filtered(x):
    a = list(filter(lambda v: v > 0, x))
    b = sum(filter(None, [x[0], 0.0, x[1]]))
    total = 1.0
    for v in filter(lambda v: v < 1, map(lambda v: v * 2, x)):
        total *= v + 2
    return a[0] * a[1] * b + total


@case([0.7, -0.3, 1.1, 0.2])
def walks_of_itertools(x):
    total = 0.0
    for v in itertools.chain(x, [1.0, x[0] * x[1]], (2.0,)):
        total += v ** 2
    for a, b in itertools.pairwise(x):
        total += (a - b) ** 2
    for a, b in itertools.product(x[:2], x[2:]):
        total += a * b
    for a, b in itertools.combinations(x, 2):
        total += a * b * 3
    for i, s in enumerate(itertools.accumulate(x)):
        total += s * i
    for s in itertools.accumulate(x, lambda p, q: p * q, initial=2.0):
        total += s
    for v in itertools.islice(x, 3):
        total *= 1 + v
    for v in itertools.takewhile(lambda v: v > 0, x):
        total += v * 10
    return total


@case([0.7, -0.3, 1.1, 0.2])
def accumulated(x):
    a = list(itertools.accumulate(x))
    b = list(itertools.accumulate(x, operator.mul))
    c = list(itertools.chain.from_iterable([[v, v * v] for v in x]))
    d = sum(p * q for p, q in itertools.combinations(x, 2))
    return a[-1] * b[-1] + sum(c) * d


@case([0.7, -0.3, 1.1, 0.2])
def statistics_of(x):
    m = statistics.mean(x)
    return m * statistics.fmean(x) + math.fsum(x) + math.prod(x)


@case([0.7, -0.3, 1.1, 0.2])
def any_and_all(x):
    y = x[0]
    if any(v > 1 for v in x) and not all(v > 0 for v in x):
        y = y * x[1]
    if all(isinstance(v, float) for v in x):
        y = y + x[2] ** 2
    if 5.0 not in x and len(x) == 4:
        y = y * 2
    return y + any([False, x[0] > 0]) * x[3]


@case([(0.7, 1.0), (-0.3, 2.0), (1.1, 0.5)])
def pairs_transposed(pairs):
    a, b = zip(*pairs)
    total = 0.0
    for (p, q), r in zip(pairs, a):
        total += p * q * r
    return total + sum(a) * sum(b)


@case([0.7, -0.3, 1.1, 0.2])
def enumerations(x):
    total = 0.0
    for i, v in enumerate(x, start=1):
        total += i * v ** 2
    for i, (a, b) in enumerate(zip(x, reversed(x))):
        total += a * b * i
    for i, v in reversed(list(enumerate(x))):
        total = total * 0.5 + v * i
    return total


@case([0.7, -0.3, 1.1], [2.0, 3.0])
def displays_with_stars(x, y):
    a = [*x, 1.0, *y]
    b = (*y, *x)
    c = [*(v * v for v in x), *reversed(y)]
    d = [*range(2), *x[1:]]
    return a[0] * a[-1] + b[0] * b[3] + c[2] * c[-1] + d[1] * d[2]


@case([0.7, -0.3, 1.1, 0.2])
def starred_unpacking(x):
    first, *rest = x
    *front, last = x
    a, *middle, z = rest
    (p, *q), r = (x, last)
    total = 0.0
    for head, *tail in [x, rest]:
        total += head * sum(tail)
    return first * sum(rest) + sum(front) * last + a * z * sum(middle) + p * q[1] * r + total


@case({"a": 0.7, "b": -0.3, "c": 1.1})
def walks_of_dictionaries(d):
    total = 0.0
    for key in d:
        total += d[key] ** 2
    for key, value in d.items():
        total += value * len(key) * ord(key)
    for value in d.values():
        total *= 1 + value
    for i, key in enumerate(sorted(d.keys())):
        total += d[key] * i
    return total + d.get("a") * d.get("z", 2.0) + ("b" in d) * d["b"] + len(d) * sum(d.values())


@case({"a": 0.7, "b": -0.3, "c": 1.1})
def dictionary_comprehensions(d):
    squares = {k: v * v for k, v in d.items()}
    positive = {k: v for k, v in d.items() if v > 0}
    swapped = {i: d[k] for i, k in enumerate(d)}
    named = {f"x_{k}": v for k, v in d.items()}
    return squares["a"] * positive["c"] + swapped[1] * named["x_b"] + sum(positive.values()) + max(squares.values())


@case({"layer": {"w": 0.7, "b": [0.1, 0.2]}, "out": (1.5, 2.5)})
def nested_structures(p):
    h = p["layer"]["w"] * 2 + p["layer"]["b"][1]
    for k, v in p["layer"].items():
        h = h * (v if k == "w" else sum(v))
    a, b = p["out"]
    return h * a - b * p["layer"]["b"][0]


@case([0.7, -0.3, 1.1, 0.2, 0.5])
def slices_of_lists(x):
    a = x[1:4]
    b = x[::2]
    c = x[::-1]
    d = x[-2:] + x[:1]
    e = a * 2
    return a[0] * b[2] + c[0] * d[2] + sum(e) + sum(x[1:]) * len(b)


@case([0.7, -0.3, 1.1])
def comprehensions_of_several(x):
    a = [u * v for u in x for v in x if u != v]
    b = [[u + v for v in x] for u in x]
    c = [w for row in b for w in row if w > 0]
    d = {(i, j): x[i] * x[j] for i in range(3) for j in range(i)}
    e = [y for y in [v * v for v in x] if y > 0.1]
    return sum(a) + b[0][2] * c[0] + d[2, 1] + sum(e) + sum(u * v for u, v in zip(x, x[1:]))


@case([0.7, -0.3, 1.1])
def loops_over_displays(x):
    a, b, c = x
    total = 0.0
    for v in (a, b * c, 2.0):
        total += v ** 2
    for weight, v in [(1.0, a), (2.0, b), (3.0, c)]:
        total += weight * v
    for name, v in {"p": a, "q": b}.items():
        total += len(name) * v
    for f in (math.sin, math.cos, lambda v: v * v):
        total += f(a)
    return total


@case([0.7, -0.3, 1.1])
def tuples_grow_in_loops(x):
    t = ()
    for v in x:
        t = t + (v * v,)
    u = (1.0,) + t * 2
    return sum(t) * u[1] + len(u) * u[-1]


@case(normal(3, 2))
def rows_as_lists(m):
    rows = list(m)
    total = 0.0
    for row in rows:
        total += sum(row) * max(row)
    a, b = zip(*m)
    return total + a[0] * b[2] + sum(map(sum, m)) + sum(r @ r for r in m)


def windows(values, n):
    for i in range(len(values) - n + 1):
        yield values[i:i + n]


def halving(x):
    while True:
        yield x
        x = x / 2


def flattened(nested):
    for item in nested:
        if isinstance(item, list):
            yield from flattened(item)
        else:
            yield item


def evens_then_odds(values):
    yield from values[::2]
    for v in values[1::2]:
        if v > 5:
            return
        yield v


@case([0.7, -0.3, 1.1, 0.2])
def generator_functions(x):
    total = sum(sum(w) ** 2 for w in windows(x, 2))
    for w in windows(x, 3):
        total += max(w)
    for i, v in enumerate(halving(x[0])):
        if i > 3:
            break
        total += v * v
    for v in evens_then_odds(x):
        total = total * 0.5 + v
    ordered = list(evens_then_odds(x))
    for a, b in zip(ordered, evens_then_odds(x)):
        total += a * b
    return total + ordered[3]


@case(0.7, 3)
def generator_inside(x, n):
    def powers(base):
        p = 1.0
        for i in range(n):
            yield p
            p = p * base * x

    total = 0.0
    for p in powers(x):
        if p < 0.01:
            continue
        total += p
        for q in powers(2.0):
            if q > 3:
                break
            total += q * p
    return total + sum(powers(x)) * max(powers(0.5))


@case([0.7, -0.3, 1.1, 0.2])
def iterators_stepped(x):
    it = iter(x)
    a = next(it)
    b = next(it) * a
    rest = iter(x[2:])
    total = 0.0
    for v in it:
        total += v * b
    c = next(rest, 0.0) + next(rest, 0.0) + next(rest, 5.0)
    once = (v * v for v in x)
    pairs = zip(x, x[1:])
    return total + c + sum(once) + sum(p * q for p, q in pairs)


@case(normal(3))
@case([0.7, -0.3, 1.1])
def walks_side_by_side_of_unequal_length(x):
    total = 0.0
    for a, b in itertools.zip_longest(x[:2], x, fillvalue=1.5):
        total += a * b
    return total + sum(a * b * b for a, b in itertools.zip_longest([x[0], 2.0, 3.0], x[1:], fillvalue=x[2]))


@case(normal(5))
@case([0.7, -0.3, 1.1])
def walks_without_end_side_by_side(x):
    total = 0.0
    for i, (a, b) in enumerate(zip(x, itertools.cycle([x[0], 2.0]))):
        total += a * b * i
    for a, b, c, i in zip(itertools.repeat(x[0]), x, itertools.repeat(3.0), itertools.count(1)):
        total += a * b * c * i
    for a, b in zip(itertools.cycle(x[:2]), x):
        total += a * b * b
    return total + sum(a * b for a, b in zip(x, itertools.cycle((1.0, -1.0))))


@case(normal(3))
@case(normal(2, 3))
def entries_with_their_places(x):
    total = 0.0
    for where, v in np.ndenumerate(x):
        total += v * v * (sum(where) + 1)
    return total * sum(v for where, v in np.ndenumerate(x) if where[0] > 0)


@case(0.7, [0.1, 0.5, 1.0])
def places_in_sorted_lists(x, points):
    i = bisect.bisect(points, x)
    j = bisect.bisect_left([x, 2 * x, 3 * x], 1.0)
    return points[i - 1] + (x - points[i - 1]) * points[i] * x * (j + 1)
