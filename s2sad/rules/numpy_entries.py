"""The rules of NumPy functions that pick, order, repeat and pad entries.

The general form of most does to `positions(a)` what the primal did to `a`, and sends `g` back to where the entries came from.
"""
from __future__ import annotations

from functools import partial

from s2sad.rules.items import block_parts, each, rows_of, select_parts
from s2sad.rules.numbers import unknown
from s2sad.rules.selections import (
    appended,
    column_stacked,
    compressed,
    deleted,
    diagonal,
    diagonal_matrix,
    dstacked,
    entries,
    grids,
    hstacked,
    integers,
    order,
    ordered,
    padded,
    parts,
    repeated,
    selected,
    taken,
    taken_along,
    tiled,
    triangle,
    vstacked,
)
from s2sad.rules.table import case, rule, zero

move = partial(rule, analytic=False)

# Diagonals and triangles
move("np.diag(v, k=0)", case("v.ndim == 1 and k == 0", v="np.diag(g)"), case("v.is_square and k == 0", v="np.diag(g)"),
     case("v.ndim == 1", v="np.diag(g, k)"), case("v.ndim == 2", v="scattered(g, np.diag(positions(v), k), v)"),
     v="np.diag(g, k) if np.ndim(v) == 1 else scattered(g, np.diag(positions(v), k), v)", result=diagonal_matrix, views=("v",),
     fresh="v.ndim == 1", linear="v")
move("np.diagflat(v, k=0)", v="np.reshape(np.diag(g, k), np.shape(v))", result=entries("v", 2), linear="v")
move("np.diagonal(a, offset=0, axis1=0, axis2=1)", "a.diagonal(offset=0, axis1=0, axis2=1)",
     "np.linalg.diagonal(a, /, *, offset=0, axis1=-2, axis2=-1)", case("a.is_square and a.ndim == 2 and offset == 0", a="np.diag(g)"),
     a="scattered(g, np.diagonal(positions(a), offset, axis1, axis2), a)", result=diagonal, views=("a",), linear="a")
move("np.tril(m, k=0)", case("k == 0", m="np.tril(g)"), m="np.tril(g, k)", result=triangle, linear="m")
move("np.triu(m, k=0)", case("k == 0", m="np.triu(g)"), m="np.triu(g, k)", result=triangle, linear="m")

# Order
move("np.sort(a, axis=-1, kind=None, *, stable=None)",
     case("a.ndim == 1 and a.box == 'array' and axis is not None", a_dot="a_dot[np.argsort(a)]"),
     case("a.ndim == 1 and axis is not None", a="g[np.argsort(np.argsort(a))]"),
     a="adjoint_of_sort(g, a, axis)", result=ordered, kink="`np.sort(a)` with ties: as the entries come out of `np.argsort`",
     tangents={"a": "np.take_along_axis(np.asarray(a_dot), np.argsort(a, axis), axis)"})
move("np.partition(a, kth, axis=-1)", a="adjoint_of_partition(g, y, a, axis)", result=ordered,
     tangents={"a": "tangent_of_partition(a_dot, y, a, axis)"})
zero("np.argsort(a, axis=-1, kind=None, *, stable=None)", "a.argsort(axis=-1, kind=None, *, stable=None)",
     "np.argpartition(a, kth, axis=-1)", "a.argpartition(kth, axis=-1)", result=order)
zero("s2sad.runtime.entries.along_axis(a, indices, axis)", result=unknown)
zero("np.searchsorted(a, v, side='left')", "a.searchsorted(v, side='left')", result=integers("v"))
zero("np.digitize(x, bins, right=False)", result=integers("x"))
zero("np.lexsort(keys, axis=-1)", "np.nonzero(a)", "a.nonzero()", "np.flatnonzero(a)", "np.argwhere(a)", "np.unravel_index(indices, shape)",
     "np.isin(element, test_elements)", "np.ravel_multi_index(multi_index, dims)", result=unknown)
move("np.unique(ar, return_index=False, return_inverse=False, return_counts=False)", ar="adjoint_of_unique(g, ar)", result=unknown,
     kink="`np.unique(a)` of equal entries: 1 in the first of them", tangents={"ar": "tangent_of_unique(ar_dot, y, ar)"})
move("np.rot90(m, k=1, axes=(0, 1))", case("axes == (0, 1)", m="np.rot90(g, -k)"), m="np.rot90(g, -k, axes)", result=entries("m"),
     views=("m",), linear="m")

# Picks
move("np.take(a, indices, axis=None, mode='raise')", "a.take(indices, axis=None, mode='raise')",
     case("a.ndim == 1 and mode == 'raise'", a="scattered(g, indices, a)"), case("axis is None and mode == 'raise'",
     a="scattered(g, indices, a)"), case("mode == 'raise'", a="scattered(g, np.take(positions(a), indices, axis), a)"),
     a="scattered(g, np.take(positions(a), indices, axis, mode=mode), a)", result=taken, linear="a")
move("np.take_along_axis(arr, indices, axis=-1)", arr="adjoint_of_take_along_axis(g, arr, indices, axis)", result=taken_along,
     linear="arr")
