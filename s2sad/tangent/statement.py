"""Each statement with its tangent, and nothing else.

    r *= x    ->    r_dot = r_dot * x + r * x_dot         h = np.tanh(a)    ->    h = np.tanh(a)
                    r *= x                                                       h_dot = (1 - h ** 2) * a_dot

A statement that moves references (`v = u[1:]`, `items.append(v)`, `a, b = b, a`) does the same to tangents, so that these share memory as their primals do.
The tangent follows its statement, or precedes it where it reads what the statement overwrites.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from s2sad import core
from s2sad.analysis.alias import is_immutable, shared_names
from s2sad.core import root
from s2sad.errors import refuse
from s2sad.facts import UNKNOWN, Fact, FunctionFact, Number, ObjectFact, Sequence
from s2sad.facts import Mapping as MappingFact
from s2sad.flow.layout import pairwise
from s2sad.infer.changes import own_expressions
from s2sad.meaning.callees import UserCall, is_function
from s2sad.meaning.forms import RESULT
from s2sad.meaning.semantics import Semantics
from s2sad.names import Names
from s2sad.tangent.activity import Tangents
from s2sad.tangent.changes import changed_names, targets
from s2sad.tangent.expression import Walk
from s2sad.tangent.zero import ZERO, is_scalar, tangent_fact, zero_of

Jvps = Callable[[UserCall, Mapping[str, Fact], frozenset[str]], tuple[str, tuple[str, ...]]]
"""Gives for a call of the user's the name of its jvp, and the parameters whose tangents it takes, after all arguments."""

SAME = frozenset(("append", "insert", "extend", "pop", "clear", "reverse", "update", "fill", "popitem", "setdefault"))
"""Methods that change an object without looking at what it holds, so that they do the same to its tangent."""

RUNNING = (core.Call, core.BinOp, core.UnaryOp, core.Attribute, core.Subscript)
"""The operations that may run a function of the user's."""


