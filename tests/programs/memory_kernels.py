"""Textbook kernels, written in place as their textbooks write them, with helper functions that write into their arguments."""
import numpy as np

from . import case, definite, dominant, normal, uniform

# --- stencils and relaxation -----------------------------------------------------------------------------------------------------------------------


@case(normal(9), 0.2, 5)
def heat(u0, a, steps):
    u = u0.copy()
    for t in range(steps):
        u[1:-1] += a * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u ** 2)


@case(normal(8), normal(8, seed=1), 5)
def jacobi_1d_swapped(a, b, steps):
    a = a.copy()
    b = b.copy()
    for t in range(steps):
        b[1:-1] = 0.5 * (a[2:] + a[:-2])
        a, b = b, a
    return np.sum(a ** 2)


@case(normal(8), normal(8, seed=1), 3)
def jacobi_1d_polybench(A, B, tsteps):
    n = len(A)
    for t in range(tsteps):
        for i in range(1, n - 1):
            B[i] = 0.33333 * (A[i - 1] + A[i] + A[i + 1])
        for i in range(1, n - 1):
            A[i] = 0.33333 * (B[i - 1] + B[i] + B[i + 1])
    return np.sum(A ** 2) + np.sum(B)


@case(normal(5, 5), normal(5, 5, seed=1), 3)
def jacobi_2d(A, B, steps):
    for t in range(1, steps):
        B[1:-1, 1:-1] = 0.2 * (A[1:-1, 1:-1] + A[1:-1, :-2] + A[1:-1, 2:] + A[2:, 1:-1] + A[:-2, 1:-1])
        A[1:-1, 1:-1] = 0.2 * (B[1:-1, 1:-1] + B[1:-1, :-2] + B[1:-1, 2:] + B[2:, 1:-1] + B[:-2, 1:-1])
    return np.sum(A * B)


@case(normal(7), normal(7, seed=1), 4)
def gauss_seidel_1d(u, f, sweeps):
    u = u.copy()
    h = 1.0 / (len(u) - 1)
    for sweep in range(sweeps):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] + h * h * f[i] * u[i])
    return np.sum(u ** 2)


@case(normal(5, 5), 3)
def gauss_seidel_2d(A, tsteps):
    n = A.shape[0]
    for t in range(tsteps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                A[i, j] = (A[i - 1, j - 1] + A[i - 1, j] + A[i - 1, j + 1] + A[i, j - 1] + A[i, j] + A[i, j + 1]
                           + A[i + 1, j - 1] + A[i + 1, j] + A[i + 1, j + 1]) / 9.0
    return np.sum(A ** 2)


@case(normal(5, 5), normal(5, 5, seed=1), 1.4, 1e-2)
def sor_red_black(u, f, omega, tolerance):
    u = u.copy()
    n = u.shape[0]
    for sweep in range(6):
        change = 0.0
        for colour in (0, 1):
            for i in range(1, n - 1):
                for j in range(1 + (i + colour) % 2, n - 1, 2):
                    residual = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4 * u[i, j] - f[i, j]
                    u[i, j] += omega * residual / 4
                    change = max(change, abs(residual))
        if change < tolerance:
            break
    return np.sum(u ** 2)


@case(normal(4, 5), normal(4, 5, seed=1), normal(4, 5, seed=2), normal(3))
def fdtd_2d(ex, ey, hz, source):
    for t in range(len(source)):
        ey[0, :] = source[t]
        ey[1:, :] -= 0.5 * (hz[1:, :] - hz[:-1, :])
        ex[:, 1:] -= 0.5 * (hz[:, 1:] - hz[:, :-1])
        hz[:-1, :-1] -= 0.7 * (ex[:-1, 1:] - ex[:-1, :-1] + ey[1:, :-1] - ey[:-1, :-1])
    return np.sum(hz ** 2) + np.sum(ex * ey)


@case(normal(5, 5), 2)
def adi(u, steps):
    """Alternating directions, after PolyBench."""
    n = u.shape[0]
    v, p, q = np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, n))
    a, b, d, e = -0.4, 1.8, -0.3, 1.6
    c, f = a, d
    for t in range(1, steps + 1):
        v[0, 1:n - 1] = 1.0
        p[1:n - 1, 0] = 0.0
        q[1:n - 1, 0] = v[0, 1:n - 1]
        for j in range(1, n - 1):
            p[1:n - 1, j] = -c / (a * p[1:n - 1, j - 1] + b)
            q[1:n - 1, j] = (-d * u[j, 0:n - 2] + (1.0 + 2.0 * d) * u[j, 1:n - 1] - f * u[j, 2:n] - a * q[1:n - 1, j - 1]) / (a * p[1:n - 1, j - 1] + b)
        v[n - 1, 1:n - 1] = 1.0
        for j in range(n - 2, 0, -1):
            v[j, 1:n - 1] = p[1:n - 1, j] * v[j + 1, 1:n - 1] + q[1:n - 1, j]
        u[1:n - 1, 0] = 1.0
        p[1:n - 1, 0] = 0.0
        q[1:n - 1, 0] = u[1:n - 1, 0]
        for j in range(1, n - 1):
            p[1:n - 1, j] = -f / (d * p[1:n - 1, j - 1] + e)
            q[1:n - 1, j] = (-a * v[0:n - 2, j] + (1.0 + 2.0 * a) * v[1:n - 1, j] - c * v[2:n, j] - d * q[1:n - 1, j - 1]) / (d * p[1:n - 1, j - 1] + e)
        u[1:n - 1, n - 1] = 1.0
        for j in range(n - 2, 0, -1):
            u[1:n - 1, j] = p[1:n - 1, j] * u[1:n - 1, j + 1] + q[1:n - 1, j]
    return np.sum(u ** 2)


