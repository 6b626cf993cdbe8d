"""Random statements: rebinding, writes in place of every kind, containers, control flow, calls of functions that write."""
from __future__ import annotations

from .expressions import array, atom, constant, helper_calls, index, number, part, paths, pick, test, view
from .scope import FLOAT, SHAPES, DictOf, Index, ListOf, Scope, Shape, TupleOf, Type

INDENT = "    "


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
        kinds = [(rebind, 10), (write, 16), (update, 8), (scalar, 6), (library, 6), (swap, 3), (lists, 8), (dicts, 5), (tuples, 2), (helper, 6)]
        if self.budget > 1:
            kinds += [(self.branch, 6), (self.loop, 8), (self.nested, 2), (self.context, 1)]
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
        lines = [f"if {test(scope)}:", *self.indented(scope.inner())]
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
        kind = self.random.randrange(9)
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
        """A nested function over what it captures, and a call of it."""
        if scope.looping or "inner" in scope.types:
            return []
        own = scope.inner(False)
        own.returning = False
        own.types["m"] = FLOAT
        captured = [name for name in scope.types]
        own.types = {name: own.types[name] for name in [*captured, "m"]}
        assigned = frozenset(captured)
        writer = Writer(own, 2)
        lines = []
        for _ in range(self.random.randint(0, 2)):
            lines += [line for line in write(own) or ["pass"]]
        del assigned, writer
        self.budget -= len(lines)
        result = number(own)
        scope.types["inner"] = TupleOf(())
        target = scope.fresh("float")
        name = f"inner{len(scope.types)}"
        del scope.types["inner"]
        scope.types[target] = FLOAT
        return [f"def {name}(m):", *(INDENT + line for line in lines), f"{INDENT}return {result}", f"{target} = {name}({number_without(scope, target)})"]

    def context(self, scope: Scope) -> list[str]:
        if self.random.random() < 0.5:
            return ['with np.errstate(all="ignore"):', *self.indented(scope)] if not scope.looping else []
        body = self.indented(scope.inner())
        return ["try:", *body, "finally:", *self.indented(scope.inner(), 1)]


def number_without(scope: Scope, name: str) -> str:
    held = scope.types.pop(name)
    text = number(scope)
    scope.types[name] = held
    return text


def rebind(scope: Scope) -> list[str]:
    """A variable bound to a value, a view or another variable; an old one keeps its type."""
    if scope.random.random() < 0.55 and scope.arrays():
        name = scope.random.choice(scope.arrays())
        shape = scope.types[name]
    else:
        shape = scope.random.choice([*SHAPES, *(scope.types[n] for n in scope.arrays())])
        name = None
    if scope.random.random() < 0.5:
        found = view(scope, None if name is None else shape)
        if found is None or found[1] == ():
            return []
        text, shape = found
    else:
        text = array(scope, shape)
    if name is None:
        name = scope.fresh("array")
    scope.types[name] = shape
    return [f"{name} = {text}"]


def place(scope: Scope) -> tuple[str, Shape] | None:
    """What can be written: part of an array, by any index that NumPy takes."""
    options = paths(scope)
    if not options:
        return None
    text, shape = scope.random.choice(options)
    kind = scope.random.randrange(14)
    if kind < 7:
        found = view(scope, None, (text, shape))
        return found if found and found[0].endswith("]") and ".ravel()" not in found[0] else None
    if kind == 7 and len(shape) == 1:
        places = scope.random.sample(range(shape[0]), scope.random.randint(1, shape[0]))
        return pick(scope, f"{text}[{places}]", f"{text}[np.array({places})]"), (len(places),)
    if kind == 8:
        return f"{text}[{atom(array(scope, shape, 2))} > {constant(scope)}]", ()
    if kind == 9 and len(shape) == 2:
        first, rows = part(scope, shape[1])
        if first == "...":
            return None
        return f"{text}.T[{first}]", (shape[0],) if rows is None else (rows, shape[0])
    if kind == 10 and len(shape) == 2:
        return f"{text}.flat[{index(scope, shape[0] * shape[1])}]", ()
    if kind == 11 and len(shape) == 2:
        return pick(scope, f"{text}.reshape(-1)[{index(scope, shape[0] * shape[1])}]", f"{text}[..., {index(scope, shape[1])}]"[:0] or f"{text}.reshape(-1)[0]"), ()
    if kind == 12 and len(shape) == 1:
        places = [scope.random.randrange(shape[0]) for _ in range(2)]
        return f"{text}[{places}]", (2,)
    return pick(scope, f"{text}[...]", f"{text}[:]"), shape


