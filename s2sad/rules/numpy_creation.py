"""The rules of NumPy functions that make arrays, and of random draws, which are constants."""
from __future__ import annotations

from s2sad.rules.layouts import arange, drawn, eye, filled, filled_like, linspace, scalar_of
from s2sad.rules.numbers import python_float
from s2sad.rules.table import case, rule, ufunc, zero

zero("np.zeros(shape, dtype=None)", "np.ones(shape, dtype=None)", "np.empty(shape, dtype=None)", "np.ndarray(shape, dtype=None)",
     result=filled)
zero("np.zeros_like(a, dtype=None, *, shape=None)", "np.ones_like(a, dtype=None, *, shape=None)",
     "np.empty_like(a, dtype=None, *, shape=None)",
     result=filled_like)
zero("np.eye(N, M=None, k=0, dtype=None)", "np.identity(N, dtype=None)", result=eye)
zero("np.tri(N, M=None, k=0, dtype=None)", "np.tril_indices(n, k=0, m=None)", "np.triu_indices(n, k=0, m=None)",
     "np.diag_indices(n, ndim=2)", "np.tril_indices_from(arr, k=0)", "np.triu_indices_from(arr, k=0)", "np.diag_indices_from(arr)",
     "np.mask_indices(n, mask_func, k=0)", "np.ix_(*args)")

rule("np.full(shape, fill_value, dtype=None)", case("fill_value.ndim == 0", fill_value="np.sum(g)"),
     fill_value="unbroadcast(g, fill_value)", result=filled, linear="fill_value")
rule("np.full_like(a, fill_value, dtype=None)", case("fill_value.ndim == 0", fill_value="np.sum(g)"),
     a="0.0", fill_value="unbroadcast(g, fill_value)", result=filled_like, linear="fill_value", tangents={"a": "0.0"})
rule("np.arange(start, stop=None, step=1, dtype=None)", case("stop is None", start="0.0", start_dot="0.0"),
     start="np.sum(g)", stop="0.0", step="g @ np.arange(len(g))", result=arange,
     kink="`np.arange(start, stop, step)`: 0 in `stop`, and the number of entries is taken as constant",
     tangents={"start": "start_dot", "stop": "0.0", "step": "step_dot * np.arange(len(y))"})
rule("np.linspace(start, stop, num=50, endpoint=True, *, axis=0)",
     case("start.ndim == 0 and stop.ndim == 0 and endpoint == True", start="g @ np.linspace(1.0, 0.0, num)",
          stop="g @ np.linspace(0.0, 1.0, num)"),
     start="np.tensordot(1.0 - np.linspace(0.0, 1.0, num, endpoint), np.moveaxis(g, axis, 0), 1)",
     stop="np.tensordot(np.linspace(0.0, 1.0, num, endpoint), np.moveaxis(g, axis, 0), 1)",
     result=linspace, linear="start+stop")

for real in ("float64", "float32", "float16", "longdouble", "complex128", "complex64"):
    ufunc(f"np.{real}(x=0.0, /)", x="g", analytic=False, result=scalar_of(real), linear="x")
for discrete in ("int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64", "bool_", "intp"):
    zero(f"np.{discrete}(x=0, /)", result=scalar_of(discrete))

# Draws never run twice.  Where a distribution is a fixed draw that is shifted and scaled, the derivative follows the draw.
for draw in ("normal", "laplace", "logistic", "gumbel"):
    ufunc(f"np.random.{draw}(loc=0.0, scale=1.0, size=None)", f"r.{draw}(loc=0.0, scale=1.0, size=None)",
          loc="g", scale="g * (y - loc) / scale", result=drawn, pure=False)
ufunc("np.random.uniform(low=0.0, high=1.0, size=None)", "r.uniform(low=0.0, high=1.0, size=None)",
      low="g * (high - y) / (high - low)", high="g * (y - low) / (high - low)", result=drawn, pure=False)
ufunc("np.random.exponential(scale=1.0, size=None)", "r.exponential(scale=1.0, size=None)", scale="g * y / scale", result=drawn, pure=False)
rule("np.random.choice(a, size=None, replace=True, p=None)", "r.choice(a, size=None, replace=True, p=None)", "np.random.permutation(x)",
     "r.permutation(x)",
     pure=False)
zero("np.random.rand(*shape)", "np.random.randn(*shape)", "np.random.random(size=None)", "np.random.random_sample(size=None)",
     "np.random.standard_normal(size=None)", "np.random.randint(low, high=None, size=None, dtype=int)", "np.random.seed(seed=None)",
     "np.random.default_rng(seed=None)", "r.random(size=None)", "r.standard_normal(size=None)", "r.integers(low, high=None, size=None)",
     pure=False)
zero("random.random()", "random.randint(a, b)", "random.randrange(start, stop=None, step=1)", "random.seed(a=None)", pure=False)
ufunc("random.gauss(mu=0.0, sigma=1.0)", "random.normalvariate(mu=0.0, sigma=1.0)", mu="g", sigma="g * (y - mu) / sigma",
      result=python_float, pure=False, raises=True)
ufunc("random.uniform(a, b)", a="g * (b - y) / (b - a)", b="g * (y - a) / (b - a)", result=python_float, pure=False, raises=True)
