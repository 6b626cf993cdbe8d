"""A tree as text.

`print_tree(module)` returns the text, without a final check that it parses to the same tree.  This is the one module that knows
astor: a `SourceGenerator` of ours writes the statements, sets precedences where astor leaves them out, and writes f-strings so
that every supported Python reads them; nodes that astor has no method for are written by `ast.unparse`.
"""
from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence
from typing import Any

from .tree import CommentLine
from .wrap import WIDTH, wrap

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)     # astor looks at node classes that Python 3.12 deprecates
    import astor.code_gen
    from astor.op_util import get_op_precedence

OPERATOR = {
    ast.Add: " + ", ast.Sub: " - ", ast.Mult: " * ", ast.Div: " / ", ast.FloorDiv: " // ", ast.Mod: " % ", ast.Pow: " ** ",
    ast.MatMult: " @ ", ast.LShift: " << ", ast.RShift: " >> ", ast.BitAnd: " & ", ast.BitOr: " | ", ast.BitXor: " ^ ",
}
Precedence: Any = astor.code_gen.Precedence
COMMA = Precedence.Comma
HIGHEST = Precedence.highest
ONE_ARGUMENT = Precedence.call_one_arg
POWER = Precedence.Pow
POWER_EXPONENT = Precedence.PowRHS


