"""Changes of lists and dicts as the few that the reverse sweep undoes: an item stored, put in, or taken out.

    w = items.pop()         ->      w = items[-1];  del items[-1]
    items.extend(more)      ->      for k in range(len(more)): items.append(more[k])
    d.update(a=x)           ->      d["a"] = x
"""
from __future__ import annotations

from dataclasses import replace

from s2sad import core
from s2sad.facts import Mapping, Sequence
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names
from s2sad.quote import quote

Parts = tuple[list[core.Stmt], core.Expr]
NOTHING = core.Const(None)

METHODS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "pop": (("I",), "W = X[I]\ndel X[I]", "W"),
    "remove": (("V",), "I = X.index(V)\ndel X[I]", ""),
    "clear": ((), "del X[:]", ""),
    "reverse": ((), "OLD = X[::-1]\ndel X[:]\nfor K in range(len(OLD)):\n    X.append(OLD[K])", ""),
    "extend": (("MORE",), "for K in range(len(MORE)):\n    X.append(MORE[K])", ""),
}
"""Of lists: the parameters, what the call does, and its value."""


def changes(call: core.Call, env: Env, semantics: Semantics) -> bool:
    """Whether a call changes a list or a dict in a way that is written out here."""
    if not isinstance(call.func, core.Attribute) or core.root(call.func) is None:
        return False
    fact, name = semantics.fact(call.func.value, env), call.func.attr
    if isinstance(fact, Sequence) and fact.kind == "list":
        return name in METHODS and not call.keywords or name == "sort"
    return isinstance(fact, Mapping) and name in ("pop", "setdefault", "update", "clear")


def written_out(call: core.Call, env: Env, semantics: Semantics, names: Names) -> Parts:
    """The statements that a call stands for, and its value after them."""
    assert isinstance(call.func, core.Attribute)
    path, name, at = call.func.value, call.func.attr, call.at
    if isinstance(semantics.fact(path, env), Mapping):
        return _of_dict(path, name, call, env, semantics, names)
    if name == "sort":
        ordered = core.Call(core.Name("sorted"), (path,), call.keywords, at=at)
        text = "NEW = SORTED\ndel X[:]\nfor K in range(len(NEW)):\n    X.append(NEW[K])"
        return _placed(quote(text, X=path, SORTED=ordered, NEW=names.fresh("items"), K=names.fresh("k")), at), NOTHING
    params, text, value = METHODS[name]
    given = dict(zip(params, call.args))
    before: list[core.Stmt] = []
    holes: dict[str, core.Expr | core.Block | str] = {"X": path}
    for param in params:
        arg = given.get(param, core.UnaryOp("-", core.Const(1)))
        if param == "MORE" and not isinstance(semantics.fact(arg, env), Sequence) or isinstance(arg, core.Comprehension):
            arg = core.Call(core.Name("list"), (arg,))
        if not isinstance(arg, (core.Name, core.Const)) and not (isinstance(arg, core.UnaryOp) and isinstance(arg.operand, core.Const)):
            held = core.Name(names.fresh({"I": "i", "V": "v"}.get(param, "more")))
            before.append(core.Assign(held, arg, at=at))
            arg = held
        holes[param] = arg
    for made, wish in (("W", "item"), ("OLD", "items"), ("K", "k")):
        holes[made] = names.fresh(wish) if made in text else wish
    if name == "remove":
        holes["I"] = names.fresh("i")
    return [*before, *_placed(quote(text, **holes), at)], core.Name(str(holes["W"])) if value else NOTHING


def _of_dict(path: core.Expr, name: str, call: core.Call, env: Env, semantics: Semantics, names: Names) -> Parts:
    at = call.at
    before: list[core.Stmt] = []

    def given(value: core.Expr) -> core.Expr:
        """The value, found before anything changes."""
        if isinstance(value, (core.Name, core.Const)):
            return value
        name = core.Name(names.fresh("v"))
        before.append(core.Assign(name, value, at=at))
        return name

    if name == "update":
        out: list[core.Stmt] = []
        pairs: list[tuple[core.Expr, core.Expr]] = []
        for arg in call.args:
            if isinstance(arg, core.Dict) and None not in arg.keys:
                pairs += [(key, value) for key, value in zip(arg.keys, arg.values) if key is not None]
            else:
                out += quote("for K in list(D): X[K] = D[K]", X=path, D=arg, K=names.fresh("key"))
        pairs += [(core.Const(key), value) for key, value in call.keywords if key is not None]
        held = given if len(pairs) > 1 or out else lambda value: value
        out += [core.Assign(core.Subscript(path, key), held(value), at=at) for key, value in pairs]
        return _placed((*before, *out), at), NOTHING
    if name == "clear":
        return _placed(quote("for K in list(X): del X[K]", X=path, K=names.fresh("key")), at), NOTHING
    key, item = call.args[0], core.Name(names.fresh("item"))
    text = "if KEY not in X:\n    X[KEY] = V\nW = X[KEY]" if name == "setdefault" else "W = X[KEY]\ndel X[KEY]"
    if name == "pop" and len(call.args) == 2:
        text = "if KEY in X:\n    W = X[KEY]\n    del X[KEY]\nelse:\n    W = V"
    default = given(call.args[1]) if len(call.args) == 2 else NOTHING
    return _placed((*before, *quote(text, X=path, KEY=key, V=default, W=item)), at), item


