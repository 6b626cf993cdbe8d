"""A value that is copied into a variable which says more is called after that one from the start.

    t_bar = h_bar * (1 - h ** 2)                b1_bar = h_bar * (1 - h ** 2)
    W1_bar = np.outer(t_bar, x)         ->      W1_bar = np.outer(b1_bar, x)
    b1_bar = t_bar
"""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from s2sad import core
from s2sad.tidy.view import View


def renamed(view: View) -> core.Function:
    """The function with better names for values that it copies."""
    names: dict[core.Stmt, str] = {}
    uses: dict[core.Stmt, dict[str, str]] = {}
    dropped: set[core.Stmt] = set()
    for block in blocks_of(view):
        members = frozenset(block)
        for stmt in block:
            if isinstance(stmt, core.Assign) and isinstance(stmt.target, core.Name) and isinstance(stmt.value, core.Name):
                made = origin(view, stmt, members)
                if made is None or made in names or any(user in uses and stmt.value.id in uses[user] for user in readers(view, made)):
                    continue
                names[made] = stmt.target.id
                dropped.add(stmt)
                for user in readers(view, made):
                    uses.setdefault(user, {})[stmt.value.id] = stmt.target.id
    if not names:
        return view.function

    def change(block: core.Block) -> core.Block:
        new = tuple(view.again(stmt, statement(stmt)) for stmt in block if stmt not in dropped)
        return block if new == block else new

    def statement(stmt: core.Stmt) -> core.Stmt:
        new = stmt
        if stmt in uses:
            puts: dict[str, core.Expr] = {name: core.Name(other) for name, other in uses[stmt].items()}
            new = with_heads(stmt, puts)
        if stmt in names:
            assert isinstance(new, core.Assign)
            new = replace(new, target=core.Name(names[stmt]))
        return core.with_blocks(new, change)

    return replace(view.function, body=change(view.function.body))


def blocks_of(view: View) -> list[core.Block]:
    return [view.function.body, *(block for stmt in view.layout.statements for block in core.blocks(stmt))]


def readers(view: View, made: core.Stmt) -> list[core.Stmt]:
    (value,) = view.values.bound[made].values()
    return value.users


def origin(view: View, copy: core.Assign, block: Collection[core.Stmt]) -> core.Stmt | None:
    """The statement whose target may take the name that `copy` gives its value to, None where it may not."""
    assert isinstance(copy.target, core.Name) and isinstance(copy.value, core.Name)
    better, name, layout = copy.target.id, copy.value.id, view.layout
    if better not in view.said or name in view.said or better in view.values.captured or name in view.values.captured:
        return None
    value = view.values.reads[copy][name]
    made = value.stmt
    if value.merged or value.into or value.inner or not isinstance(made, core.Assign) or made.target != core.Name(name):
        return None
    if made not in block or view.is_forward(made) or view.is_forward(copy):
        return None
    first, last = layout.start[made], max(layout.start[user] for user in value.users)
    if any(first < layout.start[writer] <= last and writer is not copy for writer in layout.writers.get(better, ())):
        return None
    if view.values.reads_between(better, first + 1, layout.start[copy]):
        return None
    if any(isinstance(user, core.Try) or isinstance(user, core.AugAssign) and user.target == core.Name(name) for user in value.users):
        return None
    return made


def with_heads(stmt: core.Stmt, puts: dict[str, core.Expr]) -> core.Stmt:
    """A statement with the variables that it reads renamed."""
    if isinstance(stmt, core.Assign):
        target = stmt.target if isinstance(stmt.target, core.Name) else within(stmt.target, puts)
        return replace(stmt, target=target, value=core.substitute(stmt.value, puts))
    if isinstance(stmt, (core.If, core.While)):
        return replace(stmt, test=core.substitute(stmt.test, puts))
    if isinstance(stmt, core.For):
        return replace(stmt, iter=core.substitute(stmt.iter, puts))
    if isinstance(stmt, core.With):
        return replace(stmt, context=core.substitute(stmt.context, puts))
    if isinstance(stmt, (core.Return, core.ExprStmt)):
        return replace(stmt, value=core.substitute(stmt.value, puts))
    return core.rebuild(stmt, lambda part: core.substitute(part, puts) if isinstance(part, core.Expr) else part)  # type: ignore[no-any-return]


def within(target: core.Expr, puts: dict[str, core.Expr]) -> core.Expr:
    """A target with what it reads renamed, but no variable that it binds."""
    if isinstance(target, core.Name):
        return target
    if isinstance(target, core.Tuple):
        return core.Tuple(tuple(within(elt, puts) for elt in target.elts))
    return target if isinstance(target, core.Starred) else core.substitute(target, puts)
