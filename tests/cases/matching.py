"""`match` on strings and on tuples."""
import math


def activate(kind, x):
    match kind:
        case "sin":
            return math.sin(x)
        case ("scale", k):
            return k * x ** 2
        case _:
            return x


def matching(x):
    return activate("sin", x) + activate(("scale", 3.0), x) * activate(None, x)


CASE = {"function": matching, "args": (0.6,)}


# The derivative


import math
from cases.matching import activate


def activate_reverse(kind, x, out_bar):
    if kind == "sin":
        x_bar = out_bar * math.cos(x)
    else:
        x_bar = out_bar
    return x_bar


def activate_forward_2(kind, x):
    k = 0.0
    from collections.abc import Sequence
    if kind == "sin":
        result = math.sin(x)
    elif len(kind) == 2 and kind[0] == "scale":
        k = kind[1]
        result = k * x ** 2
    else:
        result = x
    return result, (kind, x, k)


def activate_reverse_2(tape, out_bar):
    kind, x, k = tape
    if kind == "sin":
        x_bar = out_bar * math.cos(x)
    elif len(kind) == 2 and kind[0] == "scale":
        x_bar = 2 * out_bar * k * x
    else:
        x_bar = out_bar
    return x_bar


def activate_reverse_3(kind, x, out_bar):
    if kind == "sin":
        x_bar = out_bar * math.cos(x)
    else:
        x_bar = out_bar
    return x_bar


def matching_grad(x):
    # forward sweep
    t, t_tape = activate_forward_2(("scale", 3.0), x)
    t_2 = activate(None, x)
    activate("sin", x)
    # reverse sweep
    x_bar = activate_reverse("sin", x, 1.0)
    x_bar = x_bar + activate_reverse_3(None, x, t)
    x_bar = x_bar + activate_reverse_2(t_tape, t_2)
    return float(x_bar)
