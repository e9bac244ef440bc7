"""The scoring sheet that comes with Quantri."""

from importlib import resources


def example_sheet() -> str:
    """Return the worked example as its text."""
    return resources.files("quantri").joinpath("data/sheets/worked-example.toml").read_text("utf-8")
