"""Refusals of syntax: each message, word for word."""
from __future__ import annotations

import pickle
import traceback
from textwrap import dedent

import numpy as np
import pytest

import s2sad
from s2sad.core import Place
from s2sad.errors import DifferentiationError, refuse
from s2sad.reading.check import REFUSED, check
from s2sad.reading.parse import parse
from s2sad.reading.read import read_file

# The statements; the line and column; what is refused; the excerpt; the way out.
TABLE = [
    ("yield x * 2", "2:5", "a generator function", "yield x * 2",
     "differentiate the function that uses what it yields, or build a list and return it"),
    ("y = yield x", "2:9", "the value of `yield`, which makes a coroutine", "yield x", "build a list and return it"),
    ("y = [(yield from x)]", "2:11", "the value of `yield from`, which makes a coroutine", "yield from x", "build a list and return it"),
    ("try:\n    y = 1\nexcept* ValueError:\n    pass", "2:5", "`except*`", "try:",
     "test for the condition beforehand with `if`, or move the `try` to the caller"),
    ("for y in x:\n    try:\n        pass\n    finally:\n        break", "6:13", "a jump out of `finally`", "break",
     "let the `finally` run to its end, and jump after the `try`"),
    ("class A: pass", "2:5", "a class defined inside a function", "class A: pass", "define the class at the top level of the module"),
    ("async def g():\n    pass", "2:5", "an `async` function", "async def g():", "write it as a plain function"),
    ("return sum(y for z in x if (y := z))", "2:33", "an assignment expression in a comprehension", "y := z",
     "write a loop, or a `def`, with an assignment of its own"),
    ("return lambda: (y := x)", "2:21", "an assignment expression in a lambda or a default value", "y := x",
     "write a loop, or a `def`, with an assignment of its own"),
    ("def g(a=(b := x)): return a", "2:14", "an assignment expression in a lambda or a default value", "b := x",
     "write a loop, or a `def`, with an assignment of its own"),
    ("y = locals()", "2:9", "`locals()`, which reads the variables of its caller", "locals()", "name the variables one by one"),
    ("y = vars()", "2:9", "`vars()`, which reads the variables of its caller", "vars()", "name the attributes one by one"),
    ("y = eval('x')", "2:9", "`eval()`, which reads the variables of its caller", "eval('x')", "write the expression out"),
    ("exec('y = x')", "2:5", "`exec()`, which reads the variables of its caller", "exec('y = x')", "write the statements out"),
    ("y = super().f(x)", "2:9", "`super()`, which reads the variables of its caller", "super()",
     "name the class: `Base.method(self, ...)`"),
    ("y = __class__", "2:9", "`__class__`", "__class__", "name the class"),
]


def refusal(text: str, name: str = "f") -> DifferentiationError:
    source = read_file("<model>", name, text)
    with pytest.raises(DifferentiationError) as refused:
        check(parse(source), source)
    return refused.value


def function(body: str, head: str = "def f(x):") -> str:
    return f"{head}\n" + "".join(f"    {line}\n" for line in body.split("\n"))


@pytest.mark.parametrize(("body", "at", "what", "excerpt", "help"), TABLE, ids=[body for body, *_ in TABLE])
def test_messages(body, at, what, excerpt, help):
    text = function(body)
    line, column = map(int, at.split(":"))
    shown = text.split("\n")[line - 1]
    error = refusal(text)
    assert str(error) == (f"<model>:{at}: cannot differentiate through {what}\n"
                          f"{line:>6} | {shown}\n"
                          f"       | {' ' * (column - 1)}{'^' * len(excerpt)}\n"
                          f"help: {help}")
    assert (error.filename, error.lineno, error.offset, error.text) == ("<model>", line, column, shown)


@pytest.mark.parametrize(("text", "what"), [
    ("async def f(x): return x", "an `async` function"),
    (function("await x", "async def f(x):"), "an `async` function"),
])
def test_asynchronous(text, what):
    assert refusal(text).msg == f"cannot differentiate through {what}"


def test_every_refusal_of_a_statement_is_tested():
    inside_async_only = {"AsyncFor", "AsyncWith", "Await"}
    newer_than_python = {"TypeAlias", "TemplateStr"}
    tested = " ".join(what for _, _, what, _, _ in TABLE)
    assert all(what in tested for kind, (what, _) in REFUSED.items() if kind not in inside_async_only | newer_than_python)


@pytest.mark.parametrize("body", [
    "locals = f\nreturn locals()",
    "return vars(x)['y']",
    "return super(A, x).f()",
    "def g(): return (z := x)\nreturn g()",
    "y: eval('int') = 1",
    "return f'{(z := x)}'",
])
def test_inside_the_fence(body):
    source = read_file("<model>", "f", function(body))
    assert check(parse(source), source) is not None


def test_the_error_is_a_syntax_error_that_python_shows_well():
    error = refusal(function("é = (1 +\n  (yield x))"))
    assert isinstance(error, SyntaxError)
    shown = "".join(traceback.format_exception(error))
    assert 'File "<model>", line 3' in shown and "help: build a list and return it" in shown and "cannot differentiate through the value of `yield`" in shown
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) and again.help == error.help


def test_excerpts():
    text = dedent("""\
        def f(x):
        \treturn g(x,
        \t         y,

        \t         z)
        """)
    source = read_file("<model>", "f", text)
    assert refuse("no", Place(2, 8, 2, 12), source, "").excerpt == "     2 | \treturn g(x,\n       | \t       ^^^^"
    assert str(refuse("no", Place(2, 8, 5, 12), source, "go")) == (
        "<model>:2:9: no\n"
        "     2 | \treturn g(x,\n"
        "       | \t       ^^^^\n"
        "     3 | \t         y,\n"
        "       | \t         ^^\n"
        "     4 |\n"
        "   ... |\n"
        "help: go")
    assert str(refuse("no", None, source, "go")) == "<model>:1: no\nhelp: go"
    assert str(refuse("no", None, None, "go")) == "no\nhelp: go"
    assert str(refuse("no", None, None, "")) == "no"


def without_source(text):
    """What a function defined by a text that no file holds gives: its source cannot be found."""
    namespace = {"np": np}
    exec(text, namespace)
    return namespace


WRITERS = without_source("""
def put(a, x):
    a[0] = x
    return 1.0
class Holder:
    def __init__(self, v):
        self.v = v
    def put(self, x):
        self.v[0] = x
""")


def written_by_a_call(x):
    a = np.ones(3)
    WRITERS["put"](a, x)
    return np.sum(a)


def written_in_a_test(x):
    a = np.ones(3)
    if WRITERS["put"](a, x) > 0:
        return np.sum(a)
    return 0.0


def written_by_a_method(x):
    a = np.ones(3)
    holder = WRITERS["Holder"](a)
    holder.put(x)
    return np.sum(a)


def filled_where_nothing_is_known(x):
    a = np.ones(3)
    holder = WRITERS["Holder"](a)
    holder.v.fill(x)
    return np.sum(a)


@pytest.mark.parametrize("f", [written_by_a_call, written_in_a_test, written_by_a_method, filled_where_nothing_is_known])
def test_calls_that_may_carry_what_varies_into_an_object_are_refused(f):
    for derivative in (s2sad.grad(f), lambda x: s2sad.jvp(f, (x,), (1.0,))):
        with pytest.raises(s2sad.DifferentiationError):
            derivative(2.0)
