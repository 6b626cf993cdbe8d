"""s2sad writes the derivative of a Python/NumPy function as readable Python.

    from s2sad import grad

    @grad
    def loss(w, x, y):
        return np.sum((x @ w - y) ** 2)

    loss(w, x, y)           # the gradient with respect to w
    print(loss.source)      # the function that computed it
"""
from s2sad.api import grad, jvp, source, value_and_grad, vjp
from s2sad.derivatives.checkpoint import checkpoint
from s2sad.derivatives.custom import check_rule, rule, ufunc
from s2sad.derivatives.derivative import Derivative
from s2sad.derivatives.kinds import (
    elementwise_grad,
    explain,
    hessian,
    hvp,
    jacobian,
    linear_transpose,
    linearize,
    stop_gradient,
    value_and_jacobian,
)
from s2sad.errors import DifferentiationError
from s2sad.rules.table import case

__all__ = [
    "Derivative", "DifferentiationError", "adjoint_of", "case", "check_grads", "check_rule", "checkpoint", "debug_nans", "elementwise_grad",
    "explain", "grad", "hessian", "hvp", "jacobian", "jvp", "linear_transpose", "linearize", "rule", "source", "stop_gradient", "ufunc",
    "value_and_grad", "value_and_jacobian", "vjp",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """What is imported when it is first asked for."""
    if name in LATER:
        from importlib import import_module

        return getattr(import_module(f"s2sad.{LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


LATER = {"adjoint_of": "expose.watching", "check_grads": "derivatives.checks", "debug_nans": "derivatives.debugging"}
