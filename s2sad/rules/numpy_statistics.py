"""The rules of NumPy's statistics, running products, differences, integrals and interpolation."""
from __future__ import annotations

from s2sad.rules.items import spacing_parts, tangent_of_spacings
from s2sad.rules.numbers import elementwise_like, unknown
from s2sad.rules.selections import between, counted, differences, entries, quantiles
from s2sad.rules.shapes import cumulative, like, mean, reduction, reduction_to, spread
from s2sad.rules.table import case, rule, zero


def along(adjoint: str) -> dict[str, str]:
    """The tangent of a reduction over `axis`: the sum of what each entry passes on, which its adjoint at ones tells."""
    return {"a": f"np.sum(a_dot * ({adjoint.replace('(g,', '(np.ones_like(y),')}), axis=axis, keepdims=keepdims)"}


def really_along(adjoint: str) -> dict[str, str]:
    """The same of a real reduction of complex numbers."""
    return {"a": f"np.sum(np.real(np.conj({adjoint.replace('(g,', '(np.ones_like(y),')}) * a_dot), axis=axis, keepdims=keepdims)"}


# Extremes and quantiles
PTP = ("adjoint_of_extremum(g, np.max(a, axis=axis, keepdims=keepdims), a, axis, keepdims)"
       " - adjoint_of_extremum(g, np.min(a, axis=axis, keepdims=keepdims), a, axis, keepdims)")
rule("np.ptp(a, axis=None, *, keepdims=False)", a=PTP, tangents=along(PTP), analytic=False, result=reduction,
     kink="`np.ptp(a)` with ties: as `np.max` and `np.min`")
rule("np.median(a, axis=None, *, keepdims=False)", "np.nanmedian(a, axis=None, *, keepdims=False)",
     a="adjoint_of_quantile(g, a, 0.5, axis, 'linear', keepdims)",
     tangents={"a": "tangent_of_quantile(a_dot, a, 0.5, axis, 'linear', keepdims)"},
     analytic=False, result=mean, kink="`np.median`, `np.quantile` with ties: as the entries come out of `np.argsort`")
for name, level, back in (("quantile", "q", ""), ("percentile", "np.divide(q, 100)", " / 100")):
    rule(f"np.{name}(a, q, axis=None, *, method='linear', keepdims=False, weights=None)",
         f"np.nan{name}(a, q, axis=None, *, method='linear', keepdims=False, weights=None)",
         case("method == 'linear'", q=f"adjoint_of_quantile_level(g, a, {level}, axis, keepdims){back}",
              q_dot=f"tangent_of_quantile_level(q_dot, a, {level}, axis, keepdims){back}"),
         case("weights is None", a=f"adjoint_of_quantile(g, a, {level}, axis, method, keepdims)",
              a_dot=f"tangent_of_quantile(a_dot, a, {level}, axis, method, keepdims)"),
         a=f"adjoint_of_quantile(g, a, {level}, axis, method, keepdims, weights)", weights="0.0", analytic=False, result=quantiles,
         tangents={"a": f"tangent_of_quantile(a_dot, a, {level}, axis, method, keepdims, weights)", "weights": "0.0"})

# Averages and covariances
WEIGHTED = "adjoint_of_average(g, a, axis, weights, keepdims)"
rule("np.average(a, axis=None, weights=None, *, keepdims=False)",
     case("weights is None", a="adjoint_of_mean(g, a, axis, keepdims)", a_dot="np.mean(a_dot, axis=axis, keepdims=keepdims)"),
     a=WEIGHTED, weights="adjoint_of_average_weights(g, y, a, axis, weights, keepdims)",
     tangents={"a": "np.average(a_dot, axis, weights, keepdims=keepdims)",
               "weights": "tangent_of_average_weights(weights_dot, y, a, axis, weights, keepdims)"}, analytic=False, result=mean)
