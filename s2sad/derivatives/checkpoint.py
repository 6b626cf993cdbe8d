"""`checkpoint(f)`: calls of `f` keep nothing but their arguments for the reverse sweep, which runs `f` once more."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


class Checkpoint:
    """A function whose values are computed again in the reverse sweep.  It is called as the function is."""

    def __init__(self, primal: Callable[..., Any]) -> None:
        self.primal = primal
        functools.update_wrapper(self, primal, updated=())
        vars(self).pop("__wrapped__", None)  # its source is no source of this object

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.primal(*args, **kwargs)


def checkpoint(f: Callable[..., Any]) -> Checkpoint:
    """`f`, whose calls keep only their arguments for the reverse sweep, and run once more there: less memory, at most one more run of `f`.

    `f` must give the same result each time: it must not draw random numbers or read what changes.  Also a decorator.

    >>> from s2sad import grad
    >>> square = checkpoint(lambda x: x * x)
    >>> grad(lambda x: square(square(x)))(2.0)
    32.0
    """
    return Checkpoint(f)
