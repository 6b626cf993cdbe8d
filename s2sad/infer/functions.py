"""The facts of what the user's functions return: `result_of(callee, args, keywords, env, scope)`.

A function is inferred once for each combination of facts of its arguments; a recursive one until its assumed result is the one that comes
out.
"""
from __future__ import annotations

from collections.abc import Mapping as Env
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from s2sad import core
from s2sad.facts import (
    UNDEFINED,
    UNKNOWN,
    ChoiceFact,
    Dim,
    Fact,
    FunctionFact,
    Mapping,
    Number,
    ObjectFact,
    Sequence,
    Symbol,
    fresh,
    join,
    tuple_of,
    with_sizes,
)
from s2sad.facts.births import births, with_births
from s2sad.facts.dims import LASTING, renamed
from s2sad.facts.fact import ANY, BORN_HERE, as_item, in_item, renewed
from s2sad.infer.declared import declared, refined
from s2sad.reading.read import StaticFunction
from s2sad.request import MAKING

if TYPE_CHECKING:
    from s2sad.reading.scope import Scope

DEEP = 24
"""Calls nested deeper than this, while facts are found, are Unknown."""

ARGUMENT = frozenset((0,))
"""The birth of every container that a caller passes: it may pass the same one twice."""


CONTAINERS = frozenset(("*",))
"""What a call touches that changes the items of lists and dicts."""
EVERYTHING = frozenset(("*", "."))
"""What a call touches of which too little is known: attributes too, any of them."""


@dataclass
class Frame:
    """A call that is being inferred; `assumed` is what its recursive calls return, `touched` what it changes of what it was given: the
    attributes that it sets of objects, CONTAINERS for items, EVERYTHING for all else.
    """

    function: int
    facts: tuple[Fact, ...]
    assumed: Fact = UNDEFINED
    recursive: bool = False
    tainted: bool = False
    touched: frozenset[str] = frozenset()


_HOLDING = (FunctionFact, ChoiceFact, Sequence, Mapping, ObjectFact)
_frames: list[Frame] = []
_results: dict[tuple[int, tuple[Fact, ...]], tuple[core.Function, Fact, frozenset[str]]] = {}
_programs: dict[object, tuple[core.Function, Any] | None] = {}


def forget() -> None:
    """Drops what was inferred, since functions are found by names that may since refer to others."""
    if not _frames:
        _results.clear()
        _programs.clear()


def program(function: object) -> tuple[core.Function, Any] | None:
    """The core program of a user's function and the scope of its names, None where it has no source that s2sad takes."""
    if function not in _programs:
        _programs[function] = _read(function)
    return _programs[function]


LIBRARIES = ("numpy", "scipy")
"""Packages whose functions have rules or no derivative: what their sources do is done by functions in C in the end."""


def is_library(function: object) -> bool:
    """Whether a function or class is one of NumPy or SciPy whose source is not read.

    Derivatives of theirs are texts of our own; densities of several variables are written in Python, of functions that have rules.
    """
    code, module = getattr(function, "__code__", None), str(getattr(function, "__module__", None))
    if code is not None and code.co_filename.startswith("<s2sad ") or module.startswith("scipy.stats."):
        return False
    return module.partition(".")[0] in LIBRARIES


def _read(function: object) -> tuple[core.Function, Any] | None:
    if is_library(function):
        return None
    if isinstance(function, type):
        return _made_by(function)
    if getattr(function, "__module__", None) in MAKING:
        return None
    from s2sad.errors import DifferentiationError
    from s2sad.lower import lower
    from s2sad.reading.check import check
    from s2sad.reading.parse import parse
    from s2sad.reading.read import read
    try:
        source = function.source if isinstance(function, StaticFunction) else read(function)
        return lower(check(parse(source), source, called=True), source), source.scope
    except DifferentiationError:
        return None


def _made_by(cls: type) -> tuple[core.Function, Any] | None:
    """The program that makes an object of a class, and the scope of its names."""
    from s2sad.infer.makers import maker
    from s2sad.reading.read import read
    from s2sad.reading.scope import LiveScope
    made = maker(cls)
    if made is None or not made.function.body:
        return None
    return made.function, LiveScope({}, {}) if made.source is None else read(made.source).scope


