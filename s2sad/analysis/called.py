"""What a call of a user's function does with memory: which arguments it changes in place, and which its result may share."""
from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Table

from s2sad import core
from s2sad.analysis.alias import CALLERS, Pairs, aliases, all_bindings, is_immutable, pairs_before, shared_names, with_partners
from s2sad.facts import Fact, Mapping, Number, Sequence
from s2sad.flow.graph import Graph
from s2sad.flow.layout import NONE, Layout
from s2sad.infer import infer
from s2sad.meaning.callees import UserCall, facts_inside
from s2sad.meaning.semantics import Env, Semantics
from s2sad.names import Names

Key = tuple[object, tuple[tuple[str, Fact], ...]]
_written: dict[Key, frozenset[str]] = {}
_returned: dict[Key, frozenset[str]] = {}
_entangled: set[Key] = set()
_unfinished: set[Key] = set()


def written_by(called: UserCall, facts: Table[str, Fact]) -> frozenset[str]:
    """The parameters whose arguments a call of a user's function changes in place.

    A recursive function is taken to change nothing at first, and looked at again until nothing is added.
    """
    inside = facts_inside(called, facts, generally=True)
    key = (called.function, tuple(inside.items()))
    if key in _unfinished or key in _written:
        return _written.get(key, NONE)
    _unfinished.add(key)
    try:
        program, found, semantics = looked_into(called, inside)
        graph, layout = Graph(program.body), Layout(program.body)
        while True:
            written = aliases(program, graph, layout, found, semantics).written_params
            if written == _written.get(key, NONE):
                return written
            _written[key] = written
    finally:
        _unfinished.discard(key)


def returned_by(called: UserCall, facts: Table[str, Fact]) -> frozenset[str]:
    """The parameters whose arguments' memory the result of a user's function may share; of a recursive function all."""
    inside = facts_inside(called, facts, generally=True)
    key = (called.function, tuple(inside.items()))
    if key not in _returned:
        _returned[key] = frozenset(called.bound)
        program, found, semantics = looked_into(called, inside)
        last = program.body[-1]
        if not isinstance(last, core.Return) or last not in found:
            return _returned[key]
        bindings = all_bindings(Layout(program.body), found, semantics)
        pairs = pairs_before(program, Graph(program.body), bindings)[last]
        names = with_partners(shared_names(last.value, found[last], semantics), pairs)
        _returned[key] = frozenset(name[:-1] for name in names if name.endswith(CALLERS))
        if is_entangled(last.value, found[last], pairs, semantics):
            _entangled.add(key)
    return _returned[key]


def is_written_out(called: UserCall) -> bool:
    """Whether a function calls itself nowhere: where its result changes later, its calls are written out then."""
    from s2sad.expose.writers import recurs
    return not recurs(called)


def holds_together(called: UserCall, env: Env, semantics: Semantics) -> bool:
    """Whether parts of the result of a user's function may share memory with each other."""
    facts = {param: semantics.fact(arg, env) for param, arg in called.bound.items()}
    returned_by(called, facts)
    return (called.function, tuple(facts_inside(called, facts, generally=True).items())) in _entangled


def is_entangled(value: core.Expr, env: Env, pairs: Pairs, semantics: Semantics, made_here: bool = False) -> bool:
    """Whether two parts of a container may share memory, as those of `z, z[1:]` and of `[x] * 2` do.

    Only what the expression itself puts together counts if the container is `made_here`; else what others may have put into its parts too.
    """
    fact = semantics.fact(value, env)
    if is_immutable(fact) or isinstance(fact, Number):
        return False
    if isinstance(value, core.Comprehension):
        own = frozenset(name for generator in value.generators for name in core.bound_names(generator.target))
        return any(shared_names(element, env, semantics) - own for element in value.elements)
    parts: Iterable[core.Expr]
    if isinstance(value, core.BinOp):
        if not isinstance(fact, Sequence):
            return False
        if value.op == "*":
            return not all(map(is_immutable, fact.items if fact.items is not None else (fact.each,)))
        parts = (value.left, value.right)
    elif isinstance(value, (core.Tuple, core.List)):
        parts = value.elts
    elif isinstance(value, core.Dict):
        parts = value.values
    else:
        return not made_here and isinstance(fact, (Sequence, Mapping)) and not is_immutable(fact.each)
    seen: frozenset[str] = NONE
    for part in parts:
        names = with_partners(shared_names(part, env, semantics), pairs)
        if names & seen or is_entangled(part, env, pairs, semantics, made_here):
            return True
        seen |= names
    return False


def looked_into(called: UserCall, inside: dict[str, Fact]) -> tuple[core.Function, Table[core.Stmt, Env], Semantics]:
    """The program of a callee, the writes of library functions as assignments, with its facts."""
    from s2sad.expose.writes import library_writes
    semantics, names, program = Semantics.of(called.program, called.source), Names.of(called.program), called.program
    while True:
        found = infer(program, inside, semantics.scope)
        plain = library_writes(program, found, semantics, names)
        if plain is program:
            return program, found, semantics
        program = plain
