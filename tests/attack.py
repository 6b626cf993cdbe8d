"""Attacks the engine with the programs: one line for each, right, refused, WRONG or CRASH, and a summary.

    python tests/attack.py [PATTERN ...] [-A | -B] [-q] [-v] [-s] [-j N] [--oracles]

PATTERN is a part of an id such as `loops.` or `memory_kernels.thomas`, or a glob. -A, -B: one collection; -q: only what is not right; -v: tracebacks and whole refusals;
-s: the generated text; -j: processes; --oracles: examine the programs themselves (does the primal run, do the oracles agree, is a kink near), without the engine.
Exits 1 where anything is WRONG or ended in a CRASH.
"""
from __future__ import annotations

import argparse
import collections
import copy
import fnmatch
import os
import signal
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor

import numpy as np

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
import oracles  # noqa: E402
import programs  # noqa: E402

MARK = {"right": "right  ", "refused": "refused", "WRONG": "WRONG  ", "CRASH": "CRASH  "}


def chosen(patterns: list[str], collection: str | None) -> list[programs.Program]:
    return [p for p in programs.collect(collection)
            if not patterns or any(fnmatch.fnmatch(p.id, pattern) or pattern in p.id for pattern in patterns)]


def judged(id_: str) -> tuple[str, str, str, str, float]:
    """The verdict on one program, in a worker process."""
    import verdict
    (program,) = (p for p in programs.collect() if p.id == id_)
    start = time.perf_counter()
    found = verdict.judge(program)
    return id_, *found, time.perf_counter() - start


def examined(id_: str) -> tuple[str, str, str, str, float]:
    """Whether the oracles can be trusted on one program: they agree, are sharp, see no kink, and the primal leaves no trace between calls."""
    (program,) = (p for p in programs.collect() if p.id == id_)
    start = time.perf_counter()
    try:
        for point in program.points:
            if point.raises:
                try:
                    oracles.quietly(program.function, *copy.deepcopy(point.args), **copy.deepcopy(point.kwargs))
                except point.raises:
                    continue
                return id_, "WRONG", f"does not raise {point.raises.__name__}", "", 0.0
            with np.errstate(all="ignore"):
                first, second = (oracles.quietly(program.function, *copy.deepcopy(point.args), **copy.deepcopy(point.kwargs)) for _ in range(2))
            if np.shape(first) != () or isinstance(first, complex | np.complexfloating) or not np.isfinite(first) or first != second:
                return id_, "WRONG", f"the primal gives {first!r}, then {second!r}", "", 0.0
            if point.expect is not None:
                continue
            found = oracles.reference(program.function, point.args, point.kwargs, point.wrt)
            if not np.all(np.isfinite(found.gradient)) and not program.kink:
                return id_, "WRONG", f"oracle: {found.gradient}", "", 0.0
            if not program.kink and (found.kink or np.any(found.error > 1e-7 * (1 + abs(found.gradient)))):
                return id_, "WRONG", f"oracle: kink {found.kink}, errors up to {np.max(found.error):.1g} by {found.by}", "", 0.0
            if point is program.points[0] and not program.kink and not np.any(found.gradient):
                return id_, "refused", "the gradient is zero everywhere: the program shows nothing", "", 0.0
    except Exception as failure:    # noqa: BLE001
        return id_, "CRASH", f"{type(failure).__name__}: {failure}", traceback.format_exc(), 0.0
    return id_, "right", "", "", time.perf_counter() - start


def text_of(program: programs.Program) -> str:
    import s2sad
    point = program.points[0]
    return s2sad.source(program.function, wrt=point.wrt, args=copy.deepcopy(point.args))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("patterns", nargs="*")
    parser.add_argument("-A", dest="collection", action="store_const", const="A")
    parser.add_argument("-B", dest="collection", action="store_const", const="B")
    for flag, long in ("-q", "--quiet"), ("-v", "--verbose"), ("-s", "--source"):
        parser.add_argument(flag, long, action="store_true")
    parser.add_argument("--oracles", action="store_true")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    todo = chosen(options.patterns, options.collection)
    counts: dict[str, collections.Counter[str]] = {"A": collections.Counter(), "B": collections.Counter()}
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    work = examined if options.oracles else judged
    jobs = min(options.jobs, len(todo)) or 1
    with ProcessPoolExecutor(jobs) as pool:
        results = pool.map(work, [p.id for p in todo]) if jobs > 1 else map(work, [p.id for p in todo])
        for program, (id_, status, message, detail, seconds) in zip(todo, results):
            counts["B" if program.module.startswith("memory_") else "A"][status] += 1
            if status == "right" and options.quiet:
                continue
            lines = message.strip().splitlines() or [""]
            short = next((line for line in lines if line.strip()), "")
            print(f"{MARK[status]} {id_:48s} {seconds:6.2f} s  {short[:220]}", flush=True)
            if options.verbose:
                print("\n".join("        " + line for line in [*lines[1:], *(detail.splitlines() if status == "CRASH" else [])]))
            if options.source:
                try:
                    print(text_of(program))
                except Exception as failure:    # noqa: BLE001
                    print(f"        no text: {type(failure).__name__}: {failure}")
    for collection, count in counts.items():
        if count:
            print(f"collection {collection}: {sum(count.values())} programs: " + ", ".join(f"{count[s]} {s}" for s in MARK))
    return 1 if any(c["WRONG"] + c["CRASH"] for c in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
