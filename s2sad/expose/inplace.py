"""Calls that write into arrays as the assignments that they stand for.

    np.copyto(a, b)         ->      a[...] = b
    np.exp(x, out=y)        ->      y[...] = np.exp(x)
    a.sort()                ->      a[...] = np.sort(a)

What is left for the reverse sweep are assignments to parts, of which there is one kind.
"""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from s2sad import core
from s2sad.facts import Number
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.quote import quote
from s2sad.reading.scope import UNRESOLVED

METHODS: dict[str, tuple[str, str]] = {
    "fill": ("value", "A[...] = VALUE"),
    "sort": ("axis=-1, kind=None", "A[...] = np.sort(A, AXIS)"),
    "partition": ("kth, axis=-1", "A[...] = np.partition(A, KTH, AXIS)"),
    "put": ("indices, values", "A.flat[INDICES] = np.resize(VALUES, np.shape(INDICES))"),
    "itemset": ("index, value", "A[INDEX] = VALUE"),
}
"""The methods of arrays, with their parameters."""

FUNCTIONS: dict[str, tuple[str, str]] = {
    "copyto": ("a, src, casting='same_kind'", "A[...] = SRC"),
    "put": ("a, indices, values", "A.flat[INDICES] = np.resize(VALUES, np.shape(INDICES))"),
    "place": ("a, mask, values", "A[MASK] = np.resize(VALUES, np.count_nonzero(MASK))"),
    "putmask": ("a, mask, values", "A[MASK] = PICKED"),
    "fill_diagonal": ("a, value", "A[np.diag_indices(min(A.shape), A.ndim)] = VALUE"),
    "put_along_axis": ("a, indices, values, axis", "A[along_axis(A, INDICES, AXIS)] = VALUES"),
}
"""The functions of NumPy; the first parameter is what is written."""

COPY_WHERE = ("a, src, where, casting='same_kind'", "A[WHERE] = PICKED")

AT: dict[str, str] = {
    "add": "ENTRIES[PLACES[K]] += VALUES[K]",
    "subtract": "ENTRIES[PLACES[K]] -= VALUES[K]",
    "multiply": "ENTRIES[PLACES[K]] *= VALUES[K]",
    "divide": "ENTRIES[PLACES[K]] /= VALUES[K]",
    "true_divide": "ENTRIES[PLACES[K]] /= VALUES[K]",
    "power": "ENTRIES[PLACES[K]] **= VALUES[K]",
}
"""`np.add.at(a, i, v)` as a loop over the entries; the other functions of two arguments apply themselves."""


def writes(call: core.Call, env: Env, semantics: Semantics) -> bool:
    """Whether a call writes into an array and has the form of an assignment."""
    return any(form(call, env, semantics) is not None for form in (_template, at_function, out_of))


def assignments(call: core.Call, env: Env, semantics: Semantics, names: Names) -> tuple[list[core.Stmt], core.Expr]:
    """The assignments that a call stands for, and what its value is after them."""
    at = call.at
    out = out_of(call, env, semantics)
    if out is not None:
        return _into(call, out, env, semantics, names)
    if at_function(call, env, semantics) is not None:
        return _at(call, env, semantics, names), core.Const(None)
    found = _template(call, env, semantics)
    assert found is not None
    text, bound = found
    before: list[core.Stmt] = []
    picked = "PICKED" in text
    for name, value in list(bound.items()):
        again = text.count(name) > 1 or picked and name in ("MASK", "WHERE") or name == "A" and core.root(value) is None
        if again and not isinstance(value, (core.Name, core.Const)):
            held = core.Name(names.fresh(name.lower() if name != "A" else "t"))
            before.append(core.Assign(held, value, at=at))
            bound[name] = held
    if picked:
        put, mask = ("VALUES", "MASK") if "MASK" in bound else ("SRC", "WHERE")
        bound["PICKED"] = _picked(bound[put], bound[mask], bound["A"], env, semantics, "resize" if put == "VALUES" else "broadcast_to")
    return [*before, *(replace(s, at=at) for s in quote(text, **bound))], core.Const(None)  # type: ignore[call-arg]


def out_of(call: core.Call, env: Env, semantics: Semantics) -> core.Expr | None:
    """The array that `out=` names, where the rest of the call is differentiated as it stands."""
    out = dict(call.keywords).get("out")
    function = semantics.function(call.func, env)
    spread = any(isinstance(arg, core.Starred) for arg in call.args)
    if isinstance(function, np.ufunc) and len(call.args) == function.nin + 1 and function.nout == 1 and not spread:
        return call.args[-1]
    if out is None or out == core.Const(None):
        return None
    numpys = (getattr(function, "__module__", None) or "").partition(".")[0] == "numpy" or isinstance(function, np.ufunc)
    if not numpys and not _is_method(call, env, semantics):
        return None
    return out.elts[0] if isinstance(out, core.Tuple) and len(out.elts) == 1 else out


def _is_method(call: core.Call, env: Env, semantics: Semantics) -> bool:
    return isinstance(call.func, core.Attribute) and isinstance(semantics.fact(call.func.value, env), Number)


