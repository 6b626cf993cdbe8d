"""What changes in place: lists, dicts and objects that a statement changes, as facts of all variables that may share them.

    items.append(x)    ->    `items` has one more item; in every other container that may be the same list, any item may be an x
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from s2sad import core
from s2sad.facts import (
    FLOAT,
    INT,
    TEXT,
    UNDEFINED,
    UNKNOWN,
    Fact,
    FunctionFact,
    Mapping,
    Number,
    ObjectFact,
    Sequence,
    Text,
    Unknown,
    dim,
    join,
    tuple_of,
)
from s2sad.facts.births import births
from s2sad.facts.fact import ANY, BORN_HERE, as_item, in_item
from s2sad.infer.effects import CHANGING, may_touch, may_write, touched
from s2sad.infer.environment import COUNTED, HOLDER, holders
from s2sad.infer.expressions import element, fact_of
from s2sad.infer.functions import ARGUMENT, CONTAINERS, EVERYTHING, freeze, note_change
from s2sad.infer.objects import invocation, sets_plainly

if TYPE_CHECKING:
    from s2sad.infer.environment import Env
    from s2sad.infer.flow import Flow

GROWING = {"append": 0, "add": 0, "extend": 0, "insert": 1, "setdefault": 1, "update": 0}


def changes_of(stmt: core.Stmt) -> tuple[core.Call, ...]:
    """The calls in a statement's own expressions, in no order that matters here."""
    return tuple([call for part in own_expressions(stmt) for call in core.calls(part)])


def own_expressions(stmt: core.Stmt) -> tuple[core.Expr, ...]:
    if isinstance(stmt, (core.If, core.While)):
        return (stmt.test,)
    if isinstance(stmt, core.For):
        return (stmt.iter,)
    if isinstance(stmt, (core.Assign, core.AugAssign)):
        return (stmt.target, stmt.value)
    return tuple(child for child in core.children(stmt) if isinstance(child, core.Expr))


def apply_changes(flow: Flow, stmt: core.Stmt, env: Env) -> tuple[Env, Env | None]:
    """The environments in which a statement's expressions are evaluated, and after the calls in it, None where nothing changes."""
    if stmt not in flow.calls:
        flow.calls[stmt] = changes_of(stmt)
    calls = flow.calls[stmt]
    if not calls:
        return env, None
    methods = [call for call in calls if isinstance(call.func, core.Attribute) and call.func.attr in CHANGING
               and invocation(call, lambda e: fact_of(e, env, flow.scope)) is None]
    others = [call for call in calls if call.args or call.keywords or not isinstance(call.func, core.Name)]
    after = env
    for call in methods:
        assert isinstance(call.func, core.Attribute)
        value = fact_of(call.func.value, env, flow.scope)
        if isinstance(value, (Sequence, Mapping, Unknown, ObjectFact)):
            # Several changes in one statement, or in a comprehension, come in an order that is not followed.
            exact = len(methods) == 1 and getattr(stmt, "value", None) in (call,) and not isinstance(stmt, (core.If, core.While))
            after = _method(flow, stmt, call, value, after, exact)
            if not exact:
                env = after
    # What calls do is looked at before what there is that they may change: most calls change nothing.
    if any(may_write(call, env, flow.scope) for call in calls):
        after = uncounted(after)
    changing = [call for call in others if call not in methods and may_touch(call, env, flow.scope)]
    if changing and any(isinstance(env[name], (Sequence, Mapping, ObjectFact)) for name in env.marked(HOLDER)):
        for call in changing:
            after = _passed(flow, call, env, after)
    return env, None if after is env else after


