"""Conditional expressions, `and` and `or` as values, chained comparisons."""


def choices(x, y):
    a = x * y if 0 < x < 2 else y ** 2
    b = (x > 5 and x) or y * a
    return a * b if not (x > 1 and y > 1) else a - b


CASE = {"function": choices, "args": (0.8, 1.7), "wrt": ("x", "y")}
