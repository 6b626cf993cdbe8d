"""Defaults, keywords, `*args` and `**kwargs` of a callee, and several results."""


def moments(*values, power=2, **weights):
    first = weights["a"] * values[0] ** power
    return first, values[1] * values[2]


def signatures(x, y, a=0.5):
    first, second = moments(x, y, x * y, a=a)
    return first * second + moments(y, x, a, power=3, a=x)[0]


CASE = {"function": signatures, "args": (0.7, 1.2), "wrt": ("x", "y")}
