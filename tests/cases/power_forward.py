"""Forward mode: each line is followed by its tangent."""


def power(x, n):
    r = 1
    while n > 0:
        n -= 1
        r *= x
    return r


CASE = {"function": power, "args": (1.3, 4), "mode": "jvp"}


# The derivative


def power_jvp(x, n, x_dot):
    r = 1
    r_dot = 0.0
    while n > 0:
        n -= 1
        r_dot = r_dot * x + r * x_dot
        r *= x
    return r, r_dot
