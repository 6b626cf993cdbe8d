"""Facts of programs: sound in every recorded state of real runs, and as precise as generated code needs."""
from __future__ import annotations

import linecache
import warnings

import infer_corpus
import numpy as np
import programs_at_random
import pytest
import soundness

from s2sad.facts import FLOAT, Number, Sequence, dim, signature
from s2sad.infer import fact_of, infer, parameter_facts
from s2sad.lower import lower
from s2sad.quote import quote_expr
from s2sad.reading.check import check
from s2sad.reading.parse import parse
from s2sad.reading.read import read


def program_of(function):
    source = read(function)
    return lower(check(parse(source), source), source), source.scope


def defined(text, name="f"):
    """The function `name` of a program text, with its source where `read` finds it."""
    path = f"<{hash(text)}>"
    linecache.cache[path] = (len(text), None, text.splitlines(True), path)
    namespace = {}
    exec(compile(text, path, "exec"), namespace)
    return namespace[name]


def mismatches(function, arguments):
    program, scope = program_of(function)
    params = signature(dict(zip([param.name for param in program.params], arguments)))
    facts = infer(program, params, scope)
    own = set(function.__code__.co_varnames) | set(function.__code__.co_cellvars)
    generated = frozenset(name for env in facts.values() for name in env if name not in own)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return soundness.check(function, program, facts, params, arguments, generated)


@pytest.mark.parametrize("function, arguments", infer_corpus.CASES, ids=[function.__name__ for function, _ in infer_corpus.CASES])
@pytest.mark.parametrize("size", [0, 1, 2, 3, 5])
def test_facts_hold_in_every_state_of_a_run(function, arguments, size):
    wrong, compared = mismatches(function, arguments(size))
    assert not wrong
    assert compared


PRELUDE = "import numpy as np\ndef tail(a):\n    return a[1:]\ndef twice(a):\n    return a * 2\ndef clear(b):\n    b[:1] = False\n"


@pytest.mark.parametrize("seed", range(150))
def test_facts_hold_in_programs_at_random(seed):
    function = defined(PRELUDE + programs_at_random.program(seed))
    rng = np.random.default_rng(seed)
    for n in (0, 1, 2, 3, 4):
        rows = rng.choice([n, 2])
        arguments = (rng.normal(size=n), rng.normal(size=rng.choice([n, n, 1, 3])), rng.normal(size=(rows, n)), float(rng.normal()), int(rng.integers(4)))
        wrong, _ = mismatches(function, arguments)
        assert not wrong


def test_the_comparison_finds_facts_that_do_not_hold():
    program, scope = program_of(infer_corpus.heat)
    arguments = (np.ones(6), 0.5, 2)
    params = signature(dict(zip(("u0", "a", "steps"), arguments)))
    facts = infer(program, params, scope)
    assert not soundness.check(infer_corpus.heat, program, facts, params, arguments)[0]
    vector = params["u0"]
    for wrong in (FLOAT, Number("f", "float32", vector.shape, "array"), Number("f", "float64", (vector.shape[0] - 1,), "array"), Sequence("list", (), None, dim(0))):
        broken = type(facts)({stmt: env.with_facts({"lap": wrong}) if "lap" in env else env for stmt, env in facts.items()})
        broken.result = facts.result
        assert soundness.check(infer_corpus.heat, program, broken, params, arguments)[0]


# Precision: what generated code relies on.  Sizes: n = 5, m = 3, and 4.

ENV = signature({"W": np.ones((3, 5)), "x": np.ones(5), "b": np.ones(3), "A": np.ones((4, 5, 3)), "s": 1.0, "i": 1, "v": np.float64(1), "row": np.ones((1, 5)),
                 "mask": np.ones(5, bool), "ks": np.ones(2, int), "z": np.ones(5) * 1j})
