"""Tangents with a leading axis of seeds against the same tangents one by one."""
from __future__ import annotations

import contextlib
import copy
import io

import numpy as np
import oracles
import programs
import pytest

import s2sad
from s2sad.derivatives.derivative import Derivative
from s2sad.derivatives.jacobians import Many, chosen, one_by_one

MODULES = ("arrays", "calls", "indexing", "linear", "loops", "memory_kernels", "memory_views", "memory_writes", "reductions", "shapes", "types")


def both(function, wrt, args):
    """The tangents of all unit vectors, one by one and at once; None where one of the two is refused."""
    push, many = Derivative(function, "jvp", wrt), Many(function, wrt)
    try:
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            x = chosen(push, args, {})
            single = one_by_one(push, x, copy.deepcopy(args), {})
            many.derivative.found_for(copy.deepcopy(args), {})
            return single, many.tangents(x, copy.deepcopy(args), {})
    except s2sad.DifferentiationError:
        return None


@pytest.mark.parametrize("program", [p for p in programs.collect() if p.module in MODULES], ids=lambda program: program.id)
def test_programs(program, monkeypatch):
    monkeypatch.setattr("s2sad.derivatives.jacobians.FEW", 1)
    monkeypatch.setattr("s2sad.derivatives.jacobians.SCALARS", 1)
    point = program.points[0]
    wrt = tuple(oracles.names_of(program.function, point.args, point.wrt))
    if point.kwargs or not all(isinstance(one, int) and one < len(point.args) for one in wrt):
        return
    try:
        program.function(*copy.deepcopy(point.args))
    except Exception:   # noqa: BLE001  programs that are to raise
        return
    found = both(program.function, wrt, point.args)
    if found is None or found[1] is None:
        return
    (value, single), (again, at_once) = found
    assert oracles.flat(value).tolist() == oracles.flat(again).tolist() or np.allclose(oracles.flat(value), oracles.flat(again), equal_nan=True)
    for one, other in zip(single, at_once, strict=True):
        assert one.shape == other.shape and one.dtype == other.dtype
        np.testing.assert_allclose(other, one, rtol=1e-6 if one.dtype == np.float32 else 1e-10, atol=1e-12)


A = np.arange(1.0, 10.0).reshape(3, 3) + np.eye(3)
OPERATIONS = {
    "sum of all": lambda x, m: np.sum(m * x), "sum of an axis": lambda x, m: (m * x).sum(axis=0), "mean": lambda x, m: m.mean(1) + x.mean(),
    "keepdims": lambda x, m: m - m.sum(axis=1, keepdims=True), "cumsum": lambda x, m: np.cumsum(m, 0) + np.cumsum(x),
    "matrix times vector": lambda x, m: A @ x + m @ np.ones(3), "vector times matrix": lambda x, m: x @ A,
    "matrix times matrix": lambda x, m: A @ m + m @ A, "inner": lambda x, m: np.dot(x, np.ones(3)) * x, "outer": lambda x, m: np.outer(x, np.arange(3.0)),
    "transpose": lambda x, m: m.T * x, "reshape": lambda x, m: np.reshape(m, (9,)) * 2, "ravel": lambda x, m: m.ravel() + 1,
    "concatenate": lambda x, m: np.concatenate([x, m[0], np.zeros(2)]), "stack": lambda x, m: np.stack((x, 2 * x, m[1]), axis=1),
    "solve": lambda x, m: np.linalg.solve(A, x), "solve many": lambda x, m: np.linalg.solve(A, m), "where": lambda x, m: np.where(m > 4, m, x),
    "einsum": lambda x, m: np.einsum("ij,j->i", m, np.ones(3)) * x, "diff": lambda x, m: np.diff(x), "full_like": lambda x, m: np.full_like(m, x[0]),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations(name):
    found = both(OPERATIONS[name], (0, 1), (np.array([0.5, 2.0, 1.5]), A + 0.5))
    assert found is not None, "refused"
    (_, single), (_, at_once) = found
    for one, other in zip(single, at_once, strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-12, atol=1e-14)


def test_more_numbers_than_go_together():
    x = np.linspace(0.0, 1.0, 300)
    np.testing.assert_allclose(s2sad.jacobian(np.sin, mode="forward")(x), np.diag(np.cos(x)), atol=1e-14)


def test_what_has_no_such_form_goes_one_by_one():
    def f(x):
        return np.sort(x)[::-1] * np.fft.fft(x).real

    x = np.array([3.0, 1.0, 2.0, 5.0])
    np.testing.assert_allclose(s2sad.jacobian(f, mode="forward")(x), s2sad.jacobian(f, mode="reverse")(x), atol=1e-12)


def test_names_of_one_object_carry_the_seeds_together():
    def f(x):
        A, B = np.zeros((2, 3)), np.zeros((2, 3))
        for a, b in zip(A, B):
            b += 1
            a[0] = b[1] * x[0]
            b += x[:3]
        return A + B

    x = np.array([1.0, 2.0, 3.0, 4.0])
    np.testing.assert_allclose(s2sad.jacobian(f, mode="forward")(x), s2sad.jacobian(f, mode="reverse")(x))
