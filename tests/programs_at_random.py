"""Random small programs on arrays, ints and lists, for the soundness of facts: `program(seed)` is the text of a function `f(x, y, A, s, n)`."""
from __future__ import annotations

import random

ARRAYS = ("x", "y", "u", "v", "w")
INTS = ("n", "i", "j", "k")
SCALARS = ("s", "t")
LISTS = ("p", "q")


class Writer:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.budget = self.random.randint(6, 18)

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def integer(self) -> str:
        name = self.pick(*INTS)
        return self.pick(name, name, str(self.random.randint(-3, 4)), f"len({self.pick(*ARRAYS)})", f"{name} + 1", f"{name} - 1", f"{name} // 2", f"min({name}, 2)",
                         f"len({self.pick(*LISTS)})", f"{name} * {self.pick(*INTS)}", f"{name} % 2", "A.shape[0]", "A.shape[1]", f"abs({name})")

    def index(self) -> str:
        parts = [self.pick("", self.integer(), str(self.random.randint(-3, 3))) for _ in range(2)]
        return self.pick(f"{parts[0]}:{parts[1]}", f"{parts[0]}:{parts[1]}", "::2", "::-1", "1:", ":-1", "1:-1", f"{parts[0]}:{parts[1]}:2")

    def array(self, depth: int = 0) -> str:
        name = self.pick(*ARRAYS)
        if depth > 1:
            return name
        inner = self.array(depth + 1)
        other = self.array(depth + 1)
        return self.pick(name, f"({inner})[{self.index()}]", f"{inner} + {other}", f"{inner} * {self.scalar()}", f"({inner})[({inner}) > 0]", f"np.zeros(abs({self.integer()}))",
                         f"np.concatenate([{inner}, {other}])", f"np.tanh({inner})", f"A[{self.pick('0', '-1', self.integer())}]", f"A[:, {self.pick('0', self.integer())}]",
                         f"A.T[{self.integer()}]", f"A @ {inner}", f"{inner} @ A", f"np.outer({inner}, {other})[{self.integer()}]", f"A.sum(axis={self.pick('0', '1')})",
                         f"A[{self.index()}, {self.integer()}]", f"np.ones_like({inner})", f"-{inner}", "A.reshape(-1)", f"np.arange({self.integer()})",
                         f"{inner} if {self.test()} else {other}", f"np.where({inner} > 0, {inner}, {self.scalar()})", f"{self.pick(*LISTS)}[{self.integer()}]",
                         f"({inner}).copy()", f"np.stack([{inner}, {inner}])[0]", f"np.cumsum({inner})", f"tail({inner})", f"twice({inner})")

    def scalar(self) -> str:
        return self.pick(*SCALARS, "0.5", "2", f"{self.pick(*ARRAYS)}[0]", f"np.sum({self.pick(*ARRAYS)})", f"{self.pick(*SCALARS)} * {self.pick(*SCALARS)}",
                         f"{self.pick(*ARRAYS)}.mean()", f"float({self.integer()})", self.integer(), f"twice({self.pick(*SCALARS)})", f"{self.pick(*ARRAYS)} @ {self.pick(*ARRAYS)}")

    def test(self) -> str:
        return self.pick(f"{self.integer()} > {self.integer()}", f"{self.integer()} < 2", f"{self.pick(*SCALARS)} > 0", f"len({self.pick(*LISTS)}) > 1",
                         f"{self.pick(*INTS)} % 2 == 0")

    def any(self) -> str:
        return self.pick(self.array(), self.scalar(), self.integer())

    def statement(self, indent: str, looping: bool) -> None:
        self.budget -= 1
        kind = self.random.randrange(24)
        target = self.pick(*ARRAYS)
        if kind < 7:
            self.lines.append(f"{indent}{target} = {self.array()}")
        elif kind < 9:
            self.lines.append(f"{indent}{self.pick('i', 'j', 'k')} = {self.integer()}")
        elif kind < 10:
            self.lines.append(f"{indent}{self.pick(*SCALARS)} = {self.scalar()}")
        elif kind == 10:
            self.lines.append(f"{indent}{target} {self.pick('+=', '*=', '-=')} {self.pick(self.array(1), self.scalar())}")
        elif kind == 11:
            self.lines.append(f"{indent}{self.pick('k', *SCALARS)} {self.pick('+=', '*=')} {self.pick(self.scalar(), self.integer())}")
        elif kind == 12:
            self.lines.append(f"{indent}{self.pick(*LISTS)}.append({self.any()})")
        elif kind == 13:
            self.lines.append(f"{indent}{self.pick(*LISTS)} = {self.pick('[]', '[x, y]', 'p', 'q', f'[{self.any()}]', '[v * 2 for v in x]', 'p + q', '[p]')}")
        elif kind == 14:
            self.lines.append(f"{indent}{self.pick(target, *SCALARS)} = {self.pick(*LISTS)}.pop()")
        elif kind == 15:
            self.lines.append(f"{indent}{self.pick(*LISTS)}[{self.pick('0', '-1', self.integer())}] = {self.any()}")
        elif kind == 16:
            self.lines.append(f"{indent}x, y = {self.pick('y, x', 'y, y', f'{self.array()}, x', 'x[1:], x[:-1]')}")
        elif kind == 17:
            self.lines.append(f"{indent}{target}[{self.index()}] = {self.scalar()}")
        elif kind == 22:
            self.lines.append(f"{indent}{self.pick('b', 'c')} = {self.pick('b', 'c', f'{target} > 0', f'{target} < {self.scalar()}', 'b[:]', '~b', 'b & c', 'b | c')}")
        elif kind == 23:
            write = self.pick("b[0] = True", "b[:] = c", "c[1:] = False", "b &= c", "clear(b)", "b.fill(True)", "np.logical_not(c, out=c)", "c |= b")
            self.lines.append(indent + self.pick(write, f"{target} = {target}[{self.pick('b', 'c')}]", f"{target} = x[b] * y[b]", f"{target}[b] = {self.scalar()}", "p = [b, c]", "b = p[0]"))
        elif kind < 20:
            self.lines.append(f"{indent}if {self.test()}:")
            self.block(indent + "    ", looping)
            if self.random.random() < 0.5:
                self.lines.append(f"{indent}else:")
                self.block(indent + "    ", looping)
        else:
            head = self.pick(f"for {self.pick('i', 'j')} in range({self.integer()}):", f"for {self.pick('i', 'j')} in range({self.integer()}, {self.integer()}):",
                             f"for i in reversed(range({self.integer()})):", f"for s in {self.pick(*ARRAYS)}:", f"for {target} in A:", f"for t in {self.pick(*LISTS)}:",
                             f"for i, s in enumerate({target}):", f"while {self.test()}:")
            self.lines.append(indent + head)
            self.lines.append(f"{indent}    count += 1")
            self.lines.append(f"{indent}    if count > 12:")
            self.lines.append(f"{indent}        break")
            self.block(indent + "    ", True)

    def block(self, indent: str, looping: bool) -> None:
        for _ in range(self.random.randint(1, 3)):
            if self.budget > 0:
                self.statement(indent, looping)
        if looping and self.random.random() < 0.15:
            self.lines.append(f"{indent}if {self.test()}:")
            self.lines.append(f"{indent}    {self.pick('break', 'continue', 'break', 'return x')}")
        self.lines.append(f"{indent}count += 0")

    def text(self) -> str:
        start = ["def f(x, y, A, s, n):", "    count = 0", "    u = x[1:]", "    v = x", "    w = np.ones(3)", "    i = 0", "    j = 1", "    k = n + 1", "    t = 1",
                 "    b = x > 0", "    c = x > 1", "    p = []", "    q = [x]"]
        while self.budget > 0:
            self.statement("    ", False)
        return "\n".join([*start, *self.lines, "    return x", ""])


def program(seed: int) -> str:
    return Writer(seed).text()
