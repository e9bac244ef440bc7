"""Pages of the trail, the outbox and a person's notices."""
