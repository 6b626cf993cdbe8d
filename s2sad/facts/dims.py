"""Dimensions: sizes of axes as linear forms over symbols, `2*n - 2`, equal exactly where the sizes are known to be equal.

    n = dim("n", least=2)
    slice_length(n, 1, -1) == slice_length(n, 2) == slice_length(n, None, -2) == n - 2

What is not linear is a symbol of its own whose name spells the function (`max(n - 3, 0)`, `m*n`, `n // 2`), so that equal functions of
equal sizes stay equal.  A size that the program computes from data is a symbol born at a statement: whoever holds it when that statement
runs again holds an old value, see `s2sad.infer.flow`.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from math import gcd
from typing import NamedTuple

NEVER: frozenset[int] = frozenset()
ELSEWHERE = -1
"""The statement at which sizes are born that no statement of this function names."""


LASTING = "="
"""How the names of sizes begin that arrays outside of a function have: they mean the same in every function."""


class Symbol(NamedTuple):
    """An unknown integer, at least `least` (None: any), which may change whenever one of the statements `born` runs.

    `factors` are those of a product, `inner` is the `d` of `max(d, 0)`.
    """

    name: str
    least: int | None = 0
    born: frozenset[int] = NEVER
    factors: tuple[Symbol, ...] = ()
    inner: Dim | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Dim:
    """`const + sum(coefficient * symbol)`, the terms sorted by name; a constant one equals the int."""

    terms: tuple[tuple[Symbol, int], ...] = ()
    const: int = 0

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, Dim):
            return self.const == other.const and self.terms == other.terms
        return isinstance(other, int) and not self.terms and self.const == other

    def __hash__(self) -> int:
        return hash((self.const, self.terms)) if self.terms else hash(self.const)

    def __add__(self, other: Dim | int) -> Dim:
        if isinstance(other, int):
            return Dim(self.terms, self.const + other) if other else self
        return Dim(_merged(self.terms, other.terms), self.const + other.const)

    __radd__ = __add__

    def __neg__(self) -> Dim:
        return Dim(tuple((s, -c) for s, c in self.terms), -self.const)

    def __sub__(self, other: Dim | int) -> Dim:
        return self + -other

    def __rsub__(self, other: int) -> Dim:
        return -self + other

    def __mul__(self, other: Dim | int) -> Dim:
        if isinstance(other, int):
            return Dim(tuple((s, c * other) for s, c in self.terms), self.const * other) if other else ZERO
        if not other.terms:
            return self * other.const
        if not self.terms:
            return other * self.const
        total = self * other.const + Dim(other.terms) * self.const
        for a, ca in self.terms:
            for b, cb in other.terms:
                total += Dim(((_product(a, b), ca * cb),))
        return total

    __rmul__ = __mul__

    def __repr__(self) -> str:
        text = ""
        for symbol, c in self.terms:
            sign = " - " if c < 0 else " + "
            text += (sign if text else sign.strip(" +")) + ("" if abs(c) == 1 else f"{abs(c)}*") + symbol.name
        if self.const and text:
            return f"{text} {'-' if self.const < 0 else '+'} {abs(self.const)}"
        return text or str(self.const)

    @property
    def born(self) -> frozenset[int]:
        """The statements whose running may change this size."""
        if not self.terms:
            return NEVER
        if len(self.terms) == 1:
            return self.terms[0][0].born
        return NEVER.union(*(s.born for s, _ in self.terms))

    @property
    def known(self) -> int | None:
        """The size, where it is a constant."""
        return None if self.terms else self.const


def _merged(a: tuple[tuple[Symbol, int], ...], b: tuple[tuple[Symbol, int], ...]) -> tuple[tuple[Symbol, int], ...]:
    if not a or not b:
        return a or b
    total = dict(a)
    for symbol, c in b:
        total[symbol] = total.get(symbol, 0) + c
    return tuple(sorted(((s, c) for s, c in total.items() if c), key=lambda term: term[0].name))


def _product(a: Symbol, b: Symbol) -> Symbol:
    factors = tuple(sorted((a.factors or (a,)) + (b.factors or (b,)), key=lambda s: s.name))
    least = a.least * b.least if a.least is not None and b.least is not None and a.least >= 0 and b.least >= 0 else None
    return Symbol("*".join(f"({s.name})" if " " in s.name else s.name for s in factors), least, a.born | b.born, factors)


ZERO = Dim()
_INTS = tuple(Dim((), i) for i in range(64))


@lru_cache(256)
def dim(size: int | str, least: int | None = 0) -> Dim:
    """A known size, or the size that a symbol stands for."""
    if isinstance(size, str):
        return Dim(((Symbol(size, least), 1),))
    return _INTS[size] if 0 <= size < 64 else Dim((), size)


def born(name: str, statement: int, least: int | None = 0) -> Dim:
    """The size that `statement` computes, called `name`."""
    return Dim(((Symbol(f"{name}@{statement}", least, frozenset((statement,))), 1),))


_fresh = count()


def lasting(size: int) -> Dim:
    """The symbol of a size of an array that is found outside of a function, where it is watched whether it still is."""
    return dim(size) if size < 2 else dim(f"{LASTING}{size}", 2)


def fresh(least: int | None = 0) -> Dim:
    """A size that nothing is known of; equal to no other."""
    return Dim(((Symbol(f"?{next(_fresh)}", least, frozenset((ELSEWHERE,))), 1),))


def opaque(function: str, parts: Sequence[Dim | int | None], least: int | None = 0) -> Dim:
    """A pure function of sizes: equal for equal parts.  Each `{}` of the text stands for a part."""
    since = NEVER.union(*(p.born for p in parts if isinstance(p, Dim)))
    return Dim(((Symbol(function.format(*("" if p is None else p for p in parts)), least, since), 1),))


# What is known of the size of a dimension.


def lowest(d: Dim) -> int | None:
    """A bound from below that always holds, None where there is none."""
    bound = d.const
    for symbol, c in d.terms:
        if c < 0 or symbol.least is None:
            return None
        bound += c * symbol.least
    return bound


def at_most(a: Dim, b: Dim) -> bool:
    """Whether `a <= b` is proved."""
    bound = lowest(b - a)
    return bound is not None and bound >= 0


def may_be_one(d: Dim) -> bool:
    """Whether an axis of this size may broadcast: False is a proof that its size is never 1."""
    if not d.terms:
        return d.const == 1
    bound = lowest(d)
    if bound is not None and bound > 1:
        return False
    return (1 - d.const) % gcd(*(c for _, c in d.terms)) == 0


def product(dims: Iterable[Dim]) -> Dim:
    """The number of elements of a shape."""
    total = _INTS[1]
    for d in dims:
        total = total * d
    return total


def quotient(total: Dim, part: Dim) -> Dim | None:
    """`total // part` where the division is known to be exact, as for the `-1` of a reshape."""
    if total == part:
        return _INTS[1]
    if len(part.terms) + bool(part.const) != 1:
        return None
    divisor, c = part.terms[0] if part.terms else (None, part.const)
    if total.const % c or divisor is not None and total.const or any(k % c for _, k in total.terms):
        return None
    if divisor is None:
        return Dim(tuple((s, k // c) for s, k in total.terms), total.const // c)
    result = ZERO
    for symbol, k in total.terms:
        rest = list(symbol.factors or (symbol,))
        for factor in divisor.factors or (divisor,):
            if factor not in rest:
                return None
            rest.remove(factor)
        result += product(Dim(((s, 1),)) for s in rest) * (k // c)
    return result


def floordiv(d: Dim, by: int) -> Dim:
    """`d // by` for a positive int."""
    if all(c % by == 0 for _, c in d.terms):
        return Dim(tuple((s, c // by) for s, c in d.terms), d.const // by)
    bound = lowest(d)
    return opaque("({} // {})", (d, by), None if bound is None else bound // by)


def clamp(d: Dim) -> Dim:
    """`max(d, 0)`."""
    bound = lowest(d)
    if bound is not None and bound >= 0:
        return d
    return Dim(((Symbol(f"max({d}, 0)", 0, d.born, (), d), 1),)) if d.terms else ZERO


def shorter(n: Dim, by: Dim) -> Dim:
    """`max(n - by, 0)` for sizes `n` and `by` that are not negative; slices of slices come out as one."""
    inner = n.terms[0][0].inner if len(n.terms) == 1 and not n.const else None
    return clamp((n if inner is None or n.terms[0][1] != 1 else inner) - by)


Bound = Dim | int | None


def slice_length(n: Dim, start: Bound = None, stop: Bound = None, step: Bound = None) -> Dim:
    """The length of `x[start:stop:step]` for `x` of length `n`, by the rules of Python: bounds are clipped, negative ones count
    from the end.
    """
    start, stop, step = (b.const if isinstance(b, Dim) and not b.terms else b for b in (start, stop, step))
    if not n.terms and not any(isinstance(b, Dim) for b in (start, stop, step)):
        return dim(len(range(*slice(start, stop, step).indices(n.const)))) if step != 0 else ZERO
    if step is None or step == 1:
        length = _stride_one(n, start or 0, stop)
        if length is not None:
            return length
    elif isinstance(step, int) and step > 1:
        length = _stride_one(n, start or 0, stop)
        if length is not None:
            return floordiv(length + (step - 1), step)
    elif step == -1 and start is None and stop is None:
        return n
    return opaque("len({}[{}:{}:{}])", (n, start, stop, 1 if step is None else step))


def _stride_one(n: Dim, start: Dim | int, stop: Bound) -> Dim | None:
    first = start if isinstance(start, Dim) else dim(start)
    from_end = isinstance(start, int) and start < 0
    if not from_end and not at_most(ZERO, first):
        return None
    if isinstance(stop, int) and stop < 0:
        if from_end:
            return clamp(dim(stop) - first) if at_most(-first, n) else None
        return shorter(n, first - stop)
    if stop is not None and not at_most(ZERO, last := stop if isinstance(stop, Dim) else dim(stop)):
        return None
    if stop is None or at_most(n, last):
        if from_end:
            return -first if at_most(-first, n) else None
        return shorter(n, first)
    if not from_end and at_most(last, n):
        return clamp(last - first)
    return None


# Broadcasting.


def broadcast_dim(a: Dim, b: Dim) -> Dim:
    """The size of an axis that sizes `a` and `b` broadcast to.  What cannot broadcast raises at run time, so that it need not be
    covered.
    """
    if a == b or b == 1:
        return a
    if a == 1:
        return b
    if not a.terms:
        return a
    if not b.terms or not may_be_one(b):
        return b if not b.terms or may_be_one(a) else min(a, b, key=repr)
    if not may_be_one(a):
        return a
    return opaque("broadcast({}, {})", sorted((a, b), key=repr))


Shape = tuple[Dim, ...]


def broadcast(*shapes: Shape | None) -> Shape | None:
    """The shape that shapes broadcast to, None where one is unknown."""
    result: Shape = ()
    for shape in shapes:
        if shape is None:
            return None
        if shape == result or not shape:
            continue
        short, long = sorted((shape, result), key=len)
        head = len(long) - len(short)
        result = long[:head] + tuple(map(broadcast_dim, long[head:], short))
    return result


def renamed(d: Dim, change: Callable[[Symbol], Dim | None]) -> Dim | None:
    """`d` with each symbol replaced, None where one has no replacement."""
    result = dim(d.const)
    for symbol, c in d.terms:
        new = change(symbol)
        if new is None:
            return None
        result += new * c
    return result
