"""Functions over which the soundness of facts is tested: `CASES` holds each with a function from a size to its arguments."""
from __future__ import annotations

import functools
import math
import operator
from collections import namedtuple
from dataclasses import dataclass

import numpy as np

CASES = []
rng = np.random.default_rng(0)


def case(arguments):
    def register(function):
        CASES.append((function, arguments))
        return function
    return register


def vec(n, dtype=float):
    return rng.normal(size=n).astype(dtype)


def mat(m, n):
    return rng.normal(size=(m, n))


@case(lambda n: (mat(n, n + 1), vec(n), vec(n + 1)))
def affine(W, b, x):
    h = np.tanh(W @ x + b)
    s = h.sum()
    m = np.mean(h ** 2)
    t = s / 2 + m
    return t


@case(lambda n: (vec(n), 0.3, 4))
def heat(u0, a, steps):
    u = u0.copy()
    for t in range(steps):
        lap = u[2:] - 2 * u[1:-1] + u[:-2]
        u[1:-1] += a * lap
    inner = u[1:-1][1:-1]
    left = u[:-3]
    right = u[3:]
    both = left + right
    return np.sum(u ** 2)


@case(lambda n: (1.3, n))
def power(x, n):
    r = 1
    while n > 0:
        n -= 1
        r *= x
    return r


@case(lambda n: (mat(n, n) + 5 * np.eye(n),))
def log_det(A):
    A = A.copy()
    n = A.shape[0]
    for k in range(n):
        row = A[k, k + 1:]
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            A[i, k + 1:] -= A[i, k] * A[k, k + 1:]
            other = A[i, k + 1:]
    return np.sum(np.log(np.diag(A)))


@case(lambda n: (vec(n), 0.1))
def leaky(x, slope):
    total = 0.0
    for i in range(len(x)):
        xi = x[i]
        if xi > 0:
            total += xi ** 2
        else:
            total += slope * xi
    return total


@case(lambda n: ([(mat(3, 4), vec(3)), (mat(2, 3), vec(2))], vec(4)))
def network(layers, x):
    h = x
    for W, b in layers:
        z = W @ h + b
        h = np.tanh(z)
    return np.sum(h)


@case(lambda n: (vec(n), vec(n), 3))
def jacobi(a, b, steps):
    a = a.copy()
    b = b.copy()
    for t in range(steps):
        b[1:-1] = 0.5 * (a[2:] + a[:-2])
        a, b = b, a
    return np.sum(a ** 2)


@case(lambda n: (vec(2 * n + 5), 2))
def halving(x, steps):
    for s in range(steps):
        y = x
        x = x[1:]
        x = x[::2]
        z = x + 1
        d = y[:1]
    w = y.shape[0]
    return x


@case(lambda n: (vec(n + 3),))
def stale_sizes(x):
    old = x
    older = x
    while len(x) > 1:
        older = old
        old = x
        x = x[1:]
        gap = len(old)
        gap2 = len(older)
    total = old.shape[0] + older.shape[0]
    return total


@case(lambda n: (vec(n + 2),))
def masks(x):
    positive = x[x > 0]
    negative = x[x <= 0]
    p = positive
    q = positive * 2
    both = np.concatenate([positive, negative])
    for i in range(3):
        keep = x[x > i / 4]
        if i == 1:
            first = keep
        pair = keep * 2
    return both


@case(lambda n: (mat(n + 1, 3), mat(n + 2, 1), vec(3)))
def indices(A, B, v):
    a = A[0]
    b = A[0, 1]
    c = A[:, 1]
    d = A[..., 0]
    e = A[None, :, 1:]
    f = A[:, None]
    g = A[:, [0, 2]]
    h = A[[0, 0, 0], [0, 1, 2]]
    i = A[np.array([0, 0]), :]
    j = A[-1, ::-1]
    k = A[A > 0]
    m = A[:, v > 0]
    o = A[np.newaxis, 0, ..., np.newaxis]
    p = B[:, 0]
    q = B + v
    r = A[1:, 1:-1]
    s = A[(0, 1)]
    t = A[0][1]
    u = A[...]
    w = A[0, 1, ...]
    x = A[()]
    y = A[-1:]
    z = v[:, None] * v
    aa = A[:1]
    bb = A[-2:]
    return A


def clear(mask):
    mask[:1] = False


