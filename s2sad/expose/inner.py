"""Derivatives of functions defined inside the function at hand: `grad(inner)(2.0)`, where `inner` may read what varies.

    inner = lambda y: x * y * y         ->      y = 2.0
    d = grad(inner)(2.0)                        d = 2 * x * y

The function is differentiated by itself, with the variables that it captures as further parameters; what comes out stands where the call
stood, so that it is differentiated like any other statements.
"""
from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Named
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from s2sad import core, runtime
from s2sad.errors import DifferentiationError, refuse
from s2sad.facts import FLOAT, UNKNOWN, Fact, FunctionFact, Mapping, Number, ObjectFact, Sequence, Text
from s2sad.flow.layout import atomic_writes
from s2sad.lower.stars import without_stars
from s2sad.names import Names, names_in
from s2sad.reading.scope import UNRESOLVED
from s2sad.request import MAKING
from s2sad.rules.guards import NotKnown, literal

if TYPE_CHECKING:
    from s2sad.meaning.semantics import Semantics

RUNTIME = {name: getattr(runtime, name) for name in runtime.__all__}
MODES = {"grad": "grad", "value_and_grad": "value_and_grad"}
WHOLES = ("jacobian", "hessian", "elementwise_grad", "hvp")
Env = Named[str, Fact]


@dataclass(frozen=True, eq=False)
class InnerDerivative:
    """`grad(function, wrt)` of a function defined inside, or of a derivative of one."""

    function: core.Function | InnerDerivative
    mode: str
    wrt: Any
    has_aux: bool = False


def deriving(function: object) -> str:
    """The name of a function of s2sad that makes derivatives; empty for any other."""
    module = getattr(function, "__module__", "")
    return getattr(function, "__name__", "") if module in MAKING else ""


def pulled_by(call: core.Call, resolve: Callable[[core.Expr], object]) -> tuple[core.Expr, tuple[core.Expr, ...], core.Expr] | None:
    """The function, the primals and the seed of `vjp(f, *primals)[1](seed)`; None for any other call."""
    func = call.func
    if not isinstance(func, core.Subscript) or func.index != core.Const(1) or not isinstance(func.value, core.Call):
        return None
    made = func.value
    plain = not made.keywords and not call.keywords and not any(isinstance(arg, core.Starred) for arg in (*made.args, *call.args))
    if deriving(resolve(made.func)) != "vjp" or not plain or len(made.args) < 2 or len(call.args) != 1:
        return None
    return made.args[0], made.args[1:], call.args[0]


def varied(fact: Fact) -> Fact:
    """The fact of a primal as that of a variable to differentiate with respect to: an int is taken as the real number that it is."""
    return replace(FLOAT, mixed=True) if isinstance(fact, Number) and fact.kind in "bi" and fact.box == "python" else fact


def has_derivative(fact: Fact) -> bool:
    """Whether a primal is known to be of a kind that has a derivative."""
    return isinstance(fact, (Number, Sequence, Mapping, ObjectFact)) and (isinstance(fact, Number) or not fact.discrete)


def fact_of_deriving(name: str, function: Fact | None, expr: core.Call, fact: Callable[[core.Expr], Fact]) -> Fact:
    """The fact of `grad(f, wrt)`: the derivative itself."""
    if name not in (*MODES, *WHOLES) or not isinstance(function, FunctionFact):
        return UNKNOWN
    try:
        given = {key: constant(value, fact) for key, value in expr.keywords if key is not None}
        wrt = constant(expr.args[1], fact) if len(expr.args) > 1 else given.pop("wrt", 0)
        has_aux = given.pop("has_aux", False) is True
    except NotKnown:
        return UNKNOWN
    if given or None in dict(expr.keywords) or len(expr.args) > 2:
        return UNKNOWN
    value = function.value
    if name in WHOLES:
        program = None if isinstance(value, (core.Function, InnerDerivative)) else _whole(value, name, wrt)
        return UNKNOWN if program is None else FunctionFact(program)
    if isinstance(value, (core.Function, InnerDerivative)):
        return FunctionFact(_inner(value, MODES[name], wrt, has_aux), function.captured)
    made = _outer(value, MODES[name], wrt, has_aux)
    return UNKNOWN if made is None else FunctionFact(made)


