"""Rows of a matrix changed through a view: shared memory and its shadow."""
import numpy as np

rng = np.random.default_rng(1)


def rows(A, rate):
    A = A.copy()
    for i in range(1, len(A)):
        row = A[i]
        row *= rate
        row += A[i - 1] ** 2
    return np.sum(A)


CASE = {"function": rows, "args": (rng.normal(size=(3, 4)), 0.4), "wrt": ("A", "rate")}
