"""Pages of published results."""
