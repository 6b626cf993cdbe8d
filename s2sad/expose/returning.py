"""Calls of functions that write into what they are given and call themselves, as calls of functions that return it instead.

    sweep(v, k)         ->      v = sweep_writing(v, k)

where

    def sweep(v, k):                    def sweep_writing(v, k):
        if k > 0:                           v = v.copy()
            v[k] *= v[k - 1]        ->      if k > 0:
            sweep(v, k - 1)                     v[k] *= v[k - 1]
                                                v = sweep_writing(v, k - 1)
                                            return v

Such a function cannot be written out where it stands.  Restated, it gets a pair like every other function: its reverse takes the adjoint of
what was written, and gives that of what was there before.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from s2sad import core
from s2sad.analysis.alias import CALLERS, TOGETHER, Aliases, is_array_place, is_immutable, shared_names
from s2sad.errors import refuse
from s2sad.facts import UNKNOWN, Fact, FunctionFact, Number, tuple_of
from s2sad.flow.evaluation import replaced
from s2sad.flow.layout import atomic_writes
from s2sad.infer.known import KnownFunction
from s2sad.meaning.callees import UserCall
from s2sad.meaning.recursion import left_by
from s2sad.meaning.semantics import Env, Restated, Semantics
from s2sad.names import Names
from s2sad.reading.read import UNRESOLVED
from s2sad.runtime.copies import copied
from s2sad.sweeps.forward import copied as own_copy


@dataclass(frozen=True)
class Returning:
    """A function of the user's that leaves its parameters `written` alone, and returns what it makes of them after its own result."""

    function: object
    written: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """A function that returns what it writes; `result` is the name of what its own result is, "" for a value that comes first."""

    code: core.Function
    result: str | None
    original: core.Function     # kept, so that no other takes its place


_programs: dict[tuple[object, ...], Program] = {}


def restated(code: core.Function, written: tuple[str, ...], facts: Mapping[str, Fact]) -> Program:
    """The program of a function that writes into copies, and returns these after its result if it has one of its own."""
    copies = tuple(own_copy(core.Name(name), facts.get(name, UNKNOWN)) for name in written)
    key = id(code), written, copies
    if key in _programs:
        return _programs[key]
    last = code.body[-1] if code.body else None
    value = last.value if isinstance(last, core.Return) else core.Const(None)
    rebound = {name for stmt in core.walk(code.body) if isinstance(stmt, core.Stmt) for name, whole in atomic_writes(stmt)
               if whole and not (isinstance(stmt, core.AugAssign) and name in facts and not is_immutable(facts[name]))}
    result = None if value == core.Const(None) else ""
    if isinstance(value, core.Name) and value.id in written and value.id not in rebound:
        result = value.id
    names = Names.of(code)
    kept = {name: core.Name(names.fresh(name) if name in rebound else name) for name in written}
    start: list[core.Stmt] = [core.Assign(kept[name], copy, at=code.at) for name, copy in zip(written, copies)]
    start += [core.Assign(core.Name(name), kept[name], at=code.at) for name in written if name in rebound]
    parts = (*((value,) if result == "" else ()), *kept.values())
    end = core.Return(parts[0] if len(parts) == 1 else core.Tuple(parts), at=getattr(last, "at", code.at))
    body = code.body[:-1] if isinstance(last, core.Return) else code.body
    _programs[key] = Program(replace(code, body=(*start, *body, end)), result, code)
    return _programs[key]


