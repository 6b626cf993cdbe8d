"""Control of the reverse sweep: `adjoint_of`, `checkpoint`, `stop_gradient`."""
from __future__ import annotations

import numpy as np
import pytest

import s2sad
from s2sad import adjoint_of, checkpoint, grad, jvp


def clipped(x):
    y = x * x
    with adjoint_of(y) as y_bar:
        y_bar = min(y_bar, 1.0)
    return 5.0 * y


def recurrent(W, xs, limit):
    h = np.zeros(W.shape[0])
    for x in xs:
        h = np.tanh(W @ h + x)
        with adjoint_of(h) as h_bar:
            norm = np.sqrt(np.sum(h_bar ** 2))
            if norm > limit:
                h_bar *= limit / norm
    return np.sum(h ** 2)


def plain(W, xs):
    h = np.zeros(W.shape[0])
    for x in xs:
        h = np.tanh(W @ h + x)
    return np.sum(h ** 2)


seen: list[float] = []


def watched(x):
    y = x ** 3
    with adjoint_of(y) as y_bar:
        seen.append(y_bar)
    return 2.0 * y


def test_an_adjoint_is_rewritten_where_the_block_stands() -> None:
    assert grad(clipped)(3.0) == 6.0
    assert jvp(clipped, (3.0,), (1.0,)) == (45.0, 30.0)


def test_gradient_clipping_in_a_loop() -> None:
    rng = np.random.default_rng(0)
    W, xs = rng.normal(size=(3, 3)), rng.normal(size=(4, 3))
    assert np.array_equal(grad(recurrent)(W, xs, 1e9), grad(plain)(W, xs))
    assert np.max(abs(grad(recurrent)(W, xs, 1e-3))) < 1e-2 < np.max(abs(grad(plain)(W, xs)))


def test_a_block_that_only_looks() -> None:
    seen.clear()
    assert grad(watched)(2.0) == pytest.approx(24.0)
    assert seen == [2.0]


@checkpoint
def step(u, k):
    v = np.sin(u) * k
    return v * v + u


def run(u, k):
    for _ in range(3):
        u = step(u, k)
    return np.sum(u)


def run_plainly(u, k):
    for _ in range(3):
        v = np.sin(u) * k
        u = v * v + u
    return np.sum(u)


def test_checkpoint_recomputes() -> None:
    u, k = np.array([0.3, 0.8]), 0.7
    for one, other in zip(grad(run, wrt=(0, 1))(u, k), grad(run_plainly, wrt=(0, 1))(u, k)):
        assert one == pytest.approx(other)
    assert jvp(run, (u, k), (np.ones(2), 1.0))[1] == pytest.approx(jvp(run_plainly, (u, k), (np.ones(2), 1.0))[1])
    text = s2sad.source(run, args=(u, k))
    assert "tape" not in text and text.count("_stack = []") == 1


def test_stop_gradient() -> None:
    assert grad(lambda x: x * s2sad.stop_gradient(x))(3.0) == 3.0
    assert jvp(lambda x: x * s2sad.stop_gradient(x), (3.0,), (1.0,))[1] == 3.0


@checkpoint
def noisy(u):
    return u * np.random.normal(size=2)


def test_checkpoint_runs_nothing_twice_that_differs() -> None:
    with pytest.raises(s2sad.DifferentiationError, match="run twice"):
        grad(lambda u: np.sum(noisy(u)))(np.ones(2))


def rooted(x):
    y = x * x
    z = np.sqrt(y)
    return np.sum(z)


def test_debug_nans_tells_the_statement() -> None:
    with np.errstate(all="ignore"), s2sad.debug_nans(), pytest.raises(FloatingPointError, match=r"is not finite after `.*test_control.py:\d+, in rooted"):
        grad(rooted)(np.array([0.0, 1.0]))
    with s2sad.debug_nans():
        assert grad(rooted)(np.array([2.0, 1.0])).tolist() == [1.0, 1.0]
