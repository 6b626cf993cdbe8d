"""Kinds of derivative inside a function that is differentiated, in terms of `grad`, `vjp(...)[1](...)` and `jvp` (see `inner`).

    value, pull = vjp(f, x)     ->      value = f(x);  pull = lambda value_bar: vjp(f, x)[1](value_bar)
    hvp(f)(x, v)                ->      jvp(grad(f), (x,), (v,))[1]
    jacobian(f)(x)              ->      rows = np.zeros((np.size(f(x)),) + np.shape(x))
                                        for k in range(len(rows)): rows[k] = vjp(f, x)[1](<the k-th unit>)[0]
"""
from __future__ import annotations

from dataclasses import dataclass, field, replace

from s2sad import core
from s2sad.analysis.alias import is_immutable
from s2sad.errors import refuse
from s2sad.expose.functions import globals_of
from s2sad.expose.inner import constant, deriving
from s2sad.expose.repeatable import runs_twice
from s2sad.facts import Fact, FunctionFact, NoneFact, Number, Sequence, Unknown
from s2sad.flow.evaluation import calls_of, parted, replaced
from s2sad.meaning.callees import UserCall
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.quote import quote, quote_expr
from s2sad.reading.scope import UNRESOLVED
from s2sad.rules.guards import NotKnown

OF_ONE = ("elementwise_grad", "hessian", "hvp", "jacobian", "value_and_jacobian")
"""What makes a function of the arguments of the one that is differentiated."""


def composed(stmt: core.Stmt, env: Env, semantics: Semantics, names: Names, changes: bool) -> list[core.Stmt] | None:
    """The statement with its first such derivative in other terms; None where there is none.  `changes`: something changes in place."""
    if not isinstance(stmt, (core.Assign, core.AugAssign, core.Return, core.ExprStmt)):
        return None
    calls = list(calls_of(stmt.value))
    pulled = [call.func.value for call in calls if is_pull(call)]       # type: ignore[attr-defined]
    called = [call.func for call in calls]
    for call in calls:
        terms = Terms(call, env, semantics, names, changes)
        kind = deriving(semantics.callee(call.func))
        new: core.Expr | None = None
        if kind in ("vjp", "linearize") and not any(call is other for other in pulled):
            new = terms.pair(kind)
        elif kind in OF_ONE and not any(call is func for func in called) and not terms.has_program():
            new = terms.kept()
        elif kind == "jvp":
            new = terms.written_out()
        elif isinstance(call.func, core.Call) and deriving(semantics.callee(call.func.func)) in OF_ONE:
            new = terms.of_one(deriving(semantics.callee(call.func.func)))
        elif is_pull(call) and deriving(semantics.callee(call.func.value.func)) == "vjp":       # type: ignore[attr-defined]
            new = terms.of_numbers()
        if new is None:
            continue
        before, value = parted(stmt.value, call, names, stmt.at)
        before += terms.before
        target = stmt.target if isinstance(stmt, core.Assign) else None
        if value is call and isinstance(new, core.Tuple) and isinstance(target, core.Tuple) and len(new.elts) == len(target.elts):
            if not any(isinstance(elt, core.Starred) for elt in target.elts):
                return [*before, *(core.Assign(one, part, at=stmt.at) for one, part in zip(target.elts, new.elts))]
        return [*before, replace(stmt, value=replaced(value, call, new))]
    return None


def makes_whole(called: UserCall) -> bool:
    """Whether a function of the user's returns `jacobian(f)` or the like, which has no program where `f` is defined inside."""
    last = called.program.body[-1] if called.program.body else None
    made = last.value if isinstance(last, core.Return) else None
    return isinstance(made, core.Call) and deriving(called.source.scope.resolve(made.func)) in OF_ONE


def is_pull(call: core.Call) -> bool:
    """Whether a call is `f(...)[1](seed)`."""
    return isinstance(call.func, core.Subscript) and call.func.index == core.Const(1) and isinstance(call.func.value, core.Call)