@case(normal(4, 4, 4), normal(4, 4, 4, seed=1), 2, tolerance=1e-6)
def heat_3d(A, B, steps):
    def update(out, x):
        c = x[1:-1, 1:-1, 1:-1]
        out[1:-1, 1:-1, 1:-1] = (0.125 * (x[2:, 1:-1, 1:-1] - 2 * c + x[:-2, 1:-1, 1:-1]) + 0.125 * (x[1:-1, 2:, 1:-1] - 2 * c + x[1:-1, :-2, 1:-1])
                                 + 0.125 * (x[1:-1, 1:-1, 2:] - 2 * c + x[1:-1, 1:-1, :-2]) + c)
    for t in range(steps):
        update(B, A)
        update(A, B)
    return np.sum(A ** 2) + np.sum(B * A)


@case(normal(10), normal(10, seed=1), 0.5)
def wave_equation_leapfrog(u, previous, c):
    u, previous = u.copy(), previous.copy()
    for t in range(5):
        new = 2 * u - previous
        new[1:-1] += c ** 2 * (u[2:] - 2 * u[1:-1] + u[:-2])
        new[0] = new[-1] = 0.0
        previous, u = u, new
    return np.sum(u ** 2)


@case(uniform(8), 0.05)
def burgers_upwind(u, dt):
    u = u.copy()
    for n in range(5):
        un = u.copy()
        u[1:] = un[1:] - dt * un[1:] * (un[1:] - un[:-1]) * 8
        u[1:-1] += 0.01 * (un[2:] - 2 * un[1:-1] + un[:-2])
        u[0] = u[-1]
    return np.sum(u ** 2)


@case(uniform(4, 4), 0.3)
def linear_convection_2d(u, c):
    u = u.copy()
    for n in range(3):
        un = u.copy()
        for j in range(1, 4):
            for i in range(1, 4):
                u[j, i] = un[j, i] - c * un[j, i] * (un[j, i] - un[j, i - 1]) - c * (un[j, i] - un[j - 1, i])
        u[0, :] = 1
        u[:, -1] = u[:, -2]
    return np.sum(u ** 2)