def note_change(born: frozenset[int] | None, touched: frozenset[str] = CONTAINERS) -> None:
    """Notes that the call being inferred changes, of the lists, dicts or objects of these births (None: any), what `touched` says."""
    if _frames and (born is None or born & ARGUMENT):
        _frames[-1].touched |= touched


def touched_by(callee: FunctionFact, args: list[Fact], keywords: dict[str, Fact], env: Env[str, Fact], scope: Scope) -> frozenset[str]:
    """What a call may change of the lists, dicts or objects that it is given or finds: as in `Frame`."""
    return frozenset() if UNDEFINED in args else _outcome(callee, args, keywords, env, scope)[1]


def result_of(callee: FunctionFact, args: list[Fact], keywords: dict[str, Fact], env: Env[str, Fact], scope: Scope) -> Fact:
    """The fact of what `callee` returns for arguments of these facts, called where the variables have the facts `env`."""
    return UNDEFINED if UNDEFINED in args else _outcome(callee, args, keywords, env, scope)[0]


def _outcome(callee: FunctionFact, args: list[Fact], keywords: dict[str, Fact], env: Env[str, Fact],
             scope: Scope) -> tuple[Fact, frozenset[str]]:
    """The fact of a call's result, and what the call may change of what it is given."""
    function = callee.value
    if isinstance(function, core.Function):
        scope = scope.without_facts()
        known: Env[str, Fact] = {}
        captured = dict(callee.captured) if callee.captured is not None else {name: env.get(name, UNKNOWN) for name in function.free}
    else:
        found = program(function)
        if found is None:
            return UNKNOWN, EVERYTHING
        known = declared(function)
        function, scope = found
        captured = {}
    bound = bind(function, args, keywords, scope)
    if bound is None:
        return UNKNOWN, EVERYTHING
    facts = captured | bound
    return _called(function, {name: freeze(fact, env) for name, fact in facts.items()}, scope, known)


def bind(function: core.Function, args: list[Fact], keywords: dict[str, Fact], scope: Scope) -> dict[str, Fact] | None:
    """The facts of the parameters, None where the call does not fit."""
    from s2sad.infer.expressions import fact_of
    rest, left = list(args), dict(keywords)
    facts: dict[str, Fact] = {}
    for param in function.params:
        if param.kind == "args":
            facts[param.name] = tuple_of(*rest)
            rest = []
        elif param.kind == "kwargs":
            facts[param.name] = Mapping(tuple(left.items()))
            left = {}
        elif param.kind != "keyword" and rest:
            facts[param.name] = rest.pop(0)
        elif param.kind != "positional" and param.name in left:
            facts[param.name] = left.pop(param.name)
        elif param.default is not None:
            facts[param.name] = fact_of(param.default, {}, scope)
        else:
            return None
    return None if rest or left else facts


def freeze(fact: Fact, env: Env[str, Fact], busy: tuple[core.Function, ...] = ()) -> Fact:
    """`fact` as it is seen outside the function at hand: functions defined here carry the facts of the variables that they read."""
    if isinstance(fact, FunctionFact) and fact.captured is None and isinstance(fact.value, core.Function):
        if any(function is fact.value for function in busy):
            return fact
        inside = (*busy, fact.value)
        return FunctionFact(fact.value, tuple((name, freeze(env.get(name, UNKNOWN), env, inside)) for name in fact.value.free))
    if isinstance(fact, ChoiceFact) and any(isinstance(one.value, core.Function) for one in fact.functions):
        return UNKNOWN
    if isinstance(fact, (Sequence, Mapping)) and type(fact.item) in _HOLDING:
        assert fact.item is not None
        return replace(fact, item=as_item(freeze(fact.item, env, busy)))
    if isinstance(fact, Sequence) and fact.items is not None and any(type(item) in _HOLDING for item in fact.items):
        return replace(fact, items=tuple(freeze(item, env, busy) for item in fact.items))
    if isinstance(fact, Mapping) and fact.items is not None and any(type(item) in _HOLDING for _, item in fact.items):
        return replace(fact, items=tuple((key, freeze(item, env, busy)) for key, item in fact.items))
    if isinstance(fact, ObjectFact) and any(type(item) in _HOLDING for _, item in fact.fields):
        return replace(fact, fields=tuple((name, freeze(item, env, busy)) for name, item in fact.fields))
    return fact


# Callees count the statements at which sizes and containers are born on their own, so that the caller's are renamed on the way in, and
# back on the way out.


