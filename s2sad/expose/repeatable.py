"""Whether a function does the same when it is run twice: `runs_twice(fact, semantics)`."""
from __future__ import annotations

import types

from s2sad import core
from s2sad.derivatives.derivative import Derivative
from s2sad.expose.inner import InnerDerivative, deriving
from s2sad.facts import Fact, FunctionFact
from s2sad.infer import builtin
from s2sad.infer.functions import program
from s2sad.meaning.semantics import Semantics
from s2sad.reading.scope import UNRESOLVED, Scope
from s2sad.rules import find, find_method

ONCE = (print, input, open, next)


def runs_twice(fact: Fact, semantics: Semantics) -> bool:
    """Whether a function, and all that it calls, neither draws random numbers nor prints, as far as it is known."""
    return not isinstance(fact, FunctionFact) or _again(fact.value, semantics.scope, set())


def _again(function: object, scope: Scope, seen: set[int]) -> bool:
    while isinstance(function, (InnerDerivative, Derivative)):
        function = function.function if isinstance(function, InnerDerivative) else function.primal
    if id(function) in seen:
        return True
    seen.add(id(function))
    if any(function is one for one in ONCE):
        return False
    rule = find(function) if not isinstance(function, core.Function) else None
    if rule is not None:
        return rule.pure
    if isinstance(function, types.FunctionType):
        found = program(function)
        if found is None:
            return True
        function, scope = found
    if not isinstance(function, core.Function):
        return builtin.find(function) is not None or not callable(function) or isinstance(function, type)
    local = {param.name for param in function.params}
    return all(_call_again(node, local, scope, seen) for node in core.walk(function.body) if isinstance(node, core.Call))


def _call_again(call: core.Call, local: set[str], scope: Scope, seen: set[int]) -> bool:
    found = scope.resolve(call.func, local)
    if deriving(found):
        given = (scope.resolve(arg, local) for arg in call.args[:1])
        return all(_again(function, scope, seen) for function in given if function is not UNRESOLVED)
    if found is not UNRESOLVED:
        return _again(found, scope, seen)
    if isinstance(call.func, core.Attribute):
        rule = find_method(call.func.attr)
        return call.func.attr not in RANDOM and (rule is None or rule.pure)
    return True


RANDOM = frozenset(("normal", "uniform", "standard_normal", "random", "integers", "choice", "permutation", "shuffle"))
"""Methods of random generators."""
