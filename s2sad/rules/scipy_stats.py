"""The rules of log-densities, densities and distribution functions of `scipy.stats`.

The distributions are found by their names, as in `scipy.stats.norm.logpdf`.  `slope` is the derivative of the log-density in `x`; since a
distribution with `loc` and `scale` is that of `(x - loc) / scale`, the adjoints of all three follow from it.
"""
from __future__ import annotations

from s2sad.rules.numbers import double, unknown
from s2sad.rules.table import rule, ufunc

LOG_DENSITIES = {
    # distribution, its shape parameters: the slope of its log-density in z = (x - loc) / scale, and the derivatives in the shape parameters
    "norm": ("", "-Z", {}),
    "laplace": ("", "-np.sign(Z)", {}),
    "logistic": ("", "-np.tanh(Z / 2)", {}),
    "cauchy": ("", "-2 * Z / (1 + Z**2)", {}),
    "gumbel_r": ("", "(np.exp(-Z) - 1)", {}),
    "gumbel_l": ("", "(1 - np.exp(Z))", {}),
    "expon": ("", "-np.where(Z >= 0, 1.0, 0.0)", {}),
    "rayleigh": ("", "(1 / Z - Z)", {}),
    "halfnorm": ("", "-Z", {}),
    "t": ("df, ", "-(df + 1) * Z / (df + Z**2)", {
        "df": "(scipy.special.psi((df + 1) / 2) - scipy.special.psi(df / 2) - 1 / df - np.log1p(Z**2 / df)"
              " + (df + 1) * Z**2 / (df * (df + Z**2))) / 2"}),
    "gamma": ("a, ", "((a - 1) / Z - 1)", {"a": "(np.log(Z) - scipy.special.psi(a))"}),
    "chi2": ("df, ", "((df / 2 - 1) / Z - 0.5)", {"df": "(np.log(Z / 2) - scipy.special.psi(df / 2)) / 2"}),
    "beta": ("a, b, ", "((a - 1) / Z - (b - 1) / (1 - Z))", {
        "a": "(np.log(Z) - scipy.special.psi(a) + scipy.special.psi(a + b))",
        "b": "(np.log1p(-Z) - scipy.special.psi(b) + scipy.special.psi(a + b))"}),
    "lognorm": ("s, ", "-(1 + np.log(Z) / s**2) / Z", {"s": "(np.log(Z)**2 / s**3 - 1 / s)"}),
    "pareto": ("b, ", "-(b + 1) / Z", {"b": "(1 / b - np.log(Z))"}),
    "weibull_min": ("c, ", "((c - 1) / Z - c * Z**(c - 1))", {"c": "(1 / c + np.log(Z) * (1 - Z**c))"}),
    "invgamma": ("a, ", "(1 / Z - a - 1) / Z", {"a": "-(np.log(Z) + scipy.special.psi(a))"}),
}


def placed(text: str) -> str:
    return text.replace("Z", "((x - loc) / scale)")


for name, (shapes, slope, derivatives) in LOG_DENSITIES.items():
    arguments = f"(x, {shapes}loc=0, scale=1)"
    z, slope = placed("Z"), placed(slope)
    for function, factor in (("logpdf", "g"), ("pdf", "g * y")):
        ufunc(f"scipy.stats.{name}.{function}{arguments}", x=f"{factor} * {slope} / scale", loc=f"-{factor} * {slope} / scale",
              scale=f"-{factor} * (1 + {slope} * {z}) / scale", analytic=False, result=double,
              **{shape: f"{factor} * {placed(text)}" for shape, text in derivatives.items()})
    values = f"scipy.stats.{name}.pdf(x, {shapes}loc, scale)"
    logs = f"scipy.stats.{name}.logpdf(x, {shapes}loc, scale)"
    for function, factor in (("cdf", f"g * {values}"), ("sf", f"-g * {values}"), ("logcdf", f"g * np.exp({logs} - y)"),
                             ("logsf", f"-g * np.exp({logs} - y)")):
        ufunc(f"scipy.stats.{name}.{function}{arguments}", x=factor, loc=f"-{factor}", scale=f"-{factor} * {z}", analytic=False,
              result=double)
    ufunc(f"scipy.stats.{name}.ppf(q, {shapes}loc=0, scale=1)", q=f"g / scipy.stats.{name}.pdf(y, {shapes}loc, scale)", loc="g",
          scale="g * (y - loc) / scale", analytic=False, result=double)

# Several variables
N = "scipy.stats.multivariate_normal."
for function, factor in (("logpdf", ""), ("pdf", "y * ")):
    rule(f"{N}{function}(x, mean=None, cov=1, allow_singular=False)", x=f"adjoint_of_normal_point({factor}g, x, mean, cov)",
         mean=f"adjoint_of_normal_mean({factor}g, x, mean, cov)", cov=f"adjoint_of_normal_covariance({factor}g, x, mean, cov)",
         tangents={"x": f"{factor}np.reshape(tangent_of_normal_point(x_dot, x, mean, cov), np.shape(y))",
                   "mean": f"{factor}np.reshape(np.sum(scores(x, mean, cov) * mean_dot, axis=-1), np.shape(y))",
                   "cov": f"{factor}np.reshape(tangent_of_normal_covariance(cov_dot, x, mean, cov), np.shape(y))"},
         analytic=False, result=unknown, raises=True)
PRECISION = "np.linalg.pinv(covariance(cov, variables(mean, cov)))"
rule(N + "entropy(mean=None, cov=1)", mean="0.0", cov=f"adjoint_of_covariance(g / 2 * {PRECISION}, cov)", analytic=False, result=unknown,
     tangents={"mean": "0.0", "cov": f"np.sum({PRECISION} * covariance(cov_dot, variables(mean, cov))) / 2"}, raises=True)

ufunc("scipy.stats.poisson.logpmf(k, mu, loc=0)", mu="g * ((k - loc) / mu - 1)", analytic=False, result=double)
ufunc("scipy.stats.poisson.pmf(k, mu, loc=0)", mu="g * y * ((k - loc) / mu - 1)", analytic=False, result=double)
ufunc("scipy.stats.poisson.cdf(k, mu, loc=0)", mu="-g * scipy.stats.poisson.pmf(np.floor(k), mu, loc)", analytic=False, result=double)
ufunc("scipy.stats.bernoulli.logpmf(k, p, loc=0)", p="g * np.where(k == loc + 1, 1 / p, -1 / (1 - p))", analytic=False, result=double)
ufunc("scipy.stats.binom.logpmf(k, n, p, loc=0)", p="g * ((k - loc) / p - (n - k + loc) / (1 - p))", analytic=False, result=double)
ufunc("scipy.stats.geom.logpmf(k, p, loc=0)", p="g * (1 / p - (k - loc - 1) / (1 - p))", analytic=False, result=double)
