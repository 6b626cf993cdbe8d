"""Conditions: if/elif/else, conditional expressions, `and`/`or`/`not` as tests and as values, comparisons, early returns."""
import math

import numpy as np

from . import case, normal


@case(1.5)
@case(-0.5)
@case(0.2)
def if_elif_else(x):
    if x > 1:
        y = x * x
    elif x > 0:
        y = math.sin(x)
    else:
        y = 3 * x
    return y + x


@case(2.0, 1.0)
@case(1.0, 2.0)
def if_without_else(x, y):
    if x > y:
        x = x * y
    return x + y


@case(2.0)
@case(-2.0)
def branch_overwrites_what_is_read_later(x):
    y = x * x
    if y > 3 and x > 0:
        x = math.exp(y / 4)
        y = y * x
    return x * y


@case(0.7)
@case(-0.7)
@case(1.7)
def early_returns(x):
    if x < 0:
        return x ** 2
    if x > 1:
        z = math.log(x)
        return z * x
    z = x + 1
    return z ** 3


@case(0.3, 0.6)
@case(-0.3, 0.6)
@case(0.3, -0.6)
@case(-0.3, -0.6)
def nested_early_returns(x, y):
    if x > 0:
        if y > 0:
            return x * y
        y = y - x
        if y < -5:
            return 0.0
    else:
        if y > 0:
            x = -x
        else:
            return x - y
    return x * y * y


@case(0.4)
@case(2.4)
def conditional_expressions(x):
    slope = 0.1 if x < 1 else 2.0 if x < 2 else x
    return slope * x + (x ** 2 if x > 1 else -x)


@case(2.0, 3.0)
@case(0.0, 3.0, wrt=1)
def or_gives_a_value(x, y):
    z = x or y
    return z * y


@case(2.0, 3.0)
def and_gives_a_value(x, y):
    z = x and y
    w = x > 5 and x or y
    return z * x + w


@case(2.0)
@case(-1.0)
def or_with_none(x):
    scale = None
    width = scale or x * 2
    return width * x


@case(0.5)
@case(1.5)
@case(2.5)
def chained_comparison(x):
    if 1 < x < 2:
        return x ** 2
    elif 0 < x <= 1 != 2:
        return x ** 3
    return x


@case(0.5, 2.0)
@case(2.0, 0.5)
def not_and_is(x, y):
    flag = not x > y
    missing = None
    if flag and missing is None:
        return x * y * y
    if not flag and missing is not None:
        return 0.0
    return x - y * x


@case(1.0, "square")
@case(1.0, "cube")
@case(1.0, "other")
def branch_on_a_string(x, kind):
    if kind == "square":
        return (x + 1) ** 2
    elif kind in ("cube", "power3"):
        return (x + 1) ** 3
    return x


@case(1.2, True)
@case(1.2, False)
def boolean_option(x, flip):
    s = -1 if flip else 1
    return s * x ** 2 + flip * x


@case(0.4, None)
@case(0.4, 2.0, wrt=0)
@case(0.4, 2.0, wrt=(0, 1))
def optional_argument(x, scale):
    if scale is None:
        scale = 1.0
    return scale * math.sin(x)


@case(0.8)
@case(-0.8)
def one_path_defines(x):
    if x > 0:
        a = x * 2
    b = x * x
    if x > 0:
        b = b + a * b
    return b


@case(1.3)
@case(0.3)
def variable_changes_type(x):
    y = 2
    if x > 1:
        y = y * x
    else:
        y = np.array([x, 2 * x])
    return np.sum(y * y)


@case(1.3)
@case(-1.3)
def number_or_array(x):
    v = x
    if x > 0:
        v = v * np.ones(3)
    return np.sum(np.sin(v) * x)


@case(-0.9)
@case(0.9)
def same_condition_changes(x):
    y = x
    if y < 0:
        y = -y
    if y < 0:
        y = 100 * y
    if y > 0.5:
        y = y * x
    return y


@case(normal(5))
@case(-abs(normal(5)))
def branch_on_a_reduction(x):
    if x.sum() > 0:
        return np.sum(x ** 2)
    elif np.all(x < 0):
        return np.sum(np.exp(x))
    return np.mean(x)


@case(0.3, 0.9)
@case(0.9, 0.3)
def clamp_by_branches(x, limit):
    def clamp(v, lo, hi):
        if v < lo:
            return lo
        if v > hi:
            return hi
        return v
    return clamp(x, -limit, limit) * limit + clamp(2 * x, 0.0, 1.0)


@case(1.0)
@case(4.0)
def short_circuit_protects(x):
    y = 0.0
    if x < 2 or 1 / (x - 2) > 0.4:
        y = x * x
    z = x > 3 and math.sqrt(x - 3) or x
    return y + z


@case(2.2)
def branches_only_print_or_pass(x):
    if x > 0:
        pass
    else:
        print("negative")
    if x > 2:
        print(f"large: {x:.3f}")
    return x ** 3


@case(0.6)
@case(1.6)
def deep_nesting(x):
    y = x
    if x > 0:
        if x > 0.5:
            if x > 1:
                if x > 1.5:
                    y = y * y
                else:
                    y = y + 1
                y = y * 2
            else:
                y = math.cos(y)
            y = y - x
    return y * x


@case(3.0)
@case(0.3)
def ternary_calls_only_one_side(x):
    return math.sqrt(x - 1) if x > 1 else math.sqrt(1 - x)


@case([0.2, 0.7], 1)
@case([], 2.0, wrt="fallback")
@case([0.3], 2.0, wrt=0)
def empty_sequence_falls_back(values, fallback):
    if not values:
        return fallback ** 2
    if len(values) == 1:
        return values[0] * fallback
    return values[0] * values[1]
