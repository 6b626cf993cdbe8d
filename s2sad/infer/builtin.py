"""The facts of calls of Python's own functions that build, walk or measure structures: `find(len)` gives a function of the facts of its
arguments.

These give None where they have nothing to say, and the rule of the function, if any, is asked.
"""
from __future__ import annotations

import builtins
import copy
import dataclasses
from collections.abc import Callable

from s2sad.facts import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    NONE,
    TEXT,
    UNKNOWN,
    Dim,
    Fact,
    FunctionFact,
    Mapping,
    NoneFact,
    Number,
    ObjectFact,
    RangeFact,
    Sequence,
    SliceFact,
    Text,
    as_item,
    dim,
    integer,
    join,
    lowest,
    tuple_of,
)
from s2sad.facts.births import with_births
from s2sad.infer.arithmetic import binary
from s2sad.infer.expressions import element, iterations
from s2sad.infer.indexing import subscript

Facts = list[Fact]
Keywords = dict[str, Fact]
Handler = Callable[[Facts, Keywords], Fact | None]

__all__ = ["element", "find", "joined", "subscript"]


def joined(facts: Facts) -> Fact:
    """The join of facts."""
    result = facts[0]
    for fact in facts[1:]:
        result = join(result, fact)
    return result


def _len(args: Facts, keywords: Keywords) -> Fact | None:
    value = args[0]
    if isinstance(value, Mapping):
        return INT if value.items is None else integer(len(value.items))
    if isinstance(value, Sequence) and value.kind not in ("list", "tuple"):
        return INT
    length = iterations(value)
    return INT if length is None else integer(length)


def _bound(fact: Fact) -> Dim | None:
    if not isinstance(fact, Number):
        return None
    return fact.size if fact.size is not None else dim(fact.value) if fact.value is not None else None


def _range(args: Facts, keywords: Keywords) -> Fact | None:
    bounds = [_bound(arg) for arg in args]
    if len(bounds) == 1:
        return RangeFact(dim(0), bounds[0], dim(1))
    return RangeFact(bounds[0], bounds[1], bounds[2] if len(bounds) > 2 else dim(1))


def _iterator(item: Fact, length: Dim | None) -> Fact:
    return Sequence("iterator", None, as_item(item), length)


def _enumerate(args: Facts, keywords: Keywords) -> Fact | None:
    return _iterator(tuple_of(INT, element(args[0])), iterations(args[0]))


def _zip(args: Facts, keywords: Keywords) -> Fact | None:
    lengths = [iterations(arg) for arg in args]
    length = lengths[0] if lengths and all(n == lengths[0] for n in lengths) else None
    return _iterator(tuple_of(*(element(arg) for arg in args)), length)


def _reversed(args: Facts, keywords: Keywords) -> Fact | None:
    value = args[0]
    if isinstance(value, RangeFact):
        if value.step == 1 and value.start is not None and value.stop is not None:
            return RangeFact(value.stop - 1, value.start - 1, dim(-1))
        return RangeFact()
    if isinstance(value, Sequence) and value.items is not None:
        return Sequence("iterator", value.items[::-1], None, value.length)
    return _iterator(element(value), iterations(value))


def _list_as(kind: str) -> Handler:
    def make(args: Facts, keywords: Keywords) -> Fact | None:
        if not args:
            return Sequence(kind, (), None, dim(0))
        value = args[0]
        if isinstance(value, Sequence) and value.items is not None:
            return Sequence(kind, value.items, None, dim(len(value.items)))
        return Sequence(kind, None, as_item(element(value)), iterations(value))
    return make


def _sorted(args: Facts, keywords: Keywords) -> Fact | None:
    value = args[0]
    item = value.each if isinstance(value, Sequence) else as_item(element(value))
    return Sequence("list", None, item, iterations(value))


def _set(args: Facts, keywords: Keywords) -> Fact | None:
    return Sequence("set", None, as_item(element(args[0])) if args else UNKNOWN)


def _dict(args: Facts, keywords: Keywords) -> Fact | None:
    if args:
        return (
            Mapping(args[0].items, args[0].item, args[0].key)
            if isinstance(args[0], Mapping) and not keywords
            else Mapping(None, UNKNOWN, UNKNOWN)
        )
    return Mapping(tuple(keywords.items()))


def _sum(args: Facts, keywords: Keywords) -> Fact | None:
    value = args[0]
    start = args[1] if len(args) > 1 else keywords.get("start", integer(0))
    if isinstance(value, Sequence) and value.items is not None and len(value.items) <= 16:
        total = start
        for item in value.items:
            total = binary("+", total, item)
        return total
    once = binary("+", start, element(value))
    twice = binary("+", once, element(value))
    length = iterations(value)
    least = lowest(length) if length is not None else None
    several = join(once, twice)
    return several if least is not None and least > 0 else join(start, several)


