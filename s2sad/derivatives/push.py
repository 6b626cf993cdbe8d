"""Tangents pushed through a function: `push(f, primals, tangents)` gives the value and its tangent.

A tangent has the structure, shape and type of its primal; what has no tangent (None) is not differentiated.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from inspect import CO_VARARGS
from typing import Any

import numpy as np

from s2sad.derivatives.attributes import attributes
from s2sad.derivatives.calls import is_differentiable
from s2sad.derivatives.derivative import Derivative
from s2sad.link.load import add_user_line
from s2sad.runtime import closed, copied, namespace, zero_tangent


def push(f: Any, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value of `f(*primals)` and its tangent."""
    if len(primals) != len(tangents):
        raise TypeError(f"jvp needs a tangent, or None, for each of the {len(primals)} primals, not {len(tangents)}")
    wrt = tuple(i for i, (x, t) in enumerate(zip(primals, tangents)) if t is not None and is_differentiable(x))
    if not wrt:
        raise TypeError("jvp needs a tangent for at least one primal that is a real number, an array, or a structure of such")
    return pusher(Derivative(f, "jvp", wrt), tuple(primals), {})([tangents[i] for i in wrt])


Shape = Callable[[Any, Any, str], Any]
"""Makes the tangent of a primal, third how messages call it."""


def pusher(derivative: Derivative, args: tuple[Any, ...], kwargs: dict[str, Any], shape: Shape | None = None) -> Callable[
        [list[Any]], tuple[Any, Any]]:
    """The function that gives the value and the tangent for tangents of the variables of a derivative of mode `jvp`, at these arguments.

    `shape` makes the tangents as the function takes them, by default like their primals.
    """
    derivative, args, kwargs, function = derivative.found_for(args, kwargs)
    as_tangent = shape or shaped
    values, variables = derivative._named(args, kwargs), derivative.request.wrt
    code = function.__code__
    together = code.co_flags & CO_VARARGS      # else the items of `*args` have become parameters
    count = len({one.name if one.item is None or isinstance(one.item, str) or together else one for one in variables})
    names = code.co_varnames[:code.co_argcount + code.co_kwonlyargcount][-count:]

    def along(tangents: list[Any]) -> tuple[Any, Any]:
        dots: dict[Any, Any] = {}
        for one, t in zip(variables, tangents):
            whole = values[one.name]
            if one.item is None:
                dots[one.name] = as_tangent(t, whole, f"the tangent of `{one}`")
                continue
            if isinstance(one.item, int) and not together:
                dots[one] = as_tangent(t, whole[one.item], f"the tangent of `{one}`")
                continue
            items = dict(dots.setdefault(one.name, zero_tangent(whole))) if isinstance(whole, dict) else list(
                dots.setdefault(one.name, zero_tangent(whole)))
            items[one.item] = as_tangent(t, whole[one.item], f"the tangent of `{one}`")  # type: ignore[index]
            dots[one.name] = items if isinstance(whole, dict) else tuple(items)
        try:
            value, tangent = function(*args, **kwargs, **dict(zip(names, dots.values())))
        except BaseException as error:
            add_user_line(error)
            raise
        taken = list(arrays(args))
        return apart(value, taken), apart(tangent if shape else closed(tangent, value), taken)

    return along


def shaped(t: Any, x: Any, where: str) -> Any:
    """The tangent `t` of `x` in memory of its own, structured, shaped and typed like `x`.

    Raises TypeError or ValueError where it has another structure or shape.

    >>> shaped(1, np.zeros(()), "t")
    array(1.)
    """
    if isinstance(x, np.ndarray):
        if np.shape(t) != x.shape:
            raise ValueError(f"{where} has the shape {np.shape(t)}, its primal {x.shape}")
        made = np.empty_like(x, dtype=x.dtype if x.dtype.kind in "fc" else float)
        made[...] = t
        return made
    if isinstance(x, (list, tuple)):
        if not isinstance(t, (list, tuple)) or len(t) != len(x):
            raise TypeError(f"{where} is not structured like its primal: a {type(x).__name__} of {len(x)}")
        items = [shaped(part, item, f"{where}[{i}]") for i, (part, item) in enumerate(zip(t, x))]
        return items if isinstance(x, list) else type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    if isinstance(x, dict):
        if not isinstance(t, dict) or t.keys() != x.keys():
            raise TypeError(f"{where} is not structured like its primal: a dict with the keys {list(x)}")
        return {key: shaped(t[key], value, f"{where}[{key!r}]") for key, value in x.items()}
    held = attributes(x)
    if held is not None:
        given = attributes(t)
        if given is None or given.keys() != held.keys():
            raise TypeError(f"{where} is not structured like its primal: a {type(x).__name__}")
        return namespace(**{name: shaped(given[name], value, f"{where}.{name}") for name, value in held.items()})
    if not isinstance(x, (bool, int, float, complex, np.generic)):
        return None
    if np.shape(t) != ():
        raise ValueError(f"{where} has the shape {np.shape(t)}, its primal is a number")
    if isinstance(x, np.inexact):
        return type(x)(t)
    return complex(t) if isinstance(x, complex) else float(t)


def apart(value: Any, others: list[np.ndarray]) -> Any:
    """`value`, with a copy of each array that may share memory with one of `others` or an earlier one; `others` grows."""
    if isinstance(value, np.ndarray):
        value = value.copy() if any(np.may_share_memory(value, other) for other in others) else value
        others.append(value)
        return value
    if isinstance(value, (list, tuple)):
        items = [apart(item, others) for item in value]
        return items if isinstance(value, list) else type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if isinstance(value, dict):
        return {key: apart(item, others) for key, item in value.items()}
    if attributes(value) is not None:
        own = list(arrays(value))
        value = copied(value) if any(np.may_share_memory(array, other) for array in own for other in others) else value
        others.extend(arrays(value))
    return value


def arrays(value: Any) -> Iterator[np.ndarray]:
    """The arrays in a structure."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from arrays(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from arrays(item)
    elif (held := attributes(value)) is not None:
        for item in held.values():
            yield from arrays(item)
