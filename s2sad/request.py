"""What is asked of the driver, and what comes back: `Request`, `Program`, `Generated`."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from s2sad import core
    from s2sad.emit import Text
    from s2sad.facts import Fact
    from s2sad.link.load import Home

SUFFIXES = {"grad": "grad", "value_and_grad": "value_and_grad", "vjp": "vjp", "jvp": "jvp", "jvps": "jvps", "pull": "pullback"}
MAKING = ("s2sad.api", "s2sad.derivatives.kinds")
"""The modules of the functions that make derivatives: what these return is not found by reading them."""


class Independent(NamedTuple):
    """A variable to differentiate with respect to: the parameter `name`, or of `*name` or `**name` one item."""

    name: str
    item: int | str | None = None

    def __str__(self) -> str:
        return self.name if self.item is None else self.item if isinstance(self.item, str) else f"{self.name}[{self.item}]"


@dataclass(frozen=True)
class Request:
    """What the derivative is to return.

    `mode` is `grad`: the gradient; `value_and_grad`: the value, then the gradient; `vjp`: the value, then the pullback; `jvp`:
    the value, then the tangent, `jvps` with a leading axis of seeds on every tangent.  With
    `single`, `wrt` is one variable whose gradient comes by itself; else gradients come as a tuple.  With `has_aux` the function
    returns `(value, aux)`, and `aux` comes last: `(gradient, aux)`, `((value, aux), gradient)`.
    """

    mode: str
    wrt: tuple[Independent, ...]
    single: bool
    has_aux: bool = False

    @property
    def suffix(self) -> str:
        """How the generated function's name ends: `loss_grad`."""
        return SUFFIXES[self.mode]


@dataclass(frozen=True)
class Program:
    """A derivative in core Python: the functions that it calls, its own last, what they import, and where all of them live.

    `path`, `line` and `name` are those of the user's function; `facts` are what is known of the parameters of each function.
    """

    functions: tuple[core.Function, ...]
    imports: tuple[core.Import, ...]
    homes: Mapping[str, Home]
    helpers: Mapping[str, Any]
    path: str
    line: int
    name: str
    valid: Callable[[], bool] | None = None
    facts: Mapping[str, Mapping[str, Fact]] = field(default_factory=dict)


@dataclass(frozen=True)
class Generated:
    """A derivative as text and as a live function; `valid`, if there is one, tells whether what was assumed of the user's
    globals still holds."""

    text: Text = field(repr=False)
    function: FunctionType
    valid: Callable[[], bool] | None = field(default=None, repr=False)


def realize(program: Program) -> Generated:
    """The program as text and as a live function."""
    from s2sad.emit import emit
    from s2sad.infer.declared import declare
    from s2sad.link.load import load, register

    text = emit(program.functions, program.imports)
    name = program.functions[-1].name
    filename = register(text, name, program.path, program.line, program.name)
    loaded = load(text, program.homes, program.helpers, filename)
    for called, facts in program.facts.items():
        declare(loaded[called], facts)
    return Generated(text, loaded[name], program.valid)
