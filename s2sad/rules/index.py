"""NumPy's own index of functions, with what s2sad does for each: a rule, zero, a change in place, nothing to differentiate, or a refusal.

Rules and zeros stand in the rule tables; what has no rule is named here, so that nothing is left out by omission: `missing()` is empty.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import numpy as np

from s2sad.rules.table import Rule, exists, find, find_attribute, find_method
from s2sad.rules.table import rules as all_rules


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


REFUSED: Mapping[str, str] = {
    "np.apply_over_axes np.fromfunction np.frompyfunc np.vectorize":
        "it calls a function that only runs when the program does: write a loop or a comprehension, or `np.where` or `np.select`",
    "np.polydiv np.sort_complex np.kaiser": "nobody has needed its derivative yet: declare one with `s2sad.rule`",
    "np.histogram2d np.histogramdd": "its derivative in the weights is not declared yet: use `np.histogram` or `np.bincount`",
    "np.union1d np.intersect1d np.setdiff1d np.setxor1d np.unique_all np.unique_counts np.unique_inverse np.unique_values":
        "which entries it returns depends on their values: use `np.unique`, or index with constant indices",
    "np.bmat np.asmatrix np.nested_iters": "matrices and iterators of NumPy are not differentiated: use arrays",
    "a.getfield a.data a.ctypes a.base a.device a.to_device a.byteswap": "it looks at the memory of an array, not at its numbers",
    "a.resize": "it changes the size of an array in place: use `np.resize` or `np.pad`",
}
"""What is refused where it would have to be differentiated, and the way out."""

NOT_NUMERIC = _names(
    "np.array2string np.array_repr np.array_str np.base_repr np.binary_repr np.format_float_positional np.format_float_scientific "
    "np.busday_count np.busday_offset np.is_busday np.datetime_as_string np.datetime_data np.isnat np.can_cast np.common_type "
    "np.isdtype np.min_scalar_type np.mintypecode np.promote_types np.typename np.einsum_path np.broadcast_shapes np.from_dlpack "
    "np.frombuffer np.fromfile np.fromiter np.fromregex np.fromstring np.genfromtxt np.load np.loadtxt np.save np.savetxt np.savez "
    "np.savez_compressed np.get_include np.get_printoptions np.set_printoptions np.printoptions np.getbufsize np.setbufsize np.geterr "
    "np.seterr np.geterrcall np.seterrcall np.info np.show_config np.show_runtime np.test np.linalg.test np.fft.test np.packbits "
    "np.unpackbits np.iterable np.isfortran a.dump a.dumps a.tobytes a.tofile a.setflags a.setfield a.strides")
"""What neither takes nor gives real numbers that could vary."""

WRITTEN = _names(
    "np.copyto np.put np.place np.putmask np.fill_diagonal np.put_along_axis a.fill a.sort a.partition a.put np.add.at np.subtract.at "
    "np.multiply.at np.divide.at np.true_divide.at np.power.at")
"""What changes an array in place, and is differentiated as the assignment that it stands for."""

MODELLED = _names("np.apply_along_axis np.piecewise")
"""What calls functions of the user's, and is differentiated as the Python that it stands for (`expose/models.py`)."""

SCIPY = ("scipy.special", "scipy.linalg", "scipy.signal", "scipy.ndimage", "scipy.stats", "scipy.optimize", "scipy.integrate",
         "scipy.interpolate")
MODULES: Mapping[str, ModuleType] = {"np": np, "np.linalg": np.linalg, "np.fft": np.fft}
UFUNC_METHODS = ("reduce", "accumulate", "outer", "reduceat", "at")


@dataclass(frozen=True)
class Entry:
    """One function of the index, with why or how in `note`.

    Its `status` is `rule`, `zero`, `in place`, `written out`, `not numeric` or `refused`.
    """

    name: str
    status: str
    rule: Rule | None = None
    note: str = ""


def rules() -> list[Rule]:
    """The rules that come with s2sad."""
    return [row for row in all_rules() if not row.users]


def index() -> Iterator[Entry]:
    """Every public function of the installed NumPy, the methods and attributes of arrays, and the methods of ufuncs that have rules."""
    for prefix, module in MODULES.items():
        for name in dir(module):
            function = getattr(module, name)
            if not name.startswith("_") and callable(function) and not isinstance(function, type):
                yield entry(f"{prefix}.{name}", find(function))
    for name in dir(np.ndarray):
        if not name.startswith("_"):
            yield entry(f"a.{name}", find_method(name) or find_attribute(name))
    for name in dir(np):
        ufunc = getattr(np, name)
        if isinstance(ufunc, np.ufunc) and ufunc.nin == 2 and ufunc.nout == 1:
            for method in UFUNC_METHODS:
                row = find(getattr(ufunc, method))
                if row is not None or f"np.{name}.{method}" in WRITTEN:
                    yield entry(f"np.{name}.{method}", row)


