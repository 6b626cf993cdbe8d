"""A list that grows, a comprehension with a filter, a sum over it."""


def growing_list(x, n):
    orbit = [x]
    for _ in range(n):
        orbit.append(3.2 * orbit[-1] * (1 - orbit[-1]))
    return sum([v ** 2 for v in orbit if v > 0.5])


CASE = {"function": growing_list, "args": (0.3, 5)}


# The derivative


from s2sad.runtime import zeros


def growing_list_grad(x, n):
    # forward sweep
    orbit = [x]
    for _ in range(n):
        orbit.append(3.2 * orbit[-1] * (1 - orbit[-1]))
    # reverse sweep
    orbit_bar = zeros(orbit)
    for i in reversed(range(len(orbit))):
        v_2 = orbit[i]
        v_2_bar = 0.0
        if v_2 > 0.5:
            v_2_bar = 2 * v_2
        orbit_bar[i] += v_2_bar
    for _ in reversed(range(n)):
        t_bar_2 = orbit_bar.pop()
        orbit.pop()
        orbit_bar[-1] += t_bar_2 * (3.2 * (1 - orbit[-1]) - 3.2 * orbit[-1])
    x_bar = orbit_bar[0]
    return x_bar
