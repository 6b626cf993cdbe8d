"""Every name that s2sad gives is made here: `x_bar` for the adjoint of `x`, `x_dot` for its tangent, `x_stack` for its saved values.

Names never clash with those the program already uses, and depend on nothing but the program and the order of asking.
"""
from __future__ import annotations

import keyword
from collections.abc import Iterable

from s2sad import core
from s2sad.link.borrowed import BORROWED

MARK = "@"
"""Ends the names of a text's functions, so that they clash with no variable, until all of the text is known (`Library.named`)."""


class Names:
    """The names in use, and new ones beside them.

    >>> names = Names(["x", "y_bar"])
    >>> names.bar("x"), names.bar("y"), names.bar("x"), names.fresh("x")
    ('x_bar', 'y_bar_2', 'x_bar', 'x_2')
    """

    def __init__(self, used: Iterable[str] = ()) -> None:
        self._used = {*used, *BORROWED}
        self._derived: dict[tuple[str, str], str] = {}
        self._numbers: dict[str, int] = {}

    @classmethod
    def of(cls, *functions: core.Function) -> Names:
        """All names that occur in the functions, those of nested functions and comprehensions included."""
        return cls(name for function in functions for name in names_in(function))

    def __contains__(self, name: str) -> bool:
        return name in self._used

    def reserve(self, *names: str) -> None:
        self._used.update(names)

    def fresh(self, base: str) -> str:
        """`base` if it is free, else `base_2`, `base_3` and so on; the name counts as used from now on."""
        number = self._numbers.get(base, 1)
        name = base if number == 1 else f"{base}_{number}"
        while name in self._used or keyword.iskeyword(name):
            number += 1
            name = f"{base}_{number}"
        self._used.add(name)
        self._numbers[base] = number
        return name

    def bar(self, name: str) -> str:
        """The name of the adjoint of `name`; the same at every asking."""
        return self.derive(name, "bar")

    def dot(self, name: str) -> str:
        """The name of the tangent of `name`; the same at every asking."""
        return self.derive(name, "dot")

    def stack(self, name: str) -> str:
        """The name of the stack of values of `name`; the same at every asking."""
        return self.derive(name, "stack")

    def derive(self, name: str, suffix: str) -> str:
        """`name_suffix`, the same at every asking for this name and suffix.  A path such as `p.x` gives `p_x_suffix`."""
        key = (name, suffix)
        if key not in self._derived:
            self._derived[key] = self.fresh(f"{name.replace('.', '_')}_{suffix}")
        return self._derived[key]


def names_in(function: core.Function) -> frozenset[str]:
    """Every name that occurs in the function: parameters, variables, what it reads from outside, and all of its nested functions."""
    found: set[str] = {function.name, *function.free}
    for node in core.walk(function):
        found.update(getattr(node, label) for label in ("id", "name", "rest") if hasattr(node, label))
    return frozenset(found - {""})
