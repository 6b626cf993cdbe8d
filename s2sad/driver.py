"""From a function and the facts of its arguments to the functions of its derivative's text."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from s2sad import core
from s2sad.analysis.outside import check_outside
from s2sad.analysis.plan import Plan
from s2sad.errors import refuse
from s2sad.facts import UNKNOWN, Fact, Number, Unknown
from s2sad.facts import Mapping as MappingFact
from s2sad.facts import Sequence as SequenceFact
from s2sad.infer import infer
from s2sad.lower.flow import never_returns
from s2sad.meaning.callees import VALUE_BAR, UserCall
from s2sad.meaning.forms import ABSENT, adjoint_fact, call
from s2sad.meaning.semantics import Pair
from s2sad.quote import quote_expr
from s2sad.reading.read import Source
from s2sad.request import Request
from s2sad.sweeps.edges import apart
from s2sad.sweeps.pairs import Library
from s2sad.work import Work, split


def derive(source: Source, code: core.Function, facts: Mapping[str, Fact], request: Request) -> Library:
    """The functions of a derivative's text; the derivative itself is the last.

    `facts` are those of the parameters of `code`, which is the function of `source` in core Python.
    """
    return library_of(source, code, facts, request).named()


def library_of(source: Source, code: core.Function, facts: Mapping[str, Fact], request: Request) -> Library:
    """The functions of a derivative's text, their names still marked: the stages in their order, for each kind of derivative."""
    library = Library()
    if request.mode in ("jvp", "jvps"):
        return pushed_forward(library, request, source, code, facts)
    if never_returns(code):
        params = with_tangents(code.params, (core.Param(VALUE_BAR),) if request.mode == "pull" else ())
        library.add(replace(code, name=library.name(f"{source.name}_{request.suffix}"), params=params), source)
        return library
    work = Work.on(code, source, library.pair)
    plan = work.plan(facts, frozenset(variable.name for variable in request.wrt))
    check_outside(plan.function, plan.facts, plan.activity.varied, plan.semantics, called=False)
    if request.mode == "pull":
        return pulled(library, work, plan, request, source, code, facts)
    if request.mode == "vjp":
        return pulled_back(library, work, plan, request, source, code, facts)
    check_result(plan, request)
    seed: core.Expr = core.Tuple((core.Const(1.0), ABSENT)) if request.has_aux else core.Const(1.0)
    wrt = tuple(dict.fromkeys(variable.name for variable in request.wrt))
    whole = work.joint(plan, wrt, seed, value=request.mode == "value_and_grad" or request.has_aux)
    last = whole.body[-1]
    assert isinstance(last, core.Return)
    known = infer(whole, facts, plan.semantics.scope)
    result = core.Return(returned(last.value, known[last], plan, request, wrt))
    whole = replace(whole, name=library.name(f"{source.name}_{request.suffix}"), body=(*whole.body[:-1], result))
    tidy = without_empty_sweep(work.tidied(whole, plan, {**known, result: known[last]}))
    library.add(apart(tidy, facts, plan.semantics, library), source)
    return library


def pulled(
    library: Library, work: Work, plan: Plan, request: Request, source: Source, code: core.Function, facts: Mapping[str, Fact],
) -> Library:
    """`f_pullback`, a function of the arguments and then of the adjoint of the value, which returns the adjoints of the arguments."""
    seed = core.Name(plan.names.fresh(VALUE_BAR))
    seed_facts = {seed.id: adjoint_fact(getattr(plan.facts, "result", UNKNOWN))}
    wrt = tuple(dict.fromkeys(variable.name for variable in request.wrt))
    whole = work.joint(plan, wrt, seed, (), seed_facts)
    whole = replace(whole, params=with_tangents(code.params, (core.Param(seed.id),)))
    known = infer(whole, {**facts, **seed_facts}, plan.semantics.scope)
    last = whole.body[-1]
    assert isinstance(last, core.Return)
    result = core.Return(returned(last.value, known[last], plan, request, wrt))
    whole = replace(whole, name=library.name(f"{source.name}_{request.suffix}"), body=(*whole.body[:-1], result))
    tidy = without_empty_sweep(work.tidied(whole, plan, {**known, result: known[last]}))
    library.add(apart(tidy, facts, plan.semantics, library), source)
    return library


def without_empty_sweep(whole: core.Function) -> core.Function:
    """The function without the names of its sweeps, where there is one only."""
    first, second = split(whole)
    return whole if first and len(second) > 1 else replace(whole, body=(*first, *second))


