"""NumPy beyond the first list of rules: each may be refused until its rule is there, never wrong."""
import numpy as np

from . import case, dominant, normal


@case(normal(6))
def taking(x):
    return np.sum(np.take(x, [0, 0, 3]) ** 2) + np.sum(x.take([1, 1])) * x[0]


@case(normal(4, 5))
def taking_along_an_axis(m):
    return np.sum(np.take(m, [0, 0, 3], axis=1) ** 2) + np.sum(m.take([1], axis=0) ** 3)


@case(dominant(3), normal(3))
def solves(a, b):
    return np.sum(np.linalg.solve(a, b) ** 2) * 10 + np.sum(np.linalg.inv(a)) + np.log(abs(np.linalg.det(a)))


@case(normal(2, 3), normal(4, 3))
def einsums(a, b):
    return np.sum(np.einsum("ij,kj->ik", a, b) ** 2) + np.einsum("ij,ij->", a, a) + np.sum(np.tensordot(a, b, axes=([1], [1])))


@case(normal(3), normal(3, seed=1))
def cross_and_kron(a, b):
    return np.sum(np.cross(a, b) * np.arange(3)) + np.sum(np.kron(a, b) ** 2)


@case(normal(4))
def trace_and_norms(x):
    m = np.outer(x, x) + np.diag(x)
    return np.trace(m) + np.linalg.norm(x) + np.sum(np.diag(m)) ** 2


@case(normal(3, 4))
def deviations(x):
    return np.var(x) + np.sum(np.var(x, axis=0) * 2) + np.std(x) + np.sum(x.std(axis=1, keepdims=True) * x) + np.sum(x.var(axis=-1, ddof=1))


@case(normal(6))
def cumulative(x):
    return np.sum(np.cumsum(x) ** 2) + np.sum(x.cumsum() * x)


@case(normal(6))
def splitting(x):
    a, b = np.split(x, 2)
    c, d, e = np.split(x, [1, 3])
    return np.sum(a * b) + c[0] * np.sum(d) + np.sum(e ** 2)


@case(normal(3))
def repeating(x):
    return np.sum(np.tile(x, 2) * np.arange(6)) + np.sum(np.repeat(x, 3) * np.arange(9)) + np.sum(np.broadcast_to(x, (2, 3)) ** 2)


@case(normal(5))
def reversing_and_rolling(x):
    return np.sum(np.flip(x) * np.arange(5)) + np.sum(np.roll(x, 1) * x ** 2) + np.sum(np.roll(x, -2) * x)


@case(normal(5))
def differencing(x):
    return np.sum(np.diff(x) ** 2)


@case(normal(3, 3))
def triangles_and_diagonals(m):
    return np.sum(np.tril(m) ** 2) + np.sum(np.triu(m, 1) * m) + np.sum(np.diag(m) ** 3) + np.trace(m) + np.sum(np.diagonal(m))


@case(normal(4))
def padding(x):
    zeros = np.pad(x, 1)
    return np.sum((zeros[2:] - zeros[:-2]) ** 2)


@case(normal(6), normal(6, seed=2), 0.7, 1.2, 0.1)
def gaussian_process_likelihood(x, y, length, amplitude, noise):
    d = x[:, None] - x[None, :]
    K = amplitude ** 2 * np.exp(-0.5 * (d / length) ** 2) + (noise ** 2 + 0.5) * np.eye(len(x))
    alpha = np.linalg.solve(K, y)
    sign, logdet = np.linalg.slogdet(K)
    return 0.5 * y @ alpha + 0.5 * logdet + 0.5 * len(x) * np.log(2 * np.pi)


@case(normal(3), normal(3, seed=1), 0.3)
def quaternion_rotation_by_cross(v, axis, angle):
    axis = axis / np.sqrt(np.sum(axis ** 2))
    s, c = np.sin(angle / 2), np.cos(angle / 2)
    u = s * axis
    t = 2 * np.cross(u, v)
    rotated = v + c * t + np.cross(u, t)
    return rotated[0] * rotated[1] + rotated[2]


