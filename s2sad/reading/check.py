"""The language fence: every syntax that s2sad does not differentiate is refused here, and nowhere else.

`check(tree, source)` returns the tree, or raises a DifferentiationError at the first place, in the order of the text, that is outside.
A function that others call (`called`) may be a generator function.
"""
from __future__ import annotations

from typing import Any

from s2sad.core import Place
from s2sad.errors import refuse
from s2sad.reading.convert import Converter
from s2sad.reading.read import Source

_ASYNC = "write it as a plain function"
_LIST = "build a list and return it"

REFUSED = {
    "AsyncFunctionDef": ("an `async` function", _ASYNC),
    "AsyncFor": ("`async for`", _ASYNC),
    "AsyncWith": ("`async with`", _ASYNC),
    "Await": ("`await`", _ASYNC),
    "Yield": ("the value of `yield`, which makes a coroutine", _LIST),
    "YieldFrom": ("the value of `yield from`, which makes a coroutine", _LIST),
    "TryStar": ("`except*`", "test for the condition beforehand with `if`, or move the `try` to the caller"),
    "ClassDef": ("a class defined inside a function", "define the class at the top level of the module"),
    "TypeAlias": ("a type alias inside a function", "define it at the top level of the module"),
    "TemplateStr": ("a template string", "use an f-string"),
}
_OWN_SCOPE = frozenset(("ListComp", "SetComp", "DictComp", "GeneratorExp", "Lambda"))
_FRAME = {"locals": "name the variables one by one", "vars": "name the attributes one by one", "eval": "write the expression out",
          "exec": "write the statements out",
          "globals": "name the variables one by one", "super": "name the class: `Base.method(self, ...)`"}


def check(tree: Any, source: Source, called: bool = False) -> Any:
    fence = _Fence(source, _bound(tree))
    fence.function(tree)
    if not called and (found := _yield_in(tree.body)) is not None:
        fence.refuse("a generator function", "differentiate the function that uses what it yields, or " + _LIST, found)
    return tree


def _bound(tree: Any) -> frozenset[str]:
    """Names that the function gives a meaning of its own, so that they are not the builtins."""
    import gast

    return frozenset(node.id for node in gast.walk(tree) if isinstance(node, gast.Name) and not isinstance(node.ctx, gast.Load))


def _yield_in(nodes: list[Any]) -> Any:
    """The first `yield` of a function, those of functions inside it excepted."""
    for node in nodes:
        kind = type(node).__name__
        if kind in ("Yield", "YieldFrom"):
            return node
        if kind not in ("FunctionDef", "Lambda", "ClassDef") and (found := _yield_in(_children(node))) is not None:
            return found
    return None


class _Fence:
    def __init__(self, source: Source, bound: frozenset[str]) -> None:
        self.source = source
        self.bound = bound
        self.places = Converter(source.lines)

    def refuse(self, what: str, help: str, node: Any) -> None:
        raise refuse(f"cannot differentiate through {what}", self.place(node), self.source, help)

    def place(self, node: Any) -> Place | None:
        """Where a node stands; of a statement with a body, its first line."""
        at = self.places.place(node)
        if at is None or not (hasattr(node, "body") or hasattr(node, "cases")) or at.line == at.end_line:
            return at
        return Place(at.line, at.column, at.line, len(self.source.lines[at.line - 1].rstrip()))

    def function(self, node: Any) -> None:
        """The outermost function: its decorators make something else of it, and are no part of it."""
        kind = type(node).__name__
        if kind in REFUSED:
            self.refuse(*REFUSED[kind], node)
        self.defaults(node.args)
        for stmt in node.body:
            self.node(stmt, kind)

    def defaults(self, arguments: Any) -> None:
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.node(default, "Lambda")

    def node(self, node: Any, scope: str) -> None:
        """`scope` is the kind of the innermost node around that has names of its own."""
        kind = type(node).__name__
        if kind == "Expr" and type(node.value).__name__ in ("Yield", "YieldFrom"):
            for part in _children(node.value):
                self.node(part, scope)
            return
        if kind in REFUSED:
            self.refuse(*REFUSED[kind], node)
        if kind == "NamedExpr" and scope in _OWN_SCOPE:
            where = "a lambda or a default value" if scope == "Lambda" else "a comprehension"
            self.refuse(f"an assignment expression in {where}", "write a loop, or a `def`, with an assignment of its own", node)
        if kind == "comprehension" and node.is_async:
            self.refuse("an asynchronous comprehension", _ASYNC, node.target)
        if kind == "Call":
            self.call(node)
        if kind == "Try":
            for stmt in node.finalbody:
                self.no_jump(stmt, False)
        if kind == "Name" and node.id == "__class__":
            self.refuse("`__class__`", "name the class", node)
        if kind == "FunctionDef":
            for decorator in node.decorator_list:
                self.node(decorator, scope)
            self.function(node)
            return
        if kind == "AnnAssign":
            parts = [part for part in (node.target, node.value) if part is not None]
        else:
            parts = list(_children(node))
        inner = kind if kind in _OWN_SCOPE else scope
        for part in parts:
            self.node(part, inner)

    def no_jump(self, node: Any, inside_loop: bool) -> None:
        """A jump out of `finally` would swallow the exception that it runs for."""
        kind = type(node).__name__
        if kind == "Return" or kind in ("Break", "Continue") and not inside_loop:
            self.refuse("a jump out of `finally`", "let the `finally` run to its end, and jump after the `try`", node)
        if kind not in ("FunctionDef", "ClassDef"):
            for child in _children(node):
                self.no_jump(child, inside_loop or kind in ("For", "While"))

    def call(self, node: Any) -> None:
        name = getattr(node.func, "id", None)
        written = name in ("vars", "super") and node.args or name == "super" and self.source.owner
        if name in _FRAME and name not in self.bound and not written:
            self.refuse(f"`{name}()`, which reads the variables of its caller", _FRAME[name], node)


def _children(node: Any) -> list[Any]:
    out: list[Any] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            out += [item for item in value if hasattr(item, "_fields")]
        elif hasattr(value, "_fields") and name not in ("ctx", "op", "annotation", "returns"):
            out.append(value)
    return out
