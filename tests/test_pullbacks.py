"""Pullbacks: they can be called again, and what is shared in the forward sweep is shared in each of them."""
from __future__ import annotations

import copy
import types

import numpy as np
import oracles
import programs
import pytest
from verdict import outcome

import s2sad
from s2sad.runtime import copied


def chained(program):
    """Whether a program is one that a pullback can be compared on: of arguments given by position, and right otherwise."""
    point = program.points[0]
    return not point.kwargs and program.module.startswith("memory_") and all(isinstance(w, int) for w in (
        point.wrt if isinstance(point.wrt, tuple) else (point.wrt,)))


@pytest.mark.parametrize("program", [p for p in programs.collect() if chained(p)], ids=lambda program: program.id)
def test_pullbacks_give_the_gradient_at_every_call(program):
    point = program.points[0]
    _, raised, _, _, _ = outcome(program.function, point)
    if raised is not None:
        return
    wrt = point.wrt if isinstance(point.wrt, tuple) else (point.wrt,)
    try:
        gradient = s2sad.grad(program.function, wrt=wrt)(*copy.deepcopy(point.args))
        _, pull = s2sad.derivatives.derivative.Derivative(program.function, "vjp", wrt)(*copy.deepcopy(point.args))
        first, second = pull(1.0), pull(1.0)
    except s2sad.DifferentiationError:
        return
    for found in (first, second):
        assert np.allclose(oracles.flat(found), oracles.flat(gradient), rtol=1e-9, atol=1e-12, equal_nan=True)


def test_copies_share_memory_as_the_original():
    a = np.arange(24.0).reshape(4, 6)
    views = [a, a[1], a[1][2:], a.T, a[::-1, ::-2], a[2:2], a.reshape(2, 12), a[None, 0]]
    held = {"a": a, "views": views, "object": types.SimpleNamespace(row=a[3], other=np.ones(2)), "again": a, "text": "x"}
    held["self"] = held["views"]
    new = copied(held)
    assert not np.shares_memory(new["a"], a)
    for one, other in zip(views, new["views"]):
        assert np.array_equal(one, other) and one.strides == other.strides
    a[...] = 0.0
    new["a"] += 100.0
    assert all(np.all(one >= 100.0) for one in new["views"]) and np.all(new["object"].row >= 100.0)
    assert new["again"] is new["a"] and new["self"] is new["views"] and np.all(new["object"].other == 1.0)


def test_copies_of_one_view_alone_take_no_more_than_it():
    whole = np.zeros((1000, 1000))
    part, = copied([whole[0]])
    assert part.base is None


def test_copies_of_transposed_and_reversed_owners():
    a = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    one, row = copied((a, a[1]))
    row[:] = -1.0
    assert np.array_equal(one, [[0.0, 1.0, 2.0], [-1.0, -1.0, -1.0]])
