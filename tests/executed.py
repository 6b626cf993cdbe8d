"""Runs a function before and after lowering, on the same inputs, and gives what can be observed of each."""
from __future__ import annotations

import random
from typing import Any

from s2sad import core
from s2sad.emit import emit
from s2sad.lower import lower
from s2sad.reading.check import check
from s2sad.reading.parse import parse
from s2sad.reading.read import read_file

DRAWS = 60


class Stop(Exception):
    """The conditions have run out."""


def lowered(text: str, name: str = "f") -> core.Function:
    source = read_file("<test>", name, text)
    return lower(check(parse(source), source), source)


def compiled(text: str, name: str = "f") -> Any:
    namespace: dict[str, Any] = {}
    exec(compile(text, "<test>", "exec"), namespace)
    return namespace[name]


def observed(function: Any, seed: int) -> list[Any]:
    """What the function traces, and what it returns or raises, where its conditions come from `seed`."""
    draws = random.Random(seed)
    trace: list[Any] = []
    left = [DRAWS]

    def t(label: Any, value: Any = None) -> Any:
        trace.append((label, repr(value)))
        left[0] -= 1
        if left[0] < 0:
            raise Stop
        return draws.randrange(3)

    def c() -> bool:
        left[0] -= 1
        if left[0] < 0:
            raise Stop
        trace.append("c")
        return draws.random() < 0.5

    try:
        trace.append(("returned", function(t, c, 1, 2)))
    except (Stop, TypeError, ValueError, KeyError, ZeroDivisionError, UnboundLocalError, AssertionError) as error:
        trace.append(("raised", type(error).__name__, str(error)))
    return trace


def disagreement(text: str, seeds: range = range(20)) -> str | None:
    """None where the lowered function does what the function does, else a description."""
    function = lowered(text)
    problem = misplaced(function.body, False)
    again = emit([function]).text
    if problem:
        return f"{problem}\n{text}\n--- lowered\n{again}"
    before, after = compiled(text), compiled(again)
    for seed in seeds:
        expected, got = observed(before, seed), observed(after, seed)
        if expected != got:
            return f"seed {seed}: {expected}\nbut {got}\n{text}\n--- lowered\n{again}"
    return None


def misplaced(block: core.Block, loop: bool, last: bool = True, outermost: bool = True) -> str | None:
    """What a block has that core Python has not: a return or a jump before the end."""
    for i, stmt in enumerate(block):
        final = last and i == len(block) - 1
        if isinstance(stmt, core.Return) and not (outermost and final):
            return "a return in the middle"
        if isinstance(stmt, (core.Break, core.Continue)) and not (loop and final):
            return "a jump in the middle"
        if isinstance(stmt, core.Raise) and i < len(block) - 1:
            return "a statement after raise"
        if isinstance(stmt, core.If):
            found = misplaced(stmt.body, loop, final, False) or misplaced(stmt.orelse, loop, final, False)
            if found:
                return found
        if isinstance(stmt, (core.While, core.For)):
            found = misplaced(stmt.body, True, True, False)
            if found:
                return found
    return None