def _method(flow: Flow, stmt: core.Stmt, call: core.Call, value: Fact, env: Env, exact: bool) -> Env:
    assert isinstance(call.func, core.Attribute)
    name, path = call.func.attr, call.func.value
    if isinstance(value, (Unknown, ObjectFact)):
        return havoc(env, None)
    note_change(value.born if isinstance(value, (Sequence, Mapping)) and value.born is not None else BORN_HERE)
    args = [fact_of(arg, env, flow.scope) for arg in call.args]
    if not isinstance(value, Sequence) or name not in ("append", "pop", "extend", "insert", "clear", "reverse", "sort", "remove", "add"):
        return havoc(env, births(value))
    added: Fact | None = None
    if name in GROWING:
        if len(args) <= GROWING[name]:
            return havoc(env, births(value))
        added = args[GROWING[name]]
        if name == "extend":
            added = element(added)
    new = changed(value, name, args, exact)
    shared = value.born if value.born is not None else BORN_HERE
    weak = all_weakened(env, shared, added, dicts=False)
    if isinstance(path, core.Name) and path.id in env:
        weak.pop(path.id, None)
        return flow.store(stmt, env.with_facts(weak), {path.id: new})
    return env.with_facts(weak)


def changed(value: Sequence, name: str, args: list[Fact], exact: bool) -> Fact:
    """The list after one method call."""
    items = value.items
    if items is not None and exact and len(items) < 64:
        if name == "append":
            return replace(value, items=(*items, args[0]), length=dim(len(items) + 1))
        if name == "pop" and not args:
            return replace(value, items=items[:-1], length=dim(max(len(items) - 1, 0)))
        if name == "clear":
            return replace(value, items=(), item=None, length=dim(0))
        if name == "reverse":
            return replace(value, items=items[::-1])
    each = value.each
    length = value.length
    if name in ("append", "insert", "add"):
        each = join(each, as_item(args[-1]), in_item)
        length = length + 1 if length is not None and name != "add" else None
    elif name == "extend":
        each, length = join(each, as_item(element(args[0])), in_item), None
    elif name in ("pop", "remove"):
        length = length - 1 if length is not None else None
    elif name == "clear":
        length = dim(0)
    return Sequence(value.kind, None, each, length, value.born)


def weakened(
    fact: Fact, shared: frozenset[int] | None, added: Fact | None, objects: bool = False, dicts: bool = True,
) -> Fact:
    """`fact` where any container in it of a birth in `shared` (None: of any) may have lost items, or got `added`; Unknown ones if
    None is known of them; with `objects`, objects of such a birth may have got any attribute.  What changes is a list, unless `dicts`
    may have changed too.
    """
    def inside(part: Fact) -> Fact:
        return weakened(part, shared, added, objects, dicts)

    if isinstance(fact, Sequence):
        items = None if fact.items is None else tuple(map(inside, fact.items))
        item = fact.item if fact.item is None or type(fact.item) is Number else inside(fact.item)
        if item is not fact.item or items != fact.items:
            fact = replace(fact, items=items, item=item)
        if fact.kind in ("list", "set") and (shared is None or shared & (fact.born or BORN_HERE)):
            each = fact.each if added is None else join(fact.each, as_item(added), in_item)
            return Sequence(fact.kind, None, each, None, fact.born)
        return fact
    if isinstance(fact, Mapping):
        if dicts and (shared is None or shared & (fact.born or BORN_HERE)):
            return Mapping(None, fact.each, fact.every_key, fact.born) if added is None else Mapping(None, UNKNOWN, UNKNOWN, fact.born)
        return _inside(fact, inside)
    if isinstance(fact, ObjectFact) and not fact.discrete and (shared is None or objects and shared & (fact.born or BORN_HERE)):
        return ObjectFact(fact.cls, (), True, fact.born)
    return _inside(fact, inside)


