"""The facts of operators: `binary("*", a, b)`, `unary("-", a)`, `compare(ops, operands)` from the facts of the operands.

Types of NumPy results are asked of NumPy itself, on an array of one element, once for each combination.
"""
from __future__ import annotations

import operator
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from s2sad.facts import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    TEXT,
    UNDEFINED,
    UNKNOWN,
    Dim,
    Fact,
    Number,
    Sequence,
    Shape,
    Text,
    broadcast,
    broadcast_dim,
    dim,
    floordiv,
    integer,
    join,
    lowest,
    opaque,
)
from s2sad.facts.fact import ANY, KINDS, in_item

FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "@": operator.matmul,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}
SAMPLES: dict[str, Any] = {"b": True, "i": 1, "f": 1.0, "c": 1j}
_RANK = {kind: i for i, kind in enumerate(KINDS)}
_KIND_OF = {"b": "b", "i": "i", "u": "i", "f": "f", "c": "c"}
_WEAK = int(np.__version__.partition(".")[0]) >= 2
"""Python numbers do not widen NumPy's types (NEP 50); before, for scalars, it depended on their values."""
_SMALL = 1 << 62


@lru_cache(1024)
def kind_of(dtype: str) -> str:
    """The kind of a NumPy type."""
    return _KIND_OF.get(np.dtype(dtype).kind, "?")


@lru_cache(4096)
def _result_type(op: str, a: str, b: str) -> str | None:
    """The type of `a op b`, where `a` and `b` name NumPy types, or kinds of Python numbers."""
    left, right = (SAMPLES[t] if t in SAMPLES else np.ones(1, t) for t in (a, b))
    try:
        with np.errstate(all="ignore"):
            return str(FUNCTIONS[op](left, right).dtype.name)
    except TypeError:
        return None


def result_type(op: str, a: Number, b: Number) -> str | None:
    """NumPy's name for the type of `a op b`, None where it is not known; one of them is not a Python number."""
    if a.dtype is None or b.dtype is None:
        python, other = (a, b) if a.dtype is None else (b, a)
        if python.box != "python" or python.kind == "?" or other.dtype is None:
            return None
        if not _WEAK and (other.shape is None or not other.shape):
            return None
        kinds = KINDS[: _RANK[python.kind] + 1] if python.mixed else python.kind
        found = {_result_type(op, kind if a is python else other.dtype, other.dtype if a is python else kind) for kind in kinds}
        return found.pop() if len(found) == 1 else None
    if not _WEAK and a.shape != b.shape and not (a.shape and b.shape):
        return None
    return _result_type(op, a.dtype, b.dtype)


def binary(op: str, a: Fact, b: Fact) -> Fact:
    """The fact of `a op b`."""
    if type(a) is Number and type(b) is Number:
        if op == "@":
            return _matmul(a, b)
        if a.box == "python" and b.box == "python":
            return _python(op, a, b)
        return _numpy(op, a, b)
    if a is UNDEFINED or b is UNDEFINED:
        return UNDEFINED
    if isinstance(a, Text) and (op in "+%" or op == "*"):
        return TEXT
    if isinstance(a, Sequence) or isinstance(b, Sequence):
        return _sequences(op, a, b)
    return UNKNOWN


def _kind(op: str, a: Number, b: Number) -> tuple[str, bool]:
    """The kind of an arithmetic result, and whether it may be lower at run time."""
    ra, rb = _RANK[a.kind], _RANK[b.kind]
    kind = a.kind if ra >= rb else b.kind
    mixed = not (ra >= rb and not a.mixed or rb >= ra and not b.mixed)
    if op == "/" and _RANK[kind] <= 2:
        return "f", False
    if kind == "b" and op not in "&|^":
        return "i", False
    return kind, mixed


def _python(op: str, a: Number, b: Number) -> Number:
    kind, mixed = _kind(op, a, b)
    if kind == "i":
        if op == "**" and not _is_natural(b):
            return Number("f", None, (), "python", mixed=True)
        return _ints(op, a, b)
    if not mixed:
        if kind == "f":
            return FLOAT
        if kind == "c":
            return COMPLEX
        if kind == "b":
            return BOOL
    return Number(kind, None, (), "python", mixed=mixed)


