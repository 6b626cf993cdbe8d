"""Rules that users declare for functions of their own: `rule`, `ufunc`, and `check_rule`, which holds one against differences.

    @s2sad.ufunc(x="g * 3 * x**2")
    def cube(x):
        return library.cube(x)

An adjoint is a text in `g` (the adjoint of the result), `y` (the result) and the parameters, or a function that takes those of these
that it names.  A tangent `x_dot=...` is a text in `x_dot`, `y` and the parameters, or such a function.
"""
from __future__ import annotations

import ast
import builtins
import inspect
import sys
from collections import ChainMap
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, TypeVar

from s2sad import runtime
from s2sad.facts import UNKNOWN, Fact, Number
from s2sad.link.borrowed import borrow
from s2sad.rules import table
from s2sad.rules.numbers import Bound, Facts, Result, elementwise
from s2sad.rules.shapes import like

Declared = TypeVar("Declared", bound=Callable[..., Any])
GIVEN = frozenset(dir(runtime)) | {"np", "math", "g", "y"}
OPTIONS = frozenset(("linear", "pure", "raises", "views", "written", "result", "several", "kink"))


def rule(pattern: str | None = None, *cases: table.Case, of: Any = None, **declared: Any) -> Any:
    """Declares the derivative of a function, also of one that is written in C: by adjoints, by tangents, or by both.

    Without `of`, a decorator.  `pattern` is the call, such as `"spring(x, k=1.0)"`; without it, it is read off the function's signature.
    Further keywords: `x=` the adjoint of the parameter `x`; `x_dot=` what its tangent adds to that of the result; `linear="a b"` where the
    tangent is the same call (see `s2sad.rules.table`); `result="x"` where the result has the shape and type of `x`; `pure=False` for a
    function that must not run twice; `kink=` the convention where there is no derivative.  A parameter without an adjoint is taken as one
    with respect to which nobody differentiates, and is refused where somebody does; `"0.0"` says that the derivative is zero.

    A function with several results returns a tuple, and `g` is a tuple too, None for results that nobody reads.  What the adjoint
    needs again of the function's work may be one of the results.  `of` may be a method: its first parameter is `self`.

    >>> import math
    >>> def half_angle(x):
    ...     return math.tan(x / 2)
    >>> _ = rule(of=half_angle, x="g * (1 + y**2) / 2")
    >>> from s2sad import grad
    >>> grad(half_angle)(0.0)
    0.5
    """
    return _declare(pattern, cases, of, declared, {}, _names_of(sys._getframe(1)))


def ufunc(pattern: str | None = None, *cases: table.Case, of: Any = None, **declared: Any) -> Any:
    """As `rule`, for a function that works entry by entry and broadcasts as NumPy does: tangents follow from the adjoints.

    >>> from s2sad import grad
    >>> @ufunc(a="g * b", b="g * a")
    ... def product(a, b):
    ...     return a * b
    >>> grad(product)(2.0, 5.0)
    5.0
    """
    return _declare(pattern, cases, of, declared, {"elementwise": True, "result": broadcasting}, _names_of(sys._getframe(1)))


def _names_of(frame: FrameType) -> Mapping[str, Any]:
    """What a rule may name: the variables where it is declared."""
    return frame.f_globals if frame.f_locals is frame.f_globals else ChainMap(dict(frame.f_locals), frame.f_globals)


def broadcasting(facts: Facts, bound: Bound) -> Fact:
    """The result of an elementwise function of which nothing else is known."""
    number = elementwise(facts.values())
    return UNKNOWN if number is None else Number("?" if number.kind == "?" else "f", None, number.shape, "array" if number.shape else "any")


def _declare(pattern: str | None, cases: tuple[table.Case, ...], of: Any, declared: Mapping[str, Any], given: dict[str, Any],
             names: Mapping[str, Any]) -> Any:
    if of is None:
        def decorate(function: Declared) -> Declared:
            _declare(pattern, cases, function, declared, given, names)
            return function
        return decorate
    if isinstance(of, (staticmethod, classmethod)) or inspect.ismethod(of):
        of = of.__func__
    shown = pattern or pattern_of(of)
    parameters = [p.name for p in table.Rule(shown, "function", shown).params]
    options = {name: value for name, value in declared.items() if name in OPTIONS}
    if isinstance(options.get("result"), str):
        options["result"] = like(options["result"])
    texts: dict[str, str] = {}
    for name, value in declared.items():
        if name in OPTIONS:
            continue
        base = name if name in parameters else name.removesuffix("_dot")
        if base not in parameters:
            raise TypeError(f"{shown} has no parameter {base!r}")
        texts[name] = _text(value, name, parameters, shown, names)
    adjoints = {name: text for name, text in texts.items() if name in parameters}
    tangents = {name.removesuffix("_dot"): text for name, text in texts.items() if name not in parameters}
    result: Result | None = options.pop("result", None) or given.get("result")
    table.declare((shown, *cases), adjoints, of, **{**given, **options, "tangents": tangents, "result": result, "users": True})
    return of


def pattern_of(function: Any) -> str:
    """The call pattern of a Python function: its name and its parameters, with the defaults that can be written out.

    >>> def spring(x, k=1.0, *, damped=False): ...
    >>> pattern_of(spring)
    'spring(x, k=1.0, *, damped=False)'
    """
    name = getattr(function, "__name__", "")
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        raise TypeError(f"{function!r} has no signature that can be read; give the pattern, such as \"f(x)\"") from None
    for p in parameters:
        if p.default is not p.empty and not isinstance(p.default, (int, float, complex, str, bool, type(None))):
            raise TypeError(f"the default of {p.name!r} cannot be written out; give the pattern, such as \"{name}(x)\"")
    bare = [p.replace(annotation=p.empty) for p in parameters]
    return f"{name if name.isidentifier() else 'function'}{inspect.Signature(bare)}"


def _text(value: Any, name: str, parameters: list[str], shown: str, names: Mapping[str, Any]) -> str:
    """The text of an adjoint or a tangent; what it names beside the parameters is borrowed from where it is declared."""
    if callable(value):
        wanted = list(inspect.signature(value).parameters)
        known = {"g", "y", *parameters, *(f"{p}_dot" for p in parameters)}
        unknown = [p for p in wanted if p not in known]
        if unknown:
            raise TypeError(f"the function for {name!r} of {shown} asks for {unknown[0]!r}, which is neither g, y nor a parameter")
        called = getattr(value, "__name__", "")
        called = called if called.isidentifier() else f"{shown.partition('(')[0]}_{name}_rule"
        borrow(called, {called: value})
        return f"{called}({', '.join(wanted)})"
    read = {node.id for node in ast.walk(ast.parse(value, mode="eval")) if isinstance(node, ast.Name)}
    for free in sorted(read - GIVEN - set(parameters) - {f"{p}_dot" for p in parameters} - frozenset(dir(builtins))):
        borrow(free, names)
    return value  # type: ignore[no-any-return]


def check_rule(function: Callable[..., Any], *args: Any, rtol: float = 1e-5, atol: float = 1e-7) -> None:
    """Raises AssertionError, with the two numbers, where a declared derivative disagrees with differences at these arguments.

    >>> import math
    >>> def cube(x):
    ...     return x**3
    >>> _ = ufunc(of=cube, x="g * 2 * x**2")
    >>> check_rule(cube, 2.0)
    Traceback (most recent call last):
        ...
    AssertionError: the adjoint of x in cube: 8, differences give 12
    """
    from s2sad.derivatives.checking import check

    found = table.find(function)
    if found is None:
        raise TypeError(f"no rule is declared for {function!r}")
    check(found, function, args, rtol, atol)
