"""A function that calls itself."""


def fraction(x, depth):
    if depth == 0:
        return x
    return 1.0 + x / fraction(x * x, depth - 1)


CASE = {"function": fraction, "args": (0.6, 4)}
