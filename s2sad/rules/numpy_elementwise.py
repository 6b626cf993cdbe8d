"""The rules of NumPy's elementwise functions."""
from __future__ import annotations

from s2sad.rules.numbers import (
    arithmetic,
    boolean,
    conjugate,
    elementwise_like,
    inexact,
    integral,
    part,
    real,
    real_of,
    some_boolean,
    unknown,
)
from s2sad.rules.table import case, rule, ufunc, zero

# Exponentials and logarithms
ufunc("np.exp(x)", x="g * y")
ufunc("np.exp2(x)", x="g * y * math.log(2)")
ufunc("np.expm1(x)", x="g * (y + 1)")
ufunc("np.log(x)", x="g / x")
ufunc("np.log2(x)", x="g / (x * math.log(2))")
ufunc("np.log10(x)", x="g / (x * math.log(10))")
ufunc("np.log1p(x)", x="g / (1 + x)")
ufunc("np.logaddexp(a, b)", a="g * np.exp(a - y)", b="g * np.exp(b - y)")
ufunc("np.logaddexp2(a, b)", a="g * np.exp2(a - y)", b="g * np.exp2(b - y)")

# Powers and roots
ufunc("np.sqrt(x)", case("x.ndim == 0", x="g / (2 * y)"), x="divided(g, 2 * y)",
      kink="`np.sqrt(x)`, `np.cbrt(x)` at 0: infinite, as the derivative is; of an array, 0 where the adjoint of the result is 0")
ufunc("np.cbrt(x)", x="g / (3 * y**2)")
ufunc("np.square(x)", x="2 * g * x", result=arithmetic)
ufunc("np.reciprocal(x)", x="-g * y**2", result=arithmetic)
ufunc("np.hypot(a, b)", a="g * a / np.where(y, y, 1)", b="g * b / np.where(y, y, 1)", analytic=False,
      kink="`np.hypot(a, b)` at a = b = 0: 0")

# Trigonometry
ufunc("np.sin(x)", x="g * np.cos(x)")
ufunc("np.cos(x)", x="-g * np.sin(x)")
ufunc("np.tan(x)", x="g * (1 + y**2)", without_y={"x": "g / np.cos(x)**2"})
ufunc("np.arcsin(x)", "np.asin(x)", x="g / np.sqrt(1 - x**2)")
ufunc("np.arccos(x)", "np.acos(x)", x="-g / np.sqrt(1 - x**2)")
ufunc("np.arctan(x)", "np.atan(x)", x="g / (1 + x**2)")
ufunc("np.arctan2(a, b)", "np.atan2(a, b)", a="g * b / (a**2 + b**2)", b="-g * a / (a**2 + b**2)", analytic=False)
ufunc("np.sinh(x)", x="g * np.cosh(x)")
ufunc("np.cosh(x)", x="g * np.sinh(x)")
ufunc("np.tanh(x)", x="g * (1 - y**2)")
ufunc("np.arcsinh(x)", "np.asinh(x)", x="g / np.sqrt(x**2 + 1)")
ufunc("np.arccosh(x)", "np.acosh(x)", x="g / np.sqrt(x**2 - 1)")
ufunc("np.arctanh(x)", "np.atanh(x)", x="g / (1 - x**2)")
ufunc("np.deg2rad(x)", "np.radians(x)", x="g * (math.pi / 180)", analytic=False)
ufunc("np.rad2deg(x)", "np.degrees(x)", x="g * (180 / math.pi)", analytic=False)
ufunc("np.sinc(x)", x="g * derivative_of_sinc(x)")

# Absolute values, signs and complex parts
ufunc("np.abs(x)", "np.absolute(x)", "np.fabs(x)",
      case("x.kind != 'c'", x="g * np.sign(x)", x_dot="x_dot * np.sign(x)"), x="g * x / np.where(y, y, 1)", analytic=False, result=real,
      kink="`np.abs(x)` at 0: 0", tangents={"x": "np.real(np.conj(x) * x_dot) / np.where(y, y, 1)"})
ufunc("np.copysign(a, b)", a="g * (np.sign(a) * np.sign(y))", b="0.0", analytic=False,
      kink="`np.copysign(a, b)` at a = 0: 0 in a; 0 in b everywhere")
ufunc("np.real(x)", "x.real", x="g", analytic=False, result=part, views=("x",), linear="x")
ufunc("np.imag(x)", "x.imag", case("x.kind != 'c'", x="0.0"), x="1j * g", analytic=False, result=part, views=("x",), linear="x")
ufunc("np.conj(x)", "np.conjugate(x)", case("x.kind != 'c'", x="g"), x="np.conj(g)", analytic=False, result=conjugate, linear="x")
ufunc("x.conj()", "x.conjugate()", case("x.kind != 'c'", x="g"), x="np.conj(g)", analytic=False, result=conjugate, linear="x",
      views=("x",), fresh="x.kind == 'c'")
