"""Classes as programs use them: bodies, vectors, networks, optimisers, filters, trees, settings, and structures that are differentiated."""
import abc
import copy
import enum
import math
from collections import namedtuple
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from . import case, normal, uniform

# Physics


@dataclass
class Particle:
    q: float
    v: float
    mass: float = 1.0

    @property
    def kinetic(self):
        return 0.5 * self.mass * self.v ** 2

    def potential(self, k, *, anharmonic=0.1):
        return 0.5 * k * self.q ** 2 + anharmonic * self.q ** 4

    def stepped(self, force, dt):
        v = self.v + dt * force / self.mass
        return Particle(self.q + dt * v, v, self.mass)

    def step(self, force, dt):
        self.v += dt * force / self.mass
        self.q += dt * self.v


def spring_force(p, k):
    return -k * p.q - 0.4 * p.q ** 3


@case(0.7, 0.2, 1.5)
def energy_of_a_particle(q, v, k):
    p = Particle(q, v, mass=2.0)
    return p.kinetic + p.potential(k) * p.potential(k, anharmonic=v)


@case(0.7, 0.2, 1.5, 0.05)
def particle_made_anew_each_step(q, v, k, dt):
    p = Particle(q, v)
    for _ in range(5):
        p = p.stepped(spring_force(p, k), dt)
    return p.kinetic + p.potential(k)


@case(0.7, 0.2, 1.5, 0.05)
def particle_that_steps(q, v, k, dt):
    p = Particle(q, v)
    for _ in range(5):
        p.step(spring_force(p, k), dt)
    return p.kinetic + p.potential(k)


@case(Particle(0.7, 0.2, 1.5), 0.05, wrt=(0, 1))
def gradient_of_a_particle(p, dt):
    for _ in range(3):
        p = p.stepped(spring_force(p, p.mass), dt)
    return p.kinetic * p.q


@case([Particle(0.7, 0.2), Particle(-0.3, 0.1, 2.0), Particle(0.1, -0.4, 0.5)], wrt=0)
def list_of_particles(particles):
    total = 0.0
    for p in particles:
        total += p.kinetic
    for i in range(len(particles)):
        for j in range(i):
            total -= particles[i].mass * particles[j].mass / (abs(particles[i].q - particles[j].q) + 0.5)
    return total


@dataclass(slots=True)
class Slotted:
    a: float
    b: np.ndarray


@case(Slotted(0.7, normal(3)), wrt=0)
def slots(s):
    t = Slotted(s.a * 2, s.b * s.a)
    return np.sum(t.b ** 2) * t.a


# Named tuples


class State(NamedTuple):
    x: np.ndarray
    P: np.ndarray

    @property
    def spread(self):
        return np.trace(self.P)

    def predicted(self, F, Q):
        return State(F @ self.x, F @ self.P @ F.T + Q)


def measured(state, z, R):
    S = state.P[0, 0] + R
    K = state.P[:, 0] / S
    return state._replace(x=state.x + K * (z - state.x[0]), P=state.P - np.outer(K, state.P[0]))


@case(normal(4), 0.3, 0.1)
def kalman_filter(zs, R, q):
    F = np.array([[1.0, 0.1], [0.0, 1.0]])
    state = State(np.zeros(2), np.eye(2))
    for z in zs:
        state = measured(state.predicted(F, q * np.eye(2)), z, R)
    return state.x @ state.x + state.spread


Pair = namedtuple("Pair", "first second", defaults=[2.0])


@case(Pair(0.7, 1.5), wrt=0)
def gradient_of_a_named_tuple(p):
    q = Pair(p.first * p.second)
    a, b = q
    return a * b + q[0] * p[1] + q.second * p.first


@case(0.7, 1.5)
def named_tuple_returned(x, y):
    def both(a, b):
        return Pair(a * b, second=a + b)
    p = both(x, y)
    r = p._replace(second=p.second * x)
    return p.first * r.second - r.first ** 2


