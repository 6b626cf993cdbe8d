"""The gast tree of a source's function, each node placed in the user's file; a lambda comes out as a `def` that returns its body."""
from __future__ import annotations

import ast
from typing import Any

from s2sad.reading.read import Source


def parse(source: Source) -> Any:
    """A `gast.FunctionDef`."""
    import gast

    node: Any = source.node
    if isinstance(node, ast.Lambda):
        back = ast.copy_location(ast.Return(node.body), node.body)
        node = ast.copy_location(ast.FunctionDef(source.name, node.args, [back], [], None, None), node)
        node.type_params = []
    return gast.ast_to_gast(node)
