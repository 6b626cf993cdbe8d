"""Exceptions of the primal are the derivative's, and the next call is unharmed."""
import math

import numpy as np

from . import case, normal


@case(0.5)
@case(-0.5, raises=ValueError)
@case(0.7)
def domain_error(x):
    return math.sqrt(x) + math.log(x)


@case(2.0, 3.0)
@case(2.0, 0.0, raises=ZeroDivisionError)
def division_by_zero(x, y):
    return x / y + x


@case(1.5)
@case(-1.5, raises=ValueError)
def raises_on_purpose(x):
    if x < 0:
        raise ValueError(f"x must not be negative, is {x}")
    return x ** 3


@case(1.5)
@case(-1.5, raises=AssertionError)
def assertion_fails(x):
    assert x > 0, f"bad {x}"
    return x * math.exp(x)


@case(normal(4), 2)
@case(normal(4), 7, raises=IndexError)
def index_error(x, i):
    return x[i] ** 2


@case(normal(4), normal(4, seed=1))
@case(normal(4), normal(5), wrt=(0, 1), raises=ValueError)
def shapes_do_not_agree(a, b):
    return np.sum(a * b)


@case(0.5, {"rate": 2.0}, wrt=0)
@case(0.5, {}, wrt=0, raises=KeyError)
def missing_key(x, options):
    return x ** 2 * options["rate"]


@case(0.5, True)
@case(0.5, False, raises=UnboundLocalError)
def unbound_name(x, define):
    if define:
        y = x * x
    return y * 2


def checked(x):
    if x > 10:
        raise OverflowError("too large")
    return x * x


@case(1.2, 2)
@case(3.0, 4, raises=OverflowError)
def callee_raises_in_a_loop(x, n):
    for i in range(n):
        x = checked(x)
    return x


@case(0.5)
@case(1000.0, raises=OverflowError)
def overflow(x):
    return math.exp(x) * 2


@case((1.0, 2.0), wrt=0)
@case((1.0, 2.0, 3.0), wrt=0, raises=ValueError)
def unpacking_error(pair):
    a, b = pair
    return a * b * b


class SimulationError(RuntimeError):
    """One's own exception."""


@case(0.5, 3)
@case(0.5, 30, raises=SimulationError)
def own_exception(x, n):
    for i in range(n):
        x = x * 1.5
        if x > 100:
            raise SimulationError(f"diverged in step {i}")
    return x


@case(0.5)
@case(wrt=0, raises=TypeError)
def missing_argument(x):
    return x * x


@case(1.3, 1)
@case(1.3, 0, raises=UnboundLocalError)
def unbound_beside_none(x, n):
    s = None
    if n > 0:
        s = 2.0
        u = x * s
    return u * s


@case(1.3, 2)
@case(1.3, 1, raises=UnboundLocalError)
@case(1.3, 0, raises=UnboundLocalError)
def unbound_in_a_chain_of_branches(x, n):
    s = None
    if n > 0:
        s = x
    if n > 1:
        y = s * s
    if n > 0:
        z = y * s
    return z * s


@case(1.3, 3)
@case(1.3, 0, raises=UnboundLocalError)
def unbound_where_a_loop_does_not_run(x, n):
    s = None
    for k in range(n):
        if k == 1:
            y = x * k
        s = y * x if k else x
        y = s * s
    return s + y


@case(0.5, raises=NotImplementedError)
def only_raises(x):
    raise NotImplementedError("to be written")


@case(0.5, raises=NotImplementedError)
@case(-0.5, raises=ValueError)
def raises_either_way(x):
    if x < 0:
        raise ValueError(x)
    else:
        only_raises(x)
        raise KeyError(x)


@case(0.5, raises=NotImplementedError)
def calls_what_only_raises(x):
    y = x * x
    a, b = only_raises([x, y])
    return a * b * y
