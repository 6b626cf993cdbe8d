"""Straight-line array code with matrices and vectors."""
import numpy as np

rng = np.random.default_rng(1)


def mlp_loss(W1, b1, W2, b2, x, y):
    h = np.tanh(W1 @ x + b1)
    r = W2 @ h + b2 - y
    return np.sum(r ** 2)


CASE = {
    "function": mlp_loss,
    "args": (rng.normal(size=(5, 4)), rng.normal(size=5), rng.normal(size=(3, 5)), rng.normal(size=3), rng.normal(size=4), rng.normal(size=3)),
    "wrt": ("W1", "b1", "W2", "b2"),
}