EXPRESSIONS = [
    ("W @ x", "b"), ("W @ x + b", "b"), ("np.tanh(W @ x + b)", "b"), ("W.T @ b", "x"), ("np.outer(b, x)", "W"), ("x * s", "x"), ("2 * x", "x"), ("-x", "x"),
    ("x[1:] - x[:-1]", "x[1:]"), ("x[2:] - 2 * x[1:-1] + x[:-2]", "x[1:-1]"), ("np.zeros_like(W)", "W"), ("W * x", "W"), ("W + row", "W"), ("b[:, None] * x", "W"),
    ("np.sum(x)", "v"), ("x @ x", "v"), ("x[0]", "v"), ("x[i]", "v"), ("W[i]", "x"), ("W[:, i]", "b"), ("W[i, i]", "v"), ("np.sum(W, axis=0)", "x"), ("W.sum(axis=1)", "b"),
    ("np.concatenate([x[:1], x[1:]])", "x"), ("np.concatenate([x[:-2], x[:2]])", "x"), ("x.reshape(-1)", "x"), ("W.reshape(-1, 5)[i]", "W.reshape(-1, 5)[0]"),
    ("np.where(x > 0, x, 0.0)", "x"), ("x.copy()", "x"), ("s * s + 1", "s"), ("s ** 2", "s"), ("float(i)", "s"), ("x if s > 0 else 2 * x", "x"), ("(x, s)[0]", "x"),
    ("[x, b][1]", "b"), ("unbroadcast(W, x)", "x"), ("zeros(x)", "x"), ("np.exp(1j * x)", "z"), ("z.real", "x"), ("A[0, :, 0]", "x"), ("A[:, i, :][0]", "b"),
    ("A[..., 0][0]", "x"), ("len(x) * s", "s"), ("{'a': x}['a']", "x"), ("(lambda t: t * 2)(x)", "x"), ("x[i:] + x[i:]", "x[i:]"), ("np.stack([x, x])[0]", "x"),
    ("np.arange(len(x)) * s", "x"), ("sum([s, s])", "s"), ("x[:len(b)]", "x[:len(b)]"), ("math.sin(s)", "s"), ("abs(s)", "s"), ("max(s, 2.0)", "s"),
    ("x[[0, 1]]", "x[ks]"), ("np.mean(x) * x", "x"), ("x[::-1]", "x"), ("np.ones((3, 1))[:, 0]", "np.ones(3)"), ("x.shape[0] * s", "s"),
]


@pytest.mark.parametrize("text, like", EXPRESSIONS)
def test_the_shape_of_an_expression(text, like):
    scope = read(infer_corpus.heat).scope
    got, wanted = fact_of(quote_expr(text), ENV, scope), fact_of(quote_expr(like), ENV, scope)
    assert isinstance(got, Number) and got.shape is not None
    if "ks" in like:
        assert got.shape == (2,) and len(wanted.shape) == 1
    else:
        assert (got.kind, got.shape) == (wanted.kind, wanted.shape)


def test_sizes_are_followed_through_loops():
    text = """import numpy as np
def f(u, A, steps):
    for t in range(steps):
        lap = u[2:] - 2 * u[1:-1] + u[:-2]
        inner = u[1:-1] + 0.1 * lap
        u = np.concatenate([u[:1], inner, u[-1:]])
    for i in range(len(A)):
        left = A[i, i + 1:]
        right = A[i + 1:, i]
    return u
"""
    program, scope = program_of(defined(text))
    facts = infer(program, signature({"u": np.ones(6), "A": np.ones((4, 4)), "steps": 3}), scope)
    before = facts[program.body[-1]]
    assert before["lap"].shape == before["inner"].shape == (before["u"].shape[0] - 2,)
    assert before["left"].shape == before["right"].shape
    assert before.partial == {"t", "lap", "inner", "i", "left", "right"}


def test_a_size_that_changes_in_a_loop_is_equal_to_no_older_one():
    text = """def f(x):
    old = x
    while len(x) > 1:
        older = old
        old = x
        x = x[1:]
    return x
"""
    program, scope = program_of(defined(text))
    before = infer(program, signature({"x": np.ones(5)}), scope)[program.body[-1]]
    assert len({before[name].shape for name in ("x", "old", "older")}) == 3


