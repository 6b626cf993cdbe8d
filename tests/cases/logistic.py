"""The value with the gradient: logistic regression."""
import numpy as np

rng = np.random.default_rng(1)


def logistic(w, b, X, y):
    z = X @ w + b
    return np.mean(np.logaddexp(0.0, z) - y * z)


CASE = {"function": logistic, "args": (rng.normal(size=3), 0.2, rng.normal(size=(7, 3)), (rng.normal(size=7) > 0) * 1.0), "wrt": ("w", "b"), "mode": "value_and_grad"}


# The derivative


import numpy as np


def logistic_value_and_grad(w, b, X, y):
    # forward sweep
    z = X @ w + b
    t = np.logaddexp(0.0, z)
    t_2 = t - y * z
    value = np.mean(t_2)
    # reverse sweep
    z_bar = 1.0 / t_2.size * (np.exp(z - t) - y)
    w_bar = X.T @ z_bar
    b_bar = np.sum(z_bar)
    return value, (w_bar, float(b_bar))
