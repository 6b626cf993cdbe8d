"""Jacobians, Hessians and their products, from the pullbacks and tangents of generated derivatives.

A Jacobian is built row by row from pullbacks, or by columns from tangents, all at once where the code can carry them: whichever is cheaper.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np

from s2sad.derivatives.calls import call_key
from s2sad.derivatives.derivative import Derivative
from s2sad.derivatives.leaves import inner, leaves, mapped, rebuilt, size, units, zero_leaf
from s2sad.derivatives.push import pusher
from s2sad.derivatives.push import shaped as as_tangent
from s2sad.derivatives.target import Wrt
from s2sad.errors import DifferentiationError
from s2sad.runtime import zeros

Function = Callable[..., Any]


class Whole:
    """A derivative that is computed by several runs of generated code; `compute(*args)` gives it.  Called as `primal` is called."""

    _is_s2sad_whole = True

    def __init__(self, primal: Function, name: str, wrt: Wrt, compute: Function, title: str) -> None:
        self.primal, self.kind, self.wrt, self._compute = primal, name, wrt, compute
        base = getattr(primal, "__name__", "f")
        self.__name__ = f"{base}_{name}"
        self.__doc__ = f"{title} `{base}` with respect to {wrt!r}."
        self.__module__ = getattr(primal, "__module__", __name__)

    @cached_property
    def program(self) -> Function | None:
        """A program for the same array, which can be differentiated; None where there is none."""
        from s2sad.derivatives.rows import by_rows, by_rows_of_one, summed, times

        parameters = list(inspect.signature(self.primal).parameters.values())
        alone = len(parameters) == 1 and parameters[0].kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        if type(self.wrt) is not int or self.kind == "value_and_jacobian" or self.kind == "hvp" and not alone:
            return None
        if self.kind == "elementwise_grad":
            return Derivative(summed(self.primal), "grad", self.wrt)
        f = self.primal if self.kind == "jacobian" else Derivative(self.primal, "grad", self.wrt)
        if self.kind == "hvp":
            return times(f)
        return by_rows(f) if alone else by_rows_of_one(f, self.wrt)

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(self.primal)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._compute(*args, **kwargs)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        from types import MethodType

        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<{self.__name__} with respect to {self.wrt!r}>"


def chosen(derivative: Derivative, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The arguments that a derivative is with respect to: one, or a tuple of them."""
    derivative = derivative.fitting(args, kwargs)
    values = derivative._named(*derivative._completed(args, kwargs))
    found = tuple(values[one.name] if one.item is None else values[one.name][one.item] for one in derivative.request.wrt)
    return found[0] if derivative.request.single else found


def jacobian_of(f: Function, wrt: Wrt, mode: str | None, value: bool) -> Function:
    """The function that computes a Jacobian, after the value if that is asked."""
    if mode not in (None, "forward", "reverse"):
        raise ValueError(f"mode is 'forward', 'reverse' or None, not {mode!r}")
    pull, push, many = Derivative(f, "vjp", wrt), Derivative(f, "jvp", wrt), Many(f, wrt)

    def compute(*args: Any, **kwargs: Any) -> Any:
        x = chosen(pull, args, kwargs)
        columns = mode == "forward"
        result = None
        if mode is None:
            result = f(*args, **kwargs)
            columns = size(x) < size(result) or size(x) <= WIDE * size(result) and many.along(x, args, kwargs) is not None
        if columns:
            result, found = by_columns(push, many, x, args, kwargs)
        else:
            result, found = by_rows(pull, x, args, kwargs)
        return (result, found) if value else found

    return compute


