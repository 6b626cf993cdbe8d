"""`program(seed)` is a random program: its text, the arguments of its function `f`, and what to differentiate."""
from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import numpy as np

from .expressions import array, atom, number, pick, view
from .scope import FLOAT, DictOf, Helper, ListOf, Scope, TupleOf, Type
from .statements import INDENT, Writer, update, write

HEAD = "import math\n\nimport numpy as np\n\n\n"
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
    kinds = source.sample([*PARAMS, ("B", (3, 3)), ("p", ListOf((3,))), ("d", DictOf((3,))), ("u", (4,))], source.randint(2, 4))
    parts = [helper(scope, number) for number in range(source.choice((0, 0, 1, 2)))]
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
    names = [name for name, type_ in scope.types.items() if type_ == () or not isinstance(type_, TupleOf) and isinstance(type_, tuple | ListOf | DictOf)]
    chosen = list(dict.fromkeys([*names[-3:], *scope.random.sample(names, min(2, len(names)))]))
    return " + ".join(summed(scope, name, scope.types[name]) for name in chosen) or "0.0"


def summed(scope: Scope, name: str, type_: Type) -> str:
    if type_ == FLOAT:
        return pick(scope, name, f"math.sin({name})", f"{name} ** 2")
    if isinstance(type_, ListOf):
        return f"sum([np.sum(i ** 2) for i in {name}])" if type_.each else f"sum({name})"
    if isinstance(type_, DictOf):
        return f'np.sum({name}["a"] * {name}["b"])'
    return pick(scope, f"np.sum({name})", f"np.sum({name} ** 2)", f"{name}.sum()", f"np.sum(np.sin({name}))")


def value(numbers: np.random.Generator, type_: Type) -> Any:
    if type_ == FLOAT:
        return float(numbers.normal())
    if isinstance(type_, ListOf):
        return [value(numbers, type_.each) for _ in range(2)]
    if isinstance(type_, DictOf):
        return {"a": value(numbers, type_.each), "b": value(numbers, type_.each)}
    return numbers.normal(size=type_)


def helper(scope: Scope, at: int) -> str:
    """A function of the module, which computes, or writes into its first argument, or returns a view of it."""
    source = scope.random
    kind = source.choice(("value", "write", "write", "view", "both"))
    first = source.choice([(3,), (4,), (3, 4), (3, 3)])
    if kind == "write" and source.random() < 0.2:
        first = ListOf((3,))                                            # type: ignore[assignment]
    own = Scope(source, {"o": first, "c": source.choice([FLOAT, (3,)])}, helpers=list(scope.helpers))
    own.types["n"] = FLOAT
    del own.types["n"]
    name = f"h{at}"
    lines: list[str] = []
    if isinstance(first, ListOf):
        lines = [pick(own, "o.append(c * o[0])", "o[0] = o[-1] * c", "o[0] *= c", "o[0][1:] = o[-1][:-1] * 0.5")]
    else:
        for _ in range(source.randint(1, 3) if kind in ("write", "both") else source.randint(0, 1)):
            lines += (pick(own, write, update)(own) if kind != "value" else None) or []
    returns: Type | None = None
    if kind in ("write",):
        lines = lines or ["o *= 0.5"]
    elif kind == "view":
        found = view(own, None, ("o", first)) or ("o", first)
        returns = found[1]
        lines.append(f"return {found[0]}")
    else:
        returns = source.choice([FLOAT, first, (3,)])
        lines.append(f"return {array(own, returns)}")
    if kind == "value" and source.random() < 0.3:
        lines.insert(0, f"if {number(own, 2)} > 0.3:\n{INDENT * 2}return {array(own, returns)}")
    lines = [line.replace("n > ", "1 > ") for line in lines]
    scope.helpers.append(Helper(name, (own.types["o"], own.types["c"]), returns, kind != "value"))
    assert atom("o") == "o"
    return f"def {name}(o, c):\n" + "".join(f"{INDENT}{line}\n" for line in lines) + "\n\n"
