"""Adjoints of complex numbers, from those of real ones.

With df = Re(conj(g) dy), a holomorphic f has x_bar = g conj(f'(x)): its real rule between two conjugations, which move inwards.

    g * np.cos(x)           ->      g * np.conj(np.cos(x))          where x is complex
    g * np.cos(x)           ->      g * conjugate(np.cos(x))        where it may be
    g * b                   ->      g * b                           where b is real
"""
from __future__ import annotations

from collections.abc import Mapping

from s2sad import core
from s2sad.facts import Fact, Number, Unknown
from s2sad.quote import quote_expr

ALWAYS, MAYBE = quote_expr("np.conj"), core.Name("conjugate")
_G = core.Name("g")


def conjugated(texts: Mapping[str, core.Expr], facts: Mapping[str, Fact]) -> Mapping[str, core.Expr]:
    """The adjoint texts of a holomorphic function, for operands of these facts."""
    if any(isinstance(fact, Number) and fact.kind == "c" for fact in facts.values()):
        function: core.Expr = ALWAYS
    elif any(may_be_complex(facts[param]) for param in texts if param in facts):
        function = MAYBE
    else:
        return texts
    real = {param for param, fact in facts.items() if not may_be_complex(fact)}
    return {param: _moved_in(text, function, real) for param, text in texts.items()}


def may_be_complex(fact: Fact) -> bool:
    return isinstance(fact, Unknown) or isinstance(fact, Number) and fact.kind in "c?"


def _moved_in(text: core.Expr, function: core.Expr, real: set[str]) -> core.Expr:
    """The conjugate of a text in the conjugate of `g`."""
    read = core.reads(text)
    if text == _G or not read - real - {"np", "math"}:
        return text
    if "g" not in read:
        return core.Call(function, (text,))
    if isinstance(text, core.UnaryOp) or isinstance(text, core.BinOp) and text.op in ("+", "-", "*", "/", "@"):
        moved: core.Expr = core.rebuild(text, lambda part: _moved_in(part, function, real) if isinstance(part, core.Expr) else part)
        return moved
    return core.Call(function, (core.substitute(text, {"g": core.Call(function, (_G,))}),))
