"""Elementwise NumPy, broadcasting on both sides, comparisons and choices, creation of arrays."""
import numpy as np

from . import case, normal, uniform


@case(uniform(5))
@case(uniform(2, 3))
def elementwise_functions(x):
    return np.sum(np.sin(x) * np.cos(x) + np.tan(x / 2) + np.exp(-x) + np.log(x) + np.sqrt(x) + np.tanh(x) + np.square(x)
                  + np.arctan(x) + np.log1p(x) + np.expm1(x) + np.reciprocal(x))


@case(uniform(4, low=-0.8, high=0.8))
def more_elementwise_functions(x):
    return np.sum(np.arcsin(x) + np.arccos(x) + np.sinh(x) * np.cosh(x) + np.arcsinh(x) + np.arccosh(2 + x) + np.arctanh(x)
                  + np.log2(2 + x) + np.log10(2 + x) + np.exp2(x) + np.cbrt(x + 2) + np.abs(x) + np.negative(x) + np.sinc(x))


@case(uniform(4), normal(4))
def two_argument_functions(a, b):
    return np.sum(np.add(a, b) * np.subtract(a, b) / np.multiply(a, a) + np.divide(b, a) + np.power(a, b) + np.arctan2(a, b)
                  + np.hypot(a, b) + np.logaddexp(a, b) + np.float_power(a, 2) + np.true_divide(a, 3))


@case(normal(3, 4), normal(4), normal(3, 1), 0.7)
def broadcasting_on_both_sides(m, row, column, s):
    return np.sum((m * row + column) * s) + np.sum(row * column) ** 2 + np.sum((row - s) ** 2 / (1 + column ** 2)) + np.sum(s * m)


@case(normal(2, 1, 3), normal(4, 1))
def outer_broadcasting(a, b):
    return np.sum(np.sin(a * b) + a ** 2)


@case(normal(1), normal(5))
@case(normal(5), normal(5, seed=1))
@case(normal(1), normal(1, seed=1))
def lengths_of_one(a, b):
    c = a * b
    return np.sum(c * c + a) + np.sum(a)


@case(normal(1, 4), normal(3, 1))
def broadcast_through_a_variable(a, b):
    total = a + b
    total = total * a
    mean = total.mean()
    return np.sum((total - mean) ** 2)


@case(normal(4), 2.0)
@case(normal(4), np.float64(2.0))
@case(normal(4), np.array(2.0))
def array_and_number(x, s):
    y = s * x
    z = y / s ** 2 + s
    return np.sum(z * z) - s


@case(0.5)
def scalar_broadcast_up(s):
    return np.sum(s * np.arange(4) + np.ones((2, 4)) * s ** 2)


@case(normal(6))
def comparisons_and_choices(x):
    y = np.where(x > 0, x ** 2, -x)
    z = np.maximum(x, 0.1) + np.minimum(x, 0.5) * y
    return np.sum(z + np.clip(x, -0.5, 0.5) * x) + np.sum((x > 0) * x ** 3)


@case(normal(3, 4), normal(4))
def where_broadcasts(m, row):
    a = np.where(m > row, m * row, 0.5)
    b = np.where([[True], [False], [True]], row, m)
    return np.sum(a ** 2 + b)


@case(normal(5), 0.3, 0.8)
def relu_and_bounds(x, low, high):
    return np.sum(np.maximum(x, 0) * 2) + np.sum(np.minimum(np.maximum(x, low), high) ** 2) + np.sum(np.clip(x, low, high)) + np.sum(np.fmax(x, low))


@case(normal(6), 0.2)
def leaky_relu(x, slope):
    return np.sum(np.where(x > 0, x, slope * x) ** 2)


@case(normal(5))
def whole_parts_and_signs(x):
    return np.sum(np.sign(x) * x + np.floor(x) * x + np.round(x, 1) * x + np.ceil(x) - np.trunc(3 * x) * x + np.heaviside(x, 0.5) * x)


