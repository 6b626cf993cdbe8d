"""Reshaping, transposing, joining and splitting."""
import numpy as np

from . import case, normal


@case(normal(3, 4))
def reshapes(x):
    a = x.reshape(12)
    b = np.reshape(a, (2, 6))
    c = b.reshape(-1, 3)
    d = x.reshape((4, 3))
    e = x.ravel() * x.flatten()
    return np.sum(a[:3] * 2) + np.sum(b[0] * b[1]) + np.sum(c[:, 1] ** 2) + np.sum(d @ x) + np.sum(e * np.arange(12))


@case(normal(3, 4))
def transposes(x):
    return np.sum(x.T @ x) + np.sum(np.transpose(x)[0] ** 2) + np.sum(x.transpose() * np.arange(3)) + np.sum(x.swapaxes(0, 1)[1])


@case(normal(2, 3, 4))
def transposes_of_more_axes(x):
    a = np.transpose(x, (2, 0, 1))
    b = x.transpose(1, 2, 0)
    c = x.T
    d = np.swapaxes(x, 0, -1)
    e = np.moveaxis(x, 0, 2)
    return np.sum(a[0] ** 2) + np.sum(b[..., 0] * b[..., 1]) + np.sum(c[1] ** 3) + np.sum(d[2] * c[0]) + np.sum(e[0] ** 2)


@case(normal(3), normal(2), 0.5)
def concatenation(a, b, s):
    c = np.concatenate([a, b, [s, 1.0]])
    d = np.concatenate((c, a * s))
    return np.sum(d * np.arange(len(d))) + np.sum(c ** 2)


@case(normal(2, 3), normal(1, 3), normal(2, 2))
def concatenation_along_axes(a, b, c):
    rows = np.concatenate([a, b], axis=0)
    columns = np.concatenate([a, c], axis=1)
    last = np.concatenate([c, c, a], axis=-1)
    return np.sum(rows ** 2) + np.sum(columns[:, 1:] ** 3) + np.sum(last * np.arange(7))


@case(normal(3), normal(3, seed=1))
def stacking(a, b):
    rows = np.stack([a, b])
    columns = np.stack([a, b * a], axis=1)
    last = np.stack((a, b, a), axis=-1)
    return np.sum(rows @ columns) + np.sum(last ** 2 * np.arange(3))


@case(0.3, 0.7)
def stack_of_numbers(x, y):
    v = np.stack([x, y, x * y])
    w = np.array([x, y])
    r = np.array([[np.cos(x), -np.sin(x)], [np.sin(x), np.cos(x)]])
    return np.sum(v ** 2) + np.sum(r @ w)


@case(normal(4))
def new_axes(x):
    gram = x[:, None] * x[None, :]
    far = x[:, np.newaxis] - x
    return np.sum(gram ** 2) + np.sum(np.exp(-far ** 2)) + np.sum(np.expand_dims(x, 0) * gram) + np.squeeze(x[None, 1:2]).sum()


@case(normal(2, 3), 4)
def growing_by_concatenation(x, n):
    y = x
    for i in range(n):
        y = np.concatenate([y * 0.9, np.tanh(x + i)])
    return np.sum(y ** 2 * np.arange(y.size).reshape(y.shape))


@case(normal(5))
def reversing(x):
    return np.sum(x[::-1] * x) + np.sum((x[1:] - x[:-1]) ** 3)


@case(normal(4))
def padding_by_concatenation(x):
    padded = np.concatenate([x[:1], x, x[-1:]])
    return np.sum((padded[2:] - 2 * padded[1:-1] + padded[:-2]) ** 2)
