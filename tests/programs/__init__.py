"""Programs that derivatives are held against: plain functions, each with the points at which it is called.

    @case(1.3, 4, wrt="x")
    def power(x, n): ...

A decorated function stays the plain function that it was. `collect` gives the programs of the modules here; modules named `memory_*` hold collection B
(in-place updates, views, containers, objects), all others collection A, and `kinks*` the points at which a convention decides.
"""
from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Function = Callable[..., Any]


@dataclass(frozen=True)
class Point:
    """One call of a program: its arguments, what to differentiate, and what to expect where the oracles cannot say (`expect`) or where the primal raises (`raises`)."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    wrt: Any
    raises: type[BaseException] | None = None
    expect: Any = None


@dataclass
class Program:
    """A function and its points. `tolerance` is relative to the size of the gradient; `kink` says that a point may lie where the derivative jumps."""

    function: Function
    module: str
    name: str
    points: list[Point] = field(default_factory=list)
    tolerance: float = 1e-6
    kink: bool = False

    @property
    def id(self) -> str:
        return f"{self.module}.{self.name}"


_programs: dict[Function, Program] = {}


def case(*args: Any, wrt: Any = None, call: dict[str, Any] | None = None, raises: type[BaseException] | None = None, expect: Any = None,
         tolerance: float | None = None, kink: bool | None = None, name: str | None = None) -> Callable[[Function], Function]:
    """Registers one point of the decorated function. Without `wrt`, every positional argument that holds floats is differentiated."""

    def register(function: Function) -> Function:
        module = function.__module__.rpartition(".")[2]
        program = _programs.setdefault(function, Program(function, module, name or getattr(function, "__name__", "partial")))
        program.points.insert(0, Point(args, call or {}, floats(args) if wrt is None else wrt, raises, expect))     # decorators apply from the bottom up
        program.tolerance = program.tolerance if tolerance is None else tolerance
        program.kink = program.kink if kink is None else kink
        return function

    return register


def floats(args: tuple[Any, ...]) -> int | tuple[int, ...]:
    """The positions of the arguments that hold floats and nothing else; a single one as a number."""
    positions = tuple(i for i, a in enumerate(args) if holds_floats(a))
    return positions[0] if len(positions) == 1 else positions


def holds_floats(value: Any) -> bool:
    if isinstance(value, float | np.floating):
        return True
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f"
    if isinstance(value, tuple | list):
        return bool(value) and all(map(holds_floats, value))
    if isinstance(value, dict):
        return bool(value) and all(map(holds_floats, value.values()))
    return False


def modules(collection: str | None = None) -> list[str]:
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    wanted = {None: lambda n: True, "A": lambda n: not n.startswith("memory_"), "B": lambda n: n.startswith("memory_")}[collection]
    return [n for n in names if wanted(n) and not n.startswith("_")]


def collect(collection: str | None = None) -> list[Program]:
    """The programs of collection "A", "B" or both, in the order of the modules' names and of the programs in them."""
    found: list[Program] = []
    for name in modules(collection):
        module = importlib.import_module(f"{__name__}.{name}")
        found += [p for p in _programs.values() if p.module == name and module]
    return found


def points(programs: list[Program]) -> Iterator[tuple[Program, Point]]:
    return ((program, point) for program in programs for point in program.points)


def normal(*shape: int, seed: int = 0, scale: float = 1.0) -> np.ndarray:
    """Normally distributed numbers, the same for the same shape and seed."""
    return scale * np.random.default_rng([seed, *shape]).standard_normal(shape)


def uniform(*shape: int, seed: int = 0, low: float = 0.5, high: float = 1.5) -> np.ndarray:
    """Uniformly distributed numbers between `low` and `high`, the same for the same shape and seed."""
    return np.random.default_rng([seed, *shape]).uniform(low, high, shape)


def dominant(n: int, seed: int = 0) -> np.ndarray:
    """A well-conditioned square matrix: diagonally dominant."""
    return normal(n, n, seed=seed) + 2 * n * np.eye(n)


def definite(n: int, seed: int = 0) -> np.ndarray:
    """A symmetric positive definite matrix."""
    a = normal(n, n, seed=seed)
    return a @ a.T + n * np.eye(n)
