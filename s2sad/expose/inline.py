"""Calls of functions defined inside the function at hand, written out where they stand.

    def term(z):            ->      t = w * x
        return w * z                y = t + 1
    y = term(x) + 1

The names of the function become names of their own; those that it captures are the variables around it, which a call reads live.
"""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from s2sad import core
from s2sad.errors import refuse
from s2sad.flow.layout import atomic_writes
from s2sad.meaning.callees import UnboundCallError, UserCall, bind
from s2sad.meaning.semantics import Semantics
from s2sad.names import Names
from s2sad.reading.read import UNRESOLVED


def inlined(function: core.Function, call: core.Call, target: core.Name, names: Names, semantics: Semantics) -> list[core.Stmt]:
    """The statements of a call; the result is left in `target`."""
    if any(isinstance(node, core.Name) and node.id == function.name for node in core.walk(function.body)):
        raise refuse(f"cannot differentiate through `{function.name}`, which is defined inside another function and calls itself", call.at,
                     semantics.source, "define it at the top level of its module, with what it captures as parameters")
    out, renaming = bound_arguments(function, call, names, semantics)
    for stmt in function.body:
        new = renamed(stmt, renaming)
        out.append(core.Assign(target, new.value, at=new.at) if isinstance(new, core.Return) else new)
    if not function.body or not isinstance(function.body[-1], core.Return):
        out.append(core.Assign(target, core.Const(None), at=call.at))
    return out


def bound_arguments(function: core.Function, call: core.Call, names: Names,
                    semantics: Semantics) -> tuple[list[core.Stmt], dict[str, core.Expr]]:
    """The statements that bind the parameters of a function to the arguments of a call, and what its names become."""
    defaults = {param.name: param.default for param in function.params if param.default is not None}
    keywords = {name: value for name, value in call.keywords if name is not None}
    if len(keywords) != len(call.keywords) or any(isinstance(arg, core.Starred) for arg in call.args):
        raise refuse("cannot tell which parameters the arguments go to", call.at, semantics.source, "write the arguments one by one")
    try:
        bound = bind(function, list(call.args), keywords, defaults)
    except UnboundCallError as error:
        raise refuse(f"the call does not fit `{function.name}`: {error}", call.at, semantics.source, "correct the call") from None
    return entered(function, bound, names, semantics, call.at)


def entered(function: core.Function, bound: Mapping[str, core.Expr], names: Names, semantics: Semantics | None,
            at: core.Place | None) -> tuple[list[core.Stmt], dict[str, core.Expr]]:
    """The statements that bind the parameters of a function, and what its names become.

    A parameter that is never bound anew and gets a function or a constant is that; `*args` and `**kwargs` are displays of variables.
    """
    written = {name for stmt in core.walk(function.body) if isinstance(stmt, core.Stmt) for name, whole in atomic_writes(stmt)
               if whole and name not in function.free and name not in function.nonlocals}
    stars = {param.name for param in function.params if param.kind in ("args", "kwargs") and param.name not in written
             and is_only_read(param.name, function.body)}
    plain = {name for name, value in bound.items() if is_plain(value, semantics) or is_walked_at_once(name, function)} - written
    own = [name for name in dict.fromkeys([*bound, *sorted(written)]) if name not in plain | stars]
    renaming: dict[str, core.Expr] = {name: core.Name(names.fresh(name)) for name in own}
    out: list[core.Stmt] = []

    def held(item: core.Expr, wish: str) -> core.Expr:
        if isinstance(item, core.Const) or is_plain(item, semantics):
            return item
        name = core.Name(names.fresh(wish))
        out.append(core.Assign(name, item, at=at))
        return name

    for name, value in bound.items():
        if name not in stars:
            if name not in plain:
                out.append(core.Assign(renaming[name], value, at=at))
        elif isinstance(value, core.Tuple):
            renaming[name] = core.Tuple(tuple(held(elt, name) for elt in value.elts))
        else:
            assert isinstance(value, core.Dict)
            renaming[name] = core.Dict(value.keys, tuple(held(item, name) for item in value.values))
    return out, {**renaming, **{name: bound[name] for name in plain if name not in stars}}


