"""Core Python as a tree of the standard library's `ast`.

`function_tree(function)` returns the `ast.FunctionDef`.  Every statement carries the core statement's place as its attribute
`place`, which no consumer of the tree looks at but the line map.  A comment becomes a `CommentLine`, a statement that only the
printer knows.
"""
from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from typing import Any

from .. import core

BINARY: dict[str, type[ast.operator]] = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "//": ast.FloorDiv, "%": ast.Mod, "**": ast.Pow,
    "@": ast.MatMult, "<<": ast.LShift, ">>": ast.RShift, "&": ast.BitAnd, "|": ast.BitOr, "^": ast.BitXor,
}
UNARY: dict[str, type[ast.unaryop]] = {"-": ast.USub, "+": ast.UAdd, "~": ast.Invert, "not": ast.Not}
COMPARISON: dict[str, type[ast.cmpop]] = {
    "==": ast.Eq, "!=": ast.NotEq, "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE,
    "is": ast.Is, "is not": ast.IsNot, "in": ast.In, "not in": ast.NotIn,
}
BOOLEAN: dict[str, type[ast.boolop]] = {"and": ast.And, "or": ast.Or}

LOAD, STORE, DEL = ast.Load(), ast.Store(), ast.Del()


class CommentLine(ast.stmt):
    """A line of comment; its `text` comes without the `#`."""

    _fields = ("text",)
    text: str


# Expressions


def constant_tree(value: Any) -> ast.expr:
    """The expression that evaluates to the constant.

    What Python has no literal for is written as Python reads it back: a negative number is a negation, a complex one a sum,
    an infinity a call of `float`.

    >>> ast.unparse(constant_tree(-2.0)), ast.unparse(constant_tree(1 - 2j)), ast.unparse(constant_tree(-math.inf))
    ('-2.0', '1.0 - 2j', "-float('inf')")
    """
    if type(value).__module__ == "numpy":
        value = value.item()
    if isinstance(value, complex):
        imaginary = constant_tree(value.imag)
        if isinstance(imaginary, ast.UnaryOp):
            part: ast.expr = ast.Constant(value=complex(0.0, -value.imag))
            if value.real == 0 and math.copysign(1.0, value.real) < 0:
                return ast.UnaryOp(op=ast.USub(), operand=part)
            return ast.BinOp(left=constant_tree(value.real), op=ast.Sub(), right=part)
        part = ast.Constant(value=complex(0.0, value.imag))
        return ast.BinOp(left=constant_tree(value.real), op=ast.Add(), right=part) if value.real else part
    if isinstance(value, float) and not math.isfinite(value):
        name = "nan" if math.isnan(value) else "inf"
        call = ast.Call(func=ast.Name(id="float", ctx=LOAD), args=[ast.Constant(value=name)], keywords=[])
        return ast.UnaryOp(op=ast.USub(), operand=call) if value < 0 else call
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.copysign(1, value) < 0:
        return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=-value))
    return ast.Constant(value=value)


def _constant(e: core.Const) -> ast.expr:
    value = e.value
    kind = type(value)
    if (kind is int and value >= 0) or kind is str or kind is bool or value is None:
        return ast.Constant(value=value)
    return constant_tree(value)


def _optional(e: core.Expr | None) -> ast.expr | None:
    return None if e is None else expression_tree(e)


def _all(items: Sequence[core.Expr], ctx: ast.expr_context = LOAD) -> list[ast.expr]:
    return [expression_tree(item, ctx) for item in items]


def _lambda(e: core.Lambda) -> ast.expr:
    value, = e.function.body
    assert isinstance(value, core.Return), "the body of a lambda is one expression"
    return ast.Lambda(args=parameters_tree(e.function.params), body=expression_tree(value.value))


def _comprehension(e: core.Comprehension) -> ast.expr:
    generators = [
        ast.comprehension(target=expression_tree(g.target, STORE), iter=expression_tree(g.iter), ifs=_all(g.tests), is_async=0)
        for g in e.generators
    ]
    if e.kind == "dict":
        key, value = _all(e.elements)
        return ast.DictComp(key=key, value=value, generators=generators)
    cls = {"list": ast.ListComp, "set": ast.SetComp, "generator": ast.GeneratorExp}[e.kind]
    return cls(elt=expression_tree(e.elements[0]), generators=generators)


