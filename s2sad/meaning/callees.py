"""The user's functions that a call reaches: which function, and which argument each of its parameters gets."""
from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping
from collections.abc import Sequence as Sequence_
from dataclasses import dataclass, replace
from types import FunctionType, MethodType
from typing import Any

from s2sad import core
from s2sad.derivatives.checkpoint import Checkpoint
from s2sad.expose.inner import InnerDerivative, deriving, has_derivative, pulled_by, varied
from s2sad.expose.models import models_of
from s2sad.facts import UNKNOWN, ChoiceFact, Dim, Fact, FunctionFact, Number, Sequence, tuple_of, with_sizes
from s2sad.facts import Mapping as MappingFact
from s2sad.facts.dims import renamed
from s2sad.facts.fact import ANY
from s2sad.infer import fact_of
from s2sad.infer.declared import declared, refined
from s2sad.infer.expressions import of_object
from s2sad.infer.functions import Renaming, generalised, is_library, program
from s2sad.infer.makers import maker
from s2sad.infer.objects import Invocation, invocation
from s2sad.reading.read import UNRESOLVED, Source, StaticFunction, read
from s2sad.rules import find

Env = Mapping[str, Fact]
Args = list[core.Expr]
Keywords = list[tuple[str | None, core.Expr]]
POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
VALUE_BAR = "value_bar"


@dataclass(frozen=True)
class UserCall:
    """A call of a Python function with its own source; `bound` are the arguments as expressions of the caller, defaults filled in."""

    function: object
    program: core.Function
    source: Source
    bound: Mapping[str, core.Expr]


class UnboundCallError(TypeError):
    """A call whose arguments do not say which parameter gets what, or do not fit."""


def called_object(call: core.Call, env: Env, local: frozenset[str], source: Source) -> object:
    """The object that a call runs, UNRESOLVED if it is not known."""
    found = source.scope.resolve(call.func, local)
    if found is not UNRESOLVED:
        return found
    fact = fact_of(call.func, env, source.scope) if isinstance(call.func, (core.Name, core.Attribute, core.Subscript, core.Call)) else None
    return fact.value if isinstance(fact, FunctionFact) and not isinstance(fact.value, core.Function) else UNRESOLVED


def run_by(expr: core.Expr, env: Env, local: frozenset[str], source: Source) -> Invocation | None:
    """What an expression calls: a function by its name, or one that the class of an operand gives an operation."""
    found = invocation(expr, lambda e: fact_of(e, env, source.scope))
    if found is not None or not isinstance(expr, core.Call):
        return found
    return Invocation(called_object(expr, env, local, source), expr.args, expr.keywords)


def user_call(expr: core.Expr, env: Env, local: frozenset[str], source: Source) -> UserCall | None:
    """The user's function that an operation runs, None where it is none; raises UnboundCallError where the arguments do not fit."""
    if isinstance(expr, core.Call) and (inside := defined_inside(expr.func, env, source)) is not None:
        return own_call(inside, expr, env, source)
    found = run_by(expr, env, local, source)
    if found is None:
        return None
    function, args, keywords = found.function, list(found.args), list(found.keywords)
    if isinstance(expr, core.Call) and (pulling := pulled_by(expr, lambda e: source.scope.resolve(e, local))) is not None:
        function, args, keywords = pulled(*pulling, env, source)
    if isinstance(function, type):
        return made_by(function, expr, env, source)
    if isinstance(function, functools.partial):
        assert isinstance(expr, core.Call)
        first, held = given_by_partial(function, expr.func)
        args = [*first, *args]
        given = {name for name, _ in keywords}
        keywords += [(name, value) for name, value in held if name not in given]
        function = function.func
    if isinstance(function, MethodType):
        assert isinstance(expr, core.Call)
        args = [core.Attribute(expr.func, "__self__"), *args]
        function = function.__func__
    if function is Checkpoint.__call__ and isinstance(expr, core.Call):
        function, args = source.scope.resolve(expr.func, local), args[1:]
    if deriving(function) == "jvp":
        function, args = pushed(args, env, source)
    if hasattr(type(function), "_is_s2sad_whole"):
        function = function.program     # type: ignore[attr-defined]
    if is_own(function):
        return None
    kept, function = function, function.primal if isinstance(function, Checkpoint) else function
    if hasattr(type(function), "_is_s2sad_derivative"):
        function = derived(function, args, keywords, env, source)
    if not isinstance(function, (FunctionType, StaticFunction)) or find(function) is not None or models_of(function):
        return None
    known = program(function)
    if known is None:
        return None
    code = known[0]
    defaults = default_values(function, code)
    origin = function.source if isinstance(function, StaticFunction) else read(function)
    called = UserCall(function, code, origin, bind(code, expanded(args, env, source), named(keywords, env, source), defaults))
    return replace(called, function=kept) if isinstance(kept, Checkpoint) else called