def _is_natural(exponent: Number) -> bool:
    if exponent.kind == "b":
        return True
    low = lowest(exponent.size) if exponent.size is not None else None
    return low is not None and low >= 0


def _ints(op: str, a: Number, b: Number) -> Number:
    if a.value is not None and b.value is not None:
        if op in ("**", "<<") and b.value > 64:
            return INT
        try:
            value = FUNCTIONS[op](a.value, b.value)
        except (ArithmeticError, ValueError):
            return INT
        return integer(value) if isinstance(value, int) and abs(value) < _SMALL else INT
    x, y = a.size, b.size
    if x is None or y is None:
        return INT
    size: Dim | None = None
    if op == "+":
        size = x + y
    elif op == "-":
        size = x - y
    elif op == "*":
        size = x * y
    elif op == "//" and y.known is not None and y.known > 0:
        size = floordiv(x, y.known)
    elif op in ("//", "%"):
        low = lowest(y)
        size = opaque(f"({{}} {op} {{}})", (x, y), 0 if op == "%" and low is not None and low > 0 else None)
    return INT if size is None else integer(size)


def box_of(shape: Shape | None, *boxes: str) -> str:
    """What an operation of NumPy on numbers in `boxes` returns: scalars in place of arrays of rank 0."""
    if shape:
        return "array"
    if all(box == "python" for box in boxes):
        return "python"
    return "scalar" if shape == () and ("scalar" in boxes or "array" in boxes) else "any"


def _numpy(op: str, a: Number, b: Number) -> Number:
    kind, mixed = _kind(op, a, b)
    shape = a.shape if a.shape == b.shape else broadcast(a.shape, b.shape)
    dtype = result_type(op, a, b)
    if dtype is not None:
        kind, mixed = kind_of(dtype), False
    elif kind == "i":
        # Bools stay bools under some operators; powers of Python ints may be floats.
        mixed = mixed or a.kind == "b" and b.kind == "b"
        if op == "**" and a.box in ("python", "any") and b.box in ("python", "any"):
            kind, mixed = "f", True
    box = box_of(shape, a.box, b.box)
    return Number(kind, dtype, shape, box, None, None, mixed, box == "any" and shape == ())


def _matmul(a: Number, b: Number) -> Number:
    dtype = result_type("*", a, b) if a.dtype and b.dtype else None
    kind, mixed = (kind_of(dtype), False) if dtype is not None else _kind("*", a, b)
    shape = matmul_shape(a.shape, b.shape)
    return Number(kind, dtype, shape, "any" if shape is None else "array" if shape else "scalar", None, None, mixed)


def matmul_shape(a: Shape | None, b: Shape | None) -> Shape | None:
    """The shape of `a @ b`."""
    if not a or not b:
        return None
    rows = a[-2:-1]
    columns = b[-1:] if len(b) > 1 else ()
    batch = broadcast(a[:-2], b[:-2])
    return None if batch is None else batch + rows + columns


def as_array(fact: Fact) -> Number | None:
    """The fact of `np.asarray(value)`, None where it may be no array of numbers."""
    if isinstance(fact, Number):
        dtype = _result_of_asarray(fact)
        return Number(fact.kind, dtype, fact.shape, "array", None, None, fact.mixed and dtype is None)
    if not isinstance(fact, Sequence) or fact.kind not in ("list", "tuple"):
        return None
    length = dim(len(fact.items)) if fact.items is not None else fact.length
    parts = [as_array(item) for item in (fact.items if fact.items is not None else (fact.item,) if fact.item else ())]
    if fact.items == ():
        return Number("f", "float64", (dim(0),), "array")
    if not parts or any(part is None for part in parts):
        return None
    total = parts[0]
    assert total is not None
    for part in parts[1:]:
        assert part is not None
        shape = None if total.shape is None or part.shape is None or len(total.shape) != len(part.shape) else tuple(
            x if x == y else broadcast_dim(x, y) for x, y in zip(total.shape, part.shape))
        dtype = _result_type("+", total.dtype, part.dtype) if total.dtype and part.dtype else None
        joined = join(total, part)
        assert isinstance(joined, Number)
        total = Number(joined.kind, dtype, shape, "array", None, None, joined.mixed and dtype is None)
    if fact.items is None and (length is None or length == 0 or lowest(length) == 0):
        # An empty list is an array of floats, of rank 1.
        return Number(
            total.kind if total.kind in "fc?" else "f", None, (length,) if length and total.shape == () else None, "array", None, None, True
        )
    if total.shape is None or length is None or any(d == ANY for d in total.shape):
        return Number(total.kind, total.dtype, None, "array", None, None, total.mixed)
    return Number(total.kind, total.dtype, (length, *total.shape), "array", None, None, total.mixed)