def _inside(fact: Fact, change: Callable[[Fact], Fact]) -> Fact:
    """`fact` with the facts of what it holds changed."""
    if isinstance(fact, Sequence):
        items = None if fact.items is None else tuple(map(change, fact.items))
        return replace(fact, items=items, item=fact.item and change(fact.item))
    if isinstance(fact, Mapping):
        pairs = None if fact.items is None else tuple((key, change(item)) for key, item in fact.items)
        return replace(fact, items=pairs, item=fact.item and change(fact.item))
    if isinstance(fact, ObjectFact):
        return replace(fact, fields=tuple((name, change(item)) for name, item in fact.fields))
    if isinstance(fact, FunctionFact) and fact.captured:
        return FunctionFact(fact.value, tuple((name, change(item)) for name, item in fact.captured))
    return fact


def with_value(fact: Fact, shared: frozenset[int], key: Any, value: Fact) -> Fact:
    """`fact` where any dict in it of a birth in `shared` may have got `value` under a key, any key where it is None."""
    new = _inside(fact, lambda part: with_value(part, shared, key, value))
    if not isinstance(new, Mapping) or not shared & (new.born or BORN_HERE):
        return new
    if new.items is not None and key is not None and key in dict(new.items):
        return replace(new, items=tuple((k, join(item, as_item(value), in_item) if k == key else item) for k, item in new.items))
    return Mapping(None, join(new.each, as_item(value), in_item), UNKNOWN, new.born)


def all_weakened(env: Env, shared: frozenset[int] | None, added: Fact | None, objects: bool = False,
                 dicts: bool = True) -> dict[str, Fact]:
    """The facts of variables that are other ones when `weakened`."""
    return {name: new for name in made_at(env, shared) if (new := weakened(env[name], shared, added, objects, dicts)) is not env[name]}


def havoc(env: Env, shared: frozenset[int] | None, objects: bool = False) -> Env:
    """`env` where the lists and dicts of these births, with `objects` the objects too (None: all of everything), may hold anything."""
    note_change(shared, EVERYTHING if shared is None or objects else CONTAINERS)
    return env.with_facts(all_weakened(env, shared, UNKNOWN, objects))


def with_attributes(env: Env, shared: frozenset[int] | None, names: frozenset[str]) -> Env:
    """`env` where the objects of these births (None: all) may have got anything under some attributes."""
    note_change(shared, names)
    unknown = dict.fromkeys(sorted(names), UNKNOWN)

    def changed(fact: Fact) -> Fact:
        new = _inside(fact, changed)
        if not isinstance(new, ObjectFact) or new.discrete or shared is not None and not shared & (new.born or BORN_HERE):
            return new
        return replace(new, fields=tuple({**dict(new.fields), **unknown}.items()))

    return env.with_facts({name: changed(env[name]) for name in made_at(env, shared)})


def made_at(env: Env, shared: frozenset[int] | None) -> Iterable[str]:
    """The variables that are or hold lists, dicts or objects of these births (None: any)."""
    marks = [HOLDER] if shared is None else [("made", label) for label in sorted(shared)]
    return dict.fromkeys(name for mark in marks for name in env.marked(mark))


def without_items(env: Env, shared: frozenset[int] | None, dicts: bool = False) -> Env:
    """`env` where the lists, or the dicts too, of these births may have lost items."""
    return env.with_facts(all_weakened(env, shared, None, dicts=dicts))


def may_be_mask(fact: Number) -> bool:
    """Whether an array may hold bools."""
    return fact.kind in "b?" or fact.mixed


def uncounted(env: Env) -> Env:
    """`env` after something was written into a mask: how many are true in any is no longer known."""
    found = {name: new for name in env.marked(COUNTED) if (new := _uncounted(env[name])) is not env[name]}
    return env.with_facts(found) if found else env


