"""Random statements about lists, dicts, tuples and objects."""
from __future__ import annotations

from .expressions import array, call, pick, test, view
from .scope import FLOAT, INDENT, DictOf, ListOf, ObjectOf, Scope, TupleOf, Type


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
    kind = scope.random.randrange(16)
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
    if kind == 12:
        return [f"{name}[0], {name}[-1] = {name}[-1], {name}[0]"]
    if kind == 13 and not still:
        return [pick(scope, f"{name}[1:] = [{item}]", f"{name}[:0] = [{item}]", f"{name}[:] = [i * 0.5 for i in {name}]", f"{name} *= 2", f"{name} = [{item}] * 2", f"{name}[::-1] = [i for i in {name}]")]
    if kind == 14 and not still:
        return [f"if len({name}) > 1:", f"{INDENT}{pick(scope, f'del {name}[0]', f'del {name}[-1]', f'*_, {name}[0] = {name}', f'del {name}[1:]')}"]
    if kind == 15:
        other = scope.fresh("list")
        test_ = f"len({name}) > 1" if scope.random.random() < 0.3 else test(scope)
        scope.types[other] = scope.types[name]
        if still:
            scope.fixed.add(other)
        return [f"{other} = {name} if {test_} else {pick(scope, f'[{item}]', f'list({name})', name)}"]
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
    kind = scope.random.randrange(10)
    if kind == 7:
        return [f"{name}[{key}], {name}[\"b\"] = {name}[\"b\"], {name}[{key}]"]
    if kind == 8:
        return [f"{name}.setdefault({key}, {item})"] if scope.random.random() < 0.5 else [f"{name}[\"c\"] = {item}"]
    if kind == 9:
        target = scope.fresh("array" if each else "float")
        scope.types[target] = each
        return [f"{target} = {name}.pop({key})", f"{name}[{key}] = {item}"]
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


def objects(scope: Scope) -> list[str]:
    """An object of a class of the module: made, known by two names, its attributes bound, changed and swapped."""
    names = scope.kind(ObjectOf)
    if not names or scope.random.random() < 0.2:
        if not scope.classes or len(names) > 2:
            return []
        made = scope.random.choice(scope.classes)
        arguments = ", ".join(array(scope, each, 1) for _, each in made.fields)
        name = scope.fresh("object")
        scope.types[name] = made
        return [f"{name} = {made.name}({arguments})"]
    name = scope.random.choice(names)
    type_ = scope.types[name]
    attribute, each = scope.random.choice(type_.fields)
    same = [other for other, shape in type_.fields if shape == each and other != attribute]
    kind = scope.random.randrange(8)
    if kind < 2:
        value = pick(scope, array(scope, each), *scope.of(each))
        return [f"{name}.{attribute} = {value}"]
    if kind == 2:
        return [f"{name}.{attribute} {pick(scope, '+', '*', '-')}= {array(scope, each, 1)}"]
    if kind == 3 and each:
        deep = view(scope, None, (f"{name}.{attribute}", each))
        return [f"{deep[0]} {pick(scope, '', '+', '*')}= {array(scope, deep[1], 1)}"] if deep and deep[0].endswith("]") and "ravel" not in deep[0] else []
    if kind == 4:
        target = scope.fresh("array" if each else "float")
        scope.types[target] = each
        return [f"{target} = {name}.{attribute}"]
    if kind == 5:
        other = scope.fresh("object")
        others = [one for one in scope.of(type_) if one != name]
        value = f"{name} if {test(scope)} else {others[0]}" if others else name
        scope.types[other] = type_
        return [f"{other} = {value}"]
    if kind == 6 and same:
        return [f"{name}.{attribute}, {name}.{same[0]} = {name}.{same[0]}, {name}.{attribute}"]
    methods = [text for method in type_.methods if method.params and (text := call(scope, f"{name}.{method.name}", method, 0))]
    return [scope.random.choice(methods)] if methods else []
