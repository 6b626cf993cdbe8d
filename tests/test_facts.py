"""Dimensions, joins, signatures, annotations: each against what Python and NumPy do with sizes from 0 up."""
from __future__ import annotations

import itertools
from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

from s2sad.facts import (
    FLOAT,
    INT,
    NONE,
    TEXT,
    UNDEFINED,
    UNKNOWN,
    Dim,
    Mapping,
    Number,
    ObjectFact,
    Sequence,
    as_item,
    broadcast,
    clamp,
    dim,
    fact_of_annotation,
    floordiv,
    integer,
    join,
    key,
    list_of,
    lowest,
    may_be_one,
    product,
    quotient,
    renewed,
    signature,
    signature_of,
    slice_length,
    tuple_of,
)
from s2sad.quote import quote_expr

n, m = dim("n", 2), dim("m", 2)
k = dim("k")


def evaluated(d: Dim, values: dict[str, int]) -> int | None:
    """The size for values of the symbols, None for a symbol that only spells a function."""
    total = d.const
    for symbol, c in d.terms:
        if symbol.inner is not None:
            inner = evaluated(symbol.inner, values)
            value = None if inner is None else max(inner, 0)
        elif symbol.factors:
            value = 1
            for factor in symbol.factors:
                value *= values[factor.name]
        else:
            value = values.get(symbol.name)
        if value is None:
            return None
        total += c * value
    return total


def test_arithmetic_is_that_of_integers_and_canonical():
    assert n + 1 - 1 == n and n - n == 0 and 2 * n == n + n and hash(n - n) == hash(0)
    assert (n + 1) * (m + 2) == n * m + 2 * n + m + 2
    assert n * m == m * n and (n * m) * k == n * (m * k)
    assert repr(2 * n - m + 3) == "-m + 2*n + 3"
    assert -(n - 2) == 2 - n


@pytest.mark.parametrize("start, stop, step", list(itertools.product((None, 0, 1, 2, 3, -1, -2, -4), (None, 0, 1, 3, 5, -1, -2, -3), (None, 1, 2, -1, -2))))
def test_the_length_of_a_slice_is_pythons(start, stop, step):
    for size, least in ((n, 2), (k, 0)):
        length = slice_length(size, start, stop, step)
        for value in range(least, 9):
            got = evaluated(length, {"n": value, "k": value})
            if got is not None:
                assert got == len(range(value)[start:stop:step]), (length, value)


def test_slices_that_agree_are_equal():
    assert slice_length(n, 2) == slice_length(n, 1, -1) == slice_length(n, None, -2) == n - 2
    assert slice_length(n, 3) == slice_length(n, 1, -2) == slice_length(n, None, -3) != n - 3
    assert slice_length(slice_length(n, 2, -2), 1, -1) == slice_length(n, 3, -3)
    assert slice_length(n, None, None, 2) == slice_length(n, 0, None, 2)
    i = dim("i", 0)
    assert slice_length(n, i + 1) == slice_length(n, i + 1) == clamp(n - i - 1)
    assert slice_length(n, i, i + 2) == slice_length(n, i, i + 2)


def test_what_may_be_one():
    assert not may_be_one(n) and may_be_one(n - 1) and may_be_one(k) and may_be_one(dim(1)) and not may_be_one(dim(0))
    assert not may_be_one(2 * k) and not may_be_one(n + k) and may_be_one(n - k)


def test_division():
    assert quotient(n * m, n) == m and quotient(6 * n, dim(3)) == 2 * n and quotient(n * m * 2, 2 * m) == n and quotient(n + 1, n + 1) == 1
    assert quotient(n * m, k) is None and quotient(n + 1, n) is None
    assert floordiv(4 * n, 2) == 2 * n and floordiv(n, 2) == floordiv(n, 2)
    assert product((n, m, dim(2))) == 2 * n * m
    assert lowest(n + k - 1) == 1 and lowest(n - k) is None


def test_broadcasting():
    one = dim(1)
    assert broadcast((n, m), (m,)) == (n, m) == broadcast((n, one), (m,)) == broadcast((), (n, m))
    assert broadcast((k,), (n,)) == (n,) and broadcast((n, m), None) is None
    assert broadcast((k,), (dim("l"),)) == broadcast((dim("l"),), (k,)) not in ((k,), (dim("l"),))
    assert broadcast((dim(3),), (n,)) == (dim(3),)


def test_joins():
    x = Number("f", "float64", (n,), "array")
    y = Number("f", "float64", (m,), "array")
    assert join(x, x) == x and join(UNDEFINED, x) == x == join(x, UNDEFINED)
    both = join(x, y)
    assert isinstance(both, Number) and both.ndim == 1 and both.shape not in ((n,), (m,)) and both.dtype == "float64"
    assert join(INT, FLOAT) == Number("f", None, (), "python", mixed=True)
    assert join(x, FLOAT) == Number("f", None, None, "any")
    assert join(integer(2), integer(3)).value is None and join(integer(2), integer(2)).value == 2
    assert join(x, NONE) == UNKNOWN == join(TEXT, x)
    assert join(tuple_of(x, INT), tuple_of(x, FLOAT)) == tuple_of(x, join(INT, FLOAT))
    assert join(tuple_of(FLOAT), tuple_of(FLOAT, FLOAT)).item == FLOAT


