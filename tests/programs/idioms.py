"""What programs in plain Python do all the time: stacks, windows, groups, columns, keys, keywords that are held and handed on."""
import functools
import itertools
import math
import operator
from operator import attrgetter, itemgetter
from typing import NamedTuple

from . import case


@case([0.3, 0.8, -0.4, 1.1])
def last_item_while_there_is_one(xs):
    out = []
    for x in xs:
        if out and out[-1] < x:
            out[-1] = out[-1] * x
        else:
            out.append(x)
    return sum(v * (i + 1) for i, v in enumerate(out))


@case([0.3, 0.8, -0.4, 1.1])
def stack_of_larger_items(xs):
    stack, s = [], 0.0
    for x in xs:
        while stack and stack[-1] > x:
            s += stack.pop() * x
        stack.append(x)
    return s + sum(stack)


@case([0.3, 0.8, -0.4], [1.0, 2.0])
def loops_inside_a_walk(xs, ys):
    s = 0.0
    for x in xs:
        for y in ys:
            s = s * 0.9 + x * y
        j = 0
        while j < 2:
            s += x
            j += 1
    return s


@case([0.3, 0.8, -0.4, -1.1])
def groups(xs):
    s = 0.0
    for positive, group in itertools.groupby(xs, key=lambda v: v > 0):
        group = list(group)
        s += (2.0 if positive else 0.5) * sum(group) ** 2
    return s


@case([0.3, 0.8, -0.4, 1.1])
def slices_of_iterators(xs):
    s = 0.0
    for v in itertools.islice(xs, 1, None, 2):
        s += v * v
    for v in itertools.islice(xs, 3):
        s *= 1 + v
    for v in itertools.islice(map(math.sin, xs), 1, 4, 2):
        s += v
    return s


@case([[0.3, 0.8], [-0.4, 1.1], [0.5, 0.6]])
def columns_of_rows(rows):
    a, b = zip(*rows)
    s = sum(u * v for u, v in zip(a, b))
    for column in zip(*rows):
        s += sum(column) ** 2
    turned = [list(column) for column in zip(*rows)]
    product = [[sum(x * y for x, y in zip(row, column)) for column in turned] for row in turned]
    return s + product[0][1] * turned[1][2]


@case({"b": 0.3, "a": 0.8, "c": -0.4})
def items_in_order(d):
    s = 0.0
    for i, (_key, value) in enumerate(sorted(d.items(), key=itemgetter(1))):
        s += (i + 1) * value ** 2
    for _key, value in sorted(d.items()):
        s = s * 0.9 + value
    return s


class Sample(NamedTuple):
    place: float
    value: float


@case(0.7, 1.2)
def samples_by_attribute(a, b):
    samples = [Sample(a, b), Sample(b, a * b)]
    s = 0.0
    for sample in sorted(samples, key=attrgetter("value")):
        s = s * 0.5 + sample.place
    first = max(samples, key=operator.itemgetter(0))
    return s + first.value * max(a, -b, key=abs)


def scaled(a, b=1.0, *, c=2.0):
    return a * b + c * a ** 2


def applied(function, *args, **options):
    return function(*args, **options)


@case(0.7, 1.2)
def keywords_held(x, y):
    held = functools.partial(scaled, b=y, c=x)
    further = functools.partial(held, c=y)
    return held(x) + held(y, c=3.0) + further(x, b=2.0) + applied(held, x) + applied(scaled, y, c=x) + sum(map(held, [x, y]))


@case(0.7, 1.2)
def keyword_taken_out(x, y):
    def h(a, **options):
        s = options.pop("s", 2.0)
        return s * a * options.get("s", 7.0)
    return h(x) + h(x, s=y)


class Pair:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __iter__(self):
        yield self.x
        yield self.y * 2


def powers(x):
    yield x
    yield x * x


@case(0.7)
def arguments_from_generators(x):
    def product(a, b, c=1.0):
        return a * b * c

    pair = Pair(x, x * x)
    print(*powers(2.0))
    return math.hypot(*pair) + product(*powers(x)) * product(2.0, *Pair(x, 3.0)) + product(*pair, x)
