"""A while loop: the stack itself drives the reverse loop."""


def power(x, n):
    r = 1
    while n > 0:
        n -= 1
        r *= x
    return r


CASE = {"function": power, "args": (1.3, 4)}


# The derivative


def power_grad(x, n):
    # forward sweep
    r = 1
    r_stack = []
    while n > 0:
        n -= 1
        r_stack.append(r)
        r *= x
    # reverse sweep
    r_bar = 1.0
    x_bar = 0.0
    while r_stack:
        r = r_stack.pop()
        x_bar += r_bar * r
        r_bar *= x
    return x_bar
