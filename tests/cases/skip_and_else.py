"""`continue`, and the `else` of a loop."""
import numpy as np


def skip_and_else(x, a):
    s = 1.0
    for v in x:
        if v < 0:
            continue
        s *= a + v
        if s > 100.0:
            break
    else:
        s = s ** 2
    return s


CASE = {"function": skip_and_else, "args": (np.array([0.5, -1.0, 1.5, 0.25]), 0.7), "wrt": ("x", "a")}


# The derivative


import numpy as np


def skip_and_else_grad(x, a):
    # forward sweep
    s = 1.0
    broken = False
    i_stack = []
    s_stack = []
    for i in range(len(x)):
        i_stack.append(i)
        v = x[i]
        if v < 0:
            continue
        else:
            s_stack.append(s)
            s *= a + v
            if s > 100.0:
                broken = True
                break
    if not broken:
        s_old = s
    # reverse sweep
    s_bar = 1.0
    if not broken:
        s_bar = 2 * s_bar * s_old
    a_bar = 0.0
    x_bar = np.zeros_like(x)
    while i_stack:
        i = i_stack.pop()
        v = x[i]
        v_bar = 0.0
        if not v < 0:
            s = s_stack.pop()
            v_bar = s_bar * s
            a_bar += v_bar
            s_bar *= a + v
        x_bar[i] += v_bar
    return x_bar, float(a_bar)
