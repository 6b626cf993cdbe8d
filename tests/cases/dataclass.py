"""A dataclass of parameters, with methods and a property."""
from dataclasses import dataclass


@dataclass
class Spring:
    stiffness: float
    length: float

    @property
    def scale(self):
        return self.stiffness / self.length

    def energy(self, x):
        return 0.5 * self.scale * (x - self.length) ** 2


def stretched(spring, x):
    return spring.energy(x) + spring.energy(2 * x)


CASE = {"function": stretched, "args": (Spring(2.0, 0.7), 1.1), "wrt": ("spring", "x")}
