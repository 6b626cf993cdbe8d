"""`program(seed)` is a random program: its text, the arguments of its function `f`, and what to differentiate."""
from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import numpy as np

from .expressions import pick
from .functions import class_, helper
from .scope import FLOAT, INDENT, DictOf, ListOf, ObjectOf, Scope, TupleOf, Type
from .statements import Writer

HEAD = "import functools\nimport math\nfrom dataclasses import dataclass\n\nimport numpy as np\n\nN = 2\n\n\n"
PARAMS: tuple[tuple[str, Type], ...] = (("x", (3,)), ("y", (3,)), ("A", (3, 4)), ("s", FLOAT))


@dataclass(frozen=True)
class Case:
    """A program that can be run: the text of a module with a function `f`, its arguments, and the positions to differentiate."""

    text: str
    args: tuple[Any, ...]
    wrt: tuple[int, ...]


def program(seed: int) -> Case:
    source = random.Random(seed)
    scope = Scope(source)
    kinds = source.sample([*PARAMS, ("B", (3, 3)), ("p", ListOf((3,))), ("d", DictOf((3,))), ("u", (4,)), ("z", TupleOf(((3,), (), (3, 4)))), ("g", DictOf(FLOAT))], source.randint(2, 4))
    parts = [helper(scope, number) for number in range(source.choice((0, 0, 1, 2)))]
    parts += [class_(scope, number) for number in range(source.choice((0, 0, 1, 2)))]
    scope.types.update(dict(kinds))
    scope.returning = True
    body: list[str] = []
    for name, type_ in kinds:
        if isinstance(type_, tuple) and type_ and source.random() < 0.35:      # what a function changes is often its own copy
            own = scope.fresh("array")
            body.append(f"{own} = {name}.copy()")
            scope.types[own] = type_
    writer = Writer(scope, source.randint(3, 14))
    while writer.budget > 0:
        body += writer.statement(scope)
    body.append(f"return {result(scope)}")
    names = [name for name, _ in kinds]
    text = HEAD + "".join(parts) + f"def f({', '.join(names)}, n):\n" + "".join(f"{INDENT}{line}\n" for line in body)
    numbers = np.random.default_rng(seed)
    args = tuple(value(numbers, type_) for _, type_ in kinds)
    wrt = tuple(sorted(source.sample(range(len(kinds)), source.randint(1, len(kinds)))))
    return Case(text, (*args, source.randint(0, 3)), wrt)


def result(scope: Scope) -> str:
    """A number made of several variables, those that were made last preferred."""
    names = [name for name, type_ in scope.types.items() if type_ == () or not isinstance(type_, TupleOf) and isinstance(type_, tuple | ListOf | DictOf | ObjectOf)]
    chosen = list(dict.fromkeys([*names[-3:], *scope.random.sample(names, min(2, len(names)))]))
    return " + ".join(summed(scope, name, scope.types[name]) for name in chosen) or "0.0"


def summed(scope: Scope, name: str, type_: Type) -> str:
    if type_ == FLOAT:
        return pick(scope, name, f"math.sin({name})", f"{name} ** 2")
    if isinstance(type_, ListOf):
        return f"sum([np.sum(i ** 2) for i in {name}])" if type_.each else f"sum({name})"
    if isinstance(type_, DictOf):
        return f'np.sum({name}["a"] * {name}["b"])'
    if isinstance(type_, ObjectOf):
        return " + ".join(summed(scope, f"{name}.{attribute}", each) for attribute, each in type_.fields)
    return pick(scope, f"np.sum({name})", f"np.sum({name} ** 2)", f"{name}.sum()", f"np.sum(np.sin({name}))")


def value(numbers: np.random.Generator, type_: Type) -> Any:
    if type_ == FLOAT:
        return float(numbers.normal())
    if isinstance(type_, ListOf):
        return [value(numbers, type_.each) for _ in range(2)]
    if isinstance(type_, DictOf):
        return {"a": value(numbers, type_.each), "b": value(numbers, type_.each)}
    if isinstance(type_, TupleOf):
        return tuple(value(numbers, item) for item in type_.items)
    return numbers.normal(size=type_)