# Vectors


class Vec:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vec(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vec(self.x - other.x, self.y - other.y)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k)

    def __rmul__(self, k):
        return self * k

    def __truediv__(self, k):
        return Vec(self.x / k, self.y / k)

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __abs__(self):
        return math.hypot(self.x, self.y)

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y

    def __iter__(self):
        return iter((self.x, self.y))

    def __iadd__(self, other):
        self.x += other.x
        self.y += other.y
        return self

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __hash__(self):
        return hash((self.x, self.y))

    @classmethod
    def polar(cls, r, angle):
        return cls(r * math.cos(angle), r * math.sin(angle))

    @staticmethod
    def dot(a, b):
        return a @ b

    @property
    def norm2(self):
        return self @ self

    def unit(self):
        return self / abs(self)


ORIGIN = Vec(0.0, 0.0)
EAST = Vec(1.0, 0.0)


@case(0.7, 1.5)
def vector_algebra(x, y):
    a, b = Vec(x, y), Vec(y, -x * x)
    c = 2.0 * a - b / x + (-a) * y
    return c.norm2 + abs(c) * Vec.dot(a.unit(), b)


@case(0.7, 1.5)
def vector_class_method(r, angle):
    p = Vec.polar(r, angle) + EAST
    if p == ORIGIN:
        return 0.0
    return p.norm2 / (p.x - ORIGIN.x)


@case(normal(3), normal(3, seed=1))
def vectors_made_in_a_loop(xs, ys):
    total = Vec(0.0, 0.0)
    for x, y in zip(xs, ys):
        total = total + Vec(x, y) * x
    return total.x * total.y


@case(0.7, 1.5)
def vector_augmented(x, y):
    a = Vec(x, y)
    b = a
    a += Vec(y, x * y)
    return b.x * b.y


class Polynomial:
    def __init__(self, *coefficients):
        self.coefficients = coefficients

    def __call__(self, x):
        total = 0.0
        for c in reversed(self.coefficients):
            total = total * x + c
        return total

    def __getitem__(self, i):
        return self.coefficients[i]

    def __len__(self):
        return len(self.coefficients)

    def derivative(self):
        return Polynomial(*[i * self[i] for i in range(1, len(self))])


@case(0.7, 1.5, -0.3)
def polynomial_called(x, a, b):
    p = Polynomial(a, b, 2.0, a * b)
    return p(x) * p.derivative()(x) + p[1]


class Dual:
    """Forward mode by hand, differentiated in reverse."""

    def __init__(self, value, tangent=0.0):
        self.value, self.tangent = value, tangent

    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value + other.value, self.tangent + other.tangent)

    __radd__ = __add__

    def __mul__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value * other.value, self.value * other.tangent + self.tangent * other.value)

    __rmul__ = __mul__

    def sin(self):
        return Dual(math.sin(self.value), math.cos(self.value) * self.tangent)


@case(0.7)
def dual_numbers(x):
    d = Dual(x, 1.0)
    y = 3.0 * d * d + (d * 2.0).sin() + 1.0
    return y.tangent * y.value


# Networks


@dataclass
class Linear:
    W: np.ndarray
    b: np.ndarray

    def __call__(self, x):
        return self.W @ x + self.b


class Relu:
    def __call__(self, x):
        return np.maximum(x, 0.0)


class Tanh:
    def __init__(self, gain=1.0):
        self.gain = gain

    def __call__(self, x):
        return np.tanh(self.gain * x)


@dataclass
class MLP:
    layers: list

    def forward(self, x):
        for layer in self.layers:
            x = np.tanh(layer(x))
        return x

    def loss(self, x, y):
        return np.mean((self.forward(x) - y) ** 2)


def small_mlp():
    return MLP([Linear(normal(3, 2), normal(3)), Linear(normal(2, 3, seed=2), normal(2, seed=3))])


