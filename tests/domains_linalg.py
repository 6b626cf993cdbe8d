"""Where the rules of contractions, convolutions, matrix functions and Fourier transforms are tested, as in `domains`."""
from __future__ import annotations

import numpy as np
from domains_numpy import each

_rng = np.random.default_rng(29)
_c = _rng.normal(size=(3, 3)) + 1j * _rng.normal(size=(3, 3))
VALUES = {
    "SP": (lambda a: a @ a.T + np.eye(3))(_rng.normal(size=(3, 3))), "SB": np.stack([np.diag([2.0, 1.0, 3.0]) + 0.1, np.diag([1.0, 2.5, 1.5]) - 0.2]),
    "CS": _c, "CP": _c @ _c.conj().T + np.eye(3), "CK": _rng.normal(size=4) + 1j * _rng.normal(size=4),
    "CW": _rng.normal(size=3) + 1j * _rng.normal(size=3), "SF": (np.eye(3) * 2 + 0.3).astype(np.float32), "G1": np.array([[1.0, 2.0], [2.0, 4.0]]),
    "M2": _rng.normal(size=(2, 3, 3)), "ROT": np.array([[0.1, -2.0, 0.3], [1.5, 0.2, 0.4], [0.0, 0.3, 1.9]]), "sub": "ij,jk->ik",
    "TI": _rng.normal(size=(2, 3, 6)), "TB": _rng.normal(size=(2, 3)), "V3": _rng.normal(size=(4, 3)),
}
_MATRICES = "S | SP | M2 | CS | SF"
_TALL = "B | S | A | U"

