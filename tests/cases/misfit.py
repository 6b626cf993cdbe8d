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
