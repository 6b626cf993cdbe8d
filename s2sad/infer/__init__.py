"""Facts of programs: `fact_of` an expression, and `infer` of every variable before every statement."""
from s2sad.infer.expressions import fact_of
from s2sad.infer.flow import Env, Facts
from s2sad.infer.program import infer

__all__ = ["Env", "Facts", "fact_of", "infer"]