ufunc("np.angle(x, deg=False)", case("x.kind != 'c'", x="0.0", x_dot="0.0"),
      case("deg == False", x="1j * g * x / np.abs(x)**2", x_dot="np.imag(np.conj(x) * x_dot) / np.abs(x)**2"),
      x="(180 / math.pi if deg else 1.0) * 1j * g * x / np.abs(x)**2",
      tangents={"x": "(180 / math.pi if deg else 1.0) * np.imag(np.conj(x) * x_dot) / np.abs(x)**2"}, analytic=False, result=real_of("x"))
ufunc("np.real_if_close(x)", x="g", analytic=False, result=unknown, linear="x", views=("x",))

# Choices.  Of two equal operands each gets half, so that np.maximum(x, x) has the derivative 1; against a literal number, as in
# np.maximum(x, 0), the tie belongs to the number.
TIES = ("`np.maximum`, `np.minimum`, `np.fmax`, `np.fmin` of equal operands: "
        "half to each; 0 against a literal number, as in `np.maximum(x, 0)`")
ufunc("np.maximum(a, b)", "np.fmax(a, b)", case("known(b)", a="g * (a > b)"), case("known(a)", b="g * (b > a)"),
      a="np.where(a == b, g / 2, g * (a > b))", b="np.where(a == b, g / 2, g * (b > a))", analytic=False, result=arithmetic, kink=TIES)
ufunc("np.minimum(a, b)", "np.fmin(a, b)", case("known(b)", a="g * (a < b)"), case("known(a)", b="g * (b < a)"),
      a="np.where(a == b, g / 2, g * (a < b))", b="np.where(a == b, g / 2, g * (b < a))", analytic=False, result=arithmetic, kink=TIES)
rule("np.where(c, a=None, b=None, /)", c="0.0", a="np.where(c, g, 0.0)", b="np.where(c, 0.0, g)", elementwise=True,
     result=elementwise_like("a", "b", "c"), linear="a+b")
ufunc("np.clip(a, a_min=None, a_max=None)",
      case("a_min is None", a="g * (a <= a_max)", a_max="g * (a > a_max)"),
      case("a_max is None", a="g * (a >= a_min)", a_min="g * (a < a_min)"),
      a="g * ((a >= a_min) & (a <= a_max))", a_min="g * (a < a_min)", a_max="g * (a > a_max)", analytic=False,
      result=elementwise_like("a", "a_min", "a_max"), kink="`np.clip(a, lo, hi)` at a bound: 1 in a, 0 in the bound")
ufunc("a.clip(min=None, max=None)",
      case("min is None", a="g * (a <= max)", max="g * (a > max)"),
      case("max is None", a="g * (a >= min)", min="g * (a < min)"),
      a="g * ((a >= min) & (a <= max))", min="g * (a < min)", max="g * (a > max)", analytic=False,
      result=elementwise_like("a", "min", "max"))
ufunc("np.nan_to_num(x)", x="np.where(np.isfinite(x), g, 0.0)", result=arithmetic,
      kink="`np.nan_to_num(x)` at nan and infinities: 0")
ufunc("np.nextafter(a, b)", a="g", b="0.0")
ufunc("np.ldexp(a, b)", a="g * 2.0**b", result=inexact)

# Zero wherever a derivative exists
zero("np.floor(x)", "np.ceil(x)", "np.trunc(x)", "np.rint(x)", "np.fix(x)", "np.spacing(x)", elementwise=True, result=arithmetic)
zero("np.sign(x)", elementwise=True, real_only=True, result=arithmetic,
     kink="`np.sign(x)` and the functions that round: 0 everywhere, also where they jump")
zero("np.round(a, decimals=0)", "np.around(a, decimals=0)", "a.round(decimals=0)", elementwise=True, result=elementwise_like("a"))
zero("np.heaviside(a, b)", elementwise=True, result=arithmetic, kink="`np.heaviside(a, b)`: 0, also at the jump")
zero("np.isnan(x)", "np.isinf(x)", "np.isfinite(x)", "np.signbit(x)", "np.isneginf(x)", "np.isposinf(x)",
     "np.logical_not(x)", elementwise=True, result=boolean)
zero("np.isreal(x)", "np.iscomplex(x)", elementwise=True, result=some_boolean)
zero("np.logical_and(a, b)", "np.logical_or(a, b)", "np.logical_xor(a, b)", "np.equal(a, b)", "np.not_equal(a, b)", "np.less(a, b)",
     "np.less_equal(a, b)", "np.greater(a, b)", "np.greater_equal(a, b)", "np.isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)",
     elementwise=True, result=boolean)
zero("operator.eq(a, b)", "operator.ne(a, b)", "operator.lt(a, b)", "operator.le(a, b)", "operator.gt(a, b)", "operator.ge(a, b)",
     elementwise=True, result=boolean)
zero("np.gcd(a, b)", "np.lcm(a, b)", elementwise=True, result=integral)