def _formatted(e: core.Formatted) -> ast.expr:
    spec = e.spec
    if spec is not None and not isinstance(spec, core.FString):
        spec = core.FString((spec,))
    conversion = ord(e.conversion.lstrip("!")) if e.conversion else -1
    return ast.FormattedValue(value=expression_tree(e.value), conversion=conversion, format_spec=_optional(spec))


def _fstring(e: core.FString) -> ast.expr:
    # The parser merges neighbouring literal parts and drops empty ones.
    values: list[ast.expr] = []
    for part in e.parts:
        if isinstance(part, core.Const):
            last = values[-1] if values else None
            if isinstance(last, ast.Constant) and isinstance(last.value, str):
                values[-1] = ast.Constant(value=last.value + part.value)
            elif part.value:
                values.append(ast.Constant(value=part.value))
        else:
            values.append(expression_tree(part))
    return ast.JoinedStr(values=values)


def _keyword(name: str | None, value: core.Expr) -> ast.keyword:
    return ast.keyword(arg=name, value=expression_tree(value))


_EXPRESSIONS: dict[type, Callable[..., ast.expr]] = {
    core.Const: _constant,
    core.BinOp: lambda e: ast.BinOp(left=expression_tree(e.left), op=BINARY[e.op](), right=expression_tree(e.right)),
    core.UnaryOp: lambda e: ast.UnaryOp(op=UNARY[e.op](), operand=expression_tree(e.operand)),
    core.Compare: lambda e: ast.Compare(
        left=expression_tree(e.operands[0]), ops=[COMPARISON[op]() for op in e.ops], comparators=_all(e.operands[1:])),
    core.BoolOp: lambda e: ast.BoolOp(op=BOOLEAN[e.op](), values=_all(e.values)),
    core.IfExp: lambda e: ast.IfExp(test=expression_tree(e.test), body=expression_tree(e.body), orelse=expression_tree(e.orelse)),
    core.Call: lambda e: ast.Call(
        func=expression_tree(e.func), args=_all(e.args), keywords=[_keyword(name, value) for name, value in e.keywords]),
    core.Slice: lambda e: ast.Slice(lower=_optional(e.lower), upper=_optional(e.upper), step=_optional(e.step)),
    core.Set: lambda e: ast.Set(elts=_all(e.elts)),
    core.Dict: lambda e: ast.Dict(keys=[_optional(key) for key in e.keys], values=_all(e.values)),
    core.FString: _fstring,
    core.Formatted: _formatted,
    core.Comprehension: _comprehension,
    core.Lambda: _lambda,
}
_TARGETS: dict[type, Callable[..., ast.expr]] = {
    core.Name: lambda e, ctx: ast.Name(id=e.id, ctx=ctx),
    core.Attribute: lambda e, ctx: ast.Attribute(value=expression_tree(e.value), attr=e.attr, ctx=ctx),
    core.Subscript: lambda e, ctx: ast.Subscript(value=expression_tree(e.value), slice=expression_tree(e.index), ctx=ctx),
    core.Tuple: lambda e, ctx: ast.Tuple(elts=_all(e.elts, ctx), ctx=ctx),
    core.List: lambda e, ctx: ast.List(elts=_all(e.elts, ctx), ctx=ctx),
    core.Starred: lambda e, ctx: ast.Starred(value=expression_tree(e.value, ctx), ctx=ctx),
}


def expression_tree(e: core.Expr, ctx: ast.expr_context = LOAD) -> ast.expr:
    """The expression as a tree; `ctx` says whether it is read, assigned or deleted."""
    target = _TARGETS.get(type(e))
    return target(e, ctx) if target is not None else _EXPRESSIONS[type(e)](e)


# Parameters


def parameters_tree(params: Sequence[core.Param]) -> ast.arguments:
    """The parameter list, with defaults and annotations."""
    args = ast.arguments(posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[])
    for p in params:
        arg = ast.arg(arg=p.name, annotation=_optional(p.annotation))
        if p.kind == "args":
            args.vararg = arg
        elif p.kind == "kwargs":
            args.kwarg = arg
        elif p.kind == "keyword":
            args.kwonlyargs.append(arg)
            args.kw_defaults.append(_optional(p.default))
        else:
            (args.posonlyargs if p.kind == "positional" else args.args).append(arg)
            if p.default is not None:
                args.defaults.append(expression_tree(p.default))
    return args


# Statements


