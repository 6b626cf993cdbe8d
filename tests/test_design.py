"""docs/design.md shows what the stages make: each block after a marker such as `<!-- lowered -->` is the text of that stage.

    python -m pytest tests/test_design.py --rewrite     writes the blocks anew
"""
from __future__ import annotations

import inspect
import math
import re
from pathlib import Path
from textwrap import indent
from typing import Any

import numpy as np
import oracles
import pytest

import s2sad
from s2sad import core
from s2sad.emit import emit
from s2sad.facts import signature
from s2sad.generate import front
from s2sad.pairs import Library
from s2sad.read import read
from s2sad.work import Work

PAGE = Path(__file__).parents[1] / "docs" / "design.md"
BLOCK = re.compile(r"<!-- (\w+) -->\n\n((?:    .*\n|\n(?=    ))*)\n*")


def carry(x, a, tol):
    y = x.copy()
    for i in range(1, len(y)):
        flow = a * y[i - 1] if i % 2 else math.sin(y[i - 1])
        if (gap := flow - y[i]) < tol:
            break
        y[i] += gap ** 2
    return np.sum(y)


def smooth(A, rate):
    A = A.copy()
    for i in range(1, len(A)):
        row = A[i]
        row *= rate
        row += A[i - 1] ** 2
    return np.sum(A)


CARRY: tuple[Any, ...] = (np.linspace(0.1, 1.0, 6), 0.3, -2.0)
SMOOTH: tuple[Any, ...] = (np.ones((3, 4)), 0.4)


def stages() -> dict[str, str]:
    """The text of each stage for `carry`, and what the page shows of memory."""
    wrt = ("x", "a")
    source = read(carry)
    code = front(source)
    facts = signature(dict(zip(wrt + ("tol",), CARRY)), frozenset(wrt))
    work = Work.on(code, source, Library().pair)
    plan = work.plan(facts, frozenset(wrt))
    return {
        "primal": inspect.getsource(carry),
        "lowered": shown(code),
        "prepared": shown(plan.function),
        "swept": shown(work.joint(plan, wrt, core.Const(1.0))),
        "tidied": bare(s2sad.source(carry, wrt=wrt, args=CARRY)),
        "smooth": inspect.getsource(smooth),
        "smooth_grad": bare(s2sad.source(smooth, wrt=(0, 1), args=SMOOTH)),
    }


def shown(function: core.Function) -> str:
    return bare(emit([function]).text)


def bare(text: str) -> str:
    """A text from its first function on."""
    return text[text.index("def "):].strip("\n") + "\n"


def test_the_page_shows_what_the_stages_make(rewrite: bool) -> None:
    made = {name: indent(text, "    ", lambda line: line.strip()) for name, text in stages().items()}
    page = PAGE.read_text()
    assert sorted(BLOCK.findall(page)) and {name for name, _ in BLOCK.findall(page)} == made.keys()
    new = BLOCK.sub(lambda found: f"<!-- {found[1]} -->\n\n{made[found[1]]}\n", page)
    if rewrite:
        PAGE.write_text(new)
    elif new != page:
        stale = [name for name, block in BLOCK.findall(page) if block != made[name]]
        pytest.fail(f"docs/design.md is out of date ({', '.join(stale)}): python -m pytest tests/test_design.py --rewrite")


@pytest.mark.parametrize(("function", "args"), [(carry, CARRY), (smooth, SMOOTH)])
def test_the_page_is_right(function: Any, args: tuple[Any, ...]) -> None:
    expected = oracles.reference(function, args, {}, (0, 1))
    assert np.allclose(oracles.flat(s2sad.grad(function, (0, 1))(*args)), expected.gradient, rtol=1e-7)
