"""What an operation on an object of the user's runs, and how such objects are made: here alone it is decided what a class means.

    a + b            Vector.__add__(a, b)             body.energy          Body.energy.fget(body)
    v[i]             Vector.__getitem__(v, i)         layer(x)             Layer.__call__(layer, x)
    body.kick(dt)    Body.kick(body, dt)              Shape.unit()         Shape.unit.__func__(Shape)
    super(Disc, self).area()    the `area` of the class after `Disc` among those of `self`

The program text stays as the user wrote it: whoever asks what such an operation means (facts, activity, adjoints) is told of a call of a
function.
"""
from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from dataclasses import dataclass

from s2sad import core
from s2sad.facts import Fact, FunctionFact, Number, ObjectFact, Sequence
from s2sad.reading.scope import UNRESOLVED

OF_TUPLES = frozenset(("_replace", "_asdict", "_make"))
FactOf = Callable[[core.Expr], Fact]

BINARY = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul",
          "<<": "lshift", ">>": "rshift", "&": "and", "|": "or", "^": "xor"}
UNARY = {"-": "__neg__", "+": "__pos__", "~": "__invert__"}


@dataclass(frozen=True)
class Invocation:
    """A call of `function` in the place of an operation; the first arguments are those that the call does not write out."""

    function: object
    args: tuple[core.Expr, ...]
    keywords: tuple[tuple[str | None, core.Expr], ...] = ()


def class_of(fact: Fact) -> type | None:
    """The user's class of an object, None for what is no such object."""
    if isinstance(fact, ObjectFact) and not fact.discrete and not fact.cls.__module__.startswith("numpy"):
        return fact.cls
    return fact.cls if isinstance(fact, Sequence) else None


def vars_of(cls: type, name: str) -> object:
    """What a class or its bases define under a name, as it stands there, UNRESOLVED if nothing."""
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), UNRESOLVED)


def fields_of(cls: type) -> tuple[str, ...]:
    """The fields of a dataclass."""
    return tuple(field.name for field in dataclasses.fields(cls)) if dataclasses.is_dataclass(cls) else ()


def sets_plainly(cls: type, name: str) -> bool:
    """Whether setting an attribute of an instance runs nothing of the user's."""
    if cls is types.SimpleNamespace:
        return True
    member = vars_of(cls, name)
    frozen = getattr(getattr(cls, "__dataclass_params__", None), "frozen", False)
    plain = frozen or vars_of(cls, "__setattr__") is object.__setattr__
    return plain and (isinstance(member, types.MemberDescriptorType) or not hasattr(type(member), "__set__"))


def invocation(expr: core.Expr, fact: FactOf) -> Invocation | None:
    """The function of the user's that an operation runs because of the class of an operand, None where it runs none."""
    if isinstance(expr, core.BinOp):
        return _binary(expr, fact)
    if isinstance(expr, core.UnaryOp):
        return _special(expr.operand, UNARY.get(expr.op, ""), (), fact)
    if isinstance(expr, core.Subscript):
        return _special(expr.value, "__getitem__", (as_value(expr.index),), fact)
    if isinstance(expr, core.Attribute):
        cls = class_of(fact(expr.value))
        member = vars_of(cls, expr.attr) if cls is not None else None
        return Invocation(member.fget, (expr.value,)) if isinstance(member, property) else None
    if isinstance(expr, core.Call):
        return _call(expr, fact)
    return None


def _special(operand: core.Expr, name: str, args: tuple[core.Expr, ...], fact: FactOf) -> Invocation | None:
    cls = class_of(fact(operand))
    member = vars_of(cls, name) if cls is not None else None
    return Invocation(member, (operand, *args)) if isinstance(member, types.FunctionType) else None


def _binary(expr: core.BinOp, fact: FactOf) -> Invocation | None:
    """Python asks the left operand first, the right one first where its class is a subclass that defines the reflected operation anew."""
    left, right = fact(expr.left), fact(expr.right)
    ours, theirs = class_of(left), class_of(right)
    if ours is None and theirs is None:
        return None
    name, reflected = f"__{BINARY[expr.op]}__", f"__r{BINARY[expr.op]}__"
    forth = vars_of(ours, name) if ours is not None else UNRESOLVED
    back = vars_of(theirs, reflected) if theirs is not None else UNRESOLVED
    anew = (ours is not None and theirs is not None and theirs is not ours and issubclass(theirs, ours)
            and back is not vars_of(ours, reflected))
    if isinstance(forth, types.FunctionType) and not (anew and back is not UNRESOLVED):
        return Invocation(forth, (expr.left, expr.right))
    if isinstance(back, types.FunctionType) and (anew or isinstance(left, Number) and left.box != "array" and left.shape == ()):
        return Invocation(back, (expr.right, expr.left))
    return None


