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
