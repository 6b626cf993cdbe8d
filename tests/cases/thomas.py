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


# The derivative


import numpy as np


def thomas_grad(lower, diagonal, upper, rhs):
    # forward sweep
    d = diagonal.copy()
    x = rhs.copy()
    factor_stack = []
    d_stack = []
    x_stack = []
    for i in range(1, len(d)):
        factor = lower[i] / d[i - 1]
        factor_stack.append(factor)
        d_stack.append(d[i])
        d[i] -= factor * upper[i - 1]
        x_stack.append(x[i])
        x[i] -= factor * x[i - 1]
    x_old = x[-1]
    x[-1] /= d[-1]
    x_stack_2 = []
    for i in range(len(d) - 2, -1, -1):
        x_stack_2.append(x[i])
        x[i] = (x[i] - upper[i] * x[i + 1]) / d[i]
    # reverse sweep
    x_bar = 2 * x
    d_bar = np.zeros_like(d)
    upper_bar = np.zeros_like(upper)
    for i in reversed(range(len(d) - 2, -1, -1)):
        t_bar_3 = x_bar[i]
        d_bar[i] -= t_bar_3 * x[i] / d[i]
        x[i] = x_stack_2.pop()
        t_bar_4 = t_bar_3 / d[i]
        upper_bar[i] -= t_bar_4 * x[i + 1]
        x_bar[i] = t_bar_4
        x_bar[i + 1] -= t_bar_4 * upper[i]
    value = x[-1]
    x[-1] = x_old
    t_bar_5 = x_bar[-1]
    d_bar[-1] -= t_bar_5 * value / d[-1]
    x_bar[-1] = t_bar_5 / d[-1]
    lower_bar = np.zeros_like(lower)
    for i in reversed(range(1, len(d))):
        factor = factor_stack.pop()
        x[i] = x_stack.pop()
        t_bar_6 = -x_bar[i]
        x_bar[i - 1] += t_bar_6 * factor
        d[i] = d_stack.pop()
        t_bar_7 = -d_bar[i]
        factor_bar = t_bar_6 * x[i - 1] + t_bar_7 * upper[i - 1]
        upper_bar[i - 1] += t_bar_7 * factor
        d_bar[i - 1] -= factor_bar * factor / d[i - 1]
        lower_bar[i] += factor_bar / d[i - 1]
    return lower_bar, d_bar, upper_bar, x_bar