def returned(value: core.Expr, ends: Mapping[str, Fact], plan: Plan, request: Request, wrt: Sequence[str]) -> core.Expr:
    """What the derivative returns, from the value (if it was asked for) and the adjoints of the variables `wrt`."""
    result: core.Expr | None = None
    if request.mode == "value_and_grad" or request.has_aux:
        assert isinstance(value, core.Tuple)
        result, value = value.elts
    start = plan.facts[plan.function.body[0]]
    adjoints = value.elts if len(wrt) > 1 and isinstance(value, core.Tuple) else (value,)
    bars = {name: typed(bar, plan.semantics.fact(bar, ends), name, start.get(name, UNKNOWN)) for name, bar in zip(wrt, adjoints)}
    parts = [bars[v.name] if v.item is None else core.Subscript(bars[v.name], core.Const(v.item)) for v in request.wrt]
    gradient = parts[0] if request.single else core.Tuple(tuple(parts))
    if result is None:
        return gradient
    if request.mode == "value_and_grad":
        return core.Tuple((result, gradient))
    aux = result.elts[1] if isinstance(result, core.Tuple) else core.Subscript(result, core.Const(1))
    return core.Tuple((gradient, aux))


def typed(bar: core.Expr, have: Fact, name: str, want: Fact) -> core.Expr:
    """An adjoint as a gradient: of the type of its argument, where that is not proved."""
    if not isinstance(want, Number) or want.shape is None or want.box == "any":
        return bar if is_alike(have, want) else call("closed", bar, core.Name(name))
    known = have if isinstance(have, Number) else Number("?")
    if want.box == "python":
        if known.box == "python" and known.kind == want.kind and not known.mixed:
            return bar
        return core.Call(core.Name("complex" if want.kind == "c" else "float"), (bar,))
    if want.shape == () and want.box == "array" and known.box != "array":
        return core.Call(quote_expr("np.array"), (bar,), (("dtype", core.Attribute(core.Name("np"), want.dtype or "float64")),))
    doubles = want.box == "array" and want.dtype == "float64" and known.dtype is None and known.kind in "f?"
    if known.dtype == want.dtype and known.box == want.box or doubles:
        return bar
    dtype = core.Attribute(core.Name("np"), want.dtype or "float64")
    return core.Call(core.Attribute(bar, "astype"), (dtype,)) if want.box == "array" else core.Call(dtype, (bar,))


def is_alike(have: Fact, want: Fact) -> bool:
    """Whether an adjoint is proved to have the structure and the types of its argument, part by part."""
    if isinstance(want, Number):
        probe = core.Name("bar")
        return isinstance(have, Number) and want.shape is not None and want.box != "any" and typed(probe, have, "", want) is probe
    if isinstance(want, MappingFact) and isinstance(have, MappingFact) and want.items is not None and have.items is not None:
        ours, theirs = dict(want.items), dict(have.items)
        return list(ours) == list(theirs) and all(is_alike(theirs[key], fact) for key, fact in ours.items())
    if not isinstance(want, SequenceFact) or not isinstance(have, SequenceFact) or want.kind != have.kind or want.cls is not None:
        return False
    wanted = want.items if want.items is not None else (want.each,)
    found = have.items if have.items is not None else (have.each,) * len(wanted)
    return len(found) == len(wanted) and all(map(is_alike, found, wanted))


def check_result(plan: Plan, request: Request) -> None:
    """Refuses the gradient of what is no real number, where that is known before the call."""
    fact = getattr(plan.facts, "result", UNKNOWN)
    if request.has_aux:
        if isinstance(fact, SequenceFact) and fact.items is not None and len(fact.items) != 2 or isinstance(fact, Number):
            raise refuse("with `has_aux` the function must return a pair `(value, aux)`", plan.function.body[-1].at,  # type: ignore[attr-defined]
                         plan.semantics.source, "return the value first and everything else in `aux`")
        fact = fact.items[0] if isinstance(fact, SequenceFact) and fact.items is not None else UNKNOWN
    if not_scalar(fact) or isinstance(fact, (Number, Unknown)) and is_written_in_parts(plan):
        raise refuse("the gradient is that of a real number, and this function returns something else", plan.function.body[-1].at,  # type: ignore[attr-defined]
                     plan.semantics.source, "use `vjp` for a chosen direction, or `jacobian` for all of them")


