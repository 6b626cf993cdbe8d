"""`explained(f, args)`: a function line by line, with what is active and what is saved, and its gradient."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sad import core
from s2sad.derivatives.derivative import Derivative
from s2sad.derivatives.target import Wrt
from s2sad.generate import _live_front as front_of
from s2sad.sweeps.pairs import Library
from s2sad.work import Work


def explained(f: Callable[..., Any], args: tuple[Any, ...], wrt: Wrt = 0) -> str:
    """The lines of `f`, each with what is active there and what is saved for the reverse sweep, and then the text of the gradient.

    A variable is active where it depends on what is differentiated and the result depends on it.  A value is saved where a statement
    overwrites what an adjoint reads later.

    >>> def power(x, n):
    ...     r = 1.0
    ...     for i in range(n):
    ...         r = r * x
    ...     return r
    >>> print(explained(power, (1.5, 3)).split("def power_grad")[0])
    def power(x, n):
        r = 1.0
        for i in range(n):    # active: r, x
            r = r * x         # active: r, x; saves r, which an adjoint reads and this overwrites
        return r              # active: r
    <BLANKLINE>
    <BLANKLINE>
    """
    derivative = Derivative(f, "grad", wrt)
    given, keywords = derivative._completed(args, {})
    facts = derivative._facts(derivative._named(given, keywords))
    function = derivative._root
    source, code = front_of(function, function.__code__)
    plan = Work.on(code, source, Library().pair).plan(facts, frozenset(one.name for one in derivative.request.wrt))
    notes: dict[int, list[str]] = {}
    for stmt in plan.layout.statements:
        at: core.Place | None = getattr(stmt, "at", None)
        if at is None:
            continue
        here = plan.activity.before.get(stmt, frozenset()) | plan.activity.after.get(stmt, frozenset())
        mentioned = sorted(here & plan.layout.mentions(stmt))
        parts = notes.setdefault(at.line, [])
        if mentioned:
            parts.append("active: " + ", ".join(mentioned))
        parts += [f"saves {name}, which an adjoint reads and this overwrites" for name in plan.overwritten.get(stmt, ())]
        parts += [f"saves {kept.name} of each round" for kept in plan.kept.get(stmt, ()) if kept.again is None]
    last = code.at.end_line if code.at is not None else source.first_line
    lines = [source.lines[i - 1] for i in range(source.first_line, last + 1)]
    width = max(map(len, lines)) + 4
    text = []
    for i, line in enumerate(lines, source.first_line):
        found = "; ".join(dict.fromkeys(notes.get(i, ())))
        text.append(f"{line:{width}}# {found}" if found else line)
    return "\n".join(text) + "\n\n\n" + derivative.source_for(*args)
