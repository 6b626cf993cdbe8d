"""Contexts that are made of, or hold, what is differentiated: objects with `__enter__` and `__exit__`, generators of `contextlib`."""
import contextlib

import numpy as np

from . import case, normal


class Scaled:
    def __init__(self, k):
        self.k = k

    def __enter__(self):
        self.k = self.k * 2
        return self

    def __exit__(self, kind, error, trace):
        self.k = self.k / 3
        print("left")
        return False


class Reporting:
    def __init__(self, k):
        self.k = k

    def __enter__(self):
        self.k = self.k * 2
        return self

    def __exit__(self, kind, error, trace):
        print("left", kind)
        self.k = self.k / 3


class Squared:
    def __init__(self, k):
        self.k = k

    def __enter__(self):
        self.k = self.k * self.k
        return self.k

    def __exit__(self, *exception):
        self.k = self.k / 2


@case(0.7)
def object_as_context(x):
    scale = Scaled(x)
    with scale as s:
        y = s.k * x
    return y + scale.k


@case(0.7)
def context_without_a_name(x):
    with Scaled(x) as s:
        y = s.k * x
    with s:
        y += s.k
    return y + s.k


@case(0.7, 3)
def contexts_in_a_loop(x, n):
    total = 0.0
    for i in range(n):
        with Squared(x * i) as k:
            total += k * x
    return total


@case(normal(3))
def context_of_an_array(x):
    square = Squared(x)
    with square as k:
        k = k + 1
        y = np.sum(k * x)
    return y * np.sum(square.k)


@case(0.7)
@case(1.7)
@case(-0.7, raises=ValueError)
def jumps_out_of_contexts(x):
    for i in range(4):
        with Scaled(x * (i + 1)) as s:
            if s.k < 0:
                raise ValueError("negative")
            if s.k > 3:
                return s.k * x
    return x


@case(0.7)
@case(-0.7, raises=ValueError)
def context_that_asks_what_was_raised(x):
    report = Reporting(x)
    with report as r:
        if r.k < 0:
            raise ValueError("negative")
        y = r.k * x
    return y * report.k


@contextlib.contextmanager
def changed_for_a_while(obj, v):
    old = obj.k
    obj.k = obj.k * v
    try:
        yield obj
    finally:
        print("back")
        obj.k = old


@contextlib.contextmanager
def doubled(v):
    print("begin")
    yield v * 2
    print("end")


@case(0.7, 2.0)
def generators_as_contexts(x, z):
    scale = Squared(z * x)
    with changed_for_a_while(scale, x) as b:
        y = b.k * x
        with changed_for_a_while(scale, z), doubled(y) as w:
            y = w * scale.k
    return y + scale.k


@case(0.7)
@case(-0.7, raises=ValueError)
def generator_as_context_that_is_left(x):
    scale = Squared(x)
    for i in range(3):
        with changed_for_a_while(scale, x * i):
            if x < 0:
                raise ValueError("negative")
            if scale.k > 0.5:
                return scale.k * x
    return x * x
