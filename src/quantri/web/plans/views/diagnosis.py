"""Diagnosis: what to improve first, raise and hold, and how others did it."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quantri.engine.diagnosis import Standing, first_things_first
from quantri.engine.precedents import LikeRises, like_rises
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.indices.archive import model, standing
from quantri.web.indices.charts import Strip, bar
from quantri.web.indices.lookup import edition_of, known
from quantri.web.places.loading import home_province
from quantri.web.plans.measures import Measure, measures_for
from quantri.web.plans.models import Plan


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A component on the diagnosis page, and how it may be raised."""

    standing: Standing
    bar: Strip | None
    measures: tuple[Measure, ...]
    rises: LikeRises | None


@for_roles(*Role)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the diagnosis of the newest edition that has the reader's province or one that it was made from."""
    here = request.user.seats(*Role).first() or home_province(timezone.localdate())
    keys = [here.key, *here.predecessors.values_list("before__key", flat=True)]
    found = [(e.definition.year, key) for e in known().editions for key in keys if key in e]
    if not found:
        raise Http404(_("There are no results of this province or of those that it was made from."))
    year = max(y for y, _key in found)
    same_name = [k for y, k in found if y == year]
    names = {u.key: u.name_vi for u in known().edition(year).units}
    key = next((k for k in same_name if names[k] == here.name_vi), same_name[0])
    return redirect("plans:diagnosis", key)


@require_safe
def diagnosis(request: HttpRequest, key: str) -> HttpResponse:
    papi = known()
    years = [e.definition.year for e in papi.editions if key in e]
    edition = edition_of(request, papi, years[-1] if years else None)
    year = edition.definition.year
    if key not in edition:
        raise Http404(_("This province has no results of that year."))
    if not _may_see(request, key, year):
        if request.user.is_authenticated:
            raise PermissionDenied  # signing in again would lead back here
        return redirect_to_login(request.get_full_path())
    found = standing(settings.INDEX, key, year)
    level = "sub_dimension" if request.GET.get("level") == "sub_dimension" else "dimension"
    here = [s for s in found.standings if s.component.level == level]
    context = {
        "unit": found.unit, "year": year, "years": years[::-1], "level": level, "top": found.standings[0],
        "groups": [(advice, _entries(here, advice, key, year)) for advice in ("improve", "raise", "hold")],
        "withheld": [s for s in here if s.score is None], "n_known": sum(s.score is not None for s in here),
        "n_improve": sum(s.advice == "improve" for s in here),
        "shows_near": any(s.n_within_typical_move is not None for s in here),
    }  # fmt: skip
    return render(request, "plans/diagnosis.html", context)


def _may_see(request: HttpRequest, key: str, year: int) -> bool:
    """Judgements are for staff, and for everyone where a decision published a plan that stands on them."""
    if request.user.is_authenticated and request.user.seats(*Role).exists():
        return True
    public = Plan.objects.visible_to(request.user).filter(shows_chances=True)
    return public.filter(base_unit__key=key, base_year=year).exists()


def _entries(standings: list[Standing], advice: str, key: str, year: int) -> list[Entry]:
    learnt = model(settings.INDEX, year)
    edition = learnt.archive.edition(year)
    return [
        Entry(
            standing=s, bar=bar(edition, s.component.code, [key]), measures=measures_for(s.component.code)[:4],
            rises=like_rises(
                learnt.archive, learnt.panels[s.component.code], key, year, least=s.typical_move or 0.0
            ),
        )
        for s in first_things_first(standings, advice)
    ]  # fmt: skip
