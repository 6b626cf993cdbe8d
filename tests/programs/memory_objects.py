"""Dataclasses and plain classes: construction, attributes, methods, properties, inheritance; as locals and as arguments."""
import copy
from dataclasses import dataclass, field, replace

import numpy as np

from . import case, normal


@dataclass
class Body:
    position: np.ndarray
    velocity: np.ndarray
    mass: float = 1.0

    def kick(self, force, dt):
        self.velocity += dt * force / self.mass

    def drift(self, dt):
        self.position = self.position + dt * self.velocity

    @property
    def energy(self):
        return 0.5 * self.mass * np.sum(self.velocity ** 2)


@case(normal(2), normal(2, seed=1), 1.5)
def dataclass_made_inside(q, v, m):
    body = Body(q, v.copy(), m)
    for _ in range(3):
        body.kick(-body.position, 0.1)
        body.drift(0.1)
    return body.energy + body.position @ body.position


@case(Body(normal(2), normal(2, seed=1), 1.5), 0.1, wrt=(0, 1))
def dataclass_as_argument(body, dt):
    for _ in range(3):
        body.kick(-body.position * body.mass ** 2, dt)
        body.drift(dt)
    return body.energy


@case(normal(3, 2), normal(3, 2, seed=1))
def bodies_in_a_list(positions, velocities):
    bodies = [Body(p.copy(), v.copy(), 1.0 + i) for i, (p, v) in enumerate(zip(positions, velocities))]
    for step in range(2):
        for i, a in enumerate(bodies):
            for b in bodies[i + 1:]:
                d = b.position - a.position
                force = d / (d @ d + 0.1)
                a.kick(force, 0.05)
                b.kick(-force, 0.05)
        for body in bodies:
            body.drift(0.05)
    return sum(body.energy for body in bodies) + bodies[0].position[1]


class Shape:
    scale = 2.0

    def __init__(self, size):
        self.size = size

    def area(self):
        return self.scale * self.size ** 2

    def describe(self):
        return f"{type(self).__name__} of area {self.area():.3f}"

    @classmethod
    def unit(cls):
        return cls(1.0)

    @staticmethod
    def double(x):
        return 2 * x


class Disc(Shape):
    scale = 3.14

    def __init__(self, radius, hole=0.1):
        super().__init__(radius)
        self.hole = hole

    def area(self):
        return super().area() - self.hole ** 2 * self.scale


@case(0.7, 0.3)
def inheritance_and_super(r, hole):
    shapes = [Shape(r), Disc(r, hole), Disc(hole)]
    total = 0.0
    for s in shapes:
        total += s.area() * Shape.double(s.size)
        if isinstance(s, Disc):
            s.hole = s.hole * r
            total += s.area()
    print(shapes[1].describe())
    return total + Disc.unit().area() * r


class Accumulator:
    def __init__(self):
        self.total = 0.0
        self.count = 0
        self.items = []

    def add(self, x):
        self.total += x
        self.count += 1
        self.items.append(x * self.total)
        return self

    def mean(self):
        return self.total / self.count


@case(normal(4))
def chained_methods(x):
    a = Accumulator()
    for v in x:
        a.add(v).add(v * v)
    b = a
    b.total *= 2
    return a.mean() * a.items[-1] + a.items[0]


@case(0.7, 1.5)
def two_objects_of_one_class(x, y):
    a, b = Accumulator(), Accumulator()
    a.add(x)
    b.add(y)
    a, b = b, a
    a.add(x * y)
    b.add(a.total)
    return a.mean() * b.total


class Layer:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.last = None

    def __call__(self, x):
        self.last = np.tanh(self.W @ x + self.b)
        return self.last


class Network:
    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def penalty(self, rate=0.01):
        return rate * sum(np.sum(layer.W ** 2) for layer in self.layers)


@case(normal(3, 2), normal(3), normal(1, 3), normal(1), normal(2))
def network_of_objects(W1, b1, W2, b2, x):
    net = Network(Layer(W1, b1), Layer(W2, b2))
    out = net.forward(x)
    return np.sum((out - 1) ** 2) + net.penalty() + net.layers[0].last[1]


class Vector:
    """Has operators of its own."""

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k)

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y

    def __getitem__(self, i):
        return (self.x, self.y)[i]

    def __len__(self):
        return 2


@case(0.7, 1.5)
def operators_of_ones_own(x, y):
    a, b = Vector(x, y), Vector(y, x * x)
    c = a + b * x
    return c @ a + c[0] * len(c) + b[1]


class Thermostat:
    def __init__(self, target):
        self._target = target

    @property
    def target(self):
        return self._target ** 2

    @target.setter
    def target(self, value):
        self._target = value * 0.5


@case(0.7)
def property_with_setter(x):
    t = Thermostat(x)
    before = t.target
    t.target = x * 3
    return before * t.target


@dataclass(frozen=True)
class Settings:
    rate: float
    momentum: float = 0.9
    sizes: tuple = (2, 3)
    extra: dict = field(default_factory=dict)


@case(Settings(0.1), normal(3), wrt=1)
def frozen_settings(settings, x):
    v = np.zeros(3)
    faster = replace(settings, rate=settings.rate * 2)
    for _ in range(settings.sizes[1]):
        v = settings.momentum * v - faster.rate * x
        x = x + v
    return np.sum(x ** 2)


