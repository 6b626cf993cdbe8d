"""Second derivatives of functions of libraries by themselves, of which little is known while their derivatives are written."""
import functools

import numpy as np
import pytest

from s2sad import check_grads, grad, jvp, vjp

_rng = np.random.default_rng(5)


def real(*shape):
    return _rng.normal(size=shape)


def complex_(*shape):
    return real(*shape) + 1j * real(*shape)


CALLS = [
    (np.einsum, ("ij->ji", real(3, 4)), (1,), {}),
    (np.einsum, ("ij,jk->ik", real(2, 3), complex_(3, 4)), (1, 2), {}),
    (np.einsum, ("...ij,...jk->...ik", real(2, 3), real(2, 3, 4)), (1, 2), {}),
    (np.einsum, ("ijk,lji,lli->lki", real(3, 4, 4), real(4, 4, 3), real(4, 4, 3)), (1, 2, 3), {}),
    (np.einsum, (real(2, 3), (0, 1), real(3, 4), (1, 2), (0, 2)), (0, 2), {}),
    (np.einsum, (real(2, 3), (..., 0, 1), real(2, 3, 4), (..., 1, 2), (..., 0, 2)), (0, 2), {}),
    (np.tensordot, (real(2, 3, 2), real(3, 4, 2)), (0, 1), {"axes": [(1,), (0,)]}),
    (np.tensordot, (complex_(2, 6), real(6, 3)), (0, 1), {"axes": [-1, 0]}),
    (np.kron, (real(2, 2), complex_(3)), (0, 1), {}),
    (np.cross, (real(3, 3), real(3, 3)), (0, 1), {"axisa": 1, "axisb": 0, "axisc": 1}),
    (np.var, (complex_(2, 3),), (0,), {"axis": 1}),
    (np.var, (1 + 2j,), (0,), {}),
    (np.std, (complex_(2, 3),), (0,), {}),
    (np.nanstd, (complex_(2, 3),), (0,), {"axis": 0}),
]


@pytest.mark.parametrize(("f", "args", "wrt", "keywords"), CALLS, ids=[f"{f.__name__}-{i}" for i, (f, *_) in enumerate(CALLS)])
def test_second_derivatives(f, args, wrt, keywords) -> None:
    check_grads(functools.partial(f, **keywords), args, wrt=wrt, order=2)


def test_derivatives_of_what_reads_values_without_tangents() -> None:
    check_grads(grad(lambda x: np.linalg.norm(x, 2)), (complex_(3, 3),), modes=("forward",))


def test_subscripts_by_axes_that_a_function_captures() -> None:
    operands = (real(2, 3), (..., 0, 1), real(3, 4), (1, 2), (..., 0, 2))
    f = lambda a: np.einsum(a, *operands[1:])
    value, pull = vjp(f, operands[0])
    assert np.allclose(pull(np.ones((2, 4)))[0], np.ones((2, 4)) @ operands[2].T)
    assert np.allclose(jvp(f, (operands[0],), (np.ones((2, 3)),))[1], np.ones((2, 3)) @ operands[2])


def test_a_kink_within_the_step_is_not_taken_for_an_error() -> None:
    check_grads(np.sort, (np.array([0.3, 0.3 + 1e-5, 1.2]),))
    with pytest.raises(AssertionError, match="differences"):
        check_grads(np.floor_divide, (np.array([3.0 + 1e-9]), np.array([1.0])), wrt=0)