@dataclass
class Renaming:
    """Sizes of the caller by their names in the callee."""

    forth: dict[Symbol | Dim, Dim]
    back: dict[str, Dim]

    def name(self, original: Symbol | Dim, size: Dim, least: int | None) -> Dim:
        if isinstance(original, Symbol) and original.name.startswith(LASTING):
            return size
        inside = self.forth.get(original)
        if inside is None:
            symbol = Symbol(f"${len(self.forth)}", least, BORN_HERE)
            inside = self.forth[original] = Dim(((symbol, 1),))
            self.back[symbol.name] = size
        return inside

    def enter(self, d: Dim, path: str) -> Dim | None:
        if d == ANY or not d.born:
            return d
        return renamed(d, lambda s: self.name(s, Dim(((s, 1),)), s.least) if s.born else Dim(((s, 1),)))

    def enter_generally(self, d: Dim, path: str) -> Dim | None:
        """For recursive calls, whose sizes would differ without end: only which are equal is kept."""
        if path.endswith("#"):
            return None
        return d if d == ANY or d == 1 else self.name(d, d, 0)

    def leave(self, d: Dim, path: str) -> Dim | None:
        if d == ANY or not d.born:
            return d
        back = renamed(d, lambda s: self.back.get(s.name) if s.born else Dim(((s, 1),)))
        return back if back is not None or path.endswith("#") else fresh()


def generalised(fact: Fact, renaming: Renaming) -> Fact:
    """`fact` without what may differ from one recursive call to the next."""
    if isinstance(fact, Number):
        if fact.kind == "i" and fact.box == "python":
            return Number("i", None, (), "python", None, None, fact.mixed)
        shape = None if fact.shape is None else tuple(renaming.enter_generally(d, "") or d for d in fact.shape)
        return Number(fact.kind, fact.dtype, shape, fact.box, None, None, fact.mixed)
    if isinstance(fact, Sequence) and fact.kind != "tuple":
        return Sequence(fact.kind, None, as_item(generalised(fact.each, renaming)), None, fact.born)
    if isinstance(fact, Sequence) and fact.items is not None:
        return Sequence(fact.kind, tuple(generalised(item, renaming) for item in fact.items), None, fact.length, None, fact.cls)
    return with_sizes(fact, renaming.enter_generally)


def _called(function: core.Function, facts: dict[str, Fact], scope: Scope, known: Env[str, Fact]) -> tuple[Fact, frozenset[str]]:
    if len(_frames) > DEEP:
        return UNKNOWN, EVERYTHING
    renaming = Renaming({}, {})
    again = any(frame.function == id(function) for frame in _frames)
    inside: dict[str, Fact] = {}
    passed: frozenset[int] = frozenset()
    for name, fact in facts.items():
        passed |= births(fact)
        fact = generalised(fact, renaming) if again else with_sizes(fact, renaming.enter)
        inside[name] = with_births(fact, lambda born: ARGUMENT)

    def birth(born: frozenset[int] | None) -> frozenset[int] | None:
        if born is None or 0 not in born:
            return None
        return passed if born == ARGUMENT else passed | BORN_HERE
    result, touched = _memoised(function, refined(inside, known), scope)
    return with_births(with_sizes(result, renaming.leave), birth), touched


def _memoised(function: core.Function, facts: dict[str, Fact], scope: Scope) -> tuple[Fact, frozenset[str]]:
    key = id(function), tuple(facts.values())
    try:
        known = _results.get(key)
    except TypeError:
        return UNKNOWN, EVERYTHING
    if known is not None:
        return known[1:]
    for depth, frame in enumerate(_frames):
        if (frame.function, frame.facts) == key:
            frame.recursive = True
            for above in _frames[depth + 1:]:
                above.tainted = True
            return renewed(frame.assumed), frame.touched
    from s2sad.infer.flow import Flow
    frame = Frame(*key)
    _frames.append(frame)
    try:
        for _ in range(6):
            touched = frame.touched
            result = Flow(scope).run(function, facts).result
            if not frame.recursive:
                break
            result = join(frame.assumed, as_item(result), in_item)
            if result == frame.assumed and touched == frame.touched:
                break
            frame.assumed = result
        else:
            result = UNKNOWN
        if frame.recursive:
            result = renewed(result)
    finally:
        _frames.pop()
    if not frame.tainted:
        _results[key] = function, result, frame.touched
    return result, frame.touched


