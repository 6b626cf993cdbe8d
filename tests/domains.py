"""Where each rule is tested: intervals for the arguments of elementwise functions, calls for all others.

A rule is named by its pattern up to the parenthesis.  In calls, the names stand for the values of `VALUES`.
"""
from __future__ import annotations

import numpy as np
from domains_linalg import CALLS as LINALG_CALLS
from domains_linalg import VALUES as LINALG_VALUES
from domains_numpy import CALLS as NUMPY_CALLS
from domains_numpy import VALUES as NUMPY_VALUES
from domains_runtime import CALLS as RUNTIME_CALLS
from domains_scipy import CALLS as SCIPY_CALLS
from domains_scipy import INTERVALS as SCIPY_INTERVALS
from domains_scipy import VALUES as SCIPY_VALUES
from domains_statistics import CALLS as STATISTICS_CALLS
from domains_statistics import VALUES as STATISTICS_VALUES

_rng = np.random.default_rng(7)
VALUES = {
    "s": 0.65, "t": 1.37, "n": 3,
    "u": _rng.normal(size=4), "v": _rng.normal(size=4), "w": _rng.normal(size=3), "E": np.zeros((0, 3)),
    "A": _rng.normal(size=(3, 4)), "B": _rng.normal(size=(4, 3)), "C": _rng.normal(size=(3, 4)), "S": _rng.normal(size=(3, 3)),
    "T": _rng.normal(size=(2, 3, 4)), "U": _rng.normal(size=(2, 4, 3)), "Z": np.array([[2.0, 0.0, 3.0], [0.0, 1.5, 0.0]]),
    "D": np.array(0.4), "F": _rng.normal(size=(3, 4)).astype(np.float32), "H": np.float32(0.3), "I": np.array([2, 0, 1]),
    "K": _rng.normal(size=(3, 4)) + 1j * _rng.normal(size=(3, 4)), "L": [0.3, -0.4, 1.1], "P": [0.5, 0.9, -0.2],
    "Q": [_rng.normal(size=4), _rng.normal(size=4)], "M": np.array([[True, False, True, False]] * 3),
    **NUMPY_VALUES, **LINALG_VALUES, **SCIPY_VALUES, **STATISTICS_VALUES,
}

ANY, UNIT, POSITIVE, ABOVE_1, MODULUS = (-2.0, 2.0), (-0.8, 0.8), (0.3, 2.5), (1.2, 3.0), (0.7, 0.78)


def _each(interval: tuple[tuple[float, float], ...], names: str) -> dict[str, tuple[tuple[float, float], ...]]:
    return {name.strip(): interval for name in names.split(",")}


INTERVALS: dict[str, tuple[tuple[float, float], ...]] = {
    **SCIPY_INTERVALS,
    **_each((ANY,),
            "np.i0, np.exp, np.exp2, np.expm1, np.square, np.sin, np.cos, np.arctan, np.atan, np.sinh, np.cosh, np.tanh, np.arcsinh, np.asinh, np.deg2rad, "
                    "np.radians, np.rad2deg, np.degrees, np.sinc, np.abs, np.absolute, np.fabs, np.real, np.imag, np.conj, np.conjugate, "
                    "np.real_if_close, np.nan_to_num, np.negative, np.positive, -a, +a, abs, operator.abs, operator.neg, operator.pos, x.real, x.imag, x.conj, "
                    "x.conjugate, np.float64, np.longdouble, np.complex128"),
    **_each((UNIT,), "np.tan, np.arcsin, np.asin, np.arccos, np.acos, np.arctanh, np.atanh, np.log1p"),
    **_each((POSITIVE,), "np.log, np.log2, np.log10, np.sqrt, np.cbrt, np.reciprocal"),
    **_each((ABOVE_1,), "np.arccosh, np.acosh"),
    **_each((ANY, ANY),
            "np.logaddexp, np.logaddexp2, np.hypot, np.arctan2, np.atan2, np.copysign, np.maximum, np.minimum, np.fmax, np.fmin, np.nextafter, "
                        "a + b, a - b, a * b, np.add, np.subtract, np.multiply, operator.add, operator.sub, operator.mul"),
    **_each((ANY, POSITIVE), "a / b, np.divide, np.true_divide, operator.truediv"),
    **_each((POSITIVE, ANY), "a ** b, np.power, np.float_power, operator.pow, pow"),
    **_each(((1.25, 1.35), MODULUS), "a % b, np.remainder, np.mod, operator.mod, np.fmod"),
}

