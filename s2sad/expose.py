"""stub"""
def expose(analysis, semantics, names):
    return analysis.function