def build_up_b(b, rho, dt, u, v, dx, dy):
    b[1:-1, 1:-1] = (rho * (1 / dt * ((u[1:-1, 2:] - u[1:-1, 0:-2]) / (2 * dx) + (v[2:, 1:-1] - v[0:-2, 1:-1]) / (2 * dy))
                            - ((u[1:-1, 2:] - u[1:-1, 0:-2]) / (2 * dx)) ** 2
                            - 2 * ((u[2:, 1:-1] - u[0:-2, 1:-1]) / (2 * dy) * (v[1:-1, 2:] - v[1:-1, 0:-2]) / (2 * dx))
                            - ((v[2:, 1:-1] - v[0:-2, 1:-1]) / (2 * dy)) ** 2))
    return b


def pressure_poisson(p, dx, dy, b, iterations):
    pn = np.empty_like(p)
    for q in range(iterations):
        pn = p.copy()
        p[1:-1, 1:-1] = (((pn[1:-1, 2:] + pn[1:-1, 0:-2]) * dy ** 2 + (pn[2:, 1:-1] + pn[0:-2, 1:-1]) * dx ** 2) / (2 * (dx ** 2 + dy ** 2))
                         - dx ** 2 * dy ** 2 / (2 * (dx ** 2 + dy ** 2)) * b[1:-1, 1:-1])
        p[:, -1] = p[:, -2]
        p[0, :] = p[1, :]
        p[:, 0] = p[:, 1]
        p[-1, :] = 0
    return p


def cavity_flow(nt, u, v, dt, dx, dy, p, rho, nu, lid):
    b = np.zeros_like(u)
    for n in range(nt):
        un = u.copy()
        vn = v.copy()
        b = build_up_b(b, rho, dt, u, v, dx, dy)
        p = pressure_poisson(p, dx, dy, b, 3)
        u[1:-1, 1:-1] = (un[1:-1, 1:-1] - un[1:-1, 1:-1] * dt / dx * (un[1:-1, 1:-1] - un[1:-1, 0:-2])
                         - vn[1:-1, 1:-1] * dt / dy * (un[1:-1, 1:-1] - un[0:-2, 1:-1])
                         - dt / (2 * rho * dx) * (p[1:-1, 2:] - p[1:-1, 0:-2])
                         + nu * (dt / dx ** 2 * (un[1:-1, 2:] - 2 * un[1:-1, 1:-1] + un[1:-1, 0:-2])
                                 + dt / dy ** 2 * (un[2:, 1:-1] - 2 * un[1:-1, 1:-1] + un[0:-2, 1:-1])))
        v[1:-1, 1:-1] = (vn[1:-1, 1:-1] - un[1:-1, 1:-1] * dt / dx * (vn[1:-1, 1:-1] - vn[1:-1, 0:-2])
                         - vn[1:-1, 1:-1] * dt / dy * (vn[1:-1, 1:-1] - vn[0:-2, 1:-1])
                         - dt / (2 * rho * dy) * (p[2:, 1:-1] - p[0:-2, 1:-1])
                         + nu * (dt / dx ** 2 * (vn[1:-1, 2:] - 2 * vn[1:-1, 1:-1] + vn[1:-1, 0:-2])
                                 + dt / dy ** 2 * (vn[2:, 1:-1] - 2 * vn[1:-1, 1:-1] + vn[0:-2, 1:-1])))
        u[0, :] = 0
        u[:, 0] = 0
        u[:, -1] = 0
        u[-1, :] = lid
        v[0, :] = v[-1, :] = 0
        v[:, 0] = v[:, -1] = 0
    return u, v, p


@case(normal(5, 5), normal(5, 5, seed=1), normal(5, 5, seed=2), 1.2, 0.1, 1.0)
def lid_driven_cavity(u, v, p, rho, nu, lid):
    u, v, p = cavity_flow(3, u.copy(), v.copy(), 0.01, 0.25, 0.25, p.copy(), rho, nu, lid)
    return np.sum(u ** 2 + v ** 2) + np.sum(p * u)


