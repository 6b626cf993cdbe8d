"""Arrays that are joined, stacked, reshaped and transposed."""
import numpy as np


def arrangements(a, b):
    ab = np.concatenate([a, b ** 2])
    S = np.stack([ab, ab[::-1]])
    return np.sum((S.T @ S) ** 2) + np.sum(ab.reshape(2, -1)[0] * a.max())


CASE = {"function": arrangements, "args": (np.array([0.5, -1.0, 2.0]), np.array([0.3, 0.4, -0.6])), "wrt": ("a", "b")}
