"""Random expressions of a wanted type."""
from __future__ import annotations

from math import prod

from .scope import FLOAT, DictOf, FunctionOf, Helper, Index, ListOf, Mask, ObjectOf, Places, Scope, Shape, TupleOf


def pick(scope: Scope, *choices):
    return scope.random.choice(choices)


def constant(scope: Scope) -> str:
    return pick(scope, "0.5", "2.0", "1.5", "-0.7", "0.3", "3", "-1", "0.25")


def index(scope: Scope, below: int) -> str:
    """An int that may index an axis of length `below`."""
    loops = [name for name in scope.kind(Index) if scope.types[name].below <= below]
    if loops and scope.random.random() < 0.6:
        name = scope.random.choice(loops)
        return pick(scope, name, name, f"-1 - {name}", f"{below - 1} - {name}")
    return str(scope.random.randrange(-below, below))


def part(scope: Scope, length: int, wanted: int | None = None) -> tuple[str, int | None]:
    """An index of an axis and the length that it leaves, None for an element."""
    if wanted is None and scope.random.random() < 0.35:
        return index(scope, length), None
    choices = [(":", length), ("::-1", length), ("::2", (length + 1) // 2), ("1:", length - 1), (":-1", length - 1), ("-1:", 1), ("-2::-1", length - 1), ("1::2", length // 2),
               (f":{length // 2}", length // 2), (f"{length // 2}:", length - length // 2), ("...", length)]
    if wanted is not None:
        choices = [(text, left) for text, left in choices if left == wanted]
        if not choices and wanted <= length:
            start = scope.random.randrange(length - wanted + 1)
            choices = [(f"{start}:{start + wanted}", wanted)]
    choices = [(text, left) for text, left in choices if left]
    return scope.random.choice(choices) if choices else ("", None)


def held(scope: Scope) -> list[tuple[str, Shape]]:
    """What lists, dicts, tuples and objects hold: its text and shape."""
    found: list[tuple[str, Shape]] = []
    for name, type_ in scope.types.items():
        if isinstance(type_, ListOf):
            found.append((f"{name}[{pick(scope, '0', '-1')}]", type_.each))
        elif isinstance(type_, DictOf):
            found.append((f'{name}["{pick(scope, "a", "b")}"]', type_.each))
        elif isinstance(type_, TupleOf):
            found += [(f"{name}[{i}]", item) for i, item in enumerate(type_.items)]
        elif isinstance(type_, ObjectOf):
            found += [(f"{name}.{attribute}", each) for attribute, each in type_.fields]
    return found


def paths(scope: Scope) -> list[tuple[str, Shape]]:
    """What names arrays: variables, items and attributes."""
    return [(name, scope.types[name]) for name in scope.arrays()] + [(text, shape) for text, shape in held(scope) if shape]


def view(scope: Scope, wanted: Shape | None = None, base: tuple[str, Shape] | None = None) -> tuple[str, Shape] | None:
    """A view of an array: its text and shape."""
    candidates = [base] if base else paths(scope)
    scope.random.shuffle(candidates)
    for text, shape in candidates:
        for _ in range(4):
            found = one_view(scope, text, shape, wanted)
            if found and found[1] and scope.random.random() < 0.2:
                found = one_view(scope, *found, wanted) or found
            if found and (wanted is None or found[1] == wanted):
                return found
    return None


def one_view(scope: Scope, text: str, shape: Shape, wanted: Shape | None) -> tuple[str, Shape] | None:
    kind = scope.random.randrange(8)
    if len(shape) == 1:
        if kind == 0 and shape == (12,):
            new = pick(scope, (3, 4), (4, 3))
            return f"{text}.reshape({new[0]}, {new[1]})", new
        if kind == 1:
            return pick(scope, f"{text}.ravel()", f"{text}[:]", f"np.asarray({text})", f"{text}.reshape(-1)", text), shape
        if wanted is not None and len(wanted) == 1:
            at, left = part(scope, shape[0], wanted[0])
        else:
            at, left = part(scope, shape[0])
        if not at:
            return None
        return f"{text}[{at}]", () if left is None else (left,)
    if kind == 0:
        return f"{text}{pick(scope, '.T', '.T', '.transpose()', '.swapaxes(0, 1)')}", shape[::-1]
    if kind == 1:
        return pick(scope, f"{text}.reshape(-1)", f"{text}.ravel()", f"{text}.reshape({prod(shape)})"), (prod(shape),)
    if kind == 2 and shape in ((3, 4), (4, 3)):
        return f"{text}.reshape({shape[1]}, {shape[0]})", shape[::-1]
    if kind == 3 and shape == (3, 3):
        return f"{text}.diagonal()" if wanted is not None and False else f"{text}.T.T", shape
    if kind in (3, 4):
        return f"{text}[{index(scope, shape[0])}]", (shape[1],)
    if kind == 5:
        return f"{text}[:, {index(scope, shape[1])}]", (shape[0],)
    first, rows = part(scope, shape[0])
    second, columns = part(scope, shape[1])
    if "..." in (first, second) or not first or not second:
        return None
    return f"{text}[{first}, {second}]", tuple(n for n in (rows, columns) if n is not None)


def number(scope: Scope, depth: int = 0) -> str:
    """An expression of a float."""
    leaves = [*scope.of(FLOAT)] * 2
    leaves += [found[0] for _ in range(2) if (found := view(scope, FLOAT))]
    leaves += [text for text, shape in held(scope) if shape == FLOAT]
    leaf = scope.random.choice(leaves) if leaves else "0.4"
    if depth > 1:
        return leaf
    kind = scope.random.randrange(16)
    if kind < 4:
        return leaf
    if kind == 4:
        return constant(scope)
    if kind == 5:
        return f"{atom(number(scope, depth + 1))} * {atom(number(scope, depth + 1))}"
    if kind == 6:
        return f"{number(scope, depth + 1)} {pick(scope, '+', '-')} {atom(number(scope, depth + 1))}"
    if kind == 7:
        return f"math.{pick(scope, 'sin', 'tanh', 'cos', 'atan')}({number(scope, depth + 1)})"
    if kind == 8:
        return f"np.{pick(scope, 'sin', 'tanh')}({number(scope, depth + 1)})"
    if kind == 9:
        return f"{atom(number(scope, depth + 1))} / (2.5 + {atom(number(scope, depth + 1))} ** 2)"
    if kind in (10, 11, 12) and scope.arrays():
        shape = scope.types[scope.random.choice(scope.arrays())]
        inner = array(scope, shape, depth + 1)
        masks = [name for name in scope.kind(Mask) if scope.types[name].shape == shape]
        if masks and scope.random.random() < 0.4:
            return f"{atom(inner)}[{masks[0]}].sum()"
        call = pick(scope, f"np.sum({inner})", f"{atom(inner)}.sum()", f"np.mean({inner})", f"np.max({inner})", f"{atom(inner)}.mean()", f"float(np.sum({inner}))")
        if len(shape) == 1 and scope.random.random() < 0.4:
            return f"{atom(inner)} @ {atom(array(scope, shape, depth + 1))}"
        return call
    if kind == 13:
        return f"({number(scope, depth + 1)} if {test(scope)} else {number(scope, depth + 1)})"
    if kind == 14:
        calls = helper_calls(scope, FLOAT, depth)
        calls += [f"{name}({number(scope, depth + 1)})" for name in scope.kind(FunctionOf) if scope.types[name].returns == FLOAT]
        lists = [name for name, t in scope.types.items() if isinstance(t, ListOf) and t.each == FLOAT]
        if calls:
            return scope.random.choice(calls)
        return f"sum({scope.random.choice(lists)})" if lists else leaf
    shapes = [scope.types[name] for name in scope.arrays(1)]
    if not shapes:
        return leaf
    vector = scope.random.choice(scope.arrays(1))
    return pick(scope, f"sum(i * {constant(scope)} for i in {vector})", f"sum([i ** 2 for i in {vector}])", f"max({leaf}, {constant(scope)})", f"abs({leaf})",
                f"sum([i for i in {vector} if i > 0.1])", *reductions(scope, vector, leaf))


def reductions(scope: Scope, vector: str, leaf: str) -> list[str]:
    """Numbers made of a vector, by NumPy and by Python."""
    found = [f"np.prod({vector})", f"np.linalg.norm({vector})", f"np.dot({vector}, {vector})", f"max({vector})", f"sorted({vector})[0]", f"{vector}.min()", f"np.var({vector})",
             f"functools.reduce(lambda i, j: i * 0.5 + j, {vector})", f"sum(map(math.sin, {vector}))", f"sum(filter(lambda i: i < 0.2, {vector}))", f"np.sum({vector}[{vector} > 0.1])",
             f"sum(i * j for i, j in zip({vector}, {vector}[::-1]))", f"sum(i * j for i in {vector} for j in {vector} if i > j)", f"np.einsum('i,i->', {vector}, {vector})",
             f"({leaf} if any(i > 0.3 for i in {vector}) else 0.5)", f"({leaf} if np.all({vector} < 0.9) else {vector}[0])", f"{vector}[np.argmax({vector})]",
             f"{vector}[np.argsort({vector})[0]]"]
    found += [f"sum([{name}(i) for i in {vector}])" for name in scope.kind(FunctionOf) if scope.types[name].returns == FLOAT]
    return found


def atom(text: str) -> str:
    return text if text.replace("_", "").replace(".", "").isalnum() or (text[-1] in ")]" and " " not in text) else f"({text})"


def test(scope: Scope, binds: bool = False) -> str:
    """A condition; one that stands first in a statement may bind a name."""
    loops = scope.kind(Index)
    if loops and scope.random.random() < 0.35:
        name = scope.random.choice(loops)
        return pick(scope, f"{name} == {scope.random.randrange(3)}", f"{name} % 2 == 0", f"{name} > 0")
    leaf = number(scope, 2)
    if binds and scope.random.random() < 0.15:
        name = scope.fresh("float")
        scope.types[name] = FLOAT
        return f"({name} := {number_of(scope, name)}) > {constant(scope)}"
    return pick(scope, f"{constant(scope)} < {leaf} < 1.2", f"{leaf} > {constant(scope)}", f"{leaf} < {leaf_or(scope)}", f"n > {scope.random.randrange(4)}", f"{leaf} > 0 and n > 1", f"not {leaf} > 0.2")


def number_of(scope: Scope, name: str) -> str:
    """A number that does not read the variable that it will be bound to."""
    type_ = scope.types.pop(name)
    text = number(scope, 1)
    scope.types[name] = type_
    return text


def leaf_or(scope: Scope) -> str:
    return pick(scope, number(scope, 2), constant(scope))


def array(scope: Scope, shape: Shape, depth: int = 0) -> str:
    """An expression of an array of a shape."""
    if shape == ():
        return number(scope, depth)
    same = scope.of(shape)
    if depth > 1:
        if same and scope.random.random() < 0.7:
            return scope.random.choice(same)
        found = view(scope, shape)
        return found[0] if found else scope.random.choice(same) if same else fill(scope, shape)
    kind = scope.random.randrange(28)

    def inner(of: Shape = shape) -> str:
        return array(scope, of, depth + 1)

    if kind < 3 and same:
        return scope.random.choice(same)
    if kind < 6:
        found = view(scope, shape)
        return found[0] if found else inner()
    if kind == 6:
        return f"np.{pick(scope, 'tanh', 'sin', 'cos', 'arctan')}({inner()})"
    if kind == 7:
        return f"{inner()} {pick(scope, '+', '-')} {atom(inner())}"
    if kind == 8:
        return f"{atom(inner())} * {atom(inner())}"
    if kind == 9:
        return f"{atom(inner())} * {atom(number(scope, depth + 1))}"
    if kind == 10:
        return f"{atom(inner())} / (2.0 + {atom(inner())} ** 2)"
    if kind == 11:
        return f"{number(scope, depth + 1)} - {atom(inner())}"
    if kind == 12:
        return pick(scope, f"{atom(inner())}.copy()", f"-{atom(inner())}", f"{atom(inner())} ** 2", f"np.abs({inner()})", f"{atom(inner())} * 1.0", f"np.array({inner()})")
    if kind == 13:
        return pick(scope, f"np.where({inner()} > {constant(scope)}, {inner()}, {inner()})", f"np.maximum({inner()}, {constant(scope)})", f"np.minimum({inner()}, {inner()})",
                    f"np.clip({inner()}, -0.8, 0.9)")
    if kind == 14:
        return fill(scope, shape)
    if kind == 15 and len(shape) == 2:
        return pick(scope, f"{atom(inner())} + {atom(inner(shape[1:]))}", f"{atom(inner())} * {atom(inner(shape[:1]))}[:, None]", f"np.outer({inner(shape[:1])}, {inner(shape[1:])})",
                    f"np.stack([{', '.join(inner(shape[1:]) for _ in range(shape[0]))}])")
    if kind == 16 and len(shape) == 1:
        sources = [(name, scope.types[name]) for name in scope.arrays(2)]
        options = [f"{name}.sum(axis=0)" for name, t in sources if t[1] == shape[0]] + [f"np.mean({name}, axis=1)" for name, t in sources if t[0] == shape[0]]
        options += [f"{name} @ {atom(inner(t[1:]))}" for name, t in sources if t[0] == shape[0]] + [f"{atom(inner(t[:1]))} @ {name}" for name, t in sources if t[1] == shape[0]]
        if options:
            return scope.random.choice(options)
    if kind == 17 and len(shape) == 1:
        bases = scope.arrays(1)
        if bases:
            base = scope.random.choice(bases)
            places = [scope.random.randrange(scope.types[base][0]) for _ in range(shape[0])]
            known = [name for name in scope.kind(Places) if scope.types[name].length == shape[0] and scope.types[name].below <= scope.types[base][0]]
            if known and scope.random.random() < 0.6:
                return f"{base}[{known[0]}]"
            return pick(scope, f"{base}[{places}]", f"{base}[np.array({places})]")
    if kind == 18 and len(shape) == 1 and shape[0] > 1:
        cut = scope.random.randrange(1, shape[0])
        return f"np.concatenate([{inner((cut,))}, {inner((shape[0] - cut,))}])"
    if kind == 19 and len(shape) == 1:
        return pick(scope, f"np.array([{number(scope, 2)} * k for k in range({shape[0]})])", f"np.cumsum({inner()})", f"np.array([{', '.join(number(scope, 2) for _ in range(shape[0]))}])")
    if kind == 20:
        return f"({inner()} if {test(scope)} else {inner()})"
    if kind in (21, 22):
        calls = helper_calls(scope, shape, depth)
        if calls:
            return scope.random.choice(calls)
    if kind == 23 and len(shape) == 2:
        return pick(scope, f"{atom(inner(shape[::-1]))}.T", f"np.transpose({inner(shape[::-1])})", f"{atom(inner((shape[0], shape[0])))} @ {atom(inner())}")
    if kind == 24 and len(shape) == 1:
        return pick(scope, f"np.roll({inner()}, 1)", f"np.flip({inner()})", f"np.sort({inner()})", f"np.cumprod({inner()})", f"np.diff({inner((shape[0] + 1,))})", f"np.tile({number(scope, 2)}, {shape[0]})",
                    f"np.append({inner((shape[0] - 1,))}, {number(scope, 2)})" if shape[0] > 1 else inner(), f"np.repeat({number(scope, 2)}, {shape[0]})", f"np.linspace(0, {number(scope, 2)}, {shape[0]})",
                    f"np.array(list({inner()}))", f"np.array([i * {number(scope, 2)} for i in {inner()}])", f"np.array(sorted({inner()}))")
    if kind == 24:
        return pick(scope, f"np.vstack([{', '.join(inner(shape[1:]) for _ in range(shape[0]))}])", f"np.array([row * {number(scope, 2)} for row in {inner()}])", f"np.flip({inner()}, axis=0)",
                    f"np.roll({inner()}, 1, axis=1)", f"np.einsum('ij,j->ij', {inner()}, {inner(shape[1:])})", f"np.cumsum({inner()}, axis=1)", f"np.zeros({shape}) + {inner(shape[1:])}",
                    f"np.broadcast_to({inner(shape[1:])}, {shape})", f"{atom(inner(shape[:1]))}.reshape(-1, 1) * {atom(inner(shape[1:]))}[None, :]", f"np.column_stack([{', '.join(inner(shape[:1]) for _ in range(shape[1]))}])")
    if kind == 25:
        masks = [name for name in scope.kind(Mask) if scope.types[name].shape == shape]
        functions = [name for name in scope.kind(FunctionOf) if scope.types[name].returns == shape]
        if masks and (not functions or scope.random.random() < 0.5):
            return f"np.where({masks[0]}, {inner()}, {inner()})"
        if functions:
            return f"{functions[0]}({number(scope, depth + 1)})"
    if kind == 26 and same:
        name = scope.random.choice(same)
        return f"({name} if {test(scope)} else {pick(scope, name + '.copy()', scope.random.choice(same), inner())})"
    if kind == 27 and len(shape) == 2:
        sources = [name for name in scope.arrays(2) if scope.types[name][1] == shape[1]]
        if sources:
            source = scope.random.choice(sources)
            return f"{source}[{[scope.random.randrange(scope.types[source][0]) for _ in range(shape[0])]}]"
    return f"{atom(inner())} * {constant(scope)}"


def fill(scope: Scope, shape: Shape) -> str:
    size = shape if len(shape) > 1 else shape[0]
    options = [f"np.zeros({size})", f"np.ones({size})", f"np.full({size}, {number(scope, 2)})"]
    same = scope.of(shape)
    if same:
        options += [f"np.zeros_like({same[0]})", f"np.ones_like({same[-1]})"]
    return scope.random.choice(options)


def callables(scope: Scope) -> list[tuple[str, Helper]]:
    """Functions of the module, and methods of the objects at hand: what is called."""
    methods = [(f"{name}.{method.name}", method) for name, type_ in scope.types.items() if isinstance(type_, ObjectOf) for method in type_.methods]
    return [(helper.name, helper) for helper in scope.helpers] + methods


def call(scope: Scope, name: str, helper: Helper, depth: int) -> str | None:
    """A call with arguments at hand; a method without parameters is a property."""
    if not helper.params:
        return name
    args = []
    for i, param in enumerate(helper.params):
        own = [name for name in scope.of(param) if name not in scope.fixed]
        if i == 0 and helper.writes or not isinstance(param, tuple):
            found = (view(scope, param) if isinstance(param, tuple) and param and scope.random.random() < 0.3 else None)
            if not own and not found:
                return None
            args.append(found[0] if found else scope.random.choice(own))
        else:
            args.append(("c=" if i == 1 and scope.random.random() < 0.2 else "") + array(scope, param, depth + 1))       # type: ignore[arg-type]
    return f"{name}({', '.join(args)})"


def helper_calls(scope: Scope, returns: Shape | None, depth: int) -> list[str]:
    """Calls that give what is wanted."""
    calls = [call(scope, name, helper, depth) for name, helper in callables(scope) if helper.returns == returns and helper.yields is None]
    return [text for text in calls if text]