@case(lambda n: (vec(n + 2), vec(n + 2), vec(n + 2) > 0))
def named_masks(x, y, given):
    mask = x > 0
    a = x[mask]
    b = y[mask]
    c = a * b
    view = mask[:]
    other = x[view]
    view[:1] = True
    d = x[mask]
    e = x[view]
    kept = [mask, given]
    f = x[given]
    h = y[given] * f
    for i in range(3):
        mask = x > i / 2
        g = x[mask]
        k = x[kept[0]]
        if i == 1:
            given &= mask
        else:
            given = given | mask
        m = x[given]
    clear(given)
    o = x[given]
    p = x[kept[1]]
    np.logical_not(given, out=given)
    q = x[given]
    given.fill(True)
    r = x[given]
    np.copyto(given, mask)
    s = x[given]
    t, u = x > 0, x > 0
    v = x[t]
    w = x[~t]
    x[t] = 0.0
    z = y[t] + x[t]
    return c


@case(lambda n: (rng.normal(size=(2, 3, 4)), 1))
def advanced(A, k):
    a = A[0, :, [0, 1, 2, 3]]
    b = A[:, 0, [0, 1]]
    c = A[:, [0, 1], 0]
    d = A[0, None, [0, 1]]
    e = A[[0, 1], :, [0, 1]]
    f = A[:, [[0, 1], [1, 2]], :]
    g = A[0, ..., [0, 1]]
    h = A[0, 1, ..., [0, 1]]
    i = A[:, :, np.array(1)]
    j = A[k]
    m = A[k, k:, k]
    o = A[k:, k - 1, :k]
    p = A[True]
    q = A[:, np.array([True, False, True]), [0, 1]]
    r = A[[0], None, [1]]
    s = A[:, [0], None, [1]]
    t = A[[True, False]]
    idx = (0, slice(1, None))
    u = A[idx]
    w = A[:, 1][0]
    return a


@case(lambda n: (2, 3.0, 1j, True))
def python_numbers(i, f, c, b):
    a = i + f
    d = i * i
    e = i / 2
    g = i // 2
    h = i % 2
    j = i ** 2
    k = i ** -1
    m = -b
    n = b + b
    o = b & b
    p = i & 3
    q = f * c
    r = abs(c)
    s = i << 2
    t = not f
    u = +b
    v = ~i
    w = i if b else f
    x = b or f
    y = i and f
    z = divmod(i, 2)
    aa = round(f)
    bb = round(f, 1)
    cc = int(f)
    dd = float(i)
    ee = max(i, f)
    ff = min(i, 3)
    gg = sum([i, f])
    hh = pow(i, 2)
    ii = 1 < i < 3
    jj = i == f
    kk = math.sin(f)
    ll = math.floor(f)
    mm = math.pi
    nn = c.real
    oo = c * f
    pp = abs(-i)
    qq = i ** 0
    rr = operator.mul(i, f)
    return a


@case(lambda n: (np.float32(2), np.float64(3), np.int32(2), np.arange(n), np.ones(n, np.float32), 2, 0.5))
def types(f4, f8, i4, ints, singles, i, f):
    a = f4 + f
    b = f4 * f8
    c = i4 * f
    d = i4 / i4
    e = ints * i
    g = ints * f
    h = ints / 2
    j = singles * f
    k = singles * f8
    m = singles * ints
    n = singles + 1
    o = ints ** 2
    p = ints > 1
    q = p & p
    r = p * 1.0
    s = ints // 2
    t = singles.sum()
    u = ints.sum()
    v = p.sum()
    w = ints.mean()
    x = np.sum(singles)
    y = np.abs(ints)
    z = np.sqrt(ints)
    aa = np.exp(singles)
    bb = np.exp(f)
    cc = np.sin(i)
    dd = -f4
    ee = ints.astype(float)
    ff = np.float64(i)
    gg = np.array([1, 2, 3])
    hh = np.array([1.0, 2])
    ii = np.asarray(f)
    jj = np.maximum(ints, f)
    kk = np.where(p, singles, 0.0)
    ll = np.where(p, 1.0, ints)
    mm = np.add(i, f)
    nn = singles.mean()
    oo = singles.max() if len(singles) else f4
    pp = i4 + i
    qq = f8 ** 2
    rr = f8 // 1
    ss = singles @ singles
    tt = ints @ ints
    uu = f8 > f4
    vv = not uu
    return a


