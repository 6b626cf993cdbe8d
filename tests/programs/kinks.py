"""Points at which the derivative jumps: it must lie between the one-sided derivatives, and be that of the branch taken where there is one.

What is expected exactly stands in the table of conventions in the documentation.
"""
import math

import numpy as np

from . import case


@case(0.0, kink=True)
def absolute_value_at_zero(x):
    return abs(x) + math.fabs(x) + 2 * x


@case(np.zeros(3), kink=True)
def absolute_values_at_zero(x):
    return np.sum(np.abs(x) + 2 * x)


@case(0.0, expect=0.0)
def absolute_value_at_zero_is_flat(x):
    return abs(x)


@case(1.0, 1.0, kink=True)
def ties_of_python_extremes(x, y):
    return max(x, 2 * y - x / 2 - 0.5, y) + 3 * x


@case(1.0, 1.0, expect=(1.0, 0.0))
def python_takes_the_first_of_a_tie(x, y):
    return max(x, y)


@case(np.array([1.0, 2.0]), np.array([1.0, 3.0]), expect=(np.array([0.5, 0.0]), np.array([0.5, 1.0])))
def maximum_splits_a_tie(a, b):
    return np.sum(np.maximum(a, b))


@case(np.array([2.0, 1.0, 2.0, 0.0]), expect=np.array([0.5, 0.0, 0.5, 0.0]))
def max_splits_a_tie(x):
    return np.max(x)


@case(np.array([[2.0, 2.0], [1.0, 3.0]]), expect=np.array([[0.5, 0.5], [0.0, 1.0]]))
def max_along_an_axis_splits_a_tie(x):
    return np.sum(np.max(x, axis=1))


@case(np.array([0.0, 0.5, 1.0]), kink=True)
def clip_at_its_bounds(x):
    return np.sum(np.clip(x, 0.0, 1.0))


@case(0.0, expect=0.0)
def relu_by_branch(x):
    return x if x > 0 else 0.0


@case(0.0, expect=1.0)
def relu_by_the_other_branch(x):
    return x if x >= 0 else 0.0


@case(np.zeros(2), kink=True)
def relu_by_maximum(x):
    return np.sum(np.maximum(x, 0.0))


@case(np.zeros(2), expect=np.zeros(2))
def relu_by_where(x):
    return np.sum(np.where(x > 0, x, 0.0))


@case(0.0, expect=0.0)
def zero_power_of_zero(x):
    return x ** 0 + x ** 2


@case(0.0, expect=1.0)
def first_power_of_zero(x):
    return x ** 1


@case(0.0, 2, wrt=0, expect=0.0)
@case(0.0, 1, wrt=0, expect=1.0)
@case(0.0, 0, wrt=0, expect=0.0)
@case(0.0, 2.0, expect=(0.0, 0.0))
def powers_of_zero(x, n):
    return x ** n


@case(np.array([0.0, 2.0]), expect=np.array([0.0, 4.0]))
def array_power_with_a_zero(x):
    return np.sum(x ** 2)


@case(-2.0, 3, wrt=0)
@case(-2.0, 3, wrt=0, expect=12.0)
def negative_base(x, n):
    return x ** n


@case(0.0, 0.0, expect=(0.0, 0.0))
def distance_at_zero(x, y):
    return math.hypot(x, y)


@case(2.0, expect=0.0)
def floor_at_a_jump(x):
    return math.floor(x) + x // 1 + int(x)


@case(np.array([1.0, 0.0, 2.0]), expect=np.array([0.0, 2.0, 0.0]))
@case(np.array([0.0, 0.0, 2.0]), expect=np.zeros(3))
def product_with_zeros(x):
    return np.prod(x)


@case(np.array([0.0, 1.0]), expect=np.array([1.0, 0.5]))
def where_hides_an_infinite_branch(x):
    safe = np.where(x > 0, x, 1.0)
    return np.sum(np.where(x > 0, np.sqrt(safe), x))


@case(np.array([1.0, 1.0]), expect=np.zeros(2))
def deviation_of_equal_entries(x):
    return np.std(x)


@case(0.0)
def smooth_at_zero(x):
    return math.sin(x) + x ** 3 + math.exp(x) * x
