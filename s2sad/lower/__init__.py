"""Python to core Python."""
