"""Adjoints shaped like their primals, whatever these are: numbers, arrays, or lists, tuples, dicts and dataclasses of them."""
from __future__ import annotations

import types
from collections import defaultdict
from typing import Any

import numpy as np

from s2sad.derivatives.attributes import attributes


def add_at(a: Any, index: Any, value: Any) -> None:
    """Adds the adjoint of `x[index]` to that of `x`: of an array, as often as the index names an entry.

    >>> a = np.zeros(2); add_at(a, np.array([1, 1]), np.ones(2)); a
    array([0., 2.])
    """
    if isinstance(a, np.ndarray):
        np.add.at(a, index, value)
    else:
        a[index] = add(a[index], value)


def part_added(a: Any, index: Any, value: Any) -> Any:
    """The adjoint of `x` with that of `x[index]` added: in place where it has parts, a new number where `x` is one.

    >>> float(part_added(np.float64(1.0), (), 2.0))
    3.0
    """
    if isinstance(a, (bool, int, float, complex, np.generic)):
        return a + np.sum(value)
    add_at(a, index, value)
    return a


def conjugate(x: Any) -> Any:
    """The complex conjugate; what is real stays what it is.

    >>> conjugate(2.0), conjugate(1j)
    (2.0, -1j)
    """
    if isinstance(x, (list, tuple)):
        return named_like(x, [conjugate(item) for item in x])
    return x.conjugate() if np.iscomplexobj(x) else x


MISSING: Any = object()
"""Stands for what was not there."""


def unbroadcast(t: Any, x: Any) -> Any:
    """`t` as an adjoint of `x`: summed over the axes along which `x` was broadcast, expanded where it is smaller, typed like `x`.

    The result is a Python number where `x` is one, real where `x` is real, and has the dtype of `x` where that is inexact.
    None, the adjoint of a part that nothing reads, stands for zero.

    >>> unbroadcast(np.ones((2, 3)), 5.0)
    6.0
    >>> unbroadcast(np.ones((2, 3)), np.zeros((2, 1)))
    array([[3.],
           [3.]])
    >>> unbroadcast(1.0, np.zeros(2, np.float32))
    array([1., 1.], dtype=float32)
    """
    if type(t) is np.ndarray and type(x) is np.ndarray and t.shape == x.shape and t.dtype == x.dtype:
        return t
    if t is None or x is None:
        return zeros(x)
    if isinstance(x, (list, tuple)):
        parts = t if isinstance(t, (list, tuple)) else sum_to_shape(t, np.shape(x))
        return named_like(x, [unbroadcast(part, item) for part, item in zip(parts, x, strict=True)])
    if isinstance(x, dict):
        return {key: unbroadcast(t[key], value) for key, value in x.items()}
    held = None if isinstance(x, (bool, int, float, complex, np.ndarray, np.generic)) else attributes(x)
    if held is not None:
        return types.SimpleNamespace(**{name: unbroadcast(getattr(t, name, None), value) for name, value in held.items()})
    if type(x) is complex:
        return complex(np.sum(t))
    if isinstance(x, (bool, int, float)) and not isinstance(x, np.generic):
        return float(t.real if type(t) is complex else np.sum(np.real(t)) if isinstance(t, (np.ndarray, np.generic)) else t)
    summed = sum_to_shape(t, np.shape(x))
    dtype = np.asarray(x).dtype
    if dtype.kind != "c" and summed.dtype.kind == "c":
        summed = np.real(summed)
    if dtype.kind in "fc" and summed.dtype != dtype:
        summed = summed.astype(dtype)
    return summed[()] if isinstance(x, np.generic) else summed


def sum_to_shape(t: Any, shape: tuple[int, ...]) -> Any:
    """`t` summed over what broadcasting added to `shape`, and repeated along what it lacks.

    >>> sum_to_shape(np.ones((4, 3)), (3,))
    array([4., 4., 4.])
    """
    t = np.asarray(t)
    if t.ndim > len(shape):
        t = np.sum(t, axis=tuple(range(t.ndim - len(shape))))
    stretched = tuple(i for i, n in enumerate(t.shape, len(shape) - t.ndim) if shape[i] == 1 != n)
    if stretched:
        t = np.sum(t, axis=tuple(i - len(shape) + t.ndim for i in stretched), keepdims=True)
    return t if t.shape == shape else np.array(np.broadcast_to(t, shape))


class Fields(list[Any]):
    """The adjoint of a named tuple while it is added to: items that can be set, by index and by name."""

    def __init__(self, names: tuple[str, ...], items: list[Any]) -> None:
        super().__init__(items)
        object.__setattr__(self, "names", names)

    def __getattr__(self, name: str) -> Any:
        if name not in self.names:
            raise AttributeError(name)
        return self[self.names.index(name)]

    def __setattr__(self, name: str, value: Any) -> None:
        self[self.names.index(name)] = value

    def __reduce__(self) -> Any:
        return Fields, (self.names, list(self))


