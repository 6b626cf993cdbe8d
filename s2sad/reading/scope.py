"""What the global and free names of a function refer to: objects where the function is live, import statements where a file is read.

Nothing of the user's is run to find out: names resolve through dictionaries, closure cells and the attributes of modules.
"""
from __future__ import annotations

import ast
import builtins
import functools
import importlib
import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from types import CellType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from s2sad import core
from s2sad.reading.getters import plainly

if TYPE_CHECKING:
    from s2sad.facts import Fact
    from s2sad.meaning.remembered import Remembered

KNOWN_MODULES = frozenset(("numpy", "math", "cmath", "builtins", "operator", "functools", "itertools", "collections", "dataclasses",
                           "typing", "numbers", "random", "s2sad", "scipy", "statistics", "bisect"))


class _Unresolved:
    """What a name refers to when that is not known."""

    def __repr__(self) -> str:
        return "UNRESOLVED"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return "UNRESOLVED"


UNRESOLVED = _Unresolved()


@dataclass(frozen=True, eq=False)
class Scope:
    """Resolves names that a function does not bind itself; `facts` remembers what was found of expressions, while names mean the same."""

    facts: Remembered[Fact] | None = field(default=None, kw_only=True)

    def without_facts(self) -> Scope:
        """The same names, nothing remembered of expressions."""
        return self if self.facts is None else replace(self, facts=None)

    def lookup(self, name: str) -> object:
        raise NotImplementedError

    def resolve(self, expr: core.Expr, local: Collection[str] = frozenset()) -> object:
        """The object that a name, or a dotted path through modules and classes, refers to; UNRESOLVED if that is not known.

        `local` are the names that mean something else where `expr` stands.
        """
        if isinstance(expr, core.Name):
            return UNRESOLVED if expr.id in local else self.lookup(expr.id)
        if isinstance(expr, core.Attribute):
            return member(self.resolve(expr.value, local), expr.attr)
        return UNRESOLVED

    def imports(self, name: str) -> bool:
        """Whether a name is imported from a module that is not read."""
        return False

    def captured(self) -> Mapping[str, object]:
        """The values of the variables that a live function captures."""
        return {}


@dataclass(frozen=True, eq=False)
class ScopeWith(Scope):
    """A scope with further functions; `added` may grow."""

    inner: Scope
    added: dict[str, object]

    def lookup(self, name: str) -> object:
        return self.added[name] if name in self.added else self.inner.lookup(name)

    def captured(self) -> Mapping[str, object]:
        return self.inner.captured()

    def resolve(self, expr: core.Expr, local: Collection[str] = frozenset()) -> object:
        if isinstance(expr, core.Name) and expr.id in self.added:
            return self.added[expr.id]
        return super().resolve(expr, local)


def member(owner: object, name: str) -> object:
    """An attribute of a module, a plain function of a class, a method of a ufunc, the function of a partial.

    UNRESOLVED for what would run a descriptor of the user's.
    """
    if isinstance(owner, ModuleType):
        try:
            return plainly(getattr(owner, name, UNRESOLVED))
        except ImportError:  # a module that imports its parts when they are asked for
            return UNRESOLVED
    if isinstance(owner, type):
        found = inspect.getattr_static(owner, name, UNRESOLVED)
        if isinstance(found, staticmethod):
            found = found.__func__
        return found if isinstance(found, FunctionType) else UNRESOLVED
    if type(owner).__module__.startswith("scipy.stats."):
        return getattr(owner, name, UNRESOLVED)
    if type(owner).__name__ == "ufunc" and name in ("reduce", "accumulate", "outer", "reduceat"):
        return getattr(owner, name)
    if type(owner) is functools.partial and name == "func":
        return owner.func
    return UNRESOLVED


@dataclass(frozen=True, eq=False)
class LiveScope(Scope):
    """The names of a function object: its closure's cells, its module's globals, the builtins, each as it is at this moment."""

    namespace: Mapping[str, object]
    cells: Mapping[str, CellType]

    @classmethod
    def of(cls, function: FunctionType) -> LiveScope:
        return cls(function.__globals__, dict(zip(function.__code__.co_freevars, function.__closure__ or ())))

    def captured(self) -> Mapping[str, object]:
        found = {name: self.lookup(name) for name in self.cells}
        return {name: value for name, value in found.items() if value is not UNRESOLVED}

    def lookup(self, name: str) -> object:
        if name in self.cells:
            try:
                return plainly(self.cells[name].cell_contents)
            except ValueError:  # the enclosing function has not bound it yet
                return UNRESOLVED
        if name in self.namespace:
            return plainly(self.namespace[name])
        hidden = self.namespace.get("__builtins__", builtins)
        table = hidden if isinstance(hidden, dict) else vars(hidden)
        return table.get(name, UNRESOLVED)


@dataclass(frozen=True, eq=False)
class ScopeWithout(Scope):
    """A scope in which some names mean nothing: those that a function does not mention, and that its derivative uses in its own sense."""

    inner: Scope
    hidden: frozenset[str]

    def lookup(self, name: str) -> object:
        return UNRESOLVED if name in self.hidden else self.inner.lookup(name)

    def imports(self, name: str) -> bool:
        return name not in self.hidden and self.inner.imports(name)

    def captured(self) -> Mapping[str, object]:
        return self.inner.captured()


