"""The kinds of official documents, as data: their names and the abbreviations in their symbols."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "word"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of document; a letter has neither name nor abbreviation."""

    code: str
    abbreviation: str
    name_vi: str

    @property
    def template(self) -> Path:
        """The Word template that comes with the package."""
        return FOLDER / f"{self.code}.docx"


@cache
def kinds() -> Mapping[str, Kind]:
    """Read the kinds that come with the package, by their code."""
    content = tomllib.loads(resources.files("quantri").joinpath("data/rules/document_types.toml").read_text("utf-8"))
    return {row["code"]: Kind(**row) for row in content["kind"]}
