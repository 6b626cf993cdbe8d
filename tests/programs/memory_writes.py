"""Arrays changed in place: subscript assignment of every kind, augmented assignment, `out=`, and the functions that write."""
import numpy as np

from . import case, normal, uniform


@case(normal(5))
def write_one_entry(x):
    y = np.zeros(5)
    y[2] = x[0] * x[1]
    y[-1] = y[2] ** 2
    return np.sum(y * x)


@case(normal(6))
def overwrite_what_is_read_later(x):
    y = x.copy()
    z = y[0] * y[1]
    y[0] = z * z
    y[1] = y[0] + y[2]
    return np.sum(y ** 2)


@case(normal(5))
def fill_entry_by_entry(x):
    y = np.empty(5)
    for i in range(5):
        y[i] = x[i] ** 2 * (i + 1)
    return y @ y


@case(normal(6))
def recurrence_in_an_array(x):
    y = np.zeros_like(x)
    y[0] = x[0]
    for i in range(1, len(x)):
        y[i] = 0.7 * y[i - 1] + np.sin(x[i]) * y[i - 1]
    return y.sum()


@case(normal(6))
def prefix_products_in_place(x):
    y = x.copy()
    for i in range(1, 6):
        y[i] *= y[i - 1]
    return np.sum(y ** 2)


@case(normal(5))
def argument_written_directly(x):
    x[1] = x[0] * x[2]
    x[2:4] *= x[1]
    x += 1.0
    return np.sum(x ** 2)


@case(normal(5), 0.7)
def slices_written(x, s):
    y = np.ones(5)
    y[1:] = x[:-1] * s
    y[:2] = s
    y[::2] += x[::2] ** 2
    y[3:1:-1] *= 2 * x[0]
    y[:] = y * y
    return np.sum(y * np.arange(5))


@case(normal(6))
def overlapping_shift(a):
    a = a.copy()
    a[1:] = a[:-1]
    a[:-2] = a[2:] * a[1:-1]
    a[::-1] = a * 2
    return np.sum(a ** 2 * np.arange(6))


@case(normal(6))
def overlapping_augmented(a):
    a = a * 1.0
    a[1:] += a[:-1]
    a[:-1] *= a[1:]
    a[2:] -= a[:-2] ** 2
    return a.sum()


@case(normal(6))
def reversed_in_place(a):
    b = a.copy()
    b[:] = b[::-1]
    b[::-1] += a
    return np.sum(b * np.arange(6) * a)


@case(normal(3, 4), normal(4))
def rows_and_columns_written(m, v):
    m = m.copy()
    m[0] = v
    m[:, 1] = m[:, 0] * 2
    m[1, 2:] = v[:2] * m[1, :2]
    m[..., -1] += m[..., 0] ** 2
    m[2] /= 1 + v ** 2
    return np.sum(m ** 2)


@case(normal(3, 4), 0.5)
def broadcasting_writes(m, s):
    y = np.zeros((3, 4))
    y[:] = m[0]
    y[:, :2] += m[:, :1]
    y[1] = s
    y += s * m.sum(axis=0)
    y *= m[:, 0][:, None]
    y -= s
    return np.sum(y ** 2)


@case(normal(6))
def masks_written(x):
    y = x.copy()
    y[y < 0] = 0.1
    y[x > 0.3] *= x[x > 0.3]
    y[y > 100] = 5
    z = x * 2
    z[x < 0] = y[x < 0] + 1
    return np.sum(y * z)


@case(normal(5), normal(3))
def integer_arrays_written(x, v):
    y = x.copy()
    y[[0, 3, 4]] = v
    y[np.array([1, 2])] *= y[np.array([3, 4])]
    return np.sum(y ** 2)


@case(normal(5), normal(4))
def repeated_indices_keep_the_last(x, v):
    y = x.copy()
    y[[1, 2, 1, 1]] = v ** 2
    return np.sum(y * np.arange(5) * x)


@case(normal(5), normal(4))
def repeated_indices_with_augmented(x, v):
    y = x.copy()
    y[[1, 2, 1, 1]] += v
    y[[0, 0]] *= v[:2]
    return np.sum(y ** 2)


@case(normal(5), normal(4))
def add_at_accumulates(x, v):
    y = x.copy()
    index = np.array([1, 2, 1, 1])
    np.add.at(y, index, v ** 2)
    np.add.at(y, 0, x[1])
    return np.sum(y ** 2)


