"""Function values: functions that are made, passed and chosen inside the function at hand, so that each call runs a function that is known.

    f = make_power(2, y)    ->      n = 2;  def power(x): return y * x ** n;  f = power         what makes functions stands where called
    shifted = partial(g, s) ->      shifted = lambda *args, **kwargs: g(s, *args, **kwargs)
    for f in (sin, cos):    ->      f = sin;  x = f(x);  f = cos;  x = f(x)                     loops over functions are written out
        x = f(x)
    y = table[name](x)      ->      f = table[name]                                             one of several is told apart
                                    if f is sin: y = sin(x)
                                    else: y = cos(x)

A function that is defined inside and called is then written out in its turn (see `inline`): what it captures are variables of one
function.
"""
from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import FunctionType, ModuleType
from typing import Any

from s2sad import core
from s2sad.errors import refuse
from s2sad.expose.iterate import items_of
from s2sad.facts import ChoiceFact, Fact, FunctionFact, Number, ObjectFact, Sequence
from s2sad.facts import Mapping as MappingFact
from s2sad.flow.layout import NONE, Layout, atomic_writes
from s2sad.flow.liveness import Liveness
from s2sad.infer.changes import own_expressions
from s2sad.infer.effects import may_change
from s2sad.infer.objects import vars_of
from s2sad.meaning.callees import UserCall
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.quote import renewed
from s2sad.reading.read import UNRESOLVED, Source

LONGEST = 16
"""Loops over more functions than this are not written out."""


def functions_in(fact: Fact) -> Iterator[FunctionFact]:
    """The functions that a value is or holds."""
    if isinstance(fact, FunctionFact):
        yield fact
    elif isinstance(fact, ChoiceFact):
        yield from fact.functions
    elif isinstance(fact, Sequence) and fact.items is not None:
        for item in fact.items:
            yield from functions_in(item)
    elif isinstance(fact, Sequence) and fact.item is not None:
        yield from functions_in(fact.item)
    elif isinstance(fact, MappingFact) and fact.items is not None:
        for _, item in fact.items:
            yield from functions_in(item)


def holds_local(fact: Fact) -> bool:
    """Whether a value is or holds a function that is defined inside another."""
    return any(isinstance(found.value, core.Function) for found in functions_in(fact))


def passes_functions(call: core.Call, env: Env, semantics: Semantics) -> UserCall | None:
    """The call of a function of the user's that is given, or returns, functions defined inside: it has to be written out."""
    if semantics.is_pair(call) or semantics.application(call, env) is not None:
        return None
    given = (*call.args, *(value for _, value in call.keywords))
    if not any(holds_local(semantics.fact(arg, env)) for arg in given) and not holds_local(semantics.fact(call, env)):
        return None
    return semantics.user_call(call, env)


def check_cells(stmt: core.Stmt, made: str | None, layout: Layout, alive: Liveness, semantics: Semantics) -> None:
    """Refuses to make a function anew in every iteration where one of an earlier iteration may be called later.

    Its variables become variables of the function at hand, of which there is one, where Python makes new ones each time.
    """
    loops = [outer for outer in layout.around[stmt] if isinstance(outer, (core.For, core.While))]
    if not loops:
        return
    nodes = [node for inner in layout.inside(loops[0]) for node in _own_nodes(inner)]
    called = [node.func for node in nodes if isinstance(node, core.Call)]
    mentions = [node for node in nodes if isinstance(node, core.Name) and node.id == made]
    kept = any(not any(node is func for func in called) for node in mentions)
    if made is None or kept or any(made in alive.before[loop] for loop in loops):
        raise refuse("cannot differentiate through a function that is made anew in every iteration and kept", getattr(stmt, "at", None),
                     semantics.source, "call it where it is made, or keep what it captures in a list instead of the function")


def captures_others(function: core.Function, semantics: Semantics) -> bool:
    """Whether a function reads names that are neither its own, nor variables around it, nor known: those of a comprehension."""
    own = {p.name for p in function.params} | set(function.free) | semantics.local
    own |= {name for node in core.walk(function.body) if isinstance(node, core.Stmt) for name, _ in atomic_writes(node)}
    own |= {name for node in core.walk(function.body) if isinstance(node, core.Generator) for name in core.bound_names(node.target)}
    own |= {p.name for node in core.walk(function.body) if isinstance(node, core.Function) for p in node.params}
    names = (node for node in core.walk(function.body) if isinstance(node, core.Name) and node.id not in own)
    return any(semantics.callee(node) is UNRESOLVED for node in names)


