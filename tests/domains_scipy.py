"""Where the rules of SciPy are tested, as in `domains`; empty where SciPy is not installed."""
from __future__ import annotations

from typing import Any

import numpy as np
from domains_numpy import each

try:
    import scipy
    import scipy.integrate
    import scipy.interpolate
    import scipy.linalg
    import scipy.ndimage
    import scipy.optimize
    import scipy.signal
    import scipy.special
    import scipy.stats
    NAMES: dict[str, Any] = {"scipy": scipy}
except ImportError:
    NAMES = {}

ANY, UNIT, POSITIVE, OPEN = (-1.8, 1.8), (-0.8, 0.8), (0.4, 2.5), (0.15, 0.85)
_S = "scipy.special."


def _each(interval: tuple[tuple[float, float], ...], names: str) -> dict[str, tuple[tuple[float, float], ...]]:
    return {_S + name.strip(): interval for name in names.split(",")}


INTERVALS: dict[str, tuple[tuple[float, float], ...]] = {
    **_each((ANY,), "erf, erfc, erfcx, erfi, dawsn, ndtr, log_ndtr, expit, log_expit, j0, i0, expm1, exp2, exp10, cosm1, sindg, cosdg, tandg, exprel"),
    **_each((UNIT,), "erfinv, log1p"), **_each((OPEN,), "erfcinv, ndtri, logit, ellipk, ellipe"),
    **_each((POSITIVE,), "gamma, gammaln, loggamma, rgamma, psi, digamma, entr, j1, y0, y1, i1, k0, k1, i0e, i1e, k0e, k1e, expi, exp1, spence, cbrt"),
    **_each((POSITIVE, POSITIVE), "beta, betaln, xlogy, xlog1py, rel_entr, kl_div, huber, pseudo_huber, poch"),
    **_each(((3.0, 4.0), (0.5, 2.0)), "binom"),
} if NAMES else {}

