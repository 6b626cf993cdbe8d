"""Where the rules of the functions of `s2sad.runtime` are tested, as in `domains`."""
from __future__ import annotations

_CALLS: dict[str, str] = {
    "unbroadcast": "A, u | u, A | s, A | A, s | D, u | K, K", "sum_to_shape": "A, (4,) | u, (3, 4) | A, (3, 4)", "spread": "u, A | s, u | s, t | A, C",
    "closed": "s, t | A, C", "conjugate": "A | s", "copied": "A | s", "add": "A, C | s, t", "zeros": "A | L", "zero_tangent": "A | L", "positions": "A",
    "place_of_max": "L", "place_of_min": "L",
    "unreduced": "s, A | u, A, 0 | u[None, :], A, 0, True | w, A, 1", "adjoint_of_mean": "s, A | u, A, 0 | w, A, 1",
    "adjoint_of_extremum": "s, np.max(A), A | u, np.max(A, 0), A, 0 | w[:, None], np.min(A, 1, keepdims=True), A, 1, True",
    "adjoint_of_extremum_among": "s, np.max(A), A | u, np.max(A, 0, where=A < 0.5, initial=0.1), A, 0, False, A < 0.5", "is_bound": "np.max(A, 0, initial=0.1), A, 0",
    "adjoint_of_bound": "u, np.max(A, 0, initial=0.1), A, 0", "adjoint_of_var": "u, A, 0, 0, False, np.arange(3)[:, None] > 0 | s, A | u, A, 0 | w, A, 1, 1 | w[:, None], A, 1, 0, True", "adjoint_of_cumsum": "u, v | A, C, 0 | A, C, 1",
    "adjoints_of_sum": "s, L | u, A", "adjoints_of_max": "s, L", "adjoints_of_min": "s, L",
    "adjoint_of_matmul_left": "S, A, B | T[:, :, :3], T, U | w, A, u",
    "adjoint_of_matmul_right": "S, A, B | w, A, u | T[:, :, :3], T, U", "adjoint_of_dot_left": "S, A, B | w, A, u | A, A, s",
    "adjoint_of_dot_right": "S, A, B | w, A, u | A, s, A", "adjoint_of_inner_left": "S, A, C | s, u, v", "adjoint_of_inner_right": "S, A, C | s, u, v",
    "scattered": "w, I, u | A, np.arange(12).reshape(3, 4), A", "adjoint_of_sort": "u, v | A, C, 0", "adjoint_of_take_along_axis": "A, C, J % 3, 0",
    "adjoint_of_pad": "x, w, 1 | x, w, 1, 'edge' | x, w, 1, 'wrap' | x, w, 1, 'median'", "tangent_of_pad": "w, w, 1 | w, w, 2, 'reflect' | A, A, 1, 'edge' | A, C, 1, 'maximum'",
    "split_of_concatenation": "x, (w, w[:2]) | A, [A[:1], A[1:]] | A, [A[:, :1], A[:, 1:]], 1",
    "part_of_concatenation": "x, 1, (w, w[:2]) | A, 0, [A[:, :1], A[:, 1:]], 1", "unstacked": "A, [u, u, u] | A, [w, w, w, w], 1",
    "split_of_rows": "A, (u, u, u) | A, [A[:1], A[1:]] | x, (w, w[:2]), 'hstack' | A, (w, A[:, :3]), 'column_stack'",
    "adjoint_of_kron_left": "A.ravel(), w, u", "adjoint_of_kron_right": "A.ravel(), w, u",
    "adjoint_of_tensordot_left": "S, A, B, 1 | s, A, C", "adjoint_of_tensordot_right": "S, A, B, 1 | s, A, C",
    "adjoint_of_cross_left": "w, w, S[0] | S, w, S", "adjoint_of_cross_right": "w, w, S[0] | S, w, S",
    "adjoint_of_einsum": "S, 0, 'ij,jk->ik', A, B | S, 1, 'ij,jk->ik', A, B | s, 0, 'ii', S", "letters_of_axes": "[(0, 1), (1,)], (0,)",
    "last_written": "u, I | A, 1", "placed_last": "w[I], I, w",
    "untransposed": "A | T, (1, 2, 0)",
}
CALLS: dict[str, tuple[str, ...]] = {"s2sad.stop_gradient": ()} | {
    f"s2sad.runtime.{name}": () for name in ("check_bound", "held", "solution", "nodes_of_integral", "nodes_of_trajectory", "coefficients_of_steps")} | {
    f"s2sad.runtime.{name}": tuple(f"{name}({text.strip()})" for text in texts.split("|")) for name, texts in _CALLS.items()}