MATH: dict[str, tuple[tuple[float, float], ...]] = {
    **_each((ANY,),
            "math.exp, math.exp2, math.expm1, math.sin, math.cos, math.atan, math.sinh, math.cosh, math.tanh, math.asinh, math.degrees, math.radians, "
                    "math.erf, math.erfc, math.fabs"),
    **_each((UNIT,), "math.tan, math.asin, math.acos, math.atanh, math.log1p"),
    **_each((POSITIVE,), "math.log2, math.log10, math.sqrt, math.cbrt, math.gamma, math.lgamma"),
    **_each((ABOVE_1,), "math.acosh"),
    **_each((POSITIVE, POSITIVE), "math.log"),
    **_each((ANY, ANY), "math.atan2, math.copysign, math.nextafter"),
    **_each((POSITIVE, ANY), "math.pow"),
    **_each(((1.25, 1.35), MODULUS), "math.fmod, math.remainder"),
    **_each((ANY, ANY, ANY), "math.fma"),
}

_REDUCED = ("A", "A, axis=0", "A, axis=-1", "T, axis=(0, 2)", "A, axis=1, keepdims=True", "A, keepdims=True",
            "T, axis=(0, -1), keepdims=True", "u", "D", "F",
            "F, axis=0", "E, axis=1", "T, 1", "F, axis=(0, 1)")


def _both(name: str, *arguments: str) -> dict[str, tuple[str, ...]]:
    """The calls of a function, and those of the method of the same name."""
    methods = tuple(f"{call.partition(', ')[0]}.{name}({call.partition(', ')[2]})" for call in arguments)
    return {f"np.{name}": tuple(f"np.{name}({call})" for call in arguments), f"a.{name}": methods}


