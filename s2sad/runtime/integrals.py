"""Nodes of integrals and of differential equations, for sums and steps that a derivative goes through, with SciPy."""
from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sad.errors import DifferentiationError

MOST_PIECES = 2000
MOST_STEPS = 20000
TOLERANCE = 1e-13


def nodes_of_integral(f: Callable[..., Any], a: Any, b: Any, args: Any, value: Any) -> tuple[Any, Any]:
    """Places and weights of a sum of `f` that is `value`, the integral of `f` from `a` to `b` as SciPy found it.

    Places are shares of the way from `a` to `b`, or distances from the finite end, or points where both are infinite.  Pieces are halved
    where a rule of ten and one of twenty points differ most.

    >>> places, weights = nodes_of_integral(np.exp, 0.0, 1.0, (), np.e - 1)
    >>> round(float(weights @ np.exp(places)), 12)
    1.718281828459
    """
    finite = np.isfinite(b - a)
    coarse, fine = np.polynomial.legendre.leggauss(10), np.polynomial.legendre.leggauss(20)

    def point(t: Any) -> tuple[Any, Any, Any]:
        """The place, the point and the density at a share `t` of the way."""
        if finite:
            return t, a + (b - a) * t, np.ones_like(t)
        if np.isfinite(a) or np.isfinite(b):
            sign = 1.0 if np.isfinite(a) == (b > a) else -1.0
            place = (t / (1 - t)) * (1.0 if (b if np.isfinite(a) else -a) > 0 else -1.0)
            return place, (a if np.isfinite(a) else b) + place, sign / (1 - t) ** 2
        t = 2 * t - 1
        place = t / (1 - t ** 2) * (1.0 if b > a else -1.0)
        return place, place, 2 * (1 + t ** 2) / (1 - t ** 2) ** 2 * (1.0 if b > a else -1.0)

    def over(rule: Any, start: float, width: float) -> tuple[Any, Any, Any, float]:
        place, x, density = point(start + width * (rule[0] + 1) / 2)
        weight = rule[1] * width / 2 * density
        values = np.stack([np.asarray(f(one, *args), float) for one in x.tolist()])
        return place, weight, np.tensordot(weight, values, 1), float(np.max(np.tensordot(np.abs(weight), np.abs(values), 1)))

    def piece(start: float, width: float) -> Any:
        rough, found = over(coarse, start, width), over(fine, start, width)
        return -float(np.max(np.abs(rough[2] - found[2]))), start, width, found

    pieces = [piece(0.0, 1.0)]
    while len(pieces) < MOST_PIECES:
        size = sum(one[3][3] for one in pieces)
        if -sum(one[0] for one in pieces) <= TOLERANCE * size or -pieces[0][0] <= 1e-16 * size or pieces[0][2] < 1e-15:
            break
        _, start, width, _ = heapq.heappop(pieces)
        heapq.heappush(pieces, piece(start, width / 2))
        heapq.heappush(pieces, piece(start + width / 2, width / 2))
    scale = (b - a) if finite else 1.0
    total = sum(one[3][2] for one in pieces) * scale
    if not np.all(np.abs(total - value) <= 1e-7 * (np.abs(value) + abs(scale) * sum(one[3][3] for one in pieces)) + 1e-12):
        raise DifferentiationError("cannot differentiate this integral: a sum over nodes does not come near its value; "
                                   "split it at its singularities, or substitute the variable so that they are gone")
    pieces.sort(key=lambda one: one[1])
    return np.concatenate([one[3][0] for one in pieces]), np.concatenate([one[3][1] for one in pieces])


def nodes_of_trajectory(rate: Callable[[Any, Any], Any], t: Any, z: Any, times: Any) -> tuple[Any, Any]:
    """Times between which steps of `states_between` follow `dz/dt = rate(t, z)`, and where among them `times` stand.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> nodes, places = nodes_of_trajectory(lambda t, z: -z, 0.0, [1.0], [0.5, 1.0])
    >>> nodes[places]
    array([0.5, 1. ])
    """
    from scipy.integrate import DOP853

    if np.iscomplexobj(z):
        raise DifferentiationError("cannot differentiate this solution of a differential equation: its state is complex; "
                                   "write the real and the imaginary parts as one real state")
    times, t = np.asarray(times, float), float(t)
    if not times.size or np.all(times == t):
        return np.array([t]), np.zeros(times.size, int)
    end = float(times[np.argmax(np.abs(times - t))])
    start = np.ravel(np.asarray(z, float))
    solver = DOP853(rate, t, start, end, rtol=1e-11, atol=1e-13 * max(1.0, float(np.max(np.abs(start), initial=0.0))))
    found = [t]
    while solver.status == "running":
        solver.step()
        found.append(float(solver.t))
        if len(found) > MOST_STEPS or solver.status == "failed":
            raise DifferentiationError("cannot differentiate this solution of a differential equation: explicit steps do not follow it; "
                                       "it is stiff, or ends in a singularity: write implicit steps as a loop")
    nodes = np.union1d(found, times)
    if end < t:
        nodes = nodes[::-1]
    places = np.searchsorted(nodes, times) if end > t else len(nodes) - 1 - np.searchsorted(nodes[::-1], times)
    return nodes, places


def coefficients_of_steps() -> Any:
    """The coefficients of explicit steps of order eight, the weights and the times of the stages in the last two rows.

    Hairer, Norsett & Wanner, *Solving Ordinary Differential Equations I*, II.5.
    """
    from scipy.integrate import DOP853

    return np.vstack([DOP853.A[:, :len(DOP853.B)], DOP853.B, DOP853.C[:len(DOP853.B)]])


def states_between(rate: Callable[[Any, Any], Any], z: Any, nodes: Any) -> Any:
    """The states of `dz/dt = rate(t, z)` at the nodes, one explicit step from each to the next.

    >>> import pytest; _ = pytest.importorskip("scipy")
    >>> bool(abs(states_between(lambda t, z: -z, np.array([1.0]), np.array([0.0, 0.1]))[1, 0] - np.exp(-0.1)) < 1e-14)
    True
    """
    table = coefficients_of_steps()
    stages = len(table) - 2
    states = np.zeros((len(nodes), len(z)))
    states[0] = z
    slopes = np.zeros((stages, len(z)))
    for k in range(len(nodes) - 1):
        h = nodes[k + 1] - nodes[k]
        slopes[0] = rate(nodes[k], states[k])
        for i in range(1, stages):
            slopes[i] = rate(nodes[k] + table[-1, i] * h, states[k] + h * (table[i, :i] @ slopes[:i]))
        states[k + 1] = states[k] + h * (table[-2] @ slopes)
    return states