@case(uniform(5), uniform(4))
def other_ufuncs_at(x, v):
    y = x.copy()
    np.subtract.at(y, [1, 1, 2], v[:3])
    np.multiply.at(y, [3, 3], v[1:3])
    return np.sum(y ** 2)


@case(normal(4), normal(4, seed=1))
def augmented_names(x, y):
    z = x.copy()
    z += y
    z *= x
    z -= y * z
    z /= 1 + y ** 2
    z **= 2
    return z.sum()


@case(normal(4, 4))
def augmented_matrix_product(a):
    b = np.eye(4)
    for i in range(3):
        b @= a / 2
    return np.sum(b * np.arange(16).reshape(4, 4))


@case(normal(4), normal(4, seed=1))
def out_arguments(x, y):
    z = np.empty(4)
    np.multiply(x, y, out=z)
    np.add(z, x, z)
    np.sin(z, out=z)
    w = np.exp(z, out=np.zeros(4))
    return np.sum(z * w)


@case(normal(3, 4), normal(4))
def out_of_products(m, v):
    r = np.zeros(3)
    np.dot(m, v, out=r)
    total = np.sum(r ** 2)
    np.sum(m, axis=1, out=r)
    np.matmul(m, v * 2, out=r)
    return total + np.sum(r ** 3)


@case(normal(5), 0.7)
def functions_that_write(x, s):
    a = np.ones(5)
    a.fill(s)
    b = np.empty_like(x)
    np.copyto(b, x ** 2)
    b.put([0, 2], [s, s * s])
    np.put(b, [1], x[0])
    np.putmask(b, x > 0.5, x * 3)
    np.place(a, x < 0, [2.0])
    return np.sum(a * b * x)


@case(normal(3, 3), normal(3))
def functions_that_write_matrices(m, v):
    a = m.copy()
    np.fill_diagonal(a, 2.0)
    np.put_along_axis(a, np.array([[0], [1], [2]]), v[:, None] ** 2, axis=1)
    np.copyto(a, m, where=m > 0)
    return np.sum(a ** 2)


@case(normal(6))
def sorted_in_place(x):
    y = x * 2
    y.sort()
    return np.sum(y * np.arange(6) ** 2)


@case(normal(3, 4))
def sorted_in_place_along_an_axis(m):
    y = m.copy()
    y.sort(axis=0)
    return np.sum(y ** 2 * np.arange(12).reshape(3, 4))


@case(normal(3, 4))
def through_flat(m):
    y = m.copy()
    y.flat[3] = m[0, 0] ** 2
    y.flat[5:8] = m.flat[:3] * 2
    return np.sum(y.flat[2] * y ** 2)


@case(normal(5), 4)
def swaps_of_entries(x, n):
    y = x.copy()
    for i in range(n):
        y[i], y[i + 1] = y[i + 1] * y[i], y[i]
    return np.sum(y * np.arange(5))


@case(normal(4, 4), [2, 0, 1])
def swaps_of_rows(m, order):
    a = m.copy()
    for i, j in enumerate(order):
        a[[i, j]] = a[[j, i]]
        a[i] *= a[j, 0]
    return np.sum(a[:3] * a[1:])


@case(normal(5))
def writes_on_one_path(x):
    y = x.copy()
    for i in range(5):
        if y[i] > 0:
            y[i] = y[i - 1] * y[i]
        elif i % 2:
            continue
        else:
            y[i - 1] += y[i] ** 2
        if abs(y[i]) > 2:
            break
    return np.sum(y ** 2)


@case(normal(5))
@case(np.zeros(0), wrt=0)
def zero_trips(x):
    y = np.ones(3)
    for v in x:
        y[1] *= v
        y[0] += y[1]
    return y @ y


@case(np.arange(4.0) + 1, wrt=0)
def write_into_integers_truncates_nothing_active(x):
    counts = np.zeros(4, dtype=int)
    for i in range(4):
        counts[i % 2] += i
    return np.sum(x ** 2 * counts)


@case(uniform(4).astype(np.float32))
def single_precision_buffer(x):
    y = np.zeros(4, dtype=np.float32)
    y[:2] = x[2:] * 2
    y[2:] += x[:2] ** 2
    return np.sum(y * x)


@case(normal(4))
def buffer_reused_for_two_things(x):
    work = np.zeros(4)
    work[:] = np.sin(x)
    total = np.sum(work * x)
    work[:] = x ** 2
    total += np.prod(work[1:3])
    work[:] = 0
    return total + work.sum()


@case(normal(4), 3)
def buffer_lives_in_one_iteration(x, n):
    total = 0.0
    for k in range(n):
        t = np.zeros(4)
        t[k] = x[k] ** 2
        t[k + 1] = t[k] * x[0]
        x = x + 0.1 * t
        total += t @ x
    return total


