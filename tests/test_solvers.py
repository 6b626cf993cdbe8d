"""Functions of SciPy that call a function of the user's: roots, minima, integrals and differential equations, in both modes and to second order."""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sad

pytest.importorskip("scipy")

import scipy.integrate as integrate
import scipy.optimize as optimize


def kepler(e: float, mean: float, eccentricity: float) -> float:
    return e - eccentricity * math.sin(e) - mean


def rosenbrock(x: Any, a: float, b: float) -> Any:
    return (a - x[0]) ** 2 + b * (x[1] - x[0] ** 2) ** 2


def rosenbrock_with_gradient(x: Any, a: float, b: float) -> Any:
    inner = x[1] - x[0] ** 2
    return rosenbrock(x, a, b), np.array([-2 * (a - x[0]) - 4 * b * x[0] * inner, 2 * b * inner])


def pendulum(t: float, z: Any, damping: float) -> list[Any]:
    return [z[1], -math.sin(z[0]) - damping * z[1]]


def brentq_with_args(p):
    return optimize.brentq(kepler, 0.0, 4.0, args=(p, 0.5)) ** 2


def bisect_of_a_closure(p):
    def equation(x):
        return x ** 3 - p * p

    return p * optimize.bisect(equation, 0.0, 10.0 + p)


def newton_of_arrays(p):
    return np.sum(optimize.newton(lambda x, q: x ** 3 - q * p, np.array([1.5, 2.0]), args=(np.array([2.0, 3.0]) * p,)))


def root_scalar(p):
    found = optimize.root_scalar(kepler, bracket=(0.0, 4.0), args=(p, 0.3))
    return found.root * p if found.converged else p


def fsolve(p):
    def equations(x, q):
        return [x[0] ** 2 + x[1] * p - 3, x[1] ** 3 - q * x[0]]

    x = optimize.fsolve(equations, [1.0, 1.0], args=(p,))
    return x[0] * x[1]


def root_of_a_system(p):
    matrix = np.array([[3.0, 1.0, 0.0], [1.0, 4.0, p], [0.0, 0.0, 2.0]])
    x = optimize.root(lambda x: matrix @ x + x ** 3 - p, np.zeros(3), tol=1e-12).x
    return x @ x


def fixed_point(p):
    return optimize.fixed_point(lambda x, q: np.cos(x * q), 0.5, args=(p / 3,), xtol=1e-12) ** 2


def minimize(p):
    found = optimize.minimize(lambda x: (x[0] - p) ** 2 + np.sum((x[1:] * x[0] - p ** 2) ** 4) + np.sum(x ** 2), np.array([1.0, 2.0]), tol=1e-11)
    return found.x[0] * found.fun + found.x[1]


def minimize_with_gradient(p):
    x = optimize.minimize(rosenbrock_with_gradient, [1.0, 2.0], args=(p, 3.0), jac=True, tol=1e-11).x
    return x @ x


def minimize_scalar(p):
    found = optimize.minimize_scalar(lambda x: (x - p) ** 4 + x ** 2)
    return found.x + found.fun


def integral_with_parameter(p):
    return integrate.quad(lambda x, s: math.exp(-x * x / (2 * s * s)), 0.0, p, args=(p,))[0]


def integral_to_infinity(p):
    value, error = integrate.quad(lambda x: math.exp(-x * p), p / 3, np.inf)
    return value * p


def integral_over_all(p):
    return integrate.quad(lambda x: np.exp(-x * x * p), -np.inf, np.inf)[0]


def integral_with_singularity(p):
    return integrate.quad(lambda x: x ** (p - 1.5), 0.0, p)[0]


def integral_of_vectors(p):
    return np.sum(integrate.quad_vec(lambda x: np.sin(x * p * np.array([1.0, 2.0])), 0.0, 1.0)[0])


def initial_value_problem(p):
    found = integrate.solve_ivp(pendulum, (0.0, 1.0), [p, 0.3], args=(p / 3,), rtol=1e-10, atol=1e-12)
    return found.y[0, -1] * found.y[1, -1]