@case(small_mlp(), normal(2, seed=4), normal(2, seed=5), wrt=(0, 1))
def gradient_of_a_network(model, x, y):
    return model.loss(x, y)


@case(normal(3, 2), normal(3), normal(2, seed=4))
def layers_of_several_classes(W, b, x):
    for layer in [Linear(W, b), Tanh(0.5), Relu(), Tanh()]:
        x = layer(x)
    return np.sum(x ** 2)


@case({"net": small_mlp(), "scale": 0.7}, normal(2, seed=4), wrt=0)
def network_in_a_dict(params, x):
    return params["scale"] * np.sum(params["net"].forward(x))


NET = small_mlp()


@case(normal(2))
def module_level_network(x):
    return NET.loss(x, np.ones(2)) + np.sum(NET.layers[0](x))


@case(small_mlp(), normal(2, seed=4), 0.1, wrt=0)
def training_step(model, x, rate):
    grads = [2 * (layer.W + 1) for layer in model.layers]
    updated = MLP([Linear(layer.W - rate * g, layer.b) for layer, g in zip(model.layers, grads)])
    return updated.loss(x, np.zeros(2))


@dataclass
class Momentum:
    rate: float
    decay: float = 0.9
    velocity: dict = field(default_factory=dict)

    def update(self, params, grads):
        out = {}
        for name in params:
            v = self.decay * self.velocity.get(name, 0.0) - self.rate * grads[name]
            self.velocity[name] = v
            out[name] = params[name] + v
        return out


@case(normal(3), 0.7)
def optimiser_with_state(w, rate):
    optimiser = Momentum(rate * 0.1)
    params = {"w": w, "b": 0.5}
    for _ in range(3):
        grads = {"w": 2 * params["w"], "b": params["b"]}
        params = optimiser.update(params, grads)
    return np.sum(params["w"] ** 2) + params["b"]


@dataclass
class SGD:
    rate: float
    steps: int = 0

    def apply(self, w, g):
        self.steps += 1
        return w - self.rate / self.steps * g


@case(normal(3), 0.3)
def optimiser_that_counts(w, rate):
    sgd = SGD(rate)
    for _ in range(3):
        w = sgd.apply(w, 2 * w ** 3)
    return np.sum(w) * sgd.steps


# Inheritance


class Potential(abc.ABC):
    strength = 1.5

    @abc.abstractmethod
    def value(self, r):
        """The energy at a distance."""

    def force(self, r, h=1e-3):
        return -(self.value(r + h) - self.value(r - h)) / (2 * h)

    def scaled(self, r):
        return self.strength * self.value(r)


class Coulomb(Potential):
    def __init__(self, charge):
        self.charge = charge

    def value(self, r):
        return self.charge / r


class Morse(Coulomb):
    strength = 0.5

    def __init__(self, depth, width, *, charge=0.2):
        super().__init__(charge)
        self.depth = depth
        self.width = width ** 2

    def value(self, r):
        return self.depth * (1 - math.exp(-self.width * (r - 1))) ** 2 + super().value(r)


@case(1.3, 0.7, 0.4)
def potentials(r, depth, width):
    m = Morse(depth, width)
    c = Coulomb(charge=depth)
    return m.scaled(r) * c.force(r) + m.force(r) - c.scaled(width)


@case(1.3, 0.7)
def potentials_in_a_list(r, depth):
    total = 0.0
    for p in (Coulomb(depth), Morse(depth, 0.5), Coulomb(2.0)):
        total += p.scaled(r) * p.charge
    return total


# Settings


class Mode(enum.Enum):
    LINEAR = 1
    CUBIC = "cubic"


@dataclass(frozen=True)
class Config:
    rate: float = 0.1
    steps: int = 3
    mode: Mode = Mode.LINEAR
    name: str = "run"
    weights: tuple = (1.0, 2.0)
    decay: float = field(default=0.5, kw_only=True)

    def __post_init__(self):
        if self.steps < 0:
            raise ValueError("steps")


