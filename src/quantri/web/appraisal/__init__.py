"""Classing agencies and communes for a year by a scoring sheet."""