def named_like(x: Any, items: list[Any]) -> list[Any]:
    """The adjoints of the items of `x`, by name too where `x` is a named tuple, or the adjoint of one."""
    names = x.names if isinstance(x, Fields) else getattr(x, "_fields", None)
    return items if names is None else Fields(names, items)


def zeros(x: Any) -> Any:
    """The zero adjoint of `x`, whose parts can be added to: lists for tuples, namespaces for objects, None for what has no derivative.

    >>> zeros({"w": np.ones(2), "b": (1, 2j)})
    {'w': array([0., 0.]), 'b': [0.0, 0j]}
    """
    if x is MISSING:
        return x
    if isinstance(x, np.ndarray):
        return np.zeros_like(x) if x.dtype.kind in "fcO" else np.zeros(x.shape)
    if isinstance(x, np.flatiter):
        return zeros(x[:])
    if isinstance(x, np.generic):
        return type(x)(0) if isinstance(x, np.inexact) else np.float64(0.0)
    if isinstance(x, (bool, int, float)):
        return 0.0
    if isinstance(x, complex):
        return 0j
    if isinstance(x, (list, tuple)):
        return named_like(x, [zeros(item) for item in x])
    if isinstance(x, dict):
        return {key: zeros(value) for key, value in x.items()}
    held = attributes(x)
    return None if held is None else types.SimpleNamespace(**{name: zeros(value) for name, value in held.items()})


def closed(x_bar: Any, x: Any) -> Any:
    """The adjoint `x_bar` with the structure and the types of `x`: tuples for tuples, an object for an object, made without its `__init__`.

    What is no number, such as a text or a function, has None in its place.

    >>> closed([np.float64(1.0), {"b": [2.0, 3.0]}], (1, {"b": (2, 3)}))
    (1.0, {'b': (2.0, 3.0)})
    """
    if isinstance(x, (list, tuple)):
        items = [closed(part, item) for part, item in zip(x_bar, x, strict=True)]
        return items if isinstance(x, list) else type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    if isinstance(x, dict):
        return {key: closed(x_bar[key], value) for key, value in x.items()}
    held = attributes(x)
    if held is not None:
        # Python checks that no base in C is passed over: a namespace needs its own `__new__`, a class of the user's the plain one.
        new: Any = types.SimpleNamespace() if type(x) is types.SimpleNamespace else object.__new__(type(x))
        for name, value in held.items():
            object.__setattr__(new, name, closed(getattr(x_bar, name, None), value))
        return new
    return None if x_bar is None else unbroadcast(x_bar, x) if isinstance(x, (bool, int, float, complex, np.ndarray, np.generic)) else x_bar


def add(a: Any, b: Any) -> Any:
    """The sum of two adjoints of one value, structure by structure.

    >>> add([1.0, [2.0, None]], [0.5, [1.0, None]])
    [1.5, [3.0, None]]
    """
    if a is None or b is None:
        return b if a is None else a
    if isinstance(a, (list, tuple)):
        return named_like(a, [add(x, y) for x, y in zip(a, b, strict=True)])
    if isinstance(a, dict):
        return {key: add(value, b[key]) for key, value in a.items()}
    if isinstance(a, types.SimpleNamespace):
        return types.SimpleNamespace(**{name: add(value, getattr(b, name)) for name, value in vars(a).items()})
    return a + b


def zero_tangent(x: Any) -> Any:
    """The zero tangent of `x`: its own structure with zeros for numbers, namespaces for objects, None for what has no derivative.

    What stands in several places of `x` has one zero there, so that changing it in place is seen in all of them.

    >>> zero_tangent({"w": np.ones(2), "b": (1, 2j), "name": "layer"})
    {'w': array([0., 0.]), 'b': (0.0, 0j), 'name': None}
    """
    made: dict[int, Any] = {}

    def zero(x: Any) -> Any:
        if id(x) not in made:
            made[id(x)] = of(x)
        return made[id(x)]

    def of(x: Any) -> Any:
        if isinstance(x, list):
            items: list[Any] = []
            made[id(x)] = items
            items += map(zero, x)
            return items
        if isinstance(x, tuple):
            return type(x)(*map(zero, x)) if hasattr(x, "_fields") else tuple(map(zero, x))
        if isinstance(x, dict):
            values: dict[Any, Any] = defaultdict(x.default_factory) if isinstance(x, defaultdict) else {}
            made[id(x)] = values
            values.update((key, zero(value)) for key, value in x.items())
            return values
        held = attributes(x)
        if held is None:
            return zeros(x)
        made[id(x)] = new = types.SimpleNamespace()
        for name, value in held.items():
            setattr(new, name, zero(value))
        return new

    return zero(x)


