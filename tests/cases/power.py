"""A while loop: the stack itself drives the reverse loop."""


def power(x, n):
    r = 1
    while n > 0:
        n -= 1
        r *= x
    return r


CASE = {"function": power, "args": (1.3, 4)}