# --- linear algebra by loops ---------------------------------------------------------------------------------------------------------------------------


@case(normal(5), uniform(6, low=4, high=5), normal(5, seed=1), normal(6))
def thomas(a, b, c, d):
    """A tridiagonal solve that overwrites its diagonal and its right-hand side."""
    n = len(d)
    for i in range(1, n):
        w = a[i - 1] / b[i - 1]
        b[i] = b[i] - w * c[i - 1]
        d[i] = d[i] - w * d[i - 1]
    x = b
    x[-1] = d[-1] / b[-1]
    for i in range(n - 2, -1, -1):
        x[i] = (d[i] - c[i] * x[i + 1]) / b[i]
    return np.sum(x ** 2)


@case(dominant(4))
def log_det(A):
    A = A.copy()
    n = A.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            A[i, k + 1:] -= A[i, k] * A[k, k + 1:]
    return np.sum(np.log(np.diag(A)))


@case(dominant(4))
def lu_polybench(A):
    n = A.shape[0]
    for i in range(n):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[:j, j]
            A[i, j] /= A[j, j]
        for j in range(i, n):
            A[i, j] -= A[i, :i] @ A[:i, j]
    return np.sum(A ** 2)


@case(normal(4, 4) + np.diag([0.5, 3.0, -2.5, 2.0]), normal(4))
def solve_with_pivoting(A, b):
    A, b = A.copy(), b.copy()
    n = len(b)
    for k in range(n):
        p = k + np.argmax(np.abs(A[k:, k]))
        if p != k:
            A[[k, p]] = A[[p, k]]
            b[k], b[p] = b[p], b[k]
        for i in range(k + 1, n):
            factor = A[i, k] / A[k, k]
            A[i, k:] -= factor * A[k, k:]
            b[i] -= factor * b[k]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (b[i] - np.dot(A[i, i + 1:], x[i + 1:])) / A[i, i]
    return np.sum(x ** 2)


@case(definite(4))
def cholesky(A):
    n = A.shape[0]
    A[0, 0] = np.sqrt(A[0, 0])
    for i in range(1, n):
        for j in range(i):
            A[i, j] -= np.dot(A[i, :j], A[j, :j])
            A[i, j] /= A[j, j]
        A[i, i] -= np.dot(A[i, :i], A[i, :i])
        A[i, i] = np.sqrt(A[i, i])
    return np.sum(np.tril(A) ** 2 * np.arange(4))


@case(definite(3))
def cholesky_by_scalars(A):
    n = len(A)
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = 0.0
            for k in range(j):
                s += L[i, k] * L[j, k]
            if i == j:
                L[i, j] = np.sqrt(A[i, i] - s)
            else:
                L[i, j] = (A[i, j] - s) / L[j, j]
    return np.sum(L * np.arange(9).reshape(3, 3))


@case(normal(5, 3))
def modified_gram_schmidt(A):
    Q = np.zeros_like(A)
    R = np.zeros((A.shape[1], A.shape[1]))
    for k in range(A.shape[1]):
        nrm = np.dot(A[:, k], A[:, k])
        R[k, k] = np.sqrt(nrm)
        Q[:, k] = A[:, k] / R[k, k]
        for j in range(k + 1, A.shape[1]):
            R[k, j] = np.dot(Q[:, k], A[:, j])
            A[:, j] -= Q[:, k] * R[k, j]
    return np.sum(R ** 2) + np.sum(Q ** 3)


@case(normal(4, 3))
def householder_qr(A):
    R = A.copy()
    m, n = R.shape
    for k in range(n):
        v = R[k:, k].copy()
        v[0] += np.copysign(np.sqrt(v @ v), v[0])
        v /= np.sqrt(v @ v)
        R[k:, k:] -= 2 * np.outer(v, v @ R[k:, k:])
    return np.sum(np.log(np.abs(np.diag(R)))) + R[0, 2] ** 2


