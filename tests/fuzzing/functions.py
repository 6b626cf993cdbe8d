"""Random functions, generator functions and classes of the module."""
from __future__ import annotations

import re

from .expressions import array, index, number, paths, pick, test, view
from .scope import FLOAT, INDENT, Helper, Index, ListOf, ObjectOf, Scope, Shape, Type
from .statements import Writer, view_or_value
from .writes import update, write


def helper(scope: Scope, at: int) -> str:
    """A function of the module: it computes, writes into its first argument, returns a view of it, calls itself, or yields."""
    source = scope.random
    kind = source.choice(("value", "write", "write", "view", "both", "either", "recursive", "yields", "flow"))
    first: Type = source.choice([(3,), (4,), (3, 4), (3, 3)])
    second: Shape = source.choice([FLOAT, (3,)])
    if kind == "write" and source.random() < 0.2:
        first = ListOf((3,))
    own = Scope(source, {"o": first, "c": second}, helpers=list(scope.helpers))
    name = f"h{at}"
    if isinstance(first, ListOf):
        lines = [pick(own, "o.append(c * o[0])", "o[0] = o[-1] * c", "o[0] *= c", "o[0][1:] = o[-1][:-1] * 0.5", "o.pop()\n    o.insert(0, o[-1] * c)" if second else "o[-1] += c")]
        scope.helpers.append(Helper(name, (first, second), None, True))
        return function(name, "o, c", lines)
    assert isinstance(first, tuple)
    returns, lines = {"value": values, "recursive": recursion, "yields": yields}.get(kind, works)(own, first, kind, name)        # type: ignore[operator]
    scope.helpers.append(Helper(name, (first, second), returns, kind != "value", returns if kind == "yields" else None))
    return function(name, "o, c, left=2" if kind == "recursive" else pick(own, "o, c", "o, c", "o, c=0.5"), lines)


def function(name: str, parameters: str, lines: list[str]) -> str:
    return own_names(f"def {name}({parameters}):\n" + "".join(f"{INDENT}{line}\n" for line in lines) + "\n\n")


def own_names(text: str) -> str:
    """What `f` has as its argument `n`, functions beside it read from the module."""
    return re.sub(r"\bn\b", "N", text)


def values(own: Scope, first: Shape, _kind: str, _name: str) -> tuple[Shape | None, list[str]]:
    returns = own.random.choice([FLOAT, first, (3,)])
    early = [f"if {number(own, 2)} > 0.3:", f"{INDENT}return {array(own, returns)}"] if own.random.random() < 0.3 else []
    return returns, [*early, f"return {array(own, returns)}"]


def works(own: Scope, first: Shape, kind: str, _name: str) -> tuple[Shape | None, list[str]]:
    """A function that changes its first argument, and mostly returns something as well."""
    lines = []
    if kind == "flow":
        writer = Writer(own, own.random.randint(2, 4))
        while writer.budget > 0:
            lines += writer.statement(own)
    else:
        for _ in range(own.random.randint(1, 3) if kind in ("write", "both") else own.random.randint(0, 1)):
            lines += pick(own, write, update)(own)
    if kind == "write":
        return None, lines or ["o *= 0.5"]
    if kind == "view":
        found = view(own, None, ("o", first)) or ("o", first)
        return found[1], [*lines, f"return {found[0]}"]
    if kind == "either":
        return first, [*lines, f"if {test(own)}:", f"{INDENT}return {pick(own, 'o', 'o[::-1]')}", f"return {array(own, first)}"]
    returns = own.random.choice([FLOAT, first, (3,)])
    return returns, [*lines, f"return {view_or_value(own, returns)}"]


def recursion(own: Scope, first: Shape, _kind: str, name: str) -> tuple[Shape | None, list[str]]:
    returns = pick(own, FLOAT, first)
    last = array(own, returns, 1)
    own.types["left"] = Index(3)
    changes = write(own) if own.random.random() < 0.5 else []
    again = f"{name}({pick(own, 'o', array(own, first, 1))}, {array(own, own.types['c'], 1)}, left - 1)"                   # type: ignore[arg-type]
    return returns, ["if left == 0:", f"{INDENT}return {last}", *changes, f"return {again} * 0.5 + {array(own, returns, 1)}"]


