"""A structure of parameters: the gradient has the same structure."""
import numpy as np

rng = np.random.default_rng(1)


def network(layers, x, y):
    h = x
    for W, b in layers:
        h = np.tanh(W @ h + b)
    return np.sum((h - y) ** 2)


CASE = {
    "function": network,
    "args": ([(rng.normal(size=(4, 3)), rng.normal(size=4)), (rng.normal(size=(2, 4)), rng.normal(size=2))], rng.normal(size=3), rng.normal(size=2)),
    "wrt": "layers",
}


# The derivative


import numpy as np
from s2sad.runtime import unbroadcast


def network_grad(layers, x, y):
    # forward sweep
    h = x
    t_stack = []
    h_stack = []
    for W, b in layers:
        t = W @ h
        t_stack.append(t)
        h_stack.append(h)
        h = np.tanh(t + b)
    t_2 = h - y
    # reverse sweep
    h_bar = unbroadcast(2 * t_2, h)
    layers_bar = []
    for W, b in reversed(layers):
        t = t_stack.pop()
        t_bar = h_bar * (1 - h ** 2)
        h = h_stack.pop()
        t_bar_2 = unbroadcast(t_bar, t)
        h_bar = unbroadcast(W.T @ t_bar_2, h)
        b_bar = unbroadcast(t_bar, b).copy()
        layers_bar.append((unbroadcast(np.outer(t_bar_2, h), W).copy(), b_bar))
    layers_bar.reverse()
    return layers_bar
