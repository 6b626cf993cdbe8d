"""The general form, for arguments of which nothing is known, and texts of files, for which use alone speaks."""
from __future__ import annotations

import contextlib
import copy
import io
import sys

import numpy as np
import oracles
import pytest
from programs import normal, uniform

import s2sad
from s2sad.cli import main
from s2sad.derivatives.derivative import Derivative


def real_and_imaginary_parts(a):
    z = np.zeros(4, dtype=complex)
    z.real = a
    z.imag[1:] = a[:-1] ** 2
    z.real[0] *= 2
    z *= np.exp(1j * a)
    w = np.conj(z)
    return (z * w).real.sum() + np.abs(z[1]) + z.imag.sum()


def squared(z, n):
    return z if n == 0 else squared(z * z + 0.1j, n - 1) * 1j


def complex_recursion(a):
    z = squared(a[0] + 0.5j, 3)
    return z.real + abs(z)


def products_of_complex(a):
    z = np.exp(1j * a)
    return np.einsum("i,j->", z, z.conj()).real + np.vdot(z, z * 1j).imag + np.dot(z, z).real


def complex_root(a):
    z = np.sqrt(a + 0j)
    return np.sum(z.real + 2 * z.imag)


def complex_matrix(a):
    m = a.reshape(2, 2) + 1j * np.eye(2)
    return np.abs(np.linalg.det(m)) + np.trace(np.linalg.inv(m)).real + np.linalg.norm(m)


def zeros_of_a_polynomial(a):
    z = np.roots(a)
    return np.sum(np.abs(z ** 2 * z))


def places_named_twice(a):
    places = [1, 3, 1, 0]
    return written(a, places)


def written(a, places):
    b = a * 1
    b[places] = b[places] * np.arange(1, len(places) + 1)
    b[places] += b[:len(places)]
    return np.sum(b * np.arange(1.0, 1 + len(b)))


def places_by_rank(a):
    order = np.argsort(a)
    b = a[order[[0, 0, 1, 2]]]
    return np.sum(b * np.arange(1.0, 5))


PROGRAMS = (real_and_imaginary_parts, complex_recursion, products_of_complex, complex_root, complex_matrix, zeros_of_a_polynomial,
            places_named_twice, places_by_rank)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("facts", [{}, None], ids=["nothing", "use"])
def test_general_form(program, facts):
    a = normal(4)
    gradient = Derivative(program, "grad", 0)._generate(facts).function
    expected = oracles.reference(program, (a,), {}, 0)
    assert np.allclose(gradient(a.copy()), expected.gradient, rtol=1e-6, atol=1e-6)
    assert np.allclose(s2sad.grad(program)(a), expected.gradient, rtol=1e-6, atol=1e-6)


def test_places_that_are_not_known_may_be_named_twice():
    a, places = normal(5), np.array([1, 3, 1, 0])
    gradient = Derivative(written, "grad", 0)._generate({}).function
    assert np.allclose(gradient(a.copy(), places), oracles.reference(written, (a, places), {}, 0).gradient)


TEXTS = {
    "optional": ("def f(x, w=None):\n    if w is None:\n        return x ** 2\n    return w[0] * x\n",
                 [(0.7,), (0.7, np.array([2.0]))]),
    "count": ("def f(x, n=None):\n    if n is None:\n        n = 3\n    y = 1.0\n    for i in range(n):\n        y = y * x\n    return y\n",
              [(0.7,), (0.7, 4)]),
    "classes": ("def f(x, p):\n    if isinstance(p, dict):\n        return p['a'] * x\n    if isinstance(p, (list, tuple)):\n"
                "        return p[0] * x ** 2\n    return x * x\n", [(0.7, {"a": 2.0}), (0.7, [3.0]), (0.7, 0.1)]),
    "rank": ("def f(x):\n    if x.ndim == 1:\n        return (x ** 2).sum()\n    return x[0, 1] ** 3\n", [(uniform(3),), (uniform(2, 2),)]),
    "match": ("def f(x, p):\n    match p:\n        case {'n': int(n)}:\n            return x ** n\n        case float() as v:\n"
              "            return x * v\n    return x\n", [(0.7, {"n": 3}), (0.7, 2.5), (0.7, "")]),
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_a_function_asks_of_its_arguments_is_not_assumed(name, tmp_path, monkeypatch):
    text, calls = TEXTS[name]
    (tmp_path / f"asking_{name}.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    out, primal, space = io.StringIO(), {}, {}
    exec(text, primal)
    with contextlib.redirect_stdout(out):
        assert main([f"asking_{name}.py"]) == 0
    exec(out.getvalue(), space)
    for args in calls:
        expected = oracles.reference(primal["f"], copy.deepcopy(args), {}, 0).gradient
        assert np.allclose(oracles.flat(space["f_grad"](*args)), expected, rtol=1e-6, atol=1e-6)


def test_a_global_that_a_called_function_writes_too_is_refused(tmp_path, monkeypatch, capsys):
    text = ("TOTAL = 0.0\n\n\ndef f(x):\n    global TOTAL\n    TOTAL = 0.0\n    add(x)\n    return TOTAL * x\n\n\n"
            "def add(v):\n    global TOTAL\n    TOTAL += v\n")
    (tmp_path / "model.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(["model.py::f"]) == 1
    assert "cannot differentiate through the global `TOTAL`" in capsys.readouterr().err
