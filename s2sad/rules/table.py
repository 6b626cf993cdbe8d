"""The table of rules: what the compiler knows of every function, operator, method and attribute that it may differentiate.

A row is a call pattern and, for each differentiable argument, its adjoint as NumPy text in `y` (the result), `g` (the adjoint of the
result) and the names of the pattern:

    ufunc("np.tanh(x)", x="g * (1 - y**2)")
    rule("np.outer(a, b)", a="g @ b", b="a @ g")
    zero("np.argmax(a, axis=None)")

Several patterns may share a row, and `case(guard, ...)` overrides adjoints where the facts of the arguments prove the guard.  A text may
also name `np`, `math` and the functions of `s2sad.runtime`.  Patterns and texts are parsed at first use, so that importing is cheap.

Forward mode needs nothing more of an elementwise row: the tangent of `x` is its adjoint text with `x_dot` for `g`.  Any other row says

    linear="a b"            linear in a, and in b, one at a time: the call with `a_dot` for `a`, plus the call with `b_dot` for `b`
    linear="arr+values"     linear in both together: one call with both tangents, zeros for one that has none
    tangents={"x": "text"}  a text in `x_dot`, `y` and the names of the pattern, where no such call is the tangent

and a case may have tangents too: `case("x.kind != 'c'", x_dot="x_dot * np.sign(x)")`.  What has none of these is refused in forward mode.
"""
from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from s2sad import core
from s2sad.facts import Fact, Number, Unknown
from s2sad.link.borrowed import BORROWED
from s2sad.quote import quote_expr
from s2sad.rules.conjugates import conjugated
from s2sad.rules.guards import holds
from s2sad.rules.numbers import OF_OPERATORS, at_numpy, inexact

Bound = Mapping[str, core.Expr]
Facts = Mapping[str, Fact]
Result = Callable[[Facts, Bound], Fact]
Items = Callable[[Sequence[str], Bound, Facts], Mapping[str, core.Expr]]
TangentOfItems = Callable[[Sequence[str], Bound, Facts], core.Expr | Mapping[str, core.Expr]]
"""The tangent of a function of a display, from the paths of its elements, in `args.0`, `args.0_dot` and so on; or what each contributes."""

OPERATORS = ("+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^")


class BindError(TypeError):
    """The arguments of a call do not fit the pattern of its rule; the message says which, as in `np.sum takes no argument 'where'`."""


@dataclass(frozen=True)
class Param:
    """A parameter of a pattern; `kind` as in `core.Param`, `default` is None where there is none."""

    name: str
    kind: str
    default: core.Expr | None


@dataclass(frozen=True)
class Case:
    """Adjoints, tangents and a model that replace the general ones where `guard` is proved."""

    guard: str
    adjoints: Mapping[str, str]
    tangents: Mapping[str, str] = field(default_factory=dict)
    model: str = ""


