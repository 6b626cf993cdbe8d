"""Facts of results of elementwise functions and of Python's own: kinds, dtypes as NumPy promotes them, and what the number lives in.

Each public function is the `result` of rules: it takes the facts and the texts of the arguments, and returns the fact of the result.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from s2sad import core
from s2sad.facts import (
    BOOL,
    FLOAT,
    INT,
    PYTHON,
    TEXT,
    UNKNOWN,
    Fact,
    Number,
    Sequence,
    Shape,
    Text,
    broadcast,
    dim,
    higher,
    join_all,
)
from s2sad.rules.guards import NotKnown, value_of

Facts = Mapping[str, Fact]
Bound = Mapping[str, core.Expr]
Result = Callable[[Facts, Bound], Fact]

_WEAK = {"b": True, "i": 1, "f": 1.0, "c": 1j}


Part = tuple[str, str | None, bool, bool]


@lru_cache(1024)
def promoted(parts: tuple[Part, ...]) -> tuple[str, str | None, bool]:
    """The kind and dtype of arithmetic on numbers of these kinds and dtypes, and whether the kind may be lower at run time.

    A part is (kind, dtype, whether it is a Python number, whether its kind may be lower).
    """
    kind = "b"
    for part, *_ in parts:
        kind = higher(kind, part)
    mixed = all(may_be_lower for part, _, _, may_be_lower in parts if part == kind)
    strong = [dtype for _, dtype, weak, _ in parts if not weak]
    if kind == "?" or not strong or None in strong:
        return kind, None, mixed
    widest = {np.result_type(*(np.dtype(name) for name in strong), *(_WEAK[k] for k in kinds)).name for kinds in _weak_kinds(parts)}
    if len(widest) > 1:
        return kind, None, mixed
    return kind_of(dtype := widest.pop()), dtype, False


def _weak_kinds(parts: tuple[Part, ...]) -> tuple[tuple[str, ...], ...]:
    """The kinds that the Python numbers may have, at their highest and at their lowest."""
    return tuple(tuple(("b" if lowered and mixed else kind) for kind, _, weak, mixed in parts if weak) for lowered in (False, True))


@lru_cache(64)
def kind_of(dtype: str | None) -> str:
    """The kind of a dtype."""
    kind = "?" if dtype is None else np.dtype(dtype).kind
    return "i" if kind == "u" else kind if kind in "bifc" else "?"


def as_array(fact: Fact | None) -> Number | None:
    """A number or an array as itself, a sequence of numbers as the array that NumPy makes of it; None for anything else."""
    if isinstance(fact, Number):
        return fact
    if isinstance(fact, Sequence) and fact.kind in ("list", "tuple"):
        items = [as_array(item) for item in fact.items] if fact.items is not None else [as_array(fact.each)]
        known = [item for item in items if item is not None]
        if not known or len(known) < len(items):
            return None
        kind, dtype, mixed = promoted(tuple(map(part_of, known)))
        first = known[0].shape
        shape: Shape | None = None
        if first is not None and fact.length is not None and all(item.shape == first for item in known):
            shape = (fact.length, *first)
        if dtype is None and not mixed and all(number.box == "python" for number in known):
            dtype = np.asarray(_WEAK[kind]).dtype.name if kind in _WEAK else None
        return Number(kind, dtype, shape, "array", mixed=mixed)
    return None


def part_of(number: Number) -> Part:
    return number.kind, number.dtype, number.box == "python", number.mixed


def box_of(shape: Shape | None, boxes: Iterable[str]) -> str:
    """What holds the result of arithmetic: an array, unless it has no axes; then a Python number if all operands are."""
    if shape is None:
        return "any"
    if shape:
        return "array"
    found = set(boxes)
    return "python" if found == {"python"} else "any" if "any" in found and not found & {"scalar", "array"} else "scalar"


def elementwise(facts: Iterable[Fact | None]) -> Number | None:
    """The fact of arithmetic on these operands, None where one is no number."""
    numbers = [as_array(fact) for fact in facts]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers):
        return None
    kind, dtype, mixed = promoted(tuple(map(part_of, known)))
    shape = broadcast(*(number.shape for number in known))
    return Number(kind, dtype, shape, box_of(shape, (number.box for number in known)), mixed=mixed)


def arithmetic(facts: Facts, bound: Bound) -> Fact:
    """`+`, `-`, `*` and the like."""
    sequences = [fact for fact in facts.values() if isinstance(fact, (Sequence, Text))]
    if sequences and len(facts) == 2 and not any(isinstance(f, Number) and f.box in ("scalar", "array") for f in facts.values()):
        a, b = facts.values()
        return _joined_sequences(a, b)
    number = elementwise(facts.values())
    if number is None:
        return UNKNOWN
    return replace(number, kind=higher(number.kind, "i"), dtype=None) if number.kind == "b" and number.box == "python" else number


def _joined_sequences(a: Fact, b: Fact) -> Fact:
    if isinstance(a, Text):
        return TEXT
    if isinstance(a, Sequence) and isinstance(b, Sequence) and a.kind == b.kind:
        length = a.length + b.length if a.length is not None and b.length is not None else None
        if a.items is not None and b.items is not None:
            return Sequence(a.kind, a.items + b.items, None, length)
        return Sequence(a.kind, None, join_all((a.each, b.each)), length)
    sequence, times = (a, b) if isinstance(a, Sequence) else (b, a)
    if isinstance(sequence, Sequence) and isinstance(times, Number):
        known = times.value
        if known is not None and sequence.items is not None and 0 <= known * len(sequence.items) <= 16:
            return Sequence(sequence.kind, sequence.items * known, None, dim(known * len(sequence.items)))
        length = sequence.length * times.size if sequence.length is not None and times.size is not None else None
        return Sequence(sequence.kind, None, sequence.each, length)
    return TEXT if isinstance(b, Text) else UNKNOWN


def _at_least_float(number: Number) -> Number:
    if number.kind not in ("b", "i"):
        return number
    return replace(number, kind="f", mixed=False, dtype="float64" if number.dtype not in (None, "bool", "int8", "uint8", "int16",
                                                                                          "uint16") else None)


def division(facts: Facts, bound: Bound) -> Fact:
    """`/`."""
    number = elementwise(facts.values())
    return UNKNOWN if number is None else _at_least_float(number)


def exponentiation(facts: Facts, bound: Bound) -> Fact:
    """`**`: an int to the power of a negative int is a float."""
    number = elementwise(facts.values())
    if number is None:
        return UNKNOWN
    if number.box in ("python", "any") and number.kind in ("b", "i"):
        try:
            negative = bool(value_of("b", bound, facts) < 0)
        except (NotKnown, TypeError):
            negative = True
        return replace(number, kind="f", dtype=None, mixed=True) if negative else replace(number, kind="i", dtype=None)
    return number


def inexact(facts: Facts, bound: Bound) -> Fact:
    """NumPy's functions of real or complex numbers, such as `np.tanh`."""
    number = elementwise(facts.values())
    if number is None:
        return Number("?")
    if number.box == "python":
        dtype = {"b": "float64", "i": "float64", "f": "float64", "c": "complex128"}.get(number.kind)
        return Number(higher(number.kind, "f"), None if number.mixed and number.kind == "c" else dtype, (), "scalar")
    return at_numpy(_at_least_float(replace(number, mixed=False) if number.kind == "f" else number))


