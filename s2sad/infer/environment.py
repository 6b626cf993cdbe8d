"""Environments, the facts of all variables at one point, and how the sizes in them are named: `store` and `meet`.

A size that a statement computes is a symbol born there.  When the statement runs again, the symbol stands for the new size, so that
variables that still have the old one get another name for it.  Where paths meet, sizes that differ are named in the same way; variables
that agree on every path go on agreeing.  As there are finitely many names, loops end.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from s2sad import core
from s2sad.facts import NONE, Dim, Fact, Number, Sequence, Unknown, born, fresh, join, lowest, with_sizes
from s2sad.facts.births import births, with_births
from s2sad.facts.dims import ELSEWHERE
from s2sad.facts.fact import ANY, BORN_HERE

NO_NAMES: frozenset[str] = frozenset()


class Env(dict[str, Fact]):
    """The facts of the variables at one point; those in `partial` have no value on some path there.  Never changed once recorded.

    Where it was made from another one (`origin`), it differs from that in the facts of the variables `changed`.
    """

    partial: frozenset[str] = frozenset()
    origin: Env | None = None
    changed: tuple[str, ...] = ()

    def with_facts(self, facts: dict[str, Fact]) -> Env:
        """With other facts of variables, which have a value or not as before."""
        new = Env(self)
        new.update(facts)
        new.partial, new.origin, new.changed = self.partial, self, tuple(facts)
        return new

    def bound(self, facts: dict[str, Fact]) -> Env:
        """With variables bound to values of these facts."""
        new = Env(self)
        new.update(facts)
        new.partial, new.origin, new.changed = self.partial.difference(facts) if self.partial else self.partial, self, tuple(facts)
        return new


class Facts(dict[core.Stmt, Env]):
    """The variables' facts before each statement (of a loop: at its head, in any round), and the fact of what the function returns."""

    result: Fact = NONE


def ever(facts: Mapping[core.Stmt, Mapping[str, Fact]]) -> Iterator[tuple[str, Fact]]:
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
        return with_births(fact, lambda b: (b or BORN_HERE) - BORN_HERE | {label} if b is None or ELSEWHERE in b else b)

    def meet_if_any(self, label: int, envs: list[Env]) -> Env | None:
        """The environment where paths meet; None of none."""
        return envs[0] if len(envs) == 1 else self.meet(label, envs) if envs else None

    def meet(self, label: int, envs: list[Env]) -> Env:
        """The environment where paths meet at `label`; sizes that are not the same on all paths are born there."""
        merged = Env(envs[0])
        partial = envs[0].partial
        changed: set[str] = set()
        for env in envs[1:]:
            if env == merged:
                partial |= env.partial
                continue
            partial |= env.partial | (merged.keys() ^ env.keys())
            pairs: dict[tuple[Dim, Dim], Dim] = {}

            def name_of(path: str, a: Dim, b: Dim, pairs: dict[tuple[Dim, Dim], Dim] = pairs) -> Dim:
                if (a, b) not in pairs:
                    pairs[a, b] = fresh(least_of(a, b, label, path.endswith("#")))
                return pairs[a, b]

            for name, fact in env.items():
                old = merged.get(name)
                if old is None:
                    merged[name] = fact
                elif old is not fact:
                    merged[name] = join(old, fact, name_of)
                    changed.add(name)
        names: dict[Dim, Dim] = {}
        for name in self.mentioning(merged, label, changed):
            merged[name] = self.named(merged[name], name, label, names)
        merged.partial = partial
        return merged

    def mentioning(self, env: Env, label: int, changed: Set[str] = NO_NAMES) -> list[str]:
        """The variables with a size in their facts that was born at `label`, and those `changed`."""
        if label not in self.used:
            return [name for name in env if name in changed] if changed else []
        return [name for name, fact in env.items() if name in changed or mentions(fact, label)]


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
