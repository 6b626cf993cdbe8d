"""A list that grows, a comprehension with a filter, a sum over it."""


def growing_list(x, n):
    orbit = [x]
    for _ in range(n):
        orbit.append(3.2 * orbit[-1] * (1 - orbit[-1]))
    return sum([v ** 2 for v in orbit if v > 0.5])


CASE = {"function": growing_list, "args": (0.3, 5)}
