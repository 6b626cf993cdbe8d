"""The facts of a whole function: `infer(function, params, scope)` maps each statement to the facts of the variables before it."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from s2sad import core
from s2sad.facts import Fact
from s2sad.facts.births import with_births
from s2sad.infer.environment import Facts
from s2sad.infer.flow import Flow
from s2sad.infer.functions import ARGUMENT, forget

if TYPE_CHECKING:
    from s2sad.reading.scope import Scope


def infer(function: core.Function, params: Mapping[str, Fact], scope: Scope) -> Facts:
    """The facts of the variables before every statement, where the parameters have the facts `params`.

    At a loop they hold at its head in every round.  `.result` is the fact of what the function returns.
    """
    forget()
    return Flow(scope).run(function, {name: with_births(fact, lambda born: ARGUMENT) for name, fact in params.items()})