def spread(t: Any, x: Any) -> Any:
    """The tangent `t` of `x` in the shape of `x`: repeated along the axes along which it is the same.

    >>> spread(1.0, np.zeros(2))
    array([1., 1.])
    >>> spread(1.0, 5.0)
    1.0
    """
    if not isinstance(x, np.ndarray) or isinstance(t, np.ndarray) and t.shape == x.shape:
        return t
    return np.array(np.broadcast_to(t, x.shape), dtype=np.result_type(t, x) if x.dtype.kind in "fc" else None)


def accumulated(a: Any, b: Any) -> Any:
    """`a` with the adjoint `b` added, in place as far as its parts can be changed.

    >>> shadow = [np.zeros(2), 0.0]
    >>> accumulated(shadow, [np.ones(2), 3.0]) is shadow, shadow
    (True, [array([1., 1.]), 3.0])
    """
    if b is None or a is None:
        return b if a is None else a
    if isinstance(a, np.ndarray):
        a += b
        return a
    if isinstance(a, list):
        a[:] = [accumulated(x, y) for x, y in zip(a, b, strict=True)]
        return a
    if isinstance(a, dict):
        for key, value in b.items():
            a[key] = accumulated(a[key], value)
        return a
    if isinstance(a, types.SimpleNamespace):
        for name, value in vars(b).items():
            setattr(a, name, accumulated(getattr(a, name), value))
        return a
    return a + b


def entry(holder: dict[Any, Any], key: Any) -> Any:
    """`holder[key]`, or MISSING."""
    return holder.get(key, MISSING)


def attribute(holder: Any, name: str) -> Any:
    """The attribute `name` of an object, or MISSING."""
    return getattr(holder, name, MISSING)


def check_bound(value: Any, name: str) -> None:
    """Raises what reading the variable raises where it is not bound, for which None stands.

    >>> check_bound(1.0, "y")
    """
    if value is None:
        raise UnboundLocalError(f"cannot access local variable '{name}' where it is not associated with a value")


def put_back(holder: dict[Any, Any], key: Any, old: Any) -> None:
    """Undoes `holder[key] = value`, where `old` was there or MISSING.

    >>> d = {"a": 1}
    >>> old = entry(d, "b"); d["b"] = 2
    >>> put_back(d, "b", old); d
    {'a': 1}
    """
    if old is MISSING:
        holder.pop(key, None)
    else:
        holder[key] = old


def put_back_attribute(holder: Any, name: str, old: Any) -> None:
    """Undoes `holder.name = value`, where `old` was there or MISSING."""
    if old is not MISSING:
        setattr(holder, name, old)
    elif hasattr(holder, name):
        delattr(holder, name)


def rewrite_item(holder: Any, key: Any, value: Any) -> None:
    """`holder[key] = value`, written into the array that is there.

    >>> a = np.ones(2); items = [a, 1.0]
    >>> rewrite_item(items, 0, 3.0); rewrite_item(items, 1, 4.0); a, items[1]
    (array([3., 3.]), 4.0)
    """
    item = holder[key]
    if isinstance(item, np.ndarray):
        item[...] = value
    else:
        holder[key] = value


def rewrite_attribute(holder: Any, name: str, value: Any) -> None:
    """`holder.name = value`, written into the array that is there."""
    item = getattr(holder, name)
    if isinstance(item, np.ndarray):
        item[...] = value
    else:
        setattr(holder, name, value)


def put_in(holder: Any, key: Any, old: Any) -> None:
    """Undoes `del holder[key]`.

    >>> items = [1, 2]
    >>> put_in(items, -1, 3); items
    [1, 2, 3]
    """
    if isinstance(holder, list):
        holder.insert(key if key >= 0 else len(holder) + 1 + key, old)
    else:
        holder[key] = old


def refill(holder: dict[Any, Any], old: dict[Any, Any]) -> None:
    """Undoes `del holder[key]` of a dict, whose entries are `old` again, in their order."""
    holder.clear()
    holder.update(old)


def last_written(a: Any, index: Any) -> Any:
    """`a[index]` as the adjoint of what was stored there: zero for what a later value of the same store overwrote.

    >>> last_written(np.array([1.0, 2.0]), np.array([0, 1, 0]))
    array([0., 2., 1.])
    """
    part = a[index]
    if not isinstance(a, (np.ndarray, np.flatiter)) or np.ndim(part) == 0:
        return part
    order = np.arange(np.size(part)).reshape(np.shape(part))
    last = np.zeros(len(a), int) if isinstance(a, np.flatiter) else np.zeros(np.shape(a), int)
    last[index] = order
    return np.where(last[index] == order, part, 0.0)


def placed_last(t: Any, index: Any, a: Any) -> Any:
    """The adjoint of `a` from that of `last_written(a, index)`: what a store of `t` leaves.

    >>> placed_last(np.array([1.0, 2.0, 3.0]), np.array([0, 1, 0]), np.ones(2))
    array([3., 2.])
    """
    a_bar = zeros(a)
    a_bar[index] = t
    return a_bar
