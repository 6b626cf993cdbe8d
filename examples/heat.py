"""Where was the heat?  A temperature profile, and the conductivity of a rod, from a measurement some time later.

The rod is stepped in place, slice by slice, as simulations are written; `python -m s2sad examples/heat.py` shows the adjoint of that.
"""
import numpy as np


def misfit(u0: "float[n]", rate: float, measured: "float[n]", steps: int) -> float:
    """The sum of squared differences between the simulated and the measured temperatures."""
    u = u0.copy()
    for step in range(steps):
        u[1:-1] += rate * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum((u - measured) ** 2)


def simulated(u0: np.ndarray, rate: float, steps: int) -> np.ndarray:
    u = u0.copy()
    for _ in range(steps):
        u[1:-1] += rate * (u[2:] - 2 * u[1:-1] + u[:-2])
    return u


def main() -> None:
    from s2sad import value_and_grad

    x = np.linspace(0.0, 1.0, 41)
    measured = simulated(np.exp(-80 * (x - 0.4) ** 2), 0.3, 60)
    fit = value_and_grad(misfit, ("u0", "rate"))
    u0, rate = np.exp(-80 * (x - 0.4) ** 2), 0.1
    for step in range(100):
        error, (_, rate_bar) = fit(u0, rate, measured, 60)
        rate -= 0.004 * rate_bar
        if step % 50 == 49:
            print(f"rate {rate:.4f}  error {error:.2e}")
    u0 = np.zeros_like(x)
    for step in range(300):
        error, (u0_bar, _) = fit(u0, rate, measured, 60)
        u0 -= 0.05 * u0_bar
    print(f"hottest at {x[np.argmax(u0)]:.2f}  error {error:.2e}")


if __name__ == "__main__":
    main()
