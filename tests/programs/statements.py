"""Statements around the mathematics: unpacking, swaps, augmented and annotated assignment, walrus, assert, del, docstrings, f-strings, print."""
import math
from typing import Optional

import numpy as np

from . import case, normal


@case(1.2, 0.7)
def swap(x, y):
    x, y = y, x * y
    x, y = x + y, x - y
    return x * y * y


@case(1.2, 0.7, 0.3)
def rotate_three(a, b, c):
    for _ in range(4):
        a, b, c = b, c, a * b + c
    return a - b * c


@case(1.2, 0.7)
def nested_unpacking(x, y):
    (a, b), [c, (d,)] = (x, x * y), [y, (2.0,)]
    (e, f), g = (a + b, c), d
    return a * b + c * d + e * f * g


@case(1.2, 0.7)
def starred_unpacking(x, y):
    first, *middle, last = x, x * y, y * y, 3.0
    *head, tail = [y, x]
    m0, m1 = middle
    return first * m0 + m1 * last + tail * head[0]


@case(normal(3))
def unpack_an_array(v):
    a, b, c = v
    return a * b - c ** 2


@case(normal(2, 2))
def unpack_a_matrix(m):
    (a, b), (c, d) = m
    p, q = m
    return a * d - b * c + p @ q


@case(normal(4))
def starred_array(v):
    first, *rest = v
    total = first
    for r in rest:
        total = total * r + first
    return total


@case(1.2)
def chained_assignment(x):
    a = b = c = x * x
    a = a + 1
    b *= 2
    return a * b * c


@case(1.3, 2.0)
def augmented_numbers(x, y):
    z = x
    z += y
    z -= x * y
    z *= z
    z /= y
    z **= 2
    z %= 5.7
    n = 17
    n //= 3
    n <<= 1
    n |= 1
    n &= 0b1110
    n ^= 2
    n >>= 1
    return z * n


@case(7.5, 2.0)
def augmented_floor(x, y):
    z = x * y
    z //= 4
    z += x
    return z * y


@case(1.4)
def annotations(x: float) -> float:
    y: float = x * 2
    z: Optional[float]
    z = y ** 2
    w: "np.ndarray" = np.array([z, y])
    return float(np.sum(w))


@case(2.3)
@case(0.3)
def walrus_in_a_test(x):
    if (y := x * x) > 1:
        return y * x
    return y + (z := x + 1) * z


@case(9.0)
def walrus_in_a_while(x):
    total = 0.0
    while (x := x / 2) > 0.5:
        total += x * x
    return total + x


@case(0.4)
@case(1.4)
def walrus_lazily(x):
    a = 0.0
    if x > 1 and (a := x * x) > 1.5:
        a = a + x
    b = (c := x + 2) * c
    return a * b + c


@case(1.1)
def assertions(x):
    assert x > 0, "x must be positive"
    y = math.log(x)
    assert isinstance(y, float)
    return y * x


@case(1.1)
def delete_names(x):
    y = x * x
    z = y + x
    del y
    y = z * 3
    del z, x
    return y


@case(0.8)
def docstring_and_comments(x):
    """Has a docstring.

    With "quotes", a \\ backslash and 'more'.
    """
    # a comment
    y = x ** 2      # another
    "a stray string"
    ...
    return y


@case(0.8, 3)
def prints_once(x, n):
    y = x
    for i in range(n):
        y = y * x
        print("step", i, end=";")
        print(f"{y = :.4f} {x!r}", "a" "b", sep="|")
    message = f"done after {n} steps: {y:>{10}.3f}"
    print(message)
    return y


@case(1.5)
def several_statements_on_a_line(x):
    y = x; y *= x; z = y + 1
    if z > 2: z = z * x
    for i in range(3): z += x
    return z


@case(0.7)
def names_that_the_output_would_like(x_bar):
    x = x_bar * 2
    x_stack = x * x
    y_bar = x_stack + x
    np_ = y_bar * x_bar
    result = np_ - 1
    returned = result * x
    g = returned
    y = g * 2
    for t in range(3):
        y = y * 0.5 + x_bar * y_bar
    return y + g


@case(0.7)
def names_of_functions_are_variables(sum):
    max = sum * 2
    len = max + sum
    abs = len * len
    for float in range(2):
        abs = abs * max
    return abs


@case(0.9)
def unicode_names(α):
    β = α ** 2
    Δx = β - α
    return Δx * β


@case(0.9)
def parentheses_and_precedence(x):
    a = -x ** 2
    b = (-x) ** 2
    c = -(x + 1) * -(x - 2)
    d = x - (x - (x - x * (x - 1)))
    e = 2 ** -x ** 2
    f = (2 ** -x) ** 2
    g = x / (x * (x / 3)) / 2
    return a * b + c - (d - e) - (f - g) + -1 ** 2 * x + (-1) ** 3 * x


@case(1.3)
def very_long_expression(x):
    return (math.sin(x) * math.cos(x) + math.sin(2 * x) * math.cos(3 * x) - math.exp(-x * x / 2) / math.sqrt(2 * math.pi) + math.log(1 + x * x)
            + (x + 1) * (x + 2) * (x + 3) * (x + 4) / ((x + 5) * (x + 6)) - math.tanh(x) * math.atan(x) + 1e-3 * x ** 5 - 12345.678e-5 * x ** 4)


@case(2.0, 3.0)
def tuple_in_a_variable(x, y):
    pair = (x * y, x + y)
    a, b = pair
    pair = (b, a)
    return pair[0] * a + pair[1] * b - pair[-1]


@case(2.0, 3.0)
def list_in_a_variable(x, y):
    items = [x, y, x * y]
    total = items[0] * items[-1]
    for i in range(len(items)):
        total += items[i] ** i
    a, b = items[1:]
    return total + a * b


@case(2.0, 3.0)
def dictionary_in_a_variable(x, y):
    state = {"pos": x, "vel": y * x}
    new = {"pos": state["pos"] + 0.1 * state["vel"], "vel": state["vel"] - 0.1 * state["pos"]}
    return new["pos"] * new["vel"]


@case(1.5)
def constants_of_all_kinds(x):
    big, small, whole, yes = 1e10, 1e-10, 1_000, True
    text, nothing, data = "text", None, b"data"
    return x * whole + x ** 2 * yes + (small * big) * x + len(text) * x + len(data) + (0x10 + 0b11 + 0o7) * x


@case(1.5)
def local_import(x):
    import math as m
    from math import sin
    return m.exp(x) * sin(x)


@case(1.3, 0)
@case(1.3, 1)
def a_variable_deleted_in_a_branch(x, n):
    s = x * x
    t = s * 3
    if n:
        del s
    else:
        t = t + s
    return t * x


@case(1.3, 4)
def a_variable_deleted_in_a_loop(x, n):
    s = x
    for i in range(n):
        s = s * x
        y = s
        if i == 1:
            del y
            y = s * s
        s = s + y
    return s


@case(1.3)
def several_variables_deleted(x):
    s, u = x * x, x
    t = s * u
    del s, u
    return t * x
