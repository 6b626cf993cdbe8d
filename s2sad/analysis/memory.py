"""Which variables are references to memory that also changes under other names, and what their shadows are.

Most arrays that change in place are known by one name while they change: their adjoint is an ordinary variable.  Where a change reaches
other names whose value still counts, all names of that memory are *shared*: they are saved and restored as references, what is written is
restored in place, and each has a *shadow*, an adjoint that mirrors the memory itself, made where the memory is made.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from s2sad import core

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Memory:
    """`classes` are the names that may share memory, for each name that is shared; `shadows` are the shadows of those that are active.

    `births` are the statements whose value is new memory, `maybe` those whose value is new memory or a view, which only the run tells.
    """

    classes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    shadows: Mapping[str, str] = field(default_factory=dict)
    births: frozenset[core.Stmt] = frozenset()
    maybe: frozenset[core.Stmt] = frozenset()

    def is_shared(self, name: str) -> bool:
        return name in self.classes

    def is_reference(self, name: str) -> bool:
        """Whether a variable refers to memory that is shared, or is the shadow of one that does."""
        return name in self.classes or name in self.shadows.values()

    def kin(self, name: str) -> frozenset[str]:
        """The names under which the memory of a variable may be changed, its own among them."""
        return self.classes.get(name, frozenset((name,)))

    def content(self, name: str) -> str:
        """Stands for what the memory of a shared variable holds, as `name` stands for the reference."""
        return f"*{min(self.classes[name])}"

    def with_content(self, names: Iterable[str]) -> frozenset[str]:
        """`names`, and what the memory of the shared ones among them holds."""
        found = frozenset(names)
        return found | {self.content(name) for name in found if name in self.classes}

    def bars(self, names: Iterable[str]) -> frozenset[str]:
        """The shadows of those of `names` that have one."""
        return frozenset(self.shadows[name] for name in names if name in self.shadows)


PLAIN = Memory()
"""No memory is shared."""
