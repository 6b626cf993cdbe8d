"""The rules of `reduce`, `accumulate`, `outer` and `reduceat` of NumPy's ufuncs, made from the rules of the ufuncs themselves."""
from __future__ import annotations

import re

from s2sad.rules.numbers import unknown
from s2sad.rules.shapes import cumulative, reduction
from s2sad.rules.table import case, find_row, rule

WHOLE = case("axis is None", a="g")
ALONG = case("axis is not None and keepdims == False", a="np.expand_dims(g, axis)")

rule("np.add.reduce(a, axis=0, dtype=None, *, keepdims=False)", WHOLE, case("keepdims == True", a="g"), ALONG,
     a="unreduced(g, a, axis, keepdims)", linear="a", result=reduction)
rule("np.multiply.reduce(a, axis=0, dtype=None, *, keepdims=False)", a="adjoint_of_prod(g, a, axis, keepdims)",
     tangents={"a": "np.sum(a_dot * adjoint_of_prod(np.ones_like(y), a, axis, keepdims), axis=axis, keepdims=keepdims)"}, result=reduction)
for extremum in ("maximum", "minimum"):
    rule(f"np.{extremum}.reduce(a, axis=0, *, keepdims=False)", a="adjoint_of_extremum(g, y, a, axis, keepdims)",
         tangents={"a": "np.sum(a_dot * adjoint_of_extremum(np.ones_like(y), y, a, axis, keepdims), axis=axis, keepdims=keepdims)"},
         analytic=False, result=reduction)
    rule(f"np.{extremum}.accumulate(a, axis=0)", a="adjoint_of_running_extremum(g, y, a, axis)",
         tangents={"a": "tangent_of_running_extremum(a_dot, y, a, axis)"}, analytic=False, result=cumulative,
         kink=f"`np.{extremum}.accumulate(a)` with ties: the first of the equal entries")
rule("np.logaddexp.reduce(a, axis=0, *, keepdims=False)", a="unreduced(g, a, axis, keepdims) * np.exp(a - unreduced(y, a, axis, keepdims))",
     tangents={"a": "np.sum(a_dot * np.exp(a - unreduced(y, a, axis, keepdims)), axis=axis, keepdims=keepdims)"}, result=reduction)
rule("np.add.accumulate(a, axis=0)", a="adjoint_of_cumsum(g, a, axis)", linear="a", result=cumulative)
rule("np.multiply.accumulate(a, axis=0)", a="adjoint_of_cumprod(g, a, axis)", tangents={"a": "tangent_of_cumprod(a_dot, y, a, axis)"},
     result=cumulative)
rule("np.add.reduceat(a, indices, axis=0)", a="adjoint_of_reduceat(g, a, indices, axis)", linear="a", result=unknown)


def at_outer(text: str, seed: str) -> str:
    """A text of an elementwise rule with `a` spread over new axes, one for each axis of `b`."""
    return re.sub(r"\b(a|g)\b(?!\()", lambda m: "outer_left(a, b)" if m[1] == "a" else seed, text)


for ufunc in ("add", "subtract", "multiply", "divide", "true_divide", "power", "float_power", "maximum", "minimum", "fmax", "fmin", "hypot",
              "arctan2", "logaddexp", "logaddexp2", "copysign"):
    texts = find_row(f"np.{ufunc}").adjoints
    rule(f"np.{ufunc}.outer(a, b, /)", a=f"summed_for_left({at_outer(texts['a'], 'g')}, y, a)",
         b=f"summed_for_right({at_outer(texts['b'], 'g')}, y, a)",
         tangents={"a": f"np.ones_like(y) * ({at_outer(texts['a'], 'outer_left(a_dot, b)')})",
                   "b": f"np.ones_like(y) * ({at_outer(texts['b'], 'b_dot')})"},
         result=unknown)