CALLS: dict[str, tuple[str, ...]] = {
    **NUMPY_CALLS, **LINALG_CALLS, **SCIPY_CALLS, **STATISTICS_CALLS, **RUNTIME_CALLS,
    # Operators
    "a @ b": ("u @ v", "A @ u", "w @ A", "A @ B", "T @ U", "T @ B", "A @ U", "T @ u", "w @ T", "F @ B", "K @ B"),
    "np.matmul": ("np.matmul(u, v)", "np.matmul(A, B)", "np.matmul(T, u)", "np.matmul(A, A.T)"),
    "operator.matmul": ("operator.matmul(A, u)",),
    "divmod": ("divmod(t, 0.4)", "divmod(5.3, s)", "divmod(t, s)"), "np.divmod": ("np.divmod(A, 5.0)", "np.divmod(A, 5.0 * t)"),
    # Choices
    "np.where": ("np.where(M, A, C)", "np.where(A > 0, A, u)", "np.where(M, s, A)", "np.where(M, A, 0.0)", "np.where(s > 0, s, t)",
                 "np.where(M, F, F)",
                 "np.where(M)"),
    "np.clip": ("np.clip(A, -0.5, 0.5)", "np.clip(A, None, s)", "np.clip(A, -s, None)", "np.clip(s, 0.1, t)", "np.clip(A, u, 2.0)",
                "np.clip(F, 0, 1)",
                "np.clip(A, a_min=None, a_max=u)"),
    "a.clip": ("A.clip(-0.5, 0.5)", "A.clip(max=s)", "A.clip(min=-s)", "A.clip(u, 2.0)"),
    "np.ldexp": ("np.ldexp(s, 3)", "np.ldexp(A, 2)", "np.ldexp(w, I)"),
    # Reductions
    **_both("sum", *_REDUCED, "A, where=A > 0", "A, axis=0, where=M[:, :1]", "A, 1, initial=s", "F, axis=0, where=F > 0", "A, initial=0.5"),
    **_both("mean", *_REDUCED[:-3], "F, axis=1", "A, where=A > -2", "A, axis=0, where=np.arange(3)[:, None] > 0", "F, where=F > -9"),
    **_both("var", *_REDUCED[:11], "A, where=A < 1", "A, axis=0, ddof=0.5, where=A > -9", "F, axis=0, where=F > -9", "K, axis=1, where=A > -1", "T, axis=(0, 2), keepdims=True, where=np.arange(4) > 0", "A, ddof=1", "A, axis=0, ddof=1", "K", "K, axis=1", "K, axis=0, keepdims=True"),
    **_both("std", *_REDUCED[:8], "A, axis=1, where=A > -9", "K, where=A < 1", "A, ddof=1", "A, axis=0, ddof=1", "F, axis=0", "K", "K, axis=1"), **_both("max", *_REDUCED[:11], "A, initial=0.7", "A, axis=0, initial=s", "A, 0, where=A < 0.5, initial=-3.0", "A, initial=9.0 * t", "F, axis=1, initial=0.5, where=F < 1"),
    **_both("min", *_REDUCED[:11], "A, axis=1, keepdims=True, initial=t, where=A > -1"), "np.amax": ("np.amax(A)",), "np.amin": ("np.amin(A, axis=0)",),
    **_both("prod", *_REDUCED, "A, where=A > 0", "A, axis=1, initial=s", "Z, axis=0, where=Z < 1, initial=t", "A, initial=2", "F, axis=0, where=F > 0", "A, 0, keepdims=True, where=M", "Z", "Z, axis=0", "Z, axis=1", "Z, axis=1, keepdims=True"),
    **_both("cumsum", "u", "A", "A, axis=0", "T, axis=-1", "F, axis=1"),
    **_both("argmax", "A", "A, axis=0"), **_both("argmin", "A", "A, axis=0"),
    "np.count_nonzero": ("np.count_nonzero(A)", "np.count_nonzero(A, axis=1)"),
    **_both("all", "A", "A, axis=0"), **_both("any", "A", "A, axis=0, keepdims=True"),
    # Products
    "np.dot": ("np.dot(u, v)", "np.dot(A, u)", "np.dot(w, A)", "np.dot(A, B)", "np.dot(s, A)", "np.dot(A, s)", "np.dot(T, B)",
               "np.dot(T, u)", "np.dot(w, T)",
               "np.dot(A, U)", "np.dot(u, u)", "np.dot(s, t)", "np.dot(F, F.T)"),
    "a.dot": ("u.dot(v)", "A.dot(B)", "A.dot(u)", "w.dot(A)", "A.dot(s)"),
    "np.outer": ("np.outer(u, w)", "np.outer(A, w)", "np.outer(u, A)", "np.outer(s, u)", "np.outer(u, u)", "np.outer(F, w)"),
    "np.inner": ("np.inner(u, v)", "np.inner(A, C)", "np.inner(A, u)", "np.inner(u, A)", "np.inner(s, A)", "np.inner(T, A)",
                 "np.inner(u, T)"),
    "np.vdot": ("np.vdot(u, v)", "np.vdot(A, C)"), "np.trace": ("np.trace(S)", "np.trace(A)", "np.trace(A, 1)", "np.trace(T, 0, 1, 2)", "np.trace(T, -1, axis1=2)"), "a.trace": ("A.trace()",),
    # Joins
    "np.concatenate": ("np.concatenate((u, w))", "np.concatenate([u, v, w])", "np.concatenate((A, S), axis=1)",
                       "np.concatenate((A, C), axis=0)", "np.concatenate(Q)",
                       "np.concatenate((A, C), axis=None)", "np.concatenate((A, S), axis=-1)", "np.concatenate(([s], u))",
                       "np.concatenate((u, [s, 2.0, t]))",
                       "np.concatenate(([0.0], u, [t]))", "np.concatenate(Q, axis=0)", "np.concatenate((u,))", "np.concatenate((T, T), 1)",
                       "np.concatenate(A)",
                       "np.concatenate((F, F))"),
    "np.concat": ("np.concat((u, w))",),
    "np.stack": ("np.stack((u, v))", "np.stack([u, v], axis=1)", "np.stack((A, C), axis=-1)", "np.stack(Q)", "np.stack(Q, axis=1)",
                 "np.stack((A, C), 1)",
                 "np.stack((s, t))", "np.stack(A, axis=1)", "np.stack((A, C), axis=-2)"),
    "np.array": ("np.array([s, t])", "np.array([[s, t], [t, 2.0]])", "np.array([u, v])", "np.array(L)", "np.array(A)", "np.array(s)",
                 "np.array(Q)", "np.array(F)",
                 "np.array([s, t], dtype=np.float32)", "np.array(A, dtype=float, copy=True)"),
    **{f"np.{name}": (f"np.{name}(A)", f"np.{name}([s, t])", f"np.{name}(L)", f"np.{name}(s)", f"np.{name}(A, dtype=np.float32)")
       for name in ("asarray", "asanyarray")}, "np.ascontiguousarray": ("np.ascontiguousarray(A.T)", "np.ascontiguousarray(s)"),
    # Layouts
    "a.reshape": ("A.reshape(4, 3)", "A.reshape((2, 6))", "A.reshape(-1)", "A.reshape(2, -1)", "T.reshape(-1, 4)", "F.reshape(12)",
                  "E.reshape(3, 0)",
                  "A.reshape([2, 6])"),
    "np.reshape": ("np.reshape(A, (2, 6))", "np.reshape(A, -1)", "np.reshape(A, (4, -1))", "np.reshape(L, (3, 1))", "np.reshape(s, (1,))"),
    **_both("ravel", "A", "u", "T"), "a.flatten": ("A.flatten()", "u.flatten()"), "a.flat": ("A.flat",),
    **_both("squeeze", "A[None]", "A[None], axis=0", "A", "D"),
    "np.expand_dims": ("np.expand_dims(A, 0)", "np.expand_dims(u, -1)", "np.expand_dims(A, (0, 2))"),
    "np.atleast_1d": ("np.atleast_1d(s)", "np.atleast_1d(A)"), "np.atleast_2d": ("np.atleast_2d(u)",),
    "np.atleast_3d": ("np.atleast_3d(A)",),
    "np.broadcast_to": ("np.broadcast_to(u, (3, 4))", "np.broadcast_to(s, (2, 2))", "np.broadcast_to(w[:, None], (3, 4))",
                        "np.broadcast_to(D, 3)"),
    "a.T": ("A.T", "u.T", "T.T", "K.T"), "a.mT": ("A.mT", "T.mT"),
    "np.transpose": ("np.transpose(A)", "np.transpose(T, (1, 2, 0))", "np.transpose(T, axes=(0, -1, 1))", "np.transpose(u)"),
    "a.transpose": ("A.transpose()", "T.transpose(1, 2, 0)", "T.transpose((2, 0, 1))", "A.transpose(None)", "u.transpose()"),
    **_both("swapaxes", "T, 0, 2", "T, -1, 1"), "np.moveaxis": ("np.moveaxis(T, 0, -1)", "np.moveaxis(T, (0, 1), (2, 0))",
                                                                "np.moveaxis(T, 2, 0)"),
    "np.flip": ("np.flip(A)", "np.flip(A, 0)", "np.flip(T, axis=(0, 2))"), "np.flipud": ("np.flipud(A)",), "np.fliplr": ("np.fliplr(A)",),
    "np.roll": ("np.roll(u, 1)", "np.roll(A, -2, axis=1)", "np.roll(A, n)", "np.roll(A, (1, 2), axis=(0, 1))", "np.roll(A, I[0], 0)"),
    "np.copy": ("np.copy(A)", "np.copy(s)"), "a.copy": ("A.copy()",), "a.view": ("A.view()", "u.view()"), "a.item": ("D.item()",), "a.tolist": ("u.tolist()", "A.tolist()"),
    "a.astype": ("A.astype(float)", "A.astype(int)", "A.astype(dtype=A.dtype)", "A.astype(np.float32)", "F.astype(np.float64)", "A.astype('float64', copy=False)"),
    "a.shape": ("A.shape", "T.shape"), "np.shape": ("np.shape(A)", "np.shape(s)"), "a.ndim": ("A.ndim",), "np.ndim": ("np.ndim(A)",),
    "a.size": ("A.size",),
    "np.size": ("np.size(A)", "np.size(A, 0)"), "a.dtype": ("A.dtype",), "a.flags": ("A.flags",), "a.nbytes": ("A.nbytes",),
    "a.itemsize": ("A.itemsize",),
    "np.result_type": ("np.result_type(A, u)",), "np.iscomplexobj": ("np.iscomplexobj(A)",), "np.isrealobj": ("np.isrealobj(A)",),
    "np.isscalar": ("np.isscalar(s)",),
    "np.array_equal": ("np.array_equal(A, C)",), "np.allclose": ("np.allclose(A, C)", "np.allclose(A, A, atol=0.1)"),
    "np.issubdtype": ("np.issubdtype(A.dtype, float)",),
    "np.finfo": ("np.finfo(float)",), "np.iinfo": ("np.iinfo(int)",), "np.may_share_memory": ("np.may_share_memory(A, C)",),
    "np.shares_memory": ("np.shares_memory(A, C)",), "np.indices": ("np.indices((2, 3))",),
    # Arrays from sizes
    **{f"np.{name}": (f"np.{name}(3)", f"np.{name}((2, n))", f"np.{name}(A.shape)", f"np.{name}(3, dtype=np.float32)",
                      f"np.{name}((), int)")
       for name in ("zeros", "ones", "empty", "ndarray")},
    **{f"np.{name}_like": (f"np.{name}_like(A)", f"np.{name}_like(F)", f"np.{name}_like(s)", f"np.{name}_like(A, dtype=int)",
                           f"np.{name}_like(A, shape=(2,))")
       for name in ("zeros", "ones", "empty")},
    "np.eye": ("np.eye(3)", "np.eye(3, 4)", "np.eye(n, k=1)", "np.eye(2, dtype=np.float32)"), "np.identity": ("np.identity(3)",),
    "np.tri": ("np.tri(3)",),
    "np.tril_indices": ("np.tril_indices(3)",), "np.triu_indices": ("np.triu_indices(3, 1)",), "np.diag_indices": ("np.diag_indices(3)",),
    "np.full": ("np.full(3, s)", "np.full((2, 4), u)", "np.full(A.shape, t, dtype=np.float32)", "np.full((2, 2), D)"),
    "np.full_like": ("np.full_like(A, s)", "np.full_like(A, u)", "np.full_like(F, s)"),
    "np.arange": ("np.arange(3)", "np.arange(n)", "np.arange(s, 3.3)", "np.arange(s, 5.0, t)", "np.arange(1, 4)", "np.arange(0, 1, 0.25)",
                  "np.arange(n, dtype=float)"),
    "np.linspace": ("np.linspace(s, t, 5)", "np.linspace(0.0, t)", "np.linspace(s, t, n, endpoint=False)", "np.linspace(u, v, 3)", "np.linspace(u, v, 3, axis=1)", "np.linspace(A, C, 3, False, axis=-1)", "np.linspace(u, s, 3)", "np.linspace(0, A, 5, axis=1)"),
    "np.float32": ("np.float32(A)", "np.float32(s)"), "np.float16": ("np.float16(0.5)",), "np.complex64": ("np.complex64(s)",),
    **{f"np.{name}": (f"np.{name}(2)",) for name in ("int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64", "intp",
                                                     "bool_")},
    # Python
    "float": ("float(s)", "float(D)", "float(n)"), "complex": ("complex(s, t)", "complex(s)"),
    "sum": ("sum(L)", "sum(L, s)", "sum(u)", "sum(A)", "sum(Q)", "sum([s, t])"),
    "max": ("max(s, t)", "max(t, s, 0.1)", "max(L)", "max(u)", "max([s, t])", "max(0.0, s)", "max(s, 0)"),
    "copy.deepcopy": ("copy.deepcopy(s)", "copy.deepcopy(A)", "copy.deepcopy(L)"),
    "copy.copy": ("copy.copy(s)", "copy.copy(A)", "copy.copy(L)"),
    "min": ("min(s, t)", "min(t, s, 0.1)", "min(L)", "min(u)", "min(1, s)"),
    "int": ("int(t)",), "round": ("round(t)", "round(t, 1)"), "len": ("len(L)", "len(A)"), "hash": ("hash(s)",), "id": ("id(A)",),
    "ord": ("ord('a')",),
    "bool": ("bool(s)",), "isinstance": ("isinstance(s, float)",), "issubclass": ("issubclass(float, float)",),
    "hasattr": ("hasattr(A, 'T')",),
    "callable": ("callable(float)",), "all": ("all(L)",), "any": ("any(L)",), "str": ("str(n)",), "repr": ("repr(n)",),
    "format": ("format(n, 'd')",),
    "chr": ("chr(65)",), "ascii": ("ascii(n)",), "bin": ("bin(n)",), "hex": ("hex(n)",), "oct": ("oct(n)",), "type": ("type(s)",),
    "range": ("range(n)", "range(1, n, 2)"), "slice": ("slice(1, n)",), "print": ("print(n, end='')",), "input": (),
    # math
    "math.hypot": ("math.hypot(s, t)", "math.hypot(s, t, 0.3)", "math.hypot(s)"),
    "math.dist": ("math.dist(L, P)", "math.dist((s, t), (0.1, s))", "math.dist(L, (s, t, 1.0))"),
    "math.ldexp": ("math.ldexp(s, 3)",), "math.modf": ("math.modf(t)",), "math.frexp": ("math.frexp(t)",),
    **{f"statistics.{name}": (f"statistics.{name}(L)", f"statistics.{name}([s, t, 0.2])") for name in ("variance", "pvariance", "stdev", "pstdev")},
    **{f"cmath.{name}": (f"cmath.{name}(complex(0.3, 0.4))", f"cmath.{name}(s)") for name in (
        "exp", "log", "log10", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan")},
    "cmath.phase": ("cmath.phase(complex(0.3, 0.4))",), "cmath.rect": ("cmath.rect(t, s)",),
    **{f"bisect.{name}": (f"bisect.{name}(L, s)", f"bisect.{name}([0.1, s, 5.0], t)") for name in ("bisect", "bisect_left", "bisect_right")},
    "statistics.mean": ("statistics.mean(L)", "statistics.mean([s, t])"),
    "statistics.fmean": ("statistics.fmean(L)", "statistics.fmean([s, t])"),
    "math.fsum": ("math.fsum(L)", "math.fsum([s, t])", "math.fsum(u)"),
    "math.prod": ("math.prod(L)", "math.prod([s, t, s])", "math.prod(L, start=t)", "math.prod([s, t], start=s)"),
    "math.sumprod": ("math.sumprod(L, P)",),
    "math.floor": ("math.floor(t)",), "math.ceil": ("math.ceil(t)",), "math.trunc": ("math.trunc(t)",), "math.isqrt": ("math.isqrt(9)",),
    "math.factorial": ("math.factorial(4)",), "math.comb": ("math.comb(5, 2)",), "math.perm": ("math.perm(5, 2)", "math.perm(3)"),
    "math.gcd": ("math.gcd(6, 4)",),
    "math.lcm": ("math.lcm(6, 4)",), "math.isnan": ("math.isnan(s)",), "math.isinf": ("math.isinf(s)",),
    "math.isfinite": ("math.isfinite(s)",),
    "math.isclose": ("math.isclose(s, t)", "math.isclose(s, t, rel_tol=0.1)"), "math.ulp": ("math.ulp(s)",),
    # Elementwise and zero
    **{name: (f"{name}(A)", f"{name}(s)") for name in ("np.sign", "np.floor", "np.ceil", "np.trunc", "np.rint", "np.fix", "np.isnan",
                                                       "np.isinf", "np.isfinite",
                                                      "np.signbit", "np.isreal", "np.iscomplex", "np.isneginf", "np.isposinf",
                                                      "np.logical_not")},
    "np.spacing": ("np.spacing(1.5)",),
    **{name: (f"{name}(A, C)", f"{name}(A, s)") for name in (
        "np.floor_divide", "operator.floordiv", "np.heaviside", "np.logical_and", "np.logical_or", "np.logical_xor", "np.equal",
        "np.not_equal", "np.less",
        "np.less_equal", "np.greater", "np.greater_equal", "np.isclose", "operator.eq", "operator.ne", "operator.lt", "operator.le",
        "operator.gt", "operator.ge")},
    "a // b": ("A // 0.4", "t // s"), "~a": ("~I", "~M"), "not a": ("not s",), "np.invert": ("np.invert(I)",),
    "operator.invert": ("operator.invert(I)",),
    "operator.not_": ("operator.not_(s)",), "np.round": ("np.round(A)", "np.round(A, 1)"), "np.around": ("np.around(A, decimals=2)",),
    "a.round": ("A.round()", "A.round(1)"),
    **{f"a {op} b": (f"I {op} 1", f"n {op} 2") for op in ("<<", ">>", "&", "|", "^")},
    **{name: (f"{name}(I, 1)",) for name in ("np.left_shift", "np.right_shift", "np.bitwise_and", "np.bitwise_or", "np.bitwise_xor",
                                             "operator.lshift",
                                            "operator.rshift", "operator.and_", "operator.or_", "operator.xor", "np.gcd", "np.lcm")},
}

# Draws: tested with the generator put back to its state before each evaluation.
DRAWS: dict[str, tuple[str, ...]] = {
    **{f"{owner}.{name}": (f"{owner}.{name}(s, t)", f"{owner}.{name}(s, t, size=3)", f"{owner}.{name}(u, t)", f"{owner}.{name}()")
       for owner in ("np.random", "r") for name in ("normal", "laplace", "logistic", "gumbel", "uniform")},
    **{f"{owner}.exponential": (f"{owner}.exponential(s)", f"{owner}.exponential(s, (2, 2))") for owner in ("np.random", "r")},
    **{f"{owner}.choice": (f"{owner}.choice(3)",) for owner in ("np.random", "r")},
    **{f"{owner}.permutation": (f"{owner}.permutation(3)",) for owner in ("np.random", "r")},
    "np.random.rand": ("np.random.rand(2)",), "np.random.randn": ("np.random.randn(2, 3)",), "np.random.random": ("np.random.random(3)",),
    "np.random.random_sample": ("np.random.random_sample()",), "np.random.standard_normal": ("np.random.standard_normal(3)",),
    "np.random.randint": ("np.random.randint(5)", "np.random.randint(1, 5, size=3)"), "np.random.seed": ("np.random.seed(1)",),
    "np.random.default_rng": ("np.random.default_rng(1)",), "r.random": ("r.random(3)",), "r.standard_normal": ("r.standard_normal(3)",),
    "r.integers": ("r.integers(5)", "r.integers(1, 5, size=3)"), "random.random": ("random.random()",),
    "random.randint": ("random.randint(1, 3)",),
    "random.randrange": ("random.randrange(3)",), "random.seed": ("random.seed(1)",), "random.gauss": ("random.gauss(s, t)",),
    "random.normalvariate": ("random.normalvariate(s, t)",), "random.uniform": ("random.uniform(s, t)",),
}