@dataclass(frozen=True)
class Restating:
    """Restates calls of functions that write and call themselves: `called` is the call, `written` are the parameters written into."""

    aliases: Aliases
    semantics: Semantics
    names: Names

    def statements(self, call: core.Call, called: UserCall, written: tuple[str, ...], stmt: core.Stmt, env: Env) -> tuple[
            list[core.Stmt], core.Expr]:
        """The statements that a call stands for, and its value after them."""
        self.check_apart(call, called, written, stmt, env)
        self.check_names(call, called)
        facts = {param: self.semantics.fact(arg, env) for param, arg in called.bound.items()}
        program = restated(called.program, written, facts)
        bound = dict(called.bound)
        before: list[core.Stmt] = []
        for param in written:
            if not is_steady(bound[param]):
                held = core.Name(self.names.fresh(param))
                before.append(core.Assign(held, bound[param], at=call.at))
                call = replaced(call, bound[param], held)      # type: ignore[assignment]
                bound[param] = held
        targets: list[core.Expr] = []
        behind: list[core.Stmt] = []
        for param in written:
            target, store = self.target(bound[param], param, facts[param], stmt, env, call, called)
            targets.append(target)
            behind += store
        result = core.Name(self.names.fresh("t"))
        known = self.facts_of(called, program, written, facts, self.semantics.fact(call, env))
        parts = (*((result,) if program.result == "" else ()), *targets)
        name = self.names.fresh(f"{called.source.name}_writing")
        self.semantics.scope.added[name] = KnownFunction(known[0] if len(parts) == 1 else tuple_of(*known), False)
        new = replace(called, function=Returning(called.function, written), program=program.code, bound=bound)
        self.semantics.restated[name] = new, Restated(call, tuple(bound[param] for param in written), int(program.result == ""))
        value = core.Call(core.Name(name), tuple(bound.values()), at=call.at)
        whole = core.Assign(parts[0] if len(parts) == 1 else core.Tuple(parts), value, at=call.at)
        returned = core.Const(None) if program.result is None else bound[program.result] if program.result else result
        return [*before, whole, *behind], returned

    def facts_of(self, called: UserCall, program: Program, written: tuple[str, ...], facts: Mapping[str, Fact], result: Fact) -> list[Fact]:
        """The facts of what the restated function returns: its own result, and what it has written."""
        has_result = program.result == ""
        found = None
        if not all(isinstance(facts[param], Number) for param in written):
            found = left_by(called, program.code, written, has_result, facts)
        known = found or [*([result] if has_result else []), *[UNKNOWN] * len(written)]
        arrays = {i: facts[param] for i, param in enumerate(written, has_result) if isinstance(facts[param], Number)}
        return [replace(arrays[i], value=None, size=None) if i in arrays else fact      # type: ignore[call-arg]
                for i, fact in enumerate(known)]

    def target(self, given: core.Expr, param: str, fact: Fact, stmt: core.Stmt, env: Env, call: core.Call, called: UserCall) -> tuple[
            core.Expr, list[core.Stmt]]:
        """What gets back what was written into an argument: the variable itself if it is the only one, else its memory."""
        if isinstance(given, core.Name) and given.id in env and not self.others(given.id, stmt, env):
            return given, []
        if not isinstance(fact, Number) or fact.box != "array":
            raise refuse(f"cannot differentiate through `{called.source.name}`, which calls itself and writes into what has several names",
                         call.at, self.semantics.source, "return new values instead of writing into arguments")
        made = core.Name(self.names.fresh(param))
        part = isinstance(given, core.Subscript) and is_array_place(given, env, self.semantics)
        return made, [core.Assign(given if part else core.Subscript(given, core.Const(...)), made, at=call.at)]

    def others(self, name: str, stmt: core.Stmt, env: Env) -> frozenset[str]:
        """The other variables that may hold memory of a variable; what functions defined here capture are variables, not values."""
        found = (other for other in self.aliases.partners(name, stmt) if not other.endswith(CALLERS) and not other.startswith(TOGETHER))
        return frozenset(other for other in found if other not in env or not is_immutable(env[other]) or is_made_elsewhere(env[other]))

    def check_names(self, call: core.Call, called: UserCall) -> None:
        """Refuses a function for which the name of what makes copies means something else."""
        own = {param.name for param in called.program.params} | {name for node in core.walk(called.program.body)
                                                                  if isinstance(node, core.Stmt) for name, _ in atomic_writes(node)}
        if "copied" in own or called.source.scope.lookup("copied") not in (UNRESOLVED, copied):
            raise refuse(f"cannot differentiate through `{called.source.name}`, which calls itself, writes into its arguments and knows"
                         " another `copied`", call.at, self.semantics.source, "give `copied` another name")

    def check_apart(self, call: core.Call, called: UserCall, written: tuple[str, ...], stmt: core.Stmt, env: Env) -> None:
        """Refuses a call that may give what it writes into under two names: restated, each would be a copy of its own."""
        reached: dict[str, frozenset[str]] = {}
        for param, arg in called.bound.items():
            names = shared_names(arg, env, self.semantics)
            reached[param] = names.union(*(self.others(name, stmt, env) for name in names))
        for param in written:
            if any(other != param and names & reached[param] for other, names in reached.items()):
                raise refuse(f"cannot differentiate through `{called.source.name}`, which calls itself and may be given what it writes"
                             " into under two names", call.at, self.semantics.source, "pass a copy (`x.copy()`), or write it as a loop")


def is_made_elsewhere(fact: Fact) -> bool:
    """Whether a function holds what it captured in a call that has returned."""
    return isinstance(fact, FunctionFact) and fact.captured is not None


def is_steady(path: core.Expr) -> bool:
    """Whether a path may be written again after the call: its indices are names and numbers."""
    if isinstance(path, core.Attribute):
        return is_steady(path.value)
    if isinstance(path, core.Subscript):
        return is_steady(path.value) and all(isinstance(node, INDEX) for node in core.walk(path.index))
    return isinstance(path, core.Name)


INDEX = (core.Name, core.Const, core.Slice, core.Tuple, core.BinOp, core.UnaryOp)
"""What the index of a path may be made of that stands both before and after a call."""
