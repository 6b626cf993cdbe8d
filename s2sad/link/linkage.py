"""What a generated text needs from outside.

`link(functions, sources)` finds the imports that the text needs to stand by itself, and the helpers among them: the names that
s2sad brought in, and to which `load` gives cells.  All other names are the user's own.  Where one function of the text means a helper by a
name that in another is the user's, the helper goes by another name.
"""
from __future__ import annotations

import ast
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import FunctionType, ModuleType
from typing import Any

from s2sad import core
from s2sad.errors import refuse
from s2sad.link.borrowed import BORROWED
from s2sad.link.hiding import Program, check_hidden, mentioned, ours
from s2sad.names import Names
from s2sad.reading.read import UNRESOLVED, Source
from s2sad.reading.scope import StaticScope, top_level


def free_names(function: core.Function) -> dict[str, None]:
    """The names that a function reads and does not bind, those inside nested functions too, in the order of the text."""
    found: dict[str, None] = {}
    bound = {p.name for p in function.params}
    for stmt in core.walk(function.body):
        if isinstance(stmt, (core.Assign, core.For, core.AugAssign)):
            bound.update(core.bound_names(stmt.target))
        elif isinstance(stmt, core.Delete):
            bound.update(name for target in stmt.targets for name in core.bound_names(target))
        elif isinstance(stmt, core.With) and stmt.target is not None:
            bound.update(core.bound_names(stmt.target))
        elif isinstance(stmt, (core.Define, core.Import, core.Handler)):
            bound.add(stmt.name)
    local = frozenset(bound)
    for stmt in function.body:
        _note(stmt, local, found)
    for p in function.params:
        if p.default is not None:
            _note(p.default, frozenset(), found)
        if p.annotation is not None:
            _note(p.annotation, frozenset(), found)
    return found


def _note(node: Any, bound: frozenset[str], found: dict[str, None]) -> None:
    if isinstance(node, core.Name):
        if node.id not in bound:
            found[node.id] = None
    elif isinstance(node, core.Function):
        for name in free_names(node):
            if name not in bound:
                found[name] = None
    else:
        if isinstance(node, core.Comprehension):
            bound = bound.union(name for g in node.generators for name in core.bound_names(g.target))
        for child in core.children(node):
            _note(child, bound, found)


def without_annotations(functions: Sequence[core.Function]) -> list[core.Function]:
    """The functions with bare parameters: what annotates the user's, such as `float[:, :]`, need not be an expression that runs."""
    return [replace(f, params=tuple(replace(p, annotation=None) for p in f.params)) for f in functions]


@dataclass(frozen=True)
class Linked:
    """The functions of a text, its imports, helpers' first, and the helpers' values."""

    functions: list[core.Function]
    imports: tuple[core.Import, ...]
    helpers: dict[str, Any]


def link(functions: Sequence[core.Function], sources: Mapping[str, Source], program: Program) -> Linked:
    """Finds what the names of a text mean; `sources` tells for each function whose it is, `program` gives that in core Python."""
    check_hidden(functions, sources, program)
    functions, aliases = _told_apart(functions, sources, program)
    helpers: dict[str, Any] = {}
    imports: dict[str, core.Import] = {}
    peers = {f.name for f in functions}
    for function in functions:
        source = sources[function.name]
        for name in free_names(function):
            if name in peers:
                continue
            found = source.scope.lookup(name)
            if name in aliases or _is_ours(source, name, program):
                mine = ours(aliases.get(name, name))
                if found is not mine:
                    helpers[name] = mine
                imports[name] = _brought(name, mine)
            elif _is_global(source, name):
                imports.setdefault(name, _users(source, name))
            elif found is not UNRESOLVED and found is ours(getattr(found, "__name__", "")):    # under a name that an earlier text gave it
                imports[name] = _brought(name, found)
    return Linked(list(functions), tuple(sorted(imports.values(), key=_order)), helpers)


def _is_ours(source: Source, name: str, program: Program) -> bool:
    """Whether the derivative of a function means by a name what s2sad brings."""
    found, mine = source.scope.lookup(name), ours(name)
    hidden = found is not mine and (found is not UNRESOLVED or _is_global(source, name))
    return mine is not UNRESOLVED and not (hidden and name in mentioned(program(source)))