def by_rows(pull: Derivative, x: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """The value and the Jacobian from one pullback for each number of the value."""
    result, pullback = pull(*args, **kwargs)
    rows = [pullback(seed) for seed in units(result)]
    single = pull.request.single
    table = [leaves(row[0] if single else row) for row in rows]
    return result, shaped(result, x, lambda i, j: table[i][j])


def shaped(result: Any, x: Any, entry: Callable[[int, int], Any]) -> Any:
    """The Jacobian in the structure of the result, of the argument in each: `entry(i, j)` is the row of number `i` for leaf `j`."""
    start = 0

    def block(leaf: Any) -> Any:
        nonlocal start
        first, start = start, start + np.size(leaf)
        found = []
        for j, other in enumerate(leaves(x)):
            if not isinstance(leaf, np.ndarray):
                found.append(entry(first, j))
                continue
            rows = [np.asarray(entry(first + k, j)) for k in range(np.size(leaf))]
            dtype = np.result_type(*rows) if rows else np.result_type(leaf, np.float32)
            found.append(np.array(rows, dtype).reshape(np.shape(leaf) + np.shape(other)))
        return rebuilt(x, iter(found))

    return mapped(block, result)


def by_columns(push: Derivative, many: Many, x: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """The value and the Jacobian from one tangent for each number of the argument, many at once where the code can carry them."""
    found = many.tangents(x, args, kwargs) or one_by_one(push, x, args, kwargs)
    if found is None:
        result = push.primal(*args, **kwargs)
        return result, shaped(result, x, lambda i, j: np.zeros(np.shape(leaves(x)[j])))
    result, columns = found
    others = leaves(x)
    starts = np.cumsum([0, *map(np.size, others)])
    each = iter(columns)

    def block(leaf: Any) -> Any:
        column = next(each)
        return rebuilt(x, iter([part_of(column[starts[j]:starts[j + 1]], leaf, other) for j, other in enumerate(others)]))

    return result, mapped(block, result)


def part_of(column: np.ndarray, leaf: Any, other: Any) -> Any:
    """The Jacobian of a leaf of the result with respect to one of the argument, from its tangents one after the other."""
    if isinstance(leaf, np.ndarray):
        return np.ascontiguousarray(np.moveaxis(column, 0, -1)).reshape(leaf.shape + np.shape(other))
    if isinstance(other, np.ndarray):
        return column.reshape(other.shape)
    return column[0] if isinstance(leaf, np.generic) else column[0].item()


def one_by_one(push: Derivative, x: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, list[np.ndarray]] | None:
    """The value, and for each leaf of it the tangents, one run for each; None where the argument has no numbers."""
    along = pusher(push, args, kwargs)
    result: Any = None
    columns: list[list[Any]] = []
    for direction in units(x):
        result, tangent = along([direction] if push.request.single else list(direction))
        columns.append(leaves(tangent))
    return (result, [np.array(column) for column in zip(*columns)]) if columns else None


class Many:
    """Tangents with a leading axis of seeds, for the calls whose derivative has such a form."""

    def __init__(self, f: Function, wrt: Wrt) -> None:
        self.derivative = Derivative(f, "jvps", wrt)
        self._refused: set[Any] = set()

    def along(self, x: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Function | None:
        """The function of tangents with the axis, None where tangents go one by one."""
        key = None if kwargs else call_key(args)
        whole = key is not None and None not in key and all(one.item is None for one in self.derivative.request.wrt)
        found = leaves(x)
        if not whole or key in self._refused or sum(map(np.size, found)) < (FEW if any(map(np.ndim, found)) else SCALARS):
            return None
        try:
            return pusher(self.derivative, args, kwargs, lambda t, primal, where: t)
        except DifferentiationError:
            self._refused.add(key)
            return None

    def tangents(self, x: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, list[np.ndarray]] | None:
        """The value, and for each leaf of it the tangents of all numbers of the argument; None where they go one by one."""
        along = self.along(x, args, kwargs)
        if along is None:
            return None
        results = [along([seeds] if self.derivative.request.single else list(seeds)) for seeds in directions(x)]
        value = results[0][0]
        columns = [np.concatenate(parts) for parts in zip(*(leaves(tangent) for _, tangent in results))]
        return value, [column.astype(np.result_type(zero_leaf(leaf)), copy=False) for column, leaf in zip(columns, leaves(value))]


FEW, SCALARS, TOGETHER, WIDE = 4, 16, 128, 4
"""Fewer numbers than `FEW`, or `SCALARS` where no arrays are, go one by one; so many as `TOGETHER` go at once.  A Jacobian
that is up to `WIDE` times as wide as it is high is still cheaper by columns that go at once than row by row."""


def directions(x: Any) -> Iterator[Any]:
    """The unit vectors of the space in which `x` lives, as structures of arrays with a leading axis: so many at a time as go together."""
    found = leaves(x)
    starts = np.cumsum([0, *map(np.size, found)])
    for first in range(0, starts[-1], TOGETHER):
        count = min(TOGETHER, starts[-1] - first)
        seeds = []
        for leaf, start in zip(found, starts):
            rows = np.eye(count, np.size(leaf), first - start, dtype=np.result_type(zero_leaf(leaf)))
            seeds.append(rows.reshape(count, *np.shape(leaf)))
        yield rebuilt(x, iter(seeds))


def hvp_of(f: Function, wrt: Wrt) -> Function:
    """The function of `(*args, v)` that gives the Hessian times `v`: the tangent of the gradient."""
    along = Derivative(Derivative(f, "grad", wrt), "jvp", wrt)

    def compute(*args: Any, **kwargs: Any) -> Any:
        if not args:
            raise TypeError("hvp needs the vector as its last argument")
        *rest, v = args
        return pusher(along, tuple(rest), kwargs)([v] if along.request.single else list(v))[1]

    return compute


def hessian_of(f: Function, wrt: Wrt) -> Function:
    """The Jacobian of the gradient, from one tangent for each number of the argument."""
    return jacobian_of(Derivative(f, "grad", wrt), wrt, "forward", False)


def elementwise_of(f: Function, wrt: Wrt) -> Function:
    """The pullback of ones: the derivative of each entry of the value with respect to the entry in its place."""
    pull = Derivative(f, "vjp", wrt)

    def compute(*args: Any, **kwargs: Any) -> Any:
        value, pullback = pull(*args, **kwargs)
        bars = pullback(mapped(lambda leaf: np.ones_like(leaf) if isinstance(leaf, np.ndarray) else type(leaf)(1), value))
        return bars[0] if pull.request.single else bars

    return compute


def linear(f: Function, primals: tuple[Any, ...]) -> tuple[Any, Function]:
    """The value, and the linear map of tangents at these primals."""
    push = Derivative(f, "jvp", tuple(range(len(primals))))
    along = pusher(push, primals, {})

    def tangent_at(*tangents: Any) -> Any:
        given = [as_tangent(t, x, f"tangents[{i}]") for i, (t, x) in enumerate(zip(tangents, primals, strict=True))]
        return along(given)[1]

    return f(*primals), tangent_at


__all__ = ["Whole", "elementwise_of", "hessian_of", "hvp_of", "inner", "jacobian_of", "linear", "zeros"]
