"""Objects whose methods, properties and operators change them; objects of several classes; objects that may be missing."""
import math
from dataclasses import dataclass, field
from typing import NamedTuple, Optional

import numpy as np

from . import case, normal


class Account:
    def __init__(self, balance, rate):
        self.balance = balance
        self.rate = rate
        self.history = []

    def deposit(self, amount):
        self.balance += amount
        self.history.append(self.balance)
        return self

    def accrue(self):
        old = self.balance
        self.balance = self.balance * (1 + self.rate)
        return self.balance - old

    @property
    def total(self):
        return self.balance + sum(self.history)


@case(1.3, 0.2)
def account(b, r):
    a = Account(b, r)
    a.deposit(2.0).deposit(b * r)
    gained = 0.0
    for _ in range(3):
        gained += a.accrue()
        if gained > 1.0:
            a.deposit(gained)
    return a.total * gained


class Meter:
    def __init__(self, v):
        self._v = v
        self.reads = 0

    @property
    def value(self):
        self.reads += 1
        self._v = self._v * 1.1
        return self._v

    @value.setter
    def value(self, v):
        self._v = v
        self.reads = 0


@case(0.7)
def property_that_changes(x):
    m = Meter(x)
    a = m.value
    b = m.value * m.value
    return a + b * m.reads + m._v


@case(0.7)
def property_that_is_set(x):
    m = Meter(x)
    m.value = m.value * x
    m.value += 1.0
    return m.value * m.reads


class Vec:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __iadd__(self, o):
        self.x += o.x
        self.y += o.y
        return self

    def __add__(self, o):
        return Vec(self.x + o.x, self.y + o.y)

    def __imul__(self, k):
        self.x *= k
        self.y *= k
        return self

    def __matmul__(self, o):
        return self.x * o.x + self.y * o.y

    def __getitem__(self, i):
        return self.x if i == 0 else self.y

    def __setitem__(self, i, v):
        if i == 0:
            self.x = v
        else:
            self.y = v

    def __len__(self):
        return 2

    def __iter__(self):
        yield self.x
        yield self.y

    def __call__(self, t):
        self.x = self.x * t
        return self.x + self.y

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __lt__(self, o):
        return self.x < o.x


@case(0.7, 1.3)
def operators_that_change(x, y):
    a, b = Vec(x, y), Vec(y, 2.0)
    c = a
    a += b
    c *= x
    b += a
    return a @ b + c.x


@case(0.7, 1.3)
def operators_in_a_loop(x, y):
    pos, vel = Vec(x, y), Vec(0.0, 1.0)
    for _ in range(3):
        vel += Vec(-pos.x * 0.1, -pos.y * 0.1)
        pos = pos + vel
    return pos @ vel


@case(0.7, 1.3)
def items_that_are_set(x, y):
    a = Vec(x, y)
    a[0] = a[1] * x
    a[1] += a[0]
    for i in range(len(a)):
        a[i] = a[i] * a[i]
    return a[0] * a[1]


@case(0.7, 1.3)
def iterates_over_an_object(x, y):
    a = Vec(x, y)
    s = 1.0
    for c in a:
        s = s * c + 1.0
    p, q = a
    return s + p * q


@case(0.7, 1.3)
def call_that_changes(x, y):
    a = Vec(x, y)
    return a(2.0) * a(x) + a.x


@case(0.7, 1.3)
def negation_and_comparison(x, y):
    a, b = Vec(x, y), Vec(y, x)
    c = -a if a < b else -b
    return c @ a


class Shape:
    def __init__(self, size):
        self.size = size

    def area(self):
        return self.size * 0.0

    def grow(self, k):
        self.size = self.size * k

    def describe(self):
        return self.area() * 2.0


class Square(Shape):
    def area(self):
        return self.size ** 2


class Circle(Shape):
    def __init__(self, size):
        super().__init__(size * 2)
        self.r = size

    def area(self):
        return math.pi * self.r ** 2

    def grow(self, k):
        super().grow(k)
        self.r = self.r * k


@case(0.7, 1.3)
def polymorphic_list(x, y):
    shapes = [Square(x), Circle(y), Square(x * y)]
    total = 0.0
    for s in shapes:
        s.grow(x)
        total += s.describe()
    return total + sum(s.size for s in shapes)


@case(0.7, 1.3)
def polymorphic_choice(x, y):
    s = Square(x) if x > 1 else Circle(y)
    s.grow(y)
    return s.area() * s.size


@case(0.7, 4)
def polymorphic_in_a_loop(x, n):
    total = 0.0
    for i in range(n):
        s = Square(x) if i % 2 else Circle(x * i)
        total += s.area()
    return total


@case(0.7, 4)
def object_rebound_in_a_loop(x, n):
    s = Square(x)
    for i in range(n):
        if i == 2:
            s = Circle(s.size * 0.5)
        s.grow(1.1)
    return s.area() + s.size


