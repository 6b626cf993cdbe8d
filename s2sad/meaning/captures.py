"""What is known of the variables that a function captures: `captured_facts(function, scope)`.

    def at(i, x):                           def moved(x):
        new = list(args)                        return fun(*args[:i], x, *args[i + 1:], **options)
        new[i] = x
        return fun(*new, **options)

A captured list or dict is known as an argument is: with its items at the start, and as far as nothing changes it on the way.  A captured
int that chooses among the arguments of a call, or is a `wrt`, is taken to be what it is; other ints are read live.  `Watch` tells when
that has changed.
"""
from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from s2sad import core
from s2sad.facts import Fact, fresh, integer, signature_of, with_sizes
from s2sad.facts.births import with_births

if TYPE_CHECKING:
    from s2sad.reading.scope import Scope

ARGUMENT = frozenset((0,))
DERIVING = ("grad", "value_and_grad", "jacobian", "value_and_jacobian", "hessian", "hvp", "elementwise_grad")


def captured_facts(function: core.Function, scope: Scope) -> dict[str, Fact]:
    """The facts of the captured lists and dicts, those of globals that calls pass on, and of the ints that choose arguments."""
    captured = {**{name: scope.lookup(name) for name in passed_on(function)}, **scope.captured()}
    if not captured:
        return {}
    choosing = choosers(function)
    found: dict[str, Fact] = {}
    for name, value in captured.items():
        if type(value) in (list, dict):
            fact = with_sizes(signature_of(value)[0], lambda d, path: None if path.endswith("#") else fresh())
            found[name] = with_births(fact, lambda born: ARGUMENT)
        elif type(value) is int and name in choosing:
            found[name] = integer(value)
    return found


@lru_cache(maxsize=256)
def choosers(function: core.Function) -> frozenset[str]:
    """The names in the subscripts of a function that passes on arguments with `*`, and those that `wrt` is."""
    nodes = list(core.walk(function))
    calls = [node for node in nodes if isinstance(node, core.Call)]
    found = {value.id for call in calls for name, value in call.keywords if name == "wrt" and isinstance(value, core.Name)}
    found |= {call.args[1].id for call in calls if len(call.args) == 2 and is_deriving(call.func) and isinstance(call.args[1], core.Name)}
    if any(isinstance(arg, core.Starred) for call in calls for arg in call.args):
        found.update(*(core.reads(node.index) for node in nodes if isinstance(node, core.Subscript)))
    return frozenset(found)


def is_deriving(func: core.Expr) -> bool:
    """Whether a function is called as those of s2sad are of which the second argument is `wrt`."""
    return (func.attr if isinstance(func, core.Attribute) else func.id if isinstance(func, core.Name) else "") in DERIVING


@lru_cache(maxsize=256)
def passed_on(function: core.Function) -> frozenset[str]:
    """The names that calls of a function pass on with `*` and `**`, its parameters excepted."""
    calls = [node for node in core.walk(function) if isinstance(node, core.Call)]
    values = [value for call in calls for name, value in call.keywords if name is None]
    values += [arg.value for call in calls for arg in call.args if isinstance(arg, core.Starred)]
    return frozenset(value.id for value in values if isinstance(value, core.Name)) - {param.name for param in function.params}
