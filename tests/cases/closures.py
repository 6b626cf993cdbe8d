"""Functions defined inside, and functions given as arguments."""
import math


def closures(x, k):
    def scaled(v):
        return k * math.sin(v)

    shifted = lambda v: scaled(v) + x
    return scaled(shifted(x)) * shifted(k)


CASE = {"function": closures, "args": (0.4, 1.3), "wrt": ("x", "k")}
