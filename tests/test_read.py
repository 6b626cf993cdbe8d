"""Finding the text of functions, live and in files, and what their names refer to."""
from __future__ import annotations

import functools
import linecache
import math
import os
import textwrap

import gast
import numpy as np
import pytest

from s2sad import core
from s2sad.errors import DifferentiationError
from s2sad.quote import quote_expr
from s2sad.reading.parse import parse
from s2sad.reading.read import UNRESOLVED, StaticFunction, functions_in, read, read_file

SCALE = 3.0


def text_of(function) -> str:
    return gast.unparse(parse(read(function))).strip()


def plain(x, y=2):
    # a comment
    return (x *
y
)


def keep(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper


def ignored(function):
    return function


@ignored
@ignored
def decorated(x):
    """Doc
at column 0.
"""
    return x


def one_line(x): return x + 1  # noqa: E704


wrapped = keep(plain)
squares = [lambda x: x ** 2, lambda y: y ** 2, lambda x: x ** 3]
both = (lambda x: lambda y: x + y)
named = lambda x: (  # noqa: E731
    x + 1
)


class Model:
    def loss(self, x):
        return self.w * x

    @staticmethod
    def still(x):
        return x

    class Inner:
        def loss(self, x):
            def local():
                return self.__w
            return local


def factory(scale):
    def scaled(x):
        return scale * x
    return scaled


def test_functions():
    assert text_of(plain) == "def plain(x, y=2):\n    return x * y"
    assert text_of(one_line) == "def one_line(x):\n    return x + 1"
    assert text_of(decorated).endswith("return x")
    assert text_of(wrapped) == "@functools.wraps(function)\ndef wrapper(*args):\n    return function(*args)"
    assert text_of(factory(2)) == "def scaled(x):\n    return scale * x"
    assert text_of(Model().loss) == text_of(Model.loss) == "def loss(self, x):\n    return self.w * x"
    assert text_of(Model.still).endswith("return x")


def test_lambdas():
    assert [text_of(f) for f in squares] == [f"def f({v}):\n    return {v} ** {n}" for v, n in (("x", 2), ("y", 2), ("x", 3))]
    assert text_of(both) == "def both(x):\n    return lambda y: x + y"
    assert text_of(both(1)) == "def f(y):\n    return x + y"
    assert text_of(named) == "def named(x):\n    return x + 1"
    assert [text_of(f) for f in (lambda x: 1, lambda x: 2, lambda x: x)] == [f"def f(x):\n    return {v}" for v in "12x"]


def test_places():
    source = read(plain)
    assert source.path == os.path.abspath(__file__)
    assert source.lines[source.first_line - 1] == "def plain(x, y=2):"
    assert parse(source).body[0].lineno == source.first_line + 2
    assert read(squares[1]).node.col_offset == source.lines[read(squares[1]).first_line - 1].index("lambda y")
    assert read(Model.Inner().loss(1)).owner == "Inner"
    assert read(factory(1)).owner == ""


def test_functions_without_a_file():
    text = "def f(x):\n    return x * 2\n"
    linecache.cache["<session 1>"] = (len(text), None, text.splitlines(True), "<session 1>")
    namespace = {}
    exec(compile(text, "<session 1>", "exec"), namespace)
    assert text_of(namespace["f"]) == text.strip()
    assert read(namespace["f"]).path == "<session 1>"


def test_doctest_functions():
    """
    >>> def double(x):
    ...     return 2 * x
    >>> print(text_of(double))
    def double(x):
        return 2 * x
    """
    import doctest

    finder = doctest.DocTestFinder(recurse=False)
    (example,) = finder.find(test_doctest_functions, globs={"text_of": text_of})
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0


def test_no_source():
    namespace = {}
    exec("def f(x): return x", namespace)
    with pytest.raises(DifferentiationError) as refused:
        read(namespace["f"])
    assert str(refused.value) == ("the source of `f` is not available (<string>, line 1)\n"
                                  "help: define the function in a file, or declare its derivative as a rule")
    with pytest.raises(DifferentiationError) as refused:
        read(len)
    assert str(refused.value) == "`len` has no Python source to differentiate\nhelp: declare its derivative as a rule"


def test_a_file_that_changed(tmp_path):
    path = tmp_path / "changed.py"
    path.write_text("def f(x):\n    return x\n")
    namespace = {}
    exec(compile(path.read_text(), str(path), "exec"), namespace)
    path.write_text("def g(x):\n    return x * 2\n")
    with pytest.raises(DifferentiationError, match="does not stand in .*changed.py at line 1"):
        read(namespace["f"])


def resolved(source, text, *local):
    return source.scope.resolve(quote_expr(text), frozenset(local))


def test_live_names():
    scale = 5.0

    def f(x):
        return x * scale + later

    source = read(f)
    assert resolved(source, "np.linalg.norm") is np.linalg.norm
    assert resolved(source, "math.sin") is math.sin
    assert resolved(source, "abs") is abs
    assert resolved(source, "abs", "abs") is UNRESOLVED
    assert resolved(source, "SCALE") == 3.0
    assert resolved(source, "scale") == 5.0
    assert resolved(source, "later") is UNRESOLVED
    assert resolved(source, "nothing.at.all") is UNRESOLVED
    assert resolved(source, "np.nothing") is UNRESOLVED
    assert resolved(source, "Model.still") is Model.still
    assert resolved(source, "f(x)") is UNRESOLVED
    later = 1.0
    assert resolved(source, "later") == 1.0
    assert f(1.0) == 6.0


FILE = textwrap.dedent('''
    """A module that is never run."""
    from __future__ import annotations
    import numpy as np, math
    import numpy.linalg
    from numpy import sin as s, linalg as la
    from .private import secret
    import mymodule
    raise SystemExit

    K = -2.5
    tanh = np.tanh
    twice = 1
    twice = 2
    changed = 3
    for i in range(3): pass
    square = lambda x: x ** 2

    def f(x):
        global changed
        return g(x)

    def g(x): return square(x)

    @mymodule.jit
    def fast(x): return x

    def _hidden(x): return x

    class Model:
        rate = 1
        def loss(self, x): return x

    if K:
        def conditional(x): return x
    abs = mymodule.abs
    a = b
    b = a
''')


def test_files():
    assert functions_in("<file>", FILE) == ["square", "f", "g", "fast"]
    source = read_file("<file>", "f", FILE)
    expected = {"np": np, "math.exp": math.exp, "numpy.linalg.norm": np.linalg.norm, "s": np.sin, "la.det": np.linalg.det, "K": -2.5,
                "tanh": np.tanh, "len": len, "max": max}
    for text, value in expected.items():
        assert resolved(source, text) is value or resolved(source, text) == value, text
    for text in ("secret", "mymodule.f", "twice", "changed", "i", "fast", "abs", "Model", "nothing", "f.x", "a"):
        assert resolved(source, text) is UNRESOLVED, text
    g = resolved(source, "g")
    assert g == StaticFunction("<file>", "g", FILE) and hash(g)
    assert gast.unparse(parse(g.source)).strip() == "def g(x):\n    return square(x)"
    assert gast.unparse(parse(resolved(source, "square").source)).strip() == "def square(x):\n    return x ** 2"
    assert gast.unparse(parse(read_file("<file>", "Model.loss", FILE))).strip() == "def loss(self, x):\n    return x"


def test_star_imports():
    source = read_file("<file>", "f", "from math import *\nfrom numpy import *\ndef f(x): return sin(x)\n")
    assert resolved(source, "cosh") is UNRESOLVED  # of both
    assert resolved(source, "outer") is np.outer
    source = read_file("<file>", "f", "from somewhere import *\ndef f(x): return len(x)\n")
    assert resolved(source, "len") is UNRESOLVED


def test_files_on_disk(tmp_path, monkeypatch):
    (tmp_path / "model.py").write_bytes("# -*- coding: latin-1 -*-\r\nlabel = 'é'\r\ndef f(x):\r\n    return x\r\n".encode("latin-1"))
    monkeypatch.chdir(tmp_path)
    source = read_file("model.py", "f")
    assert source.path == str(tmp_path / "model.py")
    assert source.lines[1] == "label = 'é'" and resolved(source, "label") == "é"
    with pytest.raises(DifferentiationError) as refused:
        read_file("model.py", "g")
    assert str(refused.value) == (f"{tmp_path / 'model.py'}:1:1: no function `g`\nhelp: name a function that the file defines at its top level")
    with pytest.raises(FileNotFoundError):
        read_file("nothing.py", "f")
    assert isinstance(quote_expr("x"), core.Name)
