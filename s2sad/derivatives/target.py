"""What a callable of the user's comes down to.

`target_of(f)` takes methods, partials, callable objects and functions of libraries apart, down to the Python function that is
differentiated and the arguments that are already given.  `independents(wrt, target)` finds the parameters that `wrt` names.
"""
from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from s2sad.derivatives.checkpoint import Checkpoint
from s2sad.errors import DifferentiationError, refuse
from s2sad.request import Independent

if TYPE_CHECKING:
    from s2sad.rules import Rule

POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
Wrt = int | str | tuple[int | str, ...] | list[int | str]
Cached = type(functools.lru_cache(lambda: None))


@dataclass(frozen=True)
class Target:
    """`function` is called with `args`, what the user gives, and `keywords`; `signature` is how the user calls it.

    `function` is a Python function, or a derivative, whose function depends on the facts of the call.  `library` is the function of a
    library that it calls, with those of its parameters that have no default.
    """

    function: Any
    signature: inspect.Signature
    own: inspect.Signature = field(repr=False)
    args: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    library: Any = None


def target_of(f: Any, wrt: Wrt = ()) -> Target:
    """Takes `f` apart; raises TypeError if it cannot be called, DifferentiationError if neither source nor a rule is known.

    `wrt` may ask for parameters with defaults of a function of a library.
    """
    function: Any = f
    args: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}
    library: Any = None
    while not isinstance(function, FunctionType) or has_rule(function):
        if hasattr(type(function), "_is_s2sad_derivative"):
            bound = function._target
            if not bound.args and not bound.keywords:
                break
            args, keywords, function = (*bound.args, *args), {**bound.keywords, **keywords}, function.unbound()
        elif isinstance(function, functools.partial):
            args, keywords = (*function.args, *args), {**function.keywords, **keywords}
            function = function.func
        elif isinstance(function, MethodType) and find(function) is None:
            function, args = function.__func__, (function.__self__, *args)
        elif isinstance(function, staticmethod):
            function = function.__func__
        elif isinstance(function, Checkpoint):
            function = function.primal
        elif isinstance(function, Cached):
            function = function.__wrapped__
        elif hasattr(type(function), "_is_s2sad_whole"):
            if function.program is None:
                raise refuse(f"cannot differentiate `{function.__name__}`", None, None,
                             "name one parameter by its position, of a Jacobian or a Hessian; or compose `grad` and `jvp`")
            function = function.program
        elif not callable(function):
            raise TypeError(f"a function is needed, not {type(function).__name__}: {function!r}")
        elif not isinstance(function, type) and isinstance(type(function).__call__, FunctionType) and find(function) is None:
            function, args = type(function).__call__, (function, *args)
        else:
            asked = wrt if isinstance(wrt, (tuple, list)) else (wrt,)
            library, function = function, function_of_rule(function, optional_names(function, asked, keywords))
            break
    own = _signature(function)
    given = functools.partial(function, *args, **keywords) if library is not None else f
    seen = inspect.signature(given) if args or keywords else own
    return Target(function, seen.replace(return_annotation=inspect.Signature.empty), own, args, keywords, library)


def find(function: Any) -> Rule | None:
    """The rule of a function."""
    from s2sad import rules

    return rules.find(function)


def has_rule(function: FunctionType) -> bool:
    """Whether a user declared a rule for a Python function, which is then not read."""
    return find(function) is not None


def _signature(function: Any) -> inspect.Signature:
    if isinstance(function, FunctionType) and hasattr(function, "__wrapped__"):
        bare = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
        bare.__kwdefaults__ = function.__kwdefaults__
        return inspect.signature(bare)
    if hasattr(type(function), "_is_s2sad_derivative"):
        return function.__signature__  # type: ignore[no-any-return]
    return inspect.signature(function)


@functools.lru_cache(maxsize=256)
def function_of_rule(function: Callable[..., Any], given: tuple[str, ...] = ()) -> FunctionType:
    """A Python function that calls the function of a library, with the parameters that its rule asks for, and those `given` by name."""
    import importlib

    from s2sad import core
    from s2sad.emit import emit
    from s2sad.link.load import Home, load, register
    from s2sad.quote import quote_expr

    name = getattr(function, "__name__", type(function).__name__)
    rule = find(function)
    if rule is None:
        raise refuse(f"`{name}` has no Python source, and no rule is known for it", None, None, "declare its derivative as a rule")
    if rule.users:
        return _calling(function, rule)
    chosen = [p for p in rule.params if p.default is None or p.name in given]
    apart = next((i for i, p in enumerate(rule.params) if p not in chosen), len(rule.params))
    by_name = [p for i, p in enumerate(rule.params) if p in chosen and (p.kind == "keyword" or i > apart)]
    params = tuple(core.Param(p.name, "keyword" if p in by_name else "plain" if p.name in given or given and p.kind == "plain" else
                              "positional" if p.kind == "plain" else p.kind) for p in chosen)
    args = tuple(core.Starred(core.Name(p.name)) if p.kind == "args" else core.Name(p.name) for p in chosen if p not in by_name)
    called = rule.pattern.partition("(")[0]
    keywords = tuple((p.name, core.Name(p.name)) for p in by_name)
    body = (core.Return(core.Call(quote_expr(called), args, keywords)),)
    own = called.rpartition(".")[2] if "." in called else f"{name}_of"      # it would call itself
    text = emit([core.Function(own, params, body)])
    root = called.partition(".")[0]
    module = {"np": "numpy"}.get(root, root) if "." in called else "builtins"
    namespace = {"__name__": module, root: importlib.import_module(module) if "." in called else function}
    return load(text, {own: Home(namespace)}, {}, register(text, own, "<library>", 1, own))[own]