@dataclass
class Statements:
    """Writes the statements of a function, each with its tangent."""

    semantics: Semantics
    facts: Mapping[core.Stmt, Mapping[str, Fact]]
    tangents: Tangents
    names: Names
    jvps: Jvps
    params: frozenset[str]
    called: bool

    def block(self, block: core.Block) -> core.Block:
        return tuple(new for stmt in block for new in self.statement(stmt))

    def statement(self, stmt: core.Stmt) -> list[core.Stmt]:
        if stmt not in self.facts:
            return [stmt]
        if isinstance(stmt, core.If):
            self.check(stmt)
            return [replace(stmt, body=self.block(stmt.body), orelse=self.block(stmt.orelse))]
        if isinstance(stmt, (core.While, core.For)):
            self.check(stmt)
            return [replace(stmt, body=(*self.constants(stmt), *self.block(stmt.body)))]
        if isinstance(stmt, core.With):
            self.check(stmt)
            if self.semantics.dependencies(stmt.context, self.facts[stmt]) & self.tangents.varied[stmt]:
                raise refuse("cannot differentiate through a context that is made of what is differentiated", stmt.at, self.semantics.source,
                             "make the context of values that do not depend on it")
            return [replace(stmt, body=self.block(stmt.body))]
        if isinstance(stmt, core.Try):
            return [self.attempt(stmt)]
        if isinstance(stmt, core.Delete):
            return [stmt, *self.deleted(stmt)]
        if isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt)):
            self.check(stmt, hidden=True)
            varied = self.tangents.varied[stmt] & self.tangents.before[stmt]    # what varies and matters: what varies else has no tangent
            return Pairing(self, dict(self.facts[stmt]), varied, self.tangents.after[stmt]).statement(stmt)
        self.check(stmt)
        return [stmt]

    def attempt(self, stmt: core.Try) -> core.Try:
        """A `try` of one statement gets its tangent in `else`, so that no handler catches an exception of the tangent."""
        body, orelse = self.block(stmt.body), self.block(stmt.orelse)
        if len(stmt.body) == 1 and body[0] is stmt.body[0] and stmt.handlers:
            body, orelse = body[:1], (*body[1:], *orelse)
        handlers = tuple(replace(handler, body=self.block(handler.body)) for handler in stmt.handlers)
        return replace(stmt, body=body, handlers=handlers, orelse=orelse, final=self.block(stmt.final))

    def constants(self, loop: core.While | core.For) -> list[core.Stmt]:
        """The tangents of what a loop binds, where they are asked for: a loop that is left as it is runs over keys or indices."""
        if not isinstance(loop, core.For):
            return []
        keys = isinstance(self.semantics.fact(loop.iter, self.facts[loop]), MappingFact)
        if not keys and self.semantics.dependencies(loop.iter, self.facts[loop]) & self.tangents.varied[loop]:
            return []
        names = sorted(set(core.bound_names(loop.target)) & self.tangents.before[loop.body[0]])
        env = self.facts[loop.body[0]]
        return [core.Assign(core.Name(self.names.dot(name)), zero_of(core.Name(name), lambda e: self.semantics.fact(e, env))) for name in names]

    def deleted(self, stmt: core.Delete) -> list[core.Stmt]:
        """`del items[i]` of the tangents too."""
        parts = [self.path(target) for target in stmt.targets if not isinstance(target, core.Name) and root(target) in self.tangents.mirrored]
        return [core.Delete(tuple(parts))] if parts else []

    def path(self, target: core.Expr) -> core.Expr:
        """The tangent of what a target names."""
        if isinstance(target, core.Name):
            return core.Name(self.names.dot(target.id))
        if isinstance(target, core.Subscript):
            return core.Subscript(self.path(target.value), target.index)
        assert isinstance(target, core.Attribute), target
        return core.Attribute(self.path(target.value), target.attr)

    def check(self, stmt: core.Stmt, hidden: bool = False) -> None:
        """A test that changes what has a tangent cannot be mirrored where it stands, nor can a part of a comprehension, which is `hidden`."""
        for expr in own_expressions(stmt):
            places = (node for node in core.walk(expr) if isinstance(node, core.Comprehension)) if hidden else (expr,)
            for node in (node for place in places for node in core.walk(place)):
                if isinstance(node, core.Call) and changed_names(node, self.facts[stmt], self.semantics) & self.tangents.mirrored:
                    raise refuse("this changes an object that is differentiated, inside an expression", node.at, self.semantics.source,
                                 "write it as a statement of its own before this one")


