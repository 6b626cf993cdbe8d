"""The programs of `docs/tutorials.md`, run as they stand."""
from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

TEXT = (Path(__file__).parent.parent / "docs" / "tutorials.md").read_text()
PROGRAMS = re.findall(r"## (.+?)\n.*?```python\n(.+?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize(("title", "program"), PROGRAMS, ids=[title.split(",")[0] for title, _ in PROGRAMS])
def test_program(title: str, program: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(program)
    runpy.run_path(str(path))


def test_all_are_found() -> None:
    assert len(PROGRAMS) == 4
