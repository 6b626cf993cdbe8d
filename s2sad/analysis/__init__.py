"""What the sweeps need to know: activity, aliases, shadows, and what is recorded."""
