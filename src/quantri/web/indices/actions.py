"""Results go in: each edition as a release."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from quantri.engine.loading import DATA, read_archive
from quantri.web.core import audit
from quantri.web.core.audit import Actor
from quantri.web.indices.models import Release, sha256


@transaction.atomic
def publish_release(
    *, index: str, year: int, definition: str, results: str, indicators: str = "", source: str, by: Actor
) -> Release:
    """Keep an edition's figures as they were published; figures that are there already are not kept twice."""
    read_archive(index, [(f"{index}-{year}", definition, results)])  # refuses what contradicts itself
    current = Release.objects.select_for_update().current().filter(index=index, year=year).first()
    if current and (current.definition, current.results, current.indicators) == (definition, results, indicators):
        return current
    if current:  # step aside first: one current release an edition
        Release.objects.filter(pk=current.pk).update(superseded_by=current.pk)
    release = Release.objects.create(
        index=index, year=year, definition=definition, results=results, indicators=indicators, source=source,
        definition_sha256=sha256(definition), results_sha256=sha256(results), imported_by=by.get_username(),
    )  # fmt: skip
    if current:
        Release.objects.filter(pk=current.pk).update(superseded_by=release)
    audit.record("release.published", release, by=by, results_sha256=release.results_sha256)
    transaction.on_commit(lambda: write_files(release), robust=True)  # what fails is written at the next start
    return release


def write_files(release: Release) -> None:
    """Lay the release beside the database, where the command line finds it."""
    for path, text in _files(release).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_bytes(text.encode())
        beside.replace(path)


def write_missing_files() -> int:
    """Lay beside the database what is not there as it should be; return how many releases that were."""
    lost = [release for release in Release.objects.current() if not _is_written(release)]
    for release in lost:
        write_files(release)
    return len(lost)


def _is_written(release: Release) -> bool:
    return all(path.exists() and path.read_bytes() == text.encode() for path, text in _files(release).items())


def _files(release: Release) -> dict[Path, str]:
    folder = settings.DATA_DIR / "releases"
    return {
        folder / "indices" / f"{release.name}.toml": release.definition,
        folder / "results" / f"{release.name}.csv": release.results,
    }


def load_package_releases(*, by: Actor, folder: Path = DATA) -> int:
    """Make a release of each edition that the package brings and that has none yet; return how many."""
    known = set(Release.objects.values_list("index", "year"))
    made = 0
    for path in sorted((folder / "results").glob("*-[0-9][0-9][0-9][0-9].csv")):
        index, _, year = path.stem.rpartition("-")
        if (index, int(year)) not in known:
            publish_release(
                index=index, year=int(year), by=by, results=path.read_text(encoding="utf-8"),
                definition=(folder / "indices" / f"{path.stem}.toml").read_text(encoding="utf-8"),
                source=f"src/quantri/data/results/{path.name}, SOURCES.md",
            )  # fmt: skip
            made += 1
    return made
