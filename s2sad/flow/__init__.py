"""The order of things in a function: evaluation, blocks and loops, the control-flow graph and the solver on it."""
