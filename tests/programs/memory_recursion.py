"""Functions that write into their arguments and call themselves."""
import numpy as np

from . import case, normal


def sweep(v, k):
    if k > 0:
        v[k] *= v[k - 1]
        sweep(v, k - 1)


@case(normal(5))
def returns_nothing(x):
    v = x.copy()
    sweep(v, len(v) - 1)
    return np.sum(v ** 2)


@case(normal(5))
def argument_itself(x):
    sweep(x, len(x) - 1)
    sweep(x, 2)
    return np.sum(x ** 2)


def smooth(u, depth, rate):
    u[1:-1] += rate * (u[2:] - 2 * u[1:-1] + u[:-2])
    if depth > 0:
        rate = smooth(u, depth - 1, rate * 0.9)
    return rate * u[0]


@case(normal(6), 0.2)
@case(normal(3), 0.3)
def returns_a_number_too(x, r):
    u = 1.5 * x
    s = smooth(u, 3, r) + smooth(u, 1, r)
    return s * np.sum(u ** 2)


def transform(v):
    """The unnormalised Walsh-Hadamard transform, in place."""
    n = len(v)
    if n == 1:
        return v
    half = n // 2
    a = v[:half].copy()
    v[:half] = a + v[half:]
    v[half:] = a - v[half:]
    transform(v[:half])
    transform(v[half:])
    return v


@case(normal(8), normal(8, seed=2))
def halves_of_an_array(x, w):
    y = transform(x * 1.0)
    return np.sum(w * y ** 2)


def merge_sort(v):
    if len(v) < 2:
        return
    m = len(v) // 2
    merge_sort(v[:m])
    merge_sort(v[m:])
    i, j = 0, m
    out = []
    while i < m or j < len(v):
        if j == len(v) or i < m and v[i] <= v[j]:
            out.append(v[i])
            i += 1
        else:
            out.append(v[j])
            j += 1
    v[:] = out


@case(normal(7), np.arange(7.0))
def sorts_by_merging(x, w):
    v = x.copy()
    merge_sort(v)
    return np.sum(w * v ** 2)


def quick_sort(v, low, high):
    if low >= high:
        return
    pivot, i = v[high], low
    for j in range(low, high):
        if v[j] < pivot:
            v[i], v[j] = v[j], v[i]
            i += 1
    v[i], v[high] = v[high], v[i]
    quick_sort(v, low, i - 1)
    quick_sort(v, i + 1, high)


@case(normal(7), np.arange(7.0))
def sorts_by_pivots(x, w):
    v = x.copy()
    quick_sort(v, 0, len(v) - 1)
    return np.sum(w * v ** 2)


def factor(A, k):
    """Elimination in place, a step at a time."""
    if k == len(A) - 1:
        return
    A[k + 1:, k] /= A[k, k]
    A[k + 1:, k + 1:] -= np.outer(A[k + 1:, k], A[k, k + 1:])
    factor(A, k + 1)


@case(normal(4, 4) + 4 * np.eye(4))
def eliminates(a):
    A = a.copy()
    factor(A, 0)
    return np.sum(np.diag(A) ** 2) + A[2, 0]


@case(normal(4, 4) + 4 * np.eye(4))
def eliminates_a_view(a):
    A = a.copy()
    factor(A[1:, 1:], 0)
    row = A[2]
    factor(A.T, 1)
    return np.sum(A ** 2) + row[1]


def even(u, k):
    if k > 0:
        u[k] += np.sin(u[k - 1])
        odd(u, k - 1)


def odd(u, k):
    if k > 0:
        u[k] *= u[k - 1]
        even(u, k - 1)


@case(normal(5))
def each_calls_the_other(x):
    u = x.copy()
    even(u, 4)
    odd(u, 3)
    return np.sum(u ** 2)


def exchange(a, b, k):
    if k == 0:
        return
    a[k], b[k] = b[k] * a[0], a[k] + b[0]
    exchange(b, a, k - 1)


@case(normal(4), normal(4, seed=1))
def writes_into_two(x, y):
    a, b = x.copy(), y.copy()
    exchange(a, b, 3)
    return np.sum(a ** 2) + np.sum(a * b)


def rebinds(u, k):
    u[0] += u[k]
    if k > 0:
        u = u[:-1]
        u *= 1.1
        rebinds(u, k - 1)


@case(normal(4))
def parameter_bound_anew(x):
    u = x.copy()
    rebinds(u, 3)
    return np.sum(u ** 2)


def fill(w, k, n):
    w[k] = 1.0 + 0.5 * n
    if k > 0:
        fill(w, k - 1, n + 1)


@case(normal(4))
def writes_what_is_constant(x):
    w = np.zeros(4)
    fill(w, 3, 1)
    y = x * w
    fill(w, 2, 3)
    return np.sum(y * w * x)


def hanoi(n, a, b, moves):
    if n == 0:
        return a
    t = hanoi(n - 1, b, a, moves)
    moves.append(a * t)
    return hanoi(n - 1, a, t, moves) + 0.1


@case(0.7)
def fills_a_list(x):
    moves = []
    last = hanoi(3, x, x * 1.2, moves)
    return last + sum(m * (i + 1) for i, m in enumerate(moves))


def fibonacci(n, x, memo):
    if n < 2:
        return x if n else 1.0
    if n not in memo:
        memo[n] = fibonacci(n - 1, x, memo) * 0.5 + x * fibonacci(n - 2, x, memo)
    return memo[n]


@case(0.7)
def remembers_in_a_dict(x):
    return fibonacci(7, x, {})


@case(0.7)
def remembers_in_a_dict_that_is_read(x):
    memo = {}
    y = fibonacci(6, x, memo)
    return y + memo[4] * memo[3]


@case(normal(4))
def captured_array(x):
    u = x.copy()

    def visit(k):
        if k > 0:
            u[k] += u[k - 1] ** 2
            visit(k - 1)
            u[k - 1] *= u[k]

    visit(3)
    return np.sum(u ** 2)


def relax(grids, level):
    u = grids[level]
    u[1:-1] = 0.5 * (u[2:] + u[:-2])
    if level > 0:
        grids[level - 1][:] += u[::2]
        relax(grids, level - 1)
        u[::2] += 0.5 * grids[level - 1]


@case(normal(9))
def arrays_of_a_list(x):
    grids = [np.zeros(3), np.zeros(5), x.copy()]
    relax(grids, 2)
    return np.sum(grids[2] ** 2) + np.sum(grids[0])
