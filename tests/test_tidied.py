"""Tidied derivatives of the programs: their gradients are those of untidied ones, their texts the same in every process."""
from __future__ import annotations

import copy
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import oracles
import programs
import pytest

import s2sad
from s2sad.derivatives import derivative
from s2sad.tidy import passes


@contextmanager
def untidied() -> Iterator[None]:
    """Derivatives as the sweeps write them."""
    kept = passes.REPEATED, passes.LAST
    families = dict(derivative._families)
    derivative._families.clear()
    passes.REPEATED, passes.LAST = (), ()
    try:
        yield
    finally:
        passes.REPEATED, passes.LAST = kept
        derivative._families.clear()
        derivative._families.update(families)


def gradient(program: programs.Program) -> np.ndarray | None:
    point = program.points[0]
    try:
        with np.errstate(all="ignore"):
            return oracles.flat(s2sad.grad(program.function, wrt=point.wrt)(*copy.deepcopy(point.args), **copy.deepcopy(point.kwargs)))
    except s2sad.DifferentiationError:
        return None


@pytest.mark.parametrize("program", [p for p in programs.collect() if not p.points[0].raises][::4], ids=lambda program: program.id)
def test_tidied_equals_untidied(program: programs.Program, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        with untidied():
            plain = gradient(program)
    except Exception:   # noqa: BLE001  the programs' own test tells
        pytest.skip("no gradient without tidying")
    tidy = gradient(program)
    assert (plain is None) == (tidy is None)
    if plain is not None and tidy is not None:
        scale = np.max(np.abs(plain), initial=1.0, where=np.isfinite(plain))
        assert np.allclose(plain, tidy, rtol=1e-10, atol=1e-12 * scale, equal_nan=True)


def texts() -> str:
    """The texts of some derivatives, as a digest."""
    found = []
    for program in programs.collect("A")[::9]:
        point = program.points[0]
        try:
            found.append(s2sad.source(program.function, wrt=point.wrt, args=copy.deepcopy(point.args)))
        except s2sad.DifferentiationError:
            continue
    return hashlib.sha256("".join(found).encode()).hexdigest()


def test_the_text_is_the_same_in_every_process() -> None:
    code = "import sys; sys.path[:0] = ['tests']; import test_tidied; print(test_tidied.texts())"
    digests = {subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                              env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "2", "3")}
    assert len(digests) == 1