@case(lambda n: (vec(n), vec(n), mat(n, 2)))
def functions(x, y, A):
    a = np.zeros_like(x)
    b = np.zeros(len(x))
    c = np.zeros((len(x), 2))
    d = np.ones(A.shape)
    e = np.full(3, 2.0)
    f = np.outer(x, y)
    g = np.dot(x, y)
    h = x @ y
    i = A.T @ x
    j = x @ A
    k = A.T
    m = np.concatenate([x, y])
    n = np.stack([x, y])
    o = A.reshape(-1)
    p = A.reshape(2, -1)
    q = A.sum(axis=0)
    r = A.sum(axis=1, keepdims=True)
    s = np.sum(A, axis=-1)
    t = np.cumsum(x)
    u = np.where(x > 0, x, 0)
    v = np.clip(x, -1, 1)
    w = np.arange(len(x))
    z = np.linspace(0, 1, 5)
    aa = np.eye(len(x))
    bb = A.copy()
    cc = A.ravel()
    dd = x.size
    ee = x.ndim
    ff = A.shape
    gg = A.shape[1]
    hh = len(A)
    ii = np.expand_dims(x, 0)
    jj = np.squeeze(A)
    kk = np.transpose(A)
    ll = np.vstack([x, y])
    mm = np.hstack([x, y])
    nn = A * x[:, None]
    oo = np.diag(x)
    pp = np.tile(x, 2)
    qq = np.repeat(x, 2)
    rr = np.flip(x)
    ss = np.roll(x, 1)
    tt = np.mean(A, axis=0)
    uu = A.mean()
    vv = np.prod(x)
    ww = np.dot(A.T, x)
    yy = x.reshape(len(x), 1)
    zz = np.reshape(A, (len(x), 2))
    ab = np.linalg.norm(x)
    ac = np.trace(aa)
    ad = np.einsum("i,i->", x, y)
    ae = x.dot(y)
    af = np.empty_like(x)
    ag = np.arange(3.0)
    ah = np.arange(1, len(x), 2)
    ai = x.min() if len(x) else 0.0
    aj = np.sort(x)
    ak = np.argsort(x)
    al = np.diff(x)
    am = np.isnan(x)
    an = np.any(am)
    return a


@case(lambda n: (vec(n), n))
def lists(x, n):
    parts = []
    for i in range(n):
        parts.append(x[i:])
        last = parts[-1]
    count = len(parts)
    values = [v * 2 for v in x]
    pairs = [(v, i) for i, v in enumerate(x)]
    total = 0.0
    for v, i in pairs:
        total += v * i
    two = [x, x[1:]]
    first = two[0]
    second = two[1]
    two.append(3)
    third = two.pop()
    two[0] = 1.0
    head = two[0]
    t = (x, 1, 2.0)
    u = t + (3,)
    w = t[1:]
    z = [0.0] * n
    zz = [0.0] * 3
    b = [1, 2] + [3.0]
    s = sum(values)
    k = {"a": x, "b": 1}
    ka = k["a"]
    k["c"] = 2.0
    kb = k["b"]
    rev = list(reversed(values))
    srt = sorted(values)
    zipped = list(zip(values, range(n)))
    tup = tuple(values)
    return total


@case(lambda n: (1.0, n))
def aliased_lists(x, n):
    a = []
    b = a
    a.append(x)
    c = b[0]
    d = len(b)
    b.append("text")
    e = a[-1]
    f = len(a)
    nest = [a, b]
    nest[0].append(None)
    g = a[-1]
    h = len(a)
    i = b[2]
    nest[1] = [x]
    j = nest[1]
    b.clear()
    k = len(a)
    return x


@case(lambda n: (1.0, n))
def growing_lists(x, n):
    items = []
    other = items
    for i in range(n):
        items.append(x)
        items.append(i)
        y = items[-2]
        z = other[0]
    while items:
        w = items.pop()
        last = len(items)
    return other


@case(lambda n: (1.0, n))
def nested_lists(x, n):
    items = []
    for i in range(n):
        items = [items]
        inner = items[0]
    grid = [[0.0] * n for i in range(n)]
    for i in range(n):
        for j in range(n):
            grid[i][j] = i * j
            v = grid[i][j]
    return grid


def double(x):
    return 2 * x


def tail(x):
    return x[1:]


def both(x, y=1.0):
    return x, y


