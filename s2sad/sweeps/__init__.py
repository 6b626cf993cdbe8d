"""The forward and the reverse sweep, and the pairs of the functions that they call."""
