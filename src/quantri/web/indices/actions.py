"""Results go in: each edition as a release."""

from dataclasses import asdict
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from quantri.engine.loading import DATA, read_archive
from quantri.errors import RuleViolation
from quantri.web.core import audit
from quantri.web.core.audit import Actor
from quantri.web.indices.drafts import Draft, package_drafts
from quantri.web.indices.files import remove_copies, write_files
from quantri.web.indices.models import Release, sha256
from quantri.web.indices.rights import may_publish


@transaction.atomic
def publish_release(
    *, index: str, year: int, definition: str, results: str, indicators: str = "", source: str,
    origin: str = Release.Origin.IMPORTED, by: Actor,
) -> Release:  # fmt: skip
    """Keep an edition's figures as they were published; figures that are there already are not kept twice."""
    if not may_publish(by):
        raise PermissionDenied
    read_archive(index, [(f"{index}-{year}", definition, results)])  # refuses what contradicts itself
    current = Release.objects.select_for_update().current().filter(index=index, year=year).first()
    if current and current.holds(definition, results, indicators):
        return current
    release = Release(
        index=index, year=year, definition=definition, results=results, indicators=indicators, source=source,
        origin=origin, definition_sha256=sha256(definition), results_sha256=sha256(results),
        imported_by=by.get_username(),
    )  # fmt: skip
    _put_in_place(release, of=current)
    superseded = current and current.results_sha256
    audit.record(
        "release.published", release, by=by, results_sha256=release.results_sha256, origin=str(origin),
        superseded=superseded,
    )  # fmt: skip
    if not release.is_from_package:
        transaction.on_commit(lambda: write_files(release), robust=True)  # what fails is written at the next start
    return release


def _put_in_place(release: Release, *, of: Release | None) -> None:
    try:
        with transaction.atomic():
            if of:  # step aside first: one current release an edition
                Release.objects.filter(pk=of.pk).update(superseded_by=of.pk)
            release.save(force_insert=True)
    except IntegrityError:  # nothing stood that could be locked, and somebody else was first
        raise RuleViolation(_overtaken(release.year)) from None
    if of:
        Release.objects.filter(pk=of.pk).update(superseded_by=release)


@transaction.atomic
def publish_draft(draft: Draft, *, instead_of: int | None, by: Actor) -> Release:
    """Publish a draft in the place of the release that it was compared with; refuse if another stands there now."""
    current = Release.objects.select_for_update().current().filter(index=draft.index, year=draft.year).first()
    if (current and current.pk) != instead_of and not (current and draft.is_held_by(current)):
        raise RuleViolation(_overtaken(draft.year))
    return publish_release(**asdict(draft), by=by)


def _overtaken(year: int) -> str:
    text = _(
        "Other results of %(year)s have come in since this preview was made, so nothing was imported. Choose the file "
        "again: the new preview compares it with what stands now."
    )
    return text % {"year": year}


def load_package_releases(*, by: Actor, folder: Path = DATA) -> int:
    """Publish what the package brings: editions that are missing, and its own that it has mended; return how many.

    What people imported stands, whatever the package says.
    """
    current = Release.objects.current().defer("definition", "results")
    standing = {(release.index, release.year): release for release in current}
    made = 0
    for draft in package_drafts(folder):
        stands = standing.get((draft.index, draft.year))
        if stands is None or (stands.is_from_package and not draft.is_held_by(stands)):
            publish_draft(draft, instead_of=stands and stands.pk, by=by)
            made += 1
    remove_copies(release for release in standing.values() if release.is_from_package)
    return made
