"""Defaults, keywords, `*args` and `**kwargs` of a callee, and several results."""


def moments(*values, power=2):
    return values[0] ** power, values[1] * values[2]


def blend(x, *, weight=0.5):
    return weight * x


def signatures(x, y, a=0.5):
    first, second = moments(x, y, x)
    return first * second + moments(y, x, a, power=3)[0] + blend(x, weight=y)


CASE = {"function": signatures, "args": (0.7, 1.2), "wrt": ("x", "y")}
