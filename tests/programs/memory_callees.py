"""Functions that write into their arguments: through views, containers, at any depth, recursively; methods that update `self`."""
import numpy as np

from . import case, dominant, normal


def scale_in_place(v, factor):
    v *= factor


def set_boundary(u, value):
    u[0] = value
    u[-1] = u[-2] * 0.5


def smooth(u):
    old = u.copy()
    u[1:-1] = 0.5 * (old[2:] + old[:-2])
    set_boundary(u, u[1])


@case(normal(5), 0.7)
def writes_and_returns_nothing(x, s):
    y = x.copy()
    scale_in_place(y, s)
    scale_in_place(y[1:3], x[0])
    set_boundary(y, s)
    return np.sum(y ** 2)


@case(normal(6), 3)
def callee_of_a_callee_writes(x, n):
    u = x.copy()
    for _ in range(n):
        smooth(u)
        u *= u
    return np.sum(u)


@case(normal(6))
def argument_itself_written_by_callees(x):
    smooth(x)
    scale_in_place(x, x[2])
    return np.sum(x ** 2)


def accumulate(target, source, weight=1.0):
    target += weight * source
    return target


@case(normal(4), normal(4, seed=1))
def returns_what_it_wrote(x, y):
    a = x.copy()
    b = accumulate(a, y)
    b[0] = 3 * y[1]
    c = accumulate(b[1:], a[:-1], weight=y[0])
    c[0] *= 2
    return np.sum(a * b)


def either(a, b, first):
    return a if first else b


@case(normal(4), normal(4, seed=1), True)
@case(normal(4), normal(4, seed=1), False)
def result_may_be_one_of_the_arguments(x, y, first):
    a, b = x.copy(), y.copy()
    c = either(a, b, first)
    c *= a
    c[0] = b[1]
    return np.sum(a * b)


def by_a_nested_function(a, b):
    def update(out, x):
        out[0] = x[0] ** 2

    def both():
        update(b, a)
        a[1] *= b[0]

    both()
    return b[0] * a[1]


@case(normal(3), normal(3, seed=1))
def writes_by_a_nested_function(x, y):
    a, b = x * 1.0, y * 2.0
    c = b
    s = by_a_nested_function(a, c)
    return s + np.sum(b * a)


def swap_rows(m, i, j):
    m[[i, j]] = m[[j, i]]


def reverse_range(v, low, high):
    """Reverses v[low:high] in place, recursively."""
    if high - low < 2:
        return
    v[low], v[high - 1] = v[high - 1] * 1.1, v[low]
    reverse_range(v, low + 1, high - 1)


@case(normal(4, 3), normal(7))
def recursive_writer(m, v):
    a, b = m.copy(), v.copy()
    swap_rows(a, 0, 3)
    swap_rows(a, 0, 1)
    reverse_range(b, 1, 6)
    return np.sum(a * np.arange(12).reshape(4, 3)) + np.sum(b * np.arange(7) ** 2)


