"""The derivative object: called as its primal is called, it generates the function for the facts of the arguments, once, and calls it.

`grad`, `value_and_grad`, `vjp` and `source` return it or what it returns.
"""
from __future__ import annotations

import inspect
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType, FunctionType, MethodType
from typing import Any

from s2sad.derivatives.calls import call_key, integer_part, is_differentiable
from s2sad.derivatives.target import POSITIONAL, Wrt, function_of_rule, independents, optional_names, target_of
from s2sad.errors import DifferentiationError, refuse
from s2sad.request import Generated, Independent, Request

SIGNATURES = 8      # of one function, before the general form serves all further ones
REMEMBERED = 64     # keys of calls
FUNCTIONS = 256     # whose derivatives are shared between derivative objects
TITLES = {"grad": "Gradient of", "value_and_grad": "Value and gradient of", "vjp": "Value and pullback of", "jvp": "Value and tangent of",
          "jvps": "Value and tangents of", "pull": "Pullback of"}


@dataclass
class Family:
    """What was generated of one function for one request, by the facts of the arguments."""

    by_facts: dict[Any, Generated] = field(default_factory=dict)
    by_call: dict[Any, Generated] = field(default_factory=dict)
    general: Generated | None = None
    assumed: Generated | None = None
    latest: Generated | None = None
    code: CodeType | None = None

    def forget(self) -> None:
        self.by_facts.clear()
        self.by_call.clear()
        self.general = self.assumed = self.latest = None

    def holds(self) -> bool:
        generated = (*self.by_facts.values(), *(g for g in (self.general, self.assumed) if g is not None))
        return all(g.valid is None or g.valid() for g in generated)


_families: dict[tuple[Any, Request], Family] = {}


def _family(function: Any, request: Request) -> Family:
    """The family that all derivatives of a function for one request share; the oldest of many functions is forgotten."""
    family = _families.get((function, request))
    if family is None:
        if len(_families) >= FUNCTIONS:
            del _families[next(iter(_families))]
        family = _families[function, request] = Family()
    return family


def _generate(function: FunctionType, request: Request, facts: Mapping[str, Any] | None) -> Generated:
    from s2sad.generate import generate

    return generate(function, request, facts)


def _check(function: FunctionType) -> None:
    from s2sad.generate import check

    check(function)


