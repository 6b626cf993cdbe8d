"""A function that works by writing into its argument."""
import numpy as np


def relax(p, rhs, sweeps):
    for s in range(sweeps):
        old = p.copy()
        p[1:-1] = 0.5 * (old[2:] + old[:-2]) - rhs[1:-1] ** 2
        p[0] = p[1]


def misfit(p, rhs, sweeps):
    p = p.copy()
    relax(p, rhs, sweeps)
    return np.sum(p ** 2)


CASE = {"function": misfit, "args": (np.sin(np.arange(9.0)), 0.3 * np.cos(np.arange(9.0)), 4), "wrt": ("p", "rhs")}


# The derivative


import numpy as np


def misfit_grad(p, rhs, sweeps):
    # forward sweep
    p = p.copy()
    for s in range(sweeps):
        old = p.copy()
        p[1:-1] = 0.5 * (old[2:] + old[:-2]) - rhs[1:-1] ** 2
        p[0] = p[1]
    # reverse sweep
    p_bar = 2 * p
    rhs_bar = np.zeros_like(rhs)
    for s in reversed(range(sweeps)):
        p_bar[1] += p_bar[0]
        p_bar[0] = 0.0
        t_bar = p_bar[1:-1]
        t_bar_2 = 0.5 * t_bar
        old_bar = np.zeros_like(old)
        old_bar[2:] += t_bar_2
        old_bar[:-2] += t_bar_2
        rhs_bar[1:-1] -= 2 * t_bar * rhs[1:-1]
        p_bar[1:-1] = 0.0
        p_bar += old_bar
    return p_bar, rhs_bar
