"""One neuron layer with a kink that is not hit, squared error."""
import numpy as np

rng = np.random.default_rng(1)


def perceptron(W, b, w, b2, x, y):
    return (w @ np.maximum(W @ x + b, 0.0) + b2 - y) ** 2


CASE = {"function": perceptron, "args": (rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=4), 0.3, rng.normal(size=3), 1.0), "wrt": ("W", "b", "w", "b2")}


# The derivative


import numpy as np


def perceptron_grad(W, b, w, b2, x, y):
    # forward sweep
    t = W @ x + b
    t_2 = np.maximum(t, 0.0)
    # reverse sweep
    b2_bar = 2 * (w @ t_2 + b2 - y)
    w_bar = b2_bar * t_2
    b_bar = b2_bar * w * (t > 0.0)
    W_bar = np.outer(b_bar, x)
    return W_bar, b_bar, w_bar, float(b2_bar)
