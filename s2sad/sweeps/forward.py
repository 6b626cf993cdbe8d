"""The forward sweep of reverse mode: the user's own statements, with what has to be saved around them."""
from __future__ import annotations

from dataclasses import dataclass, replace
from types import FunctionType

from s2sad import core
from s2sad.analysis.alias import is_array_place, is_forward, is_immutable, is_object_part
from s2sad.analysis.mirror import check_in_place
from s2sad.analysis.plan import Plan
from s2sad.core import root
from s2sad.facts import Fact, Mapping, Number, ObjectFact
from s2sad.flow.evaluation import evaluated, replaced
from s2sad.flow.layout import appended, removed
from s2sad.infer.changes import own_expressions
from s2sad.infer.environment import Env as Environment
from s2sad.infer.expressions import bindings
from s2sad.infer.objects import as_value
from s2sad.meaning.callees import UserCall
from s2sad.meaning.forms import call
from s2sad.meaning.semantics import Env, Restated, Semantics
from s2sad.quote import quote


@dataclass(frozen=True)
class ForwardSweep:
    """Writes the forward sweep of a plan.

        for k in range(n):              x_stack = []
            x = x * math.sin(x)   ->    for k in range(n):
                                            x_stack.append(x)
                                            x = x * math.sin(x)
    """

    plan: Plan

    def block(self, block: core.Block) -> core.Block:
        return once(tuple(new for stmt in block for new in self.statement(stmt)))

    def statement(self, stmt: core.Stmt) -> list[core.Stmt]:
        plan = self.plan
        drive = plan.drives.get(stmt)
        out: list[core.Stmt] = [*unbound(stmt, plan)]
        out += [new for stack in plan.stacks.get(stmt, {}).values() for new in quote("STACK = []", STACK=stack)]
        for name in plan.overwritten.get(stmt, ()):
            if appended(stmt) is None:
                out += self.save(stmt, name)
        if drive and drive.count:
            out += quote("COUNT = 0", COUNT=drive.count)
        if (restated := restated_call(stmt, plan.semantics)) is not None:
            assert isinstance(stmt, core.Assign)
            out += self.run(stmt, restated)
        elif not is_watched(stmt, plan.semantics.watched):
            out.append(self.inside(stmt))
        if isinstance(stmt, (core.Assign, core.ExprStmt, core.Delete)) and stmt.shadow is not None:
            if restated is None:
                out[-1] = replace(stmt, shadow=None)
            out.append(stmt.shadow)
        tape = tape_of(stmt, plan.semantics)
        if tape is not None and stmt not in plan.looped and tape.id in plan.outdated and not plan.memory.is_shared(tape.id):
            out.append(core.Assign(tape, copied(tape, plan.facts_of(tape.id)), at=stmt.at))     # type: ignore[attr-defined]
        if drive and drive.counts:
            out += quote("COUNTS.append(COUNT)", COUNTS=drive.counts, COUNT=drive.count)
        for kept in plan.kept.get(stmt, ()):
            out += quote("STACK.append(VALUE)", STACK=plan.stack(stmt, kept.name), VALUE=self.copied(kept.name, stmt))
        return out

    def run(self, stmt: core.Assign, restated: Restated) -> list[core.Stmt]:
        """A call of a function that returns what it writes, which has no pair: `v = v.copy(); sweep(v, k)`."""
        whole = isinstance(stmt.target, core.Name) and restated.results + len(restated.given) > 1
        targets = [core.Name(self.plan.names.fresh("t")) for _ in range(restated.results + len(restated.given))] if whole else (
            stmt.target.elts if isinstance(stmt.target, core.Tuple) else (stmt.target,))
        out: list[core.Stmt] = []
        call: core.Expr = restated.call
        for target, given in zip(targets[restated.results:], restated.given):
            out.append(core.Assign(target, copied(given, self.plan.semantics.fact(given, self.plan.facts[stmt])), at=stmt.at))
            call = replaced(call, given, target)
        out.append(core.Assign(targets[0], call, at=stmt.at) if restated.results else core.ExprStmt(call, at=stmt.at))
        return [*out, core.Assign(stmt.target, core.Tuple(tuple(targets)), at=stmt.at)] if whole else out

    def inside(self, stmt: core.Stmt) -> core.Stmt:
        if isinstance(stmt, core.If):
            return replace(stmt, body=self.block(stmt.body), orelse=self.block(stmt.orelse))
        if isinstance(stmt, (core.While, core.For)):
            drive = self.plan.drives.get(stmt)
            start = [*quote("COUNT += 1", COUNT=drive.count)] if drive and drive.count else []
            for kept in self.plan.started.get(stmt, ()):
                start += quote("STACK.append(VALUE)", STACK=self.plan.stack(stmt.body[0], kept.name), VALUE=self.copied(kept.name, stmt))
            return replace(stmt, body=(*start, *self.block(stmt.body)))
        if isinstance(stmt, (core.With, core.Try)):
            return replace(stmt, body=self.block(stmt.body)) if stmt in self.plan.live else core.with_blocks(stmt, self.block)
        return stmt

    def copied(self, name: str, stmt: core.Stmt) -> core.Expr:
        """The value of a variable after a statement, a copy if its object may change later."""
        changes = name in self.plan.changing and not self.plan.memory.is_shared(name)
        return copied(core.Name(name), self.plan.facts_of(name)) if changes else core.Name(name)

    def save(self, stmt: core.Stmt, name: str) -> core.Block:
        value = overwritten_value(self.plan, stmt, name)
        if stmt in self.plan.looped:
            return quote("STACK.append(VALUE)", STACK=self.plan.stack(stmt, self.plan.saved(stmt, name)), VALUE=value)
        return quote("OLD = VALUE", OLD=self.plan.olds[stmt, name], VALUE=value)