class Printer(astor.code_gen.SourceGenerator):  # type: ignore[misc]  # astor has no types
    """astor's generator with the hot methods written out, and without its habits."""

    result: list[str]

    def __init__(self) -> None:
        super().__init__("    ")

    # How deeply a node binds where it stands is astor's attribute `_pp`.

    def at(self, precedence: int, node: Any) -> None:
        node._pp = precedence
        self.visit(node)

    def visit(self, node: ast.AST) -> None:
        method = getattr(self, "visit_" + node.__class__.__name__, None)
        if method is None:
            self.unknown(node)
        else:
            method(node)

    def unknown(self, node: ast.AST) -> None:
        ast.fix_missing_locations(node)
        text = ast.unparse(node)
        if not isinstance(node, ast.stmt):
            self.write(f"({text})" if isinstance(node, ast.expr) else text)
            return
        for line in text.split("\n"):
            self.newline()
            self.write(line)

    # Statements

    def visit_CommentLine(self, node: CommentLine) -> None:
        self.statement(node, "# " + node.text if node.text else "#")

    def visit_Assign(self, node: ast.Assign) -> None:
        self.newline()
        for target in node.targets:
            self.at(Precedence.Assign, target)
            self.result.append(" = ")
        self.at(Precedence.Assign, node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.newline()
        self.at(Precedence.AugAssign, node.target)
        self.result.append(OPERATOR[type(node.op)].rstrip() + "= ")
        self.at(Precedence.AugAssign, node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        self.newline()
        value = node.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            self.write(docstring(value.value))
            if not self.indentation:
                self.newline(extra=1)
        else:
            self.at(Precedence.Expr, value)

    def visit_For(self, node: ast.For, is_async: bool = False) -> None:
        node.iter._pp = Precedence.For  # type: ignore[attr-defined]
        super().visit_For(node, is_async)

    def visit_Delete(self, node: ast.Delete) -> None:
        self.statement(node, "del ")
        self.separated(node.targets)

    # Expressions

    def visit_Name(self, node: ast.Name) -> None:
        self.write(node.id)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if type(value) is int or type(value) is float or type(value) is complex:
            text = repr(value)
            self.write(f"({text})" if getattr(node, "_pp", HIGHEST) == HIGHEST else text)
        else:
            self.write("..." if value is Ellipsis else string_literal(value) if type(value) is str else repr(value))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self.write(fstring_literal(node))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.visit(node.value)
        self.result.append("." + node.attr)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        self.result.append("[")
        inside = node.slice
        self.at(COMMA if isinstance(inside, ast.Starred) else Precedence.Subscript, inside)
        self.result.append("]")

    def visit_Slice(self, node: ast.Slice) -> None:
        self.write("")
        if node.lower is not None:
            self.at(COMMA, node.lower)
        self.result.append(":")
        if node.upper is not None:
            self.at(COMMA, node.upper)
        if node.step is not None:
            self.result.append(":")
            self.at(COMMA, node.step)

    def visit_Call(self, node: ast.Call, len: Any = len) -> None:
        self.visit(node.func)
        args, keywords = node.args, node.keywords
        self.result.append("(")
        precedence = COMMA if len(args) + len(keywords) > 1 else ONE_ARGUMENT
        first = True
        for arg in args:
            if not first:
                self.result.append(", ")
            first = False
            self.at(precedence, arg)
        for keyword in keywords:
            self.result.append(("" if first else ", ") + (f"{keyword.arg}=" if keyword.arg else "**"))
            first = False
            self.at(COMMA, keyword.value)
        self.result.append(")")

    def visit_BinOp(self, node: ast.BinOp) -> None:
        kind = type(node.op)
        precedence = get_op_precedence(node.op)
        enclosed = precedence < getattr(node, "_pp", HIGHEST)
        if enclosed:
            self.write("(")
        if kind is ast.Pow:
            self.at(POWER + 1, node.left)
            self.result.append(" ** ")
            self.at(POWER_EXPONENT, node.right)
        else:
            left = node.left
            mixed = isinstance(left, ast.BinOp) and (type(left.op) is ast.MatMult) != (kind is ast.MatMult)
            self.at(precedence + 1 if mixed else precedence, left)     # (A @ x) * y: equally tight, but few remember
            self.result.append(OPERATOR[kind])
            self.at(precedence + 1, node.right)
        if enclosed:
            self.result.append(")")

    def visit_Tuple(self, node: ast.Tuple) -> None:
        bare = bool(node.elts) and getattr(node, "_pp", HIGHEST) <= Precedence.Tuple
        self.write("" if bare else "(")
        self.separated(node.elts)
        self.result.append(("," if len(node.elts) == 1 else "") + ("" if bare else ")"))

    def visit_Starred(self, node: ast.Starred) -> None:
        self.write("*")
        self.at(Precedence.BitOr, node.value)

    def visit_Dict(self, node: ast.Dict) -> None:
        self.write("{")
        for i, (key, value) in enumerate(zip(node.keys, node.values)):
            if i:
                self.result.append(", ")
            if key is None:
                self.result.append("**")
                self.at(Precedence.BitOr, value)
            else:
                self.at(COMMA, key)
                self.result.append(": ")
                self.at(COMMA, value)
        self.result.append("}")

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self.comprehension("[", "]", [node.elt], node.generators)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self.comprehension("{", "}", [node.elt], node.generators)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self.comprehension("{", "}", [node.key, node.value], node.generators)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        bare = getattr(node, "_pp", HIGHEST) == ONE_ARGUMENT
        self.comprehension("" if bare else "(", "" if bare else ")", [node.elt], node.generators)

    def comprehension(self, opening: str, closing: str, elements: Sequence[ast.expr], generators: Sequence[ast.comprehension]) -> None:
        self.write(opening)
        for i, element in enumerate(elements):
            if i:
                self.result.append(": ")
            self.at(COMMA, element)
        for g in generators:
            self.result.append(" for ")
            self.at(Precedence.comprehension_target, g.target)
            self.result.append(" in ")
            self.at(Precedence.comprehension + 1, g.iter)
            for test in g.ifs:
                self.result.append(" if ")
                self.at(Precedence.comprehension + 1, test)
        self.result.append(closing)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        enclosed = getattr(node, "_pp", HIGHEST) > Precedence.Lambda
        args = node.args
        empty = not (args.posonlyargs or args.args or args.vararg or args.kwonlyargs or args.kwarg)
        self.write("(" if enclosed else "", "lambda" if empty else "lambda ")
        self.visit_arguments(args)
        self.result.append(": ")
        self.at(Precedence.Lambda, node.body)
        if enclosed:
            self.result.append(")")

    def separated(self, items: Sequence[ast.expr]) -> None:
        for i, item in enumerate(items):
            if i:
                self.result.append(", ")
            self.at(COMMA, item)


def string_literal(value: str) -> str:
    """The string in double quotes, or in single ones where that saves escapes.

    >>> print(string_literal("it's"), string_literal('say "no"'))
    "it's" 'say "no"'
    """
    text = repr(value)
    return f'"{text[1:-1]}"' if text[0] == "'" and '"' not in text else text


def docstring(text: str) -> str:
    """The docstring in triple quotes, its lines as they are; as an ordinary literal where that would change it."""
    plain = "\\" not in text and '"""' not in text and not text.endswith('"') and (text.isprintable() or "\n" in text)
    if not plain or any(not line.isprintable() for line in text.split("\n")):
        return repr(text)
    return f'"""{text}"""'


def print_expression(node: ast.expr, precedence: int = COMMA) -> str:
    """The expression as one line of text, in parentheses where it binds less tightly than `precedence`."""
    printer = Printer()
    printer.at(precedence, node)
    return "".join(printer.result)


def _pieces(node: ast.JoinedStr) -> list[tuple[bool, str]]:
    """The f-string's text in pieces, of which the first component says whether it is literal."""
    pieces: list[tuple[bool, str]] = []
    for value in node.values:
        if isinstance(value, ast.Constant):
            pieces.append((True, str(value.value).replace("{", "{{").replace("}", "}}")))
            continue
        assert isinstance(value, ast.FormattedValue)
        conversion = "" if value.conversion == -1 else "!" + chr(value.conversion)
        inside = print_expression(value.value, Precedence.Or)
        pieces.append((False, ("{ " if inside.startswith("{") else "{") + inside + conversion))
        if value.format_spec is not None:
            assert isinstance(value.format_spec, ast.JoinedStr)
            pieces.append((False, ":"))
            pieces.extend(_pieces(value.format_spec))
        pieces.append((False, "}"))
    return pieces


def fstring_literal(node: ast.JoinedStr) -> str:
    """The f-string, in quotes that none of its expressions holds, as Python before 3.12 requires."""
    pieces = _pieces(node)
    inside = "".join(text for literal, text in pieces if not literal)
    quote = next((q for q in ('"', "'", '"""', "'''") if q not in inside), '"')
    text = "".join(_escaped(text, quote) if literal else text for literal, text in pieces)
    return f"f{quote}{text}{quote}"


def _escaped(text: str, quote: str) -> str:
    escaped = re.sub(r"[^\x20-\x21\x23-\x26\x28-\x5b\x5d-\x7e]", lambda m: _escape(m.group()), text)
    return escaped.replace(quote[0], "\\" + quote[0])


def _escape(character: str) -> str:
    return character if character in "'\"" else repr(character)[1:-1]


def print_tree(tree: ast.Module, width: int = WIDTH) -> str:
    """The text of the module, its lines at most `width` long where the expressions allow it."""
    printer = Printer()
    printer.visit(tree)
    lines: list[str] = []
    line: list[str] = []
    for item in printer.result:
        if item and item[0] == "\n":
            lines.append(_finished(line, width))
            lines.extend([""] * (len(item) - 1))
            line = []
        else:
            line.append(item)
    lines.append(_finished(line, width))
    return "\n".join(lines).strip("\n") + "\n"


def _finished(line: list[str], width: int) -> str:
    text = "".join(line)
    return wrap(text, width) if len(text) > width and "\n" not in text else text
