"""The command line: what it writes, where, and with which status."""
import os
import stat
import subprocess
import sys

import numpy as np
import pytest

from s2sad.cli import main

MODEL = '''\
"""A model."""
import numpy as np
from math import sin as sine

raise RuntimeError("this file is never run")
RATE = 0.5


def loss(w, x, y):
    return np.sum((x @ w - y) ** 2)


def swing(q: float, k: float) -> float:
    return sine(k * q) * RATE


def _private(x):
    return x
'''
PRODUCT = "def product(x: float, y: float):\n    return x * y\n"


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "product.py").write_text(PRODUCT)
    return tmp_path


def functions_of(text):
    return [line.split("(")[0].removeprefix("def ") for line in text.split("\n") if line.startswith("def ")]


def test_a_file_gives_one_module_of_its_public_functions(model, capsys):
    assert main(["model.py"]) == 0
    out, err = capsys.readouterr()
    assert functions_of(out) == ["loss_grad", "swing_grad"] and err == ""
    assert out.startswith('"""Derivatives of model.py, written by s2sad."""\n\nimport')


def test_one_function_with_respect_to_several_parameters(model, capsys):
    assert main(["product.py::product", "--wrt", "x,y"]) == 0
    namespace = {}
    exec(capsys.readouterr().out, namespace)
    assert namespace["product_grad"](2.0, 3.0) == (3.0, 2.0)


def test_the_value_comes_first(model, capsys):
    assert main(["product.py::product", "--value", "--wrt", "1"]) == 0
    namespace = {}
    exec(capsys.readouterr().out, namespace)
    assert namespace["product_value_and_grad"](2.0, 3.0) == (6.0, 2.0)


def test_what_is_written_runs_beside_the_file(model, capsys):
    (model / "model.py").write_text(MODEL.replace('raise RuntimeError("this file is never run")\n', ""))
    assert main(["model.py", "-o", "gradients.py"]) == 0
    run = subprocess.run([sys.executable, "-c", "from gradients import *; print(swing_grad(0.0, 2.0))"],
                         capture_output=True, text=True, check=True, cwd=model, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert float(run.stdout) == 1.0


def test_types_may_be_given(model, capsys):
    assert main(["model.py::loss", "--types", "w: float[:], x: float[:, :], y: float[:]"]) == 0
    namespace = {}
    exec(capsys.readouterr().out, namespace)
    x = np.arange(6.0).reshape(3, 2)
    assert np.allclose(namespace["loss_grad"](np.ones(2), x, np.zeros(3)), 2 * x.T @ x @ np.ones(2))


def test_check_and_diff(model, capsys):
    assert main(["product.py", "-o", "gradients.py"]) == 0
    assert main(["product.py", "--check", "gradients.py"]) == 0
    assert main(["product.py", "--diff", "gradients.py"]) == 0
    assert capsys.readouterr().out == ""
    with open("gradients.py", "a") as file:
        file.write("# more\n")
    assert main(["product.py", "--check", "gradients.py"]) == 1
    assert "gradients.py: not what would be written" in capsys.readouterr().err
    assert main(["product.py", "--diff", "gradients.py"]) == 0
    assert "-# more" in capsys.readouterr().out


def test_a_file_is_replaced_whole_and_keeps_its_mode(model):
    (model / "gradients.py").write_text("old")
    os.chmod(model / "gradients.py", 0o600)
    assert main(["product.py", "-o", "gradients.py"]) == 0
    assert "product_grad" in (model / "gradients.py").read_text()
    assert stat.S_IMODE((model / "gradients.py").stat().st_mode) == 0o600
    assert sorted(os.listdir(model)) == ["gradients.py", "model.py", "product.py"]


def test_standard_input(model):
    run = subprocess.run([sys.executable, "-m", "s2sad", "-"], input=PRODUCT, capture_output=True, text=True, env={
        **os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(__file__))})
    assert run.returncode == 0 and functions_of(run.stdout) == ["product_grad"]


# Refusals and failures


def test_a_refusal_names_the_place_and_the_rest_is_written(model, capsys):
    (model / "mixed.py").write_text(PRODUCT + "\n\ndef numbers(x):\n    yield x\n")
    assert main(["mixed.py"]) == 0
    out, err = capsys.readouterr()
    assert functions_of(out) == ["product_grad"]
    assert err.startswith(f"{model}/mixed.py:6:5: ") and "    yield x\n" in err and "^" in err and "help: " in err