def test_items_of_one_list_may_differ_in_size():
    x = Number("f", "float64", (slice_length(n, None, None, 2),), "array")
    assert as_item(x) == x, "a function of the arguments' sizes is the same for all"
    fresh = join(x, Number("f", "float64", (m,), "array"))
    several = list_of(fresh)
    one, other = renewed(several.each), renewed(several.each)
    assert one.shape != other.shape


Point = namedtuple("Point", "x y")


@dataclass
class Layer:
    W: object
    b: float


def test_a_signature_has_equalities_and_ones_and_no_sizes():
    def of(*shapes):
        return signature_of(*map(np.ones, shapes))
    assert of((3, 4), (4,)) == of((5, 6), (6,)) != of((4, 4), (4,))
    assert of((3, 1)) != of((3, 2)) != of((2, 2)) and of((0,)) != of((1,)) != of((2,))
    assert of((3,), (4,), (3,)) == of((7,), (9,), (7,))
    first, second = of((3, 4), (4,))
    assert first.shape[1] == second.shape[0] and not may_be_one(first.shape[0])


def test_a_signature_tells_kinds_apart():
    values = [1.0, 1, True, 1j, None, "a", np.float64(1), np.float32(1), np.array(1.0), np.ones(2), np.ones(2, int), [1.0], (1.0,), {"a": 1.0}, Point(1.0, 2),
              (1.0, 2), Layer(1.0, 2), np.tanh, len, test_joins, np, range(3), np.random.default_rng(), slice(1)]
    keys = [key(signature({"x": value})) for value in values]
    assert len(set(keys)) == len(keys), "facts are hashable, and tell these apart"
    assert keys == [key(signature({"x": value})) for value in values]


def test_integers_that_are_differentiated_are_real_numbers():
    facts = signature({"x": 2, "n": 3}, varied=("x",))
    assert facts["x"] == Number("f", None, (), "python", mixed=True) and facts["n"].kind == "i"


def test_values_do_not_count():
    assert key(signature({"n": 3, "s": "a"})) == key(signature({"n": 4, "s": "b"}))
    assert signature({"x": [1.0] * 40}) == signature({"x": [2.0] * 50})


def test_structures():
    (layers,) = signature_of([(np.ones((3, 4)), np.ones(3)), (np.ones((2, 3)), np.ones(2))])
    (W, b), (V, c) = (item.items for item in layers.items)
    assert W.shape[0] == b.shape[0] == V.shape[1] and V.shape[0] == c.shape[0]
    (layer,) = signature_of(Layer(np.ones(3), 1.0))
    assert isinstance(layer, ObjectFact) and dict(layer.fields)["b"] == FLOAT
    (point,) = signature_of(Point(1.0, 2.0))
    assert isinstance(point, Sequence) and point.cls is Point
    (mapping,) = signature_of({"a": 1.0})
    assert isinstance(mapping, Mapping) and mapping.items == (("a", FLOAT),)


ANNOTATIONS = [
    ("float", Number("f", None, (), "python", mixed=True)),
    ("int", Number("i", None, (), "python", None, dim("x", None))),
    ("bool", Number("b", None, (), "python")),
    ("np.float32", Number("f", "float32", (), "scalar")),
    ("np.ndarray", Number("f", None, None, "array", mixed=True)),
    ("NDArray[np.float64]", Number("f", "float64", None, "array")),
    ("numpy.typing.NDArray[np.int32]", Number("i", "int32", None, "array")),
    ("NDArray[float]", Number("f", "float64", None, "array")),
    ("np.ndarray[Any, np.dtype[np.float64]]", Number("f", "float64", None, "array")),
    ("float[:]", Number("f", None, (dim("x.0"),), "array")),
    ("float[:, :]", Number("f", None, (dim("x.0"), dim("x.1")), "array")),
    ("float[m, 3]", Number("f", None, (dim("m"), dim(3)), "array")),
    ("Float[Array, 'm n']", Number("f", None, (dim("m"), dim("n")), "array")),
    ("Float64[np.ndarray, 'batch 3 _']", Number("f", "float64", (dim("batch"), dim(3), dim("x.2")), "array")),
    ("Float[Array, '*batch n']", Number("f", None, None, "array")),
    ("Float[Array, '']", Number("f", None, (), "array")),
    ("list[float]", list_of(Number("f", None, (), "python", mixed=True))),
    ("tuple[bool, str]", tuple_of(Number("b", None, (), "python"), TEXT)),
    ("tuple[bool, ...]", Sequence("tuple", None, Number("b", None, (), "python"))),
    ("dict[str, bool]", Mapping(None, Number("b", None, (), "python"), TEXT)),
    ("'float'", Number("f", None, (), "python", mixed=True)),
    ("int | float", Number("f", None, (), "python", mixed=True)),
    ("None", NONE),
    ("Optional[float]", UNKNOWN),
    ("Whatever[float]", UNKNOWN),
    ("'not an expression ('", UNKNOWN),
]


@pytest.mark.parametrize("text, expected", ANNOTATIONS)
def test_annotations(text, expected):
    assert fact_of_annotation(quote_expr(text), "x") == expected
