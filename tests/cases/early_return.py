"""A return from inside two loops."""
import numpy as np


def early_return(x, limit):
    total = 0.0
    for i in range(len(x)):
        for j in range(i):
            total += x[i] * x[j] ** 2
            if total > limit:
                return total * x[i]
    return total


CASE = {"function": early_return, "args": (np.linspace(0.5, 2.0, 6), 5.0)}
