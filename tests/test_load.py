"""Generated text comes alive: names, cells, line numbers, tracebacks."""
import ast
import inspect
import linecache
import traceback
import types

import numpy as np
import pytest

from s2sad import core
from s2sad.emit import Text
from s2sad.link.load import Home, add_user_line, home_of, load, register

FACTOR = 3.0


def text_of(source, **lines):
    return Text(source, {int(k[1:]): core.Place(v, 0, v, 1) for k, v in lines.items()}, ast.parse(source))


def test_globals_are_read_live_and_nothing_is_written(monkeypatch):
    before = set(globals())
    f = load(text_of("def f(x):\n    return np_ * FACTOR * x\n"), {"f": Home(globals())}, {"np_": 2})["f"]
    assert f(1.0) == 6.0
    monkeypatch.setitem(globals(), "FACTOR", 5.0)
    assert f(1.0) == 10.0
    assert set(globals()) == before


def test_captured_variables_are_the_users_own_cells():
    def outer():
        k = 2.0

        def f(x):
            return k * x

        def change(value):
            nonlocal k
            k = value
        return f, change

    f, change = outer()
    f_grad = load(text_of("def f_grad(x):\n    return k\n"), {"f_grad": home_of(f)})["f_grad"]
    assert f_grad(1.0) == 2.0
    change(7.0)
    assert f_grad(1.0) == 7.0


def test_two_closures_of_one_factory_stay_apart():
    def outer(k):
        return lambda x: k * x

    text = text_of("def d(x):\n    return k\n")
    assert [load(text, {"d": home_of(outer(k))})["d"](0) for k in (1, 2)] == [1, 2]


def test_functions_of_one_text_find_each_other_and_live_in_their_own_modules():
    source = "def even(n):\n    return n == 0 or odd(n - 1)\n\n\ndef odd(n):\n    return n != 0 and even(n - 1) and K\n"
    functions = load(text_of(source), {"even": Home({"K": 1}), "odd": Home({"K": "odd"})})
    assert functions["even"](2) == "odd"
    assert functions["odd"].__qualname__ == "odd"


def test_defaults_come_from_the_home_and_are_not_evaluated():
    source = "def f(a, b=undefined(), *, c=undefined):\n    return a, b, c\n"
    f = load(text_of(source), {"f": Home({}, {}, (2,), {"c": 3})})["f"]
    assert f(1) == (1, 2, 3)


def test_imports_of_the_text_are_not_executed():
    f = load(text_of("import nowhere\n\n\ndef f():\n    return nowhere\n"), {"f": Home({})}, {"nowhere": 1})["f"]
    assert f() == 1 and f.__code__.co_firstlineno == 4


def test_nested_functions_are_named_without_the_factory():
    f = load(text_of("def f(x):\n    return lambda: x\n"), {"f": Home({})})["f"]
    assert f(1).__qualname__ == "f.<locals>.<lambda>"


def test_source_and_lines_are_those_of_the_text():
    text = text_of("import numpy as np\n\n\ndef f(x):\n    y = 1 / x\n    return y\n", _5=12)
    filename = register(text, "f", __file__, 12, "primal")
    f = load(text, {"f": Home(globals())}, {"np": np}, filename)["f"]
    assert inspect.getsource(f) == "def f(x):\n    y = 1 / x\n    return y\n"
    assert inspect.getsourcelines(f)[1] == 4
    with pytest.raises(ZeroDivisionError) as caught:
        f(0)
    assert traceback.extract_tb(caught.tb)[-1].line == "y = 1 / x"
    assert traceback.extract_tb(caught.tb)[-1].lineno == 5
    linecache.checkcache()
    assert inspect.getsource(f).startswith("def f(x)")


def test_an_error_is_noted_with_the_users_line_once():
    text = text_of("def f(x):\n    return 1 / x\n", _2=7)
    f = load(text, {"f": Home({})}, {}, register(text, "f", __file__, 5, "primal"))["f"]
    with pytest.raises(ZeroDivisionError) as caught:
        f(0)
    add_user_line(caught.value)
    add_user_line(caught.value)
    note, = caught.value.__notes__
    assert f'File "{__file__}", line 7, in primal' in note and "import traceback" not in note
    assert linecache.getline(__file__, 7).strip() in note


def test_the_note_sees_through_derivatives_of_derivatives():
    first = text_of("def f(x):\n    return 1 / x\n", _2=7)
    name = register(first, "f", __file__, 5, "primal")
    second = text_of("def g(x):\n\n    return 1 / x\n", _3=2)
    g = load(second, {"g": Home({})}, {}, register(second, "g", name, 1, "f"))["g"]
    with pytest.raises(ZeroDivisionError) as caught:
        g(0)
    add_user_line(caught.value)
    assert f'File "{__file__}", line 7, in primal' in caught.value.__notes__[0]


def test_file_names_are_deterministic_and_distinct():
    a, b = text_of("def f():\n    return 1\n"), text_of("def f():\n    return 2\n")
    names = [register(t, "f", "/somewhere/m.py", 3, "m") for t in (a, b, a)]
    assert names == ["<s2sad f of m.py:3>", "<s2sad f of m.py:3 (2)>", "<s2sad f of m.py:3>"]


def test_a_loaded_function_is_a_plain_function():
    f = load(text_of("def f(x):\n    return x\n"), {"f": Home(globals())})["f"]
    assert isinstance(f, types.FunctionType) and f.__module__ == __name__ and not hasattr(f, "__wrapped__")
