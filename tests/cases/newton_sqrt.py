"""An early exit from a loop: exactly the iterations that ran are undone."""


def newton_sqrt(a, x, tol):
    for k in range(100):
        step = (x * x - a) / (2 * x)
        x = x - step
        if abs(step) < tol:
            break
    return x


CASE = {"function": newton_sqrt, "args": (2.0, 1.7, 1e-1), "wrt": ("a", "x")}


# The derivative


def newton_sqrt_grad(a, x, tol):
    # forward sweep
    x_stack = []
    for k in range(100):
        step = (x * x - a) / (2 * x)
        x_stack.append(x)
        x = x - step
        if abs(step) < tol:
            break
    # reverse sweep
    x_bar = 1.0
    a_bar = 0.0
    while x_stack:
        x = x_stack.pop()
        step_bar = -x_bar
        step = (x * x - a) / (2 * x)
        t_bar = step_bar / (2 * x)
        x_bar += 2 * t_bar * x - step_bar * step / x
        a_bar -= t_bar
    return a_bar, x_bar
