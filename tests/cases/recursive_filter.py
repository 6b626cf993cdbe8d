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


# The derivative


import numpy as np


def recursive_filter_grad(x, a, limit):
    # forward sweep
    y = x.copy()
    i_stack = []
    y_stack = []
    for i in range(1, len(y)):
        i_stack.append(i)
        y_stack.append(y[i])
        y[i] += a * y[i - 1] ** 2
        if y[i] > limit:
            break
    # reverse sweep
    y_bar = np.full_like(y, 1.0)
    a_bar = 0.0
    while i_stack:
        i = i_stack.pop()
        y[i] = y_stack.pop()
        t_bar = y_bar[i]
        a_bar += t_bar * y[i - 1] ** 2
        y_bar[i - 1] += 2 * t_bar * a * y[i - 1]
    return y_bar, float(a_bar)