def _uncounted(fact: Fact) -> Fact:
    if isinstance(fact, Number):
        return replace(fact, size=None) if fact.kind == "b" and fact.size is not None else fact
    if isinstance(fact, Sequence) and fact.items is not None:
        items = tuple(map(_uncounted, fact.items))
        return fact if all(x is y for x, y in zip(items, fact.items)) else replace(fact, items=items)
    if isinstance(fact, Sequence) and fact.item is not None:
        item = _uncounted(fact.item)
        return fact if item is fact.item else replace(fact, item=item)
    if isinstance(fact, Mapping):
        pairs = fact.items and tuple((key, _uncounted(item)) for key, item in fact.items)
        return replace(fact, items=pairs, item=fact.item and _uncounted(fact.item))
    if isinstance(fact, ObjectFact):
        return replace(fact, fields=tuple((name, _uncounted(item)) for name, item in fact.fields))
    if isinstance(fact, FunctionFact) and fact.captured:
        return replace(fact, captured=tuple((name, _uncounted(item)) for name, item in fact.captured))
    return fact


def _passed(flow: Flow, call: core.Call, env: Env, after: Env) -> Env:
    """After a call of a function that may change the containers that it is given."""
    what = touched(call, env, flow.scope)
    if not what:
        return after
    given: frozenset[int] = ARGUMENT if holds_captured(flow, env) else frozenset()
    unknown = False
    values = [arg.value if isinstance(arg, core.Starred) else arg for arg in call.args] + [value for _, value in call.keywords]
    values.append(call.func.value if isinstance(call.func, core.Attribute) else call.func)
    for value in values:
        fact = freeze(fact_of(value, env, flow.scope), env)
        if not isinstance(fact, (Number, Text)):
            given |= births(fact)
            unknown = unknown or isinstance(fact, Unknown)
    if not given and not unknown:
        return after
    shared = None if unknown else given
    if what >= EVERYTHING or unknown:
        return havoc(after, shared, True)
    if what & CONTAINERS:
        after = havoc(after, shared)
    return with_attributes(after, shared, what - CONTAINERS) if what - CONTAINERS else after


def holds_captured(flow: Flow, env: Env) -> bool:
    """Whether the function captures lists or dicts, which a callee may capture too."""
    return any(isinstance(env.get(name), (Sequence, Mapping)) for name in flow.captured)


def change_item(flow: Flow, stmt: core.Stmt, target: core.Expr, value: Fact, env: Env) -> Env:
    """`env` after `target = value`, where the target is an item or an attribute."""
    assert isinstance(target, (core.Subscript, core.Attribute))
    owner = fact_of(target.value, env, flow.scope)
    if isinstance(target, core.Attribute):
        return _change_attribute(flow, stmt, target, owner, value, env)
    if isinstance(owner, Number):
        return uncounted(env) if may_be_mask(owner) else env
    if isinstance(owner, Unknown):
        return havoc(uncounted(env), None)
    note_change(owner.born if isinstance(owner, (Sequence, Mapping)) and owner.born is not None else BORN_HERE)
    if isinstance(owner, Mapping):
        return _change_value(flow, stmt, target, owner, value, env)
    if isinstance(owner, ObjectFact) and not owner.discrete:
        return havoc(uncounted(env), None)
    if not isinstance(owner, Sequence):
        return env
    shared = owner.born or BORN_HERE
    index = fact_of(target.index, env, flow.scope)
    if not isinstance(index, Number):
        return havoc(env, shared)
    weak = all_weakened(env, shared, value, dicts=False)
    if isinstance(target.value, core.Name) and target.value.id in env:
        new: Fact = replace(owner, items=None, item=join(owner.each, as_item(value), in_item))
        if owner.items is not None and index.value is not None and -len(owner.items) <= index.value < len(owner.items):
            items = list(owner.items)
            items[index.value] = as_item(value) if any(d == ANY for d in getattr(value, "shape", None) or ()) else value
            new = replace(owner, items=tuple(items))
        weak.pop(target.value.id, None)
        return flow.store(stmt, env.with_facts(weak), {target.value.id: new})
    return env.with_facts(weak)


