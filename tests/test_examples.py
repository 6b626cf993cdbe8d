"""The programs in examples/ run, and find what they look for; the command line writes the derivatives of all of them."""
from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from s2sad.cli import main

FOLDER = Path(__file__).parents[1] / "examples"
FOUND = {
    "heat": ("rate 0.2935", "hottest at 0.40"),
    "kalman": ("measurement noise 1.037",),
    "nbody": ("distance 0.00000",),
    "network": ("epoch 300  error 0.0055",),
    "pendulum": ("length 1.7",),
    "power": (),
    "regression": ("epoch 20  mean loss", "def loss_value_and_grad("),
    "c_library": ("radius 5.0000", "def misfit_value_and_grad("),
    "rocket": ("height  1000.00 m", "def peak_value_and_grad("),
    "sharpen": ("epoch 400  error 0.1214",),
}


def test_every_example_is_here() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.py")) == sorted(FOUND)


@pytest.mark.parametrize("name", sorted(FOUND))
def test_it_runs(name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location(f"example_{name}", FOLDER / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    if FOUND[name]:
        module.main()
    printed = capsys.readouterr().out
    assert all(text in printed for text in FOUND[name]), printed


# There, without facts, `advance` of nbody is refused, and the rules that c_library declares when it runs are not known.
@pytest.mark.parametrize("name", sorted(FOUND.keys() - {"nbody", "c_library"}))
def test_the_command_line_reads_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(FOLDER / f"{name}.py")]) == 0
    compile(capsys.readouterr().out, name, "exec")
