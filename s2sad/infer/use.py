"""The facts of parameters where no call is at hand: from annotations, else from use.

    def power(x, n):            x: the result is a number, and x a factor of it
        r = 1                   n: a number, since it decides a test
        while n > 0:
            n -= 1
            r *= x
        return r

What must be a scalar is followed backwards, from the result and from tests, through elementwise operations and assignments, branches and
loops; a name that is also used as an array is left open.  A name that is subscripted is an array, one that `range` or an index takes an
int.  Of what the function itself asks the type, nothing is assumed: `w is None`, `isinstance(w, dict)`.  These are the assumptions of
the text that is written for a file; what a call passes is not known.
"""
from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Named
from dataclasses import dataclass, field
from types import FunctionType
from typing import TYPE_CHECKING

from s2sad import core
from s2sad.facts import UNKNOWN, Fact, Mapping, Number, Sequence, dim
from s2sad.facts.annotations import ANY_ARRAY, ANY_FLOAT, fact_of_annotation
from s2sad.infer.functions import program
from s2sad.reading.read import StaticFunction
from s2sad.reading.scope import UNRESOLVED
from s2sad.rules import Rule, find

if TYPE_CHECKING:
    from s2sad.reading.scope import Scope

Names = frozenset[str]
NUMERIC = Number("f", None, None, "any", mixed=True)
"""An operand of arithmetic: a number or an array of any rank."""

_ARRAY_ATTRIBUTES = frozenset(
    (
        "T",
        "shape",
        "ndim",
        "size",
        "dtype",
        "copy",
        "sum",
        "mean",
        "dot",
        "reshape",
        "ravel",
        "flatten",
        "transpose",
        "max",
        "min",
        "astype",
        "prod",
        "std",
        "var",
        "fill",
        "cumsum",
        "diagonal",
        "trace",
    )
)
_ASKING = ("isinstance", "type", "callable", "hasattr", "isscalar", "ndim", "iscomplexobj", "isrealobj")
_SIZES = frozenset(("zeros", "ones", "empty", "eye", "arange", "identity"))


