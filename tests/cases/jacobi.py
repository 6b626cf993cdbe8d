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
