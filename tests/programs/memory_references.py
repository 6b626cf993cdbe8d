"""Objects under several names: changed through one and read through another, held by each other, replaced, swapped, returned, kept in containers."""
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np

from . import case, normal


class Box:
    def __init__(self, value):
        self.value = value

    def scale(self, k):
        self.value *= k
        return self

    def replaced(self, value):
        self.value = value

    @property
    def squared(self):
        return self.value ** 2


@dataclass
class Pair:
    left: Box
    right: Box

    def swap(self):
        self.left, self.right = self.right, self.left


@dataclass
class Cell:
    data: np.ndarray
    total: float = 0.0
    log: list = field(default_factory=list)

    def push(self, v):
        self.total += v * self.data[0]
        self.log.append(self.total)

    def smooth(self):
        self.data[1:] = 0.5 * (self.data[1:] + self.data[:-1])


@case(0.7, 1.5)
def changed_through_another_name(x, y):
    a = Box(x)
    b = a
    b.value = b.value * y
    return a.value ** 2 + x


@case(0.7, 1.5)
def replaced_then_read(x, y):
    a = Box(x)
    before = a.value
    a.value = a.value * y
    a.value += before * x
    return a.value * before


@case(0.7, 1.5)
def swapped_in_a_pair(x, y):
    p = Pair(Box(x), Box(y))
    p.swap()
    p.left.value *= x
    return p.left.value - 2 * p.right.value ** 2


@case(0.7, 1.5)
def one_box_twice(x, y):
    b = Box(x)
    p = Pair(b, b)
    p.left.value = p.left.value * y
    return p.right.value ** 2


@case(normal(4))
def array_of_an_object_seen_outside(x):
    data = x * 2
    c = Cell(data)
    c.data[0] = x[1] ** 2
    data[1] *= 3
    return np.sum(c.data ** 2) + data[0]


@case(normal(4))
def array_rebound_in_an_object(x):
    data = x * 2
    c = Cell(data)
    c.data = c.data * x
    c.data[0] = 1.0
    return np.sum(c.data ** 2) + np.sum(data)


@case(normal(4), 0.7)
def methods_in_a_loop(x, s):
    c = Cell(x.copy())
    for i in range(3):
        c.push(s * (i + 1))
        c.smooth()
    return c.total * c.log[0] + np.sum(c.data * x)


@case(normal(4), normal(4, seed=1))
def two_cells_and_a_shared_array(x, y):
    shared = x * y
    a, b = Cell(shared), Cell(shared)
    a.smooth()
    b.push(x[0])
    return b.total + np.sum(b.data ** 2) + a.data[3]


@case(0.7, 1.5)
def objects_in_a_list_changed(x, y):
    boxes = [Box(x), Box(y), Box(x * y)]
    for b in boxes:
        b.value = b.value ** 2
    boxes[0].value += boxes[2].value
    return boxes[0].value * boxes[1].value


@case(0.7, 1.5)
def object_replaced_in_a_list(x, y):
    boxes = [Box(x), Box(y)]
    old = boxes[0]
    boxes[0] = Box(old.value * y)
    old.value = 3 * x
    return boxes[0].value * old.value


@case(0.7, 1.5)
def object_on_one_of_two_paths(x, y):
    a, b = Box(x), Box(y)
    c = a if x < y else b
    c.value *= 2
    return a.value * b.value ** 2


@case(0.7, 1.5)
def method_that_returns_itself(x, y):
    a = Box(x)
    b = a.scale(y).scale(x)
    b.value += 1
    return a.value ** 2


def touched(box, k):
    box.value = box.value * k + 1
    return box


@case(0.7, 1.5)
def function_that_changes_an_object(x, y):
    a = Box(x)
    b = touched(a, y)
    touched(b, x)
    return a.value * b.squared


@case(Box(0.7), 1.5, wrt=1)
def argument_object_changed(box, y):
    box.value *= y
    touched(box, y)
    return box.squared


@case(0.7, 1.5)
def property_read_before_and_after(x, y):
    b = Box(x)
    first = b.squared
    b.value = y * x
    return first * b.squared


@case(0.7)
def reassigned_in_a_loop(x):
    b = Box(x)
    for i in range(4):
        c = Box(b.value * x)
        if i % 2:
            b = c
        else:
            b.value += c.value
    return b.squared


@case(0.7, 1.5)
def namespace_of_state(x, y):
    s = SimpleNamespace(q=x, v=y)
    for _ in range(3):
        s.v = s.v - 0.1 * s.q
        s.q += 0.1 * s.v
    return s.q * s.v