def _import(s: core.Import) -> ast.stmt:
    if s.attr:
        alias = ast.alias(name=s.attr, asname=None if s.name == s.attr else s.name)
        return ast.ImportFrom(module=s.module.lstrip(".") or None, names=[alias], level=len(s.module) - len(s.module.lstrip(".")))
    return ast.Import(names=[ast.alias(name=s.module, asname=None if s.name == s.module else s.name)])


def _augmented(s: core.AugAssign) -> ast.stmt:
    target = expression_tree(s.target, STORE)
    assert isinstance(target, (ast.Name, ast.Attribute, ast.Subscript))
    return ast.AugAssign(target=target, op=BINARY[s.op](), value=expression_tree(s.value))


def _comment(s: core.Comment) -> ast.stmt:
    make: Callable[..., ast.stmt] = CommentLine
    return make(text=s.text)


def _return(s: core.Return) -> ast.stmt:
    nothing = isinstance(s.value, core.Const) and s.value.value is None
    return ast.Return(value=None if nothing else expression_tree(s.value))


def _with(s: core.With) -> ast.stmt:
    target = None if s.target is None else expression_tree(s.target, STORE)
    item = ast.withitem(context_expr=expression_tree(s.context), optional_vars=target)
    return ast.With(items=[item], body=block_tree(s.body), type_comment=None)


def _try(s: core.Try) -> ast.stmt:
    handlers = [ast.ExceptHandler(type=_optional(h.exception), name=h.name or None, body=block_tree(h.body)) for h in s.handlers]
    orelse, final = (block_tree(block) if block else [] for block in (s.orelse, s.final))
    return ast.Try(body=block_tree(s.body), handlers=handlers, orelse=orelse, finalbody=final)


_STATEMENTS: dict[type, Callable[..., ast.stmt]] = {
    core.Assign: lambda s: ast.Assign(targets=[expression_tree(s.target, STORE)], value=expression_tree(s.value), type_comment=None),
    core.AugAssign: _augmented,
    core.ExprStmt: lambda s: ast.Expr(value=expression_tree(s.value)),
    core.If: lambda s: ast.If(
        test=expression_tree(s.test), body=block_tree(s.body), orelse=block_tree(s.orelse) if s.orelse else []),
    core.While: lambda s: ast.While(test=expression_tree(s.test), body=block_tree(s.body), orelse=[]),
    core.For: lambda s: ast.For(
        target=expression_tree(s.target, STORE), iter=expression_tree(s.iter), body=block_tree(s.body), orelse=[], type_comment=None),
    core.With: _with,
    core.Try: _try,
    core.Yield: lambda s: ast.Expr(value=ast.Yield(value=expression_tree(s.value))),
    core.Break: lambda s: ast.Break(),
    core.Continue: lambda s: ast.Continue(),
    core.Return: _return,
    core.Assert: lambda s: ast.Assert(test=expression_tree(s.test), msg=_optional(s.message)),
    core.Raise: lambda s: ast.Raise(exc=_optional(s.exception), cause=_optional(s.cause)),
    core.Delete: lambda s: ast.Delete(targets=_all(s.targets, DEL)),
    core.Pass: lambda s: ast.Pass(),
    core.Import: _import,
    core.Define: lambda s: function_tree(s.function, s.name),
    core.Comment: _comment,
}


def statement_tree(s: core.Stmt) -> ast.stmt:
    tree = _STATEMENTS[type(s)](s)
    tree.place = getattr(s, "at", None)  # type: ignore[attr-defined]
    return tree


def block_tree(block: core.Block) -> list[ast.stmt]:
    """The statements of a block; `pass` where there are none but comments."""
    trees = [statement_tree(s) for s in block]
    if all(isinstance(tree, CommentLine) for tree in trees):
        trees.append(ast.Pass())
    return trees


def definition_tree(name: str, args: ast.arguments, body: list[ast.stmt]) -> ast.FunctionDef:
    """`def name(args): body`; the field `type_params` is there from Python 3.12 on."""
    tree = ast.FunctionDef(name=name, args=args, body=body, decorator_list=[], returns=None, type_comment=None)
    if "type_params" in ast.FunctionDef._fields:
        setattr(tree, "type_params", [])
    return tree


def function_tree(function: core.Function, name: str = "") -> ast.FunctionDef:
    """The function as a `def`, under its own name if no other is given."""
    body = block_tree(function.body)
    if function.doc:
        body.insert(0, ast.Expr(value=ast.Constant(value=function.doc)))
    tree = definition_tree(name or function.name, parameters_tree(function.params), body)
    tree.place = function.at  # type: ignore[attr-defined]
    return tree