CALLS = each({
    "np.einsum": "'ij,jk->ik', A, B | 'ij,jk', A, B | 'ij->i', A | 'ii', S | 'ii->i', S | 'ij->ji', A | 'ij,ij->', A, C | 'i,j->ij', u, w | '...ij,...jk->...ik', T, U"
                 " | '...ij,jk->...ik', T, B | sub, A, B | A, [0, 1], B, [1, 2], [0, 2] | A, [0, 1], B, [1, 2] | 'ij,ij,ij->i', A, C, A | 'ijk->', T | 'ij,kj', K, A"
                 " | 'i,i->', u, [0.5, 1.0, 2.0, 3.0] | 'ij,jk->ik', F, B | 'i...,i->...', A, w | 'ij,j->i', A, np.ones(1) * s | ',i->i', s, u | 'ij, jk -> ik', A, B, optimize=True",
    "np.tensordot": "A, B, 1 | A, C | T, U, ((0, 2), (0, 1)) | T, B, (2, 0) | T, U, ([2, 0], [1, 0]) | u, w, 0 | T, U, ((-1, 0), (-2, 0)) | K, B, 1",
    "np.linalg.tensordot": "A, B, axes=1",
    "np.kron": "A, S | u, w | A, u | u, A | s, A | T, S | K, w",
    "np.cross": "w, S[0] | S, w | w, S | S, C[:, :3] | V3.T, V3.T, axis=0 | V3, V3.T, axisb=0 | S, S, axisa=0, axisc=0 | T[..., :3], w",
    "np.linalg.cross": "w, S[0] | V3.T, V3.T, axis=0",
    "np.vecdot": "u, v | A, u | T, A | A.T, A.T, axis=0 | CK, CK | CK, u", "np.linalg.vecdot": "A, C | CW, CW",
    "np.matvec": "A, u | T, u | T, A[:2] | K, CK", "np.vecmat": "w, A | w, T | CW, K",
    "np.convolve": "u, w | w, u | u, w, 'same' | u, w, 'valid' | w, u, 'same' | w, u, 'valid' | x, u, 'same' | CK, w | u, CW, 'valid' | u, v, mode='same'",
    "np.correlate": "u, w | w, u | u, w, 'same' | u, w, 'full' | w, u, 'same' | w, u, 'full' | x, u, 'same' | u, x, 'same' | u, x, 'full' | CK, w, 'full' | u, CW, 'full' | x, u, mode='full'",
    "np.linalg.solve": "S, w | S, S | SP, A | M2, T[..., :3].swapaxes(1, 2)[:, :3] | M2, w | S, T | CS, w | S, CW | SF, w | CS, CS",
    "np.linalg.inv": _MATRICES, "np.linalg.pinv": "A, 1e-10 | A, rcond=1e-9 | A | B | S | T | CS | K",
    "np.linalg.det": "S | M2 | G1 | CS", "np.linalg.slogdet": "S | M2 | CS",
    "np.linalg.matrix_power": "S, 3 | S, 0 | S, 1 | M2, 2 | S, -2 | CS, 3 | S, n", "np.linalg.multi_dot": "[A, B, A] | [w, A, B, w] | [A, u] | [A, U[0]]",
    "np.linalg.lstsq": "B, u | B, C.T | S, w | A, w", "np.linalg.tensorsolve": "TI, TB | np.moveaxis(TI, 2, 0), TB, (0,)", "np.linalg.tensorinv": "TI | S, 1",
    "np.linalg.norm": "u | A | T | F | s | K | u, 3 | V, 1 | u, np.inf | V, -np.inf | u, 2.5 | V, -1.5 | V, 0.5 | A, 'fro' | A, 'nuc' | A, 2 | A, -2 | A, 1 | A, -1 | A, np.inf | A, -np.inf"
                      " | A, axis=1 | A, 3, axis=0 | A, axis=1, keepdims=True | T, 'nuc', axis=(0, 2) | T, axis=(0, 1) | T, 2, (1, 2), True | T, np.inf, axis=(2, 0) | A, None, (0, 1) | A, keepdims=True"
                      " | CK, 3 | K, 'nuc' | K, 1 | K, axis=1 | A, 1, axis=-1 | T, 'fro', axis=(-1, 0) | u, None, 0",
    "np.linalg.vector_norm": "A | A, ord=3 | A, axis=1, keepdims=True | V, ord=1 | T, axis=(0, 2)", "np.linalg.matrix_norm": "A | A, ord='nuc' | T, ord=2, keepdims=True",
    "np.linalg.cond": "S | S, 2 | S, -2 | S, 1 | S, 'fro' | M2 | S, np.inf",
    "np.linalg.cholesky": "SP | SB | CP | SP, upper=True | CP, upper=True", "np.linalg.eigh": "SP | SB | SP, 'U' | SP, UPLO='U' | CP[:1, :1] | S",
    "np.linalg.eigvalsh": "SP | SB | SP, 'U' | CP | S", "np.linalg.eig": "SP | ROT | CS | SB + M2 * 0.01 | S", "np.linalg.eigvals": "SP | ROT | CS",
    "np.linalg.svd": "A, False | B, full_matrices=False | S | A, compute_uv=False | T, False, True | CS[:, :1], False | K, False, False | M2",
    "np.linalg.svdvals": "A | T", "np.linalg.qr": _TALL + " | B, 'r' | A, mode='r' | CS | CS[:, :2]",
    **{f"np.fft.{name}": "u | A | u, 6 | A, 3 | A, axis=0 | A, 2, 0 | u, None, -1, 'ortho' | u, norm='forward' | F | A, 5, norm='ortho' | K | CK" for name in ("fft", "ifft")},
    "np.fft.rfft": "u | x | A, 6 | A, 3 | A, axis=0 | u, norm='ortho' | x, norm='forward' | F",
    "np.fft.irfft": "u | CK | K, 5 | K, axis=0 | K, 3 | CK, norm='ortho' | K, 6, 0, 'forward' | CK, 9",
    "np.fft.hfft": "CK | K, 5 | CK, norm='ortho' | u, 4, norm='forward'", "np.fft.ihfft": "u | A, 6 | x, norm='ortho' | x, norm='forward'",
    **{f"np.fft.{name}{suffix}": "A | T | A, (2, 5) | T, None, (0, 1) | T, (3, 3), (0, 2), 'ortho' | K | T, norm='forward'" for name in ("fft", "ifft") for suffix in "n2"},
    **{f"np.fft.rfft{suffix}": "A | T | A, (2, 5) | T, (3, 3), (0, 2), 'ortho' | T, axes=(2, 0) | F" for suffix in "n2"},
    **{f"np.fft.irfft{suffix}": "K | T | K, (2, 5) | T, (3, 3), (0, 2), 'ortho' | T, axes=(2, 0)" for suffix in "n2"},
    "np.fft.fftshift": "u | A | A, 0 | x | T, (0, 2)", "np.fft.ifftshift": "x | A, axes=1", "np.fft.fftfreq": "4, s | 5", "np.fft.rfftfreq": "4, s",
    "np.polyval": "u, s | u, A | u, 2.0 | u, CW", "np.polyadd": "u, w | w, u | u, v", "np.polysub": "u, w | w, u", "np.polymul": "u, w",
    "np.polyder": "u | u, 2", "np.polyint": "u | u, 2", "np.roots": "V | np.array([1.0, -6.0, 11.0, -6.5]) | CK", "np.poly": "w | u",
    "np.polyfit": "X, Y, 2 | X, Y, deg=1", "np.vander": "u | u, 3 | u, 3, True | w, increasing=True",
    "np.logspace": "s, t, 5 | 0.0, s, 4, base=2 | u, v, 3 | s, t, 4, False", "np.geomspace": "s, t, 5 | s, t, n, endpoint=False",
    "np.bartlett": "4", "np.blackman": "4", "np.hamming": "4", "np.hanning": "4",
    "np.unwrap": "x * 4 | A * 5, axis=0", "np.modf": "A | t", "np.frexp": "np.array([1.5, 0.7, 3.0]) | t", "np.trim_zeros": "u | u, 'f'",
    "np.add.reduce": "A | A, 1 | A, None | T, axis=(0, 1), keepdims=True | u", "np.multiply.reduce": "A | Z, 1 | A, axis=None",
    "np.maximum.reduce": "A | A, axis=1, keepdims=True", "np.minimum.reduce": "A", "np.logaddexp.reduce": "A | A, axis=1, keepdims=True | u",
    "np.maximum.accumulate": "u | A | A, 1 | -u", "np.minimum.accumulate": "u | A, axis=1", "np.add.accumulate": "u | A, 1",
    "np.multiply.accumulate": "u | Z, 1", "np.add.reduceat": "x, [0, 2, 1, 3] | A, [0, 2], 1 | A, [0, 2]",
    **{f"np.{name}.outer": "V, W | V, s | s, V | W, V | V, V" for name in (
        "add", "subtract", "multiply", "divide", "true_divide", "power", "float_power", "maximum", "minimum", "fmax", "fmin", "hypot",
        "arctan2", "logaddexp", "logaddexp2", "copysign")},
    "np.angle": "CK | u | CK, True | K, deg=True",
    "np.linalg.matmul": "A, B | T, B", "np.linalg.outer": "u, w", "np.matrix_transpose": "A | T", "np.linalg.matrix_transpose": "T",
    "np.rollaxis": "T, 2 | T, 0, 3 | T, -1, 1 | T, 1, -1 | A, 1", "np.astype": "A, np.float32 | F, np.float64", "np.require": "A",
    "np.asarray_chkfinite": "A | L | [s, t]", "np.asfortranarray": "A | u", "np.row_stack": "(u, v) | (A, u)",
    "np.array_equiv": "A, C", "np.bitwise_count": "I", "np.tril_indices_from": "S", "np.triu_indices_from": "S", "np.diag_indices_from": "S",
    "np.mask_indices": "3, np.triu", "np.ix_": "[0, 2], [1, 2]",
    "np.linalg.trace": "S | T, offset=1", "np.linalg.matrix_rank": "A",
})
