"""Facts of programs: `fact_of` an expression, and `infer` of every variable before every statement."""
from s2sad.infer.environment import Env, Facts
from s2sad.infer.expressions import fact_of
from s2sad.infer.program import infer
from s2sad.infer.use import facts_from_use, parameter_facts

__all__ = ["Env", "Facts", "fact_of", "facts_from_use", "infer", "parameter_facts"]