class Derivative:
    """A derivative of `primal`.  Call it as you call `primal`.

    `source` is its text; `specialize(*args)` is the bare generated function for such arguments; `save(path)` writes the text.
    """

    _is_s2sad_derivative = True

    def __init__(self, primal: Callable[..., Any], mode: str, wrt: Wrt, has_aux: bool = False) -> None:
        self.primal = primal
        self._asked = (mode, wrt, has_aux)
        self._prepare()

    def _prepare(self) -> None:
        """Looks at the primal: at first, and again where a reloading tool has given it other code."""
        mode, wrt, has_aux = self._asked
        primal = self.primal
        self._target = target = target_of(primal, wrt)
        function = target.function
        name = _name_of(primal, function)
        self.request = Request(mode, *independents(wrt, target, name), has_aux)
        varied = frozenset(one.name for one in self.request.wrt)
        if isinstance(function, Derivative):
            self._root: FunctionType = function._root
            self._varied: frozenset[str] = varied | function._varied
        else:
            _check(function)
            self._root, self._varied = function, varied
        self._code = self._root.__code__
        self._family = _family(function, self.request)
        if self._family.code is not self._code:
            self._family.forget()
            self._family.code = self._code
        parameters = target.own.parameters.values()
        bound = target.args or target.keywords
        self._arity = -1 if bound or any(p.kind not in POSITIONAL for p in parameters) else len(parameters)
        self.__name__ = f"{name}_{self.request.suffix}"
        prefix = str(getattr(primal, "__qualname__", name)).rpartition(".")[0]
        self.__qualname__ = f"{prefix}.{self.__name__}".lstrip(".")
        self.__module__ = str(getattr(primal, "__module__", None) or function.__module__)
        self.__signature__ = target.signature
        variables = ", ".join(f"`{one}`" for one in self.request.wrt)
        doc = inspect.getdoc(function)
        self.__doc__ = f"{TITLES[mode]} `{name}` with respect to {variables}." + (f"\n\n{doc}" if doc else "")

    def __repr__(self) -> str:
        variables = ", ".join(map(str, self.request.wrt))
        name = getattr(self.primal, "__qualname__", None) or repr(self.primal)
        return f"<{self.request.mode} of {name} with respect to {variables}>"

    # Calling

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        found = self._family.by_call.get(call_key(args)) if not kwargs and len(args) == self._arity else None
        if found is not None and self._root.__code__ is self._code and (found.valid is None or found.valid()):
            function = found.function
        else:
            _, args, kwargs, function = self.found_for(args, kwargs)
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            from s2sad.link.load import add_user_line

            add_user_line(error)
            raise

    def found_for(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Derivative, tuple[Any, ...], dict[str, Any], FunctionType]:
        """The derivative that serves a call, the arguments as its function takes them, and the generated function."""
        if self._root.__code__ is not self._code:
            self._prepare()
        if kwargs or len(args) != self._arity:
            if (fitting := self.fitting(args, kwargs)) is not self:
                return fitting.found_for(args, kwargs)
            args, kwargs = self._completed(args, kwargs)
        key = call_key(args)
        found = self._family.by_call.get(key) if not kwargs else None
        if found is None or (found.valid is not None and not found.valid()):
            found = self._generated_for(args, kwargs, key)
        return self, args, kwargs, found.function

    def fitting(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Derivative:
        """The derivative for a call with these arguments: of a function of a library, with the parameters that it gives."""
        target = self._target
        if target.library is None or target.args or target.keywords:
            return self
        given = optional_names(target.library, range(len(args)), kwargs)
        known = tuple(name for name in given if name not in target.own.parameters)
        if not known:
            return self
        mode, wrt, has_aux = self._asked
        asked = optional_names(target.library, wrt if isinstance(wrt, (tuple, list)) else (wrt,))
        return Derivative(function_of_rule(target.library, optional_names(target.library, (*given, *asked))), mode, wrt, has_aux)

    def unbound(self) -> Derivative:
        """The derivative of the function that is differentiated, with the arguments that a method or partial has given as parameters."""
        mode, _, has_aux = self._asked
        first = sum(p.kind in POSITIONAL for p in self._target.own.parameters.values())
        places = tuple(one.name if one.item is None else one.item if isinstance(one.item, str) else first + one.item
                       for one in self.request.wrt)
        return Derivative(self._target.function, mode, places[0] if self.request.single else places, has_aux)

    def _completed(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments in the function's own order, those bound by a method or partial and the defaults included."""
        target = self._target
        try:
            bound = target.own.bind(*target.args, *args, **{**target.keywords, **kwargs})
        except TypeError:
            self.primal(*args, **kwargs)    # raises the primal's own error, since the arguments do not fit it
            raise
        bound.apply_defaults()
        return bound.args, bound.kwargs

    # Generating

    def _named(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        if not kwargs and len(args) == self._arity:
            return dict(zip(self._target.own.parameters, args))
        bound = self._target.own.bind(*args, **kwargs)
        bound.apply_defaults()      # an empty `*args` too is known
        return dict(bound.arguments)

    def _generated_for(self, args: tuple[Any, ...], kwargs: dict[str, Any], key: tuple[Any, ...] | None = None) -> Generated:
        values = self._named(args, kwargs)
        for one in self.request.wrt:
            if one.name in values:
                self._refuse_argument(one, values[one.name])
        self._refresh()
        found = self._function_for(self._facts(values))
        if key is not None and not kwargs and None not in key:
            by_call = self._family.by_call
            if len(by_call) >= REMEMBERED:
                by_call.clear()
            by_call[key] = found
        self._family.latest = found
        return found

    def _facts(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The facts of the arguments."""
        from s2sad.facts import signature
        from s2sad.generate import sizes_outside

        return signature(values, self._varied, sizes_outside(self._root))

    def _refresh(self) -> None:
        """Forgets what was generated if the primal was redefined in place, as reloading tools do, or a global was rebound."""
        if self._root.__code__ is not self._code:
            self._prepare()
        if isinstance(self._target.function, Derivative):
            self._target.function._refresh()
        if not self._family.holds():
            self._family.forget()

    def _function_for(self, facts: Mapping[str, Any]) -> Generated:
        from s2sad.facts import key as key_of

        family, key = self._family, key_of(facts)
        found = family.by_facts.get(key)
        if found is None:
            found = self._general_form(facts) if len(family.by_facts) >= SIGNATURES else self._generate(facts)
            family.by_facts[key] = found
        return found

    def _general_form(self, facts: Mapping[str, Any]) -> Generated:
        from s2sad.facts import holds_complex

        if any(map(holds_complex, facts.values())):
            return self._generate(facts)
        if self._family.general is None:
            try:
                self._family.general = self._generate({})
            except DifferentiationError:
                return self._generate(facts)
        return self._family.general

    def _generate(self, facts: Mapping[str, Any] | None) -> Generated:
        function = self._target.function
        if isinstance(function, Derivative):
            function = (function._assumed() if facts is None else function._function_for(facts)).function
        return _generate(function, self.request, facts)

    def _assumed(self) -> Generated:
        """What annotations and the uses of the parameters alone lead to."""
        self._refresh()
        if self._family.assumed is None:
            self._family.assumed = self._generate(None)
        return self._family.assumed

    def _refuse_argument(self, one: Independent, value: Any) -> None:
        if one.item is not None:
            try:
                value = value[one.item]
            except (IndexError, KeyError):
                raise refuse(f"this call gives no `{one}` to differentiate with respect to", None, None,
                             "pass it, or leave it out of wrt") from None
        if not is_differentiable(value):
            kind = type(value).__name__
            raise refuse(f"cannot differentiate with respect to `{one}`: it is of type {kind}", None, None,
                         "choose parameters that are real numbers or arrays of them with wrt=")
        cast = integer_part(value, str(one))
        if cast:
            raise refuse(f"cannot differentiate with respect to `{one}`: an array of integers has no derivative", None, None,
                         f"pass {cast}")

    # What users look at

    @property
    def source(self) -> str:
        """The text of the derivative: the latest that was generated, else what follows from annotations and uses."""
        return (self._family.latest or self._assumed()).text.text

    @property
    def __wrapped__(self) -> FunctionType:
        """The function whose text is `source`: `inspect.getsource` shows that of the derivative by way of it."""
        try:
            return (self._family.latest or self._assumed()).function
        except DifferentiationError as error:
            raise AttributeError(f"no derivative is generated yet: {error}") from error

    def source_for(self, *args: Any, **kwargs: Any) -> str:
        """The text of the derivative for such arguments."""
        fitting = self.fitting(args, kwargs)
        return fitting._generated_for(*fitting._completed(args, kwargs)).text.text

    def specialize(self, *args: Any, **kwargs: Any) -> FunctionType:
        """The bare generated function for the facts of these arguments; it takes the arguments of `primal` by position."""
        fitting = self.fitting(args, kwargs)
        return fitting._generated_for(*fitting._completed(args, kwargs)).function

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes `source` to a file: all of it, or, where that fails, nothing."""
        write_whole(os.fspath(path), self.source)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        try:
            text = self.source
        except DifferentiationError as error:
            return {"text/plain": f"{self!r}\n{error}"}
        return {"text/plain": f"{self!r}\n{text}", "text/html": _as_html(text), "text/markdown": f"```python\n{text}```"}

    def _repr_html_(self) -> str:
        return self._repr_mimebundle_().get("text/html", "")

    # Being a function among functions

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __copy__(self) -> Derivative:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Derivative:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        wrt = tuple(_as_given(one, self._target.own) for one in self.request.wrt)
        plain = (self.request.mode, wrt[0] if self.request.single else wrt, self.request.has_aux)
        named = _path_to(self.primal)
        return (_restored, (*plain, None, *named)) if named else (_restored, (*plain, self.primal, "", ""))


def _name_of(primal: Any, function: Any) -> str:
    name = getattr(primal, "__name__", None) or function.__name__
    return "f" if name == "<lambda>" else str(name)


def _as_given(one: Independent, signature: inspect.Signature) -> int | str:
    if one.item is None or isinstance(one.item, str):
        return one.name if one.item is None else one.item
    return one.item + sum(p.kind in POSITIONAL for p in signature.parameters.values())


def _as_html(text: str) -> str:
    import html

    return f'<pre class="s2sad"><code class="language-python">{html.escape(text)}</code></pre>'


def write_whole(path: str, text: str) -> None:
    """Writes a file through a temporary one beside it, so that no reader ever sees half of it."""
    directory = os.path.dirname(os.path.abspath(path))
    mode = os.stat(path).st_mode if os.path.exists(path) else 0o666 & ~_umask()
    handle, temporary = tempfile.mkstemp(dir=directory, prefix=".s2sad-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, mode & 0o777)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


# Pickling: by the import path of the primal, which may be that of the derivative where a decorator put it there


def _import_path(module: str, qualname: str) -> Any:
    import importlib

    found: Any = importlib.import_module(module)
    for part in qualname.split("."):
        found = inspect.getattr_static(found, part, None)
        if isinstance(found, (staticmethod, classmethod)):
            found = found.__func__
    return found


def _path_to(primal: Any) -> tuple[str, str] | None:
    """Module and qualified name under which a derivative of `primal` stands in the place of `primal`, if one does."""
    module, qualname = getattr(primal, "__module__", None), getattr(primal, "__qualname__", None)
    if not isinstance(primal, FunctionType) or not module or not qualname or "<" in qualname:
        return None
    found = _import_path(module, qualname)
    while isinstance(found, Derivative):
        found = found.primal
        if found is primal:
            return module, qualname
    return None


def _restored(mode: str, wrt: Any, has_aux: bool, primal: Any, module: str, qualname: str) -> Derivative:
    """The derivative of `primal`, or of the function that the derivative at an import path was made from."""
    if primal is None:
        primal = _import_path(module, qualname)
        restored = primal
        while isinstance(restored, Derivative) and isinstance(restored.primal, Derivative):
            restored = restored.primal
        if not isinstance(restored, Derivative):
            return Derivative(primal, mode, wrt, has_aux)
        primal = restored.primal
        same = Derivative(primal, mode, wrt, has_aux)
        return restored if restored.request == same.request else same
    return Derivative(primal, mode, wrt, has_aux)
