"""What the long run of the fuzzer found about calls, objects and what is inactive but needed: the smallest programs that once failed."""
from dataclasses import dataclass

import numpy as np

from . import case, normal


@case(normal(3), normal(4, seed=5), normal(3, seed=2), wrt=0)
def inactive_masked_write(x, u, v):
    t = x * u[1]
    u[u > 0.0] = v[2]
    return np.sum(t * u[1]) + t @ t


@case(normal(3), [1.0, 2.0, 3.0], wrt=0)
def inactive_list_changes(x, p):
    s = 0.0
    for k in range(3):
        s += p[-1] * np.sum(x) ** 2
        p.pop()
    p.extend([2.0, 4.0])
    p.insert(0, 3.0)
    s += p[1] * x[0] ** 2
    return s


@case(normal(3), {"a": 2.0, "b": 1.0}, wrt=0)
def inactive_dict_changes(x, d):
    s = 0.0
    for k in range(3):
        s += d["a"] * np.sum(x) ** 2
        d.update(a=d["b"] + 1, b=d["a"])
    t = d.pop("a") * x[0] * x[1]
    return s * t


def scaled(o, c):
    o *= c - c ** 2


def product(o, c):
    return o[:, 0] * o.sum(axis=0)


@case(normal(3,3), normal(3, 4), wrt=0)
def write_that_counts_no_more(B, A):
    c = B.copy()
    u = A
    scaled(B, u[0, :3])
    return c.sum()


@case(normal(3, 3), normal(3), normal(3, seed=5))
def result_is_new_memory(B, p, u):
    b = u
    d = dict(a=u, b=u)
    d['b'][...] += u
    def inner8(m):
        p[...] = product(B.T.T, m) / m
        return b[2]
    e = inner8(-0.7)
    w = product(B.T, e)
    return e + e ** 2 + np.sum(w ** 2) + np.sum(p)


@case(normal(3, 3), normal(3), wrt=0)
def either_or_itself(B, y):
    B = either(B, y)
    p = [0.5, np.max(B)]
    B.sort()
    return sum(p)


def either(o, c):
    return o if c[-3] > 0 else o


@case(normal(4), wrt=0)
def popped_from_list(u):
    w = u
    s = [u]
    d = {"b": u}
    try:
        d['b'][:] = 0.5 * d["b"]
    finally:
        w = s.pop(0)
    return w.sum()


def exps(a):
    t = np.exp(a * np.arange(3.0))
    return t


@case(0.3)
def tape_of_number(a):
    y = exps(a)
    y += 1
    return y.sum()


@case(0.3)
def tape_of_number_in_loop(a):
    s = 0.0
    for k in range(3):
        y = exps(a * k)
        y[1:] *= 2
        s += y.sum()
    return s


def exps2(a):
    t = np.exp(a)
    return t


@case(normal(3))
def tape_of_list(x):
    p = [exps2(x), exps2(x * 2)]
    for y in p:
        y *= 2
    return p[0] @ p[1]


def shifted(o, c):
    c += np.concatenate([c[-1:], o[-2::-1]])
    return c


@case(normal(3), normal(3, seed=2))
def writes_into_a_new_argument(y, x):
    a = y
    w = x
    e = w
    y[w > -0.7] = e[w > -0.7]
    v = a
    u = shifted(v, e - x)
    return u.sum()


@case(normal(3), normal(3, seed=2))
def writes_into_a_new_argument2(y, x):
    u = shifted(y, x * 2)
    return u.sum()


@case(normal(3, 3), 0.4)
def row_of_a_product(B, s):
    w = (0.5 * B)[0]
    w[...] = w * s
    return np.sum(w)
class M0:
    def __init__(self, w, b):
        self.w = w
        self.b = w[:, 2]
class M1(M0):
    pass


@case(normal(3), wrt=0)
def objects_of_objects(u):
    w = u
    M = M1(np.zeros((3, 4)), w)
    M.w.reshape(-1)[0] = u @ u
    return np.sum(np.sin(M.w))


@case(normal(3, 4), 0.5)
def row_in_dict(z, s):
    g = dict(a=z, b=z.reshape(12)[3:6])
    z[1, -1:] *= s
    r, q, t = g['b']
    return r


@case({"a": 1.0, "b": 2.0}, {"a": normal(3), "b": normal(3, seed=2)}, wrt=1)
def another_dict_pops(g, d):
    q = g.pop('b')
    d['a'][:] += 0.5 * q
    p = d['a']
    return sum([i for i in p])


@case(normal(3, 4))
def tuple_of_new_and_old(A):
    c = A
    c, A = (c * 3, c)
    c[:] -= c.reshape(4, 3).reshape(3, 4)
    return np.sum(c) + A[0, 1] ** 2


@case(normal(4), wrt=0)
def total_of_numbers(x):
    e = sum([i for i in x])
    r = e
    e *= 3
    return r * e


@case([normal(3), normal(3, seed=2)], normal(4, seed=3), {"a": 1.0, "b": 2.0}, wrt=(0, 1))
def repeated_places_of_unknown(p, u, g):
    e = g.pop('b')
    p[0][[2, 2]] = u[2:]
    return sum([np.sum(i ** 2) for i in p]) * e
@dataclass
class Pair:
    w: object
    b: object


@case(normal(4), normal(3, 4))
def fields_that_may_be_views(y, A):
    M = Pair(y[::-1].reshape(2, 2), np.transpose(A))
    M.w *= 2
    M.b[0] += M.w[0, 0]
    return np.sum(M.w ** 2) + np.sum(y * A[0])


@case(normal(4), normal(3, 4))
def fields_that_may_be_views_by_name(y, A):
    M = Pair(b=y[::-1].reshape(2, 2), w=np.transpose(A))
    M.w *= 2
    M.b[0] += M.w[0, 0]
    return np.sum(M.w ** 2) + np.sum(y * A[0])