@dataclass(frozen=True, eq=False)
class Rule:
    """One row, for one of its patterns.

    `elementwise` says that result and adjoints broadcast as NumPy does; `zero` that the result does not depend on any argument
    differentiably, `real_only` that this holds for real arguments alone; `analytic` that for complex ones the
    derivative is the complex one (see `conjugates`);
    `linear` and `tangents` are the forward side, as the module says; `several` that the result may be a tuple of several;
    `without_y` are forms of adjoints that do not read the result; `items` make the texts of the elements of displays one by one;
    `views` names the arguments whose memory the result may share, unless the guard `fresh` holds, or is a
    function that says so; `raises` that a call may raise where its
    facts look right; `written` names the arguments that the call changes in place, `inert` those that pass no derivative; `kink` is its row
    of the kink table; `users` that the program declared it.
    """

    pattern: str
    kind: str
    name: str
    adjoints: Mapping[str, str] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    without_y: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, Items] = field(default_factory=dict)
    linear: str = ""
    tangents: Mapping[str, str | TangentOfItems] = field(default_factory=dict)
    result: Result | None = None
    elementwise: bool = False
    zero: bool = False
    real_only: bool = False
    analytic: bool = True
    several: bool = False
    pure: bool = True
    raises: bool = False
    views: tuple[str, ...] = ()
    fresh: str | Callable[[Bound, Facts], bool] = ""
    written: tuple[str, ...] = ()
    inert: tuple[str, ...] = ()
    kink: str = ""
    model: str = ""
    users: bool = False

    @cached_property
    def params(self) -> tuple[Param, ...]:
        """The parameters of the pattern, in order; the receiver of a method or attribute comes first."""
        return tuple(_params(self))

    @cached_property
    def texts(self) -> Mapping[str, core.Expr]:
        """The general adjoint of each argument that has one."""
        return {name: quote_expr(text) for name, text in self.adjoints.items()}

    @cached_property
    def _texts_without_y(self) -> Mapping[str, core.Expr]:
        return {name: quote_expr(text) for name, text in self.without_y.items()}

    @cached_property
    def _parsed_cases(self) -> tuple[tuple[core.Expr, Mapping[str, core.Expr]], ...]:
        return tuple((quote_expr(c.guard), {**self.texts, **{name: quote_expr(text) for name,
                                                             text in c.adjoints.items()}}) for c in self.cases if c.adjoints)

    @cached_property
    def borrowed(self) -> frozenset[str]:
        """The names of a user's that its texts use."""
        texts = [*self.texts.values(), *(quote_expr(text) for text in self.tangents.values() if isinstance(text, str))]
        return frozenset().union(*map(core.reads, texts)) & BORROWED.keys()

    def bind(self, args: Sequence[core.Expr], keywords: Iterable[tuple[str | None, core.Expr]] = ()) -> dict[str, core.Expr]:
        """The argument of each parameter, defaults filled in; the receiver of a method or attribute is `args[0]`.

        Where the rule treats the elements of a sequence one by one, a display `(a, b)` for `arrays` is bound as `arrays.0` and `arrays.1`,
        nested ones as `arrays.0.1`.  Raises BindError where the call does not fit.
        """
        bound: dict[str, core.Expr] = {}
        rest = list(args)
        if any(isinstance(arg, core.Starred) for arg in rest):
            raise BindError(f"the arguments of {self.name} are not known one by one")
        for param in self.params:
            if param.kind == "args":
                bound[param.name] = core.Tuple(tuple(rest))
                rest = []
            elif param.kind != "keyword" and rest:
                bound[param.name] = rest.pop(0)
        if rest:
            raise BindError(f"{self.name} takes at most {len(args) - len(rest)} positional arguments here")
        by_keyword = {param.name for param in self.params if param.kind in ("plain", "keyword")}
        for name, value in keywords:
            if name is None or name not in by_keyword:
                raise BindError(f"the rule for {self.name} does not cover the argument {name!r}" if name else
                                f"the keywords of {self.name} are not known one by one")
            if name in bound:
                raise BindError(f"{self.name} got two values for the argument {name!r}")
            bound[name] = value
        for param in self.params:
            if param.name not in bound:
                if param.default is None:
                    raise BindError(f"{self.name} misses the argument {param.name!r}")
                bound[param.name] = param.default
        return self._with_items(bound) if self.items else bound

    def _with_items(self, bound: Bound) -> dict[str, core.Expr]:
        expanded: dict[str, core.Expr] = {}
        for name, value in bound.items():
            expanded.update(_leaves(name, value) if name in self.items else {name: value})
        return expanded

    def adjoint_texts(self, bound: Bound, facts: Facts, avoid_y: bool = False) -> Mapping[str, core.Expr]:
        """The contribution of `g` to each argument in `bound` that has one, in the names of the pattern, `y` and `g`.

        An argument that is missing has no derivative: if it is active, the call is refused, unless the rule is `zero`.
        With `avoid_y`, forms that do not read the result are taken where the rule has them.
        """
        texts = self._real_texts(bound, facts, avoid_y)
        return conjugated(texts, facts) if self.analytic and not self.has_real_coefficients else texts

    def _real_texts(self, bound: Bound, facts: Facts, avoid_y: bool) -> Mapping[str, core.Expr]:
        texts = next((texts for guard, texts in self._parsed_cases if holds(guard, bound, facts)), self.texts)
        if avoid_y:
            general = {name for name, text in texts.items() if name in self.without_y and text == self.texts[name]}
            texts = {name: self._texts_without_y[name] if name in general else text for name, text in texts.items()}
        for name, build in self.items.items():
            paths = [path for path in bound if path.startswith(name + ".")]
            if name not in bound:
                display = {name: _display(name, paths)}
                texts = {**{param: core.substitute(text, display) for param, text in texts.items()}, **build(paths, bound, facts)}
        texts = {name: text for name, text in texts.items() if name in bound}
        return texts if bound.get("dtype", core.Const(None)) == core.Const(None) else self._cast(texts, bound, facts)

    @cached_property
    def linear_groups(self) -> tuple[tuple[str, ...], ...]:
        """The parameters in which the function is linear: one at a time, those of one group together."""
        return tuple(tuple(group.split("+")) for group in self.linear.split())

    @cached_property
    def has_real_coefficients(self) -> bool:
        """Whether the function is linear in all that it may be differentiated by together, as sums and changes of shape are."""
        moving = {name for name, text in self.adjoints.items() if text != "0.0"}
        return len(self.linear_groups) == 1 and moving <= set(self.linear_groups[0])

    def tangent_texts(self, bound: Bound, facts: Facts, avoid_y: bool = False) -> Mapping[str, core.Expr]:
        """What the tangent of each argument contributes to that of the result, in the names of the pattern, `y`, and `x_dot` for `x`.

        An argument that is missing has no derivative, if the function is not linear in it.
        """
        texts: dict[str, core.Expr] = {}
        if self.elementwise:
            adjoints = self._real_texts(bound, facts, avoid_y)
            texts = {name: core.substitute(text, {"g": core.Name(f"{name}_dot")}) for name, text in adjoints.items()}
        for name, tangent in self.tangents.items():
            paths = [path for path in bound if path.startswith(name + ".")]
            if not callable(tangent):
                texts[name] = quote_expr(tangent)
            elif paths:
                found = tangent(paths, bound, facts)
                texts.update(found if isinstance(found, Mapping) else {name: found})
        for one in reversed([c for c in self.cases if c.tangents and holds(quote_expr(c.guard), bound, facts)]):
            texts.update({name: quote_expr(text) for name, text in one.tangents.items()})
        return texts

    def _cast(self, texts: Mapping[str, core.Expr], bound: Bound, facts: Facts) -> Mapping[str, core.Expr]:
        """The texts where the argument `dtype` may ask for integers, which pass nothing on."""
        fact = self.result_fact(facts, bound)
        kind = fact.kind if isinstance(fact, Number) else "?"
        if kind in ("f", "c"):
            return texts
        return {name: _ZERO if kind != "?" else core.IfExp(_IS_INEXACT, text, _ZERO) for name, text in texts.items()}

    def model_for(self, bound: Bound, facts: Facts) -> str:
        """The model that a call with these arguments is written out by."""
        return next((c.model for c in self.cases if c.model and holds(quote_expr(c.guard), bound, facts)), self.model)

    def vanishes(self, facts: Facts) -> bool:
        """Whether the derivative is zero, for arguments of these facts."""
        return self.zero and not (self.real_only and any(isinstance(fact, Number) and fact.kind == "c" for fact in facts.values()))

    def reads(self, param: str) -> frozenset[str]:
        """What the adjoint of `param` may read, over all cases: names of the pattern, and `y`."""
        every = [self.texts, *(texts for _, texts in self._parsed_cases)]
        return frozenset().union(*(core.reads(texts[param]) for texts in every if param in texts)) - {"g", "np", "math"}

    def shares(self, bound: Bound, facts: Facts) -> tuple[str, ...]:
        """The arguments whose memory the result may share."""
        if callable(self.fresh):
            is_new = self.fresh(bound, facts)
        else:
            is_new = bool(self.fresh) and holds(quote_expr(self.fresh), bound, facts)
        return () if is_new else tuple(path for path in bound if path.partition(".")[0] in self.views)

    def result_fact(self, facts: Facts, bound: Bound) -> Fact:
        """The fact of the result, Unknown where the rule does not say."""
        fact = Unknown() if self.result is None else self.result(facts, bound)
        return at_numpy(fact) if isinstance(fact, Number) and self.result in OF_OPERATORS and self.name.startswith("np.") else fact


