"""Gradients by two independent means: differences with Richardson extrapolation, and complex steps where the program is analytic.

`reference(f, args, kwargs, wrt)` gives the gradient as one flat float64 vector with a bound of its error for each entry; `leaves` and `like` are the two ways between
structured arguments and flat vectors. The program is always called on fresh copies, so that it may write into its arguments.
"""
from __future__ import annotations

import copy
import dataclasses
import inspect
import io
import math
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any, NamedTuple

import numpy as np

Scalar = Callable[[np.ndarray], Any]        # of a flat vector of differentiated numbers


class Reference(NamedTuple):
    """A gradient with its error bounds; `left` and `right` are the one-sided derivatives, `kink` is set where they differ."""

    gradient: np.ndarray
    error: np.ndarray
    left: np.ndarray
    right: np.ndarray
    kink: bool
    by: str


# --- structures ---------------------------------------------------------------------------------------------------------------------------------

def children(value: Any) -> list[Any] | None:
    """The parts of a structure in a fixed order; None of a leaf.

    >>> children({"a": 1.0, "b": (2.0, 3.0)})
    [1.0, (2.0, 3.0)]
    """
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, list | tuple):
        return list(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, f.name) for f in dataclasses.fields(value)]
    return None


def rebuilt(value: Any, parts: list[Any]) -> Any:
    """The structure of `value` with other parts.

    >>> rebuilt({"a": 1.0, "b": (2.0, 3.0)}, [5.0, (6.0, 7.0)])
    {'a': 5.0, 'b': (6.0, 7.0)}
    """
    if isinstance(value, dict):
        return type(value)(zip(value, parts))
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*parts)
    if isinstance(value, list | tuple):
        return type(value)(parts)
    new = copy.copy(value)
    for f, part in zip(dataclasses.fields(value), parts):
        object.__setattr__(new, f.name, part)
    return new


def leaves(value: Any) -> list[Any]:
    """The numbers and arrays of a structure, in order."""
    parts = children(value)
    return [value] if parts is None else [leaf for part in parts for leaf in leaves(part)]


def flat(value: Any) -> np.ndarray:
    """Every entry of every leaf as one vector: float64, or complex128 where a leaf is complex."""
    found = [np.ravel(np.asarray(leaf)) for leaf in leaves(value)]
    kind = np.complex128 if any(part.dtype.kind == "c" for part in found) else np.float64
    return np.concatenate([part.astype(kind) for part in found]) if found else np.zeros(0)


def like(value: Any, vector: np.ndarray, exact: bool = False) -> Any:
    """The structure of `value` with the entries of `vector`: numbers for numbers, arrays for arrays; single precision is widened unless `exact`."""
    entries = iter(vector)

    def build(node: Any) -> Any:
        parts = children(node)
        if parts is not None:
            return rebuilt(node, [build(part) for part in parts])
        if isinstance(node, np.ndarray):
            taken = np.array([next(entries) for _ in range(node.size)], vector.dtype).reshape(node.shape)
            return taken.astype(node.dtype) if exact and vector.dtype.kind != "c" else taken
        number = next(entries)
        if isinstance(node, np.generic):
            return node.dtype.type(number) if exact and vector.dtype.kind != "c" else vector.dtype.type(number)
        return number.item()

    return build(value)


def widened(value: Any) -> Any:
    """A deep copy in double precision, so that differences of single-precision programs mean something."""
    def widen(leaf: Any) -> Any:
        if isinstance(leaf, np.ndarray) and leaf.dtype == np.float32:
            return leaf.astype(np.float64)
        return np.float64(leaf) if isinstance(leaf, np.float32) else leaf

    def walk(node: Any) -> Any:
        parts = children(node)
        return widen(node) if parts is None else rebuilt(node, [walk(part) for part in parts])

    return walk(copy.deepcopy(value))


# --- calls ------------------------------------------------------------------------------------------------------------------------------------------

def names_of(f: Callable[..., Any], args: tuple[Any, ...], wrt: Any) -> list[Any]:
    """`wrt` as a list of what is differentiated: positions, or names of keyword arguments."""
    chosen = list(wrt) if isinstance(wrt, tuple | list) else [wrt]
    parameters = list(inspect.signature(f).parameters)
    return [parameters.index(w) if isinstance(w, str) and w in parameters and parameters.index(w) < len(args) else w for w in chosen]


def quietly(f: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with redirect_stdout(io.StringIO()):
        return f(*args, **kwargs)


def of_vector(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], wrt: Any) -> tuple[Scalar, np.ndarray]:
    """`f` as a function of one flat vector of what is differentiated, and that vector."""
    chosen = names_of(f, args, wrt)
    args, kwargs = widened(args), widened(kwargs)
    start = [args[w] if isinstance(w, int) else kwargs[w] for w in chosen]

    def call(vector: np.ndarray) -> Any:
        new_args, new_kwargs = list(copy.deepcopy(args)), copy.deepcopy(kwargs)
        for w, value in zip(chosen, like(start, vector)):
            if isinstance(w, int):
                new_args[w] = value
            else:
                new_kwargs[w] = value
        return quietly(f, *new_args, **new_kwargs)

    return call, flat(start)


