"""Gradients of structures: the same structure, floats for ints, None for what is no number; and what stays refused."""
import enum
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pytest

from s2sad import DifferentiationError, grad, value_and_grad, vjp


class Mode(enum.Enum):
    LINEAR = 1
    CUBIC = 3


@dataclass(frozen=True)
class Config:
    rate: float
    steps: int
    mode: Mode = Mode.LINEAR
    name: str | None = "run"
    decay: float = 0.5


@dataclass
class Body:
    pos: np.ndarray
    vel: np.ndarray


@dataclass
class World:
    bodies: list
    gravity: float
    names: list = field(default_factory=list)
    size: int = 2


def decayed(config, x):
    for _ in range(config.steps):
        if config.mode is Mode.LINEAR:
            x = x - config.rate * x ** 2
    return x * config.decay


def energy(world):
    total = 0.0
    for body in world.bodies:
        total += 0.5 * body.vel @ body.vel + world.gravity * body.pos[1]
    a, b = world.bodies
    return total - world.size / (np.sum((a.pos - b.pos) ** 2) + 1.0)


def world():
    return World([Body(np.array([0.7, 1.5]), np.array([-0.3, 0.2])), Body(np.array([0.1, -0.4]), np.array([1.0, 2.0]))], 0.7, ["a", "b"])


def test_fields_that_are_no_numbers_have_none_and_ints_floats():
    g = grad(decayed)(Config(0.3, 2), 0.7)
    assert type(g) is Config and g.mode is None and g.name is None and g.steps == 0.0
    h = 1e-6
    assert abs(g.rate - (decayed(Config(0.3 + h, 2), 0.7) - decayed(Config(0.3 - h, 2), 0.7)) / (2 * h)) < 1e-8
    assert abs(g.decay - decayed(Config(0.3, 2, decay=1.0), 0.7)) < 1e-12


def test_a_structure_of_objects_lists_and_arrays():
    w = world()
    value, g = value_and_grad(energy)(w)
    assert value == energy(w)
    assert type(g) is World and type(g.bodies[0]) is Body and g.names == [None, None]
    d = w.bodies[0].pos - w.bodies[1].pos
    assert abs(g.size + 1 / (d @ d + 1)) < 1e-12
    assert abs(g.gravity - w.bodies[0].pos[1] - w.bodies[1].pos[1]) < 1e-12
    np.testing.assert_allclose(g.bodies[1].vel, w.bodies[1].vel)
    np.testing.assert_allclose(g.bodies[0].pos, 4 * d / (d @ d + 1) ** 2 + [0.0, 0.7])
    g.bodies[0].pos[0] = 9.0
    assert w.bodies[0].pos[0] == 0.7


def test_gradients_run_no_code_of_the_class():
    class Loud:
        made = 0

        def __init__(self, x):
            Loud.made += 1
            self.x = x

        def __setattr__(self, name, value):
            assert name == "x" and isinstance(value, float)
            object.__setattr__(self, name, value)

    loud = Loud(0.7)
    # A class with attributes of its own making is read, never made.
    def square(p):
        return p.x ** 2
    g = vjp(square, loud)[1](1.0)[0]
    assert g.x == 1.4 and Loud.made == 1


class Circle:
    def __init__(self, radius):
        self.radius = radius

    @cached_property
    def area(self):
        return 3 * self.radius ** 2

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return 2 * self.radius


def cached(r):
    return Circle(r).area * r


def computed(r):
    return Circle(r).diameter * r


@pytest.mark.parametrize("f", [cached, computed])
def test_attributes_that_code_computes_are_refused(f):
    with pytest.raises(DifferentiationError):
        grad(f)(0.7)
