"""Pages of classing, by who uses them."""
