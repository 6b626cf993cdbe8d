"""Finds the text of a function: of a live function object, or by name in a file that is never run.

`read` and `read_file` return a Source: the text, where the function stands in it, and what the names that it does not bind refer to.
"""
from __future__ import annotations

import ast
import linecache
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import pairwise
from types import CodeType, FunctionType, MethodType
from typing import Any

from s2sad.errors import DifferentiationError, refuse
from s2sad.reading.scope import UNRESOLVED, LiveScope, Scope, ScopeWithout, StaticScope, top_level

__all__ = ["UNRESOLVED", "Scope", "Source", "StaticFunction", "functions_in", "read", "read_file"]

_LINES_TRIED = 100
_NO_SOURCE_HELP = "define the function in a file, or declare its derivative as a rule"
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, eq=False)
class Source:
    """A function's text and surroundings.

    `path` is absolute, or a name in angle brackets such as `<stdin>`; `text` is all of the file; `node` is the function's own syntax
    tree, placed in the file; `owner` is the class whose body defines it; `function` is None where a file was read.
    """

    path: str
    text: str = field(repr=False)
    name: str
    qualname: str
    first_line: int
    scope: Scope = field(repr=False)
    node: Definition = field(repr=False)
    owner: str = ""
    function: FunctionType | None = field(default=None, repr=False)

    @property
    def lines(self) -> tuple[str, ...]:
        return _lines(self.text)


@dataclass(frozen=True)
class StaticFunction:
    """A top-level function of a file that was read and not run."""

    path: str
    name: str
    text: str = field(repr=False)

    @property
    def source(self) -> Source:
        return read_file(self.path, self.name, self.text)


@lru_cache(maxsize=64)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))


# Live functions


def read(function: object) -> Source:
    """The source of a function, lambda or method.  Of a wrapped function, the wrapper is read, since it is what a call runs."""
    target = function.__func__ if isinstance(function, (MethodType, staticmethod, classmethod)) else function
    if not isinstance(target, FunctionType):
        raise refuse(f"`{_named(function)}` has no Python source to differentiate", None, None, "declare its derivative as a rule")
    code = target.__code__
    path = code.co_filename if code.co_filename.startswith("<") else os.path.abspath(code.co_filename)
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename, target.__globals__)
    if not lines:
        raise _no_source(target, path)
    text = "".join(lines)
    try:
        node = _lambda_of(text, code) if code.co_name == "<lambda>" else _definition_of(lines, code)
    except SyntaxError:
        node = None
    if node is None and path.startswith("<"):  # CPython 3.13 keeps the text of `python -c`, under the name that `exec` gives too
        raise _no_source(target, path)
    if node is None:
        raise refuse(f"`{target.__name__}` does not stand in {path} at line {code.co_firstlineno}, or not alone", None, None,
                     "reload the module if the file was changed; put a lambda on a line of its own")
    name = target.__name__ if code.co_name != "<lambda>" else _lambda_name(text, node)
    scope = _seen_by(node, LiveScope.of(target))
    return Source(path, text, name, target.__qualname__, node.lineno, scope, node, _owner(target.__qualname__), target)