def unbound(stmt: core.Stmt, plan: Plan) -> core.Block:
    """What raises as the statement does where it reads a variable that need not be bound; the sweep itself binds these to None at first."""
    env = plan.facts.get(stmt)
    partial = env.partial if isinstance(env, Environment) else frozenset()
    if isinstance(stmt, core.Assign):
        parts: tuple[core.Expr, ...] = (stmt.value, *(() if isinstance(stmt.target, (core.Name, core.Tuple)) else (stmt.target,)))
    else:
        parts = own_expressions(stmt) if not isinstance(stmt, core.Delete) else ()
    read = (node.id for expr in parts for node in evaluated(expr) if isinstance(node, core.Name))
    never = plan.layout.binders.keys() - env.keys() if env is not None else frozenset()
    names = dict.fromkeys(name for name in read if name in plan.unset and (name in never or name in partial and is_something(name, plan)))
    return tuple(core.ExprStmt(call("check_bound", core.Name(name), core.Const(name)), at=getattr(stmt, "at", None)) for name in names)


def once(block: core.Block) -> core.Block:
    """A block in which each check for what is not bound stands once: what is bound stays so until it is deleted."""
    out: list[core.Stmt] = []
    checked: set[core.Expr] = set()
    for stmt in block:
        if isinstance(stmt, core.Delete):
            checked.clear()
        value = stmt.value if isinstance(stmt, core.ExprStmt) else None
        if isinstance(value, core.Call) and value.func == core.Name("check_bound"):
            if value in checked:
                continue
            checked.add(value)
        out.append(stmt)
    return tuple(out)


NEVER_NONE = (core.BinOp, core.UnaryOp, core.Compare, core.List, core.Tuple, core.Dict, core.Comprehension)


def is_something(name: str, plan: Plan) -> bool:
    """Whether a variable is the user's, and is never None where it is bound."""
    user = plan.semantics.source.function
    if not isinstance(user, FunctionType) or name not in user.__code__.co_varnames:
        return False
    for stmt in plan.layout.binders.get(name, ()):
        if isinstance(stmt, core.AugAssign) or stmt not in plan.facts:
            continue
        if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Tuple):
            if isinstance(dict(bindings(stmt.target, plan.semantics.fact(stmt.value, plan.facts[stmt]))).get(name), Number):
                continue
        value = stmt.value if isinstance(stmt, core.Assign) and stmt.target == core.Name(name) else None
        if value is None or not isinstance(value, NEVER_NONE) and not isinstance(plan.semantics.fact(value, plan.facts[stmt]), Number):
            return False
    return True


def tape_of(stmt: core.Stmt, semantics: Semantics) -> core.Name | None:
    """The tape that a call of a forward function gives."""
    if not isinstance(stmt, core.Assign) or not isinstance(stmt.target, core.Tuple) or not is_forward(stmt.value, semantics):
        return None
    tape = stmt.target.elts[-1]
    assert isinstance(tape, core.Name)
    return tape


def is_watched(stmt: core.Stmt, watched: dict[str, UserCall]) -> bool:
    """Whether a statement is there for its reverse alone."""
    call = stmt.value if isinstance(stmt, core.Assign) else None
    return isinstance(call, core.Call) and isinstance(call.func, core.Name) and call.func.id in watched