def is_written_in_parts(plan: Plan) -> bool:
    """Whether what is returned is a variable, bound once, into slices of which the function stores: no number then."""
    last = plan.function.body[-1]
    name = last.value if isinstance(last, core.Return) else None
    if not isinstance(name, core.Name) or len(plan.layout.binders.get(name.id, ())) != 1:
        return False
    targets = [s.target for s in plan.layout.statements if isinstance(s, (core.Assign, core.AugAssign))]
    indices = [t.index for t in targets if isinstance(t, core.Subscript) and t.value == name]
    return any(isinstance(part, core.Slice) for index in indices for part in (index.elts if isinstance(index, core.Tuple) else (index,)))


def not_scalar(fact: Fact) -> bool:
    if isinstance(fact, Number):
        return fact.kind == "c" or fact.shape not in (None, ())
    return not isinstance(fact, Unknown)


def pulled_back(
    library: Library, work: Work, plan: Plan, request: Request, source: Source, code: core.Function, facts: Mapping[str, Fact],
) -> Library:
    """`f_vjp`, which returns the value and the pullback: a function of the adjoint of the value that can be called again."""
    bound: dict[str, core.Expr] = {param.name: core.Name(param.name) for param in code.params}
    called = UserCall(source.function or code, code, source, bound)
    pair = library.pair(called, facts, frozenset(v.name for v in request.wrt), (True,), taped=True)
    tape, seed = core.Name("tape"), core.Name("value_bar")
    reverse = core.Call(core.Name(pair.reverse), (call("copied", tape), seed))
    order = list(pair.active)
    terms = core.Name("bars")
    known = facts_of_adjoints(library, pair, plan)
    value: list[core.Expr] = []
    for variable in request.wrt:
        place = order.index(variable.name)
        part: core.Expr = terms if len(order) == 1 else core.Subscript(terms, core.Const(place))
        part = typed(part, known[place], variable.name, facts.get(variable.name, UNKNOWN))
        value.append(part if variable.item is None else core.Subscript(part, core.Const(variable.item)))
    reversal = (core.Assign(terms, reverse), core.Return(core.Tuple(tuple(value))))
    pullback = core.Function("pullback", (core.Param("value_bar"),), reversal, ("tape",))
    body = (core.Assign(core.Tuple((core.Name("value"), tape)), core.Call(core.Name(pair.forward), tuple(bound.values()))),
            core.Define("pullback", pullback), core.Return(core.Tuple((core.Name("value"), core.Name("pullback")))))
    library.add(replace(code, name=library.name(f"{source.name}_vjp"), body=body), source)
    return library


def facts_of_adjoints(library: Library, pair: Pair, plan: Plan) -> tuple[Fact, ...]:
    """What is known of the adjoints that the reverse function of a pair returns."""
    code = next(function for function in library.functions if function.name == pair.reverse)
    known, last = infer(code, library.facts[code.name], plan.semantics.scope), code.body[-1]
    assert isinstance(last, core.Return)
    result, count = plan.semantics.fact(last.value, known[last]), len(pair.active)
    items = (result,) if count == 1 else result.items if isinstance(result, SequenceFact) else None
    return items if items is not None and len(items) == count else (UNKNOWN,) * count


def pushed_forward(library: Library, request: Request, source: Source, code: core.Function, facts: Mapping[str, Fact]) -> Library:
    """`f_jvp`, which returns the value and its tangent, or `f_jvps` for many tangents at once."""
    from s2sad.tangent.function import Jvps, mirrored
    from s2sad.tangent.seeds import seeded

    active = tuple(dict.fromkeys(variable.name for variable in request.wrt))
    whole = mirrored(code, source, facts, active, Jvps(library))
    dots = whole.params[len(code.params):]
    params = with_tangents(code.params, dots)
    whole = replace(whole, name=library.name(f"{source.name}_{request.suffix}"), params=params)
    library.add(whole, source)
    if request.mode == "jvp":
        return library
    of_tangents = {dot.name: adjoint_fact(facts.get(name, UNKNOWN)) for name, dot in zip(active, dots)}
    return seeded(library, {**facts, **of_tangents}, tuple(of_tangents), whole.name)


def with_tangents(params: Sequence[core.Param], dots: Sequence[core.Param]) -> tuple[core.Param, ...]:
    """The parameters of a function and, after those that are given by position, the tangents; by keyword where defaults come before."""
    plain = [param for param in params if param.kind in ("positional", "plain")]
    rest = [param for param in params if param.kind not in ("positional", "plain")]
    if not rest and all(param.default is None for param in plain):
        return (*plain, *dots)
    last = [param for param in rest if param.kind == "kwargs"]
    return (*plain, *(param for param in rest if param.kind != "kwargs"), *(replace(dot, kind="keyword") for dot in dots), *last)
