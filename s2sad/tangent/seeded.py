"""The statements and expressions of a function of one tangent, for many: `Seeded`.

A variable carries the seeds where what it holds depends on them.  Names of one object carry them together, so that a write through one is
seen through the other.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from s2sad import core
from s2sad.errors import DifferentiationError, refuse
from s2sad.facts import Fact, Number, Sequence
from s2sad.infer.environment import Facts
from s2sad.meaning.semantics import Env, Semantics
from s2sad.quote import quote_expr
from s2sad.tangent.axes import ROWS, Operation, indexed, lifted


class Callees(Protocol):
    """The functions of the text; `called` as `Text.called`."""

    @property
    def given(self) -> Mapping[str, core.Function]: ...

    def called(self, name: str, dots: frozenset[str]) -> tuple[str, frozenset[str]]: ...


@dataclass
class Seeded:
    """The rewrite of one function; `carrying` are the variables that have the axis, found so far."""

    semantics: Semantics
    facts: Facts
    seeds: core.Name
    carrying: set[str]
    callees: Callees
    _env: Env = field(default_factory=dict)

    def refused(self, at: core.Expr | core.Stmt | core.Function, why: str) -> DifferentiationError:
        return refuse(f"these tangents have no leading axis of seeds: {why}", getattr(at, "at", None), self.semantics.source,
                      "derive it seed by seed")

    # Statements

    def block(self, block: core.Block) -> core.Block:
        return tuple(made for stmt in block for made in self.statement(stmt))

    def statement(self, stmt: core.Stmt) -> core.Block:
        self._env = self.facts.get(stmt, {})
        handler = _STATEMENTS.get(type(stmt))
        if handler is not None:
            return handler(self, stmt)
        if core.reads(stmt) & self.carrying:
            raise self.refused(stmt, "a statement of this kind reads them")
        return (stmt,)

    def assign(self, stmt: core.Assign) -> core.Block:
        if isinstance(stmt.target, core.Tuple) and isinstance(stmt.value, core.Tuple) and len(stmt.target.elts) == len(stmt.value.elts):
            pairs = [self.bound(target, value, apart=True) for target, value in zip(stmt.target.elts, stmt.value.elts)]
            return (core.Assign(core.Tuple(tuple(t for t, _ in pairs)), core.Tuple(tuple(v for _, v in pairs)), at=stmt.at),)
        called = self.of_text(stmt.value)
        if called is not None:
            return (core.Assign(self.results(stmt.target), called, at=stmt.at),)
        target, value = self.bound(stmt.target, stmt.value)
        return (core.Assign(target, value, at=stmt.at),)

    def of_text(self, expr: core.Expr) -> core.Expr | None:
        """A call of a function of the text that takes seeds, None for anything else."""
        if not isinstance(expr, core.Call) or not isinstance(expr.func, core.Name) or expr.func.id not in self.callees.given:
            return None
        if expr.keywords or any(isinstance(arg, core.Starred) for arg in expr.args):
            raise self.refused(expr, "a call with keywords")
        params = [param.name for param in self.callees.given[expr.func.id].params]
        made = [self.held(arg) for arg in expr.args]
        dots = frozenset(param for param, (_, carries) in zip(params, made) if carries)
        if not dots:
            return None
        name, carrying = self.callees.called(expr.func.id, dots)
        args = [one if carries or param not in carrying else self.spread(arg) for param, arg, (one, carries) in zip(params, expr.args, made)]
        return core.Call(core.Name(name), tuple(args))

    def results(self, target: core.Expr) -> core.Expr:
        """The targets of a value and its tangent."""
        if not isinstance(target, core.Tuple) or len(target.elts) != 2:
            raise self.refused(target, "a value and its tangent in one variable")
        if core.reads(target.elts[0]) & self.carrying:
            raise self.refused(target, "the primal depends on them")
        for name in core.bound_names(target.elts[1]):
            self.carrying.add(name)
        if any(not isinstance(one, (core.Name, core.Tuple)) for one in core.walk(target) if isinstance(one, core.Expr)):
            raise self.refused(target, "they are stored where a call gives them")
        return target

    def bound(self, target: core.Expr, value: core.Expr, apart: bool = False) -> tuple[core.Expr, core.Expr]:
        """A target and what is assigned to it; `apart` where other targets are assigned to before."""
        made, carries = self.held(value)
        if isinstance(target, core.Name):
            if carries:
                self.carrying.add(target.id)
            return target, made if carries or target.id not in self.carrying else self.spread(value)
        if isinstance(target, core.Tuple):
            if carries or any(isinstance(one, core.Name) and one.id in self.carrying for one in target.elts):
                raise self.refused(target, "they are unpacked")
            return target, made
        if not isinstance(target, core.Subscript):
            raise self.refused(target, "they are stored in an object")
        if carries:
            self.carry(target)
        place, is_tangent = self.expression(target)
        if not is_tangent:
            return target, made
        if not isinstance(self.fact(target.value), Number):
            return place, made if carries else self.spread(value)
        made = made if apart else self.expression(value)[0]
        return place, self.lifted(made, value, self.rank(target)) if carries else made

    def carry(self, target: core.Expr) -> None:
        """Notes that the variable at the root of a target has the axis."""
        root = core.root(target)
        if root is None:
            raise self.refused(target, "they are stored where no name is")
        self.carrying.add(root)

    def augment(self, stmt: core.AugAssign) -> core.Block:
        value, carries = self.expression(stmt.value)
        if carries:
            self.carry(stmt.target)
        target, is_tangent = self.expression(stmt.target)
        if not is_tangent:
            return (stmt,)
        rank = self.rank(stmt.target)
        if stmt.op == "@" or self.rank(stmt.value) > rank:
            raise self.refused(stmt, "an operation in place")
        operand = self.lifted(value, stmt.value, rank) if carries else value
        in_array = isinstance(stmt.target, core.Subscript) and isinstance(self.fact(stmt.target.value), Number)
        if rank or in_array:
            return (core.AugAssign(target, stmt.op, operand, at=stmt.at),)
        return (core.Assign(stmt.target, core.BinOp(stmt.op, target, operand), at=stmt.at),)     # a number for one seed: others may hold it

    def call(self, stmt: core.ExprStmt) -> core.Block:
        call = stmt.value
        if isinstance(call, core.Call) and isinstance(call.func, core.Attribute):
            if call.func.attr == "append" and isinstance(call.func.value, core.Name):
                owner = call.func.value
                item, carries = self.held(call.args[0])
                if carries:
                    self.carrying.add(owner.id)
                elif owner.id in self.carrying:
                    item = self.spread(call.args[0])
                return (core.ExprStmt(core.Call(call.func, (item,)), at=stmt.at),)
            if call.func == quote_expr("np.add.at") and len(call.args) == 3 and not call.keywords:
                return self.add_at(stmt, call)
        if (called := self.of_text(call)) is not None:
            return (core.ExprStmt(called, at=stmt.at),)
        if core.reads(call) & self.carrying:
            self.expression(call)
        return (stmt,)

    def add_at(self, stmt: core.ExprStmt, call: core.Call) -> core.Block:
        array, index, value = call.args
        made, carries = self.expression(value)
        if carries:
            self.carry(array)
        target, is_tangent = self.expression(array)
        if not is_tangent:
            return (stmt,)
        part = core.Subscript(array, index)
        operand = self.lifted(made, value, self.rank(part)) if carries else made
        rest = index.elts if isinstance(index, core.Tuple) else (index,)
        if any(isinstance(self.fact(one), Sequence) for one in rest):
            raise self.refused(stmt, "an index that is a tuple")
        where = core.Tuple((quote_expr("slice(None)"), *rest))
        return (core.ExprStmt(core.Call(call.func, (target, where, operand)), at=stmt.at),)

    def branch(self, stmt: core.If) -> core.Block:
        self.primal(stmt.test)
        return (replace(stmt, body=self.block(stmt.body), orelse=self.block(stmt.orelse)),)

    def repeat(self, stmt: core.While) -> core.Block:
        self.primal(stmt.test)
        return (replace(stmt, body=self.block(stmt.body)),)

    def each(self, stmt: core.For) -> core.Block:
        iterated, carries = self.rows(stmt.iter)
        flags = carries if isinstance(carries, tuple) else (carries,)
        targets = stmt.target.elts if isinstance(carries, tuple) and isinstance(stmt.target, core.Tuple) else (stmt.target,)
        if len(targets) != len(flags):
            raise self.refused(stmt, "a loop over them")
        for target, flag in zip(targets, flags):
            if not isinstance(target, core.Name) and flag:
                raise self.refused(stmt, "a loop over them")
            if flag and isinstance(target, core.Name):
                self.carrying.add(target.id)
            elif core.reads(target) & self.carrying:
                raise self.refused(stmt, "a loop over what is no tangent")
        return (replace(stmt, iter=iterated, body=self.block(stmt.body)),)

    def rows(self, expr: core.Expr) -> tuple[core.Expr, bool | tuple[bool, ...]]:
        """An iterable whose items have the axis first, and whether they have it."""
        if isinstance(expr, core.Call) and isinstance(expr.func, core.Name) and not expr.keywords and core.reads(expr) & self.carrying:
            parts = [self.rows(arg) for arg in expr.args]
            if any(isinstance(flag, tuple) for _, flag in parts) or expr.func.id not in ("zip", "reversed"):
                raise self.refused(expr, "a loop over them")
            flags = tuple(bool(flag) for _, flag in parts)
            return core.Call(expr.func, tuple(part for part, _ in parts)), flags if expr.func.id == "zip" else flags[0]
        made, carries = self.expression(expr)
        if carries and isinstance(self.fact(expr), Number):
            return quote_expr("np.swapaxes(X, 0, 1).copy()" if self.rank(expr) == 1 else "np.swapaxes(X, 0, 1)", X=made), True
        return made, carries

    def given(self, stmt: core.Return) -> core.Block:
        if not isinstance(stmt.value, core.Tuple) or len(stmt.value.elts) != 2:
            raise self.refused(stmt, "what is returned is not a value and its tangent")
        value, tangent = stmt.value.elts
        self.primal(value)
        made, carries = self.held(tangent)
        return (core.Return(core.Tuple((value, made if carries else self.spread(tangent))), at=stmt.at),)

    def inside(self, stmt: core.With) -> core.Block:
        self.primal(stmt.context)
        return (replace(stmt, body=self.block(stmt.body)),)

    def delete(self, stmt: core.Delete) -> core.Block:
        return (stmt,)

    # Expressions

    def fact(self, expr: core.Expr) -> Fact:
        return self.semantics.fact(expr, self._env)

    def rank(self, expr: core.Expr) -> int:
        """The number of axes that a value has for one seed."""
        fact = self.fact(expr)
        if not isinstance(fact, Number) or fact.shape is None:
            raise self.refused(expr, "its rank is not known")
        return len(fact.shape)

    def lifted(self, made: core.Expr, expr: core.Expr, rank: int) -> core.Expr:
        return lifted(made, self.rank(expr), rank)

    def primal(self, expr: core.Expr) -> core.Expr:
        if core.reads(expr) & self.carrying:
            raise self.refused(expr, "the primal depends on them")
        return expr

    def spread(self, expr: core.Expr) -> core.Expr:
        """A value that is the same for every seed, once for each.  Of what others may hold too, all names carry the seeds instead."""
        for name in self.sharing(expr):
            self.carrying.add(name)
            return expr
        if isinstance(expr, (core.Tuple, core.List)):
            return replace(expr, elts=tuple(map(self.spread, expr.elts)))
        if expr == core.Dict((), ()):
            return expr
        if not isinstance(self.fact(expr), Number):
            raise self.refused(expr, "a container of what is no tangent")
        if isinstance(expr, core.Call) and expr.func == quote_expr("np.zeros_like") and len(expr.args) == 1 and not expr.keywords:
            rank = self.rank(expr)
            made = "np.zeros((SEEDS, *X.shape), X.dtype)" if rank else "np.zeros(SEEDS)"
            return quote_expr(made, SEEDS=self.seeds, X=expr.args[0])
        if isinstance(expr, core.Const) and expr.value == 0:
            return quote_expr("np.zeros(SEEDS)", SEEDS=self.seeds)
        self.rank(expr)
        return quote_expr("np.array([X] * SEEDS)", SEEDS=self.seeds, X=expr)

    def sharing(self, expr: core.Expr) -> frozenset[str]:
        """The variables whose objects a value may be, or be a part of."""
        fact = self.fact(expr)
        if isinstance(fact, Number) and fact.shape == () and fact.box in ("python", "scalar"):
            return frozenset()
        if isinstance(expr, (core.Name, core.Subscript)) or isinstance(expr, core.Attribute) and core.root(expr) is not None:
            root = core.root(expr)
            return frozenset((root,)) if root is not None else core.reads(expr)
        applied = self.semantics.application(expr, self._env)
        if applied is None:
            return core.reads(expr) if isinstance(expr, (core.Call, core.IfExp)) else frozenset()
        shared = applied.rule.shares(applied.bound, {name: self.fact(value) for name, value in applied.bound.items()})
        return frozenset().union(*(self.sharing(applied.bound[name]) for name in shared if name in applied.bound))

    def held(self, expr: core.Expr) -> tuple[core.Expr, bool]:
        """What a variable or container is to hold: a number for one seed is a copy, which no later write changes."""
        made, carries = self.expression(expr)
        fact = self.fact(expr)
        if carries and isinstance(fact, Number) and fact.shape == ():
            if fact.box == "array":
                raise self.refused(expr, "it is an array without axes")
            if not isinstance(made, (core.Name, core.BinOp, core.UnaryOp)) and not self.is_item(expr):
                return quote_expr("X.copy()", X=made), True
        return made, carries

    def is_item(self, expr: core.Expr) -> bool:
        """Whether an expression is an item of a container, which nothing writes into."""
        return isinstance(expr, core.Subscript) and isinstance(self.fact(expr.value), Sequence)

    def expression(self, expr: core.Expr) -> tuple[core.Expr, bool]:
        """The expression with the axis, and whether its value has it."""
        if not core.reads(expr) & self.carrying:
            return expr, False
        if isinstance(expr, core.Name):
            return expr, True
        if isinstance(expr, (core.Tuple, core.List)):
            parts = [self.held(part) for part in expr.elts]
            return replace(expr, elts=tuple(made if carries else self.spread(part) for part, (made, carries) in zip(expr.elts, parts))), True
        if isinstance(expr, core.Subscript):
            return self.part(expr)
        if isinstance(expr, core.IfExp):
            body, orelse = self.held(expr.body), self.held(expr.orelse)
            return core.IfExp(self.primal(expr.test), body[0] if body[1] else self.spread(expr.body),
                              orelse[0] if orelse[1] else self.spread(expr.orelse)), True
        if isinstance(expr, core.Attribute) and expr.attr == "dtype":
            return expr, False
        if isinstance(expr, core.Call) and isinstance(expr.func, core.Attribute) and expr.func.attr == "pop" and isinstance(expr.func.value, core.Name):
            return expr, True
        return self.operation(expr), True

    def part(self, expr: core.Subscript) -> tuple[core.Expr, bool]:
        self.primal(expr.index)
        base, carries = self.expression(expr.value)
        if not carries or not isinstance(self.fact(expr.value), Number):
            return core.Subscript(base, expr.index, at=expr.at), carries
        made = indexed(base, expr.index, self.fact)
        if made is None:
            raise self.refused(expr, "several indices that are arrays")
        return made, True

    def operation(self, expr: core.Expr) -> core.Expr:
        applied = self.semantics.application(expr, self._env)
        if applied is None:
            raise self.refused(expr, "no rule says what becomes of the axis")
        find = ROWS.get(applied.rule.name) or ("elementwise" if applied.rule.elementwise else None)
        if find is None:
            raise self.refused(expr, f"{applied.rule.name} has no row for it")
        made = Operation(expr, applied, self.seeds, self.fact, self.expression, self.spread).made(find)
        if made is None:
            raise self.refused(expr, f"{applied.rule.name} has no row for such arguments")
        return made


_STATEMENTS: dict[type, Callable[..., core.Block]] = {
    core.Assign: Seeded.assign, core.AugAssign: Seeded.augment, core.ExprStmt: Seeded.call, core.If: Seeded.branch, core.While: Seeded.repeat,
    core.For: Seeded.each, core.Return: Seeded.given, core.With: Seeded.inside, core.Delete: Seeded.delete,
}
