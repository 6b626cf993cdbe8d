"""A context around arithmetic, and an exception that is caught."""
import numpy as np


def contexts(x, table):
    try:
        k = table["gain"]
    except KeyError:
        k = 2.0
    with np.errstate(divide="ignore"):
        y = k * np.where(x > 0, np.log(x), x)
    return np.sum(y ** 2)


CASE = {"function": contexts, "args": (np.array([0.5, 1.5, 2.0]), {})}


# The derivative


import numpy as np
from s2sad.runtime import conjugate, unbroadcast


def contexts_grad(x, table):
    # forward sweep
    try:
        k = table["gain"]
    except KeyError:
        k = 2.0
    with np.errstate(divide="ignore"):
        y = k * np.where(x > 0, np.log(x), x)
    t = y ** 2
    # reverse sweep
    y_bar = unbroadcast(2 * unbroadcast(1.0, t) * conjugate(y), y)
    with np.errstate(divide="ignore"):
        t_bar_2 = y_bar * conjugate(k)
        x_bar = (unbroadcast(np.where(x > 0, t_bar_2, 0.0) / x, x)
                 + unbroadcast(np.where(x > 0, 0.0, t_bar_2), x))
    return x_bar
