"""Every rule, in every domain: its texts are evaluated as they stand, and held against differences and complex steps.

Each call is taken twice, once with all facts of its arguments, which selects the cases, and once with none, which selects the general form.
"""
from __future__ import annotations

import bisect
import cmath
import copy
import math
import operator
import random
import statistics
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import tangent_of_call
from domains import CALLS, DRAWS, INTERVALS, MATH, VALUES
from domains_scipy import NAMES as SCIPY_NAMES
from evaluate import evaluate

import s2sad
from s2sad import core, rules, runtime
from s2sad.facts import NONE, Fact, Number, Sequence, Text, Unknown, integer, signature_of
from s2sad.quote import quote_expr
from s2sad.rules.guards import NotKnown, literal

NAMES = {**SCIPY_NAMES, "np": np, "copy": copy, "s2sad": s2sad, "math": math, "cmath": cmath, "operator": operator, "statistics": statistics, "bisect": bisect, "random": random,
         "r": np.random.default_rng(5),
         **{name: getattr(runtime, name) for name in runtime.__all__},
         **{f.__name__: f for f in (abs, pow, divmod, float, complex, sum, max, min, int, round, len, hash, id, ord, bool, isinstance,
                                    issubclass, hasattr, getattr,
                                    callable, all, any, str, repr, format, chr, ascii, bin, hex, oct, type, range, slice, print, zip, enumerate)}}
ROWS = [row for row in rules.rules() if row.kind != "function" or rules.table.exists(row)]


def name_of(row: rules.Rule) -> str:
    return row.pattern.partition("(")[0]


# Values, flattened


def flat(value: Any) -> np.ndarray:
    if isinstance(value, (list, tuple)):
        return np.concatenate([flat(item) for item in value]) if value else np.zeros(0)
    return np.ravel(np.asarray(value))


def inner(a: Any, b: Any) -> float:
    return float(np.sum(np.real(np.conj(flat(a)) * flat(b)))) if flat(a).size else 0.0


def is_inexact(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return bool(value) and all(map(is_inexact, value))
    if isinstance(value, float) and math.isinf(value):
        return False
    return isinstance(value, (float, complex, np.inexact)) or isinstance(value, np.ndarray) and value.dtype.kind in "fc"


def _of_type(value: Any, items: list[Any]) -> Any:
    return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)


def like(value: Any, rng: np.random.Generator) -> Any:
    """Random numbers of the same structure, type and dtype."""
    if isinstance(value, (list, tuple)):
        return _of_type(value, [like(item, rng) for item in value])
    if isinstance(value, (bool, int)):
        return 0
    drawn = rng.normal(size=np.shape(value)) + (1j * rng.normal(size=np.shape(value)) if np.iscomplexobj(value) else 0)
    if isinstance(value, (float, complex)) and not isinstance(value, np.generic):
        return type(value)(drawn)
    return drawn.astype(value.dtype) if isinstance(value, np.ndarray) else value.dtype.type(drawn)


