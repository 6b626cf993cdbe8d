"""The rules of `scipy.linalg`, and of the linear filters of `scipy.signal` and `scipy.ndimage`."""
from __future__ import annotations

from s2sad.rules.items import each_of
from s2sad.rules.matrices import same_matrix
from s2sad.rules.numbers import unknown
from s2sad.rules.shapes import like
from s2sad.rules.table import case, rule

L = "scipy.linalg."

# Systems of equations
STRUCTURE = "assume_a, lower, transposed"
rule(L + "solve(a, b, *, lower=False, check_finite=True, assume_a='gen', transposed=False)",
     case("assume_a == 'gen' and transposed == False", a="adjoint_of_solve_left(g, y, a, b)", b="adjoint_of_solve_right(g, a, b)",
          a_dot="tangent_of_solve(a_dot, y, a, b)"),
     a=f"adjoint_of_structured(adjoint_of_solve_left(g, y, structured(a, {STRUCTURE}), b), {STRUCTURE})",
     b=f"adjoint_of_solve_right(g, structured(a, {STRUCTURE}), b)", linear="b",
     tangents={"a": f"tangent_of_solve(structured(a_dot, {STRUCTURE}), y, structured(a, {STRUCTURE}), b)"}, result=unknown, raises=True)
rule(L + "solve_banded(l_and_u, ab, b)", ab="-bands_of_outer(l_and_u, adjoint_of_solve_banded(g, l_and_u, ab), y)",
     b="adjoint_of_solve_banded(g, l_and_u, ab)", linear="b", inert=("l_and_u",),
     tangents={"ab": "-scipy.linalg.solve_banded(l_and_u, ab, product_with_bands(l_and_u, ab_dot, y))"}, result=like("b"), raises=True)
rule(L + "solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False)",
     a="adjoint_of_triangle(adjoint_of_solve_triangular(g, a, trans, lower, unit_diagonal), y, trans, lower, unit_diagonal)",
     b="adjoint_of_solve_triangular(g, a, trans, lower, unit_diagonal)", linear="b",
     tangents={"a": "tangent_of_solve_triangular(a_dot, y, a, trans, lower, unit_diagonal)"}, result=like("b"), raises=True)
rule(L + "cho_solve(c_and_lower, b)", c_and_lower="[adjoint_of_cho_solve(g, y, c_and_lower), 0.0]",
     b="scipy.linalg.cho_solve(c_and_lower, g)", linear="b",
     tangents={"c_and_lower": "tangent_of_cho_solve(c_and_lower_dot[0], y, c_and_lower)"}, analytic=False, result=like("b"), raises=True)
rule(L + "cho_factor(a, lower=False)", a="adjoint_of_cho_factor(g, y)",
     tangents={"a": "tangent_of_cho_factor(a_dot, y)"}, analytic=False, result=unknown, raises=True)
rule(L + "solve_sylvester(a, b, q)", a="-scipy.linalg.solve_sylvester(a.T, b.T, g) @ y.T",
     b="-y.T @ scipy.linalg.solve_sylvester(a.T, b.T, g)",
     q="scipy.linalg.solve_sylvester(a.T, b.T, g)", linear="q",
     tangents={"a": "scipy.linalg.solve_sylvester(a, b, -a_dot @ y)", "b": "scipy.linalg.solve_sylvester(a, b, -y @ b_dot)"},
     result=like("q"), raises=True)

# Functions of matrices
rule(L + "inv(a)", a="-y.T @ g @ y.T", tangents={"a": "-y @ a_dot @ y"}, result=same_matrix("a"), raises=True)
rule(L + "det(a)", a="adjoint_of_det(g, y, a)", tangents={"a": "np.sum(a_dot * adjoint_of_det(np.ones_like(y), y, a), axis=(-2, -1))"},
     result=unknown)
rule(L + "pinv(a)", a="adjoint_of_pinv(g, y, a)", tangents={"a": "tangent_of_pinv(a_dot, y, a)"}, analytic=False, result=unknown)
rule(L + "norm(a, ord=None, axis=None, keepdims=False)", a="adjoint_of_norm(g, y, a, ord, axis, keepdims)",
     tangents={"a": "tangent_of_norm(a_dot, y, a, ord, axis, keepdims)"}, analytic=False, result=unknown)
rule(L + "expm(A)", A="scipy.linalg.expm_frechet(A.T, g, compute_expm=False)",
     tangents={"A": "scipy.linalg.expm_frechet(A, A_dot, compute_expm=False)"}, result=same_matrix("A"))
rule(L + "logm(A)", A="adjoint_of_logm(g, A)", tangents={"A": "frechet_derivative(scipy.linalg.logm, A, A_dot)"}, analytic=False,
     result=unknown)
rule(L + "sqrtm(A)", A="scipy.linalg.solve_sylvester(y.T, y.T, g)", tangents={"A": "scipy.linalg.solve_sylvester(y, y, A_dot)"},
     result=unknown)