_ZERO = core.Const(0.0)
_IS_INEXACT = quote_expr("y.dtype.kind in 'fc'")


def _leaves(path: str, value: core.Expr) -> dict[str, core.Expr]:
    if not isinstance(value, (core.Tuple, core.List)) or any(isinstance(elt, core.Starred) for elt in value.elts):
        return {path: value}
    leaves: dict[str, core.Expr] = {}
    for i, elt in enumerate(value.elts):
        leaves.update(_leaves(f"{path}.{i}", elt))
    return leaves


def _display(path: str, leaves: Sequence[str]) -> core.Expr:
    """The display that was bound leaf by leaf: of `p.0` and `p.1`, `(p.0, p.1)`."""
    if path in leaves:
        return core.Name(path)
    heads = dict.fromkeys(path + "." + leaf[len(path) + 1:].partition(".")[0] for leaf in leaves)
    return core.Tuple(tuple(_display(head, [leaf for leaf in leaves if leaf == head or leaf.startswith(head + ".")]) for head in heads))


def _params(rule: Rule) -> Iterator[Param]:
    head, parenthesis, tail = rule.pattern.partition("(")
    if rule.kind in ("method", "attribute"):
        yield Param(head.partition(".")[0], "positional", None)
    if not parenthesis:
        if rule.kind in ("operator", "unary"):
            yield from (Param(name, "positional", None) for name in re.findall(r"\b(?!not\b)[a-z]\w*", rule.pattern))
        return
    signature = f"lambda {tail.rstrip()[:-1]}: 0"
    arguments = ast.parse(signature, mode="eval").body.args  # type: ignore[attr-defined]
    plain = [*((a, "positional") for a in arguments.posonlyargs), *((a, "plain") for a in arguments.args)]
    defaults = [None] * (len(plain) - len(arguments.defaults)) + arguments.defaults
    pairs = [(a.arg, kind, default) for (a, kind), default in zip(plain, defaults)]
    if arguments.vararg:
        pairs.append((arguments.vararg.arg, "args", None))
    pairs += [(a.arg, "keyword", default) for a, default in zip(arguments.kwonlyargs, arguments.kw_defaults)]
    for name, kind, default in pairs:
        yield Param(name, kind, default if default is None else quote_expr(signature[default.col_offset:default.end_col_offset]))


