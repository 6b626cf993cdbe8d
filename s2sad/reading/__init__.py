"""Reading functions: their text, their syntax tree as core nodes, and what their names refer to."""
