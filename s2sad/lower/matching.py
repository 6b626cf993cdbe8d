"""`match` as `if` and `elif`; the subject is evaluated once.

    >>> from s2sad.lower.show import show
    >>> show('''
    ... match name:
    ...     case "sin":
    ...         y = math.sin(x)
    ...     case "square" | "power":
    ...         y = x * x
    ...     case _:
    ...         y = x
    ... ''')
    if name == "sin":
        y = math.sin(x)
    elif name == "square" or name == "power":
        y = x * x
    else:
        y = x

What a pattern captures is bound once the pattern matches, and before the guard is asked.

    >>> show('''
    ... match f(x):
    ...     case {"shift": k}:
    ...         y = x + k
    ...     case float(t) if t > 0:
    ...         y = t
    ... ''')
    subject = f(x)
    from collections.abc import Mapping
    if isinstance(subject, Mapping) and "shift" in subject:
        k = subject["shift"]
        y = x + k
    else:
        matched = isinstance(subject, float)
        if matched:
            t = subject
            matched = t > 0
        if matched:
            y = t
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

from s2sad import core
from s2sad.errors import refuse
from s2sad.lower.flow import within
from s2sad.names import Names
from s2sad.quote import quote_expr, renewed
from s2sad.reading.read import Source
from s2sad.reading.surface import AnyOf, Capture, Case, Entries, Instance, Items, Match, Pattern, Rest, Same

Bindings = list[tuple[str, core.Expr]]
ITSELF = frozenset(("bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"))
"""The classes whose one positional pattern is asked of the object itself."""


def without_match(block: core.Block, names: Names, source: Source | None) -> core.Block:
    out: list[core.Stmt] = []
    for stmt in block:
        if isinstance(stmt, Match):
            out += _Matching(names, source).statements(stmt)
        else:
            out.append(within(stmt, lambda inner: without_match(inner, names, source)))
    return tuple(out)


@dataclass
class _Matching:
    """The rewrite of one statement; `imports` are the classes that its patterns ask for."""

    names: Names
    source: Source | None
    imports: dict[str, core.Import] = field(default_factory=dict)

    def statements(self, stmt: Match) -> list[core.Stmt]:
        before: list[core.Stmt] = []
        subject = self.subject(stmt, before)
        after = self.cases(subject, [one for case in stmt.cases for one in self.apart(case)], stmt)
        return [*before, *self.imports.values(), *after]

    def subject(self, stmt: Match, before: list[core.Stmt]) -> core.Expr:
        """The subject as a variable that no case binds; of several in a row, each."""
        captured = {name for case in stmt.cases for name in _captures(case.pattern)}

        def kept(value: core.Expr) -> core.Expr:
            if isinstance(value, core.Const) or isinstance(value, core.Name) and value.id not in captured:
                return value
            name = core.Name(self.names.fresh("subject"))
            before.append(core.Assign(name, value, at=stmt.at))
            return name

        value = stmt.subject
        if isinstance(value, core.Tuple) and all(_is_row(case.pattern, len(value.elts)) for case in stmt.cases):
            return core.Tuple(tuple(map(kept, value.elts)), at=value.at)
        return kept(value)

    def apart(self, case: Case) -> list[Case]:
        """A case for each of the alternatives that capture."""
        patterns = _alternatives(case.pattern)
        if len(patterns) > 1 and case.guard is not None:
            raise refuse("cannot differentiate through alternatives that capture, with a guard", case.pattern.at,  # type: ignore[attr-defined]
                         self.source, "write a `case` for each")
        if len(patterns) == 1:
            return [case]
        return [Case(pattern, None, renewed(case.body) if i else case.body) for i, pattern in enumerate(patterns)]

    def cases(self, subject: core.Expr, cases: Sequence[Case], stmt: Match) -> list[core.Stmt]:
        if not cases:
            return []
        case, *others = cases
        bindings: Bindings = []
        at = case.pattern.at  # type: ignore[attr-defined]
        tests = self.tests(case.pattern, subject, bindings)
        body = without_match(case.body, self.names, self.source)
        binding = [core.Assign(core.Name(name), value, at=at) for name, value in bindings]
        if case.guard is None or not bindings:
            test = _all([*tests, *([] if case.guard is None else [case.guard])])
            block = (*binding, *body)
            rest = tuple(self.cases(subject, others, stmt))
            return list(block) if test is None else [core.If(test, block, rest, at=at)]
        matched = core.Name(self.names.fresh("matched"))
        first = _all(tests)
        ask = [*binding, core.Assign(matched, case.guard, at=at)]
        before = ask if first is None else [core.Assign(matched, first, at=at), core.If(matched, tuple(ask), at=at)]
        return [*before, core.If(matched, body, tuple(self.cases(subject, others, stmt)), at=at)]

    def tests(self, pattern: core.Expr, subject: core.Expr, bindings: Bindings) -> list[core.Expr]:
        """What is to be true of the subject, one after the other; adds to what is bound if it is."""
        if isinstance(pattern, Capture):
            tests = [] if pattern.pattern is None else self.tests(pattern.pattern, subject, bindings)
            if pattern.name:
                bindings.append((pattern.name, subject))
            return tests
        if isinstance(pattern, Same):
            return [core.Compare((pattern.op,), (subject, pattern.value), at=pattern.at)]
        if isinstance(pattern, AnyOf):
            return self.any_of(pattern, subject)
        if isinstance(pattern, Items):
            return self.items(pattern, subject, bindings)
        if isinstance(pattern, Entries):
            return self.entries(pattern, subject, bindings)
        assert isinstance(pattern, Instance)
        return self.instance(pattern, subject, bindings)

    def any_of(self, pattern: AnyOf, subject: core.Expr) -> list[core.Expr]:
        options: list[core.Expr] = []
        for one in pattern.patterns:
            test = _all(self.tests(one, subject, []))
            if test is None:
                return []
            options.append(test)
        return [core.BoolOp("or", tuple(options), at=pattern.at)]

    def items(self, pattern: Items, subject: core.Expr, bindings: Bindings) -> list[core.Expr]:
        star = next((i for i, one in enumerate(pattern.patterns) if isinstance(one, Rest)), None)
        if isinstance(subject, core.Tuple):
            return [test for one, part in zip(pattern.patterns, subject.elts) for test in self.tests(one, part, bindings)]
        count = len(pattern.patterns) - (star is not None)
        tests = [quote_expr("isinstance(S, SEQUENCE)", S=subject, SEQUENCE=self.imported("Sequence")),
                 quote_expr("not isinstance(S, (str, bytes, bytearray))", S=subject)]
        if star is None or count:
            length = quote_expr("len(S)", S=subject)
            tests.append(core.Compare(("==" if star is None else ">=",), (length, core.Const(count)), at=pattern.at))
        for i, one in enumerate(pattern.patterns):
            behind = len(pattern.patterns) - 1 - i
            if isinstance(one, Rest):
                text = "list(S[FIRST:len(S) - BEHIND])" if behind else "list(S[FIRST:])"
                rest = quote_expr(text, S=subject, FIRST=core.Const(i), BEHIND=core.Const(behind))
                bindings += [(one.name, rest)] if one.name else []
            else:
                index = core.Const(i) if star is None or i < star else core.UnaryOp("-", core.Const(behind + 1))
                tests += self.tests(one, core.Subscript(subject, index, at=pattern.at), bindings)
        return tests

    def entries(self, pattern: Entries, subject: core.Expr, bindings: Bindings) -> list[core.Expr]:
        tests = [quote_expr("isinstance(S, MAPPING)", S=subject, MAPPING=self.imported("Mapping"))]
        tests += [core.Compare(("in",), (key, subject), at=pattern.at) for key in pattern.keys]
        for key, one in zip(pattern.keys, pattern.patterns):
            tests += self.tests(one, core.Subscript(subject, key, at=pattern.at), bindings)
        if pattern.rest:
            name = self.names.fresh("key")
            others = quote_expr("{KEY: S[KEY] for KEY in S if KEY not in KNOWN}", S=subject, KNOWN=core.Tuple(pattern.keys))
            bindings.append((pattern.rest, _renamed(others, "KEY", name)))
        return tests

    def instance(self, pattern: Instance, subject: core.Expr, bindings: Bindings) -> list[core.Expr]:
        tests: list[core.Expr] = [core.Call(core.Name("isinstance"), (subject, pattern.cls), at=pattern.at)]
        asked = list(zip(pattern.names, pattern.named))
        if len(pattern.patterns) == 1 and isinstance(pattern.cls, core.Name) and pattern.cls.id in ITSELF:
            tests += self.tests(pattern.patterns[0], subject, bindings)
        elif pattern.patterns:
            asked = [*zip(self.positions(pattern), pattern.patterns), *asked]
        for name, one in asked:
            tests += self.tests(one, core.Attribute(subject, name, at=pattern.at), bindings)
        return tests

    def positions(self, pattern: Instance) -> Sequence[str]:
        """The attributes that positional patterns ask for."""
        cls = self.source.scope.resolve(pattern.cls) if self.source is not None else None
        found = getattr(cls, "__match_args__", ()) if isinstance(cls, type) else ()
        if len(found) < len(pattern.patterns):
            raise refuse("cannot tell which attributes these patterns ask for", pattern.at, self.source, "name them: `Point(x=0, y=y)`")
        return tuple(found)

    def imported(self, cls: str) -> core.Expr:
        """A class of `collections.abc`."""
        if cls not in self.imports:
            self.imports[cls] = core.Import(self.names.fresh(cls), "collections.abc", cls)
        return core.Name(self.imports[cls].name)


def _all(tests: Sequence[core.Expr]) -> core.Expr | None:
    if len(tests) < 2:
        return tests[0] if tests else None
    parts = tuple(part for test in tests for part in (test.values if isinstance(test, core.BoolOp) and test.op == "and" else (test,)))
    return core.BoolOp("and", parts)


def _is_row(pattern: core.Expr, count: int) -> bool:
    """Whether a pattern asks each of `count` subjects by itself."""
    if isinstance(pattern, Capture):
        return pattern.pattern is None and not pattern.name
    return isinstance(pattern, Items) and len(pattern.patterns) == count and not any(isinstance(one, Rest) for one in pattern.patterns)


def _alternatives(pattern: core.Expr) -> list[core.Expr]:
    """The patterns that a pattern stands for, in order, so that no alternative inside captures."""
    if not isinstance(pattern, Pattern) or not _captures(pattern):
        return [pattern]
    if isinstance(pattern, AnyOf):
        return [found for one in pattern.patterns for found in _alternatives(one)]
    parts = [part for part in core.children(pattern) if isinstance(part, Pattern)]
    found: list[core.Expr] = []
    for chosen in product(*map(_alternatives, parts)):
        found.append(_with_parts(pattern, dict(zip(map(id, parts), chosen))))
    return found


def _captures(pattern: core.Expr) -> list[str]:
    return [name for node in core.walk(pattern) for name in (getattr(node, "name", ""), getattr(node, "rest", "")) if name]


def _with_parts(pattern: core.Expr, put: dict[int, core.Expr]) -> core.Expr:
    replaced: core.Expr = core.rebuild(pattern, lambda part: put.get(id(part), part))
    return replaced


def _renamed(expr: core.Expr, old: str, new: str) -> core.Expr:
    if isinstance(expr, core.Name):
        return core.Name(new) if expr.id == old else expr
    return core.rebuild(expr, lambda part: _renamed(part, old, new))  # type: ignore[no-any-return]
