"""Official documents from frozen data."""