def restated_call(stmt: core.Stmt, semantics: Semantics) -> Restated | None:
    """The call that a statement stands for whose function returns what it writes; None for other statements."""
    call = stmt.value if isinstance(stmt, core.Assign) else None
    found = semantics.restated.get(call.func.id) if isinstance(call, core.Call) and isinstance(call.func, core.Name) else None
    return found[1] if found is not None else None


def overwritten_path(stmt: core.Stmt, name: str, plan: Plan) -> core.Expr:
    """What of `name` the statement overwrites: a part, where it stores to a part, else all of it."""
    mirrored = isinstance(stmt, core.Assign) and name != root(stmt.target) and name not in core.bound_names(stmt.target)
    if mirrored and isinstance(stmt, core.Assign) and stmt.shadow is not None:
        return overwritten_path(stmt.shadow, name, plan)
    if (item := removed(stmt)) is not None:
        return item if name == root(item) else overwritten_path(stmt.shadow, name, plan)  # type: ignore[attr-defined]
    if isinstance(stmt, (core.Assign, core.AugAssign)) and isinstance(stmt.target, (core.Subscript, core.Attribute)):
        if is_object_part(stmt, stmt.target, plan.semantics, plan.facts[stmt]):
            return core.Subscript(stmt.target, core.Const(...))
        return stmt.target
    if isinstance(stmt, core.AugAssign) and plan.memory.is_shared(name):
        check_in_place(stmt, plan.facts[stmt], plan.semantics)
        return core.Subscript(core.Name(name), core.Const(...))
    return core.Name(name)


def overwritten_value(plan: Plan, stmt: core.Stmt, name: str) -> core.Expr:
    """What is saved: a copy, where the object may change in place; of references to shared memory the reference."""
    path = overwritten_path(stmt, name, plan)
    if isinstance(path, core.Name) and (name not in plan.changing or plan.memory.is_shared(name)):
        return path
    if isinstance(path, (core.Subscript, core.Attribute)):
        if isinstance(path, core.Subscript) and path.index == core.Const(...):
            return copied(path.value, plan.semantics.fact(path.value, plan.facts[stmt]))
        item = not is_array_place(path, plan.facts[stmt], plan.semantics)
        reference = name in plan.memory.shadows.values() or plan.memory.is_shared(name) and item
        if reference and removed(stmt) is None:
            mirrored = isinstance(stmt, core.Assign) and path is not stmt.target
            return entry_of(path, stmt.target if mirrored else path, plan.facts[stmt], plan.semantics)  # type: ignore[attr-defined]
        if (taken := removed(stmt)) is not None:
            mapped = isinstance(plan.semantics.fact(taken.value, plan.facts[stmt]), Mapping)
            return core.Call(core.Name("dict"), (path.value,)) if mapped else path
    found = entry_of(path, path, plan.facts[stmt], plan.semantics)
    if found is path and name in plan.unset and isinstance(path, core.Name):
        return call("copied", path)     # it may be None still
    return copied(path, plan.semantics.fact(path, plan.facts[stmt])) if found is path else call("copied", found)


def entry_of(path: core.Expr, primal: core.Expr, env: Env, semantics: Semantics) -> core.Expr:
    """What a path holds, also where it need not hold anything yet; `primal` is the path that it mirrors, or itself."""
    if not may_be_missing(primal, env, semantics):
        return path
    function = "entry" if isinstance(path, core.Subscript) else "attribute"
    return call(function, path.value, key_of(path))  # type: ignore[attr-defined]


def key_of(path: core.Expr) -> core.Expr:
    """An index or the name of an attribute as the argument of a call."""
    assert isinstance(path, (core.Subscript, core.Attribute))
    return as_value(path.index) if isinstance(path, core.Subscript) else core.Const(path.attr)


def may_be_missing(path: core.Expr, env: Env, semantics: Semantics) -> bool:
    """Whether an entry of a dict or an attribute need not be there before it is assigned."""
    if not isinstance(path, (core.Subscript, core.Attribute)):
        return False
    fact = semantics.fact(path.value, env)
    if isinstance(fact, Mapping):
        key = semantics.fact(key_of(path), env)
        known = getattr(key, "value", None)
        return fact.items is None or known is None or known not in dict(fact.items)
    return isinstance(fact, ObjectFact) and isinstance(path, core.Attribute) and path.attr not in dict(fact.fields)


def copied(path: core.Expr, fact: Fact) -> core.Expr:
    """A copy of a value that may change in place."""
    if is_immutable(fact):
        return path
    if isinstance(fact, Number) and fact.box == "array":
        return core.Call(core.Attribute(path, "copy"))
    return call("copied", path)
