"""What the long run of the fuzzer found: the smallest programs that once failed, a class of faults each."""
import math

import numpy as np

from . import case, normal


@case(normal(3))
def result_read_through_an_alias_that_changes(x):
    t = np.exp(x)
    y = t
    y += 0.5
    return np.sum(y)


@case({'a': normal(3), 'b': normal(3, seed=1)}, normal(3, seed=2))
def divided_then_added(d, y):
    y /= d['b'][-2] * y[-1]
    y += 0.5
    return np.sum(y)


@case(normal(3, 4))
def divided_by_an_alias(A):
    u = A
    x = u
    u /= x
    return A.sum()


@case(normal(3, 4))
def item_scaled(A):
    s = [None]
    s[-1] = A
    s[-1] *= 0.5
    return np.sum(A)


@case(normal(3), {'a': normal(3), 'b': normal(3, seed=1)}, wrt=0)
def item_added(y, d):
    d['b'] = y
    d['b'] += y
    return y.sum()


@case({'a': normal(3), 'b': normal(3, seed=1)}, normal(3, seed=2), wrt=0)
def item_times(d, y):
    y[:] = d['b']
    g = {'a': y, 'b': y}
    g['b'] *= y
    return y.sum()


@case(normal(4))
def sum_of_generator(u):
    for k in range(1):
        u[k] += k / sum((i for i in u))
    return math.sin(np.sum(u))


@case(normal(3), 0.4, wrt=1)
def inactive_nested_writes(x, s):
    def inner5(m):
        x[:] = 0.5
    r = inner5(0.5)
    return 0.5


@case(normal(3), 0.4, wrt=1, raises=TypeError)
def tuple_item(u, s):
    v = u
    h = (v, s)
    h[0] = 0.5
    return 0.5


@case(0.3)
def returns_in_with(u):
    with np.errstate(all='ignore'):
        if 0.5:
            return 0.5
        s = u
    return s


@case(normal(3), normal(3,3), wrt=0)
def unpacks_then(x, B):
    s = B
    h = (np.sum(x), s * x[-3])
    t, b = h
    def inner7(m):
        B[0] = t
    r = inner7(h)
    b = B
    return B.sum()


def h0(o, c):
    o.append(c)


@case([normal(3), normal(3,seed=1)], 0.4, normal(3,seed=2), wrt=0)
def appends_in_branch(p, s, y):
    if s:
        h0(p, abs)
    else:
        y[1::2] = p
    return np.sum(y)


def h(x):
    t = np.exp(x)
    return t


def h2(x):
    t = np.exp(x)
    if x[0] > 5:
        t = np.sin(t)
    return t, t * 2


@case(normal(3))
def tape_holds_result(x):
    y = h(x)
    y += 1
    return np.sum(y)


@case(normal(3))
def tape_holds_result2(x):
    y, z = h2(x)
    y += 1
    return np.sum(y) + np.sum(z)


@case(normal(3))
def list_comp(x):
    ys = [np.exp(x * k) for k in range(3)]
    for y in ys:
        y += 1
    return sum([np.sum(y) for y in ys])


@case(normal(3))
def list_of_exp(x):
    ys = []
    for k in range(3):
        t = np.exp(x * k)
        ys.append(t)
    for y in ys:
        y += 1
    return sum([np.sum(y) for y in ys])


@case(normal(3))
def loop_exp(x):
    s = 0.0
    for k in range(3):
        t = np.exp(x * k)
        w = t[1:]
        w *= 2
        s += w.sum()
    return s


@case(normal(3))
def attr_exp(x):
    d = {}
    d["a"] = np.exp(x)
    d["a"] += 1
    return d["a"].sum()


@case(normal(3))
def attr_exp2(x):
    d = {"a": np.exp(x)}
    d["a"][1:] += 1
    return d["a"].sum()


@case(normal(3))
def view_of_temp(x):
    y = np.exp(x).reshape(3, 1)
    y += 1
    return y.sum()


@case(normal(3))
def out_exp(x):
    y = np.zeros(3)
    z = np.exp(x, out=y)
    y += 1
    return z.sum()


@case(normal(3))
def either(x):
    y = np.exp(x) if x[0] > 0 else x * 2
    y += 1
    return y.sum()


@case(normal(4), 3, wrt=0)
@case(normal(4), 2, wrt=0)
def rebinds_shape(x, n):
    y = x[1:] * 2
    r = 0.0
    if n > 2:
        y = np.zeros(7) + x[0]
        r = 2.0
    else:
        r = y.sum()
    return r * np.sum(y)


