"""Variables of other scopes that are written: nonlocals, globals; local imports, defaults, classes tested."""
import math

import numpy as np

from . import case, normal


@case(0.7)
def counter_with_nonlocal(x):
    calls = 0
    total = 0.0

    def add(v, weight=x * 2):
        nonlocal total, calls
        calls += 1
        total = total + v * weight
        return total

    y = total + add(x) * add(2.0) + total
    return y * calls + total


@case(0.7, 3)
def nonlocal_in_conditions_and_loops(x, n):
    state = x

    def step():
        nonlocal state
        state = state * x + 1
        return state

    count = 0
    while step() < n:
        count += 1
    if step() > 3 and step() > 5:
        state = state * 2
    return state * count


@case(0.7)
def nonlocal_through_two_functions(x):
    total = 1.0

    def scale(k):
        nonlocal total
        total = total * k

    def twice(k):
        scale(k)
        scale(k * x)

    twice(x)
    twice(2.0)
    return total


@case(0.7)
def nonlocal_of_a_deeper_function(x):
    total = 0.0

    def outer(a):
        def inner(b):
            nonlocal total
            total += a * b
        inner(x)
        inner(2.0)
        return a

    return outer(x) * total + outer(3.0) + total


@case(normal(4))
def nonlocal_array(x):
    best = x[0]

    def consider(v):
        nonlocal best
        if v * v > best:
            best = v * v

    for v in x:
        consider(v)
    return best * np.sum(x)


TOTAL = 0.0
CALLS = 3


@case(0.7)
def global_rebuilt_in_a_loop(x):
    global TOTAL
    TOTAL = 0.0
    for i in range(3):
        TOTAL = TOTAL + x ** i
    return TOTAL * x


@case(0.7)
def global_counted(x):
    global CALLS
    CALLS += 1
    y = x * x
    CALLS -= 1
    return y * CALLS


@case(0.7)
def local_imports(x):
    import math as mathematics
    from math import cos
    from math import sin as sine

    import numpy
    return mathematics.exp(x) * sine(x) + cos(x) * float(numpy.float64(2.0))


@case(0.7)
def defaults_bound_early(x):
    functions = []
    k = x
    for i in range(3):
        k = k * 2
    scale = lambda v, k=k: v * k
    k = 100.0
    return scale(x) + scale(2.0) * k


@case(0.7)
@case(normal(3))
@case([0.5, 1.5], wrt=0)
@case((0.5, [1.5, 2.5]), wrt=0)
def structures_by_their_class(x):
    if isinstance(x, (list, tuple)):
        total = 0.0
        for v in x:
            total += sum(w ** 2 for w in v) if isinstance(v, list) else v ** 3
        return total
    if isinstance(x, np.ndarray) and x.ndim == 1:
        return x @ x
    return math.sin(x)


@case(0.7, None)
@case(0.7, 2.0, wrt=0)
def optional_argument(x, scale=None):
    if scale is None:
        scale = 3.0
    elif not isinstance(scale, float):
        raise TypeError("a float is needed")
    return x * scale + x ** 2


@case(0.7, 3)
def variable_changes_its_type(x, n):
    y = None
    for i in range(n):
        y = x if y is None else y * x
    y = [y, y + 1]
    y = {"a": y[0], "b": tuple(y)}
    y = y["a"] * y["b"][1]
    return y

