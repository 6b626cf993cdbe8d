"""The rules of the functions of `s2sad.runtime`, so that derivatives are differentiated like any program.

Most are linear in `t`, the adjoint or tangent that they are given, and their adjoint in it is the operation that they are the adjoint of.
What says only which shape or which places are meant is inert.  A function of the runtime without a row is differentiated by its source.
"""
from __future__ import annotations

from dataclasses import replace
from functools import partial

from s2sad.facts import FLOAT, Fact, Mapping, Number, Sequence, fresh, tuple_of
from s2sad.facts.gradients import gradient_of
from s2sad.rules.contractions import adjoints_of_contraction, tangents_of_contraction
from s2sad.rules.numbers import conjugate, same, unknown
from s2sad.rules.table import Bound, Facts, Result, case, rule, ufunc, zero


def shaped_like(name: str) -> Result:
    """A result with the structure and shapes of an argument, in floating point."""
    def result(facts: Facts, bound: Bound) -> Fact:
        return adjoint_of(facts[name])
    return result


def gradient(facts: Facts, bound: Bound) -> Fact:
    """`t` with the structure and the types of `x`."""
    return gradient_of(facts["x"])


def spread_over(facts: Facts, bound: Bound) -> Fact:
    """`t` in the shape of `a`: real where `t` is, though `a` may be complex."""
    like, t = adjoint_of(facts["a"]), facts["t"]
    if isinstance(like, Number) and like.kind == "c":
        return replace(like, kind=t.kind if isinstance(t, Number) else "?", dtype=None)
    return like


def product_shaped_like(name: str, other: str) -> Result:
    """The product of `t` with the argument `other` in the shape of `name`: complex where a factor is, though `name` may be real."""
    def result(facts: Facts, bound: Bound) -> Fact:
        like = adjoint_of(facts[name])
        kinds = [fact.kind if isinstance(fact, Number) else "?" for fact in (facts["t"], facts[other])]
        if not isinstance(like, Number) or like.kind == "c" or not {"c", "?"} & set(kinds):
            return like
        return replace(like, kind="c" if "c" in kinds and like.shape else "?", dtype=None)
    return result


def adjoint_of(fact: Fact) -> Fact:
    if isinstance(fact, Number):
        if fact.kind in "bi" or fact.mixed:
            return FLOAT if fact.box == "python" else Number("f", None, fact.shape, fact.box)
        return Number(fact.kind, fact.dtype, fact.shape, fact.box)
    if isinstance(fact, Sequence) and fact.items is not None:
        return Sequence("list", tuple(map(adjoint_of, fact.items)), None, fact.length)
    if isinstance(fact, Sequence) and fact.item is not None:
        return Sequence("list", None, adjoint_of(fact.item), fact.length)
    if isinstance(fact, Mapping) and fact.items is not None:
        return Mapping(tuple((key, adjoint_of(item)) for key, item in fact.items))
    return unknown({}, {})


def matrix(facts: Facts, bound: Bound) -> Fact:
    return Number("f", "float64", (fresh(), fresh()), "array")


def pair_of_arrays(facts: Facts, bound: Bound) -> Fact:
    return tuple_of(Number("f", "float64", (fresh(),), "array"), Number("?", None, (fresh(),), "array"))


runtime = partial(rule, analytic=False, linear="t")

# Structures
runtime("s2sad.runtime.unbroadcast(t, x)", t="unbroadcast(g, t)", inert=("x",), result=shaped_like("x"), views=("t",))
runtime("s2sad.runtime.sum_to_shape(t, shape)", t="unbroadcast(g, t)", result=unknown, views=("t",))
runtime("s2sad.runtime.spread(t, x)", t="unbroadcast(g, t)", inert=("x",), result=shaped_like("x"), views=("t",))
ufunc("s2sad.runtime.conjugate(x)", case("x.kind != 'c'", x="g"), x="conjugate(g)", analytic=False, linear="x", views=("x",),
      result=conjugate)
runtime("s2sad.runtime.closed(t, x)", t="g", inert=("x",), result=gradient, views=("t",))
rule("s2sad.runtime.copied(x)", x="g", linear="x", result=same("x"))
rule("s2sad.runtime.add(a, b)", a="unbroadcast(g, a)", b="unbroadcast(g, b)", linear="a+b", result=shaped_like("a"))
zero("s2sad.runtime.zeros(x)", "s2sad.runtime.zero_tangent(x)", result=shaped_like("x"))
zero("s2sad.runtime.positions(a)", "s2sad.runtime.place_of_max(items)", "s2sad.runtime.place_of_min(items)", result=unknown)