@case(normal(4), 3, wrt=0)
@case(normal(4), 2, wrt=0)
def rebinds_shape2(x, n):
    y = x[1:] * 2
    r = 0.0
    if n > 2:
        y = np.zeros(7)
    else:
        r = y.sum()
    return r * np.sum(y)


@case(normal(4), 3, wrt=0)
@case(normal(4), 2, wrt=0)
def grows(x, n):
    y = [x]
    r = 0.0
    if n > 2:
        y.append(3.0)
        r = 0.2
    else:
        r = y[0] @ y[0]
    return r * np.sum(y[0])


@case(normal(4), 3, wrt=0)
@case(normal(4), 2, wrt=0)
def grows_dict(x, n):
    y = {"a": x}
    r = 0.0
    if n > 2:
        y["b"] = 4.0
        r = 0.3
    else:
        r = y["a"] @ y["a"]
    return r


@case([1.0, 2.0], 3, wrt=0)
@case([1.0, 2.0], 2, wrt=0)
def grows_arg(y, n):
    r = 0.0
    if n > 2:
        y.append(3.0)
        r = 0.2
    else:
        r = y[0] * y[1]
    return r


@case([1.0, 2.0], 3, wrt=0)
@case([1.0, 2.0], 2, wrt=0)
def shrinks_arg(y, n):
    r = 0.0
    if n > 2:
        y.pop()
        r = 0.2
    else:
        r = y[0] * y[1]
    return r


@case(normal(4))
def concatenated_lists(u):
    v = u
    p = [u]
    p = p + [v]
    v += p[-1]
    return sum([np.sum(i) for i in p])


@case(np.array([[-1.92262791,  0.03687207, -1.22496463],
       [-0.25001248,  0.96089466, -0.14526803],
       [ 0.43696001,  0.26885789, -2.42598505]]), [normal(3)], wrt=1)
def breaks_from_rows(B, p):
    r = 0.5
    for v in B:
        if v[2] > 0:
            B[B > 2.0] = r
            break
        B *= B
    return 0.5


@case([normal(3), np.array([ 0.6369275 , -0.42923568, 1.])], normal(3), wrt=1)
@case([normal(3), np.array([ 0.6369275 , -0.42923568, -0.5829644 ])], normal(3), wrt=1)
def sorts_in_branch(p, y):
    if p[-1][-1] > 0:
        y /= y
    else:
        p[-1].sort()
    return 0.5


@case([normal(3), normal(3)], normal(3, 4), wrt=0)
def list_as_array(p, A):
    p = p
    k = 0
    while k < 1:
        k += 1
        p.append(p[-1] * 1.5)
    t = p
    c = A = t
    return np.sum(A)


@case([normal(3), normal(3)], normal(4), 1.2, wrt=2)
def sum_of_display(p, u, s):
    c = u
    u[1::2] -= s
    g = {'a': u, 'b': p[-1]}
    g['b'][0] = np.sum([p[-1], p[-1]])
    return np.sum(c)


@case(normal(3, 4), {'a': normal(3), 'b': normal(3, seed=1)}, normal(3, seed=3), wrt=(0, 1))
def dict_updated_in_loop(A, d, y):
    u = y
    d.update(a=u)
    for k, v in enumerate(A):
        d.update(a=np.arctan(v))
    else:
        d['a'][-3] += np.sum(A * y[:, None])
    return np.sum(u)


@case(normal(3), normal(3, 4), wrt=1)
def dict_updated(y, A):
    b = A
    d = {'a': y, 'b': y}
    d.update(a=b)
    return np.sum(d['a'])


@case(0.6, [normal(3), normal(3)], 3, wrt=0)
def sums_numpy(s, p, n):
    for k in range(n):
        a = p[0]
        s += a.sum()
    return s


@case(normal(3, 4), wrt=0)
def row_of_changed(A):
    w = A
    u = w[1]
    if u[-1]:
        w -= w
    return np.sum(u)


@case(normal(3), {'a': normal(3), 'b': normal(3, seed=1)})
def update_reads_first(y, d):
    d.update(a=y, b=d["a"] * 2)
    d.update({"a": d["b"] * y, "b": d["a"]})
    v = d.setdefault("c", d["a"] * 3)
    return np.sum(d['a'] * d["b"] * v)


@case(normal(3, 4))
def exponential_of_a_sum(A):
    return np.exp(np.sum(A))


@case(normal(3), 0.5)
def sum_of_a_display(x, s):
    return np.sum([x, x]) * s
