"""What the operations of one function mean: their rules, and the names that they depend on differentiably.

An `Application` is a rule with its arguments; operators, calls, methods and attributes are all found here, so that no later stage
asks how an operation was spelled.
"""
from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MemberDescriptorType
from typing import Any, Literal

import numpy as np

from s2sad import core, rules
from s2sad.errors import DifferentiationError, refuse
from s2sad.expose.models import models_of
from s2sad.facts import UNKNOWN, Fact, FunctionFact, ModuleFact, Number, ObjectFact, Unknown, tuple_of
from s2sad.facts import Sequence as SequenceFact
from s2sad.flow.layout import NONE, atomic_writes
from s2sad.infer import builtin, fact_of
from s2sad.infer.effects import may_touch
from s2sad.infer.known import KnownFunction
from s2sad.infer.objects import fields_of, invocation, vars_of
from s2sad.lower.flow import never_returns
from s2sad.meaning.callees import UnboundCallError, UserCall, expanded, is_defined_here, named, rebound, user_call, values_captured
from s2sad.meaning.records import placed_twice, record
from s2sad.meaning.remembered import Remembered
from s2sad.names import names_in
from s2sad.reading.read import UNRESOLVED, Source
from s2sad.reading.scope import ScopeWith
from s2sad.runtime.copies import copied
from s2sad.runtime.entries import along_axis

Env = Mapping[str, Fact]
OPERATIONS = (core.BinOp, core.UnaryOp, core.Attribute, core.Call)
_DISCRETE_NODES = (core.Const, core.Compare, core.FString, core.Formatted, core.Slice)


@dataclass(frozen=True)
class Application:
    """A rule and the argument of each of its parameters."""

    rule: rules.Rule
    bound: Mapping[str, core.Expr]


@dataclass(frozen=True)
class Restated:
    """A call of a function that writes, as the user wrote it, the arguments that it writes into, and how many results it has of its own."""

    call: core.Call
    given: tuple[core.Expr, ...]
    results: int


@dataclass(frozen=True)
class Pair:
    """The derivative of a user's function: a function that reverses it, and one that runs it and returns `(result, tape)`.

    `forward` is empty where the user's own function serves; the reverse function then takes `needed` of the arguments, else the tape, and
    after them the adjoints of those results that `results` flags.  It returns the adjoints of the parameters `active`.
    """

    forward: str
    reverse: str
    needed: tuple[str, ...]
    active: tuple[str, ...]
    results: tuple[bool, ...]


Pairs = Callable[[UserCall, Mapping[str, Fact], frozenset[str], tuple[bool, ...]], Pair]
"""Gives the pair for a call whose parameters have these facts and of which these are active; the flags tell which results are."""


def no_pair(called: UserCall, facts: Mapping[str, Fact], active: frozenset[str], results: tuple[bool, ...]) -> Pair:
    raise AssertionError(called)


