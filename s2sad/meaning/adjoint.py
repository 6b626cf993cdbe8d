"""The adjoint of one expression: what it contributes to the adjoints of the paths that it reads.

    h = np.tanh(W @ x + b),  g = h_bar    ->    t_bar = h_bar * (1 - h ** 2);  W_bar: np.outer(t_bar, x);  b_bar: t_bar

The expression is walked from its root with `g`, the adjoint of the node at hand.  A rule's text is instantiated at each node; an adjoint
that several operands share is bound to a name.  What the texts read of the primal is a name, or so cheap that it is written out again, or
is asked for: `Contribution.wanted` are the nodes whose values the forward sweep has to name first (see `prepare`).
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from s2sad import core
from s2sad.core import root
from s2sad.errors import refuse
from s2sad.facts import UNKNOWN, Fact, Number, ObjectFact, Sequence
from s2sad.facts.layers import Draft
from s2sad.meaning.callees import UserCall, is_function
from s2sad.meaning.forms import (
    ABSENT,
    RESULT,
    adjoint_fact,
    call,
    count,
    expand,
    filled,
    is_atomic,
    is_full,
    is_light,
    is_real,
    is_smaller,
    item,
    spelled,
    summed_over,
    takes_copy,
    without_axes,
)
from s2sad.meaning.semantics import Application, Semantics
from s2sad.quote import quote_expr
from s2sad.rules.index import reason
from s2sad.tidy.simplify import simplify


@dataclass(frozen=True)
class Term:
    """`target_bar += value`; the target is a path of the primal, such as `x` or `layers[i][0]`."""

    target: core.Expr
    value: core.Expr


@dataclass(frozen=True)
class Contribution:
    """`temporaries` are bound in order and have `facts`, then the terms hold; `wanted` maps placeholders in them to nodes of the primal."""

    temporaries: tuple[tuple[core.Expr, core.Expr], ...]
    terms: tuple[Term, ...]
    wanted: Mapping[str, core.Expr]
    facts: Mapping[str, Fact]


@dataclass
class Walk:
    """One walk over an expression.  `has_result`: a variable holds the value of the whole expression, for which RESULT stands.

    `env` are the facts of the primal's variables and of the adjoints that exist; `fresh` makes names for temporaries.
    """

    semantics: Semantics
    env: Draft
    varied: frozenset[str]
    fresh: Callable[[str], str]
    whole: core.Expr
    has_result: bool
    temporaries: list[tuple[core.Expr, core.Expr]] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    wanted: dict[str, core.Expr] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)

    def fact(self, expr: core.Expr) -> Fact:
        return self.semantics.fact(expr, self.env)

    def is_real(self, expr: core.Expr) -> bool:
        return is_real(self.fact(expr))

    def is_active(self, expr: core.Expr) -> bool:
        return bool(self.semantics.dependencies(expr, self.env) & self.varied)

    def visit(self, node: core.Expr, g: core.Expr, loose: bool) -> None:
        """Contributes `g`, the adjoint of `node`; a loose one may have to be summed or expanded to the shape of the node."""
        if g == ABSENT or isinstance(node, core.Lambda) or not self.is_active(node):
            return      # what a function captures gets its adjoint where the function is called
        if isinstance(node, (core.Tuple, core.List)):
            if loose and not isinstance(g, core.Tuple):
                have = self.fact(g)
                if isinstance(have, Number) and have.shape == ():       # the same for each item
                    for elt in node.elts:
                        self.visit(elt, g, True)
                    return
                g = g if is_full(g) else self.fit(g, node, exactly=True)
            if isinstance(g, core.Call) and len(node.elts) > 1:
                g = self.bind(g)
            for i, elt in enumerate(node.elts):
                self.visit(elt, item(g, core.Const(i)), False)
            return
        if isinstance(node, core.Dict):
            for key, value in zip(node.keys, node.values):
                if key is not None:
                    self.visit(value, item(g, key), False)
            return
        fields = self.semantics.record(node, self.env)
        if fields is not None:
            for i, (name, value) in enumerate(fields.items()):
                self.visit(value, g.elts[i] if isinstance(g, core.Tuple) else core.Attribute(g, name), False)
            return
        applied = self.semantics.application(node, self.env)
        if applied is not None:
            self.apply(node, applied, g, loose)
        elif (called := self.semantics.user_call(node, self.env)) is not None:
            self.reverse_call(node, called, g, loose)
        elif isinstance(node, core.Subscript) and self.is_single(node.value):
            self.check_index(node)
            self.visit(node.value, g, True)
        elif isinstance(node, core.Subscript) and (added := self.axes_added(node)):
            self.visit(node.value, without_axes(self.fit(g, node, exactly=True) if loose else g, added, node), False)
        elif isinstance(node, (core.Name, core.Subscript, core.Attribute)):
            self.arrive(node, g, loose)
        else:
            raise self.refusal(node)

    def axes_added(self, node: core.Subscript) -> tuple[int, ...]:
        """Where a subscript that is a view of all of an array has new axes, as `x[:, None]`; empty where it is anything else."""
        fact, parts = self.fact(node.value), node.index.elts if isinstance(node.index, core.Tuple) else (node.index,)
        axes = tuple(i for i, part in enumerate(parts) if part == core.Const(None))
        full = all(part in (core.Const(None), core.Slice()) for part in parts)
        return axes if full and isinstance(fact, Number) and fact.box == "array" and fact.shape else ()

    def is_single(self, expr: core.Expr) -> bool:
        """Whether this is a number, of which `x[()]` and `x[None]` are all; an array without axes is memory, and has parts."""
        fact = self.fact(expr)
        return isinstance(fact, Number) and fact.shape == () and fact.box != "array"

    def arrive(self, path: core.Expr, g: core.Expr, loose: bool) -> None:
        """Ends the walk at a path: a variable, or an element or a slice of one."""
        for part in core.walk(path):
            if isinstance(part, core.Subscript):
                self.check_index(part)
        base = self.held_apart(path)
        if base is not None:
            self.needed |= core.reads(self.want(base))
            return
        part = path
        while isinstance(part, (core.Subscript, core.Attribute)):
            if isinstance(part, core.Attribute) and not self.semantics.is_held(part, self.env):
                raise refuse(f"cannot differentiate through the attribute `{part.attr}`, which the object does not hold itself", part.at,
                             self.semantics.source, "make it an attribute of the instance, or a method or a property that computes it")
            part = part.value
        if isinstance(g, core.Tuple):
            if isinstance(fact := self.fact(path), ObjectFact) and self.semantics.is_object(path, self.env):
                raise self.semantics.refused_object("unpacking", path, fact.cls)
            for i, part in enumerate(g.elts):
                if part != ABSENT:
                    self.arrive(core.Subscript(path, core.Const(i)), part, False)
            return
        self.terms.append(Term(path, self.fit(g, path) if loose else g))

    def check_index(self, part: core.Subscript) -> None:
        if self.semantics.through_index(part, self.env) & self.varied:
            raise self.semantics.refused_index(part)

    def held_apart(self, path: core.Expr) -> core.Expr | None:
        """The part of a path that is an object of its own, so that adding to its parts would not reach the variable; None without one."""
        if root(path) is None:
            while isinstance(path, (core.Subscript, core.Attribute)):
                path = path.value
            return path
        while isinstance(path, (core.Subscript, core.Attribute)):
            path = path.value
            if isinstance(path, core.Subscript) and takes_copy(path, self.fact) or self.semantics.user_call(path, self.env) is not None:
                return path
        return None

    def apply(self, node: core.Expr, applied: Application, g: core.Expr, loose: bool) -> None:
        """Hands `g` through one operation to its active operands."""
        rule, bound = applied.rule, applied.bound
        self.semantics.check_names(rule, node)
        facts = {param: self.fact(arg) for param, arg in bound.items()}
        texts = rule.adjoint_texts(bound, facts)
        active = [param for param, arg in bound.items() if param not in rule.inert and self.is_active(arg)]
        for param in active:
            if param not in texts:
                raise self.refusal(node, param)
            if not rule.users and isinstance(fact := facts[param], ObjectFact) and self.semantics.is_object(bound[param], self.env):
                raise self.semantics.refused_object(rule.name, bound[param], fact.cls)
        if loose and not rule.elementwise:
            g = self.fit(g, node, exactly=True)
        if self.is_real(node) and not self.is_real(g) and not all(is_real(facts[param]) for param in active):
            g = core.Call(quote_expr("np.real"), (g,))      # an imaginary adjoint of a real number goes nowhere
        used = sum(count(texts[param], "g") for param in active)
        if used > 1 and not is_atomic(g):
            g = self.bind(g)
        values: dict[str, core.Expr] = {param: self.value(arg) for param, arg in bound.items()}
        values["y"] = self.value(node)
        for param in active:
            e = self.instance(texts[param], values, g)
            if loose and rule.elementwise and not self.covers(e, node, facts[param]):
                g = self.fit(g, node, exactly=True)
                e = self.instance(texts[param], values, g)
            self.visit(bound[param], e, rule.elementwise or not self.fits(e, bound[param]))

    def instance(self, text: core.Expr, values: dict[str, core.Expr], g: core.Expr) -> core.Expr:
        """The text of a rule with its names replaced."""
        return simplify(core.substitute(text, {**values, "g": g}), self.fact)

    def covers(self, e: core.Expr, node: core.Expr, operand: Fact) -> bool:
        """Whether `e` may be handed to an operand: nothing was broadcast, or it is no smaller than the node."""
        whole, have = self.fact(node), self.fact(e)
        if not isinstance(whole, Number) or whole.shape is None:
            return False
        return isinstance(operand, Number) and operand.shape == whole.shape or isinstance(have, Number) and have.shape == whole.shape

    def reverse_call(self, node: core.Expr, called: UserCall, g: core.Expr, loose: bool) -> None:
        """Hands `g` through a call of the user's: its reverse function gives the adjoints of the arguments."""
        bound = called.bound
        facts = {param: self.fact(arg) for param, arg in bound.items()}
        active = frozenset(param for param, arg in bound.items() if self.is_active(arg) and not is_function(facts[param]))
        forward = self.semantics.forwards.get(node.func.id) if isinstance(node, core.Call) and isinstance(node.func, core.Name) else None
        inputs: list[core.Expr] = []
        if forward is not None:
            assert isinstance(g, core.Tuple)
            g, tape = g.elts
            inputs.append(tape)
        result = self.fact(node)
        if forward is not None:
            result = result.items[0] if isinstance(result, Sequence) and result.items is not None else UNKNOWN
        parts = list(g.elts) if isinstance(g, core.Tuple) else [g]
        items = result.items if isinstance(result, Sequence) and result.items is not None else ()
        parts = [filled(part, fact) for part, fact in zip(parts, items)] if len(items) == len(parts) > 1 else parts
        pair = forward[1] if forward is not None else self.semantics.pairs(called, facts, active, tuple(part != ABSENT for part in parts))
        if pair.forward and forward is None:
            self.needed |= core.reads(self.want(node))
            return
        if loose:
            parts = [self.fit(g, node, exactly=True)]
        inputs += [self.value(bound[param]) for param in pair.needed]
        inputs += [self.absent(node, i, len(parts), forward is not None) if part == ABSENT else part
                   for i, (part, flag) in enumerate(zip(parts, pair.results)) if flag]
        reversed_call = core.Call(core.Name(pair.reverse), tuple(inputs))
        if len(pair.active) == 1:
            self.visit(bound[pair.active[0]], reversed_call, False)
            return
        names = []
        for param in pair.active:
            name = self.fresh(f"{param}_term")
            self.env[name] = adjoint_fact(facts[param])
            names.append(core.Name(name))
        self.temporaries.append((core.Tuple(tuple(names)), reversed_call))
        for param, term in zip(pair.active, names):
            self.visit(bound[param], term, False)

    def absent(self, node: core.Expr, i: int, count: int, taped: bool) -> core.Expr:
        """The adjoint of a result that nothing reads, where the reverse function asks for it: zeros of its structure and shape."""
        path, fact = RESULT, self.fact(node)
        for place in ([0] if taped else []) + ([i] if count > 1 else []):
            path = core.Subscript(path, core.Const(place))      # type: ignore[assignment]
            fact = fact.items[place] if isinstance(fact, Sequence) and fact.items is not None else UNKNOWN
        if node is not self.whole or not self.has_result or isinstance(fact, Number) and fact.shape == ():
            return core.Const(0.0)
        self.env[RESULT.id] = self.fact(node)
        return self.bind(call("zeros", path))

    def fits(self, e: core.Expr, target: core.Expr) -> bool:
        """Whether the adjoint `e` is proved to have the shape of `target`, and to be real where it is."""
        have, want = self.fact(e), self.fact(target)
        if not (isinstance(have, Number) and isinstance(want, Number)):
            return False
        return have.shape is not None and have.shape == want.shape and (have.kind in "bif" or want.kind == "c")

    def fit(self, e: core.Expr, target: core.Expr, exactly: bool = False) -> core.Expr:
        """`e` in the shape of `target`; a smaller one, the same along the missing axes, stays as it is unless `exactly` is asked."""
        if self.fits(e, target):
            return e
        have, want = self.fact(e), self.fact(target)
        if (isinstance(have, Number) and isinstance(want, Number) and have.shape is not None and want.shape is not None
                and have.kind in "bif"):
            if is_smaller(have, want):
                exactly = exactly or RESULT.id in core.reads(e)         # of which nothing is known where the term is added
                return expand(e, have, self.value(target, shape_only=True)) if exactly else e
            if (summed := summed_over(e, have.shape, want.shape)) is not None:
                return summed
        return call("unbroadcast", e, self.value(target, shape_only=True))

    def bind(self, e: core.Expr) -> core.Expr:
        name = self.fresh("t_bar")
        self.env[name] = self.fact(e)
        self.temporaries.append((core.Name(name), e))
        return core.Name(name)

    def value(self, node: core.Expr, shape_only: bool = False) -> core.Expr:
        """An expression for the value of a node of the primal: a placeholder where it is neither held by a name nor cheap."""
        if node is self.whole and self.has_result and not isinstance(node, (core.Name, core.Const)):
            self.env[RESULT.id] = self.fact(node)
            return RESULT
        if is_light(node, self.fact):
            return node
        if isinstance(node, (core.Tuple, core.List, core.Dict)):
            rebuilt: core.Expr = core.rebuild(node, self.value)
            return rebuilt
        return self.want(node)

    def want(self, node: core.Expr) -> core.Expr:
        placeholder = next((name for name, wanted in self.wanted.items() if wanted is node), None)
        if placeholder is None:
            placeholder = f"#{len(self.wanted)}"
            self.wanted[placeholder] = node
            self.env[placeholder] = self.fact(node)
        return core.Name(placeholder)

    def refusal(self, node: core.Expr, param: str = "") -> Exception:
        at = getattr(node, "at", None)
        if isinstance(node, core.Call):
            what = spelled(node.func)
            if param:
                return refuse(f"`{what}` has no derivative with respect to its argument `{param}`", at, self.semantics.source,
                              "compute that argument from constants, or declare a rule with `s2sad.rule`")
            why = reason(self.semantics.function(node.func, self.env))
            if why is not None:
                return refuse(f"cannot differentiate through the call of `{what}`: {why.partition(': ')[0]}", at, self.semantics.source,
                              why.partition(": ")[2])
            if self.semantics.source.scope.imports(root(node.func) or ""):
                return refuse(f"cannot differentiate through the call of `{what}`: it is imported, and a file is read by itself",
                              at, self.semantics.source, "define it in this file, or differentiate the imported module with `s2sad.grad`")
            return refuse(f"cannot differentiate through the call of `{what}`: it has no rule and no Python source",
                          at, self.semantics.source, "declare its derivative with `s2sad.rule`, or write it in Python and NumPy")
        help = "write it with operations that `s2sad rules` lists"
        return refuse("cannot differentiate this expression", at, self.semantics.source, help)


def adjoint_of(expr: core.Expr, g: core.Expr, semantics: Semantics, env: Mapping[str, Fact], varied: frozenset[str],
               fresh: Callable[[str], str], has_result: bool = False, stored: bool = False) -> Contribution:
    """What `expr`, whose adjoint is `g`, contributes to the paths that it reads; RESULT stands for its value, if a variable has it.

    What is `stored` into a part of an array may be smaller than the part.
    """
    walk = Walk(semantics, Draft(env), varied, fresh, expr, has_result and not stored)
    walk.visit(expr, g, stored)
    needed = walk.needed.union(*(core.reads(e) for _, e in walk.temporaries), *(core.reads(term.value) for term in walk.terms))
    wanted = {name: node for name, node in walk.wanted.items() if name in needed}
    made = [name for target, _ in walk.temporaries for name in core.bound_names(target)]
    return Contribution(tuple(walk.temporaries), tuple(walk.terms), wanted, {name: walk.env[name] for name in made})
