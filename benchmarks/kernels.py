"""Kernels of numerics and statistics, and the gradients that a person would write for them."""
import numpy as np


# A sum over neighbours, without a loop.
def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_grad(x):
    d = x[1:] - x[:-1] ** 2
    x_bar = np.zeros_like(x)
    x_bar[1:] += 200.0 * d
    x_bar[:-1] -= 400.0 * d * x[:-1] + 2 * (1 - x[:-1])
    return x_bar


# Logistic regression, with a stable logarithm of the sum.
def logistic(w, X, y):
    z = X @ w
    return np.sum(np.logaddexp(0.0, z) - y * z)


def logistic_grad(w, X, y):
    z = X @ w
    return X.T @ (1 / (1 + np.exp(-z)) - y)


# A polynomial by Horner's rule, over a list of coefficients.
def horner(coefficients, x):
    p = 0.0
    for c in coefficients:
        p = p * x + c
    return p


def horner_grad(coefficients, x):
    p = 0.0
    p_stack = []
    for c in coefficients:
        p_stack.append(p)
        p = p * x + c
    x_bar = 0.0
    p_bar = 1.0
    while p_stack:
        p = p_stack.pop()
        x_bar += p_bar * p
        p_bar *= x
    return x_bar


# Prey and predators: a system of two equations, integrated step by step.
def lotka(a, b, c, d, steps):
    x, y = 1.0, 0.5
    for i in range(steps):
        dx = a * x - b * x * y
        dy = c * x * y - d * y
        x += 0.01 * dx
        y += 0.01 * dy
    return x * y


def lotka_grad(a, b, c, d, steps):
    # forward sweep
    x, y = 1.0, 0.5
    x_stack = []
    y_stack = []
    for i in range(steps):
        x_stack.append(x)
        y_stack.append(y)
        dx = a * x - b * x * y
        dy = c * x * y - d * y
        x += 0.01 * dx
        y += 0.01 * dy
    # reverse sweep
    x_bar = y
    y_bar = x
    a_bar = 0.0
    b_bar = 0.0
    c_bar = 0.0
    d_bar = 0.0
    for i in reversed(range(steps)):
        x = x_stack.pop()
        y = y_stack.pop()
        dx_bar = 0.01 * x_bar
        dy_bar = 0.01 * y_bar
        a_bar += dx_bar * x
        b_bar -= dx_bar * x * y
        c_bar += dy_bar * x * y
        d_bar -= dy_bar * y
        x_bar += dx_bar * (a - b * y) + dy_bar * c * y
        y_bar += dy_bar * (c * x - d) - dx_bar * b * x
    return a_bar, b_bar, c_bar, d_bar


