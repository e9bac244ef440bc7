"""The web application: Django on top of the engine."""