def constant(expr: core.Expr, fact: Callable[[core.Expr], Fact]) -> Any:
    """The value of an expression that is a literal, or of which facts know the value."""
    try:
        return literal(expr)
    except NotKnown:
        return value_in(fact(expr))


def value_in(fact: Fact) -> Any:
    """The value that a fact knows, of a number or a text, or of a tuple of such; raises NotKnown."""
    if isinstance(fact, (Number, Text)) and fact.value is not None:
        return fact.value
    if isinstance(fact, Sequence) and fact.kind == "tuple" and fact.items is not None and fact.cls is None:
        return tuple(map(value_in, fact.items))
    raise NotKnown


@lru_cache(maxsize=256)
def _inner(function: core.Function | InnerDerivative, mode: str, wrt: Any, has_aux: bool = False) -> InnerDerivative:
    return InnerDerivative(function, mode, wrt, has_aux)


@lru_cache(maxsize=256)
def _outer(function: Any, mode: str, wrt: Any, has_aux: bool) -> Any:
    from s2sad.derivatives.derivative import Derivative

    try:
        return Derivative(function, mode, wrt, has_aux)
    except (DifferentiationError, TypeError):
        return None


def _whole(function: Any, name: str, wrt: Any) -> Any:
    """The program of a Jacobian or Hessian; None where it has none."""
    from s2sad.derivatives import kinds

    try:
        return getattr(kinds, name)(function, wrt).program
    except (DifferentiationError, TypeError):
        return None


def derived_call(call: core.Call, env: Env, semantics: Semantics) -> tuple[core.Function, core.Call] | None:
    """The derivative, as a function defined inside, that a call runs, and its call; None where it runs no such."""
    callee = semantics.fact(call.func, env) if isinstance(call.func, (core.Name, core.Call)) else UNKNOWN
    if isinstance(callee, FunctionFact) and isinstance(callee.value, InnerDerivative):
        facts = [semantics.fact(arg, env) for arg in call.args]
        return program_of(callee.value, facts, env, semantics, call), call
    pulled = pulled_by(call, semantics.callee)
    if pulled is not None:
        path, given, seed = pulled
        inner = semantics.fact(path, env)
        facts = [varied(semantics.fact(primal, env)) for primal in given]
        if not isinstance(inner, FunctionFact) or not isinstance(inner.value, (core.Function, InnerDerivative)):
            return None
        if not all(map(has_derivative, facts)):
            raise refuse("cannot differentiate this call of `vjp`: it is not known which of its primals are numbers", call.at,
                         semantics.source, "give annotations or example arguments, or differentiate with respect to numbers alone")
        program = program_of(_inner(inner.value, "pull", tuple(range(len(given)))), facts, env, semantics, call)
        return program, core.Call(call.func, (*given, seed), at=call.at)
    if deriving(semantics.callee(call.func)) != "jvp" or len(call.args) != 3 or call.keywords:
        return None
    inner, primals, tangents = semantics.fact(call.args[0], env), call.args[1], call.args[2]
    if not isinstance(inner, FunctionFact) or not isinstance(inner.value, (core.Function, InnerDerivative)):
        return None
    if not all(isinstance(part, (core.Tuple, core.List)) for part in (primals, tangents)):
        raise refuse("cannot differentiate this call of `jvp`", call.at, semantics.source, "write its primals and tangents out as tuples")
    pairs = list(zip(primals.elts, tangents.elts))  # type: ignore[attr-defined]
    wrt = tuple(i for i, (_, tangent) in enumerate(pairs) if tangent != core.Const(None))
    facts = [semantics.fact(primal, env) for primal, _ in pairs]
    function = program_of(_inner(inner.value, "jvp", wrt), facts, env, semantics, call)
    args = (*(primal for primal, _ in pairs), *(pairs[i][1] for i in wrt))
    return function, core.Call(call.func, args, at=call.at)


