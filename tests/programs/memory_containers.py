"""Lists, tuples, dictionaries and comprehensions: growing, shrinking, aliases, and what is built from them."""
import functools
import math
from collections import namedtuple

import numpy as np

from . import case, normal, uniform


@case(0.7, 4)
def append_and_index(x, n):
    values = [x]
    for i in range(n):
        values.append(values[-1] * x + i)
    return values[n] * values[1]


@case(normal(5))
def list_to_array(x):
    rows = []
    for v in x:
        rows.append(v * x)
    m = np.array(rows)
    s = np.stack(rows, axis=1)
    return np.sum(m @ s) + np.sum(np.concatenate(rows) ** 2)


@case(0.7, 1.5)
def every_list_method(x, y):
    items = [x, y]
    items.extend([x * y, 2.0])
    items.insert(1, x ** 2)
    last = items.pop()
    first = items.pop(0)
    items[0] = items[0] * last
    items[1:2] = [y * y, first]
    items += [x + y]
    items.reverse()
    del items[-1]
    twice = items * 2 + [first]
    total = 0.0
    for i, v in enumerate(twice):
        total += v * (i + 1)
    return total


@case(0.7, 1.5)
def list_aliases(x, y):
    a = [x, y]
    b = a
    c = a[:]
    d = list(a)
    b.append(x * y)
    c[0] = y * 2
    d[1] *= x
    a[0] += 1
    return b[0] * b[2] + c[0] * a[1] + d[1]


@case(0.7, 3)
def stack_as_a_work_list(x, depth):
    work = [(x, 0)]
    total = 0.0
    while work:
        v, level = work.pop()
        if level == depth:
            total += v ** 2
        else:
            work.append((v * 0.5 + x, level + 1))
            work.append((math.sin(v), level + 1))
    return total


@case(0.7, 6)
def queue_with_pop_from_front(x, n):
    queue = [x, x * x, 1.0]
    for i in range(n):
        queue.append(queue.pop(0) * queue[-1] + i)
    return sum(queue)


@case(0.7, 1.5)
def dictionaries(x, y):
    d = {"a": x, "b": y}
    d["c"] = d["a"] * d["b"]
    d["a"] += d["c"]
    d.update({"b": d["b"] ** 2, "e": 3.0})
    d.setdefault("f", x)
    total = d.get("a", 0.0) * d.get("missing", y)
    for key, value in d.items():
        total += value * len(key)
    for value in d.values():
        total *= 1 + 0.1 * value
    for key in sorted(d):
        total += d[key]
    del d["e"]
    popped = d.pop("b")
    return total + popped * len(d) + ("e" in d) * x


@case(normal(5))
def comprehensions(x):
    squares = [v * v for v in x]
    positive = [v * 2 for v in x if v > 0]
    table = {i: v ** 2 for i, v in enumerate(x)}
    products = [a * b for i, a in enumerate(x) for b in x[:i] if a != b]
    nested = [[a * b for a in x] for b in x[:2]]
    return sum(squares) + sum(positive) + table[3] * table[0] + sum(products) + nested[1][2] + np.sum(np.array(nested))


@case(normal(5))
def generator_expressions(x):
    return (sum(v ** 2 for v in x) * max(v * 2 for v in x) + min(abs(v) for v in x)
            + math.prod(1 + v * v for v in x) + sum((a - b) ** 2 for a, b in zip(x[1:], x)))


@case(normal(4), normal(4, seed=1))
def maps_and_filters(x, y):
    products = list(map(lambda a, b: a * b, x, y))
    positive = list(filter(lambda v: v > 0, products))
    total = functools.reduce(lambda s, v: s * 0.5 + v, products, 1.0)
    product = functools.reduce(lambda s, v: s * v, [x[0], y[0], 2.0])
    return sum(positive) + total + product + any(v > 0 for v in x) * x[0] + all(v > 0 for v in x) * 5


@case(normal(5))
def sorted_and_reversed_lists(x):
    items = [v * v for v in x]
    ordered = sorted(items)
    backwards = list(reversed(ordered))
    by_distance = sorted(items, key=lambda v: abs(v - 0.5), reverse=True)
    items.sort()
    return sum(i * v for i, v in enumerate(ordered)) + backwards[0] * 2 + by_distance[0] ** 2 * by_distance[-1] + items[1]


Particle = namedtuple("Particle", "position velocity")


@case(normal(2), normal(2, seed=1))
def named_tuples(q, v):
    p = Particle(q, v)
    for _ in range(3):
        p = Particle(p.position + 0.1 * p.velocity, velocity=p.velocity - 0.1 * p.position ** 3)
    p = p._replace(velocity=p.velocity * 2)
    position, velocity = p
    return position @ velocity + p[0][0] * p.velocity[1]


