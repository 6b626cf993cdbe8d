"""The table of generated derivatives against hand-written ones.

    python -m benchmarks [NAME ...] [--rounds N] [--text]

Every generated gradient is timed in one process with the hand-written one and the primal, their runs interleaved, the median of many
taken.  Statements are counted in the whole text, those of callees' pairs included, imports and docstrings not.  `peak` is the most memory
that one call held, against the hand-written one: what the sweeps save.  `made` is the time from the function to its derivative.
"""
from __future__ import annotations

import argparse
import ast
import inspect
import statistics
import textwrap
import time
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import s2sad
from benchmarks.pairs import Pair, pairs


def statements(text: str) -> int:
    """The number of statements, imports and docstrings not counted."""
    def counts(node: ast.AST) -> bool:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        return isinstance(node, ast.stmt) and not docstring and not isinstance(node, (ast.Import, ast.ImportFrom))

    return sum(counts(node) for node in ast.walk(ast.parse(textwrap.dedent(text))))


def medians(functions: Sequence[Callable[..., Any]], arguments: Sequence[Any], rounds: int) -> list[float]:
    """The median time of each function over interleaved runs."""
    times: list[list[float]] = [[] for _ in functions]
    for function in functions:
        function(*arguments)
    for _ in range(rounds):
        for taken, function in zip(times, functions):
            start = time.perf_counter()
            function(*arguments)
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


def peak(function: Callable[..., Any], arguments: Sequence[Any]) -> int:
    """The most memory, in bytes, that a call holds at once."""
    tracemalloc.start()
    function(*arguments)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def same(a: Any, b: Any) -> bool:
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(np.allclose(a, b, rtol=1e-8))


def row(name: str, pair: Pair, rounds: int) -> tuple[str, str]:
    """One line of the table, and the generated text."""
    start = time.perf_counter()
    wrt: Any = pair.wrt if len(pair.wrt) > 1 else pair.wrt[0]
    try:
        derivative = s2sad.grad(pair.primal, wrt=wrt)
        bare = derivative.specialize(*pair.arguments)
    except s2sad.DifferentiationError as error:
        return f"{name:12} refused: {str(error).splitlines()[0]}", ""
    made = time.perf_counter() - start
    text = derivative.source
    hand = pair.hand[0]
    right = same(bare(*pair.arguments), hand(*pair.arguments))
    count, by_hand = statements(text), sum(statements(inspect.getsource(f)) for f in pair.hand)
    t, t_hand, t_primal, t_object = medians([bare, hand, pair.primal, derivative], pair.arguments, rounds)
    m, m_hand = peak(bare, pair.arguments), peak(hand, pair.arguments)
    return (f"{name:12} {'right' if right else 'WRONG':5} {count:5}/{by_hand:<3} {count / by_hand:5.2f}"
            f" {t / t_hand:9.2f} {t_object / t_hand:9.2f} {t / t_primal:9.2f}"
            f" {m / 1024:9.1f} {m / max(m_hand, 1):6.2f} {made * 1e3:9.1f}"), text


HEAD = (f"{'':12} {'':5} {'statements':>9} {'ratio':>5} {'time/hand':>9} {'as called':>9} {'/primal':>9} {'peak kB':>9} {'/hand':>6}"
        f" {'made ms':>9}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Times generated derivatives against hand-written ones.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="functions to run (default: all)")
    parser.add_argument("--rounds", type=int, default=25, help="runs of each function (default: 25)")
    parser.add_argument("--text", action="store_true", help="print the generated texts too")
    options = parser.parse_args()
    table = pairs()
    print(HEAD)
    for name in options.names or table:
        line, text = row(name, table[name], options.rounds)
        print(line, flush=True)
        if options.text:
            print(text)


if __name__ == "__main__":
    main()
