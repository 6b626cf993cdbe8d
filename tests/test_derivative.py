"""The derivative object: how it is called, what it remembers, what it refuses, how it lives among functions.

The driver is replaced by a table of derivatives written by hand, so that nothing here depends on the compiler.
"""
import copy
import functools
import inspect
import os
import pickle
import stat
import textwrap

import numpy as np
import pytest

import s2sad
from s2sad import DifferentiationError, grad, value_and_grad, vjp
from s2sad.derivatives import derivative
from s2sad.link.load import home_of
from s2sad.quote import quote
from s2sad.request import Program, realize

SCALE = 2.0


def square(x, k=3.0):
    """k times x squared."""
    return k * x ** 2


def spread(x, *args, last=1.0, **kwargs):
    return x


def divide(x, y):
    return x / y


class Model:
    def __init__(self, k):
        self.k = k

    def loss(self, x):
        return self.k * x ** 2

    @grad(wrt="x")
    def decorated(self, x):
        return self.k * x ** 2

    def __call__(self, x):
        return self.k * x ** 2


TEXTS = {
    ("square", "grad"): "def square_grad(x, k=3.0):\n    return 2 * k * x",
    ("square_grad", "grad"): "def square_grad_grad(x, k=3.0):\n    return 2 * k",
    ("square", "value_and_grad"): "def square_value_and_grad(x, k=3.0):\n    return k * x ** 2, 2 * k * x",
    ("square", "vjp"): "def square_vjp(x, k=3.0):\n    def pullback(value_bar):\n        return 2 * k * x * value_bar, x ** 2 * value_bar\n"
                       "    return k * x ** 2, pullback",
    ("spread", "grad"): "def spread_grad(x, *args, last=1.0, **kwargs):\n    return x, args, last, kwargs",
    ("divide", "grad"): "def divide_grad(x, y):\n    z = x / y\n    return z / x",
    ("loss", "grad"): "def loss_grad(self, x):\n    return 2 * self.k * x",
    ("decorated", "grad"): "def decorated_grad(self, x):\n    return 2 * self.k * x",
    ("__call__", "grad"): "def __call___grad(self, x):\n    return 2 * self.k * x",
    ("tanh", "grad"): "def tanh_grad(x):\n    return 1 - np.tanh(x) ** 2",
    ("decorated_square", "grad"): "def decorated_square_grad(x):\n    return 2 * x",
    ("<lambda>", "grad"): "def f_grad(x):\n    return 2 * x * SCALE",
}
generated = []


def generate(function, request, facts):
    generated.append((function.__name__, facts))
    text = TEXTS[function.__name__, request.mode]
    define, = quote(text)
    f = define.function
    return realize(Program((f,), (), {f.name: home_of(function)}, {"np": np}, __file__, 1, function.__name__))


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    derivative._families.clear()
    generated.clear()
    monkeypatch.setattr(derivative, "_generate", generate)


# Calls


def test_it_is_called_as_the_primal_is():
    d = grad(square)
    assert d(2.0) == 12.0
    assert d(2.0, 1.0) == d(2.0, k=1.0) == d(x=2.0, k=1.0) == d(k=1.0, x=2.0) == 4.0


def test_stars_and_keyword_only_parameters():
    d = grad(spread)
    assert d(1.0) == (1.0, (), 1.0, {})
    assert d(1.0, 2.0, 3.0, last=4.0, other=5.0) == (1.0, (2.0, 3.0), 4.0, {"other": 5.0})


def test_a_wrong_call_names_the_function():
    with pytest.raises(TypeError, match=r"square\(\) missing 1 required positional argument: 'x'"):
        grad(square)()
    with pytest.raises(TypeError, match=r"square\(\) takes from 1 to 2 positional arguments but 3 were given"):
        grad(square)(1, 2, 3)


def test_value_and_grad_and_vjp():
    assert value_and_grad(square)(2.0) == (12.0, 12.0)
    value, pullback = vjp(square, 2.0, 3.0)
    assert value == 12.0 and pullback(1.0) == (12.0, 4.0) and pullback(2.0) == (24.0, 8.0)


def test_decorator_forms():
    assert grad()(square)(2.0) == grad(wrt="x")(square)(2.0) == grad(square, "x")(2.0) == 12.0


