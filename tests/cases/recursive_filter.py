"""A recursive filter, entry by entry in place, that may stop early."""
import numpy as np


def recursive_filter(x, a, limit):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] += a * y[i - 1] ** 2
        if y[i] > limit:
            break
    return np.sum(y)


CASE = {"function": recursive_filter, "args": (np.linspace(0.1, 1.0, 6), 0.3, 1.2), "wrt": ("x", "a")}
