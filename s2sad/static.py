"""Derivatives of the functions of a file that is read and never run.

`module_text(...)` returns the text of a module with the derivatives of some functions of a file, and what was refused.
"""
from __future__ import annotations

import ast
import inspect
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from s2sad import core
from s2sad.derivatives.target import Target, Wrt, independents
from s2sad.driver import derive
from s2sad.emit import emit
from s2sad.errors import DifferentiationError, refuse
from s2sad.facts import UNKNOWN, Fact
from s2sad.facts.annotations import fact_of_annotation
from s2sad.generate import front
from s2sad.infer.use import parameter_facts
from s2sad.link.linkage import link, without_annotations
from s2sad.quote import quote_expr
from s2sad.reading.read import Source, read_file
from s2sad.request import Request
from s2sad.work import REVERSE

KINDS: dict[str, Any] = {
    "positional": inspect.Parameter.POSITIONAL_ONLY, "plain": inspect.Parameter.POSITIONAL_OR_KEYWORD,
    "keyword": inspect.Parameter.KEYWORD_ONLY, "args": inspect.Parameter.VAR_POSITIONAL, "kwargs": inspect.Parameter.VAR_KEYWORD,
}


@dataclass(frozen=True)
class Asked:
    """What to write for each function."""

    mode: str = "grad"
    wrt: Wrt = 0
    types: Mapping[str, Fact] | None = None
    comments: bool = False


def signature_of(function: core.Function) -> inspect.Signature:
    """The signature of a function that is not live; defaults are there, their values are not known."""
    parameters = [inspect.Parameter(p.name, KINDS[p.kind], default=inspect.Parameter.empty if p.default is None else ...)
                  for p in function.params]
    return inspect.Signature(parameters)


def types_of(text: str) -> dict[str, Fact]:
    """The facts that `x: float, A: float[:, :]` states.  Raises SyntaxError where it is no list of annotated parameters.

    >>> sorted(types_of("x: float, A: float[:, :]"))
    ['A', 'x']
    """
    tree = ast.parse(f"def f({text}): pass")
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    args = definition.args
    found = {}
    for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs):
        if arg.annotation is None:
            raise SyntaxError(f"`{arg.arg}` has no type")
        stated = ast.unparse(arg.annotation)
        fact = fact_of_annotation(quote_expr(stated), arg.arg)
        if fact == UNKNOWN and stated not in ("Any", "object"):
            raise SyntaxError(f"`{stated}` is no type that s2sad knows")
        found[arg.arg] = fact
    return found


HARMLESS = frozenset((
    "grad", "value_and_grad", "jit", "njit", "cache", "lru_cache", "staticmethod", "classmethod", "property", "override", "final",
    "jaxtyped", "typechecked", "beartype",
))
"""The decorators that leave what a function computes as it is, or whose own derivative is asked for."""


def check_decorators(source: Source) -> None:
    """Refuses a function that an unknown decorator may have made into another."""
    for node in getattr(source.node, "decorator_list", ()):
        name = node.func if isinstance(node, ast.Call) else node
        word = name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")
        if word not in HARMLESS:
            at = core.Place(node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
            raise refuse(f"cannot tell what the decorator `{ast.unparse(name)}` makes of `{source.name}`", at, source,
                         "move what it decorates to a function without it, or differentiate the live function with `s2sad.grad`")


def derived(source: Source, asked: Asked) -> tuple[list[core.Function], dict[str, Source]]:
    """The functions of one derivative, and for each whose it is; raises DifferentiationError."""
    check_decorators(source)
    code = front(source)
    signature = signature_of(code)
    try:
        variables, single = independents(asked.wrt, Target(None, signature, signature), source.name)
    except DifferentiationError as error:
        raise refuse(error.msg, heading(source), source, error.help) from None
    facts = parameter_facts(code, source.scope, asked.types, result_scalar=asked.mode in ("grad", "value_and_grad"))
    library = derive(source, code, facts, Request(asked.mode, variables, single))
    functions = without_annotations(library.functions)
    if asked.comments and asked.mode != "jvp":
        functions = [replace(f, body=commented(f.body, library.sources[f.name].lines)) for f in functions]
    return functions, dict(library.sources)


def heading(source: Source) -> core.Place:
    """The line on which a function is defined."""
    line, text = source.first_line, source.lines[source.first_line - 1]
    return core.Place(line, len(text) - len(text.lstrip()), line, len(text.rstrip()))


def parameters_in(path: str, text: str, names: Sequence[str]) -> set[str]:
    """The parameters of some functions of a file; of those that are refused, none."""
    found: set[str] = set()
    for name in names:
        try:
            found.update(p.name for p in front(read_file(path, name, text)).params)
        except DifferentiationError:
            continue
    return found


def module_text(path: str, text: str, names: Sequence[str], asked: Asked) -> tuple[str, list[DifferentiationError]]:
    """The derivatives of the functions `names` of a file as one module, empty if there are none, and the refusals."""
    functions: list[core.Function] = []
    sources: dict[str, Source] = {}
    refused = []
    for name in names:
        try:
            new, origins = derived(read_file(path, name, text), asked)
            new, origins = _beside(functions, new, origins)
            link([*functions, *new], {**sources, **origins}, front)
        except DifferentiationError as error:
            refused.append(error)
            continue
        functions += new
        sources.update(origins)
    if not functions:
        return "", refused
    doc = "" if path.startswith("<") else f"Derivatives of {os.path.basename(path)}, written by s2sad."
    linked = link(functions, sources, front)
    return emit(linked.functions, linked.imports, doc).text, refused


def _beside(
    old: Sequence[core.Function], new: Sequence[core.Function], origins: Mapping[str, Source]
) -> tuple[list[core.Function], dict[str, Source]]:
    """The new functions without those that are there already, and under other names where a name means something else there."""
    texts = {f.name: emit([f]).text for f in old}
    names: dict[str, str] = {}
    for f in new:
        if f.name in texts and emit([f]).text != texts[f.name]:
            number = 2
            while f"{f.name}_{number}" in texts:
                number += 1
            names[f.name] = f"{f.name}_{number}"
    kept = [_renamed(f, names) for f in new if f.name in names or f.name not in texts]
    return kept, {names.get(name, name): source for name, source in origins.items()}


def _renamed(function: core.Function, names: Mapping[str, str]) -> core.Function:
    def change(node: Any) -> Any:
        return core.Name(names[node.id]) if isinstance(node, core.Name) and node.id in names else core.rebuild(node, change)

    if not names:
        return function
    renamed: core.Function = core.rebuild(function, change)
    return replace(renamed, name=names.get(function.name, function.name))


def commented(block: core.Block, lines: Sequence[str]) -> core.Block:
    """The block with the user's line before what was written for it, where the line changes; the forward sweep stays as it is."""
    ends = [i for i, stmt in enumerate(block) if isinstance(stmt, core.Comment) and stmt.text == REVERSE]
    first = ends[0] + 1 if ends else 0
    last = 0
    out = list(block[:first])
    for stmt in block[first:]:
        at = getattr(stmt, "at", None)
        if at is not None and at.line != last and at.line <= len(lines) and not isinstance(stmt, core.Return):
            last = at.line
            out.append(core.Comment(lines[at.line - 1].strip()))
        out.append(core.with_blocks(stmt, lambda inner: commented(inner, lines)))
    return tuple(out)
