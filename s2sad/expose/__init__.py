"""Opens what hides active statements, one module for each thing that is opened."""
