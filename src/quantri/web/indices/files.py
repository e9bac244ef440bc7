"""Imported releases as files beside the database, where the command line finds them."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from quantri.web.indices.models import Release

ENDINGS = {"indices": "toml", "results": "csv"}


def write_files(release: Release) -> None:
    """Lay a release down; each file is written beside and renamed, so that nothing half-made stays."""
    for kind, text in (("indices", release.definition), ("results", release.results)):
        path = _path(release, kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)


def remove_copies(releases: Iterable[Release]) -> None:
    """Take away the files of releases that the package brings itself: a copy would hide what the package mends."""
    for release in releases:
        for kind in ENDINGS:
            _path(release, kind).unlink(missing_ok=True)


def _path(release: Release, kind: str) -> Path:
    return settings.DATA_DIR / "releases" / kind / f"{release.name}.{ENDINGS[kind]}"
