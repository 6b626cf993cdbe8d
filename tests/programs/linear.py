"""Products of vectors and matrices in all their forms."""
import numpy as np

from . import case, dominant, normal


@case(normal(4), normal(4, seed=1))
def vector_products(a, b):
    return a @ b + np.dot(a, b) ** 2 + a.dot(b) + np.inner(a, b) + np.vdot(a, b) + np.sum(np.outer(a, b) ** 2)


@case(normal(3, 4), normal(4), normal(3))
def matrix_and_vector(m, x, y):
    return np.sum((m @ x) ** 2) + np.sum(y @ m) + np.dot(y, np.dot(m, x)) + y @ m @ x + np.sum(m.dot(x)) + np.sum(np.matmul(m, x))


@case(normal(3, 4), normal(4, 2))
def matrix_and_matrix(a, b):
    c = a @ b
    return np.sum(c ** 2) + np.sum(a.dot(b)) + np.sum(np.matmul(a, b) * 2) + np.trace(c @ c.T) + np.sum(b.T @ a.T)


@case(normal(2, 3, 4), normal(2, 4, 2), normal(4, 5), normal(4))
def batches(a, b, m, v):
    return np.sum((a @ b) ** 2) + np.sum(a @ m) + np.sum((a @ v) ** 2) + np.sum(m.T @ b)


@case(normal(3, 1, 2, 4), normal(5, 4, 3))
def batches_that_broadcast(a, b):
    return np.sum(np.tanh(a @ b))


@case(normal(2, 3, 4), normal(4), normal(3, 4, 2))
def dot_of_more_axes(a, v, b):
    return np.sum(np.dot(a, v) ** 2) + np.sum(np.dot(a, b) ** 2)


@case(normal(3, 3), 5)
def matrix_powers(m, n):
    p = np.eye(3)
    for i in range(n):
        p = p @ m / 2
    return np.sum(p)


@case(normal(4, 3), normal(4))
def least_squares_loss(a, y):
    w = np.array([0.1, -0.2, 0.3])
    r = a @ w - y
    return 0.5 * r @ r + 0.1 * np.sum(w ** 2)


@case(normal(5, 4), normal(5), normal(3, 5), normal(3), normal(4), normal(3, seed=3))
def mlp_loss(W1, b1, W2, b2, x, y):
    h = np.tanh(W1 @ x + b1)
    r = W2 @ h + b2 - y
    return np.sum(r ** 2)


@case(normal(4, 3), normal(4), normal(4, seed=2), 0.3, normal(3), 0.7)
def relu_network(W, b, w, b2, x, y):
    def relu(t):
        return np.maximum(t, 0)
    return (w @ relu(W @ x + b) + b2 - y) ** 2


@case(normal(3, 4), normal(3, 3), normal(4, 4))
def bilinear_forms(x, a, b):
    return np.trace(x.T @ a @ x @ b) + np.sum(a @ x * (x @ b))


@case(normal(3), normal(3, seed=1))
def outer_product_of_scalars(a, b):
    return np.sum(np.outer(2.0, a) * b) + np.sum(np.outer(a, a) @ b)


@case(dominant(3), normal(3))
def power_iteration(a, v):
    for i in range(5):
        w = a @ v
        v = w / np.sqrt(w @ w)
    return v @ a @ v
