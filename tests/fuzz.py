"""Fuzzes the engine with programs of a grammar; a failure is shrunk and written as a case file.

    python tests/fuzz.py --programs 20000 --seed 0 -j 2

Program number k is that of the seed k, so that a run is resumed by `--seed`. -o FOLDER: failures are shrunk and
written there, at most --each of a kind; -r: print refusals; --show SEED: one program and its verdict.
Exits 1 where anything is WRONG or ended in a CRASH.
"""
from __future__ import annotations

import argparse
import collections
import os
import re
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from fuzzing import grammar, judge, shrink  # noqa: E402

BATCH = 20


def batch(seeds: list[int]) -> list[tuple[int, str, str, str]]:
    """The verdicts on some programs, in a worker process."""
    return [(seed, *judge.judge(grammar.program(seed), thorough=seed % 4 == 0)) for seed in seeds]


def reason(status: str, message: str) -> str:
    """What failures have in common: the message without places, names and numbers."""
    line = next((line for line in message.splitlines() if line.strip()), "")
    line = re.sub(r"^.*?\d+:\d+: ", "", line)
    if status == "WRONG":
        line = re.sub(r"-?\d[\d.e+-]*", "#", line)
    return re.sub(r"`[^`]*`|'[^']*'", "…", line)[:120]


def run(seeds: range, jobs: int) -> list[tuple[int, str, str, str]]:
    batches = [list(seeds[i:i + BATCH]) for i in range(0, len(seeds), BATCH)]
    if jobs <= 1:
        return [found for some in batches for found in batch(some)]
    with ProcessPoolExecutor(jobs, max_tasks_per_child=20) as pool:
        return [found for some in pool.map(batch, batches) for found in some]


def small(seed: int) -> str:
    """A failure as the file of a smaller program that fails alike."""
    case = grammar.program(seed)
    case = shrink.shrunk(case, judge.judge(case, thorough=True))
    return shrink.as_file(case, judge.judge(case, thorough=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-j", "--jobs", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("-r", "--refusals", action="store_true")
    parser.add_argument("--show", type=int)
    parser.add_argument("--each", type=int, default=6)
    options = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if options.show is not None:
        case = grammar.program(options.show)
        found = judge.judge(case, thorough=True)
        print(shrink.as_file(case, found), found.detail, sep="\n")
        return 0
    start = time.perf_counter()
    results = run(range(options.seed, options.seed + options.programs), options.jobs)
    counts = collections.Counter(status for _, status, _, _ in results)
    reasons = collections.defaultdict(list)
    for seed, status, message, _ in results:
        if status not in ("right", "skipped") and (status != "refused" or options.refusals):
            reasons[status, reason(status, message)].append(seed)
    for (status, why), seeds in sorted(reasons.items(), key=lambda item: (item[0][0], -len(item[1]))):
        print(f"{len(seeds):5d} {status:8s} {why}   seeds {seeds[:6]}")
    if options.output:
        options.output.mkdir(parents=True, exist_ok=True)
        failed = [seed for (status, _), seeds in reasons.items() if status != "refused" for seed in seeds[:options.each]]
        with ProcessPoolExecutor(options.jobs) as pool:
            for seed, text in zip(failed, pool.map(small, failed)):
                (options.output / f"seed_{seed}.py").write_text(text)
    judged = sum(counts.values()) - counts["skipped"]
    print(f"{options.programs} programs from seed {options.seed} in {time.perf_counter() - start:.0f} s: "
          + ", ".join(f"{counts[s]} {s}" for s in ("right", "refused", "WRONG", "CRASH", "skipped"))
          + f"; {100 * counts['right'] / max(judged, 1):.1f} % of those judged are right")
    return 1 if counts["WRONG"] + counts["CRASH"] else 0


if __name__ == "__main__":
    sys.exit(main())
