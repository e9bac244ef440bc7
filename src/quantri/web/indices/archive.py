"""The archive of an index as this process knows it: made once from the current releases, and anew when they change."""

import hashlib
from functools import lru_cache

from django.http import Http404
from django.utils.translation import gettext as _

from quantri.engine.diagnosis import Diagnosis, UnitStanding, diagnose, league
from quantri.engine.loading import read_archive
from quantri.engine.outlook import OutlookModel, learn
from quantri.engine.results import Archive
from quantri.web.accounts.remembering import once_a_page
from quantri.web.indices.models import Release

Fingerprint = tuple[int, ...]


def fingerprint(index: str) -> Fingerprint:
    """Keys of the current releases, asked once a page; the same keys mean the same figures: no release ever changes."""
    rows = Release.objects.current().filter(index=index).order_by("year").values_list("pk", flat=True)
    return once_a_page(("current releases", index), lambda: tuple(rows))


def archive(index: str, keys: Fingerprint | None = None) -> Archive:
    """Return all current editions of an index, or those that `keys` name; 404 when there is none."""
    keys = fingerprint(index) if keys is None else keys
    if not keys:
        raise Http404(_("There are no results yet. Load them with: run.py manage load"))
    return _archive(index, keys)


def own_archive(release: Release) -> Archive:
    """Return a release's own edition with the one that stands before it: what the release's page is made from."""
    earlier = Release.objects.current().filter(index=release.index, year__lt=release.year).order_by("-year")[:1]
    return _excerpt(release.index, tuple(r.texts for r in (*earlier, release)))


def standing(index: str, unit_key: str, year: int, keys: Fingerprint | None = None) -> Diagnosis:
    """Return the diagnosis of a unit, made once; by the current editions or those that `keys` name."""
    return _diagnosis(index, fingerprint(index) if keys is None else keys, unit_key, year)


def standings(index: str, code: str, year: int) -> tuple[UnitStanding, ...]:
    """Return where all units stand on a component, made once."""
    return _standings(index, fingerprint(index), code, year)


def model(index: str, base_year: int) -> OutlookModel:
    """Return what was learnt from the editions up to a base year, made once."""
    return _model(index, fingerprint(index), base_year)


def digest(index: str) -> str:
    """Short name of the figures, for caches."""
    return hashlib.sha256(repr(fingerprint(index)).encode()).hexdigest()[:16]


@lru_cache(maxsize=4)
def _archive(index: str, keys: Fingerprint) -> Archive:
    rows = Release.objects.filter(pk__in=keys).order_by("year")
    return read_archive(index, [release.texts for release in rows])


@lru_cache(maxsize=16)
def _excerpt(index: str, texts: tuple[tuple[str, str, str], ...]) -> Archive:
    return read_archive(index, texts)


@lru_cache(maxsize=200)
def _diagnosis(index: str, keys: Fingerprint, unit_key: str, year: int) -> Diagnosis:
    known = _archive(index, keys)
    return diagnose(known, known.edition(year).unit(unit_key), year)


@lru_cache(maxsize=400)
def _standings(index: str, keys: Fingerprint, code: str, year: int) -> tuple[UnitStanding, ...]:
    return league(_archive(index, keys), code, year)


@lru_cache(maxsize=8)
def _model(index: str, keys: Fingerprint, base_year: int) -> OutlookModel:
    return learn(_archive(index, keys), base_year)