def test_partials_methods_and_callable_objects():
    model = Model(5.0)
    assert grad(functools.partial(square, k=1.0))(2.0) == 4.0
    assert grad(functools.partial(square, 2.0), wrt="k").request.wrt[0].name == "k"
    assert grad(functools.partial(functools.partial(square, k=1.0), k=2.0))(2.0) == 8.0
    assert grad(model.loss)(2.0) == 20.0
    assert grad(Model.loss, wrt="x")(model, 2.0) == 20.0
    assert grad(model)(2.0) == 20.0
    assert model.decorated(2.0) == 20.0 and Model.decorated(model, 2.0) == 20.0
    assert model.decorated.source.startswith("def decorated_grad(self, x):")
    assert grad(functools.lru_cache(square))(2.0) == 12.0
    assert grad(staticmethod(square))(2.0) == 12.0


def test_lambdas_and_library_functions():
    assert grad(lambda x: SCALE * x ** 2)(3.0) == 12.0
    assert grad(np.tanh)(0.0) == 1.0


def test_a_derivative_of_a_derivative():
    assert grad(grad(square))(5.0) == 6.0
    assert [name for name, _ in generated] == ["square", "square_grad"]


def test_a_wrapper_is_taken_for_what_it_is():
    @functools.wraps(square)
    def wrapper(*args):
        return square(*args)

    assert list(inspect.signature(grad(wrapper)).parameters) == ["args"]


# What is remembered


def test_one_generation_for_one_signature():
    d = grad(square)
    for x in (np.ones(3), np.ones(4), 2 * np.ones(5)):
        assert np.all(d(x) == 6 * x)
    assert len(generated) == 1
    d(1.0), d(2.0), grad(square)(3.0)
    assert len(generated) == 2
    d(np.ones((2, 2))), d(np.ones(1)), d(np.ones(2, np.float32))
    assert len(generated) == 5


def test_equal_sizes_are_part_of_the_signature():
    d = grad(divide)
    d(np.ones(3), np.ones(3)), d(np.ones(4), np.ones(4))
    assert len(generated) == 1
    d(np.ones((2, 3)), np.ones(3))
    assert len(generated) == 2


def test_past_eight_signatures_comes_the_general_form():
    d = grad(square)
    for rank in range(12):
        d(np.ones((2,) * rank))
    assert len(generated) == 9 and generated[-1] == ("square", {})


def test_code_that_is_replaced_in_place_is_seen():
    def square(x, k=3.0):
        return x

    def other(x, k=3.0):
        return 2 * x

    d = grad(square)
    d(1.0), d(1.0)
    square.__code__ = other.__code__
    d(1.0), d(1.0)
    assert len(generated) == 2


def test_globals_that_were_assumed_are_watched(monkeypatch):
    import dataclasses

    holds = True
    monkeypatch.setattr(derivative, "_generate", lambda *a: dataclasses.replace(generate(*a), valid=lambda: holds))
    d = grad(square)
    d(1.0), d(2.0)
    assert len(generated) == 1
    holds = False
    d(1.0)
    assert len(generated) == 2


# Refusals


@pytest.mark.parametrize(("wrt", "message"), [
    ("z", "`square` has no parameter `z`\nhelp: the parameters are `x`, `k`"),
    (2, "`square` has no parameter at position 2\nhelp: the parameters are `x`, `k`"),
    (-1, "wrt=-1: positions of parameters count from 0\nhelp: the parameters are `x`, `k`"),
    (("x", "x"), "wrt names `x` twice\nhelp: name each parameter once"),
    (("x", 0), "wrt names `x` twice\nhelp: name each parameter once"),
    ((), "wrt is empty\nhelp: the parameters are `x`, `k`"),
    (1.0, 'wrt takes names and positions of parameters, not 1.0\nhelp: write wrt="x", wrt=0 or wrt=("x", "y")'),
    (True, 'wrt takes names and positions of parameters, not True\nhelp: write wrt="x", wrt=0 or wrt=("x", "y")'),
])
def test_wrt_that_names_nothing_is_refused(wrt, message):
    with pytest.raises(DifferentiationError) as caught:
        grad(square, wrt)
    assert str(caught.value) == message


def test_what_cannot_be_called_is_a_type_error():
    with pytest.raises(TypeError, match="a function is needed, not int: 3"):
        grad(3)


def test_what_has_neither_source_nor_rule_is_refused():
    with pytest.raises(DifferentiationError, match="`getattr` has no Python source, and no rule is known for it"):
        grad(getattr)


