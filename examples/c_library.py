"""A function of a C library, called through ctypes, with its derivative declared in one line: the Bessel functions of the C library.

`j0` has no Python source that s2sad could read.  Its derivative is `-j1`, and that of `j1` is `j0 - j1 / x`: after these lines, programs
that call them are differentiated like any other, in both modes and to any order.
"""
import ctypes
import ctypes.util
import math

import s2sad

library = ctypes.CDLL(ctypes.util.find_library("m"))
for c_function in (library.j0, library.j1):
    c_function.restype, c_function.argtypes = ctypes.c_double, [ctypes.c_double]


@s2sad.rule(x="-g * j1(x)", x_dot="-x_dot * j1(x)", result="x")
def j0(x: float) -> float:
    return float(library.j0(x))


@s2sad.rule(x="g * (j0(x) - y / x)", x_dot="x_dot * (j0(x) - y / x)", result="x")
def j1(x: float) -> float:
    return float(library.j1(x))


def misfit(radius: float, angles: list[float], intensities: list[float]) -> float:
    """How far the diffraction pattern of a round opening of this radius is from measured intensities."""
    error = 0.0
    for angle, intensity in zip(angles, intensities):
        u = radius * math.sin(angle)
        error += ((2 * j1(u) / u) ** 2 - intensity) ** 2
    return error


def main() -> None:
    s2sad.check_rule(j0, 1.3)
    s2sad.check_rule(j1, 1.3)
    angles = [0.1 + 0.05 * i for i in range(20)]
    intensities = [(2 * j1(5.0 * math.sin(a)) / (5.0 * math.sin(a))) ** 2 for a in angles]
    fit = s2sad.value_and_grad(misfit)
    radius = 4.0
    for _ in range(100):
        value, slope = fit(radius, angles, intensities)
        radius -= 0.5 * slope
    print(f"radius {radius:.4f}, misfit {value:.1e}")
    print(fit.source)


if __name__ == "__main__":
    main()