# A tridiagonal system by the Thomas algorithm, in place.
def thomas(lower, diagonal, upper, rhs):
    d = diagonal.copy()
    x = rhs.copy()
    n = len(d)
    for i in range(1, n):
        factor = lower[i] / d[i - 1]
        d[i] -= factor * upper[i - 1]
        x[i] -= factor * x[i - 1]
    x[n - 1] /= d[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = (x[i] - upper[i] * x[i + 1]) / d[i]
    return np.sum(x ** 2)


def thomas_grad(lower, diagonal, upper, rhs):
    # forward sweep
    d = diagonal.copy()
    x = rhs.copy()
    n = len(d)
    for i in range(1, n):
        factor = lower[i] / d[i - 1]
        d[i] -= factor * upper[i - 1]
        x[i] -= factor * x[i - 1]
    r = x.copy()
    x[n - 1] /= d[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = (x[i] - upper[i] * x[i + 1]) / d[i]
    # reverse sweep
    x_bar = 2 * x
    d_bar = np.zeros_like(d)
    upper_bar = np.zeros_like(upper)
    lower_bar = np.zeros_like(lower)
    for i in range(n - 1):
        x_bar[i] /= d[i]
        d_bar[i] -= x_bar[i] * x[i]
        upper_bar[i] -= x_bar[i] * x[i + 1]
        x_bar[i + 1] -= x_bar[i] * upper[i]
    x_bar[n - 1] /= d[n - 1]
    d_bar[n - 1] -= x_bar[n - 1] * x[n - 1]
    for i in range(n - 1, 0, -1):
        factor = lower[i] / d[i - 1]
        factor_bar = -x_bar[i] * r[i - 1] - d_bar[i] * upper[i - 1]
        x_bar[i - 1] -= x_bar[i] * factor
        upper_bar[i - 1] -= d_bar[i] * factor
        lower_bar[i] += factor_bar / d[i - 1]
        d_bar[i - 1] -= factor_bar * factor / d[i - 1]
    return lower_bar, d_bar, upper_bar, x_bar


# Bodies that attract each other: leapfrog, positions and velocities updated in place.
def leapfrog(pos, vel, mass, dt, steps):
    pos = pos.copy()
    vel = vel.copy()
    for t in range(steps):
        gap = pos[None, :] - pos[:, None]
        pull = (np.sum(gap ** 2, axis=-1) + 0.01) ** -1.5
        vel += dt * np.sum(gap * (pull * mass)[:, :, None], axis=1)
        pos += dt * vel
    return np.sum(pos ** 2)


def leapfrog_grad(pos, vel, mass, dt, steps):
    # forward sweep
    pos = pos.copy()
    vel = vel.copy()
    gap_stack = []
    for t in range(steps):
        gap = pos[None, :] - pos[:, None]
        gap_stack.append(gap)
        pull = (np.sum(gap ** 2, axis=-1) + 0.01) ** -1.5
        vel += dt * np.sum(gap * (pull * mass)[:, :, None], axis=1)
        pos += dt * vel
    # reverse sweep
    pos_bar = 2 * pos
    vel_bar = np.zeros_like(vel)
    mass_bar = np.zeros_like(mass)
    for t in reversed(range(steps)):
        vel_bar += dt * pos_bar
        gap = gap_stack.pop()
        near = np.sum(gap ** 2, axis=-1) + 0.01
        pull = near ** -1.5
        force_bar = (dt * vel_bar)[:, None]
        weight_bar = np.sum(force_bar * gap, axis=-1)
        mass_bar += np.sum(weight_bar * pull, axis=0)
        near_bar = -1.5 * weight_bar * mass * near ** -2.5
        gap_bar = force_bar * (pull * mass)[:, :, None] + 2 * near_bar[:, :, None] * gap
        pos_bar += np.sum(gap_bar, axis=0) - np.sum(gap_bar, axis=1)
    return pos_bar, vel_bar, mass_bar


# An image sharpened by a stencil of slices, compared with another.
def sharpen(image, goal, strength):
    edges = 4 * image[1:-1, 1:-1] - image[2:, 1:-1] - image[:-2, 1:-1] - image[1:-1, 2:] - image[1:-1, :-2]
    sharp = image.copy()
    sharp[1:-1, 1:-1] += strength * edges
    return np.mean((sharp - goal) ** 2)


def sharpen_grad(image, goal, strength):
    edges = 4 * image[1:-1, 1:-1] - image[2:, 1:-1] - image[:-2, 1:-1] - image[1:-1, 2:] - image[1:-1, :-2]
    sharp = image.copy()
    sharp[1:-1, 1:-1] += strength * edges
    image_bar = 2 * (sharp - goal) / sharp.size
    inner = image_bar[1:-1, 1:-1]
    strength_bar = np.sum(inner * edges)
    edges_bar = strength * inner
    image_bar[1:-1, 1:-1] += 4 * edges_bar
    image_bar[2:, 1:-1] -= edges_bar
    image_bar[:-2, 1:-1] -= edges_bar
    image_bar[1:-1, 2:] -= edges_bar
    image_bar[1:-1, :-2] -= edges_bar
    return image_bar, strength_bar


# A signal filtered recursively, entry by entry.
def smooth(x, a):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] = a * y[i - 1] + (1 - a) * y[i]
    return np.sum(y ** 2)


def smooth_grad(x, a):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] = a * y[i - 1] + (1 - a) * y[i]
    y_bar = 2 * y
    a_bar = 0.0
    for i in range(len(y) - 1, 0, -1):
        a_bar += y_bar[i] * (y[i - 1] - x[i])
        y_bar[i - 1] += a * y_bar[i]
        y_bar[i] *= 1 - a
    return y_bar, a_bar


