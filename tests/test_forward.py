"""Forward mode: every program against the oracles, and the texts that it writes."""
from __future__ import annotations

import forward_verdict
import numpy as np
import programs
import pytest
from test_programs import REFUSED

import s2sad

ALONE = {       # id: why it is refused in forward mode and not in reverse mode
    "memory_callees.arguments_of_a_library_call_in_their_order": "a call inside an expression writes into an argument",
    "memory_contexts.context_that_asks_what_was_raised": "an exception that a handler passes on has no tangent",
}
BOTH = set("""
memory_classes.cached_area memory_classes.integrator_object memory_classes.polynomial_called

memory_methods.object_rebound_in_a_loop memory_methods.operators_in_a_loop
memory_methods.optional_children_scaled memory_methods.polymorphic_choice memory_methods.polymorphic_in_a_loop
memory_methods.polymorphic_list memory_methods.search_tree memory_objects.attributes_set_from_outside memory_objects.bodies_in_a_list
memory_objects.inheritance_and_super memory_objects.tree_of_objects memory_references.deleted_and_made_again
""".split())
"""Further programs that both modes refuse."""


@pytest.mark.parametrize("module", sorted({program.module for program in programs.collect()}))
def test_programs(module: str) -> None:
    """Every program is differentiated, except for those that reverse mode refuses too."""
    found = {program.id: forward_verdict.judge(program) for program in programs.collect() if program.module == module}
    wrong = {name: verdict.message for name, verdict in found.items() if verdict.status not in ("right", "refused")}
    assert not wrong, wrong
    refused = {name: verdict.message for name, verdict in found.items() if verdict.status == "refused"}
    alone = {name: message for name, message in refused.items() if name not in REFUSED.keys() | ALONE.keys() | BOTH}
    assert not alone, alone


def power(x, n):
    r = 1
    while n > 0:
        n -= 1
        r *= x
    return r


def test_each_statement_is_followed_by_its_tangent() -> None:
    assert s2sad.source(power, mode="forward", args=(1.3, 4)) == '''\
def power_jvp(x, n, x_dot):
    r = 1
    r_dot = 0.0
    while n > 0:
        n -= 1
        r_dot = r_dot * x + r * x_dot
        r *= x
    return r, r_dot
'''
    assert s2sad.jvp(power, (1.3, 4), (1.0, None)) == pytest.approx((1.3 ** 4, 4 * 1.3 ** 3))


def updated(u, s):
    u *= s
    v = u[1:]
    v += s * u[:-1]
    return u, v[0]


def test_arguments_stay_as_they_are_and_results_are_apart() -> None:
    u, u_dot = np.arange(3.0), np.ones(3)
    (value, first), (tangent, first_dot) = s2sad.jvp(updated, (u, 2.0), (u_dot, 1.0))
    assert u.tolist() == [0.0, 1.0, 2.0] and u_dot.tolist() == [1.0, 1.0, 1.0]
    assert not any(np.shares_memory(a, b) for a, b in ((value, u), (tangent, u_dot), (value, tangent)))
    h = 1e-6
    plus, minus = (updated(u + s * h, 2.0 + s * h) for s in (1, -1))
    assert tangent == pytest.approx((plus[0] - minus[0]) / (2 * h)) and first_dot == pytest.approx((plus[1] - minus[1]) / (2 * h))
    assert type(first) is type(first_dot)


def shifted(x):
    y = x + 1.0
    y[0] = 5.0
    return np.sum(x * y)


def test_the_tangent_of_a_new_array_is_a_new_array() -> None:
    x = np.array([2.0, 3.0])
    assert s2sad.jvp(shifted, (x,), (np.ones(2),))[1] == pytest.approx(5.0 + 4.0 + 3.0)


def test_tangents_must_fit_their_primals() -> None:
    with pytest.raises(ValueError, match=r"the tangent of `a` has the shape \(2,\), its primal \(3,\)"):
        s2sad.jvp(np.sum, (np.ones(3),), (np.ones(2),))
    with pytest.raises(TypeError, match="a tangent, or None, for each"):
        s2sad.jvp(np.sum, (np.ones(3),), ())


class Body:
    def __init__(self, x, v):
        self.x, self.v, self.name = x, v, "body"

    def moved(self, t):
        self.x = self.x + self.v * t
        return self


def drift(body, t):
    return body.moved(t)


def test_objects_as_arguments_and_results() -> None:
    body, dot = Body(np.array([1.0, 2.0]), np.array([0.5, -1.0])), Body(np.array([1.0, 0.0]), np.array([0.0, 2.0]))
    value, tangent = s2sad.jvp(drift, (body, 2.0), (dot, 1.0))
    assert type(tangent) is Body and tangent.name is None
    assert value.x.tolist() == [2.0, 0.0] and tangent.x.tolist() == [1.0 + 0.5, 2.0 * 2.0 - 1.0] and tangent.v.tolist() == [0.0, 2.0]
    assert body.x.tolist() == [1.0, 2.0] and not np.shares_memory(value.v, body.v) and not np.shares_memory(tangent.v, dot.v)
    with pytest.raises(TypeError, match="the tangent of `body` is not structured like its primal: a Body"):
        s2sad.jvp(drift, (body, 2.0), (1.0, 1.0))


def made(x):
    body = Body(3 * x, 2 * x)
    body.moved(3.0)
    return np.sum(body.x ** 2)


def test_the_tangent_of_an_object_is_a_namespace_of_its_tangents() -> None:
    assert s2sad.source(made, mode="forward", args=(np.ones(2),)) == '''\
import numpy as np
from s2sad.runtime import namespace
from test_forward import Body


def moved_jvp(self, t, self_dot):
    self_dot.x = self_dot.x + self_dot.v * t
    self.x = self.x + self.v * t
    return self, self_dot


def made_jvp(x, x_dot):
    body = Body(3 * x, 2 * x)
    body_dot = namespace(x=3 * x_dot, v=2 * x_dot, name=None)
    moved_jvp(body, 3.0, body_dot)
    return np.sum(body.x ** 2), np.sum(2 * body_dot.x * body.x)
'''
