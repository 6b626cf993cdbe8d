"""A syntax tree, of gast or of ast, as core nodes: one core node for one node of the tree, and no rewriting.

What core Python has no node for comes out as a node of `surface`, and the statements may stand in any order that Python allows.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from s2sad import core
from s2sad.reading.surface import AnyOf, Capture, Case, Chain, Entries, Instance, Items, LoopElse, Match, Rest, Same, Walrus, YieldFrom

OPERATORS = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**", "MatMult": "@",
    "LShift": "<<", "RShift": ">>", "BitAnd": "&", "BitOr": "|", "BitXor": "^",
    "USub": "-", "UAdd": "+", "Invert": "~", "Not": "not", "And": "and", "Or": "or",
    "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in",
}


class Converter:
    """Converts nodes; `lines` are those of the file, and None where places mean nothing.

    A class's private names (`self.__x` in the class `owner`) become what Python makes of them (`self._Owner__x`).
    """

    def __init__(self, lines: tuple[str, ...] | None = None, owner: str = "") -> None:
        self._lines = lines
        self._owner = owner.lstrip("_")
        self._fixed: core.Place | None = None
        self._declared: dict[str, list[str]] = {"Nonlocal": [], "Global": []}

    def expr(self, node: Any) -> core.Expr:
        return getattr(self, type(node).__name__)(node)  # type: ignore[no-any-return]

    def maybe(self, node: Any) -> core.Expr | None:
        return None if node is None else self.expr(node)

    def exprs(self, nodes: Iterable[Any]) -> tuple[core.Expr, ...]:
        return tuple(self.expr(node) for node in nodes)

    def block(self, nodes: Iterable[Any]) -> core.Block:
        return tuple(stmt for node in nodes for stmt in getattr(self, type(node).__name__)(node))

    def place(self, node: Any) -> core.Place | None:
        if self._lines is None or self._fixed is not None:
            return self._fixed
        line, end = node.lineno, node.end_lineno
        return core.Place(line, self._column(line, node.col_offset), end, self._column(end, node.end_col_offset))

    def _column(self, line: int, offset: int) -> int:
        """Python counts columns in bytes of UTF-8, editors and users in characters."""
        assert self._lines is not None
        text = self._lines[line - 1] if 1 <= line <= len(self._lines) else ""
        return offset if text.isascii() else len(text.encode()[:offset].decode(errors="ignore"))

    def _mangled(self, name: str) -> str:
        private = self._owner and name.startswith("__") and not name.endswith("__")
        return f"_{self._owner}{name}" if private else name

    # Functions

    def function(self, name: str, arguments: Any, body: core.Block, doc: str, at: core.Place | None) -> core.Function:
        return core.Function(name, self.params(arguments), body, doc=doc, at=at)

    def params(self, arguments: Any) -> tuple[core.Param, ...]:
        ordered = [(arg, "positional") for arg in arguments.posonlyargs] + [(arg, "plain") for arg in arguments.args]
        defaults = [None] * (len(ordered) - len(arguments.defaults)) + list(arguments.defaults)
        out = [self._param(arg, kind, default) for (arg, kind), default in zip(ordered, defaults)]
        if arguments.vararg:
            out.append(self._param(arguments.vararg, "args", None))
        out += [self._param(arg, "keyword", default) for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults)]
        if arguments.kwarg:
            out.append(self._param(arguments.kwarg, "kwargs", None))
        return tuple(out)

    def _param(self, arg: Any, kind: str, default: Any) -> core.Param:
        name = arg.id if hasattr(arg, "id") else arg.arg
        return core.Param(self._mangled(name), kind, self.maybe(default), self.maybe(arg.annotation))

    def definition(self, node: Any) -> core.Function:
        """`def`, as a function; its decorators are left out."""
        body, doc = list(node.body), ""
        first = body[0]
        if type(first).__name__ == "Expr" and type(first.value).__name__ == "Constant" and isinstance(first.value.value, str):
            doc = first.value.value
            del body[0]
        outer, self._declared = self._declared, {"Nonlocal": [], "Global": []}
        function = self.function(self._mangled(node.name), node.args, self.block(body), doc, self.place(node))
        declared, self._declared = self._declared, outer
        return replace(function, nonlocals=tuple(declared["Nonlocal"]), globals=tuple(declared["Global"]))

    def Lambda(self, node: Any) -> core.Expr:
        at, back = self.place(node), core.Return(self.expr(node.body), at=self.place(node.body))
        return core.Lambda(self.function("<lambda>", node.args, (back,), "", at), at=at)

    # Expressions

    def Name(self, node: Any) -> core.Expr:
        return core.Name(self._mangled(node.id), at=self.place(node))

    def Constant(self, node: Any) -> core.Expr:
        return core.Const(node.value, at=self.place(node))

    def BinOp(self, node: Any) -> core.Expr:
        return core.BinOp(_op(node.op), self.expr(node.left), self.expr(node.right), at=self.place(node))

    def UnaryOp(self, node: Any) -> core.Expr:
        return core.UnaryOp(_op(node.op), self.expr(node.operand), at=self.place(node))

    def Compare(self, node: Any) -> core.Expr:
        return core.Compare(tuple(map(_op, node.ops)), self.exprs([node.left, *node.comparators]), at=self.place(node))

    def BoolOp(self, node: Any) -> core.Expr:
        return core.BoolOp(_op(node.op), self.exprs(node.values), at=self.place(node))

    def IfExp(self, node: Any) -> core.Expr:
        return core.IfExp(self.expr(node.test), self.expr(node.body), self.expr(node.orelse), at=self.place(node))

    def NamedExpr(self, node: Any) -> core.Expr:
        return Walrus(core.Name(self._mangled(node.target.id), at=self.place(node.target)), self.expr(node.value), at=self.place(node))

    def Call(self, node: Any) -> core.Expr:
        keywords = tuple((keyword.arg, self.expr(keyword.value)) for keyword in node.keywords)
        return core.Call(self.expr(node.func), self.exprs(node.args), keywords, at=self.place(node))

    def Attribute(self, node: Any) -> core.Expr:
        return core.Attribute(self.expr(node.value), self._mangled(node.attr), at=self.place(node))

    def Subscript(self, node: Any) -> core.Expr:
        return core.Subscript(self.expr(node.value), self.expr(node.slice), at=self.place(node))

    def Slice(self, node: Any) -> core.Expr:
        return core.Slice(self.maybe(node.lower), self.maybe(node.upper), self.maybe(node.step), at=self.place(node))

    def Tuple(self, node: Any) -> core.Expr:
        return core.Tuple(self.exprs(node.elts), at=self.place(node))

    def List(self, node: Any) -> core.Expr:
        made = core.Tuple if type(node.ctx).__name__ == "Store" else core.List
        return made(self.exprs(node.elts), at=self.place(node))

    def Set(self, node: Any) -> core.Expr:
        return core.Set(self.exprs(node.elts), at=self.place(node))

    def Dict(self, node: Any) -> core.Expr:
        return core.Dict(tuple(self.maybe(key) for key in node.keys), self.exprs(node.values), at=self.place(node))

    def Starred(self, node: Any) -> core.Expr:
        return core.Starred(self.expr(node.value), at=self.place(node))

    def JoinedStr(self, node: Any) -> core.Expr:
        at, outer = self.place(node), self._fixed
        self._fixed = at  # before 3.12, Python misplaces what stands inside an f-string
        parts = tuple(part for part in self.exprs(node.values) if part != core.Const(""))  # 3.12.0 and 3.12.1 add empty parts
        self._fixed = outer
        return core.FString(parts, at=at)

    def FormattedValue(self, node: Any) -> core.Expr:
        conversion = chr(node.conversion) if node.conversion > 0 else ""
        return core.Formatted(self.expr(node.value), conversion, self.maybe(node.format_spec), at=self._fixed)

    def _comprehension(self, kind: str, node: Any, *elements: Any) -> core.Expr:
        made = tuple(core.Generator(self.expr(g.target), self.expr(g.iter), self.exprs(g.ifs)) for g in node.generators)
        return core.Comprehension(kind, self.exprs(elements), made, at=self.place(node))

    def ListComp(self, node: Any) -> core.Expr:
        return self._comprehension("list", node, node.elt)

    def SetComp(self, node: Any) -> core.Expr:
        return self._comprehension("set", node, node.elt)

    def GeneratorExp(self, node: Any) -> core.Expr:
        return self._comprehension("generator", node, node.elt)

    def DictComp(self, node: Any) -> core.Expr:
        return self._comprehension("dict", node, node.key, node.value)

    # Patterns

    def _name(self, name: Any) -> str:
        return "" if name is None else self._mangled(getattr(name, "id", name))

    def MatchAs(self, node: Any) -> core.Expr:
        return Capture(self.maybe(node.pattern), self._name(node.name), at=self.place(node))

    def MatchValue(self, node: Any) -> core.Expr:
        return Same("==", self.expr(node.value), at=self.place(node))

    def MatchSingleton(self, node: Any) -> core.Expr:
        return Same("is", core.Const(node.value), at=self.place(node))

    def MatchSequence(self, node: Any) -> core.Expr:
        return Items(self.exprs(node.patterns), at=self.place(node))

    def MatchStar(self, node: Any) -> core.Expr:
        return Rest(self._name(node.name), at=self.place(node))

    def MatchMapping(self, node: Any) -> core.Expr:
        return Entries(self.exprs(node.keys), self.exprs(node.patterns), self._name(node.rest), at=self.place(node))

    def MatchClass(self, node: Any) -> core.Expr:
        named = self.exprs(node.kwd_patterns)
        return Instance(self.expr(node.cls), self.exprs(node.patterns), tuple(node.kwd_attrs), named, at=self.place(node))

    def MatchOr(self, node: Any) -> core.Expr:
        return AnyOf(self.exprs(node.patterns), at=self.place(node))

    # Statements

    def Assign(self, node: Any) -> core.Block:
        at, targets, value = self.place(node), self.exprs(node.targets), self.expr(node.value)
        return (core.Assign(targets[0], value, at=at) if len(targets) == 1 else Chain(targets, value, at=at),)

    def AnnAssign(self, node: Any) -> core.Block:
        return () if node.value is None else (core.Assign(self.expr(node.target), self.expr(node.value), at=self.place(node)),)

    def AugAssign(self, node: Any) -> core.Block:
        return (core.AugAssign(self.expr(node.target), _op(node.op), self.expr(node.value), at=self.place(node)),)

    def Expr(self, node: Any) -> core.Block:
        kind, at = type(node.value).__name__, self.place(node)
        if kind == "Yield":
            return (core.Yield(core.Const(None) if node.value.value is None else self.expr(node.value.value), at=at),)
        if kind == "YieldFrom":
            return (YieldFrom(self.expr(node.value.value), at=at),)
        return (core.ExprStmt(self.expr(node.value), at=self.place(node)),)

    def If(self, node: Any) -> core.Block:
        return (core.If(self.expr(node.test), self.block(node.body), self.block(node.orelse), at=self.place(node)),)

    def While(self, node: Any) -> core.Block:
        return self._loop(core.While(self.expr(node.test), self.block(node.body), at=self.place(node)), node)

    def For(self, node: Any) -> core.Block:
        return self._loop(core.For(self.expr(node.target), self.expr(node.iter), self.block(node.body), at=self.place(node)), node)

    def _loop(self, loop: core.For | core.While, node: Any) -> core.Block:
        return (LoopElse(loop, self.block(node.orelse), at=loop.at) if node.orelse else loop,)

    def With(self, node: Any) -> core.Block:
        """Several contexts are nested ones."""
        block = self.block(node.body)
        for item in reversed(node.items):
            block = (core.With(self.expr(item.context_expr), self.maybe(item.optional_vars), block, at=self.place(node)),)
        return block

    def Try(self, node: Any) -> core.Block:
        handlers = tuple(core.Handler(self.maybe(h.type), self._name(h.name), self.block(h.body), at=self.place(h)) for h in node.handlers)
        return (core.Try(self.block(node.body), handlers, self.block(node.orelse), self.block(node.finalbody), at=self.place(node)),)

    def Match(self, node: Any) -> core.Block:
        cases = tuple(Case(self.expr(case.pattern), self.maybe(case.guard), self.block(case.body)) for case in node.cases)
        return (Match(self.expr(node.subject), cases, at=self.place(node)),)

    def Nonlocal(self, node: Any) -> core.Block:
        self._declared["Nonlocal"] += map(self._mangled, node.names)
        return ()

    def Global(self, node: Any) -> core.Block:
        self._declared["Global"] += map(self._mangled, node.names)
        return ()

    def Break(self, node: Any) -> core.Block:
        return (core.Break(at=self.place(node)),)

    def Continue(self, node: Any) -> core.Block:
        return (core.Continue(at=self.place(node)),)

    def Return(self, node: Any) -> core.Block:
        return (core.Return(core.Const(None) if node.value is None else self.expr(node.value), at=self.place(node)),)

    def Assert(self, node: Any) -> core.Block:
        return (core.Assert(self.expr(node.test), self.maybe(node.msg), at=self.place(node)),)

    def Raise(self, node: Any) -> core.Block:
        return (core.Raise(self.maybe(node.exc), self.maybe(node.cause), at=self.place(node)),)

    def Delete(self, node: Any) -> core.Block:
        return (core.Delete(self.exprs(node.targets), at=self.place(node)),)

    def Pass(self, node: Any) -> core.Block:
        return (core.Pass(at=self.place(node)),)

    def Import(self, node: Any) -> core.Block:
        return tuple(self._import(alias.name, alias.asname, self.place(node)) for alias in node.names)

    def _import(self, module: str, name: str | None, at: core.Place | None) -> core.Stmt:
        return core.Import(name or module, module, at=at)

    def ImportFrom(self, node: Any) -> core.Block:
        module = "." * (node.level or 0) + (node.module or "")
        return tuple(core.Import(alias.asname or alias.name, module, alias.name, at=self.place(node)) for alias in node.names)

    def FunctionDef(self, node: Any) -> core.Block:
        """`@d def f(): ...` is `def f(): ...` and `f = d(f)`."""
        name, at = self._mangled(node.name), self.place(node)
        value: core.Expr = core.Name(name, at=at)
        for decorator in reversed(node.decorator_list):
            value = core.Call(self.expr(decorator), (value,), at=self.place(decorator))
        define = core.Define(name, self.definition(node), at=at)
        return (define, core.Assign(core.Name(name, at=at), value, at=at)) if node.decorator_list else (define,)


def _op(node: Any) -> str:
    return OPERATORS[type(node).__name__]
