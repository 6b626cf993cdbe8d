"""Loops: while and for with break, continue, else and return; ranges of any step, reversed, enumerate, zip, rows, lists; nesting and reuse of names."""
import math

import numpy as np

from . import case, normal, uniform


@case(0.5, 10)
@case(0.5, 0)
@case(0.5, 1)
def counted(x, n):
    total = x
    for i in range(n):
        total = total * x + i
    return total


@case(1.01)
def ranges_of_any_step(x):
    total = 0.0
    for i in range(2, 11, 3):
        total += i * x ** i
    for i in range(10, 0, -4):
        total = total * x + i
    for i in range(3, 3):
        total = 1e9
    for i in range(-2, 2):
        total += total * x / (i + 5)
    for i in range(5, 0, 2):
        total = -total
    return total


@case(1.2, 3)
@case(1.2, -3)
def range_with_unknown_step(x, step):
    y = x
    for i in range(0, 10 * (1 if step > 0 else -1), step):
        y = math.sin(y) + i * x
    return y


@case(1.5)
def reversed_range(x):
    y = 1.0
    for i in reversed(range(1, 6)):
        y = y * x + i
    for i in reversed(range(0, 9, 4)):
        y += x ** i
    return y


@case(normal(6))
def over_entries(x):
    p = 1.0
    for v in x:
        p = p * (1 + v * v)
    return p


@case(normal(4, 3))
def over_rows(m):
    total = 0.0
    for row in m:
        total += np.sum(row) ** 2 + np.sum(row ** 3)
    return total


@case(normal(4, 3), normal(3))
def over_rows_state(m, h):
    for row in m:
        h = np.tanh(row * h + row)
    return np.sum(h)


@case(normal(6), 0.9)
def with_enumerate(x, decay):
    total = 0.0
    for i, v in enumerate(x):
        total += decay ** i * v ** 2
    for k, v in enumerate(x, start=3):
        total += k * math.sin(v)
    return total


@case(normal(5), normal(5, seed=1))
def with_zip(a, b):
    total = 0.0
    for p, q in zip(a, b):
        total += p * q * q
    return total


@case(normal(5), normal(4, seed=1), 0.3)
def zip_of_three_unequal(a, b, c):
    total = c
    for i, (p, q) in enumerate(zip(a, b)):
        total = total * p + q * i
    for p, i in zip(a, range(3)):
        total += p * i
    for i, p, q in zip(range(10), a, reversed(b)):
        total += math.sin(p * q) * i
    return total


@case(normal(5))
def reversed_array(x):
    y = 0.2
    for v in reversed(x):
        y = math.tanh(y * v + 0.5)
    return y


@case(0.4, 0.6)
def over_a_tuple_of_numbers(x, y):
    total = 0.0
    for w in (0.1, 0.2, 0.3):
        total += w * x * y
    for v in (x, y, x * y):
        total = total + v * v
    for v in [x, 2.0, y]:
        total *= v
    return total


@case(0.4)
def over_pairs(x):
    total = x
    for a, b in [(1.0, 2.0), (0.5, 0.25)]:
        total = a * total + b * x * total
    for (a, (b, c)) in [(1.0, (x, 3.0)), (x, (2.0, x))]:
        total += a * b * c
    return total


@case(2.0, 1.7, 1e-1)
@case(2.0, 1.7, 1e-12)
def newton_with_break(a, x, tol):
    for k in range(100):
        step = (x * x - a) / (2 * x)
        x = x - step
        if abs(step) < tol:
            break
    return x


@case(normal(8))
@case(-abs(normal(8)))
def with_continue(x):
    total = 0.0
    for v in x:
        if v < 0:
            continue
        total += math.sqrt(v)
        if v > 1:
            continue
        total *= 1 + v
    return total + x[0]


@case(uniform(8, low=0.2, high=0.8))
@case(uniform(8, low=0.1, high=0.2))
def break_and_continue_at_depth(x):
    total = 0.1
    for i in range(len(x)):
        if i % 2:
            if x[i] > 0.7:
                total += 100 * x[i]
                break
            else:
                if x[i] < 0.3:
                    continue
                total = total * x[i]
        else:
            total = total + x[i] ** 2
        total = math.sin(total)
    return total


@case(1.4, 100)
@case(1.4, 2)
def for_else(x, limit):
    y = x
    for i in range(limit):
        y = y * 1.1
        if y > 3:
            y = y * x
            break
    else:
        y = -y * y
    return y


@case(3.7)
@case(0.3)
def while_else(x):
    y = x
    while y > 1:
        y = y - x / 3
        if y > 3:
            break
    else:
        y = y + x * x
    return y * y


@case(0.8)
@case(1.5)
@case(30.0)
def return_from_a_loop(x):
    y = x
    for i in range(20):
        y = y + x / (i + 1)
        if y > 10:
            return y * x
    return y


@case(0.2, 0.9)
@case(1.2, 0.4)
def return_from_nested_loops(x, y):
    for i in range(5):
        for j in range(5):
            x = x * (1 + 0.01 * j) + 0.05 * y
            if x * y > 0.8:
                return x * x * y
            if j > i:
                break
        y = y + x / 10
        while y > 2:
            y = y / x
            if y < 0.1:
                return y
    return x - y


