"""Conditional expressions, `and` and `or` as values, chained comparisons."""


def choices(x, y):
    a = x * y if 0 < x < 2 else y ** 2
    b = (x > 5 and x) or y * a
    return a * b if not (x > 1 and y > 1) else a - b


CASE = {"function": choices, "args": (0.8, 1.7), "wrt": ("x", "y")}


# The derivative


def choices_grad(x, y):
    # forward sweep
    if 0 < x < 2:
        a = x * y
    else:
        a = y ** 2
    b = x > 5
    chosen = b
    if b:
        b = x
    chosen_2 = not b
    if chosen_2:
        b = y * a
    # reverse sweep
    if not (x > 1 and y > 1):
        a_bar = 1.0 * b
        b_bar = a
    else:
        a_bar = 1.0
        b_bar = -1.0
    y_bar = 0.0
    if chosen_2:
        y_bar = b_bar * a
        a_bar += b_bar * y
        b_bar = 0.0
    x_bar = 0.0
    if chosen:
        x_bar = b_bar
    if 0 < x < 2:
        x_bar += a_bar * y
        y_bar += a_bar * x
    else:
        y_bar += 2 * a_bar * y
    return x_bar, y_bar