def grow(items, x):
    items.append(x)
    return items


def fill(items):
    for i in range(len(items)):
        items[i] = "text"


@case(lambda n: (vec(n + 1), n))
def calls(x, n):
    a = double(x)
    b = double(3)
    c = tail(x)
    d = tail(c) if len(c) else c
    e, f = both(x)
    g, h = both(c, y=n)
    items = []
    shared = items
    more = grow(items, x)
    i = items[0]
    j = shared[-1]
    more.append(1)
    k = len(items)
    fill(items)
    m = items[0]
    o = shared[0]
    p = more[0]
    q = both(*e[:2]) if len(e) > 1 else both(1)
    mask = x[x > 0]
    r = double(mask)
    s = mask + r
    t = tail(tail(x)) if len(x) > 1 else x
    return a


def fact(n):
    if n > 1:
        r = n * fact(n - 1)
    else:
        r = 1.0
    return r


def total(x):
    if len(x) > 1:
        m = len(x) // 2
        r = total(x[:m]) + total(x[m:])
    else:
        r = np.sum(x)
    return r


def nest(n):
    if n > 0:
        r = [nest(n - 1)]
    else:
        r = []
    return r


def even(n):
    if n > 0:
        r = odd(n - 1)
    else:
        r = 1.0
    return r


def odd(n):
    if n > 0:
        r = even(n - 1)
    else:
        r = 0
    return r


@case(lambda n: (vec(n), n))
def recursion(x, n):
    a = fact(n)
    b = total(x)
    c = nest(n)
    d = even(n)
    e = odd(3)
    f = fact(5)
    return a


@case(lambda n: (vec(n), 2.0, n))
def closures(x, a, n):
    def scale(v):
        return a * v
    b = scale(x)
    a = 3
    c = scale(2)
    g = lambda v, k=2: v * k
    d = g(x)
    e = g(1, k=1.5)
    f = twice(scale, 2)
    h = twice(lambda v: v[1:], x) if n > 1 else x
    table = [scale, g]
    i = table[0](x)
    plus = adder(1.0)
    j = plus(x)
    m = plus(1)
    part = functools.partial(double, x)
    k = part()
    return b


def twice(f, x):
    return f(f(x))


def adder(k):
    def add(v):
        return v + k
    return add


@case(lambda n: (vec(n), n))
def widening(x, n):
    y = 0.0
    z = 0
    w = 1
    for i in range(n):
        y = y + x[i]
        z = z + i
        w = w * 0.5
        if i == 2:
            v = x
        if i % 2:
            q = 1
        else:
            q = 1.0
        p = q
    if n > 1:
        k = x[1:]
    else:
        k = x
    m = k + 1
    if n > 2:
        r = x
    else:
        r = 1.0
    s = r * 2
    o = s + x
    return y


@case(lambda n: (vec(n + 1), 1e-2))
def newton(x, tol):
    a = x[0]
    for k in range(10):
        step = (a * a - 2) / (2 * a)
        a = a - step
        if abs(step) < tol:
            break
    last = k
    while True:
        k = k - 1
        if k < 0:
            break
        else:
            note = k
    return a


