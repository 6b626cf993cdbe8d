"""Reductions with axis, negative and several axes, keepdims; function and method forms."""
import numpy as np

from . import case, normal, uniform


@case(normal(3, 4))
def sums(x):
    a = np.sum(x, axis=0)
    b = np.sum(x, axis=1, keepdims=True)
    c = x.sum(axis=-1)
    d = x.sum(-2, keepdims=True)
    return np.sum(a ** 2) + np.sum(b * x) + np.sum(c ** 3) + np.sum(d * x * x) + x.sum() ** 2 + np.sum(x, None)


@case(normal(2, 3, 4))
def several_axes(x):
    a = np.sum(x, axis=(0, 2))
    b = x.mean(axis=(-1, 0), keepdims=True)
    c = x.sum((1,))
    d = np.sum(x, axis=(0, 1, 2))
    return np.sum(a ** 2) + np.sum(b * x) + np.sum(c ** 2) + d ** 2


@case(normal(3, 4))
def means(x):
    centred = x - x.mean(axis=0)
    scaled = centred / np.mean(np.abs(x), axis=1, keepdims=True)
    return np.sum(scaled ** 2) + np.mean(x) ** 2 + x.mean() * x.mean(-1).sum()


@case(uniform(3, 4))
def products(x):
    return np.prod(x) + np.sum(np.prod(x, axis=0) ** 2) + np.sum(x.prod(axis=-1, keepdims=True) * x) + x.prod()


@case(np.array([1.5, 0.0, -2.0]))
@case(np.array([0.0, 0.0, -2.0]), wrt=0)
def product_with_zeros(x):
    return np.prod(x) + x.prod() * 2 + np.sum(x)


@case(normal(3, 4))
def extremes(x):
    return np.max(x) * np.min(x) + np.sum(np.max(x, axis=0) ** 2) + np.sum(x.min(axis=1, keepdims=True) * x) + x.max() + np.max(x, -1).sum()


@case(normal(5))
def log_sum_exp(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


@case(normal(3, 5))
def softmax_of_rows(x):
    z = x - np.max(x, axis=1, keepdims=True)
    e = np.exp(z)
    p = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[:, 0])) + np.sum(p ** 2)


@case(normal(3, 4), 0)
@case(normal(3, 4), 1)
@case(normal(3, 4), -1)
@case(normal(3, 4), None)
def axis_is_an_argument(x, axis):
    total = np.sum(x, axis=axis)
    return np.sum(total ** 2)


@case(normal(3, 4))
def axis_in_a_loop(x):
    total = 0.0
    for axis in range(x.ndim):
        total += np.sum(np.sum(x, axis=axis) ** 2) + np.sum(x.mean(axis, keepdims=True) ** 3)
    return total


@case(normal(4, 3))
def batch_normalisation(x):
    mean = x.mean(axis=0, keepdims=True)
    var = ((x - mean) ** 2).mean(axis=0, keepdims=True)
    y = (x - mean) / np.sqrt(var + 1e-5)
    return np.sum(y ** 3)


@case(normal(5), normal(5, seed=1))
def cosine_similarity(a, b):
    return (a * b).sum() / (np.sqrt((a ** 2).sum()) * np.sqrt((b ** 2).sum()))


@case(normal(6))
def python_sum_of_an_array(x):
    return sum(x) ** 2 + sum(x * x, 1.0) + max(x) * min(x) + sum(x[1:3])


@case(normal(3, 4))
def sum_with_where_mask(x):
    mask = x > 0
    return np.sum(x * mask) / np.maximum(mask.sum(), 1) + np.sum(x[mask] ** 2)
