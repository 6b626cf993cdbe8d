"""Derivatives held against differences: `check_grads(f, args)`."""
from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from s2sad.derivatives.attributes import attributes
from s2sad.derivatives.calls import is_differentiable
from s2sad.derivatives.derivative import Derivative
from s2sad.derivatives.leaves import drawn, inner, is_leaf, leaves, moved
from s2sad.derivatives.push import push
from s2sad.runtime.copies import copied

Function = Callable[..., Any]
SHORTER = (32, 1024)
"""By how much the step is made shorter where derivatives and differences disagree."""


def check_grads(f: Function, args: Sequence[Any], *, wrt: Any = None, modes: Sequence[str] = ("forward", "reverse"), order: int = 1,
                rtol: float | None = None, atol: float | None = None) -> None:
    """Raises AssertionError where a derivative of `f` at `args` disagrees with differences along a random direction.

    `wrt` are positions or names of arguments, all that can be differentiated when left out.  With `order` 2 the derivatives of the gradient
    are checked too, and so on.  The tolerances are set by the precision of the arguments when left out.  The message names the mode, the
    argument, both numbers, and the likely cause: a kink, single precision, a function that gives another result each time.

    >>> check_grads(lambda x: x ** 3, (2.0,), order=2)
    """
    if wrt is None:
        positions = [i for i, x in enumerate(args) if is_differentiable(x)]
    else:
        positions = [_position(f, entry, args) for entry in (wrt if isinstance(wrt, (tuple, list)) else (wrt,))]
    for mode in modes:
        if mode not in ("forward", "reverse"):
            raise ValueError(f"modes are 'forward' and 'reverse', not {mode!r}")
    single = any(getattr(leaf, "dtype", None) in (np.float32, np.complex64) for leaf in leaves(tuple(args)))
    rtol = (1e-2 if single else 1e-6) if rtol is None else rtol
    atol = (1e-2 if single else 1e-7) if atol is None else atol
    for position in positions:
        _check(f, tuple(args), position, modes, rtol, atol, single)
    if order > 1:
        for position in positions:
            check_grads(_gradient(f, position, args), args, wrt=positions, modes=modes, order=order - 1, rtol=rtol, atol=atol)


def _position(f: Function, entry: int | str, args: Sequence[Any]) -> int:
    """The position of an argument that `wrt` gives by position or by name."""
    names = list(inspect.signature(f).parameters) if isinstance(entry, str) else []
    position = names.index(entry) if entry in names else entry
    if not isinstance(position, int) or not -len(args) <= position < len(args):
        raise TypeError(f"`wrt` names {entry!r}, which is none of the {len(args)} arguments")
    return position % len(args)


def _gradient(f: Function, position: int, args: Sequence[Any]) -> Function:
    """A function whose derivatives are of one order higher: the gradient, or the pullback along a random direction."""
    value = f(*args)
    if is_leaf(value) and np.ndim(value) == 0 and not np.iscomplexobj(value):
        return Derivative(f, "grad", position)
    pulled = Derivative(f, "pull", (position,)).fitting(tuple(args), {})
    seed = drawn(value, np.random.default_rng(position))
    generated = pulled._generated_for(*pulled._completed(tuple(args), {})).function
    first, keywords = pulled._target.args, {**pulled._target.keywords, "value_bar": seed}
    return lambda *given: generated(*first, *given, **keywords)[0]


def _check(f: Function, args: tuple[Any, ...], position: int, modes: Sequence[str], rtol: float, atol: float, single: bool) -> None:
    rng = np.random.default_rng(position)
    x = args[position]
    direction = drawn(x, rng)
    h = (1e-2 if single else 1e-4) * max(1.0, max((float(np.max(np.abs(leaf), initial=0.0)) for leaf in leaves(x)), default=1.0))

    def at(step: float) -> Any:
        return f(*fresh(args[:position]), moved(x, step, direction), *fresh(args[position + 1:]))

    value = f(*fresh(args))
    weight = drawn(value, rng)
    again = inner(weight, f(*fresh(args))) - inner(weight, value)
    def slope(h: float) -> float:
        """By central differences, extrapolated."""
        plus, half, minus, less = (inner(weight, at(step)) for step in (h, h / 2, -h, -h / 2))
        return (4 * (half - less) / h - (plus - minus) / (2 * h)) / 3

    def agree(found: float, expected: float) -> bool:
        return abs(found - expected) <= atol + rtol * max(abs(found), abs(expected))

    expected = slope(h)
    for mode in modes:
        found = _by_mode(f, args, position, direction, weight, mode)
        # A kink, or a curve, within the step: a derivative that is wrong agrees at no step.
        if not agree(found, expected) and (single or not any(agree(found, slope(h / shorter)) for shorter in SHORTER)):
            plus, middle, minus = inner(weight, at(h)), inner(weight, value), inner(weight, at(-h))
            kink = abs((plus - middle) - (middle - minus)) / h > 1e-2 * (1 + abs(expected)) and mode != ""
            cause = ("the function gives another result each time" if again else "there is a kink nearby" if kink else
                     "single precision" if single else "the derivative is wrong, or a rule of yours is")
            name = getattr(f, "__name__", "f")
            raise AssertionError(f"{mode} derivative of `{name}` with respect to argument {position}, along a random direction: "
                                 f"{found!r}, by differences {expected!r} (likely cause: {cause})")


def fresh(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments that the function may change in place; what is no array, container or object of the user's is itself."""
    held = [i for i, arg in enumerate(args) if isinstance(arg, (np.ndarray, list, tuple, dict)) or attributes(arg) is not None]
    copies = dict(zip(held, copied([args[i] for i in held])))
    return tuple(copies.get(i, arg) for i, arg in enumerate(args))


def _by_mode(f: Function, args: tuple[Any, ...], position: int, direction: Any, weight: Any, mode: str) -> float:
    if mode == "forward":
        tangents = [direction if i == position else None for i in range(len(args))]
        return inner(weight, push(f, args, tangents)[1])
    _, pullback = Derivative(f, "vjp", (position,))(*args)
    return inner(pullback(weight)[0], direction)
