"""Every program of collection A against the oracles; collection B is run by `attack.py -B` until in-place changes are differentiated."""
from __future__ import annotations

import programs
import pytest
import verdict

import s2sad

REFUSED: dict[str, str] = {     # id: why it is refused for now, and rightly
}
LATER = ("library",)            # modules whose programs may be refused until their rules are there


@pytest.mark.skipif(not hasattr(s2sad, "grad"), reason="the engine is not there yet")
@pytest.mark.parametrize("program", programs.collect("A"), ids=lambda program: program.id)
def test_program(program: programs.Program) -> None:
    found = verdict.judge(program)
    if program.id in REFUSED:
        assert found.status == "refused", f"{program.id} is listed as refused ({REFUSED[program.id]}), but is {found.status}: {found.message}"
        pytest.xfail(REFUSED[program.id])
    if program.module in LATER and found.status == "refused":
        pytest.xfail("no rule yet: " + found.message)
    assert found.status == "right", f"{found.status}: {found.message}\n{found.detail}"