@case(Config(), 0.7, wrt=1)
def settings_of_all_kinds(config, x):
    for i in range(config.steps):
        if config.mode is Mode.LINEAR:
            x = x - config.rate * x * config.weights[i % 2]
        else:
            x = x ** 3
    return x * config.decay * len(config.name)


@case(0.7, 0.2)
def settings_replaced(x, rate):
    config = Config(rate, decay=rate * x)
    faster = replace(config, rate=config.rate * 2, mode=Mode.CUBIC)
    return (x - faster.rate) * faster.decay + config.rate * faster.weights[1]


@dataclass
class Normalised:
    raw: np.ndarray
    norm: float = field(init=False)
    unit: np.ndarray = field(init=False)

    def __post_init__(self):
        self.norm = np.sqrt(np.sum(self.raw ** 2))
        self.unit = self.raw / self.norm


@case(normal(3))
def dataclass_that_computes(x):
    n = Normalised(x * 2)
    return n.norm * n.unit[0] + n.raw @ n.unit


@dataclass
class Activation:
    name: str
    function: object
    gain: float = 1.0

    def __call__(self, x):
        return self.gain * self.function(x)


@case(0.7, 1.5)
def object_that_holds_a_function(x, gain):
    a = Activation("tanh", np.tanh, gain)
    b = Activation("cube", lambda_cube, x)
    return a(x) * b(x)


def lambda_cube(t):
    return t ** 3


class Integrator:
    def __init__(self, f, method="euler"):
        self.f = f
        self.method = getattr(self, method)

    def euler(self, y, h):
        return y + h * self.f(y)

    def heun(self, y, h):
        k = self.f(y)
        return y + h / 2 * (k + self.f(y + h * k))

    def run(self, y, h, n):
        for _ in range(n):
            y = self.heun(y, h)
        return y


@case(0.7, 0.1)
def integrator_object(y, h):
    return Integrator(lambda_cube).run(y, h, 3)


class Circle:
    def __init__(self, radius):
        self.radius = radius

    @cached_property
    def area(self):
        return math.pi * self.radius ** 2


@case(0.7)
def cached_area(r):
    c = Circle(r)
    return c.area * c.area + r


# Structures


@dataclass
class Node:
    value: float
    children: list = field(default_factory=list)


def summed(node, x):
    total = node.value * x
    for child in node.children:
        total += summed(child, x * 0.5) ** 2
    return total


@case(0.7, 1.5)
def tree_made_inside(a, b):
    return summed(Node(a, [Node(b), Node(a * b, [Node(2.0)])]), b)


@case(Node(0.7, [Node(1.5, []), Node(-0.3, [Node(2.0, [])])]), 0.9, wrt=(0, 1))
def tree_as_argument(tree, x):
    return summed(tree, x)


@case({"a": (normal(2), [0.7, 1.5]), "b": {"c": normal(2, 2)}}, wrt=0)
def nested_structure(p):
    u, (s, t) = p["a"]
    return s * np.sum(p["b"]["c"] @ u) + t ** 2


@case([(normal(3, 2), normal(3)), (normal(2, 3, seed=1), normal(2, seed=1))], normal(2, seed=2), wrt=(0, 1))
def layers_as_tuples(layers, x):
    for W, b in layers[:-1]:
        x = np.tanh(W @ x + b)
    W, b = layers[-1]
    return np.sum((W @ x + b) ** 2)


@case([(normal(3, 2), normal(3)), (normal(2, 3, seed=1), normal(2, seed=1))], normal(2, seed=2), wrt=0)
def layers_enumerated(layers, x):
    for i, (W, b) in enumerate(layers):
        x = W @ x + b
        if i < len(layers) - 1:
            x = np.tanh(x)
    return np.sum(x ** 2)


@case([{"W": normal(2, 2), "b": normal(2)}, {"W": normal(2, 2, seed=1), "b": normal(2, seed=1)}], normal(2, seed=2), wrt=0)
def layers_as_dicts(layers, x):
    for layer in layers:
        x = np.tanh(layer["W"] @ x + layer["b"])
    return x @ x + np.sum(layers[0]["b"])


