"""What kinds of arguments there are: float32, NumPy scalars, 0-d arrays, ints, tuples, lists, dictionaries, named tuples, dataclasses of them."""
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import case, normal, uniform


@case(uniform(4).astype(np.float32))
@case(uniform(2, 3).astype(np.float32))
def single_precision(x):
    return np.sum(np.sin(x) * 2 + x ** 2 / 3)


@case(uniform(4).astype(np.float32), uniform(4))
@case(uniform(4).astype(np.float32), 0.5)
@case(uniform(4), np.float32(0.5))
@case(np.float32(0.5), np.float64(0.7))
def mixed_precision(a, b):
    return np.sum(a * b + a) * 2.0


@case(uniform(3).astype(np.float32), 4)
def single_precision_loop(x, n):
    y = x
    for i in range(n):
        y = y * x + 0.5
    return np.mean(y)


@case(uniform(3, 2).astype(np.float32), uniform(2).astype(np.float32))
def single_precision_products(m, v):
    return np.tanh(m @ v).sum() + m[0, 1] * v[0]


@case(np.array(1.5))
@case(np.float64(1.5))
@case(np.float32(1.5))
@case(1.5)
def zero_dimensions(x):
    y = np.sin(x) * x
    return y + x ** 2


@case(np.array(1.5), normal(3))
def zero_dimensional_and_vector(s, v):
    return np.sum(s * v) ** 2 + s


@case(np.array(1.5))
def result_of_zero_dimensions(x):
    return np.array(x * x + 1)


@case(3, wrt=0)
@case(-2, wrt=0)
@case(3.0)
def polynomial_of_an_int(x):
    return x ** 3 - 2 * x + 1


@case(3, normal(3), wrt=(0, 1))
def int_and_array(n, x):
    return n * np.sum(x ** 2) + n / 2


@case(np.arange(4.0))
@case(np.asfortranarray(normal(3, 4)))
@case(normal(8)[::2])
@case(normal(4, 4).T)
@case(np.broadcast_to(normal(4), (3, 4)))
def layouts_of_memory(x):
    return np.sum(np.cos(x) * x)


@case(normal(4), normal(4, seed=1), wrt=[0])
@case(normal(4), normal(4, seed=1), wrt=(1,))
@case(normal(4), normal(4, seed=1), wrt="b")
@case(normal(4), normal(4, seed=1), wrt=("b", "a"))
@case(normal(4), normal(4, seed=1), wrt=["a", 1])
def ways_to_say_wrt(a, b):
    return np.sum(a * b ** 2)


same_array = normal(3)


@case(same_array, same_array)
def one_array_given_twice(a, b):
    return np.sum(a * a * b)


@case(normal(3))
@case(1.5)
def gradient_of_the_identity(x):
    return np.sum(x)


@case(1.5)
def returns_the_argument(x):
    return x


@case(normal(4), normal(4, seed=1))
def same_gradient_for_both(a, b):
    return np.sum(a + b)


@case((normal(3, 4), normal(3)), normal(4), wrt=0)
@case((normal(3, 4), normal(3)), normal(4), wrt=(0, 1))
def tuple_of_parameters(params, x):
    W, b = params
    return np.sum(np.tanh(W @ x + b))


@case({"W": normal(3, 4), "b": normal(3), "scale": 0.5}, normal(4), wrt=0)
def dictionary_of_parameters(params, x):
    h = params["W"] @ x + params["b"]
    return params["scale"] * np.sum(h ** 2)


@case([(normal(4, 3), normal(4)), (normal(2, 4), normal(2))], normal(3), normal(2, seed=1), wrt="layers")
@case([(normal(4, 3), normal(4)), (normal(2, 4), normal(2))], normal(3), normal(2, seed=1))
def layers_of_a_network(layers, x, y):
    h = x
    for W, b in layers:
        h = np.tanh(W @ h + b)
    return np.sum((h - y) ** 2)


@case([normal(3), normal(3, seed=1), normal(3, seed=2)], wrt=0)
def list_of_arrays(arrays):
    total = arrays[0] * 2
    for i in range(1, len(arrays)):
        total = total * arrays[i]
    return np.sum(total) + np.sum(arrays[-1])


@case({"layers": [{"w": normal(3), "b": 0.1}, {"w": normal(3, seed=1), "b": 0.2}], "out": (1.5, 2.5)}, normal(3), wrt=0)
def nested_parameters(params, x):
    total = 0.0
    for layer in params["layers"]:
        total += np.tanh(layer["w"] @ x + layer["b"])
    gain, power = params["out"]
    return gain * total ** 2 * power


@case({"a": 0.5, "unused": normal(3), "b": [1.0, 2.0]}, wrt=0)
def unused_parts_have_zero_gradients(params):
    return params["a"] ** 2 * params["b"][1]


class Point(NamedTuple):
    x: float
    y: float


@case(Point(0.5, 1.5), wrt=0)
@case(Point(normal(3), 1.5), wrt=0)
def named_tuple(p):
    return np.sum(p.x * p.y ** 2 + p.x)


@dataclass(frozen=True)
class Gaussian:
    mean: float
    width: float
    weights: np.ndarray


@case(Gaussian(0.2, 1.5, normal(3)), 0.7, wrt=0)
@case(Gaussian(0.2, 1.5, normal(3)), 0.7, wrt=(0, 1))
def frozen_dataclass(g, x):
    z = (x - g.mean) / g.width
    return np.exp(-z * z / 2) * np.sum(g.weights ** 2)


@case([1.0, 2.0, 3.0], wrt=0)
@case([1, 2, 3], wrt=0)
def list_of_numbers(values):
    return values[0] * values[1] ** 2 + values[-1]


@case(0.5, {"gain": 2.0, "mode": "linear"}, wrt=0)
@case(0.5, {"gain": 2.0, "mode": "square"}, wrt=0)
def configuration_dictionary(x, config):
    y = config["gain"] * x
    if config["mode"] == "square":
        y = y * y
    return y


@case(normal(3), None, wrt=0)
@case(normal(3), normal(3, seed=1), wrt=0)
@case(normal(3), 2.0, wrt=0)
def argument_of_several_types(x, weight):
    if weight is None:
        weight = np.ones(len(x))
    elif isinstance(weight, float):
        weight = np.full(len(x), weight)
    return np.sum(weight * x ** 2)