@dataclass(frozen=True, eq=False)
class StaticScope(Scope):
    """The names of a file's top level, read from its text; `define` says what a top-level function is."""

    bindings: Mapping[str, ast.stmt | None]
    open_ended: bool
    define: Callable[[str], object]

    def lookup(self, name: str) -> object:
        if name not in self.bindings:
            return UNRESOLVED if self.open_ended else getattr(builtins, name, UNRESOLVED)
        stmt = self.bindings[name]
        if isinstance(stmt, ast.Import):
            return self._imported(stmt, name)
        if isinstance(stmt, ast.ImportFrom):
            attr = next(alias.name for alias in stmt.names if name in (alias.asname, alias.name))
            module = known_module(stmt.module or "") if not stmt.level else UNRESOLVED
            found = member(module, attr)
            return found if found is not UNRESOLVED else known_module(f"{stmt.module}.{attr}") if not stmt.level else UNRESOLVED
        if isinstance(stmt, ast.FunctionDef):
            return UNRESOLVED if stmt.decorator_list else self.define(name)
        if isinstance(stmt, (ast.Assign, ast.AnnAssign)):
            return self._assigned(stmt.value, name, stmt)
        return UNRESOLVED

    def behind(self, name: str) -> frozenset[str]:
        """The variables of the top level whose objects one of them may share: itself and all that its definition speaks of."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one not in found and (self.lookup(one) is UNRESOLVED and one in self.bindings or one == name):
                found.add(one)
                waiting += (node.id for node in ast.walk(self.bindings.get(one) or ast.Pass()) if isinstance(node, ast.Name))
        return frozenset(found)

    def imports(self, name: str) -> bool:
        return isinstance(self.bindings.get(name), (ast.Import, ast.ImportFrom)) and self.lookup(name) is UNRESOLVED

    def _imported(self, stmt: ast.Import, name: str) -> object:
        for alias in stmt.names:
            if alias.asname == name:
                return known_module(alias.name)
            if alias.asname is None and alias.name.partition(".")[0] == name:
                return known_module(alias.name) and known_module(name)
        return UNRESOLVED

    def _assigned(self, value: ast.expr | None, name: str, stmt: ast.stmt) -> object:
        """What `name = value` assigns; `value` can only speak of what `stmt` finds bound before it."""
        if isinstance(value, ast.Lambda):
            return self.define(name)
        if isinstance(value, ast.Attribute):
            return member(self._assigned(value.value, name, stmt), value.attr)
        if isinstance(value, ast.Name):
            bound = self.bindings.get(value.id)
            earlier = bound is not None and bound.lineno < stmt.lineno or value.id not in self.bindings
            return self.lookup(value.id) if earlier else UNRESOLVED
        if value is not None and isinstance(value, (ast.Constant, ast.UnaryOp)):
            try:
                return ast.literal_eval(value)
            except ValueError:
                return UNRESOLVED
        return UNRESOLVED


def known_module(name: str) -> object:
    """A module that s2sad may import to read a file: the standard library's mathematics, NumPy, s2sad itself."""
    if name.partition(".")[0] not in KNOWN_MODULES:
        return UNRESOLVED
    try:
        return importlib.import_module(name)
    except ImportError:
        return UNRESOLVED


def top_level(tree: ast.Module, define: Callable[[str], object]) -> StaticScope:
    """The scope of a parsed file.  A name that the top level binds more than once, or a function rebinds, is not known."""
    bindings: dict[str, ast.stmt | None] = {}
    open_ended = False

    def bind(name: str, stmt: ast.stmt | None) -> None:
        bindings[name] = None if name in bindings else stmt

    for stmt in _statements(tree):
        if isinstance(stmt, (ast.Import, ast.ImportFrom)):
            for alias in stmt.names:
                if alias.name == "*":
                    open_ended |= not _star(stmt, bind)
                else:
                    bind(alias.asname or (alias.name if isinstance(stmt, ast.ImportFrom) else alias.name.partition(".")[0]), stmt)
        elif isinstance(stmt, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bind(stmt.name, stmt)
        elif isinstance(stmt, ast.Assign) and len(stmt.targets) == 1 and isinstance(stmt.targets[0], ast.Name):
            bind(stmt.targets[0].id, stmt)
        elif isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name) and stmt.value is not None:
            bind(stmt.target.id, stmt)
        for name in _stored(stmt):
            bindings[name] = None
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            bindings.update(dict.fromkeys(node.names))
    return StaticScope(bindings, open_ended, define)


def _star(stmt: ast.Import | ast.ImportFrom, bind: Callable[[str, ast.stmt | None], None]) -> bool:
    module = known_module(stmt.module or "") if isinstance(stmt, ast.ImportFrom) and not stmt.level else UNRESOLVED
    if not isinstance(module, ModuleType) or not isinstance(stmt, ast.ImportFrom):
        return False
    for name in getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")]):
        bind(name, ast.copy_location(ast.ImportFrom(stmt.module, [ast.alias(name)], 0), stmt))
    return True


def _statements(tree: ast.AST) -> list[ast.stmt]:
    """The statements that run when the file does, those inside compound statements included, functions and classes not entered."""
    out: list[ast.stmt] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt):
            out.append(node)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            out += _statements(node)
    return out


def _stored(stmt: ast.stmt) -> list[str]:
    """Names that a statement binds other than by `name = value`: loop variables, unpackings, `with ... as`, augmented assignments."""
    simple: Any = None
    if isinstance(stmt, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return []
    if isinstance(stmt, ast.Assign) and len(stmt.targets) == 1 and isinstance(stmt.targets[0], ast.Name):
        simple = stmt.targets[0]
    elif isinstance(stmt, ast.AnnAssign):
        simple = stmt.target
    out: list[str] = []
    stack: list[ast.AST] = [child for child in ast.iter_child_nodes(stmt) if not isinstance(child, ast.stmt)]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) and node is not simple:
            out.append(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            out.append(node.name)
        if not isinstance(node, (ast.Lambda, ast.stmt, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            stack.extend(ast.iter_child_nodes(node))
    return out
