"""What facts decide of a test: on None, on classes, on whether anything is in a tuple, list or dict."""
from __future__ import annotations

from collections.abc import Callable

from s2sad import core
from s2sad.facts import UNDEFINED, Fact, FunctionFact, Mapping, NoneFact, Sequence, Unknown
from s2sad.facts.classes import is_instance

FactOf = Callable[[core.Expr], Fact]


def decided(test: core.Expr, fact: FactOf) -> bool | None:
    """The outcome of a test, None where the facts leave it open."""
    if isinstance(test, core.UnaryOp) and test.op == "not":
        known = decided(test.operand, fact)
        return None if known is None else not known
    if isinstance(test, core.Const):
        return bool(test.value)
    if isinstance(test, core.Name):
        return holds_anything(fact(test))
    if isinstance(test, core.Compare) and test.ops in (("is",), ("is not",)) and test.operands[1] == core.Const(None):
        found = fact(test.operands[0])
        if found is UNDEFINED or isinstance(found, Unknown):
            return None
        return isinstance(found, NoneFact) == (test.ops == ("is",))
    if isinstance(test, core.BoolOp):
        ends = test.op == "or"
        outcomes: list[bool | None] = []
        for value in test.values:
            outcomes.append(decided(value, fact))
            if outcomes[-1] is ends:
                return ends if None not in outcomes else None
        return None if None in outcomes else not ends
    if isinstance(test, core.Call) and test.func == core.Name("isinstance") and len(test.args) == 2:
        return instance(test, fact)
    return None


def holds_anything(fact: Fact) -> bool | None:
    """Whether a tuple, list or dict has items, and None, which has none."""
    if isinstance(fact, Sequence) and fact.cls is None:
        return None if fact.count is None else fact.count > 0
    if isinstance(fact, Mapping):
        return None if fact.items is None else bool(fact.items)
    return False if isinstance(fact, NoneFact) else None


def instance(call: core.Call, fact: FactOf) -> bool | None:
    """The outcome of `isinstance(value, classes)`."""
    parts = call.args[1].elts if isinstance(call.args[1], core.Tuple) else (call.args[1],)
    found: list[type] = []
    for part in parts:
        cls = fact(part)
        if not isinstance(cls, FunctionFact) or not isinstance(cls.value, type):
            return None
        found.append(cls.value)
    return is_instance(fact(call.args[0]), tuple(found))
