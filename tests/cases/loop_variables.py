"""Nested loops that reuse variables, steps downwards, a loop variable after its loop."""
import math

import numpy as np


def loop_variables(x):
    t = 0.0
    for i in range(len(x) - 1, 0, -1):
        for j in range(0, i, 2):
            t = t * x[j] + math.sin(x[i])
    return t * x[i]


CASE = {"function": loop_variables, "args": (np.linspace(0.3, 1.2, 6),)}