def _placed(block: core.Block, at: core.Place | None) -> list[core.Stmt]:
    """The statements with the place of the call, so that a refusal names it."""
    return [core.with_blocks(replace(stmt, at=at), lambda inner: tuple(_placed(inner, at))) if not isinstance(stmt, core.Comment) else stmt  # type: ignore[call-arg]
            for stmt in block]


def rewritten(stmt: core.Stmt, env: Env, semantics: Semantics, names: Names) -> list[core.Stmt] | None:
    """Changes of lists that are no calls: `items += more`, `items[a:b] = more`, `del items[a:b]`."""
    if isinstance(stmt, core.AugAssign) and stmt.op == "+" and _is_list(stmt.target, env, semantics) and core.root(stmt.target) is not None:
        return written_out(core.Call(core.Attribute(stmt.target, "extend"), (stmt.value,), at=stmt.at), env, semantics, names)[0]
    if isinstance(stmt, core.AugAssign) and stmt.op == "*" and _is_list(stmt.target, env, semantics) and core.root(stmt.target) is not None:
        return _repeated(stmt, names)
    if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Subscript) and isinstance(stmt.target.index, core.Slice) \
            and _is_list(stmt.target.value, env, semantics):
        part = stmt.target.index
        text = """
NEW = list(VALUE)
START, STOP, _ = slice(LOWER, UPPER).indices(len(X))
del X[START:STOP]
for K in range(len(NEW)):
    X.insert(START + K, NEW[K])
"""
        if part.step not in (None, core.Const(1)):
            text = """
NEW = list(VALUE)
PLACES = range(*slice(LOWER, UPPER, STEP).indices(len(X)))
for K in range(len(NEW)):
    X[PLACES[K]] = NEW[K]
"""
        wishes = {"NEW": "items", "START": "start", "STOP": "stop", "K": "k", "PLACES": "places"}
        holes = {hole: core.Name(names.fresh(wish)) for hole, wish in wishes.items() if hole in text}
        ends = {"LOWER": part.lower or NOTHING, "UPPER": part.upper or NOTHING, "STEP": part.step or NOTHING}
        return _placed(quote(text, X=stmt.target.value, VALUE=stmt.value, **holes, **{k: v for k, v in ends.items() if k in text}), stmt.at)
    if isinstance(stmt, core.Delete) and len(stmt.targets) > 1:
        return [replace(stmt, targets=(target,)) for target in stmt.targets]
    if isinstance(stmt, core.Delete) and isinstance(target := stmt.targets[0], core.Subscript) and isinstance(target.index, core.Slice) \
            and _is_list(target.value, env, semantics):
        ends = {"LOWER": target.index.lower or NOTHING, "UPPER": target.index.upper or NOTHING, "STEP": target.index.step or NOTHING}
        text = "PLACES = range(*slice(LOWER, UPPER, STEP).indices(len(X)))\nfor K in sorted(PLACES, reverse=True):\n    del X[K]"
        return _placed(quote(text, X=target.value, PLACES=names.fresh("places"), K=names.fresh("k"), **ends), stmt.at)
    return None


def _repeated(stmt: core.AugAssign, names: Names) -> list[core.Stmt]:
    """`items *= n`: the list holds each of its items several times."""
    repeat = "for J in range(MORE):\n    for K in range(len(OLD)):\n        X.append(OLD[K])"
    wishes = {"OLD": "items", "J": "j", "K": "k"}
    holes: dict[str, core.Expr] = {"X": stmt.target, **{hole: core.Name(names.fresh(wish)) for hole, wish in wishes.items()}}
    if isinstance(stmt.value, core.Const) and isinstance(stmt.value.value, int) and stmt.value.value > 0:
        return _placed(quote(f"OLD = X[:]\n{repeat}", MORE=core.Const(stmt.value.value - 1), **holes), stmt.at)
    times = core.Name(names.fresh("times"))
    text = f"TIMES = N\nOLD = X[:]\nif TIMES < 1:\n    del X[:]\n{repeat}"
    return _placed(quote(text, TIMES=times, N=stmt.value, MORE=core.BinOp("-", times, core.Const(1)), **holes), stmt.at)


def _is_list(expr: core.Expr, env: Env, semantics: Semantics) -> bool:
    fact = semantics.fact(expr, env)
    return isinstance(fact, Sequence) and fact.kind == "list"
