"""All releases of one edition, each with what it says otherwise than the one before it."""

from dataclasses import dataclass

from quantri.engine.loading import read_archive
from quantri.engine.results import EditionResults
from quantri.web.accounts.models import Reader
from quantri.web.indices.differences import Difference, differences
from quantri.web.indices.models import Release


@dataclass(frozen=True, kw_only=True)
class Step:
    """A release with the figures that it changed; None for the first one."""

    release: Release
    changes: tuple[Difference, ...] | None


def history_of(release: Release, reader: Reader) -> list[Step]:
    """Return the releases of a release's edition, the newest first; each supersedes the one below it."""
    known = Release.objects.visible_to(reader).filter(index=release.index, year=release.year).order_by("pk")
    steps: list[Step] = []
    before: EditionResults | None = None
    for each in known:
        edition = read_archive(each.index, [each.texts]).editions[0]
        steps.append(Step(release=each, changes=None if before is None else differences(before, edition)))
        before = edition
    return steps[::-1]