# The rows, in the order of declaration, and the ways to find them.

_rows: dict[tuple[str, str], Rule] = {}
_by_object: dict[int, tuple[object, Rule]] = {}
_waiting: dict[str, list[tuple[str, Rule]]] = {}
_MODULES = {"np": "numpy"}


def _key(pattern: str) -> tuple[str, str]:
    head, parenthesis, _ = pattern.partition("(")
    path = head.split(".")
    if parenthesis and len(path) == 1:
        return "function", "builtins." + head
    if parenthesis and len(path) == 2 and len(path[0]) == 1:
        return "method", path[1]
    if parenthesis:
        return "function", ".".join([_MODULES.get(path[0], path[0]), *path[1:]])
    if re.fullmatch(r"\w\.\w+", pattern):
        return "attribute", path[1]
    unary = re.fullmatch(r"([-+~]|not )(\w+)", pattern)
    if unary:
        return "unary", unary[1].strip()
    return "operator", pattern.split()[1]


def declare(patterns: Sequence[str | Case], adjoints: Mapping[str, str], of: object = None, **properties: Any) -> None:
    """Adds one row for each pattern; `of` is the function that the pattern stands for, where its name does not say."""
    cases = tuple(c for c in patterns if isinstance(c, Case))
    for pattern in patterns:
        if isinstance(pattern, Case):
            continue
        kind, name = _key(pattern)
        shown = pattern.partition("(")[0] if kind == "function" else name
        row = Rule(pattern, kind, shown, adjoints, cases, **properties)
        _rows[kind, name] = row
        if of is not None:
            _by_object[id(of)] = of, row
        elif kind == "function":
            module, _, attr = name.rpartition(".")
            _waiting.setdefault(module, []).append((attr, row))


