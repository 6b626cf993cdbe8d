"""s2sad writes the derivative of a Python/NumPy function as readable Python.

    from s2sad import grad

    @grad
    def loss(w, x, y):
        return np.sum((x @ w - y) ** 2)

    loss(w, x, y)           # the gradient with respect to w
    print(loss.source)      # the function that computed it
"""
from s2sad.api import grad, jvp, source, value_and_grad, vjp
from s2sad.derivative import Derivative
from s2sad.errors import DifferentiationError

__all__ = ["Derivative", "DifferentiationError", "grad", "jvp", "source", "value_and_grad", "vjp"]
__version__ = "0.1.0"