@pytest.mark.parametrize(("value", "message"), [
    (np.arange(3), "cannot differentiate with respect to `x`: an array of integers has no derivative\nhelp: pass x.astype(float)"),
    ({"a": [1.0, np.arange(3)]}, "cannot differentiate with respect to `x`: an array of integers has no derivative\n"
                                 "help: pass x['a'][1].astype(float)"),
    ("text", "cannot differentiate with respect to `x`: it is of type str\n"
             "help: choose parameters that are real numbers or arrays of them with wrt="),
])
def test_arguments_that_have_no_derivative_are_refused(value, message):
    d = grad(square)
    for _ in range(2):
        with pytest.raises(DifferentiationError) as caught:
            d(value)
        assert str(caught.value) == message


def test_wrt_reaches_into_stars():
    assert [tuple(one) for one in grad(spread, (0, 2, "last", "other")).request.wrt] == [
        ("x", None), ("args", 1), ("last", None), ("kwargs", "other")]
    with pytest.raises(DifferentiationError, match="this call gives no `args\\[1\\]` to differentiate with respect to"):
        grad(spread, 2)(1.0, 2.0)


# What users see


def test_signature_name_and_docstring():
    d = grad(square, ("x", "k"))
    assert str(inspect.signature(d)) == "(x, k=3.0)"
    assert d.__name__ == "square_grad" and d.__module__ == __name__
    assert d.__doc__ == "Gradient of `square` with respect to `x`, `k`.\n\nk times x squared."
    assert d.primal is square
    assert repr(d) == "<grad of square with respect to x, k>"
    assert inspect.getsource(d) == d.source
    assert str(inspect.signature(grad(Model(1.0).loss))) == "(x)"


def test_source_is_the_latest_text():
    d = grad(square)
    assert d.source == TEXTS["square", "grad"] + "\n"
    assert s2sad.source(square) == s2sad.source(square, args=(1.0,)) == d.source


def test_save_writes_all_or_nothing(tmp_path):
    path = tmp_path / "gradient.py"
    grad(square).save(path)
    assert path.read_text() == TEXTS["square", "grad"] + "\n"
    os.chmod(path, 0o640)
    grad(square).save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["gradient.py"]
    with pytest.raises(OSError):
        grad(square).save(tmp_path / "nowhere" / "gradient.py")


def test_specialize_gives_the_bare_function():
    bare = grad(square).specialize(1.0)
    assert bare(2.0, 3.0) == 12.0 and bare(2.0) == 12.0
    assert inspect.getsource(bare) == TEXTS["square", "grad"] + "\n"


def test_an_exception_is_the_primals_own_and_names_its_line():
    text = inspect.getsource(divide)
    with pytest.raises(ZeroDivisionError) as expected:
        divide(1.0, 0.0)
    with pytest.raises(ZeroDivisionError) as caught:
        grad(divide)(1.0, 0.0)
    assert str(caught.value) == str(expected.value) and text
    assert caught.traceback[-1].name == "divide_grad"


def test_notebooks_show_the_text():
    bundle = grad(square)._repr_mimebundle_()
    assert "return 2 * k * x" in bundle["text/html"] and bundle["text/markdown"].startswith("```python\ndef square_grad")


# Pickling


@grad
def decorated_square(x):
    return x ** 2


def test_pickling_by_the_path_of_the_primal():
    d = pickle.loads(pickle.dumps(grad(square, ("x",))))
    assert d.primal is square and d(2.0) == (12.0,) or d(2.0) == 12.0
    assert not d.request.single


def test_pickling_where_the_decorator_took_the_name():
    assert pickle.loads(pickle.dumps(decorated_square)) is decorated_square
    other = pickle.loads(pickle.dumps(value_and_grad(decorated_square.primal)))
    assert other.primal is decorated_square.primal and other.request.mode == "value_and_grad"


def test_pickling_of_partials_methods_and_second_derivatives():
    assert pickle.loads(pickle.dumps(grad(functools.partial(square, k=1.0))))(2.0) == 4.0
    assert pickle.loads(pickle.dumps(grad(Model(5.0).loss)))(2.0) == 20.0
    assert pickle.loads(pickle.dumps(grad(grad(square))))(2.0) == 6.0


def test_what_python_cannot_pickle_is_refused_by_pickle():
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(grad(lambda x: x))


def test_copies_are_the_same_object():
    d = grad(lambda x: x)
    assert copy.copy(d) is d and copy.deepcopy([d])[0] is d


def test_the_readme_of_the_package_is_its_docstring():
    assert "grad" in textwrap.dedent(s2sad.__doc__)
