"""Lists and dicts in disguise: a `deque` as a list, a `defaultdict`, `Counter` or `OrderedDict` as a dict, where nothing sees which it is.

    totals = defaultdict(float)     ->      totals = {}
    totals[key] += x                        if key not in totals:
                                                totals[key] = 0.0
                                            totals[key] += x
    window = deque(maxlen=3)        ->      window = []
    window.append(x)                        window.append(x)
                                            if len(window) > 3:
                                                del window[0]
    first = window.popleft()        ->      first = window.pop(0)

A variable is left as it is where it is passed on, returned, or used in a way that the list or dict would not answer alike.
"""
from __future__ import annotations

import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from s2sad import core
from s2sad.flow.layout import atomic_writes, pairwise
from s2sad.lower.flow import within
from s2sad.lower.scopes import bound_in
from s2sad.reading.read import UNRESOLVED, Source
from s2sad.reading.scope import ScopeWith

CLASSES = (deque, defaultdict, OrderedDict, Counter)
TAKING = frozenset(("len", "list", "sorted", "sum", "min", "max", "any", "all", "tuple", "enumerate", "zip", "reversed", "bool", "set"))
"""Functions of Python's that take a list where they take a deque, and a dict where they take a disguised one."""

DICT_METHODS = frozenset(("items", "keys", "values", "get", "pop", "update", "setdefault", "clear"))
LIST_METHODS = frozenset(("pop", "popleft", "count", "index"))
CHANGES = frozenset(("append", "appendleft", "extend", "remove", "insert", "clear", "reverse"))
"""The methods of a deque that stand in a statement of their own."""

PLAIN = (core.Name, core.Const, core.Tuple, core.BinOp, core.UnaryOp, core.Subscript, core.Attribute)
"""What a key may be made of that is written twice."""


class Seen(Exception):
    """Something sees which class the variable is of."""


def without_disguises(function: core.Function, source: Source | None) -> core.Function:
    """The function with its variables of these classes as lists and dicts."""
    if source is None:
        return function
    local = bound_in(function)
    source = replace(source, scope=ScopeWith(source.scope, imported(function)))
    function = replace(function, body=apart(function.body, source, local))
    for name in sorted(local - {param.name for param in function.params}):
        made = [stmt.value for stmt in own_statements(function.body) if isinstance(stmt, core.Assign) and stmt.target == core.Name(name)]
        bound = sum(name == one and whole for stmt in own_statements(function.body) for one, whole in atomic_writes(stmt))
        cls = made_by(made[0], source, local) if made else None
        if cls is None or len(made) != bound or any(one != made[0] for one in made[1:]):
            continue
        first = made[0]
        assert isinstance(first, core.Call)
        try:
            function = replace(function, body=Disguise(name, cls, first, source, local).block(function.body))
        except Seen:
            continue
    return function


def imported(function: core.Function) -> dict[str, object]:
    """What the local imports of a function give their names, where these mean nothing else in it."""
    statements = list(own_statements(function.body))
    bound = Counter(name for stmt in statements for name, _ in atomic_writes(stmt))
    found: dict[str, object] = {}
    for stmt in statements:
        module: object = sys.modules.get(stmt.module) if isinstance(stmt, core.Import) else None
        if isinstance(stmt, core.Import) and bound[stmt.name] == 1 and module is not None:
            found[stmt.name] = getattr(module, stmt.attr, UNRESOLVED) if stmt.attr else module
    return found


def apart(block: core.Block, source: Source, local: frozenset[str]) -> core.Block:
    """The block with `window, s = deque(), 0.0` as two assignments."""
    out: list[core.Stmt] = []
    for stmt in block:
        value = stmt.value if isinstance(stmt, core.Assign) else None
        if isinstance(stmt, core.Assign) and pairwise(stmt.target, stmt.value) and any(
                made_by(elt, source, local) is not None for elt in value.elts):  # type: ignore[union-attr]
            targets, values = stmt.target.elts, stmt.value.elts  # type: ignore[attr-defined]
            if all(isinstance(t, core.Name) for t in targets) and not core.reads(stmt.value) & frozenset(core.bound_names(stmt.target)):
                out += [replace(stmt, target=t, value=v) for t, v in zip(targets, values)]
                continue
        out.append(within(stmt, lambda inner: apart(inner, source, local)))
    return tuple(out)


