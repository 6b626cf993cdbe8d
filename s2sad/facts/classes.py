"""What facts say of the class of a value."""
from __future__ import annotations

from s2sad.facts.fact import Fact, Mapping, NoneFact, Number, ObjectFact, RangeFact, Sequence, Text

_PYTHON: dict[str, type] = {"b": bool, "i": int, "f": float, "c": complex}
_STRUCTURES: dict[str, type] = {"list": list, "tuple": tuple, "set": set}


def classes_of(fact: Fact) -> tuple[type, ...]:
    """The classes one of which is exactly that of the value; none where that is not known.

    An array may be of a class derived from the one given.

    >>> from s2sad.facts import FLOAT, NONE
    >>> classes_of(FLOAT), classes_of(NONE)
    ((<class 'float'>,), (<class 'NoneType'>,))
    """
    import numpy as np

    if isinstance(fact, Number):
        if fact.box == "array":
            return (np.ndarray,)
        if fact.box == "python" and not fact.mixed and fact.kind in _PYTHON:
            return (_PYTHON[fact.kind],)
        return (np.dtype(fact.dtype).type,) if fact.box == "scalar" and fact.dtype is not None and not fact.mixed else ()
    if isinstance(fact, Sequence):
        return (fact.cls or _STRUCTURES[fact.kind],) if fact.kind in _STRUCTURES else ()
    if isinstance(fact, Text):
        return (str, bytes)
    if isinstance(fact, ObjectFact):
        return (fact.cls,)
    known: dict[type, type] = {Mapping: dict, NoneFact: type(None), RangeFact: range}
    return (known[type(fact)],) if type(fact) in known else ()


def is_instance(fact: Fact, classes: tuple[type, ...]) -> bool | None:
    """Whether a value is an instance of one of `classes`, None where its fact does not tell."""
    own = classes_of(fact)
    answers = {any(issubclass(cls, one) for one in classes) for cls in own}
    if len(answers) != 1:
        return None
    (answer,) = answers
    derived = any(issubclass(one, cls) for one in classes for cls in own if isinstance(fact, Number) and fact.box == "array")
    return None if derived and not answer else answer
