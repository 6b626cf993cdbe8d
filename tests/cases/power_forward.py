"""Forward mode: each line is followed by its tangent."""


def power(x, n):
    r = 1
    while n > 0:
        n -= 1
        r *= x
    return r


CASE = {"function": power, "args": (1.3, 4), "mode": "jvp"}
