"""An assignment inside the test of a loop."""
import math


def walrus(x, tol):
    n = 0
    while (gap := x - math.cos(x)) > tol and n < 20:
        x -= 0.5 * gap
        n += 1
    return x + gap


CASE = {"function": walrus, "args": (2.0, 1e-2)}
