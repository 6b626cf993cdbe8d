"""Names that derivatives bring, where the user's file or function gives them another meaning."""
import importlib
import math as m
from math import sin

import numpy as np
import pytest
from numpy import add, zeros  # noqa: F401, F811  no function below means them

from s2sad import DifferentiationError, grad, source
from s2sad.cli import main

closed = 3.0


def unbroadcast(x):
    return 7.0


def first(params):
    return params["a"] * 2.0 + params["b"][0]


def local_module(x):
    math = 2.0
    return sin(x) * math


def parameter(x, np):
    return m.tanh(x) * np


def local_function(items, i):
    closed = 2.0
    return items[i][0] * closed


def reads_a_global_of_the_name(items, i):
    return items[i][0] * closed


def variable_of_the_name(x):
    zeros = 2.0     # noqa: F811
    return x * zeros


def test_globals_that_the_function_does_not_mention_hide_nothing():
    assert grad(first)({"a": 1.0, "b": [2.0, 3.0]}) == {"a": 2.0, "b": [1.0, 0.0]}
    imported = next(line for line in source(first).split("\n") if line.startswith("from s2sad.runtime import "))
    assert "closed" in imported and "unbroadcast" in imported


def test_a_variable_hides_nothing_that_is_not_needed():
    assert grad(variable_of_the_name)(1.5) == 2.0
    assert grad(parameter)(0.5, 2.0) == pytest.approx(2.0 * (1 - np.tanh(0.5) ** 2))


@pytest.mark.parametrize(("function", "args", "message"), [
    (local_module, (1.0,), "`math` means something else in `local_module`, and its derivative needs the module `math`"),
    (local_function, ([(1.0, 2.0), (3.0, 4.0)], 1), "`closed` means something else in `local_function`"),
    (reads_a_global_of_the_name, ([(1.0, 2.0), (3.0, 4.0)], 1), "`closed` means something else in `reads_a_global_of_the_name`"),
])
def test_a_name_that_is_needed_and_hidden_is_refused(function, args, message):
    with pytest.raises(DifferentiationError, match="means something else") as refused:
        grad(function)(*args)
    assert message in str(refused.value) and "give `" in str(refused.value) and refused.value.lineno


SUMS = """
def closed(a, b):
    return a * b


def both(x):
    return closed(x, x)


def parts(items, i):
    return items[i][0] ** 2
"""


def test_a_helper_goes_by_another_name_where_a_function_of_the_text_means_something_else(tmp_path, monkeypatch, capsys):
    (tmp_path / "sums.py").write_text(SUMS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert main(["sums.py"]) == 0
    text, namespace = capsys.readouterr().out, {}
    assert "from sums import closed\n" in text and "closed as closed_of_s2sad" in text
    exec(text, namespace)
    assert namespace["both_grad"](3.0) == 6.0
    assert namespace["parts_grad"]([[1.0, 2.0], [3.0, 4.0]], 1) == [[0.0, 0.0], [6.0, 0.0]]


def test_the_name_of_the_function_itself_hides_nothing(tmp_path, monkeypatch):
    (tmp_path / "parts_of.py").write_text("def zeros(items, i):\n    return items[i][0] ** 2\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("parts_of")
    assert grad(module.zeros)([[1.0, 2.0], [3.0, 4.0]], 1) == [[0.0, 0.0], [6.0, 0.0]]
