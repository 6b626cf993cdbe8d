"""Opens what hides active statements: conditional expressions, loops over items, comprehensions, functions defined inside.

    y = a * x if x > 0 else b       ->      if x > 0:           for x in xs:        ->      for i in range(len(xs)):
                                                y = a * x           s += x * x                  x = xs[i]
                                            else:                                               s += x * x
                                                y = b

Only what is active is opened: the rest stays as the user wrote it.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from s2sad import core
from s2sad.analysis.alias import changed_by, changes, is_immutable, shared_names
from s2sad.analysis.analyse import Analysis
from s2sad.analysis.outside import reaches
from s2sad.errors import DifferentiationError, refuse
from s2sad.expose.attempts import opened
from s2sad.expose.brackets import with_concatenations
from s2sad.expose.composed import composed, makes_whole
from s2sad.expose.consume import Consumption
from s2sad.expose.contexts import around_body
from s2sad.expose.displays import with_displays
from s2sad.expose.functions import (
    captures_others,
    check_cells,
    chosen_from,
    holds_local,
    passes_functions,
    told_apart,
    unrolled,
    with_names,
    without_holders,
)
from s2sad.expose.generators import called_by, counting, each_apart, loop_over, value_of
from s2sad.expose.handed import with_lists
from s2sad.expose.implicit import as_calls, before_test
from s2sad.expose.inline import inlined
from s2sad.expose.inner import derived_call
from s2sad.expose.iterate import Items, items_of
from s2sad.expose.iterators import without_iterators
from s2sad.expose.kept import apart, one_by_one
from s2sad.expose.listed import with_arrays
from s2sad.expose.lists import with_lists_apart
from s2sad.expose.loads import loaded_first, of_array_or_number
from s2sad.expose.modelled import changed_outside, held_parts, modelled, passed_on, written_by_model
from s2sad.expose.partials import without_partials
from s2sad.expose.resizing import may_resize, stepwise
from s2sad.expose.settings import as_call
from s2sad.expose.unroll import round_by_round
from s2sad.expose.watching import is_watch, passed_through
from s2sad.expose.writers import written_out
from s2sad.expose.writes import Writes
from s2sad.facts import UNKNOWN, Fact, FunctionFact, ObjectFact
from s2sad.facts import Mapping as MappingFact
from s2sad.facts import Sequence as SequenceFact
from s2sad.flow.evaluation import calls_of, evaluated, parted, parts_of, replaced
from s2sad.flow.layout import pairwise
from s2sad.infer.changes import own_expressions
from s2sad.infer.deciding import decided
from s2sad.infer.objects import sets_plainly
from s2sad.meaning.adjoint import is_zero_there, takes_copy
from s2sad.meaning.callees import defined_inside, is_defined_here
from s2sad.meaning.contexts import is_suppression, passes_exceptions
from s2sad.meaning.semantics import Application, Semantics
from s2sad.names import Names

Env = Mapping[str, Fact]
CALLED = (core.Name, core.Lambda, core.Subscript, core.Attribute)
PASSING = ("takes or makes functions defined inside others", "define the functions at the top level, with what they capture as parameters")


def expose(analysis: Analysis, semantics: Semantics, names: Names) -> core.Function:
    """The function with one layer of what hides active statements opened; the very same where nothing does."""
    for new in opened_first(analysis, semantics, names):
        if new is not analysis.function:
            return new
    for early in (True, False):
        exposure = Exposure(analysis, semantics, names, early)
        body = exposure.block(analysis.function.body)
        if exposure.changed:
            return replace(analysis.function, body=body)
        if early and (code := with_names(analysis.function, analysis.facts, semantics, names)) is not analysis.function:
            return code
    if exposure.refusal is not None:
        raise exposure.refusal
    return analysis.function


def opened_first(analysis: Analysis, semantics: Semantics, names: Names) -> Iterator[core.Function]:
    """The function with what is opened before all else: displays, lists and iterators whose items are known one by one."""
    yield with_concatenations(analysis, semantics)
    yield with_arrays(analysis, semantics)
    yield with_displays(analysis, semantics)
    yield with_lists(analysis, semantics)
    yield with_lists_apart(analysis, semantics, names)
    yield without_iterators(analysis, semantics, names)


@dataclass
class Exposure:
    """One pass over a function; `changed` tells whether it opened anything.

    `early`: the pass before the others, for the defaults of functions, whose facts the calls are opened by.  `refusal` is raised
    where a whole pass could open nothing: other openings may have made it unnecessary.
    """

    analysis: Analysis
    semantics: Semantics
    names: Names
    early: bool
    changed: bool = False
    refusal: DifferentiationError | None = None

    @property
    def writes(self) -> Writes:
        return Writes(self.analysis, self.semantics, self.names, self.read)

    def block(self, block: core.Block) -> core.Block:
        return tuple(new for stmt in block for new in self.statement(stmt))

    def statement(self, stmt: core.Stmt) -> Sequence[core.Stmt]:
        if self.early and stmt in self.analysis.facts and (explicit := self.explicit(stmt)) is not None:
            self.changed = True
            return explicit
        if isinstance(stmt, core.If):
            return self.branch(stmt)
        if isinstance(stmt, core.While):
            return [replace(stmt, body=self.block(stmt.body))]
        if isinstance(stmt, core.For):
            return self.loop(stmt)
        if isinstance(stmt, core.With):
            return self.context(stmt)
        if isinstance(stmt, core.Try):
            return self.attempt(stmt)
        if self.early:
            hoisted = self.defaults(stmt)
            known = self.analysis
            hoisted = hoisted or one_by_one(stmt, known.facts[stmt], known.layout, self.semantics, self.names)
            hoisted = hoisted or without_holders(stmt, known.facts[stmt], known.layout, known.alive, self.semantics, self.names)
            hoisted = hoisted or without_partials(stmt, known.facts[stmt], known.function, self.semantics)
            hoisted = hoisted or composed(stmt, known.facts[stmt], self.semantics, self.names, self.changes_anything)
            hoisted = hoisted or self.function_made(stmt)
            if hoisted is None and isinstance(stmt, (core.Assign, core.AugAssign)):
                env = self.analysis.facts[stmt]
                hoisted = as_call(stmt, lambda e: self.semantics.fact(e, env), self.names, self.semantics.source)
            self.changed = self.changed or hoisted is not None
            return [stmt] if hoisted is None else hoisted
        if isinstance(stmt, core.Delete) and (new := self.writes.held(stmt)) is not None:
            self.changed = True
            return new
        if isinstance(stmt, (core.Assign, core.AugAssign)):
            self.check_setting(stmt)
        if isinstance(stmt, core.Delete):
            self.check_deleting(stmt)
            if (kept := self.without_names(stmt)) is not None:
                self.changed = True
                return kept
        if isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt)):
            opened = self.written(stmt) or self.opened(stmt)
            if opened is not None:
                self.changed = True
                return opened
        return [stmt]

    def explicit(self, stmt: core.Stmt) -> list[core.Stmt] | None:
        """The statement with what it changes in an operation or a test as calls in statements of their own."""
        if (loaded := loaded_first(stmt, self.analysis, self.semantics, self.names)) is not None:
            return loaded
        if (calls := as_calls(stmt, self.analysis.facts[stmt], self.semantics)) is not None:
            return calls
        if isinstance(stmt, (core.If, core.While, core.Assert)) and self.changes_what_is_read(stmt.test, stmt):
            return before_test(stmt, self.names)
        return None

    def written(self, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt) -> list[core.Stmt] | None:
        writes = self.writes
        told = of_array_or_number(stmt, self.analysis, self.semantics, self.names)
        new = told or writes.held(stmt) or writes.written_out(stmt) or writes.reaching(stmt) or writes.steady(stmt)
        return new or writes.items_named(stmt) or writes.parted_targets(stmt)

    def defaults(self, stmt: core.Stmt) -> list[core.Stmt] | None:
        """A function defined inside, its computed defaults in variables of their own, since they are evaluated where it is defined."""
        if not isinstance(stmt, (core.Define, core.Assign, core.AugAssign, core.Return, core.ExprStmt)):
            return None
        lambdas = parts_of(stmt.value, core.Lambda) if not isinstance(stmt, core.Define) else ()
        found = next((node for node in lambdas if any(map(computed, node.function.params))), None)
        function = stmt.function if isinstance(stmt, core.Define) else found.function if found is not None else None
        if function is None or not any(map(computed, function.params)):
            return None
        made = stmt.name if isinstance(stmt, core.Define) else core.root(stmt.target) if isinstance(stmt, core.Assign) else None
        check_cells(stmt, made, self.analysis.layout, self.analysis.alive, self.semantics)
        out: list[core.Stmt] = []
        rest = None
        if not isinstance(stmt, core.Define):
            assert found is not None
            out, rest = parted(stmt.value, found, self.names, stmt.at)
        params = []
        for param in function.params:
            if computed(param):
                assert param.default is not None
                name = core.Name(self.names.fresh(f"{param.name}_default"))
                out.append(core.Assign(name, param.default, at=stmt.at))
                param = replace(param, default=name)
            params.append(param)
        free = tuple(dict.fromkeys((*function.free, *(p.default.id for p in params if isinstance(p.default, core.Name)))))
        new = replace(function, params=tuple(params), free=free)
        if isinstance(stmt, core.Define):
            return [*out, replace(stmt, function=new)]
        assert rest is not None and found is not None
        return [*out, replace(stmt, value=replaced(rest, found, replace(found, function=new)))]

    def branch(self, stmt: core.If) -> Sequence[core.Stmt]:
        """A branch on classes or None that facts decide is what it runs."""
        test = self.open_part(stmt.test, stmt)
        if test is not stmt.test:
            self.changed = True
            if isinstance(test, core.Const):
                return stmt.body if test.value else stmt.orelse
        return [replace(stmt, test=test, body=self.block(stmt.body), orelse=self.block(stmt.orelse))]

    def open_part(self, test: core.Expr, stmt: core.Stmt) -> core.Expr:
        """What facts leave open of a test; a constant where they decide it."""
        known = None if isinstance(test, core.Const) else decided(test, lambda e: self.semantics.fact(e, self.analysis.facts[stmt]))
        if known is not None:
            return core.Const(known)
        if not isinstance(test, core.BoolOp):
            return test
        neutral = core.Const(test.op == "and")
        values = list(test.values)
        while len(values) > 1 and self.open_part(values[0], stmt) == neutral:
            del values[0]
        if len(values) == len(test.values):
            return test
        return values[0] if len(values) == 1 else replace(test, values=tuple(values))

    def is_active(self, expr: core.Expr, stmt: core.Stmt) -> bool:
        """Whether an expression depends on what is differentiated, or is memory that is shared with what changes in place."""
        classes = self.analysis.memory.classes
        if classes and shared_names(expr, self.analysis.facts[stmt], self.semantics) & classes.keys():
            return True
        return bool(self.semantics.dependencies(expr, self.analysis.facts[stmt]) & self.analysis.activity.varied[stmt])

    def counts(self, expr: core.Expr, stmt: core.Stmt) -> bool:
        """Whether what hides in an expression has to be seen: it is active, or a call in it changes what is read by what is."""
        if self.is_active(expr, stmt):
            return True
        hides = any(isinstance(node, (core.IfExp, core.BoolOp, core.Comprehension)) for node in core.evaluated(expr))
        return self.changes_what_is_read(expr, stmt, hides)

    def changes_what_is_read(self, expr: core.Expr, stmt: core.Stmt, wholly: bool = True) -> bool:
        """Whether a call in an expression, if not `wholly` one of a function defined inside, changes what active statements read."""
        env = self.analysis.facts[stmt]
        calls = [node for node in core.evaluated(expr) if isinstance(node, core.Call)]
        varied = self.analysis.activity.varied[stmt]
        if wholly and any(reaches(call, env, self.semantics, varied, varied - self.analysis.bound) for call in calls):
            return True
        return any(changed_by(call, env, self.semantics) & self.read for call in calls
                   if wholly or is_defined_here(self.semantics.fact(call.func, env)))

    @cached_property
    def read(self) -> frozenset[str]:
        """The variables that statements read which a derivative passes through, and those that share memory."""
        analysis = self.analysis
        found = {name for stmt in analysis.live for part in own_expressions(stmt) for name in core.reads(part)}
        return frozenset(found).union(analysis.memory.classes, *analysis.activity.before.values(), *analysis.activity.after.values())

    @cached_property
    def changes_anything(self) -> bool:
        """Whether anything changes in place."""
        return any(True for _ in changes(self.analysis.layout, self.analysis.facts, self.semantics))

    def check_setting(self, stmt: core.Assign | core.AugAssign) -> None:
        """Refuses to set an attribute where that runs code of the user's."""
        target = stmt.target
        if not isinstance(target, core.Attribute) or not self.is_active(stmt.value, stmt) and not self.is_active(target.value, stmt):
            return
        fact = self.semantics.fact(target.value, self.analysis.facts[stmt])
        if isinstance(fact, ObjectFact) and not sets_plainly(fact.cls, target.attr):
            raise refuse(f"cannot differentiate through the setter of `{target.attr}`", stmt.at, self.semantics.source,
                         "call a method that sets what the setter sets")

    def function_made(self, stmt: core.Stmt) -> list[core.Stmt] | None:
        """The statement with the first call in it that makes a function written out before it."""
        if not isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt)):
            return None
        for call in calls_of(stmt.value):
            env = self.analysis.facts[stmt]
            called = passes_functions(call, env, self.semantics)
            if called is not None and (holds_local(self.semantics.fact(call, env)) or makes_whole(called)):
                made = stmt.target.id if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Name) else None
                check_cells(stmt, made, self.analysis.layout, self.analysis.alive, self.semantics)
                before, value = parted(stmt.value, call, self.names, stmt.at)
                body, result = written_out(call, called, self.semantics, self.names, *PASSING)
                return [*before, *body, replace(stmt, value=replaced(value, call, result))]
        return None

    def check_deleting(self, stmt: core.Delete) -> None:
        for target in stmt.targets:
            if isinstance(target, core.Attribute) and self.is_active(target.value, stmt):
                raise refuse("cannot differentiate through an attribute that is deleted", stmt.at, self.semantics.source,
                             "set it to None instead")

    def without_names(self, stmt: core.Delete) -> list[core.Stmt] | None:
        """`del` without the variables that are differentiated: they are read no more, and end as other variables do."""
        activity = self.analysis.activity
        ending = activity.varied[stmt] | activity.after[stmt] | activity.cleared[stmt]
        names = {target.id for target in stmt.targets if isinstance(target, core.Name)} & ending
        if not names:
            return None
        if read := names & self.analysis.alive.after[stmt]:
            raise refuse(f"cannot tell whether `{min(read)}` is there after this, where it is read", stmt.at, self.semantics.source,
                         "set it to None, or leave it as it is")
        targets = tuple(target for target in stmt.targets if not isinstance(target, core.Name) or target.id not in names)
        return [replace(stmt, targets=targets)] if targets else [core.Pass(at=stmt.at)]

    # Expressions

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

    def local_function(self, call: core.Call, stmt: core.Stmt) -> core.Function | None:
        """The function defined inside this one that a call runs."""
        fact = self.semantics.fact(call.func, self.analysis.facts[stmt]) if isinstance(call.func, CALLED) else None
        if not isinstance(fact, FunctionFact) or not isinstance(fact.value, core.Function):
            return None
        if fact.captured is not None:
            self.refusal = refuse("cannot differentiate through the call of a function that another function made", call.at,
                                  self.semantics.source, "define the function where it is called, or pass what it captures as arguments")
            return None
        if defined_inside(call.func, self.analysis.facts[stmt], self.semantics.source) is not None:
            return None
        if not isinstance(call.func, core.Lambda) and any(computed(param) for param in fact.value.params):
            raise refuse("cannot tell what the defaults of this function were where it was made", call.at, self.semantics.source,
                         "give the function a name where it is made, or pass the values as arguments")
        if captures_others(fact.value, self.semantics):
            raise refuse("cannot differentiate through a function that captures a variable of a comprehension", call.at,
                         self.semantics.source, "make the functions in a loop, or keep the values instead of functions")
        return fact.value

    def derived(self, call: core.Call, stmt: core.Stmt) -> tuple[core.Function, core.Call] | None:
        """The derivative of a function defined inside that a call runs, with the call of it."""
        return derived_call(call, self.analysis.facts[stmt], self.semantics)

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

    # Targets

    def is_shared(self, target: core.Expr) -> bool:
        """Whether any of the targets is, or is a part of, memory that several names share."""
        if isinstance(target, core.Tuple):
            return any(map(self.is_shared, target.elts))
        name = core.root(target.value if isinstance(target, core.Starred) else target)
        return name in self.analysis.memory.classes

    def taken_apart(self, stmt: core.Assign) -> list[core.Stmt] | None:
        """`x[i], x[j] = x[j], x[i]` and unpacking of values without a name, by way of names."""
        target, value, at = stmt.target, stmt.value, stmt.at
        if not isinstance(target, core.Tuple):
            return None
        if (columns := self.columns(target, value, at)) is not None:
            return columns
        if pairwise(target, value):
            assert isinstance(value, (core.Tuple, core.List))
            kept = not self.is_shared(target) or all(isinstance(elt, core.Name) for elt in value.elts)
            if all(isinstance(elt, core.Name) for elt in target.elts) and kept:
                return None
            temporaries = [core.Name(self.names.fresh("t")) for _ in value.elts]
            evaluated = (core.Assign(t, e, at=at) for t, e in zip(temporaries, value.elts))
            return [*evaluated, *(core.Assign(e, t, at=at) for e, t in zip(target.elts, temporaries))]
        plain = all(map(is_plain, target.elts)) and not self.is_shared(target)
        env = self.analysis.facts[stmt]
        copied = isinstance(value, core.Subscript) and takes_copy(value, lambda e: self.semantics.fact(e, env))
        if isinstance(value, (core.Name, core.Subscript, core.Attribute)) and not copied:
            if plain:
                return None
            return self.item_by_item(target, value, stmt)
        if (isinstance(value, core.Call) and plain and not self.leaves_out(stmt) and self.semantics.application(value, env) is None
                and self.local_function(value, stmt) is None and self.derived(value, stmt) is None):
            return None
        name = core.Name(self.names.fresh("t"))
        return [core.Assign(name, value, at=at), replace(stmt, value=name)]

    def leaves_out(self, stmt: core.Assign) -> bool:
        """Whether a call returns structures of which some parts have adjoints, and others, that are no numbers, have none."""
        active = self.analysis.activity.after[stmt]

        def lacks(target: core.Expr, fact: Fact) -> bool:
            if isinstance(target, core.Tuple):
                return any(lacks(elt, item) for elt, item in zip(target.elts, items_of_result(fact, len(target.elts))))
            return not active & core.reads(target) and not is_zero_there(fact) and not fact.discrete

        assert isinstance(stmt.target, core.Tuple)
        facts = items_of_result(self.semantics.fact(stmt.value, self.analysis.facts[stmt]), len(stmt.target.elts))
        parts = ((part, fact) for part, fact in zip(stmt.target.elts, facts) if isinstance(part, core.Tuple))
        return any(bool(active & core.reads(part)) and lacks(part, fact) for part, fact in parts)

    def columns(self, target: core.Tuple, value: core.Expr, at: core.Place | None) -> list[core.Stmt] | None:
        """`a, b = zip(*pairs)` as a tuple of the first of each pair and one of the second."""
        if not isinstance(value, core.Call) or self.semantics.callee(value.func) is not zip or len(value.args) != 1 or value.keywords:
            return None
        rows = value.args[0]
        if not isinstance(rows, core.Starred) or any(isinstance(elt, core.Starred) for elt in target.elts):
            return None
        held, row = core.Name(self.names.fresh("rows")), core.Name(self.names.fresh("row"))
        out: list[core.Stmt] = [core.Assign(held, core.Call(core.Name("list"), (rows.value,)), at=at)]
        for i, elt in enumerate(target.elts):
            column = core.Comprehension("generator", (core.Subscript(row, core.Const(i)),), (core.Generator(row, held),), at=value.at)
            out.append(core.Assign(elt, core.Call(core.Name("tuple"), (column,), at=value.at), at=at))
        return out

    def item_by_item(self, target: core.Tuple, value: core.Expr, stmt: core.Assign) -> list[core.Stmt]:
        fact = self.semantics.fact(value, self.analysis.facts[stmt])
        at = stmt.at
        star = next((i for i, elt in enumerate(target.elts) if isinstance(elt, core.Starred)), None)
        out: list[core.Stmt] = []
        behind = len(target.elts) - 1 - (star if star is not None else 0)
        for i, elt in enumerate(target.elts):
            if isinstance(elt, core.Starred):
                if isinstance(fact, SequenceFact) and fact.items is not None:
                    rest: core.Expr = core.List(tuple(core.Subscript(value, core.Const(k)) for k in range(i, len(fact.items) - behind)))
                else:
                    end = core.UnaryOp("-", core.Const(behind)) if behind else None
                    rest = core.Call(core.Name("list"), (core.Subscript(value, core.Slice(core.Const(i) if i else None, end)),))
                out.append(core.Assign(elt.value, rest, at=at))
            else:
                index: core.Expr = core.Const(i) if star is None or i < star else core.UnaryOp("-", core.Const(len(target.elts) - i))
                out.append(core.Assign(elt, core.Subscript(value, index), at=at))
        return out

    # Contexts, attempts, loops

    def context(self, stmt: core.With) -> list[core.Stmt]:
        if is_watch(stmt, self.semantics):
            self.changed = True
            return [passed_through(stmt, self.analysis.facts[stmt], self.semantics, self.names)]
        if stmt in self.analysis.live:
            if is_suppression(stmt, self.semantics):
                self.changed = True
                assert isinstance(stmt.context, core.Call)
                ignored = core.Handler(core.Tuple(stmt.context.args), "", (core.Pass(at=stmt.at),), at=stmt.at)
                return [core.Try(stmt.body, (ignored,), at=stmt.at)]
            passes = passes_exceptions(stmt, self.semantics, self.analysis.facts[stmt])
            if not passes and not self.changed:
                raise refuse("cannot tell whether this context lets exceptions pass", stmt.context.at,  # type: ignore[attr-defined]
                             self.semantics.source, "let its `__exit__` return nothing, or move the `with` to the caller")
            if passes and self.is_active(stmt.context, stmt):
                self.changed = True
                return around_body(stmt, self.analysis.facts[stmt], self.semantics, self.names)
        return [replace(stmt, body=self.block(stmt.body))]

    def attempt(self, stmt: core.Try) -> list[core.Stmt]:
        known = self.analysis
        if stmt.failed is None and (stmt in known.live or known.layout.writes(stmt) & known.aliases.changing):
            self.changed = True
            return opened(stmt, self.names)
        return [replace(stmt, body=self.block(stmt.body))]

    def matters(self, stmt: core.Stmt) -> bool:
        """Whether something inside a statement is differentiated."""
        return stmt in self.analysis.live

    def bound_anew(self, loop: core.For) -> core.For:
        """A loop over what is inactive that binds a variable which is active elsewhere: an assignment ends its adjoint."""
        if self.early or not self.matters(loop):
            return loop
        active = self.analysis.activity.before.get(loop.body[0], frozenset())
        writers = self.analysis.layout.writers
        bound = [name for name in core.bound_names(loop.target) if name in active and writers[name] != [loop]]
        if not bound:
            return loop
        self.changed = True
        item = core.Name(self.names.fresh(bound[0]))
        return replace(loop, target=item, body=(core.Assign(loop.target, item, at=loop.at), *loop.body))

    def loop(self, stmt: core.For) -> Sequence[core.Stmt]:
        env = self.analysis.facts[stmt]
        known = self.analysis
        if may_resize(stmt, known.layout, known.facts, known.aliases, self.semantics):
            return self.loop_that_resizes(stmt)
        if self.early and self.matters(stmt):
            written = unrolled(stmt, env, self.semantics, self.analysis.layout)
            written = written or apart(stmt, env, self.semantics) or one_by_one(stmt, env, known.layout, self.semantics, self.names)
            if written is not None:
                self.changed = True
                return written
        if self.early and (rounds := round_by_round(stmt, env, self.semantics, self.names)) is not None:
            self.changed = True
            return rounds
        each = each_apart(stmt.iter, env, self.semantics) if self.matters(stmt) and not self.early else None
        if each is not None:
            self.changed = True
            return loop_over(stmt, each, self.names, self.semantics)
        mapped = isinstance(self.semantics.fact(stmt.iter, env), MappingFact)
        if self.early or stmt in self.analysis.walks or mapped or not self.is_active(stmt.iter, stmt):
            loop = self.bound_anew(stmt)
            return [loop if loop is not stmt else replace(stmt, body=self.block(stmt.body))]
        self.changed = True
        called = called_by(stmt.iter, env, self.semantics)
        if called is not None and called.function.is_generator:
            return loop_over(stmt, called, self.names, self.semantics)
        counted = counting(stmt, env, self.semantics, self.names)
        if counted is not None:
            return counted
        before, items = self.items(stmt)
        index = items.counter(stmt.target) or core.Name(self.names.fresh("i"))
        assign = items.bound(stmt.target, index, stmt.at)
        return [*before, core.For(index, items.steps, (*assign, *stmt.body), at=stmt.at)]

    def items(self, loop: core.For) -> tuple[list[core.Stmt], Items]:
        """What a loop runs over by its indices, after statements that put it into variables."""
        before: list[core.Stmt] = []
        bound = self.analysis.layout.binds(loop)

        def name_for(expr: core.Expr) -> core.Expr:
            holder = expr.value if isinstance(expr, core.Attribute) and expr.attr == "flat" else expr
            if isinstance(holder, core.Name) and holder.id not in bound:
                return expr
            name = core.Name(self.names.fresh("items"))
            before.append(core.Assign(name, expr, at=loop.at))
            return name

        items = items_of(loop.iter, self.analysis.facts[loop], self.semantics, name_for)
        if items is None:
            raise refuse("cannot differentiate a loop over this", loop.iter.at, self.semantics.source,  # type: ignore[attr-defined]
                         "loop over a list, a tuple, an array, a dict, or `range`, `zip`, `enumerate` or `reversed` of such")
        return before, items

    def loop_that_resizes(self, loop: core.For) -> Sequence[core.Stmt]:
        """A loop that changes the length of what it runs over: what is in it first, so that all that does so is seen."""
        body = self.block(loop.body)
        if self.changed or self.early or not self.is_active(loop.iter, loop):
            return [replace(loop, body=body)]
        before, items = self.items(loop)
        if items.backwards:
            raise refuse("cannot differentiate a loop that changes the length of what it runs over backwards", loop.at,
                         self.semantics.source, "loop over a copy: `for item in items[::-1]`")
        self.changed = True
        return [*before, *stepwise(loop, items, core.Name(self.names.fresh("i")))]


def is_plain(target: core.Expr) -> bool:
    """Whether a target binds names by position alone."""
    return isinstance(target, core.Name) or isinstance(target, core.Tuple) and all(map(is_plain, target.elts))


def items_of_result(fact: Fact, count: int) -> tuple[Fact, ...]:
    return fact.items if isinstance(fact, SequenceFact) and fact.items is not None and len(fact.items) == count else (UNKNOWN,) * count


def has_stars(expr: core.List | core.Tuple | core.Dict) -> bool:
    return None in expr.keys if isinstance(expr, core.Dict) else any(isinstance(elt, core.Starred) for elt in expr.elts)


def computed(param: core.Param) -> bool:
    """Whether a default is more than a constant, and no variable that was made for it."""
    return param.default is not None and not isinstance(param.default, core.Const) and not (
        isinstance(param.default, core.Name) and param.default.id.startswith(f"{param.name}_default"))
