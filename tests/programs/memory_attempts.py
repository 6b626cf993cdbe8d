"""`try` and `with` around what is differentiated: exceptions taken and not taken, jumps out of them, in loops, nested."""
import contextlib
import math
import warnings

import numpy as np

from . import case, normal


@case(0.7, {"a": 2.0, "b": 3.0}, "a")
@case(0.7, {"a": 2.0, "b": 3.0}, "c", wrt=0)
def lookup_or_default(x, table, key):
    y = x * x
    try:
        v = table[key]
    except KeyError:
        v = y * 3
    return v * y


@case(0.7)
@case(-0.7)
def square_root_or_not(x):
    try:
        y = math.sqrt(x)
    except ValueError:
        y = x * x
    else:
        y = y * x
    return y * x


@case([0.7, -0.4, 1.5, -2.0])
def attempts_in_a_loop(xs):
    total = 0.0
    for x in xs:
        try:
            y = math.log(x)
        except ValueError:
            y = x * total
        total = total + y * x
    return total


@case(0.7, ["1", "x", "3", ""], wrt=0)
def skips_what_does_not_parse(x, words):
    total = x
    for word in words:
        try:
            n = int(word)
        except ValueError:
            continue
        total = total * x + n
    return total


@case(0.7, ["1", "2", "stop", "3"], wrt=0)
def stops_where_it_does_not_parse(x, words):
    total = x
    for word in words:
        try:
            n = float(word)
        except ValueError as error:
            total = total + len(str(error)) * x
            break
        else:
            total *= n * x
    return total


@case(0.7, "2")
@case(0.7, "two")
@case(0.7, None)
def returns_from_all_parts(x, text):
    try:
        return x ** int(text)
    except ValueError:
        return x * 2
    except TypeError as error:
        return x * len(type(error).__name__)


@case(0.7, 4.0)
@case(0.7, 0)
@case(0.7, -1.0)
def several_handlers_and_else(x, d):
    y = 1.0
    try:
        q = math.sqrt(d)
        q = 1 / q
    except ZeroDivisionError:
        y = x * 2
    except (ValueError, TypeError) as error:
        y = math.sin(x) * len(error.args)
    else:
        y = x ** 2 * q
    return y * x


@case(0.7, 3)
@case(0.7, -3)
def temporaries_before_the_last_statement(x, n):
    try:
        t = x * x
        t = t * math.sin(t)
        y = t * math.sqrt(n)
    except ValueError:
        y = x
    return y * y * x


@case(0.7)
def finally_runs_in_any_case(x):
    log = []
    y = x
    try:
        y = y * x
        log.append("tried")
    finally:
        log.append("done")
        y = math.sin(y)
    return y * len(log)


@case(-0.7, raises=ValueError)
@case(0.7)
def finally_before_an_exception_leaves(x):
    try:
        y = math.sqrt(x)
    finally:
        print("left")
    return y * x


@case(0.7, 3)
@case(0.7, 30)
def return_through_finally(x, n):
    total = 0.0
    for i in range(n):
        try:
            total += x ** i
            if total > 3:
                return total * x
        finally:
            total = total * 1.01
    return total


@case(0.7)
@case(-0.7)
def nested_attempts(x):
    try:
        try:
            y = math.log(x)
        except TypeError:
            y = 2.0
    except ValueError:
        y = x * x
    return y * x


@case(0.7, raises=RuntimeError)
def raises_in_a_handler(x):
    y = x * x
    try:
        v = [1.0][int(3.0)]
    except IndexError as error:
        raise RuntimeError(f"out of range: {error}") from error
    return y * v


@case(0.7, "a", raises=KeyError)
def raises_again(x, key):
    y = x * x
    try:
        v = {"b": x}[key]
    except KeyError:
        print("no such key")
        raise
    return y * v


@case(normal(4), 0)
@case(normal(4), 9)
def index_error_of_an_array(x, i):
    try:
        v = x[i]
    except IndexError:
        v = np.sum(x)
    return v * v


@case(0.7, 5)
def attempt_in_while(x, n):
    values = {1: 2.0, 3: 0.5}
    while n > 0:
        try:
            k = values[n]
        except KeyError:
            k = 1.5
        x = x * k + math.sin(x)
        n -= 1
    return x


class Counter:
    def __init__(self):
        self.entered = 0

    def __enter__(self):
        self.entered += 1
        return 3.0

    def __exit__(self, kind, value, traceback):
        self.entered -= 1


@case(0.7)
def context_objects(x):
    with Counter() as c, contextlib.nullcontext(2.0) as two:
        y = x * c
        y = y * y * two
    return y * c


@case(0.7, 5)
def contexts_in_loops(x, n):
    total = 0.0
    for i in range(n):
        with Counter() as c:
            y = math.sin(x * i) * c
            if y < 0:
                continue
            total = total + y * y
            if total > 9:
                break
        total = total * x
    return total


@case(normal(4))
def returns_from_inside_with(x):
    with np.errstate(all="ignore"):
        y = x / np.sum(x)
        if y[0] > 100:
            return np.sum(y ** 2)
        z = np.exp(y)
    return np.sum(z * y)


@case(np.array([-1.0, 1.0, 2.0]))
def errstate_governs_the_reverse_sweep(x):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with np.errstate(divide="ignore", invalid="ignore"):
            y = np.where(x > 0, np.log(x), x * x)
    return np.sum(y * x)


@case(0.7)
@case(-0.7)
def suppressed(x):
    y = x * x
    with contextlib.suppress(ValueError):
        y = math.sqrt(x)
    return y * x


@case(0.7, ("scale", 2.0, 3.0), wrt=0)
@case(0.7, ("poly", [1.0, 2.0, 3.0]), wrt=0)
@case(0.7, ("poly", [5.0]), wrt=0)
@case(0.7, {"op": "sin", "times": 2}, wrt=0)
@case(0.7, {"op": "cos"}, wrt=0)
@case(0.7, "scale", wrt=0)
@case(0.7, None, wrt=0)
@case(0.7, 3.0, wrt=0)
@case(0.7, [1, 2, 3, 4], wrt=0)
def match_on_nested_structures(x, command):
    y = x
    match command:
        case ("scale", float(a) | a, b):
            y = a * x * b if a is not None else x
        case ("poly", [first]):
            y = first * x
        case ("poly", [first, *rest]):
            y = first
            for c in rest:
                y = y * x + c
        case {"op": ("sin" | "cos") as op, **options}:
            y = math.sin(x) if op == "sin" else math.cos(x)
            y = y * options.get("times", 1)
        case str():
            y = x * len(command)
        case None:
            y = x ** 2
        case float() as k if k > 2:
            y = k * x
        case [_, *_]:
            y = len(command) * x ** 3
    return y * x


@case(0.7, 0.3)
@case(-0.7, 0.3)
@case(-0.7, -0.3)
def match_on_signs(x, y):
    match x > 0, y > 0:
        case True, True:
            return x * y
        case False, True:
            return x - y
        case _, s:
            return x + y * s + x ** 2


@case(0.7, 2)
@case(0.7, 5)
def match_in_a_loop(x, n):
    for i in range(n):
        match i % 3:
            case 0:
                x = x * x + 1
            case 1:
                continue
            case k if k > 5:
                break
            case other:
                x = math.sin(x) * other
    return x
