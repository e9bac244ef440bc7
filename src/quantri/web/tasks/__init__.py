"""Tasks of a plan, and which agencies carry them."""
