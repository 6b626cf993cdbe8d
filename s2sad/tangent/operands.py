"""The arguments of an operation by the parameters of its rule: `operands(node, rule)`, and `with_operands` puts others in their place."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from s2sad import core
from s2sad.rules import Rule


def operands(node: core.Expr, rule: Rule) -> dict[str, core.Expr]:
    """What the text of the operation gives for each parameter, displays as wholes, defaults left out.

    >>> from s2sad import rules
    >>> from s2sad.quote import quote_expr
    >>> list(operands(quote_expr("x + 1"), rules.find_operator("+")))
    ['a', 'b']
    """
    if isinstance(node, core.BinOp):
        return dict(zip(names(rule), (node.left, node.right)))
    if isinstance(node, core.UnaryOp):
        return dict(zip(names(rule), (node.operand,)))
    if isinstance(node, core.Attribute):
        return dict(zip(names(rule), (node.value,)))
    assert isinstance(node, core.Call)
    given: dict[str, core.Expr] = {}
    rest = [*receiver(node, rule), *node.args]
    for param in rule.params:
        if param.kind == "args":
            given[param.name] = core.Tuple(tuple(rest))
            rest = []
        elif param.kind != "keyword" and rest:
            given[param.name] = rest.pop(0)
    return given | {name: value for name, value in node.keywords if name is not None}


def with_operands(node: core.Expr, rule: Rule, new: Mapping[str, core.Expr]) -> core.Expr:
    """The operation with other arguments for some of its parameters.

    >>> from s2sad import rules
    >>> from s2sad.quote import quote_expr
    >>> with_operands(quote_expr("x + 1"), rules.find_operator("+"), {"a": quote_expr("y")}) == quote_expr("y + 1")
    True
    """
    if isinstance(node, core.BinOp):
        a, b = names(rule)
        return core.BinOp(node.op, new.get(a, node.left), new.get(b, node.right))
    if isinstance(node, core.UnaryOp):
        return core.UnaryOp(node.op, new[names(rule)[0]])
    if isinstance(node, core.Attribute):
        return core.Attribute(new[names(rule)[0]], node.attr)
    assert isinstance(node, core.Call)
    given = {**operands(node, rule), **new}
    keywords = tuple((name, given[name] if name is not None else value) for name, value in node.keywords)
    by_keyword = {name for name, _ in node.keywords}
    args: list[core.Expr] = []
    for param in rule.params:
        if param.name in given and param.name not in by_keyword:
            value = given[param.name]
            args += value.elts if param.kind == "args" and isinstance(value, core.Tuple) else [value]
    func = node.func
    if receiver(node, rule):
        assert isinstance(func, core.Attribute)
        func = replace(func, value=args.pop(0))
    return core.Call(func, tuple(args), keywords)


def names(rule: Rule) -> tuple[str, ...]:
    return tuple(param.name for param in rule.params)


def receiver(node: core.Call, rule: Rule) -> tuple[core.Expr, ...]:
    """The object whose method is called: the first argument of a method's rule."""
    return (node.func.value,) if rule.kind == "method" and isinstance(node.func, core.Attribute) else ()
