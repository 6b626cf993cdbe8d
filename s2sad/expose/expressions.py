"""Expressions that hide active statements, as those statements."""
from __future__ import annotations

from dataclasses import replace

from s2sad import core
from s2sad.analysis.alias import is_immutable
from s2sad.errors import refuse
from s2sad.expose.consume import Consumption
from s2sad.expose.functions import chosen_from, passes_functions, told_apart
from s2sad.expose.generators import called_by, value_of
from s2sad.expose.inline import inlined
from s2sad.expose.modelled import changed_outside, held_parts, modelled, passed_on, written_by_model
from s2sad.expose.targets import Targets
from s2sad.expose.writers import written_out
from s2sad.flow.evaluation import evaluated, parted, replaced
from s2sad.meaning.semantics import Application

PASSING = ("takes or makes functions defined inside others", "define the functions at the top level, with what they capture as parameters")


class Expressions(Targets):
    """The expressions of one pass."""

    def opened(self, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt) -> list[core.Stmt] | None:
        """The statement with its first hidden part, in order of evaluation, in statements of its own before it."""
        value = stmt.value
        if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Tuple) and self.is_shared(stmt.target):
            return self.taken_apart(stmt)
        derivative = self.held_derivative(value, stmt)
        if derivative is None and not self.counts(value, stmt):
            return None
        if isinstance(stmt, core.Assign) and derivative is None:
            apart = self.taken_apart(stmt)
            if apart is not None:
                return apart
        rewritten = self.rewritten(stmt) if derivative is None else None
        if rewritten is not None:
            return rewritten
        found = derivative or self.hidden(value, stmt)
        if found is None:
            return None
        whole = (found is value and isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Name)
                 and stmt.target.id not in core.reads(value))
        assert isinstance(stmt, core.Assign) or not whole
        target = stmt.target if whole and isinstance(stmt, core.Assign) else core.Name(self.names.fresh("t"))
        assert isinstance(target, core.Name)
        earlier: list[core.Stmt] = []
        if isinstance(found, core.Call) and found is not value and not self.semantics.purely(found, self.analysis.facts[stmt]):
            earlier, value = parted(value, found, self.names, stmt.at)
        before = [*earlier, *self.statements_of(found, target, stmt)]
        if isinstance(stmt, core.ExprStmt) and found is value:
            return before or [core.Pass(at=stmt.at)]
        return before if whole else [*before, replace(stmt, value=replaced(value, found, target))]

    def rewritten(self, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt) -> list[core.Stmt] | None:
        """The statement with one active call that builds a structure written in another way."""
        before: list[core.Stmt] = []

        def named(value: core.Expr) -> core.Expr:
            name = core.Name(self.names.fresh("t"))
            before.append(core.Assign(name, value, at=stmt.at))
            return name

        consumption = Consumption(self.semantics, self.analysis.facts[stmt], self.names, named)
        for node in evaluated(stmt.value):
            if isinstance(node, (core.Call, core.Tuple, core.List, core.Dict)) and self.is_active(node, stmt):
                new = consumption.rewritten(node)
                if new is not None:
                    return [*before, replace(stmt, value=replaced(stmt.value, node, new))]
        return None

    def held_derivative(self, expr: core.Expr, stmt: core.Stmt) -> core.Expr | None:
        """The first derivative in what a model holds constant: nothing is active in it, but it has to be written out."""
        return next((call for call in held_parts(expr, self.semantics) if self.derived(call, stmt) is not None), None)

    def hidden(self, expr: core.Expr, stmt: core.Stmt) -> core.Expr | None:
        """The first part to be opened, in order of evaluation."""
        if isinstance(expr, (core.Lambda, core.Name, core.Const)) or not self.counts(expr, stmt) and not isinstance(expr, core.Tuple):
            return None
        if isinstance(expr, (core.IfExp, core.BoolOp, core.Comprehension)):
            return expr
        called = called_by(expr, self.analysis.facts[stmt], self.semantics)
        if called is not None and not called.function.is_generator:
            return expr
        for child in core.children(expr):
            if isinstance(child, core.Expr) and (found := self.hidden(child, stmt)) is not None:
                if isinstance(expr, core.Call) and found is child and isinstance(child, core.Comprehension) and self.is_sum(expr, stmt):
                    return expr
                return found
        if isinstance(expr, core.Call) and (self.local_function(expr, stmt) is not None or self.semantics.callee(expr.func) is tuple):
            return expr
        if isinstance(expr, core.Call) and self.derived(expr, stmt) is not None:
            return expr
        if modelled(expr, self.analysis.facts[stmt], self.semantics) is not None:
            return expr
        if isinstance(expr, core.Call) and chosen_from(expr, self.analysis.facts[stmt], self.semantics) is not None:
            return expr
        if isinstance(expr, core.Call) and passes_functions(expr, self.analysis.facts[stmt], self.semantics) is not None:
            return expr
        return expr if isinstance(expr, (core.List, core.Tuple, core.Dict)) and has_stars(expr) else None

    def is_sum(self, call: core.Call, stmt: core.Stmt) -> bool:
        """Whether the items of a comprehension are added up, or become those of a tuple, without a list of them."""
        return self.semantics.callee(call.func) in (sum, tuple) and len(call.args) == 1 and not call.keywords

    def statements_of(self, expr: core.Expr, target: core.Name, stmt: core.Stmt) -> list[core.Stmt]:
        """Statements that leave the value of `expr` in `target`."""
        at = stmt.at  # type: ignore[attr-defined]
        if isinstance(expr, core.IfExp):
            return [core.If(expr.test, (core.Assign(target, expr.body, at=at),), (core.Assign(target, expr.orelse, at=at),), at=at)]
        if isinstance(expr, core.BoolOp):
            first, rest = expr.values[0], expr.values[1:]
            other = rest[0] if len(rest) == 1 else core.BoolOp(expr.op, rest, at=expr.at)
            test: core.Expr = target if expr.op == "and" else core.UnaryOp("not", target)
            return [core.Assign(target, first, at=at), core.If(test, (core.Assign(target, other, at=at),), (), at=at)]
        if isinstance(expr, core.Comprehension):
            return self.comprehension(expr, target, stmt)
        if isinstance(expr, (core.List, core.Tuple, core.Dict)):
            return self.display(expr, target, at)
        assert isinstance(expr, core.Call)
        called = called_by(expr, self.analysis.facts[stmt], self.semantics)
        if called is not None:
            return value_of(called, target, self.names, self.semantics, at)
        if self.semantics.callee(expr.func) is tuple:
            adding: core.Stmt = core.Assign(target, core.BinOp("+", target, core.Tuple((expr.args[0].elements[0],))), at=at)  # type: ignore[attr-defined]
            return [core.Assign(target, core.Tuple(()), at=at), *self.loops(expr.args[0], adding, at)]  # type: ignore[arg-type]
        function = self.local_function(expr, stmt)
        if function is not None:
            args, keywords = self.semantics.one_by_one(expr.args, expr.keywords, self.analysis.facts[stmt])
            spread = replace(expr, args=tuple(args), keywords=tuple(keywords))
            return inlined(function, spread, target, self.names, self.semantics)
        if (applied := modelled(expr, self.analysis.facts[stmt], self.semantics)) is not None:
            return self.modelled(expr, applied, target, stmt)
        if (found := self.derived(expr, stmt)) is not None:
            return inlined(*found, target, self.names, self.semantics)
        choice = chosen_from(expr, self.analysis.facts[stmt], self.semantics)
        if choice is not None:
            return told_apart(expr, choice, target, self.analysis.function, self.semantics, self.names)
        passed = passes_functions(expr, self.analysis.facts[stmt], self.semantics)
        if passed is not None:
            body, result = written_out(expr, passed, self.semantics, self.names, *PASSING)
            return [*body, core.Assign(target, result, at=at)]
        generator = expr.args[0]
        assert isinstance(generator, core.Comprehension)
        step: core.Stmt = core.AugAssign(target, "+", generator.elements[0], at=at)
        if not is_immutable(self.semantics.fact(expr, self.analysis.facts[stmt])):
            step = core.Assign(target, core.BinOp("+", target, generator.elements[0]), at=at)
        return [core.Assign(target, core.Const(0), at=at), *self.loops(generator, step, at)]

    def modelled(self, call: core.Call, applied: Application, target: core.Name, stmt: core.Stmt) -> list[core.Stmt]:
        """The statements of a call that is written out by a model."""
        env = self.analysis.facts[stmt]
        known = passed_on(applied, {param: self.semantics.fact(arg, env) for param, arg in applied.bound.items()})
        for param, arg in applied.bound.items():
            if param not in known and self.is_active(arg, stmt):
                raise refuse(f"`{applied.rule.name}` has no derivative in `{param}`", call.at, self.semantics.source,
                             "declare one with `s2sad.rule`, or pass a constant")
        for name in sorted(changed_outside(applied, env, self.semantics)):
            raise refuse(f"cannot differentiate through `{applied.rule.name}`, whose function changes `{name}`, which is outside of it",
                         call.at, self.semantics.source, "return what is wanted instead, or pass a function that changes nothing")
        return written_by_model(call, applied, target, env, self.semantics, self.names)

    def display(self, expr: core.List | core.Tuple | core.Dict, target: core.Name, at: core.Place | None) -> list[core.Stmt]:
        """A display with stars, built item by item."""
        items = target if not isinstance(expr, core.Tuple) else core.Name(self.names.fresh("items"))
        out: list[core.Stmt] = [core.Assign(items, core.Dict((), ()) if isinstance(expr, core.Dict) else core.List(()), at=at)]
        if isinstance(expr, core.Dict):
            for key, value in zip(expr.keys, expr.values):
                if key is not None:
                    out.append(core.Assign(core.Subscript(items, key), value, at=at))
                    continue
                held, each = core.Name(self.names.fresh("entries")), core.Name(self.names.fresh("key"))
                store = core.Assign(core.Subscript(items, each), core.Subscript(held, each), at=at)
                out += [core.Assign(held, value, at=at), core.For(each, held, (store,), at=at)]
            return out
        for elt in expr.elts:
            item = core.Name(self.names.fresh("item")) if isinstance(elt, core.Starred) else elt
            step = core.ExprStmt(core.Call(core.Attribute(items, "append"), (item,)), at=at)
            out.append(core.For(item, elt.value, (step,), at=at) if isinstance(elt, core.Starred) else step)
        return out if items is target else [*out, core.Assign(target, core.Call(core.Name("tuple"), (items,)), at=at)]

    def comprehension(self, expr: core.Comprehension, target: core.Name, stmt: core.Stmt) -> list[core.Stmt]:
        at = stmt.at  # type: ignore[attr-defined]
        if expr.kind == "set":
            raise refuse("cannot differentiate through a set", expr.at, self.semantics.source, "use a list")
        if expr.kind == "dict":
            key, value = expr.elements
            put = core.Assign(core.Subscript(target, key), value, at=at)
            return [core.Assign(target, core.Dict((), ()), at=at), *self.loops(expr, put, at, 1)]
        append = core.ExprStmt(core.Call(core.Attribute(target, "append"), (expr.elements[0],), at=expr.at), at=at)
        return [core.Assign(target, core.List(()), at=at), *self.loops(expr, append, at)]

    def loops(self, expr: core.Comprehension, step: core.Stmt, at: core.Place | None, element: int = 0) -> list[core.Stmt]:
        """The loops of a comprehension around one step, its variables renamed apart from those of the function."""
        names = [name for g in expr.generators for name in core.bound_names(g.target)]
        renaming: dict[str, core.Expr] = {name: core.Name(self.names.fresh(name)) for name in dict.fromkeys(names)}
        block: core.Block = (core.rebuild(step, lambda part: core.substitute(part, renaming)),)
        for i, g in reversed(list(enumerate(expr.generators))):
            for test in reversed(g.tests):
                block = (core.If(core.substitute(test, renaming), block, (), at=at),)
            known = {n: renaming[n] for h in expr.generators[:i] for n in core.bound_names(h.target)}
            block = (core.For(core.substitute(g.target, renaming), core.substitute(g.iter, known), block, at=at),)
        return list(block)


def has_stars(expr: core.List | core.Tuple | core.Dict) -> bool:
    return None in expr.keys if isinstance(expr, core.Dict) else any(isinstance(elt, core.Starred) for elt in expr.elts)