PROGRAMS = ("s2sad.runtime", "s2sad.derivatives.rows")
"""The modules of s2sad whose functions are differentiated like the user's."""


def is_own(function: object) -> bool:
    """Whether a function is one of s2sad itself, those that generated code calls aside: no program of the user's."""
    module = str(getattr(function, "__module__", None))
    return isinstance(function, FunctionType) and module.startswith("s2sad.") and not module.startswith(PROGRAMS)


def pulled(function: core.Expr, primals: Sequence_[core.Expr], seed: core.Expr, env: Env, source: Source) -> tuple[object, Args, Keywords]:
    """The generated function that `vjp(f, *primals)[1](seed)` runs, and its arguments; UNRESOLVED where it is not known."""
    from s2sad.derivatives.derivative import Derivative

    fact = fact_of(function, env, source.scope)
    facts = [varied(fact_of(primal, env, source.scope)) for primal in primals]
    if not isinstance(fact, FunctionFact) or isinstance(fact.value, (core.Function, InnerDerivative)):
        return UNRESOLVED, [], []
    if not all(map(has_derivative, facts)):
        raise UnboundCallError("it is not known which primals of `vjp` are numbers")
    derivative = Derivative(fact.value, "pull", tuple(range(len(primals))))
    target = derivative._target
    first, keywords = given_by_partial(fact.value, function)
    known = facts_of_parameters(target.own, [*map(of_object, target.args), *facts], {n: of_object(v) for n, v in target.keywords.items()})
    args = [*first, *primals]
    if len(first) != len(target.args):
        return UNRESOLVED, [], []
    if all(p.kind in POSITIONAL and p.default is p.empty for p in target.own.parameters.values()):
        return derivative._function_for(known).function, [*args, seed], keywords
    return derivative._function_for(known).function, args, [*keywords, (VALUE_BAR, seed)]


def given_by_partial(function: object, path: core.Expr) -> tuple[Args, Keywords]:
    """The arguments that a `functools.partial` at `path` holds."""
    if not isinstance(function, functools.partial):
        return [], []
    first: Args = [core.Subscript(core.Attribute(path, "args"), core.Const(i)) for i in range(len(function.args))]
    return first, [(name, core.Subscript(core.Attribute(path, "keywords"), core.Const(name))) for name in function.keywords]


