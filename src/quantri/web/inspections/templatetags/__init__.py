"""Words of the pages of inspections."""
