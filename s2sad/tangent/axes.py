"""What becomes of an operation when a leading axis of seeds is added to some of its operands: one row for each function.

`np.sum(t, axis=0)` is `np.sum(t, axis=1)`, and `W @ t` is `t @ W.T`.  The axes that the operands have for one seed are known; elementwise
operations need no row.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from s2sad import core
from s2sad.facts import Fact, Number
from s2sad.meaning.semantics import Application
from s2sad.quote import quote_expr
from s2sad.rules.guards import NotKnown, literal
from s2sad.tangent.operands import operands, with_operands

ALL = core.Slice()
NEW = core.Const(None)


def lifted(expr: core.Expr, rank: int, to: int) -> core.Expr:
    """A value with the axis, of `rank` axes after it, so that it broadcasts with one of `to` axes."""
    return expr if rank >= to else core.Subscript(expr, core.Tuple((ALL, *[NEW] * (to - rank))))


def indexed(base: core.Expr, index: core.Expr, fact: Callable[[core.Expr], Fact]) -> core.Expr | None:
    """`base[index]` for each seed; None where NumPy would put the axes of index arrays before that of the seeds."""
    parts = index.elts if isinstance(index, core.Tuple) else (index,)
    arrays = [i for i, part in enumerate(parts) if not is_basic(part, fact)]
    if arrays:
        advanced = [i for i, part in enumerate(parts) if not isinstance(part, core.Slice) and part not in (NEW, core.Const(...))]
        if advanced != list(range(advanced[0], advanced[-1] + 1)) or any(not isinstance(fact(parts[i]), Number) for i in arrays):
            return None
    return core.Subscript(base, core.Tuple((ALL, *parts)))


def is_basic(part: core.Expr, fact: Callable[[core.Expr], Fact]) -> bool:
    if isinstance(part, (core.Slice, core.Const)):
        return True
    found = fact(part)
    return isinstance(found, Number) and found.shape == () and found.kind == "i"


@dataclass(frozen=True)
class Operation:
    """An operation some of whose operands have the axis.  A method gives the operation for all seeds, None where there is none."""

    expr: core.Expr
    applied: Application
    seeds: core.Name
    fact: Callable[[core.Expr], Fact]
    expression: Callable[[core.Expr], tuple[core.Expr, bool]]
    spread: Callable[[core.Expr], core.Expr]

    def made(self, row: str) -> core.Expr | None:
        made: core.Expr | None = getattr(self, row)()
        return made

    @property
    def given(self) -> dict[str, core.Expr]:
        """The operands by the parameters of the rule, as the text gives them."""
        return operands(self.expr, self.applied.rule)

    def rank(self, expr: core.Expr) -> int | None:
        fact = self.fact(expr)
        return None if not isinstance(fact, Number) or fact.shape is None else len(fact.shape)

    def only(self, *names: str) -> bool:
        """Whether no operand but those has the axis."""
        return not any(self.expression(value)[1] for name, value in self.given.items() if name not in names)

    def elementwise(self) -> core.Expr | None:
        given = self.given
        ranks = {name: self.rank(value) for name, value in given.items()}
        known = [rank for rank in ranks.values() if rank is not None]
        if len(known) < len(ranks):
            return None
        top, new = max(known), {}
        for name, value in given.items():
            made, carries = self.expression(value)
            new[name] = lifted(made, ranks[name] or 0, top) if carries else made
        return with_operands(self.expr, self.applied.rule, new)

    def same(self) -> core.Expr | None:
        """What works on the first operand whatever its axes."""
        first, *_ = self.given
        if not self.only(first):
            return None
        return with_operands(self.expr, self.applied.rule, {first: self.expression(self.given[first])[0]})

    def full(self) -> core.Expr | None:
        a, value = self.given.get("a"), self.given.get("fill_value")
        if a is None or value is None or len(self.given) > 2:
            return None
        made, carries = self.expression(value)
        rank, inner = self.rank(a), self.rank(value)
        if not carries:
            return self.same()
        if rank is None or inner is None:
            return None
        start = self.expression(a)[0] if self.expression(a)[1] else self.spread(quote_expr("np.zeros_like(A)", A=a))
        return quote_expr("np.zeros_like(A) + V", A=start, V=lifted(made, inner, rank))

    def reduction(self) -> core.Expr | None:
        """Along the axes of one seed; all of them where the axis is None."""
        return self.along(lambda rank: core.Const(-1) if rank == 1 else core.Tuple(tuple(core.Const(i) for i in range(1, rank + 1))))

    def scan(self) -> core.Expr | None:
        return self.along(lambda rank: core.Const(-1) if rank == 1 else None)

    def along(self, every: Callable[[int], core.Expr | None]) -> core.Expr | None:
        first, *_ = self.given
        rank, axis = self.rank(self.given[first]), self.applied.bound.get("axis", NEW)
        if rank is None or not self.only(first) or not self.given.keys() <= {first, "axis", "keepdims", "n"}:
            return None
        made = self.expression(self.given[first])[0]
        if rank == 0:
            return made
        try:
            value = literal(axis)
        except NotKnown:
            return None
        if value is None:
            moved = every(rank)
        elif isinstance(value, tuple):
            moved = core.Tuple(tuple(core.Const(one if one < 0 else one + 1) for one in value))
        else:
            moved = core.Const(value if value < 0 else value + 1)
        if moved is None:
            return None
        rest = {name: value for name, value in self.given.items() if name not in (first, "axis")}
        function = core.Attribute(core.Name("np"), self.applied.rule.name.removeprefix("np."))
        return core.Call(function, (made,), (("axis", moved), *rest.items()))

    def product(self) -> core.Expr | None:
        """Matrix products of at most two axes, one factor a tangent."""
        (_, a), (_, b) = list(self.given.items())[:2]
        left, right = self.rank(a), self.rank(b)
        (made_a, a_carries), (made_b, b_carries) = self.expression(a), self.expression(b)
        if left not in (0, 1, 2) or right not in (0, 1, 2) or a_carries and b_carries or len(self.given) > 2:
            return None
        assert left is not None and right is not None
        if not left or not right:
            return core.BinOp("*", lifted(made_a, left, right) if a_carries else made_a, lifted(made_b, right, left) if b_carries else made_b)
        if a_carries or right == 2:
            return core.BinOp("@", made_a, made_b)
        return core.BinOp("@", made_b, made_a if left == 1 else core.Attribute(made_a, "T"))

    def outer(self) -> core.Expr | None:
        (_, a), (_, b) = list(self.given.items())[:2]
        if self.rank(a) != 1 or self.rank(b) != 1 or len(self.given) > 2:
            return None
        (made_a, a_carries), (made_b, b_carries) = self.expression(a), self.expression(b)
        columns = quote_expr("A[:, :, None]" if a_carries else "A[:, None]", A=made_a)
        return quote_expr("A * B" if not b_carries else "A * B[:, None, :]", A=columns, B=made_b)

    def transpose(self) -> core.Expr | None:
        first, *rest = self.given
        rank, made = self.rank(self.given[first]), self.expression(self.given[first])[0]
        if rest and self.given[rest[0]] not in (NEW, core.Tuple(())):
            return None
        return made if rank in (0, 1) else quote_expr("np.swapaxes(A, 1, 2)", A=made) if rank == 2 else None

    def reshape(self) -> core.Expr | None:
        first, *rest = self.given
        if not self.only(first) or len(rest) != 1:
            return None
        shape = self.given[rest[0]]
        if isinstance(shape, core.Tuple) and len(shape.elts) == 1 and self.rank(shape.elts[0]) is None:
            shape = shape.elts[0]
        whole = shape.elts if isinstance(shape, core.Tuple) else (shape,) if self.rank(shape) == 0 else (core.Starred(shape),)
        return quote_expr("np.reshape(A, S)", A=self.expression(self.given[first])[0], S=core.Tuple((self.seeds, *whole)))

    def flat(self) -> core.Expr | None:
        first, *rest = self.given
        return None if rest else quote_expr("np.reshape(A, (SEEDS, -1))", A=self.expression(self.given[first])[0], SEEDS=self.seeds)

    def joined(self) -> core.Expr | None:
        """`np.concatenate` and `np.stack` of a display."""
        first, *_ = self.given
        items = self.given[first]
        axis = self.given.get("axis", core.Const(0))
        if not isinstance(items, (core.Tuple, core.List)) or not isinstance(axis, core.Const) or not isinstance(axis.value, int) or not (
                self.given.keys() <= {first, "axis"}):
            return None
        if any(self.rank(item) is None for item in items.elts):
            return None
        parts = [(made if carries else self.spread(item)) for item in items.elts for made, carries in (self.expression(item),)]
        moved = core.Const(axis.value if axis.value < 0 else axis.value + 1)
        return core.Call(self.expr.func, (type(items)(tuple(parts)),), (("axis", moved),)) if isinstance(self.expr, core.Call) else None

    def solved(self) -> core.Expr | None:
        """`np.linalg.solve` for right-hand sides of one or two axes."""
        (_, a), (_, b) = list(self.given.items())[:2]
        if not self.only("b") or self.rank(a) != 2:
            return None
        made = self.expression(b)[0]
        return quote_expr("np.linalg.solve(A, B.T).T" if self.rank(b) == 1 else "np.linalg.solve(A, B)", A=a, B=made) if self.rank(b) in (
            1, 2) else None

    def number(self) -> core.Expr | None:
        """`float` of a number."""
        first, *_ = self.given
        return self.expression(self.given[first])[0] if self.rank(self.given[first]) == 0 else None

    def contraction(self) -> core.Expr | None:
        """`np.einsum` with a subscript of its own for the seeds."""
        assert isinstance(self.expr, core.Call)
        spec, *arrays = self.expr.args
        if not isinstance(spec, core.Const) or not isinstance(spec.value, str) or "->" not in spec.value or "." in spec.value or self.expr.keywords:
            return None
        inputs, _, output = spec.value.replace(" ", "").partition("->")
        letter = next(one for one in "zyxwvuts" if one not in spec.value)
        made = [self.expression(array) for array in arrays]
        marked = ",".join(letter + one if carries else one for one, (_, carries) in zip(inputs.split(","), made))
        return core.Call(self.expr.func, (core.Const(f"{marked}->{letter}{output}"), *(array for array, _ in made)))


def rows(**by_row: str) -> dict[str, str]:
    return {name: row for row, names in by_row.items() for name in names.split()}


ROWS = rows(
    same="np.zeros_like np.copy copy np.negative np.real np.imag np.conj real imag conj",
    full="np.full_like",
    reduction="np.sum sum np.mean mean",
    scan="np.cumsum cumsum np.flip np.diff",
    product="@ np.dot dot np.matmul",
    outer="np.outer",
    transpose="T np.transpose transpose",
    reshape="np.reshape reshape",
    flat="np.ravel ravel flatten",
    joined="np.concatenate np.stack",
    solved="np.linalg.solve",
    number="float",
    contraction="np.einsum",
)