@case(0.2 * normal(5))
def durbin(r):
    n = len(r)
    y = np.empty_like(r)
    alpha = -r[0]
    beta = 1.0
    y[0] = -r[0]
    for k in range(1, n):
        beta *= 1.0 - alpha * alpha
        alpha = -(r[k] + np.dot(np.flip(r[:k]), y[:k])) / beta
        y[:k] += alpha * np.flip(y[:k])
        y[k] = alpha
    return np.sum(y ** 2)


@case(definite(3))
def jacobi_eigenvalues(A):
    A = A.copy()
    for sweep in range(3):
        for p in range(2):
            for q in range(p + 1, 3):
                theta = 0.5 * np.arctan2(2 * A[p, q], A[q, q] - A[p, p])
                c, s = np.cos(theta), np.sin(theta)
                row_p, row_q = A[p].copy(), A[q].copy()
                A[p], A[q] = c * row_p - s * row_q, s * row_p + c * row_q
                col_p, col_q = A[:, p].copy(), A[:, q].copy()
                A[:, p] = c * col_p - s * col_q
                A[:, q] = s * col_p + c * col_q
    return np.sum(np.diag(A) ** 3) / 100


@case(normal(3, 4), normal(4, 3), 1.5, 0.7, normal(3, 3))
def gemm(A, B, alpha, beta, C):
    C *= beta
    for i in range(3):
        for k in range(4):
            for j in range(3):
                C[i, j] += alpha * A[i, k] * B[k, j]
    return np.sum(C ** 2)


@case(dominant(4), normal(4), normal(4, seed=1), normal(4, seed=2), 0.5)
def gemver(A, u, v, y, alpha):
    A += np.outer(u, v) + np.outer(v, y)
    x = np.zeros(4)
    x += alpha * y @ A
    w = np.zeros(4)
    w += alpha * A @ x
    return np.sum(w) / 100


@case(normal(6, 3), normal(6))
def covariance_by_loops(data, weights):
    mean = np.mean(data, axis=0)
    data -= mean
    cov = np.zeros((3, 3))
    for i in range(3):
        cov[i:3, i] = cov[i, i:3] = (data[:, i] * weights) @ data[:, i:] / 5
    return np.sum(cov ** 2)


@case(definite(4), normal(4))
def conjugate_gradients_in_place(A, b):
    x = np.zeros_like(b)
    r = b.copy()
    p = r.copy()
    rs = r @ r
    for k in range(3):
        Ap = A @ p
        alpha = rs / (p @ Ap)
        x += alpha * p
        r -= alpha * Ap
        new = r @ r
        if new < 1e-20:
            break
        p *= new / rs
        p += r
        rs = new
    return x @ x


# --- graphs, sequences, signals -------------------------------------------------------------------------------------------------------------------------------


@case(uniform(4, 4))
def floyd_warshall(path):
    for k in range(path.shape[0]):
        path[:] = np.minimum(path[:], np.add.outer(path[:, k], path[k, :]) * 0.6)
    return np.sum(path ** 2)


@case(uniform(4, 4))
def floyd_warshall_by_rows(path):
    n = len(path)
    for k in range(n):
        for i in range(n):
            tmp = path[i, k] + path[k]
            for j in range(n):
                path[i, j] = path[i, j] if path[i, j] < tmp[j] * 0.7 else tmp[j] * 0.7
    return np.sum(path)


@case(normal(4), normal(5))
def soft_alignment(a, b):
    table = np.full((len(a) + 1, len(b) + 1), 20.0)
    table[0, 0] = 0.0
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            cost = (a[i - 1] - b[j - 1]) ** 2
            options = np.array([table[i - 1, j - 1], table[i - 1, j], table[i, j - 1]])
            table[i, j] = cost - np.log(np.sum(np.exp(-options)))
    return table[-1, -1]


@case(uniform(5, 5))
def seam_carving(energy):
    cost = energy.copy()
    for i in range(1, 5):
        for j in range(5):
            low, high = max(j - 1, 0), min(j + 2, 5)
            cost[i, j] += np.min(cost[i - 1, low:high])
    return np.min(cost[-1]) + np.sum(cost ** 2) / 100


