"""Derivative programs as an expert would have written them: `tidy` runs the passes, one a module, until nothing changes."""
