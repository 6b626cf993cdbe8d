"""The rules of Python's operators, with their functions in NumPy, `operator` and `math`.

`operator.add(a, b)` and `np.add(a, b)` share the row of `a + b`; the kinks of `**` are those of the kink table.
"""
from __future__ import annotations

from s2sad.rules.numbers import arithmetic, boolean, division, exponentiation, float64, integral, python_float, real
from s2sad.rules.shapes import matmul
from s2sad.rules.table import case, rule, ufunc, zero

# Lists and tuples are joined and repeated by the same operators.
JOINED = case("a.is_sequence and b.is_sequence", a="g[:len(a)]", b="g[len(a):]")
REPEATED = (
    case("a.is_sequence and b.box == 'python'", a="adjoints_of_repetition(g, a)"),
    case("b.is_sequence and a.box == 'python'", b="adjoints_of_repetition(g, b)"),
)
ufunc("a + b", "np.add(a, b)", "operator.add(a, b)", JOINED, a="g", b="g", result=arithmetic, linear="a+b")
ufunc("a - b", "np.subtract(a, b)", "operator.sub(a, b)", a="g", b="-g", result=arithmetic, linear="a+b")
ufunc("a * b", "np.multiply(a, b)", "operator.mul(a, b)", *REPEATED, a="g * b", b="g * a", result=arithmetic, linear="a b")
ufunc("a / b", "np.divide(a, b)", "np.true_divide(a, b)", "operator.truediv(a, b)", a="g / b", b="-g * y / b",
      without_y={"b": "-g * a / b**2"}, result=division, raises=True, linear="a")
ufunc("a % b", "np.remainder(a, b)", "np.mod(a, b)", "operator.mod(a, b)", a="g", b="-g * (a // b)", result=arithmetic, raises=True,
      kink="`a % b` where a is a multiple of b: the derivative from the side on which `a // b` is constant")
ufunc("np.fmod(a, b)", a="g", b="-g * np.trunc(a / b)", result=arithmetic,
      kink="`np.fmod(a, b)` where a is a multiple of b: as if the quotient were constant")

POWERS = (
    case("b == 0", a="0.0"),
    case("b == 1", a="g"),
    case("b == 2", a="2 * g * a"),
    case("b == -1", a="-g / a**2"),
    case("known(b)", a="b * g * a ** (b - 1)"),
    case("known(a) and a > 0", a="g * b * a ** (b - 1)", b="g * y * math.log(a)"),
    case("a.box == 'python' and b.box == 'python'", a="g * b * a ** (b - 1 if b else 1)", b="g * y * math.log(a or 1.0)"),
    case("b.box == 'python'", a="g * b * a ** (b - 1 if b else 1)"),
    case("a.box == 'python'", b="g * y * float(np.log(a or 1.0))"),
)
ufunc("a ** b", "np.power(a, b)", "operator.pow(a, b)", "pow(a, b)", *POWERS,
      a="g * b * a ** np.where(b, b - 1, 1)", b="g * y * np.log(np.where(a, a, 1))", result=exponentiation, raises=True,
      kink="`a ** b` at b = 0: the derivative in a is 0 (also at a = 0); at a = 0: the derivative in b is 0")
ufunc("np.float_power(a, b)", *POWERS, a="g * b * a ** np.where(b, b - 1, 1)", b="g * y * np.log(np.where(a, a, 1))", result=float64)
ufunc("math.pow(a, b)", *POWERS, a="g * b * a ** (b - 1 if b else 1)", b="g * y * math.log(a or 1.0)", result=python_float, raises=True)

rule("a @ b", "np.matmul(a, b)", "np.linalg.matmul(a, b, /)", "operator.matmul(a, b)",
     case("a.ndim == 2 and b.ndim == 2", a="g @ b.T", b="a.T @ g"),
     case("a.ndim == 2 and b.ndim == 1", a="np.outer(g, b)", b="a.T @ g"),
     case("a.ndim == 1 and b.ndim == 2", a="b @ g", b="np.outer(a, g)"),
     case("a.ndim == 1 and b.ndim == 1", a="g * b", b="g * a"),
     a="adjoint_of_matmul_left(g, a, b)", b="adjoint_of_matmul_right(g, a, b)", result=matmul, linear="a b")

ufunc("-a", "np.negative(a)", "operator.neg(a)", a="-g", result=arithmetic, linear="a")
ufunc("+a", "np.positive(a)", "operator.pos(a)", a="g", result=arithmetic, linear="a")
zero("a // b", "np.floor_divide(a, b)", "operator.floordiv(a, b)", elementwise=True, result=integral, raises=True,
     kink="`a // b`, `np.floor`, `np.ceil`, `np.trunc`, `np.round`, `int`: 0 everywhere, also where they jump")
zero("~a", "np.invert(a)", "operator.invert(a)", elementwise=True, result=arithmetic)
zero("not a", "operator.not_(a)", result=boolean)
zero("a << b", "np.left_shift(a, b)", "operator.lshift(a, b)", elementwise=True, result=arithmetic)
zero("a >> b", "np.right_shift(a, b)", "operator.rshift(a, b)", elementwise=True, result=arithmetic)
zero("a & b", "np.bitwise_and(a, b)", "operator.and_(a, b)", elementwise=True, result=arithmetic)
zero("a | b", "np.bitwise_or(a, b)", "operator.or_(a, b)", elementwise=True, result=arithmetic)
zero("a ^ b", "np.bitwise_xor(a, b)", "operator.xor(a, b)", elementwise=True, result=arithmetic)

rule("divmod(a, b)", "np.divmod(a, b)", a="unbroadcast(g[1], a)", b="unbroadcast(-g[1] * y[0], b)", raises=True,
     tangents={"a": "(0.0 * y[0], spread(a_dot, y[1]))", "b": "(0.0 * y[0], spread(-b_dot * y[0], y[1]))"})
ufunc("abs(a)", "operator.abs(a)",
      case("a.box != 'python' and a.kind != 'c'", a_dot="a_dot * np.sign(a)"),
      case("a.box == 'python' and a.kind != 'c'", a="g * ((a > 0) - (a < 0))"), a="g * np.sign(a)", analytic=False, result=real,
      kink="`abs(a)` at 0: 0", tangents={"a": "np.real(a_dot * np.conj(np.sign(a)))"})
