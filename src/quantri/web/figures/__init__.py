"""Figures per commune and agency that others report: context beside the components of an index, never part of it."""
