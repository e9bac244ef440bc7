"""Pages on which a plan is made and decided."""
