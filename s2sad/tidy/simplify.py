"""stub"""
from s2sad import core
def simplify(e, fact_of=None):
    if isinstance(e, core.BinOp) and e.op == '*':
        for a, b in ((e.left, e.right), (e.right, e.left)):
            if a == core.Const(1.0): return b
    return e
