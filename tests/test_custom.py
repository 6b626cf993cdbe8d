"""Rules that users declare: as a decorator or for a function at hand, in both modes, several results, methods, and what is refused."""
from __future__ import annotations

import ctypes
import ctypes.util
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import s2sad
from s2sad import DifferentiationError, check_rule, grad, jvp, rule, ufunc, vjp


@ufunc(x="g * 3 * x**2")
def cube(x: Any) -> Any:
    return eval("x**3")


@rule(x="g * slope(x, k)", k="g * x", x_dot="x_dot * slope(x, k)", k_dot="k_dot * x")
def spring(x: float, k: float = 2.0) -> float:
    return float(eval("k * x"))


def slope(x: float, k: float) -> float:
    return k


def pull_back_square(g: Any, a: Any) -> Any:
    return g * 2 * a


@rule(a=pull_back_square)
def square(a: Any) -> Any:
    return eval("a * a")


@rule(x_dot="2 * x * x_dot", result="x")
def only_forward(x: Any) -> Any:
    return eval("x * x")


@rule(x="unbroadcast((g[0] if g[1] is None else g[0] + g[1]) * y[1], x)", x_dot="[x_dot * y[1], x_dot * y[1]]")
def exp_and_saved(x: Any) -> Any:
    e = eval("np.exp(x)")
    return e, e.copy()


class Layer:
    def __init__(self, weight: float) -> None:
        self.weight = weight

    @rule(x="g * self.weight", x_dot="x_dot * self.weight")
    def apply(self, x: Any) -> Any:
        return eval("x * self.weight")


if library_name := ctypes.util.find_library("m"):
    libm = ctypes.CDLL(library_name)
    libm.cos.restype, libm.cos.argtypes = ctypes.c_double, [ctypes.c_double]
    libm.sin.restype, libm.sin.argtypes = ctypes.c_double, [ctypes.c_double]
    c_cos, c_sin = libm.cos, libm.sin
    rule("c_sin(x)", of=c_sin, x="g * c_cos(x)", x_dot="x_dot * c_cos(x)")


def test_elementwise() -> None:
    x = np.array([0.5, 2.0])
    np.testing.assert_allclose(grad(lambda x: np.sum(cube(x)))(x), 3 * x**2)
    assert grad(cube)(2.0) == 12.0
    assert jvp(cube, (2.0,), (1.0,)) == (8.0, 12.0)


def test_names_below_the_rule_and_defaults() -> None:
    assert grad(lambda x: spring(x, 3.0) * x + spring(x))(1.5) == 11.0
    assert grad(spring, "k")(1.5, 3.0) == 1.5
    assert jvp(spring, (1.5, 3.0), (1.0, 0.0)) == (4.5, 3.0)


def test_adjoint_as_a_function() -> None:
    x = np.array([0.5, 2.0])
    np.testing.assert_allclose(vjp(square, x)[1](np.ones(2))[0], 2 * x)


def with_saved(x: Any) -> Any:
    value, _ = exp_and_saved(x)
    return np.sum(value)


def test_several_results_one_of_them_saved_for_the_adjoint() -> None:
    x = np.array([0.5, 2.0])
    np.testing.assert_allclose(grad(with_saved)(x), np.exp(x))
    np.testing.assert_allclose(jvp(with_saved, (x,), (np.ones(2),))[1], np.sum(np.exp(x)))
    check_rule(exp_and_saved, x)


def through_layer(layer: Layer, x: Any) -> Any:
    return np.sum(layer.apply(x) ** 2)


def test_method() -> None:
    np.testing.assert_allclose(grad(through_layer, "x")(Layer(3.0), np.array([1.0, 2.0])), [18.0, 36.0])


def through_c(x: float) -> float:
    return c_sin(x) ** 2


@pytest.mark.skipif(not library_name, reason="no C library found")
def test_function_of_a_c_library() -> None:
    assert grad(through_c)(0.3) == pytest.approx(np.sin(0.6))


def test_one_mode_only() -> None:
    assert jvp(only_forward, (3.0,), (1.0,)) == (9.0, 6.0)
    with pytest.raises(DifferentiationError, match="has no derivative with respect to its argument `x`"):
        grad(only_forward)(3.0)
    with pytest.raises(DifferentiationError):
        jvp(square, (3.0,), (1.0,))


def clashing(x: float) -> float:
    slope = 2.0
    return spring(x, 1.0) * slope


def test_a_name_of_the_rule_that_is_a_variable_is_refused() -> None:
    with pytest.raises(DifferentiationError, match="needs the name `slope`, which is a variable here"):
        grad(clashing)(1.0)


def test_a_wrong_rule_is_found() -> None:
    @ufunc(x="g * 2 * x**2")
    def wrong(x: Any) -> Any:
        return eval("x**3")

    with pytest.raises(AssertionError, match="the adjoint of x in wrong: 8, differences give 12"):
        check_rule(wrong, 2.0)


def test_mistakes_in_declarations() -> None:
    with pytest.raises(TypeError, match="has no parameter 'z'"):
        rule("f(x)", of=lambda x: x, z="g")
    with pytest.raises(TypeError, match="asks for 'q'"):
        rule("f(x)", of=lambda x: x, x=lambda g, q: g)
    with pytest.raises(TypeError, match="no rule is declared"):
        check_rule(slope, 1.0, 2.0)


def test_example_of_a_c_library(capsys: pytest.CaptureFixture[str]) -> None:
    example = Path(s2sad.__file__).parent.parent / "examples" / "c_library.py"
    if library_name and example.exists():
        runpy.run_path(str(example), run_name="__main__")
        assert "radius 5.0000" in capsys.readouterr().out


def entries_of_unknown(a: Any) -> Any:
    z = unread(a)
    return np.sum(z[np.array([0, 0, 1])] ** 2)


@rule(a="2 * g", linear="a")
def unread(a: Any) -> Any:
    return eval("2 * a")


def test_repeated_entries_of_a_result_of_which_nothing_is_known() -> None:
    np.testing.assert_allclose(grad(entries_of_unknown)(np.array([1.0, 2.0])), [16.0, 16.0])
