"""Lists that become longer or shorter while a loop runs over them, and entries of dicts that are taken out while others count."""
import numpy as np

from . import case, normal


@case(0.7)
def numbers_appended_through_an_alias(x):
    items = [1, 2, 3]
    also = items
    s = 1.0
    for k in items:
        if len(items) < 6:
            also.append(k + 2)
        s = s * x * k
    return s


@case(0.7)
def numbers_popped(x):
    items = [1, 2, 3, 4, 5]
    s = 1.0
    for k in items:
        s = s * x * k
        items.pop()
    return s


@case(0.7)
def numbers_popped_by_a_nested_function(x):
    items = [1, 2, 3, 4, 5]
    s = 1.0

    def take():
        return items.pop()

    for k in items:
        s = s * x * k + take()
    return s


@case(0.7)
def numbers_deleted_while_enumerated(x):
    items = [1, 2, 3, 4, 5]
    s = 1.0
    for i, k in enumerate(items):
        s = s * x * k + i
        del items[0]
    return s


@case(0.7)
def extended_while_enumerated(x):
    items = [x, 2.0, 3.0]
    s = 1.0
    for i, k in enumerate(items):
        s = s * x * k + i
        if i < 3:
            items.extend([x, s])
        if i > 4:
            break
    return s


@case(0.7)
def added_to_while_zipped(x):
    items = [x, 2, 3]
    s = 1.0
    for i, (k, m) in enumerate(zip(items, items[1:])):
        s = s * x * k + i * m
        if i < 3:
            items += [x]
    return s


@case(0.7)
def removed_while_looped_over(x):
    items = [x, 2.0, 3.0, x * x]
    s = 1.0
    for k in items:
        if k == 2.0:
            items.remove(2.0)
            continue
        s = s * x * k
    return s


@case(0.7)
def breadth_first(x):
    queue = [(x, 0)]
    s = 0.0
    for v, depth in queue:
        s += v * v
        if depth < 2:
            queue.append((v * x, depth + 1))
            queue.append((v + x, depth + 1))
    return s


@case(0.7)
def rebound_while_looped_over(x):
    items = [x, 2.0, 3.0]
    s = 1.0
    for k in items:
        items = items + [k]
        s = s * x * k + len(items)
    return s


@case(0.7)
def popped_in_comprehensions(x):
    items = [x, 2.0, 3.0, 4.0, x * x]
    total = sum(k * items.pop() for k in items)
    rest = [k * items.pop() for k in items]
    return total + sum(rest)


@case(0.7)
def rows_that_grow(x):
    rows = [[x], [x * x]]
    s = 0.0
    for row in rows:
        row.append(x)
        s += sum(row) * len(rows)
    return s


@case(1.5, 0.4)
def entries_taken_out_while_others_count(y, x):
    d = {"a": y * 2, "b": y * x, "c": x}
    also = d
    s = d["a"] * d["b"]
    del also["b"]
    s = s + d["a"] * d["c"]
    d["a"] = s * y
    return s * also["a"]


@case(1.5, normal(2))
def a_number_or_an_array_of_a_dict(y, v):
    d = {"a": y * 2, "v": v.copy()}
    also = d
    q = d["a" if y > 0 else "v"]
    p = q
    also["v"][0] = y
    r = np.sum(p * d["v"]) + q * 3
    return np.sum(r * p + q)