@dataclass
class Terms:
    """One call, and the statements that have to stand before what it is written as."""

    call: core.Call
    env: Env
    semantics: Semantics
    names: Names
    changes: bool
    before: list[core.Stmt] = field(default_factory=list)

    def fact(self, expr: core.Expr) -> Fact:
        return self.semantics.fact(expr, self.env)

    def held(self, value: core.Expr, wish: str) -> core.Expr:
        """What stands for a value that is read again later: a name, of a copy if the value may have changed by then."""
        known = isinstance(value, (core.Name, core.Attribute)) and self.semantics.callee(value) is not UNRESOLVED
        if known or isinstance(value, core.Const):
            return value
        fact = self.fact(value)
        made = value
        if self.changes and not is_immutable(fact):
            if not isinstance(fact, Number):
                raise refuse("cannot tell whether this argument changes before its derivative is taken", self.call.at,
                             self.semantics.source, "pass arrays and numbers, or take the derivative where it is made: `vjp(f, x)[1](w)`")
            made = core.Call(core.Attribute(value, "copy"))
        name = core.Name(self.names.fresh(wish))
        self.before.append(core.Assign(name, made, at=self.call.at))
        return name

    def has_program(self) -> bool:
        """Whether what the call makes has a program of its own, as the Jacobian of a function has that is not defined here."""
        return isinstance(self.fact(self.call), FunctionFact)

    def function(self, value: core.Expr) -> core.Expr:
        """What stands for the function: a lambda gets a name."""
        if not isinstance(value, (core.Lambda, core.Call)):
            return value
        name = core.Name(self.names.fresh("function"))
        self.before.append(core.Assign(name, value, at=self.call.at))
        return name

    def closure(self, params: tuple[str, ...], value: core.Expr) -> core.Lambda:
        """`lambda <params>: <value>`."""
        bound = {*self.semantics.local, *self.env}
        free = tuple(sorted(name for name in core.reads(value) - set(params) if name in bound or self.is_made(name)))
        code = core.Function("<lambda>", tuple(map(core.Param, params)), (core.Return(value, at=self.call.at),), free, at=self.call.at)
        return core.Lambda(code, at=self.call.at)

    def is_made(self, name: str) -> bool:
        return any(isinstance(stmt, core.Assign) and stmt.target == core.Name(name) for stmt in self.before)

    def path(self, name: str) -> core.Expr | None:
        """What names a function of s2sad in the function at hand."""
        import s2sad

        wanted, func = getattr(s2sad, name), self.call.func
        while isinstance(func, (core.Call, core.Subscript)):
            func = func.func if isinstance(func, core.Call) else func.value
        known = [core.Attribute(func.value, name)] if isinstance(func, core.Attribute) else []
        known += [core.Attribute(core.Name(alias), name) for alias, value in globals_of(self.semantics.source).items() if value is s2sad]
        for path in (core.Name(name), *known):
            if self.semantics.callee(path) is wanted:
                return path
        if name in self.semantics.local or self.semantics.callee(core.Name(name)) is not UNRESOLVED:
            return None
        self.semantics.scope.added[name] = wanted
        return core.Name(name)

    def plain(self, call: core.Call) -> bool:
        return not call.keywords and bool(call.args) and not any(isinstance(arg, core.Starred) for arg in call.args)

    def check_repeatable(self, function: core.Expr) -> None:
        if not runs_twice(self.fact(function), self.semantics):
            raise refuse("the function that is differentiated here is run twice, and may do something else the second time", self.call.at,
                         self.semantics.source, "draw or print outside of it, and pass what was drawn as an argument")

    # The kinds

    def pair(self, kind: str) -> core.Expr | None:
        """`vjp(f, x)` as `(f(x), lambda value_bar: vjp(f, x)[1](value_bar))`, and `linearize` likewise."""
        if not self.plain(self.call) or len(self.call.args) < 2:
            return None
        self.check_repeatable(self.call.args[0])
        f = self.function(self.call.args[0])
        primals = tuple(self.held(arg, "primal") for arg in self.call.args[1:])
        value = core.Call(f, primals, at=self.call.at)
        if kind == "vjp":
            made = core.Call(self.call.func, (f, *primals), at=self.call.at)
            pull = core.Call(core.Subscript(made, core.Const(1)), (core.Name("value_bar"),), at=self.call.at)
            return core.Tuple((value, self.closure(("value_bar",), pull)))
        jvp = self.path("jvp")
        dots = tuple(f"tangent_{i}" for i in range(len(primals))) if len(primals) > 1 else ("tangent",)
        pushed = jvp and core.Call(jvp, (f, core.Tuple(primals), core.Tuple(tuple(map(core.Name, dots)))), at=self.call.at)
        return pushed and core.Tuple((value, self.closure(dots, core.Subscript(pushed, core.Const(1)))))

    def kept(self) -> core.Expr | None:
        """`hessian(f)` that is not called where it is made, as a lambda."""
        if not self.call.args or isinstance(self.call.args[0], core.Starred):
            return None
        made = replace(self.call, args=(self.function(self.call.args[0]), *self.call.args[1:]))
        value = core.Call(made, (core.Starred(core.Name("args")),), at=self.call.at)
        lambda_ = self.closure(("args",), value)
        return replace(lambda_, function=replace(lambda_.function, params=(core.Param("args", "args"),)))

    def written_out(self) -> core.Expr | None:
        """`jvp(f, primals, tangents)` with primals and tangents as tuples of their items."""
        if not self.plain(self.call) or len(self.call.args) != 3 or all(isinstance(a, (core.Tuple, core.List)) for a in self.call.args[1:]):
            return None
        parts = []
        for arg in self.call.args[1:]:
            fact = self.fact(arg)
            if not isinstance(arg, (core.Tuple, core.List)):
                if not isinstance(fact, Sequence) or fact.items is None:
                    return None
                whole = arg if isinstance(arg, core.Name) else self.held(arg, "t")
                arg = core.Tuple(tuple(core.Const(None) if isinstance(item, NoneFact) else core.Subscript(whole, core.Const(i))
                                       for i, item in enumerate(fact.items)))
            parts.append(arg)
        return replace(self.call, args=(self.call.args[0], *parts))

    def of_numbers(self) -> core.Expr | None:
        """`vjp(f, x, "name")[1](w)` with respect to what is a number, None for the others."""
        made = self.call.func.value     # type: ignore[attr-defined]
        if not self.plain(made) or len(self.call.args) != 1:
            return None
        facts = [self.fact(arg) for arg in made.args[1:]]
        chosen = [i for i, fact in enumerate(facts) if isinstance(fact, (Number, Unknown)) or not fact.discrete]
        if len(chosen) == len(facts) or not chosen:
            return None
        f = self.function(made.args[0])
        primals = [self.held(arg, "primal") for arg in made.args[1:]]
        params = {i: f"x_{i}" for i in chosen}
        inside = core.Call(f, tuple(core.Name(params[i]) if i in params else primal for i, primal in enumerate(primals)), at=self.call.at)
        some = core.Call(made.func, (self.closure(tuple(params.values()), inside), *(primals[i] for i in chosen)), at=self.call.at)
        bars = core.Name(self.names.fresh("bars"))
        self.before.append(core.Assign(bars, replace(self.call, func=core.Subscript(some, core.Const(1))), at=self.call.at))
        return core.Tuple(tuple(core.Subscript(bars, core.Const(chosen.index(i))) if i in params else core.Const(None)
                                for i in range(len(primals))))

    def position(self, wrt: core.Expr) -> int | None:
        """The one parameter that `wrt` names by its position, None where it is not known or none such."""
        try:
            found = constant(wrt, self.fact)
        except NotKnown:
            return None
        return found if type(found) is int else None

    def of_one(self, kind: str) -> core.Expr | None:
        """`hessian(f)(x, y)` and its kin, of arrays and numbers."""
        made = self.call.func
        assert isinstance(made, core.Call)
        if any(isinstance(arg, core.Starred) for arg in self.call.args) or None in dict(self.call.keywords):
            args_, keywords = self.semantics.one_by_one(self.call.args, self.call.keywords, self.env)
            self.call = replace(self.call, args=tuple(args_), keywords=tuple(keywords))
        options = dict(made.keywords)
        wrt = made.args[1] if len(made.args) > 1 else options.pop("wrt", core.Const(0))
        mode = options.pop("mode", core.Const(None))
        position = self.position(wrt)
        if options or position is None or not isinstance(mode, core.Const) or not self.plain(self.call):
            return None
        grad, vjp, jvp = (self.path(name) for name in ("grad", "vjp", "jvp"))
        args = list(self.call.args)
        direction = args.pop() if kind == "hvp" else None
        if grad is None or vjp is None or jvp is None or not 0 <= position < len(args):
            return None
        whole = self.fact(args[position])
        if not isinstance(whole, Number) or whole.shape is None or whole.kind == "c":
            return None
        self.check_repeatable(made.args[0])
        f = self.function(made.args[0])
        xs = [self.held(arg, "x") for arg in args]
        x = xs[position]
        if len(xs) > 1:
            y = core.Name("y")
            inside = core.Call(f, tuple(y if i == position else one for i, one in enumerate(xs)), at=self.call.at)
            f = self.function(self.closure(("y",), inside))
        made_of = Made(self, f, x, whole, {"GRAD": grad, "VJP": vjp, "JVP": jvp})
        if direction is not None:
            return made_of.quoted("JVP(GRAD(F), (X,), (V,))[1]", V=direction)
        value = core.Call(f, (x,), at=self.call.at)
        if kind == "hessian":
            return made_of.by_columns("GRAD(F)") if whole.shape != () else made_of.quoted("JVP(GRAD(F), (X,), (1.0,))[1]")
        result = self.semantics.fact(core.Call(made.args[0], tuple(args)), self.env)
        if not isinstance(result, Number) or result.shape is None or result.kind == "c":
            return None
        if kind == "elementwise_grad":
            if result.shape == ():
                return made_of.quoted("GRAD(F)(X)")
            return made_of.quoted("VJP(F, X)[1](np.ones_like(F(X)))[0]")
        found = made_of.jacobian(result, mode.value)
        return core.Tuple((value, found)) if kind == "value_and_jacobian" else found


