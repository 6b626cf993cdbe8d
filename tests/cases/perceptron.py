"""One neuron layer with a kink that is not hit, squared error."""
import numpy as np

rng = np.random.default_rng(1)


def perceptron(W, b, w, b2, x, y):
    return (w @ np.maximum(W @ x + b, 0.0) + b2 - y) ** 2


CASE = {"function": perceptron, "args": (rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=4), 0.3, rng.normal(size=3), 1.0), "wrt": ("W", "b", "w", "b2")}
