"""The table of functions, the gradients that a person would write for them, and arguments."""
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import kernels, loops


@dataclass(frozen=True)
class Pair:
    """A function, its gradient with respect to `wrt` written by hand (the functions that it calls after it), and arguments."""

    primal: Callable[..., Any]
    hand: tuple[Callable[..., Any], ...]
    arguments: tuple[Any, ...]
    wrt: tuple[str, ...]


def pairs() -> dict[str, Pair]:
    """The pairs by name, with arguments that are the same in every run."""
    draw = np.random.default_rng(1).normal
    layers = [(draw(size=(16, 16)), draw(size=16)) for _ in range(6)]
    return {
        "power": Pair(loops.power, (loops.power_grad,), (1.0001, 2000), ("x",)),
        "mlp_loss": Pair(loops.mlp_loss, (loops.mlp_loss_grad,), (draw(size=(32, 16)), draw(size=32), draw(size=(8, 32)), draw(size=8), draw(size=16), draw(size=8)),
                         ("W1", "b1", "W2", "b2")),
        "leaky_sum": Pair(loops.leaky_sum, (loops.leaky_sum_grad,), (draw(size=500), 0.1), ("x", "slope")),
        "heat": Pair(loops.heat, (loops.heat_grad,), (draw(size=200), 0.2, 200), ("u0", "a")),
        "newton_sqrt": Pair(loops.newton_sqrt, (loops.newton_sqrt_grad,), (2.0, 1e6, 1e-12), ("a", "x")),
        "swing": Pair(loops.swing, (loops.swing_grad, loops.spring_force_reverse), (0.3, 0.1, 2.0, 0.001, 2000), ("q", "v", "k")),
        "jacobi": Pair(loops.jacobi, (loops.jacobi_grad,), (draw(size=200), draw(size=200), 200), ("a", "b")),
        "misfit": Pair(loops.misfit, (loops.misfit_grad, loops.relax_reverse), (draw(size=200), 0.3 * draw(size=200), 100), ("p", "rhs")),
        "network": Pair(loops.network, (loops.network_grad,), (layers, draw(size=16), draw(size=16)), ("layers",)),
        "log_det": Pair(loops.log_det, (loops.log_det_grad,), (draw(size=(30, 30)) + 30 * np.eye(30),), ("A",)),
        "rosenbrock": Pair(kernels.rosenbrock, (kernels.rosenbrock_grad,), (draw(size=1000),), ("x",)),
        "logistic": Pair(kernels.logistic, (kernels.logistic_grad,), (draw(size=10), draw(size=(200, 10)), np.round(np.abs(draw(size=200)) % 1)), ("w",)),
        "horner": Pair(kernels.horner, (kernels.horner_grad,), ([1.0 / math.factorial(k) for k in range(50)], 0.7), ("x",)),
        "lotka": Pair(kernels.lotka, (kernels.lotka_grad,), (1.1, 0.4, 0.4, 1.2, 1000), ("a", "b", "c", "d")),
        "thomas": Pair(kernels.thomas, (kernels.thomas_grad,), (draw(size=200), 4 + draw(size=200), draw(size=200), draw(size=200)), ("lower", "diagonal", "upper", "rhs")),
        "leapfrog": Pair(kernels.leapfrog, (kernels.leapfrog_grad,), (draw(size=(20, 3)), draw(size=(20, 3)), np.abs(draw(size=20)), 0.01, 30), ("pos", "vel", "mass")),
        "sharpen": Pair(kernels.sharpen, (kernels.sharpen_grad,), (draw(size=(64, 64)), draw(size=(64, 64)), 0.3), ("image", "strength")),
        "smooth": Pair(kernels.smooth, (kernels.smooth_grad,), (draw(size=500), 0.8), ("x", "a")),
        "softmax_loss": Pair(kernels.softmax_loss, (kernels.softmax_loss_grad,), (draw(size=(20, 5)), draw(size=(100, 20)), np.arange(100) % 5), ("W",)),
        "fraction": Pair(kernels.fraction, (kernels.fraction_grad, kernels.fraction_both), (0.7, 100), ("x",)),
        "barrier": Pair(kernels.barrier, (kernels.barrier_grad,), (1.0, 0.05, 0.2, [0.3 * math.sin(k) for k in range(1000)], 3.0), ("s", "r", "sigma")),
        "gram_schmidt": Pair(kernels.gram_schmidt, (kernels.gram_schmidt_grad,), (draw(size=(40, 20)),), ("A",)),
    }