def quicksort(v):
    if len(v) <= 1:
        return
    pivot = v[len(v) // 2]
    left, right = v[v < pivot], v[v > pivot]
    quicksort(left)
    quicksort(right)
    v[:len(left)] = left
    v[len(left)] = pivot
    v[len(left) + 1:] = right


@case(normal(8))
def sort_of_ones_own(x):
    y = x * x
    quicksort(y)
    return np.sum(y * np.arange(8))


def step(state, dt):
    state["v"] -= dt * state["x"]
    state["x"] += dt * state["v"]
    state["energy"].append(np.sum(state["v"] ** 2))


@case(normal(3), normal(3, seed=1))
def writes_into_a_dictionary(x, v):
    state = {"x": x.copy(), "v": v.copy(), "energy": []}
    for _ in range(4):
        step(state, 0.1)
    return np.sum(state["x"]) + sum(state["energy"])


def push_all(items, values):
    for v in values:
        items.append(v * 2)


@case(normal(4))
def writes_into_a_list(x):
    items = [x[0]]
    push_all(items, x[1:])
    push_all(items, [items[0], items[1] * x[3]])
    return sum(items) * items[-1]


@case(normal(6))
def nested_function_writes_what_it_captures(x):
    y = np.zeros(6)

    def put(i, value):
        y[i] += value
        if i > 0:
            y[i - 1] *= value

    for i in range(6):
        put(i, x[i] ** 2)
        put(5 - i, x[i])
    return np.sum(y ** 2)


class Grid:
    """A field with its own scratch array."""

    def __init__(self, values, spacing=1.0):
        self.values = values.copy()
        self.spacing = spacing
        self.scratch = np.zeros_like(values)
        self.time = 0.0

    def diffuse(self, rate):
        u, w = self.values, self.scratch
        w[1:-1] = u[1:-1] + rate / self.spacing ** 2 * (u[2:] - 2 * u[1:-1] + u[:-2])
        w[0], w[-1] = w[1], w[-2]
        self.values, self.scratch = w, u
        self.time += rate

    def total(self):
        return np.sum(self.values ** 2) * self.spacing + self.time


@case(normal(6), 0.2)
def methods_update_self(u, rate):
    grid = Grid(u, 0.9)
    for _ in range(3):
        grid.diffuse(rate)
    grid.values[2] *= rate
    return grid.total()


def out_parameter(a, b, result):
    result[...] = a * b
    result[0] += 1


@case(normal(3), normal(3, seed=1))
def result_given_as_a_parameter(a, b):
    r = np.empty(3)
    out_parameter(a, b, r)
    out_parameter(r, r, r)
    out_parameter(r, a, result=r)
    return r.sum()


@case(normal(3))
def same_array_for_two_parameters(x):
    def mix(p, q):
        p[0] = q[1] * 2
        q[2] = p[0] * p[1]
    a = x.copy()
    mix(a, a)
    mix(a[::-1], a)
    return np.sum(a ** 2)


def forward_substitution(L, b):
    for i in range(len(b)):
        b[i] -= L[i, :i] @ b[:i]
        b[i] /= L[i, i]


def back_substitution(U, b):
    for i in reversed(range(len(b))):
        for j in range(i + 1, len(b)):
            b[i] -= U[i, j] * b[j]
        b[i] /= U[i, i]


@case(dominant(4), normal(4))
def triangular_solves_in_place(A, b):
    x = b.copy()
    forward_substitution(A, x)
    back_substitution(A, x)
    return np.sum(x ** 2) * 100


@case(normal(4))
def default_argument_made_fresh(x):
    def collect(v, into=None):
        if into is None:
            into = np.zeros(4)
        into += v
        return into
    a = collect(x)
    b = collect(x ** 2, a)
    c = collect(x ** 3)
    return np.sum(a * b * c)


@case(normal(5))
def local_writes_of_a_callee_are_its_own(x):
    def normalised(v):
        v = v.copy()
        v -= v.mean()
        v /= np.sqrt(np.sum(v ** 2))
        return v
    y = normalised(x)
    return np.sum(y ** 3) + x @ y


def doubled(o):
    o += o
    return np.concatenate([o[1:], o[:1]])


@case(normal(3))
def element_loaded_before_a_call_that_writes(x):
    x[1] *= doubled(x)[0]
    return np.sum(x)


@case(normal(3))
def elements_loaded_before_a_call_that_writes(x):
    x[[1, 2, 0]] *= doubled(x)
    return np.sum(x)


@case(normal(3))
def slice_seen_after_a_call_that_writes(x):
    x[1:] *= doubled(x)[:2]
    return np.sum(x)


@case(normal(3))
def entry_loaded_before_a_call_that_changes_it(x):
    d = {"a": x[0], "i": [1, 0]}

    def grown(by):
        d["a"] += by
        d["i"][1] += 1
        return d["a"] * x[2]

    d["a"] *= grown(0.5)
    x[d["i"][1]] += grown(x[1])
    return np.sum(x * x[::-1]) + d["a"]


class Tally:
    def __init__(self, total):
        self.total = total
        self.rows = [np.ones(2) * total, np.zeros(2)]

    def counted(self, v):
        self.total += v
        self.rows[0] = self.rows[0] * v
        return self.total * v


@case(0.7, normal(3))
def attribute_loaded_before_a_method_that_changes_it(s, x):
    tally = Tally(s)
    for v in x:
        tally.total += tally.counted(v)
        tally.rows[0] += tally.counted(v)
    return tally.total + np.sum(tally.rows[0] ** 2)


def halved(o):
    o /= 2.0
    return o


@case(normal(3), normal(3, seed=1))
def arguments_of_a_library_call_in_their_order(x, y):
    c = x * 1.0
    np.copyto(c, 2.0 + y[::-1] ** 2, where=halved(y) > 0)
    return np.sum(c ** 2) + np.sum(y ** 3)
