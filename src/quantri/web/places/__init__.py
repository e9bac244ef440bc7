"""Provinces with dated names, and what became of them."""
