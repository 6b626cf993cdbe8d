"""The rules of products of arrays (Giles 2008).  `@` and `np.matmul` stand with the operators."""
from __future__ import annotations

from s2sad.rules.shapes import dot, inner, outer, scalar_product, trace
from s2sad.rules.table import case, rule

rule("np.dot(a, b)", "a.dot(b)",
     case("a.ndim == 2 and b.ndim == 2", a="g @ b.T", b="a.T @ g"),
     case("a.ndim == 2 and b.ndim == 1", a="np.outer(g, b)", b="a.T @ g"),
     case("a.ndim == 1 and b.ndim == 2", a="b @ g", b="np.outer(a, g)"),
     case("a.ndim == 1 and b.ndim == 1", a="g * b", b="g * a"),
     a="adjoint_of_dot_left(g, a, b)", b="adjoint_of_dot_right(g, a, b)", result=dot, linear="a b")
rule("np.outer(a, b)",
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
rule("np.trace(a)", "a.trace()", a="g * np.eye(*a.shape, dtype=a.dtype)", result=trace, linear="a")