zero("s2sad.runtime.check_bound(value, name)", result=unknown, pure=False)

zero("s2sad.stop_gradient(x)", result=same("x"), views=("x",))

rule("s2sad.runtime.last_written(a, index)", a="placed_last(g, index, a)", inert=("index",), analytic=False, linear="a", result=unknown)
runtime("s2sad.runtime.placed_last(t, index, a)", t="last_written(g, index)", inert=("index", "a"), result=shaped_like("a"))

# Equations
zero("s2sad.runtime.held(x)", result=same("x"), views=("x",))
zero("s2sad.runtime.nodes_of_integral(f, a, b, args, value)", "s2sad.runtime.nodes_of_trajectory(rate, t, z, times)", result=pair_of_arrays)
zero("s2sad.runtime.coefficients_of_steps()", result=matrix)
rule("s2sad.runtime.solution(x, residual, slope)",
     case("residual.box == 'python'", residual="-g / slope", residual_dot="-residual_dot / slope"),
     case("slope.ndim == residual.ndim", residual="-g / slope", residual_dot="-residual_dot / slope"),
     residual="adjoint_of_solution(g, slope)", tangents={"residual": "tangent_of_solution(residual_dot, x, slope)"}, inert=("x", "slope"),
     result=same("x"), views=("x",), analytic=False)

# Reductions
runtime("s2sad.runtime.unreduced(t, a, axis=None, keepdims=False)",
        t="unbroadcast(np.sum(g, axis=axis, keepdims=keepdims), t)", inert=("a",), result=spread_over)
runtime("s2sad.runtime.adjoint_of_mean(t, a, axis=None, keepdims=False)",
        t="unbroadcast(np.mean(g, axis=axis, keepdims=keepdims), t)", inert=("a",), result=shaped_like("a"))
runtime("s2sad.runtime.adjoint_of_extremum(t, top, a, axis=None, keepdims=False)", inert=("top", "a"), result=shaped_like("a"),
        t="unbroadcast(np.sum(g * adjoint_of_extremum(np.ones_like(top), top, a, axis, keepdims), axis=axis, keepdims=keepdims), t)")
rule("s2sad.runtime.adjoint_of_var(t, a, axis=None, ddof=0, keepdims=False, where=True)", analytic=False, linear="t a",
     result=shaped_like("a"),
     t="unbroadcast(np.sum(g * conjugate(adjoint_of_var(np.ones_like(np.sum(a, axis=axis, keepdims=keepdims)), a, axis, ddof, keepdims,"
       " where)), axis=axis, keepdims=keepdims), t)",
     a="adjoint_of_var(t, g, axis, ddof, keepdims, where)")
runtime("s2sad.runtime.adjoint_of_extremum_among(t, top, a, axis=None, keepdims=False, where=True)", inert=("top", "a"),
        t="unbroadcast(np.sum(g * adjoint_of_extremum_among(np.ones_like(top), top, a, axis, keepdims, where), axis=axis,"
          " keepdims=keepdims), t)", result=shaped_like("a"))
runtime("s2sad.runtime.adjoint_of_bound(t, top, a, axis=None, keepdims=False, where=True)", inert=("top", "a"), result=unknown,
        t="unbroadcast(g * is_bound(top, a, axis, keepdims, where), t)")
zero("s2sad.runtime.is_bound(top, a, axis=None, keepdims=False, where=True)", result=unknown)
runtime("s2sad.runtime.adjoint_of_cumsum(t, a, axis=None)", t="np.cumsum(g, axis)", inert=("a",), result=shaped_like("a"))
runtime("s2sad.runtime.adjoints_of_sum(t, items)", t="unbroadcast(sum(g), t)", inert=("items",), result=unknown)
runtime("s2sad.runtime.adjoints_of_max(t, items)", t="g[place_of_max(items)]", inert=("items",), result=unknown)
runtime("s2sad.runtime.adjoints_of_min(t, items)", t="g[place_of_min(items)]", inert=("items",), result=unknown)

