"""Many tangents at once: the functions of one tangent, with a leading axis of seeds on every tangent.

    x_bar_dot = np.zeros_like(x)                  ->      x_bar_dot = np.zeros((seeds, *x.shape), x.dtype)
    t_dot = a_dot * x + a * x_dot[1:]                     t_dot = a_dot[:, None] * x + a * x_dot[:, 1:]
    y_dot = W @ x_dot                                     y_dot = x_dot @ W.T

The primal stands as it is.  Facts tell the rank that a tangent has for one seed, and thereby where an operand needs axes of length one after
that of the seeds.  What cannot be written so, or is of unknown rank, is refused: its callers then run the function of one tangent seed by seed.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from s2sad import core
from s2sad.errors import refuse
from s2sad.facts import UNKNOWN, Fact, Number, fresh, with_sizes
from s2sad.infer import infer
from s2sad.infer.known import KnownFunction
from s2sad.meaning.semantics import Semantics
from s2sad.names import MARK, Names
from s2sad.quote import quote
from s2sad.sweeps.pairs import Library
from s2sad.tangent.seeded import Seeded
from s2sad.verify import verify


def seeded(library: Library, facts: Mapping[str, Fact], dots: tuple[str, ...], name: str) -> Library:
    """The functions of a text of one tangent for many; the last function is named `name`.

    `facts` are those of the parameters of its last function for one seed, `dots` the parameters that have the axis, and with them its second
    result.  Raises DifferentiationError where there is no such form.
    """
    last = library.functions[-1]
    library.facts[last.name] = facts
    text = Text({function.name: function for function in library.functions}, library)
    text.seeded(last.name, frozenset(dots), name)
    return text.made


@dataclass
class Text:
    """The functions of one text.  `carrying` has for each that was asked for the parameters that turned out to have the axis."""

    given: Mapping[str, core.Function]
    library: Library
    made: Library = field(default_factory=Library)
    names: dict[tuple[str, frozenset[str]], str] = field(default_factory=dict)
    carrying: dict[tuple[str, frozenset[str]], frozenset[str]] = field(default_factory=dict)
    results: dict[str, KnownFunction] = field(default_factory=dict)

    def called(self, name: str, dots: frozenset[str]) -> tuple[str, frozenset[str]]:
        """The name of a function for seeds in its parameters `dots`, and all of its parameters that have them then."""
        if (name, dots) not in self.names:
            self.seeded(name, dots, self.made.name(f"{name.removesuffix(MARK)}s"))
        return self.names[name, dots], self.carrying[name, dots]

    def seeded(self, name: str, dots: frozenset[str], wish: str) -> None:
        function, facts = self.given[name], self.library.facts[name]
        key, source = (name, dots), self.library.sources[name]
        self.names[key], self.carrying[key] = wish, dots
        names = Names.of(function)
        seeds = core.Name(names.fresh("seeds"))
        semantics = Semantics.of(function, source)
        semantics.scope.added.update({called: self.result(called) for called in core.reads(function.body) & self.given.keys()})
        work = Seeded(semantics, infer(function, facts, semantics.scope), seeds, set(dots), self)
        while True:
            before = len(work.carrying)
            body = work.block(function.body)
            if len(work.carrying) == before:
                break
        params = {param.name for param in function.params}
        self.carrying[key] = frozenset(work.carrying & params)
        first = next((param.name for param in function.params if param.name in dots and isinstance(facts.get(param.name), Number)), None)
        if first is None:
            raise refuse("these tangents have no leading axis of seeds: there is no array of them", function.at, source, "derive it seed by seed")
        count = quote("SEEDS = len(DOT)", SEEDS=seeds, DOT=core.Name(first)) if seeds.id in core.reads(body) else ()
        self.made.add(verify(replace(function, name=wish, body=(*count, *body)), "seeds"), source)

    def result(self, name: str) -> KnownFunction:
        """What is known of the result of a function of the text: all but the sizes."""
        if name not in self.results:
            self.results[name] = KnownFunction(UNKNOWN)     # where it calls itself
            function = self.given[name]
            semantics = Semantics.of(function, self.library.sources[name])
            inside = core.reads(function.body) & self.given.keys() - {name}
            semantics.scope.added.update({called: self.result(called) for called in inside})
            found = infer(function, self.library.facts[name], semantics.scope).result
            self.results[name] = KnownFunction(with_sizes(found, lambda d, path: None if path.endswith("#") else fresh()))
        return self.results[name]
