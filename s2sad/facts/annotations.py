"""The facts that annotations state: `fact_of_annotation(annotation, name)`.

Understood are Python's number types, `np.ndarray`, `NDArray[np.float64]`, sizes in brackets as in `float[:, n]`, the shapes of jaxtyping
(`Float[Array, "m n"]`), `list[T]`, `tuple[T, ...]`, `dict[K, V]`, unions, and all of these in quotes.  Equal names of sizes are equal
sizes.  An annotation says less than a value: a `float` may be an int at run time, a size may be 0 or 1.
"""
from __future__ import annotations

from functools import reduce

from s2sad import core
from s2sad.facts.dims import Dim, Shape, dim
from s2sad.facts.fact import BOOL, NONE, TEXT, UNKNOWN, Fact, Mapping, Number, Sequence, as_item, join, tuple_of

ANY_FLOAT = Number("f", None, (), "python", mixed=True)
ANY_COMPLEX = Number("c", None, (), "python", mixed=True)
ANY_ARRAY = Number("f", None, None, "array", mixed=True)
"""An array annotated as no more than that is taken to hold real numbers."""

_KINDS = {
    "float": "f",
    "int": "i",
    "bool": "b",
    "complex": "c",
    "floating": "f",
    "integer": "i",
    "complexfloating": "c",
    "Float": "f",
    "Int": "i",
    "UInt": "i",
    "Integer": "i",
    "Bool": "b",
    "Complex": "c",
    "Inexact": "c",
    "Num": "c",
    "Real": "f",
    "Shaped": "?",
}
_WIDTHS = {"float": ("16", "32", "64"), "int": ("8", "16", "32", "64"), "uint": ("8", "16", "32", "64"), "complex": ("64", "128")}
_DTYPES = {
    base + width: ("i" if base in ("int", "uint") else base[0], base + width) for base, widths in _WIDTHS.items() for width in widths
}
_DTYPES |= {("UI" + name[2:] if name[0] == "u" else name.capitalize()): value for name, value in _DTYPES.items()} | {"bool_": ("b", "bool")}


def fact_of_annotation(annotation: core.Expr, name: str = "") -> Fact:
    """What an annotation of the parameter `name` says, Unknown where it is not understood."""
    if isinstance(annotation, core.Const):
        if isinstance(annotation.value, str):
            return _quoted(annotation.value, name)
        return NONE if annotation.value is None else UNKNOWN
    if isinstance(annotation, core.BinOp) and annotation.op == "|":
        return join(fact_of_annotation(annotation.left, name), fact_of_annotation(annotation.right, name))
    if isinstance(annotation, (core.Name, core.Attribute)):
        return _plain(_word(annotation), name)
    if isinstance(annotation, core.Subscript):
        return _subscripted(_word(annotation.value), annotation.index, name)
    return UNKNOWN


def _quoted(text: str, name: str) -> Fact:
    from s2sad.quote import quote_expr
    try:
        return fact_of_annotation(quote_expr(text), name)
    except SyntaxError:
        return UNKNOWN


def _word(expr: core.Expr) -> str:
    """The last word of a dotted name."""
    return expr.id if isinstance(expr, core.Name) else expr.attr if isinstance(expr, core.Attribute) else ""


def _plain(word: str, name: str) -> Fact:
    simple = {"float": ANY_FLOAT, "bool": BOOL, "complex": ANY_COMPLEX, "str": TEXT, "ndarray": ANY_ARRAY, "NDArray": ANY_ARRAY,
              "list": Sequence("list", None, UNKNOWN), "tuple": Sequence("tuple", None, UNKNOWN), "dict": Mapping(None, UNKNOWN, UNKNOWN)}
    if word == "int":
        return Number("i", None, (), "python", None, dim(name or "int", None))
    if word in _DTYPES:
        kind, dtype = _DTYPES[word]
        return Number(kind, dtype, (), "scalar")
    return simple.get(word, UNKNOWN)


def _parts(index: core.Expr) -> tuple[core.Expr, ...]:
    return index.elts if isinstance(index, core.Tuple) else (index,)


def _subscripted(word: str, index: core.Expr, name: str) -> Fact:
    parts = _parts(index)
    if word in ("list", "List"):
        return Sequence("list", None, as_item(fact_of_annotation(parts[0], name + ".each")))
    if word in ("tuple", "Tuple"):
        if len(parts) == 2 and parts[1] == core.Const(...):
            return Sequence("tuple", None, as_item(fact_of_annotation(parts[0], name + ".each")))
        return tuple_of(*(fact_of_annotation(part, f"{name}.{i}") for i, part in enumerate(parts)))
    if word in ("dict", "Dict") and len(parts) == 2:
        return Mapping(None, as_item(fact_of_annotation(parts[1], name + ".each")), as_item(fact_of_annotation(parts[0], name + ".key")))
    if word == "Optional":
        return join(fact_of_annotation(parts[0], name), NONE)
    if word == "Union":
        return reduce(join, (fact_of_annotation(part, name) for part in parts))
    if word in ("Annotated", "Final"):
        return fact_of_annotation(parts[0], name)
    if word == "NDArray" or word == "ndarray" and len(parts) == 2:
        return _of_dtype(parts[-1])
    if word not in _KINDS and word not in _DTYPES:
        return UNKNOWN
    kind, dtype = _DTYPES.get(word) or (_KINDS[word], None)
    if len(parts) == 2 and isinstance(parts[1], core.Const) and isinstance(parts[1].value, str):
        return Number(kind, dtype, _spelled(parts[1].value, name), "array", mixed=word in ("Inexact", "Num", "Real"))
    return Number(kind, dtype, _sizes(parts, name), "array")


def _of_dtype(expr: core.Expr) -> Fact:
    word = _word(expr.index) if isinstance(expr, core.Subscript) and _word(expr.value) == "dtype" else _word(expr)
    if word in _DTYPES:
        kind, dtype = _DTYPES[word]
        return Number(kind, dtype, None, "array")
    plain = {"float": "float64", "complex": "complex128", "bool": "bool"}
    if word in _KINDS:
        return Number(_KINDS[word], plain.get(word), None, "array")
    return ANY_ARRAY


def _sizes(parts: tuple[core.Expr, ...], name: str) -> Shape | None:
    """The shape of `float[:, n, 3]`; of `float[...]` none."""
    shape: list[Dim] = []
    for i, part in enumerate(parts):
        if isinstance(part, core.Const) and type(part.value) is int:
            shape.append(dim(part.value))
        elif isinstance(part, core.Name):
            shape.append(dim(part.id))
        elif isinstance(part, core.Slice):
            shape.append(dim(f"{name}.{i}"))
        else:
            return None
    return tuple(shape)


def _spelled(text: str, name: str) -> Shape | None:
    """The shape of jaxtyping's `"batch 3 n"`; of `"*batch n"` none."""
    shape: list[Dim] = []
    for i, word in enumerate(text.split()):
        word = word.rpartition("=")[2]
        if word.startswith("*") or word == "...":
            return None
        if word.isdecimal():
            shape.append(dim(int(word)))
        else:
            shape.append(dim(word if word.isidentifier() and word != "_" else f"{name}.{i}"))
    return tuple(shape)