WEIGHTS = "rowvar, bias, ddof, fweights, aweights"
JOINED, OF_JOINED = "joined_variables(m, more, rowvar)", "True, bias, ddof, fweights, aweights"
rule("np.cov(m, more=None, /, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None)",
     case("more is None and fweights is None and aweights is None", m="adjoint_of_cov(g, m, rowvar, bias, ddof)",
          m_dot="tangent_of_cov(m_dot, m, rowvar, bias, ddof)"),
     case("more is None", m=f"adjoint_of_cov(g, m, {WEIGHTS})", m_dot=f"tangent_of_cov(m_dot, m, {WEIGHTS})"),
     m=f"part_of_variables(adjoint_of_cov(g, {JOINED}, {OF_JOINED}), 0, m, more, rowvar)",
     more=f"part_of_variables(adjoint_of_cov(g, {JOINED}, {OF_JOINED}), 1, m, more, rowvar)", analytic=False, result=unknown,
     tangents={"m": f"tangent_of_cov(joined_variables(m_dot, zeros(more), rowvar), {JOINED}, {OF_JOINED})",
               "more": f"tangent_of_cov(joined_variables(np.zeros_like(m), more_dot, rowvar), {JOINED}, {OF_JOINED})"})
rule("np.corrcoef(x, more=None, /, rowvar=True)",
     case("more is None", x="adjoint_of_corrcoef(g, x, rowvar)", x_dot="tangent_of_corrcoef(x_dot, x, rowvar)"),
     x="part_of_variables(adjoint_of_corrcoef(g, joined_variables(x, more, rowvar)), 0, x, more, rowvar)",
     more="part_of_variables(adjoint_of_corrcoef(g, joined_variables(x, more, rowvar)), 1, x, more, rowvar)",
     analytic=False, result=unknown,
     tangents={"x": "tangent_of_corrcoef(joined_variables(x_dot, zeros(more), rowvar), joined_variables(x, more, rowvar))",
               "more": "tangent_of_corrcoef(joined_variables(np.zeros_like(x), more_dot, rowvar), joined_variables(x, more, rowvar))"})

# Without the nans
NAN = "(a, axis=None, *, keepdims=False)"
rule("np.nansum" + NAN, a="adjoint_of_nansum(g, a, axis, keepdims)",
     tangents={"a": "np.sum(np.where(np.isnan(a), 0.0, a_dot), axis=axis, keepdims=keepdims)"}, result=reduction)
rule("np.nanmean" + NAN, a="adjoint_of_nanmean(g, a, axis, keepdims)",
     tangents={"a": "np.nanmean(np.where(np.isnan(a), np.nan, a_dot), axis=axis, keepdims=keepdims)"}, result=mean)
rule("np.nanprod" + NAN, a="adjoint_of_nanprod(g, a, axis, keepdims)", tangents=along("adjoint_of_nanprod(g, a, axis, keepdims)"),
     result=reduction)
for extremum, what in (("max", "largest"), ("min", "smallest")):
    rule(f"np.nan{extremum}" + NAN, a="adjoint_of_extremum(g, y, a, axis, keepdims)",
         tangents=along("adjoint_of_extremum(g, y, a, axis, keepdims)"), analytic=False, result=reduction,
         kink=f"`np.nan{extremum}(a)` with ties: equal parts to all of the {what} entries")
VAR, STD = "adjoint_of_nanvar(g, a, axis, ddof, keepdims)", "adjoint_of_nanstd(g, y, a, axis, ddof, keepdims)"
rule("np.nanvar(a, axis=None, *, ddof=0, keepdims=False)", case("a.kind != 'c'", a_dot=along(VAR)["a"]), a=VAR,
     tangents=really_along(VAR), analytic=False, result=spread)
rule("np.nanstd(a, axis=None, *, ddof=0, keepdims=False)", case("a.kind != 'c'", a_dot=along(STD)["a"]), a=STD,
     tangents=really_along(STD), analytic=False, result=spread,
     kink="`np.nanstd(a)` of equal entries: 0")
zero("np.nanargmax(a, axis=None, *, keepdims=False)", "np.nanargmin(a, axis=None, *, keepdims=False)", result=reduction_to("i"))

# Running sums and products; `np.cumsum` stands with the reductions
rule("np.cumprod(a, axis=None)", "a.cumprod(axis=None)", a="adjoint_of_cumprod(g, a, axis)",
     tangents={"a": "tangent_of_cumprod(a_dot, y, a, axis)"}, result=cumulative)
rule("np.nancumsum(a, axis=None)", a="adjoint_of_nancumsum(g, a, axis)",
     tangents={"a": "np.cumsum(np.where(np.isnan(a), 0.0, a_dot), axis)"}, result=cumulative)
