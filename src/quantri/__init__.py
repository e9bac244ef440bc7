"""Quantri: measure, plan, carry out and prove provincial governance."""

__version__ = "0.1.0"
