"""The value of an expression of core Python, by definition: `evaluate(expr, names)`; independent of everything that prints or compiles."""
from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

from s2sad import core
from s2sad.rules.guards import COMPARISONS

BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod,
          "**": operator.pow, "@": operator.matmul, "<<": operator.lshift, ">>": operator.rshift, "&": operator.and_, "|": operator.or_,
          "^": operator.xor}
UNARY = {"-": operator.neg, "+": operator.pos, "~": operator.invert, "not": operator.not_}


def evaluate(expr: core.Expr, names: Mapping[str, Any]) -> Any:
    def value(part: Any) -> Any:
        return None if part is None else evaluate(part, names)

    match expr:
        case core.Name(id):
            return names[id]
        case core.Const(constant):
            return constant
        case core.BinOp(op, left, right):
            return BINARY[op](value(left), value(right))
        case core.UnaryOp(op, operand):
            return UNARY[op](value(operand))
        case core.Compare(ops, operands):
            left = value(operands[0])
            for op, right_expr in zip(ops, operands[1:]):
                right = value(right_expr)
                result = left is right if op == "is" else left is not right if op == "is not" else COMPARISONS[op](left, right)
                if len(ops) == 1:
                    return result
                if not result:
                    return False
                left = right
            return True
        case core.BoolOp(op, values):
            for part in values:
                result = value(part)
                if bool(result) is (op == "or"):
                    break
            return result
        case core.IfExp(test, body, orelse):
            return value(body) if value(test) else value(orelse)
        case core.Call(func, args, keywords):
            positional: list[Any] = []
            for arg in args:
                if isinstance(arg, core.Starred):
                    positional.extend(value(arg.value))
                else:
                    positional.append(value(arg))
            return value(func)(*positional, **{name: value(part) for name, part in keywords if name is not None})
        case core.Attribute(inner, attr):
            return getattr(value(inner), attr)
        case core.Subscript(inner, index):
            return value(inner)[value(index)]
        case core.Slice(lower, upper, step):
            return slice(value(lower), value(upper), value(step))
        case core.Tuple(elts):
            return tuple(map(value, elts))
        case core.List(elts):
            return list(map(value, elts))
        case core.Comprehension("list", (element,), (generator,)):
            found = []
            for item in value(generator.iter):
                inside = {**names, **_bindings(generator.target, item)}
                if all(evaluate(test, inside) for test in generator.tests):
                    found.append(evaluate(element, inside))
            return found
    raise TypeError(expr)


def _bindings(target: core.Expr, item: Any) -> dict[str, Any]:
    if isinstance(target, core.Name):
        return {target.id: item}
    assert isinstance(target, core.Tuple)
    return {name: bound for part, value in zip(target.elts, item) for name, bound in _bindings(part, value).items()}
