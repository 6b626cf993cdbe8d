"""What evaluating an expression may do beside giving a value: `is_pure`, and `raising`, the operations in it that may raise.

What counts as raising: an operation whose domain is not all numbers (division of Python numbers, most of `math`), an index or a key, shapes
that are not known to agree, and whatever meets a value of which too little is known.  Not counted are overflows, running out of memory,
and what `np.errstate` turns into exceptions.
"""
from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from s2sad import core, runtime
from s2sad.errors import DifferentiationError
from s2sad.facts import Fact, ModuleFact, Number, RangeFact, Sequence, Shape, Text
from s2sad.flow.layout import atomic_writes
from s2sad.infer.known import KnownFunction
from s2sad.meaning.semantics import Env, Semantics
from s2sad.reading.scope import UNRESOLVED, Scope
from s2sad.rules import Rule, find

TOTAL = frozenset((
    "np.sum", "sum", "np.mean", "mean", "np.prod", "prod", "np.any", "any", "np.all", "all", "np.copy", "copy",
    "np.zeros_like", "np.ones_like", "np.empty_like", "np.full_like", "np.outer", "np.ravel", "ravel", "np.transpose",
    "transpose", "np.diag", "np.shape", "np.size", "np.ndim",
))
"""Functions of arrays that take every array: they raise for no argument of a known rank, beside a bad keyword."""
FINITE = frozenset("math." + name for name in (
    "sin", "cos", "tan", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "exp", "exp2", "expm1", "erf", "erfc", "fabs", "hypot",
    "cbrt", "degrees", "radians", "copysign", "nextafter", "fma",
))
"""Functions that raise only for what is not finite, or becomes so."""
HELPERS = frozenset(runtime.__all__)
WRITING = frozenset((
    "accumulated", "add_at", "part_added", "put_back", "put_back_attribute", "put_in", "refill", "rewrite_attribute", "rewrite_item",
))
"""Functions of the runtime that change their first argument, and may let it hold the others."""
PURE = frozenset((
    "add", "along_axis", "attribute", "axes_of_transform", "bessel_i1", "closed", "cofactors", "conjugate", "copied",
    "diagonals", "digamma", "divided", "ends_of_sum", "entry", "gradient_weights", "handed_on", "hermitian_in_half",
    "hermitian_of_half", "inverse_gaps", "items_handed_on", "last_written", "letters_of_axes", "lower_half", "mirrors", "namespace",
    "outer_left", "part_of_concatenation", "place_in_table", "place_of_max", "place_of_min", "place_of_running_extremum", "placed_last",
    "positions", "ramp", "residue_of_lstsq", "resized", "scale_of_adjoint", "scattered", "shadow_of", "shadows_of",
    "slope_of_quantile", "spelled_subscripts", "split_of_concatenation", "split_of_rows", "spread", "spread_weights",
    "sum_to_shape", "summed_for_left", "summed_for_right", "tensor_applied", "tensor_as_matrix", "trapezoid_weights",
    "unbroadcast", "unreduced", "unrolled", "unstacked", "untransposed", "weights_of_quantile", "zero_tangent", "zeros",
))
"""Functions of the runtime that only compute, beside those called `adjoint...`, `derivative...` and `tangent...`."""
READING = frozenset(("copy", "keys", "values", "items", "get", "index", "count"))


def helper(call: core.Call, semantics: Semantics) -> str:
    """The name of the function of the runtime that a call runs."""
    func = call.func
    if not isinstance(func, core.Name) or func.id not in HELPERS or func.id in semantics.local:
        return ""
    found = semantics.callee(func)
    return func.id if found is UNRESOLVED or found is getattr(runtime, func.id) else ""


def is_computing(name: str) -> bool:
    """Whether a function of the runtime only computes; one that nobody listed is taken to do anything."""
    return name in PURE or name.startswith(("adjoint", "derivative_of_", "tangent_of_"))


def is_pure(expr: core.Expr, env: Env, semantics: Semantics) -> bool:
    """Whether evaluating `expr` changes nothing and depends on nothing but the values that it reads."""
    return all(call_is_pure(call, env, semantics) for call in core.calls(expr))


def call_is_pure(call: core.Call, env: Env, semantics: Semantics) -> bool:
    """Whether a call, its arguments aside, changes nothing and depends on nothing else."""
    name = helper(call, semantics)
    if name:
        return is_computing(name)
    applied = semantics.application(call, env)
    if applied is not None:
        return applied.rule.pure and not applied.rule.written
    if _is_known(call, env, semantics):
        return True
    try:
        called = semantics.user_call(call, env)
    except DifferentiationError:
        return False
    return called is not None and is_quiet(called.program, called.source.scope)