def test_nothing_to_differentiate_is_status_one(model, capsys):
    (model / "none.py").write_text("def numbers(x):\n    yield x\n")
    assert main(["none.py", "-o", "out.py"]) == 1
    assert not (model / "out.py").exists()
    (model / "empty.py").write_text("")
    assert main(["empty.py"]) == 1
    assert main(["product.py::nothing"]) == 1
    assert "no function `nothing`" in capsys.readouterr().err
    assert main(["product.py", "--wrt", "z"]) == 1
    assert "`product` has no parameter `z`" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "message"), [
    (["nowhere.py"], "nowhere.py: No such file or directory"),
    (["broken.py"], "broken.py:1:"),
    (["product.py", "-o", "nowhere/out.py"], "No such file or directory"),
    (["product.py", "--check", "nowhere.py"], "nowhere.py: No such file or directory"),
    (["binary.py"], "binary.py: "),
])
def test_what_cannot_be_used_is_status_two(model, capsys, arguments, message):
    (model / "broken.py").write_text("def f(:\n")
    (model / "binary.py").write_bytes(b"x = '\xff\xfe'\n")
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["product.py", "--mode", "sideways"], ["product.py", "--check", "a", "--diff", "b"], ["product.py", "--no"],
                                       ["product.py::"], ["product.py", "--types", "x"], ["product.py", "--types", "x: blah"],
                                       ["product.py", "--types", "z: float"], ["product.py", "--types", "x: float["]])
def test_wrong_usage_is_status_two(model, capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2 and "usage: s2sad FILE[::FUNCTION] [options]" in capsys.readouterr().err


def test_the_lines_of_the_function_are_quoted(model, capsys):
    assert main(["model.py::swing", "--comments"]) == 0
    assert "    # return sine(k * q) * RATE\n" in capsys.readouterr().out
    (model / "loop.py").write_text("def loop(x: float, n: int):\n    r = 1.0\n    for i in range(n):\n        r *= x\n    return r\n")
    assert main(["loop.py", "--comments"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.split("\n")]
    assert lines.index("# for i in range(n):") < lines.index("# r *= x") and lines.count("# r *= x") == 1


def test_what_a_decorator_makes_is_not_guessed(model, capsys):
    (model / "wrapped.py").write_text("import functools\nimport mine\n\n\n@mine.doubled\ndef f(x: float):\n    return x * x\n\n\n"
                                      "@functools.cache\ndef g(x: float):\n    return x * x\n")
    assert main(["wrapped.py"]) == 0
    out, err = capsys.readouterr()
    assert functions_of(out) == ["g_grad"]
    assert "wrapped.py:5:2: cannot tell what the decorator `mine.doubled` makes of `f`" in err


def test_what_is_imported_is_not_read(model, capsys):
    (model / "uses.py").write_text("from product import product\n\n\ndef f(x: float):\n    return product(x, x)\n")
    assert main(["uses.py"]) == 1
    assert "uses.py:5:12: cannot differentiate through the call of `product`: it is imported" in capsys.readouterr().err


def test_imports_of_one_module_are_one_line(model, capsys):
    (model / "sums.py").write_text("def f(x, y):\n    return x @ y\n")
    assert main(["sums.py"]) == 0
    assert capsys.readouterr().out.count("from s2sad.runtime import ") == 1


@pytest.mark.parametrize("name", ["math", "np"])
def test_names_that_mean_something_else(model, capsys, name):
    (model / "shadow.py").write_text(f"import math as np\n\n\ndef f({name}: float):\n    return {name} ** 2\n")
    assert main(["shadow.py"]) == 0
    namespace = {}
    exec(capsys.readouterr().out, namespace)
    assert namespace["f_grad"](3.0) == 6.0


# Rules


def test_the_rules_are_a_table(capsys):
    assert main(["rules", "np.tanh"]) == 0
    assert capsys.readouterr().out == "np.tanh(x)    x_bar = g * (1 - y**2)\n"
    assert main(["rules"]) == 0
    assert capsys.readouterr().out.count("\n") > 100
    assert main(["rules", "no such rule"]) == 1


def test_annotations_that_do_not_run_are_left_out(model, capsys):
    (model / "typed.py").write_text("from __future__ import annotations\n\n\ndef f(A: float[:, :], k: Later = 2.0):\n    return k * A.sum()\n")
    assert main(["typed.py", "--wrt", "k"]) == 0
    assert "def f_grad(A, k=2.0):" in capsys.readouterr().out