def _change_value(flow: Flow, stmt: core.Stmt, target: core.Subscript, owner: Mapping, value: Fact, env: Env) -> Env:
    key = fact_of(target.index, env, flow.scope)
    known = key.value if isinstance(key, (Text, Number)) else None
    nested = not isinstance(target.value, core.Name)
    if nested and value == FLOAT and owner.items is not None and dict(owner.items).get(known) == FLOAT:
        return env  # a float for a float: what is known under any name still holds
    changed_facts = {n: with_value(env[n], owner.born or BORN_HERE, known, value) for n in holders(env)}
    after = env.with_facts({n: f for n, f in changed_facts.items() if f != env[n]})
    if not isinstance(target.value, core.Name) or target.value.id not in env:
        return after
    if owner.items is not None and known is not None:
        new: Fact = replace(owner, items=tuple((dict(owner.items) | {known: value}).items()))
    else:
        new = replace(owner, items=None, item=join(owner.each, as_item(value), in_item), key=_keys(owner, key))
    return flow.store(stmt, after, {target.value.id: new})


def _keys(owner: Mapping, key: Fact) -> Fact:
    """What holds for the keys of a dict once there is another."""
    old, new = owner.every_key, plain_key(key)
    return new if old is UNDEFINED or old == new else UNKNOWN


def plain_key(key: Fact) -> Fact:
    """What is kept of a key: that it is a text, an int, or a tuple of such."""
    if isinstance(key, Text):
        return TEXT
    if isinstance(key, Number) and key.kind == "i" and key.box == "python":
        return INT
    if isinstance(key, Sequence) and key.kind == "tuple" and key.items is not None and key.cls is None:
        parts = tuple(map(plain_key, key.items))
        return UNKNOWN if UNKNOWN in parts else tuple_of(*parts)
    return UNKNOWN


def _change_attribute(flow: Flow, stmt: core.Stmt, target: core.Attribute, owner: Fact, value: Fact, env: Env) -> Env:
    if isinstance(owner, Number):
        # `x.shape = ...`
        note_change(None, EVERYTHING)
        return env.with_facts({n: replace(f, shape=None, box="any") for n, f in env.items() if isinstance(f, Number) and f.box != "python"})
    if not isinstance(owner, ObjectFact) or not sets_plainly(owner.cls, target.attr):
        return havoc(env, None)
    note_change(owner.born or BORN_HERE, frozenset((target.attr,)))
    new = {name: _with_field(env[name], owner, target.attr, as_item(value)) for name in holders(env)}
    if isinstance(target.value, core.Name) and target.value.id in env:
        del new[target.value.id]
        changed = replace(owner, fields=tuple((dict(owner.fields) | {target.attr: value}).items()))
        return flow.store(stmt, env.with_facts(new), {target.value.id: changed})
    return env.with_facts(new)


def _with_field(fact: Fact, owner: ObjectFact, field: str, value: Fact) -> Fact:
    """`fact` where the field of any object in it that may be `owner` may have got a value."""
    if isinstance(fact, ObjectFact):
        fields = {name: _with_field(item, owner, field, value) for name, item in fact.fields}
        if fact.cls is owner.cls and (fact.born or BORN_HERE) & (owner.born or BORN_HERE) and (field in fields or not fact.open):
            fields[field] = join(fields.get(field, UNDEFINED), value)
        return replace(fact, fields=tuple(fields.items()))
    if isinstance(fact, Sequence) and fact.items is not None:
        return replace(fact, items=tuple(_with_field(item, owner, field, value) for item in fact.items))
    if isinstance(fact, Sequence) and fact.item is not None:
        return replace(fact, item=_with_field(fact.item, owner, field, value))
    if isinstance(fact, Mapping) and fact.items is not None:
        return replace(fact, items=tuple((key, _with_field(item, owner, field, value)) for key, item in fact.items))
    if isinstance(fact, Mapping) and fact.item is not None:
        return replace(fact, item=_with_field(fact.item, owner, field, value))
    if isinstance(fact, FunctionFact) and fact.captured:
        return replace(fact, captured=tuple((name, _with_field(item, owner, field, value)) for name, item in fact.captured))
    return fact