@lru_cache(maxsize=1024)
def is_quiet(function: core.Function, scope: Scope) -> bool:
    """Whether a function of the user's is known to do no more than arithmetic on its arguments."""
    local = {param.name for param in function.params} | {
        name for stmt in core.walk(function.body) if isinstance(stmt, core.Stmt) for name, _ in atomic_writes(stmt)}
    if function.free:
        return False
    for node in core.walk(function.body):
        if isinstance(node, core.Stmt) and not isinstance(node, (core.Assign, core.If, core.Return)):
            return False
        if isinstance(node, core.Assign) and not isinstance(node.target, core.Name):
            return False
        if isinstance(node, core.BinOp) and node.op not in "+-*" and not (node.op == "**" and isinstance(node.right, core.Const)):
            return False
        if isinstance(node, core.Call):
            rule = find(scope.resolve(node.func, local))
            if rule is None or not rule.pure or rule.written or rule.raises and rule.name not in FINITE:
                return False
        if isinstance(node, (core.Subscript, core.Comprehension, core.Lambda)):
            return False
    return True


def _is_known(call: core.Call, env: Env, semantics: Semantics) -> bool:
    """Whether a call without a rule only looks at its arguments."""
    found = semantics.callee(call.func)
    if found in (range, reversed, list, tuple, dict, zip, enumerate, isinstance, slice, bool, str):
        return all(isinstance(semantics.fact(arg, env), (Number, Sequence, RangeFact, Text)) for arg in call.args)
    if isinstance(found, KnownFunction):
        return False
    func = call.func
    if found is not UNRESOLVED or not isinstance(func, core.Attribute) or func.attr not in READING:
        return False
    return isinstance(semantics.fact(func.value, env), (Number, Sequence, Text))


def raising(expr: core.Expr, env: Env, semantics: Semantics) -> Iterator[core.Expr]:
    """The operations inside `expr` that may raise, innermost first; of what is evaluated under a condition too."""
    kind = type(expr)
    if isinstance(expr, core.Name) and expr.id in getattr(env, "partial", ()):
        yield expr
    if kind is core.Const or kind is core.Lambda or kind is core.Name:
        return
    if kind is core.Comprehension:
        yield expr
        return
    for child in core.children(expr):
        if isinstance(child, core.Expr):
            yield from raising(child, env, semantics)
    if may_raise(expr, env, semantics):
        yield expr


def may_raise(expr: core.Expr, env: Env, semantics: Semantics) -> bool:
    """Whether an operation, its operands aside, may raise."""
    def fact(e: core.Expr) -> Fact:
        return semantics.fact(e, env)

    if isinstance(expr, core.BinOp):
        return _operation_may_raise(expr.op, fact(expr.left), fact(expr.right), expr.right)
    if isinstance(expr, core.UnaryOp):
        return not _has_truth(fact(expr.operand)) if expr.op == "not" else not isinstance(fact(expr.operand), Number)
    if isinstance(expr, core.Compare):
        if all(op in ("is", "is not") for op in expr.ops):
            return False
        facts = [fact(operand) for operand in expr.operands]
        if len(facts) > 2 and not all(_has_truth(f) for f in facts):
            return True
        return not (all(isinstance(f, Text) for f in facts) or all(isinstance(f, Number) for f in facts) and agree(facts))
    if isinstance(expr, core.BoolOp):
        return not all(_has_truth(fact(value)) for value in expr.values[:-1])
    if isinstance(expr, core.IfExp):
        return not _has_truth(fact(expr.test))
    if isinstance(expr, core.Subscript):
        return _index_may_raise(fact(expr.value), expr.index, semantics, env)
    if isinstance(expr, core.Attribute):
        if semantics.callee(expr) is not UNRESOLVED:
            return False
        owner = fact(expr.value)
        if isinstance(owner, Number):
            return not (_of_numpy(owner) or expr.attr in ("real", "imag"))
        return not isinstance(owner, (ModuleFact, Sequence, Text))
    if isinstance(expr, core.Call):
        return _call_may_raise(expr, env, semantics)
    return not isinstance(expr, (core.Tuple, core.List, core.Slice, core.Set, core.Dict, core.Formatted, core.FString))


