"""A call of a function of the user's inside a loop."""


def spring_force(q, k):
    return -k * q - 0.1 * q ** 3


def swing(q, v, k, dt, steps):
    for i in range(steps):
        v = v + dt * spring_force(q, k)
        q = q + dt * v
    return q


CASE = {"function": swing, "args": (0.3, 0.1, 2.0, 0.01, 50), "wrt": ("q", "v", "k")}


# The derivative


from cases.swing import spring_force


def spring_force_reverse(q, k, out_bar):
    return out_bar * (-k - 0.3 * q ** 2), -out_bar * q


def swing_grad(q, v, k, dt, steps):
    # forward sweep
    q_stack = []
    for i in range(steps):
        v = v + dt * spring_force(q, k)
        q_stack.append(q)
        q = q + dt * v
    # reverse sweep
    q_bar = 1.0
    k_bar = 0.0
    v_bar = 0.0
    for i in reversed(range(steps)):
        q = q_stack.pop()
        v_bar = v_bar + q_bar * dt
        q_term, k_term = spring_force_reverse(q, k, v_bar * dt)
        q_bar = q_bar + q_term
        k_bar = k_bar + k_term
    return float(q_bar), float(v_bar), float(k_bar)
