"""Rows, columns and numbers against matrices; reductions along axes."""
import numpy as np

rng = np.random.default_rng(1)


def broadcasting(A, row, c):
    centred = A - np.mean(A, axis=1, keepdims=True)
    scaled = centred * row + c
    return np.sum(np.sqrt(np.sum(scaled ** 2, axis=0)))


CASE = {"function": broadcasting, "args": (rng.normal(size=(3, 4)), rng.normal(size=4), 0.3), "wrt": ("A", "row", "c")}


# The derivative


import numpy as np
from s2sad.runtime import divided


def broadcasting_grad(A, row, c):
    # forward sweep
    centred = A - np.mean(A, axis=1, keepdims=True)
    scaled = centred * row + c
    t = np.sqrt(np.sum(scaled ** 2, axis=0))
    # reverse sweep
    scaled_bar = 2 * np.expand_dims(divided(np.full_like(t, 1.0), 2 * t), 0) * scaled
    centred_bar = scaled_bar * row
    row_bar = np.sum(scaled_bar * centred, axis=0)
    c_bar = np.sum(scaled_bar)
    A_bar = centred_bar - np.sum(centred_bar, axis=1, keepdims=True) / A.shape[1]
    return A_bar, row_bar, float(c_bar)