NOT_OWN = ("builtins", "numpy")
"""The modules of classes that are no classes of the user's."""


def _call(call: core.Call, fact: FactOf) -> Invocation | None:
    func = call.func
    if isinstance(func, core.Attribute):
        found = _method(func, fact)
        if found is not None:
            return Invocation(found.function, (*found.args, *call.args), call.keywords)
    if not isinstance(func, (core.Name, core.Attribute, core.Subscript, core.Call)):
        return None
    callee = fact(func)
    if isinstance(callee, ObjectFact):
        found = _special(func, "__call__", call.args, fact)
        return found and Invocation(found.function, found.args, call.keywords)
    if isinstance(callee, FunctionFact) and (callee.value is abs or callee.value is float) and len(call.args) == 1:
        return _special(call.args[0], f"__{callee.value.__name__}__", (), fact)
    if isinstance(callee, FunctionFact) and isinstance(callee.value, type) and callee.value.__module__.partition(".")[0] not in NOT_OWN:
        return Invocation(callee.value, call.args, call.keywords)
    return None


def _method(func: core.Attribute, fact: FactOf) -> Invocation | None:
    """The function that `owner.name` gives for a call, with what it is bound to."""
    owner, name = func.value, func.attr
    if name in ("fget", "fset") and isinstance(owner, core.Attribute):
        known = fact(owner.value)
        member = vars_of(known.value, owner.attr) if isinstance(known, FunctionFact) and isinstance(known.value, type) else None
        return Invocation(getattr(member, name), ()) if isinstance(member, property) else None
    if is_super(owner):
        assert isinstance(owner, core.Call)
        return _inherited(owner, name, fact)
    known = fact(owner)
    if isinstance(known, FunctionFact) and isinstance(known.value, type):
        return _bound(vars_of(known.value, name), None, owner)
    cls = class_of(known)
    if cls is None or isinstance(known, ObjectFact) and name in dict(known.fields) or name in OF_TUPLES:
        return None
    return _bound(vars_of(cls, name), owner, core.Call(core.Name("type"), (owner,)))


def is_super(expr: core.Expr) -> bool:
    return isinstance(expr, core.Call) and expr.func == core.Name("super") and len(expr.args) == 2


def _inherited(owner: core.Call, name: str, fact: FactOf) -> Invocation | None:
    after, instance = fact(owner.args[0]), fact(owner.args[1])
    meta = isinstance(instance, FunctionFact) and isinstance(instance.value, type)
    cls = instance.value if isinstance(instance, FunctionFact) else class_of(instance)
    if not isinstance(cls, type) or not isinstance(after, FunctionFact) or after.value not in cls.__mro__:
        return None
    mro = cls.__mro__[cls.__mro__.index(after.value) + 1:]
    member = next((vars(base)[name] for base in mro if name in vars(base)), UNRESOLVED)
    return _bound(member, None if meta else owner.args[1], owner.args[1] if meta else core.Call(core.Name("type"), (owner.args[1],)))


def _bound(member: object, instance: core.Expr | None, cls: core.Expr) -> Invocation | None:
    if isinstance(member, staticmethod):
        return Invocation(member.__func__, ())
    if isinstance(member, classmethod):
        return Invocation(member.__func__, (cls,))
    if isinstance(member, types.FunctionType):
        return Invocation(member, () if instance is None else (instance,))
    return None


def as_value(index: core.Expr) -> core.Expr:
    """An index as an expression of its own: `1:n` becomes `slice(1, n)`."""
    if isinstance(index, core.Slice):
        ends = (index.lower, index.upper, index.step)
        return core.Call(core.Name("slice"), tuple(core.Const(None) if end is None else end for end in ends))
    return core.Tuple(tuple(map(as_value, index.elts))) if isinstance(index, core.Tuple) else index
