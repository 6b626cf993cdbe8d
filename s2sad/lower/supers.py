"""`super()` with its arguments written out, which it otherwise reads off the frame of its caller.

    def area(self):                         ->      def area(self):
        return super().area() - self.hole               return super(Disc, self).area() - self.hole
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sad import core


def named_super(function: core.Function, owner: str) -> core.Function:
    """The method of the class `owner` with the arguments of each `super()`."""
    if not owner or not function.params:
        return function
    args = (core.Name(owner), core.Name(function.params[0].name))

    def change(node: Any) -> Any:
        if isinstance(node, (core.Name, core.Const, core.Function)):
            return node
        node = core.rebuild(node, change)
        return replace(node, args=args) if isinstance(node, core.Call) and node.func == core.Name("super") and not node.args else node

    return replace(function, body=tuple(change(stmt) for stmt in function.body))