def write(scope: Scope) -> list[str]:
    found = place(scope)
    if found is None:
        return []
    text, shape = found
    kind = scope.random.randrange(10)
    value = number(scope) if kind < 2 or shape == () else array(scope, shape)
    if kind < 6:
        return [f"{text} = {value}"]
    op = pick(scope, "+", "-", "*", "/")
    return [f"{text} {op}= {f'(2.0 + {atom(value)} ** 2)' if op == '/' else value}"]


def update(scope: Scope) -> list[str]:
    """An augmented assignment of a whole array, which other names see."""
    if not scope.arrays():
        return []
    name = scope.random.choice(scope.arrays())
    shape = scope.types[name]
    value = array(scope, pick(scope, shape, shape, shape[1:], ()), 1)
    op = pick(scope, "+", "+", "-", "*", "*", "/")
    if op == "/":
        value = f"(2.0 + {atom(value)} ** 2)"
    return [f"{name} {op}= {value}"]


def scalar(scope: Scope) -> list[str]:
    names = scope.of(FLOAT)
    if names and scope.random.random() < 0.4:
        name = scope.random.choice(names)
        return [f"{name} {pick(scope, '+', '-', '*')}= {number(scope, 1)}"]
    name = scope.random.choice(names) if names and scope.random.random() < 0.5 else scope.fresh("float")
    value = number(scope)
    scope.types[name] = FLOAT
    return [f"{name} = {value}"]


def library(scope: Scope) -> list[str]:
    """A function or method of NumPy that writes into an array."""
    found = view(scope) if scope.random.random() < 0.3 else None
    if found is None and scope.arrays():
        name = scope.random.choice(scope.arrays())
        found = name, scope.types[name]
    if found is None or found[1] == ():
        return []
    text, shape = found
    one, two = array(scope, shape, 1), array(scope, shape, 1)
    options = [f"np.copyto({text}, {one})", f"np.{pick(scope, 'add', 'subtract', 'multiply', 'maximum')}({one}, {two}, out={text})", f"np.{pick(scope, 'tanh', 'sin')}({one}, out={text})",
               f"{text}.fill({number(scope, 1)})", f"np.add({one}, {two}, {text})", f"{text} += {one}" if text.isidentifier() else f"{text}[...] += {one}"]
    if len(shape) == 1:
        places = [scope.random.randrange(shape[0]) for _ in range(3)]
        options += [f"np.add.at({text}, {places}, {array(scope, (3,), 1)})", f"np.subtract.at({text}, {places}, {number(scope, 1)})", f"{text}.sort()", f"np.put({text}, {places}, {number(scope, 1)})"]
    if len(shape) == 2:
        options += [f"np.fill_diagonal({text}, {number(scope, 1)})"]
    options += [f"np.putmask({text}, {one} > 0.1, {two})", f"np.copyto({text}, {one}, where={two} > 0)"]
    return [scope.random.choice(options)]


def swap(scope: Scope) -> list[str]:
    names = scope.arrays()
    if not names:
        return []
    one = scope.random.choice(names)
    same = [name for name in scope.of(scope.types[one]) if name != one]
    if not same:
        return []
    two = scope.random.choice(same)
    return [pick(scope, f"{one}, {two} = {two}, {one}", f"{one}, {two} = {two}, {one}", f"{one}, {two} = {array(scope, scope.types[one], 1)}, {one}", f"{one} = {two} = {array(scope, scope.types[one], 1)}",
                 f"{one} = {two}")]


