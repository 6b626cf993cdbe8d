"""What the language allows and refuses once facts are known; the documentation's table of what stays refused; models against what they model."""
from __future__ import annotations

import contextlib
import functools
import inspect
import itertools
import operator
from pathlib import Path

import pytest
import test_diagnostics

import s2sad
from s2sad import core
from s2sad.expose import models

DOCUMENT = Path(__file__).parents[1] / "docs" / "language.md"


def test_the_table_of_what_is_refused_is_that_of_the_messages():
    rows = {tuple(cell.strip() for cell in line.strip("|\n ").split(" | ")) for line in DOCUMENT.read_text().split("## What is refused")[1].splitlines()
            if line.startswith("| ") and not line.startswith("| what")}
    messages = {(what, help) for _, _, what, _, help in test_diagnostics.TABLE}
    asynchronous = {(what, "write it as a plain function") for what in ("an `async` function", "`async for`", "`async with`", "`await`")}
    assert rows == messages | asynchronous


# Refusals that facts decide


def raises_after_a_change(xs):
    y = [0.0, 1.0]
    try:
        y[0] = xs[0]
        y[1] = xs[5]
    except IndexError:
        y[1] = xs[1]
    return y[0] * y[1]


def uses_what_an_interrupted_body_made(x):
    y = x
    try:
        y = y * x
        z = 1 / int(y)
    except ZeroDivisionError:
        z = 2.0
    return y * z


class Swallows:
    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return True


def context_that_swallows(x):
    with Swallows():
        y = x * x
    return y


@contextlib.contextmanager
def scaled(k):
    if k > 0:
        yield k
    else:
        yield 1.0


def context_of_what_is_differentiated(x):
    with scaled(x) as k:
        y = k * x
    return y


def iterator_used_in_several_ways(x):
    it = iter(x)
    return next(it) * sum(it) + sum(it)


def endless(x):
    while True:
        yield x
        x = x / 2


def generator_without_end_in_a_variable(x):
    it = endless(x[0])
    return next(it) + next(it)


def recursive_generator(x):
    def walk(v):
        if v > 0.1:
            yield v
            yield from walk(v / 2)
    return sum(walk(x[0]))


LAST = 0.0


def keeps_last(x):
    global LAST
    LAST = x * x
    return x


def calls_what_writes_a_global(x):
    return keeps_last(x[0]) * LAST


REFUSED = [
    (raises_after_a_change, "cannot differentiate through a `try` whose body may raise after it has changed what is differentiated"),
    (context_that_swallows, "cannot tell whether this context lets exceptions pass"),
    (context_of_what_is_differentiated, "cannot differentiate through a context that is made of what is differentiated"),
    (iterator_used_in_several_ways, "cannot differentiate through an iterator that is used in several ways"),
    (generator_without_end_in_a_variable, "cannot differentiate through a generator in a variable that may have no end"),
    (recursive_generator, "cannot differentiate through `walk`, a generator that calls itself"),
    (calls_what_writes_a_global, "cannot differentiate through the global `LAST`, which a function that is called writes"),
]


@pytest.mark.parametrize(("function", "message"), REFUSED, ids=[function.__name__ for function, _ in REFUSED])
def test_refused_when_facts_are_known(function, message):
    argument = 0.7 if function.__name__.startswith("context") else [0.7, 0.2]
    with pytest.raises(s2sad.DifferentiationError) as refused:
        s2sad.grad(function)(argument)
    assert refused.value.msg == message
    assert refused.value.lineno is not None and refused.value.help


# Globals, warnings, effects


COUNT = 0


def counted(x):
    global COUNT
    COUNT += 1
    print("counted", COUNT)
    return x * x * COUNT


def test_a_global_is_left_as_the_function_leaves_it(monkeypatch, capsys):
    monkeypatch.setattr("test_language.COUNT", 4)
    assert s2sad.grad(counted)(3.0) == 30.0
    assert COUNT == 5
    assert capsys.readouterr().out == "counted 5\n"


def steps(n):
    for i in range(n):
        print("give", i)
        yield i
    print("end")


def in_order(x):
    total = x
    for i in steps(5):
        print("take", i)
        if i == 2:
            break
        total = total * x + i
    return total


def test_a_generator_runs_step_by_step_as_in_python(capsys):
    in_order(0.7)
    primal = capsys.readouterr().out
    s2sad.grad(in_order)(0.7)
    assert capsys.readouterr().out == primal


# Models


ITEMS = [3.0, -1.0, 2.0, 2.0, 0.5]
CALLS = [
    (functools.reduce, (operator.sub, ITEMS), {}), (functools.reduce, (operator.sub, ITEMS, 10.0), {}),
    (sum, (ITEMS, 1.0), {}), (sorted, (ITEMS,), {"key": abs}), (sorted, (ITEMS,), {"reverse": True}), (sorted, (ITEMS,), {"key": abs, "reverse": True}),
    (max, (ITEMS,), {"key": abs}), (max, ([],), {"default": 7.0}), (min, (ITEMS,), {"key": abs}), (min, ([],), {"default": 7.0}),
    (map, (abs, ITEMS), {}), (map, (operator.sub, ITEMS, ITEMS[1:]), {}), (map, (lambda a, b, c: a + b * c, ITEMS, ITEMS, ITEMS[2:]), {}),
    (itertools.starmap, (operator.sub, [(1, 2), (3, 5)]), {}), (filter, (lambda v: v > 1, ITEMS), {}), (filter, (None, [0, 1, 2]), {}),
    (itertools.filterfalse, (lambda v: v > 1, ITEMS), {}), (itertools.accumulate, (ITEMS,), {}), (itertools.accumulate, (ITEMS, operator.mul), {}),
    (itertools.accumulate, (ITEMS, operator.mul), {"initial": 2.0}), (itertools.accumulate, (ITEMS,), {"initial": 2.0}), (itertools.accumulate, ([],), {}),
    (itertools.chain, (ITEMS, [1], ()), {}), (itertools.pairwise, (ITEMS,), {}), (itertools.product, (ITEMS, [1, 2]), {}),
    (itertools.product, ([1, 2],), {"repeat": 3}), (itertools.combinations, (ITEMS, 2), {}), (itertools.combinations, (ITEMS, 3), {}),
    (itertools.permutations, (ITEMS[:3], 2), {}), (itertools.permutations, (ITEMS[:3], 3), {}), (itertools.islice, (ITEMS, 3), {}),
    (itertools.islice, (ITEMS, 1, 4), {}), (itertools.takewhile, (lambda v: v > 1, ITEMS), {}), (itertools.dropwhile, (lambda v: v > 1, ITEMS), {}),
    (itertools.repeat, (2.0, 3), {}), (itertools.compress, (ITEMS, [1, 0, 1, 1, 0]), {}), (models.FROM_ITERABLE, ([[1, 2], [], [3]],), {}),
]


def listed(value):
    return [tuple(item) if isinstance(item, (list, tuple)) else item for item in value] if hasattr(value, "__iter__") else value


@pytest.mark.parametrize(("function", "args", "keywords"), CALLS)
def test_models_do_what_they_model(function, args, keywords):
    tried = 0
    for model in models.models_of(function):
        try:
            found = model(*args, **keywords)
        except TypeError:   # a model of other arguments
            continue
        bound = inspect.signature(model).bind(*args, **keywords).arguments
        constants = {name: core.Const(value) for name, value in bound.items() if value is None or isinstance(value, int)}
        if models.fits(model, constants):
            tried += 1
            assert listed(found) == listed(function(*args, **keywords))
    assert tried
