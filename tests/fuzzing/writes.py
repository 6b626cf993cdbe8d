"""Random statements that bind and write: rebinding, writes in place of every kind, swaps, calls of functions that write."""
from __future__ import annotations

from .expressions import array, atom, call, callables, constant, held, index, number, part, paths, pick, view
from .scope import FLOAT, SHAPES, Index, Mask, Places, Scope, Shape, TupleOf


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
        masks = [name for name in scope.kind(Mask) if scope.types[name].shape == shape]
        if masks:
            return pick(scope, f"{text}[{masks[0]}]", f"{text}[~{masks[0]}]"), ()
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
        known = [name for name in scope.kind(Places) if scope.types[name].below <= shape[0]]
        if known:
            return f"{text}[{known[0]}]", (scope.types[known[0]].length,)
        places = [scope.random.randrange(shape[0]) for _ in range(2)]
        return f"{text}[{places}]", (2,)
    if kind == 12:
        rows, columns = ([scope.random.randrange(size) for _ in range(2)] for size in shape)
        return pick(scope, (f"{text}[{rows}]", (2, shape[1])), (f"{text}[:, {columns}]", (shape[0], 2)), (f"{text}[{rows}, {columns}]", (2,)), (f"{text}[np.ix_({rows}, {columns})]", (2, 2)))
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
    places = paths(scope) if scope.random.random() < 0.3 else [(name, scope.types[name]) for name in scope.arrays()]
    places = [(text, shape) for text, shape in places if not isinstance(scope.types.get(text.partition("[")[0]), TupleOf)]
    if not places:
        return []
    name, shape = scope.random.choice(places)
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


def indices(scope: Scope) -> list[str]:
    """Ints and masks that say where, made of constants or of values."""
    if not scope.arrays():
        return []
    name = scope.random.choice(scope.arrays())
    shape = scope.types[name]
    kind = scope.random.randrange(3)
    if kind == 0:
        target = scope.fresh("mask")
        value = pick(scope, f"{atom(array(scope, shape, 2))} > {constant(scope)}", f"({name} > -0.3) & ({name} < {constant(scope)})", f"np.abs({name}) > {constant(scope)}")
        scope.types[target] = Mask(shape)
        return [f"{target} = {value}"]
    if len(shape) != 1:
        return []
    if kind == 1:
        target = scope.fresh("places")
        length = scope.random.choice([2, 3, shape[0]])
        scope.types[target] = Places(length, shape[0])
        chosen = f"np.array({[scope.random.randrange(shape[0]) for _ in range(length)]})"
        return [f"{target} = {pick(scope, chosen, f'np.argsort({name})') if length == shape[0] else chosen}"]
    target = pick(scope, "best", "at")
    scope.types[target] = Index(shape[0])
    return [f"{target} = {pick(scope, f'int(np.argmax({name}))', f'np.argmin({name})')}"]


def exchange(scope: Scope) -> list[str]:
    """Parts of arrays, items and attributes that change places; also several names bound to the elements of a vector."""
    places = [(text, shape) for text, shape in [*paths(scope), *held(scope)] if "[" in text or "." in text]
    places = [(text, shape) for text, shape in places if not isinstance(scope.types.get(text.partition("[")[0]), TupleOf)]
    same = [(one, two) for one, first in places for two, second in places if one < two and first == second]
    vectors = [(text, shape) for text, shape in paths(scope) if len(shape) == 1 and shape[0] > 2]
    matrices = [name for name in scope.arrays(2)]
    kind = scope.random.randrange(5)
    if kind < 2 and same:
        one, two = scope.random.choice(same)
        return [f"{one}, {two} = {two}, {one}"]
    if kind == 2 and vectors:
        text, _ = scope.random.choice(vectors)
        return [pick(scope, f"{text}[0], {text}[1] = {text}[1], {text}[0]", f"{text}[:2], {text}[-1] = {text}[1:3], {number(scope, 1)}", f"{text}[[0, 1]] = {text}[[1, 0]]")]
    if kind == 3 and matrices:
        name = scope.random.choice(matrices)
        return [pick(scope, f"{name}[0], {name}[1] = {name}[1], {name}[0]", f"{name}[[0, 1]] = {name}[[1, 0]]", f"{name}[0], {name}[1] = {name}[1].copy(), {name}[0].copy()")]
    small = [(text, shape) for text, shape in vectors if shape[0] == 3]
    if small:
        text, _ = scope.random.choice(small)
        targets = []
        for _ in range(3):
            targets.append(scope.fresh("float"))
            scope.types[targets[-1]] = FLOAT
        if scope.random.random() < 0.3:
            del scope.types[targets[2]], scope.types[targets[1]]
            return [f"{targets[0]}, *rest = {text}"]
        return [f"{', '.join(targets)} = {text}"]
    return []


def helper(scope: Scope) -> list[str]:
    """A call for what it writes, or for the view that it returns."""
    options = [(name, helper) for name, helper in callables(scope) if helper.params and helper.yields is None]
    if not options:
        return []
    name, chosen = scope.random.choice(options)
    text = call(scope, name, chosen, 0)
    if not text:
        return []
    if chosen.returns is None or scope.random.random() < 0.2:
        return [text]
    target = scope.fresh("array" if chosen.returns else "float")
    scope.types[target] = chosen.returns
    return [f"{target} = {text}"]
