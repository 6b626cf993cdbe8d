"""Golden cases: each file of `cases/` holds functions, how one is called, and the exact text of its derivative.

    python -m pytest tests/test_cases.py --rewrite      writes the derivatives anew; the difference is for a reviewer to read

A file is valid Python.  What stands above the line `# The derivative` is written by hand and ends with `CASE`: the function, its arguments,
and, where they are not the first one, the parameters to differentiate.  The text below is checked, run, and held against the oracles.
"""
from __future__ import annotations

import copy
import functools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import oracles
import pytest

import s2sad
from s2sad.derivatives.derivative import Derivative

FOLDER = Path(__file__).with_name("cases")
MARK = "# The derivative\n"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py"))


@dataclass(frozen=True)
class Case:
    """`mode` is one of "grad", "value_and_grad" and "jvp"."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    wrt: Any = 0
    mode: str = "grad"

    @property
    def fresh(self) -> tuple[Any, ...]:
        return copy.deepcopy(self.args)

    def text(self) -> str:
        """The text of the derivative; a new one whenever it is asked for."""
        function = copy.copy(self.function) if False else self.function
        return Derivative(function, self.mode, self.wrt).source_for(*self.fresh)


@functools.cache
def read(name: str) -> tuple[Any, Case, str]:
    """The module of a case, the case, and the expected text."""
    path = FOLDER / f"{name}.py"
    head, _, expected = path.read_text().partition(MARK)
    module = sys.modules[f"cases.{name}"] = ModuleType(f"cases.{name}")     # without what the derivative imports and defines
    exec(compile(head, path, "exec"), vars(module))
    return module, Case(**vars(module)["CASE"]), expected.strip("\n") + "\n"


@functools.cache
def texts_elsewhere(seed: str) -> dict[str, str]:
    """The texts of all cases as another process makes them."""
    root = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join((str(root), str(root / "tests")))}
    run = subprocess.run([sys.executable, __file__], capture_output=True, text=True, env=environment)
    found: dict[str, str] = json.loads(run.stdout or "{}")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, rewrite: bool) -> None:
    module, case, expected = read(name)
    text = case.text()
    hold(case, text, module)
    if rewrite:
        path = FOLDER / f"{name}.py"
        path.write_text(path.read_text().partition(MARK)[0].rstrip("\n") + f"\n\n\n{MARK}\n\n{text}")
    elif expected.strip():
        assert text == expected, "where this is meant: python -m pytest tests/test_cases.py --rewrite, and read the difference"


@pytest.mark.parametrize("name", NAMES)
def test_the_same_text_again_and_elsewhere(name: str) -> None:
    _, case, _ = read(name)
    first = case.text()
    Derivative(case.function, case.mode, case.wrt)._family.forget()
    assert case.text() == first == texts_elsewhere("4711").get(name)


def hold(case: Case, text: str, module: Any) -> None:
    """Runs the text beside its module and holds its numbers against differences, and against complex steps where the function is analytic."""
    namespace: dict[str, Any] = {"__name__": "made"}
    exec(compile(text, f"derivative of {module.__name__}", "exec"), namespace)
    made = next(reversed([value for value in namespace.values() if callable(value) and value.__module__ == "made"]))
    wrt = case.wrt if isinstance(case.wrt, (tuple, list)) else (case.wrt,)
    scalar, x = oracles.of_vector(case.function, case.fresh, {}, tuple(wrt))
    by_differences, best = oracles.differences(scalar, x), oracles.reference(case.function, case.fresh, {}, tuple(wrt))
    if case.mode == "jvp":
        tangent = np.linspace(0.5, 1.5, x.size)
        names = oracles.names_of(case.function, case.args, tuple(wrt))
        dots = oracles.like([case.args[i] for i in names], tangent)
        value, dot = made(*case.fresh, *dots)
        assert dot == pytest.approx(float(best.gradient @ tangent), rel=1e-7)
        return
    args = case.fresh
    result = made(*args)
    if case.mode == "value_and_grad":
        assert result[0] == case.function(*case.fresh)
        result = result[1]
    found = oracles.flat(result)
    assert np.all(abs(found - by_differences.gradient) <= 1e-7 * (1 + abs(by_differences.gradient)) + 10 * by_differences.error)
    assert np.allclose(found, best.gradient, rtol=1e-7, atol=1e-9 + 10 * float(np.max(best.error, initial=0.0)))
    assert np.array_equal(oracles.flat(args), oracles.flat(case.args)), "the derivative modifies its arguments"
    assert np.array_equal(oracles.flat(live(case)), found)


def live(case: Case) -> Any:
    """What the derivative object gives, the gradient alone."""
    result = Derivative(case.function, case.mode, case.wrt)(*case.fresh)
    return result[1] if case.mode == "value_and_grad" else result


if __name__ == "__main__":
    texts = {}
    for case_name in NAMES:
        try:
            texts[case_name] = read(case_name)[1].text()
        except s2sad.DifferentiationError as error:
            texts[case_name] = str(error)
    json.dump(texts, sys.stdout)