def moved(value: Any, step: Any, direction: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return _of_type(value, [moved(v, step, d) for v, d in zip(value, direction)])
    return value + step * direction


# One call


class Call:
    """A call of a rule: the operands that are neither names nor literals have been given names."""

    def __init__(self, row: rules.Rule, expr: core.Expr, values: dict[str, Any]) -> None:
        self.row, self.values = row, dict(values)
        if isinstance(expr, core.BinOp):
            self.expr: core.Expr = core.BinOp(expr.op, *self.named(expr.left, expr.right))
            args, keywords = (self.expr.left, self.expr.right), ()  # type: ignore[attr-defined]
        elif isinstance(expr, core.UnaryOp):
            args, keywords = self.named(expr.operand), ()
            self.expr = core.UnaryOp(expr.op, *args)
        elif isinstance(expr, core.Attribute):
            args, keywords = self.named(expr.value), ()
            self.expr = core.Attribute(*args, expr.attr)
        else:
            assert isinstance(expr, core.Call)
            args, func = self.named(*expr.args), expr.func
            keywords = tuple((key, *self.named(arg)) for key, arg in expr.keywords)
            self.expr = core.Call(func, args, keywords)
            if row.kind == "method":
                assert isinstance(func, core.Attribute)
                receiver = self.named(func.value)
                self.expr = core.Call(core.Attribute(*receiver, func.attr), args, keywords)
                args = (*receiver, *args)
        self.bound = row.bind(args, keywords)

    def named(self, *args: core.Expr) -> tuple[core.Expr, ...]:
        return tuple(map(self._named, args))

    def _named(self, arg: core.Expr) -> core.Expr:
        if isinstance(arg, (core.Tuple, core.List)):
            return type(arg)(self.named(*arg.elts))
        if isinstance(arg, core.Name):
            return arg
        try:
            literal(arg)
            return arg
        except NotKnown:
            name = f"arg{len(self.values)}"
            self.values[name] = evaluate(arg, {**NAMES, **self.values})
            return core.Name(name)

    def value(self, values: dict[str, Any]) -> Any:
        random.seed(5)
        np.random.seed(5)
        return evaluate(self.expr, {**NAMES, "r": np.random.default_rng(5), **values})

    def along(self, name: str, direction: Any, values: dict[str, Any]) -> Callable[[Any], Any]:
        """The result as a function of a step of one argument in a direction."""
        return lambda step: self.value({**values, name: moved(values[name], step, direction)})

    def facts(self) -> dict[str, Fact]:
        given = dict(zip(self.values, signature_of(*self.values.values())))

        def fact(expr: core.Expr) -> Fact:
            if isinstance(expr, core.Name):
                return given[expr.id] if expr.id in given else signature_of(NAMES[expr.id])[0]
            if isinstance(expr, (core.Tuple, core.List)):
                return Sequence(type(expr).__name__.lower(), tuple(map(fact, expr.elts)), None,
                                signature_of([0] * len(expr.elts))[0].length)
            value = literal(expr)
            if type(value) in (int, bool):
                return integer(value) if type(value) is int else Number("b", None, (), "python", value)
            return Text(value) if isinstance(value, str) else NONE if value is None else signature_of(value)[0]

        return {param: fact(expr) for param, expr in self.bound.items()}

    def active(self) -> dict[str, str]:
        """The parameters whose arguments may vary, with the names that they are."""
        return {param: expr.id for param, expr in self.bound.items() if param not in self.row.inert and isinstance(expr, core.Name)
                and is_inexact(self.values.get(expr.id))}


def slope(f: Callable[[Any], Any], h: float) -> np.ndarray:
    """df/dh at 0 by central differences, extrapolated twice."""
    d1, d2, d4 = ((flat(f(s)) - flat(f(-s))) / (2 * s) for s in (h, h / 2, h / 4))
    a, b = (4 * d2 - d1) / 3, (4 * d4 - d2) / 3
    return (16 * b - a) / 15  # type: ignore[no-any-return]


def check(call: Call, facts: dict[str, Fact], complex_steps: bool = False, types: bool = True) -> None:
    row, rng = call.row, np.random.default_rng(11)
    y = call.value(call.values)
    active = call.active()
    single = any(np.asarray(v).dtype == np.float32 for v in flat_leaves([y, *(call.values[n] for n in active.values())]))
    reference = {n: np.asarray(v, np.float64) if np.asarray(v).dtype == np.float32 else v for n,
                 v in call.values.items()} if single else call.values
    if row.zero:
        for name in dict.fromkeys(active.values()):
            d = like(call.values[name], rng)
            if is_inexact(y):
                assert "empty" in row.name or not np.any(slope(call.along(name, d, call.values), 1e-6)), name
        return
    assert set(active) <= set(row.adjoint_texts(call.bound, facts)), "an argument has no adjoint"
    if not is_inexact(y) and not isinstance(y, (list, tuple)):
        return
    g = like(y, rng)
    for avoid_y in (False, True) if row.without_y else (False,):
        texts = row.adjoint_texts(call.bound, facts, avoid_y)
        inside = {**NAMES, **{param: evaluate(expr, {**NAMES, **call.values}) for param, expr in call.bound.items()}, "y": y, "g": g}
        with np.errstate(all="ignore"):
            terms = {param: evaluate(texts[param], inside) for param in active}
        bars = {param: runtime.unbroadcast(terms[param], call.values[name]) for param, name in active.items()}
        for param, bar in bars.items():
            x = call.values[active[param]]
            assert flat(bar).shape == flat(x).shape and (isinstance(x, (list, tuple)) or np.shape(bar) == np.shape(x)), param
            assert not isinstance(x, np.ndarray) or bar.dtype == x.dtype, param
            assert not isinstance(x, float) or isinstance(x, np.generic) or type(bar) is float, param
            if types:
                check_types(call, param, terms[param], y)
        for name in dict.fromkeys(active.values()):
            d = like(reference[name], rng)
            found = sum(inner(bars[param], d) for param in active if active[param] == name)
            coarse = single and flat(call.value(reference)).dtype == np.float32
            expected = inner(g, slope(call.along(name, d, reference), 2e-2 if coarse else 4e-3))
            scale = 1 + sum(abs(inner(abs(flat(bars[param])), abs(flat(d)))) for param in active if active[param] == name)
            assert abs(found - expected) <= (1e-2 if coarse else 2e-5 if single else 1e-6) * scale, (name, found, expected)
            if complex_steps and not single and not np.iscomplexobj(call.values[name]):
                expected = inner(g, np.imag(flat(call.along(name, d, reference)(1e-30j))) * 1e30)
                assert abs(found - expected) <= 1e-12 * scale, (name, found, expected)
    if row.adjoints or row.items:
        check_tangents(call, facts, bars, g, y, single or getattr(y, 'dtype', None) == np.complex64)


def check_tangents(call: Call, facts: dict[str, Fact], bars: dict[str, Any], g: Any, y: Any, single: bool) -> None:
    """<g, J x_dot> = <J^T g, x_dot>, for each argument alone and for all of them; the tangent is shaped like the result."""
    rng, active = np.random.default_rng(12), call.active()
    names = list(dict.fromkeys(active.values()))
    directions = {name: like(call.values[name], rng) for name in names}
    known = not any(isinstance(fact, Unknown) for fact in facts.values())
    for varied in [[name] for name in names] + ([names] if len(names) > 1 else []):
        tangent = tangent_of_call.tangent(call.expr, {**NAMES, "r": np.random.default_rng(5)}, call.values, {n: directions[n] for n in varied}, y, known)
        assert flat(tangent).shape == flat(y).shape and (isinstance(y, (list, tuple)) or np.shape(tangent) == np.shape(y)), varied
        found = inner(g, tangent)
        terms = [inner(bars[param], directions[name]) for param, name in active.items() if name in varied]
        scale = 1 + sum(inner(abs(flat(bars[param])), abs(flat(directions[name]))) for param, name in active.items() if name in varied)
        assert abs(found - sum(terms)) <= (1e-4 if single else 1e-12) * scale, (varied, found, sum(terms))


def flat_leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from flat_leaves(item)
    else:
        yield value


def check_types(call: Call, param: str, term: Any, y: Any) -> None:
    """Adjoints stay float32 where the result is, and Python floats where everything is."""
    numbers = list(flat_leaves([y, *(v for name, v in call.values.items() if core.reads(call.expr) & {name})]))
    if all(type(v) in (float, int) for v in numbers):
        assert all(type(t) in (float, int) for t in flat_leaves(term)), (param, type(term))
    elif np.asarray(call.values[call.active()[param]]).dtype == np.float32 and np.asarray(y).dtype == np.float32:
        assert all(np.asarray(t).dtype == np.float32 or isinstance(t, (float, int)) for t in flat_leaves(term)), (param,
                                                                                                                  np.asarray(term).dtype)


def check_result(call: Call, facts: dict[str, Fact]) -> None:
    """What the result fact states is so."""
    fact, y = call.row.result_fact(facts, call.bound), call.value(call.values)
    if isinstance(fact, Text):
        assert isinstance(y, str)
    if isinstance(fact, Sequence):
        assert isinstance(y, {'tuple': tuple, 'list': list}[fact.kind]) and (fact.items is None or len(y) == len(fact.items))
    if not isinstance(fact, Number):
        return
    actual = np.asarray(y)
    assert "bifc?".index(fact.kind) >= "biufc".index(actual.dtype.kind) - (actual.dtype.kind in "ufc"), (fact, actual.dtype)
    assert fact.dtype is None or fact.dtype == actual.dtype.name, (fact, actual.dtype)
    box = "array" if isinstance(y, np.ndarray) else "scalar" if isinstance(y, np.generic) else "python"
    assert fact.box in ("any", box), (fact, type(y))
    if fact.shape is not None:
        sizes = {d.terms[0][0]: n for v, f in zip(call.values.values(), signature_of(*call.values.values())) for d,
                 n in sizes_of(f, v) if d.terms}
        assert len(fact.shape) == actual.ndim, (fact, actual.shape)
        for d, n in zip(fact.shape, actual.shape):
            if all(symbol in sizes for symbol, _ in d.terms):
                assert d.const + sum(c * sizes[symbol] for symbol, c in d.terms) == n, (fact, actual.shape)


def sizes_of(fact: Fact, value: Any) -> Iterator[Any]:
    if isinstance(fact, Number) and fact.shape is not None:
        yield from zip(fact.shape, np.shape(value))
        if fact.size is not None:
            yield fact.size, value
    if isinstance(fact, Sequence) and fact.items is not None:
        for f, v in zip(fact.items, value):
            yield from sizes_of(f, v)


def check_everything(call: Call, complex_steps: bool = False) -> None:
    facts = call.facts()
    unknown = {param: fact if not core.reads(call.bound[param]) else Unknown() for param, fact in facts.items()}
    check(call, facts, complex_steps)
    if not call.row.name.startswith("math") and not any(np.iscomplexobj(v) for v in flat_leaves(list(call.values.values()))):
        check(call, unknown, types=False)
    check_result(call, facts)


# The domains


def test_every_rule_has_a_domain() -> None:
    known = {*INTERVALS, *MATH, *CALLS, *DRAWS}
    assert [name_of(row) for row in ROWS if name_of(row) not in known] == []
    assert known - {name_of(row) for row in rules.rules()} == set()


def elementwise_call(row: rules.Rule, values: list[Any], same: bool = False) -> Call:
    names = [f"x{0 if same else i}" for i in range(len(values))]
    args = tuple(core.Const(v.value) if isinstance(v, Literal) else core.Name(name) for name, v in zip(names, values))
    if row.kind == "function":
        expr: core.Expr = core.Call(quote_expr(name_of(row)), args)
    else:
        expr = core.substitute(quote_expr(row.pattern), {param.name: arg for param, arg in zip(row.params, args)})
    return Call(row, expr, {name: v for name, v in zip(names, values) if not isinstance(v, Literal)})


class Literal:
    """A number that is written out in the call."""

    def __init__(self, value: Any) -> None:
        self.value = value


def variants(intervals: tuple[tuple[float, float], ...], row: rules.Rule) -> Iterator[list[Any]]:
    rng = np.random.default_rng(3)

    def draw(i: int, *shape: int) -> Any:
        drawn = rng.uniform(*intervals[i], size=shape)
        return drawn + 0.02 * np.sign(drawn)

    scalars = [float(draw(i)) for i in range(len(intervals))]
    if not (row.kind == "attribute" or row.kind == "method"):
        yield scalars
    yield [np.float64(s) for s in scalars]
    yield [np.array(s) for s in scalars]
    yield [draw(i, 4) for i in range(len(intervals))]
    yield [draw(i, 2, 3) for i in range(len(intervals))]
    yield [draw(i, 0) for i in range(len(intervals))]
    yield [draw(i, 5).astype(np.float32) for i in range(len(intervals))]
    if row.kind != "attribute" and row.kind != "method":
        yield [np.float32(s) for s in scalars]
    if len(intervals) == 2:
        yield from ([draw(0, *a), draw(1, *b)] for a, b in (((2, 3), (3,)), ((3,), (2, 3)), ((2, 1), (3,)), ((1, 3), (2, 1)), ((0, 3), (3,
                                                                                                                                        ))))
        yield from ([scalars[0], draw(1, 3)], [draw(0, 3), scalars[1]], [np.array(scalars[0]), draw(1, 3)])
        yield from ([draw(0, 3).astype(np.float32), scalars[1]], [scalars[0], draw(1, 3).astype(np.float32)])
        yield from ([draw(0, 3), Literal(round(scalars[1], 1))], [Literal(round(scalars[0], 1)), draw(1, 3)],
                    [scalars[0], Literal(round(scalars[1], 1))])
        yield from ([Literal(round(scalars[0], 1)), scalars[1]], [draw(0, 3).astype(np.float32), Literal(round(scalars[1], 1))])
    if row.analytic and row.name not in COMPLEXLESS:
        yield [draw(i, 3) + 0.3j * draw(i, 3) for i in range(len(intervals))]


COMPLEXLESS = {"np.cbrt", "np.logaddexp", "np.logaddexp2", "np.nan_to_num", "np.nextafter", "%", "np.remainder", "np.mod", "operator.mod",
               "np.fmod", "np.sinc"}
STEPLESS = {*COMPLEXLESS, "np.where", "np.clip"}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("row", [row for row in ROWS if name_of(row) in INTERVALS], ids=name_of)
def test_elementwise(row: rules.Rule) -> None:
    for values in variants(INTERVALS[name_of(row)], row):
        check_everything(elementwise_call(row, values), row.analytic and row.name not in STEPLESS)
    if len(INTERVALS[name_of(row)]) == 2:
        x = np.random.default_rng(4).uniform(0.5, 1.5, size=3)
        if row.name not in ("%", "np.remainder", "np.mod", "operator.mod", "np.fmod", "np.nextafter"):
            check_equal_operands(row, x)
            check_equal_operands(row, 0.8)


def check_equal_operands(row: rules.Rule, x: Any) -> None:
    check_everything(elementwise_call(row, [x, x], same=True))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("row", [row for row in ROWS if name_of(row) in MATH], ids=name_of)
def test_math(row: rules.Rule) -> None:
    rng = np.random.default_rng(3)
    for _ in range(3):
        check_everything(elementwise_call(row, [float(rng.uniform(*interval)) for interval in MATH[name_of(row)]]))
    if row.name == "math.log":
        check_everything(elementwise_call(row, [0.7]))


CASES = [(row, text) for row in ROWS for text in CALLS.get(name_of(row), ())]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("row", "text"), CASES, ids=[text for _, text in CASES])
def test_calls(row: rules.Rule, text: str) -> None:
    expr = quote_expr(text)
    used = core.reads(expr)
    check_everything(Call(row, expr, {name: value for name, value in VALUES.items() if name in used}))


DRAWN = [(row, text) for row in ROWS for text in DRAWS.get(name_of(row), ())]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("row", "text"), DRAWN, ids=[text for _, text in DRAWN])
def test_draws(row: rules.Rule, text: str) -> None:
    assert not row.pure
    test_calls(row, text)