@case(lambda n: (n, n + 1))
def integers(n, m):
    a = n * m
    x = np.zeros((n, m))
    y = x.reshape(n * m)
    z = x.reshape(-1)
    w = y + z
    k = n // 2
    h = x[:k]
    t = x[k:]
    u = np.zeros(n // 2)
    v = np.zeros(n) + np.zeros(n)
    q = range(n)
    r = len(q)
    s = len(range(1, n))
    i = int(n / 2)
    o = x[:i]
    p = y[:i] if m > 1 else y
    j = np.arange(n)
    b = np.ones(n + m)
    c = b[n:]
    d = b[:n]
    e = b[:-m]
    f = x[i:i + 2]
    g = x[i:i + 2] + 1
    return a


Point = namedtuple("Point", "x y")


@dataclass
class Layer:
    W: object
    b: object
    scale: float = 1.0

    def apply(self, h):
        return np.tanh(self.W @ h + self.b)


@case(lambda n: (Layer(mat(2, 3), vec(2)), Point(1.0, vec(n)), vec(3), {"a": 1.0, "b": vec(n)}))
def objects(layer, point, x, params):
    a = layer.W
    b = layer.apply(x)
    c = point.x
    d = point[1]
    e, f = point
    layer.b = 0.0
    g = layer.b
    h = layer.scale
    q = Point(1, b)
    i = q.y
    other = Layer(x, 1)
    j = other.W
    other.W = 1.0
    k = layer.W
    m = params["a"]
    params["a"] = b
    o = params["a"]
    p = params["b"]
    for key in params:
        v = params[key]
    for key, value in params.items():
        w = value
    return b


@case(lambda n: (vec(n),))
def maybe_unbound(x):
    if len(x) > 1:
        y = 1.0
        z = x
    else:
        z = 2.0
    for i in range(len(x)):
        w = i
    del z
    t = f"{len(x)}"
    s = "a" + t
    u = "a" if len(x) else None
    v = None
    if v is None:
        v = 1.0
    p = v
    if x is not None:
        q = 1
    else:
        q = "never"
    r = q
    return p


@case(lambda n: (vec(n + 2), vec(n + 2)))
def stacks(x, y):
    stack = []
    sizes = []
    for i in range(4):
        stack.append(x[i:])
        sizes.append(len(x[i:]))
        z = stack[-1]
    t = 0.0
    while stack:
        v = stack.pop()
        n = sizes.pop()
        t += np.sum(v)
        w = v[:n]
    a = [(x, 1), (y, 2.0)]
    for u, k in a:
        m = u * k
    first, *rest = [x, y, 1.0]
    *head, tail_ = x
    (p, q), r = (1, 2.0), x
    b = rest[0]
    for left, right in zip(x, y):
        prod = left * right
    for i, (left, right) in enumerate(zip(x, y)):
        prod = left * right * i
    for row in np.outer(x, y):
        r0 = row
    return t


@case(lambda n: (vec(n + 1), n + 1))
def comprehensions(x, n):
    a = [x[:i] for i in range(n)]
    b = [len(v) for v in a]
    c = a[0]
    d = a[-1]
    e = {k: x[k] for k in range(n)}
    f = sum(v * v for v in x)
    g = np.array([v * 2 for v in x])
    h = np.array([[i * j for i in range(n)] for j in range(2)])
    i = max(v for v in x)
    j = [v for v in x if v > 0]
    k = np.array(j)
    m = [i for i in range(n)][0]
    o = [k for k in "abc"]
    p = np.concatenate([v for v in a])
    q = [x, x]
    r = np.array(q)
    s = np.stack([v for v in q])
    t = np.concatenate(q)
    u = list(range(n))
    w = min(u, default=None)
    y = {v for v in u}
    z = any(v > 0 for v in x)
    return f


@case(lambda n: (vec(n + 2), n))
def shadowed_loops(x, n):
    k = 0
    for i in range(n):
        head = x[:k]
        for j in range(i):
            k = k + 1
            part = x[:k]
            other = part
            if j == 1:
                break
        again = x[:k]
        late = other if i > 1 else x
        k = min(k, 1)
    end = x[:k]
    return end


@case(lambda n: (mat(n + 1, n + 1),))
def cholesky(A):
    n = len(A)
    L = np.zeros_like(A)
    for i in range(n):
        for j in range(i + 1):
            s = L[i, :j] @ L[j, :j]
            a = L[i, :j]
            b = L[j, :j]
            c = a * b
            if i == j:
                L[i, j] = np.sqrt(abs(A[i, i] - s))
            else:
                L[i, j] = (A[i, j] - s) / L[j, j]
    return L


@case(lambda n: (vec(n + 2, np.float32), 2))
def singles(x, k):
    y = x * 2.0
    z = np.sum(y)
    w = z * 0.1
    t = w + x
    total = 0.0
    for v in x:
        total += v
    u = np.zeros(len(x)) + x
    h = x / k
    m = np.exp(-x)
    o = x.astype(np.float64)
    p = np.float32(0.5) * x
    q = np.tanh(0.5)
    r = 0.5 * np.tanh(x[0])
    s = x.mean()
    a = np.zeros_like(x)
    a[0] += 1
    return total


@case(lambda n: (vec(n + 1) + 1j * vec(n + 1), 2.0))
def complexes(z, a):
    b = z.real
    c = z.imag
    d = np.abs(z)
    e = np.conj(z)
    f = z * a
    g = np.sum(z * e)
    h = g.real
    i = abs(z[0])
    j = np.exp(1j * a)
    k = z.T
    return h


@case(lambda n: (vec(n), [1.0, 2.0], [vec(n), vec(n)], (1, 2)))
def changed_kinds(x, pair, arrays, ints):
    a = pair[0]
    b = ints[0]
    c = arrays[1]
    if len(x) > 2:
        x = 1.0
    else:
        x = [x]
    y = x
    pair[0] = 1
    d = pair[0]
    pair += [3]
    e = pair[-1]
    f = len(pair)
    arrays[0] = None
    g = arrays[0]
    h = arrays[1]
    for v in arrays:
        w = v
    ints += (3.0,)
    i = ints[-1]
    return y


@case(lambda n: (np.array(2.0), np.float64(1.0), 1.0, vec(n)))
def zero_rank(a, s, f, x):
    b = a + 1
    c = a * a
    d = a[()]
    e = a[...]
    a += 1
    s += 1
    f += 1
    g = a * x
    h = np.sum(a)
    i = -a
    j = x[..., 0] if len(x) else a
    k = np.asarray(s)
    m = np.array(f)
    n = float(a)
    o = a.item()
    p = a.reshape(1)
    q = np.atleast_1d(a)
    r = abs(a)
    t = a > 0
    u = +a
    f += x
    return b


@case(lambda n: (vec(n), vec(n), 2))
def in_place(x, y, k):
    x += y
    z = x
    z *= 2
    z -= 1.0
    w = x[1:]
    w += 1
    x[:k] = 0.0
    x[x > 0] *= 2
    v = x > 0
    v &= v
    t = 1
    t += 2.5
    s = 1
    s += x
    r = np.arange(3)
    r += 1
    q = [1]
    q += [2.0]
    p = q[1]
    o = (1,)
    o += (2,)
    np.add.at(x, [0], 1.0) if len(x) else None
    return x


@case(lambda n: (1.0, 3))
def while_kinds(x, n):
    y = 1
    z = True
    s = ""
    t = ()
    while n > 0:
        n = n - 1
        y, z = z, y
        s = s + "a"
        t = t + (x,)
        u = t[0]
        if n == 1:
            x = np.float64(2.0)
    w = y
    return w


def outer_mean(A, axis=None, keepdims=False):
    return A.mean(axis=axis, keepdims=keepdims)


def by_flag(x, flag):
    if flag:
        r = x
    else:
        r = x.sum()
    return r


@case(lambda n: (mat(n, 3), 0))
def keywords(A, k):
    a = outer_mean(A)
    b = outer_mean(A, 0)
    c = outer_mean(A, axis=1, keepdims=True)
    d = A.sum(k)
    e = np.sum(A, axis=(0, 1))
    f = by_flag(A, True)
    g = by_flag(A, k)
    h = np.max(A, axis=0) if len(A) else a
    i = np.concatenate((A, A), axis=1)
    j = np.stack((A, A), axis=-1)
    m = np.zeros(3, dtype=int)
    n = np.ones((2, 3), dtype=np.float32)
    o = np.swapaxes(A, 0, 1)
    p = np.moveaxis(A, 0, -1)
    q = A.transpose(1, 0)
    r = np.argmax(A) if len(A) else 0
    s = np.argmax(A, axis=1)
    t = np.var(A, axis=0) if len(A) else a
    u = np.std(A) if len(A) else a
    v = np.tensordot(A, A, axes=([0], [0]))
    w = np.inner(A, A)
    x = np.vdot(A, A)
    y = np.full_like(A, 1)
    z = np.broadcast_to(A[0], (4, 3)) if len(A) else A
    aa = np.pad(A, 1)
    bb = np.meshgrid(A[:, 0], A[:, 1])
    cc = np.cross(A, A)
    dd = np.linalg.inv(np.eye(3))
    ee = np.linalg.solve(np.eye(3), A.T)
    ff = np.linalg.det(np.eye(3))
    gg = np.kron(A, A)
    hh = np.cumsum(A, axis=0)
    ii = np.cumsum(A)
    jj = np.split(A, 1)
    kk = np.triu(A)
    ll = np.count_nonzero(A)
    mm = np.nonzero(A)
    nn = np.round(A, 2)
    oo = A.flatten()
    pp = A.any()
    qq = np.minimum(A, 0)
    rr = np.floor(A)
    ss = np.array_equal(A, A)
    tt = np.column_stack([A[:, 0], A[:, 1]])
    return a