def _extreme(args: Facts, keywords: Keywords) -> Fact | None:
    if len(args) > 1:
        return joined(args)
    value = args[0]
    if isinstance(value, Sequence) and value.items:
        result = joined(list(value.items))
    else:
        result = element(value)
    return join(result, keywords["default"]) if "default" in keywords else result


def _round(args: Facts, keywords: Keywords) -> Fact | None:
    value = args[0]
    if not isinstance(value, Number) or value.box != "python":
        return UNKNOWN if len(args) < 2 or not isinstance(value, Number) else value
    digits = args[1] if len(args) > 1 else keywords.get("ndigits", NONE)
    if isinstance(digits, NoneFact):
        return value if value.kind == "i" else INT
    return FLOAT if value.kind == "f" and not value.mixed else Number(value.kind, None, (), "python", None, None, True)


def _int(args: Facts, keywords: Keywords) -> Fact | None:
    if len(args) == 1 and isinstance(args[0], Number) and args[0].kind == "i" and args[0].box == "python" and not args[0].mixed:
        return args[0]
    return INT if args else integer(0)


def _next(args: Facts, keywords: Keywords) -> Fact | None:
    item = element(args[0])
    return join(item, args[1]) if len(args) > 1 else item


def _slice(args: Facts, keywords: Keywords) -> Fact | None:
    bounds = [NONE, *args, NONE] if len(args) == 1 else [*args, *[NONE] * (3 - len(args))]
    return SliceFact(*bounds)


def _divmod(args: Facts, keywords: Keywords) -> Fact | None:
    return tuple_of(binary("//", *args), binary("%", *args))


def _pow(args: Facts, keywords: Keywords) -> Fact | None:
    return binary("**", *args) if len(args) == 2 else None


def _abs(args: Facts, keywords: Keywords) -> Fact | None:
    value = args[0]
    if not isinstance(value, Number) or value.box != "python":
        return None
    if value.kind in "bi":
        return INT if value.value is None else integer(abs(value.value))
    return (
        FLOAT
        if value.kind == "c" and not value.mixed
        else value
        if value.kind == "f"
        else Number("f", None, (), "python", None, None, True)
    )


def _filter(args: Facts, keywords: Keywords) -> Fact | None:
    return _iterator(element(args[1]), None)


def _iter(args: Facts, keywords: Keywords) -> Fact | None:
    return _iterator(element(args[0]), iterations(args[0])) if len(args) == 1 else None


def _type(args: Facts, keywords: Keywords) -> Fact | None:
    cls = args[0].cls if len(args) == 1 and isinstance(args[0], (ObjectFact, Sequence)) else None
    return None if cls is None else FunctionFact(cls)


def _copied(args: Facts, keywords: Keywords) -> Fact | None:
    return with_births(args[0], lambda born: None) if args and not isinstance(args[0], Number) else None


def _replaced(args: Facts, keywords: Keywords) -> Fact | None:
    """`dataclasses.replace(settings, rate=2.0)`."""
    if not args or not isinstance(args[0], ObjectFact):
        return None
    return ObjectFact(args[0].cls, tuple((dict(args[0].fields) | keywords).items()), args[0].open)


def _always(fact: Fact) -> Handler:
    return lambda args, keywords: fact


def _type_text(args: Facts, keywords: Keywords) -> Fact | None:
    return args[0] if args and isinstance(args[0], Text) else TEXT


_TABLE: dict[object, Handler] = {
    len: _len,
    range: _range,
    enumerate: _enumerate,
    zip: _zip,
    reversed: _reversed,
    list: _list_as("list"),
    tuple: _list_as("tuple"),
    sorted: _sorted,
    set: _set,
    frozenset: _set,
    dict: _dict,
    sum: _sum,
    max: _extreme,
    min: _extreme,
    round: _round,
    int: _int,
    float: _always(FLOAT),
    complex: _always(COMPLEX),
    bool: _always(BOOL),
    next: _next,
    slice: _slice,
    type: _type,
    copy.copy: _copied,
    copy.deepcopy: _copied,
    dataclasses.replace: _replaced,
    divmod: _divmod,
    pow: _pow,
    abs: _abs,
    filter: _filter,
    iter: _iter,
    print: _always(NONE),
    isinstance: _always(BOOL),
    issubclass: _always(BOOL),
    hasattr: _always(BOOL),
    callable: _always(BOOL),
    all: _always(BOOL),
    any: _always(BOOL),
    str: _type_text,
    repr: _always(TEXT),
    format: _always(TEXT),
    id: _always(INT),
    hash: _always(INT),
    ord: _always(INT),
    chr: _always(TEXT),
    input: _always(TEXT),
    builtins.ascii: _always(TEXT),
}
_HANDLERS = {id(function): handler for function, handler in _TABLE.items()}


def find(function: object) -> Handler | None:
    """The handler of a function of Python's, None for any other."""
    return _HANDLERS.get(id(function))
