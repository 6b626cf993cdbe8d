"""Queues, windows, tables with defaults, and sets of what was seen."""
from collections import Counter, OrderedDict, defaultdict, deque

import numpy as np

from . import case


@case([0.3, 0.8, -0.4, 1.1])
def window(xs):
    recent, s = deque(maxlen=2), 0.0
    for v in xs:
        recent.append(v)
        s += sum(recent) ** 2
        if len(recent) == 2:
            s *= recent[0]
    return s


@case([0.3, 0.8, -0.4, 1.1])
def window_filled_from_the_left(xs):
    recent, s = deque([1.0, 2.0, 3.0], 3), 0.0
    for v in xs:
        recent.appendleft(v)
        s += np.mean(recent) ** 2 * max(recent)
    return s


@case([0.3, 0.8, -0.4])
def queue(xs):
    waiting, s = deque(xs), 0.0
    while waiting:
        v = waiting.popleft()
        s = s * 0.5 + v ** 2
        if waiting and v < 0.5:
            s += waiting[0] * waiting[-1]
    return s


@case({"a": ["b", "c"], "b": ["c"], "c": []}, {"a": 0.5, "b": 1.5, "c": 2.0})
def breadth_first(edges, weights):
    waiting, seen, s, depth = deque(["a"]), set(), 0.0, {"a": 1}
    while waiting:
        node = waiting.popleft()
        if node in seen:
            continue
        seen.add(node)
        s += weights[node] ** depth[node]
        for other in edges[node]:
            depth.setdefault(other, depth[node] + 1)
            waiting.append(other)
    return s


@case([0.3, 0.8, -0.4, 1.2], [1, 2, 1, 3])
def seen_before(xs, keys):
    seen, s = set(), 0.0
    for x, key in zip(xs, keys):
        if key in seen:
            s *= x
        else:
            s += x * key
        seen.add(key)
    return s + len(seen) * xs[0]


@case([0.3, 0.8, -0.4], ["a", "b", "a"])
def totals(xs, keys):
    table = defaultdict(float)
    for key, v in zip(keys, xs):
        table[key] += v
    s = sum(v ** 2 for v in table.values())
    s += table["a"] * (table["z"] + 1)
    return s + len(table)


@case([0.3, 0.8, -0.4], ["a", "b", "a"])
def lists_by_key(xs, keys):
    groups = defaultdict(list)
    for key, v in zip(keys, xs):
        groups[key].append(v)
    means = {key: sum(values) / len(values) for key, values in groups.items()}
    s = sum(m ** 2 for m in means.values()) + max(means.values())
    for key in sorted(groups):
        s = s * 0.5 + groups[key][0]
    return s


@case([0.3, 0.8, -0.4], ["a", "b", "a"])
def products_by_key(xs, keys):
    table = defaultdict(lambda: 1.0)
    for key, v in zip(keys, xs):
        table[key] *= v
    return sum(table[key] for key in table)


@case([0.3, 0.8, -0.4], [0, 1, 0])
def arrays_by_key(xs, keys):
    table = defaultdict(lambda: np.zeros(2))
    for key, x in zip(keys, xs):
        table[key][0] += x
        table[key] += x * 2
    return sum(np.sum(v ** 2) for v in table.values())


@case([0.3, 0.8, -0.4])
def in_order_of_insertion(xs):
    table = OrderedDict()
    for i, x in enumerate(xs):
        table[i] = x * x
    return sum(v * (key + 1) for key, v in table.items())


@case([0.3, 0.8, -0.4])
def keyed_by_tuples(xs):
    table, s = {}, 0.0
    for i in range(3):
        for j in range(i):
            table[i, j] = xs[i] * xs[j]
    for (i, j), v in table.items():
        s += v * (i + 2 * j + 1)
    for key in table:
        s += table[key] * key[0]
    return s + sum(v * (i + j) for (i, j), v in table.items())


@case([0.3, 0.8, -0.4], ["a", 1.5, "a"])
def keyed_by_anything(xs, keys):
    table = {}
    for key, x in zip(keys, xs):
        table[key] = table.get(key, 0.0) + x * x
    return sum(v * len(str(key)) for key, v in table.items())


@case([0.3, 0.8, -0.4])
def places_in_a_list(xs):
    doubled = [v * 2 for v in xs]
    return doubled.index(max(doubled)) * xs[0] + doubled.count(doubled[0]) * doubled[1]


class Pile:
    def __init__(self, items):
        self.items = list(items)

    def pop(self):
        return self.items.pop()

    def append(self, item):
        self.items.append(item)


@case(0.7, 1.2)
def methods_called_as_those_of_lists(x, y):
    pile = Pile([x, y, x * y])
    pile.append(pile.pop() * pile.pop())
    return pile.pop() ** 2 + pile.pop()


@case({1.5: 2.0, 0.5: 3.0}, wrt=0)
def numbers_are_keys(d):
    total = 0.0
    for key, value in sorted(d.items()):
        total = total + key * value ** 2
    return total


@case([0.3, 0.8, -0.4], "abac")
def counts_of_floats(xs, names):
    counts = Counter()
    for i, name in enumerate(names):
        counts[name] += xs[i % 3] * (i + 1)
    counts["d"] += counts["a"] * counts["z"] + counts["b"]
    counts["a"] -= counts["q"] + xs[0]
    total = sum(v * v for v in counts.values()) * len(counts)
    for name in sorted(counts):
        total += counts[name] * counts[name]
    return total + counts.get("w", xs[1]) + max(counts.values())
