"""Facts of values, and the sizes in them: see `fact`, `dims`, `signature` and `annotations`."""
from s2sad.facts.dims import (Dim, Shape, Symbol, born, broadcast, broadcast_dim, clamp, dim, floordiv, fresh, lowest, may_be_one, opaque, product,
                              quotient, slice_length)
from s2sad.facts.fact import (BOOL, BOOL_SCALAR, COMPLEX, FLOAT, FLOAT64, INT, INT64, NONE, NUMBER, PYTHON, TEXT, UNDEFINED, UNKNOWN, Fact, FunctionFact,
                              Mapping, ModuleFact, NoneFact, Number, ObjectFact, RangeFact, Sequence, SliceFact, Text, Undefined, Unknown, as_item,
                              higher, integer, join, join_all, list_of, renewed, tuple_of, with_sizes)
from s2sad.facts.signature import key, signature, signature_of

__all__ = ["BOOL", "BOOL_SCALAR", "COMPLEX", "Dim", "FLOAT", "FLOAT64", "Fact", "FunctionFact", "INT", "INT64", "Mapping", "ModuleFact", "NONE", "NUMBER",
           "NoneFact", "Number", "ObjectFact", "PYTHON", "RangeFact", "Sequence", "Shape", "SliceFact", "Symbol", "TEXT", "Text", "UNDEFINED", "UNKNOWN",
           "Undefined", "Unknown", "as_item", "born", "broadcast", "broadcast_dim", "clamp", "dim", "floordiv", "fresh", "higher", "integer", "join",
           "join_all", "key", "list_of", "lowest", "may_be_one", "opaque", "product", "quotient", "renewed", "signature", "signature_of", "slice_length",
           "tuple_of", "with_sizes"]