def optional_names(library: Any, given: Iterable[int | str], keywords: Iterable[str] = ()) -> tuple[str, ...]:
    """Those of some parameters of a function of a library that have defaults, all up to the last position, and those given by keyword."""
    rule = find(library)
    params = rule.params if rule is not None else ()
    by_keyword = {*keywords}
    named = {*by_keyword, *(one for one in given if isinstance(one, str))}
    plain = [] if any(p.kind == "args" for p in params) else [p for p in params if p.kind in ("plain", "positional")]
    reached = max((one + 1 for one in given if isinstance(one, int) and not isinstance(one, bool)), default=0)
    named.update(p.name for p in plain[:reached])
    return tuple(p.name for p in params if p.name in named and (p.default is not None or p.name in by_keyword))


def _calling(function: Callable[..., Any], rule: Rule) -> FunctionType:
    """A Python function that calls one of the user's that has a rule, with all of its parameters and their defaults."""
    from s2sad import core
    from s2sad.emit import emit
    from s2sad.link.load import Home, load, register

    name = f"call_{function.__name__}"
    params = tuple(core.Param(p.name, p.kind, p.default) for p in rule.params)
    args = tuple(core.Starred(core.Name(p.name)) if p.kind == "args" else core.Name(p.name) for p in params if p.kind != "keyword")
    keywords = tuple((p.name, core.Name(p.name)) for p in params if p.kind == "keyword")
    text = emit([core.Function(name, params, (core.Return(core.Call(core.Name(function.__name__), args, keywords)),))])
    own = inspect.signature(function).parameters
    plain = tuple(own[p.name].default for p in params if p.default is not None and p.kind in ("plain", "positional") and p.name in own)
    by_name = {p.name: own[p.name].default for p in params if p.default is not None and p.kind == "keyword" and p.name in own}
    namespace = {"__name__": function.__module__, function.__name__: function}
    return load(text, {name: Home(namespace, {}, plain, by_name)}, {}, register(text, name, "<library>", 1, name))[name]


# What to differentiate with respect to


def independents(wrt: Wrt, target: Target, name: str) -> tuple[tuple[Independent, ...], bool]:
    """The variables that `wrt` names, and whether it is a single one rather than a tuple."""
    single = not isinstance(wrt, (tuple, list))
    entries = [wrt] if single else list(wrt)  # type: ignore[arg-type]
    found = tuple(_independent(entry, target, name) for entry in entries)
    if not found:
        raise _no_such("wrt is empty", target, name)
    for i, one in enumerate(found):
        if one in found[:i]:
            raise refuse(f"wrt names `{one}` twice", None, None, "name each parameter once")
    return found, single


def _independent(entry: Any, target: Target, name: str) -> Independent:
    parameters = list(target.signature.parameters.values())
    if isinstance(entry, str):
        if entry in target.signature.parameters:
            return Independent(entry)
        rest = next((p for p in parameters if p.kind is p.VAR_KEYWORD), None)
        if rest is None:
            raise _no_such(f"`{name}` has no parameter `{entry}`", target, name)
        return Independent(rest.name, entry)
    try:
        if isinstance(entry, bool):
            raise TypeError
        position = entry.__index__()
    except (AttributeError, TypeError):
        raise refuse(f"wrt takes names and positions of parameters, not {entry!r}", None, None,
                     'write wrt="x", wrt=0 or wrt=("x", "y")') from None
    if position < 0:
        raise refuse(f"wrt={position}: positions of parameters count from 0", None, None, f"the parameters are {_listed(target)}")
    positional = [p for p in parameters if p.kind in POSITIONAL]
    if position < len(positional):
        return Independent(positional[position].name)
    rest = next((p for p in parameters if p.kind is p.VAR_POSITIONAL), None)
    if rest is None:
        raise _no_such(f"`{name}` has no parameter at position {position}", target, name)
    swallowed = max(0, len(target.args) - sum(p.kind in POSITIONAL for p in target.own.parameters.values()))
    return Independent(rest.name, position - len(positional) + swallowed)


def _listed(target: Target) -> str:
    stars: dict[Any, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    return ", ".join(f"`{stars.get(p.kind, '')}{p.name}`" for p in target.signature.parameters.values())


def _no_such(reason: str, target: Target, name: str) -> DifferentiationError:
    if not target.signature.parameters:
        return refuse(f"`{name}` has no parameter to differentiate with respect to", None, None, "pass what it depends on as an argument")
    return refuse(reason, None, None, f"the parameters are {_listed(target)}")
