"""The value with the gradient: logistic regression."""
import numpy as np

rng = np.random.default_rng(1)


def logistic(w, b, X, y):
    z = X @ w + b
    return np.mean(np.logaddexp(0.0, z) - y * z)


CASE = {"function": logistic, "args": (rng.normal(size=3), 0.2, rng.normal(size=(7, 3)), (rng.normal(size=7) > 0) * 1.0), "wrt": ("w", "b"), "mode": "value_and_grad"}
