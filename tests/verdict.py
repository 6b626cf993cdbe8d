"""Holds the derivatives of a program against the oracles: `judge(program)` gives a `Verdict`.

Of every point: the gradient against `oracles.reference`, its structure and types, the value bitwise, exceptions and printed text the primal's own, arguments unmodified,
no memory shared, a second call the same; of every program: the same text when it is generated twice.
"""
from __future__ import annotations

import copy
import io
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import contextmanager, redirect_stdout
from typing import Any, NamedTuple

import numpy as np
import oracles
from programs import Point, Program

import s2sad


class Verdict(NamedTuple):
    """`status` is "right", "refused", "WRONG" or "CRASH"; `message` says why, `detail` is a traceback where there is one."""

    status: str
    message: str = ""
    detail: str = ""


class Wrong(AssertionError):
    """A derivative that is not what it must be."""


class TooLong(Exception):
    """The time allowed for one program is over."""


@contextmanager
def limit(seconds: float):
    def stop(*_: object) -> None:
        raise TooLong(f"longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def judge(program: Program, seconds: float = 60.0) -> Verdict:
    """The verdict on all points of a program: the worst one found first."""
    derivatives: dict[str, Any] = {}
    at = ""
    try:
        with limit(seconds):
            for number, point in enumerate(program.points):
                at = f"point {number}, wrt={point.wrt!r}: "
                key = repr(point.wrt)
                if key not in derivatives:
                    derivatives[key] = s2sad.grad(program.function, wrt=point.wrt), s2sad.value_and_grad(program.function, wrt=point.wrt)
                hold(program, point, *derivatives[key])
            at = "text: "
            same_text(program)
    except Wrong as failure:
        return Verdict("WRONG", at + str(failure))
    except s2sad.DifferentiationError as refusal:
        return Verdict("refused", at + str(refusal), traceback.format_exc())
    except TooLong as failure:
        return Verdict("CRASH", at + str(failure))
    except Exception as failure:    # noqa: BLE001  whatever comes out is the finding
        return Verdict("CRASH", f"{at}{type(failure).__name__}: {failure}", traceback.format_exc())
    return Verdict("right")


def outcome(f: Callable[..., Any], point: Point) -> tuple[Any, BaseException | None, str, tuple[Any, ...], dict[str, Any]]:
    """What a call gives: result, exception, printed text, and its arguments afterwards."""
    args, kwargs = copy.deepcopy(point.args), copy.deepcopy(point.kwargs)
    printed = io.StringIO()
    result, raised = None, None
    with redirect_stdout(printed), np.errstate(all="ignore"):
        try:
            result = f(*args, **kwargs)
        except (s2sad.DifferentiationError, TooLong):
            raise
        except Exception as exception:      # noqa: BLE001  compared with the primal's
            raised = exception
    return result, raised, printed.getvalue(), args, kwargs


def hold(program: Program, point: Point, gradient: Callable[..., Any], both: Callable[..., Any]) -> None:
    """Raises `Wrong` where a derivative at this point is not what it must be; refusals and exceptions not the primal's pass through."""
    value, raised, printed, _, _ = outcome(program.function, point)
    if (raised is not None) != (point.raises is not None):
        raise raised or Wrong("the primal does not raise")
    for derivative, name in ((gradient, "grad"), (both, "value_and_grad")):
        got, exception, text, args, kwargs = outcome(derivative, point)
        if raised is not None:
            if type(exception) is not type(raised) or str(exception) != str(raised):
                raise Wrong(f"{name} raises {exception!r}, the primal {raised!r}")
            continue
        if exception is not None:
            raise exception
        if text != printed:
            raise Wrong(f"{name} prints {text!r}, the primal {printed!r}")
        if not same((args, kwargs), (point.args, point.kwargs)):
            raise Wrong(f"{name} modifies its arguments")
        if name == "value_and_grad":
            if not (isinstance(got, tuple) and len(got) == 2):
                raise Wrong(f"value_and_grad gives {got!r}")
            same_value(got[0], value, point)
            got = got[1]
        shaped(got, point, program)
        apart(got, (args, kwargs), name)
        numbers(got, program, point)
    if raised is None:
        once, again = (outcome(gradient, point)[0] for _ in range(2))
        if not np.array_equal(oracles.flat(once), oracles.flat(again), equal_nan=True):
            raise Wrong("a second call gives another gradient")


def same(a: Any, b: Any) -> bool:
    """Whether two arguments are the same, bit for bit; what is not a structure, a number or an array is compared by its attributes."""
    parts = oracles.children(a)
    if parts is not None:
        others = oracles.children(b)
        return type(a) is type(b) and others is not None and len(parts) == len(others) and all(map(same, parts, others))
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    if type(a) is not type(b):
        return False
    if getattr(a, "__dict__", None) and not callable(a):
        return same(vars(a), vars(b))
    return bool(a is b or a == b or a != a or callable(a) or type(a).__eq__ is object.__eq__)


EXACT = sys.version_info < (3, 12)
"""Whether a value is that of the primal bit for bit: since CPython 3.12 `sum` of floats compensates, which sums written out as loops do not."""


def same_value(got: Any, value: Any, point: Point) -> None:
    rounded = not EXACT and np.isclose(got, value, rtol=1e-15, atol=0.0)
    if np.asarray(got).tobytes() != np.asarray(value).tobytes() and float(got) != float(value) and not rounded:
        raise Wrong(f"the value is {got!r}, the primal's {value!r}")
    if type(got) is not type(value) and not any(isinstance(leaf, int) for leaf in oracles.leaves(point.args)):
        raise Wrong(f"the value is a {type(got).__name__}, the primal's a {type(value).__name__}")


def arguments(program: Program, point: Point) -> list[Any]:
    return [point.args[w] if isinstance(w, int) else point.kwargs[w] for w in oracles.names_of(program.function, point.args, point.wrt)]


def shaped(got: Any, point: Point, program: Program) -> None:
    """The gradient is structured, shaped and typed like the argument; of an int, a float."""
    chosen = arguments(program, point)
    expected: Any = chosen[0]
    if isinstance(point.wrt, tuple | list):
        if not isinstance(got, tuple):
            raise Wrong(f"wrt={point.wrt!r} gives a {type(got).__name__}, not a tuple")
        expected = tuple(chosen)
    alike(got, expected, "gradient")


def alike(got: Any, expected: Any, where: str) -> None:
    parts = oracles.children(expected)
    if parts is not None:
        others = oracles.children(got)
        if type(got) is not type(expected) or others is None or len(others) != len(parts):
            raise Wrong(f"{where} is {described(got)}, the argument {described(expected)}")
        if isinstance(expected, dict) and list(got) != list(expected):
            raise Wrong(f"{where} has the keys {list(got)}, the argument {list(expected)}")
        for number, (one, other) in enumerate(zip(others, parts)):
            alike(one, other, f"{where}[{number}]")
    elif isinstance(expected, int) and not isinstance(expected, bool):
        if type(got) is not float:
            raise Wrong(f"{where} of an int is {described(got)}, not float")
    elif type(got) is not type(expected) or getattr(got, "dtype", None) != getattr(expected, "dtype", None) or np.shape(got) != np.shape(expected):
        raise Wrong(f"{where} is {described(got)}, the argument {described(expected)}")


def described(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} array of shape {value.shape}"
    parts = oracles.children(value)
    return type(value).__name__ if parts is None else f"{type(value).__name__} of {len(parts)}"


def apart(got: Any, args: Any, name: str) -> None:
    """No array of the result shares memory with an argument or with another."""
    results = [leaf for leaf in oracles.leaves(got) if isinstance(leaf, np.ndarray)]
    for number, one in enumerate(results):
        if any(np.shares_memory(one, other) for other in results[number + 1:]):
            raise Wrong(f"two results of {name} share memory")
        if any(isinstance(leaf, np.ndarray) and np.shares_memory(one, leaf) for leaf in oracles.leaves(args)):
            raise Wrong(f"a result of {name} shares memory with an argument")
        if one.size and not one.flags.writeable:
            raise Wrong(f"a result of {name} is read-only")


def numbers(got: Any, program: Program, point: Point) -> None:
    """The gradient's entries against the oracles, or against what the point expects."""
    found = oracles.flat(got)
    if point.expect is not None:
        expected = oracles.flat(point.expect)
        if found.shape != expected.shape or not np.allclose(found, expected, rtol=1e-9, atol=1e-12, equal_nan=True):
            raise Wrong(f"gradient {found} where {expected} is expected")
        return
    expected = known(program, point)
    single = any(getattr(leaf, "dtype", None) == np.float32 for leaf in oracles.leaves((point.args, point.kwargs)))
    tolerance = max(program.tolerance, 2e-4 if single else 0.0)
    scale = 1.0 + np.max(abs(expected.gradient), initial=0.0) if single else 1.0 + abs(expected.gradient)
    allowed = tolerance * scale + 10 * expected.error
    if program.kink:
        low, high = np.minimum(expected.left, expected.right), np.maximum(expected.left, expected.right)
        off = np.maximum(low - found, found - high)
        allowed = 1e-5 * (1 + np.maximum(abs(low), abs(high)))
    else:
        off = abs(found - expected.gradient)
    bad = ~(off <= allowed)
    if np.any(bad):
        first = int(np.argmax(bad))
        raise Wrong(f"{int(np.sum(bad))} of {bad.size} entries: entry {first} is {found[first]:.12g}, by {expected.by} {expected.gradient[first]:.12g}"
                    f" (error <= {expected.error[first]:.1g})")


_known: dict[int, oracles.Reference] = {}


def known(program: Program, point: Point) -> oracles.Reference:
    if id(point) not in _known:
        _known[id(point)] = oracles.reference(program.function, point.args, point.kwargs, point.wrt)
    return _known[id(point)]


def same_text(program: Program) -> None:
    point = program.points[0]
    if point.kwargs or point.raises:
        return
    first, second = (s2sad.source(program.function, wrt=point.wrt, args=copy.deepcopy(point.args)) for _ in range(2))
    if first != second:
        raise Wrong("generating twice gives two texts")