def program_of(derivative: core.Function | InnerDerivative, args: list[Fact], env: Env, semantics: Semantics,
               call: core.Call) -> core.Function:
    """The derivative as a function defined inside: it reads what the function that it was made from reads."""
    from s2sad.driver import derive
    from s2sad.request import Independent, Request

    if isinstance(derivative, core.Function):
        return derivative
    source = semantics.seen
    base = without_stars(program_of(derivative.function, args, env, semantics, call), len(args))
    entries = derivative.wrt if isinstance(derivative.wrt, (tuple, list)) else (derivative.wrt,)
    names = [param.name for param in base.params]
    try:
        chosen = [entry if isinstance(entry, str) else names[entry] for entry in entries]
    except IndexError:
        raise refuse("the function has no such parameter to differentiate with respect to", call.at, source, "correct wrt") from None
    captured = _captured(base, env)
    base, others = with_own_names(base, captured)
    names, chosen = [others.get(name, name) for name in names], [others.get(name, name) for name in chosen]
    lifted = replace(base, params=(*base.params, *(core.Param(name) for name in captured)), free=())
    facts = {**{name: env.get(name, UNKNOWN) for name in captured}, **dict(zip(names, args))}
    single = not isinstance(derivative.wrt, (tuple, list))
    request = Request(derivative.mode, tuple(map(Independent, chosen)), single, derivative.has_aux)
    library = derive(source, lifted, facts, request)
    main, helpers = library.functions[-1], library.functions[:-1]
    for helper in helpers:
        origin = library.sources[helper.name]
        if getattr(origin.function, "__globals__", origin.path) is not getattr(source.function, "__globals__", source.path) or helper.free:
            raise refuse(f"cannot differentiate a derivative that calls `{origin.name}` of another place", call.at, source,
                         "define it in the module of its caller")
    bring(library.functions, semantics, call)
    body = tuple(stmt for stmt in main.body if not isinstance(stmt, core.Comment))
    dots = tuple(param for param in main.params if param.name not in {*names, *captured})
    beside = [helper.name for helper in helpers]
    defined = tuple(core.Define(helper.name, replace(helper, free=tuple(name for name in beside if name in core.reads(helper.body))))
                    for helper in helpers)
    return replace(main, params=(*base.params, *(replace(dot, kind="plain") for dot in dots)), body=(*defined, *body), free=captured)


def with_own_names(function: core.Function, captured: tuple[str, ...]) -> tuple[core.Function, dict[str, str]]:
    """The function with other names for its variables that are called as one that it captures through another function is, and these.

        lambda x: f(x), where f = lambda y: x * y       ->      lambda x_2: f(x_2)
    """
    from s2sad.expose.inline import renamed

    written = {name for stmt in core.walk(function.body) if isinstance(stmt, core.Stmt) for name, _ in atomic_writes(stmt)}
    own = {param.name for param in function.params} | written - set(function.free)
    fresh = Names({*own, *captured, *names_in(function)})
    others = {name: fresh.fresh(name) for name in sorted(own.intersection(captured))}
    if not others:
        return function, {}
    params = tuple(replace(param, name=others.get(param.name, param.name)) for param in function.params)
    renaming = {old: core.Name(new) for old, new in others.items()}
    return replace(function, params=params, body=tuple(renamed(stmt, renaming) for stmt in function.body)), others


def bring(functions: list[core.Function], semantics: Semantics, call: core.Call) -> None:
    """Makes the functions of `s2sad.runtime` that a derivative calls known where it is written out."""
    for name in sorted({node.id for function in functions for node in core.walk(function) if isinstance(node, core.Name)} & RUNTIME.keys()):
        if name in semantics.local or semantics.source.scope.lookup(name) not in (UNRESOLVED, RUNTIME[name]):
            raise refuse(f"cannot differentiate a derivative that calls `s2sad.runtime.{name}` where `{name}` means something else",
                         call.at, semantics.source, "give it another name")
        semantics.scope.added.setdefault(name, RUNTIME[name])


def _captured(function: core.Function, env: Env) -> tuple[str, ...]:
    """The variables that a function reads, and those that the functions which it reads read."""
    found: dict[str, None] = {}
    waiting = list(function.free)
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found[name] = None
        fact = env.get(name)
        value = fact.value if isinstance(fact, FunctionFact) else None
        while isinstance(value, InnerDerivative):
            value = value.function
        if isinstance(value, core.Function):
            waiting += value.free
    return tuple(found)
