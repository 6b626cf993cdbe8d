"""Writes that the reverse sweep undoes, in place of calls that write and of places that are computed where something is written.

    np.exp(x, out=y)        ->      y[...] = np.exp(x)
    items.extend(more)      ->      for k in range(len(more)): items.append(more[k])
    scale(v, c)             ->      v *= c
    y[y < 0] = 0.0          ->      chosen = y < 0; y[chosen] = 0.0
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from s2sad import core
from s2sad.analysis.alias import TOGETHER, changed_by, is_array_place, is_immutable, shared_names
from s2sad.analysis.analyse import Analysis
from s2sad.analysis.called import written_by
from s2sad.analysis.mirror import is_uncertain
from s2sad.analysis.outside import reaches
from s2sad.errors import refuse
from s2sad.expose import holders, inplace
from s2sad.expose.returning import Restating
from s2sad.expose.spelled import as_method, as_statement
from s2sad.expose.writers import REACHES, WRITES, recurs, writer, written_out
from s2sad.facts import Fact, Number, Unknown
from s2sad.flow.evaluation import calls_of, parted, replaced
from s2sad.flow.layout import appended, pairwise
from s2sad.lower.receivers import named_receivers
from s2sad.meaning.callees import UserCall, is_function
from s2sad.meaning.semantics import Semantics
from s2sad.names import Names

Env = Mapping[str, Fact]


def library_writes(
    function: core.Function, facts: Mapping[core.Stmt, Env], semantics: Semantics, names: Names,
) -> core.Function:
    """The function with the first library call of each statement that writes into an array as an assignment; the very same without."""
    def block(stmts: core.Block) -> core.Block:
        new = tuple(out for stmt in stmts for out in statement(stmt))
        return stmts if len(new) == len(stmts) and all(a is b for a, b in zip(new, stmts)) else new

    def statement(stmt: core.Stmt) -> Sequence[core.Stmt]:
        if isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt)) and stmt in facts:
            check_attribute(stmt, facts[stmt], semantics)
            if (spelled := as_method(stmt.value, semantics)) is not stmt.value:
                return [replace(stmt, value=spelled)]
            for call in calls_of(stmt.value):
                if (written := as_statement(call, facts[stmt], semantics)) is not None:
                    before, value = parted(stmt.value, call, names, stmt.at)
                    done = isinstance(stmt, core.ExprStmt) and value is call
                    rest = () if done else (replace(stmt, value=replaced(value, call, core.Const(None))),)
                    return [*before, *named_receivers((written,), names), *rest]
                if inplace.writes(call, facts[stmt], semantics):
                    before, value = parted(stmt.value, call, names, stmt.at)
                    if (named := in_order(call, facts[stmt], semantics, names)) is not None:
                        return [*before, *named[0], replace(stmt, value=replaced(value, call, named[1]))]
                    body, result = inplace.assignments(call, facts[stmt], semantics, names)
                    done = isinstance(stmt, core.ExprStmt) and value is call
                    return [*before, *body] if done else [*before, *body, replace(stmt, value=replaced(value, call, result))]
        return [core.with_blocks(stmt, block)]

    body = block(function.body)
    return function if body is function.body else replace(function, body=body)


def in_order(call: core.Call, env: Env, semantics: Semantics, names: Names) -> tuple[list[core.Stmt], core.Call] | None:
    """The arguments of a call in variables, where a call in one of them changes what another reads; None where none does."""
    given = (*call.args, *(value for _, value in call.keywords))
    computed = [arg for arg in given if not isinstance(arg, (core.Name, core.Const))]
    if len(computed) < 2 or not any(changed_by(inner, env, semantics) for arg in computed for inner in core.calls(arg)):
        return None
    held: dict[int, core.Name] = {id(arg): core.Name(names.fresh("t")) for arg in computed}
    named = replace(call, args=tuple(held.get(id(arg), arg) for arg in call.args),
                    keywords=tuple((name, held.get(id(value), value)) for name, value in call.keywords))
    return [core.Assign(held[id(arg)], arg, at=call.at) for arg in computed], named


def check_attribute(stmt: core.Stmt, env: Env, semantics: Semantics) -> None:
    """Refuses to give an array another shape or type in place, which nothing else that holds it is told of."""
    target = stmt.target if isinstance(stmt, (core.Assign, core.AugAssign)) else None
    if not isinstance(target, core.Attribute) or target.attr not in ("shape", "dtype", "strides"):
        return
    if isinstance(semantics.fact(target.value, env), Number):
        raise refuse(f"cannot differentiate a change of the `{target.attr}` of an array", target.at, semantics.source,
                     "assign what `reshape` or `view` gives to a variable")


@dataclass(frozen=True)
class Writes:
    """The writes of one function: each method gives the statements that stand for one, None where it is as it should be.

    `read` are the variables whose values derivatives may read, so that the reverse sweep restores what is written into them.
    """

    analysis: Analysis
    semantics: Semantics
    names: Names
    read: frozenset[str]

    def matter(self, stmt: core.Stmt) -> frozenset[str]:
        """The variables that count around a statement: those that derivatives pass through or read."""
        activity = self.analysis.activity
        return activity.varied[stmt] | activity.after[stmt] | activity.cleared[stmt] | self.read

    def written_params(self, called: UserCall, env: Env) -> tuple[str, ...]:
        """The parameters that a function writes into, in their order."""
        facts = {param: self.semantics.fact(arg, env) for param, arg in called.bound.items()}
        written = written_by(called, facts)
        return tuple(param for param in called.bound if param in written)

    def held(self, stmt: core.Stmt) -> list[core.Stmt] | None:
        """A change of a list or a dict as the few that the reverse sweep undoes, where a derivative passes through it."""
        env, matter = self.analysis.facts[stmt], self.matter(stmt)
        if not isinstance(stmt, core.Delete):
            for call in calls_of(stmt.value):  # type: ignore[attr-defined]
                if holders.changes(call, env, self.semantics) and core.root(call.func) in matter:
                    before, value = parted(stmt.value, call, self.names, stmt.at)  # type: ignore[attr-defined]
                    body, result = holders.written_out(call, env, self.semantics, self.names)
                    done = isinstance(stmt, core.ExprStmt) and value is call
                    return [*before, *body] if done else [*before, *body, replace(stmt, value=replaced(value, call, result))]  # type: ignore[call-arg]
        if (appending := appended(stmt)) is not None and self.analysis.memory.is_shared(core.root(appending.func) or ""):
            value = appending.args[-1]
            named = isinstance(value, (core.Name, core.Subscript, core.Const)) or (
                isinstance(value, core.Attribute) and not isinstance(self.semantics.fact(value.value, env), Number))
            if not named and not is_immutable(self.semantics.fact(value, env)):
                made = core.Name(self.names.fresh("t"))
                new = replace(appending, args=(*appending.args[:-1], made))
                return [core.Assign(made, value, at=appending.at), replace(stmt, value=new)]  # type: ignore[call-arg]
        target = stmt.targets[0] if isinstance(stmt, core.Delete) else getattr(stmt, "target", None)
        return holders.rewritten(stmt, env, self.semantics, self.names) if target is not None and core.root(target) in matter else None

    def written_out(self, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt) -> list[core.Stmt] | None:
        """The statement with the first call in it that writes into what it is given written out before it."""
        env = self.analysis.facts[stmt]
        classes = self.analysis.memory.classes
        held = isinstance(stmt, core.Assign) and core.root(stmt.target) in classes
        for call in calls_of(stmt.value):
            shared = shared_names(call, env, self.semantics) if held and call is stmt.value else frozenset()
            holds = bool(shared & classes.keys()) or any(name.startswith(TOGETHER) for name in shared)
            called = writer(call, env, self.semantics, holds) or self.maker(stmt, call)
            if called is None:
                continue
            if recurs(called) and (written := self.written_params(called, env)):
                if not changed_by(call, env, self.semantics) & self.matter(stmt):
                    continue
                before, value = parted(stmt.value, call, self.names, stmt.at)
                if before:      # what these hold has to be known first
                    return [*before, replace(stmt, value=value)]
                restating = Restating(self.analysis.aliases, self.semantics, self.names)
                return self.put(stmt, call, value, [], *restating.statements(call, called, written, stmt, env))
            return self.in_place_of(call, called, stmt, WRITES)
        return None

    def reaching(self, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt) -> list[core.Stmt] | None:
        """The statement with the first call in it that changes what it finds outside, or finds what varies there, written out before it."""
        varied = self.analysis.activity.varied[stmt]
        for call in calls_of(stmt.value):
            called = reaches(call, self.analysis.facts[stmt], self.semantics, varied, varied - self.analysis.bound)
            if called is not None:
                return self.in_place_of(call, called, stmt, REACHES)
        return None

    def in_place_of(self, call: core.Call, called: UserCall, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt,
                    what: str) -> list[core.Stmt]:
        """The statement with a call in it written out before it."""
        before, value = parted(stmt.value, call, self.names, stmt.at)
        return self.put(stmt, call, value, before, *written_out(call, called, self.semantics, self.names, what))

    def put(self, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt, call: core.Call, value: core.Expr,
            before: list[core.Stmt], body: list[core.Stmt], result: core.Expr) -> list[core.Stmt]:
        """The statement, of whose `value` a call becomes what `body` leaves as `result`."""
        if isinstance(stmt, core.ExprStmt) and value is call and not core.calls(result):
            return [*before, *body] or [core.Pass(at=stmt.at)]
        return [*before, *body, replace(stmt, value=replaced(value, call, result))]

    def maker(self, stmt: core.Stmt, call: core.Call) -> UserCall | None:
        """The call of a function whose result changes in place later, while the reverse of the function may read what it held."""
        env, activity = self.analysis.facts[stmt], self.analysis.activity
        appending = appended(stmt)
        target = appending.func if appending is not None else getattr(stmt, "target", None)
        value = appending.args[-1] if appending is not None else stmt.value  # type: ignore[attr-defined]
        result = self.semantics.fact(call, env)
        parts = target.elts if isinstance(target, core.Tuple) else (target,)
        if not {core.root(part) for part in parts if part is not None} & self.analysis.aliases.changing or is_immutable(result):
            return None
        probe = core.Name("#result")
        if probe.id not in shared_names(replaced(value, call, probe), {**env, probe.id: result}, self.semantics):
            return None
        called = self.semantics.user_call(call, env) if self.semantics.application(call, env) is None else None
        if called is None or self.semantics.is_pair(call) or recurs(called):
            return None
        facts = {param: self.semantics.fact(arg, env) for param, arg in called.bound.items()}
        active = frozenset(param for param, arg in called.bound.items()
                           if self.semantics.dependencies(arg, env) & activity.varied[stmt] and not is_function(facts[param]))
        return called if active and self.semantics.pairs(called, facts, active, (True,) * len(parts)).forward else None

    def steady(self, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt) -> list[core.Stmt] | None:
        """A write to a place that is computed, with the place in a variable: `y[y < 0] = 0.0` as `chosen = y < 0; y[chosen] = 0.0`."""
        if not isinstance(stmt, (core.Assign, core.AugAssign)) or not isinstance(stmt.target, core.Subscript):
            return None
        name, env = core.root(stmt.target), self.analysis.facts[stmt]
        if name is None or not isinstance(self.semantics.fact(stmt.target.value, env), (Number, Unknown)):
            return None
        target = stmt.target
        parts = list(target.index.elts) if isinstance(target.index, core.Tuple) else [target.index]
        out: list[core.Stmt] = []
        def held(part: core.Expr) -> core.Expr:
            if isinstance(part, core.Slice):
                lower, upper, step = (end and held(end) for end in (part.lower, part.upper, part.step))
                return replace(part, lower=lower, upper=upper, step=step)
            if not is_computed(part, self.semantics, env):
                return part
            name = core.Name(self.names.fresh("places" if not isinstance(part, core.Compare) else "chosen"))
            out.append(core.Assign(name, part, at=stmt.at))
            return name

        parts = [held(part) for part in parts]
        if not out:
            return None
        if isinstance(stmt, core.Assign) and any(changed_by(call, env, self.semantics) for call in core.calls(stmt.value)):
            value = core.Name(self.names.fresh("t"))        # which is found before the place
            out.insert(0, core.Assign(value, stmt.value, at=stmt.at))
            stmt = replace(stmt, value=value)
        index = core.Tuple(tuple(parts)) if isinstance(target.index, core.Tuple) else parts[0]
        return [*out, replace(stmt, target=replace(target, index=index))]

    def items_named(self, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt) -> list[core.Stmt] | None:
        """What goes into a container and may be a view of shared memory or not, by way of a name: `p = [a.T]` as `t = a.T; p = [t]`."""
        classes, env = self.analysis.memory.classes, self.analysis.facts[stmt]
        if not isinstance(stmt, core.Assign) or core.root(stmt.target) not in classes:
            return None
        value = stmt.value
        twice = self.semantics.held_twice(value, env)
        if isinstance(stmt.target, (core.Subscript, core.Attribute)) and not is_array_place(stmt.target, env, self.semantics):
            items: Sequence[core.Expr] = (value,)
        elif isinstance(value, core.Dict) and None not in value.keys:
            items = value.values
        elif isinstance(value, (core.List, core.Tuple)) and not any(isinstance(item, core.Starred) for item in value.elts):
            items = value.elts
        elif isinstance(value, core.Call) and self.semantics.record(value, env) is not None:
            items = (*value.args, *(given for _, given in value.keywords))
        elif isinstance(value, core.BinOp) and value.op == "*" and isinstance(value.left, core.List):
            items = value.left.elts
        else:
            return None

        def is_plain(item: core.Expr) -> bool:
            if isinstance(item, (core.Name, core.Const)):
                return True
            if isinstance(value, core.BinOp):       # what is new stands in several places
                return is_immutable(self.semantics.fact(item, env))
            return not shared_names(item, env, self.semantics) & classes.keys() and not any(item is one for one in twice)

        last = max((i for i, item in enumerate(items) if not is_plain(item)), default=-1)
        before: list[core.Stmt] = []
        new = list(items)
        for i, item in enumerate(items[:last + 1]):
            if not isinstance(item, (core.Name, core.Const)):
                new[i] = core.Name(self.names.fresh("t"))
                before.append(core.Assign(new[i], item, at=stmt.at))
        if not before:
            return None
        if isinstance(value, core.Dict) and items is value.values:
            return [*before, replace(stmt, value=replace(value, values=tuple(new)))]
        if isinstance(value, (core.List, core.Tuple)) and items is value.elts:
            return [*before, replace(stmt, value=replace(value, elts=tuple(new)))]
        if isinstance(value, core.BinOp) and isinstance(value.left, core.List) and items is value.left.elts:
            return [*before, replace(stmt, value=replace(value, left=replace(value.left, elts=tuple(new))))]
        if isinstance(value, core.Call) and value is not items[0]:
            given = new[len(value.args):]
            keywords = tuple((name, item) for (name, _), item in zip(value.keywords, given))
            return [*before, replace(stmt, value=replace(value, args=tuple(new[:len(value.args)]), keywords=keywords))]
        return [*before, replace(stmt, value=new[0])]


    def parted_targets(self, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt) -> list[core.Stmt] | None:
        """Assignments side by side of new values to names of shared memory, one by one: `a, b = 0.5, a` as `t = a; a = 0.5; b = t`."""
        classes = self.analysis.memory.classes
        if not isinstance(stmt, core.Assign) or not pairwise(stmt.target, stmt.value):
            return None
        targets, values = stmt.target.elts, stmt.value.elts  # type: ignore[attr-defined]
        changing = (self.analysis.aliases.changing & self.read) | classes.keys()
        moved = [isinstance(value, core.Name) for value in values]
        alike = all(isinstance(value, core.Name) and (value.id in classes) == (core.root(target) in classes)
                    and not is_uncertain(self.semantics.fact(value, self.analysis.facts[stmt])) for target, value in zip(targets, values))
        if alike or not any(moved) or not set(core.bound_names(stmt.target)) & changing:
            return None
        before: list[core.Stmt] = []
        held = []
        for value in values:
            if not isinstance(value, core.Const):
                before.append(core.Assign(core.Name(self.names.fresh("t")), value, at=stmt.at))
                value = before[-1].target  # type: ignore[attr-defined]
            held.append(value)
        return [*before, *(replace(stmt, target=target, value=value) for target, value in zip(targets, held))]


def is_computed(index: core.Expr, semantics: Semantics, env: Env) -> bool:
    """Whether a place is found by more than names, numbers and a little arithmetic on them."""
    if isinstance(index, (core.List, core.Tuple)):
        return any(is_computed(elt, semantics, env) for elt in index.elts)
    for node in core.walk(index):
        if isinstance(node, (core.Compare, core.BoolOp, core.IfExp, core.Comprehension, core.Lambda)):
            return True
        if isinstance(node, core.Call) and not (isinstance(node.func, core.Name) and node.func.id in ("len", "min", "max", "abs", "int")):
            return True
        fact = semantics.fact(node, env) if isinstance(node, (core.BinOp, core.UnaryOp)) else None
        if isinstance(fact, Number) and fact.shape:
            return True
    return False
