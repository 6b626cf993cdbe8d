"""What the long run of the fuzzer found: the smallest programs whose exceptions or branches once failed."""
import math

import numpy as np

from . import case, normal


@case(normal(3), normal(4), raises=ValueError)
def dead_store(x, b):
    y = np.zeros(3)
    y[:2] = b
    return np.sum(x)


@case(normal(3), normal(4), raises=ValueError)
def dead_store_whole(x, b):
    y = x.copy()
    y[:] = b
    return np.sum(x)


@case(normal(3), normal(4), raises=ValueError)
def dead_aug(x, b):
    y = x.copy()
    y[:2] += b
    return np.sum(x)


@case(normal(3), normal(4), raises=ValueError)
def dead_aug2(x, b):
    y = x.copy()
    y += b
    return np.sum(x)


@case(normal(3), 0.4, wrt=1, raises=TypeError)
def tuple_item_inactive(u, s):
    h = (u, s)
    h[0] = 0.5
    return 0.5


@case(normal(3), 0.4, wrt=1, raises=TypeError)
def tuple_item_aug(u, s):
    h = (u, s)
    h[0] += 0.5
    return 0.5


@case(normal(3), 0.4, wrt=1, raises=TypeError)
def tuple_item_live(u, s):
    h = (u, s)
    h[1] = 0.5 * s
    return h[1]


@case(normal(3), 0.4, wrt=1, raises=TypeError)
def tuple_item_aug_live(u, s):
    h = (u, s)
    h[0] += s
    return h[0].sum()


@case(normal(3), 0.4, wrt=1, raises=IndexError)
def list_item(u, s):
    h = [u, s]
    h[2] = 0.5
    return s


@case(normal(3), 0.4, wrt=1, raises=ValueError)
def unpack_dead(u, s):
    a, b = u
    return s


@case(np.arange(3), 0.4, wrt=1, raises=TypeError)
def cast_dead(u, s):
    u += 0.5
    return s


@case(np.arange(3), 0.4, wrt=1)
def cast_dead2(u, s):
    u[:] = 0.5
    return s * u[0]


@case(0.3, 0.0, raises=ZeroDivisionError)
def dead_div(u, s):
    t = u * 2
    t /= s
    return s


@case(np.arange(3), 0.4, wrt=1, raises=TypeError)
def cast_div(u, s):
    u //= 2
    u /= 2
    return s


@case(normal(3), "ab", 0.4, wrt=2, raises=TypeError)
def text_item(u, t, s):
    t[0] = "c"
    return s


@case(normal(3), normal(2), 0.4, wrt=2, raises=ValueError)
def mask_store(u, v, s):
    w = u.copy()
    w[w > 5] = v
    return s


@case(normal(3), normal(3), 0.4, wrt=2, raises=ValueError)
def tuple_store(u, v, s):
    w = u.copy()
    w[0], w[:2] = v[0], v
    return s


@case(normal(3), normal(3), 0.4, wrt=2, raises=ZeroDivisionError)
def item_div(u, v, s):
    t = [s]
    t[0] /= 0.0
    return s


@case(0.3, 3, wrt=0, raises=UnboundLocalError)
@case(0.3, 2, wrt=0)
def unbound_straight(x, n):
    if n < 3:
        s = x * x
    return s * s


@case(normal(3), 3, wrt=0)
@case(normal(3), 2, wrt=0)
def returns_early_array(u, n):
    with np.errstate(all='ignore'):
        if n > 2:
            return np.sum(u)
        s = u * u
    return np.sum(s * s)


@case(normal(3), 3, wrt=0)
@case(normal(3), 2, wrt=0)
def returns_early_list(u, n):
    for k in range(2):
        if n > 2:
            return np.sum(u)
        s = [u * u, u]
        u = u + s[0] * s[1]
    return np.sum(s[0] * s[1])


@case(normal(3), 3, wrt=0)
@case(normal(3), 2, wrt=0)
def returns_early_try(u, n):
    try:
        if n > 2:
            return np.sum(u)
        s = [u * u, u]
        s[0] += 1
    finally:
        t = 1
    return np.sum(s[0] * s[1])


@case(0.3, 0.0, 3, wrt=0, raises=ZeroDivisionError)
@case(0.3, 1.0, 2, wrt=0)
def division_in_branch(x, s, n):
    y = 1.0
    if n < 3:
        y = x * x
    return y / s


@case(0.3, -1.0, 3, wrt=0, raises=ValueError)
@case(0.3, 1.0, 2, wrt=0)
def log_in_branch(x, s, n):
    y = 1.0
    if n < 3:
        y = x * x
    return y * math.log(s)


@case(0.3, -1.0, 3, wrt=0, raises=UnboundLocalError)
@case(0.3, 1.0, 2, wrt=0)
def unbound_in_branch(x, s, n):
    y = 1.0
    if n < 3:
        y = x * x
        t = s
    return y * t


@case(normal(3), raises=UnboundLocalError)
def unpacked_after_it_is_read(x):
    for k in range(2):
        if k:
            t, e = x[:2]
        x = x * e
        t = e
    return np.sum(x) * t
