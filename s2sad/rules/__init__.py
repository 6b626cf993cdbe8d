"""What the compiler knows of the functions that it differentiates: see `table` for the form of a row, the other modules for the rows."""
from s2sad.rules import (  # noqa: F401  the tables declare their rows when they are imported
    numpy_creation,
    numpy_elementwise,
    numpy_entries,
    numpy_fft,
    numpy_linalg,
    numpy_linear,
    numpy_polynomials,
    numpy_reductions,
    numpy_shapes,
    numpy_statistics,
    operators,
    python_builtins,
    python_math,
    runtime_functions,
    ufunc_methods,
)
from s2sad.rules.table import (
    BindError,
    Case,
    Param,
    Rule,
    case,
    find,
    find_attribute,
    find_method,
    find_operator,
    find_unary,
    rule,
    rules,
    ufunc,
    zero,
)

__all__ = ["BindError", "Case", "Param", "Rule", "case", "find", "find_attribute", "find_method", "find_operator", "find_unary", "rule",
           "rules",
           "ufunc", "zero"]
