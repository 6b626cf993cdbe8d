"""Functions that change objects which they find outside, and read them there: followed where they are called, or refused."""
import functools
import subprocess
import sys

import numpy as np
import outer_module
import pytest

import s2sad

G = [0.5]
H = G
A = np.zeros(3)
V = A[1:]
HOLDER = {"a": A}
COUNT = {"calls": 0}
HISTORY = []
MEMO = {}
TOTAL = 0.0


class Meter:
    total = 0.0

    def add(self, x):
        Meter.total = Meter.total + x * x


def put(x):
    G[0] = x * x


def put_below(x):
    put(2 * x)
    return 3.0


def get():
    return G[0]


def mixed(x):
    G[0] = G[0] * 0.5 + x
    return x


def fill(x):
    A[:] = x


def reset():
    G[0] = 0


def step(x):
    G[0] += abs(x)
    return G[0]


def counted(x):
    COUNT["calls"] += 1
    return x * x


def power(n, x):
    COUNT["calls"] += 1
    return x if n == 0 else x * power(n - 1, x)


def noted(x):
    HISTORY.append(x * x)


def applied(f, x):
    return f(x)


def by_size(xs):
    return sorted(xs, key=mixed)


def remembered(n, x):
    if n not in MEMO:
        MEMO[n] = x if n < 2 else remembered(n - 1, x) * remembered(n - 2, x)
    return MEMO[n]


def bound(x):
    global TOTAL
    TOTAL = x * x


class Spy:
    """Changes what is outside of it in operations that do not say so."""

    def put(self, v):
        G[0] = G[0] * 0.5 + v
        return v

    @property
    def doubled(self):
        G[0] = G[0] * 2
        return 1.0

    def __getitem__(self, v):
        G[0] = v * v
        return v

    def __add__(self, v):
        G[0] = v * v
        return v

    def __len__(self):
        G[0] = 3 * G[0]
        return 2

    def __enter__(self):
        G[0] = 3 * G[0]

    def __exit__(self, *raised):
        return None

    def __iter__(self):
        for i in range(3):
            G[0] = G[0] * 1.5
            yield i


spy = Spy()


class Holding:
    def __init__(self):
        self.held = G


@functools.lru_cache
def cached(v):
    G[0] = v * v
    return v


def kept():
    return G


def taken_over(v):
    np.copyto(A, v)


partial = functools.partial(mixed)


def written_by_a_callee(x):
    put(x)
    return G[0]


def written_two_calls_down(x):
    return put_below(x) + G[0]


def read_by_a_callee(x):
    G[0] = x * x
    return get()


def written_and_read_by_callees(x):
    put(x)
    return get() * x


def array_filled(x):
    fill(x)
    return np.sum(A) + A[1] * x


def cleared_by_a_callee(x):
    G[0] = x * x
    reset()
    return G[0] + x


def in_a_loop(x):
    G[0] = 0.0
    for i in range(3):
        mixed(x * i)
    return G[0]


def in_a_test(x):
    while step(x) < 3.0:
        pass
    return G[0]


def calls_counted(x):
    return counted(x) + power(3, x)


def appended(x):
    noted(x)
    return HISTORY[-1]


def in_comprehensions(x):
    list(map(mixed, [x, x * x]))
    y = [mixed(v) for v in (x, x * x)]
    return G[0] + y[1]


def by_reduction(x):
    functools.reduce(lambda a, b: mixed(b), [x, x * x])
    return G[0]


def by_partial(x):
    partial(x)
    return G[0]


def by_default(x, f=mixed):
    f(x)
    return G[0]


def passed_on(x):
    applied(mixed, x)
    return G[0]


def by_operations(x):
    y = spy[x] + (spy + x) * spy.put(x)
    return y * spy.doubled + G[0] * len(spy)


def by_a_library_call(x):
    taken_over(x)
    return A.sum()


def walking(x):
    for i in range(3):
        G[0] = G[0] * 0.5 + x * i
        yield i


def by_a_loop_over_a_generator(x):
    for i in walking(x):
        x = x + i
    return G[0] * x


def by_a_list_of_a_generator(x):
    items = list(walking(x))
    return G[0] * len(items)


def by_a_local_name(t):
    q = G
    q[0] = t * t
    return G[0]


def by_a_context(x):
    G[0] = x * x
    with spy:
        y = 1.0
    return G[0] * y


def by_iteration(x):
    G[0] = x * x
    for i in spy:
        x = x * i
    return G[0]


def by_a_wrapped_function(x):
    cached(x)
    return G[0]


def by_an_optional_function(x):
    f = mixed if x > 0 else None
    f(x)
    return G[0]


