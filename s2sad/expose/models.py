"""Functions of Python's own library and of NumPy, walks included, written in Python: what a derivative passes through at a call of them.

`models_of(function)` gives the definitions; a call is written out by the first whose parameters its arguments fit.  They do what the
functions do with lists, tuples and arrays that hold real numbers, and with functions of the user's.
"""
from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from s2sad import core

Function = Callable[..., Any]
FROM_ITERABLE = itertools.chain.from_iterable
_MODELS: dict[int, list[Function]] = {}
_GIVEN: dict[Function, dict[str, Any]] = {}


def models(function: Function, /, **given: Any) -> Callable[[Function], Function]:
    """Declares the decorated function to be a model of `function`, for calls that give these constants to its parameters."""
    def register(model: Function) -> Function:
        _MODELS.setdefault(id(function), []).append(model)
        _GIVEN[model] = given
        return model
    return register


def models_of(function: object) -> list[Function]:
    return _MODELS.get(id(function), [])


def fits(model: Function, bound: Mapping[str, core.Expr]) -> bool:
    """Whether a model is for a call with these arguments."""
    given = _GIVEN[model]
    if any(bound.get(name) != core.Const(value) for name, value in given.items()):
        return False
    return not any(value == core.Const(None) for name, value in bound.items() if name not in given)


# Values


@models(functools.reduce)
def reduce(function, items):  # type: ignore[no-untyped-def]
    values = list(items)
    result = values[0]
    for item in values[1:]:
        result = function(result, item)
    return result


@models(functools.reduce)
def reduce_from(function, items, initial, /):  # type: ignore[no-untyped-def]
    result = initial
    for item in items:
        result = function(result, item)
    return result


@models(sum)
def sum_from(items, start):  # type: ignore[no-untyped-def]
    total = start
    for item in items:
        total = total + item
    return total


@models(sorted)
def sorted_by(items, *, key, reverse=False):  # type: ignore[no-untyped-def]
    values = list(items)
    order = sorted(range(len(values)), key=lambda i: key(values[i]), reverse=reverse)
    return [values[i] for i in order]


@models(sorted)
def sorted_items(items, *, reverse=False):  # type: ignore[no-untyped-def]
    values = list(items)
    order = sorted(range(len(values)), key=values.__getitem__, reverse=reverse)
    return [values[i] for i in order]


@models(max)
def max_by(items, *, key):  # type: ignore[no-untyped-def]
    values = list(items)
    return values[max(range(len(values)), key=lambda i: key(values[i]))]


@models(max)
def max_or(items, *, default):  # type: ignore[no-untyped-def]
    values = list(items)
    return max(values) if values else default


@models(max)
def max_of_two(first, second, /, *, key):  # type: ignore[no-untyped-def]
    return second if key(second) > key(first) else first


@models(min)
def min_of_two(first, second, /, *, key):  # type: ignore[no-untyped-def]
    return second if key(second) < key(first) else first


@models(max)
def max_by_or(items, *, key, default):  # type: ignore[no-untyped-def]
    values = list(items)
    return values[max(range(len(values)), key=lambda i: key(values[i]))] if values else default


@models(min)
def min_by_or(items, *, key, default):  # type: ignore[no-untyped-def]
    values = list(items)
    return values[min(range(len(values)), key=lambda i: key(values[i]))] if values else default


@models(min)
def min_by(items, *, key):  # type: ignore[no-untyped-def]
    values = list(items)
    return values[min(range(len(values)), key=lambda i: key(values[i]))]


@models(min)
def min_or(items, *, default):  # type: ignore[no-untyped-def]
    values = list(items)
    return min(values) if values else default


# Arrays


@models(np.apply_along_axis)
def apply_along_axis(func1d, axis, arr):  # type: ignore[no-untyped-def]
    rows = np.moveaxis(arr, axis, -1)
    results = [func1d(row) for row in np.reshape(rows, (-1, np.shape(arr)[axis]))]
    rank = np.ndim(results[0])
    start = axis % np.ndim(arr)
    whole = np.reshape(np.stack(results), np.shape(rows)[:-1] + np.shape(results[0]))
    return np.moveaxis(whole, tuple(range(-rank, 0)), tuple(range(start, start + rank)))


@models(np.piecewise)
def piecewise(x, condlist, funclist):  # type: ignore[no-untyped-def]
    values = np.asarray(x)
    result = np.zeros_like(values)
    conditions = condlist if np.ndim(condlist[0]) > 0 or np.ndim(values) == 0 else [condlist]
    rest = np.ones(np.shape(values), bool)
    for condition, function in zip(conditions, funclist[:len(conditions)]):
        result[condition] = function if isinstance(function, (int, float)) else function(values[condition])
        rest = rest & np.logical_not(condition)
    if len(funclist) > len(conditions):
        last = funclist[-1]
        result[rest] = last if isinstance(last, (int, float)) else last(values[rest])
    return result


# Iterators


@models(map)
def map_over_one(function, items):  # type: ignore[no-untyped-def]
    for item in items:
        yield function(item)


@models(map)
def map_over_two(function, first, second):  # type: ignore[no-untyped-def]
    for one, two in zip(first, second):
        yield function(one, two)


@models(map)
def map_over_three(function, first, second, third):  # type: ignore[no-untyped-def]
    for one, two, three in zip(first, second, third):
        yield function(one, two, three)


@models(itertools.zip_longest)
def zip_longest(first, second, *, fillvalue):  # type: ignore[no-untyped-def]
    one, two = list(first), list(second)
    for i in range(max(len(one), len(two))):
        yield one[i] if i < len(one) else fillvalue, two[i] if i < len(two) else fillvalue


