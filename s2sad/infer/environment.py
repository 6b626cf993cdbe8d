"""Environments, the facts of all variables at one point, and how the sizes in them are named: `store` and `meet`.

A size that a statement computes is a symbol born there.  When the statement runs again, the symbol stands for the new size, so that
variables that still have the old one get another name for it.  Where paths meet, sizes that differ are named in the same way; variables
that agree on every path go on agreeing.  As there are finitely many names, loops end.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import replace

from s2sad import core
from s2sad.facts import (
    NONE,
    Dim,
    Fact,
    FunctionFact,
    Mapping,
    Number,
    ObjectFact,
    Sequence,
    Unknown,
    born,
    fresh,
    join,
    lowest,
    with_sizes,
)
from s2sad.facts.births import births, born_at
from s2sad.facts.dims import ELSEWHERE
from s2sad.facts.fact import ANY
from s2sad.facts.layers import Layers

NO_NAMES: frozenset[str] = frozenset()
NO_MARKS: frozenset[Mark] = frozenset()
NOTHING: dict[str, None] = {}


class Env(Layers):
    """The facts of the variables at one point; those in `partial` have no value on some path there.  Never changed once recorded.

    Where it was made from another one (`origin`), it differs from that in the facts of the variables `changed`; `steps` counts how
    many came before it.
    """

    __slots__ = ("_marked", "changed", "origin", "partial", "steps")

    def __init__(self, facts: Table[str, Fact], partial: frozenset[str] = NO_NAMES) -> None:
        super().__init__(facts)
        self.partial = partial
        self.origin: Env | None = None
        self.changed: tuple[str, ...] = ()
        self.steps = 0
        self._marked: Marked | None = None

    def with_facts(self, facts: dict[str, Fact], partial: frozenset[str] | None = None) -> Env:
        """With other facts of variables, which have a value or not as before, unless it is said which have none on some path."""
        return self._next(facts, self.partial if partial is None else partial)

    def bound(self, facts: dict[str, Fact]) -> Env:
        """With variables bound to values of these facts."""
        return self._next(facts, self.partial.difference(facts) if self.partial else self.partial)

    def _next(self, facts: dict[str, Fact], partial: frozenset[str]) -> Env:
        new = self.over()
        new._own.update(facts)
        new.partial, new.origin, new.changed, new.steps, new._marked = partial, self, tuple(facts), self.steps + 1, None
        return new

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Env) and all(self.get(name) == other.get(name) for name in differing(self, other))

    __hash__ = None  # type: ignore[assignment]

    def marked(self, mark: Mark) -> Collection[str]:
        """The variables whose facts bear a mark (see `marks`)."""
        if self._marked is None:
            self._find_marked()
        assert self._marked is not None
        return self._marked.get(mark, NOTHING)

    def _find_marked(self) -> None:
        """From those of the closest environment before this one of which they are known."""
        changed: dict[str, None] = {}
        step: Env | None = self
        while step is not None and step._marked is None:
            changed.update(dict.fromkeys(step.changed if step.origin is not None else step))
            step = step.origin
        found: Marked = {} if step is None else dict(step._marked or {})
        for name in changed:
            before, now = marks(step.get(name)) if step is not None else NO_MARKS, marks(self.get(name))
            if before is now:
                continue
            for mark in before - now:
                found[mark] = {other: None for other in found[mark] if other != name}
            for mark in now - before:
                found[mark] = {**found.get(mark, NOTHING), name: None}
        self._marked = found


def holders(env: Table[str, Fact]) -> Collection[str]:
    """The variables that are or hold lists, dicts, objects or functions, if not more."""
    return env.marked(HOLDER) if isinstance(env, Env) else env.keys()


def differing(a: Env, b: Env) -> Iterable[str]:
    """The variables that may have different facts in two environments."""
    found: dict[str, None] = {}
    one: Env | None = a
    two: Env | None = b
    while one is not two:
        if one is None or two is None:
            return dict.fromkeys((*a, *b))
        if one.steps >= two.steps:
            found.update(dict.fromkeys(one.changed))
            one = one.origin
        else:
            found.update(dict.fromkeys(two.changed))
            two = two.origin
    return found


Mark = tuple[str, int]
Marked = dict[Mark, dict[str, None]]
HOLDER: Mark = ("holder", 0)
"""Marks what is or holds a list, a dict, an object or a function."""

COUNTED: Mark = ("counted", 0)
"""Marks an array of bools of which it is known how many are true, and what may hold one."""


def marks(fact: Fact | None) -> frozenset[Mark]:
    """What variables are looked up by, of their facts: where the sizes in them were born, and where the containers."""
    if fact is None or isinstance(fact, Number) and fact.size is None and not fact.shape:
        return NO_MARKS
    found: set[Mark] = set()

    def look(d: Dim, path: str) -> Dim:
        found.update([("size", label) for label in d.born])
        return d

    with_sizes(fact, look)
    if isinstance(fact, Number):
        if fact.kind == "b" and fact.size is not None:
            found.add(COUNTED)
    elif isinstance(fact, (Sequence, Mapping, ObjectFact, FunctionFact)):
        found.update([("made", label) for label in births(fact)])
        found.add(HOLDER)
        found.add(COUNTED)
        if isinstance(fact, Sequence) and fact.length is not None:
            look(fact.length, "")
    return frozenset(found)


class Facts(dict[core.Stmt, Env]):
    """The variables' facts before each statement (of a loop: at its head, in any round), and the fact of what the function returns."""

    result: Fact = NONE


