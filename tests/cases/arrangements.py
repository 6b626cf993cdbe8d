"""Arrays that are joined, stacked, reshaped and transposed."""
import numpy as np


def arrangements(a, b):
    ab = np.concatenate([a, b ** 2])
    S = np.stack([ab, ab[::-1]])
    return np.sum((S.T @ S) ** 2) + np.sum(ab.reshape(2, -1)[0] * a.max())


CASE = {"function": arrangements, "args": (np.array([0.5, -1.0, 2.0]), np.array([0.3, 0.4, -0.6])), "wrt": ("a", "b")}


# The derivative


import numpy as np


def arrangements_grad(a, b):
    # forward sweep
    ab = np.concatenate([a, b ** 2])
    S = np.stack([ab, ab[::-1]])
    t_2 = ab.reshape(2, -1)
    t_3 = t_2[0]
    t_4 = a.max()
    # reverse sweep
    t_bar = 2 * (S.T @ S)
    t_2_bar = np.zeros_like(t_2)
    t_2_bar[0] += np.full_like(t_3, t_4)
    S_bar = (t_bar @ S.T).T + S @ t_bar
    ab_bar = np.reshape(t_2_bar, ab.shape) + S_bar[0]
    ab_bar[::-1] += S_bar[1]
    a_bar = np.sum(t_3) * (a == t_4) / np.count_nonzero(a == t_4) + ab_bar[:len(a)]
    b_bar = 2 * ab_bar[len(a):] * b
    return a_bar, b_bar
