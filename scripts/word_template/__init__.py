"""The parts of the Word template of a plan; `scripts/make_template.py` puts them together."""
