"""Loops over structures of parameters: lists whose items are visited one by one, and all that keeps a loop from being of that kind."""
from collections import namedtuple
from dataclasses import dataclass

import numpy as np

from . import case, normal

LAYERS = [(normal(3, 2), normal(3)), (normal(3, 3, seed=1), normal(3, seed=1)), (normal(2, 3, seed=2), normal(2, seed=2))]


@case(LAYERS, normal(2), normal(2, seed=3))
def network(layers, x, y):
    h = x
    for W, b in layers:
        h = np.tanh(W @ h + b)
    return np.sum((h - y) ** 2)


@case([normal(3), normal(3, seed=1), normal(3, seed=2)], normal(3, seed=3))
def sums_share_their_adjoint(biases, x):
    for b in biases:
        x = x + b
    return np.sum(x ** 2)


@case([normal(3), normal(3, seed=1), normal(3, seed=2)], normal(3, seed=3))
def one_branch_uses_an_item(biases, x):
    for b in biases:
        if x[0] > 0:
            x = x * b
        else:
            x = x + 1.0
    return np.sum(x ** 2)


@case([(0.7, normal(3)), (-0.3, normal(3, seed=1))], normal(3, seed=3))
def item_left_unused(pairs, x):
    total = 0.0
    for scale, offset in pairs:
        total += scale * np.sum(x ** 2)
    return total


@case(LAYERS, normal(2))
def list_read_again(layers, x):
    for W, b in layers:
        x = np.tanh(W @ x + b)
    return np.sum(x) + np.sum(layers[0][1] ** 2)


@case(LAYERS, normal(2))
def length_read(layers, x):
    for W, b in layers:
        x = np.tanh(W @ x + b) / len(layers)
    return np.sum(x)


@case(LAYERS, normal(2))
def item_read_after_the_loop(layers, x):
    for W, b in layers:
        x = np.tanh(W @ x + b)
    return np.sum(x) + np.sum(b * W[:, 0])


@case(LAYERS, normal(2), -10.0)
def loop_left_early(layers, x, limit):
    for W, b in layers:
        x = np.tanh(W @ x + b)
        if np.sum(x) < limit:
            break
    return np.sum(x)


@case([normal(2, 2), normal(2, 2, seed=1)], normal(2), 3)
def list_walked_again_and_again(matrices, x, n):
    for _ in range(n):
        for A in matrices:
            x = np.tanh(A @ x)
    return x @ x


@case([normal(2), normal(2, seed=1)], normal(2, seed=2))
def list_rebound(items, x):
    items = [item * x for item in items]
    total = 0.0
    for item in items:
        total += item[0] * item[1] ** 2
    return total


@case([0.7, 1.5, -0.3], 2.0)
def numbers(coefficients, x):
    total = 0.0
    for c in coefficients:
        total = total * x + c
    return total


@case([np.float32(0.7), np.float32(1.5)], tolerance=1e-5)
def single_precision(values):
    total = np.float32(1.0)
    for v in values:
        total = total * v + v
    return total


@case([normal(2), normal(2, seed=1)])
def items_written(items):
    total = 0.0
    for item in items:
        item[0] = item[1] ** 2
        total += item[0] * item[1]
    return total


@case([[normal(2), 0.7], [normal(2, seed=1), 1.5]], normal(2, seed=2))
def lists_in_a_list(pairs, x):
    for v, c in pairs:
        x = c * x + v
    return x @ x


Layer = namedtuple("Layer", "W b")


@case([Layer(normal(3, 2), normal(3)), Layer(normal(2, 3, seed=1), normal(2, seed=1))], normal(2, seed=2))
def named_tuples_unpacked(layers, x):
    for W, b in layers:
        x = np.tanh(W @ x + b)
    return x @ x


@dataclass
class Dense:
    W: np.ndarray
    b: np.ndarray
    gain: float = 1.0


@case([Dense(normal(3, 2), normal(3)), Dense(normal(2, 3, seed=1), normal(2, seed=1), 0.7)], normal(2, seed=2), wrt=(0, 1))
def objects(layers, x):
    for layer in layers:
        x = np.tanh(layer.gain * (layer.W @ x + layer.b))
    return x @ x


@case([{"W": normal(2, 2), "b": normal(2)}, {"W": normal(2, 2, seed=1), "b": normal(2, seed=1)}], normal(2, seed=2))
def dictionaries(layers, x):
    for layer in layers:
        x = np.tanh(layer["W"] @ x + layer["b"])
    return x @ x


@case((normal(2), normal(2, seed=1)), normal(2, seed=2))
def tuple_walked(items, x):
    for item in items:
        x = x * item
    return np.sum(x)


@case([normal(2), normal(2, seed=1)])
def target_rebound(items):
    total = 0.0
    for v in items:
        v = v * 2
        total += v @ v
    return total


@case([normal(2), normal(2, seed=1)], normal(2, seed=2))
def two_loops(items, x):
    for v in items:
        x = x * v
    for v in items:
        x = x + v
    return x @ x
