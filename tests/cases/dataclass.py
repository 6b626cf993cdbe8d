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


# The derivative


from s2sad.runtime import add, closed, copied, zeros


def scale_reverse(self, out_bar):
    self_bar = zeros(self)
    self_bar.stiffness += out_bar / self.length
    self_bar.length -= out_bar * (self.stiffness / self.length) / self.length
    return self_bar


def energy_reverse(self, x, out_bar):
    x_bar = out_bar * self.scale * (x - self.length)
    self_bar = scale_reverse(self, 0.5 * out_bar * (x - self.length) ** 2)
    self_bar = copied(self_bar)
    self_bar.length -= x_bar
    return self_bar, x_bar


def stretched_grad(spring, x):
    # forward sweep
    spring.energy
    # reverse sweep
    self_term, x_term = energy_reverse(spring, x, 1.0)
    self_term_2, x_term_2 = energy_reverse(spring, 2 * x, 1.0)
    spring_bar = add(self_term, self_term_2)
    x_bar = x_term + 2 * x_term_2
    return closed(spring_bar, spring), float(x_bar)