# The largest of many distances, and a soft one: branches and reductions.
def softmax_loss(W, X, labels):
    scores = X @ W
    top = np.max(scores, axis=1, keepdims=True)
    odds = np.exp(scores - top)
    return np.mean(np.log(np.sum(odds, axis=1)) + top[:, 0] - scores[np.arange(len(labels)), labels])


def softmax_loss_grad(W, X, labels):
    scores = X @ W
    odds = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    scores_bar = odds / np.sum(odds, axis=1, keepdims=True)
    scores_bar[np.arange(len(labels)), labels] -= 1.0
    return X.T @ (scores_bar / len(labels))


# A continued fraction by recursion.
def fraction(x, depth):
    if depth == 0:
        return x
    return 1.0 + x / fraction(x, depth - 1)


def fraction_grad(x, depth):
    return fraction_both(x, depth)[1]


def fraction_both(x, depth):
    if depth == 0:
        return x, 1.0
    inner, inner_bar = fraction_both(x, depth - 1)
    return 1.0 + x / inner, 1 / inner - x * inner_bar / inner ** 2


# A path priced by an explicit scheme, with an early stop.
def barrier(s, r, sigma, noise, limit):
    for z in noise:
        s = s * (1 + r * 0.01 + sigma * 0.1 * z)
        if s > limit:
            break
    return max(s - 1.0, 0.0)


def barrier_grad(s, r, sigma, noise, limit):
    # forward sweep
    s_stack = []
    z_stack = []
    for z in noise:
        z_stack.append(z)
        s_stack.append(s)
        s = s * (1 + r * 0.01 + sigma * 0.1 * z)
        if s > limit:
            break
    # reverse sweep
    s_bar = 1.0 if s > 1.0 else 0.0
    r_bar = 0.0
    sigma_bar = 0.0
    while s_stack:
        s = s_stack.pop()
        z = z_stack.pop()
        r_bar += 0.01 * s_bar * s
        sigma_bar += 0.1 * s_bar * s * z
        s_bar *= 1 + r * 0.01 + sigma * 0.1 * z
    return s_bar, r_bar, sigma_bar


# Gram-Schmidt, column by column in place.
def gram_schmidt(A):
    Q = A.copy()
    for k in range(A.shape[1]):
        for j in range(k):
            Q[:, k] -= (Q[:, j] @ Q[:, k]) * Q[:, j]
        Q[:, k] /= np.sqrt(Q[:, k] @ Q[:, k])
    return np.sum(Q ** 3)


def gram_schmidt_grad(A):
    # forward sweep
    Q = A.copy()
    q_stack = []
    for k in range(A.shape[1]):
        for j in range(k):
            q_stack.append(Q[:, k].copy())
            Q[:, k] -= (Q[:, j] @ Q[:, k]) * Q[:, j]
        q_stack.append(Q[:, k].copy())
        Q[:, k] /= np.sqrt(Q[:, k] @ Q[:, k])
    # reverse sweep
    Q_bar = 3 * Q ** 2
    for k in reversed(range(A.shape[1])):
        q = q_stack.pop()
        norm = np.sqrt(q @ q)
        q_bar = Q_bar[:, k] / norm
        Q_bar[:, k] = q_bar - (q_bar @ q) * q / (q @ q)
        for j in reversed(range(k)):
            q = q_stack.pop()
            along, along_bar = Q[:, j] @ q, -Q_bar[:, k] @ Q[:, j]
            Q_bar[:, j] += along_bar * q - along * Q_bar[:, k]
            Q_bar[:, k] += along_bar * Q[:, j]
    return Q_bar
