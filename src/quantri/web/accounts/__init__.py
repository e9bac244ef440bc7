"""People, agencies, and who may do what where."""
