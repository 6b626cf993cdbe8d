"""Holds forward mode against the oracles on the programs: `judge(program)`, as in `verdict`, for `jvp`.

    python tests/forward_verdict.py [PATTERN ...] [-q] [-s]
"""
from __future__ import annotations

import copy
import fnmatch
import functools
import os
import sys
import traceback
from typing import Any

import numpy as np

if __name__ == "__main__":
    sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]

import oracles
import programs
from programs import Point, Program
from verdict import TooLong, Verdict, Wrong, limit, outcome, same, same_value

import s2sad


def judge(program: Program, seconds: float = 60.0) -> Verdict:
    at = ""
    try:
        with limit(seconds):
            for number, point in enumerate(program.points):
                at = f"point {number}, wrt={point.wrt!r}: "
                hold(program, point)
    except Wrong as failure:
        return Verdict("WRONG", at + str(failure))
    except s2sad.DifferentiationError as refusal:
        return Verdict("refused", at + str(refusal), traceback.format_exc())
    except TooLong as failure:
        return Verdict("CRASH", at + str(failure))
    except Exception as failure:    # noqa: BLE001  whatever comes out is the finding
        return Verdict("CRASH", f"{at}{type(failure).__name__}: {failure}", traceback.format_exc())
    return Verdict("right")


def direction(value: Any, rng: np.random.Generator) -> Any:
    """A random tangent of a structure of numbers."""
    flat = oracles.flat(value)
    drawn = rng.uniform(0.5, 1.5, flat.size) * rng.choice([-1.0, 1.0], flat.size)
    return oracles.like(value, drawn + 0j if flat.dtype.kind == "c" else drawn)


def hold(program: Program, point: Point) -> None:
    chosen = oracles.names_of(program.function, point.args, point.wrt)
    if not all(isinstance(w, int) and w < len(point.args) for w in chosen):
        return
    f = functools.partial(program.function, **copy.deepcopy(point.kwargs)) if point.kwargs else program.function
    rng = np.random.default_rng(7)
    tangents = [direction(arg, rng) if i in chosen else None for i, arg in enumerate(point.args)]
    value, raised, printed, _, _ = outcome(program.function, point)
    got, exception, text, args, _ = outcome(lambda *args, **kwargs: s2sad.jvp(f, args, tangents), point)
    if raised is not None:
        if type(exception) is not type(raised) or str(exception) != str(raised):
            raise Wrong(f"jvp raises {exception!r}, the primal {raised!r}")
        return
    if exception is not None:
        raise exception
    if text != printed:
        raise Wrong(f"jvp prints {text!r}, the primal {printed!r}")
    if not same(args, point.args):
        raise Wrong("jvp modifies its arguments")
    same_value(got[0], value, point)
    if np.shape(got[1]) != ():
        raise Wrong(f"the tangent of a number is {got[1]!r}")
    along(got[1], [tangents[i] for i in chosen], program, point)


def along(found: Any, tangents: list[Any], program: Program, point: Point) -> None:
    """The tangent is the gradient times the direction."""
    d = np.concatenate([oracles.flat(t) for t in tangents])
    single = any(getattr(leaf, "dtype", None) == np.float32 for leaf in oracles.leaves(point.args))
    if point.expect is not None:
        expected, error = oracles.flat(point.expect), 1e-12
    else:
        reference = oracles.reference(program.function, point.args, point.kwargs, point.wrt)
        if program.kink or reference.kink:
            return
        expected, error = reference.gradient, reference.error
    wanted = float(np.sum(np.real(np.conj(expected) * d)))
    scale = 1 + np.sum(abs(expected * d))
    bound = (1e-3 if single else 1e-7) * scale + 10 * float(np.sum(error * abs(d)))
    if not abs(float(np.real(found)) - wanted) <= bound:
        raise Wrong(f"the tangent is {found!r}, expected {wanted!r}")


if __name__ == "__main__":
    import collections
    import time
    patterns = [arg for arg in sys.argv[1:] if not arg.startswith("-")]
    counts: collections.Counter[str] = collections.Counter()
    for program in programs.collect():
        if patterns and not any(fnmatch.fnmatch(program.id, p) or p in program.id for p in patterns):
            continue
        start = time.perf_counter()
        found = judge(program)
        counts[found.status] += 1
        if found.status != "right" or "-q" not in sys.argv:
            print(f"{found.status:8}{program.id:48} {time.perf_counter() - start:5.2f} s  {' | '.join(found.message.splitlines()[:1])[:200]}", flush=True)
        if "-v" in sys.argv and found.status != "right":
            print(found.message, "\n", found.detail)
        if "-s" in sys.argv:
            try:
                print(s2sad.source(program.function, wrt=program.points[0].wrt, mode="forward", args=copy.deepcopy(program.points[0].args)))
            except Exception as failure:    # noqa: BLE001
                print(f"no text: {failure}")
    print(dict(counts))
