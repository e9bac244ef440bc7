"""Words about what is at risk."""
