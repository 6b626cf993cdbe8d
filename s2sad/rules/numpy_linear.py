"""The rules of products of arrays (Giles 2008).  `@` and `np.matmul` stand with the operators."""
from __future__ import annotations

from s2sad.rules.contractions import contraction, contracts_several, einsum_parts, einsum_tangents
from s2sad.rules.numbers import unknown
from s2sad.rules.shapes import dot, inner, outer, scalar_product, trace
from s2sad.rules.table import case, rule

rule("np.dot(a, b)", "a.dot(b)",
     case("a.ndim == 2 and b.ndim == 2", a="g @ b.T", b="a.T @ g"),
     case("a.ndim == 2 and b.ndim == 1", a="np.outer(g, b)", b="a.T @ g"),
     case("a.ndim == 1 and b.ndim == 2", a="b @ g", b="np.outer(a, g)"),
     case("a.ndim == 1 and b.ndim == 1", a="g * b", b="g * a"),
     a="adjoint_of_dot_left(g, a, b)", b="adjoint_of_dot_right(g, a, b)", result=dot, linear="a b")
rule("np.outer(a, b)", "np.linalg.outer(a, b, /)",
     case("a.ndim == 1 and b.ndim == 1", a="g @ b", b="a @ g"),
     a="unbroadcast(np.reshape(g @ np.ravel(b), np.shape(a)), a)", b="unbroadcast(np.reshape(np.ravel(a) @ g, np.shape(b)), b)",
     result=outer, linear="a b")
rule("np.inner(a, b)",
     case("a.ndim == 1 and b.ndim == 1", a="g * b", b="g * a"),
     case("a.ndim == 2 and b.ndim == 2", a="g @ b", b="g.T @ a"),
     a="adjoint_of_inner_left(g, a, b)", b="adjoint_of_inner_right(g, a, b)", result=inner, linear="a b")
rule("np.vdot(a, b)", case("a.ndim == 1 and b.ndim == 1 and a.kind != 'c' and b.kind != 'c'", a="g * b", b="g * a"),
     a="np.reshape(np.conj(g) * np.ravel(b), np.shape(a))", b="np.reshape(g * np.ravel(a), np.shape(b))", analytic=False,
     result=scalar_product, linear="a b")
rule("np.trace(a, offset=0, axis1=0, axis2=1)", "a.trace(offset=0, axis1=0, axis2=1)",
     case("a.ndim == 2 and offset == 0", a="g * np.eye(*a.shape, dtype=a.dtype)"),
     a="adjoint_of_trace(g, a, offset, axis1, axis2)", linear="a", result=trace)

# Contractions
rule("np.einsum(*operands, optimize=False)", operands="0.0", items={"operands": einsum_parts}, tangents={"operands": einsum_tangents},
     result=contraction, views=("operands",), fresh=contracts_several)
rule("np.tensordot(a, b, axes=2)", a="adjoint_of_tensordot_left(g, a, b, axes)", b="adjoint_of_tensordot_right(g, a, b, axes)",
     linear="a b", result=unknown)
rule("np.linalg.tensordot(a, b, /, *, axes=2)", a="adjoint_of_tensordot_left(g, a, b, axes)", b="adjoint_of_tensordot_right(g, a, b, axes)",
     linear="a b", result=unknown)
rule("np.kron(a, b)", a="adjoint_of_kron_left(g, a, b)", b="adjoint_of_kron_right(g, a, b)", linear="a b", result=unknown)
rule("np.cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None)",
     a="adjoint_of_cross_left(g, a, b, axisa, axisb, axisc, axis)", b="adjoint_of_cross_right(g, a, b, axisa, axisb, axisc, axis)",
     linear="a b", result=unknown)
rule("np.linalg.cross(a, b, /, *, axis=-1)", a="adjoint_of_cross_left(g, a, b, axis=axis)", b="adjoint_of_cross_right(g, a, b, axis=axis)",
     linear="a b", result=unknown)
rule("np.vecdot(a, b, /, *, axis=-1)", "np.linalg.vecdot(a, b, /, *, axis=-1)",
     case("a.kind != 'c' and b.kind != 'c'", a="unbroadcast(np.expand_dims(g, axis) * b, a)"),
     a="unbroadcast(np.conj(np.expand_dims(g, axis)) * b, a)", b="unbroadcast(np.expand_dims(g, axis) * a, b)", linear="a b",
     analytic=False, result=unknown)
rule("np.matvec(a, b, /)", case("a.ndim == 2 and b.ndim == 1", a="np.outer(g, b)", b="g @ a"),
     a="unbroadcast(g[..., :, None] * b[..., None, :], a)", b="unbroadcast(np.matvec(np.swapaxes(a, -1, -2), g), b)", linear="a b",
     result=unknown)
rule("np.vecmat(a, b, /)", case("a.ndim == 1 and b.ndim == 2 and a.kind != 'c' and b.kind != 'c'", a="b @ g", b="np.outer(a, g)"),
     a="unbroadcast(np.conj(np.matvec(np.conj(b), g)), a)", b="unbroadcast(a[..., :, None] * g[..., None, :], b)", linear="a b",
     analytic=False, result=unknown)

# Convolutions
rule("np.convolve(a, v, mode='full')", a="adjoint_of_convolve(g, a, v, mode)", v="adjoint_of_convolve(g, v, a, mode)",
     linear="a v", result=unknown)
rule("np.correlate(a, v, mode='valid')", a="adjoint_of_correlate_left(g, a, v, mode)", v="adjoint_of_correlate_right(g, a, v, mode)",
     linear="a v", analytic=False, result=unknown)
