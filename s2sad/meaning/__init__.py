"""What operations and calls mean: their rules, the functions that they reach, and their adjoints."""
