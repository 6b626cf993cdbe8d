"""`debug_nans`: the first statement of a reverse sweep that makes a non-finite adjoint from finite ones."""
from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np

from s2sad.derivatives.leaves import leaves
from s2sad.link.load import _user_place


@contextmanager
def debug_nans() -> Iterator[None]:
    """Inside this context, generated derivatives raise FloatingPointError where an adjoint or a tangent first is nan or infinite.

    The message shows the statement of the derivative, and the line of the function that it was written for.  It runs generated code line by
    line, and slowly.

    >>> import numpy as np
    >>> from s2sad import debug_nans, grad
    >>> with np.errstate(all="ignore"), debug_nans():
    ...     grad(lambda x: np.sum(np.sqrt(x)))(np.array([0.0, 1.0]))  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    FloatingPointError: `x_bar` is not finite after `x_bar = 1.0 / (2 * np.sqrt(x))`
    """
    before = sys.gettrace()
    sys.settrace(_enter)
    try:
        yield
    finally:
        sys.settrace(before)


def _enter(frame: FrameType, event: str, argument: Any) -> Any:
    """Traces the frames of generated functions, and no other."""
    return _Watch(frame) if frame.f_code.co_filename.startswith("<s2sad ") else None


class _Watch:
    """Looks at the adjoints of one frame before each line."""

    def __init__(self, frame: FrameType) -> None:
        self.line = frame.f_lineno
        self.given = {name for name, value in frame.f_locals.items() if not is_finite(value)}

    def __call__(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event in ("line", "return"):
            for name, value in frame.f_locals.items():
                if ("_bar" in name or "_dot" in name) and name not in self.given and not is_finite(value):
                    raise FloatingPointError(self.message(frame, name))
            self.line = frame.f_lineno
        return self

    def message(self, frame: FrameType, name: str) -> str:
        filename = frame.f_code.co_filename
        text = f"`{name}` is not finite after `{linecache.getline(filename, self.line).strip()}`"
        place = _user_place(filename, self.line)
        return text if place is None else f"{text}, which is for {place[0]}:{place[1]}, in {place[2]}"


def is_finite(value: Any) -> bool:
    """Whether all numbers in a structure are finite."""
    return all(bool(np.all(np.isfinite(leaf))) for leaf in leaves(value) if not isinstance(leaf, np.ndarray) or leaf.dtype.kind in "fc")
