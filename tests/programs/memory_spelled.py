"""Changes in place that are spelled otherwise than as assignments, and memory that callees make."""
import operator
import types

import numpy as np

from . import case, normal


def weights(x):
    return np.cos(1.0 + np.arange(x.size)).reshape(x.shape)


@case(normal(2, 3))
def weighted_by_what_a_callee_makes(a):
    row = a[0]
    row *= 2
    a[1] = row[::-1] * a[1]
    return np.sum(a * weights(a)) + row[0]


@case(0.7)
def attributes_set_by_name(x):
    held = types.SimpleNamespace()
    setattr(held, "a", x ** 2)
    setattr(held, "b", held.a * x)
    return getattr(held, "b") * 2


@case(normal(4))
def methods_of_classes(x):
    items = [x[0]]
    list.append(items, x[1] * 2)
    table = {}
    dict.update(table, {"u": items[1] * x[2]})
    np.ndarray.sort(x)
    np.ndarray.__setitem__(x, 0, x[1] * 3)
    return items[0] * table["u"] + x @ x


@case(normal(4))
def items_set_by_functions(x):
    x.__setitem__(0, x[1] * 2)
    operator.setitem(x, 1, x[0] * x[2])
    getattr(x, "fill")(x[1])
    return x @ x


@case(normal(2, 3))
def views_by_einsum_and_conj(a):
    b = np.einsum("ij->ji", a)
    b[0, 0] = 4 * a[0, 1]
    np.einsum("ii->i", a[:, :2])[...] += b[2]
    c = a.conj()
    c[1, 2] = a[0, 0] * 3
    return np.sum(a ** 2)


@case(normal(4), normal(4, seed=1))
def outs_by_position(a, b):
    out = np.empty_like(a)
    np.multiply(a, b, out)
    np.add(out, a, out)
    np.maximum.at(out, [0, 2, 2], b[:3])
    np.clip(out, -1.5, 1.5, out=out)
    return out @ (a + 1)


@case(normal(4))
def memory_under_an_operation(a):
    b = [a]
    b[0][0] = a[1] * 3
    (a if a[1] > 9 else a[1:])[0] *= a[2]
    return a @ a


@case(normal(4))
def places_found_by_what_is_bound_beside_them(a):
    i = 0
    i, a[i] = 2, a[1] * 3
    a[i], i = a[0], 1
    return a @ a * i
