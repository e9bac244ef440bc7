"""Published results of indices, as releases that never change."""