@case([normal(2), normal(2, seed=1), normal(2, seed=2)], wrt=0)
def list_with_an_item_left_out(xs):
    return xs[0] @ xs[2]


@case(0.7, 1.5)
def object_copied(x, y):
    p = Particle(x, y)
    c = copy.copy(p)
    d = replace(p, q=c.q * p.v)
    return d.q * c.v + d.v * p.q


class Counter:
    made = 0
    scale = np.array([1.0, 2.0])

    def __init__(self, x):
        self.x = x * Counter.scale

    def total(self):
        return np.sum(self.x) * self.scale[1]


@case(0.7)
def class_attributes(x):
    return Counter(x).total() * Counter(x * x).x[1]


class Temperature:
    def __init__(self, celsius):
        self._celsius = celsius

    @property
    def kelvin(self):
        return self._celsius + 273.15

    @kelvin.setter
    def kelvin(self, value):
        self._celsius = value - 273.15


@case(0.7)
def setter_used(x):
    t = Temperature(x)
    t.kelvin = t.kelvin * 1.01 + x * x
    return t._celsius * x


class Linked:
    def __init__(self, value, rest=None):
        self.value = value
        self.rest = rest


@case(0.7, 1.5)
def linked_list(x, y):
    node = Linked(x, Linked(y, Linked(x * y)))
    total, weight = 0.0, 1.0
    while node is not None:
        total += weight * node.value ** 2
        weight *= 0.5
        node = node.rest
    return total


class Matrix2:
    def __init__(self, rows):
        self.rows = [list(row) for row in rows]

    def __getitem__(self, ij):
        return self.rows[ij[0]][ij[1]]

    def __setitem__(self, ij, value):
        self.rows[ij[0]][ij[1]] = value

    def det(self):
        return self[0, 0] * self[1, 1] - self[0, 1] * self[1, 0]


@case(normal(2, 2))
def items_of_ones_own(A):
    m = Matrix2(A)
    m[0, 1] = m[0, 1] * m[1, 1]
    return m.det()


class Meter:
    """Keeps a running mean."""

    def __init__(self):
        self.n = 0
        self.mean = 0.0

    def add(self, x):
        self.n += 1
        self.mean += (x - self.mean) / self.n

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.n = 0


@case(uniform(4))
def running_mean(xs):
    meter = Meter()
    for x in xs:
        meter.add(x ** 2)
    return meter.mean * meter.n


@case(uniform(3), 0.7)
def two_meters(xs, y):
    meters = {"a": Meter(), "b": Meter()}
    for x in xs:
        meters["a"].add(x)
        meters["b"].add(x * y)
    return meters["a"].mean * meters["b"].mean


class Grid:
    def __init__(self, n, rate):
        self.u = np.zeros(n)
        self.rate = rate
        self.time = 0.0

    def source(self, i, strength):
        self.u[i] += strength

    def step(self):
        self.u[1:-1] += self.rate * (self.u[2:] - 2 * self.u[1:-1] + self.u[:-2])
        self.time += 1

    @property
    def total(self):
        return np.sum(self.u ** 2)


@case(0.7, 0.2)
def grid_that_diffuses(strength, rate):
    grid = Grid(8, rate)
    grid.source(3, strength)
    for _ in range(4):
        grid.step()
        grid.source(5, 0.1 * strength ** 2)
    return grid.total * grid.time


class Sparse:
    kind = 2.0

    def __init__(self, x):
        self.x = x


@case(0.7)
def attributes_that_need_not_be_there(x):
    sparse = Sparse(x)
    y = getattr(sparse, "x", 1.0) * getattr(sparse, "y", 2.0) * getattr(sparse, "kind", 3.0)
    sparse.y = x * x
    return y + getattr(sparse, "y", x)
