"""Holding a declared rule against differences: `check(rule, function, args, rtol, atol)` raises AssertionError where they disagree."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from s2sad.api import jvp, vjp
from s2sad.derivatives.calls import is_differentiable
from s2sad.rules import Rule


def check(rule: Rule, function: Callable[..., Any], args: Sequence[Any], rtol: float, atol: float) -> None:
    """Compares the pullback and the tangent of `function` along random directions with central differences, extrapolated."""
    rng = np.random.default_rng(0)
    for i, param in enumerate(rule.params[:len(args)]):
        if not is_differentiable(args[i]) or not inexact(args[i]):
            continue
        direction = like(args[i], rng)

        def at(step: float, i: int = i, direction: Any = direction) -> Any:
            return function(*(moved(a, step, direction) if k == i else a for k, a in enumerate(args)))

        h = 1e-4 * max(1.0, float(np.max(np.abs(args[i]), initial=0.0)))
        slope = (4 * difference(at, h / 2) - difference(at, h)) / 3
        value = at(0.0)
        if param.name in rule.adjoints:
            seed = like(value, rng, ones=np.ndim(value) == 0 and not isinstance(value, (tuple, list)))
            bar = vjp(function, *args)[1](seed)[i]
            expected = float(np.sum(np.real(np.conj(flat(seed)) * slope)))
            compare(f"the adjoint of {param.name} in {rule.name}", inner(bar, direction), expected, rtol, atol,
                    scalar=np.ndim(args[i]) == 0, direction=direction)
        if param.name in rule.tangents or rule.elementwise or any(param.name in group for group in rule.linear_groups):
            dot = jvp(function, tuple(args), tuple(direction if k == i else zero(a) for k, a in enumerate(args)))[1]
            worst = np.argmax(np.abs(flat(dot) - slope))
            compare(f"the tangent of {param.name} in {rule.name}", flat(dot)[worst], slope[worst], rtol, atol)


def compare(what: str, found: Any, expected: Any, rtol: float, atol: float, scalar: bool = False, direction: Any = 1.0) -> None:
    if abs(found - expected) > atol + rtol * max(abs(found), abs(expected)):
        scale = direction if scalar else 1.0
        raise AssertionError(f"{what}: {float(np.real(found / scale)):.6g}, differences give {float(np.real(expected / scale)):.6g}")


def difference(f: Callable[[float], Any], h: float) -> Any:
    return (flat(f(h)) - flat(f(-h))) / (2 * h)


def flat(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return np.concatenate([flat(item) for item in value]) if value else np.zeros(0)
    return np.ravel(np.asarray(value))


def inner(a: Any, b: Any) -> float:
    return float(np.sum(np.real(np.conj(flat(a)) * flat(b))))


def inexact(value: Any) -> bool:
    return all(map(inexact, value)) if isinstance(value, (tuple, list)) else np.asarray(value).dtype.kind in "fc"


def like(value: Any, rng: np.random.Generator, ones: bool = False) -> Any:
    """Random numbers, or ones, of the structure of a value."""
    if isinstance(value, (tuple, list)):
        return type(value)(like(item, rng, ones) for item in value)
    drawn = np.ones(np.shape(value)) if ones else rng.normal(size=np.shape(value))
    return type(value)(drawn) if isinstance(value, float) and not isinstance(value, np.generic) else drawn.astype(np.asarray(value).dtype)


def moved(value: Any, step: float, direction: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(moved(v, step, d) for v, d in zip(value, direction))
    return value + step * direction


def zero(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(map(zero, value))
    return np.zeros_like(value) if isinstance(value, (np.ndarray, np.generic)) else 0.0 if isinstance(value, (int, float)) else None
