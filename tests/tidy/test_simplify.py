"""Adjoint expressions: before and after, what must not change, and that values stay the same."""
from __future__ import annotations

import itertools
import random
from typing import Any

import numpy as np
import pytest

from s2sad import core
from s2sad.emit import emit_expression
from s2sad.facts import Fact, Number
from s2sad.facts.dims import dim
from s2sad.quote import quote_expr
from s2sad.tidy.simplify import negate_inside, simplify

FLOAT = Number("f", None, (), "python")
VECTOR = Number("f", "float64", (dim("n", 2),), "array")


def floats(expr: core.Expr) -> Fact:
    return VECTOR if core.reads(expr) & {"u", "v"} else FLOAT


SAME_FOR_ALL = [
    ("g * (2 * x ** (2 - 1))", "2 * g * x"),
    ("g * 3 * x ** (3 - 1)", "3 * g * x ** 2"),
    ("-(-x)", "x"),
    ("x_bar + -y", "x_bar - y"),
    ("-x * y + z", "z - x * y"),
    ("a + -x * (1 - h ** 2)", "a - x * (1 - h ** 2)"),
    ("-(x - y)", "y - x"),
    ("a - -b * c", "a + b * c"),
    ("-a / -b", "a / b"),
    ("g * (1 / y)", "g / y"),
    ("g * (2 / y)", "2 * g / y"),
    ("x * 0.1 * 3", "0.3 * x"),
    ("-0.1 * (3 * q ** 2)", "-0.3 * q ** 2"),
    ("-k + -0.1 * (3 * q ** 2)", "-k - 0.3 * q ** 2"),
    ("t * x + t * x", "2 * t * x"),
    ("2 * t + t", "3 * t"),
    ("x * 1", "x"), ("1 * x", "x"), ("x + 0", "x"), ("x ** 1", "x"), ("0 - x", "-x"),
    ("x ** (0.5 - 1)", "x ** -0.5"),
    ("x ** (n - 1 - 1)", "x ** (n - 2)"),
    ("x ** (n + 1 - 1)", "x ** n"),
    ("W.T.T @ g", "W @ g"),
    ("-W.T @ -g", "W.T @ g"),
    ("a + np.sum(-g, axis=0)", "a - np.sum(g, axis=0)"),
    ("a + (-g * x)[1:]", "a - (g * x)[1:]"),
    ("np.sum(g, axis=1, keepdims=True)[:, 0]", "np.sum(g, axis=1)"),
    ("np.sum(g, axis=1, keepdims=True)[0]", "np.sum(g, axis=1, keepdims=True)[0]"),
    ("np.sum(g, axis=(0, 2), keepdims=True)[0, :, 0]", "np.sum(g, axis=(0, 2))"),
    ("np.sum(g * 2 * x)", "np.sum(2 * g * x)"),
    ("1.0 * 2 * r", "2.0 * r"),
    ("-a - b", "-a - b"),
    ("(6 * x) * (2 * y)", "12 * x * y"),
    ("g * k + g * m", "g * (k + m)"),
    ("-g * k - 0.3 * g * q ** 2", "g * (-k - 0.3 * q ** 2)"),
    ("g * a / b - g * 2", "g * (a / b - 2)"),
    ("2 * g * k + 3 * g", "g * (2 * k + 3)"),
    ("g + g * k", "g + g * k"), ("g / a + g * b", "g / a + g * b"), ("a * b + b * c", "a * b + b * c"),
]
FOR_FLOATS = [
    ("2 * 1.0 * r", "2 * r"),
    ("1.0 * x", "x"), ("x * 1.0", "x"), ("x / 1", "x"), ("x + 0.0", "x"), ("0.0 + x", "x"),
    ("x ** 0", "1.0"),
    ("1.0 / 2 * (2 * r)", "r"),
    ("-s * t / (2 * x) * 2", "-s * t / x"),
    ("6 * x / 2", "3 * x"),
    ("2 * (x / 2)", "x"),
]
UNCHANGED = [
    "1.0 * x", "x + 0.0", "x / 1", "2.0 * r", "0 * x", "x - x", "x / x", "x ** 0", "6 * x / 2", "1 / 3", "x / 3", "a * b / b", "x // 1",
    "f(x) + f(x)", "rng.random() + rng.random()", "a @ b @ c", "a * (b * c)", "a + (b + c)", "2 ** 1000", "1e300 * 1e300",
    "[x * 1 for x in y]", "x % 1", "x << 0", "2 * True",
]
UNCHANGED_FOR_FLOATS = ["u ** 0", "x - x", "0 * x", "x / 3", "0.1 * x / 0.3"]


