"""A function that calls itself."""


def fraction(x, depth):
    if depth == 0:
        return x
    return 1.0 + x / fraction(x * x, depth - 1)


CASE = {"function": fraction, "args": (0.6, 4)}


# The derivative


from s2sad.runtime import unbroadcast


def fraction_forward(x, depth):
    t = 0.0
    t_tape = None
    if depth == 0:
        result = x
    else:
        t, t_tape = fraction_forward(x * x, depth - 1)
        result = 1.0 + x / t
    return result, (x, depth, t, t_tape)


def fraction_reverse(tape, out_bar):
    x, depth, t, t_tape = tape
    if depth == 0:
        x_bar = out_bar
    else:
        t_bar_3 = fraction_reverse(t_tape, -(out_bar * (x / t) / t))
        x_bar = out_bar / t + (unbroadcast(t_bar_3 * x, x) + unbroadcast(t_bar_3 * x, x))
    return x_bar


def fraction_grad(x, depth):
    # forward sweep
    if not depth == 0:
        t, t_tape = fraction_forward(x * x, depth - 1)
        result = 1.0 + x / t
    # reverse sweep
    if depth == 0:
        x_bar = 1.0
    else:
        t_bar_2 = fraction_reverse(t_tape, -(x / t / t))
        x_bar = 1.0 / t + (unbroadcast(t_bar_2 * x, x) + unbroadcast(t_bar_2 * x, x))
    return x_bar