@dataclass(frozen=True)
class Semantics:
    """The meaning of expressions inside one function: `local` are the names that the function itself writes, `bound` those that it binds.

    `forwards` are the calls of the user's that calls of generated forward functions replaced, by the name of the function, `watched` those
    that give a variable back while their reverse runs statements of the user's (see `watching`), `restated` those of functions that return
    what they write (see `returning`).
    """

    source: Source
    local: frozenset[str]
    bound: frozenset[str]
    pairs: Pairs
    scope: ScopeWith
    forwards: dict[str, tuple[UserCall, Pair]]
    watched: dict[str, UserCall] = field(default_factory=dict)
    restated: dict[str, tuple[UserCall, Restated]] = field(default_factory=dict)
    dried: dict[core.Stmt, tuple[list[str], list[tuple[Any, ...]]]] = field(default_factory=dict)
    depends: Remembered[frozenset[str]] = field(default_factory=Remembered, init=False)
    applied: Remembered[Application | Literal[False]] = field(default_factory=Remembered, init=False)

    @classmethod
    def of(cls, function: core.Function, source: Source, pairs: Pairs | None = None) -> Semantics:
        """The meaning of a function of `source`; without `pairs`, calls of the user's functions have no derivative."""
        written = [write for stmt in core.walk(function.body) if isinstance(stmt, core.Stmt) for write in atomic_writes(stmt)]
        params = frozenset(param.name for param in function.params)
        local, bound = params | {name for name, _ in written}, params | {name for name, whole in written if whole}
        taken = local | names_in(function)
        brought = {"np": np, "math": math, "along_axis": along_axis}
        scope = ScopeWith(source.scope, {name: value for name, value in brought.items()
                                         if name not in taken and source.scope.lookup(name) is UNRESOLVED}, facts=Remembered())
        if "copied" not in local and source.scope.lookup("copied") is UNRESOLVED:
            scope.added["copied"] = copied      # with which functions begin that return what they write
        return cls(source, local, bound, pairs or no_pair, scope, {})

    def is_pair(self, call: core.Expr) -> bool:
        """Whether a call is one of those that were put in the place of the user's, because they have a pair: forward and restated ones."""
        name = call.func.id if isinstance(call, core.Call) and isinstance(call.func, core.Name) else None
        return name in self.forwards or name in self.restated

    @cached_property
    def seen(self) -> Source:
        """The source, with the names that were made known where something was written out."""
        return replace(self.source, scope=self.scope)

    def replaced(self, called: UserCall, pair: Pair, operation: core.Expr, env: Env) -> None:
        """Notes that calls of the forward function of a pair stand for an operation that runs a function of the user's."""
        self.forwards[pair.forward] = called, pair
        changes = may_touch(operation, env, self.scope)
        self.scope.added[pair.forward] = KnownFunction(tuple_of(self.fact(operation, env), UNKNOWN), changes)

    def user_call(self, expr: core.Expr, env: Env) -> UserCall | None:
        """The user's function that a call, an operator or an attribute runs, None where it is none of the user's."""
        try:
            if isinstance(expr, core.Call) and isinstance(expr.func, core.Name) and expr.func.id in self.forwards:
                return rebound(self.forwards[expr.func.id][0], expr)
            if isinstance(expr, core.Call) and isinstance(expr.func, core.Name) and expr.func.id in self.watched:
                return rebound(self.watched[expr.func.id], expr)
            if isinstance(expr, core.Call) and isinstance(expr.func, core.Name) and expr.func.id in self.restated:
                return rebound(self.restated[expr.func.id][0], expr)
            if record(expr, env, self.local, self.seen) is not None:
                return None
            called = user_call(expr, env, self.local, self.seen)
            return called if called is None or called.source.scope is not self.scope else self._as_written(called)
        except UnboundCallError as error:
            raise self._unbound(error, expr) from None

    def _as_written(self, called: UserCall) -> UserCall:
        """The call of a function defined inside, whose names mean what they mean to the user."""
        return replace(called, source=replace(called.source, scope=self.source.scope))

    def record(self, expr: core.Expr, env: Env) -> Mapping[str, core.Expr] | None:
        """The fields of the object that a call makes, None where it makes none whose fields are known."""
        try:
            return record(expr, env, self.local, self.seen)
        except UnboundCallError as error:
            raise self._unbound(error, expr) from None

    def held_twice(self, expr: core.Expr, env: Env) -> list[core.Expr]:
        """The arguments that a call makes and that the object which it makes holds in several places, where others may see them change."""
        fields = self.record(expr, env) if isinstance(expr, core.Call) else None
        return [] if fields is None else [arg for arg in placed_twice(expr, fields) if not self.is_discrete(arg, env)]  # type: ignore[arg-type]

    def _unbound(self, error: UnboundCallError, expr: core.Expr) -> DifferentiationError:
        return refuse(f"cannot tell which parameters the arguments go to: {error}", getattr(expr, "at", None), self.source,
                      "write the arguments one by one")

    def runs(self, expr: core.Expr, env: Env) -> bool:
        """Whether an operation runs a function of the user's because of the class of an operand."""
        return invocation(expr, lambda e: self.fact(e, env)) is not None

    def callee(self, expr: core.Expr) -> object:
        """The object that a global, free or dotted name refers to, UNRESOLVED for anything else."""
        return self.scope.resolve(expr, self.local)

    def function(self, func: core.Expr, env: Env) -> object:
        """The object that a call runs, found by its name or by the fact of the variable that holds it."""
        found = self.callee(func)
        if found is not UNRESOLVED or not isinstance(func, (core.Name, core.Attribute, core.Subscript)):
            return found
        if isinstance(func, core.Attribute):
            module = self.fact(func.value, env)
            if isinstance(module, ModuleFact):
                return getattr(module.value, func.attr, UNRESOLVED)
            if not isinstance(module, ObjectFact):
                return UNRESOLVED
        fact = self.fact(func, env)
        return fact.value if isinstance(fact, FunctionFact) and not isinstance(fact.value, core.Function) else UNRESOLVED

    def fact(self, expr: core.Expr, env: Env) -> Fact:
        return fact_of(expr, env, self.scope)

    def application(self, expr: core.Expr, env: Env) -> Application | None:
        """The rule of the operation at the root of `expr` with its arguments; None where no rule is known."""
        if not isinstance(expr, OPERATIONS):
            return None
        found = self.applied.get(expr, env)
        if found is None:
            found = self._application(expr, env) or False
            self.applied.put(expr, env, found)
        return found or None

    def _application(self, expr: core.Expr, env: Env) -> Application | None:
        if isinstance(expr, core.BinOp):
            if any(self.is_object(part, env) and not (expr.op == "@" and self.is_sparse(part, env)) for part in (expr.left, expr.right)):
                return None
            rule = rules.find_operator(expr.op)
            return Application(rule, rule.bind((expr.left, expr.right))) if rule is not None else None
        if isinstance(expr, core.UnaryOp):
            if self.is_object(expr.operand, env):
                return None
            rule = rules.find_unary(expr.op)
            return Application(rule, rule.bind((expr.operand,))) if rule is not None else None
        if isinstance(expr, core.Attribute):
            if self.callee(expr) is not UNRESOLVED or not self._is_number(expr.value, env):
                return None
            rule = rules.find_attribute(expr.attr)
            return Application(rule, rule.bind((expr.value,))) if rule is not None else None
        if isinstance(expr, core.Call):
            return self._call(expr, env)
        return None

    def _call(self, call: core.Call, env: Env) -> Application | None:
        function, args = self.function(call.func, env), call.args
        if (function is abs or function is float) and self.runs(call, env):
            return None
        if isinstance(function, KnownFunction):
            return None
        if function is not UNRESOLVED:
            rule = rules.find(function)
        elif isinstance(call.func, core.Attribute) and self.is_object(call.func.value, env):
            rule, args = rules.find(self._method(call.func, env)), (call.func.value, *args)
        elif isinstance(call.func, core.Attribute) and self._is_number(call.func.value, env):
            rule, args = rules.find_method(call.func.attr), (call.func.value, *args)
        else:
            return None
        if rule is None:
            return None
        try:
            return Application(rule, rule.bind(*self.one_by_one(args, call.keywords, env)))
        except rules.BindError as error:
            if models_of(function):
                return None
            if rule.zero:
                return Application(rule, {str(i): arg for i, arg in enumerate(args)})
            help = "write the call with the arguments that the rule knows (`s2sad rules` lists them)"
            raise refuse(str(error), call.at, self.source, help) from None

    def one_by_one(self, args: tuple[core.Expr, ...], keywords: tuple[tuple[str | None, core.Expr], ...], env: Env) -> tuple[
            Sequence[core.Expr], Sequence[tuple[str | None, core.Expr]]]:
        """The arguments of a call with those of sequences and dicts written out, as far as facts tell what these hold."""
        if not any(isinstance(arg, core.Starred) for arg in args) and all(name is not None for name, _ in keywords):
            return args, keywords
        try:
            return expanded(list(args), env, self.source), list(named(list(keywords), env, self.source).items())
        except UnboundCallError:
            return args, keywords

    def is_of_class(self, expr: core.Attribute, env: Env) -> bool:
        """Whether an attribute of an object is a value that its class has for all instances."""
        fact = self.fact(expr.value, env)
        if not isinstance(fact, ObjectFact) or fact.open or expr.attr in dict(fact.fields):
            return False
        member = vars_of(fact.cls, expr.attr)
        return member is not UNRESOLVED and not hasattr(type(member), "__get__")

    def is_held(self, expr: core.Attribute, env: Env) -> bool:
        """Whether an attribute is one that the object itself holds."""
        fact = self.fact(expr.value, env)
        if isinstance(fact, ObjectFact):
            member = vars_of(fact.cls, expr.attr)
            if expr.attr in dict(fact.fields) or isinstance(member, MemberDescriptorType) or expr.attr in fields_of(fact.cls):
                return True
            return member is UNRESOLVED and vars_of(fact.cls, "__getattr__") is UNRESOLVED
        return True

    def is_object(self, expr: core.Expr, env: Env) -> bool:
        """Whether the value is an object of a class of the user's."""
        fact = self.fact(expr, env)
        return isinstance(fact, ObjectFact) and not fact.discrete

    def is_sparse(self, expr: core.Expr, env: Env) -> bool:
        """Whether the value is a sparse matrix of SciPy."""
        fact = self.fact(expr, env)
        return isinstance(fact, ObjectFact) and fact.cls.__module__.startswith("scipy.sparse")

    def _method(self, func: core.Attribute, env: Env) -> object:
        """The function that a method of a user's class is."""
        owner = self.fact(func.value, env)
        return inspect.getattr_static(owner.cls, func.attr, None) if isinstance(owner, ObjectFact) else None

    def check_names(self, rule: rules.Rule, node: core.Expr) -> None:
        """Refuses a rule of the user's whose texts name what is a variable here."""
        for name in sorted(rule.borrowed & self.local):
            what = f"the rule of `{rule.name}` needs the name `{name}`, which is a variable here"
            raise refuse(what, getattr(node, "at", None), self.source, "give the variable another name")

    def _is_number(self, expr: core.Expr, env: Env) -> bool:
        fact = self.fact(expr, env)
        return isinstance(fact, (Number, Unknown)) or isinstance(fact, ObjectFact) and fact.discrete

    def is_discrete(self, expr: core.Expr, env: Env) -> bool:
        """Whether the value is no real number that could vary: an integer, a text, a range, a module."""
        fact = self.fact(expr, env)
        return fact.kind in ("b", "i") if isinstance(fact, Number) else fact.discrete

    def dependencies(self, expr: core.Expr, env: Env) -> frozenset[str]:
        """The names on which the value of `expr` may depend with a derivative that is not identically zero."""
        if isinstance(expr, core.Name):
            fact = self.fact(expr, env)
            if is_defined_here(fact):
                return values_captured(fact, env)
            return NONE if self.is_discrete(expr, env) else core.reads(expr)
        if isinstance(expr, _DISCRETE_NODES):
            return NONE
        found = self.depends.get(expr, env)
        if found is None:
            found = self._dependencies(expr, env)
            self.depends.put(expr, env, found)
        return found

    def _dependencies(self, expr: core.Expr, env: Env) -> frozenset[str]:
        if isinstance(expr, core.Subscript):
            if self.is_object(expr.value, env):
                return self.dependencies(expr.value, env) | self.dependencies(expr.index, env)
            return NONE if self.is_discrete(expr, env) else self.dependencies(expr.value, env) | self.through_index(expr, env)
        if isinstance(expr, core.Attribute) and (self.is_discrete(expr, env) or self.is_of_class(expr, env)):
            return NONE
        if isinstance(expr, core.IfExp):
            return self.dependencies(expr.body, env) | self.dependencies(expr.orelse, env)
        if isinstance(expr, core.Lambda):
            return values_captured(self.fact(expr, env), env)
        if isinstance(expr, core.Comprehension):
            if self.is_discrete(expr, env):
                return NONE
            read = NONE.union(*(core.reads(part) for part in core.children(expr))) & core.reads(expr)
            return read.union(*(values_captured(env[name], env) for name in read if name in env))
        if isinstance(expr, OPERATIONS):
            applied = self.application(expr, env)
            if applied is not None:
                asked = applied.bound if applied.rule.real_only else {}
                if applied.rule.vanishes({param: self.fact(arg, env) for param, arg in asked.items()}):
                    return NONE
                return NONE.union(*(self.dependencies(arg, env) for param, arg in applied.bound.items() if param not in applied.rule.inert))
            if self.callee(expr) is not UNRESOLVED or isinstance(expr, core.Call) and self.counts(expr, env):
                return NONE
            if isinstance(expr, core.Call) and self.never_returns(expr, env):
                return NONE
        return NONE.union(*(self.dependencies(child, env) for child in core.children(expr)))

    def never_returns(self, call: core.Call, env: Env) -> bool:
        """Whether a call runs a function of the user's that only raises."""
        try:
            called = self.user_call(call, env)
        except DifferentiationError:
            return False        # what its arguments are is not known yet
        return called is not None and never_returns(called.program)

    def through_index(self, expr: core.Subscript, env: Env) -> frozenset[str]:
        """What a subscript depends on by real numbers in its index, which no array or list takes: `np.r_[x, y]`."""
        if not isinstance(self.fact(expr.value, env), Unknown):
            return NONE
        parts = expr.index.elts if isinstance(expr.index, core.Tuple) else (expr.index,)
        real = [part for part in parts if isinstance(fact := self.fact(part, env), Number) and fact.kind in "fc" and not fact.mixed]
        return NONE.union(*(self.dependencies(part, env) for part in real))

    def refused_index(self, expr: core.Subscript) -> DifferentiationError:
        """The refusal of a subscript through whose index derivatives would have to pass."""
        return refuse("cannot differentiate through what stands in these brackets: it is no index of an array or list", expr.at,
                      self.source, "for `np.r_` and `np.c_` write `np.concatenate` and `np.column_stack`")

    def refused_object(self, what: str, expr: core.Expr, cls: type) -> DifferentiationError:
        """The refusal to let derivatives pass through an object as a whole where items or numbers are expected."""
        return refuse(f"cannot differentiate through `{what}` of an object of `{cls.__name__}`, whose items it finds by itself",
                      getattr(expr, "at", None), self.source, f"give `{cls.__name__}` an `__iter__` in Python, or pass its attributes")

    def counts(self, call: core.Call, env: Env) -> bool:
        """Whether a call of a function of Python's that changes nothing gives no real numbers, as `sorted(range(n), key=...)` does."""
        if isinstance(call.func, core.Attribute) and call.func.attr in ("index", "count"):
            return isinstance(self.fact(call.func.value, env), SequenceFact)
        return builtin.find(self.callee(call.func)) is not None and self.is_discrete(call, env)

    def purely(self, expr: core.Expr, env: Env) -> bool:
        """Whether evaluating `expr` has no effect, so that it may be left out, moved or repeated."""
        for node in core.evaluated(expr):
            if isinstance(node, core.Call):
                applied = self.application(node, env)
                if applied is None or not applied.rule.pure or applied.rule.written:
                    return False
        return True


