"""The rules of Python's built-in functions; `abs`, `pow` and `divmod` stand with the operators."""
from __future__ import annotations

from s2sad.rules.items import chosen_tangent, max_parts, min_parts
from s2sad.rules.layouts import length
from s2sad.rules.numbers import as_kind, joined, python_bool, python_int, rounded, same, text, unknown
from s2sad.rules.table import case, rule, zero

rule("float(x=0.0, /)", x="g", analytic=False, result=as_kind("f"), raises=True, linear="x")
rule("complex(real=0.0, imag=0.0)", case("real.kind != 'c' and imag.kind != 'c'", real="g.real", imag="g.imag"),
     real="g", imag="-1j * g", analytic=False, result=as_kind("c"), raises=True, linear="real+imag")

rule("sum(seq, /, start=0)", seq="adjoints_of_sum(g, seq)", start="g", result=unknown, linear="seq+start")
rule("max(*args)", args="adjoints_of_max(g, args)", items={"args": max_parts}, result=joined, raises=True, analytic=False,
     kink="`max(a, b)`, `min(a, b)` of equal items: 1 in the first, which is the one that Python returns",
     tangents={"args": chosen_tangent(">", "place_of_max")})
rule("min(*args)", args="adjoints_of_min(g, args)", items={"args": min_parts}, result=joined, raises=True, analytic=False,
     tangents={"args": chosen_tangent("<", "place_of_min")})

rule("copy.deepcopy(x)", x="g", linear="x", result=same("x"))
rule("copy.copy(x)", x="g", linear="x", result=same("x"), views=("x",), fresh="x.box == 'array'")

zero("int(x=0, /)", "hash(x)", "id(x)", "ord(x)", result=python_int, raises=True)
zero("bisect.bisect(a, x, lo=0, hi=None)", "bisect.bisect_right(a, x, lo=0, hi=None)", "bisect.bisect_left(a, x, lo=0, hi=None)",
     result=python_int, raises=True)
zero("round(number, ndigits=None)", result=rounded, raises=True)
zero("len(x)", result=length, raises=True)
zero("bool(x=False, /)", "isinstance(x, cls)", "issubclass(x, cls)", "hasattr(x, name)", "callable(x)", "all(x)", "any(x)",
     result=python_bool)
zero("str(x='')", "repr(x)", "format(x, spec='')", "chr(i)", "ascii(x)", "bin(i)", "hex(i)", "oct(i)", result=text)
zero("type(x)", "range(a, b=None, step=None, /)", "slice(a, b=None, step=None, /)", result=unknown)
zero("print(*args, sep=' ', end='\\n', file=None, flush=False)", result=unknown, pure=False)
zero("input(prompt='', /)", result=text, pure=False)