def double(facts: Facts, bound: Bound) -> Fact:
    """The functions of SciPy, of which some compute in double precision whatever they are given."""
    fact = inexact_or_array(facts, bound)
    return replace(fact, dtype=None) if isinstance(fact, Number) and fact.dtype != "float64" else fact


def inexact_or_array(facts: Facts, bound: Bound) -> Fact:
    """Functions that may leave an array of rank 0 one, such as `np.i0`."""
    fact = inexact(facts, bound)
    return replace(fact, box="any") if isinstance(fact, Number) and fact.shape == () else fact


def at_numpy(number: Number) -> Number:
    """What a function of NumPy returns where the operator would return `number`."""
    return replace(number, box="scalar", value=None, size=None) if number.shape == () and number.box in ("python", "any") else number


def float64(facts: Facts, bound: Bound) -> Fact:
    """`np.float_power`."""
    number = elementwise(facts.values())
    if number is None or number.kind in ("c", "?"):
        return Number("?")
    return Number("f", None if number.dtype == "longdouble" else "float64", number.shape, number.box if number.shape else "scalar")


def part(facts: Facts, bound: Bound) -> Fact:
    """Real and imaginary parts and conjugates: a Python number has Python parts, an array of rank 0 may stay one."""
    fact = real(facts, bound)
    return replace(fact, box="any", value=None, size=None) if isinstance(fact, Number) and fact.shape == () else fact


def same(name: str) -> Result:
    """What is known of an argument."""
    def result(facts: Facts, bound: Bound) -> Fact:
        return facts[name]
    return result


