"""Names that the texts of users' rules use beside NumPy and the runtime: each stands for one object, in every generated text."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BORROWED: dict[str, Mapping[str, Any]] = {}
"""The namespace of each name, read when a text is linked, so that a rule may name a function that is defined below it."""


def borrow(name: str, namespace: Mapping[str, Any]) -> None:
    """Lets texts use `name` of a namespace; raises ValueError where the name stands for something else already.

    A function that is declared again, as notebooks and reloaded modules do, takes the place of the one before.
    """
    known = BORROWED.get(name, namespace).get(name)
    new = namespace.get(name)
    if new is not None and known is not new and getattr(known, "__qualname__", known) != getattr(new, "__qualname__", new):
        raise ValueError(f"the name {name!r} stands for something else in a rule that was declared before; give the function another name")
    BORROWED[name] = namespace


def borrowed(name: str) -> Any:
    """The object that a name stands for; raises NameError where its module does not define it."""
    try:
        return BORROWED[name][name]
    except KeyError:
        raise NameError(f"a declared rule names {name!r}, which its module does not define") from None
