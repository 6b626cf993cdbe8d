"""Masks, integer arrays with an entry twice, steps and ellipsis."""
import numpy as np

rng = np.random.default_rng(1)


def selections(x, A):
    picked = x[np.array([0, 2, 2])]
    positive = x[x > 0]
    return np.sum(picked ** 3) * np.sum(positive) + np.sum(A[..., ::2] * A[1, None, ::2])


CASE = {"function": selections, "args": (np.array([0.5, -1.0, 2.0]), rng.normal(size=(2, 4))), "wrt": ("x", "A")}


# The derivative


import numpy as np


def selections_grad(x, A):
    # forward sweep
    picked = x[np.array([0, 2, 2])]
    positive = x[x > 0]
    # reverse sweep
    A_bar = np.zeros_like(A)
    A_bar[..., ::2] += A[1, None, ::2]
    A_bar[1, None, ::2] += np.sum(A[..., ::2], axis=0, keepdims=True)
    picked_bar = 3 * np.sum(positive) * picked ** 2
    x_bar = np.zeros_like(x)
    x_bar[x > 0] += np.full_like(positive, np.sum(picked ** 3))
    np.add.at(x_bar, np.array([0, 2, 2]), picked_bar)
    return x_bar, A_bar