@case(normal(3), 0.7)
def early_return_from_a_method_loop(x, limit):
    c = Cell(x ** 2)
    for v in x:
        c.push(v)
        if c.total > limit:
            return c.total * 2
    return c.total + c.data[1]


@case(0.7, 1.5)
def copied_by_hand(x, y):
    a = Box(x)
    b = Box(a.value)
    a.value = y
    return a.value * b.value ** 2


@case(normal(3))
def attribute_of_attribute(x):
    p = Pair(Box(x * 2), Box(x))
    p.left.value[0] = p.right.value[1] * 3
    q = p.left
    q.value[1:] *= p.right.value[1:]
    return np.sum(p.left.value ** 2) + q.value[0]


@case(0.7, 1.5)
def deleted_and_made_again(x, y):
    b = Box(x)
    total = b.squared
    del b.value
    b.value = y * total
    return b.squared


@case(0.7, 1.5)
def dict_of_objects(x, y):
    boxes = {"a": Box(x), "b": Box(y)}
    boxes["a"].value *= boxes["b"].value
    boxes["b"] = boxes["a"]
    boxes["b"].value += x
    return boxes["a"].squared


@case(0.7, 1.5)
def counts_beside_numbers(x, y):
    s = SimpleNamespace(n=0, mean=0.0)
    for v in (x, y, x * y):
        s.n += 1
        s.mean += (v - s.mean) / s.n
    return s.mean * s.n


@case(normal(3), normal(3, seed=1))
def list_attribute_grows(x, y):
    c = Cell(x)
    for v in y:
        c.log.append(v * c.data[1])
    c.log[0] = c.log[1] * 2
    return c.log[0] * c.log[-1] + len(c.log)


class Tracker:
    """Changes what it was given, keeps references, and hands them out."""

    def __init__(self, first):
        self.items = [first]
        self.best = first

    def add(self, box):
        self.items.append(box)
        if box.value > self.best.value:
            self.best = box
        return box

    @property
    def total(self):
        return sum(b.value for b in self.items)


@case(0.7, 1.5)
def references_kept_and_changed_outside(x, y):
    a, b = Box(x), Box(y)
    t = Tracker(a)
    t.add(b).value *= 2
    a.value += t.best.value
    return t.total * t.best.value


@case(normal(3), normal(3, seed=1))
def array_through_two_objects(x, y):
    a = Cell(x * y)
    b = Cell(a.data)
    a.data[0] = y[2]
    b.data += x
    c = Cell(b.data[1:])
    c.data *= 2
    return np.sum(a.data ** 2) + a.data @ b.data


@case(0.7, 1.5)
def pair_built_from_its_own_parts(x, y):
    p = Pair(Box(x), Box(y))
    q = Pair(p.right, Box(p.left.value))
    q.left.value *= x
    q.right.value += y
    return p.right.value * p.left.value + q.right.value ** 2


def advanced(pair, k):
    fresh = Pair(Box(pair.left.value * k), pair.right)
    fresh.right.value += k
    return fresh


@case(0.7, 1.5)
def callee_that_returns_part_of_its_argument(x, y):
    p = Pair(Box(x), Box(y))
    q = advanced(p, x)
    r = advanced(q, y)
    return r.left.value * p.right.value + q.left.value


@case(0.7, 1.5)
def objects_through_a_branch_in_a_loop(x, y):
    a, b = Box(x), Box(y)
    for i in range(4):
        c = a if i % 2 else b
        c.value = c.value * 0.9 + x
        if i == 2:
            a = b
    return a.value * b.value


@case(0.7, 1.5)
def one_object_twice_in_a_list(x, y):
    b = Box(x)
    boxes = [b, Box(y), b]
    for box in boxes:
        box.value = box.value * y
    return boxes[0].value + 2 * boxes[1].value * boxes[2].value


@case([Box(0.7), Box(1.5)], 2.0, wrt=1)
def argument_with_objects_changed(boxes, k):
    boxes[0].value *= k
    boxes[1].value += boxes[0].value ** 2
    return boxes[1].value * k


@case(0.7, 1.5)
def swapped_attributes(x, y):
    s = SimpleNamespace(a=x, b=y)
    for _ in range(3):
        s.a, s.b = s.b, s.a + s.b * x
    return s.a * s.b


@case(normal(3), 0.7)
def buffers_swapped_in_an_object(x, k):
    s = SimpleNamespace(old=x.copy(), new=np.zeros(3))
    for _ in range(3):
        s.new[1:] = k * s.old[:-1] + s.old[1:] ** 2
        s.new[0] = s.old[0]
        s.old, s.new = s.new, s.old
    return np.sum(s.old ** 2)
