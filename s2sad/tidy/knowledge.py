"""What the passes know of expressions: facts, purity, and what a value shares memory with."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from s2sad import core
from s2sad.facts import UNKNOWN, Fact, Number, join
from s2sad.graph import Graph
from s2sad.liveness import head_reads
from s2sad.tidy.simplify import negate_inside, simplify

Env = Mapping[str, Fact]
NONE: frozenset[str] = frozenset()

NEW = frozenset("""zeros zeros_like ones ones_like full full_like empty_like outer sum mean dot matmul tensordot copy array where sign clip
    tanh sinh cosh sin cos tan exp log log1p expm1 sqrt square abs absolute maximum minimum power concatenate stack prod cumsum
    negative add subtract multiply divide conj argmax argmin eye arange linspace linalg.inv linalg.solve linalg.det""".split())
VIEWS = frozenset("expand_dims reshape broadcast_to transpose squeeze swapaxes moveaxis ravel asarray flip diag real imag".split())
BUILTINS = frozenset("len range reversed enumerate zip abs min max float int bool sum isinstance".split())
METHODS = frozenset("copy sum mean dot max min prod conj astype item".split())


@cache
def _runtime() -> frozenset[str]:
    from s2sad import runtime

    return frozenset(runtime.__all__)


@dataclass(frozen=True)
class Meaning:
    """What the caller of `tidy` knows of expressions, given the facts of names; the defaults know operators and a little NumPy.

    `purely`: evaluating has no effect, and may be left out, moved or repeated.  `shared`: the variables whose memory the value may share or hold.
    `infer`: the facts of the names before each statement.
    """

    fact: Callable[[core.Expr, Env], Fact] = lambda expr, env: UNKNOWN
    purely: Callable[[core.Expr, Env], bool] = lambda expr, env: is_plainly_pure(expr)
    shared: Callable[[core.Expr, Env], frozenset[str]] = lambda expr, env: plainly_shared(expr)
    infer: Callable[[core.Function], Mapping[core.Stmt, Env]] = lambda function: {}


def _function(call: core.Call) -> tuple[str, str]:
    """The family and the name of a well-known function: `np.linalg.inv(A)` is np and linalg.inv."""
    path: list[str] = []
    func = call.func
    while isinstance(func, core.Attribute):
        path.insert(0, func.attr)
        func = func.value
    if not isinstance(func, core.Name):
        return ("method", path[0]) if len(path) == 1 else ("", "")
    if func.id in ("np", "math"):
        return func.id, ".".join(path)
    if not path:
        return ("runtime" if func.id in _runtime() else "builtin"), func.id
    return ("method", path[-1])


def is_plainly_pure(expr: core.Expr) -> bool:
    for node in core.walk(expr):
        if isinstance(node, core.Call):
            family, name = _function(node)
            known = {"np": name in NEW or name in VIEWS, "math": True, "runtime": True, "builtin": name in BUILTINS, "method": name in METHODS}
            if not known.get(family, False):
                return False
    return True


def plainly_shared(expr: core.Expr) -> frozenset[str]:
    if isinstance(expr, core.Name):
        return frozenset((expr.id,))
    if isinstance(expr, (core.Const, core.BinOp, core.UnaryOp, core.Compare, core.FString)):
        return NONE
    if isinstance(expr, core.Call):
        family, name = _function(expr)
        if family == "math" or family == "np" and name in NEW or family == "method" and name == "copy" or (family, name) == ("runtime", "zeros"):
            return NONE
    if isinstance(expr, core.Subscript):
        return plainly_shared(expr.value)
    if isinstance(expr, (core.Lambda, core.Comprehension)):
        return core.reads(expr)
    return NONE.union(*(plainly_shared(child) for child in core.children(expr) if isinstance(child, core.Expr)))


@dataclass(frozen=True)
class Knowledge:
    """A meaning, with what holds of each name wherever it is read; `generated` names are those that no user wrote."""

    meaning: Meaning
    generated: frozenset[str]
    env: Env

    def fact(self, expr: core.Expr) -> Fact:
        return self.meaning.fact(expr, self.env)

    def is_number(self, expr: core.Expr) -> bool:
        """Whether the value is a number that nothing can change in place."""
        fact = self.env.get(expr.id, UNKNOWN) if isinstance(expr, core.Name) else self.fact(expr)
        return isinstance(fact, Number) and fact.box in ("python", "scalar")

    def is_pure(self, expr: core.Expr) -> bool:
        if not has_call(expr):
            return True
        return is_plainly_pure(expr) or self.meaning.purely(expr, self.env)

    def shared(self, expr: core.Expr) -> frozenset[str]:
        if isinstance(expr, (core.Name, core.Const)):
            return core.reads(expr)
        return self.meaning.shared(expr, self.env)

    def simpler(self, value: core.Expr, bound: bool) -> core.Expr:
        """The value in its simplest form; where it is `bound` to a name, a new object does not become one that was there before."""
        new = simplify(value, self.fact)
        if bound and new is not value and self.shared(new) and not self.shared(value) and not self.is_number(new):
            return value
        return new

    def merged(self, name: str, into: str) -> Knowledge:
        """What is known after `name` was renamed to `into`."""
        return replace(self, env={**self.env, into: join(self.env.get(name, UNKNOWN), self.env.get(into, UNKNOWN))})


def has_call(expr: core.Expr) -> bool:
    return any(isinstance(node, core.Call) for node in core.walk(expr))


def learn(function: core.Function, generated: frozenset[str], meaning: Meaning) -> Knowledge:
    """What is known of the names of a function."""
    facts = meaning.infer(function)
    env: dict[str, Fact] = {}
    for stmt in Graph(function.body).nodes:
        here = facts.get(stmt)
        for name in head_reads(stmt):
            fact = here.get(name, UNKNOWN) if here is not None else UNKNOWN
            known = env.get(name)
            env[name] = fact if known is None or known is fact else join(known, fact)
    return Knowledge(meaning, generated, env)


def written(expr: core.Expr) -> core.Expr:
    """An expression as it is printed: with the signs of products at their first factors."""
    new: core.Expr = core.rebuild(expr, lambda part: written(part) if isinstance(part, core.Expr) else part)
    return negate_inside(new)