@case(1.1, 3, 4)
@case(1.1, 0, 4)
@case(1.1, 4, 0)
def nested_loops_reuse_names(x, n, m):
    s = 0.0
    for i in range(n):
        t = x
        for j in range(m):
            t = t * x + i * j
            s = s + t
        for i in range(2):
            s = s * 0.9 + i * x
    return s * x


@case(1.1)
def triangular_nest(x):
    s = 1.0
    for i in range(5):
        for j in range(i):
            for k in range(j, i):
                s += x ** k / (i + j + 1)
        s = s * x
    return s


@case(1.3, 6)
@case(1.3, 1)
def loop_variable_after_loop(x, n):
    y = x
    for i in range(n):
        y = y * x
    return y * i + x ** i


@case(normal(5))
def entry_variable_after_loop(x):
    total = 0.0
    for v in x:
        total += v ** 2
    return total * v


@case(0.5, 0)
@case(0.5, 3)
def zero_trips_keep_the_initial_value(x, n):
    y = x * x
    v = y
    for i in range(n):
        v = math.sin(v) * y
        y = v
    while n > 5:
        y = 0.0
    return v + y


@case(0.7, 4)
def defined_in_the_loop_only(x, n):
    for i in range(n):
        if i == 0:
            y = x
        else:
            y = y * x + i
        z = y + 1
    return y * z


@case(1.7)
def loop_variable_overwritten_inside(x):
    total = 0.0
    for i in range(4):
        i = i * x
        total += i * i
    return total


@case(2.7)
def while_with_active_condition(x):
    count = 0
    while x > 0.5:
        x = x / 2 + 0.1
        count += 1
    return x * count


@case(0.9, 0.1)
def while_true_with_break(x, rate):
    n = 0
    while True:
        x = x - rate * math.cos(x)
        n += 1
        if n >= 7:
            break
    return x


@case(10.5)
def nested_whiles(x):
    total = 0.0
    y = x
    while y > 1:
        z = y
        while z > 2:
            z = z / 1.7
            total += z * x
        y = y - 3.1
        total = total * 0.9 + z
    return total


@case(1.05, 12)
def bounds_change_inside(x, n):
    total = 0.0
    for i in range(n):
        n = n - 1
        total += x ** n
    while n > -3:
        n -= 1
        total *= x
    return total


@case(normal(3, 4))
def double_loop_over_a_matrix(a):
    total = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            total += a[i, j] ** 2 * (i + 1) / (j + 1)
            if a[i][j] > 0:
                total += math.exp(a[i][j])
    return total


@case(0.6, 5)
def two_recurrences_swapped(x, n):
    a, b = x, 1.0
    for _ in range(n):
        a, b = b, a * b + x
    return a + b * x


@case(0.3, 4)
def accumulators_of_all_kinds(x, n):
    s = p = 1.0
    d = q = x
    for i in range(1, n + 1):
        s += x * i
        p *= x + i
        d -= x ** i
        q /= x + i
        m = max(s, p)
        s = min(m, 50.0) + s / 10
    return s * p * d * q


@case(1.2)
def loop_that_matters_to_no_one(x):
    waste = x
    for i in range(5):
        waste = waste * x
        noise = waste + i
    y = x * 3
    for i in range(3):
        y = y
    return y ** 2


@case(uniform(7))
def last_pair_differences(x):
    previous = x[0]
    total = 0.0
    for current in x[1:]:
        total += (current - previous) ** 2 * current
        previous = current
    return total / previous


@case(0.9, [1, 2, 3])
@case(0.9, [])
@case(0.9, (4,))
def over_an_argument_list_of_ints(x, exponents):
    total = x
    for e in exponents:
        total += x ** e
    return total


@case([0.2, 0.7, -0.4])
def over_an_argument_list(values):
    total = 0.0
    for i, v in enumerate(values):
        total += math.sin(v) * (i + 1)
    return total * values[0]


@case((0.2, 0.7, -0.4), 0.5)
def over_an_argument_tuple(values, x):
    for v in values:
        x = x * v + math.cos(x)
    return x


@case(1.3, "abba")
def over_a_string(x, word):
    y = 0.1
    for letter in word:
        if letter == "a":
            y = y * x
        else:
            y = y + x
    return y


@case(0.9, {"a": 2, "b": 3})
def over_a_constant_dictionary(x, table):
    y = x
    for key, power in table.items():
        y += x ** power
    for key in table:
        y *= table[key]
    return y


@case([1.0, 2.0, 0.5], [0.3, -0.7, 1.1])
@case(normal(3), normal(3, seed=1))
@case([1.0, 2.0], [3.0], raises=ValueError)
def with_zip_of_equal_lengths(a, b):
    total = 0.0
    for i, (p, q) in enumerate(zip(a, b, strict=True)):
        total += p * q ** 2 * (i + 1)
    return total + sum(p * q for p, q in zip(a, b, strict=True)) + sum([p for p, _ in zip(a, b, strict=False)])
