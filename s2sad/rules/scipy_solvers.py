"""The rules of `scipy.optimize` and `scipy.integrate`, which call a function of the user's: each names the model it is written out by."""
from __future__ import annotations

from s2sad.facts import FLOAT, Fact, tuple_of
from s2sad.rules.numbers import python_float, unknown
from s2sad.rules.selections import entries
from s2sad.rules.shapes import like
from s2sad.rules.table import Bound, Facts, case, rule


def value_and_error(facts: Facts, bound: Bound) -> Fact:
    return tuple_of(FLOAT, FLOAT)


O = "scipy.optimize."

# Roots of equations.  They do not depend on where the search began, nor on how it went.
SEARCH = ("a", "b", "xtol", "rtol", "maxiter", "disp")
for method in ("brentq", "brenth", "bisect", "ridder"):
    rule(f"{O}{method}(f, a, b, args=(), xtol=2e-12, rtol=8.881784197001252e-16, maxiter=100, *, disp=True)",
         model="root_of_equation(y, f, args)", inert=SEARCH, result=python_float, raises=True)
rule(O + "toms748(f, a, b, args=(), k=1, xtol=2e-12, rtol=8.881784197001252e-16, maxiter=100, *, disp=True)",
     model="root_of_equation(y, f, args)", inert=(*SEARCH, "k"), result=python_float, raises=True)
rule(O + "newton(func, x0, fprime=None, args=(), tol=1.48e-08, maxiter=50, fprime2=None, x1=None, rtol=0.0, *, disp=True)",
     case("x0.box == 'python'", model="root_of_equation(y, func, args)"), model="roots_of_equations(y, func, args)", result=like("x0"),
     raises=True, inert=("x0", "fprime", "tol", "maxiter", "fprime2", "x1", "rtol", "disp"))
rule(O + "fsolve(func, x0, args=(), fprime=None, *, col_deriv=0, xtol=1.49012e-08, maxfev=0, band=None, epsfcn=None, factor=100,"
     " diag=None)",
     model="root_of_system(y, func, args)", result=entries("x0", 1), raises=True,
     inert=("x0", "fprime", "col_deriv", "xtol", "maxfev", "band", "epsfcn", "factor", "diag"))
rule(O + "root_scalar(f, args=(), method=None, bracket=None, fprime=None, fprime2=None, x0=None, x1=None, xtol=None, rtol=None,"
     " maxiter=None, options=None)", model="solved_equation(y, f, args)", result=unknown, raises=True,
     inert=("method", "bracket", "fprime", "fprime2", "x0", "x1", "xtol", "rtol", "maxiter", "options"))
rule(O + "root(fun, x0, args=(), method='hybr', jac=None, tol=None, callback=None, options=None)",
     model="solved_system(y, fun, x0, args)", result=unknown, raises=True, inert=("x0", "method", "jac", "tol", "callback", "options"))
rule(O + "fixed_point(func, x0, args=(), xtol=1e-08, maxiter=500, method='del2')", model="fixed_point(y, func, args)", result=like("x0"),
     raises=True, inert=("x0", "xtol", "maxiter", "method"))

# Minima, where the gradient vanishes
rule(O + "minimize(fun, x0, args=(), method=None, jac=None, hess=None, hessp=None, *, tol=None, callback=None, options=None)",
     case("jac == True", model="minimum_with_gradient(y, fun, x0, args)"), model="minimum(y, fun, x0, args)", result=unknown, raises=True,
     inert=("x0", "method", "jac", "hess", "hessp", "tol", "callback", "options"))
rule(O + "minimize_scalar(fun, bracket=None, *, args=(), method=None, tol=None, options=None)", model="minimum_on_line(y, fun, args)",
     result=unknown, raises=True, inert=("bracket", "method", "tol", "options"))
rule(O + "least_squares(fun, x0, jac='2-point', *, method='trf', ftol=1e-08, xtol=1e-08, gtol=1e-08, x_scale=None, max_nfev=None, args=())",
     model="least_squares(y, fun, x0, args)", result=unknown, raises=True,
     inert=("x0", "jac", "method", "ftol", "xtol", "gtol", "x_scale", "max_nfev"))

# Integrals: the derivative is that of a sum over nodes that give the same value
rule("scipy.integrate.quad(func, a, b, args=(), *, epsabs=1.49e-08, epsrel=1.49e-08, limit=50)", model="integral(y, func, a, b, args)",
     result=value_and_error, raises=True, inert=("epsabs", "epsrel", "limit"))
rule("scipy.integrate.quad_vec(f, a, b, epsabs=1e-200, epsrel=1e-08, *, args=())", model="integral(y, f, a, b, args)", result=unknown,
     raises=True, inert=("epsabs", "epsrel"))

# Differential equations: the derivative is that of explicit steps of high order between nodes
rule("scipy.integrate.solve_ivp(fun, t_span, y0, method='RK45', t_eval=None, *, args=(), rtol=0.001, atol=1e-06, max_step=None,"
     " first_step=None, jac=None)", model="trajectory(y, fun, held(t_span), y0, args)", result=unknown, raises=True,
     inert=("method", "rtol", "atol", "max_step", "first_step", "jac"))
rule("scipy.integrate.odeint(func, y0, t, args=(), *, tfirst=False, rtol=None, atol=None, mxstep=0, hmax=0.0, h0=0.0)",
     case("tfirst == True", model="trajectory_at_times_first(y, func, y0, held(t), args)"),
     model="trajectory_at(y, func, y0, held(t), args)", result=unknown, raises=True, inert=("rtol", "atol", "mxstep", "hmax", "h0"))
