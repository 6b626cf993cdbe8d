"""Makes a failing program smaller while it fails in the same way."""
from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from verdict import Verdict

from .grammar import Case
from .judge import judge, primal_raises

ROUNDS = 400


def shrunk(case: Case, found: Verdict) -> Case:
    """A smaller program with the same kind of failure."""
    tried = 0
    small = True
    raises = primal_raises(case)
    while small and tried < ROUNDS:
        small = False
        for text, wrt in smaller(case):
            tried += 1
            if tried > ROUNDS:
                break
            other = Case(text, case.args, wrt)
            try:
                again = judge(other, 10.0, True) if primal_raises(other) == raises else None
            except (SyntaxError, ValueError):
                continue
            if again is not None and alike(again, found):
                case, small = other, True
                break
    return case


def alike(one: Verdict, other: Verdict) -> bool:
    return one.status == other.status and kind(one) == kind(other)


def kind(found: Verdict) -> str:
    """The type of an exception; of a wrong result, what is wrong with it; of a refusal, its first words."""
    text = found.message
    if found.status == "CRASH":
        return text.split(":")[0]
    if found.status == "WRONG":
        return "entries" if "entries" in text else text[:12]
    return text.split("cannot")[-1][:30]


def smaller(case: Case) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Simpler programs, the boldest changes first."""
    tree = ast.parse(case.text)
    for at in range(len(case.wrt)):
        if len(case.wrt) > 1:
            yield case.text, case.wrt[:at] + case.wrt[at + 1:]
    for change in (without_statement, with_body_alone, with_part_alone, with_constant):
        for number in range(10_000):
            new = change(copy.deepcopy(tree), number)
            if new is None:
                break
            text = ast.unparse(ast.fix_missing_locations(new)) + "\n"
            if text != ast.unparse(tree) + "\n" and is_program(text):
                yield text, case.wrt


def is_program(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def blocks(tree: ast.AST) -> list[list[ast.stmt]]:
    return [value for node in ast.walk(tree) for _, value in ast.iter_fields(node) if isinstance(value, list) and value and isinstance(value[0], ast.stmt)]


def without_statement(tree: ast.Module, number: int) -> ast.Module | None:
    places = [(block, i) for block in blocks(tree) for i in range(len(block)) if not isinstance(block[i], (ast.Import, ast.Pass))]
    if number >= len(places):
        return None
    block, at = places[number]
    if isinstance(block[at], ast.FunctionDef) and block[at].name == "f":        # type: ignore[union-attr]
        return tree
    del block[at]
    if not block:
        block.append(ast.Pass())
    for node in ast.walk(tree):
        if getattr(node, "orelse", None) and isinstance(node.orelse, list) and isinstance(node.orelse[0], ast.Pass):    # type: ignore[attr-defined]
            node.orelse = []                                                        # type: ignore[attr-defined]
    return tree


def with_body_alone(tree: ast.Module, number: int) -> ast.Module | None:
    """A compound statement replaced by its body, or by its other branch."""
    places = [(block, i, name) for block in blocks(tree) for i in range(len(block)) for name in ("body", "orelse", "finalbody")
              if getattr(block[i], name, None) and not isinstance(block[i], ast.FunctionDef)]
    if number >= len(places):
        return None
    block, at, name = places[number]
    block[at:at + 1] = getattr(block[at], name)
    return tree


class Replace(ast.NodeTransformer):
    def __init__(self, number: int, constant: bool) -> None:
        self.left, self.constant, self.done = number, constant, False

    def visit(self, node: ast.AST) -> ast.AST:
        if self.done:
            return node
        if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", ast.Load()), (ast.Store, ast.Del)):
            if self.constant:
                parts: list[ast.expr] = [] if isinstance(node, (ast.Constant, ast.Name, ast.Slice)) else [ast.Constant(0.5), ast.Name("x")]
            else:
                parts = [] if isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.Attribute, ast.Slice)) else [
                    part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr) and not isinstance(part, (ast.Constant, ast.Slice))]
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    parts = [*parts[1:], node.func.value]
            if self.left < len(parts):
                self.done = True
                return parts[self.left]
            self.left -= len(parts)
        return self.generic_visit(node)


def with_part_alone(tree: ast.Module, number: int) -> ast.Module | None:
    replace = Replace(number, False)
    new = replace.visit(tree)
    return new if replace.done else None


def with_constant(tree: ast.Module, number: int) -> ast.Module | None:
    replace = Replace(number, True)
    new = replace.visit(tree)
    return new if replace.done else None


def as_file(case: Case, found: Verdict) -> str:
    """The program as a file that runs by itself."""
    lines = (found.message or "").strip().splitlines() or [""]
    args = repr(case.args).replace("array(", "np.array(")
    return f"# {found.status}: {lines[0]}\n{case.text}\n\nargs = {args}\nwrt = {case.wrt}\n"
