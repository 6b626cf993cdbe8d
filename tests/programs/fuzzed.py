"""What fuzzing has found: the smallest programs that once failed, a class of faults each."""
import math

import numpy as np

from . import case, normal


@case(normal(3, 3))
def putmask_of_itself(B):
    np.putmask(B, B > 0.1, B)
    return np.sum(B)


@case(0.7, normal(3, 4))
def writes_through_an_unnamed_view(s, A):
    A += s
    A.reshape(-1)[9] = s
    return A.sum()


@case(normal(3), normal(3, seed=1))
def subtracts_an_alias_of_itself(x, y):
    v = x.copy()
    y = v
    v[:] -= y * 1.5
    return v.sum()


@case([normal(3), normal(3, seed=1)])
def items_of_a_list_written_in_a_loop(p):
    for w in p:
        w[:] = p[-1]
    return sum([np.sum(i) for i in p])


@case([normal(3), normal(3, seed=1)], normal(3, seed=2))
def an_alias_keeps_what_is_multiplied_in_place(p, y):
    w = y
    y *= p[-1]
    t = w
    return np.sum(y) + t[0]


@case({"a": normal(3), "b": normal(3, seed=1)}, 0.3)
def an_element_in_a_dict_read_in_a_loop(d, s):
    k = 0
    while k < 2:
        k += 1
        d["a"][-1] *= 0.5
        s = d["a"][0]
    return s


@case([normal(3)], normal(3), wrt=(0, 1))
def appends_to_an_argument_in_vain(p, y):
    p.append(y)
    return 0.5


@case(normal(3, 4), normal(4), wrt=1)
def inactive_write_through_a_view(A, u):
    A.reshape(-1)[0] = 0.5
    return 0.5


@case(normal(3, 4), normal(3))
def put_cycles_its_values(A, y):
    np.put(y, [1, 2, 1], A)
    np.put(y, [0, 2], A[0, 3])
    return np.sum(y ** 2)


@case([normal(3), normal(3, seed=1)])
def pops_from_an_argument(p):
    x = p.pop(-1)
    p[-1] += x
    return 0.5 * p[0][1]


@case([normal(3), normal(3, seed=1)])
def pops_from_an_argument_in_vain(p):
    p[0][1::2] = 0.5
    v = p.pop(0)
    return 0.5


@case({"a": normal(3), "b": normal(3, seed=1)}, normal(3))
def array_stored_in_a_dict_then_sorted(d, y):
    d["a"] = y
    y.sort()
    return np.sum(0.5 * d["b"])


@case(normal(3), normal(4))
def pops_items_of_several_shapes(x, y):
    p = [x, x, y]
    k = 0
    while k < 1:
        k += 1
        p.pop(-1)
    return np.sum(sum([i for i in p]))


@case(normal(3), normal(3, seed=1))
def two_gradients_of_one_zero(x, y):
    y = x
    np.copyto(x, 0.5, where=x > 0)
    return np.sum(y)


@case(0.7, normal(3, 4), normal(3))
def subtract_at_under_a_dict(s, A, y):
    d = dict(a=A, b=y)
    np.subtract.at(y, [2, 0, 0], s)
    return np.sum(d["a"]) + np.sum(d["b"] ** 2)


@case([normal(3), normal(3, seed=1)], {"a": normal(3), "b": normal(3, seed=1)}, normal(3))
def array_put_in_a_dict_by_update(p, d, y):
    w = y
    d.update({"b": w})
    y *= p[-1]
    c = y
    t = c[-2]
    return t + np.sum(d["a"])


@case({"a": normal(3), "b": normal(3, seed=1)}, 0.5, [normal(3)], normal(3))
def a_list_grows_beside_a_dict(d, s, p, x):
    for k in x:
        p.append(x)
    while k < 2:
        k += 1
        d["a"][-1] *= 0.5
        s = d["a"][0]
    return s


@case([normal(3), normal(3, seed=1)], normal(4))
def item_of_another_shape_is_stored(p, u):
    a = u.copy()
    a[:-1] = p[-1][:]
    p[-1] = u
    return np.sum(a) + sum([np.sum(i) for i in p])


@case(normal(3), 0.7)
def an_entry_as_an_array_of_no_dimensions(y, s):
    p = np.full(4, s)
    p[0] = p[1:][0, ...] * y[0]
    return sum([i for i in p])


@case(normal(3, 3), normal(3, 3, seed=1))
def displays_that_may_hold_views(B, C):
    g = {"a": B + B, "b": B.transpose()}
    p = [C.T, C[0], C.reshape(3, 3), (B[1:], C)]
    B[0] *= 2.0
    C[1] += g["b"][0] * g["a"][2]
    p[0][0] *= p[1]
    return np.sum(g["b"] ** 2) + np.sum(p[2] ** 3) + np.sum(p[3][0] * C[1:])


@case({"a": normal(3), "b": normal(3, seed=1)}, normal(3, seed=2))
def add_at_of_a_view_of_an_item(d, x):
    np.add.at(x, [1, 2, 2], d["a"][::-1])
    d["a"][:] *= x
    return np.sum(x)


@case(normal(3), 0.5)
def test_of_entries_that_are_overwritten(y, s):
    d = dict(a=y, b=y)
    s = sum([i for i in y if i > 0.1])
    y[[1, 0]] = 0.5
    return np.sum(d["a"]) + s


@case([normal(3), normal(3, seed=1)], normal(3))
def mean_of_a_display_stored_at_places(p, x):
    d = {"a": 0.5, "b": p}
    x[[2, 2]] = np.array([0.5, 0.5, d["a"]]).mean()
    return np.sum(x)


@case(normal(3), 0.5)
def list_after_a_with_that_binds_nothing(x, s):
    p = [x * 2, s]
    with np.errstate(all="ignore"):
        p[0] = p[0] * p[1]
    return np.sum(p[0]) + p[1]


@case(normal(3, 3), [normal(3), normal(3, seed=1)], 3, wrt=0)
def attempt_that_is_live_for_what_it_shares(B, p, k):
    b = B.copy()
    if k > 3:
        p[-1] = B
    else:
        try:
            w = p
        except IndexError:
            pass
    if k > 2:
        b[[2, 1]] = b.transpose()[1:]
        d = dict(a=B, b=b)
    return sum([np.sum(i ** 2) for i in p]) + b.sum()


@case({"a": -0.4, "b": -1.2})
def item_taken_out_and_put_back(g):
    g.pop("a")
    g["a"] = math.tanh(g["b"])
    return g["a"]


@case([normal(3), normal(3, seed=1)], {"a": 1.5, "b": -0.6}, wrt=(0, 1))
def names_that_grow(p, g):
    for q in g:
        q += q
        del p[-1]
    return g["a"] ** 2


@case(normal(2, 4))
def entries_of_all_rows(A):
    B = A * 2
    f = B.flat
    f[1] = A[0, 0] ** 2
    B[1] *= 3
    s = f[2]
    for v in B.flat:
        s += v * v
    for i, v in enumerate(B.flat):
        B.flat[i] = v * v
    return np.sum(f[:] ** 3) + s


@case({"W": normal(3), "b": 0.7}, normal(2), wrt=(0, 1))
def numbers_and_arrays_by_changing_keys(params, x):
    state = {name: value * 1 for name, value in params.items()}
    for k in range(3):
        for name in state:
            state[name] += 0.1 * k * params[name] * np.sum(x)
            state[name] *= state["b"]
    return sum([np.sum(v ** 2) for v in state.values()])
