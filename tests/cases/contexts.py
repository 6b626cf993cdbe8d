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
