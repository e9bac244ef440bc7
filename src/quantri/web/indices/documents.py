"""The published document from which the package's results of an edition were taken."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from quantri.engine.loading import DATA
from quantri.web.indices.models import Release


@dataclass(frozen=True, kw_only=True)
class Document:
    """What people look a source up by; a date of publication that is not known is not given."""

    title_vi: str
    title_en: str
    publisher_vi: str
    publisher_en: str
    address: str
    compiled_from: tuple[str, ...]
    compiled_on: date
    published_on: date | None = None

    @property
    def line_vi(self) -> str:
        """One line for a Vietnamese document."""
        return f"{self.title_vi}; {self.publisher_vi}; {self.address}"


def document_of(release: Release) -> Document | None:
    """Return the document of a release of the package; what people imported names its file itself."""
    return document_for(release.index, release.year) if release.is_from_package else None


def source_vi(release: Release) -> str:
    """Name a release's source in one line, for documents."""
    document = document_of(release)
    return document.line_vi if document else release.source


@cache
def document_for(index: str, year: int, folder: Path = DATA) -> Document | None:
    """Read the document of an edition; None when the package states none."""
    path = folder / "results" / f"{index}-sources.toml"
    if not path.exists():
        return None
    for block in tomllib.loads(path.read_text(encoding="utf-8"))["document"]:
        if block["first_year"] <= year <= block["last_year"]:
            return Document(
                title_vi=block["title_vi"].format(year=year), title_en=block["title_en"].format(year=year),
                publisher_vi=block["publisher_vi"], publisher_en=block["publisher_en"], address=block["address"],
                compiled_from=tuple(block["compiled_from"]), compiled_on=block["compiled_on"],
                published_on=block.get("published_on"),
            )  # fmt: skip
    return None
