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
