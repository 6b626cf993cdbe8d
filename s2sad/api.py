"""The functions that users call: `grad`, `value_and_grad`, `vjp`, `source`."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, overload

import numpy as np

from s2sad.derivatives.calls import is_differentiable
from s2sad.derivatives.derivative import Derivative
from s2sad.derivatives.target import Wrt
from s2sad.runtime import copied

__all__ = ["grad", "jvp", "source", "value_and_grad", "vjp"]

Function = Callable[..., Any]
HOLDING = (np.ndarray, list, tuple, dict)


@overload
def grad(f: Function, wrt: Wrt = 0, *, has_aux: bool = False) -> Derivative: ...
@overload
def grad(f: None = None, wrt: Wrt = 0, *, has_aux: bool = False) -> Callable[[Function], Derivative]: ...
def grad(f: Function | None = None, wrt: Wrt = 0, *, has_aux: bool = False) -> Any:
    """The gradient of `f`, whose result is a real scalar, with respect to the parameters `wrt`, by name or by position.

    The derivative is called as `f` is called.  It returns the gradient, shaped, typed and structured like the argument; for a tuple
    or list of parameters, a tuple of gradients.  With `has_aux`, `f` returns `(value, aux)` and the derivative `(gradient, aux)`.
    Also a decorator: `@grad`, `@grad(wrt=("w", "b"))`.

    Raises DifferentiationError where `f` holds what cannot be differentiated: now where syntax decides it, else at the first call.
    """
    return _made("grad", f, wrt, has_aux)


@overload
def value_and_grad(f: Function, wrt: Wrt = 0, *, has_aux: bool = False) -> Derivative: ...
@overload
def value_and_grad(f: None = None, wrt: Wrt = 0, *, has_aux: bool = False) -> Callable[[Function], Derivative]: ...
def value_and_grad(f: Function | None = None, wrt: Wrt = 0, *, has_aux: bool = False) -> Any:
    """As `grad`, but the derivative returns `(value, gradient)`, in the order that `scipy.optimize.minimize(..., jac=True)` wants.

    With `has_aux`, `f` returns `(value, aux)` and the derivative `((value, aux), gradient)`.
    """
    return _made("value_and_grad", f, wrt, has_aux)


def _made(mode: str, f: Function | None, wrt: Wrt, has_aux: bool) -> Any:
    if f is None:
        return lambda function: Derivative(function, mode, wrt, has_aux)
    return Derivative(f, mode, wrt, has_aux)


def vjp(f: Function, *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """The value `f(*primals)` and its pullback.

    `pullback(value_bar)`, with `value_bar` shaped and structured like the value, is the tuple of the products of `value_bar` with the
    Jacobians with respect to each of `primals`; None for one that is no number, such as a string.  It can be called again, and is
    that of the primals as they are now: arrays, and containers of them, may be changed meanwhile.
    """
    wrt = tuple(i for i, primal in enumerate(primals) if is_differentiable(primal))
    value, pullback = Derivative(f, "vjp", wrt)(*(copied(x) if isinstance(x, HOLDING) else x for x in primals))
    if len(wrt) == len(primals):
        return value, pullback

    def filled(value_bar: Any) -> tuple[Any, ...]:
        found = iter(pullback(value_bar))
        return tuple(next(found) if i in wrt else None for i in range(len(primals)))

    return value, filled


def jvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value `f(*primals)` and its tangent, the derivative in the direction `tangents`.

    Each of `tangents` is shaped and structured like its primal; None, for one that is not differentiated.  The tangent is shaped and
    structured like the value.

    >>> jvp(lambda x, n: x ** n, (3.0, 2), (1.0, None))
    (9.0, 6.0)
    """
    from s2sad.derivatives.push import push

    return push(f, primals, tangents)


def source(f: Function, wrt: Wrt = 0, *, mode: str = "reverse", args: tuple[Any, ...] | None = None) -> str:
    """The text of the derivative of `f`.

    `args` are example arguments, whose facts (kinds, dtypes, ranks, which sizes are equal) the text may use; without them, facts come
    from the annotations of `f` and from how it uses its parameters.
    """
    if mode not in MODES:
        raise ValueError(f"mode is 'reverse' or 'forward', not {mode!r}")
    derivative = Derivative(f, MODES[mode], wrt)
    return derivative._assumed().text.text if args is None else derivative.source_for(*args)


MODES = {"reverse": "grad", "forward": "jvp"}