# --- the oracles -----------------------------------------------------------------------------------------------------------------------------------

STEPS = tuple(2.0 ** -k for k in range(5, 17))


def ridders(samples: list[float], ratio: float, noise: list[float]) -> tuple[float, float]:
    """Extrapolates derivative estimates at halved steps to step zero; the error powers grow by `ratio` (4: central, 2: one-sided). The estimate and its error bound.

    Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", 1982. An estimate whose own rounding `noise` is worse than what it claims is charged with that noise.
    """
    best, error = samples[-1], float("inf")
    previous: list[float] = []
    for k, sample in enumerate(samples):
        row, weight = [sample], ratio
        for m in range(min(k, 5)):
            row.append(row[m] + (row[m] - previous[m]) / (weight - 1))
            weight *= 4.0 if ratio == 4.0 else 2.0
        for m in range(1, len(row)):
            claimed = max(abs(row[m] - row[m - 1]), abs(row[m] - previous[m - 1])) + noise[k]
            if claimed < error:
                best, error = row[m], claimed
        previous = row
    return best, error


def along(f: Scalar, x: np.ndarray, i: int, value: float) -> tuple[tuple[float, float], float, float]:
    """The derivative along coordinate `i`: central with its bound, from the left, from the right.

    Steps that leave the program's domain are not taken.
    """
    def at(step: float) -> float:
        moved = x.copy()
        moved[i] += step
        try:
            return float(f(moved))
        except (ArithmeticError, ValueError):
            return float("nan")

    scale = max(abs(x[i]), 0.05)
    steps = [scale * s for s in STEPS]
    above, below = [at(h) for h in steps], [at(-h) for h in steps]
    inside = max((k + 1 for k, (a, b) in enumerate(zip(above, below)) if not (math.isfinite(a) and math.isfinite(b))), default=0)
    if inside > len(steps) - 3:
        return (float("nan"), float("inf")), float("nan"), float("nan")
    steps, above, below = steps[inside:], above[inside:], below[inside:]
    noise = [8e-16 * max(abs(value), abs(a), abs(b), 1e-300) / h for a, b, h in zip(above, below, steps)]
    central = ridders([(a - b) / (2 * h) for a, b, h in zip(above, below, steps)], 4.0, noise)
    right, _ = ridders([(a - value) / h for a, h in zip(above, steps)], 2.0, noise)
    left, _ = ridders([(value - b) / h for b, h in zip(below, steps)], 2.0, noise)
    return central, left, right


def differences(f: Scalar, x: np.ndarray) -> Reference:
    """The gradient by differences.

    >>> found = differences(lambda v: v[0] ** 3 * v[1], np.array([2.0, 5.0]))
    >>> bool(np.all(abs(found.gradient - [60.0, 8.0]) <= found.error)), bool(np.all(found.error < 1e-8)), found.kink
    (True, True, False)
    >>> differences(lambda v: abs(v[0]), np.array([0.0])).kink
    True
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        value = float(f(x))
        found = [along(f, x, i, value) for i in range(x.size)]
    gradient, error = (np.array([c[k] for c, _, _ in found]) for k in (0, 1))
    left, right = (np.array([c[k] for c in found]) for k in (1, 2))
    kink = bool(np.any(abs(left - right) > 1e-3 * (1 + abs(left) + abs(right))))
    return Reference(gradient, error, left, right, kink, "differences")


def complex_step(f: Scalar, x: np.ndarray, h: float = 1e-30) -> np.ndarray | None:
    """The gradient by complex steps; None where the program does not take complex numbers.

    Squire & Trapp, "Using complex variables to estimate derivatives of real functions", 1998. The caller must not trust it where the program is not analytic.

    >>> complex_step(lambda v: np.exp(v[0]) * v[1] ** 2, np.array([0.0, 3.0])).tolist()
    [9.0, 6.0]
    >>> import math
    >>> complex_step(lambda v: math.sin(v[0]), np.array([0.0])) is None
    True
    """
    gradient = np.zeros(x.size)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for i in range(x.size):
                moved = x.astype(complex)
                moved[i] += 1j * h
                gradient[i] = complex(f(moved)).imag / h
    except (TypeError, ValueError, ArithmeticError, Warning, AttributeError, AssertionError, LookupError):
        return None
    return gradient


def reference(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], wrt: Any) -> Reference:
    """The best gradient known: differences, sharpened by complex steps where the two agree within the differences' own error."""
    scalar, x = of_vector(f, args, kwargs, wrt)
    by_differences = differences(scalar, x)
    analytic = complex_step(scalar, x)
    if analytic is not None and np.all(np.isfinite(analytic)):
        close = abs(analytic - by_differences.gradient) <= 10 * by_differences.error + 1e-7 * (1 + np.max(abs(analytic), initial=0.0))
        if np.all(close):
            return by_differences._replace(gradient=analytic, error=1e-12 * (1 + abs(analytic)), by="complex steps")
    return by_differences
