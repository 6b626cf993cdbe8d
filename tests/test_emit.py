"""Core Python to text: the same meaning, the same bytes, lines that fit and lines that are known."""
import ast
import subprocess
import sys

import pytest

from s2sad import core
from s2sad.emit import emit, emit_expression
from s2sad.emit.tree import constant_tree
from s2sad.emit.wrap import wrap
from s2sad.quote import quote, quote_expr

EXPRESSIONS = """
2 * r
r ** 2
-x ** 2
(-x) ** 2
x ** -2
(x ** y) ** z
x ** y ** z
(-1) ** n
-(a * b)
a - (b - c)
a - b - c
a / (b * c)
W.T @ (r_bar @ h)
(W2.T @ r_bar) * (1 - h ** 2)
(a + b).sum()
(2).bit_length()
2.0 .is_integer()
-x.sum()
(-x).sum()
np.sum(x ** 2, axis=0, keepdims=True)
f(*args, **kwargs)
f(*(a or b), **(c or d))
f(x for x in xs)
f((x for x in xs), 1)
A[i, k + 1:]
u[1:-1]
u[::2]
u[::-1, None, ...]
x[()]
x[i,]
x[(1, 2), 3]
x[*index]
not a
not a in b
a not in b
a is not None
a < b <= c
a and b or c
a and (b or c)
a if b else c
(a if b else c) if d else e
a if b else c if d else e
lambda: 0
lambda x, *y, z=1, **w: x + z
(lambda x: x)(1)
[a * b for a in xs if a > 0 if b]
{a + b for a in xs}
{a + b: c for a, b in xs}
{**a, (b, c): d}
{1, 2}
[*a, *b]
(a,)
()
[]
f"{x}"
f"{x!r:>{width}.3f} and {{braces}} {x['key']}"
f'{"double"} and {y}'
f"{ {1: 2}[1] }"
f"line\\n{x}"
"it's"
'say "no"'
"both ' and \\" and \\\\"
b"bytes"
...
1e300
0x10
1_000
3j
""".strip().split("\n")


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_keeps_its_meaning(text):
    printed = emit_expression(quote_expr(text))
    assert ast.dump(ast.parse(printed)) == ast.dump(ast.parse(text))


@pytest.mark.parametrize("text", [
    "2 * r", "r ** 2", "-x ** 2", "(-x) ** 2", "a - (b - c)", "A[i, k + 1:]", "u[1:-1]", "(W2.T @ r_bar) * (1 - h ** 2)",
    "lambda: 0", "[a * b for a in xs]", "{a + b: c for a, b in xs}", "f(x for x in xs)", "f(a + b, c=d)", "x[()]", "(a,)",
    'f"{x:.3f} {y!r}"', '"text"', "not a", "a < b <= c",
])
def test_an_expression_is_printed_as_a_person_writes_it(text):
    assert emit_expression(quote_expr(text)) == text


@pytest.mark.parametrize("value", [-1, -2.5, 0.0, -0.0, float("inf"), -float("inf"), 1 + 2j, -1 - 2j, 2j, -2j, True, None, 10 ** 30, "a"])
def test_a_constant_evaluates_to_itself(value):
    expression = core.BinOp("**", core.Const(value), core.Name("n"))
    ast.parse(emit_expression(expression))
    assert repr(eval(ast.unparse(constant_tree(value)))) == repr(value)


def test_numpy_scalars_become_python_numbers():
    np = pytest.importorskip("numpy")
    assert emit_expression(core.Const(np.float64(3.0))) == "3.0"
    assert emit_expression(core.Call(core.Name("f"), (core.Const(np.int64(-3)),))) == "f(-3)"


STATEMENTS = """
a = b
a, b = b, a
a, (b, *c) = d
x[i] += y
a.b = c
x **= 2
x @= y
if a:
    b = 1
elif c:
    b = 2
else:
    b = 3
while not done:
    if a:
        break
    continue
for i in reversed(range(n)):
    pass
for i, (a, b) in enumerate(zip(xs, ys)):
    f(i)
assert a > 0, f"{a} is not positive"
raise ValueError("no") from error
del a, b[0]
import numpy as np
import os.path
from math import sin as s
print("x", end="")
def inner(a, /, b: int=1, *args, c, d=2, **kwargs):
    return a, b
""".strip()


def function_of(block, name="f", params=(), doc=""):
    return core.Function(name, tuple(core.Param(p) for p in params), block, doc=doc)


def test_statements_keep_their_meaning():
    emitted = emit([function_of(quote(STATEMENTS))]).text
    expected = "def f():\n" + "".join(f"    {line}\n" for line in STATEMENTS.split("\n"))
    assert ast.dump(ast.parse(emitted)) == ast.dump(ast.parse(expected))


