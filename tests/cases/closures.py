"""Functions defined inside, and functions given as arguments."""
import math


def twice(f, x):
    return f(f(x))


def closures(x, k):
    def scaled(v):
        return k * math.sin(v)

    return twice(scaled, x) + twice(lambda v: v * x, k)


CASE = {"function": closures, "args": (0.4, 1.3), "wrt": ("x", "k")}
