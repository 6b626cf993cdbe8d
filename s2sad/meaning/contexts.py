"""What the contexts of `with` do: which govern arithmetic, and which let every exception pass."""
from __future__ import annotations

import ast
import contextlib
import inspect
from textwrap import dedent
from types import FunctionType
from typing import Any

import numpy as np

from s2sad import core
from s2sad.facts import ObjectFact
from s2sad.infer.objects import vars_of
from s2sad.meaning.semantics import Env, Semantics

GOVERNING: tuple[object, ...] = (np.errstate,)
"""The contexts that say how arithmetic behaves: what they govern, they govern in the reverse sweep too."""

PASSING = frozenset((
    "errstate", "nullcontext", "redirect_stdout", "redirect_stderr", "closing", "catch_warnings", "TextIOWrapper", "StringIO", "lock",
    "RLock", "Timer"))
"""Classes of Python's and NumPy's own whose contexts never swallow an exception."""


def callee(context: core.Expr, semantics: Semantics) -> object:
    """The class or function that makes a context."""
    return semantics.callee(context.func) if isinstance(context, core.Call) else None


def governs(stmt: core.With, semantics: Semantics) -> bool:
    return any(callee(stmt.context, semantics) is one for one in GOVERNING)


def is_suppression(stmt: core.With, semantics: Semantics) -> bool:
    return callee(stmt.context, semantics) is contextlib.suppress


def passes_exceptions(stmt: core.With, semantics: Semantics, env: Env) -> bool:
    """Whether what the body raises is sure to come out of the `with`, so that where the `with` ends its body has run to its end."""
    made = callee(stmt.context, semantics)
    if made is open:
        return True
    inner = getattr(made, "__wrapped__", None)
    if isinstance(inner, FunctionType) and inspect.isgeneratorfunction(inner):
        # A generator made into a context swallows what it catches around its `yield`.
        nodes = _nodes(inner)
        return bool(nodes) and not any(isinstance(node, ast.Try) and node.handlers or isinstance(node, ast.With) for node in nodes)
    fact = semantics.fact(stmt.context, env)
    cls = made if isinstance(made, type) else fact.cls if isinstance(fact, ObjectFact) else None
    if cls is not None:
        leave = vars_of(cls, "__exit__")
        if isinstance(leave, FunctionType):
            return not any(isinstance(node, ast.Return) and not _is_false(node.value) for node in _nodes(leave))
        return cls.__name__ in PASSING
    return False


def _is_false(value: ast.expr | None) -> bool:
    return value is None or isinstance(value, ast.Constant) and not value.value


def _nodes(function: Any) -> list[ast.AST]:
    """The syntax of a function; of one whose source is not there, a single `return` of who knows what."""
    try:
        return list(ast.walk(ast.parse(dedent(inspect.getsource(function)))))
    except (OSError, TypeError, SyntaxError):
        return [ast.Return(value=ast.Name(id="unknown", ctx=ast.Load())), ast.With(items=[], body=[])]
