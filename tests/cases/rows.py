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


# The derivative


import numpy as np


def rows_grad(A, rate):
    # forward sweep
    A_bar_old = np.zeros_like(A)
    A = A.copy()
    A_bar = np.zeros_like(A)
    row_stack = []
    row_stack_2 = []
    for i in range(1, len(A)):
        row = A[i]
        row_stack.append(row.copy())
        row *= rate
        row_stack.append(row.copy())
        row += A[i - 1] ** 2
        row_stack_2.append(row)
    # reverse sweep
    A_bar += 1.0
    rate_bar = 0.0
    for i in reversed(range(1, len(A))):
        row_bar = A_bar[i]
        row = row_stack_2.pop()
        row[...] = row_stack.pop()
        A_bar[i - 1] += 2 * row_bar * A[i - 1]
        row[...] = row_stack.pop()
        rate_bar += np.sum(row_bar * row)
        row_bar[...] = row_bar * rate
    t_bar = A_bar
    A_bar = A_bar_old
    A_bar += t_bar
    return A_bar, float(rate_bar)