def _own_nodes(stmt: core.Stmt) -> Iterator[object]:
    for child in core.children(stmt):
        if isinstance(child, core.Expr) and not (isinstance(stmt, core.Assign) and child is stmt.target):
            yield from core.walk(child)


# Functions that hold arguments: partials, bound methods


def without_holders(stmt: core.Stmt, env: Env, layout: Layout, alive: Liveness, semantics: Semantics,
                    names: Names) -> list[core.Stmt] | None:
    """The statement with each `partial(f, a)` and each `obj.method` that is not called as a lambda, what it holds in variables before it.

    `functools.wraps(f)(g)` is `g`.  None where there is none.
    """
    if not isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt)):
        return None
    out: list[core.Stmt] = []

    def change(node: core.Expr) -> core.Expr:
        if isinstance(node, (core.Lambda, core.Comprehension)):
            return node
        called = node.func if isinstance(node, core.Call) else None

        def part_of(part: Any) -> Any:
            return part if not isinstance(part, core.Expr) else inside(part) if part is called else change(part)

        new: core.Expr = core.rebuild(node, part_of)
        if isinstance(new, core.Call) and semantics.callee(new.func) is functools.partial and new.args:
            return as_lambda(new.args[0], new.args[1:], new.keywords, new.at)
        if isinstance(new, core.Call) and (getter := getter_of(new, semantics, held)) is not None:
            return getter
        if isinstance(new, core.Call) and isinstance(new.func, core.Call) and semantics.callee(new.func.func) is functools.wraps:
            return new.args[0]
        if isinstance(new, core.Attribute) and is_method(new, env, semantics):
            return as_lambda(replace(new, value=held(new.value)), (), (), new.at)
        return new

    def inside(func: core.Expr) -> core.Expr:
        """The function of a call: what it is an attribute of may hold arguments, it does not itself."""
        if not isinstance(func, core.Attribute):
            return change(func)
        return core.rebuild(func, lambda part: change(part) if isinstance(part, core.Expr) else part)  # type: ignore[no-any-return]

    def held(value: core.Expr) -> core.Expr:
        if isinstance(value, core.Const) or isinstance(value, (core.Name, core.Attribute)) and not core.reads(value) & semantics.local:
            return value
        if isinstance(value, core.Starred):
            return replace(value, value=held(value.value))
        name = core.Name(names.fresh("bound"))
        out.append(core.Assign(name, value, at=getattr(value, "at", None)))
        return name

    def as_lambda(func: core.Expr, args: tuple[core.Expr, ...], keywords: tuple[tuple[str | None, core.Expr], ...],
                  at: core.Place | None) -> core.Lambda:
        start = len(out)
        func = func if isinstance(func, core.Attribute) else held(func)
        given = tuple(held(arg) for arg in args)
        named = tuple((name, held(value)) for name, value in keywords)
        captured = [made.target.id for made in out[start:] if isinstance(made, core.Assign) and isinstance(made.target, core.Name)]
        captured += sorted(core.reads(func) & {m.target.id for m in out if isinstance(m, core.Assign) and isinstance(m.target, core.Name)})
        # The keywords of a call count before those that are held.
        kept = tuple((core.Const(name) if name is not None else None, value) for name, value in named)
        merged = core.Dict((*(key for key, _ in kept), None), (*(value for _, value in kept), core.Name("kwargs")))
        rest = merged if named else core.Name("kwargs")
        value = core.Call(func, (*given, core.Starred(core.Name("args"))), ((None, rest),), at=at)
        params = (core.Param("args", "args"), core.Param("kwargs", "kwargs"))
        return core.Lambda(core.Function("partial", params, (core.Return(value, at=at),), tuple(dict.fromkeys(captured)), at=at), at=at)

    value = change(stmt.value)
    changes = any(isinstance(node, core.Call) and may_change(node, env, semantics.scope) for node in core.evaluated(stmt.value))
    if out and (changes or not isinstance(semantics.fact(value, env), Number)):     # what is made may be kept
        made = stmt.target.id if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Name) else None
        check_cells(stmt, made, layout, alive, semantics)
    return None if value is stmt.value else [*out, replace(stmt, value=value)]


