"""The pages that everyone may see; no models of its own."""