move("np.compress(condition, a, axis=None)", a="scattered(g, np.compress(condition, positions(a), axis), a)", result=compressed,
     linear="a")
move("a.compress(condition, axis=None)", a="scattered(g, np.compress(condition, positions(a), axis), a)", result=compressed,
     linear="a")
move("np.extract(condition, arr)", arr="scattered(g, np.extract(condition, positions(arr)), arr)", result=entries("arr", 1),
     linear="arr")
move("np.select(condlist, choicelist, default=0)", choicelist="adjoints_of_select(g, condlist, choicelist)",
     default="np.select(condlist, [0.0] * len(condlist), g)", items={"choicelist": select_parts}, elementwise=True,
     result=selected("choicelist", "default"), linear="choicelist+default")
move("np.choose(a, choices)", "a.choose(choices)", choices="adjoints_of_select(g, [a == i for i in range(len(choices))], choices)",
     items={"choices": each("np.where(a == i, g, 0.0)")}, elementwise=True, result=selected("choices"), linear="choices")

# Repeats and paddings
move("np.repeat(a, repeats, axis=None)", "a.repeat(repeats, axis=None)",
     case("a.ndim == 1 and repeats.ndim == 0", a="np.sum(g.reshape(len(a), repeats), axis=1)"),
     a="scattered(g, np.repeat(positions(a), repeats, axis), a)", result=repeated, linear="a")
move("np.tile(A, reps)", case("A.ndim == 1 and reps.ndim == 0", A="np.sum(g.reshape(reps, len(A)), axis=0)"),
     A="scattered(g, np.tile(positions(A), reps), A)", result=tiled, linear="A")
move("np.resize(a, new_shape)", a="scattered(g, np.resize(positions(a), new_shape), a)", result=unknown, linear="a")
move("np.pad(array, pad_width, mode='constant', *, constant_values=0, reflect_type='even', stat_length=None, end_values=0)",
     case("mode == 'constant'", array_dot="np.pad(array_dot, pad_width)"),
     case("mode == 'constant' and array.ndim == 1 and known(pad_width) and pad_width.ndim == 0 and pad_width > 0",
          array="g[pad_width:-pad_width]"),
     case("mode == 'constant' and array.ndim == 2 and known(pad_width) and pad_width.ndim == 0 and pad_width > 0",
          array="g[pad_width:-pad_width, pad_width:-pad_width]"),
     array="adjoint_of_pad(g, array, pad_width, mode, reflect_type, stat_length)",
     constant_values="adjoint_of_pad_value(g, array, pad_width, constant_values)", result=padded,
     tangents={"array": "tangent_of_pad(array_dot, array, pad_width, mode, reflect_type, stat_length)",
               "constant_values": "np.pad(np.zeros_like(array), pad_width, constant_values=constant_values_dot)"})
move("np.append(arr, values, axis=None)",
     case("arr.ndim == 1 and values.ndim == 0", arr="g[:-1]", values="g[-1]"),
     case("arr.ndim == 1 and values.ndim == 1", arr="g[:len(arr)]", values="g[len(arr):]"),
     arr="part_of_concatenation(g, 0, (arr, values), axis)",
     values="part_of_concatenation(g, 1, (arr, values), axis)", result=appended, linear="arr+values")
move("np.insert(arr, obj, values, axis=None)", arr="adjoint_of_insertion(g, arr, obj, axis)",
     values="adjoint_of_inserted(g, arr, obj, values, axis)", result=entries("arr"), linear="arr+values")
move("np.delete(arr, obj, axis=None)", arr="scattered(g, np.delete(positions(arr), obj, axis), arr)", result=deleted,
     linear="arr")

# Joins and splits
for join, names, joined in (("hstack", ("hstack",), hstacked), ("vstack", ("vstack", "row_stack"), vstacked),
                            ("column_stack", ("column_stack",), column_stacked), ("dstack", ("dstack",), dstacked)):
    move(*(f"np.{name}(arrays)" for name in names), arrays=f"split_of_rows(g, arrays, '{join}')",
         items={"arrays": rows_of(join)}, result=joined,
         linear="arrays")
for split, along in (("split", ", axis=0"), ("array_split", ", axis=0"), ("hsplit", ""), ("vsplit", ""), ("dsplit", "")):
    move(f"np.{split}(ary, indices_or_sections{along})", result=parts(), views=("ary",), linear="ary",
         ary=f"adjoint_of_split(g, ary, np.{split}, indices_or_sections{along and ', axis'})")
move("np.unstack(ary, /, *, axis=0)", ary="adjoint_of_unstack(g, ary, axis)", result=unknown, views=("ary",), linear="ary")
move("np.meshgrid(*xi, indexing='xy', sparse=False, copy=True)", xi="0.0", items={"xi": each("adjoint_of_meshgrid(g, i, x, indexing)")},
     result=grids, views=("xi",), fresh="copy == True", linear="xi")
move("np.broadcast_arrays(*args)", args="0.0", items={"args": each("unbroadcast(g[i], x)")}, result=unknown, views=("args",),
     linear="args")
move("np.block(arrays)", arrays="adjoints_of_block(g, arrays)", items={"arrays": block_parts},
     result=unknown, linear="arrays")
