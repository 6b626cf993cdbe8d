"""Rows, columns and numbers against matrices; reductions along axes."""
import numpy as np

rng = np.random.default_rng(1)


def broadcasting(A, row, c):
    centred = A - np.mean(A, axis=1, keepdims=True)
    scaled = centred * row + c
    return np.sum(np.sqrt(np.sum(scaled ** 2, axis=0)))


CASE = {"function": broadcasting, "args": (rng.normal(size=(3, 4)), rng.normal(size=4), 0.3), "wrt": ("A", "row", "c")}