class Node:
    def __init__(self, value, left=None, right=None):
        self.value = value
        self.left = left
        self.right = right

    def total(self):
        t = self.value
        if self.left is not None:
            t = t + self.left.total() * 0.5
        if self.right:
            t = t * self.right.total()
        return t

    def scale(self, k):
        self.value *= k
        for child in (self.left, self.right):
            if child is not None:
                child.scale(k)

    def insert(self, v):
        if v < self.value:
            if self.left is None:
                self.left = Node(v)
            else:
                self.left.insert(v)
        else:
            if self.right is None:
                self.right = Node(v)
            else:
                self.right.insert(v)


@case(0.7, 1.3)
def optional_children(x, y):
    t = Node(x, Node(y, None, Node(x * y)), Node(2.0))
    return t.total()


@case(0.7, 1.3)
def optional_children_scaled(x, y):
    t = Node(x, Node(y, None, Node(x * y)), Node(2.0))
    t.scale(y)
    return t.total()


@case(0.7, 1.3, 0.2)
def search_tree(x, y, z):
    t = Node(x)
    for v in (y, z, x * y):
        t.insert(v)
    return t.total()


def depth_sum(node, d):
    if node is None:
        return 0.0
    return node.value * d + depth_sum(node.left, d + 1) + depth_sum(node.right, d + 1)


@case(0.7, 1.3)
def optional_children_of_a_function(x, y):
    return depth_sum(Node(x, Node(y, None, Node(x * y)), Node(2.0)), 1)


class Cell:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next


@case(0.7, 1.3)
def linked_list_walked(x, y):
    head = Cell(x, Cell(y, Cell(x * y)))
    s = 0.0
    node = head
    while node is not None:
        s = s * 0.5 + node.value ** 2
        node = node.next
    return s


@case(0.7, 4)
def linked_list_built(x, n):
    head = None
    for i in range(n):
        head = Cell(x ** i, head)
    s = 0.0
    node = head
    while node:
        node.value *= 2.0
        s += node.value * x
        node = node.next
    return s


@dataclass
class Layer:
    w: np.ndarray
    b: np.ndarray
    act: str = "tanh"
    cache: Optional[np.ndarray] = None

    def forward(self, x):
        z = self.w @ x + self.b
        self.cache = z
        if self.act == "tanh":
            return np.tanh(z)
        return np.maximum(z, 0.0)


@dataclass
class Net:
    layers: list = field(default_factory=list)

    def add(self, layer):
        self.layers.append(layer)
        return self

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def penalty(self):
        return sum(np.sum(l.w ** 2) + np.sum(l.cache) for l in self.layers)


@case(normal(3, 2), normal(3), normal(2, 3, seed=1), normal(2, seed=1), normal(2, seed=2))
def net(w1, b1, w2, b2, x):
    n = Net().add(Layer(w1, b1)).add(Layer(w2, b2, "relu"))
    y = n.forward(x)
    return np.sum(y) + 0.1 * n.penalty()


class Stack:
    def __init__(self):
        self.items = []

    def push(self, v):
        self.items.append(v)

    def pop(self):
        return self.items.pop()

    def apply(self, op):
        b, a = self.pop(), self.pop()
        self.push(op(a, b))


@case(0.7, 1.3)
def calculator(x, y):
    s = Stack()
    s.push(x)
    s.push(y)
    s.apply(lambda a, b: a * b)
    s.push(2.0)
    s.apply(lambda a, b: a ** b)
    return s.pop()


@case(0.7, 1.3)
def calculator_of_tokens(x, y):
    s = Stack()
    for token in ("x", "y", "*", "x", "+", "y", "*"):
        if token == "x":
            s.push(x)
        elif token == "y":
            s.push(y)
        elif token == "*":
            s.push(s.pop() * s.pop())
        else:
            s.push(s.pop() + s.pop())
    return s.pop()


@case(0.7, 1.3)
def resized_through_an_alias(x, y):
    a = [x, y]
    b = a
    s = 0.0
    for v in a:
        s += v * v
        if len(b) < 4:
            b.append(v * x)
    return s


@case(0.7, 1.3)
def shortened_through_an_alias(x, y):
    a = [x, y, x * y, 2.0]
    b = a
    s = 0.0
    for v in a:
        s += v * v
        b.pop()
    return s


@case(0.7, 1.3)
def resized_by_a_nested_function(x, y):
    a = [x, y]

    def grow(v):
        if len(a) < 4:
            a.append(v)

    s = 0.0
    for v in a:
        grow(v * x)
        s += v
    return s


@case(0.7, 1.3)
def resized_by_a_callee(x, y):
    a = [x, y]
    s = 0.0
    for v in a:
        grow_to_four(a, v * x)
        s += v
    return s


def grow_to_four(items, v):
    if len(items) < 4:
        items.append(v)


@case(0.7, 1.3)
def resized_in_an_attribute(x, y):
    acc = Account(x, y)
    acc.history.append(y)
    s = 0.0
    for h in acc.history:
        s += h
        if len(acc.history) < 4:
            acc.deposit(h * x)
    return s


class Point(NamedTuple):
    x: float
    y: float

    def norm(self):
        return math.hypot(self.x, self.y)

    @property
    def twice(self):
        return Point(self.x * 2, self.y * 2)