def stiff_method_at_times(p):
    times = np.linspace(0.0, 1.0, 4)
    found = integrate.solve_ivp(lambda t, y: -p * y * np.array([1.0, 2.0]) + t, (0.0, 1.0), np.array([1.0, p]), t_eval=times, method="LSODA",
                                rtol=1e-10, atol=1e-12)
    return np.sum(found.y ** 2)


def odeint(p):
    y = integrate.odeint(lambda y, t: [-p * y[0] + y[1], -y[1] * y[0]], [1.0, p], np.linspace(0.0, 1.0, 4), rtol=1e-11, atol=1e-12)
    return np.sum(y[1:] ** 2)


ALL = [brentq_with_args, bisect_of_a_closure, newton_of_arrays, root_scalar, fsolve, root_of_a_system, fixed_point, minimize, minimize_with_gradient,
       minimize_scalar, integral_with_parameter, integral_to_infinity, integral_over_all, integral_with_singularity, integral_of_vectors,
       initial_value_problem, stiff_method_at_times, odeint]
TWICE = [brentq_with_args, fsolve, fixed_point, integral_with_parameter, odeint]
OBJECTS = [root_scalar, root_of_a_system, minimize, minimize_with_gradient, minimize_scalar, initial_value_problem, stiff_method_at_times]


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.__name__)
def test_in_both_modes(f: Callable[[float], Any]) -> None:
    searched = "minimize" in f.__name__     # minima are found to fewer digits than roots
    rtol = 1e-3 if searched else 2e-5
    s2sad.check_grads(f, (1.3,), modes=("reverse",), rtol=rtol, atol=1e-6)
    if f in OBJECTS:
        try:
            s2sad.jvp(f, (1.3,), (1.0,))
        except s2sad.DifferentiationError as error:
            pytest.xfail(f"forward mode of results that are objects: {error}")
    s2sad.check_grads(f, (1.3,), modes=("forward",), rtol=rtol, atol=1e-6)
    assert s2sad.value_and_grad(f)(1.3)[0] == f(1.3)


@pytest.mark.parametrize("f", TWICE, ids=lambda f: f.__name__)
def test_second_derivative(f: Callable[[float], Any]) -> None:
    gradient = s2sad.grad(f)
    expected = (gradient(1.3 + 1e-3) - gradient(1.3 - 1e-3)) / 2e-3
    assert s2sad.hessian(f)(1.3) == pytest.approx(expected, rel=1e-4)
    assert s2sad.grad(gradient)(1.3) == pytest.approx(expected, rel=1e-4)


def test_the_derivative_is_the_formula() -> None:
    text = s2sad.source(brentq_with_args, args=(1.3,))
    assert "held" not in text and "solution" not in text and "math.cos(brentq)" in text


def entry_without_derivative(p):
    return optimize.minimize(lambda x: np.sum((x - p) ** 2), np.zeros(2)).jac[0]


def bounds(p):
    return optimize.minimize(lambda x: np.sum((x - p) ** 2), np.zeros(2), bounds=[(0, 1), (0, 1)]).x[0]


def end_of_time(p):
    return integrate.solve_ivp(pendulum, (0.0, p), [1.0, 0.3], args=(0.1,)).y[0, -1]


def divergent(p):
    return integrate.quad(lambda x: p / x ** 1.5, 0.0, 1.0)[0]


@pytest.mark.parametrize(("f", "what"), [(entry_without_derivative, "jac"), (bounds, "bounds"), (end_of_time, "t_span"), (divergent, "sum over nodes")])
@pytest.mark.filterwarnings("ignore:The integral is probably divergent")
def test_what_is_refused(f: Callable[[float], Any], what: str) -> None:
    with pytest.raises(s2sad.DifferentiationError, match=what):
        s2sad.grad(f)(1.3)
    with pytest.raises(s2sad.DifferentiationError):
        s2sad.jvp(f, (1.3,), (1.0,))


def history(p):
    seen = []

    def equation(x):
        seen.append(x * p)
        return x ** 2 - p

    root = optimize.brentq(equation, 0.0, 10.0)
    return root + sum(seen)


def test_a_function_that_changes_what_is_read_is_refused_or_right() -> None:
    with pytest.raises(s2sad.DifferentiationError):
        s2sad.grad(history)(1.3)
    with pytest.raises(s2sad.DifferentiationError):
        s2sad.jvp(history, (1.3,), (1.0,))
