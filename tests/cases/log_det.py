"""Elimination in place, entry by entry and row by row."""
import numpy as np

rng = np.random.default_rng(1)


def log_det(A):
    A = A.copy()
    n = A.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            A[i, k + 1:] -= A[i, k] * A[k, k + 1:]
    return np.sum(np.log(np.diag(A)))


CASE = {"function": log_det, "args": (rng.normal(size=(5, 5)) + 5 * np.eye(5),)}


# The derivative


import numpy as np


def log_det_grad(A):
    # forward sweep
    A = A.copy()
    n = A.shape[0]
    A_stack = []
    for k in range(n):
        for i in range(k + 1, n):
            A_stack.append(A[i, k])
            A[i, k] /= A[k, k]
            A_stack.append(A[i, k + 1:].copy())
            A[i, k + 1:] -= A[i, k] * A[k, k + 1:]
    # reverse sweep
    A_bar = np.diag(1.0 / np.diag(A))
    for k in reversed(range(n)):
        for i in reversed(range(k + 1, n)):
            A[i, k + 1:] = A_stack.pop()
            t_bar_2 = -A_bar[i, k + 1:]
            A_bar[i, k] += np.sum(t_bar_2 * A[k, k + 1:])
            A_bar[k, k + 1:] += t_bar_2 * A[i, k]
            t_bar_4 = A_bar[i, k]
            value = A[i, k]
            A[i, k] = A_stack.pop()
            A_bar[i, k] = t_bar_4 / A[k, k]
            A_bar[k, k] -= t_bar_4 * value / A[k, k]
    return A_bar