def made_by(value: core.Expr, source: Source, local: frozenset[str]) -> object | None:
    """Which of the classes a call makes an object of."""
    cls = source.scope.resolve(value.func, local) if isinstance(value, core.Call) else UNRESOLVED
    return next((one for one in CLASSES if cls is one), None)


def own_statements(block: core.Block) -> Iterator[core.Stmt]:
    """The statements of a block, those inside others too, but not those of functions defined there."""
    for stmt in block:
        yield stmt
        for inner in core.blocks(stmt):
            yield from own_statements(inner)


@dataclass
class Disguise:
    """One variable of the class `cls`, made by the call `made`; `safe` are names of keys that it has, `missing` the keys to be put in."""

    name: str
    cls: object
    made: core.Call
    source: Source
    local: frozenset[str]
    safe: frozenset[str] = frozenset()
    missing: list[core.Expr] = field(default_factory=list)
    taken: int = 0

    def block(self, block: core.Block) -> core.Block:
        return tuple(new for stmt in block for new in self.statement(stmt))

    def statement(self, stmt: core.Stmt) -> list[core.Stmt]:
        if isinstance(stmt, core.Assign) and stmt.target == core.Name(self.name):
            return self.making(stmt)
        self.missing, self.taken = [], 0
        if isinstance(stmt, core.ExprStmt) and isinstance(stmt.value, core.Call) and self.is_method(stmt.value, CHANGES):
            return self.change(stmt, stmt.value)
        new: core.Stmt
        if isinstance(stmt, core.For):
            over = stmt.iter == core.Name(self.name)
            walked, target = stmt.iter if over else self.expr(stmt.iter), self.target(stmt.target)
            before, safe = self.put_in(stmt), self.safe
            self.safe = safe | self.keys(stmt.target, stmt.iter)
            new = replace(stmt, target=target, iter=walked, body=self.block(stmt.body))
            self.safe = safe
            return [*before, new]
        if isinstance(stmt, (core.If, core.While)):
            test = self.expr(stmt.test, certain=isinstance(stmt, core.If), test=True)
            before = self.put_in(stmt)
            return [*before, within(replace(stmt, test=test), self.block)]
        if isinstance(stmt, (core.Assign, core.AugAssign)):
            target = self.target(stmt.target, read=isinstance(stmt, core.AugAssign))
            new = replace(stmt, target=target, value=self.expr(stmt.value))
            return [*self.put_in(stmt), new]
        if isinstance(stmt, core.Delete):
            if self.cls is Counter and self.mentions(core.Tuple(stmt.targets)):
                raise Seen
            new = replace(stmt, targets=tuple(self.target(target) for target in stmt.targets))
        elif isinstance(stmt, (core.ExprStmt, core.Return)):
            new = replace(stmt, value=self.expr(stmt.value))
        elif isinstance(stmt, core.Assert):
            new = replace(stmt, test=self.expr(stmt.test, test=True))
        else:
            if any(self.mentions(child) for child in core.children(stmt) if isinstance(child, (core.Expr, core.Function))):
                raise Seen
            new = within(stmt, self.block)
        return [*self.put_in(stmt), new]

    def mentions(self, node: Any) -> bool:
        return any(isinstance(part, core.Name) and part.id == self.name for part in core.walk(node))

    def is_method(self, call: core.Call, methods: frozenset[str]) -> bool:
        func = call.func
        return isinstance(func, core.Attribute) and func.value == core.Name(self.name) and func.attr in methods

    @property
    def methods(self) -> frozenset[str]:
        """The methods that list and dict have too, and with the same meaning."""
        return LIST_METHODS if self.cls is deque else DICT_METHODS - {"update"} if self.cls is Counter else DICT_METHODS

    # What it is made of, and what changes it

    def making(self, stmt: core.Assign) -> list[core.Stmt]:
        args, keywords = list(self.made.args), dict(self.made.keywords)
        if self.cls is defaultdict:
            if not args or self.default() is None:
                raise Seen
            args = args[1:]
        elif self.cls is Counter and args:
            raise Seen      # it counts
        elif self.cls is deque:
            bounded = keywords.pop("maxlen", None) is not None or len(args) > 1
            if bounded and self.longest() is None:
                raise Seen
            args = args[:1]
        if len(args) > 1 or keywords or any(self.mentions(arg) for arg in args):
            raise Seen
        if not args:
            value: core.Expr = core.List(()) if self.cls is deque else core.Dict((), ())
            return [replace(stmt, value=value)]
        value = core.Call(core.Name("list" if self.cls is deque else "dict"), (args[0],), at=self.made.at)
        return [replace(stmt, value=value), *self.shortened(core.Const(0), stmt, core.While)]

    def longest(self) -> core.Expr | None:
        """How many items a deque may have."""
        given = dict(self.made.keywords).get("maxlen") or (self.made.args[1] if len(self.made.args) > 1 else None)
        return given if isinstance(given, core.Const) and isinstance(given.value, int) and given.value > 0 else None

    def default(self) -> core.Expr | None:
        """What a `defaultdict`, or a change of a `Counter`, puts in where a key is missing."""
        if self.cls is Counter:
            return core.Const(0)
        factory = self.made.args[0]
        plain = {float: core.Const(0.0), int: core.Const(0), list: core.List(()), dict: core.Dict((), ())}
        found = self.source.scope.resolve(factory, self.local)
        for one, value in plain.items():
            if found is one:
                return value
        if isinstance(factory, core.Lambda) and not factory.function.params and len(factory.function.body) == 1:
            last = factory.function.body[0]
            return last.value if isinstance(last, core.Return) and not self.mentions(last) else None
        return None

    def shortened(self, place: core.Expr, stmt: core.Stmt, kind: type[core.If] | type[core.While] = core.If) -> list[core.Stmt]:
        """Takes an item out where there are more than there may be."""
        longest, at = self.longest() if self.cls is deque else None, getattr(stmt, "at", None)
        if longest is None:
            return []
        test = core.Compare((">",), (core.Call(core.Name("len"), (core.Name(self.name),)), longest))
        body = (core.Delete((core.Subscript(core.Name(self.name), place),), at=at),)
        return [kind(test, body, at=at)]

    def change(self, stmt: core.ExprStmt, call: core.Call) -> list[core.Stmt]:
        if self.cls is not deque and not self.is_method(call, self.methods):
            raise Seen
        func, args = call.func, tuple(self.expr(arg) for arg in call.args)
        assert isinstance(func, core.Attribute)
        if call.keywords:
            raise Seen
        if func.attr == "appendleft":
            func, args = replace(func, attr="insert"), (core.Const(0), *args)
            after = self.shortened(core.UnaryOp("-", core.Const(1)), stmt)
        else:
            after = self.shortened(core.Const(0), stmt, core.While if func.attr == "extend" else core.If) if func.attr in (
                "append", "extend") else []
            if func.attr == "insert" and self.longest() is not None:
                raise Seen
        return [replace(stmt, value=replace(call, func=func, args=args)), *after]

    def put_in(self, stmt: core.Stmt) -> list[core.Stmt]:
        """Puts in the keys that a statement reads; what else it asks of the dict must not tell the difference."""
        if self.missing and self.taken:
            raise Seen
        out: list[core.Stmt] = []
        at = getattr(stmt, "at", None)
        for key in dict.fromkeys(self.missing):
            default = self.default()
            assert default is not None
            entry = core.Assign(core.Subscript(core.Name(self.name), key), default, at=at)
            out.append(core.If(core.Compare(("not in",), (key, core.Name(self.name))), (entry,), at=at))
        self.missing, self.taken = [], 0
        return out

    def keys(self, target: core.Expr, walked: core.Expr) -> frozenset[str]:
        """The names that are keys of the dict in a loop over it."""
        attr, over = "", walked
        while isinstance(over, core.Call) and over.func in (core.Name("sorted"), core.Name("list")) and len(over.args) == 1:
            over = over.args[0]
        method = over.func if isinstance(over, core.Call) and not over.args else None
        if isinstance(method, core.Attribute):
            over, attr = method.value, method.attr
        if over != core.Name(self.name):
            return frozenset()
        if attr == "items" and isinstance(target, core.Tuple):
            target = target.elts[0]
        return frozenset((target.id,)) if isinstance(target, core.Name) and attr != "values" else frozenset()

    # Expressions

    def target(self, target: core.Expr, read: bool = False) -> core.Expr:
        """What is assigned to, or deleted; what its path reads is read."""
        if target == core.Name(self.name):
            raise Seen
        if isinstance(target, core.Subscript) and target.value == core.Name(self.name):
            return self.item(target, True, changed=True) if read else replace(target, index=self.expr(target.index))
        if isinstance(target, core.Tuple):
            return core.Tuple(tuple(self.target(elt) for elt in target.elts), at=target.at)
        if isinstance(target, core.Starred):
            return replace(target, value=self.target(target.value))
        return self.expr(target)

    def expr(self, expr: core.Expr, certain: bool = True, test: bool = False) -> core.Expr:
        """The expression; `certain` if it is evaluated once where it stands, `test` if nothing but whether it holds counts."""
        if expr == core.Name(self.name):
            if not test:
                raise Seen
            self.taken += 1
            return expr
        if not self.mentions(expr):
            return expr
        if isinstance(expr, core.Subscript) and expr.value == core.Name(self.name):
            return self.item(expr, certain)
        if isinstance(expr, core.Call):
            return self.call(expr, certain)
        if isinstance(expr, core.Compare) and expr.ops[-1:] in (("in",), ("not in",)) and expr.operands[-1] == core.Name(self.name):
            self.taken += 1
            return replace(expr, operands=(*(self.expr(part, certain) for part in expr.operands[:-1]), expr.operands[-1]))
        if isinstance(expr, core.BoolOp):
            return replace(expr, values=tuple(self.expr(part, certain and not i, test) for i, part in enumerate(expr.values)))
        if isinstance(expr, core.UnaryOp) and expr.op == "not":
            return replace(expr, operand=self.expr(expr.operand, certain, True))
        if isinstance(expr, core.IfExp):
            body, orelse = (self.expr(part, False, test) for part in (expr.body, expr.orelse))
            return replace(expr, test=self.expr(expr.test, certain, True), body=body, orelse=orelse)
        if isinstance(expr, core.Comprehension):
            return self.comprehension(expr, certain)
        if isinstance(expr, (core.Lambda, core.FString)):
            raise Seen
        return core.rebuild(expr, lambda part: self.expr(part, certain) if isinstance(part, core.Expr) else part)  # type: ignore[no-any-return]

    def item(self, expr: core.Subscript, certain: bool, changed: bool = False) -> core.Expr:
        key = self.expr(expr.index, certain)
        if self.cls is deque and isinstance(key, core.Slice):
            raise Seen
        safe = isinstance(key, core.Name) and key.id in self.safe
        if self.cls is Counter and not changed and not safe:
            return core.Call(core.Attribute(core.Name(self.name), "get"), (key, core.Const(0)), at=expr.at)
        if self.cls in (defaultdict, Counter) and not safe:
            if not certain or not all(isinstance(node, PLAIN) for node in core.walk(key)) or self.mentions(key):
                raise Seen
            self.missing.append(key)
        return replace(expr, index=key)

    def call(self, call: core.Call, certain: bool) -> core.Expr:
        if self.is_method(call, self.methods):
            assert isinstance(call.func, core.Attribute)
            self.taken += 1
            args, keywords = self.arguments(call, certain)
            if call.func.attr == "popleft":
                return replace(call, func=replace(call.func, attr="pop"), args=(core.Const(0),))
            return replace(call, args=args, keywords=keywords)
        function = self.source.scope.resolve(call.func, self.local)
        of_python = isinstance(call.func, core.Name) and call.func.id in TAKING and getattr(function, "__module__", None) == "builtins"
        takes = of_python or self.cls is deque and str(getattr(function, "__module__", None)).partition(".")[0] == "numpy"
        func = call.func if isinstance(call.func, core.Name) else self.expr(call.func, certain)
        if takes and any(arg == core.Name(self.name) for arg in call.args):
            self.taken += 1
        args, keywords = self.arguments(call, certain, takes)
        return replace(call, func=func, args=args, keywords=keywords)

    def arguments(self, call: core.Call, certain: bool, takes: bool = False) -> tuple[Any, Any]:
        args = tuple(arg if takes and arg == core.Name(self.name) else self.expr(arg, certain) for arg in call.args)
        return args, tuple((name, self.expr(value, certain)) for name, value in call.keywords)

    def comprehension(self, expr: core.Comprehension, certain: bool) -> core.Expr:
        safe, generators = self.safe, []
        for i, generator in enumerate(expr.generators):
            if self.name in core.bound_names(generator.target):
                raise Seen
            over = generator.iter
            if over == core.Name(self.name):
                self.taken += 1
            else:
                over = self.expr(over, certain and not i)
            self.safe = self.safe | self.keys(generator.target, generator.iter)
            generators.append(replace(generator, iter=over, tests=tuple(self.expr(test, False, True) for test in generator.tests)))
        elements = tuple(self.expr(element, False) for element in expr.elements)
        self.safe = safe
        return replace(expr, elements=elements, generators=tuple(generators))
