"""The tangent of one expression.

    np.tanh(W @ x + b)    ->    (1 - h ** 2) * (W_dot @ x + W @ x_dot + b_dot)        where `h` holds the value

The expression is walked from its leaves.  A rule gives the tangent of an operation from those of its operands: the same call with tangents in
their places, where the function is linear, or a text (see `rules.table`).  What a text reads of the primal is written out again if it is cheap, and
is asked for otherwise: `Walk.wanted` are the nodes whose values have to be named first.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from s2sad import core
from s2sad.analysis.alias import is_immutable, shared_names
from s2sad.errors import refuse
from s2sad.facts import Fact, FunctionFact, Number, ObjectFact, Sequence, Unknown
from s2sad.facts import Mapping as MappingFact
from s2sad.infer.objects import vars_of
from s2sad.meaning.callees import is_function
from s2sad.meaning.forms import RESULT, call, count, is_light, spelled
from s2sad.meaning.semantics import Application, Semantics
from s2sad.names import Names
from s2sad.quote import quote_expr
from s2sad.reading.scope import UNRESOLVED
from s2sad.tangent.operands import operands, with_operands
from s2sad.tangent.zero import ZERO, is_scalar, tangent_fact, zero_of
from s2sad.tidy.simplify import simplify

DEFAULTS = (type(None), bool, int, float, complex, str, tuple, list, dict, np.ndarray, np.generic)
"""What the class of an object may have under the name of a field, for the instances that hold none of their own."""

MIRRORED = frozenset(("list", "tuple", "dict", "zip", "enumerate", "reversed", "iter", "next", "copy", "deepcopy"))
"""Functions that rearrange what they are given without looking at it, so that they do the same to tangents."""

MIRRORED_METHODS = frozenset(("copy", "values", "pop", "get", "popitem", "setdefault"))


@dataclass
class Walk:
    """One walk.  `varied` are the names that vary, `mirrored` those whose tangents change in place; `has_result`: RESULT stands for the whole value.

    `owned`: the tangent must not share memory where the value does not.
    """

    semantics: Semantics
    env: dict[str, Fact]
    varied: frozenset[str]
    mirrored: frozenset[str]
    names: Names
    whole: core.Expr
    has_result: bool = True
    owned: bool = False
    temporaries: list[tuple[core.Expr, core.Expr]] = field(default_factory=list)
    wanted: list[core.Expr] = field(default_factory=list)
    again: core.Expr | None = None
    exact: list[core.Expr] = field(default_factory=list)
    made: list[core.Expr] = field(default_factory=list)
    conditional: int = 0

    def fact(self, expr: core.Expr) -> Fact:
        return self.semantics.fact(expr, self.env)

    def is_active(self, expr: core.Expr) -> bool:
        """Whether the value varies, or is or holds an object whose tangent changes with it: a list that is empty so far."""
        if self.semantics.dependencies(expr, self.env) & self.varied:
            return True
        moved = isinstance(expr, (core.Name, core.Attribute, core.Subscript, core.Tuple, core.List, core.Dict))
        return moved and bool(shared_names(expr, self.env, self.semantics) & self.mirrored)

    def dot(self, name: str) -> core.Name:
        dot = self.names.dot(name)
        if dot not in self.env:
            self.env[dot] = tangent_fact(self.env.get(name))
        return core.Name(dot)

    # The walk

    def tangent(self, node: core.Expr) -> core.Expr | None:
        """The tangent of a node, None where it is zero; it may lack axes of the node along which it is the same."""
        if not self.is_active(node) or is_function(self.fact(node)):
            return None
        if isinstance(node, core.Name):
            return self.dot(node.id)
        if isinstance(node, (core.Tuple, core.List)):
            return type(node)(tuple(self.exactly(elt) for elt in node.elts))
        if isinstance(node, core.Starred):
            return core.Starred(self.exactly(node.value))
        if isinstance(node, core.Dict):
            return core.Dict(node.keys, tuple(self.exactly(value) for value in node.values))
        if isinstance(node, core.IfExp):
            return self.choice(node)
        applied = self.semantics.application(node, self.env)
        if applied is not None:
            return self.apply(node, applied)
        if self.semantics.user_call(node, self.env) is not None:
            return self.called(node)
        if (fields := self.semantics.record(node, self.env)) is not None:
            return self.record(node, fields)
        if isinstance(node, core.Subscript):
            if any(map(self.is_active, (node.index.elts if isinstance(node.index, core.Tuple) else (node.index,)))) and (
                    self.semantics.through_index(node, self.env)):
                raise self.semantics.refused_index(node)
            return core.Subscript(self.exactly(node.value), self.repeatable(node.index))
        if isinstance(node, core.Attribute):
            return self.field(node)
        if isinstance(node, core.Call):
            return self.call(node)
        raise self.refusal(node)

    def field(self, node: core.Attribute) -> core.Expr:
        """The tangent of an attribute that an object holds itself, or that its class may have in its place."""
        owner = self.fact(node.value)
        held = self.semantics.is_held(node, self.env) if isinstance(owner, ObjectFact) else isinstance(owner, (Unknown, Sequence))
        member = vars_of(owner.cls, node.attr) if isinstance(owner, ObjectFact) else UNRESOLVED
        if not held and not isinstance(member, DEFAULTS):
            raise refuse(f"cannot differentiate the attribute `{node.attr}`: it is not known to be a field", node.at, self.semantics.source,
                         "write a method that computes it, or read the fields that it is made of")
        owner_dot = self.exactly(node.value)
        if held:
            return core.Attribute(owner_dot, node.attr)
        return core.Call(core.Name("getattr"), (owner_dot, core.Const(node.attr), zero_of(self.repeatable(node), self.fact)))

    def record(self, node: core.Expr, fields: Mapping[str, core.Expr]) -> core.Expr:
        """The tangent of an object that is made of what its fields hold: of the same kind if it is a named tuple, else a namespace."""
        dots: dict[str, core.Expr] = {}
        for name, value in fields.items():
            part = core.Attribute(self.value(node, True), name) if value == core.Const(None) else value
            dots[name] = self.exactly(part)
        fact = self.fact(node)
        assert isinstance(node, core.Call)
        func = node.func if isinstance(fact, Sequence) else core.Name("namespace")
        if isinstance(node.func, core.Attribute) and node.func.attr == "_replace":
            func = core.Attribute(self.exactly(node.func.value), "_replace")
            dots = {name: dot for name, dot in dots.items() if name in dict(node.keywords)}
        made = core.Call(func, (), tuple(dots.items()))
        self.made.append(made)
        return made

    def exactly(self, node: core.Expr) -> core.Expr:
        """The tangent of a node in its own shape, zeros where it does not vary."""
        found = self.tangent(node)
        return zero_of(self.repeatable(node), self.fact) if found is None else self.fit(self.apart(found, node), node)

    def choice(self, node: core.IfExp) -> core.Expr:
        test = self.repeatable(node.test)
        self.conditional += 1
        body, orelse = self.exactly(node.body), self.exactly(node.orelse)
        self.conditional -= 1
        return core.IfExp(test, body, orelse)

    def called(self, node: core.Expr) -> core.Expr:
        """The operation runs a function of the user's: its value and tangent come from that function's own."""
        if not self.conditional:
            return self.want(node)
        at = getattr(node, "at", None)
        raise refuse("cannot differentiate a call inside this expression", at, self.semantics.source, "assign it to a variable first")

    def call(self, node: core.Call) -> core.Expr | None:
        function = self.semantics.function(node.func, self.env)
        if function is not None and getattr(function, "__name__", "") in MIRRORED and getattr(function, "__module__", "") in ("builtins", "copy"):
            keywords = tuple((name, self.exactly(value)) for name, value in node.keywords)
            return core.Call(node.func, tuple(self.exactly(arg) for arg in node.args), keywords)
        if isinstance(node.func, core.Attribute) and node.func.attr in MIRRORED_METHODS and self.is_active(node.func.value):
            return self.method(node, node.func)
        raise self.refusal(node)

    def method(self, node: core.Call, func: core.Attribute) -> core.Expr:
        """`d.get(key, default)` as `d_dot.get(key, default_dot)`."""
        args = list(node.args)
        keys = args if func.attr == "pop" and len(args) == 1 and not self.is_mapping(func.value) else args[:1]
        new = [self.repeatable(arg) for arg in keys] + [self.exactly(arg) for arg in args[len(keys):]]
        return core.Call(core.Attribute(self.exactly(func.value), func.attr), tuple(new))

    def is_mapping(self, expr: core.Expr) -> bool:
        return isinstance(self.fact(expr), MappingFact)

    # Rules

    def apply(self, node: core.Expr, applied: Application) -> core.Expr | None:
        rule, bound = applied.rule, applied.bound
        if rule.vanishes({param: self.fact(arg) for param, arg in bound.items()}):
            return None
        given = operands(node, rule)
        dots: dict[str, core.Expr] = {}
        for param, arg in given.items():
            found = self.tangent(arg) if param not in rule.inert else None
            if found is not None:
                dots[param] = found
        if not dots:
            return None
        facts = {param: self.fact(arg) for param, arg in bound.items()}
        covers = rule.elementwise and rule.pure and all(self.covers(param, arg, dots) for param, arg in given.items())
        numbers = rule.elementwise and all(isinstance(self.fact(arg), Number) for arg in given.values())
        terms = []
        for group in rule.linear_groups:
            if numbers and any(param in given and param not in dots for param in group):
                continue    # the text of the others alone is shorter than a sum with zeros
            mine = {param: dots.pop(param) for param in group if param in dots}
            if mine:
                terms.append(self.linear(node, applied, given, group, mine))
        by_text = bool(dots)
        if dots:
            terms += self.by_text(node, applied, facts, given, dots)
        total = terms[0]
        for term in terms[1:]:
            total = call("add", total, term) if rule.several and not isinstance(term, core.Tuple) else plus(total, term)
        total = self.cast(simplify(total, self.fact), node, bound)
        covers = covers and not any(isinstance(term, core.Const) for term in terms)
        if covers or not by_text and not rule.elementwise:
            self.exact.append(total)
        return total

    def covers(self, param: str, arg: core.Expr, dots: dict[str, core.Expr]) -> bool:
        """Whether the tangent of an operation has all axes that this operand gives its value."""
        if param in dots:
            return isinstance(arg, (core.Name, core.Subscript, core.Attribute)) or any(dots[param] is other for other in self.exact)
        fact = self.fact(arg)
        return isinstance(arg, core.Const) or isinstance(fact, Number) and fact.shape == ()

    def linear(self, node: core.Expr, applied: Application, given: dict[str, core.Expr], group: tuple[str, ...],
               mine: dict[str, core.Expr]) -> core.Expr:
        """The operation itself on the tangents of one group of its arguments."""
        rule = applied.rule
        numbers = rule.elementwise and all(isinstance(self.fact(arg), Number) for arg in given.values())
        new: dict[str, core.Expr] = {}
        for param, arg in given.items():
            if param in mine:
                new[param] = mine[param] if numbers else self.fit(mine[param], arg)
            elif param in group:
                new[param] = ZERO if numbers else zero_of(self.repeatable(arg), self.fact)
            else:
                new[param] = self.value(arg)
        return with_operands(node, rule, new)

    def by_text(self, node: core.Expr, applied: Application, facts: dict[str, Fact], given: dict[str, core.Expr],
                dots: dict[str, core.Expr]) -> list[core.Expr]:
        """What the texts of the rule make of the tangents of arguments."""
        rule, bound = applied.rule, applied.bound
        self.semantics.check_names(rule, node)
        texts = rule.tangent_texts(bound, facts, avoid_y=not (node is self.whole and self.has_result))
        leaves = {param: dots[base] if base == param else leaf(dots[base], param) for param, arg in bound.items()
                  if (base := param.partition(".")[0]) in dots and self.is_active(arg)}
        terms: list[core.Expr] = []
        left = dict(leaves)
        for name, text in texts.items():
            mine = [param for param in left if param == name or param.startswith(name + ".")]
            if not mine:
                continue
            for param in mine:
                del left[param]
            read = core.reads(text)
            inside: dict[str, core.Expr] = {param: self.value(arg) for param, arg in {**given, **bound}.items() if param in read}
            for param, arg in {**given, **bound}.items():
                if f"{param}_dot" in read:
                    dot = leaves.get(param) or dots.get(param) or zero_of(self.repeatable(arg), self.fact)
                    dot = dot if rule.elementwise else self.fit(dot, arg)
                    atomic = isinstance(dot, (core.Name, core.Const)) or count(text, f"{param}_dot") < 2
                    inside[f"{param}_dot"] = dot if atomic else self.bind(dot)
            if "y" in read:
                inside["y"] = self.value(node, True)
            terms.append(core.substitute(text, inside))
        if left:
            raise self.refusal(node, next(iter(left)).partition(".")[0])
        return terms

    def cast(self, e: core.Expr, node: core.Expr, bound: object) -> core.Expr:
        """The tangent where the argument `dtype` may ask for integers."""
        dtype = bound.get("dtype", core.Const(None))  # type: ignore[attr-defined]
        fact = self.fact(node)
        if dtype == core.Const(None) or isinstance(fact, Number) and fact.kind in "fc":
            return e
        value = self.value(node, True)
        return core.IfExp(core.substitute(quote_expr("y.dtype.kind in 'fc'"), {"y": value}), e, zero_of(value, self.fact))

    # Values, shapes and memory

    def value(self, node: core.Expr, result: bool = False) -> core.Expr:
        """An expression for the value of a node of the primal."""
        if node is self.whole and self.has_result and not isinstance(node, (core.Name, core.Const)):
            self.env[RESULT.id] = self.fact(node)
            return RESULT
        if isinstance(node, core.Tuple) and not result:     # the arguments of `*shape` are no node of the statement
            return replace(node, elts=tuple(self.value(elt) for elt in node.elts))
        if isinstance(node, core.Starred):
            return replace(node, value=self.value(node.value))
        if node is self.again or self.conditional or not result and not self.is_costly(node):
            return self.repeatable(node)
        return node if is_light(node, self.fact) else self.want(node)

    def is_costly(self, node: core.Expr) -> bool:
        """Whether evaluating an operand a second time is worth a name."""
        if isinstance(node, (core.Tuple, core.List, core.Dict)):
            return any(self.is_costly(elt) for elt in core.children(node) if isinstance(elt, core.Expr))
        return not is_light(node, self.fact)

    def repeatable(self, node: core.Expr) -> core.Expr:
        """An expression that is evaluated once more: one with effects has to be named."""
        if self.semantics.purely(node, self.env):
            return node
        if self.conditional:
            raise refuse("cannot evaluate this a second time", getattr(node, "at", None), self.semantics.source, "assign it to a variable first")
        return self.want(node)

    def want(self, node: core.Expr) -> core.Expr:
        if not any(node is other for other in self.wanted):
            self.wanted.append(node)
        return core.Name("#")

    def bind(self, e: core.Expr) -> core.Expr:
        name = self.names.fresh("t_dot")
        self.env[name] = self.fact(e)
        self.temporaries.append((core.Name(name), e))
        return core.Name(name)

    def fit(self, e: core.Expr, node: core.Expr) -> core.Expr:
        """The tangent `e` of a node in the shape of the node."""
        if any(e is other for other in self.exact):
            return e
        have, want = self.fact(e), self.fact(node)
        if isinstance(node, (core.Name, core.Subscript, core.Attribute)) and is_path(e):
            return e
        if not isinstance(want, Number):
            if isinstance(want, (Sequence, FunctionFact, MappingFact, ObjectFact)) or want.discrete or is_display(e):
                return e
        elif isinstance(have, Number) and have.shape is not None and have.shape == want.shape:
            widened = self.owned and want.kind == "c" and have.kind == "f" and want.box == "array"
            return core.BinOp("+", e, core.Const(0j)) if widened else e
        elif is_scalar(want) and isinstance(have, Number) and have.shape == ():
            return e
        if self.wanted:
            return e
        value = self.value(node, True)
        if isinstance(have, Number) and have.shape == () and isinstance(want, Number) and want.shape and want.box == "array":
            return core.Call(quote_expr("np.full_like"), (value, e))
        return core.Call(core.Name("spread"), (e, value))

    def apart(self, e: core.Expr, node: core.Expr) -> core.Expr:
        """The tangent `e` of a node in memory of its own, where the value of the node has memory of its own and either may be changed in place."""
        if self.wanted or not (self.owned or self.mirrored) or is_immutable(self.fact(node)) or is_display(e) or any(e is other for other in self.made):
            return e
        functions = {call.func.id for call in core.calls(e) if isinstance(call.func, core.Name)}
        shared = shared_names(e, self.env, self.semantics) - functions
        if not shared:
            return e
        mirrors = shared_names(node, self.env, self.semantics)
        mirrors |= {self.names.dot(name) for name in mirrors}
        changing = {self.names.dot(name) for name in self.mirrored}
        return copy_of(e, self.fact(node)) if any(name not in mirrors and (self.owned or name in changing) for name in shared) else e

    def refusal(self, node: core.Expr, param: str = "") -> Exception:
        at, source = getattr(node, "at", None), self.semantics.source
        if isinstance(node, core.Call):
            what = spelled(node.func)
            if param:
                return refuse(f"`{what}` has no tangent with respect to its argument `{param}`", at, source,
                              "use reverse mode, or declare a rule with a tangent (`s2sad.rule`)")
            return refuse(f"cannot differentiate through the call of `{what}`: it has no rule and no Python source", at, source,
                          "declare its derivative with `s2sad.rule`, or write it in Python and NumPy")
        return refuse("cannot differentiate this expression", at, source, "write it with operations that `s2sad rules` lists")


def plus(a: core.Expr, b: core.Expr) -> core.Expr:
    """The sum of two tangents, item by item of displays."""
    if isinstance(a, core.Tuple) and isinstance(b, core.Tuple):
        return core.Tuple(tuple(map(plus, a.elts, b.elts)))
    return core.BinOp("+", a, b)


def is_path(e: core.Expr) -> bool:
    while isinstance(e, (core.Subscript, core.Attribute)):
        e = e.value
    return isinstance(e, core.Name)


def is_display(e: core.Expr) -> bool:
    return isinstance(e, (core.Tuple, core.List, core.Dict))


def leaf(display: core.Expr, path: str) -> core.Expr:
    """The element of a display at `arrays.0.1`."""
    for index in path.split(".")[1:]:
        display = display.elts[int(index)] if isinstance(display, (core.Tuple, core.List)) else core.Subscript(display, core.Const(int(index)))
    return display


def copy_of(e: core.Expr, fact: Fact) -> core.Expr:
    if isinstance(fact, Number) and fact.box == "array":
        return core.Call(core.Attribute(e, "copy"))
    return core.Call(core.Name("copied"), (e,))

