"""What an address asks for: a round, a domain and a component, or a 404 with the sentence that says what there is."""

from functools import lru_cache

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from quantri.engine.definition import Component
from quantri.web.surveys.models import SurveyRound
from quantri.web.surveys.scored import ScoredRound, unpacked


def round_of(request: HttpRequest, key: str) -> SurveyRound:
    """Return a round that the reader may see."""
    return get_object_or_404(SurveyRound.objects.visible_to(request.user).light(), key=key)


def scored_of(row: SurveyRound) -> ScoredRound:
    """Return a round's scores, read once; equal checksums mean equal scores."""
    return scored_by(row.content_sha256, row.pk)


@lru_cache(maxsize=6)
def scored_by(_sha256: str, pk: int) -> ScoredRound:
    """Read the scores of a row with this checksum."""
    return unpacked(bytes(SurveyRound.objects.values_list("content", flat=True).get(pk=pk)))


def domain_of(found: ScoredRound, label: str) -> int:
    """Return the place of a domain."""
    d = found.row(label)
    if d is None:
        raise Http404(_("This round has no scores of %(label)s; choose a place from its list.") % {"label": label})
    return d


def component_of(found: ScoredRound, code: str) -> Component:
    """Return a component of the round; its top when none is asked for."""
    definition = found.definition
    if code and code not in definition:
        raise Http404(_("This round has no component %(code)s; choose one from its tree.") % {"code": code})
    return definition[code] if code else definition.top


def earlier_than(request: HttpRequest, row: SurveyRound) -> SurveyRound | None:
    """Return the round that a round is compared with: the newest earlier one of the same index and kind."""
    return (
        SurveyRound.objects.visible_to(request.user).current().light()
        .filter(index=row.index, year__lt=row.year, is_synthetic=row.is_synthetic).order_by("-year", "-pk").first()
    )  # fmt: skip


def state(request: HttpRequest, key: str = "", *args: object, **kwargs: object) -> str:
    """Name what pages of rounds depend on: the rounds that are there."""
    rounds = SurveyRound.objects.visible_to(request.user).values_list("content_sha256", "superseded_by")
    return repr(sorted(rounds, key=str))
