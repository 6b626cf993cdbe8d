"""The rules of `scipy.special` (DLMF, the *Digital Library of Mathematical Functions*, for each).

Only arguments that have a derivative in closed form have one here: the order of a Bessel function, the `a` of `gammainc` have none, and are
refused where they vary.
"""
from __future__ import annotations

from functools import partial

from s2sad.rules.numbers import double, unknown
from s2sad.rules.shapes import like
from s2sad.rules.table import case, rule, ufunc, zero

special = partial(ufunc, analytic=False, result=double)
holomorphic = partial(ufunc, result=double)
S = "scipy.special."

# The gamma family (DLMF 5)
holomorphic(S + "gamma(x)", x="g * y * scipy.special.psi(x)")
special(S + "gammaln(x)", S + "loggamma(x)", x="g * scipy.special.psi(x)")
holomorphic(S + "rgamma(x)", x="-g * y * scipy.special.psi(x)")
special(S + "psi(x)", S + "digamma(x)", x="g * scipy.special.zeta(2, x)")
special(S + "polygamma(n, x)", x="g * scipy.special.polygamma(n + 1, x)")
special(S + "multigammaln(a, d)", a="g * np.sum(scipy.special.psi(np.expand_dims(a, -1) - np.arange(d) / 2), axis=-1)", result=unknown)
special(S + "beta(a, b)", a="g * y * (scipy.special.psi(a) - scipy.special.psi(a + b))",
        b="g * y * (scipy.special.psi(b) - scipy.special.psi(a + b))")
special(S + "betaln(a, b)", a="g * (scipy.special.psi(a) - scipy.special.psi(a + b))",
        b="g * (scipy.special.psi(b) - scipy.special.psi(a + b))")
special(S + "binom(a, b)", a="g * y * (scipy.special.psi(a + 1) - scipy.special.psi(a - b + 1))",
        b="g * y * (scipy.special.psi(a - b + 1) - scipy.special.psi(b + 1))")
special(S + "poch(z, m)", z="g * y * (scipy.special.psi(z + m) - scipy.special.psi(z))", m="g * y * scipy.special.psi(z + m)")
GAMMA_DENSITY = "np.exp((a - 1) * np.log(x) - x - scipy.special.gammaln(a))"
special(S + "gammainc(a, x)", x=f"g * {GAMMA_DENSITY}")
special(S + "gammaincc(a, x)", x=f"-g * {GAMMA_DENSITY}")
special(S + "gammaincinv(a, p)", p="g * np.exp(y + scipy.special.gammaln(a) - (a - 1) * np.log(y))")
special(S + "gammainccinv(a, p)", p="-g * np.exp(y + scipy.special.gammaln(a) - (a - 1) * np.log(y))")
special(S + "betainc(a, b, x)", x="g * np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - scipy.special.betaln(a, b))")
special(S + "betaincinv(a, b, p)", p="g * np.exp(scipy.special.betaln(a, b) - (a - 1) * np.log(y) - (b - 1) * np.log1p(-y))")
special(S + "zeta(x, q)", q="-g * x * scipy.special.zeta(x + 1, q)")
zero(S + "gammasgn(x)", elementwise=True, result=unknown)

# The error function family (DLMF 7)
holomorphic(S + "erf(x)", x="g * (2 / math.sqrt(math.pi)) * np.exp(-x**2)")
holomorphic(S + "erfc(x)", x="-g * (2 / math.sqrt(math.pi)) * np.exp(-x**2)")
holomorphic(S + "erfcx(x)", x="g * (2 * x * y - 2 / math.sqrt(math.pi))")
holomorphic(S + "erfi(x)", x="g * (2 / math.sqrt(math.pi)) * np.exp(x**2)")
special(S + "erfinv(x)", x="g * (math.sqrt(math.pi) / 2) * np.exp(y**2)")
special(S + "erfcinv(x)", x="-g * (math.sqrt(math.pi) / 2) * np.exp(y**2)")
holomorphic(S + "dawsn(x)", x="g * (1 - 2 * x * y)")
holomorphic(S + "ndtr(x)", x="g * np.exp(-x**2 / 2) / math.sqrt(2 * math.pi)")
holomorphic(S + "log_ndtr(x)", x="g * np.exp(-x**2 / 2 - y) / math.sqrt(2 * math.pi)")
special(S + "ndtri(p)", p="g * np.exp(y**2 / 2) * math.sqrt(2 * math.pi)")

