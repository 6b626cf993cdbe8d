"""Functions of SciPy that call a function of the user's, written in Python: what a derivative passes through at a call of them.

The rows of the rule table name them (`model=`).  `y` is what the call returned.  `held(e)` is a constant of the derivative at hand and
`solution(x, residual, slope)` is `x` with the derivative that the equation gives it; both are gone from the derivative, which is
differentiated again by way of the call that stands in it as the user wrote it.
"""
# mypy: disable-error-code="no-untyped-def,no-untyped-call"
from __future__ import annotations

import numpy as np

from s2sad.api import grad, jvp
from s2sad.runtime import (
    Solved,
    SolvedEquation,
    SolvedTrajectory,
    held,
    nodes_of_integral,
    nodes_of_trajectory,
    solution,
    states_between,
)


def root_of_equation(y, f, args):
    residual = lambda x: f(x, *args)
    slope = held(jvp(residual, (y,), (1.0,))[1])
    return solution(y, residual(y), slope)


def roots_of_equations(y, f, args):
    residual = lambda x: f(x, *args)
    slope = held(jvp(residual, (y,), (np.ones_like(y),))[1])
    return solution(y, residual(y), slope)


def root_of_system(y, f, args):
    residual = lambda x: np.asarray(f(x, *args))
    columns = []
    for direction in np.eye(np.size(y)):
        columns.append(held(jvp(residual, (y,), (np.reshape(direction, np.shape(y)),))[1]))
    return solution(y, residual(y), held(np.stack(columns, -1)))


def fixed_point(y, f, args):
    residual = lambda x: f(x, *args) - x
    slope = held(jvp(residual, (y,), (np.ones_like(y),))[1])
    return solution(y, residual(y), slope)


def solved_equation(y, f, args):
    residual = lambda x: f(x, *args)
    slope = held(jvp(residual, (y.root,), (1.0,))[1])
    return SolvedEquation(solution(y.root, residual(y.root), slope), y.converged, y.flag)


def solved_system(y, fun, x0, args):
    start = np.asarray(y.x, dtype=float).reshape(np.size(x0))
    residual = lambda x: np.asarray(fun(x, *args))
    columns = []
    for direction in np.eye(np.size(start)):
        columns.append(held(jvp(residual, (start,), (np.reshape(direction, np.shape(start)),))[1]))
    x = solution(start, residual(start), held(np.stack(columns, -1)))
    return Solved(x, y.fun, y.success, y.status, y.message)


def minimum(y, fun, x0, args):
    start = np.asarray(y.x, dtype=float).reshape(np.size(x0))
    objective = lambda x: fun(x, *args)
    columns = []
    for direction in np.eye(np.size(start)):
        columns.append(held(jvp(grad(objective), (start,), (direction,))[1]))
    x = solution(start, grad(objective)(start), held(np.stack(columns, -1)))
    return Solved(x, objective(x), y.success, y.status, y.message)


def minimum_with_gradient(y, fun, x0, args):
    start = np.asarray(y.x, dtype=float).reshape(np.size(x0))
    gradient = lambda x: fun(x, *args)[1]
    columns = []
    for direction in np.eye(np.size(start)):
        columns.append(held(jvp(gradient, (start,), (direction,))[1]))
    x = solution(start, gradient(start), held(np.stack(columns, -1)))
    return Solved(x, fun(x, *args)[0], y.success, y.status, y.message)


def minimum_on_line(y, fun, args):
    objective = lambda x: fun(x, *args)
    slope = held(jvp(grad(objective), (y.x,), (1.0,))[1])
    x = solution(y.x, grad(objective)(y.x), slope)
    return Solved(x, objective(x), y.success, None, y.message)


def least_squares(y, fun, x0, args):
    start = np.asarray(y.x, dtype=float).reshape(np.size(x0))
    objective = lambda x: 0.5 * np.sum(np.asarray(fun(x, *args)) ** 2)
    columns = []
    for direction in np.eye(np.size(start)):
        columns.append(held(jvp(grad(objective), (start,), (direction,))[1]))
    x = solution(start, grad(objective)(start), held(np.stack(columns, -1)))
    return Solved(x, fun(x, *args), y.success, y.status, y.message)


def integral(y, func, a, b, args):
    places, weights = held(nodes_of_integral(func, a, b, args, y[0]))
    total = 0.0
    if np.isfinite(b - a):
        for place, weight in zip(places, weights):
            total = total + weight * (b - a) * func(a + (b - a) * place, *args)
    else:
        end = a if np.isfinite(a) else b if np.isfinite(b) else 0.0
        for place, weight in zip(places, weights):
            total = total + weight * func(end + place, *args)
    return solution(y[0], total, -1.0), y[1]


def trajectory(y, fun, t_span, y0, args):
    rate = lambda t, z: np.asarray(fun(t, z, *args))
    nodes, places = held(nodes_of_trajectory(rate, t_span[0], y0, y.t))
    states = states_between(rate, np.reshape(y0, np.size(y0)), nodes)
    return SolvedTrajectory(y.t, solution(y.y, states[places].T, -1.0), y.success, y.status, y.message)


def trajectory_at(y, func, y0, t, args):
    rate = lambda t, z: np.asarray(func(z, t, *args))
    nodes, places = held(nodes_of_trajectory(rate, t[0], y0, t))
    states = states_between(rate, np.reshape(y0, np.size(y0)), nodes)
    return solution(y, states[places], -1.0)


def trajectory_at_times_first(y, func, y0, t, args):
    rate = lambda t, z: np.asarray(func(t, z, *args))
    nodes, places = held(nodes_of_trajectory(rate, t[0], y0, t))
    states = states_between(rate, np.reshape(y0, np.size(y0)), nodes)
    return solution(y, states[places], -1.0)
