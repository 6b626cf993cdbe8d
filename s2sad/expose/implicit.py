"""Operations that change an object of the user's without saying so, as the calls that they are.

    n = meter.value         ->      n = type(meter).value.fget(meter)
    x = m[i] + 2 * m        ->      x = m.__getitem__(i) + m.__rmul__(2)
    if m < 2: ...           ->      t = m.__lt__(2)
                                    if t: ...
    while m.step: ...       ->      while True:
                                        t = type(m).step.fget(m)
                                        if t: ...
                                        else: break

Operations that change nothing stay as they are.  What changes an object where no call can stand for it is refused.
"""
from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import replace
from typing import NoReturn

from s2sad import core
from s2sad.errors import refuse
from s2sad.facts import Fact, ObjectFact, Sequence
from s2sad.flow.layout import NONE
from s2sad.infer.changes import own_expressions
from s2sad.infer.effects import may_touch
from s2sad.infer.environment import holders
from s2sad.infer.objects import as_value, class_of, invocation, vars_of
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.reading.read import UNRESOLVED

COMPARED = {"<": ("__lt__", "__gt__"), ">": ("__gt__", "__lt__"), "<=": ("__le__", "__ge__"), ">=": ("__ge__", "__le__"),
            "==": ("__eq__", "__eq__")}
CONVERTED = {len: "__len__", int: "__int__", float: "__float__", abs: "__abs__", bool: "__bool__", str: "__str__", repr: "__repr__",
             hash: "__hash__", round: "__round__"}


def as_calls(stmt: core.Stmt, env: Env, semantics: Semantics) -> list[core.Stmt] | None:
    """The statement with the operations that change objects as calls; None where there are none."""
    explicit = Explicit(env, semantics)
    explicit.check_items(stmt)
    if not any(class_of(env[name]) is not None for name in holders(env)) and not reads_object(stmt, env, semantics):
        return None
    if isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt)):
        new: core.Stmt = replace(stmt, value=explicit.inside(stmt.value))
        explicit.check(new)
        return None if new.value is stmt.value else [new]  # type: ignore[attr-defined]
    test = explicit.test(stmt.test) if isinstance(stmt, (core.If, core.While, core.Assert)) else None
    explicit.check(stmt if test is None else replace(stmt, test=test))  # type: ignore[call-arg]
    return None if test is None or test is stmt.test else [replace(stmt, test=test)]  # type: ignore[attr-defined,call-arg]


def reads_object(stmt: core.Stmt, env: Env, semantics: Semantics) -> bool:
    """Whether a statement reads an object of a class of the user's from outside, or makes one."""
    parts = own_expressions(stmt)
    names = NONE.union(*map(core.reads, parts)) - env.keys()
    made = (node for part in parts for node in core.evaluated(part) if isinstance(node, core.Call))
    return any(class_of(semantics.fact(one, env)) is not None for one in (*map(core.Name, names), *made))


def before_test(stmt: core.If | core.While | core.Assert, names: Names) -> list[core.Stmt]:
    """A statement whose test changes something, with the test in a statement of its own."""
    held = core.Name(names.fresh("chosen"))
    first = core.Assign(held, stmt.test, at=stmt.at)
    if not isinstance(stmt, core.While):
        return [first, replace(stmt, test=held)]
    goes_on = core.If(held, stmt.body, (core.Break(at=stmt.at),), at=stmt.at)
    return [core.While(core.Const(True), (first, goes_on), at=stmt.at)]


