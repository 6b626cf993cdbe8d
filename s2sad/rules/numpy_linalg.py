"""The rules of `np.linalg` (Giles 2008).

Where a function reads one triangle of its argument, as `np.linalg.cholesky` and `np.linalg.eigh` do, so does its derivative.
"""
from __future__ import annotations

from s2sad.rules.items import multi_dot_parts, multi_dot_tangents
from s2sad.rules.matrices import (
    factors,
    flipped_matrix,
    normed,
    number_of_matrix,
    real_row,
    same_matrix,
    singular,
    singular_values,
    solution,
    spectral_matrix,
    spectrum,
    triangular,
)
from s2sad.rules.numbers import unknown
from s2sad.rules.table import case, rule, zero

# Systems of equations and inverses
rule("np.linalg.solve(a, b)",
     case("a.ndim == 2 and b.ndim == 1", a="-np.outer(np.linalg.solve(a.T, g), y)", b="np.linalg.solve(a.T, g)",
          a_dot="-np.linalg.solve(a, a_dot @ y)"),
     case("a.ndim == 2 and b.ndim == 2", a="-np.linalg.solve(a.T, g) @ y.T", b="np.linalg.solve(a.T, g)",
          a_dot="-np.linalg.solve(a, a_dot @ y)"),
     a="adjoint_of_solve_left(g, y, a, b)", b="adjoint_of_solve_right(g, a, b)", linear="b",
     tangents={"a": "tangent_of_solve(a_dot, y, a, b)"}, result=solution, raises=True)
rule("np.linalg.inv(a)", case("a.ndim == 2", a="-y.T @ g @ y.T"), a="-np.swapaxes(y, -1, -2) @ g @ np.swapaxes(y, -1, -2)",
     tangents={"a": "-y @ a_dot @ y"}, result=same_matrix("a"), raises=True)
rule("np.linalg.pinv(a, rcond=1e-15)", a="adjoint_of_pinv(g, y, a)", tangents={"a": "tangent_of_pinv(a_dot, y, a)"}, analytic=False,
     result=flipped_matrix, raises=True)
rule("np.linalg.lstsq(a, b, rcond=None)", a="adjoint_of_lstsq_left(g, y, a, b)", b="adjoint_of_lstsq_right(g, y, a, b)",
     tangents={"a": "tangent_of_lstsq(a_dot, np.zeros_like(b), y, a, b)", "b": "tangent_of_lstsq(np.zeros_like(a), b_dot, y, a, b)"},
     analytic=False, result=unknown, several=True, raises=True)
rule("np.linalg.tensorsolve(a, b, axes=None)", case("axes is None", a="adjoint_of_tensorsolve(g, y, a, b)[0]",
                                                    b="adjoint_of_tensorsolve(g, y, a, b)[1]"),
     a="adjoint_of_tensorsolve(g, y, a, b, axes)[0]", b="adjoint_of_tensorsolve(g, y, a, b, axes)[1]", linear="b",
     tangents={"a": "-np.linalg.tensorsolve(a, tensor_applied(a_dot, y, axes), axes)"}, result=unknown, raises=True)
rule("np.linalg.tensorinv(a, ind=2)", a="adjoint_of_tensorinv(g, y, a, ind)",
     tangents={"a": "-np.tensordot(np.tensordot(y, a_dot, ind), y, np.ndim(a) - ind)"}, result=unknown, raises=True)

# Determinants and powers
rule("np.linalg.det(a)", a="adjoint_of_det(g, y, a)",
     tangents={"a": "np.sum(a_dot * adjoint_of_det(np.ones_like(y), y, a), axis=(-2, -1))"}, result=number_of_matrix("a"))
rule("np.linalg.slogdet(a)", a="adjoint_of_slogdet(g, y, a)", tangents={"a": "tangent_of_slogdet(a_dot, y, a)"}, analytic=False,
     result=factors("slogdet", number_of_matrix("a"), number_of_matrix("a", real=True)))
rule("np.linalg.matrix_power(a, n)", a="adjoint_of_matrix_power(g, a, n)", tangents={"a": "tangent_of_matrix_power(a_dot, a, n)"},
     result=same_matrix("a"), raises=True)
rule("np.linalg.multi_dot(arrays)", arrays="adjoints_of_multi_dot(g, arrays)", items={"arrays": multi_dot_parts},
     tangents={"arrays": multi_dot_tangents}, result=unknown)

# Norms
rule("np.linalg.norm(x, ord=None, axis=None, keepdims=False)",
     case("ord is None and axis is None and keepdims == False and x.kind != 'c'", x="x * (g / y if y else 0.0)"),
     x="adjoint_of_norm(g, y, x, ord, axis, keepdims)", tangents={"x": "tangent_of_norm(x_dot, y, x, ord, axis, keepdims)"},
     analytic=False, result=normed, kink="`np.linalg.norm(x)` at 0: 0; with equal largest entries, as `np.max`")
