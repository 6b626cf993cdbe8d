"""Lowering shown: Python statements in, core Python printed.  For the docstrings and tests of the rewrites."""
from __future__ import annotations

import ast
import sys
from textwrap import dedent, indent

from s2sad import core
from s2sad.lower import lower_function
from s2sad.reading.convert import Converter


def lowered(text: str, *params: str) -> core.Function:
    """The statements of `text` as the body of a function."""
    text = f"def f({', '.join(params)}):\n{indent(dedent(text).strip(chr(10)), '    ')}"
    tree = ast.parse(text).body[0]
    return lower_function(Converter().definition(tree))


def show(text: str) -> None:
    from s2sad.emit import emit

    lines = emit([lowered(text)]).text.splitlines()
    sys.stdout.write(dedent("\n".join(lines[1:])) + "\n")