def _has_truth(fact: Fact) -> bool:
    """Whether a value is known to be true or false."""
    if isinstance(fact, Number):
        return fact.shape == ()
    return fact.discrete or isinstance(fact, (Sequence, Text))


def _operation_may_raise(op: str, a: Fact, b: Fact, right: core.Expr) -> bool:
    if not (isinstance(a, Number) and isinstance(b, Number)):
        return True
    if op == "@":
        return not (a.shape and b.shape and len(a.shape) <= 2 and len(b.shape) <= 2 and a.shape[-1] == b.shape[0])
    if not agree([a, b]):
        return True
    if op in ("/", "//", "%"):
        return not (_of_numpy(a) or _of_numpy(b) or isinstance(right, core.Const) and bool(right.value))
    if op == "**":
        if isinstance(right, core.Const) and isinstance(right.value, (int, float)) and right.value >= 0:
            return False
        return not (_of_numpy(a) or _of_numpy(b)) or a.kind in "bi" or a.mixed
    return op not in "+-*" or a.kind == "b" or b.kind == "b"


def _of_numpy(fact: Number) -> bool:
    return fact.box in ("array", "scalar")


def agree(facts: list[Fact]) -> bool:
    """Whether values are known to broadcast with each other."""
    shapes = [fact.shape for fact in facts if isinstance(fact, Number)]
    if not shapes:
        return not facts
    if len(shapes) < len(facts) or any(shape is None for shape in shapes):
        return False
    if not shapes:
        return True
    longest: Shape = max((shape for shape in shapes if shape is not None), key=len)
    for shape in shapes:
        if shape and shape is not longest:
            tail = longest[len(longest) - len(shape):]
            if not all(m == n or m == 1 or n == 1 for m, n in zip(shape, tail)):
                return False
    return True


def _index_may_raise(owner: Fact, index: core.Expr, semantics: Semantics, env: Env) -> bool:
    if isinstance(owner, Number):
        parts = index.elts if isinstance(index, core.Tuple) else (index,)
        whole = all(_is_whole(part, semantics, env) for part in parts)
        axes = sum(isinstance(part, core.Slice) for part in parts)
        return not (whole and owner.box == "array" and owner.shape is not None and axes <= len(owner.shape))
    if isinstance(owner, Sequence) and owner.items is not None and isinstance(index, core.Const) and type(index.value) is int:
        return not 0 <= index.value < len(owner.items)
    return True


def _is_whole(part: core.Expr, semantics: Semantics, env: Env) -> bool:
    """Whether an index takes no single element: a slice with ends that are integers, a new axis, an ellipsis."""
    if isinstance(part, core.Slice):
        ends = [semantics.fact(end, env) for end in (part.lower, part.upper, part.step) if end is not None]
        return part.step is None and all(isinstance(end, Number) and end.kind == "i" for end in ends)
    return part == core.Const(None) or part == core.Const(...)


def _call_may_raise(call: core.Call, env: Env, semantics: Semantics) -> bool:
    if helper(call, semantics):
        return False
    found = semantics.callee(call.func)
    if found is range:
        ends = [semantics.fact(arg, env) for arg in call.args]
        return len(ends) > 2 or not all(isinstance(end, Number) and end.kind in "bi" for end in ends)
    applied = semantics.application(call, env)
    if applied is None:
        return found not in (reversed, list, tuple, zip, enumerate, isinstance, slice) or not _is_known(call, env, semantics)
    rule: Rule = applied.rule
    facts = [semantics.fact(arg, env) for arg in applied.bound.values() if not isinstance(arg, core.Const)]
    if rule.name == "len":
        return not all(isinstance(fact, Sequence) or isinstance(fact, Number) and bool(fact.shape) for fact in facts)
    if rule.name == "float":
        return not all(isinstance(fact, Number) and fact.kind in "bif" and fact.shape == () for fact in facts)
    if rule.name in ("np.dot", "dot", "np.matmul") and len(applied.bound) >= 2:
        first, second = list(applied.bound.values())[:2]
        return _operation_may_raise("@", semantics.fact(first, env), semantics.fact(second, env), second)
    if rule.raises:
        return rule.name not in FINITE or not all(isinstance(fact, Number) and fact.shape == () for fact in facts)
    if rule.elementwise or rule.name in ("abs", "min", "max"):
        return not agree(facts) or not rule.elementwise and any(isinstance(fact, Number) and fact.shape != () for fact in facts)
    return rule.name not in TOTAL or not all(isinstance(fact, Number) and fact.shape is not None for fact in facts)