# Logistic functions, entropies, losses
special(S + "expit(x)", x="g * y * (1 - y)")
special(S + "logit(x)", x="g / (x * (1 - x))")
special(S + "log_expit(x)", x="g * scipy.special.expit(-x)")
special(S + "xlogy(a, b)", case("b.box == 'python'", a="g * float(np.log(b))"), a="g * np.log(b)", b="g * a / b")
special(S + "xlog1py(a, b)", case("b.box == 'python'", a="g * float(np.log1p(b))"), a="g * np.log1p(b)", b="g * a / (1 + b)")
special(S + "entr(x)", x="-g * (np.log(x) + 1)")
special(S + "rel_entr(a, b)", a="g * (np.log(a / b) + 1)", b="-g * a / b")
special(S + "kl_div(a, b)", a="g * np.log(a / b)", b="g * (1 - a / b)")
special(S + "huber(delta, r)", delta="g * np.maximum(abs(r) - delta, 0)", r="g * np.clip(r, -delta, delta)")
special(S + "pseudo_huber(delta, r)", delta="g * (2 * y / delta - (r / delta)**2 * delta / np.sqrt(1 + (r / delta)**2))",
        r="g * r / np.sqrt(1 + (r / delta)**2)")
special(S + "boxcox(x, lmbda)", x="g * x**(lmbda - 1)", lmbda="g * (x**lmbda * np.log(x) - y) / lmbda")
special(S + "inv_boxcox(x, lmbda)", x="g * y**(1 - lmbda)", lmbda="g * y * (x * lmbda / (1 + x * lmbda) - np.log1p(x * lmbda)) / lmbda**2")
rule(S + "logsumexp(a, axis=None, b=None, keepdims=False)",
     case("b is None", a="unreduced(g, a, axis, keepdims) * np.exp(a - unreduced(y, a, axis, keepdims))",
          a_dot="np.sum(a_dot * np.exp(a - unreduced(y, a, axis, keepdims)), axis=axis, keepdims=keepdims)"),
     a="unreduced(g, a, axis, keepdims) * b * np.exp(a - unreduced(y, a, axis, keepdims))",
     b="unbroadcast(unreduced(g, a, axis, keepdims) * np.exp(a - unreduced(y, a, axis, keepdims)), b)",
     tangents={"a": "np.sum(a_dot * b * np.exp(a - unreduced(y, a, axis, keepdims)), axis=axis, keepdims=keepdims)",
               "b": "np.sum(b_dot * np.exp(a - unreduced(y, a, axis, keepdims)), axis=axis, keepdims=keepdims)"}, analytic=False,
     result=unknown)
rule(S + "softmax(x, axis=None)", x="y * (g - np.sum(g * y, axis=axis, keepdims=True))",
     tangents={"x": "y * (x_dot - np.sum(x_dot * y, axis=axis, keepdims=True))"}, analytic=False, result=like("x"))
rule(S + "log_softmax(x, axis=None)", x="g - np.exp(y) * np.sum(g, axis=axis, keepdims=True)",
     tangents={"x": "x_dot - np.sum(x_dot * np.exp(y), axis=axis, keepdims=True)"}, analytic=False, result=like("x"))

# Bessel functions (DLMF 10.6, 10.29): derivatives in the argument
for first, second in (("j0", "j1"), ("y0", "y1"), ("k0", "k1")):
    special(f"{S}{first}(x)", x=f"-g * scipy.special.{second}(x)")
special(S + "i0(x)", x="g * scipy.special.i1(x)")
special(S + "j1(x)", x="g * (scipy.special.j0(x) - y / x)")
special(S + "y1(x)", x="g * (scipy.special.y0(x) - y / x)")
special(S + "i1(x)", x="g * (scipy.special.i0(x) - y / x)")
special(S + "k1(x)", x="-g * (scipy.special.k0(x) + y / x)")
special(S + "i0e(x)", x="g * (scipy.special.i1e(x) - np.sign(x) * y)")
special(S + "i1e(x)", x="g * (scipy.special.i0e(x) - y * (np.sign(x) + 1 / x))")
special(S + "k0e(x)", x="g * (y - scipy.special.k1e(x))")
special(S + "k1e(x)", x="g * (y * (1 - 1 / x) - scipy.special.k0e(x))")
for name, sign in (("jv", "-"), ("yv", "-"), ("yn", "-"), ("iv", "+")):
    special(f"{S}{name}(v, x)", x=f"g * (scipy.special.{name}(v - 1, x) {sign} scipy.special.{name}(v + 1, x)) / 2")
special(S + "kv(v, x)", x="-g * (scipy.special.kv(v - 1, x) + scipy.special.kv(v + 1, x)) / 2")
special(S + "ive(v, x)", x="g * ((scipy.special.ive(v - 1, x) + scipy.special.ive(v + 1, x)) / 2 - np.sign(x) * y)")
special(S + "kve(v, x)", x="g * (y - (scipy.special.kve(v - 1, x) + scipy.special.kve(v + 1, x)) / 2)")

for name, sign in (("jn", "-"), ("yn", "-"), ("in", "+"), ("kn", "-")):
    special(f"{S}spherical_{name}(n, x)", x=f"g * (n / x * y {sign} scipy.special.spherical_{name}(n + 1, x))")
for name in ("jve", "yve"):        # of real numbers the same as `jv`, `yv`
    special(f"{S}{name}(v, x)", x=f"g * (scipy.special.{name}(v - 1, x) - scipy.special.{name}(v + 1, x)) / 2")
for name in ("struve", "modstruve"):
    special(f"{S}{name}(v, x)", x=f"g * (scipy.special.{name}(v - 1, x) - v / x * y)")

