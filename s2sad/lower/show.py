"""Lowering shown: Python statements in, core Python printed.  For the docstrings and tests of the rewrites."""
from __future__ import annotations

import ast
import sys
from textwrap import dedent

from s2sad import core
from s2sad.convert import Converter
from s2sad.lower import lower_function


def lowered(text: str, *params: str) -> core.Function:
    """The statements of `text` as the body of a function."""
    body = Converter().block(ast.parse(dedent(text)).body)
    return lower_function(core.Function("f", tuple(map(core.Param, params)), body))


def show(text: str) -> None:
    from s2sad.emit import emit

    lines = emit([lowered(text)]).text.splitlines()
    sys.stdout.write(dedent("\n".join(lines[1:])) + "\n")