def _into(call: core.Call, out: core.Expr, env: Env, semantics: Semantics, names: Names) -> tuple[list[core.Stmt], core.Expr]:
    before: list[core.Stmt] = []
    if core.root(out) is None:
        held = core.Name(names.fresh("t"))
        before.append(core.Assign(held, out, at=call.at))
        out = held
    keywords = tuple((name, value) for name, value in call.keywords if name != "out")
    if len(keywords) == len(call.keywords):
        call = replace(call, args=call.args[:-1])
    where = dict(keywords).get("where", core.Const(True))
    if where == core.Const(True):
        alone = replace(call, keywords=keywords)
        return [*before, core.Assign(core.Subscript(out, core.Const(...)), alone, at=call.at)], out
    mask = where if isinstance(where, core.Name) else core.Name(names.fresh("mask"))
    if mask is not where:
        before.append(core.Assign(mask, where, at=call.at))
    args = tuple(_picked(arg, mask, out, env, semantics, "broadcast_to") for arg in call.args)
    alone = replace(call, args=args, keywords=tuple((name, value) for name, value in keywords if name != "where"))
    return [*before, core.Assign(core.Subscript(out, mask), alone, at=call.at)], out


def _picked(value: core.Expr, mask: core.Expr, array: core.Expr, env: Env, semantics: Semantics, spread: str) -> core.Expr:
    """What of `value`, in the shape of an array, a mask picks; `spread` is the function of NumPy that gives it that shape."""
    have, want = semantics.fact(value, env), semantics.fact(array, env)
    if isinstance(have, Number) and have.shape == ():
        return value
    if not (isinstance(have, Number) and isinstance(want, Number) and have.shape is not None and have.shape == want.shape):
        value = core.Call(core.Attribute(core.Name("np"), spread), (value, core.Attribute(array, "shape")))
        value = value if spread == "resize" else core.Call(core.Attribute(value, "copy"))
    return core.Subscript(value, mask)


def at_function(call: core.Call, env: Env, semantics: Semantics) -> str | None:
    """`add` of `np.add.at(a, i, v)`."""
    if not (isinstance(call.func, core.Attribute) and call.func.attr == "at" and len(call.args) == 3):
        return None
    function = semantics.function(call.func.value, env)
    return function.__name__ if isinstance(function, np.ufunc) else None


def _at(call: core.Call, env: Env, semantics: Semantics, names: Names) -> list[core.Stmt]:
    name = at_function(call, env, semantics)
    assert name is not None and isinstance(call.func, core.Attribute)
    array, index, values = call.args
    before: list[core.Stmt] = []
    if core.root(array) is None:
        held = core.Name(names.fresh("t"))
        before.append(core.Assign(held, array, at=call.at))
        array = held
    places, given, k = (core.Name(names.fresh(wish)) for wish in ("places", "values", "k"))
    entries = core.Attribute(array, "flat")
    step = AT.get(name, "ENTRIES[PLACES[K]] = FUNCTION(ENTRIES[PLACES[K]], VALUES[K])")
    text = f"""
PLACES = np.arange(np.size(A)).reshape(np.shape(A))[INDEX]
VALUES = np.broadcast_to(GIVEN, np.shape(PLACES)).flatten()
PLACES = np.ravel(PLACES)
for K in range(len(PLACES)):
    {step}
"""
    return [*before, *quote(text, A=array, INDEX=index, PLACES=places, VALUES=given, GIVEN=values, K=k, ENTRIES=entries,
                            FUNCTION=call.func.value)]


def _template(call: core.Call, env: Env, semantics: Semantics) -> tuple[str, dict[str, core.Expr]] | None:
    function = semantics.function(call.func, env)
    if function is not UNRESOLVED:
        name = getattr(function, "__name__", "")
        if name not in FUNCTIONS or getattr(np, name, None) is not function:
            return None
        signature, text = COPY_WHERE if name == "copyto" and "where" in dict(call.keywords) else FUNCTIONS[name]
        return _bound(text, signature, call.args, call.keywords)
    if isinstance(call.func, core.Attribute) and call.func.attr in METHODS and _is_method(call, env, semantics):
        signature, text = METHODS[call.func.attr]
        return _bound(text, f"a, {signature}", (call.func.value, *call.args), call.keywords)
    return None


def _bound(
    text: str, signature: str, args: tuple[core.Expr, ...], keywords: tuple[tuple[str | None, core.Expr], ...],
) -> tuple[str, dict[str, core.Expr]] | None:
    params = [param.strip().partition("=") for param in signature.split(",")]
    names = [name for name, _, _ in params]
    given = dict(zip(names, args)) | {name: value for name, value in keywords if name}
    if len(args) > len(names) or set(given) - set(names) and not set(given) - set(names) <= {"dst", "arr", "ind", "vals", "v", "val"}:
        return None
    for alias, name in (("dst", "a"), ("arr", "a"), ("ind", "indices"), ("v", "values"), ("vals", "values"), ("val", "value")):
        if alias in given:
            given[name] = given.pop(alias)
    bound: dict[str, core.Expr] = {}
    for name, _, default in params:
        if name not in given and not default:
            return None
        bound[name.upper()] = given[name] if name in given else core.Const(eval(default, {}))
    return text, bound