@case(dominant(3), normal(3))
def jacobi_iteration_by_diag(A, b):
    diagonal = np.diag(A)
    off = A - np.diag(diagonal)
    x = np.zeros_like(b)
    for k in range(50):
        new = (b - off @ x) / diagonal
        if np.max(np.abs(new - x)) < 1e-3:
            x = new
            break
        x = new
    return x @ x


@case(normal(5), normal(5, seed=1), 2.2)
def ray_through_spheres_by_norm(origin, direction, radius):
    d = direction / np.linalg.norm(direction)
    b = 2 * origin @ d
    c = origin @ origin - radius ** 2 - 9
    discriminant = b * b - 4 * c
    if discriminant < 0:
        return 0.0 * radius
    root = np.sqrt(discriminant)
    near, far = (-b - root) / 2, (-b + root) / 2
    return near if near > 0 else far * 2


@case(normal(3), normal(2))
def joining(a, b):
    return (np.hstack([a, b])[1:4].sum() + np.append(a, b)[-1] + np.sum(np.vstack([a, a * 2])[-1] ** 2)
            + np.sum(np.column_stack([a, a ** 2]) ** 2))


@case(normal(6))
def sorting(x):
    return np.sum(np.sort(x) * np.arange(6) ** 2) + np.median(x[1:]) ** 2 + np.sum(np.sort(x)[::-1][:2] ** 3)


@case(normal(3, 4))
def other_reductions(x):
    return np.amax(x, -1).sum() + np.amin(x) + np.average(x[0], weights=x[1] ** 2) + np.ptp(x) + np.sum(np.cumprod(x[0])) + np.nansum(x[1])


@case(normal(5), normal(5, seed=1))
def interpolation_and_integrals(x, y):
    grid = np.arange(5.0)
    return np.interp(1.7, grid, y) * x[0] + np.trapezoid(y * x, grid) + np.sum(np.gradient(y) ** 2) + np.convolve(x, y).sum() * 2 + np.sum(np.polyval(x, 0.5))


@case(normal(4, 3))
def decompositions(a):
    gram = a.T @ a + np.eye(3)
    values, vectors = np.linalg.eigh(gram)
    L = np.linalg.cholesky(gram)
    q, r = np.linalg.qr(a)
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return np.sum(np.log(values)) + np.sum(L ** 3) / 10 + np.sum(r ** 2) + np.sum(s ** 3) + np.sum(np.linalg.pinv(a) ** 2)


@case(normal(3, 4), 1)
@case(normal(3, 4), 0)
@case(normal(2, 3, 2), -1)
def along_an_axis(x, axis):
    lengths = np.apply_along_axis(lambda v: np.sqrt(np.sum(v * v)), axis, x)
    units = np.apply_along_axis(unit, axis, x)
    return np.sum(lengths ** 3) + np.sum(np.sin(units))


def unit(v):
    return v / np.sum(np.abs(v))


@case(normal(6), 0.7)
@case(normal(2, 3), 0.7)
def in_pieces(x, a):
    first = np.piecewise(x, [x < -0.5, x > 0.5], [lambda v: v ** 2 * a, np.exp])
    second = np.piecewise(x, [x < 0], [1.5, lambda v: v * v])
    return np.sum(first * second) + np.sum(np.piecewise(x, [x < 0, x >= 0], [-1, 1]) * x)


@case(normal(6))
@case(normal(2, 3), raises=IndexError)
def in_pieces_by_one_condition(x):
    return np.sum(np.piecewise(x, x < 0, [lambda v: -v ** 3, lambda v: v * v]) ** 2)


@case(0.3)
@case(-0.4)
def a_number_in_pieces(x):
    return float(np.piecewise(x, [x < 0, x > 0], [lambda v: -v ** 3, lambda v: v * v])) * x


@case(0.7)
@case(-0.4)
@case(0.05)
def a_number_in_pieces_and_the_rest(x):
    return float(np.piecewise(x, [x < 0, x > 0.1], [lambda v: -v ** 3, lambda v: v * v, lambda v: np.sin(v)])) * x