READING = ("get", "items", "keys", "values", "index", "count")
"""The methods of tuples and dicts that give what is in them."""


def is_only_read(name: str, body: core.Block) -> bool:
    """Whether a dict or tuple is read where it stands, or spread, and never changed, returned or given away."""
    mentions = sum(isinstance(node, core.Name) and node.id == name for node in core.walk(body))
    seen = 0
    for node in core.walk(body):
        read: tuple[core.Expr, ...] = ()
        if isinstance(node, core.Call):
            read = (*(arg.value for arg in node.args if isinstance(arg, core.Starred)), *(v for key, v in node.keywords if key is None))
            if isinstance(node.func, core.Attribute) and node.func.attr in READING:
                read += (node.func.value,)
            elif isinstance(node.func, core.Name) and node.func.id in ("len", "sorted", "list", "enumerate", "zip", "sum"):
                read += node.args
        elif isinstance(node, core.Dict):
            read = tuple(value for key, value in zip(node.keys, node.values) if key is None)
        elif isinstance(node, core.Subscript):
            read = (node.value,)
        elif isinstance(node, core.Compare):
            read = node.operands
        elif isinstance(node, (core.For, core.Generator)):
            read = (node.iter,)
        elif isinstance(node, (core.Assign, core.AugAssign, core.Delete)):
            targets = node.targets if isinstance(node, core.Delete) else (node.target,)
            if any(core.root(target) == name for target in targets):
                return False
        seen += sum(part == core.Name(name) for part in read)
    return seen == mentions


def is_walked_at_once(name: str, function: core.Function) -> bool:
    """Whether a parameter is read once, by the loop that the function begins with: what is passed, an iterator too, is run over there."""
    first = function.body[0] if function.body else None
    reads = sum(isinstance(node, core.Name) and node.id == name for node in core.walk(function.body))
    return isinstance(first, core.For) and reads == 1 and len(function.params) <= 2 and name in core.reads(first.iter)


def is_plain(value: core.Expr, semantics: Semantics | None) -> bool:
    """Whether a value may be written out again wherever a parameter stands that gets it."""
    if isinstance(value, core.Name):
        return semantics is not None and semantics.callee(value) is not UNRESOLVED
    return isinstance(value, (core.Const, core.Lambda))


def spliced(called: UserCall, call: core.Call, names: Names,
            read: Mapping[str, core.Expr] | None = None) -> tuple[list[core.Stmt], core.Expr]:
    """The statements of a call of a function of the user's, and its value after them; `read` stands for names of its module.

    A parameter that gets a variable and is never bound anew is that variable.
    """
    code, bound = called.program, called.bound
    written = {name for stmt in core.walk(code.body) if isinstance(stmt, core.Stmt) for name, whole in atomic_writes(stmt) if whole}
    captured = {name for node in core.walk(code.body) if isinstance(node, core.Function) for name in node.free}
    renaming: dict[str, core.Expr] = {}
    out: list[core.Stmt] = []
    stars = {param.name for param in code.params if param.kind in ("args", "kwargs") and param.name not in written | captured
             and is_only_read(param.name, code.body)}

    def held(item: core.Expr, wish: str) -> core.Expr:
        if isinstance(item, (core.Const, core.Name)):
            return item
        name = core.Name(names.fresh(wish))
        out.append(core.Assign(name, item, at=call.at))
        return name

    for param, value in bound.items():
        if isinstance(value, core.Name) and param not in written and param not in captured:
            renaming[param] = value
            continue
        if param in stars and isinstance(value, core.Tuple):
            renaming[param] = core.Tuple(tuple(held(elt, param) for elt in value.elts))
            continue
        if param in stars and isinstance(value, core.Dict):
            renaming[param] = core.Dict(value.keys, tuple(held(item, param) for item in value.values))
            continue
        renaming[param] = core.Name(names.fresh(param))
        out.append(core.Assign(renaming[param], value, at=call.at))
    renaming.update({name: core.Name(names.fresh(name)) for name in sorted(written - set(bound))})
    result: core.Expr = core.Const(None)
    for stmt in code.body:
        new = read_from(renamed(stmt, renaming), read or {})
        if isinstance(new, core.Return):
            result = new.value
        elif not (isinstance(new, core.ExprStmt) and isinstance(new.value, core.Const)):
            out.append(new)
    return out, result


