"""Nothing of NumPy is left out: every public function has a rule, or is named in the index with what is done for it."""
from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from s2sad import DifferentiationError, grad
from s2sad.cli import main
from s2sad.rules import index


def test_every_public_function_has_an_entry() -> None:
    assert index.missing() == []


def test_names_of_the_index_exist_and_have_no_rule() -> None:
    named = {*index.NOT_NUMERIC, *index.WRITTEN, *index.MODELLED, *(name for names in index.REFUSED for name in names.split())}
    known = {entry.name: entry for entry in index.index()}
    assert [name for name in named if name in known and known[name].rule is not None] == []


def test_the_goal_is_reached() -> None:
    counts = list(index.counts().values())
    assert counts[0] >= 330
    assert counts[1] >= 80 or find_spec("scipy") is None


def test_rules_have_both_modes() -> None:
    backward_only = [row.pattern for row in index.rules() if not row.zero and not index.is_forward(row)]
    assert backward_only == []


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="the page is that of NumPy 2")
def test_the_page_is_up_to_date() -> None:
    known = (Path(__file__).parent.parent / "docs" / "rules.md").read_text().splitlines()
    assert [line for line in index.page().splitlines() if line not in known and not line.startswith("- ")] == []


def test_the_command_line_prints_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--count"]) == 0
    assert "NumPy functions, methods and ufunc methods" in capsys.readouterr().out


def row_sums(x: np.ndarray) -> float:
    return np.sum(np.apply_over_axes(np.sum, x, [0]))


def test_a_refusal_says_why_and_names_a_way_out() -> None:
    with pytest.raises(DifferentiationError, match="apply_over_axes.*it calls a function(.|\n)*help: write a loop"):
        grad(row_sums)(np.ones((2, 2)))
