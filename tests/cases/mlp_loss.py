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


# The derivative


import numpy as np


def mlp_loss_grad(W1, b1, W2, b2, x, y):
    # forward sweep
    h = np.tanh(W1 @ x + b1)
    r = W2 @ h + b2 - y
    # reverse sweep
    r_bar = 2 * r
    W2_bar = np.outer(r_bar, h)
    b1_bar = (W2.T @ r_bar) * (1 - h ** 2)
    W1_bar = np.outer(b1_bar, x)
    return W1_bar, b1_bar, W2_bar, r_bar
