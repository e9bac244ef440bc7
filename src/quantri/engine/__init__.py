"""The index engine: pure functions over frozen values."""