def entry(name: str, row: Rule | None) -> Entry:
    """What is done for a function whose row, if it has one, is `row`."""
    if row is not None:
        return Entry(name, "zero" if row.zero else "rule", row, row.kink)
    if name in WRITTEN:
        return Entry(name, "in place", None, "as the assignment that it stands for")
    if name in MODELLED:
        return Entry(name, "written out", None, "as the Python that it stands for")
    if name in NOT_NUMERIC:
        return Entry(name, "not numeric")
    reason = next((reason for names, reason in REFUSED.items() if name in names.split()), None)
    return Entry(name, "missing" if reason is None else "refused", None, reason or "")


def missing() -> list[str]:
    """The functions of the installed NumPy that stand nowhere."""
    return [entry.name for entry in index() if entry.status == "missing"]


def reason(function: object) -> str | None:
    """Why a function of NumPy is refused, None where it is not."""
    name = getattr(function, "__name__", "")
    for names, why in REFUSED.items():
        if f"np.{name}" in names.split() and getattr(np, name, None) is function:
            return why
    return None


def counts() -> Mapping[str, int]:
    """How many functions have a derivative: of NumPy (with methods, attributes and ufunc methods), of SciPy, of Python's own modules."""
    for module in SCIPY if find_spec("scipy") is not None else ():
        import_module(module)       # a row counts where its function exists
    differentiated = [row for row in others() if not row.zero and exists(row)]
    names = {row: row.name.partition(".")[0] for row in differentiated}
    numpy = [row for row in differentiated if names[row] == "np" or row.kind in ("method", "attribute")]
    scipy = [row for row in differentiated if names[row] == "scipy"]
    both = [row for row in numpy + scipy if is_forward(row)]
    return {"NumPy functions, methods and ufunc methods": len(numpy), "SciPy functions": len(scipy),
            "of these in forward mode too": len(both), "operators and functions of Python": len(differentiated) - len(numpy) - len(scipy),
            "functions whose derivative is zero": sum(row.zero and exists(row) for row in others())}


def others() -> tuple[Rule, ...]:
    """All rows but those of the functions of s2sad itself, which only generated code calls."""
    return tuple(row for row in rules() if row.name.partition(".")[0] != "s2sad")


def is_forward(row: Rule) -> bool:
    """Whether every argument that has an adjoint has a tangent."""
    linear = {name for group in row.linear_groups for name in group}
    return row.elementwise or bool(row.model) or set(row.adjoints) | set(row.items) <= linear | set(row.tangents) | {
        name for name, text in row.adjoints.items() if text == "0.0"}


HEAD = """# The rules

What s2sad does for each function of NumPy's index.  The table is generated from the rules (`s2sad rules --markdown > docs/rules.md`).
Adjoints are in `y` (the result), `g` (its adjoint) and the arguments; `s2sad rules PATTERN` shows those for special cases too.
The conventions where a function has no derivative are those of [the table of kinks](kinks.md).

"""


def texts_of(row: Rule) -> list[str]:
    """What the page shows of a row: its adjoints, or the model that its calls are written out by."""
    return [f"`{name}: {text}`" for name, text in row.adjoints.items()] or [f"by `{row.model}`"] * bool(row.model)


def page() -> str:
    """The documentation page, in Markdown."""
    lines = [f"- {count} {what}" for what, count in counts().items()]
    lines += ["", "| function | derivative | |", "|---|---|---|"]
    for one in index():
        texts = [] if one.rule is None else texts_of(one.rule)
        shown = "<br>".join(texts).replace("|", "\\|") if one.status == "rule" else one.status
        note = "" if one.status == "rule" else one.note.replace("|", "\\|")
        lines.append(f"| `{one.name}` | {shown or 'item by item'} | {note} |")
    lines += ["", "## Other modules", "", "| function | derivative |", "|---|---|"]
    for row in others():
        if row.kind == "function" and row.name.partition(".")[0] != "np":
            texts = texts_of(row)
            shown = "<br>".join(texts).replace("|", "\\|") or ("zero" if row.zero else "item by item")
            lines.append(f"| `{row.name}` | {shown} |")
    return HEAD + "\n".join(lines) + "\n"