@case(normal(2, 5, 5), normal(3, 2, 2, 2), normal(3))
def convolution_by_slices(image, kernels, bias):
    channels, size, _, = image.shape
    k = kernels.shape[-1]
    out = np.empty((len(kernels), size - k + 1, size - k + 1))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            out[:, i, j] = np.sum(image[None, :, i:i + k, j:j + k] * kernels, axis=(1, 2, 3))
    out += bias[:, None, None]
    out[out < 0] *= 0.1
    return np.sum(out ** 2)


@case(normal(6, 6))
def max_pool(x):
    out = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            out[i, j] = x[2 * i:2 * i + 2, 2 * j:2 * j + 2].max()
    return np.sum(out ** 2)


@case(normal(4, 5), 0.4)
def recursive_image_filter(image, alpha):
    """A first-order filter forth and back over rows, then columns (Deriche)."""
    y1, y2 = np.empty_like(image), np.empty_like(image)
    w, h = image.shape
    k = (1 - np.exp(-alpha)) ** 2 / (1 + 2 * alpha * np.exp(-alpha) - np.exp(-2 * alpha))
    y1[:, 0] = k * image[:, 0]
    for j in range(1, h):
        y1[:, j] = k * image[:, j] + np.exp(-alpha) * y1[:, j - 1]
    y2[:, -1] = 0.0
    for j in range(h - 2, -1, -1):
        y2[:, j] = k * image[:, j + 1] + np.exp(-alpha) * y2[:, j + 1]
    out = y1 + y2
    for i in range(1, w):
        out[i, :] += alpha * out[i - 1, :]
    for i in range(w - 2, -1, -1):
        out[i] *= 1 - alpha
        out[i] += alpha * out[i + 1]
    return np.sum(out ** 2)


@case(normal(10), np.array([0.2, 0.3]), np.array([1.0, -0.5, 0.25]))
def iir_filter(x, b, a):
    y = np.zeros_like(x)
    for n in range(len(x)):
        for k in range(len(b)):
            if n - k >= 0:
                y[n] += b[k] * x[n - k]
        for k in range(1, len(a)):
            if n >= k:
                y[n] -= a[k] * y[n - k]
        y[n] /= a[0]
    return np.sum(y ** 2)


