"""Pages of places: units with their history, and boundaries."""
