"""Adjoints where a derivative is infinite."""
from __future__ import annotations

from typing import Any

import numpy as np


def divided(g: Any, d: Any) -> Any:
    """`g / d`, where an adjoint of zero stays zero although the derivative is infinite, as at entries that a mask leaves out.

    >>> divided(np.array([0.0, 3.0]), np.array([0.0, 2.0]))
    array([0. , 1.5])
    """
    none = np.equal(g, 0)
    return np.where(none, 0.0, g / np.where(none, 1, d))
