"""Imported releases as files beside the database, where the command line finds them."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from quantri.web.indices.models import Release

ENDINGS = {"indices": "toml", "results": "csv"}


def write_files(release: Release) -> None:
    """Lay a release down; each file is written beside and renamed, so that nothing half-made stays."""
    for path, text in _files(release).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_bytes(text.encode())
        beside.replace(path)


def write_missing_files() -> int:
    """Lay down what of imported releases is not there as it should be; return how many releases that were."""
    imported = (release for release in Release.objects.current() if not release.is_from_package)
    lost = [release for release in imported if not _is_written(release)]
    for release in lost:
        write_files(release)
    return len(lost)


def _is_written(release: Release) -> bool:
    return all(path.exists() and path.read_bytes() == text.encode() for path, text in _files(release).items())


def _files(release: Release) -> dict[Path, str]:
    return {_path(release, "indices"): release.definition, _path(release, "results"): release.results}


def remove_copies(releases: Iterable[Release]) -> None:
    """Take away the files of releases that the package brings itself: a copy would hide what the package mends."""
    for release in releases:
        for kind in ENDINGS:
            _path(release, kind).unlink(missing_ok=True)


def _path(release: Release, kind: str) -> Path:
    return settings.DATA_DIR / "releases" / kind / f"{release.name}.{ENDINGS[kind]}"
