"""Opens what hides active statements: conditional expressions, loops over items, comprehensions, functions defined inside.

    y = a * x if x > 0 else b       ->      if x > 0:           for x in xs:        ->      for i in range(len(xs)):
                                                y = a * x           s += x * x                  x = xs[i]
                                            else:                                               s += x * x
                                                y = b

Only what is active is opened: the rest stays as the user wrote it.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from s2sad import core
from s2sad.analysis.analyse import Analysis
from s2sad.errors import refuse
from s2sad.expose.attempts import opened
from s2sad.expose.brackets import with_concatenations
from s2sad.expose.composed import composed, makes_whole
from s2sad.expose.contexts import around_body
from s2sad.expose.displays import with_displays
from s2sad.expose.expressions import Expressions
from s2sad.expose.functions import check_cells, holds_local, passes_functions, unrolled, with_names, without_holders
from s2sad.expose.generators import called_by, counting, each_apart, loop_over
from s2sad.expose.handed import with_lists
from s2sad.expose.implicit import as_calls, before_test
from s2sad.expose.iterate import Items, items_of
from s2sad.expose.iterators import without_iterators
from s2sad.expose.kept import apart, one_by_one
from s2sad.expose.listed import with_arrays
from s2sad.expose.lists import with_lists_apart
from s2sad.expose.loads import loaded_first, of_array_or_number
from s2sad.expose.partials import without_partials
from s2sad.expose.resizing import may_resize, stepwise
from s2sad.expose.settings import as_call
from s2sad.expose.state import computed
from s2sad.expose.unroll import round_by_round
from s2sad.expose.watching import is_watch, passed_through
from s2sad.expose.writers import written_out
from s2sad.expose.writes import Writes
from s2sad.facts import Mapping as MappingFact
from s2sad.facts import ObjectFact
from s2sad.flow.evaluation import calls_of, parted, parts_of, replaced
from s2sad.infer.deciding import decided
from s2sad.infer.objects import sets_plainly
from s2sad.meaning.contexts import is_suppression, passes_exceptions
from s2sad.meaning.semantics import Semantics
from s2sad.names import Names

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


class Exposure(Expressions):
    """One pass over a function, statement by statement."""

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
