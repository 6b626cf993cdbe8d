"""The rules of NumPy's polynomials, of sequences in geometric progression, and of a few special functions."""
from __future__ import annotations

from s2sad.rules.numbers import inexact_or_array, unknown
from s2sad.rules.selections import entries
from s2sad.rules.shapes import like
from s2sad.rules.table import rule, ufunc, zero

# Polynomials
rule("np.polyval(p, x)", p="adjoint_of_polyval(g, p, x)", x="g * np.polyval(np.polyder(p), x)", linear="p",
     tangents={"x": "x_dot * np.polyval(np.polyder(p), x)"}, result=unknown)
for name, sign in (("polyadd", ""), ("polysub", "-")):
    rule(f"np.{name}(a1, a2)", a1="ends_of_sum(g, a1)", a2=f"{sign}ends_of_sum(g, a2)", linear="a1+a2", result=unknown)
rule("np.polymul(a1, a2)", a1="adjoint_of_convolve(g, a1, a2)", a2="adjoint_of_convolve(g, a2, a1)", linear="a1 a2", result=unknown)
rule("np.polyder(p, m=1)", p="adjoint_of_polyder(g, p, m)", linear="p", result=entries("p"), views=("p",), fresh="m != 0")
rule("np.polyint(p, m=1)", p="adjoint_of_polyint(g, p, m)", linear="p", result=entries("p"), views=("p",), fresh="m != 0")
rule("np.roots(p)", p="adjoint_of_roots(g, y, p)", tangents={"p": "tangent_of_roots(p_dot, y, p)"}, analytic=False, result=unknown)
rule("np.poly(zeros, /)", zeros="adjoint_of_poly(g, zeros)", tangents={"zeros": "tangent_of_poly(zeros_dot, zeros)"}, result=unknown)
rule("np.polyfit(x, values, /, deg, rcond=None)", x="adjoint_of_polyfit_points(g, y, x, values, deg)",
     values="adjoint_of_polyfit_values(g, x, deg)", linear="values",
     tangents={"x": "tangent_of_polyfit_points(x_dot, x, values, deg)"}, analytic=False, result=unknown)
rule("np.vander(x, N=None, increasing=False)", x="adjoint_of_vander(g, x, increasing)",
     tangents={"x": "tangent_of_vander(x_dot, x, N, increasing)"}, result=entries("x", 2))

# Sequences
rule("np.logspace(start, stop, num=50, endpoint=True, base=10.0)",
     start="adjoint_of_ramp(g * y * np.log(base), 1 - ramp(y, num, endpoint), start)",
     stop="adjoint_of_ramp(g * y * np.log(base), ramp(y, num, endpoint), stop)",
     tangents={"start": "y * np.log(base) * (1 - ramp(y, num, endpoint)) * start_dot",
               "stop": "y * np.log(base) * ramp(y, num, endpoint) * stop_dot"},
     result=unknown)
rule("np.geomspace(start, stop, num=50, endpoint=True)", start="adjoint_of_ramp(g * y, 1 - ramp(y, num, endpoint), start) / start",
     stop="adjoint_of_ramp(g * y, ramp(y, num, endpoint), stop) / stop",
     tangents={"start": "y * (1 - ramp(y, num, endpoint)) * (start_dot / start)", "stop": "y * ramp(y, num, endpoint) * (stop_dot / stop)"},
     result=unknown)
zero("np.bartlett(M)", "np.blackman(M)", "np.hamming(M)", "np.hanning(M)", result=unknown)

# Special functions and parts
ufunc("np.i0(x)", x="g * bessel_i1(x)", analytic=False, result=inexact_or_array)
rule("np.unwrap(p, discont=None, axis=-1, *, period=6.283185307179586)", p="g", tangents={"p": "p_dot"}, analytic=False, result=like("p"))
rule("np.modf(x, /)", x="unbroadcast(g[0], x)", tangents={"x": "np.copy(x_dot), np.zeros_like(y[1])"}, analytic=False, result=unknown)
rule("np.frexp(x, /)", x="unbroadcast(g[0], x) / 2.0**y[1]",
     tangents={"x": "x_dot / 2.0**y[1], 0.0 * y[1]"}, analytic=False, result=unknown)
rule("np.trim_zeros(filt, trim='fb')", filt="adjoint_of_trim_zeros(g, filt, trim)",
     tangents={"filt": "tangent_of_trim_zeros(filt_dot, filt, trim)"}, result=unknown, views=("filt",))
