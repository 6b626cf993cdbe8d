"""The rules of NumPy's reductions, as functions and as methods."""
from __future__ import annotations

from s2sad.rules.shapes import cumulative, mean, reduction, reduction_to, spread
from s2sad.rules.table import case, rule, zero

# Where `axis` is None, `g` is one number for all entries: the driver repeats it where that is needed.
WHOLE = case("axis is None and where == True", a="g")
KEPT = case("keepdims == True and where == True", a="g")
ALONG = case("axis is not None and keepdims == False and where == True", a="np.expand_dims(g, axis)")
ALL = case("where == True", a="unreduced(g, a, axis, keepdims)")

rule("np.sum(a, axis=None, dtype=None, *, keepdims=False, initial=0, where=True)",
     "a.sum(axis=None, dtype=None, *, keepdims=False, initial=0, where=True)", WHOLE, KEPT, ALONG, ALL,
     a="np.where(where, unreduced(g, a, axis, keepdims), 0.0)", initial="np.sum(g)", result=reduction, linear="a+initial")

rule("np.mean(a, axis=None, dtype=None, *, keepdims=False, where=True)", "a.mean(axis=None, dtype=None, *, keepdims=False, where=True)",
     case("axis is None and where == True and a.box == 'array'", a="g / a.size"),
     case("axis is None and where == True", a="g / np.size(a)"),
     case("axis.kind == 'i' and where == True and a.box == 'array' and keepdims == True", a="g / a.shape[axis]"),
     case("axis.kind == 'i' and where == True and a.box == 'array' and keepdims == False", a="np.expand_dims(g / a.shape[axis], axis)"),
     case("where == True", a="adjoint_of_mean(g, a, axis, keepdims)"),
     a="np.where(where, unreduced(g / np.sum(np.broadcast_to(where, np.shape(a)), axis=axis, dtype=y.dtype, keepdims=keepdims), a, axis,"
       " keepdims), 0.0)",
     result=mean, linear="a")

rule("np.prod(a, axis=None, dtype=None, *, keepdims=False)", "a.prod(axis=None, dtype=None, *, keepdims=False)",
     a="adjoint_of_prod(g, a, axis, keepdims)", result=reduction,
     tangents={"a": "np.sum(adjoint_of_prod(np.ones_like(y), a, axis, keepdims) * a_dot, axis=axis, keepdims=keepdims)"})

for extremum in ("max", "min"):
    rule(f"np.{extremum}(a, axis=None, *, keepdims=False)", f"np.a{extremum}(a, axis=None, *, keepdims=False)",
         f"a.{extremum}(axis=None, *, keepdims=False)",
         case("axis is None and a.box == 'array'", a_dot="np.mean(a_dot[a == y])"),
         case("axis is None and a.dtype == 'float64'", a="g * (a == y) / np.count_nonzero(a == y)"),
         a="adjoint_of_extremum(g, y, a, axis, keepdims)", analytic=False, result=reduction,
         kink=f"`np.{extremum}(a)` with ties: equal parts to all of the {'largest' if extremum == 'max' else 'smallest'} entries",
         tangents={"a": "np.sum(adjoint_of_extremum(np.ones_like(y), y, a, axis, keepdims) * a_dot, axis=axis, keepdims=keepdims)"})

rule("np.var(a, axis=None, dtype=None, *, ddof=0, keepdims=False)", "a.var(axis=None, dtype=None, *, ddof=0, keepdims=False)",
     case("axis is None and ddof == 0 and a.box == 'array' and a.kind != 'c'", a_dot="2 * np.mean((a - np.mean(a)) * a_dot)"),
     case("a.kind != 'c'", a_dot="np.sum(adjoint_of_var(np.ones_like(y), a, axis, ddof, keepdims) * a_dot, axis=axis, keepdims=keepdims)"),
     case("axis is None and ddof == 0 and a.box == 'array'", a="g * 2 * (a - np.mean(a)) / a.size"),
     a="adjoint_of_var(g, a, axis, ddof, keepdims)", analytic=False, result=spread,
     tangents={"a": "np.sum(np.real(np.conj(adjoint_of_var(np.ones_like(y), a, axis, ddof, keepdims)) * a_dot), axis=axis,"
                    " keepdims=keepdims)"})
rule("np.std(a, axis=None, dtype=None, *, ddof=0, keepdims=False)", "a.std(axis=None, dtype=None, *, ddof=0, keepdims=False)",
     case("a.kind != 'c'",
          a_dot="np.sum(adjoint_of_std(np.ones_like(y), y, a, axis, ddof, keepdims) * a_dot, axis=axis, keepdims=keepdims)"),
     a="adjoint_of_std(g, y, a, axis, ddof, keepdims)", analytic=False, result=spread, kink="`np.std(a)` of equal entries: 0",
     tangents={"a": "np.sum(np.real(np.conj(adjoint_of_std(np.ones_like(y), y, a, axis, ddof, keepdims)) * a_dot), axis=axis,"
                    " keepdims=keepdims)"})

rule("np.cumsum(a, axis=None, dtype=None)", "a.cumsum(axis=None, dtype=None)",
     case("a.ndim == 1", a="np.cumsum(g[::-1])[::-1]"),
     case("axis is not None", a="np.flip(np.cumsum(np.flip(g, axis), axis), axis)"),
     a="adjoint_of_cumsum(g, a, axis)", result=cumulative, linear="a")

zero("np.argmax(a, axis=None, *, keepdims=False)", "np.argmin(a, axis=None, *, keepdims=False)", "a.argmax(axis=None, *, keepdims=False)",
     "a.argmin(axis=None, *, keepdims=False)", "np.count_nonzero(a, axis=None, *, keepdims=False)", result=reduction_to("i"))
zero("np.all(a, axis=None, *, keepdims=False)", "np.any(a, axis=None, *, keepdims=False)", "a.all(axis=None, *, keepdims=False)",
     "a.any(axis=None, *, keepdims=False)", result=reduction_to("b"))