@case(0.7, 1.3)
def named_tuple_with_methods(x, y):
    p = Point(x, y)
    q = p._replace(x=p.norm())
    return q.twice.norm() * q[0] + p.twice.y


class Base:
    registry = 0

    def __init__(self, a):
        self.a = a
        self.setup()

    def setup(self):
        self.b = self.a * 2

    @classmethod
    def of(cls, v):
        return cls(v * 3)

    @staticmethod
    def mix(a, b):
        return a * b

    def value(self):
        return self.mix(self.a, self.b)


class Derived(Base):
    def setup(self):
        super().setup()
        self.c = self.b * self.a

    def value(self):
        return super().value() + self.c


@case(0.7, 1.3)
def template_methods(x, y):
    return Derived(x).value() * Base.of(y).value() + Derived.of(x).c


@case(normal(4), 0.3)
def method_writes_an_array(v, k):
    f = Field(v)
    for _ in range(3):
        f.step(k)
    return f.energy() + np.sum(f.u * f.initial)


class Field:
    def __init__(self, u):
        self.u = u.copy()
        self.initial = u
        self.t = 0.0

    def step(self, k):
        self.u[1:-1] += k * (self.u[2:] - 2 * self.u[1:-1] + self.u[:-2])
        self.t += k

    def energy(self):
        return np.sum(self.u ** 2) * self.t


@case(normal(4), 0.3)
def two_objects_share_an_array(v, k):
    u = v * 1.0
    a, b = Holder(u), Holder(u)
    a.scale(k)
    b.scale(2.0)
    a.u = a.u + 1.0
    a.scale(k)
    return np.sum(a.u * b.u)


class Holder:
    def __init__(self, u):
        self.u = u

    def scale(self, k):
        self.u *= k


@case(0.7, 1.3)
def object_in_two_places(x, y):
    s = Square(x)
    pair = [s, Circle(y)]
    table = {"a": s, "b": pair[1]}
    table["a"].grow(y)
    pair[1].size = x
    return s.area() * table["b"].size + pair[0].size


@case(0.7, 1.3)
def objects_swapped(x, y):
    a, b = Square(x), Square(y * 2)
    for i in range(3):
        a, b = b, a
        a.grow(x)
    return a.area() - b.area() * 2


@case(0.7, 1.3)
def attribute_functions(x, y):
    s = Square(x)
    setattr(s, "size", getattr(s, "size") * y)
    extra = getattr(s, "missing", x)
    if hasattr(s, "area") and not hasattr(s, "nothing"):
        extra = extra * y
    return s.area() + extra


@case(0.7, 1.3)
def instance_checks(x, y):
    total = 0.0
    for s in (Square(x), Circle(y), Shape(x)):
        if isinstance(s, Circle):
            total += s.r
        elif isinstance(s, Square):
            total += s.area()
        else:
            total += s.size
    return total


@case(0.7, 1.3)
def bound_methods_kept(x, y):
    a = Account(x, y)
    put = a.deposit
    put(y)
    gain = a.accrue
    s = gain() + gain()
    a.rate = x
    return s * gain() + a.balance


@case(normal(3), 0.5)
def optional_array(v, k):
    best = None
    for i in range(3):
        w = v * (i + k)
        if best is None or np.sum(w ** 2) > np.sum(best ** 2):
            best = w
    return np.sum(best)


class Lazy:
    def __init__(self, x):
        self.x = x
        self._cached = None

    @property
    def heavy(self):
        if self._cached is None:
            self._cached = math.sin(self.x) * self.x
        return self._cached

    def move(self, d):
        self.x += d
        self._cached = None


@case(0.7)
def lazy_property(x):
    o = Lazy(x)
    a = o.heavy + o.heavy
    o.move(x)
    return a * o.heavy


class Pair:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __iter__(self):
        yield self.x
        yield self.y * 2


class Row:
    def __init__(self, *items):
        self.items = list(items)

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)


@case(0.7)
def objects_walked_over(x):
    total = 0.0
    for v in Pair(x, x * x):
        total += v * v
    for i, v in enumerate(Row(x, 2.0 * x)):
        total += v * i
    return total + sum(Pair(x, 1.0)) + sum(v ** 2 for v in Row(x, x * x)) + max(Pair(x, 0.1))


@case(0.7)
def objects_unpacked(x):
    p, q = Pair(x, x * x)
    a, *rest = Row(p, q, 3.0)
    return p * q + a * rest[0] + rest[1] + sum(u * v for u, v in zip(Row(x, x * x), Pair(x, 2.0)))


@case(0.7)
def what_is_lazy_unpacked(x):
    def twice():
        yield x
        yield x * x

    a, b = twice()
    c, d = map(lambda v: v * x, (a, 2.0))
    return a * b + c * d


@case(0.7)
def local_import_of_a_container(x):
    import collections
    totals = collections.defaultdict(float)
    for i, letter in enumerate("abcab"):
        totals[letter] += x * i
    return sum(totals.values()) * totals["a"]