def getter_of(call: core.Call, semantics: Semantics, held: Callable[[core.Expr], core.Expr]) -> core.Lambda | None:
    """`itemgetter(1)` as `lambda item: item[1]`; likewise `attrgetter("x")`, and `methodcaller("f", 2)` as `lambda item: item.f(2)`.

    `held` puts an argument that is computed into a variable.
    """
    function, item = semantics.callee(call.func), core.Name("item")
    if not call.args or not isinstance(call.args[0], core.Const):
        return None
    key, given, named = call.args[0].value, call.args[1:], call.keywords
    captured: tuple[str, ...] = ()
    written = isinstance(key, str) and key.isidentifier()
    if function is operator.itemgetter and not given and not named:
        value: core.Expr = core.Subscript(item, call.args[0])
    elif function is operator.attrgetter and written and not given and not named:
        value = core.Attribute(item, key)
    elif function is operator.methodcaller and written:
        args = (*given, *(one for _, one in named))
        given, named = tuple(map(held, given)), tuple((name, held(one)) for name, one in named)
        captured = tuple(sorted(NONE.union(*map(core.reads, {*given, *(one for _, one in named)}.difference(args)))))
        value = core.Call(core.Attribute(item, key), given, named, at=call.at)
    else:
        return None
    return core.Lambda(core.Function("getter", (core.Param("item"),), (core.Return(value, at=call.at),), captured, at=call.at), at=call.at)


def is_method(node: core.Attribute, env: Env, semantics: Semantics) -> bool:
    """Whether an attribute is a method of an object of the user's."""
    fact = semantics.fact(node.value, env)
    return isinstance(fact, ObjectFact) and isinstance(vars_of(fact.cls, node.attr), FunctionType) and not is_field(fact, node.attr)


def is_field(fact: ObjectFact, name: str) -> bool:
    return any(field == name for field, _ in fact.fields)


# Loops over functions


def unrolled(stmt: core.For, env: Env, semantics: Semantics, layout: Layout) -> list[core.Stmt] | None:
    """A loop over several functions, iteration by iteration; None where no call depends on which function it is."""
    if (entries := entries_of(stmt, env, semantics, layout)) is not None:
        return entries
    fact = semantics.fact(stmt.iter, env)
    if not isinstance(fact, Sequence) or fact.items is None or len(fact.items) > LONGEST:
        return None
    called = [list(functions_in(item)) for item in fact.items]
    if not any(called) or all(found == called[0] for found in called) and not holds_local(fact):
        return None
    if any(isinstance(inner, (core.Break, core.Continue)) for inner in layout.inside(stmt)):
        return None
    firsts: list[core.Block]
    if isinstance(stmt.iter, (core.Tuple, core.List)):
        firsts = [(core.Assign(stmt.target, elt, at=stmt.at),) for elt in stmt.iter.elts]
    elif isinstance(stmt.iter, core.Call):
        items = items_of(stmt.iter, env, semantics, lambda e: e)
        if items is None or items.backwards:
            return None
        firsts = [tuple(items.bound(stmt.target, core.Const(i), stmt.at)) for i in range(len(fact.items))]
    else:
        firsts = [(core.Assign(stmt.target, core.Subscript(stmt.iter, core.Const(i)), at=stmt.at),) for i in range(len(fact.items))]
    return [inner for first in firsts for inner in (*first, *renewed(stmt.body))]


def entries_of(stmt: core.For, env: Env, semantics: Semantics, layout: Layout) -> list[core.Stmt] | None:
    """A loop over a dict of functions whose keys are known, entry by entry."""
    method = stmt.iter.func if isinstance(stmt.iter, core.Call) and not stmt.iter.args else None
    walked, view = (method.value, method.attr) if isinstance(method, core.Attribute) else (stmt.iter, "keys")
    fact = semantics.fact(walked, env)
    if not isinstance(walked, core.Name) or not isinstance(fact, MappingFact) or view not in ("items", "values", "keys"):
        return None
    if fact.items is None or len(fact.items) > LONGEST:
        return None
    if not any(True for _ in functions_in(fact)) or not all(type(key) in (str, int) for key, _ in fact.items):
        return None
    if any(isinstance(inner, (core.Break, core.Continue)) for inner in layout.inside(stmt)) or walked.id in layout.binds(stmt):
        return None
    out: list[core.Stmt] = []
    for key, _ in fact.items:
        entry: core.Expr = core.Subscript(walked, core.Const(key))
        bound = core.Const(key) if view == "keys" else entry
        if view == "items" and isinstance(stmt.target, core.Tuple) and len(stmt.target.elts) == 2:
            out += [core.Assign(target, value, at=stmt.at) for target, value in zip(stmt.target.elts, (core.Const(key), entry))]
        else:
            out.append(core.Assign(stmt.target, core.Tuple((core.Const(key), entry)) if view == "items" else bound, at=stmt.at))
        out += renewed(stmt.body)
    return out