def returned_and_changed(x):
    q = kept()
    q[0] = x * x
    return G[0]


def held_and_changed(x):
    q = Holding()
    q.held[0] = x * x
    return G[0]


def default_and_global(x, q=G):
    q[0] = x * x
    return G[0]


def two_names(x):
    G[0] = x * x
    return H[0]


def view_read(x):
    A[1] = x * x
    return V[0]


def base_read(x):
    V[0] = x * x
    return A[1]


def held_by_another(x):
    A[1] = x * x
    return HOLDER["a"][1]


def of_another_module(x):
    outer_module.put(x)
    return outer_module.get()


def in_another_module(x):
    outer_module.KEPT[0] = x * x
    return outer_module.get()


def in_a_class(x):
    Meter.total = 0.0
    Meter().add(x)
    return Meter.total


def in_a_memo(x):
    MEMO.clear()
    return remembered(4, x)


def in_a_key(x):
    by_size([x, x * x])
    return G[0]


def global_bound_by_a_callee(x):
    bound(x)
    return TOTAL


FOLLOWED = (written_by_a_callee, written_two_calls_down, read_by_a_callee, written_and_read_by_callees, array_filled, cleared_by_a_callee,
            in_a_loop, in_a_test, calls_counted, appended, in_comprehensions, by_reduction, by_partial, by_default, passed_on,
            by_operations, by_a_library_call, by_a_loop_over_a_generator)
REFUSED = {
    two_names: "changes of `G`, which `H` shares memory with", view_read: "changes of `A`, which `V` shares memory with",
    base_read: "changes of `V`, which `A` shares memory with", held_by_another: "changes of `A`, which `HOLDER` shares memory with",
    of_another_module: "what `outer_module.*` holds, a module or a class", in_another_module: "what `outer_module` holds, a module or a class",
    in_a_class: "what `Meter` holds, a module or a class|it is not known to be a field",
    in_a_memo: "through `remembered`, which changes or reads objects from outside of it and calls itself",
    in_a_key: "which changes or reads objects from outside of it", global_bound_by_a_callee: "through the global `TOTAL`",
    by_a_context: "through `Spy.__enter__`, which changes objects from outside", by_iteration: "through `__iter__`, which changes or reads objects from outside",
    by_a_wrapped_function: "`cached`", by_an_optional_function: "`f`", returned_and_changed: "what `kept` gives, an object from outside",
    by_a_list_of_a_generator: "through `walking`, which changes or reads objects from outside",
    held_and_changed: "what `Holding` gives, an object from outside", default_and_global: "changes of `.`, which `.` shares memory with",
}
MODES = {
    "reverse": lambda f, x: s2sad.grad(f)(x),
    "pullback": lambda f, x: s2sad.vjp(f, x)[1](1.0)[0],
    "forward": lambda f, x: s2sad.jvp(f, (x,), (1.0,))[1],
}


def begun():
    G[0], A[:], outer_module.KEPT[0] = 0.5, 0.0, 0.0


def value(f, x):
    begun()
    return f(x)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("f", FOLLOWED)
def test_what_callees_change_outside_is_followed(f, mode):
    want = (value(f, 1.3 + 1e-6) - value(f, 1.3 - 1e-6)) / 2e-6
    begun()
    assert np.isclose(MODES[mode](f, 1.3), want, atol=1e-6)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("f", REFUSED)
def test_what_is_not_followed_is_refused(f, mode):
    begun()
    with pytest.raises(s2sad.DifferentiationError, match=REFUSED[f]):
        MODES[mode](f, 1.3)


def test_other_names_of_what_is_outside():
    begun()
    assert s2sad.jvp(by_a_local_name, (1.3,), (1.0,))[1] == 2.6
    with pytest.raises(s2sad.DifferentiationError, match="changes of `G` from outside under another name, `q`"):
        s2sad.grad(by_a_local_name)(1.3)


STATIC = '''
import numpy as np
G = [0.0]
A = np.zeros(3)
V = A[1:]
def put(x):
    G[0] = x * x
def followed(x: float) -> float:
    put(x)
    return G[0] * A[0]
def refused(x: float) -> float:
    A[1] = x * x
    return V[0]
'''


def test_files_that_are_read_and_not_run(tmp_path):
    path = tmp_path / "outer_file.py"
    path.write_text(STATIC)
    done = subprocess.run([sys.executable, "-m", "s2sad", f"{path}::followed"], capture_output=True, text=True)
    assert "G_bar[0]" in done.stdout, done.stderr
    done = subprocess.run([sys.executable, "-m", "s2sad", f"{path}::refused"], capture_output=True, text=True)
    assert done.returncode and "changes of `A`, which `V` shares memory with" in done.stderr