# Products: <g, adjoint_of_left(t, a, b)> = <g @ b, t>
for product, defaults, given in (("matmul", "", ""), ("dot", "", ""), ("inner", "", ""), ("kron", "", ""),
                                 ("tensordot", ", axes=2", ", axes"),
                                 ("cross", ", axisa=-1, axisb=-1, axisc=-1, axis=None", ", axisa, axisb, axisc, axis")):
    rule(f"s2sad.runtime.adjoint_of_{product}_left(t, a, b{defaults})", t=f"np.{product}(g, b{given})",
         b=f"adjoint_of_{product}_right(t, g, b{given})", inert=("a",), linear="t b", result=product_shaped_like("a", "b"))
    rule(f"s2sad.runtime.adjoint_of_{product}_right(t, a, b{defaults})", t=f"np.{product}(a, g{given})",
         a=f"adjoint_of_{product}_left(t, a, g{given})", inert=("b",), linear="t a", result=product_shaped_like("b", "a"))
rule("s2sad.runtime.adjoint_of_einsum(t, i, subscripts, *operands)", t="0.0", operands="0.0", items={"operands": adjoints_of_contraction},
     tangents={"operands": tangents_of_contraction}, result=unknown)
zero("s2sad.runtime.letters_of_axes(axes, result=None)", result=unknown)

rule("s2sad.runtime.adjoint_of_signal_convolve(t, a, v, mode='full')", t="scipy.signal.convolve(g, v, mode)",
     v="adjoint_of_signal_convolve_right(t, g, v, mode)", inert=("a",), linear="t v", result=product_shaped_like("a", "v"))
rule("s2sad.runtime.adjoint_of_signal_convolve_right(t, a, v, mode='full')", t="scipy.signal.convolve(a, g, mode)",
     a="adjoint_of_signal_convolve(t, a, g, mode)", inert=("v",), linear="t a", result=product_shaped_like("v", "a"))
runtime("s2sad.runtime.adjoint_of_map_coordinates(t, a, coordinates, order=3, mode='constant', prefilter=True)", inert=("a", "coordinates"),
        t="scipy.ndimage.map_coordinates(g, coordinates, order=order, mode=mode, prefilter=prefilter)", result=shaped_like("a"))

# Entries that move
runtime("s2sad.runtime.scattered(t, places, a)", t="unbroadcast(np.ravel(g)[places], t)", inert=("a",), result=shaped_like("a"))
runtime("s2sad.runtime.adjoint_of_sort(t, a, axis=-1)", t="np.take_along_axis(g, np.argsort(a, axis), axis)", inert=("a",),
        result=shaped_like("a"))
runtime("s2sad.runtime.adjoint_of_take_along_axis(t, a, indices, axis=-1)", t="np.take_along_axis(g, indices, axis)", inert=("a",),
        result=shaped_like("a"))
runtime("s2sad.runtime.adjoint_of_pad(t, a, pad_width, mode='constant', reflect_type='even', stat_length=None)",
        case("mode == 'constant'", t="np.pad(g, pad_width)"), t="tangent_of_pad(g, a, pad_width, mode, reflect_type, stat_length)",
        inert=("a",), result=shaped_like("a"))
runtime("s2sad.runtime.tangent_of_pad(t, a, pad_width, mode='constant', reflect_type='even', stat_length=None)", inert=("a",),
        t="adjoint_of_pad(g, a, pad_width, mode, reflect_type, stat_length)", result=unknown)
runtime("s2sad.runtime.split_of_concatenation(t, arrays, axis=0)", t="np.concatenate(g, axis)", inert=("arrays",), result=unknown)
runtime("s2sad.runtime.part_of_concatenation(t, i, arrays, axis=0)", inert=("arrays",), result=unknown,
        t="np.concatenate([g if k == i else zeros(a) for k, a in enumerate(arrays)], axis)")
runtime("s2sad.runtime.split_of_rows(t, arrays, function='vstack')", t="getattr(np, function)(g)", inert=("arrays",), result=unknown)
runtime("s2sad.runtime.unstacked(t, arrays, axis=0)", t="np.stack(g, axis)", inert=("arrays",), result=unknown)
runtime("s2sad.runtime.untransposed(t, axes=None)", t="np.transpose(g, axes)", result=unknown, views=("t",))