def conjugate(facts: Facts, bound: Bound) -> Fact:
    number = elementwise(facts.values())
    return UNKNOWN if number is None else replace(number, box="any", value=None, size=None) if number.shape == () else number


def some_boolean(facts: Facts, bound: Bound) -> Fact:
    """`np.isreal` and `np.iscomplex`, which give Python's bools or NumPy's."""
    number = elementwise(facts.values())
    return Number("b", None, None if number is None else number.shape, "array" if number is not None and number.shape else "any")


def rounded(facts: Facts, bound: Bound) -> Fact:
    """`round(number, ndigits)`: an int without `ndigits`."""
    number = facts.get("number")
    if bound.get("ndigits", core.Const(None)) == core.Const(None):
        return INT if isinstance(number, Number) and number.box == "python" else UNKNOWN
    return replace(number, value=None, size=None) if isinstance(number, Number) else UNKNOWN


def real(facts: Facts, bound: Bound) -> Fact:
    """Real and imaginary parts and absolute values."""
    number = elementwise(facts.values())
    if number is None:
        return UNKNOWN
    if number.kind == "c":
        dtype = {"complex64": "float32", "complex128": "float64"}.get(number.dtype or "")
        return replace(number, kind="f", dtype=dtype)
    return number


def real_of(name: str) -> Result:
    """The real number that belongs to an argument, whatever the others are."""
    def result(facts: Facts, bound: Bound) -> Fact:
        fact = real({name: facts[name]}, bound)
        return at_numpy(fact) if isinstance(fact, Number) else fact
    return result


def integral(facts: Facts, bound: Bound) -> Fact:
    """`//`: of the kind of its operands, although its derivative is zero."""
    return arithmetic(facts, bound)


def boolean(facts: Facts, bound: Bound) -> Fact:
    """Elementwise tests."""
    number = elementwise(facts.values())
    if number is None:
        return Number("b")
    return BOOL if number.box == "python" else Number("b", None if number.box == "any" else "bool", number.shape, number.box)


def elementwise_like(*names: str) -> Result:
    """Broadcasts the arguments of these names, the dtype being that of all but the condition `c`; absent ones do not count."""
    def result(facts: Facts, bound: Bound) -> Fact:
        present = [name for name in names if name in facts and bound[name] != core.Const(None)]
        number = elementwise(facts[name] for name in present if name != "c" or len(present) == 1)
        if number is None:
            return UNKNOWN
        if "c" not in present:
            return at_numpy(number)
        if len(present) == 1:
            return UNKNOWN
        condition = as_array(facts["c"])
        shape = None if condition is None else broadcast(number.shape, condition.shape)
        return replace(number, shape=shape, box="array" if shape is not None else "any")
    return result


def unknown(facts: Facts, bound: Bound) -> Fact:
    return UNKNOWN


def python_float(facts: Facts, bound: Bound) -> Fact:
    return FLOAT


def python_int(facts: Facts, bound: Bound) -> Fact:
    return INT


def python_bool(facts: Facts, bound: Bound) -> Fact:
    return BOOL


def text(facts: Facts, bound: Bound) -> Fact:
    return TEXT


def as_kind(kind: str) -> Result:
    """A Python number of this kind."""
    def result(facts: Facts, bound: Bound) -> Fact:
        return PYTHON[kind]
    return result


def joined(facts: Facts, bound: Bound) -> Fact:
    """One of the arguments, or of the items of the only one, as for `max`."""
    if set(facts) == {"args"}:
        only = facts["args"]
        inner = only.items[0] if isinstance(only, Sequence) and only.items is not None and len(only.items) == 1 else None
        return inner.each if isinstance(inner, Sequence) else _row(inner) if isinstance(inner, Number) else UNKNOWN
    if set(facts) == {"args.0"}:
        inner = facts["args.0"]
        return inner.each if isinstance(inner, Sequence) else _row(inner) if isinstance(inner, Number) else UNKNOWN
    fact = join_all(replace(f, value=None, size=None) if isinstance(f, Number) else f for f in facts.values())
    return fact if isinstance(fact, (Number, Text)) else UNKNOWN


def _row(array: Number) -> Fact:
    if array.shape is None or not array.shape:
        return UNKNOWN
    return Number(array.kind, array.dtype, array.shape[1:], "array" if len(array.shape) > 1 else "scalar")


OF_OPERATORS: tuple[Result, ...] = (arithmetic, division, exponentiation, boolean, real)
"""Results of operators, which the NumPy functions of the same rows share, but for returning NumPy's scalars."""