def _told_apart(functions: Sequence[core.Function], sources: Mapping[str, Source],
                program: Program) -> tuple[Sequence[core.Function], dict[str, str]]:
    """The functions with other names for what s2sad brings by a name that is a global of the user's in one of them, and the old names."""
    free = {f.name: [name for name in free_names(f) if name not in sources] for f in functions}
    brought = {key: [name for name in names if _is_ours(sources[key], name, program)] for key, names in free.items()}
    taken = {name for key, names in free.items() for name in names if name not in brought[key] and _is_global(sources[key], name)}
    clashes = sorted(taken & set().union(*brought.values()))
    if not clashes:
        return functions, {}
    names = Names.of(*functions)
    names.reserve(*(name for source in sources.values() for name in source.scope.captured()))
    aliases = {name: names.fresh(f"{name}_of_s2sad") for name in clashes}

    def renamed(node: Any, chosen: Mapping[str, str]) -> Any:
        if isinstance(node, core.Name):
            return replace(node, id=chosen[node.id]) if node.id in chosen else node
        return core.rebuild(node, lambda part: renamed(part, chosen))

    return ([renamed(f, {name: aliases[name] for name in clashes if name in brought[f.name]}) for f in functions],
            {alias: name for name, alias in aliases.items()})


def _brought(name: str, value: object) -> core.Import:
    """How the text gets a name that s2sad brings: a module, a function of the runtime, or what a rule of the user's borrows."""
    if isinstance(value, ModuleType):
        return core.Import(name, value.__name__)
    if name in BORROWED:
        home = getattr(value, "__module__", None) or ""
        return core.Import(name, str(home), getattr(value, "__name__", name))
    return core.Import(name, "s2sad.runtime", getattr(value, "__name__", name))


def _order(stmt: core.Import) -> tuple[bool, bool, str, str]:
    """As people sort imports: those of the standard library and NumPy first, what is the user's last."""
    top = stmt.module.partition(".")[0]
    return top not in ("math", "numpy"), bool(stmt.attr), stmt.module, stmt.name


@lru_cache(maxsize=16)
def _scope(text: str) -> StaticScope | None:
    try:
        return top_level(ast.parse(text), lambda name: UNRESOLVED)
    except SyntaxError:
        return None


def _bindings(source: Source) -> Mapping[str, ast.stmt | None]:
    """What the top level of the user's file binds."""
    scope = _scope(source.text)
    return scope.bindings if scope is not None else {}


def _is_global(source: Source, name: str) -> bool:
    if isinstance(source.function, FunctionType):
        return name in source.function.__globals__ and name not in source.function.__code__.co_freevars
    return name in _bindings(source)


def _users(source: Source, name: str) -> core.Import:
    """How the text gets a global of the user's: by the user's own import, or from the user's module."""
    if isinstance(source.function, FunctionType):
        value = source.function.__globals__[name]
        if isinstance(value, ModuleType):
            return core.Import(name, value.__name__)
        home, own = getattr(value, "__module__", None), getattr(value, "__name__", "")
        if isinstance(home, str) and getattr(sys.modules.get(home), own, None) is value and home != source.function.__module__:
            return core.Import(name, home, own)
        return core.Import(name, module_of(source), name)
    stmt = _bindings(source).get(name)
    if isinstance(stmt, ast.Import):
        for alias in stmt.names:
            if (alias.asname or alias.name.partition(".")[0]) == name:
                return core.Import(name, alias.name)
    if isinstance(stmt, ast.ImportFrom):
        for alias in stmt.names:
            if (alias.asname or alias.name) == name:
                return core.Import(name, "." * stmt.level + (stmt.module or ""), alias.name)
    return core.Import(name, module_of(source), name)


def module_of(source: Source) -> str:
    """The name of the user's module, as a text beside its file imports it."""
    module = str(getattr(source.function, "__module__", None) or "__main__")
    named = all(part.isidentifier() for part in module.split("."))
    if named and (module != "__main__" or source.path.startswith("<")):
        return module
    directory, file = os.path.split(source.path)
    path = [os.path.splitext(file)[0]]
    while os.path.exists(os.path.join(directory, "__init__.py")):
        directory, package = os.path.split(directory)
        path.insert(0, package)
    if not all(part.isidentifier() for part in path):
        raise refuse(f"the derivative needs names of {source.path}, which cannot be imported under that name", None, None,
                     "rename the file to letters, digits and underscores")
    return ".".join(path)
