"""Random statements: `Writer` chooses them, and writes those that hold others."""
from __future__ import annotations

from .containers import dicts, lists, objects, tuples
from .expressions import array, call, number, pick, test, view
from .scope import FLOAT, INDENT, DictOf, FunctionOf, Index, ListOf, Scope, Shape
from .writes import exchange, helper, indices, library, rebind, scalar, swap, update, write


class Writer:
    """Writes blocks of statements into `lines`; `budget` is the number of statements left."""

    def __init__(self, scope: Scope, budget: int) -> None:
        self.random = scope.random
        self.budget = budget

    def block(self, scope: Scope, length: int) -> list[str]:
        lines: list[str] = []
        for _ in range(length):
            if self.budget > 0:
                lines += self.statement(scope)
        return lines or ["pass"]

    def indented(self, scope: Scope, most: int = 3) -> list[str]:
        return [INDENT + line for line in self.block(scope, self.random.randint(1, most))]

    def statement(self, scope: Scope) -> list[str]:
        self.budget -= 1
        kinds = [(rebind, 10), (write, 16), (update, 8), (scalar, 6), (library, 6), (swap, 3), (lists, 8), (dicts, 5), (tuples, 2), (helper, 6), (objects, 5), (indices, 3), (exchange, 2), (self.attempt, 1)]
        if self.budget > 1:
            kinds += [(self.branch, 6), (self.loop, 8), (self.nested, 3), (self.context, 1), (self.cases, 1)]
        if scope.looping:
            kinds.append((self.jump, 3))
        if scope.returning:
            kinds.append((self.leave, 1))
        for _ in range(20):
            make = self.random.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
            found = make(scope)
            if found:
                return found
        return ["pass"]

    def branch(self, scope: Scope) -> list[str]:
        lines = [f"if {test(scope, True)}:", *self.indented(scope.inner())]
        if self.random.random() < 0.2:
            lines += [f"elif {test(scope)}:", *self.indented(scope.inner())]
        if self.random.random() < 0.5:
            lines += ["else:", *self.indented(scope.inner())]
        return lines

    def jump(self, scope: Scope) -> list[str]:
        return [f"if {test(scope)}:", *(self.indented(scope.inner(), 1) if self.random.random() < 0.5 else []), INDENT + pick(scope, "break", "continue")]

    def leave(self, scope: Scope) -> list[str]:
        return [f"if {test(scope)}:", f"{INDENT}return {number(scope)}"]

    def loop(self, scope: Scope) -> list[str]:
        inner = scope.inner(True)
        kind = self.random.randrange(11)
        free = [name for name in "kijl" if name not in scope.types and name not in scope.fixed]
        if not free:
            return []
        k = free[0]
        before: list[str] = []
        start: list[str] = []
        if kind < 4:
            count = self.random.randint(1, 3)
            inner.types[k] = Index(count)
            head = pick(scope, f"for {k} in range({count}):", f"for {k} in range({count - 1}, -1, -1):", f"for {k} in reversed(range({count})):", f"for {k} in range({count}):")
            if self.random.random() < 0.2:
                head = f"for {k} in range(n):"
                inner.types[k] = Index(3)
        elif kind == 4 and scope.arrays(2):
            name = self.random.choice(scope.arrays(2))
            row = scope.fresh("array")
            rows, shape = scope.types[name][0], scope.types[name][1:]
            inner.types[row] = shape
            head = f"for {row} in {name}:"
            others = [other for other in scope.arrays(2) if other != name and scope.types[other][0] == rows]
            if self.random.random() < 0.3:
                inner.types[k] = Index(rows)
                head = f"for {k}, {row} in enumerate({name}):"
            elif others and self.random.random() < 0.4:
                other = self.random.choice(others)
                second = inner.fresh("array")
                inner.types[second] = scope.types[other][1:]
                head = f"for {row}, {second} in zip({name}, {other}):"
        elif kind == 5 and scope.kind(ListOf):
            name = self.random.choice(scope.kind(ListOf))
            each = scope.types[name].each
            item = scope.fresh("array" if each else "float")
            inner.types[item] = each
            inner.fixed.add(name)
            head = f"for {item} in {name}:"
        elif kind == 6 and scope.kind(DictOf):
            name = self.random.choice(scope.kind(DictOf))
            each = scope.types[name].each
            item = scope.fresh("array" if each else "float")
            inner.types[item] = each
            head = pick(scope, f"for {item} in {name}.values():", f"for key, {item} in {name}.items():")
        elif kind == 7 and any(helper.yields is not None for helper in scope.helpers):
            chosen = self.random.choice([helper for helper in scope.helpers if helper.yields is not None])
            source = call(scope, chosen.name, chosen, 1)
            if source is None:
                return []
            item = scope.fresh("array" if chosen.yields else "float")
            inner.types[item] = chosen.yields                   # type: ignore[assignment]
            head = f"for {item} in {source}:"
        elif kind == 8 and scope.arrays(1):
            name = self.random.choice(scope.arrays(1))
            item = scope.fresh("float")
            inner.types[item] = FLOAT
            inner.types[k] = Index(scope.types[name][0])
            head = pick(scope, f"for {k}, {item} in enumerate({name}):", f"for {k}, {item} in enumerate({name}.copy()):", f"for {k} in range(len({name})):", f"for {k} in range(0, {name}.size, 2):")
            if item not in head:
                del inner.types[item]
        elif kind == 9:
            before = [f"{k} = 0"]
            head = "while True:"
            start = [f"{INDENT}{k} += 1", f"{INDENT}if {k} > {self.random.randint(1, 3)}{pick(scope, '', f' or {test(scope)}')}:", f"{INDENT * 2}break"]
            inner.fixed.add(k)
            scope.types[k] = Index(5)
        else:
            limit = self.random.randint(1, 3)
            before = [f"{k} = 0"]
            head = f"while {k} < {limit}:" if self.random.random() < 0.6 else f"while {k} < {limit} and {test(scope)}:"
            start = [f"{INDENT}{k} += 1"]
            inner.types[k] = Index(2) if limit < 2 else Index(limit + 1)
            scope.types[k] = Index(limit + 1)
            if limit > 1 and self.random.random() < 0.5:
                del inner.types[k]
                inner.fixed.add(k)
        body = self.indented(inner)
        lines = [*before, head, *start, *body]
        if self.random.random() < 0.12:
            lines += ["else:", *self.indented(scope.inner(), 1)]
        return lines

    def nested(self, scope: Scope) -> list[str]:
        """A function that is made here: it reads, writes and binds what it captures; called later, and mostly at once."""
        own = scope.inner(False)
        own.returning = False
        own.types = {name: type_ for name, type_ in own.types.items() if not isinstance(type_, FunctionOf)}
        returns = pick(scope, FLOAT, FLOAT, *(scope.types[name] for name in scope.arrays()))
        name = scope.fresh("function")
        if self.random.random() < 0.25:
            own.types["m"] = FLOAT
            lines = [f"{name} = lambda m: {array(own, returns, 1)}"]
        else:
            rebound = self.random.choice([*scope.of(FLOAT), *scope.arrays(), ""])
            body = []
            if rebound and self.random.random() < 0.5:
                type_ = scope.types[rebound]
                body = [f"nonlocal {rebound}", f"{rebound} {pick(scope, '', '+', '*', '-')}= {array(own, type_, 1)}"]
            own.types["m"] = FLOAT
            for _ in range(self.random.randint(0, 2)):
                body += write(own)
            if self.random.random() < 0.2:
                body += [f"if {test(own)}:", f"{INDENT}return {array(own, returns, 1)}"]
            self.budget -= len(body)
            lines = [f"def {name}(m):", *(INDENT + line for line in body), f"{INDENT}return {view_or_value(own, returns)}"]
        scope.types[name] = FunctionOf(returns)
        if self.random.random() < 0.8:
            argument = number(scope)
            target = scope.fresh("array" if returns else "float")
            scope.types[target] = returns
            lines.append(f"{target} = {name}({argument})")
        return lines

    def cases(self, scope: Scope) -> list[str]:
        branches = [line for value in ("0", "1 | 2") for line in (f"case {value}:", *self.indented(scope.inner(), 2))]
        return ["match n:", *(INDENT + line for line in [*branches, "case _:", *self.indented(scope.inner(), 1)])]

    def attempt(self, scope: Scope) -> list[str]:
        """A lookup that may fail before anything has changed."""
        name = pick(scope, *scope.kind(ListOf), *scope.kind(DictOf), "")
        if not name:
            return []
        each = scope.types[name].each
        target = scope.fresh("array" if each else "float")
        lookup, error = (pick(scope, "0", "7"), "IndexError") if isinstance(scope.types[name], ListOf) else (pick(scope, '"a"', '"q"'), "KeyError")
        other = array(scope, each, 1)
        scope.types[target] = each
        return ["try:", f"{INDENT}{target} = {name}[{lookup}]", f"except {error}:", f"{INDENT}{target} = {other}"]

    def context(self, scope: Scope) -> list[str]:
        if self.random.random() < 0.5:
            return ['with np.errstate(all="ignore"):', *self.indented(scope)] if not scope.looping else []
        body = self.indented(scope.inner())
        return ["try:", *body, "finally:", *self.indented(scope.inner(), 1)]


def view_or_value(scope: Scope, shape: Shape) -> str:
    found = view(scope, shape) if shape and scope.random.random() < 0.4 else None
    return found[0] if found else array(scope, shape)
