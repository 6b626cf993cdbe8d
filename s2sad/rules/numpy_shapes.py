"""The rules of NumPy functions that join, move, copy and pick entries."""
from __future__ import annotations

from s2sad.rules.items import array_parts, concatenation_parts, stack_parts
from s2sad.rules.layouts import (
    broadcast_to,
    expanded,
    flat,
    flattened,
    moved,
    rank,
    reshaped,
    shape_tuple,
    size,
    squeezed,
    swapped,
    transposed,
)
from s2sad.rules.numbers import unknown
from s2sad.rules.selections import at_least
from s2sad.rules.shapes import array_of, concatenation, like, stacked
from s2sad.rules.table import case, rule, zero

# Joins.  The arrays of a display get their parts one by one; a list of arrays gets a list of parts.
rule("np.concatenate(arrays, axis=0)", "np.concat(arrays, axis=0)", arrays="split_of_concatenation(g, arrays, axis)",
     items={"arrays": concatenation_parts}, result=concatenation, linear="arrays")
rule("np.stack(arrays, axis=0)", arrays="unstacked(g, arrays, axis)", items={"arrays": stack_parts}, result=stacked,
     linear="arrays")
rule("np.array(object, dtype=None, *, copy=True)", object="unbroadcast(g, object)", items={"object": array_parts}, result=array_of,
     views=("object",), fresh="copy == True", linear="object")
rule("np.asarray(a, dtype=None)", "np.asanyarray(a, dtype=None)", "np.asarray_chkfinite(a, dtype=None)", a="unbroadcast(g, a)",
     items={"a": array_parts}, result=array_of, views=("a",), fresh="a.is_sequence", linear="a")
rule("np.ascontiguousarray(a, dtype=None)", "np.asfortranarray(a, dtype=None)", "np.require(a, dtype=None, requirements=None)",
     a="unbroadcast(np.reshape(g, np.shape(a)), a)", views=("a",), linear="a")

# New shapes
rule("a.reshape(*shape)", a="np.reshape(g, a.shape)", result=reshaped, views=("a",), linear="a")
rule("np.reshape(a, shape)", case("a.box == 'array'", a="np.reshape(g, a.shape)"), a="np.reshape(g, np.shape(a))",
     result=reshaped, views=("a",), linear="a")
rule("np.ravel(a)", "a.ravel()", case("a.ndim == 1", a="g"), case("a.box == 'array'", a="np.reshape(g, a.shape)"),
     a="np.reshape(g, np.shape(a))", result=flattened, views=("a",), linear="a")
rule("a.flatten()", case("a.ndim == 1", a="g"), a="np.reshape(g, a.shape)", result=flattened, linear="a")
rule("a.flat", a="np.reshape(g, a.shape)", result=flat, views=("a",), linear="a")
rule("np.squeeze(a, axis=None)", "a.squeeze(axis=None)", case("a.box == 'array'", a="np.reshape(g, a.shape)"),
     a="np.reshape(g, np.shape(a))", result=squeezed, views=("a",), linear="a")
rule("np.expand_dims(a, axis)", case("axis.kind == 'i'", a="np.squeeze(g, axis)"), a="np.reshape(g, np.shape(a))",
     result=expanded, views=("a",), linear="a")
for axes in (1, 2, 3):
    rule(f"np.atleast_{axes}d(a)", a="np.reshape(g, np.shape(a))", result=at_least(axes), views=("a",), linear="a")
rule("np.broadcast_to(a, shape)", a="unbroadcast(g, a)", result=broadcast_to, views=("a",), linear="a")

# New orders
rule("a.T", case("a.ndim == 1", a="g"), case("a.ndim == 2", a="g.T"), a="g.T", result=transposed, views=("a",), linear="a")
rule("a.mT", "np.matrix_transpose(a, /)", "np.linalg.matrix_transpose(a, /)",
     a="np.swapaxes(g, -1, -2)", result=swapped, views=("a",), linear="a")
rule("np.transpose(a, axes=None)", case("a.ndim == 1", a="g"), case("axes is None", a="g.T"), a="untransposed(g, axes)",
     result=transposed, views=("a",), linear="a")
rule("a.transpose(*axes)", case("a.ndim == 1", a="g"), case("a.ndim == 2 and axes == ()", a="g.T"), a="untransposed(g, axes)",
     result=transposed, views=("a",), linear="a")
rule("np.swapaxes(a, axis1, axis2)", "a.swapaxes(axis1, axis2)", a="np.swapaxes(g, axis1, axis2)", result=swapped, views=("a",), linear="a")
rule("np.moveaxis(a, source, destination)", a="np.moveaxis(g, destination, source)", result=moved, views=("a",), linear="a")
rule("np.rollaxis(a, axis, start=0)", a="unrolled(g, axis, start)", result=unknown, views=("a",), linear="a")
rule("np.flip(m, axis=None)", case("axis is None", m="np.flip(g)"), m="np.flip(g, axis)", result=like("m"), views=("m",),
     linear="m")
rule("np.flipud(m)", m="np.flipud(g)", result=like("m"), views=("m",), linear="m")
rule("np.fliplr(m)", m="np.fliplr(g)", result=like("m"), views=("m",), linear="m")
rule("np.roll(a, shift, axis=None)", case("shift.kind == 'i'", a="np.roll(g, -shift, axis)"), a="np.roll(g, np.negative(shift), axis)",
     result=like("a"), linear="a")

# Copies
rule("np.copy(a)", a="unbroadcast(g, a)", result=array_of, linear="a")
rule("a.copy()", a="g", result=like("a"), linear="a")
rule("a.view()", a="g", result=like("a"), linear="a", views=("a",))
rule("a.astype(dtype, copy=True)", a="unbroadcast(g, a)", result=array_of, views=("a",), fresh="copy == True", linear="a")
rule("np.astype(x, dtype, /, *, copy=True)", x="unbroadcast(g, x)", result=unknown, views=("x",), linear="x")
rule("a.item()", a="unbroadcast(g, a)", linear="a")
rule("a.tolist()", a="unbroadcast(np.asarray(g), a)", linear="a")

# Facts about arrays
zero("a.shape", "np.shape(a)", result=shape_tuple)
zero("a.ndim", "np.ndim(a)", result=rank)
zero("a.size", "np.size(a, axis=None)", result=size)
zero("a.dtype", "a.flags", "a.nbytes", "a.itemsize", "np.result_type(*args)", "np.iscomplexobj(a)", "np.isrealobj(a)", "np.isscalar(a)",
     "np.array_equal(a, b)", "np.array_equiv(a, b)", "np.bitwise_count(a)",
     "np.allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)", "np.issubdtype(a, b)", "np.finfo(x)",
     "np.iinfo(x)", "np.may_share_memory(a, b)", "np.shares_memory(a, b)",
     "np.indices(dimensions)", result=unknown)
