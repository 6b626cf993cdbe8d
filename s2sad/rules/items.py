"""Adjoints of the elements of a display, one by one: `np.concatenate((a, b))` gives `a` the text `g[:len(a)]`, not a list of parts.

Each function takes the paths of the elements, such as `arrays.0` and `arrays.1`, and returns a text for each.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from s2sad import core
from s2sad.facts import Fact, Number
from s2sad.quote import quote_expr
from s2sad.rules.guards import NotKnown, attribute_of, value_of

Bound = Mapping[str, core.Expr]
Facts = Mapping[str, Fact]
Texts = Mapping[str, core.Expr]


def each(text: str) -> Callable[[Sequence[str], Bound, Facts], Texts]:
    """The same text for each element, which it calls `x`, the place of the element being `i`."""
    def build(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
        return {path: core.substitute(quote_expr(text), {"x": core.Name(path), "i": _index(path)}) for path in paths}
    return build


def each_of(text: str) -> Callable[[Sequence[str], Bound, Facts], Texts]:
    """As `each`, for a text that also names `all` of the elements."""
    def build(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
        every = core.List(tuple(core.Name(path) for path in paths))
        return {path: core.substitute(text, {"all": every}) for path, text in each(text)(paths, bound, facts).items()}
    return build


def _numbers(path: str) -> list[int]:
    return [int(part) for part in path.split(".")[1:]]


def _index(path: str) -> core.Expr:
    numbers = [core.Const(i) for i in _numbers(path)]
    return numbers[0] if len(numbers) == 1 else core.Tuple(tuple(numbers))


same_parts = each("g")
hypot_parts = each("g * x / y if y else 0.0")
array_parts = each("g[i]")


def spacing_parts(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
    """The spacings of `np.gradient` that are numbers: each result is inversely proportional to its own.  Coordinates have no rule."""
    text = "adjoint_of_spacing(g, y, x, i)" if len(paths) > 1 else "adjoint_of_spacing(g, y, x)"
    return {path: core.substitute(quote_expr(text), {"x": core.Name(path), "i": core.Const(i)}) for i, path in enumerate(paths)
            if len(_numbers(path)) == 1 and not getattr(facts.get(path), "shape", None)}


def tangent_of_spacings(paths: Sequence[str], bound: Bound, facts: Facts) -> core.Expr:
    """`tangent_of_gradient(y, spacings, spacings_dot)`."""
    own, dots = (core.Tuple(tuple(core.Name(path + suffix) for path in paths)) for suffix in ("", "_dot"))
    return core.Call(core.Name("tangent_of_gradient"), (core.Name("y"), own, dots))


def multi_dot_parts(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
    """`adjoint_of_multi_dot(g, i, arrays)` for each array."""
    arrays = core.List(tuple(core.Name(path) for path in paths))
    return {path: core.Call(core.Name("adjoint_of_multi_dot"), (core.Name("g"), core.Const(i), arrays)) for i, path in enumerate(paths)}


def multi_dot_tangents(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
    """`np.linalg.multi_dot([a, b_dot, c])` for each array."""
    return {path: core.Call(quote_expr("np.linalg.multi_dot"), (core.List(tuple(core.Name(f"{other}_dot" if other == path else other)
                                                                                for other in paths)),)) for path in paths}


def prod_parts(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
    """Each element of `math.prod((a, b, c))` times the product of the others."""
    texts = {}
    for path in paths:
        factors = [core.Name(other) for other in paths if other != path]
        if bound.get("start", core.Const(1)) != core.Const(1):
            factors.append(core.Name("start"))
        product: core.Expr = core.Name("g")
        for factor in factors:
            product = core.BinOp("*", product, factor)
        texts[path] = product
    return texts


def dist_parts(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
    """The coordinates of a point written out in `math.dist(p, q)`."""
    texts = {}
    for path in paths:
        this, i = path.split(".", 1)
        other = "q" if this == "p" else "p"
        partner = core.Name(f"{other}.{i}") if f"{other}.{i}" in bound else core.Subscript(core.Name(other), _index(path))
        texts[path] = core.substitute(quote_expr("g * (a - b) / y if y else 0.0"), {"a": core.Name(path), "b": partner})
    return texts


def _first(better: str, whole: str) -> Callable[[Sequence[str], Bound, Facts], Texts]:
    """Python's `max` and `min` return the first of equal items: that one gets the adjoint, the others 0."""
    def build(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
        texts: dict[str, core.Expr] = {}
        if len(paths) == 1 and len(_numbers(paths[0])) == 1:
            return {paths[0]: core.Call(core.Name(whole), (core.Name("g"), core.Name(paths[0])))}
        if len(paths) == 2:
            a, b = map(core.Name, paths)
            chosen: dict[str, core.Expr] = {"test": core.Compare((better + "=",), (a, b))}
            return {paths[0]: core.substitute(quote_expr("g if test else 0.0"), chosen),
                    paths[1]: core.substitute(quote_expr("0.0 if test else g"), chosen)}
        for k, path in enumerate(paths):
            earlier = [core.Compare((better,), (core.Name(path), core.Name(other))) for other in paths[:k]]
            later = [core.Compare((better + "=",), (core.Name(path), core.Name(other))) for other in paths[k + 1:]]
            tests = (*earlier, *later)
            test: core.Expr = tests[0] if len(tests) == 1 else core.BoolOp("and", tests) if tests else core.Const(True)
            texts[path] = core.IfExp(test, core.Name("g"), core.Const(0.0))
        return texts
    return build


def chosen_tangent(better: str, place: str) -> Callable[[Sequence[str], Bound, Facts], core.Expr]:
    """The tangent of the item that Python's `max` or `min` returns."""
    def build(paths: Sequence[str], bound: Bound, facts: Facts) -> core.Expr:
        dots = [core.Name(f"{path}_dot") for path in paths]
        if len(paths) == 1 and len(_numbers(paths[0])) == 1:
            return core.Subscript(dots[0], core.Call(core.Name(place), (core.Name(paths[0]),)))
        chosen: core.Expr = dots[-1]
        for k in range(len(paths) - 2, -1, -1):
            tests = tuple(core.Compare((better + "=",), (core.Name(paths[k]), core.Name(later))) for later in paths[k + 1:])
            chosen = core.IfExp(tests[0] if len(tests) == 1 else core.BoolOp("and", tests), dots[k], chosen)
        return chosen
    return build


max_parts = _first(">", "adjoints_of_max")
min_parts = _first("<", "adjoints_of_min")


def stack_parts(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
    """`g[i]` for the arrays of `np.stack`, or the like along its axis."""
    try:
        axis = value_of("axis", bound, facts)
    except NotKnown:
        axis = None
    if axis == 0:
        return array_parts(paths, bound, facts)
    text = "g[..., i]" if axis == -1 else f"g[{':, ' * axis}i]" if isinstance(axis, int) and axis > 0 else "np.moveaxis(g, axis, 0)[i]"
    return {path: core.substitute(quote_expr(text), {"i": _index(path)}) for path in paths}


def concatenation_parts(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
    """Slices of `g` for the arrays of `np.concatenate`, where its axis is known; numbers written out in an inner list get elements."""
    try:
        axis = value_of("axis", bound, facts)
    except NotKnown:
        axis = -1
    if axis == 0:
        return _slices(paths, 0, facts)
    if isinstance(axis, int) and axis > 0 and all(len(_numbers(path)) == 1 for path in paths):
        return _slices(paths, axis, facts)
    arrays = core.Tuple(tuple(core.Name(path) for path in paths))
    return {path: core.Call(core.Name("part_of_concatenation"), (core.Name("g"), core.Const(i), arrays, core.Name("axis")))
            for i, path in enumerate(paths)}


def _slices(paths: Sequence[str], axis: int, facts: Facts, single: Callable[[str], bool] = lambda path: len(_numbers(path)) > 1) -> Texts:
    """The known offsets are numbers, the others sums of lengths; what follows is counted from the end for the last array.

    A `single` one takes one place along the axis, which it does not have itself.
    """
    texts: dict[str, core.Expr] = {}
    start: core.Expr | None = None
    for path in paths:
        if single(path):
            begin = start or core.Const(0)
            texts[path], start = _along(begin, axis), _sum(start, core.Const(1))
            continue
        end = _sum(start, _length(path, axis, facts))
        texts[path] = _along(core.Slice(start, None if path == paths[-1] else end), axis)
        start = end
    return texts


def rows_of(function: str) -> Callable[[Sequence[str], Bound, Facts], Texts]:
    """Slices and rows of `g` for the arrays of `np.hstack`, `np.vstack` or `np.column_stack` where their ranks are known."""
    def build(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
        ranks = {path: getattr(facts.get(path), "ndim", None) for path in paths}
        lowest, highest = (0, 1) if function == "hstack" else (1, 2)
        if function != "dstack" and all(rank in (lowest, highest) for rank in ranks.values()):
            return _slices(paths, 1 if function == "column_stack" else 0, facts, lambda path: ranks[path] == lowest)
        if function == "hstack" and all(rank == 2 for rank in ranks.values()):
            return _slices(paths, 1, facts)
        split = core.substitute(quote_expr("split_of_rows(g, a, f)"), {"a": _display_of(paths), "f": core.Const(function)})
        return {path: reduce(core.Subscript, map(core.Const, _numbers(path)), split) for path in paths}
    return build


def _display_of(paths: Sequence[str], depth: int = 1) -> core.Expr:
    """The members in nested lists, as they were written."""
    groups: dict[int, list[str]] = {}
    for path in paths:
        groups.setdefault(_numbers(path)[depth - 1], []).append(path)
    return core.List(tuple(core.Name(group[0]) if len(_numbers(group[0])) == depth else _display_of(group, depth + 1)
                           for group in groups.values()))


def block_parts(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
    """The blocks of `np.block([[a, b], [c, d]])`."""
    split = core.substitute(quote_expr("adjoints_of_block(g, blocks)"), {"blocks": _display_of(paths)})
    return {path: reduce(core.Subscript, map(core.Const, _numbers(path)), split) for path in paths}


def select_parts(paths: Sequence[str], bound: Bound, facts: Facts) -> Texts:
    """`np.select(condlist, [0.0, g, 0.0], 0.0)` for the second of three choices."""
    zero = core.Const(0.0)
    return {path: core.substitute(quote_expr("np.select(condlist, parts, 0.0)"),
                                  {"parts": core.List(tuple(core.Name("g") if other == path else zero for other in paths))})
            for path in paths}


def _along(index: core.Expr, axis: int) -> core.Expr:
    where = core.Tuple((*[core.Slice()] * axis, index)) if axis else index
    return core.Subscript(core.Name("g"), where)


def _sum(a: core.Expr | None, b: core.Expr) -> core.Expr:
    if a is None:
        return b
    if isinstance(a, core.Const) and isinstance(b, core.Const):
        return core.Const(a.value + b.value)
    return core.BinOp("+", a, b)


def _length(path: str, axis: int, facts: Facts) -> core.Expr:
    fact = facts.get(path)
    if isinstance(fact, Number):
        try:
            size = attribute_of(fact, "shape")[axis]
            if str(size).isdigit():
                return core.Const(int(str(size)))
        except (NotKnown, IndexError):
            pass
    array = core.Name(path)
    return core.Call(core.Name("len"), (array,)) if axis == 0 else core.Subscript(core.Attribute(array, "shape"), core.Const(axis))
