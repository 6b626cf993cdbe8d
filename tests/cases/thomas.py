"""The Thomas algorithm: a tridiagonal system solved in place."""
import numpy as np

rng = np.random.default_rng(1)


def thomas(lower, diagonal, upper, rhs):
    d = diagonal.copy()
    x = rhs.copy()
    for i in range(1, len(d)):
        factor = lower[i] / d[i - 1]
        d[i] -= factor * upper[i - 1]
        x[i] -= factor * x[i - 1]
    x[-1] /= d[-1]
    for i in range(len(d) - 2, -1, -1):
        x[i] = (x[i] - upper[i] * x[i + 1]) / d[i]
    return np.sum(x ** 2)


CASE = {"function": thomas, "args": (rng.normal(size=5), 4 + rng.normal(size=5), rng.normal(size=5), rng.normal(size=5)), "wrt": ("lower", "diagonal", "upper", "rhs")}