@dataclass
class Made:
    """Derivatives of one function `f` at `x`."""

    terms: Terms
    f: core.Expr
    x: core.Expr
    fact: Number
    functions: dict[str, core.Expr]

    def quoted(self, text: str, **holes: core.Expr) -> core.Expr:
        return quote_expr(text, F=self.f, X=self.x, **self.functions, **holes)

    def looped(self, text: str, **holes: core.Expr) -> None:
        at = self.terms.call.at
        self.terms.before += [core.rebuild(replace(stmt, at=at), lambda part: part)     # type: ignore[call-arg]
                              for stmt in quote(text, F=self.f, X=self.x, **self.functions, **holes)]

    def fresh(self, wish: str) -> core.Name:
        return core.Name(self.terms.names.fresh(wish))

    def jacobian(self, result: Number, mode: str | None) -> core.Expr:
        if result.shape == ():
            return self.quoted("GRAD(F)(X)")
        if self.fact.shape == ():
            return self.quoted("JVP(F, (X,), (1.0,))[1]")
        return self.by_columns("F") if mode == "forward" else self.by_rows()

    def by_columns(self, function: str) -> core.Expr:
        """From one tangent for each number of `x`."""
        rows, k = self.fresh("rows"), self.fresh("k")
        shape = "np.shape(X)" if function != "F" else "np.shape(F(X))"
        self.looped(f"""
ROWS = np.zeros((np.size(X),) + {shape})
for K in range(np.size(X)):
    ROWS[K] = JVP({function}, (X,), (np.eye(np.size(X))[K].reshape(np.shape(X)),))[1]
""", ROWS=rows, K=k)
        if function != "F":     # second derivatives are symmetric
            return self.quoted("ROWS.reshape(np.shape(X) + np.shape(X))", ROWS=rows)
        return self.quoted("np.moveaxis(ROWS, 0, -1).reshape(np.shape(ROWS)[1:] + np.shape(X))", ROWS=rows)

    def by_rows(self) -> core.Expr:
        """From one pullback for each number of the result."""
        y, rows, k = self.fresh("y"), self.fresh("rows"), self.fresh("k")
        self.looped("""
Y = F(X)
ROWS = np.zeros((np.size(Y),) + np.shape(X))
for K in range(np.size(Y)):
    ROWS[K] = VJP(F, X)[1](np.eye(np.size(Y))[K].reshape(np.shape(Y)))[0]
""", Y=y, ROWS=rows, K=k)
        return self.quoted("ROWS.reshape(np.shape(Y) + np.shape(X))", Y=y, ROWS=rows)
