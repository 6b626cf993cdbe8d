"""Holds the derivative of one random program against the oracles: right, refused, WRONG or CRASH; or skipped, where the primal shows nothing."""
from __future__ import annotations

import copy
import linecache
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import oracles
import verdict
from programs import Point, Program
from verdict import Verdict, Wrong

import s2sad

from .grammar import Case

SKIPPED = "skipped"
_count = 0


def loaded(text: str) -> Callable[..., Any]:
    """The function `f` of a module, with its lines where tracebacks and `inspect` look for them."""
    global _count
    _count += 1
    name = f"<fuzzed {_count}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {"__name__": f"fuzzed_{_count}"}
    exec(compile(text, name, "exec", dont_inherit=True), namespace)
    function: Callable[..., Any] = namespace["f"]
    return function


def primal_raises(case: Case) -> str:
    """The type of the exception that the primal raises, empty where it raises none."""
    try:
        raised = primal(case)[2]
    except verdict.TooLong:
        return "TooLong"
    except (NameError, TypeError) as failure:
        return f"no module: {failure!r}"
    return "" if raised is None else type(raised).__name__


def primal(case: Case) -> tuple[Callable[..., Any], Any, BaseException | None]:
    """The function of a program, with what it returns and what it raises."""
    with verdict.limit(1.0), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        function = loaded(case.text)
        value, raised, *_ = verdict.outcome(function, Point(case.args, {}, case.wrt))
    return function, value, raised


def judge(case: Case, seconds: float = 60.0, thorough: bool = False) -> Verdict:
    """The verdict on one program; `thorough` asks for `grad` beside `value_and_grad`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            function, value, raised = primal(case)
        except verdict.TooLong:
            return Verdict(SKIPPED, "the primal does not end")
        try:
            with verdict.limit(seconds):
                return held(case, function, value, raised, thorough)
        except verdict.TooLong as failure:
            return Verdict("CRASH", str(failure))


def held(case: Case, function: Callable[..., Any], value: Any, raised: BaseException | None, thorough: bool) -> Verdict:
    point = Point(case.args, {}, case.wrt)
    if isinstance(raised, (SyntaxError, NameError)) and not isinstance(raised, UnboundLocalError):
        return Verdict(SKIPPED, f"the program is no program: {raised!r}")
    if raised is None and not (np.isscalar(value) and np.isreal(value) and np.isfinite(value) and abs(value) < 1e8):
        return Verdict(SKIPPED, f"the value is {value!r}"[:80])
    try:
        both = s2sad.value_and_grad(function, wrt=case.wrt)
        found = of_derivative(both, "value_and_grad", function, point, value, raised)
        if found is not None and thorough:
            alone = of_derivative(s2sad.grad(function, wrt=case.wrt), "grad", function, point, value, raised)
            if not np.allclose(alone, found, rtol=1e-10, atol=1e-12):
                raise Wrong("grad differs from value_and_grad")
        if found is None:
            return Verdict("right", "raises")
        return against_oracles(function, case, found)
    except Wrong as failure:
        return Verdict("WRONG", str(failure))
    except s2sad.DifferentiationError as refusal:
        return Verdict("refused", str(refusal))
    except verdict.TooLong:
        raise
    except Exception as failure:    # noqa: BLE001  whatever comes out is the finding
        return Verdict("CRASH", f"{type(failure).__name__}: {failure}", traceback.format_exc())


def of_derivative(derivative: Any, name: str, function: Any, point: Point, value: Any, raised: BaseException | None) -> np.ndarray | None:
    """The gradient as a flat vector; None where the primal raises."""
    got, exception, _, args, _ = verdict.outcome(derivative, point)
    if raised is not None:
        if type(exception) is not type(raised) or str(exception) != str(raised):
            if exception is not None and not isinstance(exception, type(raised)):
                raise exception
            raise Wrong(f"{name} raises {exception!r}, the primal {raised!r}")
        return None
    if exception is not None:
        raise exception
    if not verdict.same(args, point.args):
        raise Wrong(f"{name} modifies its arguments")
    if name == "value_and_grad":
        verdict.same_value(got[0], value, point)
        got = got[1]
    verdict.shaped(got, point, Program(function, "fuzzed", "f"))
    verdict.apart(got, args, name)
    found = oracles.flat(got)
    again = verdict.outcome(derivative, point)[0]
    if not np.array_equal(oracles.flat(again[1] if name == "value_and_grad" else again), found, equal_nan=True):
        raise Wrong("a second call gives another gradient")
    return found


def against_oracles(function: Any, case: Case, found: np.ndarray) -> Verdict:
    """Complex steps or a few differences settle nearly every program; where they disagree, the whole of the oracles decides."""
    scalar, x = oracles.of_vector(function, case.args, {}, case.wrt)
    if quick(scalar, x, found):
        return Verdict("right")
    known = oracles.reference(function, copy.deepcopy(case.args), {}, case.wrt)
    if known.kink or not np.all(np.isfinite(known.gradient)) or np.any(known.error > 1e-5 * (1 + abs(known.gradient))):
        return Verdict(SKIPPED, "a kink is near")
    off = abs(found - known.gradient)
    bad = ~(off <= 1e-5 * (1 + abs(known.gradient)) + 10 * known.error)
    analytic = oracles.complex_step(scalar, x) if np.any(bad) else None
    if analytic is not None and np.allclose(found, analytic, rtol=1e-8, atol=1e-12):
        return Verdict(SKIPPED, "steps of differences are too long for it")
    if np.any(bad):
        first = int(np.argmax(bad))
        return Verdict("WRONG", f"{int(np.sum(bad))} of {bad.size} entries: entry {first} is {found[first]:.12g}, by {known.by} {known.gradient[first]:.12g}")
    return Verdict("right")


def quick(scalar: Any, x: np.ndarray, found: np.ndarray) -> bool:
    """Whether differences at two steps, extrapolated, agree with the gradient in every entry."""
    with np.errstate(all="ignore"):
        for i in range(x.size):
            values = []
            for step in (1e-3, -1e-3, 5e-4, -5e-4):
                moved = x.copy()
                moved[i] += step
                try:
                    values.append(float(scalar(moved)))
                except (ArithmeticError, ValueError, LookupError, TypeError):
                    return False
            wide, narrow = (values[0] - values[1]) / 2e-3, (values[2] - values[3]) / 1e-3
            if not abs(narrow + (narrow - wide) / 3 - found[i]) <= 1e-7 * (1 + abs(found[i])):
                return False
    return True