@case(normal(5, scale=3), 0.7)
def remainders(x, y):
    return np.sum(x % y * x) + np.sum(np.mod(x, 2.0)) + np.sum(np.fmod(x, y)) + np.sum(x // y * x) + np.sum(np.remainder(x, y))


@case(0.7, 3)
def creation(x, n):
    a = np.full(n, x)
    b = np.full((2, n), x * x)
    c = np.array([x, 2 * x, 3.0])
    d = np.array([[x, 1.0], [x * x, x]])
    e = np.zeros(n) + x * np.ones(n) + np.eye(n)[0] * x + np.arange(n) + np.linspace(0, 1, n) * x
    return np.sum(a * c) + np.sum(b) + np.linalg.det(np.eye(2)) * d[1, 0] * d[0, 0] + np.sum(e * e)


@case(normal(4))
def creation_like(x):
    zeros = np.zeros_like(x)
    ones = np.ones_like(x)
    full = np.full_like(x, 2.0)
    sevens = np.full(x.shape, 7.0)
    return np.sum((zeros + x) * ones * full + sevens * x ** 2)


@case(0.7, normal(3))
def full_like_active(x, v):
    return np.sum(np.full_like(v, x) * v + np.linspace(x, 2.0, 3) + np.linspace(0.0, x, 3, endpoint=False) * v)


@case(normal(4))
def copies(x):
    y = x.copy()
    z = np.copy(y) * x
    w = np.array(x)
    return np.sum(z * y + w ** 3 + np.asarray(x))


@case(normal(4))
def casts(x):
    return np.sum(x.astype(float) ** 2 + x.astype(np.float64) + (x > 0).astype(int) * x + np.asarray(x, dtype=float) * 2)


@case(normal(4))
def identities_are_copies(x):
    a = x * 1.0
    b = x + 0.0
    c = +x
    return np.sum(a * b * c)


@case(normal(5), 3)
def array_recurrence(x, n):
    y = x
    for i in range(n):
        y = np.sin(y) * x + i
    return y.sum()


@case(normal(4), normal(4, seed=1), 4)
def arrays_swapped(a, b, n):
    for i in range(n):
        a, b = b, a * 0.5 + np.tanh(b)
    return np.sum(a * b)


@case(normal(5))
def expression_of_one_argument_thrice(x):
    return np.sum(x * x * x + x / (x * x + 1) - x)


@case(uniform(3), uniform(3, seed=2))
def powers_of_arrays(x, p):
    return np.sum(x ** p + x ** 2 + 2 ** p + x ** -1 + x ** 0.5 + x ** 3.0)


@case(normal(3))
def scalar_from_an_array(x):
    a = float(x[0]) * x[1]
    b = x.sum().item()
    c = float(np.dot(x, x))
    return a * b + c


@case(np.zeros((0,)), 1.5)
def empty_array(x, y):
    return np.sum(x * y) + y * y


@case(normal(3, 4))
def zero_derivatives(x):
    n, m = x.shape
    size = x.size + x.ndim + len(x)
    k = np.argmax(x) + np.argmin(x[0]) + x.argmax()
    hits = np.count_nonzero(x > 0) + np.any(x > 1) + np.isnan(x).sum() + int(np.isfinite(x).all())
    return np.sum(x ** 2) * (n + m + size + k + hits) / 10


@case(normal(4, 3), normal(4))
def new_axes_on_both_sides(pos, mass):
    gap = pos[None, :] - pos[:, None]
    weight = np.sum(gap ** 2, axis=-1) + 0.1
    return np.sum(gap * (weight * mass)[:, :, None] * pos[None]) + np.sum(mass[:, None] * pos[:, None, :])


@case(normal(4), normal(3), 0.3)
@case(normal(1), normal(3), 0.3)
@case(normal(4), normal(1), 0.3)
def outer_by_new_axes(a, b, c):
    column = a[:, None]
    return np.sum(np.sin(column * b[None] + c) * column) + np.sum(a[None, :, None])


@case(normal(4, 3), normal(3), normal(2, 4, 3))
@case(normal(1, 3), normal(3), normal(2, 1, 3))
@case(normal(4, 1), normal(1), normal(2, 4, 1))
def sums_over_repeated_axes(x, w, z):
    mean = np.mean(x, axis=0, keepdims=True)
    return np.sum(((x - mean) * w) ** 3) + np.sum(np.tanh(z * w) * x) + np.sum(z * mean)