for function in ("cosm", "sinm", "coshm", "sinhm", "tanm", "tanhm"):
    rule(f"{L}{function}(A)", A=f"frechet_derivative(scipy.linalg.{function}, A.T, g)",
         tangents={"A": f"frechet_derivative(scipy.linalg.{function}, A, A_dot)"}, result=same_matrix("A"))

# Factorisations
rule(L + "cholesky(a, lower=False)", a="adjoint_of_cholesky(g, y, not lower)", tangents={"a": "tangent_of_cholesky(a_dot, y, not lower)"},
     analytic=False, result=same_matrix("a"), raises=True)
rule(L + "lu(a)", a="adjoint_of_lu(g, y)", tangents={"a": "tangent_of_lu(a_dot, y)"}, result=unknown)
rule(L + "eigh(a, *, lower=True)", a="adjoint_of_eigh(g, y, not lower)", tangents={"a": "tangent_of_eigh(a_dot, y, not lower)"},
     analytic=False, result=unknown, raises=True)
rule(L + "eigvalsh(a, *, lower=True)", a="adjoint_of_eigvalsh(g, a, not lower)", tangents={"a": "tangent_of_eigvalsh(a_dot, a, not lower)"},
     analytic=False, result=unknown, raises=True)
rule(L + "svd(a, full_matrices=True, compute_uv=True)", case("compute_uv == False", a="adjoint_of_svdvals(g, a)",
                                                              a_dot="tangent_of_svdvals(a_dot, a)"),
     a="adjoint_of_svd(g, y, a)", tangents={"a": "tangent_of_svd(a_dot, y, a)"}, analytic=False, result=unknown, raises=True)
rule(L + "svdvals(a)", a="adjoint_of_svdvals(g, a)", tangents={"a": "tangent_of_svdvals(a_dot, a)"}, analytic=False, result=unknown)
rule(L + "qr(a, *, mode='full')", case("mode == 'economic'", a="adjoint_of_qr(g, y, a)", a_dot="tangent_of_qr(a_dot, y)"), analytic=False,
     result=unknown, raises=True)

# Matrices from vectors and blocks
rule(L + "block_diag(*arrs)", arrs="0.0", items={"arrs": each_of("part_of_block_diag(g, i, all)")}, linear="arrs", result=unknown)
rule(L + "toeplitz(c, r=None)", c="adjoint_of_toeplitz(g, c, r)[0]", r="adjoint_of_toeplitz(g, c, r)[1]", analytic=False,
     tangents={"c": "scipy.linalg.toeplitz(c_dot) if r is None else scipy.linalg.toeplitz(c_dot, np.zeros_like(r))",
               "r": "scipy.linalg.toeplitz(np.zeros_like(c), np.concatenate([[0.0], r_dot[1:]]))"}, result=unknown,
     kink="`scipy.linalg.toeplitz(c, r)`: nothing to `r[0]`, which is not used")
rule(L + "circulant(c)", c="scattered(g, scipy.linalg.circulant(positions(c)), c)", linear="c", result=unknown)

# Linear filters
for function in ("convolve", "fftconvolve", "oaconvolve"):
    rule(f"scipy.signal.{function}(in1, in2, mode='full')", in1="adjoint_of_signal_convolve(g, in1, in2, mode)",
         in2="adjoint_of_signal_convolve_right(g, in1, in2, mode)", linear="in1 in2", result=unknown)
rule("scipy.signal.convolve2d(in1, in2, mode='full')", in1="adjoint_of_signal_convolve(g, in1, in2, mode)",
     in2="adjoint_of_signal_convolve_right(g, in1, in2, mode)", linear="in1 in2", result=unknown)
rule("scipy.signal.correlate(in1, in2, mode='full')", in1="adjoint_of_signal_convolve(g, in1, np.flip(in2), mode)",
     in2="np.flip(adjoint_of_signal_convolve_right(g, in1, np.flip(in2), mode))", linear="in1 in2", result=unknown)
rule("scipy.signal.lfilter(b, a, x, /)", x="adjoint_of_lfilter(g, b, a)", linear="x", analytic=False, result=like("x"))
for function, flips in (("correlate", False), ("convolve", True)):
    rule(f"scipy.ndimage.{function}(input, weights, *, mode='reflect')", input=f"adjoint_of_filter(g, input, weights, mode, {flips})",
         weights=f"adjoint_of_filter_weights(g, input, weights, mode, {flips})", linear="input weights", result=like("input"))
    along = "filter_along(weights, axis, np.ndim(input))"
    rule(f"scipy.ndimage.{function}1d(input, weights, axis=-1, *, mode='reflect')",
         input=f"adjoint_of_filter(g, input, {along}, mode, {flips})",
         weights=f"np.ravel(adjoint_of_filter_weights(g, input, {along}, mode, {flips}))", linear="input weights", result=like("input"))
