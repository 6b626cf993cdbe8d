"""The kinds of derivative beside gradients that users call: `jacobian`, `hessian`, `hvp`, `elementwise_grad`, `linearize` and their kin."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sad.derivatives.target import Wrt

__all__ = ["elementwise_grad", "explain", "hessian", "hvp", "jacobian", "linear_transpose", "linearize", "stop_gradient",
           "value_and_jacobian"]

Function = Callable[..., Any]


def jacobian(f: Function | None = None, wrt: Wrt = 0, *, mode: str | None = None) -> Any:
    """The Jacobian of `f` with respect to the parameters `wrt`, called as `f` is called.

    It is shaped like the result and, after that, like the argument; of a scalar result, like the argument.  A tuple `wrt` gives a tuple; a
    structured result or argument gives the structure of the result, in each place of it that of the argument.  `mode` is "forward", one run
    of the tangent for each number of the argument, or "reverse", one pullback for each number of the result; left out, whichever are fewer.

    >>> import numpy as np
    >>> jacobian(lambda x: np.array([x[0] * x[1], x[0] + x[2]]))(np.array([2.0, 3.0, 4.0]))
    array([[3., 2., 0.],
           [1., 0., 1.]])
    """
    return _made(f, "jacobian", wrt, lambda f: _jacobian(f, wrt, mode, False), "Jacobian of")


def value_and_jacobian(f: Function | None = None, wrt: Wrt = 0, *, mode: str | None = None) -> Any:
    """As `jacobian`, but the result is `(value, jacobian)`.

    >>> value_and_jacobian(lambda x: (x ** 2, 3 * x))(2.0)
    ((4.0, 6.0), (4.0, 3.0))
    """
    return _made(f, "value_and_jacobian", wrt, lambda f: _jacobian(f, wrt, mode, True), "Value and Jacobian of")


def hessian(f: Function | None = None, wrt: Wrt = 0) -> Any:
    """The matrix of second derivatives of `f`, whose result is a real scalar, with respect to the parameters `wrt`.

    It is shaped like the argument twice; a tuple `wrt` gives a tuple of tuples.  Computed forward over reverse: the tangent of the gradient
    in the direction of each number of the argument.

    >>> import numpy as np
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    from s2sad.derivatives.jacobians import hessian_of

    return _made(f, "hessian", wrt, lambda f: hessian_of(f, wrt), "Hessian of")


def hvp(f: Function | None = None, wrt: Wrt = 0) -> Any:
    """The Hessian of `f` with respect to `wrt`, times a vector: called as `(*args, v)`, with `v` shaped and structured like the argument.

    >>> import numpy as np
    >>> hvp(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]), np.array([1.0, 0.0]))
    array([6., 4.])
    """
    from s2sad.derivatives.jacobians import hvp_of

    return _made(f, "hvp", wrt, lambda f: hvp_of(f, wrt), "Hessian, times a vector, of")


def elementwise_grad(f: Function | None = None, wrt: Wrt = 0) -> Any:
    """The derivative of each entry of the result with respect to the entry in its place of the argument, for `f` that works entry by entry.

    It is the sum of the rows of the Jacobian, which for other functions is no such thing.

    >>> import numpy as np
    >>> elementwise_grad(lambda x: x ** 3)(np.array([1.0, 2.0]))
    array([ 3., 12.])
    """
    from s2sad.derivatives.jacobians import elementwise_of

    return _made(f, "elementwise_grad", wrt, lambda f: elementwise_of(f, wrt), "Elementwise derivative of")


def linearize(f: Function, *primals: Any) -> tuple[Any, Function]:
    """The value `f(*primals)`, and the linear map that gives the tangent of the value for tangents of all primals.

    >>> value, push = linearize(lambda x, y: x * y, 3.0, 4.0)
    >>> value, push(1.0, 0.0), push(0.0, 2.0)
    (12.0, 4.0, 6.0)
    """
    from s2sad.derivatives.jacobians import linear

    return linear(f, primals)


def linear_transpose(f: Function, *primals: Any) -> Function:
    """The transpose of a linear function: `transpose(value_bar)` is a tuple, one entry for each of `primals`, which are examples only.

    >>> import numpy as np
    >>> linear_transpose(lambda x: np.cumsum(x), np.zeros(3))(np.array([1.0, 0.0, 2.0]))
    (array([3., 2., 2.]),)
    """
    from s2sad.api import vjp

    return vjp(f, *primals)[1]


def stop_gradient(x: Any) -> Any:
    """`x` itself, which derivatives take for a constant.

    >>> from s2sad import grad, stop_gradient
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    3.0
    """
    return x


def _jacobian(f: Function, wrt: Wrt, mode: str | None, value: bool) -> Function:
    from s2sad.derivatives.jacobians import jacobian_of

    return jacobian_of(f, wrt, mode, value)


def _made(f: Function | None, name: str, wrt: Wrt, compute: Callable[[Function], Function], title: str) -> Any:
    from s2sad.derivatives.jacobians import Whole

    if f is None:
        return lambda function: Whole(function, name, wrt, compute(function), title)
    return Whole(f, name, wrt, compute(f), title)


def explain(f: Function, *args: Any, wrt: Wrt = 0) -> str:
    """The lines of `f`, each with what is active there and what is saved for the reverse sweep, and then the text of the gradient.

    A variable is active where it depends on what is differentiated and the result depends on it.  A value is saved where a statement
    overwrites what an adjoint reads later.
    """
    from s2sad.derivatives.explanation import explained

    return explained(f, args, wrt)
