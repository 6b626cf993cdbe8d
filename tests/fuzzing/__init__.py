"""Random programs of a grammar, held against differences: `grammar.program(seed)`, `judge.judge(case)`, `shrink.shrunk(case, verdict)`."""
