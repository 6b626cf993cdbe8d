"""An early exit from a loop: exactly the iterations that ran are undone."""


def newton_sqrt(a, x, tol):
    for k in range(100):
        step = (x * x - a) / (2 * x)
        x = x - step
        if abs(step) < tol:
            break
    return x


CASE = {"function": newton_sqrt, "args": (2.0, 1.7, 1e-1), "wrt": ("a", "x")}