class Explicit:
    """What operations stand for where variables have the facts `env`."""

    def __init__(self, env: Env, semantics: Semantics) -> None:
        self.env, self.semantics = env, semantics

    def changes(self, call: core.Expr) -> bool:
        return may_touch(call, self.env, self.semantics.scope)

    def class_of(self, expr: core.Expr) -> type | None:
        return class_of(self.semantics.fact(expr, self.env))

    def inside(self, expr: core.Expr) -> core.Expr:
        """An expression with its operations that change objects as calls."""
        if isinstance(expr, core.Lambda):
            return expr
        new: core.Expr = core.rebuild(expr, lambda part: self.inside(part) if isinstance(part, core.Expr) else part)
        if isinstance(new, core.Call) and self.semantics.callee(new.func) is getattr:
            new = attribute_of(new) or self.attribute_or_other(new) or new
        if isinstance(new, core.UnaryOp) and new.op == "not":
            return core.rebuild(new, self.test)  # type: ignore[no-any-return]
        if isinstance(new, core.IfExp):
            return core.IfExp(self.test(new.test), new.body, new.orelse, at=new.at) if self.test(new.test) is not new.test else new
        call = self.call_of(new)
        return new if call is None or not self.changes(call) else call

    def attribute_or_other(self, call: core.Call) -> core.Expr | None:
        """`getattr(obj, "name", other)` as one of the two, where the facts tell which and all else that is evaluated is plain."""
        path = attribute_of(replace(call, args=call.args[:2])) if len(call.args) == 3 else None
        fact = self.semantics.fact(call.args[0], self.env)
        if path is None or not isinstance(fact, ObjectFact) or not all(isinstance(arg, (core.Name, core.Const)) for arg in call.args[::2]):
            return None
        member = vars_of(fact.cls, path.attr)
        if path.attr in dict(fact.fields) or member is not UNRESOLVED and not hasattr(type(member), "__set__"):
            return path
        computed = fact.open or vars_of(fact.cls, "__getattr__") is not UNRESOLVED
        return None if computed or hasattr(fact.cls, path.attr) else call.args[2]

    def test(self, expr: core.Expr) -> core.Expr:
        """A test, whose value is asked whether it is true."""
        new = self.inside(expr)
        call = None if isinstance(new, core.Const) else self.method(new, "__bool__") or self.method(new, "__len__")
        return new if call is None or not self.changes(call) else call

    def method(self, owner: core.Expr, name: str, *args: core.Expr) -> core.Call | None:
        """The call of a method that the class of an object defines in Python."""
        cls = self.class_of(owner)
        found = vars_of(cls, name) if cls is not None else None
        if not isinstance(found, types.FunctionType) or found.__code__.co_filename.startswith("<"):     # dataclasses write their own
            return None
        return core.Call(core.Attribute(owner, name), args, at=getattr(owner, "at", None))

    def call_of(self, expr: core.Expr) -> core.Call | None:
        """The call that an operation on an object is, None where it runs nothing of a class of the user's."""
        if isinstance(expr, core.Attribute):
            return self.read(expr)
        if isinstance(expr, core.Compare) and len(expr.ops) == 1:
            return self.compared(expr.ops[0], *expr.operands)
        if isinstance(expr, core.Call) and len(expr.args) == 1 and not expr.keywords:
            converted = self.semantics.callee(expr.func)
            return self.method(expr.args[0], next((name for function, name in CONVERTED.items() if function is converted), ""))
        if not isinstance(expr, (core.BinOp, core.UnaryOp, core.Subscript)):
            return None
        found = invocation(expr, lambda e: self.semantics.fact(e, self.env))
        if found is None or not isinstance(found.function, types.FunctionType):
            return None
        return self.method(found.args[0], found.function.__name__, *map(as_value, found.args[1:]))

    def read(self, expr: core.Attribute) -> core.Call | None:
        cls = self.class_of(expr.value)
        if cls is None:
            return None
        if isinstance(vars_of(cls, expr.attr), property):
            getter = core.Attribute(core.Attribute(core.Call(core.Name("type"), (expr.value,)), expr.attr), "fget")
            return core.Call(getter, (expr.value,), at=expr.at)
        fact = self.semantics.fact(expr.value, self.env)
        held = not isinstance(fact, ObjectFact) or fact.open or expr.attr in dict(fact.fields) or hasattr(cls, expr.attr)
        return None if held or expr.attr == "__dict__" else self.method(expr.value, "__getattr__", core.Const(expr.attr))

    def compared(self, op: str, left: core.Expr, right: core.Expr) -> core.Call | None:
        if op in ("in", "not in"):
            return self.method(right, "__contains__", left) if op == "in" else None
        name, reflected = COMPARED.get(op, ("", ""))
        return self.method(left, name, right) or (self.method(right, reflected, left) if self.class_of(left) is None else None)

    def check(self, stmt: core.Stmt) -> None:
        """Refuses what runs a method that changes its object where no call can stand for it."""
        for owner, name, args in asked(stmt):
            call = self.method(owner, name, *args)
            if call is not None and self.changes(call):
                cls = self.class_of(owner)
                assert cls is not None
                self.refuse(cls, name, owner, stmt)

    def check_items(self, stmt: core.Stmt) -> None:
        """Refuses what runs such methods of the items of a container."""
        for items, names in asked_of_items(stmt):
            for fact in items_in(self.semantics.fact(items, self.env)):
                item = Explicit({**self.env, ITEM.id: fact}, self.semantics)
                for name in names:
                    call = item.method(ITEM, name, *(() if name in ALONE else (ITEM,)))
                    if call is not None and item.changes(call):
                        cls = class_of(fact)
                        assert cls is not None
                        self.refuse(cls, name, items, stmt)

    def refuse(self, cls: type, name: str, owner: core.Expr, stmt: core.Stmt) -> NoReturn:
        raise refuse(f"cannot differentiate through `{cls.__name__}.{name}`, which changes its object and is run without a call",
                     getattr(owner, "at", None) or getattr(stmt, "at", None), self.semantics.source,
                     "give the class a method of another name that does this, and call it")