@case(normal(8), normal(8, seed=1))
def fast_fourier_transform(re, im):
    re, im = re.copy(), im.copy()
    n = len(re)
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j |= bit
        if i < j:
            re[i], re[j] = re[j], re[i]
            im[i], im[j] = im[j], im[i]
    length = 2
    while length <= n:
        for i in range(0, n, length):
            for k in range(length // 2):
                angle = -2 * np.pi * k / length
                c, s = np.cos(angle), np.sin(angle)
                p, q = i + k, i + k + length // 2
                tr, ti = c * re[q] - s * im[q], c * im[q] + s * re[q]
                re[q], im[q] = re[p] - tr, im[p] - ti
                re[p] += tr
                im[p] += ti
        length *= 2
    return np.sum((re ** 2 + im ** 2) * np.arange(n))


# --- particles -----------------------------------------------------------------------------------------------------------------------------------------------------------


def accelerations(pos, mass, softening):
    x, y, z = pos[:, 0:1], pos[:, 1:2], pos[:, 2:3]
    dx, dy, dz = x.T - x, y.T - y, z.T - z
    inv_r3 = dx ** 2 + dy ** 2 + dz ** 2 + softening ** 2
    inv_r3[inv_r3 > 0] = inv_r3[inv_r3 > 0] ** (-1.5)
    ax, ay, az = (dx * inv_r3) @ mass, (dy * inv_r3) @ mass, (dz * inv_r3) @ mass
    return np.hstack((ax, ay, az))


@case(normal(3, 3), normal(3, 3, seed=1), uniform(3, 1), 0.05)
def nbody_leapfrog(pos, vel, mass, dt):
    vel -= np.mean(mass * vel, 0) / np.mean(mass)
    acc = accelerations(pos, mass, 0.3)
    energy = np.zeros(4)
    for i in range(3):
        vel += acc * dt / 2.0
        pos += vel * dt
        acc = accelerations(pos, mass, 0.3)
        vel += acc * dt / 2.0
        energy[i + 1] = 0.5 * np.sum(mass * vel ** 2)
    return np.sum(energy) + np.sum(pos ** 2)


@case(normal(3, 2), normal(3, 2, seed=1), 0.02)
def verlet_by_pairs(pos, vel, dt):
    n = len(pos)
    force = np.zeros_like(pos)
    for step in range(3):
        force[:] = 0
        for i in range(n):
            for j in range(i):
                d = pos[i] - pos[j]
                f = d / (np.sum(d * d) + 0.5) ** 2
                force[i] += f
                force[j] -= f
        vel += dt * force
        pos += dt * vel
        np.clip(pos, -2.0, 2.0, out=pos)
    return np.sum(pos ** 2) + np.sum(vel * force)


@case(normal(6), uniform(4), 0.3, 0.8, np.random.default_rng(5).standard_normal((4, 6)))
def particle_filter(particles, observations, noise, decay, shocks):
    """Resampling by integer indices; the draws are given."""
    n = len(particles)
    weights = np.full(n, 1.0 / n)
    likelihood = 0.0
    for t, y in enumerate(observations):
        particles = decay * particles + noise * shocks[t]
        weights *= np.exp(-0.5 * (y - particles) ** 2)
        total = weights.sum()
        likelihood += np.log(total)
        weights /= total
        if t % 2 == 1:
            index = np.searchsorted(np.cumsum(weights), (np.arange(n) + 0.5) / n)
            particles = particles[np.minimum(index, n - 1)]
            weights[:] = 1.0 / n
    return likelihood + np.sum(weights * particles)


@case(uniform(5), 0.5, 10)
def cloud_in_cell_deposit(positions, charge, cells):
    density = np.zeros(cells)
    for x in positions:
        s = x * 4
        i = int(s)
        f = s - i
        density[i] += charge * (1 - f)
        density[(i + 1) % cells] += charge * f
    field = np.cumsum(density - density.mean())
    return np.sum(field ** 2)


@case(normal(4, 2), np.array([[0, 1], [1, 2], [2, 3], [3, 0]]), uniform(4), wrt=(0, 2))
def graph_message_passing(nodes, edges, strengths):
    h = nodes.copy()
    for layer in range(2):
        messages = np.zeros_like(h)
        for (i, j), w in zip(edges, strengths):
            messages[j] += w * np.tanh(h[i])
        np.add.at(messages, edges[:, 0], strengths[:, None] * h[edges[:, 1]])
        h += messages
    return np.sum(h ** 2)


# --- optimisation and learning -----------------------------------------------------------------------------------------------------------------------------------------------


@case(normal(3), 0.1, 0.9, 0.99)
def adam(w, rate, b1, b2):
    m, v = np.zeros_like(w), np.zeros_like(w)
    w = w.copy()
    for t in range(1, 5):
        g = 2 * w + np.cos(w)
        m[:] = b1 * m + (1 - b1) * g
        v *= b2
        v += (1 - b2) * g * g
        w -= rate * (m / (1 - b1 ** t)) / (np.sqrt(v / (1 - b2 ** t)) + 1e-3)
    return np.sum(w ** 2)


def softmax_in_place(x):
    x -= np.max(x, axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= np.sum(x, axis=-1, keepdims=True)


@case(normal(4, 3), normal(3, 3), normal(3, 3, seed=1))
def attention_in_place(x, Wq, Wk):
    scores = (x @ Wq) @ (x @ Wk).T
    scores *= 1 / np.sqrt(3)
    scores[np.triu_indices(4, 1)] = -1e9
    softmax_in_place(scores)
    out = scores @ x
    out += x
    return np.sum(out ** 2)


@case(normal(3, 4), normal(4))
def perceptron_training_by_rows(X, w):
    w = w.copy()
    labels = np.array([1, -1, 1])
    for epoch in range(2):
        for row, label in zip(X, labels):
            margin = label * (row @ w)
            if margin < 1:
                w += 0.1 * label * row
            w *= 0.99
    return np.sum(w ** 2)


@case(normal(4, 3), normal(4, 3, seed=1))
def batch_norm_running(x, y):
    running = {"mean": np.zeros(3), "var": np.ones(3)}
    total = 0.0
    for batch in (x, y):
        mean, var = batch.mean(axis=0), batch.var(axis=0)
        running["mean"] *= 0.9
        running["mean"] += 0.1 * mean
        running["var"][:] = 0.9 * running["var"] + 0.1 * var
        z = (batch - running["mean"]) / np.sqrt(running["var"] + 1e-5)
        total += np.sum(z ** 3)
    return total


@case(uniform(5), 0.1, 0.05)
def crank_nicolson_step(u, r, q):
    """Builds its tridiagonal matrix entry by entry, and solves in place."""
    n = len(u)
    lower, diag, upper, rhs = np.zeros(n), np.ones(n), np.zeros(n), np.zeros(n)
    for step in range(2):
        diag[:] = 1 + r + q
        lower[1:] = -r / 2
        upper[:-1] = -r / 2
        rhs[1:-1] = u[1:-1] + r / 2 * (u[2:] - 2 * u[1:-1] + u[:-2])
        rhs[0], rhs[-1] = u[0], u[-1]
        for i in range(1, n):
            m = lower[i] / diag[i - 1]
            diag[i] -= m * upper[i - 1]
            rhs[i] -= m * rhs[i - 1]
        new = np.zeros(n)
        new[-1] = rhs[-1] / diag[-1]
        for i in range(n - 2, -1, -1):
            new[i] = (rhs[i] - upper[i] * new[i + 1]) / diag[i]
        u = new
    return np.sum(u ** 2)


@case(uniform(4, 4), 0.055, 0.062)
def gray_scott(u, feed, kill):
    v = 0.3 * u ** 2
    u = u.copy()

    def laplacian(a):
        out = -4 * a
        out[1:] += a[:-1]
        out[:-1] += a[1:]
        out[:, 1:] += a[:, :-1]
        out[:, :-1] += a[:, 1:]
        return out

    for step in range(3):
        reaction = u * v * v
        u += 0.16 * laplacian(u) - reaction + feed * (1 - u)
        v += 0.08 * laplacian(v) + reaction - (feed + kill) * v
    return np.sum(u * v)


@case(normal(4, 4), 3)
def game_of_reals_periodic(grid, steps):
    for _ in range(steps):
        padded = np.empty((6, 6))
        padded[1:-1, 1:-1] = grid
        padded[0, 1:-1], padded[-1, 1:-1] = grid[-1], grid[0]
        padded[:, 0], padded[:, -1] = padded[:, -2], padded[:, 1]
        total = np.zeros_like(grid)
        for di in range(3):
            for dj in range(3):
                if di == dj == 1:
                    continue
                total += padded[di:di + 4, dj:dj + 4]
        grid = np.tanh(0.3 * total - 0.1 * grid)
    return np.sum(grid ** 2)


@case(normal(5), 0.3)
def neural_ode_adjoint_free(y, k):
    trajectory = np.zeros((6, 5))
    trajectory[0] = y
    stages = np.zeros((3, 5))
    for n in range(5):
        current = trajectory[n]
        stages[0] = -k * current
        stages[1] = np.sin(current + 0.05 * stages[0])
        stages[2] = stages[0] * stages[1]
        trajectory[n + 1] = current + 0.1 * (stages[0] + 4 * stages[1] + stages[2]) / 6
    return np.sum(trajectory ** 2)
