"""Where the rules of NumPy functions that pick, join, contract, transform and factor arrays are tested, as in `domains`."""
from __future__ import annotations

import numpy as np

_rng = np.random.default_rng(17)
VALUES = {
    "x": np.array([0.3, 1.2, -0.7, 2.1, 0.9]), "J": np.array([[0, 2, 1, 0], [1, 1, 2, 0], [2, 0, 0, 1]]), "b": np.array([True, False, True]),
}


def each(calls: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """The calls of each function, from their arguments, separated by `|`."""
    def call(name: str, text: str) -> str:
        receiver, _, rest = text.strip().partition(", ")
        return f"{receiver}.{name[2:]}({rest})" if name.startswith("a.") else f"{name}({text.strip()})"
    return {name: tuple(call(name, text) for text in texts.split("|")) for name, texts in calls.items()}


def _both(name: str, texts: str) -> dict[str, str]:
    return {f"np.{name}": texts, f"a.{name}": texts}


CALLS: dict[str, tuple[str, ...]] = each({
    # Entries
    "np.diag": "u | A | S | u, 1 | u, -2 | S, 1 | A, k=-1 | F", "np.diagflat": "u | A, 1",
    **_both("diagonal", "S | A | A, 1 | T, -1, 1, 2 | T | K"), "np.linalg.diagonal": "S | A, offset=1 | T",
    "np.tril": "S | A, 1 | T, -1 | u | F", "np.triu": "S | A, -1 | T, 1",
    "np.sort": "u, stable=True | u | A | A, 0 | T, axis=1 | A, None | F | L | E, 0", "np.partition": "u, 2 | A, 1 | A, 1, axis=0 | u, 2, None",
    **_both("argsort", "A | A, axis=0 | u"), **_both("argpartition", "A, 1 | A, 1, 0"),
    "s2sad.runtime.entries.along_axis": "A, np.zeros((2, 1), int), 1",
    "np.searchsorted": "np.arange(4), u | np.arange(3), s", "a.searchsorted": "x, 0.5", "np.digitize": "u, np.arange(3)",
    "np.lexsort": "A", **_both("nonzero", "A"), "np.flatnonzero": "A", "np.argwhere": "A", "np.unravel_index": "3, (2, 3)",
    "np.isin": "A, u", "np.ravel_multi_index": "(1, 1), (2, 3)",
    "np.unique": "x | A | u, return_index=True | L", "np.rot90": "A | A, 2 | T, -1, (1, 2)",
    **_both("take", "u, I | A, I | A, I, 0 | A, J, 1 | T, I, axis=-1 | u, 2 | A, 1, axis=0 | u, I, None | F, I, axis=1"),
    "np.take_along_axis": "A, J, 0 | A, J[:, :2], 1 | A, J % 2, axis=0 | u, I, 0 | A, I, None",
    "np.compress": "b, A, axis=0 | b, u | b, A", "a.compress": "A, b, 0 | u, b | A, b", "np.extract": "A > 0, A | b, w | u > 0, u",
    "np.select": "[A > 0.5, A > -0.5], [A, 2 * C], 1.5 | [A > 0], [C] | [A > 0, A < -1], [s, u], A | [u > 0, u < -1], Q | [F > 0], [F]",
    "np.choose": "I, (w, 2.0 * w, x[:3]) | J, [A, C, u] | I, S | J, [s, t, 0.5]", "a.choose": "I, (w, s, w)",
    **_both("repeat", "u, 3 | A, 2 | A, 2, axis=0 | A, I, 0 | u, n | T, 2, axis=-1 | F, 2, 1 | u, 0"),
    "np.tile": "u, 2 | u, n | A, 2 | A, (2, 1) | u, (2, 3) | A, (2, 1, 2) | s, 3 | F, 2", "np.resize": "u, 6 | A, (2, 3) | u, (2, 3)",
    "np.pad": "u, 1 | A, 2 | u, (1, 2) | A, ((1, 0), (2, 3)) | u, 2, 'edge' | A, 1, mode='wrap' | A, (2, 1), 'mean' | A, (2, 1), 'maximum' | x, 2, 'minimum', stat_length=2 | A, ((0, 1), (2, 0)), 'median' | A, 1, 'mean', stat_length=((1, 2), (2, 3)) | F, 1, 'maximum' | u, 2, 'mean', stat_length=2 | A, 2, 'linear_ramp' | A, 1, 'reflect', reflect_type='odd' | A, 1, 'reflect' | A, 2, 'symmetric' "
              "| u, 2, constant_values=s | A, ((1, 2), (0, 1)), constant_values=t | u, n, mode='constant' | u, 0 | F, 1 | F, 1, 'edge' "
              "| u, 9, 'reflect' | u, (1, 2), constant_values=(s, t) | T, 1",
    "np.append": "u, s | u, w | A, C | A, C, 0 | A, S, axis=1 | L, s | u, [s, t] | F, F", "np.insert": "u, 1, s | A, 1, u, 0 | A, (0, 2), 1.5, axis=1 "
    "| u, [2, 0], [s, t] | A, 2, w, axis=1 | u, -1, s",
    "np.delete": "u, 1 | A, 1, 0 | A, (0, 2), axis=1 | A, 3 | u, I | F, 0, 1",
    "np.hstack": "(u, w) | (A, S) | (T, T) | (s, u, t) | [u, [s, t]] | Q | (A, A[:, :1]) | A | (F, F) | (s, t)",
    "np.vstack": "(u, v) | (A, u) | (A, C) | Q | (u, A, v) | (s, t) | (T, T) | A | ([s, t], [t, 1.0]) | (F, F)",
    "np.column_stack": "(u, v) | (A, w) | (A, S) | Q | (w, A, w) | ([s, t], [t, 1.0]) | (F, F)",
    "np.dstack": "(u, v) | (A, C) | (T, T) | Q | (F, F)", "np.block": "[u, s] | [[A, S], [C, S]] | [u, w] | A | [[s, t], [t, 1.0]]",
    "np.split": "u, 2 | A, 2, 1 | A, (1, 2), axis=1 | A, 3 | u, [1, 3] | F, 2, axis=1", "np.array_split": "u, 3 | A, 3, axis=1",
    "np.hsplit": "A, 2 | u, 2", "np.vsplit": "A, 3", "np.dsplit": "T, 2 | T, (1, 2)", "np.unstack": "A | T, axis=1",
    "np.meshgrid": "u, w | u, w, indexing='ij' | u, w, x | u | u, w, sparse=True | s, u",
    "np.broadcast_arrays": "A, u | s, w",
})
