"""A counted loop with a branch inside: no forward sweep at all."""
import numpy as np


def leaky_sum(x, slope):
    total = 0.0
    for i in range(len(x)):
        if x[i] > 0:
            total += x[i] ** 2
        else:
            total += slope * x[i]
    return total


CASE = {"function": leaky_sum, "args": (np.linspace(-1.0, 1.3, 9), 0.1), "wrt": ("x", "slope")}


# The derivative


import numpy as np


def leaky_sum_grad(x, slope):
    slope_bar = 0.0
    x_bar = np.zeros_like(x)
    for i in reversed(range(len(x))):
        if x[i] > 0:
            x_bar[i] += 2 * x[i]
        else:
            slope_bar += x[i]
            x_bar[i] += slope
    return x_bar, float(slope_bar)