def facts_of_parameters(own: inspect.Signature, given: Sequence_[Fact], by_name: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts of the parameters of a function, from those of the arguments of a call."""
    try:
        bound = own.bind(*given, **by_name).arguments
    except TypeError:
        raise UnboundCallError("they do not fit the derivative") from None
    facts: dict[str, Fact] = {}
    for name, param in own.parameters.items():
        if param.kind is inspect.Parameter.VAR_POSITIONAL:
            facts[name] = tuple_of(*bound.get(name, ()))
        elif param.kind is inspect.Parameter.VAR_KEYWORD:
            facts[name] = MappingFact(tuple(bound.get(name, {}).items()))
        elif name in bound:
            facts[name] = bound[name]
    return of_callee(facts)


def pushed(args: list[core.Expr], env: Env, source: Source) -> tuple[object, list[core.Expr]]:
    """The generated function that a call of `jvp` runs, and its arguments: the primals and then the tangents."""
    from s2sad.derivatives.derivative import Derivative

    if len(args) != 3 or not all(isinstance(arg, (core.Tuple, core.List)) for arg in args[1:]):
        raise UnboundCallError("the primals and tangents of `jvp` are not written out as tuples")
    fact = fact_of(args[0], env, source.scope)
    pairs = list(zip(args[1].elts, args[2].elts))  # type: ignore[attr-defined]
    if not isinstance(fact, FunctionFact) or isinstance(fact.value, (core.Function, InnerDerivative)):
        return UNRESOLVED, args
    wrt = tuple(i for i, (_, tangent) in enumerate(pairs) if tangent != core.Const(None))
    derivative = Derivative(fact.value, "jvp", wrt)
    names = list(derivative._target.own.parameters)
    facts = of_callee({name: fact_of(primal, env, source.scope) for name, (primal, _) in zip(names, pairs)})
    return derivative._function_for(facts).function, [*(primal for primal, _ in pairs), *(pairs[i][1] for i in wrt)]


def derived(derivative: Any, args: list[core.Expr], keywords: list[tuple[str | None, core.Expr]], env: Env, source: Source) -> object:
    """The generated function that a call of a derivative runs; inside one that a decorator made a derivative of, itself."""
    if derivative.primal is source.function:
        return derivative.primal  # what the name means there, as in a recursion
    target = derivative._target
    given = [fact_of(arg, env, source.scope) for arg in expanded(args, env, source)]
    named_ = {name: fact_of(value, env, source.scope) for name, value in named(keywords, env, source).items()}
    if target.args or target.keywords:
        return UNRESOLVED
    return derivative._function_for(facts_of_parameters(target.own, given, named_)).function


def captured_by(fact: Fact, env: Env) -> frozenset[str]:
    """The variables that functions defined in the function at hand read when they are called, those that they call included."""
    found: set[str] = set()
    waiting = [fact]
    while waiting:
        fact = waiting.pop()
        if isinstance(fact, ChoiceFact):
            waiting += fact.functions
        elif isinstance(fact, FunctionFact) and isinstance(fact.value, core.Function) and fact.captured is None:
            new = set(fact.value.free) - found
            found |= new
            waiting += (env[name] for name in sorted(new) if name in env)
    return frozenset(found)


def values_captured(fact: Fact, env: Env) -> frozenset[str]:
    """The variables that a function defined in the function at hand reads, through others that it calls too, functions excepted."""
    return frozenset(name for name in captured_by(fact, env) if name not in env or not is_defined_here(env[name]))


def is_defined_here(fact: Fact) -> bool:
    """Whether a value is a function defined in the function at hand, or one of several such."""
    if isinstance(fact, ChoiceFact):
        return all(is_defined_here(one) for one in fact.functions)
    return isinstance(fact, FunctionFact) and isinstance(fact.value, core.Function) and fact.captured is None


def is_function(fact: Fact) -> bool:
    """Whether a value is a function, which has no adjoint: what it captures has, where it is called."""
    return isinstance(fact, (FunctionFact, ChoiceFact))


def defined_inside(func: core.Expr, env: Env, source: Source) -> core.Function | None:
    """The function defined inside the function at hand that a call runs, if it may reach a call of itself."""
    fact = fact_of(func, env, source.scope) if isinstance(func, core.Name) and func.id in env else None
    if not isinstance(fact, FunctionFact) or not isinstance(fact.value, core.Function) or fact.captured is not None:
        return None
    reached = captured_by(fact, env)
    return fact.value if any(isinstance(f := env.get(name), FunctionFact) and f.value == fact.value for name in reached) else None


def own_call(function: core.Function, call: core.Call, env: Env, source: Source) -> UserCall:
    """The call of a function defined inside the function at hand as that of one that gets what it captures as arguments.

    What it captures keeps its name, so that its calls of itself, inside, are found the same way.
    """
    captured = sorted(captured_by(FunctionFact(function), env) & env.keys())
    params = (*function.params, *(core.Param(name, "keyword") for name in captured))
    defaults = {param.name: param.default for param in function.params if param.default is not None}
    bound = bind(function, expanded(list(call.args), env, source), named(list(call.keywords), env, source), defaults)
    bound |= {name: core.Name(name) for name in captured}
    name = function.name if function.name.isidentifier() else core.root(call.func) or "function"
    return UserCall(function, replace(function, params=params, free=()), replace(source, name=name), bound)


def own_calls(call: core.Call, env: Env, source: Source) -> list[UserCall] | None:
    """The calls of functions defined in the function at hand that a call may be; None where it is none, or its arguments are not known."""
    inside = fact_of(call.func, env, source.scope) if isinstance(call.func, core.Name) and call.func.id in env else UNKNOWN
    if not is_defined_here(inside):
        return None
    functions = inside.functions if isinstance(inside, ChoiceFact) else (inside,)
    try:
        return [own_call(one.value, call, env, source) for one in functions]  # type: ignore[attr-defined]
    except UnboundCallError:
        return None


def made_by(cls: type, call: core.Expr, env: Env, source: Source) -> UserCall | None:
    """The program of the user's that makes an object of a class, None where there is none or where it only stores its arguments."""
    made = None if is_library(cls) else maker(cls)
    if made is None or not isinstance(call, core.Call) or made.fields is not None or made.source is None:
        return None
    defaults = default_values(made.source, made.function)
    bound = bind(made.function, expanded([call.func, *call.args], env, source), named(list(call.keywords), env, source), defaults)
    return UserCall(cls, made.function, replace(read(made.source), name=cls.__name__), bound)


def rebound(called: UserCall, call: core.Call) -> UserCall:
    """`called` with the arguments of a call of its forward function, which takes every parameter in order."""
    return replace(called, bound=dict(zip(called.bound, call.args)))


def expanded(args: list[core.Expr], env: Env, source: Source) -> list[core.Expr]:
    """The positional arguments one by one; `*pair` becomes `pair[0], pair[1]` where its length is known."""
    out: list[core.Expr] = []
    for arg in args:
        if not isinstance(arg, core.Starred):
            out.append(arg)
            continue
        if isinstance(arg.value, (core.Tuple, core.List)):
            out += arg.value.elts
            continue
        fact = fact_of(arg.value, env, source.scope)
        count = fact.count if isinstance(fact, Sequence) else None
        if count is None:
            raise UnboundCallError("the number of arguments in `*` is not known")
        base, first = sliced(arg.value, env, source)
        out += [core.Subscript(base, core.Const(first + i)) for i in range(count)]
    return out


def sliced(value: core.Expr, env: Env, source: Source) -> tuple[core.Expr, int]:
    """What a sequence is a slice of, and where that begins, if it is one with a known beginning: of `args[2:]`, `args` and 2."""
    if isinstance(value, core.Subscript) and isinstance(value.index, core.Slice) and value.index.step is None:
        lower = fact_of(value.index.lower, env, source.scope) if value.index.lower is not None else None
        first = 0 if lower is None else lower.value if isinstance(lower, Number) else None
        if first is not None and first >= 0:
            return value.value, first
    return value, 0


def named(keywords: list[tuple[str | None, core.Expr]], env: Env, source: Source) -> dict[str, core.Expr]:
    """The keyword arguments one by one; `**options` is taken apart where its keys are known."""
    out: dict[str, core.Expr] = {}
    for name, value in keywords:
        if name is not None:
            out[name] = value
            continue
        if isinstance(value, core.Dict) and all(isinstance(key, core.Const) for key in value.keys):
            out.update({key.value: item for key, item in zip(value.keys, value.values) if isinstance(key, core.Const)})
            continue
        fact = fact_of(value, env, source.scope)
        if not isinstance(fact, MappingFact) or fact.items is None:
            raise UnboundCallError("the keywords in `**` are not known")
        out.update({key: core.Subscript(value, core.Const(key)) for key, _ in fact.items})
    return out


def default_values(function: object, code: core.Function) -> dict[str, core.Expr]:
    """The defaults of the parameters: those that the function was made with, written as constants where they are plain."""
    values: dict[str, core.Expr] = {param.name: param.default for param in code.params if param.default is not None}
    if isinstance(function, FunctionType):
        plain = [param.name for param in code.params if param.kind in ("positional", "plain")]
        bound = dict(zip(reversed(plain), reversed(function.__defaults__ or ()))) | (function.__kwdefaults__ or {})
        values.update({name: core.Const(value) for name, value in bound.items() if type(value) in (int, float, bool, str, type(None))})
    return values


def bind(
    code: core.Function, args: list[core.Expr], keywords: dict[str, core.Expr], defaults: Mapping[str, core.Expr],
) -> dict[str, core.Expr]:
    """The argument of each parameter."""
    bound: dict[str, core.Expr] = {}
    rest, left = list(args), dict(keywords)
    for param in code.params:
        if param.kind == "args":
            bound[param.name] = core.Tuple(tuple(rest))
            rest = []
        elif param.kind == "kwargs":
            bound[param.name] = core.Dict(tuple(core.Const(name) for name in left), tuple(left.values()))
            left = {}
        elif param.kind != "keyword" and rest:
            bound[param.name] = rest.pop(0)
        elif param.kind != "positional" and param.name in left:
            bound[param.name] = left.pop(param.name)
        elif param.name in defaults:
            bound[param.name] = defaults[param.name]
        else:
            raise UnboundCallError(f"the argument `{param.name}` is missing")
    if rest or left:
        raise UnboundCallError("there are too many arguments")
    return bound


def of_callee(facts: Mapping[str, Fact], generally: bool = False) -> dict[str, Fact]:
    """The facts of arguments as those of parameters: sizes are named in order of appearance, the values of integers are left out.

    For recursive calls, whose sizes would differ without end, only which sizes are equal is kept.
    """
    renaming = Renaming({}, {})

    def enter(d: Dim, path: str) -> Dim | None:
        return None if path.endswith("#") else d if d == ANY else renamed(d, lambda s: renaming.name(s, Dim(((s, 1),)), s.least))

    return {name: generalised(fact, renaming) if generally else without_values(with_sizes(fact, enter)) for name, fact in facts.items()}


def facts_inside(called: UserCall, facts: Mapping[str, Fact], generally: bool = False) -> dict[str, Fact]:
    """The facts of the parameters of a callee from those of the arguments of a call, and what is known of them in every call."""
    return refined(of_callee(facts, generally), declared(called.function))


def without_values(fact: Fact) -> Fact:
    if isinstance(fact, Number):
        return replace(fact, value=None, size=None)
    if isinstance(fact, Sequence) and fact.items is not None:
        return replace(fact, items=tuple(without_values(item) for item in fact.items))
    return fact
