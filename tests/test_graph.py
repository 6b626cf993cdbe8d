"""The control-flow graph, the solver, and liveness on it."""
from __future__ import annotations

import pytest

from s2sad import core
from s2sad.flow.graph import Graph
from s2sad.flow.liveness import captured, liveness
from s2sad.flow.solve import solve, solve_sets
from s2sad.quote import quote

EXITS = """
t = 0
for i in items:
    if i < 0:
        break
    elif i == 0:
        continue
    else:
        u = i
    t += u
while True:
    if t:
        break
return t
"""


def label(stmt: core.Stmt) -> str:
    if isinstance(stmt, (core.Assign, core.AugAssign, core.For)):
        return next(core.bound_names(stmt.target), "part")
    if isinstance(stmt, core.If):
        return "if " + "".join(sorted(core.reads(stmt.test)))
    return type(stmt).__name__.lower()


ADDS_K = core.Lambda(core.Function("<lambda>", (core.Param("t"),), quote("return t + k"), free=("k",)))


def edges(text: str) -> dict[str, list[str]]:
    graph = Graph(quote(text))
    shown: dict[str, list[str]] = {}
    for node in graph.nodes:
        shown[label(node)] = [label(other) for other in graph.successors(node)] + ["out"] * (node in graph.exits)
        assert all(node in graph.predecessors(other) for other in graph.successors(node))
    return shown


def test_break_continue_and_endless_loops() -> None:
    assert edges("for i in items:\n    if i:\n        break\n    t = i\nu = 1") == {
        "i": ["if i", "u"], "if i": ["break", "t"], "break": ["u"], "t": ["i"], "u": ["out"]}
    assert edges("for i in items:\n    if i:\n        continue\n    t = i") == {
        "i": ["if i", "out"], "if i": ["continue", "t"], "continue": ["i"], "t": ["i"]}
    assert edges("while True:\n    t = i\n    if i:\n        break\nu = 1") == {
        "while": ["t"], "t": ["if i"], "if i": ["break", "while"], "break": ["u"], "u": ["out"]}
    assert edges("while True:\n    t = i") == {"while": ["t", "out"], "t": ["while"]}
    assert edges("if i:\n    raise ValueError\nt = 1\nreturn t") == {
        "if i": ["raise", "t"], "raise": ["out"], "t": ["return"], "return": ["out"]}


def test_a_statement_stands_once() -> None:
    stmt = core.Pass()
    with pytest.raises(ValueError, match="two places"):
        Graph((stmt, stmt))


LIVE = [
    ("x = 1\ny = x\nreturn y", {"x": "x", "y": "y"}),
    ("i = 5\nfor i in items:\n    pass\nreturn i", {"i": "i"}),
    ("x = a\nwhile c:\n    x = x + 1\n    c = x\nz = 0\nreturn z", {"z": "z"}),
    ("x = a\nx[0] = b\nreturn x", {"x": "bx"}),
    ("k = 1\nf = ADDS_K\nk = 2\nreturn f", {"f": "fk", "k": "fk"}),
    ("k = 1\ng = (t + k for t in y)\nk = 2\nreturn g", {"g": "gky", "k": "gky"}),
    ("k = 1\ng = sum(t + k for t in y)\nk = 2\nreturn g", {"g": "g"}),
]


@pytest.mark.parametrize(("text", "after"), LIVE)
def test_liveness(text: str, after: dict[str, str]) -> None:
    graph = Graph(quote(text, ADDS_K=ADDS_K))
    live = liveness(graph)
    found = {label(stmt): live.after[stmt] for stmt in graph.nodes if label(stmt) in after}
    known = {name: frozenset(names) for name, names in after.items()}
    assert {name: names & frozenset("abcfgikxyz") for name, names in found.items()} == known
    assert all(live.after.has(stmt, name) for stmt in graph.nodes for name in live.after[stmt])


def test_the_item_of_a_loop_is_bound_in_its_body_only() -> None:
    graph = Graph(quote("for i in items:\n    x = i\ny = 1"))
    loop, inside, after = graph.nodes
    bound = solve_sets(graph, "forward", lambda s: core.bound_names(s.target), lambda s: (), ["items"], must=True)  # type: ignore[attr-defined]
    assert bound.before[inside] == {"items", "i"}
    assert bound.before[after] == {"items"}
    assert bound.after[after] == {"items", "y"}
    may = solve_sets(graph, "forward", lambda s: core.bound_names(s.target), lambda s: (), ["items"])  # type: ignore[attr-defined]
    assert may.before[after] == {"items", "i", "x"}
    assert not may.before.has(loop, "nowhere")


def test_general_solver_agrees_with_sets() -> None:
    graph = Graph(quote(EXITS))

    def names(stmt: core.Stmt) -> frozenset[str]:
        return frozenset(core.bound_names(stmt.target)) if isinstance(stmt, (core.Assign, core.AugAssign)) else frozenset()

    sets = solve_sets(graph, "forward", names, lambda s: (), ["items"])
    general = solve(graph, "forward", frozenset(("items",)), lambda s, value: value | names(s), frozenset.union)
    assert {s: sets.before[s] for s in graph.nodes} == dict(general.before)
    assert {s: sets.after[s] for s in graph.nodes} == dict(general.after)


def test_solver_reaches_every_node() -> None:
    graph = Graph(quote("while True:\n    x = 1\ny = x"))
    backward = solve(graph, "backward", frozenset("r"), lambda s, value: value, frozenset.union)
    assert all(value == {"r"} for value in backward.before.values())
    assert set(backward.before) == set(graph.nodes)


def test_what_nested_functions_read_is_captured() -> None:
    assert captured(quote("f = ADDS_K\ng = [m for m in n]\nh = sum(p for p in q)\nl = zip(r for r in s)", ADDS_K=ADDS_K)) == {"k", "s"}