def _result_of_asarray(fact: Number) -> str | None:
    if fact.dtype is not None or fact.box != "python" or fact.mixed or fact.kind == "?":
        return fact.dtype
    return str(np.asarray(SAMPLES[fact.kind]).dtype.name)


def _sequences(op: str, a: Fact, b: Fact) -> Fact:
    if isinstance(a, Number) and isinstance(b, Sequence):
        if op == "*" and a.box == "python":
            return _repeated(b, a)
        array = as_array(b)
        return binary(op, a, array) if a.box == "array" and array is not None else UNKNOWN
    if isinstance(b, Number) and isinstance(a, Sequence):
        if op == "*" and b.box == "python":
            return _repeated(a, b)
        array = as_array(a)
        return binary(op, array, b) if b.box == "array" and array is not None else UNKNOWN
    if op != "+" or not isinstance(a, Sequence) or not isinstance(b, Sequence) or a.kind != b.kind or a.kind not in ("list", "tuple"):
        return UNKNOWN
    length = a.length + b.length if a.length is not None and b.length is not None else None
    if a.items is not None and b.items is not None:
        return Sequence(a.kind, a.items + b.items, None, length)
    return Sequence(a.kind, None, join(a.each, b.each, in_item), length)


def _repeated(sequence: Sequence, times: Number) -> Fact:
    if sequence.kind not in ("list", "tuple") or times.kind not in "bi":
        return UNKNOWN
    if sequence.items is not None and times.value is not None and len(sequence.items) * times.value <= 64:
        items = sequence.items * times.value
        return Sequence(sequence.kind, items, None, dim(len(items)))
    length = None
    if sequence.length is not None and times.size is not None and lowest(times.size) is not None and (lowest(times.size) or 0) >= 0:
        length = sequence.length * times.size
    return Sequence(sequence.kind, None, sequence.each, length)


def unary(op: str, a: Fact) -> Fact:
    """The fact of `op a`."""
    if op == "not":
        return BOOL
    if type(a) is not Number:
        return UNDEFINED if a is UNDEFINED else UNKNOWN
    if a.box == "python" and a.kind in "bi":
        if a.size is not None and op == "-":
            return integer(-a.size)
        return a if op == "+" and a.kind == "i" else INT
    if a.value is None and a.box not in ("array", "any"):
        return a
    return Number(a.kind, a.dtype, a.shape, box_of(a.shape, a.box), None, None, a.mixed)


def compare(ops: tuple[str, ...], operands: tuple[Fact, ...]) -> Fact:
    """The fact of a comparison; a chain stops at its first false part, so that it may be any of them."""
    parts = [_compared(op, a, b) for op, a, b in zip(ops, operands, operands[1:])]
    result = parts[0]
    for part in parts[1:]:
        result = join(result, part)
    return result


def _compared(op: str, a: Fact, b: Fact) -> Fact:
    if op in ("is", "is not", "in", "not in"):
        return BOOL
    if isinstance(a, Number) and isinstance(b, Number):
        if a.box == "python" and b.box == "python":
            return BOOL
        shape = broadcast(a.shape, b.shape)
        box = box_of(shape, a.box, b.box)
        return Number("b", None if box in ("python", "any") else "bool", shape, box)
    if a is UNDEFINED or b is UNDEFINED:
        return UNDEFINED
    plain = (Text, Number, Sequence)
    if isinstance(a, plain) and isinstance(b, plain) and not any(isinstance(x, Number) and x.box != "python" for x in (a, b)):
        return BOOL
    return UNKNOWN
