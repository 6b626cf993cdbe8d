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
