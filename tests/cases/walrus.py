"""An assignment inside the test of a loop."""
import math


def walrus(x, tol):
    n = 0
    while (gap := x - math.cos(x)) > tol and n < 20:
        x -= 0.5 * gap
        n += 1
    return x + gap


CASE = {"function": walrus, "args": (2.0, 1e-2)}


# The derivative


import math


def walrus_grad(x, tol):
    # forward sweep
    n = 0
    chosen_stack = []
    x_stack = []
    while True:
        gap = x - math.cos(x)
        chosen = not (gap > tol and n < 20)
        chosen_stack.append(chosen)
        if chosen:
            break
        else:
            x_stack.append(x)
            x -= 0.5 * gap
            n += 1
    # reverse sweep
    x_bar = 1.0
    gap_bar = 1.0
    while chosen_stack:
        chosen = chosen_stack.pop()
        if not chosen:
            x = x_stack.pop()
            gap_bar -= 0.5 * x_bar
        x_bar += gap_bar + gap_bar * math.sin(x)
        gap_bar = 0.0
    return x_bar