CALLS: dict[str, tuple[str, ...]] = each({_S + name: text for name, text in {
    "polygamma": "1, V | 2, t", "multigammaln": "t + 2.0, 2 | V + 3, 3", "gammainc": "2, V | W.round(1).astype(int) + 1, W", "gammaincc": "2, V",
    "gammaincinv": "2, np.array([0.2, 0.7])", "gammainccinv": "2, np.array([0.2, 0.7])", "betainc": "2, 3, np.array([0.2, 0.7])",
    "betaincinv": "2, 3, np.array([0.2, 0.7])", "zeta": "3, V", "gammasgn": "V",
    "logsumexp": "A | A, axis=0 | A, 1, keepdims=True | T, axis=(0, 2) | u | A, axis=1, b=W | A, b=V | F, axis=0",
    "boxcox": "V, s | V, W[0]", "inv_boxcox": "V, s | V, W[0]", "softmax": "A | A, axis=1 | u | F, axis=0", "log_softmax": "A | A, axis=1 | u",
    "jv": "0, V | 2, V | 1, t", "yv": "1, V", "yn": "2, V", "iv": "2, V", "kv": "2, V", "ive": "2, V", "kve": "2, V", "expn": "3, V", **dict.fromkeys(("spherical_jn", "spherical_yn", "spherical_in", "spherical_kn", "jve", "yve", "struve", "modstruve"), "1, V | 2, V"),
    **dict.fromkeys(("eval_legendre", "eval_chebyt", "eval_chebyu", "eval_hermite", "eval_hermitenorm", "eval_laguerre"),
                    "3, np.array([0.2, 0.7]) | 0, V * 0.2 | 1, V * 0.2"),
    "eval_jacobi": "3, 0.5, 1.5, np.array([0.2, 0.7]) | 0, 0.5, 1.5, V * 0.2", "eval_gegenbauer": "3, 0.5, np.array([0.2, 0.7])",
    "eval_genlaguerre": "3, 0.5, V | 0, 0.5, V", "ellipkinc": "V * 0.3, 0.4", "ellipeinc": "V * 0.3, 0.4", "owens_t": "V, s | s, V",
    "wrightomega": "V", "hyperu": "1.5, 0.5, V", "ndtri_exp": "-V",
    "hyp0f1": "2, V", "hyp1f1": "2, 3, V", "hyp2f1": "1, 2, 3, np.array([0.2, 0.7])", "sici": "V | t", "fresnel": "V | t",
}.items()}) if NAMES else {}
if NAMES:
    CALLS |= each({"scipy.linalg." + name: text for name, text in {
        "solve": "S, w | S, S | S, w, assume_a='sym' | S, S, assume_a='sym', lower=True | SP, w, assume_a='pos' | SP, w, assume_a='pos', lower=True | S, w, transposed=True | CS, w, assume_a='sym' | CP, w, assume_a='pos'", "solve_banded": "(1, 1), S + 3.0, w | (1, 1), S + 3.0, S | (0, 2), S + 3.0, w", "solve_triangular": "SP, w | SP, S, lower=True | SP, w, 1 | SP, w, trans='T', lower=True | SP, w, unit_diagonal=True",
        "cho_solve": "(SP, True), w | (SP, False), S", "cho_factor": "SP | SP, lower=True | SP, True", "solve_sylvester": "SP, SP, S",
        "inv": "S", "det": "S", "pinv": "A", "norm": "A | u | A, 'nuc'", "expm": "S | CS * 0.3", "logm": "SP", "sqrtm": "SP",
        "cosm": "S", "sinm": "S", "coshm": "S", "sinhm": "S", "tanm": "SP * 0.1", "tanhm": "S", "cholesky": "SP | SP, lower=True | CP",
        "lu": "S | SP", "eigh": "SP | SP, lower=False", "eigvalsh": "SP", "svd": "A, full_matrices=False | A, compute_uv=False | S", "svdvals": "A",
        "qr": "B, mode='economic'", "block_diag": "S, A | A | u, S", "toeplitz": "u | u, x | w, u", "circulant": "u"}.items()})
    CALLS |= each({"scipy.signal." + name: text for name, text in {
        **dict.fromkeys(("convolve", "fftconvolve", "oaconvolve"), "u, w | w, u | A, S | A, S, 'same' | S, A, 'valid' | u, w, mode='valid' | w, u, 'same' | x, u, 'same'"),
        "correlate": "u, w | A, S, 'same' | w, x, 'valid'", "convolve2d": "A, S | A, S, 'same' | A, S, 'valid'", "lfilter": "[1.0, 0.5], [1.0, -0.3], u | [1.0], [1.0, 0.2], A"}.items()})
    CALLS |= each({"s2sad.runtime.adjoint_of_map_coordinates": "w[:2], A, [[0.4, 1.7], [2.9, 0.1]]",
                   "s2sad.runtime.adjoint_of_signal_convolve": "A, C, S, 'same' | w[:2], u, w, 'valid'",
                   "s2sad.runtime.adjoint_of_signal_convolve_right": "A, C, S, 'same' | w[:2], u, w, 'valid'"})
    CALLS |= each({"scipy.ndimage.gaussian_filter": "A, 0.7, 1 | A, (0.7, 0.4), order=(1, 0), mode='nearest' | u, 0.9, truncate=2.0 | A, (0.6, 0.0), mode='mirror' | F, 0.7, 2 | A, 0.7 | A, 0.5, mode='wrap' | u, 0.9, mode='constant' | A, 0.6, mode='nearest' | u, 0.7, mode='mirror'",
                   "scipy.ndimage.shift": "u, 0.4 | A, (0.3, -1.2) | A, 0.5, order=1, mode='nearest' | A, 1, mode='wrap', order=2 | A, (0, 1.5), prefilter=False",
                   "scipy.ndimage.zoom": "u, 1.7 | A, 2 | A, (1.5, 0.6), order=1 | A, 1.3, mode='nearest'",
                   "scipy.ndimage.map_coordinates": "u, [[0.4, 1.7, 2.9, -0.3]] | A, [[0.4, 1.7], [2.9, 0.1]] | A, [[[0.4], [0.1]], [[0.8], [1.7]]], order=1 | T, [[0.2], [1.3], [0.9]], mode='nearest' | F, [[0.4], [1.7]]",
                   "scipy.ndimage.gaussian_filter1d": "A, 0.7, 0, 1 | A, 0.7, order=2, mode='wrap' | A, 0.7 | A, 0.7, 0, mode='wrap' | A, 0.7, 0, mode='nearest'",
                   **dict.fromkeys(("scipy.ndimage.correlate", "scipy.ndimage.convolve"),
                                   "u, w | A, S[:2] | A, S, mode='constant' | A, S[:2, :2], mode='nearest' | u, w[:2], mode='wrap' | u, w, mode='mirror'"),
                   **dict.fromkeys(("scipy.ndimage.correlate1d", "scipy.ndimage.convolve1d"), "u, w | A, w, 0 | A, w[:2], mode='nearest' | A, w, 1, mode='wrap'"),
                   "scipy.ndimage.uniform_filter": "A | A, 2 | u, 3, mode='nearest'", "scipy.ndimage.uniform_filter1d": "A, 3 | A, 2, 0, mode='wrap'",
                   **dict.fromkeys(("scipy.ndimage.sobel", "scipy.ndimage.prewitt"), "A | A, 0, mode='nearest' | u"),
                   "scipy.ndimage.laplace": "A | u, mode='mirror'", "scipy.ndimage.spline_filter1d": "u | A, 3, 0",
                   "scipy.signal.filtfilt": "[1.0, 0.5], [1.0, -0.3], np.tile(u, 4)", "scipy.signal.sosfilt": "[[1.0, 0.5, 0.1, 1.0, -0.3, 0.2]], A",
                   "scipy.signal.savgol_filter": "np.tile(u, 2), 5, 2 | np.tile(u, 2), 5, 2, mode='nearest'", "scipy.signal.detrend": "A | A, 0, 'constant'",
                   "scipy.integrate.cumulative_trapezoid": "u | A, [0.0, 0.4, 1.0, 1.7], axis=1 | A, dx=0.5, axis=0, initial=0", "scipy.integrate.romb": "np.append(u, 0.3) | np.append(u, 0.3), 0.5",
                   "scipy.integrate.simpson": "u | A, dx=0.5, axis=0 | A, [0.0, 0.4, 1.0, 1.7]", "scipy.integrate.trapezoid": "u | A, u | A, dx=0.3, axis=0",
                   "scipy.interpolate.barycentric_interpolate": "[0.0, 1.0, 2.0, 3.0], u, [0.5, 1.5]",
                   "scipy.interpolate.krogh_interpolate": "[0.0, 1.0, 2.0, 3.0], u, [0.5, 1.5]"})
    _SHAPES = {"t": "3.5, ", "gamma": "2.5, ", "chi2": "3.5, ", "beta": "2.5, 1.5, ", "lognorm": "0.7, ", "pareto": "2.5, ", "weibull_min": "1.7, ",
               "invgamma": "2.5, "}
    _POINTS = {"beta": "np.array([0.2, 0.7])", "pareto": "V + 1"}
    for _name in ("norm", "laplace", "logistic", "cauchy", "gumbel_r", "gumbel_l", "expon", "rayleigh", "halfnorm", *_SHAPES):
        _shape, _x = _SHAPES.get(_name, ""), _POINTS.get(_name, "V")
        _varied = "".join(f"{part} * s, " for part in _shape.split(", ")[:-1])
        for _function in ("logpdf", "pdf", "cdf", "sf", "logcdf", "logsf"):
            _calls = [f"{_x}, {_shape.rstrip(', ')}".rstrip(", "), f"{_x}, {_shape}-0.1 * s, t"]
            _calls += [f"{_x}, {_varied.rstrip(', ')}"] if _shape and "pdf" in _function else []
            CALLS[f"scipy.stats.{_name}.{_function}"] = tuple(f"scipy.stats.{_name}.{_function}({call})" for call in _calls)
        CALLS[f"scipy.stats.{_name}.ppf"] = (f"scipy.stats.{_name}.ppf(np.array([0.2, 0.7]), {_shape}s, t)",)
    CALLS |= {f"scipy.stats.{call.partition('(')[0]}": (f"scipy.stats.{call}",) for call in (
        "poisson.logpmf(np.array([1, 3]), V[:2] * t)", "poisson.pmf(np.array([1, 3]), t)", "poisson.cdf(np.array([1, 3]), t)",
        "bernoulli.logpmf(np.array([0, 1]), s)", "binom.logpmf(np.array([0, 2]), 3, s)", "geom.logpmf(np.array([1, 2]), s)")}
    CALLS |= each({"scipy.stats.multivariate_normal." + name: text for name, text in {
        "logpdf": "w, S[0], SP | S, w, SP | u, 0.3, t | w, S[0], w * w | S, cov=SP | T[..., :3], w, SP, allow_singular=True | w",
        "pdf": "w, S[0], SP | S, w, SP | u, 0.3, t", "entropy": "w, SP | cov=SP | w, w * w"}.items()})

# What calls functions of the user's: see `test_solvers`
if NAMES:
    CALLS |= {"scipy.optimize." + name: () for name in ("brentq", "brenth", "bisect", "ridder", "toms748", "newton", "fsolve", "root_scalar", "root",
                                                       "fixed_point", "minimize", "minimize_scalar", "least_squares")}
    CALLS |= {"scipy.integrate." + name: () for name in ("quad", "quad_vec", "solve_ivp", "odeint")}

VALUES: dict[str, Any] = {}
assert np
