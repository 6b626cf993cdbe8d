"""Generated text as live functions.

`load(text, homes, helpers, file_name(...))` returns the text's functions by name.  Each is compiled inside a factory whose
parameters are the names that are linked: helpers, the other functions of the text, and what the user's function captures.  The
factory never runs.  Its inner code object is joined to cells: the user's own cells for captured variables, so that they are read
live, and cells of ours for the rest.  Globals are the dictionary of the user's module, in which nothing is written.
"""
from __future__ import annotations

import ast
import linecache
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import CellType, CodeType, FunctionType
from typing import Any

from s2sad import core
from s2sad.emit import Text
from s2sad.emit.tree import definition_tree


@dataclass(frozen=True)
class Home:
    """Where a generated function finds its names: the globals and captured variables of the user's function that it was made
    from, and the default values that it takes over."""

    globals: dict[str, Any]
    cells: Mapping[str, CellType] = field(default_factory=dict)
    defaults: tuple[Any, ...] | None = None
    kwdefaults: dict[str, Any] | None = None


@dataclass(frozen=True)
class Origin:
    """What a generated file was made from: the user's file and function, and the line map."""

    path: str
    function: str
    line_map: Mapping[int, core.Place]
    text: str = field(repr=False, default="")


_origins: dict[str, Origin] = {}


def home_of(function: FunctionType) -> Home:
    """The home of a function made from `function`."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))
    return Home(function.__globals__, cells, function.__defaults__, function.__kwdefaults__)


def register(text: Text, name: str, path: str, line: int, function: str) -> str:
    """The file name under which tracebacks, `pdb` and `inspect.getsource` find the text, the same for the same text.

    >>> register(Text("pass\\n", {}, ast.parse("pass")), "loss_grad", "/home/ann/model.py", 12, "loss")
    '<s2sad loss_grad of model.py:12>'
    """
    origin = Origin(path, function, text.line_map, text.text)
    base = f"s2sad {name} of {os.path.basename(path).strip('<>')}:{line}"
    filename, count = f"<{base}>", 1
    while (known := _origins.get(filename)) is not None and known != origin:
        count += 1
        filename = f"<{base} ({count})>"
    _origins[filename] = origin
    linecache.cache[filename] = (len(text.text), None, text.text.splitlines(keepends=True), filename)
    return filename


def load(
    text: Text,
    homes: Mapping[str, Home],
    helpers: Mapping[str, Any] | None = None,
    filename: str = "<s2sad>",
) -> dict[str, FunctionType]:
    """The functions of the text, by name.

    `homes` says for each function where it lives.  A free name is looked up among the captured variables of its home, then
    among the functions of the text, then in `helpers`; what is in none of them is a global of the home.

    >>> text = Text("def f(x):\\n    return k * x\\n", {}, ast.parse("def f(x):\\n    return k * x\\n"))
    >>> load(text, {"f": Home({})}, {"k": 3})["f"](2)
    6
    """
    definitions = [s for s in text.tree.body if isinstance(s, ast.FunctionDef)]
    peers = {d.name: CellType() for d in definitions}
    shared = {name: CellType(value) for name, value in (helpers or {}).items()} | peers
    factories: list[ast.stmt] = [_factory(d, {**shared, **homes[d.name].cells}) for d in definitions]
    module = compile(ast.Module(body=factories, type_ignores=[]), filename, "exec", dont_inherit=True)
    loaded = {}
    for definition, factory in zip(definitions, _codes(module)):
        name, home = definition.name, homes[definition.name]
        code, = _codes(factory)
        code = _requalified(code, code.co_qualname.removesuffix(name))
        closure = tuple(home.cells[n] if n in home.cells else shared[n] for n in code.co_freevars)
        function = FunctionType(code, home.globals, name, home.defaults, closure)
        function.__kwdefaults__ = home.kwdefaults and dict(home.kwdefaults)
        loaded[name] = peers[name].cell_contents = function
    return loaded


def _factory(definition: ast.FunctionDef, linked: Mapping[str, CellType]) -> ast.FunctionDef:
    """`def factory(<linked names>): <definition>`, with neither defaults nor annotations, whose values come from the home."""
    def bare(arg: ast.arg) -> ast.arg:
        return ast.copy_location(ast.arg(arg=arg.arg), arg)

    old = definition.args
    args = ast.arguments(
        posonlyargs=[bare(a) for a in old.posonlyargs], args=[bare(a) for a in old.args], vararg=old.vararg and bare(old.vararg),
        kwonlyargs=[bare(a) for a in old.kwonlyargs], kw_defaults=[None] * len(old.kwonlyargs),
        kwarg=old.kwarg and bare(old.kwarg), defaults=[])
    inner = _def(definition.name, args, definition.body, definition)
    names = [ast.copy_location(ast.arg(arg=name), definition) for name in linked]
    outer = ast.arguments(posonlyargs=[], args=names, vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[])
    return _def("factory", outer, [inner], definition)


def _def(name: str, args: ast.arguments, body: list[ast.stmt], place: ast.stmt) -> ast.FunctionDef:
    return ast.copy_location(definition_tree(name, args, body), place)


def _codes(code: CodeType) -> list[CodeType]:
    return [c for c in code.co_consts if isinstance(c, CodeType)]


def _requalified(code: CodeType, prefix: str) -> CodeType:
    """The code, and the code inside it, with the factory's prefix taken off their qualified names."""
    inner = tuple(_requalified(c, prefix) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_qualname=code.co_qualname.removeprefix(prefix), co_consts=inner)


def _user_place(filename: str, line: int) -> tuple[str, int, str] | None:
    """The user's file, line and function behind a line of a generated file; through several orders of differentiation."""
    function = ""
    while (origin := _origins.get(filename)) is not None:
        place = origin.line_map.get(line)
        if place is None:
            return None
        filename, line, function = origin.path, place.line, origin.function
    return (filename, line, function) if function else None


def add_user_line(error: BaseException) -> None:
    """Gives an exception that came out of generated code a note with the file and line of the user's function."""
    traceback, found = error.__traceback__, None
    while traceback is not None:
        found = _user_place(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno) or found
        traceback = traceback.tb_next
    if found is None:
        return
    path, line, function = found
    note = f'differentiated from\n  File "{path}", line {line}, in {function}'
    source = linecache.getline(path, line).strip()
    if source:
        note += f"\n    {source}"
    if note not in getattr(error, "__notes__", ()):
        error.add_note(note)