def test_a_function_reads_like_the_targets():
    block = (
        core.Comment("forward sweep"), *quote("h = np.tanh(W1 @ x + b1)\nr = W2 @ h + b2 - y"),
        core.Comment("reverse sweep"), *quote("r_bar = 2 * r\nb_bar = np.outer(r_bar, h)"),
        core.Return(quote_expr("(r_bar, b_bar)")))
    f = function_of(block, "mlp_loss_grad", ("W1", "b1", "W2", "b2", "x", "y"), doc="Gradient of `mlp_loss`.")
    g = function_of((core.Return(core.Const(None)),), "nothing")
    assert emit([f, g], [core.Import("np", "numpy")]).text == '''\
import numpy as np


def mlp_loss_grad(W1, b1, W2, b2, x, y):
    """Gradient of `mlp_loss`."""
    # forward sweep
    h = np.tanh(W1 @ x + b1)
    r = W2 @ h + b2 - y
    # reverse sweep
    r_bar = 2 * r
    b_bar = np.outer(r_bar, h)
    return r_bar, b_bar


def nothing():
    return
'''


def test_a_block_of_comments_gets_a_pass():
    assert emit([function_of((core.Comment("nothing to do"),))]).text == "def f():\n    # nothing to do\n    pass\n"


@pytest.mark.parametrize("doc", ["one line", "two\n    lines\n    ", 'ends with "quote"', "back\\slash", 'has """ inside', "tab\there", "é"])
def test_docstrings_survive(doc):
    text = emit([function_of(quote("return 1"), doc=doc)]).text
    assert ast.get_docstring(ast.parse(text).body[0], clean=False) == doc


def test_the_line_map_follows_statements_through_breaks_and_comments():
    long = "total = " + " + ".join(f"coefficient_{i} * variable_{i}" for i in range(8))
    first, second, branch = quote(long)[0], quote("y = f(x)")[0], quote("if y:\n    z = 1")[0]
    block = (core.Comment("forward sweep"), core.Assign(first.target, first.value, at=core.Place(4, 0, 4, 9)),
             core.Assign(second.target, second.value, at=core.Place(5, 0, 5, 9)),
             core.If(branch.test, branch.body, at=core.Place(6, 0, 8, 9)))
    text = emit([function_of(block)])
    lines = text.text.split("\n")
    broken = [n for n, place in text.line_map.items() if place.line == 4]
    assert len(broken) == 3 and lines[broken[0] - 1].strip().startswith("total = (")
    assert [lines[n - 1].strip() for n, place in text.line_map.items() if place.line == 5] == ["y = f(x)"]
    assert [lines[n - 1].strip() for n, place in text.line_map.items() if place.line == 6] == ["if y:"]


LONG = [
    "x_bar = " + " + ".join(f"some_name_{i} * other_name_{i}" for i in range(12)),
    "return " + ", ".join(f"parameter_{i}_bar" for i in range(20)),
    "x = np.concatenate((" + ", ".join(f"np.zeros_like(argument_{i})" for i in range(9)) + "), axis=0)",
    "def function(" + ", ".join(f"parameter_{i}" for i in range(20)) + "):\n    pass",
    "if " + " and ".join(f"condition_{i} > threshold_{i}" for i in range(9)) + ":\n    pass",
    "x[i, j] -= np.sum(lap * u_bar[1:-1] * np.exp(-(a_long_name - another_long_name) ** 2), axis=0) / (normalisation_constant * 2)",
    "y = f'{a}, {b}' + " + " + ".join(f"'({i}, [' + name_{i}" for i in range(14)),
    "while " + " or ".join(f"f(argument_{i}, [x, y, z])" for i in range(9)) + ":\n    break",
    "a, b, c = function_of_x(first_argument, second_argument, third_argument), function_of_y(first_argument, second_argument)",
    "z = [" + ", ".join(f"alpha_{i} if beta_{i} else gamma_{i}" for i in range(9)) + "]",
    "w = [item * scale for item in sorted(collection_of_items, key=function_of_item) if item is not None and item not in excluded]",
    "assert " + "first_quantity_of_interest + " * 5 + "x > 0, 'some message'",
]


@pytest.mark.parametrize("text", LONG)
def test_long_lines_are_broken_and_mean_the_same(text):
    printed = emit([function_of(quote(text))]).text
    expected = "def f():\n" + "".join(f"    {line}\n" for line in text.split("\n"))
    assert ast.dump(ast.parse(printed)) == ast.dump(ast.parse(expected))
    if not text.startswith("assert"):
        assert max(map(len, printed.split("\n"))) <= 100


def test_breaks_stand_outside_and_under_their_bracket():
    line = "    u_bar[1:-1] += dt * np.sum(first_factor * second_factor + third_factor, axis=0) - dx * other_term"
    assert wrap(line, 90) == """\
    u_bar[1:-1] += (dt * np.sum(first_factor * second_factor + third_factor, axis=0)
                    - dx * other_term)"""


def test_importing_the_printer_warns_of_nothing():
    subprocess.run([sys.executable, "-W", "error::DeprecationWarning", "-c", "import s2sad.emit.printer"], check=True)
