"""Augmented assignments as what Python does for them.

    x[i] += f(x)        ->      t = x[i]
                                x[i] = t + f(x)
    x += y              ->      if isinstance(x, np.ndarray): x[...] += y
                                else: x = x + y

Python finds the place and what it holds before it evaluates the value.  Where the function of a call is written out before the statement,
the order would be another.  And an array changes in place, while a number is replaced.
"""
from __future__ import annotations

from dataclasses import replace

from s2sad import core
from s2sad.analysis.alias import changed_by, copies, is_array_place, is_immutable, with_partners
from s2sad.analysis.analyse import Analysis
from s2sad.analysis.mirror import is_number
from s2sad.facts import Number
from s2sad.flow.evaluation import held_place
from s2sad.meaning.semantics import Semantics
from s2sad.names import Names
from s2sad.quote import quote_expr


def loaded_first(stmt: core.Stmt, analysis: Analysis, semantics: Semantics, names: Names) -> list[core.Stmt] | None:
    """The statement with what it reads of its place before it, where a call in its value changes that; None where none does."""
    if not isinstance(stmt, core.AugAssign) or not isinstance(stmt.target, (core.Subscript, core.Attribute)):
        return None
    env = analysis.facts[stmt]
    changed = frozenset().union(*(changed_by(call, env, semantics) for call in core.calls(stmt.value)))
    if not core.reads(stmt.target) & with_partners(changed, analysis.aliases.before.get(stmt, frozenset())):
        return None
    out, place = held_place(stmt.target, names, stmt.at)
    fact = semantics.fact(stmt.target, env)
    copied = isinstance(stmt.target, core.Subscript) and copies(stmt.target, env, semantics)
    if copied or isinstance(fact, Number) and fact.shape == () and is_immutable(fact):
        old = core.Name(names.fresh("t"))
        return [*out, core.Assign(old, place, at=stmt.at), replace(assigned(stmt, old), target=place)]
    if isinstance(fact, Number) and fact.shape and is_array_place(stmt.target, env, semantics):
        return [*out, replace(stmt, target=place)] if out else None     # a view shows what is changed later
    old = core.Name(names.fresh("t"))
    changing = core.AugAssign(old, stmt.op, stmt.value, at=stmt.at)
    return [*out, core.Assign(old, place, at=stmt.at), changing, core.Assign(place, old, at=stmt.at)]


def of_array_or_number(stmt: core.Stmt, analysis: Analysis, semantics: Semantics, names: Names) -> list[core.Stmt] | None:
    """A change of what is an array that others see change, or a number, for the run to tell; None where it is known."""
    if not isinstance(stmt, core.AugAssign) or not isinstance(stmt.target, core.Name) or not analysis.memory.is_shared(stmt.target.id):
        return None
    fact = semantics.fact(stmt.target, analysis.facts[stmt])
    if not isinstance(fact, Number) or fact.box == "array" or is_number(fact):
        return None
    out: list[core.Stmt] = []
    if not isinstance(stmt.value, (core.Name, core.Const)):
        value = core.Name(names.fresh("t"))
        out.append(core.Assign(value, stmt.value, at=stmt.at))
        stmt = replace(stmt, value=value)
    whole = replace(stmt, target=core.Subscript(stmt.target, core.Const(...)))
    test = quote_expr("isinstance(X, np.ndarray)", X=stmt.target)
    return [*out, core.If(test, (whole,), (assigned(stmt, stmt.target),), at=stmt.at)]


def assigned(stmt: core.AugAssign, old: core.Expr) -> core.Assign:
    """The assignment of what an operation makes of the old value of its place."""
    return core.Assign(stmt.target, core.BinOp(stmt.op, old, stmt.value, at=stmt.at), at=stmt.at)
