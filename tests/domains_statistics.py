"""Where the rules of NumPy's statistics, differences, integrals and interpolation are tested, as in `domains`."""
from __future__ import annotations

import numpy as np
from domains_numpy import each

_rng = np.random.default_rng(23)
_holes = 0.37 * _rng.permutation(12).reshape(3, 4) - 1.5
_holes[0, 1] = _holes[2, 3] = np.nan
VALUES = {
    "N": _holes, "X": np.array([0.0, 0.7, 1.1, 2.4]), "Y": _rng.normal(size=4), "m": 0.3, "R": 0.37 * _rng.permutation(24).reshape(2, 3, 4) - 3, "G": 0.37 * _rng.permutation(12).reshape(3, 4) - 1.5, "W": _rng.uniform(0.5, 1.5, size=(3, 4)),
    "O": np.array([0, 2, 1, 2]), "V": _rng.uniform(0.5, 1.5, size=4),
}
_OVER = "A | A, axis=0 | A, axis=-1 | R, axis=(0, 2) | A, axis=1, keepdims=True | R, axis=(0, -1), keepdims=True | u | F, axis=1 | A, keepdims=True"
_HOLES = "N | N, axis=0 | N, axis=-1, keepdims=True | G | R, axis=(0, 2) | N, axis=(0, 1)"
_LEVELS = "G, 0.3, method='inverted_cdf', weights=W | G, [0.3, 0.7], axis=1, method='inverted_cdf', weights=V | G, 0.3 | G, m | G, 0.3, axis=0 | R[0, 0], [0.1, 0.6] | G, (0.2, m), axis=1 | R, 0.4, axis=(0, 2) | G, 0.3, axis=1, keepdims=True | G, np.array([[0.1, 0.2], [0.3, 0.4]]), axis=0 | G, m, axis=1, keepdims=True | R[0, 0], 0.3, method='midpoint' | R[0, 0], 0.3, method='lower' | G, 0.45, axis=0, method='weibull' | F, 0.3, axis=0"

CALLS = each({
    **{f"{owner}.ptp": _OVER for owner in ("np",)},
    "np.median": _OVER, "np.nanmedian": _HOLES,
    "np.quantile": _LEVELS, "np.percentile": "G, 30 | G, 30.0 * m | G, 30.0, axis=0 | R[0, 0], [10, 60.0] | R[0, 0], 35.0, method='hazen'",
    "np.nanquantile": "N, 0.4, axis=1, method='inverted_cdf', weights=W | N, 0.3 | N, 0.3, axis=0 | N, 0.4, axis=1, keepdims=True | N, [0.2, 0.7], axis=1", "np.nanpercentile": "N, 30.0 | N, 40.0, axis=1",
    "np.average": "A | A, axis=0 | A, weights=W | A, 1, W | A, axis=1, weights=V | u, weights=V | A, axis=0, keepdims=True | T, axis=(0, 2), weights=np.ones((2, 4)) * 0.3 | T, axis=(2, 0), weights=np.ones((4, 2)) | A, axis=1, weights=V, keepdims=True",
    "np.cov": "A, fweights=[1, 2, 1, 3] | A, aweights=[0.7, 1.2, 0.5, 0.9] | A, bias=True, aweights=[0.7, 1.2, 0.5, 0.9], fweights=[1, 2, 1, 3] | A, rowvar=False, aweights=[0.7, 1.2, 0.5] | u, v | A, C | A, u | A, C, False | A, u, aweights=[0.7, 1.2, 0.5, 0.9], ddof=0 | F, aweights=[1.0, 2.0, 1.0, 1.0] | A | u | A, rowvar=False | A, bias=True | A, ddof=0 | A.T", "np.corrcoef": "u, v | A, C | A, C, False | A | A, rowvar=False | u",
    "np.nansum": _HOLES, "np.nanmean": _HOLES, "np.nanmax": _HOLES, "np.nanmin": _HOLES, "np.nanvar": _HOLES + " | N, axis=1, ddof=1 | K | K, axis=1", "np.nanstd": _HOLES + " | K, axis=0",
    "np.nanprod": _HOLES, "np.nanargmax": "N, axis=1", "np.nanargmin": "N",
    "np.nancumsum": "N | N, axis=1 | u", "np.nancumprod": "N | N, axis=1",
    "np.cumprod": "u | A | A, axis=0 | T, -1 | Z, axis=1 | Z | F, axis=1 | E, 0", "a.cumprod": "u | Z, axis=0",
    "np.cumulative_sum": "u | A, axis=0", "np.cumulative_prod": "u | Z, axis=1",
    "np.diff": "u | A | A, axis=0 | T, 2, axis=1 | u, n | F | u, prepend=s | A, axis=1, append=s | A, axis=0, prepend=A, append=A[:1] | u, 2, prepend=w, append=t | u, 3",
    "np.ediff1d": "u | A | u, to_end=s | u, [s, t], w | u, to_begin=t",
    "np.gradient": "u | u, 2.0 | u, s | A | A, s, t | A, axis=0 | A, s, axis=1 | T, axis=(0, 2) | u, [0, 1, 3, 7] | u, np.array([0, 1, 3, 7]), edge_order=2 | u, edge_order=2 | A, [0, 2, 3], [0, 1, 3, 4] | A, s | F, axis=1 | u[:2]",
    "np.trapezoid": "u | u, dx=s | u, X | A, axis=0 | A, X | A, np.cumsum(W, axis=0), axis=0 | A, dx=0.5 | u, dx=t | F | A, w, axis=0",
    "np.interp": "s, X, Y | np.array([0.3, 1.0, 2.0, 5.0, -1.0]), X, Y | x, X, Y | x, X, Y, left=s | x, X, Y, -1.0, t | A, X, Y",
    "np.bincount": "O, V | O, weights=u, minlength=5 | O",
    "np.histogram": "R[0, 0], np.linspace(-6, 6, 5), weights=V | R[0, 0], 4, (-5.0, 5.0), weights=V | np.array([0, 1, 3, 4]), 4, weights=V | A, 5, (-1.0, 1.0), weights=W",
    "np.histogram_bin_edges": "u, 3 | u, 3, (0, 1)",
})