def _seen_by(node: Definition, scope: Scope) -> Scope:
    """What a function sees of its surroundings: names that it does not mention are free for what its derivative calls by them."""
    from s2sad import runtime

    mentioned = {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
    hidden = frozenset(name for name in runtime.__all__ if name not in mentioned and scope.lookup(name) is not UNRESOLVED)
    return ScopeWithout(scope, hidden) if hidden else scope


def _no_source(target: FunctionType, path: str) -> DifferentiationError:
    where = f"{path}, line {target.__code__.co_firstlineno}"
    return refuse(f"the source of `{target.__name__}` is not available ({where})", None, None, _NO_SOURCE_HELP)


def _owner(qualname: str) -> str:
    """The innermost class around a function: `A` for `A.f` and for `A.f.<locals>.g`."""
    parts = qualname.split(".")
    classes = [part for part, inner in pairwise(parts) if "<locals>" not in (part, inner)]
    return classes[-1] if classes else ""


def _named(function: object) -> str:
    return str(getattr(function, "__name__", None) or type(function).__name__)


def _definition_of(lines: list[str], code: CodeType) -> Definition | None:
    """The `def` that compiled to `code`: only its own lines are parsed, found by the lines of its code and by indentation."""
    first = code.co_firstlineno
    if first > len(lines):
        return None
    head = lines[first - 1]
    indent = len(head) - len(head.lstrip())
    end = max(_code_lines(code), default=first)
    while end < len(lines) and (not (line := lines[end].strip()) or line.startswith("#") or _indent(lines[end]) > indent):
        end += 1
    for last in range(min(end, len(lines)), min(end + _LINES_TRIED, len(lines)) + 1):
        try:
            tree = _parsed("".join(lines[first - 1 : last]), first, bool(indent))
        except SyntaxError:
            continue  # the last statement goes on, less indented
        node = next((node for node in ast.walk(tree) if isinstance(node, ast.stmt) and not isinstance(node, ast.If)), None)
        return node if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_code_of(node, code) else None
    return None


@lru_cache(maxsize=64)
def _parsed(text: str, first: int, indented: bool) -> ast.Module:
    """The tree of lines cut out of a file, placed in the file."""
    if indented:
        return ast.parse("\n" * (first - 2) + "if 1:\n" + text)
    return ast.parse("\n" * (first - 1) + text)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _code_lines(code: CodeType) -> Iterator[int]:
    yield from (line for _, _, line in code.co_lines() if line)
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _code_lines(const)


def _is_code_of(node: Definition, code: CodeType) -> bool:
    arguments = node.args
    names = [arg.arg for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    unmangled = all(given == own or given.endswith(own) for given, own in zip(code.co_varnames, names))
    named = isinstance(node, ast.Lambda) or code.co_name == node.name or code.co_name.endswith(node.name)
    return named and len(names) == code.co_argcount + code.co_kwonlyargcount and unmangled


@lru_cache(maxsize=32)
def _lambdas(text: str) -> tuple[ast.Lambda, ...]:
    return tuple(node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Lambda))


def _lambda_of(text: str, code: CodeType) -> ast.Lambda | None:
    """The lambda that compiled to `code`: of several on a line, the one whose body has the positions of the code."""
    found = [node for node in _lambdas(text) if node.lineno == code.co_firstlineno and _is_code_of(node, code)]
    if len(found) > 1:
        spans = sorted((line, column, end_line, end_column) for line, end_line, column, end_column in code.co_positions()
                 if line is not None and column is not None and end_line is not None and end_column is not None and end_column > 0)
        if spans:
            start, end = spans[0][:2], max(span[2:] for span in spans)
            found = [node for node in found if (node.body.lineno, node.body.col_offset) == start
                     and (node.body.end_lineno, node.body.end_col_offset) == end]
        else:  # 3.12 gives no position to `return 1`
            value = repr(code.co_consts[-1])
            found = [node for node in found if isinstance(node.body, ast.Constant) and repr(node.body.value) == value][:1]
    return found[0] if len(found) == 1 else None


def _lambda_name(text: str, node: Definition) -> str:
    """The name that `name = lambda ...` gives, else `f`."""
    for stmt in ast.walk(ast.parse(text)):
        if isinstance(stmt, ast.Assign) and isinstance(stmt.targets[0], ast.Name) and isinstance(stmt.value, ast.Lambda):
            if (stmt.value.lineno, stmt.value.col_offset) == (node.lineno, node.col_offset):
                return stmt.targets[0].id
    return "f"


# Files


def read_file(path: str, name: str, text: str | None = None) -> Source:
    """The source of the function `name`, or `Class.name`, in a file; `text` is given where the path is not that of a file.

    Raises OSError or SyntaxError where the file cannot be read, and DifferentiationError where it has no such function.
    """
    path, text = _located(path, text)
    tree, scope = _file(path, text)
    nodes: list[Any] = [node for node in tree.body if _names(node) == name.partition(".")[0]]
    for part in name.split(".")[1:]:
        nodes = [child for node in nodes if isinstance(node, ast.ClassDef) for child in node.body if _names(child) == part]
    found = nodes[-1] if nodes else None
    node = found.value if isinstance(found, ast.Assign) else found
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        raise refuse(f"no function `{name}`", None, None, "name a function that the file defines at its top level", path)
    return Source(path, text, name.rpartition(".")[2], name, node.lineno, _seen_by(node, scope), node, _owner(name))


def functions_in(path: str, text: str | None = None) -> list[str]:
    """The public top-level functions of a file, in the order of the file."""
    tree, _ = _file(*_located(path, text))
    found = [_names(node) for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
             or isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)]
    return [name for name in dict.fromkeys(found) if name and not name.startswith("_")]


def _located(path: str, text: str | None) -> tuple[str, str]:
    path = path if path.startswith("<") else os.path.abspath(path)
    if text is None:
        with open(path, "rb") as file:
            source = file.read()
        text = _decoded(source)
    return path, text


def _decoded(source: bytes) -> str:
    import io
    import tokenize

    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


@lru_cache(maxsize=16)
def _file(path: str, text: str) -> tuple[ast.Module, StaticScope]:
    tree = ast.parse(text, path)
    return tree, top_level(tree, partial(_static_function, path, text))


def _static_function(path: str, text: str, name: str) -> StaticFunction:
    return StaticFunction(path, name, text)


def _names(node: ast.stmt) -> str | None:
    """The name that a statement defines a function or class under."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None
