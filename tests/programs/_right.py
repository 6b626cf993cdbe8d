"""A module with a function and globals of the same names as in `_left`."""
from cmath import pi as mathematics  # another thing of the same name

from . import normal

rate = -0.5
weights = normal(3, seed=6)


def scale(x):
    return x ** 3 * rate


def update(x):
    return scale(x) - mathematics * x
