"""Random functions for the tests of lowering: nested loops, jumps, returns, assignment expressions, each evaluation traced.

`program(seed)` is the text of a function `f(t, c, x, y)`: `t` traces a value and returns it, `c` draws the next condition.
"""
from __future__ import annotations

import random


class _Writer:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.label = 0

    def pick(self, *options):
        return self.random.choice(options)

    def traced(self) -> str:
        self.label += 1
        return self.pick(f"t({self.label})", f"t({self.label}, {self.pick('x', 'y', 'z')})")

    def expr(self, depth: int) -> str:
        kind = self.random.randrange(13) if depth else self.random.randrange(3)
        if kind == 0:
            return self.pick("x", "y", "z", "1", "2")
        if kind <= 2:
            return self.traced()
        if kind <= 4:
            return f"({self.pick('x', 'y', 'z')} := {self.expr(depth - 1)})"
        a, b, d = (self.expr(depth - 1) for _ in range(3))
        return {
            5: f"({a} + {b})",
            6: f"({a} and {b})",
            7: f"({a} or {b} or {d})",
            8: f"({a} if {b} else {d})",
            9: f"({a} < {b} <= {d})",
            10: f"t({a}, {b})",
            11: f"[{a}, {b}, *[{d}]][{self.pick('0', '1', '-1')}]",
            12: f"{{{a}: {b}}}.get({d}, 7)",
        }[kind]

    def test(self) -> str:
        return self.pick("c()", "c()", "not c()", f"c() and {self.expr(2)}", f"{self.expr(2)} or c()", f"(z := c()) and {self.expr(1)}")

    def block(self, depth: int, loop: bool, indent: str) -> list[str]:
        lines: list[str] = []
        for _ in range(self.random.randint(1, 3)):
            lines += self.stmt(depth, loop, indent)
        return lines

    def stmt(self, depth: int, loop: bool, indent: str) -> list[str]:
        kind = self.random.randrange(10)
        inner = indent + "    "
        if kind >= 6 and depth:
            head = f"for {self.pick('x', 'k')} in range({self.pick('0', '1', '2', '3')}):" if kind > 7 else f"while {self.test()}:"
            if kind == 6 or kind == 7 and self.pick(True, False):
                lines = [f"{indent}if {self.test()}:", *self.block(depth - 1, loop, inner)]
                if self.pick(True, False):
                    lines += [f"{indent}elif {self.test()}:", *self.block(depth - 1, loop, inner)]
                if self.pick(True, False):
                    lines += [f"{indent}else:", *self.block(depth - 1, loop, inner)]
                return lines
            lines = [indent + head, f"{inner}t(0)", *self.block(depth - 1, True, inner)]  # a trace a turn, so that every loop ends
            if self.pick(True, False, False):
                lines += [f"{indent}else:", *self.block(depth - 1, loop, inner)]
            return lines
        name = self.pick("x", "y", "z")
        if kind == 0:
            return [indent + self.pick("return", f"return {self.expr(1)}", "return x", "return 0")]
        if kind == 1 and loop:
            return [indent + "break"]
        if kind == 2 and loop:
            return [indent + "continue"]
        if kind == 3:
            return [f"{indent}{name} {self.pick('+=', '-=')} {self.expr(2)}"]
        if kind == 4:
            return [indent + self.pick(f"x = y = {self.expr(1)}", f"x, y = y, {self.expr(1)}", f"u[t(0)] = z = {self.expr(1)}",
                                       f"u[{self.expr(1)} and 0] += {self.expr(1)}", f"assert {self.expr(1)} or True, {self.expr(1)}")]
        return [f"{indent}{name} = {self.expr(2)}", *([f"{indent}{self.expr(2)}"] if self.pick(True, False) else [])]


def program(seed: int) -> str:
    writer = _Writer(seed)
    lines = ["def f(t, c, x, y):", "    z = 0", "    u = {0: 5, True: 1, False: 2, 1: 3}"]
    for _ in range(writer.random.randint(2, 4)):
        lines += writer.stmt(3, False, "    ")
    return "\n".join([*lines, *writer.pick([], ["    return (x, y, z, u)"], ["    return (x, y, z, u)"])]) + "\n"
