"""Reading by integers, slices, ellipsis, newaxis, masks and integer arrays; repeated indices accumulate."""
import numpy as np

from . import case, normal


@case(normal(6))
def integers(x):
    i = 2
    return x[0] * x[-1] + x[i] ** 2 * x[i + 1] + x[len(x) - 2] + x[i - 4]


@case(normal(3, 4))
def integers_of_a_matrix(m):
    return m[0, 1] * m[-1, -2] + m[1][2] ** 2 + m[(2, 0)] + np.sum(m[1] * m[-1]) + np.sum(m[:, 2] ** 2)


@case(normal(8))
def slices(x):
    return (np.sum(x[1:] * x[:-1]) + np.sum(x[::2] * x[1::2]) + np.sum(x[::-1][:3] ** 2) + np.sum(x[2:-2] ** 3) + np.sum(x[5:1:-2])
            + np.sum(x[-3:] * x[:3]) + np.sum(x[:] * 2) + np.sum(x[10:]) + np.sum(x[slice(1, 4)] ** 2))


@case(normal(4, 5))
def slices_of_a_matrix(m):
    inner = m[1:-1, 1:-1]
    laplacian = m[2:, 1:-1] + m[:-2, 1:-1] + m[1:-1, 2:] + m[1:-1, :-2] - 4 * inner
    return np.sum(laplacian ** 2) + np.sum(m[::2, ::-1] * 2) + np.sum(m[1, 2:] * m[2, :3]) + np.sum(m[:, -1] * m[:, 0])


@case(normal(2, 3, 4))
def ellipsis_and_newaxis(x):
    return np.sum(x[..., 0] ** 2) + np.sum(x[0, ...] * x[1]) + np.sum(x[..., 1:3, None] ** 3) + np.sum(x[:, None, 1] * x) + np.sum(x[1, ..., -1])


@case(normal(6))
def masks(x):
    positive = x > 0
    return np.sum(x[positive] ** 2) + np.sum(x[~positive] * 3) + np.sum(x[x > 10]) + np.sum(x[(x > -0.5) & (x < 0.5)] ** 3) + np.prod(x[np.array([True, False] * 3)])


@case(normal(3, 4))
def masks_of_a_matrix(m):
    return np.sum(m[m > 0] ** 2) + np.sum(m[m[:, 0] > -10] ** 3) + np.sum(m[:, np.array([True, False, True, False])] * 2)


@case(normal(5))
def repeated_indices(x):
    index = np.array([0, 2, 2, 4, 2])
    return np.sum(x[index] ** 2) + np.sum(x[[1, 1, 1]] * np.array([1.0, 2.0, 3.0])) + np.sum(x[np.array([-1, 4])] * x[0])


@case(normal(4, 3))
def repeated_indices_of_a_matrix(m):
    rows, columns = np.array([0, 1, 1, 3]), np.array([2, 0, 0, 1])
    return np.sum(m[rows, columns] ** 2) + np.sum(m[rows] ** 2) + np.sum(m[:, columns] ** 3) + np.sum(m[rows, 1] * m[0, columns[:4]]) + np.sum(m[rows, 1:] * 2)


@case(normal(4, 3))
def open_meshes(m):
    return np.sum(m[np.ix_([0, 2, 2], [1, 0])] ** 2) + np.sum(m[np.array([[0, 1], [3, 3]])] ** 2)


@case(normal(5, 3), np.array([4, 0, 4, 1]), wrt=0)
def embedding(table, tokens):
    vectors = table[tokens]
    return np.sum(np.tanh(vectors).mean(axis=0) ** 2)


@case(normal(6), np.array([3, 1, 1]), wrt=0)
def index_arrays_in_a_loop(x, index):
    total = 0.0
    for k in index:
        total += x[k] ** 2
    for i in range(len(index)):
        total = total * x[index[i]]
    return total


@case(normal(6))
def sorted_by_index(x):
    order = np.argsort(x)
    return np.sum(x[order] * np.arange(6)) + x[np.argmax(x)] * x[np.argmin(x)]


@case(normal(7))
def moving_window(x):
    total = 0.0
    for i in range(len(x) - 2):
        window = x[i:i + 3]
        total += window.mean() ** 2 + window[1] * window[-1]
    return total


@case(normal(4, 4))
def rows_and_columns_by_variable(m):
    total = 0.0
    for i in range(4):
        total += m[i] @ m[:, i]
        total += np.sum(m[i, :i]) * np.sum(m[i:, i])
    return total


@case(normal(3, 3))
def index_of_an_expression(m):
    return (m @ m)[0, 1] + (m * 2)[1][2] + np.sin(m)[..., 2].sum() + (m.T + m)[0].sum()


@case(normal(3), normal(3, seed=1), 4)
def index_with_modulo(a, b, n):
    total = 0.0
    for i in range(n):
        total += a[i % 3] * b[(i * 2) % len(b)] * (i + 1)
    return total


@case(0.3)
def all_of_a_number(x):
    t = np.sin(x) * x
    return (np.where(x < 0.1, x, np.cos(x)) * 2)[()] + t[()] * x + np.sum(t[None] * np.arange(3.0)) + np.asarray(x)[...] * t