@dataclass
class Uses:
    """How names are used: `ranks` by the number of indices that reach a number, `arrays` for certain, `open` in ways that arrays
    and numbers allow.
    """

    scope: Scope
    local: Names
    result_scalar: bool = True
    callers: tuple[core.Function, ...] = ()
    ints: set[str] = field(default_factory=set)
    arrays: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    numeric: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    ranks: dict[str, set[int]] = field(default_factory=dict)

    # What must be a scalar, followed backwards

    def scalars(self, expr: core.Expr) -> Names:
        """The names that are scalars if the value of `expr` is one."""
        if isinstance(expr, core.Name):
            return frozenset((expr.id,))
        if isinstance(expr, core.BinOp) and expr.op != "@":
            return self.scalars(expr.left) | self.scalars(expr.right)
        if isinstance(expr, core.UnaryOp):
            return self.scalars(expr.operand)
        if isinstance(expr, core.Compare):
            if any(op in ("is", "is not", "in", "not in") for op in expr.ops):
                return frozenset()
            return frozenset().union(*map(self.scalars, expr.operands))
        if isinstance(expr, core.BoolOp):
            return frozenset().union(*map(self.scalars, expr.values))
        if isinstance(expr, core.IfExp):
            return self.scalars(expr.test) | self.scalars(expr.body) | self.scalars(expr.orelse)
        if isinstance(expr, core.Subscript):
            return self.element(expr)
        if isinstance(expr, core.Call):
            rule = self.rule(expr)
            if rule is not None and rule.elementwise and not expr.keywords:
                return frozenset().union(*map(self.scalars, expr.args))
            if rule is None:
                wanted = (self.scalars(arg) for arg, fact in self.passed(expr) if fact == ANY_FLOAT)
                return frozenset().union(*wanted)
        return frozenset()

    def passed(self, expr: core.Call) -> Iterator[tuple[core.Expr, Fact]]:
        """The arguments of a call of a user's function, each with what its use in there says of it."""
        function = self.scope.resolve(expr.func, self.local)
        if function is UNRESOLVED or not isinstance(function, (FunctionType, StaticFunction)):
            return
        found = program(function)
        if found is None or any(found[0] is caller for caller in self.callers):
            return
        callee, scope = found
        facts = facts_from_use(callee, scope, True, (*self.callers, callee))
        for param, arg in zip(callee.params, expr.args):
            if param.kind not in ("plain", "positional") or isinstance(arg, core.Starred):
                return
            yield arg, facts[param.name]

    def element(self, expr: core.Subscript) -> Names:
        index = expr.index.elts if isinstance(expr.index, core.Tuple) else (expr.index,)
        plain = not any(
            isinstance(part, (core.Slice, core.Const)) and not (isinstance(part, core.Const) and type(part.value) is int) for part in index
        )
        if isinstance(expr.value, core.Name) and plain:
            self.ranks.setdefault(expr.value.id, set()).add(len(index))
        return frozenset()

    def rule(self, expr: core.Call) -> Rule | None:
        return find(self.scope.resolve(expr.func, self.local))

    def block(self, block: core.Block, after: Names) -> Names:
        """The names that are scalars before a block, given those after it."""
        for stmt in reversed(block):
            after = self.before(stmt, after)
        return after

    def before(self, stmt: core.Stmt, after: Names) -> Names:
        if isinstance(stmt, core.Return):
            return self.scalars(stmt.value) if self.result_scalar else frozenset()
        if isinstance(stmt, core.If):
            return self.scalars(stmt.test) | self.block(stmt.body, after) | self.block(stmt.orelse, after)
        if isinstance(stmt, (core.While, core.For)):
            now = after | self.scalars(stmt.test) if isinstance(stmt, core.While) else after
            while True:
                more = now | (
                    self.block(stmt.body, now) - (frozenset(core.bound_names(stmt.target)) if isinstance(stmt, core.For) else frozenset())
                )
                if more == now:
                    return now
                now = more
        if isinstance(stmt, core.With):
            return self.block(stmt.body, after)
        if isinstance(stmt, core.Try):
            after = self.block(stmt.final, after)
            return self.block((*stmt.body, *stmt.orelse), after).union(*(self.block(handler.body, after) for handler in stmt.handlers))
        if isinstance(stmt, core.Assert):
            return after | self.scalars(stmt.test)
        if isinstance(stmt, core.Assign):
            return self.assigned(stmt.target, stmt.value, after)
        if isinstance(stmt, core.AugAssign) and isinstance(stmt.target, core.Name) and stmt.target.id in after:
            return after | self.scalars(stmt.value) if stmt.op != "@" else after
        return after

    def assigned(self, target: core.Expr, value: core.Expr, after: Names) -> Names:
        if isinstance(target, core.Name):
            return (after - {target.id} | self.scalars(value)) if target.id in after else after
        if isinstance(target, core.Tuple):
            gone = after - frozenset(core.bound_names(target))
            if isinstance(value, (core.Tuple, core.List)) and len(value.elts) == len(target.elts):
                wanted = (self.scalars(v) for t, v in zip(target.elts, value.elts) if isinstance(t, core.Name) and t.id in after)
                return gone.union(*wanted)
            return gone
        return after

    # What is an array or an int, wherever it stands

    def note(self, node: core.Expr) -> None:
        if isinstance(node, core.Subscript):
            self.add(self.arrays, node.value)
            for part in node.index.elts if isinstance(node.index, core.Tuple) else (node.index,):
                self.add(self.ints, *((part.lower, part.upper, part.step) if isinstance(part, core.Slice) else (part,)))
        elif isinstance(node, core.Attribute):
            self.add(self.arrays if node.attr in _ARRAY_ATTRIBUTES else self.open, node.value)
            self.add(self.asked if node.attr == "ndim" else set(), node.value)
        elif isinstance(node, core.Compare) and node.ops[0] in ("is", "is not"):
            self.add(self.asked, *node.operands)
        elif isinstance(node, core.BinOp):
            self.add(self.arrays if node.op == "@" else self.numeric, node.left, node.right)
        elif isinstance(node, core.UnaryOp) and node.op != "not":
            self.add(self.numeric, node.operand)
        elif isinstance(node, core.Call):
            self.note_call(node)

    def note_call(self, node: core.Call) -> None:
        function = self.scope.resolve(node.func, self.local)
        rule = find(function)
        name = getattr(function, "__name__", "")
        if name in _ASKING:
            self.add(self.asked, *node.args[:1])
        if function is range or rule is not None and name in _SIZES:
            first = node.args[0].elts if node.args and isinstance(node.args[0], core.Tuple) else node.args
            self.add(self.ints, *first)
        elif function is len:
            self.add(self.arrays, *node.args)
        elif rule is not None and rule.elementwise:
            self.add(self.numeric, *node.args)
        elif rule is None:
            known = list(self.passed(node))
            for arg, fact in known:
                of_kind = {ANY_FLOAT: self.numeric, NUMERIC: self.numeric, UNKNOWN: self.open}
                self.add(of_kind.get(fact, self.ints if isinstance(fact, Number) and fact.kind == "i" else self.arrays), arg)
            self.add(self.open, *node.args[len(known):], *(value for _, value in node.keywords))
        else:
            self.add(self.open, *node.args, *(value for _, value in node.keywords))

    def add(self, names: set[str], *exprs: core.Expr | None) -> None:
        names.update(expr.id for expr in exprs if isinstance(expr, core.Name))