rule("scipy.ndimage.uniform_filter(input, size=3, *, mode='reflect')",
     input="adjoint_of_filter(g, input, uniform_weights(size, np.ndim(input)), mode)", linear="input", result=like("input"))
rule("scipy.ndimage.uniform_filter1d(input, size, axis=-1, *, mode='reflect')",
     input="adjoint_of_filter(g, input, filter_along(uniform_weights(size, 1), axis, np.ndim(input)), mode)", linear="input",
     result=like("input"))
for name, smooth in (("sobel", "[1.0, 2.0, 1.0]"), ("prewitt", "[1.0, 1.0, 1.0]")):
    rule(f"scipy.ndimage.{name}(input, axis=-1, *, mode='reflect')",
         input=f"adjoint_of_filter(g, input, edge_weights({smooth}, axis, np.ndim(input)), mode)", linear="input", result=like("input"))
rule("scipy.ndimage.laplace(input, *, mode='reflect')", input="adjoint_of_filter(g, input, laplace_weights(np.ndim(input)), mode)",
     linear="input", result=like("input"))
SYMMETRIC = "mode == 'reflect' or mode == 'wrap' or mode == 'constant'"
rule("scipy.ndimage.gaussian_filter(input, sigma, order=0, *, mode='reflect', truncate=4.0)",
     case(f"order == 0 and truncate == 4.0 and ({SYMMETRIC})", input="scipy.ndimage.gaussian_filter(g, sigma, mode=mode)"),
     input="adjoint_along_axes(g, rows_of_gaussian(np.shape(input), sigma, order, mode, truncate))", linear="input", analytic=False,
     result=like("input"))
rule("scipy.ndimage.gaussian_filter1d(input, sigma, axis=-1, order=0, *, mode='reflect', truncate=4.0)",
     case(f"order == 0 and truncate == 4.0 and ({SYMMETRIC})", input="scipy.ndimage.gaussian_filter1d(g, sigma, axis, mode=mode)"),
     input="adjoint_by_rows(g, rows_of_gaussian((np.shape(input)[axis],), sigma, order, mode, truncate)[0], axis)", linear="input",
     analytic=False, result=like("input"))

# Splines through the entries, evaluated elsewhere: linear along each axis
SPLINE = "order=3, mode='constant', prefilter=True"
for function, how in (("shift", "shift"), ("zoom", "zoom")):
    rule(f"scipy.ndimage.{function}(input, {how}, *, {SPLINE})", linear="input", analytic=False, result=unknown,
         input=f"adjoint_along_axes(g, rows_of_spline(scipy.ndimage.{function}, np.shape(input), {how}, order, mode, prefilter))")
rule(f"scipy.ndimage.map_coordinates(input, coordinates, *, {SPLINE})", linear="input", analytic=False, result=unknown,
     input="adjoint_of_map_coordinates(g, input, coordinates, order, mode, prefilter)")

# What is linear along an axis, by what it makes of each unit vector
EYE = "np.eye(np.shape({x})[axis])"
for pattern, x, unit in (
        ("scipy.signal.filtfilt(b, a, x, axis=-1)", "x", "scipy.signal.filtfilt(b, a, {eye})"),
        ("scipy.signal.sosfilt(sos, x, axis=-1)", "x", "scipy.signal.sosfilt(sos, {eye})"),
        ("scipy.signal.savgol_filter(x, window_length, polyorder, deriv=0, delta=1.0, axis=-1, mode='interp')", "x",
         "scipy.signal.savgol_filter({eye}, window_length, polyorder, deriv, delta, mode=mode)"),
        ("scipy.signal.detrend(data, axis=-1, type='linear')", "data", "scipy.signal.detrend({eye}, type=type)"),
        ("scipy.ndimage.spline_filter1d(input, order=3, axis=-1, *, mode='mirror')", "input",
         "scipy.ndimage.spline_filter1d({eye}, order, mode=mode)"),
        ("scipy.integrate.cumulative_trapezoid(f, /, x=None, dx=1.0, axis=-1, *, initial=None)", "f",
         "scipy.integrate.cumulative_trapezoid({eye}, x, dx, initial=initial)"),
        ("scipy.integrate.simpson(f, /, x=None, *, dx=1.0, axis=-1)", "f", "scipy.integrate.simpson({eye}, x, dx=dx)"),
        ("scipy.integrate.romb(f, /, dx=1.0, axis=-1)", "f", "scipy.integrate.romb({eye}, dx)")):
    rows = unit.format(eye=EYE.format(x=x))
    rule(pattern, **{x: f"adjoint_by_rows(g, {rows}, axis)"}, linear=x, analytic=False, result=unknown)
for function in ("barycentric_interpolate", "krogh_interpolate"):
    rule(f"scipy.interpolate.{function}(xi, yi, x)", yi=f"adjoint_by_rows(g, scipy.interpolate.{function}(xi, np.eye(len(xi)), x).T, 0)",
         linear="yi", analytic=False, result=unknown)