# Orthogonal polynomials (DLMF 18.9), of integer degree
LOWER = "np.maximum(n - 1, 0)"
special(S + "eval_jacobi(n, a, b, x)", x=f"g * (n > 0) * (n + a + b + 1) / 2 * scipy.special.eval_jacobi({LOWER}, a + 1, b + 1, x)")
special(S + "eval_legendre(n, x)", x=f"g * (n > 0) * (n + 1) / 2 * scipy.special.eval_jacobi({LOWER}, 1, 1, x)")
special(S + "eval_gegenbauer(n, a, x)", x=f"g * (n > 0) * 2 * a * scipy.special.eval_gegenbauer({LOWER}, a + 1, x)")
special(S + "eval_chebyt(n, x)", x=f"g * n * scipy.special.eval_chebyu({LOWER}, x)")
special(S + "eval_chebyu(n, x)", x=f"g * (n > 0) * 2 * scipy.special.eval_gegenbauer({LOWER}, 2, x)")
special(S + "eval_hermite(n, x)", x=f"g * 2 * n * scipy.special.eval_hermite({LOWER}, x)")
special(S + "eval_hermitenorm(n, x)", x=f"g * n * scipy.special.eval_hermitenorm({LOWER}, x)")
special(S + "eval_laguerre(n, x)", x=f"-g * (n > 0) * scipy.special.eval_genlaguerre({LOWER}, 1, x)")
special(S + "eval_genlaguerre(n, a, x)", x=f"-g * (n > 0) * scipy.special.eval_genlaguerre({LOWER}, a + 1, x)")

# Integrals, elliptic and hypergeometric functions (DLMF 6, 13, 15, 19, 25.12)
special(S + "expi(x)", x="g * np.exp(x) / x")
special(S + "exp1(x)", x="-g * np.exp(-x) / x")
special(S + "expn(n, x)", x="-g * scipy.special.expn(n - 1, x)")
special(S + "spence(z)", z="g * np.log(z) / (1 - z)")
special(S + "ellipk(m)", m="g * (scipy.special.ellipe(m) / (1 - m) - y) / (2 * m)")
special(S + "ellipe(m)", m="g * (y - scipy.special.ellipk(m)) / (2 * m)")
special(S + "ellipkinc(phi, m)", phi="g / np.sqrt(1 - m * np.sin(phi)**2)")
special(S + "ellipeinc(phi, m)", phi="g * np.sqrt(1 - m * np.sin(phi)**2)")
special(S + "owens_t(h, a)", h="-g * np.exp(-h**2 / 2) * scipy.special.erf(a * h / math.sqrt(2)) / (2 * math.sqrt(2 * math.pi))",
        a="g * np.exp(-h**2 * (1 + a**2) / 2) / (2 * math.pi * (1 + a**2))")
special(S + "wrightomega(x)", x="g * y / (1 + y)")
special(S + "hyperu(a, b, x)", x="-g * a * scipy.special.hyperu(a + 1, b + 1, x)")
special(S + "ndtri_exp(x)", x="g * np.exp(x + y**2 / 2) * math.sqrt(2 * math.pi)")
special(S + "hyp0f1(b, x)", x="g * scipy.special.hyp0f1(b + 1, x) / b")
special(S + "hyp1f1(a, b, x)", x="g * (a / b) * scipy.special.hyp1f1(a + 1, b + 1, x)")
special(S + "hyp2f1(a, b, c, x)", x="g * (a * b / c) * scipy.special.hyp2f1(a + 1, b + 1, c + 1, x)")
rule(S + "sici(x)", x="adjoint_of_pair(g, np.sinc(x / np.pi), np.cos(x) / x)",
     tangents={"x": "x_dot * np.sinc(x / np.pi), x_dot * np.cos(x) / x"}, analytic=False, result=unknown)
rule(S + "fresnel(x)", x="adjoint_of_pair(g, np.sin(np.pi * x**2 / 2), np.cos(np.pi * x**2 / 2))",
     tangents={"x": "x_dot * np.sin(np.pi * x**2 / 2), x_dot * np.cos(np.pi * x**2 / 2)"}, analytic=False, result=unknown)

# Exponentials, logarithms and trigonometry with care
special(S + "expm1(x)", x="g * (y + 1)")
special(S + "exp2(x)", x="g * y * math.log(2)")
special(S + "exp10(x)", x="g * y * math.log(10)")
special(S + "exprel(x)", x="g * np.where(x, (np.exp(x) - y) / np.where(x, x, 1), 0.5)")
special(S + "log1p(x)", x="g / (1 + x)")
special(S + "cbrt(x)", x="g / (3 * y**2)")
special(S + "cosm1(x)", x="-g * np.sin(x)")
special(S + "sindg(x)", x="g * scipy.special.cosdg(x) * (math.pi / 180)")
special(S + "cosdg(x)", x="-g * scipy.special.sindg(x) * (math.pi / 180)")
special(S + "tandg(x)", x="g * (1 + y**2) * (math.pi / 180)")