rule("np.linalg.vector_norm(x, /, *, ord=2, axis=None, keepdims=False)", x="adjoint_of_vector_norm(g, y, x, ord, axis, keepdims)",
     tangents={"x": "tangent_of_vector_norm(x_dot, y, x, ord, axis, keepdims)"}, analytic=False, result=normed)
rule("np.linalg.matrix_norm(x, /, *, ord='fro', keepdims=False)", x="adjoint_of_matrix_norm(g, y, x, ord, keepdims)",
     tangents={"x": "tangent_of_matrix_norm(x_dot, y, x, ord, keepdims)"}, analytic=False, result=unknown)
rule("np.linalg.cond(x, p=None)", x="adjoint_of_cond(g, y, x, p)", tangents={"x": "tangent_of_cond(x_dot, y, x, p)"}, analytic=False,
     result=number_of_matrix("x", real=True))

# Factorisations
rule("np.linalg.cholesky(a, /, *, upper=False)",
     case("upper == False", a="adjoint_of_cholesky(g, y)", a_dot="tangent_of_cholesky(a_dot, y)"),
     a="adjoint_of_cholesky(g, y, upper)", tangents={"a": "tangent_of_cholesky(a_dot, y, upper)"},
     analytic=False, result=same_matrix("a"), raises=True)
rule("np.linalg.eigh(a, UPLO='L')", case("UPLO == 'L'", a="adjoint_of_eigh(g, y)", a_dot="tangent_of_eigh(a_dot, y)"),
     a="adjoint_of_eigh(g, y, UPLO in 'Uu')", tangents={"a": "tangent_of_eigh(a_dot, y, UPLO in 'Uu')"},
     analytic=False, result=factors("eigh", real_row, same_matrix("a")), raises=True,
     kink="eigenvectors and singular vectors of equal values: as if they did not turn into each other")
rule("np.linalg.eigvalsh(a, UPLO='L')", case("UPLO == 'L'", a="adjoint_of_eigvalsh(g, a)", a_dot="tangent_of_eigvalsh(a_dot, a)"),
     a="adjoint_of_eigvalsh(g, a, UPLO in 'Uu')", tangents={"a": "tangent_of_eigvalsh(a_dot, a, UPLO in 'Uu')"},
     analytic=False, result=real_row, raises=True)
rule("np.linalg.eig(a)", a="adjoint_of_eig(g, y, a)", tangents={"a": "tangent_of_eig(a_dot, y)"}, analytic=False,
     result=factors("eig", spectrum, spectral_matrix), raises=True)
rule("np.linalg.eigvals(a)", a="adjoint_of_eigvals(g, a)", tangents={"a": "tangent_of_eigvals(a_dot, a)"}, analytic=False,
     result=spectrum, raises=True)
rule("np.linalg.svd(a, full_matrices=True, compute_uv=True)",
     case("compute_uv == False", a="adjoint_of_svdvals(g, a)", a_dot="tangent_of_svdvals(a_dot, a)"),
     case("compute_uv == True", a="adjoint_of_svd(g, y, a)", a_dot="tangent_of_svd(a_dot, y, a)"),
     a="adjoint_of_svd(g, y, a) if compute_uv else adjoint_of_svdvals(g, a)",
     tangents={"a": "tangent_of_svd(a_dot, y, a) if compute_uv else tangent_of_svdvals(a_dot, a)"},
     analytic=False, result=singular, raises=True)
rule("np.linalg.svdvals(a, /)", a="adjoint_of_svdvals(g, a)", tangents={"a": "tangent_of_svdvals(a_dot, a)"}, analytic=False,
     result=singular_values, raises=True)
rule("np.linalg.qr(a, mode='reduced')",
     case("mode == 'r'", a="adjoint_of_qr((None, g), np.linalg.qr(a), a)", a_dot="tangent_of_qr(a_dot, np.linalg.qr(a))[1]"),
     case("mode == 'reduced'", a="adjoint_of_qr(g, y, a)", a_dot="tangent_of_qr(a_dot, y)"),
     a="adjoint_of_qr((None, g) if mode == 'r' else g, np.linalg.qr(a), a)",
     tangents={"a": "tangent_of_qr(a_dot, np.linalg.qr(a))[1] if mode == 'r' else tangent_of_qr(a_dot, y)"},
     analytic=False, result=triangular, raises=True)

# The functions of `np` under other names, and counts
rule("np.linalg.trace(x, /, *, offset=0)", x="adjoint_of_trace(g, x, offset, -2, -1)", linear="x", result=number_of_matrix("x"))
zero("np.linalg.matrix_rank(A, tol=None, hermitian=False)", result=unknown)
