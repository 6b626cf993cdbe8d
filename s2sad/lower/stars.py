"""Parameters in the place of `*args`, where it is known how many arguments a call gives.

    def f(*args):               ->      def f(args_0, args_1):
        return g(*args)                     return g(args_0, args_1)

So each argument is a variable of its own: one may be differentiated with respect to, and another, an axis perhaps, not.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from s2sad import core
from s2sad.facts import Fact, Sequence
from s2sad.names import Names
from s2sad.request import Independent, Request


def without_stars(function: core.Function, count: int) -> core.Function:
    """The function with a parameter for each of `count` arguments: of `lambda *a: f(*a)`, `lambda a_0, a_1: f(*(a_0, a_1))`."""
    star = star_of(function)
    rest = [param for param in function.params if param.kind == "kwargs"]
    if star is None and not rest:
        return function
    plain = [param for param in function.params if param.kind in ("positional", "plain")]
    names = [f"{star.name}_{i}" for i in range(count - len(plain))] if star is not None else []
    starts = [core.Assign(core.Name(star.name), core.Tuple(tuple(map(core.Name, names))))] if star is not None else []
    starts += [core.Assign(core.Name(param.name), core.Dict((), ())) for param in rest]
    keyword = [param for param in function.params if param.kind == "keyword"]
    return replace(function, params=(*plain, *map(core.Param, names), *keyword), body=(*starts, *function.body))


def star_of(function: core.Function) -> core.Param | None:
    """The parameter `*args` of a function."""
    return next((param for param in function.params if param.kind == "args"), None)


def with_items_apart(function: core.Function, facts: Mapping[str, Fact], request: Request) -> tuple[
        core.Function, Mapping[str, Fact], Request]:
    """The function with a parameter for each item of its `*args`, and what is known and asked of these.

    The very same where nothing is asked of an item, or where the number of items is not known.  The function may be a derivative whose
    parameters stand for the items already: they are the ones of which `facts`, by the names of the primal's parameters, say nothing.
    """
    star = star_of(function)
    own = [param.name for param in function.params]
    apart = [name for name, fact in facts.items() if isinstance(fact, Sequence) and name not in own] if star is None else []
    asked = next((one.name for one in request.wrt if isinstance(one.item, int)), apart[0] if apart else "")
    known = facts.get(asked)
    if not isinstance(known, Sequence) or known.items is None:
        return function, facts, request
    if star is None:
        names = [name for name in own if name not in facts]
    elif any(param.default is not None and param.kind != "keyword" for param in function.params):
        return function, facts, request
    else:
        fresh = Names.of(function)
        names = [fresh.fresh(f"{star.name}_{i}") for i in range(len(known.items))]
        function = _with_parameters(function, star, names)
    wrt = tuple(Independent(names[one.item]) if isinstance(one.item, int) else one for one in request.wrt)
    return function, {**facts, **dict(zip(names, known.items))}, replace(request, wrt=wrt)


def _with_parameters(function: core.Function, star: core.Param, names: list[str]) -> core.Function:
    items = core.Tuple(tuple(map(core.Name, names)))
    params = [new for param in function.params for new in (map(core.Param, names) if param is star else (param,))]
    first = core.Assign(core.Name(star.name), items)
    rest = function.body if is_bound(star.name, function) else (_with_items(stmt, star.name, items) for stmt in function.body)
    body = (first, *rest)
    return replace(function, params=tuple(params), body=body)


def is_bound(name: str, function: core.Function) -> bool:
    """Whether something in the body binds a name."""
    targets = (getattr(node, "target", None) for node in core.walk(function.body))
    return any(target is not None and name in core.bound_names(target) for target in targets)


def _with_items(node: Any, star: str, items: core.Tuple) -> Any:
    """`*args` and `args[0]` by the names of the items; functions that are defined inside still read `args`."""
    if isinstance(node, core.Function):
        return node
    whole = core.Starred(core.Name(star))
    if isinstance(node, core.Call) and whole in node.args:
        node = replace(node, args=tuple(item for arg in node.args for item in (items.elts if arg == whole else (arg,))))
    if node == whole:
        return core.Starred(items)
    if isinstance(node, core.Subscript) and node.value == core.Name(star) and isinstance(node.index, core.Const):
        place = node.index.value
        if isinstance(place, int) and -len(items.elts) <= place < len(items.elts):
            return items.elts[place]
    return core.rebuild(node, lambda child: _with_items(child, star, items))
