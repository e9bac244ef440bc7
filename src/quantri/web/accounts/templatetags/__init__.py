"""Words about days that are left."""