def yields(own: Scope, first: Shape, _kind: str, _name: str) -> tuple[Shape | None, list[str]]:
    own.types["k"] = Index(first[0])
    before = write(own) if own.random.random() < 0.3 else []
    item = f"o[{index(own, first[0])}]" if own.random.random() < 0.3 else "o[k]"
    returns = first[1:]
    value = pick(own, item, f"{item} * {number(own, 1)}", array(own, returns, 1))
    after = [f"if {test(own)}:", f"{INDENT}{pick(own, 'break', 'return', 'continue')}"] if own.random.random() < 0.3 else []
    return returns, [f"for k in range({first[0]}):", *(INDENT + line for line in [*before, f"yield {value}", *after])]


def class_(scope: Scope, at: int) -> str:
    """A class with methods that read, write and return what its attributes hold; the second one may inherit from the first."""
    source = scope.random
    name = f"M{at}"
    if scope.classes and source.random() < 0.4:
        parent = scope.classes[0]
        fields, methods, lines = parent.fields, list(parent.methods), [f"class {name}({parent.name}):"]
    else:
        fields = (("w", source.choice([(3,), (4,), (3, 4)])), ("b", source.choice([FLOAT, (3,)])))
        fields = (*fields, ("e", fields[0][1])) if source.random() < 0.4 else fields
        methods, lines = [], made(scope, name, fields)
    for _ in range(source.randint(1, 3)):
        methods, text = method(scope, ObjectOf(name, fields, tuple(methods)))
        lines += text
    scope.classes.append(ObjectOf(name, fields, tuple(methods)))
    return own_names("\n".join(lines) + "\n\n\n")


def made(scope: Scope, name: str, fields: tuple[tuple[str, Shape], ...]) -> list[str]:
    """The head of a class, with its `__init__`, or a dataclass."""
    if scope.random.random() < 0.3:
        return ["@dataclass", f"class {name}:", *(f"{INDENT}{attribute}: object" for attribute, _ in fields), ""]
    own = Scope(scope.random, dict(fields))
    bound = [f"self.{attribute} = {pick(scope, attribute, attribute, f'{attribute} * 1.0', array(own, each, 1))}" for attribute, each in fields]
    return [f"class {name}:", f"{INDENT}def __init__(self, {', '.join(attribute for attribute, _ in fields)}):", *(INDENT * 2 + line for line in bound), ""]


def method(scope: Scope, owner: ObjectOf) -> tuple[list[Helper], list[str]]:
    """One more method, or one that replaces and calls that of the parent: all methods, and its lines."""
    source = scope.random
    parameter = source.choice([FLOAT, (3,)])
    own = Scope(source, {"self": owner, "o": parameter}, helpers=list(scope.helpers))
    if source.random() < 0.2:
        del own.types["o"]
        name = f"property{len(owner.methods)}"
        text = ["@property", f"def {name}(self):", f"{INDENT}return {number(own)}"]
        return [*owner.methods, Helper(name, (), FLOAT, False)], [INDENT + line for line in text] + [""]
    old = [other for other in owner.methods if other.params]
    name = old[0].name if old and source.random() < 0.2 and owner.name != "M0" else f"step{len(owner.methods)}"
    lines: list[str] = []
    for _ in range(source.randint(0, 2)):
        lines += pick(own, write, update, attribute)(own)
    returns = source.choice([None, FLOAT, *(each for _, each in owner.fields)])
    if returns is not None:
        found = view(own, returns, source.choice(paths(own))) if returns and source.random() < 0.5 else None
        lines.append(f"return {found[0] if found else array(own, returns)}")
    elif source.random() < 0.5:
        lines.append("return self")
    kept = [other for other in owner.methods if other.name != name]
    return [*kept, Helper(name, (parameter,), returns, False)], [f"{INDENT}def {name}(self, o):", *(INDENT * 2 + line for line in lines or ["pass"]), ""]


def attribute(own: Scope) -> list[str]:
    owner = own.types["self"]
    assert isinstance(owner, ObjectOf)
    name, each = own.random.choice(owner.fields)
    return [f"self.{name} {pick(own, '', '', '+', '*')}= {array(own, each, 1)}"]
