"""Generated derivatives against hand-written ones: `python -m benchmarks` prints the table."""
