"""What statements change in place, and which variables are beyond the reach of such a change.

A *private* variable holds objects that nothing else refers to: each of its values is made new, and none is stored, passed on or aliased.  The stacks and
most adjoints of a derivative are private.  All other objects count as one, so that any change in place may change any of them.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from s2sad import core
from s2sad.graph import Graph
from s2sad.liveness import captured
from s2sad.tidy.blocks import expressions, root, targets
from s2sad.tidy.knowledge import NONE, Knowledge, has_call

ANY = "*"
"""Stands for all objects that are not private."""


@dataclass(frozen=True)
class Memory:
    """The private variables of a function; `local` are all that it binds, `captured` those that nested functions read."""

    knowledge: Knowledge
    local: frozenset[str]
    private: frozenset[str]
    captured: frozenset[str]

    @classmethod
    def of(cls, function: core.Function, graph: Graph, knowledge: Knowledge) -> Memory:
        params = frozenset(param.name for param in function.params)
        inner = captured(function.body)
        made: dict[str, bool] = {}
        escaped: set[str] = set(params | inner)
        for stmt in graph.nodes:
            for name, fresh in _bindings(stmt, knowledge):
                made[name] = made.get(name, True) and fresh
            escaped |= _escaping(stmt, knowledge)
        private = frozenset(name for name, fresh in made.items() if fresh and name not in escaped)
        return cls(knowledge, params.union(made), private, inner)

    def changed(self, stmt: core.Stmt) -> frozenset[str]:
        """What a statement itself changes in place: private variables by name, anything else as ANY."""
        found: set[str] = set()
        if isinstance(stmt, (core.Assign, core.AugAssign)):
            for target in targets(stmt.target):
                if not isinstance(target, core.Name) or isinstance(stmt, core.AugAssign) and not self.knowledge.is_number(target):
                    found.add(self._place(root(target)))
        for expr in expressions(stmt):
            if has_call(expr):
                found.update(*(self._changed_by(call) for call in impure_calls(expr, self.knowledge)))
        return frozenset(found)

    def _changed_by(self, call: core.Call) -> frozenset[str]:
        receiver = receiver_of(call)
        return frozenset((receiver,)) if receiver in self.private and receiver is not None else frozenset((ANY,))

    def _place(self, name: str | None) -> str:
        return name if name is not None and name in self.private else ANY

    def contents(self, expr: core.Expr) -> frozenset[str]:
        """Whose contents the value of an expression depends on."""
        found: set[str] = set()
        for name in core.reads(expr):
            if name in self.private:
                found.add(name)
            elif not self.knowledge.is_number(core.Name(name)) and (name in self.local or not _is_function_only(name, expr)):
                found.add(ANY)
        return frozenset(found)


def _is_function_only(name: str, expr: core.Expr) -> bool:
    """Whether a global name occurs only as a function, or a module that holds one."""
    if isinstance(expr, core.Call):
        func = expr.func
        while isinstance(func, core.Attribute):
            func = func.value
        inside = [*expr.args, *(value for _, value in expr.keywords)]
        if not isinstance(func, core.Name):
            inside.append(func)
        return all(_is_function_only(name, part) for part in inside)
    if isinstance(expr, core.Name):
        return expr.id != name
    return all(_is_function_only(name, child) for child in core.children(expr))


def receiver_of(call: core.Call) -> str | None:
    """The one variable that a well-known call changes: `s.append(x)`, `s.pop()`, `np.add.at(a, i, x)`."""
    func = call.func
    if not isinstance(func, core.Attribute):
        return None
    if func.attr == "append" and len(call.args) == 1 or func.attr == "pop" and not call.args:
        return func.value.id if isinstance(func.value, core.Name) else None
    if func.attr == "at" and isinstance(func.value, core.Attribute) and func.value.value == core.Name("np") and call.args:
        return root(call.args[0])
    return None


def impure_calls(expr: core.Expr, knowledge: Knowledge) -> Iterator[core.Call]:
    if knowledge.is_pure(expr):
        return
    for node in core.walk(expr):
        if isinstance(node, core.Call):
            own = core.Call(node.func, tuple(_without_calls(arg) for arg in node.args), tuple((key, _without_calls(v)) for key, v in node.keywords))
            if receiver_of(node) is not None or not knowledge.is_pure(own):
                yield node


def _without_calls(expr: core.Expr) -> core.Expr:
    """A stand-in for an argument, which other calls account for."""
    return core.Const(None) if has_call(expr) else expr


def _bindings(stmt: core.Stmt, knowledge: Knowledge) -> Iterator[tuple[str, bool]]:
    """The names that a statement binds, each with whether it gets a new object."""
    if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Name):
        yield stmt.target.id, not knowledge.shared(stmt.value) and knowledge.is_pure(stmt.value)
    elif isinstance(stmt, (core.Assign, core.For)):
        yield from ((name, False) for name in core.bound_names(stmt.target))
    elif isinstance(stmt, core.AugAssign):
        yield from ((name, True) for name in core.bound_names(stmt.target))
    elif isinstance(stmt, (core.Define, core.Import)):
        yield stmt.name, False


def _escaping(stmt: core.Stmt, knowledge: Knowledge) -> frozenset[str]:
    """The names whose objects something else may refer to after a statement."""
    found: set[str] = set()
    if isinstance(stmt, core.Assign):
        if not (isinstance(stmt.value, core.Call) and receiver_of(stmt.value) is not None):
            found |= knowledge.shared(stmt.value)
    elif isinstance(stmt, core.AugAssign):
        found |= knowledge.shared(stmt.value)
    elif isinstance(stmt, core.For):
        found |= knowledge.shared(stmt.iter)
    for expr in expressions(stmt):
        if has_call(expr):
            for call in impure_calls(expr, knowledge):
                known = receiver_of(call)
                inside = [*call.args, *(value for _, value in call.keywords)]
                if known is None:
                    inside.append(call.func)
                elif known in core.reads(call.args[0] if call.args else core.Const(None)) and isinstance(call.func, core.Attribute) and call.func.attr == "at":
                    inside = inside[1:]
                found.update(*(knowledge.shared(part) for part in inside))
                found.update(*(frozenset(p.function.free) for p in core.walk(call) if isinstance(p, core.Lambda)))
    return frozenset(found)


def pops(stmt: core.Stmt) -> frozenset[str]:
    """The list that `x = s.pop()` takes from."""
    if isinstance(stmt, core.Assign) and isinstance(stmt.value, core.Call):
        name = receiver_of(stmt.value)
        if name is not None:
            return frozenset((name,))
    return NONE
