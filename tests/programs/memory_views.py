"""Names that share memory: aliases, rows, views of views, transposes and reshapes, swaps, one of two arrays, containers of arrays."""
import numpy as np

from . import case, normal


@case(normal(4))
def alias_sees_the_write(x):
    a = x.copy()
    b = a
    b[0] = b[1] * b[2]
    a[1] += b[0]
    return np.sum(a * b)


@case(normal(4))
def augmented_assignment_through_an_alias(x):
    a = x * 2
    b = a
    b *= a
    a += x
    return np.sum(b ** 2)


@case(normal(4))
def rebinding_ends_the_alias(x):
    a = x.copy()
    b = a
    b = b * 2
    b[0] = 7 * x[1]
    return np.sum(a * b)


@case(normal(3, 4))
def row_is_a_view(m):
    A = m.copy()
    row = A[1]
    row[:] = A[0] * A[2]
    row *= 2
    row[0] = A[1, 1] ** 2
    return np.sum(A ** 2)


@case(normal(3, 4))
def rows_written_in_a_loop(m):
    A = m.copy()
    for row in A:
        row[1:] += row[:-1]
        row *= row[0]
    return A.sum()


@case(normal(3, 4))
def rows_with_enumerate_and_zip(m):
    A, B = m.copy(), np.zeros((3, 4))
    for i, (a, b) in enumerate(zip(A, B)):
        b += a * i
        a[i] = b[0] * a[1] + 1
    return np.sum(A * B)


@case(normal(8))
def views_of_views(x):
    a = x.copy()
    v = a[1:7]
    w = v[::2]
    u = w[::-1]
    u[0] = a[0] * a[1]
    w += v[:3]
    v[1:3] *= 2
    return np.sum(a ** 2) + np.sum(u * w)


@case(normal(6))
def view_made_before_used_after(x):
    a = x.copy()
    left, right = a[:3], a[3:]
    a *= a
    left += right
    a[0] = left[1] * right[2]
    return np.sum(left * right) + a[4]


@case(normal(6))
def view_survives_rebinding_of_its_base(x):
    a = x.copy()
    v = a[2:5]
    a = a * 3
    v[:] = v ** 2
    a[2:5] += v
    return np.sum(a) * np.sum(v)


@case(normal(3, 4))
def write_through_a_transpose(m):
    a = m.copy()
    t = a.T
    t[0] = t[1] * t[2]
    t[:, 0] += a[1]
    return np.sum(a ** 2) + t[3, 2] * a[0, 0]


@case(normal(12))
def write_through_a_reshape(x):
    a = x.copy()
    m = a.reshape(3, 4)
    m[1] *= m[0]
    m[:, 2] = a[:3]
    r = m.ravel()
    r[0] = m[2, 3] ** 2
    return np.sum(a * np.arange(12)) + r[5]


@case(normal(3, 4))
def reshape_that_copies(m):
    a = m.copy()
    f = a.T.reshape(-1)
    f *= 2
    f[0] = 5 * a[0, 1]
    g = a.flatten()
    g += 1
    return np.sum(a ** 2) + np.sum(f * g)


@case(normal(4), normal(4, seed=1), 5)
@case(normal(4), normal(4, seed=1), 4)
def swapped_buffers(a, b, steps):
    a = a.copy()
    b = b.copy()
    for t in range(steps):
        b[1:-1] = 0.5 * (a[2:] + a[:-2]) * a[1:-1]
        a, b = b, a
    return np.sum(a ** 2)


@case(normal(4), 3)
def three_buffers_rotate(x, steps):
    old, now, new = x.copy(), x * 0.5, np.zeros(4)
    for _ in range(steps):
        new[:] = 2 * now - old + 0.1 * np.sin(now)
        new[0] = 0
        old, now, new = now, new, old
    return np.sum(now ** 2)


@case(normal(4), True)
@case(normal(4), False)
def one_of_two_arrays(x, first):
    a = x.copy()
    b = x * 2
    c = a if first else b
    c[0] = c[1] * 3
    c += 1
    return np.sum(a * b)


