"""A stencil that overwrites slices in place."""
import numpy as np


def heat(u0, a, steps):
    u = u0.copy()
    for t in range(steps):
        u[1:-1] += a * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u ** 2)


CASE = {"function": heat, "args": (np.sin(np.arange(12.0)), 0.2, 7), "wrt": ("u0", "a")}


# The derivative


import numpy as np


def heat_grad(u0, a, steps):
    # forward sweep
    u = u0.copy()
    t_2_stack = []
    for t in range(steps):
        t_2 = u[2:] - 2 * u[1:-1] + u[:-2]
        t_2_stack.append(t_2)
        u[1:-1] += a * t_2
    # reverse sweep
    u_bar = 2 * u
    a_bar = 0.0
    for t in reversed(range(steps)):
        t_2 = t_2_stack.pop()
        t_bar = u_bar[1:-1]
        a_bar += np.sum(t_bar * t_2)
        t_2_bar = t_bar * a
        u_bar[2:] += t_2_bar
        u_bar[1:-1] -= 2 * t_2_bar
        u_bar[:-2] += t_2_bar
    return u_bar, float(a_bar)