@dataclass
class Pairing:
    """One statement with its tangent, and what has to be named before it.

    `env` and `varied` grow by the names given, `views` by those that may share memory with variables.
    """

    whole: Statements
    env: dict[str, Fact]
    varied: frozenset[str]
    after: frozenset[str]
    views: frozenset[str] = frozenset()

    @property
    def semantics(self) -> Semantics:
        return self.whole.semantics

    @property
    def mirrored(self) -> frozenset[str]:
        return self.whole.tangents.mirrored

    def fact(self, expr: core.Expr) -> Fact:
        return self.semantics.fact(expr, self.env)

    def walk(self, value: core.Expr, has_result: bool, owned: bool = False) -> Walk:
        return Walk(self.semantics, self.env, self.varied, self.mirrored, self.whole.names, value, has_result, owned)

    def statement(self, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt) -> list[core.Stmt]:
        if isinstance(stmt, core.Assign):
            called = self.active_call(stmt.value) if self.gets(stmt.target) or self.changed(stmt.value) else None
            return self.assign(stmt) if called is None else self.called(stmt, called)
        if isinstance(stmt, core.AugAssign):
            return self.augmented(stmt)
        if isinstance(stmt, core.Return):
            return self.returned(stmt)
        if self.changed(stmt.value) and (called := self.active_call(stmt.value)) is not None:
            return self.called(stmt, called)
        return self.changing(stmt, stmt.value) if isinstance(stmt.value, core.Call) else [stmt]

    # Naming

    def named(self, nodes: list[core.Expr], stmt: core.Stmt) -> tuple[list[core.Stmt], core.Stmt]:
        """Statements that name the nodes, and the statement with the names in their places."""
        out: list[core.Stmt] = []
        at = stmt.at  # type: ignore[attr-defined]

        def extract(node: core.Expr) -> core.Expr:
            if isinstance(node, (core.Lambda, core.Comprehension)):
                return node
            wanted = any(node is other for other in nodes)
            new: core.Expr = core.rebuild(node, lambda part: extract(part) if isinstance(part, core.Expr) else part)
            if not wanted:
                return new
            name = core.Name(self.whole.names.fresh("t"))
            if shared_names(node, self.env, self.semantics):
                self.views |= {name.id}
            fact, active = self.fact(node), bool(self.semantics.dependencies(node, self.env) & self.varied)
            if active:
                inner = Pairing(self.whole, self.env, self.varied, self.after | {name.id})
                out.extend(inner.statement(core.Assign(name, new, at=at)))
                self.varied = inner.varied | {name.id}
            else:
                out.append(core.Assign(name, new, at=at))
            self.env[name.id] = fact
            return name

        new: core.Stmt = core.rebuild(stmt, lambda part: extract(part) if isinstance(part, core.Expr) else part)
        return out, new

    def first_named(self, walk: Walk, stmt: core.Assign | core.AugAssign | core.Return | core.ExprStmt) -> list[core.Stmt]:
        before, new = self.named(walk.wanted, stmt)
        if new is stmt:
            raise refuse("cannot differentiate this expression", stmt.at, self.semantics.source, "assign its parts to variables first")
        assert isinstance(new, (core.Assign, core.AugAssign, core.Return, core.ExprStmt))
        return [*before, *self.statement(new)]

    # Assignments

    def assign(self, stmt: core.Assign) -> list[core.Stmt]:
        """`target = value`, and the same for tangents."""
        wanted = [name for name in core.bound_names(stmt.target) if name in self.after and not self.is_function(stmt, name)]
        parts = not isinstance(stmt.target, core.Name) and any(self.has_part(part) for part in targets(stmt.target))
        walk = self.walk(stmt.value, isinstance(stmt.target, core.Name), bool(self.mirrored.intersection(wanted)) or parts)
        if not wanted and not parts:
            if changed := self.changed(stmt.value):
                raise self.hidden_change(stmt, changed)
            return [stmt]
        if isinstance(stmt.target, core.Name):
            e = walk.tangent(stmt.value)
            e = self.zero(stmt.value, stmt.target) if e is None else walk.fit(walk.apart(e, stmt.value), stmt.value)
            dots: core.Expr = core.Name(self.whole.names.dot(stmt.target.id))
        elif isinstance(stmt.target, core.Tuple):
            value, dots = stmt.value, self.unpacked(stmt.target)
            if pairwise(stmt.target, value):
                kept = [i for i, part in enumerate(stmt.target.elts) if self.gets(part)]
                values = tuple(walk.exactly(value.elts[i]) for i in kept)  # type: ignore[attr-defined]
                assert isinstance(dots, core.Tuple)
                e, dots = (values[0], dots.elts[kept[0]]) if len(kept) == 1 else (core.Tuple(values), core.Tuple(tuple(dots.elts[i] for i in kept)))
            else:
                e = walk.exactly(value)
        else:
            e, dots = self.into_part(stmt.target, stmt.value, walk), self.whole.path(stmt.target)
            self.repeat_target(stmt.target, walk)
        if walk.wanted:
            return self.first_named(walk, stmt)
        return self.ordered(stmt, walk, core.Assign(dots, e, at=stmt.at))

    def is_function(self, stmt: core.Assign, name: str) -> bool:
        fact = self.fact(stmt.value) if isinstance(stmt.target, core.Name) else UNKNOWN
        return isinstance(fact, FunctionFact)

    def zero(self, value: core.Expr, target: core.Name) -> core.Expr:
        if isinstance(value, core.List) and not value.elts:
            return value
        return zero_of(value, self.fact, RESULT)

    def into_part(self, target: core.Expr, value: core.Expr, walk: Walk) -> core.Expr:
        """What is stored into a part of a tangent; numbers spread by themselves."""
        e = walk.tangent(value)
        fact = self.fact(value)
        if e is None:
            base = self.fact(target.value) if isinstance(target, core.Subscript) else UNKNOWN
            return ZERO if isinstance(base, Number) or isinstance(fact, Number) and is_scalar(fact) else zero_of(walk.repeatable(value), self.fact)
        holder = self.fact(target.value) if isinstance(target, core.Subscript) else UNKNOWN
        return e if isinstance(holder, Number) else walk.fit(walk.apart(e, value), value)

    def repeat_target(self, target: core.Expr, walk: Walk) -> None:
        while isinstance(target, (core.Subscript, core.Attribute)):
            if isinstance(target, core.Subscript):
                walk.repeatable(target.index)
            target = target.value
        if not isinstance(target, core.Name):
            walk.repeatable(target)

    def has_part(self, target: core.Expr) -> bool:
        """Whether a stored part belongs to an object that has a tangent."""
        name = root(target)
        return not isinstance(target, core.Name) and name is not None and name in self.mirrored

    def gets(self, target: core.Expr) -> bool:
        return any(name in self.after for name in core.bound_names(target)) or any(self.has_part(part) for part in targets(target))

    def unpacked(self, target: core.Expr) -> core.Expr:
        """The targets of tangents; `_` for what has none."""
        if isinstance(target, core.Tuple):
            return core.Tuple(tuple(self.unpacked(elt) for elt in target.elts))
        if isinstance(target, core.Starred):
            return core.Starred(self.unpacked(target.value))
        return self.whole.path(target) if self.gets(target) else core.Name("_")

    # Augmented assignments

    def augmented(self, stmt: core.AugAssign) -> list[core.Stmt]:
        target, name = stmt.target, root(stmt.target)
        if name is None or name not in self.after:
            return [stmt]
        named = self.index_named(stmt)
        if named is not None:
            return named
        old = self.fact(target)
        dot = self.whole.path(target)
        whole = core.BinOp(stmt.op, target, stmt.value, at=stmt.at)
        if not is_immutable(old) and not isinstance(self.holder(target), Number):
            return self.in_place(stmt, dot, old)
        if stmt.op in "+-" and name in self.varied:
            walk = self.walk(stmt.value, False)
            e = walk.tangent(stmt.value)
            self.repeat_target(target, walk)
            if walk.wanted:
                return self.first_named(walk, stmt)
            if isinstance(e, core.UnaryOp) and e.op == "-":
                return self.ordered(stmt, walk, core.AugAssign(dot, "-" if stmt.op == "+" else "+", e.operand, at=stmt.at))
            return [stmt] if e is None else self.ordered(stmt, walk, core.AugAssign(dot, stmt.op, e, at=stmt.at))
        walk = self.walk(whole, False)
        walk.again = target
        self.repeat_target(target, walk)
        e = walk.tangent(whole)
        e = ZERO if e is None else e if isinstance(self.holder(target), Number) else walk.fit(e, whole)
        if walk.wanted:
            return self.first_named(walk, stmt) if not any(w is whole for w in walk.wanted) else self.unfolded(stmt, whole)
        return self.ordered(stmt, walk, core.Assign(dot, e, at=stmt.at))

    def index_named(self, stmt: core.AugAssign) -> list[core.Stmt] | None:
        """An index that calls something gets a name, since it is used several times."""
        parts = [part for node in _along(stmt.target) for part in _parts(node.index)]
        found = [part for part in parts if any(isinstance(node, core.Call) for node in core.evaluated(part))]
        if not found:
            return None
        before, new = self.named(found, stmt)
        assert isinstance(new, core.AugAssign)
        return [*before, *self.augmented(new)]

    def unfolded(self, stmt: core.AugAssign, whole: core.BinOp) -> list[core.Stmt]:
        """`r op= x` as `r = r op x`, where the tangent needs the new value."""
        return self.assign(core.Assign(stmt.target, whole, at=stmt.at))

    def holder(self, target: core.Expr) -> Fact:
        return self.fact(target.value) if isinstance(target, core.Subscript) else UNKNOWN

    def in_place(self, stmt: core.AugAssign, dot: core.Expr, old: Fact) -> list[core.Stmt]:
        """An array, a list, or what may be one: its tangent is changed in place as it is.

        u *= v    ->    u_dot *= v;  u_dot += u * v_dot;  u *= v
        """
        if isinstance(self.fact(stmt.value), ObjectFact):
            raise refuse(f"cannot tell what `{stmt.op}=` does to this object", stmt.at, self.semantics.source,
                         "call the method that it runs, or give annotations or example arguments")
        if stmt.op in ("*", "/") and not isinstance(old, Sequence):
            return self.scaled(stmt, dot)
        sums = stmt.op in ("+", "-")
        value = stmt.value if sums or isinstance(old, Sequence) else core.BinOp(stmt.op, stmt.target, stmt.value, at=stmt.at)
        walk = self.walk(value, False)
        walk.again = stmt.target
        e = walk.tangent(value)
        self.repeat_target(stmt.target, walk)
        if e is None and not isinstance(old, Number) and not isinstance(self.fact(value), Number):
            e = zero_of(walk.repeatable(value), self.fact)
        if walk.wanted:
            return self.first_named(walk, stmt)
        if e is None:
            return [stmt]
        if sums or isinstance(old, Sequence):
            return self.ordered(stmt, walk, core.AugAssign(dot, stmt.op, e, at=stmt.at))
        if isinstance(old, Number) and old.box == "array":
            return self.ordered(stmt, walk, core.Assign(core.Subscript(dot, core.Const(...)), e, at=stmt.at))
        raise refuse(f"cannot tell whether `{stmt.op}=` changes an array in place here", stmt.at, self.semantics.source,
                     "write `x = x ... y` for numbers, or `x[...] = x ... y` for arrays")

    def scaled(self, stmt: core.AugAssign, dot: core.Expr) -> list[core.Stmt]:
        walk = self.walk(stmt.value, False)
        walk.again = stmt.target
        e = walk.tangent(stmt.value)
        self.repeat_target(stmt.target, walk)
        value = walk.value(stmt.value)
        if walk.wanted:
            return self.first_named(walk, stmt)
        out = [core.AugAssign(dot, stmt.op, value, at=stmt.at)]
        if e is None:
            return [*out, stmt] if core.reads(value) & (self.mirrored | self.whole.params | self.views) else [stmt, *out]
        part: core.Expr = core.BinOp("*", stmt.target, e)
        if stmt.op == "/":
            part = core.BinOp("/", part, core.BinOp("**", value, core.Const(2)))
        changing = {self.whole.names.dot(name) for name in (self.mirrored | self.whole.params if self.whole.called else self.mirrored)}
        if shared_names(e, walk.env, self.semantics) & changing or core.reads(e) & core.reads(dot):
            part = walk.bind(part)
        out.append(core.AugAssign(dot, "+" if stmt.op == "*" else "-", part, at=stmt.at))
        made = [core.Assign(name, e) for name, e in walk.temporaries]
        return [*made, *out, stmt]

    # Calls

    def active_call(self, call: core.Expr) -> UserCall | None:
        """The user's function that an operation runs on something that varies, or that changes what has a tangent."""
        if not isinstance(call, RUNNING) or self.semantics.application(call, self.env) is not None:
            return None
        called = self.semantics.user_call(call, self.env)
        if called is None:
            return None
        active = any(self.semantics.dependencies(arg, self.env) & self.varied for arg in called.bound.values())
        return called if active or self.changed(call) else None

    def called(self, stmt: core.Assign | core.ExprStmt, called: UserCall) -> list[core.Stmt]:
        """`y = f(x)` as `y, y_dot = f_jvp(x, x_dot)`."""
        assert isinstance(stmt.value, RUNNING)
        facts = {param: self.fact(arg) for param, arg in called.bound.items()}
        functions = frozenset(param for param, fact in facts.items() if is_function(fact))
        for param in () if isinstance(called.function, core.Function) else sorted(functions):   # who is defined inside gets what others capture
            if self.semantics.dependencies(called.bound[param], self.env) & self.varied:
                raise refuse("cannot differentiate a call that is given a function which captures what varies", stmt.value.at, self.semantics.source,
                             "pass what the function captures as arguments")
        changed = self.changed(stmt.value)
        active = frozenset(param for param, arg in called.bound.items() if param not in functions
                           if self.semantics.dependencies(arg, self.env) & self.varied
                           or shared_names(arg, self.env, self.semantics) & (changed | self.mirrored))
        name, takes = self.whole.jvps(called, facts, active)
        walk = self.walk(stmt.value, False)
        values = [walk.repeatable(arg) if param in takes else arg for param, arg in called.bound.items()]
        dots = [walk.exactly(called.bound[param]) for param in takes]
        if walk.wanted:
            return self.first_named(walk, stmt)
        call = core.Call(core.Name(name), (*values, *dots), at=stmt.value.at)
        if isinstance(stmt, core.ExprStmt):
            return [core.ExprStmt(call, at=stmt.at)]
        target = self.unpacked(stmt.target) if self.gets(stmt.target) else core.Name("_")
        if isinstance(stmt.target, (core.Subscript, core.Attribute)):
            self.repeat_target(stmt.target, walk)
            if walk.wanted:
                return self.first_named(walk, stmt)
        return [core.Assign(core.Tuple((stmt.target, target)), call, at=stmt.at)]

    def changed(self, expr: core.Expr) -> frozenset[str]:
        """The names with tangents whose objects a part of an expression changes."""
        found: frozenset[str] = frozenset()
        for node in core.evaluated(expr):
            if isinstance(node, core.Call):
                found |= changed_names(node, self.env, self.semantics)
        return found & self.mirrored

    def changing(self, stmt: core.ExprStmt, call: core.Call) -> list[core.Stmt]:
        """`items.append(v)`, and `items_dot.append(v_dot)`."""
        changed = self.changed(call)
        if not changed:
            return [stmt]
        func = call.func
        if isinstance(func, core.Attribute) and root(func.value) in changed and func.attr in SAME and not call.keywords:
            walk = self.walk(call, False, True)
            dot = self.whole.path(func.value)
            places = 1 if func.attr in ("insert", "pop", "setdefault") else 0
            args = [walk.repeatable(arg) for arg in call.args[:places]] + [self.held(arg, func, walk) for arg in call.args[places:]]
            if walk.wanted:
                return self.first_named(walk, stmt)
            return self.ordered(stmt, walk, core.ExprStmt(core.Call(core.Attribute(dot, func.attr), tuple(args)), at=stmt.at))
        raise self.hidden_change(stmt, changed)

    def held(self, arg: core.Expr, func: core.Attribute, walk: Walk) -> core.Expr:
        if func.attr == "fill":
            return walk.tangent(arg) or ZERO
        return walk.exactly(arg)

    def hidden_change(self, stmt: core.Stmt, changed: frozenset[str]) -> Exception:
        names = ", ".join(f"`{name}`" for name in sorted(changed))
        return refuse(f"cannot differentiate what this does to {names}", stmt.at, self.semantics.source,  # type: ignore[attr-defined]
                      "write it with assignments to items or slices")

    # Return

    def returned(self, stmt: core.Return) -> list[core.Stmt]:
        if stmt.value == core.Const(None):
            return [stmt]
        walk = self.walk(stmt.value, False, True)
        e = walk.exactly(stmt.value)
        if walk.wanted:
            if len(walk.wanted) == 1 and walk.wanted[0] is stmt.value:
                value = core.Name(self.whole.names.fresh("value"))
                active = bool(self.semantics.dependencies(stmt.value, self.env) & self.varied)
                inner = Pairing(self.whole, self.env, self.varied, self.after | {value.id})
                fact = self.fact(stmt.value)
                out = inner.statement(core.Assign(value, stmt.value, at=stmt.at))
                self.env[value.id] = fact
                self.varied = inner.varied | ({value.id} if active else frozenset())
                return [*out, *self.returned(core.Return(value, at=stmt.at))]
            return self.first_named(walk, stmt)
        out = [core.Assign(name, made) for name, made in walk.temporaries]
        return [*out, core.Return(core.Tuple((stmt.value, e)), at=stmt.at)]

    # Order

    def ordered(self, stmt: core.Stmt, walk: Walk, tangent: core.Stmt) -> list[core.Stmt]:
        """The statement and its tangent, in the order in which the tangent reads what it needs."""
        target = getattr(stmt, "target", None)
        made = [core.Assign(name, e) for name, e in walk.temporaries]
        read = frozenset[str]().union(*(core.reads(part) for new in (*made, tangent) for part in _read_by(new)))
        uses_result = RESULT.id in read
        if isinstance(target, core.Name):
            put: dict[str, core.Expr] = {RESULT.id: target}
            made = [replace(new, value=core.substitute(new.value, put)) for new in made]
            tangent = core.rebuild(tangent, lambda part: core.substitute(part, put) if isinstance(part, core.Expr) else part)
        bound = frozenset(core.bound_names(target)) if target is not None else frozenset[str]()
        in_place = not isinstance(stmt, core.Assign) or not isinstance(target, core.Name)
        # The objects of parameters may be one object: only the caller knows.
        written = bound | (self.mirrored | self.whole.params | self.views if in_place else frozenset())
        if not read & written:
            return [stmt, *made, tangent]
        if uses_result or self.may_raise_first(stmt):
            assert isinstance(stmt, (core.Assign, core.AugAssign))
            return self.renamed(stmt)
        return [*made, tangent, stmt]

    def may_raise_first(self, stmt: core.Stmt) -> bool:
        """Whether the statement may raise an exception that its tangent, before it, would hide behind one of its own."""
        if not isinstance(stmt, core.Assign) or not isinstance(stmt.target, core.Name):
            return False
        nodes = [node for node in core.evaluated(stmt.value) if isinstance(node, core.Call)]
        return any((applied := self.semantics.application(node, self.env)) is not None and applied.rule.raises and not applied.rule.zero for node in nodes)

    def renamed(self, stmt: core.Assign | core.AugAssign) -> list[core.Stmt]:
        """`x = f(x)` by way of a name for the new value."""
        name = core.Name(self.whole.names.fresh("t"))
        value = stmt.value if isinstance(stmt, core.Assign) else core.BinOp(stmt.op, stmt.target, stmt.value, at=stmt.at)
        fact, active = self.fact(value), bool(self.semantics.dependencies(value, self.env) & self.varied)
        inner = Pairing(self.whole, self.env, self.varied, self.after | {name.id})
        out = inner.statement(core.Assign(name, value, at=stmt.at))
        self.env[name.id] = fact
        self.varied = inner.varied | ({name.id} if active else frozenset())
        return [*out, *self.assign(core.Assign(stmt.target, name, at=stmt.at))]


def _along(target: core.Expr) -> Iterator[core.Subscript]:
    """The subscripts along a path."""
    while isinstance(target, (core.Subscript, core.Attribute)):
        if isinstance(target, core.Subscript):
            yield target
        target = target.value


def _parts(index: core.Expr) -> Iterator[core.Expr]:
    """What of an index is a value: of a slice its ends."""
    if isinstance(index, core.Tuple):
        for part in index.elts:
            yield from _parts(part)
    elif isinstance(index, core.Slice):
        yield from (end for end in (index.lower, index.upper, index.step) if end is not None)
    else:
        yield index


def _read_by(stmt: core.Stmt) -> tuple[core.Expr, ...]:
    """The expressions that a tangent statement reads."""
    if isinstance(stmt, (core.Assign, core.AugAssign)):
        target = stmt.target
        return (stmt.value,) if isinstance(target, (core.Name, core.Tuple)) else (stmt.value, target)
    return (stmt.value,) if isinstance(stmt, core.ExprStmt) else ()


__all__ = ["Jvps", "Statements", "tangent_fact"]
