"""The invariants that hold after every stage."""
from __future__ import annotations

import os

import pytest

from s2sad import core
from s2sad.quote import quote
from s2sad.verify import InvariantError, problems, verify


def function(text: str, *params: str) -> core.Function:
    return core.Function("f", tuple(core.Param(name) for name in params), quote(text))


@pytest.mark.parametrize("text", [
    "y = x * x\nreturn y",
    "for i in range(3):\n    y = x\n    if i > x:\n        break\nreturn y",
    "y_stack = []\nfor i in range(3):\n    y_stack.append(x)\nCOMMENT\nfor i in range(3):\n    x = y_stack.pop()\nreturn x",
])
def test_sound(text: str) -> None:
    assert list(problems(with_comment(function(text, "x")), "reverse sweep")) == []


@pytest.mark.parametrize("text, problem", [
    ("return x\ny = x", "a `return` is not the last statement"),
    ("if x:\n    return x\nreturn x", "a `return` is not the last statement"),
    ("for i in range(3):\n    break\n    y = x\nreturn x", "a jump does not end its block"),
    ("x = y\ny = x\nreturn y", "`y` is read where nothing has bound it"),
    ("y_stack = []\ny_stack.append(x)\nCOMMENT\nreturn x", "`y_stack` is pushed at 1 places and popped at 0"),
])
def test_unsound(text: str, problem: str) -> None:
    (found,) = problems(with_comment(function(text, "x")), "reverse sweep")
    assert found.startswith(problem)


def test_one_statement_at_two_places() -> None:
    (stmt,) = quote("x = x + 1")
    (found,) = problems(core.Function("f", (core.Param("x"),), (stmt, stmt)))
    assert found == "one statement stands at two places"


def test_tests_verify() -> None:
    assert os.environ["S2SAD_VERIFY"]
    with pytest.raises(InvariantError, match="after lower, in `f`: a jump does not end its block"):
        verify(core.Function("f", (), (core.Break(),)), "lower")


def with_comment(made: core.Function) -> core.Function:
    parts = tuple(core.Comment("reverse sweep") if isinstance(stmt, core.ExprStmt) and stmt.value == core.Name("COMMENT") else stmt
                  for stmt in made.body)
    return core.Function(made.name, made.params, parts)
