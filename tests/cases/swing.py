"""A call of a function of the user's inside a loop."""


def spring_force(q, k):
    return -k * q - 0.1 * q ** 3


def swing(q, v, k, dt, steps):
    for i in range(steps):
        v = v + dt * spring_force(q, k)
        q = q + dt * v
    return q


CASE = {"function": swing, "args": (0.3, 0.1, 2.0, 0.01, 50), "wrt": ("q", "v", "k")}
