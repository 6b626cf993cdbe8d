"""Functions defined inside, and functions given as arguments."""
import math


def closures(x, k):
    def scaled(v):
        return k * math.sin(v)

    shifted = lambda v: scaled(v) + x
    return scaled(shifted(x)) * shifted(k)


CASE = {"function": closures, "args": (0.4, 1.3), "wrt": ("x", "k")}


# The derivative


import math


def closures_grad(x, k):
    # forward sweep
    t_6 = math.sin(x)
    v_4 = k * t_6 + x
    t_7 = math.sin(v_4)
    t_8 = math.sin(k)
    # reverse sweep
    t_3_bar = k * t_8 + x
    x_bar = k * t_7
    t_bar = t_3_bar * k * math.cos(v_4)
    k_bar = x_bar * (t_8 + k * math.cos(k)) + t_3_bar * t_7 + t_bar * t_6
    x_bar += t_bar + t_bar * k * math.cos(x)
    return x_bar, k_bar
