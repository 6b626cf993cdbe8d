"""Buffers that are swapped: their shadows swap with them."""
import numpy as np


def jacobi(a, b, steps):
    a = a.copy()
    b = b.copy()
    for t in range(steps):
        b[1:-1] = 0.5 * (a[2:] + a[:-2])
        a, b = b, a
    return np.sum(a ** 2)


CASE = {"function": jacobi, "args": (np.sin(np.arange(12.0)), np.cos(np.arange(12.0)), 5), "wrt": ("a", "b")}


# The derivative


import numpy as np


def jacobi_grad(a, b, steps):
    # forward sweep
    a = a.copy()
    b = b.copy()
    for t in range(steps):
        b[1:-1] = 0.5 * (a[2:] + a[:-2])
        a, b = b, a
    # reverse sweep
    a_bar = 2 * a
    b_bar = np.zeros_like(b)
    for t in reversed(range(steps)):
        b_bar, a_bar = a_bar, b_bar
        t_bar = 0.5 * b_bar[1:-1]
        a_bar[2:] += t_bar
        a_bar[:-2] += t_bar
        b_bar[1:-1] = 0.0
    return a_bar, b_bar.copy()
