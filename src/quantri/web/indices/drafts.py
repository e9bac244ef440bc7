"""A release before it is published, and the editions that the package brings."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quantri.engine.loading import DATA
from quantri.web.indices.documents import document_for
from quantri.web.indices.models import Release


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The texts of an edition, where they come from and who brings them: plain values, so that it can be sealed."""

    index: str
    year: int
    definition: str
    results: str
    indicators: str = ""
    source: str
    origin: str = Release.Origin.IMPORTED.value

    def is_held_by(self, release: Release) -> bool:
        """Tell whether a release holds the same texts."""
        return release.holds(self.definition, self.results, self.indicators)


def package_drafts(folder: Path = DATA) -> Iterator[Draft]:
    """Make a draft of each edition that the package brings, oldest first."""
    for path in sorted((folder / "results").glob("*-[0-9][0-9][0-9][0-9].csv")):
        index, _, year = path.stem.rpartition("-")
        document = document_for(index, int(year))
        yield Draft(
            index=index, year=int(year), results=path.read_text(encoding="utf-8"),
            definition=(folder / "indices" / f"{path.stem}.toml").read_text(encoding="utf-8"),
            source=document.line_vi if document else path.name, origin=Release.Origin.PACKAGE.value,
        )  # fmt: skip
