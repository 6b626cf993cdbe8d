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

# What `where` leaves out counts as 1 in a product.
rule("np.prod(a, axis=None, dtype=None, *, keepdims=False, initial=1, where=True)",
     "a.prod(axis=None, dtype=None, *, keepdims=False, initial=1, where=True)",
     case("where == True and initial == 1", a="adjoint_of_prod(g, a, axis, keepdims)",
          a_dot="np.sum(adjoint_of_prod(np.ones_like(y), a, axis, keepdims) * a_dot, axis=axis, keepdims=keepdims)"),
     a="np.where(where, adjoint_of_prod(g * initial, np.where(where, a, 1), axis, keepdims), 0.0)",
     initial="np.sum(g * np.prod(a, axis=axis, keepdims=keepdims, where=where))", result=reduction,
     tangents={"a": "initial * np.sum(adjoint_of_prod(np.ones_like(y), np.where(where, a, 1), axis, keepdims) * a_dot, axis=axis,"
                    " keepdims=keepdims, where=where)",
               "initial": "initial_dot * np.prod(a, axis=axis, keepdims=keepdims, where=where)"})

WITHOUT = "initial is None and where == True"
for extremum in ("max", "min"):
    options = "axis=None, *, keepdims=False, initial=None, where=True"
    rule(f"np.{extremum}(a, {options})", f"np.a{extremum}(a, {options})", f"a.{extremum}({options})",
         case(f"{WITHOUT} and axis is None and a.box == 'array'", a_dot="np.mean(a_dot[a == y])"),
         case(f"{WITHOUT} and axis is None and a.dtype == 'float64'", a="g * (a == y) / np.count_nonzero(a == y)"),
         case(WITHOUT, a="adjoint_of_extremum(g, y, a, axis, keepdims)",
              a_dot="np.sum(adjoint_of_extremum(np.ones_like(y), y, a, axis, keepdims) * a_dot, axis=axis, keepdims=keepdims)"),
         a="adjoint_of_extremum_among(g, y, a, axis, keepdims, where)", initial="adjoint_of_bound(g, y, a, axis, keepdims, where)",
         analytic=False, result=reduction,
         kink=f"`np.{extremum}(a)` with ties: equal parts to all of the {'largest' if extremum == 'max' else 'smallest'} entries",
         tangents={"a": "np.sum(adjoint_of_extremum_among(np.ones_like(y), y, a, axis, keepdims, where) * a_dot, axis=axis,"
                        " keepdims=keepdims)",
                   "initial": "initial_dot * is_bound(y, a, axis, keepdims, where)"})

rule("np.var(a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True)",
     "a.var(axis=None, dtype=None, *, ddof=0, keepdims=False, where=True)",
     case("axis is None and ddof == 0 and a.box == 'array' and a.kind != 'c' and where == True",
          a_dot="2 * np.mean((a - np.mean(a)) * a_dot)"),
     case("a.kind != 'c' and where == True",
          a_dot="np.sum(adjoint_of_var(np.ones_like(y), a, axis, ddof, keepdims) * a_dot, axis=axis, keepdims=keepdims)"),
     case("axis is None and ddof == 0 and a.box == 'array' and where == True", a="g * 2 * (a - np.mean(a)) / a.size"),
     case("where == True", a="adjoint_of_var(g, a, axis, ddof, keepdims)"),
     a="adjoint_of_var(g, a, axis, ddof, keepdims, where)", analytic=False, result=spread,
     tangents={"a": "np.sum(np.real(np.conj(adjoint_of_var(np.ones_like(y), a, axis, ddof, keepdims, where)) * a_dot), axis=axis,"
                    " keepdims=keepdims)"})
rule("np.std(a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True)",
     "a.std(axis=None, dtype=None, *, ddof=0, keepdims=False, where=True)",
     case("a.kind != 'c' and where == True",
          a_dot="np.sum(adjoint_of_std(np.ones_like(y), y, a, axis, ddof, keepdims) * a_dot, axis=axis, keepdims=keepdims)"),
     case("where == True", a="adjoint_of_std(g, y, a, axis, ddof, keepdims)"),
     a="adjoint_of_std(g, y, a, axis, ddof, keepdims, where)", analytic=False, result=spread, kink="`np.std(a)` of equal entries: 0",
     tangents={"a": "np.sum(np.real(np.conj(adjoint_of_std(np.ones_like(y), y, a, axis, ddof, keepdims, where)) * a_dot), axis=axis,"
                    " keepdims=keepdims)"})

rule("np.cumsum(a, axis=None, dtype=None)", "a.cumsum(axis=None, dtype=None)",
     case("a.ndim == 1", a="np.cumsum(g[::-1])[::-1]"),
     case("axis is not None", a="np.flip(np.cumsum(np.flip(g, axis), axis), axis)"),
     a="adjoint_of_cumsum(g, a, axis)", result=cumulative, linear="a")

zero("np.argmax(a, axis=None, *, keepdims=False)", "np.argmin(a, axis=None, *, keepdims=False)", "a.argmax(axis=None, *, keepdims=False)",
     "a.argmin(axis=None, *, keepdims=False)", "np.count_nonzero(a, axis=None, *, keepdims=False)", result=reduction_to("i"))
zero("np.all(a, axis=None, *, keepdims=False)", "np.any(a, axis=None, *, keepdims=False)", "a.all(axis=None, *, keepdims=False)",
     "a.any(axis=None, *, keepdims=False)", result=reduction_to("b"))