@dataclass
class Model:
    weights: list
    bias: np.ndarray
    gains: dict


@case(Model([normal(3, 3), normal(2, 3)], normal(2), {"in": 0.5, "out": 2.0}), normal(3), wrt=0)
def structured_model(model, x):
    h = x * model.gains["in"]
    for W in model.weights:
        h = np.tanh(W @ h)
    return model.gains["out"] * np.sum((h + model.bias) ** 2)


class Simulation:
    def __init__(self, n):
        self.n = n
        self.field = np.zeros(n)
        self.log = {}

    def inject(self, source):
        self.field[self.n // 2] += source
        return self

    def run(self, steps, rate):
        for step in range(steps):
            self.advance(rate)
            self.log[step] = self.field.max()

    def advance(self, rate):
        flux = rate * np.diff(self.field)
        self.field[:-1] += flux
        self.field[1:] -= flux


@case(2.0, 0.2)
def object_with_arrays_and_log(source, rate):
    sim = Simulation(7).inject(source)
    sim.run(3, rate)
    sim.inject(source ** 2)
    sim.run(2, rate)
    return np.sum(sim.field ** 2) + sim.log[1] * sim.log[0]


class Tree:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right

    def total(self, x):
        result = self.value * x
        for child in (self.left, self.right):
            if child is not None:
                result += child.total(x * x)
        return result


@case(0.7, 1.5)
def tree_of_objects(x, y):
    tree = Tree(x, Tree(y, Tree(2.0)), Tree(x * y))
    tree.left.value += x
    return tree.total(y)


@case(normal(3))
def attributes_set_from_outside(x):
    class Bag:
        pass
    bag = Bag()
    bag.total = 0.0
    bag.vector = x.copy()
    bag.vector[0] = bag.vector[1] * 2
    for v in bag.vector:
        bag.total += v ** 2
    setattr(bag, "extra", x[2])
    return bag.total * bag.extra


class Twice:
    def __init__(self, w, e):
        self.w = e
        self.e = e
        self.both = [e, e]


@case(normal(3))
def one_argument_in_several_fields(x):
    o = Twice(x, 0.5 * x)
    o.w[1] = x.sum() ** 2
    o.both[0][0] *= x[2]
    return np.sum(o.e ** 2) + np.sum(o.both[1])


@dataclass
class Halves:
    a: object
    b: object


@case(normal(3))
def deep_copies_are_new_memory(x):
    o = Halves(x * 1, x * 2)
    q = copy.deepcopy(o)
    q.a[0] = x[1] ** 2
    q.b *= x
    items = [x * 1, x * 2]
    again = copy.deepcopy(items)
    again[0][1] = x[0] ** 2
    return np.sum(o.a ** 2) + np.sum(q.a ** 2) + np.sum(o.b * q.b) + sum([np.sum(a * b) for a, b in zip(items, again)])


class Mean:
    """Its methods are called like those of sets and dicts."""

    def __init__(self):
        self.n = 0
        self.value = 0.0

    def add(self, x):
        self.n += 1
        self.value += (x - self.value) / self.n

    def update(self, other):
        self.value = 0.5 * (self.value + other.value)


@case(0.7)
def objects_of_a_dict_changed_in_a_loop(x):
    means = {"a": Mean(), "b": Mean()}
    for k in range(3):
        means["a"].add(x * k)
        means["b"].add(x ** 2)
    for key in means:
        means[key].add(x)
    for mean in means.values():
        mean.update(means["a"])
    return means["a"].value * means["b"].value


@case(0.7)
def objects_of_a_list_changed_in_a_loop(x):
    means = [Mean(), Mean()]
    for k in range(3):
        for mean in means:
            mean.add(x * k)
        means[0].update(means[1])
    return means[0].value * means[1].value


class Particle:
    def __init__(self, x, v):
        self.x = x
        self.v = v

    def kick(self, force, dt):
        self.v = self.v + force * dt


@case(normal(2, 2), normal(2, 2, seed=1))
def attributes_bound_anew_by_methods(x, v):
    particles = [Particle(x[i].copy(), v[i].copy()) for i in range(2)]
    for a in particles:
        for b in particles:
            if a is not b:
                a.kick(b.x - a.x, 0.05)
    return sum(np.sum(p.v ** 2) for p in particles)


class Scaled:
    def __init__(self, w, b):
        self.b = w.T / b


@case(normal(4), 0.7)
def attribute_changed_through_another_name(d, g):
    made = Scaled(np.ones((3, 4)), [g, g ** 2, 2.0])
    made.b[...] -= d[:, None]
    return np.sum(made.b ** 2)


class Accounts:
    def __init__(self):
        self.held = {}

    def open(self, name, amount):
        self.held[name] = amount

    def interest(self, rate):
        for name in self.held:
            self.held[name] *= 1 + rate


@case(0.7)
def entries_of_an_object_changed_by_methods(x):
    accounts = Accounts()
    accounts.open("a", x)
    accounts.open("b", 2.0)
    accounts.interest(x * 0.1)
    return accounts.held["a"] * accounts.held["b"]