@case(normal(4), 5)
def scatter_by_computed_index(x, n):
    bins = np.zeros(3)
    for i in range(n):
        bins[(i * i) % 3] += x[i % 4] ** 2
    return np.sum(bins ** 2)


@case(normal(3))
def zero_dimensional_buffer(x):
    total = np.zeros(())
    for v in x:
        total += v * v
        total[...] = total * v
    return total + x[0]


@case(normal(2, 3, 4))
def write_with_ellipsis_and_newaxis(a):
    b = np.zeros((2, 3, 4))
    b[..., 1:3] = a[..., :2] * 2
    b[0, ..., 0] = a[1, :, 3]
    b[:, None, 2] = a[:, :1] ** 2
    b[1, ...] += a[0]
    return np.sum(b * b)


@case(normal(6))
def comparison_of_a_buffer_then_write(x):
    y = x.copy()
    while np.max(np.abs(y)) > 0.2:
        y *= 0.5
        y[0] += 0.01 * y[1]
    return np.sum(y * np.arange(6))


@case(normal(4), normal(4, seed=1))
def delete_and_rebind_a_buffer(x, z):
    y = x.copy()
    y[0] = z[0]
    total = y @ y
    del y
    y = z
    return total * np.sum(y)


@case(normal(5))
def write_then_return_an_entry(x):
    y = np.zeros((5, 5))
    for i in range(5):
        for j in range(i + 1):
            y[i, j] = x[i] * x[j] + (y[i - 1, j] if i > j else 0.0)
    return y[4, 0] + y[4, 4]


@case(normal(3, 4), 0.3)
def smoothed_row_by_row(image, w):
    out = image.copy()
    for i in range(out.shape[0]):
        row = out[i]
        for j in range(1, len(row)):
            row[j] += w * row[j - 1]
    return np.sum(out ** 2)


@case(normal(3, 4), normal(3, 4, seed=2))
def copies_that_end_with_their_memory(a, b):
    u = a.copy()
    v = a + b
    top = u[0]
    side = v[:, 0]
    top *= 2.0
    side -= b[:, 1]
    w = u
    w[1] = v[2]
    return np.sum(u * v) + np.sum(a * b)


@case(normal(3, 3), normal(3))
def rows_exchanged_and_subtracted(A, b):
    A = A.copy()
    b = b.copy()
    for k in range(len(b)):
        p = k + np.argmax(np.abs(A[k:, k]))
        A[k], A[p] = A[p].copy(), A[k].copy()
        b[k], b[p] = b[p], b[k]
        for i in range(k + 1, len(b)):
            A[i] -= A[i, k] / A[k, k] * A[k]
    return np.sum(np.log(np.abs(np.diag(A)))) + b[0] ** 2


@case(normal(4))
def a_part_that_reads_itself_after_its_end(x):
    y = x.copy()
    y[0] = y[1] * y[2]
    y[1] = y[0] * y[1]
    y[1:3] = y[:2] * y[2:]
    return np.sum(y ** 2)


@case(normal(3))
def array_of_a_round_changed_after_it_was_read(x):
    for _ in range(3):
        s = x * x + 1.0
        x = x / s
        s[0] = 1.0
    return np.sum(x)


@case(normal(3))
def list_of_a_round_changed_after_it_was_read(x):
    for _ in range(3):
        s = [x[-3] ** 2 + 1.0, x[-1] ** 2 + 2.0, 3.0 + x[0]]
        x = x / s
        s[-1] = 0.0
    return np.sum(x)


@case(0.7, normal(2, 2))
def one_array_in_two_entries(s, A):
    held = {"a": A, "b": A}
    A = 0.0
    held["a"][...] += s
    return np.sum(held["b"] ** 2)


@case(normal(3), [normal(3, seed=1), normal(3, seed=2)])
def one_array_in_two_items(x, p):
    p = [p[0]] * 2
    p[0][:] -= x
    p = [p[0], p[1], p]
    p[0][1:] *= x[1:]
    return np.sum(p[0]) + np.sum(p[1] ** 2) + np.sum(p[2][1])


@case(normal(3), [normal(3, seed=1), normal(3, seed=2)], 2)
@case(normal(3), [normal(3, seed=1), normal(3, seed=2)], 0)
def list_repeated_in_place(x, p, n):
    q = p
    p *= 2
    p[-1] += x
    q *= n
    return sum(np.sum(v ** 2) for v in p) + len(q)