def read_from(node: Any, read: Mapping[str, core.Expr]) -> Any:
    """A statement with names replaced by paths."""
    if isinstance(node, core.Name):
        return read.get(node.id, node)
    new = core.rebuild(node, lambda part: read_from(part, read)) if read else node
    return replace(new) if new is node and isinstance(node, core.Stmt) else new


def renamed(node: Any, renaming: Mapping[str, core.Expr]) -> Any:
    """A copy of a statement with variables renamed, or replaced by what they stand for."""
    if isinstance(node, core.Name):
        value = renaming.get(node.id, node)
        return replace(value, at=node.at) if isinstance(value, core.Name) else value
    if isinstance(node, core.Comprehension):
        bound = {b for g in node.generators for b in core.bound_names(g.target)}
        inside = {n: m for n, m in renaming.items() if n not in bound} | apart(bound, renaming, node)
        return core.rebuild(node, lambda part: renamed(part, inside))
    if isinstance(node, core.Function):
        written = {n for s in core.walk(node.body) if isinstance(s, core.Stmt) for n, _ in atomic_writes(s)}
        hidden = {param.name for param in node.params} | written
        others = apart(hidden - set(node.nonlocals), renaming, node)
        inside = {n: m for n, m in renaming.items() if n not in hidden} | others
        function = core.rebuild(replace(node, params=()), lambda part: renamed(part, inside))
        params = tuple(replace(renamed(param, renaming), name=name_in(others, param.name)) for param in node.params)
        function = replace(function, params=params)
        free = (name for old in node.free for name in sorted(core.reads(renaming.get(old, core.Name(old)))))
        return replace(function, free=tuple(dict.fromkeys(free)))
    new: Any = core.rebuild(node, lambda part: renamed(part, renaming))
    if isinstance(new, core.Call) and new is not node:
        return one_by_one(new)
    if isinstance(new, (core.Define, core.Import)):
        new = replace(new, name=name_in(renaming, new.name))
    if isinstance(new, core.Try):
        new = replace(new, handlers=tuple(replace(h, name=name_in(renaming, h.name)) for h in new.handlers))
    return replace(new) if new is node and isinstance(node, core.Stmt) else new


def apart(bound: Collection[str], renaming: Mapping[str, core.Expr], node: object) -> dict[str, core.Expr]:
    """Other names for those that a function or comprehension binds and that what is put into it reads from around it.

        lambda x: f(x), with `lambda y: x * y` for `f`      ->      lambda x_2: (lambda y: x * y)(x_2)
    """
    names = {part.id for part in core.walk(node) if isinstance(part, core.Name)}
    put = frozenset().union(*(core.reads(value) for name, value in renaming.items() if name in names and name not in bound))
    fresh = Names(names | put | set(bound))
    return {name: core.Name(fresh.fresh(name)) for name in sorted(put & set(bound))}


def one_by_one(call: core.Call) -> core.Call:
    """A call whose `*` and `**` of displays are arguments one by one."""
    args: list[core.Expr] = []
    for arg in call.args:
        args += arg.value.elts if isinstance(arg, core.Starred) and isinstance(arg.value, core.Tuple) else (arg,)
    keywords: list[tuple[str | None, core.Expr]] = []
    for name, value in call.keywords:
        entries = displayed(value) if name is None else None
        keywords += entries.items() if entries is not None else ((name, value),)
    return replace(call, args=tuple(args), keywords=tuple(keywords))


def displayed(value: core.Expr) -> dict[str, core.Expr] | None:
    """The entries of a display of a dict, of those that it takes from other displays the last; None where a key is not written out."""
    if not isinstance(value, core.Dict):
        return None
    found: dict[str, core.Expr] = {}
    for key, item in zip(value.keys, value.values):
        inner = displayed(item) if key is None else {key.value: item} if isinstance(key, core.Const) else None
        if inner is None:
            return None
        found.update(inner)
    return found


def name_in(renaming: Mapping[str, core.Expr], name: str) -> str:
    new = renaming.get(name)
    return new.id if isinstance(new, core.Name) else name