def ever(facts: Table[core.Stmt, Table[str, Fact]]) -> Iterator[tuple[str, Fact]]:
    """All facts that variables have at some place, each at least once."""
    seen: set[int] = set()
    for env in facts.values():
        if id(env) in seen:
            continue
        seen.add(id(env))
        changed: set[str] = set()
        step = env if isinstance(env, Env) else None
        while step is not None:
            changed.update(step.changed)
            step = step.origin
            if id(step) in seen:
                break
        yield from env.items() if step is None else ((name, env[name]) for name in changed)


class SizeNames:
    """The names of sizes in one function; `used` are the statements (by number) at which some were born."""

    def __init__(self) -> None:
        self.used: set[int] = set()

    def store(self, label: int, env: Env, facts: dict[str, Fact]) -> Env:
        """`env` after the statement `label` bound variables to values of these facts, which were found in `env`."""
        kept: dict[str, Fact] = {}
        if label in self.used:
            old: dict[Dim, Dim] = {}
            kept = {name: self.named(env[name], name, label, old) for name in self.mentioning(env, label) if name not in facts}
        names: dict[Dim, Dim] = {}
        new = {name: self.named(self.with_size(fact, name, label), name, label, names) for name, fact in facts.items()}
        return (env.with_facts(kept) if kept else env).bound(new)

    def with_size(self, fact: Fact, name: str, label: int) -> Fact:
        """An int, or the count of a mask, that is not known gets a name, so that what it selects is known to agree."""
        if type(fact) is not Number or fact.size is not None or fact.mixed:
            return fact
        if fact.kind == "i" and fact.box == "python" or fact.kind == "b" and fact.shape:
            self.used.add(label)
            return replace(fact, size=born(f"{name}#", label, None if fact.kind == "i" else 0))
        return fact

    def named(self, fact: Fact, name: str, label: int, names: dict[Dim, Dim]) -> Fact:
        """`fact` with its sizes that were born at `label`, or have no name yet, called after the variable `name`; equal ones
        share a name.
        """

        def rename(d: Dim, path: str) -> Dim | None:
            since = d.born
            if not since or label not in since and ELSEWHERE not in since:
                return d
            if ".each" in path:
                return ANY
            found = names.get(d)
            if found is None:
                self.used.add(label)
                low = lowest(d)
                found = names[d] = born(name + path, label, low if path.endswith("#") else max(low or 0, 0))
            return found

        if type(fact) is Number:
            return fact if not fact.shape and fact.size is None else with_sizes(fact, rename)
        fact = with_sizes(fact, rename)
        if not births(fact):
            return fact
        return born_at(fact, label)

    def meet_if_any(self, label: int, envs: list[Env]) -> Env | None:
        """The environment where paths meet; None of none."""
        return envs[0] if len(envs) == 1 else self.meet(label, envs) if envs else None

    def meet(self, label: int, envs: list[Env]) -> Env:
        """The environment where paths meet at `label`; sizes that are not the same on all paths are born there."""
        first = envs[0]
        merged: dict[str, Fact] = {}
        partial = first.partial
        changed: dict[str, None] = {}
        for env in envs[1:]:
            names = {name: merged.get(name) or first.get(name) for name in (*differing(first, env), *merged)}
            partial |= env.partial
            if all(old == env.get(name) for name, old in names.items()):
                continue
            pairs: dict[tuple[Dim, Dim], Dim] = {}

            def name_of(path: str, a: Dim, b: Dim, pairs: dict[tuple[Dim, Dim], Dim] = pairs) -> Dim:
                if (a, b) not in pairs:
                    pairs[a, b] = fresh(least_of(a, b, label, path.endswith("#")))
                return pairs[a, b]

            for name, old in names.items():
                new = env.get(name)
                if old is None or new is None:
                    partial |= {name}
                    if old is None and new is not None:
                        merged[name] = new
                elif old is not new:
                    merged[name] = join(old, new, name_of)
                    changed[name] = None
        whole = first.with_facts(merged) if merged else first
        names_of: dict[Dim, Dim] = {}
        named = {name: self.named(whole[name], name, label, names_of) for name in self.mentioning(whole, label, changed)}
        after = whole.with_facts(named) if named else whole
        return after if after.partial == partial else after.with_facts({}, partial)

    def mentioning(self, env: Env, label: int, changed: Collection[str] = NO_NAMES) -> list[str]:
        """The variables with a size in their facts that was born at `label`, and those `changed`."""
        return list(dict.fromkeys((*(env.marked(("size", label)) if label in self.used else ()), *changed)))


def least_of(a: Dim, b: Dim, label: int, number: bool) -> int | None:
    """A bound from below for two sizes; what falls from round to round of the loop `label` has none, or 0 where it is the size of
    something.
    """
    floor = None if number else 0
    low, other = lowest(a), lowest(b)
    if low is None or other is None or label in a.born and other < low or label in b.born and low < other:
        return floor
    low = min(low, other)
    return low if number else max(min(low, 2), 0)


def mentions(fact: Fact | None, label: int) -> bool:
    """Whether a size in `fact` was born at `label`."""
    if isinstance(fact, Number):
        if fact.size is not None and label in fact.size.born:
            return True
        return bool(fact.shape) and any([label in d.born for d in fact.shape or ()])
    if isinstance(fact, Sequence):
        inside = mentions(fact.item, label) if fact.items is None else any([mentions(item, label) for item in fact.items])
        return inside or fact.length is not None and label in fact.length.born
    if fact is None or isinstance(fact, Unknown):
        return False
    found: list[bool] = []

    def look(d: Dim, path: str) -> Dim:
        if label in d.born:
            found.append(True)
        return d

    with_sizes(fact, look)
    return bool(found)
