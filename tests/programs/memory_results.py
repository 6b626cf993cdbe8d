"""What callees give: memory of their arguments or not, parts that share memory, results that change later while the callee's reverse needs them."""
import numpy as np

from . import case, normal, uniform


def pick(x, y):
    z = x * y
    z[0] *= 2
    return z if z[0] > 0 else x


@case(normal(3), uniform(3))
@case(normal(3), -uniform(3))
def result_or_argument(x, y):
    w = pick(x, y)
    w[1] *= 3
    w += x
    return np.sum(x * w)


def array_and_its_end(x, y):
    z = x * y
    z[0] *= 2
    return z, z[1:]


@case(normal(3), uniform(3))
def two_results_share_memory(x, y):
    w, u = array_and_its_end(x, y)
    w[1] *= 3
    u += x[1:]
    return np.sum(x * w)


@case(normal(3), uniform(3))
def a_pair_shares_memory(x, y):
    p = array_and_its_end(x, y)
    p[0][1] *= 3
    p[1][:] += x[1:]
    return np.sum(x * p[0]) + p[1][0]


def twice_the_same(x):
    r = x * 2
    rows = []
    for _ in range(2):
        rows.append(r)
    return rows


def under_two_keys(x):
    r = x * 2
    return {"a": r, "b": r[1:]}


@case(normal(3), uniform(3))
def one_array_twice_in_a_result(x, y):
    rows = twice_the_same(x * y)
    rows[0][1] *= 3
    table = under_two_keys(x)
    table["a"][1] *= y[0]
    return np.sum(x * rows[1]) + np.sum(table["b"])


def softmax(z):
    e = np.exp(z)
    s = e / np.sum(e)
    return s


@case(normal(3), uniform(3))
def result_changed_that_its_adjoint_reads(z, y):
    p = softmax(z)
    p[0] -= y[0]
    p *= p
    return np.sum(p * y)


@case(normal(3), uniform(3))
def results_changed_in_a_loop(z, y):
    total = 0.0
    for _ in range(3):
        p = softmax(z)
        z += p
        p[0] -= y[0]
        total += np.sum(p * y * z)
    return total


def energies(p, v):
    e = p * v
    e[e > 0] *= 2
    return np.sum(e), np.sum(v * e)


@case(normal(3), uniform(3))
def arguments_change_after_the_call(p, v):
    kinetic, potential = np.ndarray(3), np.ndarray(3)
    kinetic[0], potential[0] = energies(p, v)
    for i in range(2):
        p += 0.1 * v
        kinetic[i + 1], potential[i + 1] = energies(p, v)
    return kinetic @ potential


def accelerations(x, k):
    d = x[:, None] - x
    d[np.arange(len(x)), np.arange(len(x))] = 1.0
    return np.sum(k / d, axis=1)


@case(normal(3), uniform(3), 0.3)
def velocity_verlet(x, v, k):
    a = accelerations(x, k)
    for _ in range(3):
        v += 0.05 * a
        x += 0.1 * v
        a[:] = accelerations(x, k)
        v += 0.05 * a
    return np.sum(x * x) + v @ a


class Momentum:
    """An optimiser that changes its parameters in place."""

    def __init__(self, params, lr=0.1, mu=0.9):
        self.params = params
        self.velocities = [np.zeros_like(p) for p in params]
        self.lr, self.mu = lr, mu

    def step(self, grads):
        for p, v, g in zip(self.params, self.velocities, grads):
            v *= self.mu
            v -= self.lr * g
            p += v


@case(normal(2), normal(1), normal(5, 2), normal(5, seed=3))
def trained_by_momentum(w, b, x, y):
    optimiser = Momentum([w, b], lr=0.05)
    for _ in range(2):
        r = x @ w + b - y
        optimiser.step([x.T @ r / len(y), np.array([r.mean()])])
    return np.sum((x @ w + b - y) ** 2)