rule("np.nancumprod(a, axis=None)", a="np.where(np.isnan(a), 0.0, adjoint_of_cumprod(g, np.where(np.isnan(a), 1.0, a), axis))",
     tangents={"a": "tangent_of_cumprod(np.where(np.isnan(a), 0.0, a_dot), y, np.where(np.isnan(a), 1.0, a), axis)"}, result=cumulative)
rule("np.cumulative_sum(x, /, *, axis=None)", x="adjoint_of_cumsum(g, x, axis)", linear="x", result=like("x"))
rule("np.cumulative_prod(x, /, *, axis=None)", x="adjoint_of_cumprod(g, x, axis)", tangents={"x": "tangent_of_cumprod(x_dot, y, x, axis)"},
     result=like("x"))

# Differences and integrals
rule("np.diff(a, n=1, axis=-1, prepend=None, append=None)",
     case("a.ndim == 1 and n == 1 and prepend is None and append is None", a="-np.diff(np.pad(g, 1))"),
     case("prepend is None and append is None", a="adjoint_of_diff(g, n, axis)"),
     a="adjoint_of_diff_between(g, a, prepend, append, n, axis)[1]",
     prepend="unbroadcast(adjoint_of_diff_between(g, a, prepend, append, n, axis)[0], prepend)",
     append="unbroadcast(adjoint_of_diff_between(g, a, prepend, append, n, axis)[2], append)",
     linear="a+prepend+append", result=differences)
rule("np.ediff1d(ary, to_end=None, to_begin=None)", ary="adjoint_of_ediff1d(g, ary, to_begin)",
     to_end="np.reshape(g[np.size(g) - np.size(to_end):], np.shape(to_end))",
     to_begin="np.reshape(g[:np.size(to_begin)], np.shape(to_begin))", linear="ary+to_end+to_begin", result=entries("ary", 1))
rule("np.gradient(f, *varargs, axis=None, edge_order=1)", f="adjoint_of_gradient(g, f, varargs, axis, edge_order)", varargs="0.0",
     items={"varargs": spacing_parts}, linear="f", result=between, several=True, tangents={"varargs": tangent_of_spacings})
rule("np.trapezoid(f, /, x=None, dx=1.0, axis=-1)", "np.trapz(f, /, x=None, dx=1.0, axis=-1)",
     "scipy.integrate.trapezoid(f, /, x=None, dx=1.0, axis=-1)",
     case("x is None", f="adjoint_of_trapezoid(g, f, None, dx, axis)", dx="np.sum(g * y) / dx"),
     f="adjoint_of_trapezoid(g, f, x, dx, axis)", x="adjoint_of_trapezoid_points(g, f, x, axis)", dx="0.0",
     linear="f x dx", result=unknown)
rule("np.interp(x, xp, fp, left=None, right=None)", x="adjoint_of_interp(g, x, xp, fp)", xp="adjoint_of_interp_points(g, x, xp, fp)",
     fp="adjoint_of_interp_values(g, x, xp, fp, left, right)", left="np.sum(g * (x < xp[0]))", right="np.sum(g * (x > xp[-1]))",
     tangents={"x": "adjoint_of_interp(x_dot, x, xp, fp)", "xp": "tangent_of_interp_points(xp_dot, x, xp, fp)"},
     linear="fp+left+right", analytic=False, result=elementwise_like("x"),
     kink="`np.interp(x, xp, fp)` at a point of the table: the slope to the right of it")

# Counts.  A count has no derivative, the weights that are summed have.
rule("np.bincount(x, /, weights=None, minlength=0)", weights="g[x]", linear="weights", result=counted)
rule("np.histogram(a, bins=10, range=None, *, weights=None)", a="adjoint_of_histogrammed(g, y, a, bins, range)",
     bins="unbroadcast(g[1], bins)", weights="adjoint_of_histogram_weights(g, y, a, weights)", analytic=False, result=unknown,
     tangents={"a": "tangent_of_histogrammed(a_dot, y, a, bins, range)", "bins": "[np.zeros_like(y[0]), bins_dot]",
               "weights": "[np.histogram(a, y[1], weights=weights_dot)[0], np.zeros_like(y[1])]"}, several=True)
rule("np.histogram_bin_edges(a, bins=10, range=None, weights=None)", a="adjoint_of_histogrammed((None, g), (None, y), a, bins, range)",
     tangents={"a": "tangent_of_histogrammed(a_dot, (y[1:], y), a, bins, range)[1]"}, analytic=False, result=unknown)