def lists(scope: Scope) -> list[str]:
    names = [name for name in scope.kind(ListOf)]
    if not names or scope.random.random() < 0.2:
        if len(names) > 2:
            return []
        each = pick(scope, FLOAT, (3,), (4,), *(scope.types[n] for n in scope.arrays()))
        name = scope.fresh("list")
        same = scope.of(each)
        items = [array(scope, each, 1) if scope.random.random() < 0.6 or not same else scope.random.choice(same) for _ in range(scope.random.randint(1, 3))]
        text = f"[{', '.join(items)}]"
        if scope.random.random() < 0.2:
            text = f"[{array(scope, each, 1)} for k in range({scope.random.randint(1, 3)})]"
        matrices = [n for n in scope.arrays(2) if scope.types[n][1:] == each]
        if matrices and scope.random.random() < 0.3:
            matrix = scope.random.choice(matrices)
            text = pick(scope, f"[row for row in {matrix}]", f"list({matrix})", f"[row * 2 for row in {matrix}]")
        scope.types[name] = ListOf(each)
        return [f"{name} = {text}"]
    name = scope.random.choice(names)
    each = scope.types[name].each
    item = array(scope, each, 1)
    at = pick(scope, "0", "-1")
    kind = scope.random.randrange(13)
    still = name in scope.fixed
    if kind < 3:
        return [] if still else [f"{name}.append({item})"]
    if kind == 3:
        if still:
            return []
        known = scope.of(each)
        target = scope.random.choice(known) if known else None
        return [f"if len({name}) > 1:", f"{INDENT}{target + ' = ' if target else ''}{name}.pop({pick(scope, '', '0', '-1')})"]
    if kind < 6:
        return [f"{name}[{at}] = {item}"]
    if kind == 6:
        return [f"{name}[{at}] {pick(scope, '+', '*', '-')}= {item}"]
    if kind == 7 and each:
        deep = view(scope, None, (f"{name}[{at}]", each))
        return [f"{deep[0]} = {array(scope, deep[1], 1)}"] if deep and deep[0].endswith("]") and "ravel" not in deep[0] else []
    if kind == 8:
        target = scope.fresh("array" if each else "float")
        scope.types[target] = each
        return [f"{target} = {name}[{at}]"]
    if kind == 9 and not still:
        return [pick(scope, f"{name}.extend([{item}, {item}])", f"{name}.insert(0, {item})", f"{name} += [{item}]", f"{name}.reverse()", f"{name} = {name} + [{item}]")]
    if kind == 10 and not still:
        return [f"{name} = {pick(scope, f'{name}[::-1]', f'[{item}, *{name}]', f'{name}[:]', f'list({name})')}"]
    if kind == 11:
        other = scope.fresh("list")
        scope.types[other] = scope.types[name]
        if still:
            scope.fixed.add(other)
        return [f"{other} = {pick(scope, name, name, f'list({name})', f'[i * 0.5 for i in {name}]')}"]
    return []


def dicts(scope: Scope) -> list[str]:
    names = scope.kind(DictOf)
    if not names or scope.random.random() < 0.15:
        if len(names) > 1:
            return []
        each = pick(scope, FLOAT, (3,), *(scope.types[n] for n in scope.arrays()))
        name = scope.fresh("dict")
        text = pick(scope, f'{{"a": {array(scope, each, 1)}, "b": {array(scope, each, 2)}}}', f'dict(a={array(scope, each, 1)}, b={array(scope, each, 2)})')
        scope.types[name] = DictOf(each)
        return [f"{name} = {text}"]
    name = scope.random.choice(names)
    each: Type = scope.types[name].each
    item = array(scope, each, 1)
    key = pick(scope, '"a"', '"b"')
    kind = scope.random.randrange(8)
    if kind < 2:
        return [f"{name}[{key}] = {item}"]
    if kind == 2:
        return [f"{name}[{key}] {pick(scope, '+', '*', '-')}= {item}"]
    if kind == 3 and each:
        deep = view(scope, None, (f"{name}[{key}]", each))
        return [f"{deep[0]} = {array(scope, deep[1], 1)}"] if deep and deep[0].endswith("]") and "ravel" not in deep[0] else []
    if kind == 4:
        target = scope.fresh("array" if each else "float")
        scope.types[target] = each
        return [f"{target} = {name}{pick(scope, f'[{key}]', f'[{key}]', f'.get({key})')}"]
    if kind == 5:
        return [f"{name}.update({pick(scope, f'a={item}', f'{{{key}: {item}}}')})"]
    if kind == 6:
        other = scope.fresh("dict")
        scope.types[other] = scope.types[name]
        return [f"{other} = {pick(scope, name, f'dict({name})', f'{{key: item * 2 for key, item in {name}.items()}}')}"]
    return []


def tuples(scope: Scope) -> list[str]:
    names = [name for name in scope.kind(TupleOf) if scope.types[name].items]
    if names and scope.random.random() < 0.5:
        name = scope.random.choice(names)
        targets = []
        for item in scope.types[name].items:
            target = scope.fresh("array" if item else "float")
            scope.types[target] = item
            targets.append(target)
        return [f"{', '.join(targets)} = {name}"]
    items = tuple(scope.random.choice([FLOAT, *(scope.types[n] for n in scope.arrays())]) for _ in range(2))
    texts = ", ".join(array(scope, item, 1) for item in items)
    name = scope.fresh("tuple")
    scope.types[name] = TupleOf(items)
    return [f"{name} = ({texts})"]


def helper(scope: Scope) -> list[str]:
    """A call for what it writes, or for the view that it returns."""
    if not scope.helpers:
        return []
    chosen = scope.random.choice(scope.helpers)
    calls = helper_calls(scope, chosen.returns, 0)
    calls = [call for call in calls if call.startswith(chosen.name + "(")]
    if not calls:
        return []
    if chosen.returns is None or scope.random.random() < 0.2:
        return [calls[0]]
    target = scope.fresh("array" if chosen.returns else "float")
    scope.types[target] = chosen.returns
    return [f"{target} = {calls[0]}"]
