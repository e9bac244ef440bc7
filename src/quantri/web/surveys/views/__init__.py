"""Pages of scored rounds."""
