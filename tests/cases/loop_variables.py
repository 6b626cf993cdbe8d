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


# The derivative


import math
import numpy as np


def loop_variables_grad(x):
    # forward sweep
    t = 0.0
    t_stack = []
    for i in range(len(x) - 1, 0, -1):
        for j in range(0, i, 2):
            t_stack.append(t)
            t = t * x[j] + math.sin(x[i])
    # reverse sweep
    t_bar = x[i]
    x_bar = np.zeros_like(x)
    x_bar[i] += t
    for i in reversed(range(len(x) - 1, 0, -1)):
        for j in reversed(range(0, i, 2)):
            t = t_stack.pop()
            x_bar[j] += t_bar * t
            x_bar[i] += t_bar * math.cos(x[i])
            t_bar *= x[j]
    return x_bar
