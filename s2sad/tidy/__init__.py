"""Tidying of generated functions, one pass a module."""
