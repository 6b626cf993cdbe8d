"""From text to functions: imports and helpers, names of the user's, and loading."""