@case(normal(4))
@case(-normal(4))
def bound_on_one_of_two_paths(x):
    a = np.sin(x)
    if x[0] > 0:
        v = a[1:]
    else:
        v = a.copy()[1:]
    v *= 2
    a[1] += 1
    return np.sum(a ** 2) + np.sum(v ** 3)


@case(normal(4))
def which_view_depends_on_the_loop(x):
    a, b = x.copy(), x ** 2
    for i in range(4):
        target = a if i % 2 == 0 else b
        target[i] = a[i] * b[i]
        target[:i] += 0.1
    return a @ b


@case(normal(3), normal(3, seed=1))
def arrays_in_a_list(x, y):
    arrays = [x.copy(), y.copy()]
    arrays[0][1] = arrays[1][0] * 2
    arrays[1] *= arrays[0]
    first = arrays[0]
    first += 1
    return np.sum(arrays[0] * arrays[1])


@case(normal(3), normal(3, seed=1))
def arrays_in_a_tuple_and_dictionary(x, y):
    pair = (x.copy(), y.copy())
    state = {"u": pair[0], "v": pair[1]}
    state["u"][0] = state["v"][1] ** 2
    pair[1][:] = pair[0] * 2
    state["v"] += pair[0]
    return np.sum(pair[0] * state["v"]) + state["u"][2]


@case(normal(3))
def same_array_twice_in_a_list(x):
    a = x.copy()
    items = [a, a, a[1:]]
    items[0][1] *= 2
    items[1][2] = items[2][0] ** 2
    return sum(np.sum(v) for v in items) * a[0]


@case(normal(5))
def slices_of_both_sides_of_a_call(x):
    a = x.copy()
    np.add(a[1:], a[:-1], out=a[1:])
    np.multiply(a[::2], 2.0, a[::2])
    return np.sum(a ** 2)


@case(normal(3, 3))
def diagonal_and_real_parts(m):
    a = m.copy()
    a.real[0] = m[1] ** 2
    d = np.diagonal(a)
    a[1, 1] = 3 * a[0, 2]
    return np.sum(d ** 2) + a.sum()


@case(normal(4))
def asarray_may_be_its_argument(x):
    a = x.copy()
    b = np.asarray(a)
    c = np.array(a)
    b[0] = 2 * a[1]
    c[1] = 3 * a[0]
    return np.sum(a * c)


@case(normal(2, 4))
def unpacked_rows_are_views(m):
    a = m.copy()
    p, q = a
    p += q
    q *= p
    p[0], q[0] = q[0], p[0]
    return np.sum(a ** 2)


@case(normal(6))
def expanded_and_squeezed_views(x):
    a = x.copy()
    column = a[:, None]
    column[2:4] = 5 * column[:2]
    flat = column.squeeze()
    flat[0] *= a[1]
    wide = np.expand_dims(a, 0)
    wide += 1
    return np.sum(a ** 2) + flat[2]


@case(normal(5))
def argument_and_its_view(x):
    v = x[1:]
    y = x.copy()
    y[1:] += v
    y[:-1] *= v
    return np.sum(y * x)


@case(normal(4), 3)
def alias_kept_from_the_previous_iteration(x, n):
    a = x.copy()
    previous = a
    for i in range(n):
        current = previous * 1.1
        previous[i] += current[0]
        current[i] = previous[i] ** 2
        previous = current
    return np.sum(a) + np.sum(previous ** 2)


@case(normal(6))
def nested_views_through_functions(x):
    def middle(v):
        return v[1:-1]
    a = x.copy()
    inner = middle(middle(a))
    inner[:] = inner * a[0]
    a[2] += inner[1]
    return np.sum(a ** 2)


@case(normal(3, 3))
def symmetrise_in_place(m):
    a = m.copy()
    a += a.T
    a[:] = a @ a.T
    a -= a.mean(axis=0)
    return np.sum(a * m)


@case(normal(3))
def chained_assignment_shares(x):
    a = b = np.zeros(3)
    a += x
    b *= 2 * x
    return np.sum(a * x)


@case(normal(3))
def saved_value_is_a_copy_of_the_slice(x):
    a = x.copy()
    old = a[0]
    row = a[1:]
    kept = a[1:].copy()
    a[0] = 10 * x[2]
    row[0] = old * kept[1]
    a *= kept[0]
    return np.sum(a ** 2) + old * kept @ row