@case([(normal(4, 3), normal(4)), (normal(2, 4), normal(2))], normal(3), normal(2, seed=1), wrt=0)
def momentum_network(layers, x, y):
    """Layers in a list of tuples, updated in place by momentum."""
    layers = [(W.copy(), b.copy()) for W, b in layers]
    velocity = [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
    for step in range(3):
        activations = [x]
        for W, b in layers:
            activations.append(np.tanh(W @ activations[-1] + b))
        delta = 2 * (activations[-1] - y)
        for k in reversed(range(len(layers))):
            W, b = layers[k]
            vW, vb = velocity[k]
            delta = delta * (1 - activations[k + 1] ** 2)
            vW *= 0.9
            vb *= 0.9
            vW -= 0.1 * np.outer(delta, activations[k])
            vb -= 0.1 * delta
            delta = W.T @ delta
        for (W, b), (vW, vb) in zip(layers, velocity):
            W += vW
            b += vb
    h = x
    for W, b in layers:
        h = np.tanh(W @ h + b)
    return np.sum((h - y) ** 2)


@case({"W": normal(3, 3), "b": normal(3)}, normal(3), wrt=0)
def parameters_updated_in_a_dictionary(params, x):
    state = {name: value.copy() for name, value in params.items()}
    for _ in range(3):
        r = np.tanh(state["W"] @ x + state["b"])
        grads = {"W": np.outer(r, x), "b": r}
        for name in state:
            state[name] -= 0.1 * grads[name]
    return sum(np.sum(v ** 2) for v in state.values())


@case([0.2, 0.7, -0.4], wrt=0)
def argument_list_is_written(values):
    values[0] = values[1] * values[2]
    values.append(values[0] ** 2)
    values[1] *= 3
    return sum(values)


@case({"a": 0.5, "b": normal(3)}, wrt=0)
def argument_dictionary_is_written(params):
    params["c"] = params["a"] * params["b"]
    params["a"] = 2.0 * params["a"]
    params["b"][1] = params["a"]
    return np.sum(params["b"] * params["c"]) * params["a"]


@case(normal(3), 4)
def history_of_states(x, n):
    history = [x]
    for i in range(n):
        history.append(np.tanh(history[-1] + 0.5 * history[i - 1 if i else 0]))
    total = 0.0
    for a, b in zip(history, history[1:]):
        total += np.sum((b - a) ** 2)
    return total + history[2] @ history[-1]


@case(normal(3), 3)
def history_of_a_buffer_needs_copies(x, n):
    u = x.copy()
    kept, same = [], []
    for i in range(n):
        u *= 1.1
        u[i] += u[i - 1]
        kept.append(u.copy())
        same.append(u)
    return sum(np.sum(k ** 2) for k in kept) + same[0] @ kept[1]


@case(uniform(5))
def memo_in_a_dictionary(x):
    cache = {}

    def best(i):
        if i >= 5:
            return 0.0
        if i not in cache:
            cache[i] = max(best(i + 1), x[i] + best(i + 2))
        return cache[i] * 1.01

    return best(0)


@case(normal(3, 3))
def list_of_lists(m):
    grid = [[m[i, j] * 2 for j in range(3)] for i in range(3)]
    for i in range(1, 3):
        for j in range(1, 3):
            grid[i][j] += grid[i - 1][j] * grid[i][j - 1]
    grid[0], grid[2] = grid[2], grid[0]
    return sum(sum(row) for row in grid) + grid[0][2] ** 2


@case(0.7)
def tuples_grow_and_nest(x):
    t = ()
    for i in range(4):
        t = t + (x ** i, (i, x * i))
    a, *rest, (i, b) = t
    return a * b + rest[1] * t[4] + len(t) + sum(v for v in t if not isinstance(v, tuple))


@case(normal(6))
def zip_and_transposed_pairs(x):
    pairs = list(zip(x[:3], x[3:]))
    firsts, seconds = zip(*pairs)
    return sum(a * b for a, b in pairs) + firsts[0] * seconds[2]


@case(0.7, 1.5)
def lists_shared_by_two_names_in_a_list(x, y):
    inner = [x, y]
    outer = [inner, inner, [y]]
    outer[0][1] = x * y
    outer[2] = outer[1]
    outer[2].append(outer[0][1] ** 2)
    return sum(inner) + outer[0][2]


@case(normal(4))
def set_and_counts(x):
    buckets = {}
    for v in x:
        key = "positive" if v > 0 else "negative"
        buckets.setdefault(key, []).append(v ** 2)
    signs = {1 if v > 0 else -1 for v in x}
    return sum(sum(values) * len(values) for values in buckets.values()) * len(signs)


@case(normal(3, 3))
def views_in_a_dictionary_that_loses_some(A):
    rows = {i: A[i] for i in range(3)}
    rows[0][:] = rows[1] * rows[2]
    A[1] *= rows[0]
    del rows[1]
    return sum((r * k).sum() for k, r in rows.items()) + A[1].sum()
