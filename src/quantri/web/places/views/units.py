"""Public pages of places: communes of a province, one unit with its history, and a search over all times."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quantri.text import nfc
from quantri.web.core.frozen import frozen
from quantri.web.core.tables import xlsx_file
from quantri.web.places import lookup
from quantri.web.places.drawing import communes_drawn
from quantri.web.places.models import BoundarySet, Province, Succession, Unit, UnitName
from quantri.web.places.rights import may_keep_boundaries

PAGE = 50


def state(request: HttpRequest, *args: object, **kwargs: object) -> str:
    """Name what pages of places depend on: their rows and the day."""
    newest = [m.objects.order_by("-pk").values_list("pk", flat=True).first() for m in (UnitName, Succession)]
    ended = UnitName.objects.exclude(valid_to=None).count()
    sets = BoundarySet.objects.filter(withdrawn_at=None).values_list("pk", "kept_at")
    return f"{newest} {ended} {list(sets)} {timezone.localdate()}"


@require_safe
@frozen(state, "q", "when", "page")
def communes(request: HttpRequest, key: str) -> HttpResponse:
    """List the communes of a province today, or the districts and communes that it had before."""
    province = _province(request, key)
    asked = nfc(request.GET.get("q", ""))[:60]
    is_before = request.GET.get("when") == "before"
    found = _listed(province, asked, is_before=is_before)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "province": province, "asked": asked, "is_before": is_before, "page": page, "n": len(found),
        "kinds": lookup.kinds_of(found), "drawn": None if is_before else communes_drawn(province, timezone.localdate()),
        "may_keep": may_keep_boundaries(request.user),
    }  # fmt: skip
    return render(request, "places/communes.html", context)


@require_safe
def communes_table(request: HttpRequest, key: str) -> HttpResponse:
    """Give the same list as a file."""
    province = _province(request, key)
    is_before = request.GET.get("when") == "before"
    found = _listed(province, nfc(request.GET.get("q", ""))[:60], is_before=is_before)
    header = [_("Name"), _("Kind"), _("Code"), _("Lies in"), _("Since"), _("Until"), _("Made from so many units")]
    n_before = lookup.counted_predecessors(found)
    rows = [
        [f.name.name_vi, str(f.name.get_kind_display()), f.unit.code, f.above.title if f.above else "",
         _iso(f.unit.began_on), _iso(f.name.valid_to), n_before[f.unit.pk] or None]
        for f in found
    ]  # fmt: skip
    notes = [
        province.title,
        _("Source: vietnamadminunits 1.0.4 (MIT), corrected; changes known to 2 August 2026, perhaps not all."),
        _("An empty date or number is not known."),
    ]
    return xlsx_file(f"communes-{province.key}{'-before' if is_before else ''}", header, rows, notes)


@require_safe
@frozen(state)
def unit(request: HttpRequest, key: str) -> HttpResponse:
    """Show one unit: names and kinds over time, what it came from, what became of it, and what is not known."""
    found = get_object_or_404(
        Unit.objects.visible_to(request.user).prefetch_related(
            "names", "codes", "parents__parent__names", "predecessors__before__names",
            "predecessors__before__parents__parent__names", "successors__after__names",
        ),
        key=key,
    )  # fmt: skip
    if found.level == Unit.Level.PROVINCE:
        return redirect("places:communes", key=key)
    came, became = list(found.predecessors.all()), [s for s in found.successors.all() if s.after_id]
    context = {
        "unit": found, "above": lookup.above_of(found), "came": came, "became": became,
        "ended": found.successors.filter(after=None).first() if not became else None,
        "inside": lookup.fitting(Unit.objects.within(found), "") if found.level == Unit.Level.DISTRICT else [],
        "names": sorted(found.names.all(), key=lambda n: str(n.valid_from or "")),
        "province": _province_of(found), "n_doubtful": sum(s.certainty == "C" for s in (*came, *became)),
        "n_without_share": sum(s.share is None for s in (*came, *became)),
    }  # fmt: skip
    return render(request, "places/unit.html", context)


@require_safe
@frozen(state, "q")
def search(request: HttpRequest) -> HttpResponse:
    """Find a province, district or commune of today or of before."""
    asked = nfc(request.GET.get("q", ""))[:60]
    found = lookup.found_anywhere(asked)
    context = {"asked": asked, "found": found, "is_cut": len(found) == lookup.MOST_FOUND}
    return render(request, "places/search.html", context)


def _province(request: HttpRequest, key: str) -> Province:
    return get_object_or_404(Province.objects.visible_to(request.user).prefetch_related("names"), key=key)


def _listed(province: Province, asked: str, *, is_before: bool) -> list[lookup.Found]:
    if is_before:
        return lookup.before_merger(province, asked)
    return lookup.communes_of(province, timezone.localdate(), asked)


def _province_of(found: Unit) -> Unit:
    above = lookup.above_of(found)
    while above is not None and above.level != Unit.Level.PROVINCE:
        above = lookup.above_of(above)
    if above is None:
        raise Http404
    return above


def _iso(day: object) -> str:
    return day.isoformat() if day else ""
