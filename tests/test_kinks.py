"""Every convention of the kink table, and the hard points beside them where a careless formula gives nan."""
from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evaluate import evaluate
from test_rules import NAMES, Call, name_of

from s2sad import core, rules, runtime
from s2sad.facts import Unknown
from s2sad.quote import quote_expr
from s2sad.rules import kinks

inf, nan = math.inf, math.nan

# call, arguments, adjoints for the adjoint 1 of the result
POINTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("a % b", {"a": 2.0, "b": 1.0}, {"a": 1.0, "b": -2.0}),
    ("np.fmod(a, b)", {"a": np.array(-2.0), "b": np.array(1.0)}, {"a": 1.0, "b": 2.0}),
    ("a ** b", {"a": 0.0, "b": 0.0}, {"a": 0.0, "b": 0.0}),
    ("a ** b", {"a": 0.0, "b": 2.0}, {"a": 0.0, "b": 0.0}),
    ("a ** b", {"a": 0.0, "b": 1.0}, {"a": 1.0, "b": 0.0}),
    ("a ** b", {"a": np.array([0.0, 0.0, 2.0]), "b": np.array([0.0, 2.0, 0.0])}, {"a": [0.0, 0.0, 0.0], "b": [0.0, 0.0, math.log(2)]}),
    ("a ** b", {"a": np.array([0.0, -2.0]), "b": 3}, {"a": [0.0, 12.0]}),
    ("a ** 0", {"a": 0.0}, {"a": 0.0}),
    ("a ** 1", {"a": np.zeros(2)}, {"a": [1.0, 1.0]}),
    ("a ** 2", {"a": -3.0}, {"a": -6.0}),
    ("a ** 3", {"a": -2.0}, {"a": 12.0}),
    ("a ** -1", {"a": 2.0}, {"a": -0.25}),
    ("a ** -2.0", {"a": 2.0}, {"a": -0.25}),
    ("a ** 0.5", {"a": 4.0}, {"a": 0.25}),
    ("2 ** b", {"b": 3.0}, {"b": 8 * math.log(2)}),
    ("abs(a)", {"a": 0.0}, {"a": 0.0}),
    ("abs(a)", {"a": np.array([0.0, -2.0])}, {"a": [0.0, -1.0]}),
    ("a // b", {"a": 2.0, "b": 1.0}, {}),
    ("np.abs(x)", {"x": np.zeros(1)}, {"x": [0.0]}),
    ("np.sqrt(x)", {"x": np.zeros(1)}, {"x": [inf]}),
    ("np.cbrt(x)", {"x": np.zeros(1)}, {"x": [inf]}),
    ("np.hypot(a, b)", {"a": np.array([0.0, 3.0]), "b": np.array([0.0, 4.0])}, {"a": [0.0, 0.6], "b": [0.0, 0.8]}),
    ("np.copysign(a, b)", {"a": np.array([0.0, -2.0]), "b": np.array([-1.0, 1.0])}, {"a": [0.0, -1.0], "b": [0.0, 0.0]}),
    ("np.maximum(a, b)", {"a": np.array([1.0, 2.0]), "b": np.array([1.0, 3.0])}, {"a": [0.5, 0.0], "b": [0.5, 1.0]}),
    ("np.maximum(a, a)", {"a": np.array([1.0])}, {"a": [1.0]}),
    ("np.maximum(a, 0)", {"a": np.array([0.0, 1.0, -1.0])}, {"a": [0.0, 1.0, 0.0]}),
    ("np.minimum(0.0, b)", {"b": np.array([0.0, 1.0, -1.0])}, {"b": [0.0, 0.0, 1.0]}),
    ("np.maximum(a, b)", {"a": np.array([-inf]), "b": np.array([-inf])}, {"a": [0.5], "b": [0.5]}),
    ("np.clip(a, 0.0, 1.0)", {"a": np.array([0.0, 0.5, 1.0, 2.0])}, {"a": [1.0, 1.0, 1.0, 0.0]}),
    ("np.clip(a, lo, 1.0)", {"a": np.array([0.0, -1.0]), "lo": 0.0}, {"a": [1.0, 0.0], "lo": 1.0}),
    ("np.nan_to_num(x)", {"x": np.array([nan, inf, 1.0])}, {"x": [0.0, 0.0, 1.0]}),
    ("np.sign(x)", {"x": 0.0}, {}),
    ("np.heaviside(a, b)", {"a": 0.0, "b": 0.5}, {}),
    ("np.max(a)", {"a": np.array([3.0, 1.0, 3.0])}, {"a": [0.5, 0.0, 0.5]}),
    ("np.max(a, axis=1)", {"a": np.array([[3.0, 3.0], [1.0, 2.0]])}, {"a": [[0.5, 0.5], [0.0, 1.0]]}),
    ("np.min(a)", {"a": np.array([3.0, 1.0, 1.0])}, {"a": [0.0, 0.5, 0.5]}),
    ("np.sort(a)", {"a": np.array([2.0, 1.0, 2.0])}, {"a": [1.0, 1.0, 1.0]}),
    ("np.unique(ar)", {"ar": np.array([2.0, 1.0, 2.0])}, {"ar": [1.0, 1.0, 0.0]}),
    ("np.std(a)", {"a": np.ones(3)}, {"a": [0.0, 0.0, 0.0]}),
    ("np.arange(start, stop)", {"start": 0.0, "stop": 3.0}, {"start": 3.0, "stop": 0.0}),
    ("max(a, b)", {"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 0.0}),
    ("min(a, b, c)", {"a": 2.0, "b": 1.0, "c": 1.0}, {"a": 0.0, "b": 1.0, "c": 0.0}),
    ("math.cbrt(x)", {"x": 8.0}, {"x": 1 / 12}),
    ("math.sqrt(x)", {"x": 0.0}, {"x": ZeroDivisionError}),
    ("math.hypot(a, b)", {"a": 0.0, "b": 0.0}, {"a": 0.0, "b": 0.0}),
    ("math.fabs(x)", {"x": 0.0}, {"x": 0.0}),
    ("math.copysign(a, b)", {"a": 0.0, "b": -1.0}, {"a": 0.0, "b": 0.0}),
    ("np.ptp(a)", {"a": np.array([2.0, 1.0, 1.0])}, {"a": [1.0, -0.5, -0.5]}),
    ("np.median(a)", {"a": np.array([3.0, 1.0, 1.0])}, {"a": [0.0, 0.0, 1.0]}),
    ("np.nanmax(a)", {"a": np.array([3.0, nan, 3.0])}, {"a": [0.5, 0.0, 0.5]}),
    ("np.nanmin(a)", {"a": np.array([3.0, nan, 3.0])}, {"a": [0.5, 0.0, 0.5]}),
    ("np.nanstd(a)", {"a": np.array([3.0, nan, 3.0])}, {"a": [0.0, 0.0, 0.0]}),
    ("np.interp(x, p, q)", {"x": 1.0, "p": np.array([0.0, 1.0, 2.0]), "q": np.array([0.0, 1.0, 5.0])}, {"x": 4.0, "q": [0.0, 1.0, 0.0]}),
    ("np.maximum.accumulate(a)", {"a": np.array([1.0, 2.0, 2.0])}, {"a": [1.0, 2.0, 0.0]}),
    ("np.minimum.accumulate(a)", {"a": np.array([2.0, 1.0, 1.0])}, {"a": [1.0, 2.0, 0.0]}),
    *([("scipy.linalg.toeplitz(c, r)", {"c": np.zeros(2), "r": np.zeros(2)}, {"c": [2.0, 1.0], "r": [0.0, 1.0]})] if "scipy" in NAMES else []),
    ("np.linalg.norm(x)", {"x": np.zeros(2)}, {"x": [0.0, 0.0]}),
    ("np.linalg.norm(x)", {"x": np.array([3.0, 4.0])}, {"x": [0.6, 0.8]}),
    ("np.linalg.eigh(a)", {"a": np.eye(2)}, {"a": [[1.0, 0.0], [0.0, 1.0]]}),
    ("np.max(a, initial=b)", {"a": np.array([1.0, 2.0]), "b": 2.0}, {"a": [0.0, 1.0], "b": 0.0}),
    # Hard points that are no kinks
    ("np.cumprod(a)", {"a": np.array([2.0, 0.0, 3.0, 0.0])}, {"a": [1.0, 8.0, 0.0, 0.0]}),
    ("np.linalg.det(a)", {"a": np.array([[1.0, 2.0], [2.0, 4.0]])}, {"a": [[4.0, -2.0], [-2.0, 1.0]]}),
    ("np.prod(a)", {"a": np.array([2.0, 0.0, 3.0])}, {"a": [0.0, 6.0, 0.0]}),
    ("np.prod(a)", {"a": np.array([2.0, 0.0, 0.0])}, {"a": [0.0, 0.0, 0.0]}),
    ("math.prod(v)", {"v": [2.0, 0.0, 3.0]}, {"v": [0.0, 6.0, 0.0]}),
    ("np.sinc(x)", {"x": np.array([0.0, 1e-9])}, {"x": [0.0, -math.pi**2 / 3 * 1e-9]}),
    ("np.logaddexp(a, b)", {"a": np.array([1000.0]), "b": np.array([-1000.0])}, {"a": [1.0], "b": [0.0]}),
    ("np.arctan2(a, b)", {"a": 1e-200, "b": 1.0}, {"a": 1.0, "b": -1e-200}),
    ("np.where(c, a, 0.0)", {"c": np.array([True, False]), "a": np.array([1.0, nan])}, {"a": [1.0, 0.0]}),
    ("math.lgamma(x)", {"x": 1.0}, {"x": -0.5772156649015329}),
    ("math.gamma(x)", {"x": -0.5}, {"x": -2 * math.sqrt(math.pi) * 0.03648997397857652}),
    ("p * 2", {"p": [1.0, 2.0]}, {"p": [2.0, 2.0]}),
    ("3 * p", {"p": (1.0, 2.0)}, {"p": [3.0, 3.0]}),
    ("p + q", {"p": [1.0, 2.0], "q": [3.0]}, {"p": [1.0, 1.0], "q": [1.0]}),
]


def ones(y: Any) -> Any:
    if isinstance(y, (list, tuple)):
        return [ones(item) for item in y]
    return np.ones_like(y)[()] if isinstance(y, (np.ndarray, np.generic)) else 1.0


def row_of(expr: core.Expr) -> rules.Rule:
    if isinstance(expr, core.BinOp):
        row = rules.find_operator(expr.op)
    else:
        assert isinstance(expr, core.Call)
        row = rules.find(evaluate(expr.func, NAMES))
    assert row is not None
    return row


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("text", "values", "expected"), POINTS, ids=[text for text, _, _ in POINTS])
def test_point(text: str, values: dict[str, Any], expected: dict[str, Any]) -> None:
    expr = quote_expr(text)
    call = Call(row_of(expr), expr, values)
    y = call.value(values)
    g = ones(y)
    known = call.facts()
    levels = [known] if isinstance(values.get("p"), (list, tuple)) else [known, {name: Unknown() if core.reads(call.bound[name]) else fact for name,
                                                    fact in known.items()}]
    for facts in levels:
        texts = call.row.adjoint_texts(call.bound, facts)
        inside = {**NAMES, **{param: evaluate(arg, {**NAMES, **values}) for param, arg in call.bound.items()}, "y": y, "g": g}
        if ZeroDivisionError in expected.values():
            with pytest.raises(ZeroDivisionError):
                evaluate(texts["x"], inside)
            continue
        for name, bar in expected.items():
            params = [param for param, arg in call.bound.items() if arg == core.Name(name)]
            found = sum(np.asarray(runtime.unbroadcast(evaluate(texts[param], inside), values[name])) for param in params)
            np.testing.assert_allclose(found, bar, rtol=1e-12, atol=1e-300)
        if not expected:
            assert call.row.zero


def test_every_kink_is_tested() -> None:
    tested = {row_of(quote_expr(text)).kink for text, _, _ in POINTS}
    assert [kink for kink in kinks.kinks() if kink not in tested] == []


def test_the_page_is_up_to_date() -> None:
    assert (Path(__file__).parent.parent / "docs" / "kinks.md").read_text() == kinks.page()


def test_names_of_rows_are_those_of_patterns() -> None:
    assert all(name_of(row) for row in rules.rules())