def test_recursion_ends_and_is_precise():
    def result(function, *arguments):
        program, scope = program_of(function)
        return infer(program, signature(dict(zip([param.name for param in program.params], arguments))), scope).result
    assert result(infer_corpus.fact, 5) == Number("f", None, (), "python", mixed=False)
    assert result(infer_corpus.total, np.ones(5)) == Number("f", "float64", (), "scalar")
    assert isinstance(result(infer_corpus.nest, 3), Sequence)
    assert result(infer_corpus.even, 3).kind == "f"


def test_facts_are_the_same_every_time():
    for function, arguments in infer_corpus.CASES:
        program, scope = program_of(function)
        params = signature(dict(zip([param.name for param in program.params], arguments(3))))
        first, second = (infer(program, params, scope) for _ in range(2))
        names = {name for env in first.values() for name in env}
        assert names and all(list(first[stmt]) == list(second[stmt]) for stmt in first)


USES = [
    ("def f(x, n):\n    r = 1\n    while n > 0:\n        n -= 1\n        r *= x\n    return r", {"x": "f()", "n": "f()"}),
    ("def f(x, slope):\n    t = 0.0\n    for i in range(len(x)):\n        t += slope * x[i]\n    return t", {"x": "f(x.0)", "slope": "f()"}),
    ("def f(W, b, x):\n    return np.sum(W @ x + b)", {"W": "f?", "b": "f?", "x": "f?"}),
    ("def f(v):\n    v = v * 2\n    v = np.sum(v)\n    return v", {"v": "f?"}),
    ("def f(x, n):\n    y = np.zeros(n)\n    return y[0] + x", {"x": "f()", "n": "i()"}),
    ("def f(x, flag):\n    if flag:\n        r = x\n    else:\n        r = x.sum()\n    return r", {"x": "f?", "flag": "f()"}),
    ("def f(x: 'Float[Array, \"n\"]', y, k: int):\n    return y * x[k]", {"x": "f(n)", "y": "f()", "k": "i()"}),
    ("def g(a, b):\n    return a * b\ndef f(x, y):\n    return g(x, 2) + y", {"x": "f()", "y": "f()"}),
    ("def f(a, b):\n    s = a\n    for i in range(3):\n        s, t = s * b, s\n    return s", {"a": "f()", "b": "f()"}),
    ("def f(A, i, j):\n    return A[i, j] ** 2", {"A": "f(A.0, A.1)", "i": "i()", "j": "i()"}),
    ("def f(items):\n    return g(items)", {"items": "unknown"}),
]


@pytest.mark.parametrize("text, expected", USES)
def test_facts_from_use(text, expected):
    program, scope = program_of(defined("import numpy as np\n" + text + "\n"))

    def shown(fact):
        if not isinstance(fact, Number):
            return "unknown"
        return fact.kind + ("?" if fact.shape is None else f"({', '.join(map(repr, fact.shape))})")
    assert {name: shown(fact) for name, fact in parameter_facts(program, scope).items()} == expected


def test_an_empty_list_grows():
    text = "def f(x):\n    s = []\n    s.append(x)\n    s.append(1.0)\n    y = s.pop()\n    z = s[0]\n    return y\n"
    program, scope = program_of(defined(text))
    facts = infer(program, signature({"x": 2.0}), scope)
    assert facts[program.body[-1]]["s"].items == (FLOAT,) and facts.result == FLOAT


def test_what_a_callee_changes_is_not_known_after():
    text = "def g(s):\n    s.append('text')\ndef f(x):\n    s = [x]\n    t = s\n    u = [x]\n    g(s)\n    return t, u\n"
    program, scope = program_of(defined(text))
    changed, other = infer(program, signature({"x": 2.0}), scope).result.items
    assert changed.items is None and other.items == (FLOAT,)
