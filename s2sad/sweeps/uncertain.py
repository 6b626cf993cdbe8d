"""Items of containers that are changed by `+=` and of which only the run can tell whether they are numbers or arrays.

    items[k] += v       undone as       rewrite_item(items, k, old)         where an array would be undone by items[k][...] = old
"""
from __future__ import annotations

from typing import Any

from s2sad import core
from s2sad.analysis.alias import is_object_part
from s2sad.facts import Mapping, Number, ObjectFact, Sequence
from s2sad.meaning.forms import call
from s2sad.meaning.semantics import Env, Semantics
from s2sad.sweeps.forward import key_of

Path = core.Subscript | core.Attribute


def is_uncertain_item(stmt: core.Stmt, semantics: Semantics, env: Env) -> bool:
    """Whether a statement is `items[k] += v`, where the item may be a number as well as an array that others see change."""
    if not isinstance(stmt, core.AugAssign) or not is_object_part(stmt, stmt.target, semantics, env):
        return False
    part = semantics.fact(stmt.target, env)
    known = isinstance(part, (Sequence, Mapping, ObjectFact)) or isinstance(part, Number) and (part.box == "array" or bool(part.shape))
    return not known


def rewritten(path: core.Expr, value: core.Expr) -> core.Stmt:
    """`path = value` in place of what an array holds, or of a number."""
    assert isinstance(path, (core.Subscript, core.Attribute))
    return core.ExprStmt(call("rewrite_item" if isinstance(path, core.Subscript) else "rewrite_attribute", path.value, key_of(path), value))


def either(stmt: core.Stmt, path: core.Expr, primal: core.Expr) -> core.Stmt:
    """A statement that names all of an array, `path[...]`, for what need not be an array; `path` is the adjoint of the path `primal`."""
    whole, value = (core.Subscript(one, core.Const(...)) for one in (path, primal))

    def plain(node: Any) -> Any:
        if node in (whole, value):
            return node.value
        return core.rebuild(node, plain) if isinstance(node, core.Expr) else node

    if isinstance(stmt, (core.Assign, core.AugAssign)) and stmt.target == whole:
        new_value = plain(stmt.value)
        return rewritten(path, new_value if isinstance(stmt, core.Assign) else core.BinOp(stmt.op, path, new_value))
    new: core.Stmt = core.rebuild(stmt, plain)
    return new