def attribute_of(call: core.Call) -> core.Attribute | None:
    """`getattr(x, "name")` as `x.name`."""
    name = call.args[1] if len(call.args) == 2 and not call.keywords else None
    named = isinstance(name, core.Const) and isinstance(name.value, str) and name.value.isidentifier()
    return core.Attribute(call.args[0], name.value, at=call.at) if named else None  # type: ignore[union-attr]


Asked = tuple[core.Expr, str, tuple[core.Expr, ...]]
WRITTEN = ("print", "format", "ascii")
WALKED = ("list", "tuple", "set", "sorted", "sum", "max", "min", "any", "all", "zip", "enumerate", "map", "filter", "iter", "next",
          "reversed")
TEXTS, TRUTH, ITEMS = ("__str__", "__repr__"), ("__bool__", "__len__"), ("__iter__", "__len__", "__next__")


def asked(stmt: core.Stmt) -> Iterator[Asked]:
    """The objects of which a statement asks something by no call: each with the method that answers, and its arguments."""
    if isinstance(stmt, core.For):
        yield from _each(stmt.iter, ITEMS)
    if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Tuple):
        yield from _each(stmt.value, ITEMS)
    if isinstance(stmt, core.Delete):
        yield from ((target.value, "__delitem__", (target.index,)) for target in stmt.targets if isinstance(target, core.Subscript))
    for part in own_expressions(stmt):
        for node in core.evaluated(part):
            if isinstance(node, core.Formatted):
                yield node.value, "__format__", (core.Const(""),)
                yield from _each(node.value, TEXTS)
            elif isinstance(node, core.Subscript):
                yield from _each(node.index, ("__index__",))
            elif isinstance(node, core.BoolOp):
                for value in node.values:
                    yield from _each(value, TRUTH)
            elif isinstance(node, core.Dict):
                for key in node.keys:
                    if key is not None:
                        yield from _each(key, ("__hash__",))
            elif isinstance(node, core.Compare):
                for op, left, right in zip(node.ops, node.operands, node.operands[1:]):
                    yield from _compared(op, left, right)
            elif isinstance(node, core.Generator):
                yield from _each(node.iter, ITEMS)
            elif isinstance(node, core.Call) and isinstance(node.func, core.Name):
                for arg in node.args:
                    yield from _each(arg, TEXTS if node.func.id in WRITTEN else ITEMS if node.func.id in WALKED else
                                     ("__index__",) if node.func.id == "range" else ())


def asked_of_items(stmt: core.Stmt) -> Iterator[tuple[core.Expr, tuple[str, ...]]]:
    """The containers of whose items a statement asks something by no call, with the methods that answer."""
    for node in (node for part in own_expressions(stmt) for node in core.evaluated(part)):
        if isinstance(node, core.Compare):
            for op, right in zip(node.ops, node.operands[1:]):
                if op in ("in", "not in"):
                    yield right, ("__eq__",)
        elif isinstance(node, core.Call) and isinstance(node.func, core.Name):
            for arg in node.args:
                yield arg, OF_ITEMS.get(node.func.id, ())
        elif isinstance(node, core.Call) and isinstance(node.func, core.Attribute):
            yield node.func.value, OF_ITEMS.get(f".{node.func.attr}", ())


def items_in(fact: Fact) -> Iterator[Fact]:
    """What is known of the items of a list, tuple or set that are objects."""
    if isinstance(fact, Sequence):
        yield from (item for item in (fact.items if fact.items is not None else (fact.each,)) if isinstance(item, ObjectFact))


ITEM = core.Name("item of it")
"""Stands for an item of a container, which no name of a program is."""
ALONE = (*TRUTH, "__hash__")
ORDERED = ("__lt__", "__gt__")
OF_ITEMS = {"min": ORDERED, "max": ORDERED, "sorted": ORDERED, "any": TRUTH, "all": TRUTH, "sum": ("__add__", "__radd__"),
            "set": ("__hash__", "__eq__"), ".index": ("__eq__",), ".count": ("__eq__",), ".remove": ("__eq__",), ".sort": ORDERED}


def _each(owner: core.Expr, names: tuple[str, ...]) -> Iterator[Asked]:
    yield from ((owner, name, ()) for name in names)


def _compared(op: str, left: core.Expr, right: core.Expr) -> Iterator[Asked]:
    if op in ("in", "not in"):
        yield right, "__contains__", (left,)
    elif op not in ("is", "is not"):
        yield from ((left, name, (right,)) for name in ("__ne__", *COMPARED.get(op, COMPARED["=="])))
        yield from ((right, name, (left,)) for name in ("__ne__", *COMPARED.get(op, COMPARED["=="])))
