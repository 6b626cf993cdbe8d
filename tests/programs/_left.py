"""A module with a function and globals of the same names as in `_right`."""
import math as mathematics

from . import normal

rate = 2.0
weights = normal(3, seed=5)


def scale(x):
    return rate * x


def update(x):
    return scale(x) + mathematics.sin(x)


class Model:
    rate = 3.0

    def __init__(self, gain):
        self.gain = gain

    def predict(self, x):
        return self.gain * x ** 2 * self.rate
