"""Masks, integer arrays with an entry twice, steps and ellipsis."""
import numpy as np

rng = np.random.default_rng(1)


def selections(x, A):
    picked = x[np.array([0, 2, 2])]
    positive = x[x > 0]
    return np.sum(picked ** 3) * np.sum(positive) + np.sum(A[..., ::2] * A[1, None, ::2])


CASE = {"function": selections, "args": (np.array([0.5, -1.0, 2.0]), rng.normal(size=(2, 4))), "wrt": ("x", "A")}