def ufunc(*patterns: str | Case, of: object = None, **adjoints: Any) -> None:
    """Declares an elementwise function: its adjoints are elementwise too, and the driver sums over what was broadcast."""
    rule(*patterns, of=of, **{"elementwise": True, "result": inexact, **adjoints})


def rule(*patterns: str | Case, of: object = None, **adjoints: Any) -> None:
    """Declares a function by call patterns, cases, and one keyword for each differentiable argument (other keywords: fields of Rule)."""
    properties = {name: adjoints.pop(name) for name in list(adjoints) if name in _PROPERTIES}
    declare(patterns, adjoints, of, **properties)


def zero(*patterns: str, **properties: Any) -> None:
    """Declares functions whose derivative is zero wherever it exists, or whose result is no number."""
    declare(patterns, {}, zero=True, **properties)


def case(guard: str, **texts: str) -> Case:
    """Adjoints `x=...` and tangents `x_dot=...`, or a `model`, for arguments that satisfy `guard`, a condition on the names of the pattern.

    `a.ndim`, `a.shape`, `a.kind`, `a.box` and `a.dtype` ask the facts of an argument, the bare name `axis` its literal value.
    Where a fact is unknown the guard does not hold.
    """
    tangents = {name.removesuffix("_dot"): text for name, text in texts.items() if name.endswith("_dot")}
    model = texts.pop("model", "")
    return Case(guard, {name: text for name, text in texts.items() if not name.endswith("_dot")}, tangents, model)


_PROPERTIES = frozenset(Rule.__dataclass_fields__) - {"pattern", "kind", "name", "adjoints", "cases"}


def rules() -> tuple[Rule, ...]:
    """All rows, in the order of declaration."""
    return tuple(_rows.values())


def find_row(name: str) -> Rule:
    """The row of a function by its name, as in `np.tanh`; raises KeyError where there is none."""
    return _rows[_key(name + "()")]


def exists(row: Rule) -> bool:
    """Whether the function of a row exists in the version of its module at hand."""
    module, _, attr = _key(row.pattern)[1].rpartition(".")
    if module.count(".") and module not in sys.modules:
        owner, _, name = module.rpartition(".")
        return owner in sys.modules and hasattr(getattr(sys.modules[owner], name, None), attr)
    return row.kind != "function" or module not in sys.modules or hasattr(sys.modules[module], attr)


def find(function: object) -> Rule | None:
    """The rule of a function, by the identity of the object; modules that nobody imported are not imported for it."""
    for module in [name for name in _waiting if name in sys.modules]:
        for attr, row in _waiting.pop(module):
            target = getattr(sys.modules[module], attr, None)
            known = _by_object.get(id(target))
            # Two names of one object in one declaration: the first is the one that messages show.
            if target is not None and not (known and known[1].adjoints is row.adjoints):
                _by_object[id(target)] = target, row
    found = _by_object.get(id(function))
    if found is not None:
        return found[1]
    owner = getattr(function, "__self__", None)
    if type(owner).__name__ == "ufunc":
        return _rows.get(("function", f"numpy.{owner.__name__}.{function.__name__}"))  # type: ignore[union-attr, attr-defined]
    if (type(owner).__module__ or "").startswith("scipy.stats."):
        name = getattr(owner, "name", "") or type(owner).__name__.removesuffix("_gen")
        is_that = getattr(sys.modules["scipy.stats"], name, None) is owner
        return _rows.get(("function", f"scipy.stats.{name}.{function.__name__}")) if is_that else None  # type: ignore[attr-defined]
    if type(function).__name__ in ("method_descriptor", "getset_descriptor"):
        return find_method(function.__name__) if function.__objclass__.__module__ == "numpy" else None  # type: ignore[attr-defined]
    return None


def find_operator(op: str) -> Rule | None:
    """The rule of a binary operator, as Python spells it."""
    return _rows.get(("operator", op))


def find_unary(op: str) -> Rule | None:
    """The rule of `-`, `+`, `~` or `not`."""
    return _rows.get(("unary", op))


def find_method(name: str) -> Rule | None:
    """The rule of a method of arrays and NumPy scalars."""
    return _rows.get(("method", name))


def find_attribute(name: str) -> Rule | None:
    """The rule of an attribute of arrays and numbers."""
    return _rows.get(("attribute", name))
