"""The rules of the `math` module: real numbers in, Python floats out, and an exception outside of the domain."""
from __future__ import annotations

from typing import Any

from s2sad.rules.items import dist_parts, hypot_parts, prod_parts, same_parts
from s2sad.rules.numbers import as_kind, python_bool, python_float, python_int, unknown
from s2sad.rules.table import case, rule, ufunc, zero


def real(*patterns: Any, **adjoints: Any) -> None:
    """Declares a function of real numbers that is not defined for all of them."""
    ufunc(*patterns, **{"result": python_float, "raises": True, "analytic": False, **adjoints})


# Exponentials and logarithms
real("math.exp(x)", x="g * y")
real("math.exp2(x)", x="g * y * math.log(2)")
real("math.expm1(x)", x="g * (y + 1)")
real("math.log(x, base=None, /)", case("base is None", x="g / x"), x="g / (x * math.log(base))", base="-g * y / (base * math.log(base))")
real("math.log2(x)", x="g / (x * math.log(2))")
real("math.log10(x)", x="g / (x * math.log(10))")
real("math.log1p(x)", x="g / (1 + x)")

# Powers and roots; `math.pow` has the row of `**`
real("math.sqrt(x)", x="g / (2 * y)", kink="`math.sqrt(x)`, `math.cbrt(x)` at 0: ZeroDivisionError, as for `1 / 0.0`")
real("math.cbrt(x)", x="g / (3 * y**2)")
real("math.hypot(*coordinates)", items={"coordinates": hypot_parts}, kink="`math.hypot(a, b)`, `math.dist(p, q)` at 0: 0")
real("math.dist(p, q)", p="[g * (a - b) / y if y else 0.0 for a, b in zip(p, q)]",
     q="[g * (b - a) / y if y else 0.0 for a, b in zip(p, q)]",
     items={"p": dist_parts, "q": dist_parts}, elementwise=False,
     tangents={"p": "sum([(a - b) * t for a, b, t in zip(p, q, p_dot)]) / y if y else 0.0",
               "q": "sum([(b - a) * t for a, b, t in zip(p, q, q_dot)]) / y if y else 0.0"})

# Trigonometry
real("math.sin(x)", x="g * math.cos(x)")
real("math.cos(x)", x="-g * math.sin(x)")
real("math.tan(x)", x="g * (1 + y**2)", without_y={"x": "g / math.cos(x)**2"})
real("math.asin(x)", x="g / math.sqrt(1 - x**2)")
real("math.acos(x)", x="-g / math.sqrt(1 - x**2)")
real("math.atan(x)", x="g / (1 + x**2)")
real("math.atan2(a, b)", a="g * b / (a**2 + b**2)", b="-g * a / (a**2 + b**2)")
real("math.sinh(x)", x="g * math.cosh(x)")
real("math.cosh(x)", x="g * math.sinh(x)")
real("math.tanh(x)", x="g * (1 - y**2)")
real("math.asinh(x)", x="g / math.sqrt(x**2 + 1)")
real("math.acosh(x)", x="g / math.sqrt(x**2 - 1)")
real("math.atanh(x)", x="g / (1 - x**2)")
real("math.degrees(x)", x="g * (180 / math.pi)")
real("math.radians(x)", x="g * (math.pi / 180)")

# Special functions
real("math.erf(x)", x="g * (2 / math.sqrt(math.pi)) * math.exp(-x**2)")
real("math.erfc(x)", x="-g * (2 / math.sqrt(math.pi)) * math.exp(-x**2)")
real("math.gamma(x)", x="g * y * digamma(x)")
real("math.lgamma(x)", x="g * digamma(x)")

# Parts of numbers
real("math.fabs(x)", x="g * ((x > 0) - (x < 0))", kink="`math.fabs(x)` at 0: 0")
real("math.copysign(a, b)", a="g * ((a > 0) - (a < 0)) * math.copysign(1.0, b)", b="0.0",
     kink="`math.copysign(a, b)` at a = 0: 0 in a; 0 in b everywhere")