# One of several functions


def chosen_from(call: core.Call, env: Env, semantics: Semantics) -> ChoiceFact | None:
    """The functions one of which a call runs; None where it is one that is known, or not known at all."""
    if not isinstance(call.func, (core.Name, core.Attribute, core.Subscript, core.IfExp)):
        return None
    fact = semantics.fact(call.func, env)
    return fact if isinstance(fact, ChoiceFact) else None


def told_apart(call: core.Call, choice: ChoiceFact, target: core.Name, code: core.Function, semantics: Semantics,
               names: Names) -> list[core.Stmt]:
    """The statements of a call of one of several functions; the result is left in `target`."""
    out: list[core.Stmt] = []
    func = call.func
    if not isinstance(func, core.Name):
        func = core.Name(names.fresh("function"))
        out.append(core.Assign(func, call.func, at=call.at))
    paths = [path_to(one, code, semantics) for one in choice.functions]
    if None in paths:
        raise refuse(f"cannot tell which of {len(paths)} functions this calls", call.at, semantics.source,
                     "call each in a branch of its own, or give each a name")
    block: core.Block = ()
    for path in reversed(paths):
        assert path is not None
        run = (core.Assign(target, replace(call, func=path), at=call.at),)
        block = (core.If(core.Compare(("is",), (func, path)), run, block, at=call.at),) if block else run
    return [*out, *block]


def path_to(function: FunctionFact, code: core.Function, semantics: Semantics) -> core.Expr | None:
    """What names a function in the function at hand: as its text names it, else a global."""
    if isinstance(function.value, core.Function):
        defined = [node for node in core.walk(code.body) if isinstance(node, core.Define) and node.function == function.value]
        name = core.Name(function.value.name)
        others = [n for s in core.walk(code.body) if isinstance(s, core.Stmt) for n, _ in atomic_writes(s) if n == name.id]
        return name if len(defined) == len(others) == 1 and any(node is defined[0] for node in code.body) else None
    for node in core.walk(code.body):
        if isinstance(node, (core.Name, core.Attribute)) and semantics.callee(node) is function.value:
            return node
    for known, value in globals_of(semantics.source).items():
        if value is function.value and semantics.callee(core.Name(known)) is value:
            return core.Name(known)
    attr = getattr(function.value, "__name__", "")
    for known, value in globals_of(semantics.source).items():
        if isinstance(value, ModuleType) and getattr(value, attr, None) is function.value:
            path = core.Attribute(core.Name(known), attr)
            return path if semantics.callee(path) is function.value else None
    return None


def globals_of(source: Source) -> dict[str, object]:
    found: dict[str, object] = getattr(source.function, "__globals__", {})
    return found


def with_names(code: core.Function, facts: Mapping[core.Stmt, Env], semantics: Semantics, names: Names) -> core.Function:
    """The function with one function defined inside, which is one of several that a call may run, under a name of its own at the start.

        if x > 0:                       ->      def f_2(t): return t * x
            def f(t): return t * x              if x > 0:
                                                    f = f_2
    """
    for stmt in core.walk(code.body):
        if not isinstance(stmt, core.Stmt) or stmt not in facts:
            continue
        for call in (node for part in own_expressions(stmt) for node in core.walk(part) if isinstance(node, core.Call)):
            choice = chosen_from(call, facts[stmt], semantics)
            for one in choice.functions if choice is not None else ():
                if isinstance(one.value, core.Function) and path_to(one, code, semantics) is None:
                    return _named(one.value, code, names)
    return code


def _named(function: core.Function, code: core.Function, names: Names) -> core.Function:
    if any(param.default is not None and not isinstance(param.default, core.Const) for param in function.params):
        return code
    name = names.fresh(function.name if function.name.isidentifier() else "function")

    def change(node: Any) -> Any:
        if isinstance(node, core.Lambda) and node.function == function:
            return core.Name(name, at=node.at)
        if isinstance(node, core.Define) and node.function == function:
            return core.Assign(core.Name(node.name), core.Name(name), at=node.at)
        return core.rebuild(node, change)

    define = core.Define(name, replace(function, name=name), at=function.at)
    return replace(code, body=(define, *(change(stmt) for stmt in code.body)))
