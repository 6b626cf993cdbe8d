"""Tidying of whole functions: before and after, and what must not change."""
from __future__ import annotations

import numpy as np
import pytest

from s2sad import core
from s2sad.emit import emit
from s2sad.facts import FLOAT, INT, Fact, Number
from s2sad.facts.dims import dim
from s2sad.infer import infer
from s2sad.meaning.semantics import Semantics
from s2sad.quote import quote
from s2sad.reading.read import read
from s2sad.tidy import effects, passes

VECTOR = Number("f", "float64", (dim("n", 2),), "array")
FACTS: dict[str, Fact] = {"x": VECTOR, "u": VECTOR, "a": FLOAT, "b": FLOAT, "g": FLOAT, "n": INT}


def home() -> object:
    return np


def tidied(text: str, own: tuple[str, ...] = ("x", "u", "a", "b", "n", "s", "y", "i")) -> str:
    """The text of a function with parameters x, u, a, b, g, n after tidying; the forward sweep ends where `REVERSE` stands."""
    first, mark, second = text.partition("REVERSE\n")
    blocks = (quote(first), (core.Comment("reverse sweep"),) if mark else (), quote(second))
    body = tuple(stmt for block in blocks for stmt in block)
    function = core.Function("f", tuple(core.Param(name) for name in FACTS), body)
    semantics = Semantics.of(function, read(home))
    known = infer(function, FACTS, semantics.scope)
    tidy = passes.tidy(function, known, semantics, frozenset(own), frozenset(own), "reverse sweep", False)
    lines = emit([tidy]).text.splitlines()[1:]
    return "\n".join(line[4:] for line in lines if "reverse sweep" not in line) + "\n"


CHANGED = {
    "a part that ends and begins again": ("""
y = x.copy()
REVERSE
y_bar = 2 * y
t_bar = y_bar[0]
y_bar[0] = 0.0
y_bar[0] += a * x[1]
y_bar[1] = t_bar
y_bar[1] += -np.sum(x)
return y_bar
""", """
y = x.copy()
y_bar = 2 * y
t_bar = y_bar[0]
y_bar[0] = a * x[1]
y_bar[1] = t_bar - np.sum(x)
return y_bar
"""),
    "a part that is added to": ("""
y = x.copy()
REVERSE
y_bar = 2 * y
y_bar[1:] = y_bar[1:] + a * x[1:]
y_bar[1:] += -x[:-1]
return y_bar
""", """
y = x.copy()
y_bar = 2 * y
y_bar[1:] += a * x[1:]
y_bar[1:] -= x[:-1]
return y_bar
"""),
    "the adjoint of a mean": ("""
t = x - u
t_2 = t ** 2
y = np.mean(t_2)
REVERSE
t_2_bar = np.full_like(t_2, 1.0 / t_2.size)
t_bar = 2 * t_2_bar * t
return t_bar
""", """
t = x - u
t_bar = 2 / t.size * t
return t_bar
"""),
    "a loop that no one needs": ("""
s = 0.0
for i in range(len(x)):
    s += x[i] ** 2
REVERSE
x_bar = np.zeros_like(x)
for i in reversed(range(len(x))):
    x_bar[i] += 2 * x[i]
return x_bar
""", """
x_bar = np.zeros_like(x)
for i in reversed(range(len(x))):
    x_bar[i] += 2 * x[i]
return x_bar
"""),
    "a constant, through a loop": ("""
REVERSE
s_bar = 1.0
x_bar = np.zeros_like(x)
for i in range(n):
    x_bar[i] += 2 * s_bar * x[i]
return x_bar
""", """
x_bar = np.zeros_like(x)
for i in range(n):
    x_bar[i] += 2 * x[i]
return x_bar
"""),
    "copies and what is read once": ("""
REVERSE
u_bar = 2 * u
t_bar = u_bar * np.cos(x)
b_bar = u_bar
return t_bar + b_bar
""", """
u_bar = 2 * u
t_bar = u_bar * np.cos(x)
return t_bar + u_bar
"""),
    "sums go on": ("""
REVERSE
a_bar = 0.0
x_bar = np.zeros_like(x)
for i in range(n):
    a_bar = a_bar + b * i
    a_bar = a_bar - i
    x_bar = x_bar - a * u
return a_bar, x_bar
""", """
a_bar = 0.0
x_bar = np.zeros_like(x)
for i in range(n):
    a_bar += b * i - i
    x_bar -= a * u
return a_bar, x_bar
"""),
    "a stack that no one reads": ("""
x_stack = []
for i in range(n):
    x_stack.append(a)
    a = a * b
REVERSE
while x_stack:
    a = x_stack.pop()
return b
""", """
return b
"""),
    "an array that another name shares is not added to in place": ("""
REVERSE
x_bar = 2 * x
y_bar = x_bar
for i in range(n):
    x_bar = x_bar + u
return x_bar, y_bar
""", """
x_bar = 2 * x
y_bar = x_bar
for i in range(n):
    x_bar = x_bar + u
return x_bar, y_bar
"""),
}
UNCHANGED = {
    "a part that ends and is added to from its own memory": """
REVERSE
y_bar = 2 * x
z_bar = y_bar[1:]
y_bar[1] = 0.0
y_bar[1] += a * z_bar[0]
return y_bar, z_bar
""",
    "what may raise": """
s = a / b
REVERSE
return a
""",
    "what is printed": """
print(a)
REVERSE
return b
""",
    "a value that changes before it is read": """
REVERSE
t = 2 * u
u_bar = u.copy()
u_bar[0] = 1.0
t_2 = 3 * u_bar
u_bar[1] = 2.0
return t + t_2, u_bar
""",
    "what is computed before a loop stays before it": """
REVERSE
t = np.exp(x)
x_bar = np.zeros_like(x)
for i in range(n):
    x_bar += i * t
return x_bar
""",
    "what is stored goes into the variable that goes on holding it": """
REVERSE
x_bar = np.zeros_like(x)
u_bar = 2 * x
for i in range(n):
    y_bar = u_bar
    u_bar = x_bar
    u_bar[0] += y_bar[1]
    x_bar = np.zeros_like(x)
    x_bar[1] -= y_bar[2]
return u_bar + x_bar
""",
}


@pytest.mark.parametrize("case", CHANGED)
def test_changed(case: str) -> None:
    before, after = CHANGED[case]
    assert tidied(before.lstrip()) == after.lstrip()


@pytest.mark.parametrize("case", UNCHANGED)
def test_unchanged(case: str) -> None:
    before = UNCHANGED[case].lstrip()
    assert tidied(before) == before.replace("REVERSE\n", "")


def test_a_function_of_the_runtime_that_nobody_listed_may_do_anything() -> None:
    assert effects.is_computing("zeros") and effects.is_computing("adjoint_of_sort")
    assert not effects.is_computing("put_in") and not effects.is_computing("a_new_one")