@models(itertools.cycle)
def cycle(items):  # type: ignore[no-untyped-def]
    values = list(items)
    while values:
        yield from values


@models(itertools.repeat)
def repeat_without_end(item):  # type: ignore[no-untyped-def]
    while True:
        yield item


@models(itertools.starmap)
def starmap_over_pairs(function, items):  # type: ignore[no-untyped-def]
    for one, two in items:
        yield function(one, two)


@models(filter, function=None)
def filter_true(function, items):  # type: ignore[no-untyped-def]
    for item in items:
        if item:
            yield item


@models(filter)
def filter_items(function, items):  # type: ignore[no-untyped-def]
    for item in items:
        if function(item):
            yield item


@models(itertools.filterfalse)
def filterfalse(function, items):  # type: ignore[no-untyped-def]
    for item in items:
        if not function(item):
            yield item


@models(itertools.accumulate)
def accumulate_sums(items):  # type: ignore[no-untyped-def]
    values = list(items)
    total = 0
    for i in range(len(values)):
        total = total + values[i] if i > 0 else values[i]
        yield total


@models(itertools.accumulate)
def accumulate(items, func):  # type: ignore[no-untyped-def]
    values = list(items)
    total = 0
    for i in range(len(values)):
        total = func(total, values[i]) if i > 0 else values[i]
        yield total


@models(itertools.accumulate)
def accumulate_from(items, func, *, initial):  # type: ignore[no-untyped-def]
    total = initial
    yield total
    for item in items:
        total = func(total, item)
        yield total


@models(itertools.accumulate)
def accumulate_sums_from(items, *, initial):  # type: ignore[no-untyped-def]
    total = initial
    yield total
    for item in items:
        total = total + item
        yield total


@models(itertools.chain)
def chain(*iterables):  # type: ignore[no-untyped-def]
    for items in iterables:
        yield from items


@models(FROM_ITERABLE)
def chain_from_iterable(iterables):  # type: ignore[no-untyped-def]
    for items in iterables:
        yield from items


@models(itertools.pairwise)
def pairwise(items):  # type: ignore[no-untyped-def]
    values = list(items)
    for i in range(len(values) - 1):
        yield values[i], values[i + 1]


@models(itertools.product)
def product(first, second):  # type: ignore[no-untyped-def]
    others = list(second)
    for one in first:
        for two in others:
            yield one, two


@models(itertools.product)
def product_with_itself(items, *, repeat):  # type: ignore[no-untyped-def]
    values = list(items)
    for where in itertools.product(range(len(values)), repeat=repeat):
        yield [values[i] for i in where]


@models(itertools.combinations, r=2)
def combinations_of_two(items, r):  # type: ignore[no-untyped-def]
    values = list(items)
    for i in range(len(values)):
        for j in range(i + 1, len(values)):
            yield values[i], values[j]


@models(itertools.combinations)
def combinations(items, r):  # type: ignore[no-untyped-def]
    values = list(items)
    for where in itertools.combinations(range(len(values)), r):
        yield [values[i] for i in where]


@models(itertools.permutations, r=2)
def permutations_of_two(items, r):  # type: ignore[no-untyped-def]
    values = list(items)
    for i in range(len(values)):
        for j in range(len(values)):
            if i != j:
                yield values[i], values[j]


@models(itertools.permutations)
def permutations(items, r):  # type: ignore[no-untyped-def]
    values = list(items)
    for where in itertools.permutations(range(len(values)), r):
        yield [values[i] for i in where]


@models(itertools.islice)
def islice_to(items, stop, /):  # type: ignore[no-untyped-def]
    for _, item in zip(range(stop), items):
        yield item


@models(itertools.islice)
def islice_between(items, start, stop, /):  # type: ignore[no-untyped-def]
    for i, item in zip(range(stop), items):
        if i >= start:
            yield item


@models(itertools.islice)
def islice_by(items, start, stop, step, /):  # type: ignore[no-untyped-def]
    for i, item in zip(range(stop), items):
        if i >= start and (i - start) % step == 0:
            yield item


@models(itertools.islice, stop=None)
def islice_from(items, start, stop, /):  # type: ignore[no-untyped-def]
    for i, item in enumerate(items):
        if i >= start:
            yield item


@models(itertools.islice, stop=None)
def islice_from_by(items, start, stop, step, /):  # type: ignore[no-untyped-def]
    for i, item in enumerate(items):
        if i >= start and (i - start) % step == 0:
            yield item


@models(itertools.groupby)
def groupby(items, key):  # type: ignore[no-untyped-def]
    group: list[Any] = []
    last = None
    for item in items:
        new = key(item)
        if group and new != last:
            yield last, group
            group = []
        group.append(item)
        last = new
    if group:
        yield last, group


@models(itertools.takewhile)
def takewhile(predicate, items):  # type: ignore[no-untyped-def]
    for item in items:
        if not predicate(item):
            break
        yield item


@models(itertools.dropwhile)
def dropwhile(predicate, items):  # type: ignore[no-untyped-def]
    dropping = True
    for item in items:
        dropping = dropping and predicate(item)
        if not dropping:
            yield item


@models(itertools.repeat)
def repeat(item, times):  # type: ignore[no-untyped-def]
    for _ in range(times):
        yield item


@models(np.ndenumerate)
def ndenumerate(array):  # type: ignore[no-untyped-def]
    for where in np.ndindex(np.shape(array)):
        yield where, array[where]


@models(itertools.compress)
def compress(items, selectors):  # type: ignore[no-untyped-def]
    for item, chosen in zip(items, selectors):
        if chosen:
            yield item
