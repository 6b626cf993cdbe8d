"""A short run of the fuzzer with fixed seeds; the long one is `python tests/fuzz.py --programs 20000 -j 2`."""
from __future__ import annotations

import ast

import pytest
from fuzzing import grammar, judge, shrink

SEEDS = range(24)


@pytest.mark.parametrize("seed", SEEDS)
def test_program(seed: int) -> None:
    found = judge.judge(grammar.program(seed), thorough=seed % 4 == 0)
    assert found.status not in ("WRONG", "CRASH"), f"python tests/fuzz.py --show {seed}\n{found.message}\n{found.detail}"


def test_programs_are_the_same_each_time() -> None:
    assert grammar.program(7).text == grammar.program(7).text != grammar.program(8).text


def test_smaller_programs_are_programs() -> None:
    for text, _ in shrink.smaller(grammar.program(4)):
        ast.parse(text)
