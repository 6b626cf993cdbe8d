"""Python numbers: operators, `math`, built-in functions."""
import math

import numpy as np

from . import case


@case(1.3, 4, wrt="x")
@case(1.3, 0, wrt="x")
@case(-0.7, 7, wrt=0)
def power(x, n):
    r = 1
    while n > 0:
        n -= 1
        r *= x
    return r


@case(1.3, 2.1)
@case(-0.4, 3.0)
def every_operator(a, b):
    s = a + b
    d = s - a * b
    q = d / (a * a + 1)
    p = q ** 2 + (b * b) ** a
    return -p + +s


@case(7.3, 2.1)
@case(-7.3, 2.1)
@case(7.3, -2.4)
def floor_and_remainder(a, b):
    return a // b * a + a % b * b


@case(7.3, 2.1)
def quotient_and_remainder(a, b):
    q, r = divmod(a, b)
    return q * a + r * r


@case(2.0, 3.0)
def two_variable_power(x, y):
    return x ** y + y ** x + pow(x, 3) + pow(2, y)


@case(1.7)
def negative_and_fractional_powers(x):
    return x ** -2 + x ** 0.5 + x ** -1.5 + 2.0 ** -x + 1 / x ** 3


@case(0.3)
@case(-0.6)
def trigonometry(x):
    return (math.sin(x) + math.cos(2 * x) * math.tan(x) + math.asin(x / 2) + math.acos(x / 3)
            + math.atan(x) + math.atan2(x, 2.0) + math.atan2(1.5, x))


@case(0.8)
@case(-0.35)
def hyperbolic(x):
    return math.sinh(x) * math.cosh(x) - math.tanh(x) ** 2 + math.asinh(x) + math.acosh(2 + x) + math.atanh(x / 2)


@case(2.4)
@case(0.6)
def exponentials_and_logarithms(x):
    return math.exp(-x) + math.expm1(x) + math.log(x) + math.log(x, 3) + math.log2(x) + math.log10(x) + math.log1p(x) + math.exp2(x)


@case(1.9, -0.7)
def roots_and_distances(x, y):
    return math.sqrt(x) + math.cbrt(x * y) + math.hypot(x, y) + math.hypot(x, y, 1.0) + math.dist((x, 0.0), (1.0, y))


@case(1.9)
@case(-0.4)
def error_functions(x):
    return math.erf(x) * math.erfc(x / 2) + math.gamma(x + 2) + math.lgamma(x + 3)


@case(3.7, -2.2)
def whole_parts_are_constant(x, y):
    return math.floor(x) * x + math.ceil(y) * y + math.trunc(x) * y + math.fmod(x, y) + int(x) * x + round(y) * y


@case(-1.4, 2.0)
def signs(x, y):
    return abs(x) * math.fabs(y) + math.copysign(x, y) * 3 + math.copysign(1.0, x) * y


@case(0.9)
def degrees_and_constants(x):
    return math.degrees(x) / 100 + math.radians(x * 50) + math.pi * x + math.e ** x


@case(1.2, -0.3, 2.5)
@case(3.0, 0.1, 0.25)
def smallest_and_largest(a, b, c):
    return min(a, b, c) * max(a, b) + max(a * b, c) ** 2 + min([a, b * 2, c])


@case(1.2, 3.4)
def rounding_to_digits(x, y):
    return round(x, 1) * y + float(x) * y + float(3) * x


@case(2.5)
def same_variable_everywhere(x):
    return x * x / x + x - x + x ** x


@case(0.5)
def long_chain_of_rebinding(x):
    x = x + 1
    x = x * x
    x = math.sin(x)
    x = x / (1 + x)
    x = math.exp(x)
    x = x - 1 / x
    return x


@case(1.1, 2.2)
def unused_and_dead_values(x, y):
    unused = math.exp(x)
    z = x * y
    z = x + y
    w = z * 2
    return w * x


@case(2.0)
def constant_result_parts(x):
    a = 3
    b = a * 2
    return b + x * a


@case(1.5, 0.5)
def argument_overwritten(x, y):
    y = x
    x = y * y
    return x + y


@case(np.float64(1.7), np.float64(0.4))
@case(1.7, 0.4)
def numpy_functions_of_numbers(x, y):
    return np.sin(x) * np.exp(-y) + np.sqrt(x * y) + np.maximum(x, y) + np.arctan2(x, y)


@case(0.2, 1.4)
def sigmoid_difference(a, b):
    def sigmoid(t):
        return 1 / (1 + math.exp(-t))
    return sigmoid(a) - sigmoid(b)


@case(1.4, 0.6)
def sums_of_displays(x, y):
    return sum([x, y * y, 3.0]) + sum((x * y, x), 2.0) + math.fsum([x, y]) + math.prod([x, y, 2.0])


@case(1.2)
def integer_mixed_in(x):
    n = 3
    k = n // 2 + 7 % n
    return n * x ** k + k / x - (n << 1) * x


@case(5, 2.0, wrt=(0, 1))
@case(3, 4, wrt=("n", "x"))
def int_arguments_are_real_numbers(n, x):
    return n * n * x + n / x


@case(0.7)
def parity_by_bit_operations(x):
    flags = 0b1011
    total = 0.0
    total += x if flags & 1 else 1.0
    total *= x ** (flags >> 2)
    return total + (flags ^ 3) * x
