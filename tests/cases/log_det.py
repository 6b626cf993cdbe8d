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