def facts_from_use(
    function: core.Function, scope: Scope, result_scalar: bool = True, callers: tuple[core.Function, ...] = ()
) -> dict[str, Fact]:
    """The facts of the parameters as their use suggests; Unknown where it says nothing."""
    local = frozenset(_local_names(function))
    uses = Uses(scope, local, result_scalar, callers or (function,))
    at_entry = uses.block(function.body, frozenset())
    for node in core.walk(function.body):
        if isinstance(node, core.Expr):
            uses.note(node)
        elif isinstance(node, core.For):
            uses.add(uses.open, node.iter)
        elif isinstance(node, core.AugAssign):
            uses.add(uses.numeric, node.target, node.value)
    rebound = {
        name
        for node in core.walk(function.body)
        if isinstance(node, (core.Assign, core.For, core.AugAssign))
        for name in core.bound_names(node.target)
    }
    early = Uses(scope, local, result_scalar, uses.callers)
    for stmt in function.body:
        if not isinstance(stmt, (core.Assign, core.ExprStmt)):
            break
        for node in core.walk(stmt.value):
            if isinstance(node, core.Expr) and not rebound_before(node, early.gone):
                early.note(node)
        early.gone.update(core.bound_names(stmt.target) if isinstance(stmt, core.Assign) else ())
    names = [param.name for param in function.params]
    return {name: _fact(name, early if name in rebound else uses, name in at_entry, uses) for name in names}


def rebound_before(node: core.Expr, gone: set[str]) -> bool:
    """Whether an expression reads names that no longer hold what was passed."""
    return bool(gone) and not gone.isdisjoint(core.reads(node))


def _fact(name: str, uses: Uses, scalar: bool, everywhere: Uses) -> Fact:
    """`uses` are those of what was passed; of a name that is bound again they are fewer than those `everywhere`."""
    if name in everywhere.asked:
        return UNKNOWN
    if name in uses.arrays:
        ranks = uses.ranks.get(name, set())
        if name in uses.ints:
            return UNKNOWN
        if len(ranks) == 1:
            return Number("f", None, tuple(dim(f"{name}.{i}") for i in range(min(ranks))), "array", mixed=True)
        return ANY_ARRAY
    if name in everywhere.arrays:
        return UNKNOWN
    if name in everywhere.ints:
        return Number("i", None, (), "python", None, dim(name, None))
    if scalar and name not in everywhere.open:
        return ANY_FLOAT
    return NUMERIC if name in everywhere.numeric else UNKNOWN


def _local_names(function: core.Function) -> set[str]:
    names = {param.name for param in function.params}
    for node in core.walk(function.body):
        if isinstance(node, (core.Assign, core.For, core.AugAssign)):
            names.update(core.bound_names(node.target))
        elif isinstance(node, core.With) and node.target is not None:
            names.update(core.bound_names(node.target))
        elif isinstance(node, (core.Define, core.Import, core.Handler)):
            names.add(node.name)
    return names


def parameter_facts(
    function: core.Function, scope: Scope, given: Named[str, Fact] | None = None, result_scalar: bool = True
) -> dict[str, Fact]:
    """The facts of the parameters of a function of which no call is at hand: those `given`, else annotated, else from use."""
    used = facts_from_use(function, scope, result_scalar)
    facts: dict[str, Fact] = {}
    for param in function.params:
        stated = fact_of_annotation(param.annotation, param.name) if param.annotation is not None else UNKNOWN
        if given is not None and param.name in given:
            facts[param.name] = given[param.name]
        elif param.kind == "args":
            facts[param.name] = Sequence("tuple", None, stated)
        elif param.kind == "kwargs":
            facts[param.name] = Mapping(None, stated, UNKNOWN)
        else:
            facts[param.name] = used[param.name] if stated == UNKNOWN else stated
        if param.default == core.Const(None) and not (given and param.name in given):
            facts[param.name] = UNKNOWN
    return facts