real("math.fmod(a, b)", a="g", b="-g * math.trunc(a / b)")
real("math.remainder(a, b)", a="g", b="-g * round((a - y) / b)")
real("math.ldexp(a, b)", a="g * 2.0**b")
real("math.nextafter(a, b)", a="g", b="0.0")
real("math.fma(a, b, c)", a="g * b", b="g * a", c="g")
rule("math.modf(x)", x="g[0]", result=unknown, analytic=False, tangents={"x": "(x_dot, 0.0)"})
rule("math.frexp(x)", x="g[0] / 2.0**y[1]", result=unknown, analytic=False, tangents={"x": "(x_dot / 2.0**y[1], 0.0)"})

# Sums and products of sequences
rule("math.fsum(seq, /)", seq="adjoints_of_sum(g, seq)", items={"seq": same_parts}, result=python_float, analytic=False, raises=True,
     linear="seq")
for mean in ("mean", "fmean"):
    rule(f"statistics.{mean}(data)", data="adjoints_of_sum(g / len(data), data)", raises=True, result=python_float, linear="data")
rule("math.prod(seq, /, *, start=1)", seq="adjoints_of_prod(g, seq, start)", start="g * math.prod(seq)", items={"seq": prod_parts},
     result=unknown,
     tangents={"seq": "sum([p * t for p, t in zip(adjoints_of_prod(1.0, seq, start), seq_dot)])",
               "start": "start_dot * math.prod(seq)"})
rule("math.sumprod(p, q, /)", p="[g * b for b in q]", q="[g * a for a in p]", result=unknown, linear="p q")

for centre, count in (("variance", "len(data) - 1"), ("pvariance", "len(data)")):
    root = centre.replace("variance", "stdev")
    rule(f"statistics.{centre}(data)", data=f"adjoint_of_spread(2 * g / ({count}), data)", raises=True, result=python_float,
         tangents={"data": f"tangent_of_spread(data_dot, data) * (2 / ({count}))"})
    rule(f"statistics.{root}(data)", data=f"adjoint_of_spread(g / (y * ({count})) if y else 0.0, data)", raises=True, result=python_float,
         tangents={"data": f"tangent_of_spread(data_dot, data) / (y * ({count})) if y else 0.0"})

# Functions of complex numbers; their adjoint in a real number is the real part, which the driver takes
for name, slope in (("exp", "y"), ("log", "1 / x"), ("log10", "1 / (x * math.log(10))"), ("sqrt", "1 / (2 * y)"), ("sin", "np.cos(x)"),
                    ("cos", "-np.sin(x)"), ("tan", "(1 + y**2)"), ("sinh", "np.cosh(x)"), ("cosh", "np.sinh(x)"),
                    ("tanh", "(1 - y**2)"), ("asin", "1 / np.sqrt(1 - x**2 + 0j)"), ("acos", "-1 / np.sqrt(1 - x**2 + 0j)"),
                    ("atan", "1 / (1 + x**2)")):
    rule(f"cmath.{name}(x)", x=f"g * complex({slope}).conjugate()", tangents={"x": f"x_dot * complex({slope})"}, analytic=False,
         raises=True, result=as_kind("c"))
rule("cmath.phase(x)", x="1j * g * x / abs(x)**2", tangents={"x": "(x_dot / x).imag"}, analytic=False, raises=True, result=python_float)
rule("cmath.rect(r, phi)", r="(g * y.conjugate()).real / r", phi="(g * (1j * y).conjugate()).real",
     tangents={"r": "r_dot * y / r", "phi": "phi_dot * 1j * y"}, analytic=False, raises=True, result=as_kind("c"))

zero("math.floor(x)", "math.ceil(x)", "math.trunc(x)", "math.isqrt(n)", "math.factorial(n)", "math.comb(n, k)", "math.perm(n, k=None)",
     "math.gcd(*integers)", "math.lcm(*integers)", result=python_int, raises=True)
zero("math.isnan(x)", "math.isinf(x)", "math.isfinite(x)", "math.isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", result=python_bool)
zero("math.ulp(x)", result=python_float)