@pytest.mark.parametrize(("before", "after"), SAME_FOR_ALL)
def test_simplified(before: str, after: str) -> None:
    simpler = simplify(quote_expr(before))
    assert emit_expression(negate_inside(simpler)) == after
    assert simplify(simpler) is simpler


@pytest.mark.parametrize(("before", "after"), FOR_FLOATS)
def test_simplified_for_floats(before: str, after: str) -> None:
    assert emit_expression(negate_inside(simplify(quote_expr(before), floats))) == after


@pytest.mark.parametrize("text", UNCHANGED)
def test_unchanged(text: str) -> None:
    expr = quote_expr(text)
    assert emit_expression(simplify(expr)) == emit_expression(expr)


@pytest.mark.parametrize("text", UNCHANGED_FOR_FLOATS)
def test_unchanged_for_floats(text: str) -> None:
    assert emit_expression(simplify(quote_expr(text), floats)) == text


def random_expression(rng: random.Random, depth: int) -> core.Expr:
    if depth == 0 or rng.random() < 0.1:
        return rng.choice([core.Name(rng.choice("xyuv")), core.Const(rng.choice([0, 1, 2, 3, 0.0, 1.0, 2.0, 0.5, 0.1]))])
    if rng.random() < 0.2:
        return core.UnaryOp("-", random_expression(rng, depth - 1))
    op = rng.choice("++--****//")
    return core.BinOp(op, random_expression(rng, depth - 1), random_expression(rng, depth - 1))


def value(expr: core.Expr, env: dict[str, Any]) -> Any:
    try:
        return eval(emit_expression(expr), {"np": np}, dict(env))
    except ZeroDivisionError:
        return "zero division"


ENVS: list[dict[str, Any]] = [
    {"x": 0.75, "y": -1.25, "u": np.array([0.5, 2.0, -3.0]), "v": np.array([1.5, 0.25, 4.0])},
    {"x": 2.0, "y": 4.0, "u": np.array([0.5, 2.0, -3.0], dtype=np.float32), "v": np.array([1.5, 0.25, 4.0], dtype=np.float32)},
]
INTEGERS = {"x": 3, "y": -2, "u": np.array([1, 2, -3]), "v": np.array([5, -7, 2])}


@pytest.mark.parametrize("seed", range(300))
def test_values_stay(seed: int) -> None:
    rng = random.Random(seed)
    expr = random_expression(rng, rng.randint(1, 5))
    with np.errstate(all="ignore"):
        for env, fact_of in itertools.chain(((env, floats) for env in ENVS), ((env, None) for env in [*ENVS, INTEGERS])):
            before, after = value(expr, env), value(simplify(expr, fact_of), env)
            if isinstance(before, str):
                continue
            assert np.shape(before) == np.shape(after)
            wide = np.result_type(before, after)
            assert np.result_type(before).kind == np.result_type(after).kind, emit_expression(expr)
            small = 1e-4 if wide == np.float32 else 1e-11
            finite = np.isfinite(before)
            scale = np.max(np.abs(np.where(finite, before, 0)), initial=1.0)
            assert np.allclose(np.where(finite, before, 0), np.where(finite, after, 0), rtol=small, atol=small * scale), emit_expression(expr)
